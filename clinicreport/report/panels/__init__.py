"""Panels of the Charts sheet: each a chart beside the table of its numbers.

A panel has three functions: ``say(book)``, what to know when looking at it; ``panel(book, page,
row)``, which places its table; ``chart(book)``, which draws it, on another sheet too.
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
TABLE_COLUMNS = 10  # of the widest table
HELPER_LEFT = TABLE_LEFT + TABLE_COLUMNS + 1
SIZE = (575, 330)  # of a chart, in pixels
ROWS = 17  # that a chart covers
LEFT = 4

Rows = Sequence[dict[str, Any]]


def numbers(
    book: Book, page: Page, row: int, name: str, columns: Sequence[tuple[str, str]], rows: Rows,
    helpers: Sequence[str] = (),
) -> Table:  # fmt: skip
    """Place the table of a chart's numbers; ``columns``: (heading, style), each a key of a row.

    ``helpers``: columns that only the chart needs. They stand in a table of their own, beside
    the printed page: ``name`` with "_chart" behind it.
    """
    if helpers:
        made = _columns([(helper, "cell_mean2") for helper in helpers])
        book.add(place(page, row, made, rows, f"{name}_chart", left=HELPER_LEFT, widths=False))
    made = _columns(columns)
    return book.add(place(page, row, made, rows, name, left=TABLE_LEFT, widths=False))


def _columns(columns: Sequence[tuple[str, str]]) -> list[Column[dict[str, Any]]]:
    return [
        Column(heading, lambda r, heading=heading: r.get(heading), style)  # type: ignore[misc]
        for heading, style in columns
    ]


def number(value: Cell) -> float:
    """The value of a cell for a chart's error bars; 0 for words."""
    held = value.value if isinstance(value, Formula) else value
    return float(held) if isinstance(held, (int, float)) else 0.0
