"""What took place in the period of a report, beside the whole courses that its figures are of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clinicreport.outcomes.analysis import Analysis


@dataclass(frozen=True, slots=True)
class PeriodCounts:
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
    days = visits["date"].to_numpy().astype("datetime64[D]")
    inside = (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
    treated = visits.only(visits.flags("treatment") & visits.flags("in_scope") & inside)
    return PeriodCounts(
        len(treated),
        int(treated["who"].nunique()),
        int(treated.events().sum()),
        int(treated["adverse_event"].notna().sum()),
    )
