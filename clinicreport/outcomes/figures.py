"""The figures' types: what the clinic's, a condition's and a month's figures are.

Rates and shares are 0 to 1, pain figures are points of 10, ``percent`` figures per cent; None where
undefined. The fields stand in the order of the JSON's keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from clinicreport.outcomes.intervals import Interval, rate_interval
from clinicreport.rules.waivers import TherapistWaivers


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Proportion:
    """Patients of the evaluable ones, with the 95 % Wilson interval of their share."""

    count: int
    observed: float | None
    observed_ci: Interval | None

    @classmethod
    def of_evaluable(cls, count: int, evaluable: int) -> Proportion:
        """From the patients and the denominator."""
        return cls(count, share(count, evaluable), rate_interval(count, evaluable))


@dataclass(frozen=True, slots=True)
class Rate(Proportion):
    """A responder rate over the evaluable and over all who started, with Wilson intervals.

    ``all_started`` is the worst case (who is not evaluable did not respond), ``best_case`` the
    best. ``confirmed``: those who reached it on two visit days running.
    """

    all_started: float | None
    all_started_ci: Interval | None
    confirmed: int
    confirmed_observed: float | None
    confirmed_observed_ci: Interval | None
    best_case: float | None

    @classmethod
    def of(cls, count: int, confirmed: int, evaluable: int, started: int) -> Rate:
        """From the responders, those confirmed, and both denominators."""
        return cls(
            count,
            share(count, evaluable),
            rate_interval(count, evaluable),
            share(count, started),
            rate_interval(count, started),
            confirmed,
            share(confirmed, evaluable),
            rate_interval(confirmed, evaluable),
            share(count + started - evaluable, started),
        )


class AdverseEvents(NamedTuple):
    """Sessions with an event, and per 100 sessions whose field is completed, with the exact 95 %
    interval. With no event, ``upper_bound_per_100`` is the one-sided 95 % upper bound.

    ``by_severity``, ``related`` (answer -> sessions with an event) and ``stopped`` (those after
    which the treatment ended) are None where no log has the column.
    """

    sessions_with_event: int
    sessions_completed: int
    per_100: float | None
    per_100_ci: Interval | None
    patients: int
    upper_bound_per_100: float | None
    by_severity: dict[str, int] | None
    related: dict[str, int] | None
    stopped: int | None


class MeasurementError(NamedTuple):
    """How many evaluable patients changed by more than a score's own error.

    ``mdc``: the minimal detectable change in points, None where the patients' differ; ``within``:
    not told apart from chance.
    """

    mdc: float | None
    improved: int
    within: int
    worse: int


class MeanChange(NamedTuple):
    """A mean of so many patients in points, with its 95 % t interval."""

    n: int
    mean: float
    mean_ci: Interval | None


class FollowUpScore(NamedTuple):
    """The evaluable patients with a follow-up, and the mean of their last one (NRS)."""

    n: int
    mean: float | None


class MonthFigures(NamedTuple):
    """A month (``2026-10``) of the trend: what that month's own report says, from the same logs.

    ``n``: its evaluable patients; a month without any has no values. ``signal``: what marks it.
    """

    month: str
    n: int
    mean_reduction: float | None
    responder_30: float | None
    signal: str | None = None


class TrendLimits(NamedTuple):
    """XmR process limits of the monthly mean reduction, from one month to another."""

    first: str
    last: str
    mean: float
    low: float
    high: float


class ConditionFigures(NamedTuple):
    """The headline figures of the patients with one condition, or of one clinic."""

    condition: str
    started: int
    evaluable: int
    responder_30: Rate
    responder_50: Rate
    mean_reduction: float | None
    mean_reduction_ci: Interval | None


@dataclass(frozen=True, slots=True)
class PainFigures:
    """The figures of a clinic, or of several together.

    ``not_evaluable``: reason -> patients; ``completeness``: field -> filled over expected, None
    where no input has the column; ``durability``: word -> responders.
    """

    started: int
    evaluable: int
    not_evaluable: dict[str, int]
    mean_baseline: float | None
    mean_latest: float | None
    mean_reduction: float | None
    mean_reduction_ci: Interval | None
    median_percent_reduction: float | None
    median_percent_reduction_ci: Interval | None
    ratio_of_means: float | None
    standardised_mean_change: float | None
    standardised_mean_change_ci: Interval | None
    responder_30: Rate
    responder_50: Rate
    mcid: Rate
    important_by_baseline: Proportion
    worse: Proportion
    measurement_error: MeasurementError
    before_treatment: MeanChange | None
    durability: dict[str, int]
    follow_up: FollowUpScore
    sessions: int
    adverse_events: AdverseEvents
    dropout_rate: float | None
    dropout_rate_ci: Interval | None
    dropouts: int
    completed: int
    in_progress: int
    adherence: float | None
    weeks_judged: int
    weeks_in_band: int
    completeness: dict[str, float | None]
    low_baseline: int


@dataclass(frozen=True, slots=True)
class ClinicFigures(PainFigures):
    """The ``clinic`` object of the JSON."""

    by_condition: tuple[ConditionFigures, ...]
    waivers: tuple[TherapistWaivers, ...]
    trend: tuple[MonthFigures, ...]
    trend_limits: tuple[TrendLimits, ...]
