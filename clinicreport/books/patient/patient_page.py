"""The page, from top to bottom; each part returns the row for what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from clinicreport.books.patient import notes, score_tables, sentences
from clinicreport.books.patient.facts import Facts, Row
from clinicreport.books.patient.now_words import now
from clinicreport.books.patient.patient_book import PatientBook
from clinicreport.books.patient.patient_cards import key_figures
from clinicreport.books.patient.week_plan import plan
from clinicreport.workbook.cards import Card, caveat_band, place_cards
from clinicreport.workbook.page import CHARACTERS, Cell, Page
from clinicreport.workbook.table import Column, place
from clinicreport.workbook.words import count, missing

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis
    from clinicreport.workbook.theme import Theme

SHEET = "Patient"
BLOCK = (10.5, 9.5, 6.5, 6.5, 6.5, 12.5)  # columns of one block of the visits table
WIDTHS = (*BLOCK, *BLOCK)
COLUMNS = range(len(WIDTHS))
CARD = 3  # columns of a card
TEXT = int(sum(WIDTHS) * CHARACTERS * 0.92)  # characters of a line across the page
CHART_SIZE = (789, 296)
CHART_ROWS = 15
NOTHING_TO_DRAW = "No pain score was written: there is nothing to draw."
ON_PAGE = 36  # visits that fit the page in two blocks
MOST_NOTES = 7
GAP = 7  # points between parts

Part = Callable[[PatientBook, Page, int], int]


def content(analysis: Analysis, facts: Facts, theme: Theme) -> bytes:
    """The workbook's bytes; the same facts give the same bytes."""
    book = PatientBook(analysis, facts, theme=theme)
    return book.finish({SHEET: _write}, "Patient report", analysis.as_of or analysis.run_day)


def _write(book: PatientBook) -> None:
    page = book.page(SHEET)
    page.widths(WIDTHS)
    row = _head(book, page)
    parts: list[Part] = [_change, _cards, _room_for_chart, plan, _notes, _visits, _signature]
    chart_at = row
    for part in parts:
        if part is _room_for_chart:
            chart_at = row
        row = part(book, page, row)
    row = _caveat(book, page, row)
    page.sheet.print_area(0, 0, row - 1, COLUMNS[-1])
    page.put(row + 1, 0, "What the chart is drawn from (not printed)", "muted")
    drawn = score_tables.place_tables(book, page, row + 2)
    said = f"{book.title} · {sentences.change_and_now(book.facts)}"
    chart = score_tables.chart(book, drawn)
    if chart is not None:
        chart.insert(page, chart_at, 0, said, CHART_SIZE)
    else:
        page.put(chart_at, 0, NOTHING_TO_DRAW, "text")
    book.print_setup(page, landscape=False, pages_high=1, margins=(0.5, 0.5, 0.45, 0.6))
    page.sheet.center_horizontally()


def _head(book: PatientBook, page: Page) -> int:
    facts = book.facts
    page.head(facts.heading, [])
    page.put(1, 0, about(book), "lead")
    page.put(2, 0, sentences.standing(facts, book.analysis.protocol), "lead")
    page.sheet.set_row(3, GAP)
    return 4


def about(book: PatientBook) -> str:
    """Whose page it is, by which protocol, and which days it covers."""
    return f"{book.title} · {book.analysis.protocol.name} · {book.covers}"


def _change(book: PatientBook, page: Page, row: int) -> int:
    """Start, end of the course and now in words."""
    facts = book.facts
    fits = int(TEXT / 1.35)  # the sentence is set larger
    for text in filter(None, (sentences.change(facts), now(facts.course))):
        for line in wrap(text, fits):
            page.put(row, 0, line, "sentence")
            page.sheet.set_row(row, 23)
            row += 1
    told = [*sentences.details(facts), sentences.earlier(facts)]
    for text in filter(None, told):
        for line in wrap(text, TEXT):
            page.put(row, 0, line, "text")
            row += 1
    page.sheet.set_row(row, GAP)
    return row + 1


def _cards(book: PatientBook, page: Page, row: int) -> int:
    """Four figures to read at arm's length."""
    analysis = book.analysis
    figures = key_figures(book.facts, analysis.protocol, analysis.as_of)
    cards = [Card(label, figure, _card_lines(below)) for label, figure, below in figures]
    looks = (
        page.styles.laid("card_label", right=0, text_wrap=False),
        page.styles.laid("card_value", right=0, font_size=19),
        page.styles.laid("card_note", right=0, text_wrap=False),
    )
    return place_cards(page, row, cards, (20, 29, None, GAP), across=CARD, looks=looks)


