"""The figures' types: what the clinic's, a condition's, a month's and the network's figures are.

Rates and shares are 0 to 1, pain figures are points of 10, ``percent`` figures per cent; None where
undefined. The fields stand in the order of the JSON's keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clinicreport.outcomes.intervals import Interval, rate_interval
from clinicreport.rules.waivers import TherapistWaivers


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Rate:
    """A responder rate over the evaluable and over all who started, with Wilson intervals."""

    count: int
    observed: float | None
    observed_ci: Interval | None
    all_started: float | None
    all_started_ci: Interval | None

    @classmethod
    def of(cls, count: int, evaluable: int, started: int) -> Rate:
        """From the responders and both denominators."""
        return cls(
            count,
            share(count, evaluable),
            rate_interval(count, evaluable),
            share(count, started),
            rate_interval(count, started),
        )


@dataclass(frozen=True, slots=True)
class EventRate:
    """Sessions with an adverse event, and per 100 sessions whose field is completed."""

    sessions_with_event: int
    sessions_completed: int
    per_100: float | None


@dataclass(frozen=True, slots=True)
class AdverseEvents(EventRate):
    """With no event, ``upper_bound_per_100`` is the 95 % upper bound."""

    patients: int
    upper_bound_per_100: float | None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month (``2026-10``) of the trend: the courses whose latest score falls in it."""

    month: str
    n: int
    mean_reduction: float
    responder_30: float


@dataclass(frozen=True, slots=True)
class TrendLimits:
    """XmR limits of the monthly mean reduction."""

    mean: float
    low: float
    high: float
    kind: Literal["process limits", "trial limits"]


@dataclass(frozen=True, slots=True)
class SustainedStep:
    """A step of the Kaplan-Meier curve: at risk before the day, probability after it."""

    day: int
    at_risk: int
    probability: float


@dataclass(frozen=True, slots=True)
class ConditionFigures:
    """The headline figures of the patients with one condition."""

    condition: str
    started: int
    evaluable: int
    responder_30: Rate
    responder_50: Rate
    mean_reduction: float | None
    mean_reduction_ci: Interval | None


@dataclass(frozen=True, slots=True)
class PainFigures:
    """Who started, who is evaluable (``not_evaluable``: reason -> patients), how pain changed."""

    started: int
    evaluable: int
    not_evaluable: dict[str, int]
    mean_baseline: float | None
    mean_latest: float | None
    mean_reduction: float | None
    mean_reduction_ci: Interval | None
    median_percent_reduction: float | None


@dataclass(frozen=True, slots=True)
class ClinicFigures(PainFigures):
    """The ``clinic`` object of the JSON.

    ``completeness``: field -> filled over expected, None where no input has the column.
    """

    ratio_of_means: float | None
    standardised_mean_change: float | None
    responder_30: Rate
    responder_50: Rate
    mcid: Rate
    sessions: int
    adverse_events: AdverseEvents
    dropout_rate: float | None
    dropouts: int
    completed: int
    in_progress: int
    adherence: float | None
    weeks_judged: int
    weeks_in_band: int
    completeness: dict[str, float | None]
    worse: int
    low_baseline: int
    by_condition: tuple[ConditionFigures, ...]
    sustained_response: tuple[SustainedStep, ...]
    waivers: tuple[TherapistWaivers, ...]
    trend: tuple[MonthFigures, ...]
    trend_limits: TrendLimits | None


@dataclass(frozen=True, slots=True)
class NetworkFigures(PainFigures):
    """A clinic of a network, or all together, as far as sums tell.

    ``low_baseline`` is a share of the evaluable, ``follow_up`` one of those who started.
    """

    responder_30: Rate
    responder_50: Rate
    mcid: Rate
    worse: int
    low_baseline: float | None
    sessions: int
    adverse_events: EventRate
    dropout_rate: float | None
    in_progress: int
    adherence: float | None
    completeness: dict[str, float | None]
    follow_up: float | None
