"""What the tests of the claims share: whom they look at, and how a figure becomes a verdict."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import pandas as pd

from clinicreport.ground.rounding import points
from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.claims import Evidence, Said, Verdict
from clinicreport.outcomes.evidence.evidence_words import people, share_text, span
from clinicreport.outcomes.intervals import mean_interval, rate_interval

NO_CONTROL = "Without a control group it is not known how much of it the treatment made."


def evaluable(analysis: Analysis) -> pd.DataFrame:
    """The evaluable patients' latest courses."""
    courses = analysis.courses
    return courses[courses["is_latest"].astype(bool) & courses["not_evaluable"].isna()]


def of_population(analysis: Analysis, evidence: Evidence) -> tuple[pd.DataFrame, Said | None]:
    """The evaluable patients of the trial's population; what is said where they are too few."""
    own = evaluable(analysis)
    own = own[own["in_reference_population"].astype(bool)]
    if len(own) < evidence.enough_patients:
        return own, too_few(len(own), f"with {evidence.population}", evidence)
    return own, None


def too_few(count: int, which: str, evidence: Evidence) -> Said:
    """Cannot tell, because of too few patients."""
    enough = evidence.enough_patients
    return Said("cannot tell", f"Too few: {people(count)} {which}; {enough} are needed.")


def not_recorded(count: int, what: str, evidence: Evidence) -> Said:
    """Cannot tell, because a field is not recorded for (enough) patients."""
    which = f"with {what} recorded at the start and later"
    if count:
        return too_few(count, which, evidence)
    return Said("cannot tell", f"Not recorded: no patient {which}.")


def against(mean: float, high: float, claimed: float) -> Verdict:
    """At the claim or over it; surely under it; or neither."""
    if mean >= claimed - 1e-9:
        return "consistent"
    return "not consistent" if high < claimed else "cannot tell"


def half_or_more(count: int, n: int, what: str) -> Said:
    """A share of patients against one half."""
    low, high = rate_interval(count, n) or (0.0, 1.0)
    why = f"{count} of {people(n)} {what}: {share_text(count / n, low, high)}. {NO_CONTROL}"
    return Said(against(count / n, high, 0.5), why)


def above_zero(values: npt.NDArray[Any], words: tuple[str, str], what: str) -> Said:
    """A mean against 0, by its interval; ``words``: how a gain and a loss are called."""
    mean = float(values.mean())
    low, high = mean_interval(values) or (mean, mean)
    said = f"{points(abs(mean))} {words[mean < 0]} {what} on average (n = {len(values)})"
    why = f"{said}, 95 % {span(low, high)}. {NO_CONTROL}"
    if low > 0:
        return Said("consistent", why)
    return Said("not consistent" if high <= 0 else "cannot tell", why)


def patients_of(visits: pd.DataFrame) -> set[tuple[str, str]]:
    """The patients of these visits."""
    return set(zip(visits["patient_id"].astype(str), visits["clinic"].astype(str), strict=True))


def course_visits(analysis: Analysis, kinds: list[str]) -> pd.DataFrame:
    """The visits of these kinds of the latest courses, in order."""
    latest = analysis.courses.index[analysis.courses["is_latest"].astype(bool)]
    visits = analysis.sessions
    visits = visits[visits["visit_type"].isin(kinds) & visits["cid"].isin(latest)]
    return visits.sort_values(["date", "start_time"], kind="stable", na_position="last")


def both_ends(analysis: Analysis, name: str) -> pd.DataFrame:
    """``first``: a field on day 0, ``last``: its last record on a later day; courses with both."""
    visits = course_visits(analysis, ["treatment", "follow-up"])
    visits = visits[visits[name].notna()]
    day = visits["day"].astype(float)
    first = visits[day == 0].groupby("cid", sort=False)[name].first()
    last = visits[day > 0].groupby("cid", sort=False)[name].last()
    return pd.DataFrame({"first": first, "last": last}).dropna()
