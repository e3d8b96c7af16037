"""Panels of the Charts sheet: each a chart beside the table of its numbers.

A panel has three functions: ``say(book)``, what to know when looking at it; ``panel(book, page,
row)``, which places its table; ``chart(book)``, which draws it, on another sheet too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clinicreport.books.report.report_book import ReportBook
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.percents import Percents
from clinicreport.workbook.table import Column, Table, keyed, place

CHART_COLUMNS = 8  # of CHART_WIDTH each, for the charts: as wide as a printed page
CHART_WIDTH = 13.0
TABLE_LEFT = CHART_COLUMNS + 1
TABLE_COLUMNS = 10  # of the widest table
NUMBER_WIDTHS = (25.0, *[12.5] * (TABLE_COLUMNS + 6))
HELPER_LEFT = TABLE_LEFT + TABLE_COLUMNS + 1
WIDE = 755  # pixels of a chart
ROWS = 12  # that a chart covers, unless it needs more
AXIS = "Axis label"  # the helper column of names with n
ENDS = ("from", "to", "below", "above")  # of an interval; how far its ends are from the value
LEFT = 4
SHARES = Percents('0.0" "%')

Rows = Sequence[dict[str, Any]]


def numbers(
    book: ReportBook,
    page: Page,
    row: int,
    name: str,
    columns: Sequence[tuple[str, str]],
    rows: Rows,
    helpers: Sequence[str] = (),
) -> Table:
    """Place the table of a chart's numbers; ``columns``: (heading, style), each a key of a row.

    ``helpers``: columns that only the chart needs, see :func:`aside`.
    """
    if helpers:
        aside(book, page, row, name, helpers, rows)
    return book.add(place(page, row, _columns(columns), rows, name, left=TABLE_LEFT, widths=False))


def aside(
    book: ReportBook, page: Page, row: int, name: str, headings: Sequence[str], rows: Rows
) -> Table:
    """Place what only the chart needs beside the printed page: ``name`` with "_chart" behind it."""
    columns = _columns([(heading, "cell_score") for heading in headings])
    return book.add(
        place(page, row, columns, rows, f"{name}_chart", left=HELPER_LEFT, widths=False)
    )


def _columns(columns: Sequence[tuple[str, str]]) -> list[Column[Mapping[str, Any]]]:
    return [keyed(*column, width) for column, width in zip(columns, NUMBER_WIDTHS, strict=False)]


def share_labels(*values: Cell) -> str:
    """The number format of a chart's labels of shares, on their side of 30 and 50 per cent."""
    held = [value.value if isinstance(value, Formula) else value for value in values]
    return SHARES.code(max(map(SHARES.digits, held)))


def number(value: Cell) -> float:
    """The value of a cell for a chart's error bars; 0 for words."""
    held = value.value if isinstance(value, Formula) else value
    return float(held) if isinstance(held, (int, float)) else 0.0