def _card_lines(told: Sequence[str]) -> tuple[str, ...]:
    fits = int(sum(BLOCK[CARD:]) * 1.2)
    return tuple(line for text in told for line in wrap(text, fits))


def _room_for_chart(book: PatientBook, page: Page, row: int) -> int:  # noqa: ARG001
    return row + CHART_ROWS + 1


def _notes(book: PatientBook, page: Page, row: int) -> int:
    """Safety first; what does not fit is counted, never dropped."""
    row = page.section(row, notes.TITLE, len(WIDTHS))
    told = notes.notes(book.facts, book.analysis.protocol)
    if not told:
        page.put(row, 0, notes.NOTHING, "text")
        row += 1
    for note in told[:MOST_NOTES]:
        for line in wrap(note.line, TEXT, subsequent_indent="    "):
            page.put(row, 0, line, "strong" if note.severity == "error" else "text")
            row += 1
    if len(told) > MOST_NOTES:
        rest = count(len(told) - MOST_NOTES, "more note")
        page.put(row, 0, f"and {rest}: {notes.WHERE}", "muted")
        row += 1
    page.put(row, 0, f"{notes.documented(book.facts)}  {notes.LEGEND}", "muted")
    page.sheet.set_row(row + 1, GAP)
    return row + 2


def _visits(book: PatientBook, page: Page, row: int) -> int:
    """The visits in two blocks side by side, read down the left one first."""
    visits = book.facts.visits
    shown = visits[-ON_PAGE:]
    title = (
        "Visits"
        if len(shown) == len(visits)
        else (f"The latest {len(shown)} of {len(visits)} visits (all of them stand below the page)")
    )
    row = page.section(row, title, len(WIDTHS))
    half = -(-len(shown) // 2)
    columns = visit_columns(book)
    for block, part in enumerate((shown[:half], shown[half:])):
        if part:
            place(page, row, columns, part, left=block * len(BLOCK), widths=False)
    page.sheet.set_row(row, 17)
    page.sheet.set_row(row + half + 1, GAP)
    return row + half + 2


def visit_columns(book: PatientBook) -> list[Column[Row]]:
    """What is shown of each visit."""
    noted, kinds = _noted(book), score_tables.KINDS
    return [
        Column("Date", lambda v: v["date"].date(), "cell_date"),
        Column("Visit", lambda v: kinds.get(v["visit_type"], str(v["visit_type"]))),
        Column("Before", lambda v: _or_dash(v["nrs_before"]), "cell_score"),
        Column("After", lambda v: _or_dash(v["nrs_after"]), "cell_score"),
        Column("Min", lambda v: _or_dash(v["duration"]), "cell_score"),
        Column("Noted", lambda v: noted.get((v["file"], v["sheet"], v["row"]), "")),
    ]


def _or_dash(value: Cell) -> Cell:
    return "–" if missing(value) else value


def _noted(book: PatientBook) -> dict[tuple[str, str, int], str]:
    """What is marked beside a visit: an adverse event, the pause before it."""
    pauses = book.facts.pauses(book.analysis.protocol.course.interruption_days)
    since = {id(after): (after["date"] - before["date"]).days for before, after in pauses}
    marked = {}
    for visit in book.facts.visits:
        marks = ["✖ event"] if score_tables.event(visit) else []
        marks += [f"pause {since[id(visit)]} d"] if id(visit) in since else []
        marked[visit["file"], visit["sheet"], visit["row"]] = ", ".join(marks)
    return marked


def _signature(book: PatientBook, page: Page, row: int) -> int:  # noqa: ARG001
    """Room for notes and for two names, each over its line."""
    page.sheet.set_row(row, 30)
    line = page.styles.laid("muted", top=1, top_color="muted")
    for first, last, text in (
        (0, 4, "Doctor or therapist: name, signature"),
        (6, 8, "Patient"),
        (10, 11, "Date"),
    ):
        page.fill(row + 1, range(first, last + 1), line)
        page.put(row + 1, first, text, line)
    page.sheet.set_row(row + 2, GAP)
    return row + 3


def _caveat(book: PatientBook, page: Page, row: int) -> int:
    lines = wrap(book.analysis.protocol.caveat, int(TEXT / 1.2))
    return caveat_band(page, row, lines, len(WIDTHS), height=18)
