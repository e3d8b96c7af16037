"""Summary: the first page. Headline figures, two charts, who is counted, what needs attention."""

from __future__ import annotations

from collections.abc import Callable

from clinicreport.books.report import edited_mark, headline_cards, patient_formulas, size_limits
from clinicreport.books.report.beside_lines import beside_lines
from clinicreport.books.report.headline_figures import Figure, counts, figures, interval_text
from clinicreport.books.report.panels import by_week, distribution
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.ground.rounding import points, share
from clinicreport.log.findings import verdict
from clinicreport.outcomes.figures import MonthFigures
from clinicreport.workbook import logo
from clinicreport.workbook.cards import caveat_band, place_cards
from clinicreport.workbook.page import Cell, Formula, Link, Page
from clinicreport.workbook.table import Column, address, empty_column, place
from clinicreport.workbook.words import ASKED, FIELDS, attention, count, month

WIDTHS = (37, 30, 24, 47)
COLUMNS = range(len(WIDTHS))
LOW, HIGH = len(WIDTHS) + 1, len(WIDTHS) + 2  # the intervals' ends, beside the printed page
CHART_ROWS = 17
ATTENTION = 6  # patients named on the first page
RESTATED = 4  # lines on what differs from an earlier report


def write(book: ReportBook) -> None:
    """The sheet, from top to bottom; each part returns the row for the next."""
    page = book.page("Summary")
    page.widths([*WIDTHS, 3, 12, 12])
    row = page.head(book.heading, _lead(book)) - 1
    _logo(book, page)
    parts: list[Callable[[ReportBook, Page, int], int]] = [
        _caveat,
        _cards,
        _charts,
        _figures,
        _beside,
        _counts,
        _data,
        _attention,
    ]
    for part in parts:
        row = part(book, page, row)
    page.sheet.print_area(0, 0, row - 1, COLUMNS[-1])
    book.print_setup(page, landscape=False, pages_high=1)
    page.sheet.center_horizontally()
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _logo(book: ReportBook, page: Page) -> None:
    """The clinic's picture at the right of the title."""
    if book.analysis.logo is None:
        return
    page.sheet.set_row(0, 48)
    room = int(7 * WIDTHS[-1] + 5)  # pixels of the last printed column
    logo.load(book.analysis.logo).place(page, 0, COLUMNS[-1], room, f"Logo of {book.title}")


def _lead(book: ReportBook) -> list[Cell]:
    clinic = book.analysis.clinic
    visits, patients = count(clinic.sessions, "session"), count(clinic.started, "patient")
    edited: Cell = patient_formulas.AS_MADE
    if "sessions" in book.tables:
        edited = Formula(f"={edited_mark.MARK}", patient_formulas.AS_MADE)
    if not len(book.analysis.sessions):
        edited = "The logs hold no usable visit, so there is nothing to report yet."
    return [
        f"Near-infrared light treatment: {ASKED}, from 0 (none) to 10 (worst)."
        f" {visits} of {patients}; {book.covers}.",
        edited,
    ]


def _caveat(book: ReportBook, page: Page, row: int) -> int:
    row = caveat_band(page, row, [book.caveat], len(WIDTHS), height=24)
    page.sheet.set_row(row, 6)
    return row + 1


def _cards(book: ReportBook, page: Page, row: int) -> int:
    return place_cards(page, row, headline_cards.cards(book), (22, 38, 50, 6))


def _charts(book: ReportBook, page: Page, row: int) -> int:
    """Only where somebody can be evaluated: an empty chart says nothing."""
    if not book.analysis.clinic.evaluable:
        return row
    left = by_week.chart(book)
    left.insert(
        page, row, 0, "Mean pain by week of course; the numbers are on sheet Charts.", (474, 330)
    )
    right = distribution.chart(book)
    right.insert(
        page, row, 2, "Patients by percent reduction; the numbers are on sheet Charts.", (500, 330)
    )
    return row + CHART_ROWS + 1


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
        Column("Beside the headline (as made)", lambda line: line[0], "figure"),
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


def _data(book: ReportBook, page: Page, row: int) -> int:
    analysis = book.analysis
    rows, used, aside = (
        sum(getattr(entry, name) for entry in analysis.inputs)
        for name in ("rows", "used", "set_aside")
    )
    filled = _filled(analysis.clinic.completeness)
    lines = [
        ("Rows in the files", f"{rows:,} = {used:,} used + {aside:,} set aside (see Findings)"),
        ("Findings", f"{verdict(analysis.findings)} (sheet Findings)"),
        ("Since last month", _months(book)),
        *_restated(book),
        ("Filled in", "; ".join(filled[:3])),
        ("", "; ".join(filled[3:])),
        *(
            ("Left out for size", text)
            for text in size_limits.left_out(book.analysis, len(book.roster.patients))
        ),
    ]
    columns: list[Column[tuple[str, str]]] = [
        Column("What the figures rest on", lambda line: line[0], "figure"),
        Column("", lambda line: line[1]),
        *[empty_column()] * 2,
    ]
    return place(page, row, columns, lines, widths=False).below + 1


def _filled(shares: dict[str, float | None]) -> list[str]:
    """How much of each field is filled in, as in "minutes of the session 98.0 %"."""
    told = []
    for field, name in FIELDS.items():
        if field in shares and field != "baseline_and_latest":
            value = shares[field]
            told.append(f"{name.lower()} {'no such column' if value is None else share(value)}")
    return told


def _months(book: ReportBook) -> str:
    """The month against what last month's own report says."""
    trend = book.analysis.clinic.trend
    if not any(entry.n for entry in trend):
        return "no evaluable patient yet"
    now, last = trend[-1], trend[-2] if len(trend) > 1 else None
    if last is None:
        return f"{month(now.month)}: {_month(now)}; no earlier month to compare"
    own = f"the own report of {month(last.month)}: {_month(last)}"
    return f"{month(now.month)}: {_month(now)}; {own}"


def _month(entry: MonthFigures) -> str:
    """A month's mean reduction, share of responders and patients in words."""
    if entry.mean_reduction is None or entry.responder_30 is None:
        return "nobody evaluable"
    down = f"{share(entry.responder_30)} down by 30 %"
    return f"{points(entry.mean_reduction)} points less, {down}, n = {entry.n:,}"


def _restated(book: ReportBook) -> list[tuple[str, str]]:
    """What differs from an earlier report: the first sentences; all stand on sheet Method."""
    told = book.analysis.restated
    first = told if len(told) <= RESTATED else told[: RESTATED - 1]
    lines = [("Restated" if not at else "", text) for at, text in enumerate(first)]
    if len(told) > len(first):
        lines.append(("", f"and {len(told) - len(first)} more (sheet Method)"))
    return lines


def _attention(book: ReportBook, page: Page, row: int) -> int:
    named = [
        (at, patient) for at, patient in enumerate(book.roster.by_attention) if patient.attention
    ]
    shown, rest = named[:ATTENTION], len(named) - ATTENTION
    columns: list[Column[tuple[int, Patient]]] = [
        Column("Who needs attention first", lambda n: _link(book, *n), "cell_link"),
        Column("Why", lambda n: attention(n[1].attention, book.analysis.protocol)),
        *[empty_column()] * 2,
    ]
    place(page, row, columns, shown, widths=False)
    row += 1 + len(shown)
    if not named:
        page.put(row, 0, "Nobody.", "cell")
    elif rest > 0:
        page.put(row, 0, f"and {rest} more (sheet Patients)", "cell")
    return row + 1


def _link(book: ReportBook, at: int, patient: Patient) -> Link:
    return Link(book.tables["patients"].at("Patient", at), patient.label)
