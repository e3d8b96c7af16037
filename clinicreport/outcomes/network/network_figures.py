"""The figures of one clinic, one stratum or the whole network, from the sums."""

from __future__ import annotations

from fractions import Fraction

from clinicreport.log.fields import COMPLETENESS
from clinicreport.outcomes.course_outcomes import REASONS
from clinicreport.outcomes.figures import EventRate, NetworkFigures, Rate, share
from clinicreport.outcomes.intervals import Interval, t_interval
from clinicreport.outcomes.network.sums import Aggregate, Moments

SMALL = 1e-12


def figures(sums: Aggregate) -> NetworkFigures:
    """The figures, as far as sums tell."""
    count = sums.count
    evaluable, started = count("evaluable"), count("started")
    events, noted = count("events"), count("events_completed")
    return NetworkFigures(
        started=started,
        evaluable=evaluable,
        not_evaluable={reason: count(reason) for reason in REASONS},
        mean_baseline=_number(sums.baseline.mean),
        mean_latest=_number(sums.latest.mean),
        mean_reduction=_number(sums.reduction.mean),
        mean_reduction_ci=mean_interval(sums.reduction),
        median_percent_reduction=_number(sums.percents.median()),
        responder_30=Rate.of(count("responder_30"), evaluable, started),
        responder_50=Rate.of(count("responder_50"), evaluable, started),
        mcid=Rate.of(count("mcid"), evaluable, started),
        worse=count("worse"),
        low_baseline=share(count("low_baseline"), evaluable),
        sessions=count("sessions"),
        adverse_events=EventRate(events, noted, _hundred(share(events, noted))),
        dropout_rate=share(count("dropouts"), count("dropouts") + count("completed")),
        in_progress=count("in_progress"),
        adherence=share(count("weeks_in_band"), count("weeks_judged")),
        completeness={
            name: share(count(f"filled:{name}"), count(f"expected:{name}"))
            for name in (*COMPLETENESS, "baseline_and_latest")
        },
        follow_up=share(count("followed_up"), started),
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def mean_interval(moments: Moments) -> Interval | None:
    """The 95 % t interval of a mean; None for fewer than two values and where all are equal."""
    mean, variance = moments.mean, moments.variance
    if mean is None or variance is None or variance < SMALL:
        return None
    return t_interval(float(mean), float(variance), moments.n)
