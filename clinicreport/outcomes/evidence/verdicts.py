"""What the tests of the claims share: whom they look at, and how a figure becomes a verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Bools, Frame, firsts, lasts, missing
from clinicreport.log.exact import at_least_zero
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
from clinicreport.outcomes.intervals import Interval, mean_interval, rate_interval

SEEN = ["treatment", "follow-up"]  # the kinds of visits whose score is a P of the course
ONE_HALF = 0.5


def of_population(analysis: Analysis, evidence: Evidence) -> tuple[Frame, Found | None]:
    """The evaluable patients of the trial's population; what is found where they are too few."""
    own = analysis.evaluable
    own = own.where(own["in_reference_population"])
    return own, too_few(len(own), evidence)


def too_few(count: int, evidence: Evidence) -> Found | None:
    """Cannot tell, where there are too few patients."""
    return TooFew("cannot tell", count) if count < evidence.enough_patients else None


def not_recorded(count: int, evidence: Evidence) -> Found | None:
    """Cannot tell, where a field is recorded for nobody or for too few patients."""
    return too_few(count, evidence) if count else NotRecorded("cannot tell", count)


def by_interval(interval: Interval | None, claimed: float) -> Verdict:
    """On which side of the claim the whole interval lies; neither where it touches the claim."""
    low, high = interval or (claimed, claimed)
    if low > claimed:
        return "supported"
    return "against" if high < claimed else "cannot tell"


def share_found(count: int, n: int, median: float = 0.0) -> ShareFound:
    """A share of patients against one half, by its Wilson interval."""
    ends = rate_interval(count, n) or (0.0, 1.0)
    return ShareFound(by_interval(ends, ONE_HALF), n, count, ends, median)


def mean_found(
    values: npt.NDArray[Any], claimed: float, start: float = 0.0, end: float = 0.0
) -> MeanFound:
    """A mean against what is claimed, by its t interval."""
    ends = mean_interval(values)
    return MeanFound(
        by_interval(ends, claimed), len(values), float(values.mean()), ends, start, end
    )


def patients_of(visits: Visits, of: Bools) -> set[tuple[str, str | None]]:
    """The patients of the visits for which ``of`` holds: id and clinic."""
    ids, clinics = visits["patient_id"][of], visits["clinic"][of]
    return set(zip(ids.tolist(), clinics.tolist(), strict=True))


def course_visits(analysis: Analysis, kinds: list[str], *names: str) -> Frame:
    """These columns of the visits of these kinds of the latest courses, in order; ``cid`` first."""
    visits = analysis.sessions.frame
    of_latest = np.isin(visits["cid"], analysis.latest["cid"])
    kept = np.isin(visits["visit_type"], kinds) & of_latest
    return visits.select("cid", *names).where(kept)


def both_ends(analysis: Analysis, name: str) -> Frame:
    """``first``: a field on day 0, ``last``: its last record on a later day; courses with both."""
    visits = course_visits(analysis, SEEN, "day", name)
    visits = visits.where(~missing(visits[name]))
    first, last = visits.where(visits["day"] == 0), visits.where(visits["day"] > 0)
    first, last = first.where(firsts(first["cid"])), last.where(lasts(last["cid"]))
    _, begins, ends = np.intersect1d(first["cid"], last["cid"], return_indices=True)
    return Frame({"first": first[name][begins], "last": last[name][ends]})


def responders_by(analysis: Analysis, last_day: int) -> Bools:
    """Whether each patient has 30 % less pain by the last score after day 0 up to this day.

    Of the evaluable patients with such a score who came on that day or later.
    """
    visits = course_visits(analysis, SEEN, "day", "nrs_before")
    day = visits["day"]
    came = visits["cid"][day >= last_day]
    early = visits.where((day > 0) & (day <= last_day) & ~missing(visits["nrs_before"]))
    by_then = early.where(lasts(early["cid"]) & np.isin(early["cid"], came))
    own = analysis.evaluable
    _, ours, theirs = np.intersect1d(own["cid"], by_then["cid"], return_indices=True)
    start, now = own["baseline"][ours], by_then["nrs_before"][theirs]
    return np.asarray(at_least_zero((7, start), (-10, now)), dtype=bool)
