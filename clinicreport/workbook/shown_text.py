"""A cell's value as text, as a spreadsheet shows it in its style."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from clinicreport.ground.rounding import percent, points, ratio, score, share
from clinicreport.workbook.page import Cell, shown_value
from clinicreport.workbook.words import short_day

# How a style's numbers read, by the end of its name.
_NUMBERS: dict[str, Callable[[float], str]] = {
    "count": lambda number: f"{int(number):,}",
    "mean": points,
    "mean2": ratio,
    "percent": percent,
    "score": score,
    "share": share,
}


def shown_text(cell: Cell, style: str) -> str:
    """The text; empty for nothing. Raises KeyError for a number in a style that shows none."""
    value = shown_value(cell)
    if value is None:
        return ""
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return _NUMBERS[style.rpartition("_")[2]](value)
