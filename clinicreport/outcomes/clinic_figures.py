"""The clinic's figures: the unit is the patient, by the latest course in scope."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clinicreport.log.courses import Courses
from clinicreport.log.fields import COMPLETENESS
from clinicreport.log.session_log import Log
from clinicreport.log.visit_table import Visits
from clinicreport.outcomes.course_outcomes import REASONS
from clinicreport.outcomes.figures import (
    AdverseEvents,
    ClinicFigures,
    ConditionFigures,
    Rate,
    share,
)
from clinicreport.outcomes.intervals import bound_of_none, mean_interval, standardised_mean_change
from clinicreport.outcomes.series import sustained_response, trend, trend_limits
from clinicreport.rules.waivers import waivers


def clinic_figures(log: Log, courses: Courses, outcomes: pd.DataFrame) -> ClinicFigures:
    """The clinic's figures; ``outcomes``: the courses in scope, with ``is_latest``."""
    latest = outcomes[outcomes["is_latest"]]
    evaluable = latest[latest["not_evaluable"].isna()]
    visits = courses.visits.only(courses.visits.flags("in_scope"))
    treated = visits.only(visits.flags("treatment"))
    status = latest["status"].value_counts()
    dropouts, completed = int(status.get("dropout", 0)), int(status.get("completed", 0))
    judged, in_band = (int(latest[name].sum()) for name in ("weeks_judged", "weeks_in_band"))
    reasons = latest["not_evaluable"].value_counts()
    baselines, reductions = evaluable["baseline"], evaluable["reduction"]
    start, end = _mean(baselines), _mean(evaluable["latest"])
    months = trend(outcomes)
    return ClinicFigures(
        started=len(latest),
        evaluable=len(evaluable),
        not_evaluable={reason: int(reasons.get(reason, 0)) for reason in REASONS},
        mean_baseline=start,
        mean_latest=end,
        mean_reduction=_mean(reductions),
        mean_reduction_ci=mean_interval(reductions.to_numpy()),
        median_percent_reduction=_median(evaluable["percent_reduction"]),
        ratio_of_means=_ratio(start, end),
        standardised_mean_change=standardised_mean_change(
            reductions.to_numpy(), baselines.to_numpy()
        ),
        responder_30=responders(latest, evaluable, "responder_30"),
        responder_50=responders(latest, evaluable, "responder_50"),
        mcid=responders(latest, evaluable, "mcid"),
        sessions=len(treated),
        adverse_events=adverse_events(treated),
        dropout_rate=share(dropouts, dropouts + completed),
        dropouts=dropouts,
        completed=completed,
        in_progress=int(status.get("in-progress", 0)),
        adherence=share(in_band, judged),
        weeks_judged=judged,
        weeks_in_band=in_band,
        completeness=_completeness(log, visits, latest),
        worse=int((latest["response"] == "worse").sum()),
        low_baseline=int(evaluable["low_baseline"].isin([True]).sum()),
        by_condition=_by_condition(latest),
        sustained_response=sustained_response(courses, latest),
        waivers=waivers(treated),
        trend=months,
        trend_limits=trend_limits(months),
    )


def _mean(values: pd.Series[Any]) -> float | None:
    return float(values.mean()) if len(values) else None


def _median(values: pd.Series[Any]) -> float | None:
    return float(values.median()) if len(values) else None


def _ratio(start: float | None, end: float | None) -> float | None:
    """The fall of the mean, in per cent of the mean at the start."""
    return 100 * (start - end) / start if start is not None and end is not None else None


def responders(latest: pd.DataFrame, evaluable: pd.DataFrame, name: str) -> Rate:
    """A responder rate over the evaluable and over all who started, each with its interval."""
    return Rate.of(int(evaluable[name].isin([True]).sum()), len(evaluable), len(latest))


def adverse_events(treated: Visits) -> AdverseEvents:
    """Sessions with an event per 100 sessions whose field is completed.

    With no event there is an upper bound; events cluster within patients, so it is a lower limit of
    what can be ruled out.
    """
    with_event = treated.only(treated.events())
    completed, count = int(treated["adverse_event"].notna().sum()), len(with_event)
    return AdverseEvents(
        sessions_with_event=count,
        sessions_completed=completed,
        per_100=100 * count / completed if completed else None,
        patients=int(with_event["who"].nunique()),
        upper_bound_per_100=bound_of_none(completed) if completed and not count else None,
    )


def filled(log: Log, visits: Visits, latest: pd.DataFrame) -> dict[str, tuple[int, int] | None]:
    """(filled, expected) of each field; None where no input has the column.

    ``visits``: those in scope; ``latest``: the patients' latest courses.
    """
    columns = {name for source in log.sources for name in source.columns}
    result: dict[str, tuple[int, int] | None] = {}
    for name in COMPLETENESS:
        asked = visits.flags("treatment")
        if name == "nrs_before":
            asked = asked | visits.flags("follow_up")
        found = (int((visits[name].notna() & asked).sum()), int(asked.sum()))
        result[name] = found if name in columns else None
    both = latest["baseline"].notna() & latest["latest"].notna()
    result["baseline_and_latest"] = (int(both.sum()), len(latest))
    return result


def _completeness(log: Log, visits: Visits, latest: pd.DataFrame) -> dict[str, float | None]:
    """Filled over expected for each field; None where no input has the column."""
    counts = filled(log, visits, latest)
    return {name: share(*found) if found else None for name, found in counts.items()}


def _by_condition(latest: pd.DataFrame) -> tuple[ConditionFigures, ...]:
    """The headline figures for each condition, most patients first."""
    shown = latest["condition"].fillna("not recorded").map(lambda text: " ".join(text.split()))
    folded = shown.str.casefold()
    rows = []
    for key, group in latest.groupby(folded, sort=True):
        evaluable = group[group["not_evaluable"].isna()]
        rows.append(
            ConditionFigures(
                condition=shown[folded == key].iloc[0],
                started=len(group),
                evaluable=len(evaluable),
                responder_30=responders(group, evaluable, "responder_30"),
                responder_50=responders(group, evaluable, "responder_50"),
                mean_reduction=_mean(evaluable["reduction"]),
                mean_reduction_ci=mean_interval(evaluable["reduction"].to_numpy()),
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.started))
