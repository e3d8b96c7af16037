"""The first page as texts and shapes, for a page that is no workbook: the same words and figures.

Each text is what the workbook shows as made, from the functions that write it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinicreport.books.report import first_charts, first_lines, first_shapes, headline_cards
from clinicreport.books.report.panels import Rows, by_month, by_week
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient, roster
from clinicreport.books.report.tasks import Task
from clinicreport.books.report.verdict_lines import verdict_lines
from clinicreport.outcomes.analysis import Analysis
from clinicreport.workbook.cards import ShownCard
from clinicreport.workbook.page import Cell, shown_value
from clinicreport.workbook.shapes import Drawing
from clinicreport.workbook.shown_text import shown_text


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A chart's numbers as texts; the first column names its rows."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownChart:
    """What a chart shows in words, its shapes and its numbers; ``know``: what to know about it."""

    title: str
    drawing: Drawing
    numbers: ShownTable
    know: str = ""


@dataclass(frozen=True, slots=True)
class ShownTask:
    """What to do and why; whose it is in words, and the patient's id and clinic (None: the logs)."""

    words: str
    whose: str
    patient: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The page from top to bottom. ``charts`` are none where nobody is evaluable; ``months`` is
    the trend, or why there is none."""

    heading: str
    lead: tuple[str, ...]
    caveat: str
    verdict: tuple[str, ...]
    cards: tuple[ShownCard, ...]
    charts: tuple[ShownChart, ...]
    today: tuple[ShownTask, ...]
    rest: str
    others: tuple[ShownTask, ...]
    rests_on: tuple[first_lines.Line, ...]
    months: ShownChart | str


def first_page(analysis: Analysis) -> FirstPage:
    """What the report's first page says, and its months."""
    book = ReportBook(analysis, roster(analysis))
    today = first_lines.today(book)
    lead = (first_lines.counted(book), first_lines.asked(book))
    nothing = () if len(analysis.sessions) else (first_lines.NOTHING_USABLE,)
    return FirstPage(
        book.heading,
        (*lead, *nothing),
        book.caveat,
        tuple(map(_text, verdict_lines(book))),
        tuple(
            ShownCard(_text(card.label), _text(card.value), tuple(map(_text, card.lines)))
            for card in headline_cards.cards(book)
        ),
        _charts(book),
        tuple(map(_task, today.first)),
        today.rest,
        tuple(map(_task, today.others)),
        tuple(first_lines.rests_on(book)),
        _months(book),
    )


def _text(cell: Cell) -> str:
    return str(shown_value(cell))


def _task(task: Task) -> ShownTask:
    patient: Patient | None = task.patient
    if patient is None:
        return ShownTask(first_lines.task_words(task), first_lines.THE_LOGS, None)
    key = str(patient.course["patient"]), str(patient.course["clinic"] or "")
    return ShownTask(first_lines.task_words(task), patient.label, key)


def _charts(book: ReportBook) -> tuple[ShownChart, ...]:
    """The two charts; none where nobody is evaluable: an empty chart says nothing."""
    if not book.analysis.clinic.evaluable:
        return ()
    weeks = by_week.rows(book)[: len(first_charts.chart_weeks(book))]
    results = [
        {RESULTS[0][0]: r.label, RESULTS[1][0]: r.patients} for r in first_charts.results(book)
    ]
    return (
        ShownChart(
            first_charts.said_by_week(book),
            first_shapes.weeks_drawing(book),
            _table(by_week.OWN, weeks),
        ),
        ShownChart(
            first_charts.said_of_results(book),
            first_shapes.results_drawing(book),
            _table(RESULTS, results),
        ),
    )


RESULTS = ((first_charts.RESULT, "cell_strong"), ("Patients", "cell_count"))


def _months(book: ReportBook) -> ShownChart | str:
    """The trend; where a month or more is missing for it, what the report says instead."""
    if not book.analysis.clinic.evaluable or not by_month.wanted(book):
        return by_month.INSTEAD
    numbers = _table(by_month.columns(book), by_month.rows(book))
    drawing = first_shapes.months_drawing(book)
    return ShownChart(by_month.title(book), drawing, numbers, by_month.say(book))


def _table(columns: Sequence[tuple[str, str]], rows: Rows) -> ShownTable:
    return ShownTable(
        tuple(heading for heading, _ in columns),
        tuple(tuple(shown_text(row.get(name), style) for name, style in columns) for row in rows),
    )
