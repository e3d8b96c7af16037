"""Charts: the pictures of the report, each beside the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinicreport.report.book import Book
from clinicreport.report.charts import Chart
from clinicreport.report.page import Page
from clinicreport.report.panels import (
    CHART_COLUMNS,
    CHART_WIDTH,
    LEFT,
    ROWS,
    SIZE,
    TABLE_COLUMNS,
    TABLE_LEFT,
    distribution,
    responders,
    weeks,
)

LEAD = [
    "Each chart stands beside its numbers. Charts follow a score corrected on the Sessions sheet,"
    " except where “as made” is said.",
]
TEXT_WIDTH = 175


@dataclass(frozen=True, slots=True)
class Panel:
    """A heading, what to say, and the functions that place the numbers and draw them."""

    title: str
    say: Callable[[Book], str]
    place: Callable[[Book, Page, int], None]
    chart: Callable[[Book], Chart]
    wanted: Callable[[Book], bool] = lambda book: bool(book.analysis.clinic["evaluable"])


PANELS = (
    Panel("Pain by week of course", weeks.say, weeks.panel, weeks.chart),
    Panel("Spread of the results", distribution.say, distribution.panel, distribution.chart),
    Panel("Responders", responders.say, responders.panel, responders.chart),
    Panel(
        "Responders by condition", responders.condition_say, responders.condition_panel,
        responders.condition_chart,
        lambda book: bool(book.analysis.clinic.get("by_condition")),
    ),
)  # fmt: skip


def write(book: Book) -> None:
    """The sheet; its tables are named after the panels."""
    page = book.page("Charts")
    page.widths([CHART_WIDTH] * CHART_COLUMNS + [2, 23] + [9.5] * (TABLE_COLUMNS + 6))
    row = page.head("Charts", LEAD)
    wanted = [panel for panel in PANELS if panel.wanted(book)]
    if not wanted:
        page.put(row, 0, "Nobody can be evaluated yet, so there is nothing to draw.")
    breaks = []
    for index, panel in enumerate(wanted):
        row = page.section(row, panel.title, TABLE_LEFT + TABLE_COLUMNS)
        row = page.prose(row, panel.say(book), TEXT_WIDTH)
        panel.place(book, page, row)
        alt = f"{panel.title}. {panel.say(book)}"
        panel.chart(book).insert(page, row, 0, alt, SIZE, LEFT)
        row = max(row + ROWS, _end(book)) + 1
        if index % 2:
            breaks.append(row)
    page.sheet.print_area(0, 0, row, TABLE_LEFT + TABLE_COLUMNS - 1)
    page.sheet.set_h_pagebreaks(breaks)
    page.print_setup(book.footer)


def _end(book: Book) -> int:
    """Below the table that was placed last."""
    return max(table.below for table in book.tables.values() if table.sheet == "Charts")
