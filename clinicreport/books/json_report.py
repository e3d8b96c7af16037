"""The JSON that other programs read: one object, ``null`` where something is undefined."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from clinicreport import __version__
from clinicreport.outcomes.analysis import Analysis, Checked
from clinicreport.outcomes.course_outcomes import OF_THE_COURSE

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
)
WHOLE = {"days_to_30", "days_to_50", "follow_up_days", "weeks_attended"}


def check_object(checked: Checked) -> dict[str, Any]:
    """What ``check --json`` prints: inputs and findings."""
    return _head(checked.request.protocol, checked.courses.as_of, checked.request.period, checked)


def report_object(checked: Checked, analysis: Analysis) -> dict[str, Any]:
    """What ``report --json`` prints: the same, with courses and the clinic's figures."""
    columns = {name: analysis.courses[name].tolist() for name in COURSE_KEYS}
    courses = [
        {name: _plain(values[i], whole=name in WHOLE) for name, values in columns.items()}
        for i in range(len(analysis.courses))
    ]
    return check_object(checked) | {"courses": courses, "clinic": figures_object(analysis.clinic)}


def figures_object(figures: Any) -> dict[str, Any]:
    """Figures (a dataclass) as a JSON object: their fields in order, nested ones likewise."""
    return {entry.name: _plain(getattr(figures, entry.name)) for entry in fields(figures)}


def dumps(value: dict[str, Any]) -> str:
    """The object as text. Never NaN or Infinity, which are no JSON."""
    return json.dumps(value, indent=2, allow_nan=False)


def _head(protocol: Any, as_of: date | None, period: Any, checked: Checked) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "version": __version__,
        "protocol": {"name": protocol.name, "version": protocol.version},
        "as_of": as_of.isoformat() if as_of else None,
        "period": period.text if period else None,
        "inputs": [
            {
                "file": entry.file,
                "sha256": entry.sha256,
                "sheet": entry.sheet,
                "rows": entry.rows,
                "used": entry.used,
                "set_aside": entry.set_aside,
                "status": entry.status,
                "reason": entry.reason,
                "assumptions": list(entry.assumptions),
            }
            for entry in checked.inputs
        ],
        "findings": [_plain(finding.as_dict()) for finding in checked.findings],
    }


def _plain(value: Any, *, whole: bool = False) -> Any:
    """A value as JSON knows it: dates as ISO text, missing values as None."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if is_dataclass(value):
        return figures_object(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.date().isoformat() if value == value else None  # noqa: PLR0124
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if whole else value
    return value
