"""The page, from top to bottom; each part returns the row for what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from clinicreport.books.patient import notes, score_tables, sentences
from clinicreport.books.patient.facts import Facts, Row
from clinicreport.books.patient.week_plan import plan
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Roster
from clinicreport.ground.rounding import score
from clinicreport.workbook.page import CHARACTERS, Page, Styles
from clinicreport.workbook.words import count, missing, plain

if TYPE_CHECKING:
    from xlsxwriter.format import Format

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
ON_PAGE = 36  # visits that fit the page in two blocks
MOST_NOTES = 7
GAP = 7  # points between parts

Part = Callable[[ReportBook, Page, int, Facts], int]


def content(analysis: Analysis, facts: Facts, theme: Theme) -> bytes:
    """The workbook's bytes; the same facts give the same bytes."""
    import xlsxwriter

    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    nobody = Roster(analysis.sessions, [], several_sites=False)
    book = ReportBook(workbook, Styles(workbook, theme), analysis, nobody)
    made = datetime.combine(analysis.as_of or analysis.run_day, time())
    workbook.set_properties({"title": "Patient report", "created": made})
    workbook.add_worksheet(SHEET)
    _write(book, facts)
    workbook.close()
    return buffer.getvalue()


def _write(book: ReportBook, facts: Facts) -> None:
    page = book.page(SHEET)
    page.widths(WIDTHS)
    row = _head(book, page, facts)
    parts: list[Part] = [_change, _cards, _room_for_chart, plan, _notes, _visits, _signature]
    chart_at = row
    for part in parts:
        if part is _room_for_chart:
            chart_at = row
        row = part(book, page, row, facts)
    row = _caveat(book, page, row)
    page.sheet.print_area(0, 0, row - 1, COLUMNS[-1])
    page.put(row + 1, 0, "What the chart is drawn from (not printed)", "muted")
    drawn = score_tables.place_tables(book, page, row + 2, facts)
    said = f"{book.title} · {sentences.change(facts)}"
    score_tables.chart(book, facts, drawn).insert(page, chart_at, 0, said, CHART_SIZE)
    page.print_setup("", f"{book.title} · {book.covers}", landscape=False, pages_high=1)
    page.sheet.center_horizontally()
    page.sheet.set_margins(left=0.5, right=0.5, top=0.45, bottom=0.6)


def own_style(book: ReportBook, base: str, **more: Any) -> Format:
    """A style of the theme with something of this page's own."""
    theme = book.styles.theme
    properties = theme.properties(base) | more
    for key, value in more.items():
        if key.endswith("color"):
            properties[key] = theme.colour(value)
    return book.workbook.add_format(properties)


def _head(book: ReportBook, page: Page, facts: Facts) -> int:
    who = f"Patient {facts.label}"
    page.head(f"{who}: {facts.name}" if facts.name else who, [])
    page.put(1, 0, f"{book.title} · {book.analysis.protocol.name} · {book.covers}", "lead")
    page.put(2, 0, sentences.standing(facts, book.analysis.protocol), "lead")
    page.sheet.set_row(3, GAP)
    return 4


def _change(book: ReportBook, page: Page, row: int, facts: Facts) -> int:  # noqa: ARG001
    """Baseline to now in words."""
    fits = int(TEXT / 1.35)  # the sentence is set larger
    for line in wrap(sentences.change(facts), fits):
        page.put(row, 0, line, "sentence")
        page.sheet.set_row(row, 23)
        row += 1
    told = [*sentences.details(facts), sentences.afterwards(facts), sentences.earlier(facts)]
    for text in filter(None, told):
        for line in wrap(text, TEXT):
            page.put(row, 0, line, "text")
            row += 1
    page.sheet.set_row(row, GAP)
    return row + 1


def _cards(book: ReportBook, page: Page, row: int, facts: Facts) -> int:
    """Four figures to read at arm's length."""
    course, protocol = facts.course, book.analysis.protocol
    figure, group = sentences.verdict(facts)
    due = sentences.checkpoint(facts, protocol, book.analysis.as_of)
    sessions = 0 if course is None else int(course["sessions"])
    known = course is not None and not missing(course["baseline"])
    pair = _pair(facts) if known else "not known"
    cards: list[tuple[str, str, list[str]]] = [
        ("Pain, start → latest", pair, ["of 10, before a session"]),
        ("Change", figure, [group]),
        ("Sessions", f"{sessions:,}", sentences.attendance(facts)),
        ("Next checkpoint", sentences.short_day(due.day) if due.day else "none", [due.what]),
    ]
    value = own_style(book, "card_value", font_size=19, right=0)
    label, note = (
        own_style(book, name, right=0, text_wrap=False) for name in ("card_label", "card_note")
    )
    lines = max(len(_card_lines(card)) for _, _, card in cards)
    for index, (heading, text, told) in enumerate(cards):
        first = index * CARD
        for column in range(first, first + CARD):
            page.sheet.write_blank(row, column, None, label)
            page.sheet.write_blank(row + 1, column, None, value)
            for line in range(lines):
                page.sheet.write_blank(row + 2 + line, column, None, note)
        page.sheet.write_string(row, first, heading, label)
        page.sheet.write_string(row + 1, first, text, value)
        for line, said in enumerate(_card_lines(told)):
            page.sheet.write_string(row + 2 + line, first, said, note)
    page.sheet.set_row(row, 20)
    page.sheet.set_row(row + 1, 29)
    page.sheet.set_row(row + 2 + lines, GAP)
    return row + 3 + lines


