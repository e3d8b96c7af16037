"""Summary: the figures on one printed page."""

from __future__ import annotations

from clinicreport.books.share.shared_book import TITLE, SharedBook
from clinicreport.books.share.shared_lines import HeadlineLine
from clinicreport.workbook.cards import Card, caveat_band, place_cards
from clinicreport.workbook.page import Page
from clinicreport.workbook.table import Column, empty_column, place
from clinicreport.workbook.words import ASKED

WIDTHS = (42, 24, 24, 52)
HOW = (
    "Aggregates only. “<5” stands for a count of 1 to 4; “not shown” where a figure would give"
    " such a count away."
)
CARDS = ("reduction", "responder_30/evaluable", "events")  # codes of the lines shown large


def write(book: SharedBook) -> None:
    """The sheet, from top to bottom."""
    page = book.page("Summary")
    page.widths(WIDTHS)
    what = f"Near-infrared light treatment: {ASKED}, 0 to 10"
    lead = f"{what}; {book.aggregates.covers}."
    row = page.head(TITLE, [lead, HOW]) - 1
    row = caveat_band(page, row, [book.caveat], len(WIDTHS), height=24)
    page.sheet.set_row(row, 6)
    row += 1
    row = _cards(book, page, row)
    row = _figures(book, page, row)
    row = _two(page, row, "Who is counted", "Patients", book.aggregates.counts)
    row = _two(page, row, "Filled in, of all sessions", "Share", book.aggregates.filled)
    page.sheet.print_area(0, 0, row - 2, len(WIDTHS) - 1)
    book.print_setup(page, landscape=False, pages_high=1)
    page.sheet.center_horizontally()
    page.sheet.activate()


def _cards(book: SharedBook, page: Page, row: int) -> int:
    """Three figures, and how many patients."""
    lines: dict[str, HeadlineLine] = {}
    for line in book.aggregates.figures:
        lines.setdefault(line.code, line)
    started = dict(book.aggregates.counts)["Started treatment"]
    evaluable = dict(book.aggregates.counts)["Evaluable"]
    reduction, responders, events = (_card(lines[code]) for code in CARDS)
    people = Card("Evaluable patients", evaluable, f"of {started} who started")
    # The wide columns hold the long notes.
    return place_cards(page, row, (reduction, people, events, responders), (22, 38, 34, 6))


def _card(line: HeadlineLine) -> Card:
    interval = "" if line.interval == "–" else f"95 % interval {line.interval}; "
    if line.code == "events":
        below = f"per 100 sessions {line.interval}".rstrip(" –")
        return Card("Adverse events", line.value, below)
    return Card(line.label, line.value, interval + line.out_of)


def _figures(book: SharedBook, page: Page, row: int) -> int:
    columns: list[Column[HeadlineLine]] = [
        Column("Outcome", lambda line: line.label, "figure"),
        Column("Figure", lambda line: line.value, "cell_strong"),
        Column("95 % interval", lambda line: line.interval, "cell"),
        Column("Out of", lambda line: line.out_of, "cell_muted"),
    ]
    return place(page, row, columns, book.aggregates.figures, widths=False).below + 1


def _two(page: Page, row: int, title: str, heading: str, lines: list[tuple[str, str]]) -> int:
    """Two columns of text under a heading; nothing where there is no line."""
    if not lines:
        return row
    columns: list[Column[tuple[str, str]]] = [
        Column(title, lambda line: line[0], "figure"),
        Column(heading, lambda line: line[1], "cell_strong"),
        *[empty_column()] * 2,
    ]
    return place(page, row, columns, lines, widths=False).below + 1
