"""The figures of one clinic, one stratum or the whole network, from the sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from clinicreport.log.fields import COMPLETENESS
from clinicreport.outcomes.course_outcomes import REASONS
from clinicreport.outcomes.intervals import Interval, rate_interval, t_interval
from clinicreport.outcomes.network.sums import Aggregate, Moments

SMALL = 1e-12


def figures(sums: Aggregate) -> dict[str, Any]:
    """As the ``clinic`` object of ``report --json``, as far as sums tell; None where undefined."""
    count = sums.count
    evaluable, started = count("evaluable"), count("started")
    return {
        "started": started,
        "evaluable": evaluable,
        "not_evaluable": {reason: count(reason) for reason in REASONS},
        "mean_baseline": _number(sums.baseline.mean),
        "mean_latest": _number(sums.latest.mean),
        "mean_reduction": _number(sums.reduction.mean),
        "mean_reduction_ci": mean_interval(sums.reduction),
        "median_percent_reduction": _number(sums.percents.median()),
        **{
            name: rate(count(name), evaluable, started)
            for name in ("responder_30", "responder_50", "mcid")
        },
        "worse": count("worse"),
        "low_baseline": share(count("low_baseline"), evaluable),
        "sessions": count("sessions"),
        "adverse_events": {
            "sessions_with_event": count("events"),
            "sessions_completed": count("events_completed"),
            "per_100": _hundred(share(count("events"), count("events_completed"))),
        },
        "dropout_rate": share(count("dropouts"), count("dropouts") + count("completed")),
        "in_progress": count("in_progress"),
        "adherence": share(count("weeks_in_band"), count("weeks_judged")),
        "completeness": {
            name: share(count(f"filled:{name}"), count(f"expected:{name}"))
            for name in (*COMPLETENESS, "baseline_and_latest")
        },
        "follow_up": share(count("followed_up"), started),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


def rate(count: int, evaluable: int, started: int) -> dict[str, Any]:
    """A responder rate over the evaluable and over all who started, with Wilson intervals."""
    return {
        "count": count,
        "observed": share(count, evaluable),
        "observed_ci": rate_interval(count, evaluable),
        "all_started": share(count, started),
        "all_started_ci": rate_interval(count, started),
    }


def mean_interval(moments: Moments) -> Interval:
    """The 95 % t interval of a mean; None for fewer than two values and where all are equal."""
    mean, variance = moments.mean, moments.variance
    if mean is None or variance is None or variance < SMALL:
        return None
    return t_interval(float(mean), float(variance), moments.n)
