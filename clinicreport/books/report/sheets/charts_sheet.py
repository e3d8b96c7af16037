"""Charts: the pictures of the report, each beside the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from clinicreport.books.report import chart_findings, size_limits
from clinicreport.books.report.panels import (
    CHART_COLUMNS,
    CHART_WIDTH,
    LEFT,
    NUMBER_WIDTHS,
    ROWS,
    TABLE_LEFT,
    WIDE,
    by_group,
    by_month,
    by_week,
    choices,
    curves,
    distribution,
    responders,
    time,
)
from clinicreport.books.report.report_book import ReportBook
from clinicreport.outcomes.figures import ConditionFigures
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import ROW_PIXELS, Cell, Formula, Page
from clinicreport.workbook.table import address
from clinicreport.workbook.words import as_made

LEAD = [
    "Each chart has a table of its numbers to its right, which is not printed.",
    "Charts follow a score corrected on the Sessions sheet, except where “as made” is said.",
]
TEXT_WIDTH = 112
SECTION_PIXELS = 30
PAGE_PIXELS = 1080  # of rows on a printed page as wide as the charts


def _evaluable(book: ReportBook) -> bool:
    return bool(book.analysis.clinic.evaluable)


def _bars(groups: Sequence[ConditionFigures]) -> int:
    """Rows of a chart with groups on their side: room for each name, whatever its lines."""
    lines = max((len(by_group.label(each.condition).split("\n")) for each in groups), default=1)
    return max(ROWS, 3 + (2 if lines == 1 else 3) * len(groups))


class Panel(NamedTuple):
    """A heading, what to say, and the functions that place the numbers and draw them.

    ``as_made``: its figures do not follow corrections, which its headings and its chart say.
    """

    title: str
    say: Callable[[ReportBook], str]
    place: Callable[[ReportBook, Page, int], None]
    chart: Callable[[ReportBook], Chart]
    finding: Callable[[ReportBook], Cell] | None = None  # what it shows, else the chart's own title
    wanted: Callable[[ReportBook], bool] = _evaluable
    rows: Callable[[ReportBook], int] = lambda _: ROWS  # that the chart covers
    front: bool = False  # printed behind the first page, too
    instead: str = ""  # what to say where somebody can be evaluated, but there is no such chart
    as_made: bool = False

    @property
    def heading(self) -> str:
        """The title as it stands above the chart and its numbers."""
        return as_made(self.title) if self.as_made else self.title


PANELS = (
    Panel(
        "Pain by week of course",
        by_week.say,
        by_week.panel,
        by_week.chart,
        chart_findings.by_week,
        rows=lambda _: ROWS + 4,  # its legend has three lines
        front=True,
    ),
    Panel(
        "Spread of the results",
        distribution.say,
        distribution.panel,
        distribution.chart,
        chart_findings.spread,
    ),
    Panel(
        "Responders",
        responders.say,
        responders.panel,
        responders.chart,
        chart_findings.responders,
        front=True,
    ),
    Panel(
        "Responders by condition",
        by_group.condition_say,
        by_group.condition_panel,
        by_group.condition_chart,
        wanted=lambda book: _evaluable(book) and bool(book.analysis.clinic.by_condition),
        rows=lambda book: _bars(by_group.conditions(book)),
        as_made=True,
    ),
    Panel(
        "Clinic by clinic",
        by_group.clinic_say,
        by_group.clinic_panel,
        by_group.clinic_chart,
        wanted=lambda book: _evaluable(book) and bool(book.analysis.by_clinic),
        rows=lambda book: _bars(by_group.clinics(book)),
        as_made=True,
    ),
    Panel(
        "Every reduction at once",
        curves.cumulative_say,
        curves.cumulative_panel,
        curves.cumulative_chart,
        chart_findings.cumulative,
    ),
    Panel(
        "How much depends on who is counted",
        choices.say,
        choices.panel,
        choices.chart,
        chart_findings.choices,
        rows=lambda _: ROWS + 3,
    ),
    Panel(
        "Month by month",
        by_month.say,
        by_month.panel,
        by_month.chart,
        wanted=by_month.wanted,
        front=True,
        instead=by_month.INSTEAD,
        as_made=True,
    ),
    Panel(
        "After the course",
        time.lasting_say,
        time.lasting_panel,
        time.lasting_chart,
        chart_findings.lasting,
        time.lasting_wanted,
        lambda _: ROWS + 3,  # its legend has two lines
        front=True,
        instead="Not known: nobody who responded came back for a follow-up.",
        as_made=True,
    ),
    Panel(
        "Patient by patient",
        curves.ordered_say,
        curves.ordered_panel,
        curves.ordered_chart,
        chart_findings.ordered,
        curves.ordered_wanted,
        instead=f"Left out: over {size_limits.ORDERED:,} evaluable patients.",
        as_made=True,
    ),
)


def write(book: ReportBook) -> None:
    """The sheet; its tables are named after the panels."""
    page = book.page("Charts")
    page.widths([CHART_WIDTH] * CHART_COLUMNS + [2.0, *NUMBER_WIDTHS])
    top = row = page.head("Charts", LEAD)
    shown = [panel for panel in PANELS if panel.wanted(book)]
    if not shown:
        page.put(row, 0, "Nobody can be evaluated yet, so there is nothing to draw.")
        row += 1
    breaks, used, numbers = [], ROW_PIXELS * (top + 1), 0
    for panel in shown:
        below, numbers = _draw(book, page, panel, row, numbers)
        pixels = SECTION_PIXELS + ROW_PIXELS * (below - row - 1)
        if panel is shown[-1]:  # why others are not drawn stands below it, on its page
            pixels += (SECTION_PIXELS + 2 * ROW_PIXELS) * len(_left_out(book))
        if used + pixels > PAGE_PIXELS and row > top:
            breaks.append(row)
            used = 0
        used, row = used + pixels, below
    if shown:
        row = _instead(book, page, row)
    page.sheet.print_area(0, 0, row - 1, CHART_COLUMNS - 1)
    page.sheet.set_h_pagebreaks(breaks)
    book.print_setup(page, landscape=False)


def _draw(book: ReportBook, page: Page, panel: Panel, row: int, numbers: int) -> tuple[int, int]:
    """Heading, words and chart, with the numbers at their right, below those of the charts before
    (``numbers``: their end); the rows below the chart and below its numbers."""
    row = page.section(row, panel.heading, CHART_COLUMNS)
    row = page.prose(row, panel.say(book), TEXT_WIDTH)
    table = max(row, numbers + 1)
    page.put(table - 1, TABLE_LEFT, panel.heading, "strong")
    panel.place(book, page, table)
    below = insert(book, page, panel, row, WIDE, (table - 1, TABLE_LEFT + 2))
    return below, _end(book) + 1


def insert(
    book: ReportBook, page: Page, panel: Panel, row: int, wide: int, aside: tuple[int, int]
) -> int:
    """A panel's chart on a sheet, ``wide`` pixels, after its table is placed; the row below it.

    ``aside``: the cell, beside what is printed, that holds what the chart shows: its title.
    """
    rows, chart = panel.rows(book), panel.chart(book)
    told: Cell = panel.finding(book) if panel.finding else chart.title
    shown = str(told.value if isinstance(told, Formula) else told)
    if panel.as_made:
        shown = as_made(shown)
        chart.entitle(shown)
    elif panel.finding:
        page.put(*aside, told, "muted")
        chart.title_in(address(page.name, *aside))
    alt = f"{panel.title}: {shown}. {panel.say(book)}"
    chart.insert(page, row, 0, alt, (wide, rows * ROW_PIXELS - 10), LEFT)
    return row + rows + 1


def _instead(book: ReportBook, page: Page, row: int) -> int:
    """Say of each chart that there is none why; the first row that is not to be printed."""
    for panel in _left_out(book):
        row = page.section(row, panel.title, CHART_COLUMNS)
        row = page.prose(row, panel.instead, TEXT_WIDTH) + 1
    return row


def _left_out(book: ReportBook) -> list[Panel]:
    """The panels that have no chart, and say why."""
    return [panel for panel in PANELS if panel.instead and not panel.wanted(book)]


def _end(book: ReportBook) -> int:
    """Below the table that was placed last."""
    return max(table.below for table in book.tables.values() if table.sheet == "Charts")
