"""Charts: the pictures of the report, each beside the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinicreport.books.report import size_limits
from clinicreport.books.report.panels import (
    CHART_COLUMNS,
    CHART_WIDTH,
    LEFT,
    NUMBER_WIDTHS,
    ROWS,
    SIZE,
    TABLE_COLUMNS,
    TABLE_LEFT,
    by_month,
    by_week,
    choices,
    curves,
    distribution,
    responders,
    time,
)
from clinicreport.books.report.report_book import ReportBook
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Page

LEAD = [
    "Each chart stands beside its numbers. Charts follow a score corrected on the Sessions sheet,"
    " except where “as made” is said.",
]
TEXT_WIDTH = 160


def _evaluable(book: ReportBook) -> bool:
    return bool(book.analysis.clinic.evaluable)


@dataclass(frozen=True, slots=True)
class Panel:
    """A heading, what to say, and the functions that place the numbers and draw them."""

    title: str
    say: Callable[[ReportBook], str]
    place: Callable[[ReportBook, Page, int], None]
    chart: Callable[[ReportBook], Chart]
    wanted: Callable[[ReportBook], bool] = _evaluable
    instead: str = ""  # what to say where somebody can be evaluated, but there is no such chart


PANELS = (
    Panel("Pain by week of course", by_week.say, by_week.panel, by_week.chart),
    Panel("Spread of the results", distribution.say, distribution.panel, distribution.chart),
    Panel("Responders", responders.say, responders.panel, responders.chart),
    Panel(
        "Responders by condition",
        responders.condition_say,
        responders.condition_panel,
        responders.condition_chart,
        lambda book: _evaluable(book) and bool(book.analysis.clinic.by_condition),
    ),
    Panel(
        "Every reduction at once",
        curves.cumulative_say,
        curves.cumulative_panel,
        curves.cumulative_chart,
    ),
    Panel("How much depends on who is counted", choices.say, choices.panel, choices.chart),
    Panel(
        "Month by month",
        by_month.say,
        by_month.panel,
        by_month.chart,
        by_month.wanted,
        "Not known: it takes two months with scores.",
    ),
    Panel(
        "After the course",
        time.lasting_say,
        time.lasting_panel,
        time.lasting_chart,
        time.lasting_wanted,
        "Not known: nobody who responded came back for a follow-up.",
    ),
    Panel(
        "Patient by patient",
        curves.ordered_say,
        curves.ordered_panel,
        curves.ordered_chart,
        curves.ordered_wanted,
        f"Left out: over {size_limits.ORDERED:,} evaluable patients.",
    ),
)


def write(book: ReportBook) -> None:
    """The sheet; its tables are named after the panels."""
    page = book.page("Charts")
    page.widths([CHART_WIDTH] * CHART_COLUMNS + [2.0, *NUMBER_WIDTHS])
    row = page.head("Charts", LEAD)
    wanted = [panel for panel in PANELS if panel.wanted(book)]
    if not wanted:
        page.put(row, 0, "Nobody can be evaluated yet, so there is nothing to draw.")
    breaks, drawn = [], row
    for index, panel in enumerate(wanted):
        if index and index % 2 == 0:
            breaks.append(row)
        row = page.section(row, panel.title, TABLE_LEFT + TABLE_COLUMNS)
        row = page.prose(row, panel.say(book), TEXT_WIDTH)
        panel.place(book, page, row)
        alt = f"{panel.title}. {panel.say(book)}"
        panel.chart(book).insert(page, row, 0, alt, SIZE, LEFT)
        drawn = row + ROWS + 1
        row = max(drawn, _end(book) + 1)
    if wanted:
        drawn = _instead(book, page, row, drawn)
    # The last panel has a row a patient: enough of them to go with the chart are printed.
    page.sheet.print_area(0, 0, drawn, TABLE_LEFT + TABLE_COLUMNS - 1)
    page.sheet.set_h_pagebreaks(breaks)
    book.print_setup(page)


def _instead(book: ReportBook, page: Page, row: int, drawn: int) -> int:
    """Say of each chart that there is none why; the last row to print."""
    for panel in PANELS:
        if panel.instead and not panel.wanted(book):
            row = page.section(row, panel.title, TABLE_LEFT + TABLE_COLUMNS)
            row = page.prose(row, panel.instead, TEXT_WIDTH) + 1
            drawn = row
    return drawn


def _end(book: ReportBook) -> int:
    """Below the table that was placed last."""
    return max(table.below for table in book.tables.values() if table.sheet == "Charts")
