"""The figures of one clinic, one stratum or the whole network, from the sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

from clinicreport.log.cells import RELATIONS, SEVERITIES
from clinicreport.log.fields import COMPLETENESS
from clinicreport.outcomes.beside_headline import BEFORE_FROM, DURABILITY
from clinicreport.outcomes.clinic_figures import ratio_of_means
from clinicreport.outcomes.course_outcomes import REASONS
from clinicreport.outcomes.figures import (
    AdverseEvents,
    FollowUpScore,
    MeanChange,
    MeasurementError,
    MonthFigures,
    PainFigures,
    Proportion,
    Rate,
    share,
)
from clinicreport.outcomes.harms import per_100_interval
from clinicreport.outcomes.intervals import (
    Interval,
    bound_of_none,
    change_interval,
    median_interval,
    rate_interval,
    small_sample,
    t_interval,
)
from clinicreport.outcomes.network.sums import Aggregate, Moments
from clinicreport.outcomes.trend import month_name

SMALL = 1e-12
CHANGED = ("improved", "within", "worse")  # by the minimal detectable change
EVENT_COLUMNS = ("event_severity", "event_related", "stopped_for_event")


@dataclass(frozen=True, slots=True)
class NetworkFigures(PainFigures):
    """A clinic of a network, or all together; ``followed_up``: share of those who started."""

    followed_up: float | None
    trend: tuple[MonthFigures, ...]


def figures(sums: Aggregate) -> NetworkFigures:
    """The figures, as far as sums tell."""
    count = sums.count
    evaluable, started = count("evaluable"), count("started")
    return NetworkFigures(
        started=started,
        evaluable=evaluable,
        not_evaluable={reason: count(reason) for reason in REASONS},
        **_change(sums),
        responder_30=_rate(sums, "responder_30"),
        responder_50=_rate(sums, "responder_50"),
        mcid=_rate(sums, "mcid"),
        important_by_baseline=Proportion.of_evaluable(count("important"), evaluable),
        worse=Proportion.of_evaluable(count("worse"), evaluable),
        measurement_error=_measurement_error(sums),
        before_treatment=_before(sums.before),
        durability={word: count(word) for word in DURABILITY},
        follow_up=FollowUpScore(sums.follow_up.n, _number(sums.follow_up.mean)),
        sessions=count("sessions"),
        adverse_events=_adverse_events(sums),
        **_process(sums),
        completeness={
            name: share(count(f"filled:{name}"), count(f"expected:{name}"))
            for name in (*COMPLETENESS, "baseline_and_latest")
        },
        low_baseline=count("low_baseline"),
        followed_up=share(count("followed_up"), started),
        trend=_trend(sums),
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _rate(sums: Aggregate, name: str) -> Rate:
    count = sums.count
    return Rate.of(count(name), count(f"confirmed:{name}"), count("evaluable"), count("started"))


def _change(sums: Aggregate) -> dict[str, Any]:
    """How pain changed: means, median, standardised change."""
    start, end = _number(sums.baseline.mean), _number(sums.latest.mean)
    change = _standardised(sums)
    return {
        "mean_baseline": start,
        "mean_latest": end,
        "mean_reduction": _number(sums.reduction.mean),
        "mean_reduction_ci": mean_interval(sums.reduction),
        "median_percent_reduction": _number(sums.percents.median()),
        "median_percent_reduction_ci": median_interval(sums.percents.values()),
        "ratio_of_means": ratio_of_means(start, end),
        "standardised_mean_change": change,
        "standardised_mean_change_ci": change_interval(
            change, _correlation(sums), sums.count("evaluable")
        ),
    }


def _standardised(sums: Aggregate) -> float | None:
    mean, variance, n = sums.reduction.mean, sums.baseline.variance, sums.baseline.n
    if mean is None or not variance or n < 3:
        return None
    return float(mean) / sqrt(variance) * small_sample(n)


def _correlation(sums: Aggregate) -> float | None:
    """Of first and latest score, by the variances of both and of their difference."""
    first, last, change = (
        moments.variance for moments in (sums.baseline, sums.latest, sums.reduction)
    )
    if not first or not last or change is None:
        return None
    return float(first + last - change) / 2 / sqrt(first * last)


def _measurement_error(sums: Aggregate) -> MeasurementError:
    sizes = [name for name, _ in sums.counts.items if name.startswith("mdc:")]
    mdc = float(sizes[0].removeprefix("mdc:")) if len(sizes) == 1 else None
    return MeasurementError(mdc, *(sums.count(f"changed:{name}") for name in CHANGED))


def _before(changes: Moments) -> MeanChange | None:
    if changes.mean is None or changes.n < BEFORE_FROM:
        return None
    return MeanChange(changes.n, float(changes.mean), mean_interval(changes))


def _adverse_events(sums: Aggregate) -> AdverseEvents:
    events, noted = sums.count("events"), sums.count("events_completed")
    answers: tuple[Iterable[str], ...] = (SEVERITIES, RELATIONS, ("yes",))
    severity, related, stopped = (
        {word: sums.count(f"{column}:{word}") for word in words}
        if sums.count(f"has:{column}")
        else None
        for column, words in zip(EVENT_COLUMNS, answers, strict=True)
    )
    rate = share(events, noted)
    return AdverseEvents(
        sessions_with_event=events,
        sessions_completed=noted,
        per_100=None if rate is None else 100 * rate,
        per_100_ci=per_100_interval(events, noted),
        patients=sums.count("patients_with_event"),
        upper_bound_per_100=bound_of_none(noted) if noted and not events else None,
        by_severity=severity,
        related=related,
        stopped=stopped["yes"] if stopped else None,
    )


def _process(sums: Aggregate) -> dict[str, Any]:
    count = sums.count
    dropouts, ended = count("dropouts"), count("dropouts") + count("completed")
    judged, in_band = count("weeks_judged"), count("weeks_in_band")
    return {
        "dropout_rate": share(dropouts, ended),
        "dropout_rate_ci": rate_interval(dropouts, ended),
        "dropouts": dropouts,
        "completed": count("completed"),
        "in_progress": count("in_progress"),
        "adherence": share(in_band, judged),
        "weeks_judged": judged,
        "weeks_in_band": in_band,
    }


def _trend(sums: Aggregate) -> tuple[MonthFigures, ...]:
    """Every month from the first with a visit to the last."""
    found = {month: (reductions, hits) for month, reductions, hits in sums.months.items}
    told = []
    for month in range(min(found, default=0), max(found, default=-1) + 1):
        reductions, hits = found.get(month, (Moments(), 0))
        rate = share(hits, reductions.n)
        name, mean = month_name(month), _number(reductions.mean)
        told.append(MonthFigures(name, reductions.n, mean, rate))
    return tuple(told)


def mean_interval(moments: Moments) -> Interval | None:
    """The 95 % t interval of a mean; None for fewer than two values and where all are equal."""
    mean, variance = moments.mean, moments.variance
    if mean is None or variance is None or variance < SMALL:
        return None
    return t_interval(float(mean), float(variance), moments.n)
