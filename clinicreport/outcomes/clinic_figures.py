"""The clinic's figures: the unit is the patient, by the latest course in scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from clinicreport.ground.frame import (
    Column,
    Floats,
    Frame,
    as_column,
    codes,
    groups,
    holds,
    median,
    missing,
)
from clinicreport.log.courses import Courses
from clinicreport.log.fields import COMPLETENESS
from clinicreport.log.session_log import Log
from clinicreport.log.visit_table import Visits
from clinicreport.outcomes.beside_headline import (
    DURABILITY,
    before_treatment,
    follow_up,
    important_by_baseline,
    measurement_error,
)
from clinicreport.outcomes.course_outcomes import REASONS
from clinicreport.outcomes.figures import (
    ClinicFigures,
    ConditionFigures,
    MonthFigures,
    Proportion,
    Rate,
    TrendLimits,
    share,
)
from clinicreport.outcomes.harms import adverse_events
from clinicreport.outcomes.intervals import (
    change_interval,
    correlation,
    mean_interval,
    median_interval,
    rate_interval,
    standardised_mean_change,
)
from clinicreport.outcomes.trend import with_signals
from clinicreport.protocol.in_force import Protocol
from clinicreport.rules.waivers import waivers


def clinic_figures(
    log: Log,
    courses: Courses,
    outcomes: Frame,
    protocol: Protocol,
    months: tuple[MonthFigures, ...],
    limits: tuple[TrendLimits, ...],
) -> ClinicFigures:
    """The clinic's figures; ``outcomes``: the courses in scope, with ``is_latest``; ``months``:
    the trend, with its ``limits``."""
    latest = outcomes.where(outcomes["is_latest"])
    evaluable = _evaluable(latest)
    visits = courses.visits.only(courses.visits.flags("in_scope"))
    treated = visits.only(visits.flags("treatment"))
    return ClinicFigures(
        started=len(latest),
        evaluable=len(evaluable),
        not_evaluable=_counts(latest["not_evaluable"], REASONS),
        **_change(evaluable),
        responder_30=responders(latest, evaluable, "30"),
        responder_50=responders(latest, evaluable, "50"),
        mcid=responders(latest, evaluable, "mcid"),
        important_by_baseline=important_by_baseline(evaluable, protocol),
        worse=Proportion.of_evaluable(
            int((evaluable["response"] == "worse").sum()), len(evaluable)
        ),
        measurement_error=measurement_error(evaluable, protocol),
        before_treatment=before_treatment(latest),
        durability=_counts(latest["durability"], DURABILITY),
        follow_up=follow_up(evaluable),
        sessions=len(treated),
        adverse_events=adverse_events(log, treated),
        **_process(latest),
        completeness=_completeness(log, visits, latest),
        low_baseline=int(holds(evaluable["low_baseline"]).sum()),
        by_condition=by_condition(latest),
        waivers=waivers(treated),
        trend=with_signals(months, limits),
        trend_limits=limits,
    )


def _evaluable(courses: Frame) -> Frame:
    return courses.where(missing(courses["not_evaluable"]))


def _counts(column: Column, words: Sequence[str]) -> dict[str, int]:
    found = Counter(column.tolist())
    return {word: found[word] for word in words}


def _change(evaluable: Frame) -> dict[str, Any]:
    """How the evaluable patients' pain changed: means, median, standardised change."""
    baselines, latest, reductions, percents = (
        evaluable[name] for name in ("baseline", "latest", "reduction", "percent_reduction")
    )
    start, end = _mean(baselines), _mean(latest)
    change = standardised_mean_change(reductions, baselines)
    return {
        "mean_baseline": start,
        "mean_latest": end,
        "mean_reduction": _mean(reductions),
        "mean_reduction_ci": mean_interval(reductions),
        "median_percent_reduction": median(percents) if len(percents) else None,
        "median_percent_reduction_ci": median_interval(percents),
        "ratio_of_means": ratio_of_means(start, end),
        "standardised_mean_change": change,
        "standardised_mean_change_ci": change_interval(
            change, correlation(baselines, latest), len(evaluable)
        ),
    }


def _process(latest: Frame) -> dict[str, Any]:
    """How the courses went on: who ended, and the weeks in the band."""
    status = _counts(latest["status"], ("dropout", "completed", "in-progress"))
    dropouts, ended = status["dropout"], status["dropout"] + status["completed"]
    judged, in_band = (int(latest[name].sum()) for name in ("weeks_judged", "weeks_in_band"))
    return {
        "dropout_rate": share(dropouts, ended),
        "dropout_rate_ci": rate_interval(dropouts, ended),
        "dropouts": dropouts,
        "completed": status["completed"],
        "in_progress": status["in-progress"],
        "adherence": share(in_band, judged),
        "weeks_judged": judged,
        "weeks_in_band": in_band,
    }


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def ratio_of_means(start: float | None, end: float | None) -> float | None:
    """The fall of the mean, in per cent of the mean at the start."""
    return 100 * (start - end) / start if start is not None and end is not None else None


NAMES = {"30": "responder_30", "50": "responder_50", "mcid": "mcid"}


def responders(latest: Frame, evaluable: Frame, name: str) -> Rate:
    """A responder rate over the evaluable and over all who started, each with its interval;
    ``name``: one of ``NAMES``."""
    count, confirmed = (
        int(holds(evaluable[column]).sum()) for column in (NAMES[name], f"confirmed_{name}")
    )
    return Rate.of(count, confirmed, len(evaluable), len(latest))


def filled(log: Log, visits: Visits, latest: Frame) -> dict[str, tuple[int, int] | None]:
    """(filled, expected) of each field; None where no input has the column.

    ``visits``: those in scope; ``latest``: the patients' latest courses.
    """
    columns = {name for source in log.sources for name in source.columns}
    result: dict[str, tuple[int, int] | None] = {}
    for name in COMPLETENESS:
        asked = visits.flags("treatment")
        if name == "nrs_before":
            asked = asked | visits.flags("follow_up")
        found = (int((~missing(visits[name]) & asked).sum()), int(asked.sum()))
        result[name] = found if name in columns else None
    both = ~np.isnan(latest["baseline"]) & ~np.isnan(latest["latest"])
    result["baseline_and_latest"] = (int(both.sum()), len(latest))
    return result


def _completeness(log: Log, visits: Visits, latest: Frame) -> dict[str, float | None]:
    """Filled over expected for each field; None where no input has the column."""
    counts = filled(log, visits, latest)
    return {name: share(*found) if found else None for name, found in counts.items()}


def by_condition(latest: Frame, column: str = "condition") -> tuple[ConditionFigures, ...]:
    """The headline figures for each condition, most patients first.

    ``latest``: the patients' latest courses; ``column``: ``clinic`` for those of each clinic.
    """
    shown = [" ".join((text or "").split()) or "not recorded" for text in latest[column].tolist()]
    number, folded = codes(as_column([text.casefold() for text in shown]))
    rows = []
    for _, at in sorted(groups(number), key=lambda group: folded[group[0]]):
        group = latest.take(at)
        evaluable = _evaluable(group)
        rows.append(
            ConditionFigures(
                condition=shown[at[0]],
                started=len(group),
                evaluable=len(evaluable),
                responder_30=responders(group, evaluable, "30"),
                responder_50=responders(group, evaluable, "50"),
                mean_reduction=_mean(evaluable["reduction"]),
                mean_reduction_ci=mean_interval(evaluable["reduction"]),
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.started))
