"""Summary: the first page. What came of the treatment, how sure that is, and what to do today."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

from clinicreport.books.report import (
    edited_mark,
    first_charts,
    first_lines,
    front_pages,
    headline_cards,
    patient_formulas,
)
from clinicreport.books.report.once_edited import once_edited
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.books.report.tasks import Task
from clinicreport.books.report.verdict_lines import verdict_lines
from clinicreport.workbook import logo
from clinicreport.workbook.cards import caveat_band, place_cards
from clinicreport.workbook.page import CHARACTERS, Cell, Formula, Link, Page
from clinicreport.workbook.table import address, quoted

WIDTHS = (24, 24, 24, 24)  # as wide as a page at full size, so that nothing is printed smaller
COLUMNS = range(len(WIDTHS))
TITLES = len(WIDTHS) + 1  # the charts' titles, beside the printed page
CHART_SIZE, CHART_ROWS = (344, 240), 12
AS_MADE_FOR_SIZE = "Figures as made; correct the log and run again."
TASK_LINES = 2  # of one of them
# What each sheet is for, in the order of the tabs.
SHEETS = {
    "Figures": "every figure",
    "Charts": "pictures",
    "Patients": "one row each",
    "Patient": "one to choose",
    "To do": "the whole list",
    "Weeks": "week by week",
    "Adherence and safety": "",
    "Findings": "in the logs",
    "Evidence": "what is known",
    "Sessions": "every visit",
    "Method": "how it is made",
}


def write(book: ReportBook) -> None:
    """The sheet, from top to bottom; each part returns the row for the next."""
    page = book.page("Summary")
    page.widths([*WIDTHS, 3, 12])
    row = page.head(book.heading, _lead(book)) - 1
    _logo(book, page)
    parts: list[Callable[[ReportBook, Page, int], int]] = [
        _caveat,
        _verdict,
        _cards,
        _charts,
        _tasks,
        _data,
        _links,
    ]
    for part in parts:
        row = part(book, page, row)
    smaller = front_pages.scale(page, row)
    if smaller is None:
        book.print_setup(page, landscape=False)
    else:
        book.print_setup(page, landscape=False, scale=smaller)
    row, breaks = front_pages.place_front(book, page, row, WIDTHS, TITLES)
    page.sheet.set_h_pagebreaks(breaks)
    page.sheet.print_area(0, 0, row - 1, COLUMNS[-1])
    page.sheet.center_horizontally()
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _logo(book: ReportBook, page: Page) -> None:
    """The clinic's picture at the right of the title."""
    if book.analysis.logo is None:
        return
    page.sheet.set_row(0, 48)
    room = int(sum(7 * width + 5 for width in WIDTHS[2:]))  # pixels of the right half
    logo.load(book.analysis.logo).place(page, 0, COLUMNS[2], room, f"Logo of {book.title}")


def _lead(book: ReportBook) -> list[Cell]:
    """What the report is about: the month's sessions, and those of the whole courses."""
    edited: Cell = AS_MADE_FOR_SIZE if not book.live else patient_formulas.AS_MADE
    if "sessions" in book.tables:
        edited = Formula(f"={edited_mark.MARK}", patient_formulas.AS_MADE)
    if not len(book.analysis.sessions):
        edited = first_lines.NOTHING_USABLE
    asked, listed = first_lines.asked(book), "sessions" in book.tables
    return [first_lines.counted(book), edited, edited_mark.not_followed(asked) if listed else asked]


def _caveat(book: ReportBook, page: Page, row: int) -> int:
    row = caveat_band(page, row, wrap(book.caveat, 96), len(WIDTHS), height=20)
    page.sheet.set_row(row, 6)
    return row + 1


def _verdict(book: ReportBook, page: Page, row: int) -> int:
    """The answer in plain sentences, a line each."""
    for line in verdict_lines(book):
        page.put(row, 0, line, "verdict")
        page.sheet.set_row(row, 19)
        row += 1
    page.sheet.set_row(row, 6)
    return row + 1


def _cards(book: ReportBook, page: Page, row: int) -> int:
    return place_cards(page, row, headline_cards.cards(book), (20, 32, 70, 6))


