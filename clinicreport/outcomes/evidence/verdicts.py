"""What the tests of the claims share: whom they look at, and how a figure becomes a verdict."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import pandas as pd

from clinicreport.log.visit_table import Visits
from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.answers import (
    Found,
    MeanFound,
    NotRecorded,
    ShareFound,
    TooFew,
    Verdict,
)
from clinicreport.outcomes.evidence.claims import Evidence
from clinicreport.outcomes.intervals import mean_interval, rate_interval


def of_population(analysis: Analysis, evidence: Evidence) -> tuple[pd.DataFrame, Found | None]:
    """The evaluable patients of the trial's population; what is found where they are too few."""
    own = analysis.evaluable
    own = own[own["in_reference_population"].astype(bool)]
    return own, too_few(len(own), evidence)


def too_few(count: int, evidence: Evidence) -> Found | None:
    """Cannot tell, where there are too few patients."""
    return TooFew("cannot tell", count) if count < evidence.enough_patients else None


def not_recorded(count: int, evidence: Evidence) -> Found | None:
    """Cannot tell, where a field is recorded for nobody or for too few patients."""
    return too_few(count, evidence) if count else NotRecorded("cannot tell", count)


def against(mean: float, high: float, claimed: float) -> Verdict:
    """At the claim or over it; surely under it; or neither."""
    if mean >= claimed - 1e-9:
        return "consistent"
    return "not consistent" if high < claimed else "cannot tell"


def half_or_more(count: int, n: int, median: float = 0.0) -> ShareFound:
    """A share of patients against one half."""
    low, high = rate_interval(count, n) or (0.0, 1.0)
    return ShareFound(against(count / n, high, 0.5), n, count, low, high, median)


def above_zero(values: npt.NDArray[Any]) -> MeanFound:
    """A mean against 0, by its interval."""
    mean = float(values.mean())
    low, high = mean_interval(values) or (mean, mean)
    verdict: Verdict = "cannot tell"
    if low > 0:
        verdict = "consistent"
    elif high <= 0:
        verdict = "not consistent"
    return MeanFound(verdict, len(values), mean, low, high)


def patients_of(visits: Visits) -> set[tuple[str, str]]:
    """The patients of these visits."""
    return set(zip(visits["patient_id"].astype(str), visits["clinic"].astype(str), strict=True))


def course_visits(analysis: Analysis, kinds: list[str]) -> Visits:
    """The visits of these kinds of the latest courses, in order."""
    visits = analysis.sessions
    latest = visits["cid"].isin(analysis.latest.index)
    return visits.only(visits["visit_type"].isin(kinds) & latest)


def both_ends(analysis: Analysis, name: str) -> pd.DataFrame:
    """``first``: a field on day 0, ``last``: its last record on a later day; courses with both."""
    visits = course_visits(analysis, ["treatment", "follow-up"]).frame
    visits = visits[visits[name].notna()]
    first = visits[visits["day"] == 0].groupby("cid", sort=False)[name].first()
    last = visits[visits["day"] > 0].groupby("cid", sort=False)[name].last()
    return pd.DataFrame({"first": first, "last": last}).dropna()
