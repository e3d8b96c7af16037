"""The JSON that other programs read: one object, ``null`` where something is undefined."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from clinicreport import __version__
from clinicreport.log.inputs import Input
from clinicreport.outcomes.analysis import Analysis, Checked
from clinicreport.outcomes.course_outcomes import OF_THE_COURSE
from clinicreport.outcomes.finding_life import FindingLife, finding_life

SCHEMA = 1
COURSE_KEYS = (
    *OF_THE_COURSE,
    "latest",
    "reduction",
    "percent_reduction",
    "responder_30",
    "responder_50",
    "mcid",
    "response",
    "not_evaluable",
    "low_baseline",
    "immediate_relief",
    "adherence",
    "weeks_judged",
    "status",
    "days_to_30",
    "confirmed_30",
    "days_to_50",
    "confirmed_50",
    "durability",
    "follow_up_days",
    "adverse_events",
    "condition",
    "latest_date",
    "last_score",
    "last_score_date",
    "confirmed_mcid",
)
WHOLE = {"days_to_30", "days_to_50", "follow_up_days", "weeks_attended"}


def check_object(checked: Checked, life: FindingLife | None = None) -> dict[str, Any]:
    """What ``check --json`` prints: inputs and findings; without a ``life`` all of these are new."""
    life = life or finding_life(checked)
    return _head(checked) | {
        "findings": [
            {"id": name, "state": state} | _plain(finding.as_dict())
            for name, state, finding in zip(life.ids, life.states, checked.findings, strict=True)
        ],
        "mended": [dict(entry) for entry in life.mended],
    }


def report_object(
    checked: Checked, analysis: Analysis, life: FindingLife | None = None
) -> dict[str, Any]:
    """What ``report --json`` prints: the same, with courses and the clinic's figures."""
    return check_object(checked, life) | figures_and_courses(analysis)


def figures_and_courses(analysis: Analysis) -> dict[str, Any]:
    """The clinic's figures, and a course each with its outcome."""
    columns = {name: analysis.courses[name].tolist() for name in COURSE_KEYS}
    courses = [
        {name: _plain(values[i], whole=name in WHOLE) for name, values in columns.items()}
        for i in range(len(analysis.courses))
    ]
    return {
        "courses": courses,
        "clinic": figures_object(analysis.clinic),
        "by_week": [_week(row) for row in analysis.by_week.rows()],
        "after_course": [figures_object(step) for step in analysis.after_course],
    }


def _week(row: Mapping[str, Any]) -> dict[str, Any]:
    """A week's mean, with its interval where it has one."""
    ends = [row["low"], row["high"]]
    told = {name: row[name] for name in ("group", "week", "n", "mean")}
    return told | {"mean_ci": None if math.isnan(ends[0]) else ends}


def figures_object(figures: Any) -> dict[str, Any]:
    """Figures (a dataclass or a named tuple) as a JSON object: their fields in order, nested ones
    likewise."""
    named = is_dataclass(figures)
    names = [entry.name for entry in fields(figures)] if named else figures._fields
    return {name: _plain(getattr(figures, name)) for name in names}


def dumps(value: dict[str, Any]) -> str:
    """The object as text. Never NaN or Infinity, which are no JSON."""
    return json.dumps(value, indent=2, allow_nan=False)


def _head(checked: Checked) -> dict[str, Any]:
    protocol, period = checked.request.protocol, checked.request.period
    as_of = checked.courses.as_of
    return {
        "schema": SCHEMA,
        "version": __version__,
        "protocol": {"name": protocol.name, "version": protocol.version},
        "as_of": as_of.isoformat() if as_of else None,
        "period": period.text if period else None,
        "inputs": inputs_object(checked.inputs),
    }


def inputs_object(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    """What came in, an entry each session sheet or unreadable file."""
    return [figures_object(entry) for entry in inputs]


def _plain(value: Any, *, whole: bool = False) -> Any:
    """A value as JSON knows it: dates as ISO text, missing values as None."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if is_dataclass(value) or hasattr(value, "_fields"):
        return figures_object(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if whole else value
    return value
