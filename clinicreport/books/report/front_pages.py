"""The pages behind the first one: the charts that a meeting looks at, on the sheet that is printed
unless another is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.sheets.charts_sheet import PANELS, insert
from clinicreport.workbook.page import Page

FIRST_PIXELS = 1000  # of rows that a page holds at full size
MOST = 97  # per cent: as wide as a page for certain, whatever the printer


def place_front(
    book: ReportBook, page: Page, row: int, widths: Sequence[float], aside: int
) -> tuple[int, list[int]]:
    """The charts from ``row`` on; the row below them, and where pages begin.

    ``widths``: of the columns printed; ``aside``: a column beside them, for the charts' titles.
    """
    wide, breaks, used = int(sum(7 * width + 5 for width in widths)) - 8, list[int](), FIRST_PIXELS
    for panel in PANELS:
        if not panel.front or not panel.wanted(book):
            continue
        top = row
        row = page.section(row, panel.heading, len(widths))
        row = page.prose(row, panel.say(book), sum(widths) * 0.97)
        row = insert(book, page, panel, row, wide, (top, aside))
        used += page.pixels(top, row)
        if used > FIRST_PIXELS:
            breaks.append(top)
            used = page.pixels(top, row)
    return row, breaks


def scale(page: Page, rows: int) -> int | None:
    """Per cent at which so many rows are one page; None where they are at full size."""
    pixels = page.pixels(0, rows)
    return None if pixels <= FIRST_PIXELS else min(MOST, 100 * FIRST_PIXELS // pixels)