def _card_lines(told: Sequence[str]) -> list[str]:
    fits = int(sum(BLOCK[CARD:]) * 1.2)
    return [line for text in told for line in wrap(text, fits)]


def _pair(facts: Facts) -> str:
    assert facts.course is not None
    latest = facts.course["latest"]
    now = "?" if missing(latest) else score(latest)
    return f"{score(facts.course['baseline'])} → {now}"


def _room_for_chart(book: ReportBook, page: Page, row: int, facts: Facts) -> int:  # noqa: ARG001
    return row + CHART_ROWS + 1


def _notes(book: ReportBook, page: Page, row: int, facts: Facts) -> int:
    """Safety first; what does not fit is counted, never dropped."""
    row = page.section(row, "Safety, and what to look at", len(WIDTHS))
    told = notes.notes(facts, book.analysis.protocol)
    if not told:
        page.put(row, 0, "No error and no warning for this patient.", "text")
        row += 1
    for note in told[:MOST_NOTES]:
        for line in wrap(note.line, TEXT, subsequent_indent="    "):
            page.put(row, 0, line, "strong" if note.severity == "error" else "text")
            row += 1
    if len(told) > MOST_NOTES:
        rest = count(len(told) - MOST_NOTES, "more note")
        page.put(row, 0, f"and {rest}: the check of the log lists them", "muted")
        row += 1
    page.put(row, 0, f"{notes.documented(facts)}  ✖ settle it  ▲ look at it", "muted")
    page.sheet.set_row(row + 1, GAP)
    return row + 2


def _visits(book: ReportBook, page: Page, row: int, facts: Facts) -> int:
    """The visits in two blocks side by side, read down the left one first."""
    shown = facts.visits[-ON_PAGE:]
    title = (
        "Visits"
        if len(shown) == len(facts.visits)
        else (
            f"The latest {len(shown)} of {len(facts.visits)} visits (all of them stand below the page)"
        )
    )
    row = page.section(row, title, len(WIDTHS))
    half = -(-len(shown) // 2)
    noted = _noted(book, facts)
    for block, part in enumerate((shown[:half], shown[half:])):
        left = block * len(BLOCK)
        if not part:
            break
        for column, (heading, style) in enumerate(HEADINGS, start=left):
            page.put(row, column, heading, style)
        for at, visit in enumerate(part, start=row + 1):
            _visit(page, at, left, visit, noted)
    page.sheet.set_row(row, 17)
    page.sheet.set_row(row + half + 1, GAP)
    return row + half + 2


HEADINGS = (
    ("Date", "heading_right"),
    ("Visit", "heading"),
    ("Before", "heading_right"),
    ("After", "heading_right"),
    ("Min", "heading_right"),
    ("Noted", "heading"),
)


def _visit(
    page: Page, row: int, left: int, visit: Row, noted: dict[tuple[str, str, int], str]
) -> None:
    kind = score_tables.KINDS.get(visit["visit_type"], str(visit["visit_type"]))
    page.put(row, left, visit["date"].date(), "cell_date")
    page.put(row, left + 1, kind, "cell")
    for offset, name in enumerate(("nrs_before", "nrs_after", "duration"), start=2):
        value = plain(visit[name])
        page.put(row, left + offset, "–" if value is None else value, "cell_score")
    page.put(row, left + 5, noted.get((visit["file"], visit["sheet"], visit["row"]), ""), "cell")


def _noted(book: ReportBook, facts: Facts) -> dict[tuple[str, str, int], str]:
    """What is marked beside a visit: an adverse event, the pause before it."""
    pauses = facts.pauses(book.analysis.protocol.course.interruption_days)
    since = {id(after): (after["date"] - before["date"]).days for before, after in pauses}
    marked = {}
    for visit in facts.visits:
        marks = ["✖ event"] if score_tables.event(visit) else []
        marks += [f"pause {since[id(visit)]} d"] if id(visit) in since else []
        marked[visit["file"], visit["sheet"], visit["row"]] = ", ".join(marks)
    return marked


def _signature(book: ReportBook, page: Page, row: int, facts: Facts) -> int:  # noqa: ARG001
    """Room for notes and for two names, each over its line."""
    page.sheet.set_row(row, 30)
    line = own_style(book, "muted", top=1, top_color="muted")
    for first, last, text in (
        (0, 4, "Doctor or therapist: name, signature"),
        (6, 8, "Patient"),
        (10, 11, "Date"),
    ):
        for column in range(first, last + 1):
            page.sheet.write_blank(row + 1, column, None, line)
        page.sheet.write_string(row + 1, first, text, line)
    page.sheet.set_row(row + 2, GAP)
    return row + 3


def _caveat(book: ReportBook, page: Page, row: int) -> int:
    text = wrap(book.analysis.protocol.caveat, int(TEXT / 1.2))
    for line in text:
        page.fill(row, COLUMNS, "caveat_fill")
        page.put(row, 0, line, "caveat")
        page.sheet.set_row(row, 18)
        row += 1
    return row
