"""What took place in the period of a report, beside the whole courses that its figures are of."""

from __future__ import annotations

from typing import NamedTuple

from clinicreport.ground.frame import distinct, missing
from clinicreport.outcomes.analysis import Analysis


class PeriodCounts(NamedTuple):
    """Sessions of the period (treatment rows of courses in scope), patients who had them, and
    sessions with an adverse event among those whose field is filled in."""

    sessions: int
    patients: int
    with_event: int
    completed: int


def period_counts(analysis: Analysis) -> PeriodCounts | None:
    """None where the report is on no period."""
    period = analysis.period
    if period is None:
        return None
    visits = analysis.sessions
    own = visits.flags("treatment") & visits.flags("in_scope") & period.inside(visits["date"])
    treated = visits.only(own)
    return PeriodCounts(
        len(treated),
        len(distinct(treated["who"])),
        int(treated.events().sum()),
        int((~missing(treated["adverse_event"])).sum()),
    )
