"""Panels of the Charts sheet: each a chart beside the table of its numbers.

A panel is a function ``panel(book, page, row)`` that places its table at ``row``, draws its chart
beside it and returns what to say of it; the table's name is the panel's, so that another sheet
can draw the same chart again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinicreport.report.book import Book
from clinicreport.report.page import Cell, Formula, Page
from clinicreport.report.table import Column, Table, place

CHART_COLUMNS = 8  # of CHART_WIDTH each, for the charts
CHART_WIDTH = 9.6
TABLE_LEFT = CHART_COLUMNS + 1
SIZE = (575, 330)  # of a chart, in pixels
ROWS = 17  # that a chart covers
LEFT = 4

Rows = Sequence[dict[str, Any]]


def numbers(
    book: Book, page: Page, row: int, name: str, columns: Sequence[tuple[str, str]], rows: Rows
) -> Table:
    """Place the table of a chart's numbers; ``columns``: (heading, style), each a key of a row."""
    made = [
        Column[dict[str, Any]](heading, lambda r, heading=heading: r.get(heading), style)  # type: ignore[misc]
        for heading, style in columns
    ]
    table = place(page, row, made, rows, name, left=TABLE_LEFT, widths=False)
    page.sheet.set_row(row, 32)
    return book.add(table)


def number(value: Cell) -> float:
    """The value of a cell for a chart's error bars; 0 for words."""
    held = value.value if isinstance(value, Formula) else value
    return float(held) if isinstance(held, (int, float)) else 0.0