def _charts(book: ReportBook, page: Page, row: int) -> int:
    """Only where somebody can be evaluated: an empty chart says nothing."""
    if not book.analysis.clinic.evaluable:
        return row
    told = first_charts.titles(book)
    drawn = (first_charts.by_week, first_charts.by_result)
    for at, (title, draw) in enumerate(zip(told, drawn, strict=True)):
        page.put(row + at, TITLES, title, "muted")
        words = title.value if isinstance(title, Formula) else title
        chart = draw(book, address(page.name, row + at, TITLES))
        chart.insert(page, row, 2 * at, f"{words}. The numbers are on {_WHERE[at]}.", CHART_SIZE)
    page.heights(dict.fromkeys(range(row, row + CHART_ROWS + 1), 15.0))
    return row + CHART_ROWS + 1


_WHERE = ("sheet Charts", "sheet Figures")


def _heading(page: Page, row: int, text: Cell) -> int:
    """A heading over the whole width; the row for what follows."""
    style = page.styles.laid("heading", text_wrap=False)
    page.sheet.set_row(row, 6)
    page.fill(row + 1, COLUMNS, style)
    page.put(row + 1, 0, text, style)
    page.sheet.set_row(row + 1, 18)
    return row + 2


def _tasks(book: ReportBook, page: Page, row: int) -> int:
    """The most urgent things to do, a line each."""
    today = first_lines.today(book)
    row = _heading(page, row, once_edited(book, first_lines.TO_DO_TODAY))
    for task in today.first:
        for at, line in enumerate(_what(task)):
            page.fill(row, COLUMNS, "cell")
            page.put(row, 0, None if at else _who(book, task), "cell_link")
            page.put(row, 1, line, "cell")
            row += 1
    if not today.first:
        page.put(row, 0, first_lines.NOTHING_DUE, "cell")
        row += 1
    if today.rest:
        more = Link(f"{quoted('To do')}!A1", f"{today.rest}: sheet To do")
        page.put(row, 0, more, "cell_link")
        row += 1
    return row


def _who(book: ReportBook, task: Task) -> Link:
    if task.patient is None:
        return Link("Findings!A1", first_lines.THE_LOGS)
    table = book.tables["patients"]
    at = book.roster.by_attention.index(task.patient)
    return Link(table.at("Patient", at), _named(task.patient)[0])


def _named(patient: Patient) -> tuple[str, str]:
    """The name in the first column, and what has no room there: the clinic of a long one."""
    if len(patient.label) <= WIDTHS[0]:
        return patient.label, ""
    return str(patient.course["patient"]), str(patient.course["clinic"] or "")


def _what(task: Task) -> list[str]:
    """What to do and why in a line or two; what is longer stands on its sheet."""
    clinic = _named(task.patient)[1] if task.patient else ""
    text = f"{first_lines.task_words(task)}{clinic and f', {clinic}'}"
    fits = int(1.1 * sum(WIDTHS[1:]) * CHARACTERS)
    return wrap(text, fits, max_lines=TASK_LINES, placeholder=" (more on sheet To do)")


def _data(book: ReportBook, page: Page, row: int) -> int:
    row = _heading(page, row, once_edited(book, first_lines.REST_ON))
    for label, text in first_lines.rests_on(book):
        for at, line in enumerate(wrap(text, int(sum(WIDTHS[1:]) * CHARACTERS) - 2) or [""]):
            page.fill(row, COLUMNS, "cell")
            page.put(row, 0, "" if at else label, "figure")
            page.put(row, 1, line, "cell")
            row += 1
    return row


def _links(_: ReportBook, page: Page, row: int) -> int:
    """A jump to every other sheet."""
    row = _heading(page, row, "Behind the figures")
    for at, (sheet, what) in enumerate(SHEETS.items()):
        text = f"{sheet}: {what}" if what else sheet
        page.put(
            row + at // len(WIDTHS),
            at % len(WIDTHS),
            Link(f"{quoted(sheet)}!A1", text),
            "cell_link",
        )
    return row + -(-len(SHEETS) // len(WIDTHS))
