"""Figures: every headline figure with its interval, what stands beside it, who is counted."""

from __future__ import annotations

from clinicreport.books.report import first_charts
from clinicreport.books.report.beside_lines import beside_lines
from clinicreport.books.report.headline_figures import Figure, counts, figures, interval_text
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import share
from clinicreport.workbook.page import Page
from clinicreport.workbook.table import Column, address, empty_column, place
from clinicreport.workbook.words import FIELDS

LEAD = [
    "Every figure of the whole courses, with its 95 % interval and what it is out of. A figure"
    " follows a score corrected on the Sessions sheet.",
]
WIDTHS = (37, 30, 24, 47)
COLUMNS = range(len(WIDTHS))
LOW, HIGH = len(WIDTHS) + 1, len(WIDTHS) + 2  # the intervals' ends, beside the printed page


def write(book: ReportBook) -> None:
    """The sheet, from top to bottom; each part returns the row for the next."""
    page = book.page("Figures")
    page.widths([*WIDTHS, 3, 12, 12])
    top = page.head("Figures", LEAD)
    row = top
    for part in (_figures, _beside, _counts, _results, _filled_in):
        row = part(book, page, row)
    page.sheet.print_area(0, 0, row - 2, COLUMNS[-1])
    book.print_setup(page, repeat=top)


def _figures(book: ReportBook, page: Page, row: int) -> int:
    for column, heading in enumerate(("Outcome", "Figure", "95 % interval", "Out of")):
        page.put(row, column, heading, "heading")
    page.put(row, LOW, "Interval from", "heading_right")
    page.put(row, HIGH, "to", "heading_right")
    for figure in figures(book):
        row += 1
        _figure(book, page, row, figure)
    return row + 2


def _figure(book: ReportBook, page: Page, row: int, figure: Figure) -> None:
    page.put(row, 0, figure.label, "figure")
    page.put(row, 1, figure.value, figure.style)
    page.put(row, 3, figure.out_of, "cell_muted")
    names = [(figure.name, 1)]
    if figure.interval is None:
        page.put(row, 2, "–", "cell")
    else:
        low, high = (address(page.name, row, column) for column in (LOW, HIGH))
        page.put(row, 2, interval_text(figure, low, high), "cell")
        style = _ENDS[figure.style]
        for column, end in zip((LOW, HIGH), figure.interval, strict=True):
            page.put(row, column, end, style)
        names += [(f"{figure.name}_low", LOW), (f"{figure.name}_high", HIGH)]
    for name, column in names:
        book.workbook.define_name(name, f"={address(page.name, row, column)}")


_ENDS = {
    "figure_share": "cell_share",
    "figure_percent": "cell_percent",
    "figure_points": "cell_mean",
    "figure_mean2": "cell_mean2",
}


def _beside(book: ReportBook, page: Page, row: int) -> int:
    """What stands beside the headline, in words."""
    lines = beside_lines(book)
    if not lines:
        return row
    columns: list[Column[tuple[str, str]]] = [
        Column("Beside the headline", lambda line: line[0], "figure", as_made=True),
        Column("", lambda line: line[1]),
        *[empty_column()] * 2,
    ]
    return place(page, row, columns, lines, widths=False).below + 1


def _counts(book: ReportBook, page: Page, row: int) -> int:
    """Started = evaluable + each reason, so that nobody is lost without a word."""
    page.fill(row, COLUMNS, "heading")
    page.put(row, 0, "Who is counted", "heading")
    page.put(row, 1, "Patients", "heading")
    for figure in counts(book):
        row += 1
        _figure(book, page, row, figure)
        page.put(row, 2, "", "cell")
    return row + 2


def _results(book: ReportBook, page: Page, row: int) -> int:
    """How many patients had which result."""
    table = first_charts.place_results(page, row, book)
    page.fill(row, range(table.right, len(WIDTHS)), "heading")
    for below in range(row + 1, table.below):
        page.fill(below, range(table.right, len(WIDTHS)), "cell")
    return table.below + 1


def _filled_in(book: ReportBook, page: Page, row: int) -> int:
    columns: list[Column[tuple[str, str]]] = [
        Column("How much is filled in", lambda line: line[0], "figure", as_made=True),
        Column("", lambda line: line[1]),
        *[empty_column()] * 2,
    ]
    lines = _filled(book.analysis.clinic.completeness)
    return place(page, row, columns, lines, widths=False).below + 1


def _filled(shares: dict[str, float | None]) -> list[tuple[str, str]]:
    """How much of each field is filled in, as in "Minutes of the session: 98.0 %"."""
    return [
        (name, "no such column" if (value := shares[field]) is None else share(value))
        for field, name in FIELDS.items()
        if field in shares and field != "baseline_and_latest"
    ]
