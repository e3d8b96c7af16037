"""The blank session log, made from the protocol in force: the same protocol gives the same bytes.

What is typed into it, with its drop-downs and limits, gives no finding about its form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from clinicreport.books.template.entry_columns import (
    EntryColumn,
    register_entries,
    session_entries,
)
from clinicreport.books.template.instructions import NEW_PAGE, sections
from clinicreport.protocol.in_force import Protocol
from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.page import Page
from clinicreport.workbook.table import span
from clinicreport.workbook.terms import place_terms

READY = 500  # rows
PRINTED = 26  # of them, as lines to write on
WRITING = 23.0  # points of a row that a pen can fill
HEADING = 2  # row of the headings, from 0
SESSIONS, PATIENTS, INSTRUCTIONS = "Sessions", "Patients", "Instructions"
MADE = date(2026, 1, 1)  # fixed, so that the same protocol gives the same bytes
WIDTHS = (24, 92)  # of the instructions


@dataclass(slots=True)
class BlankLog(Canvas):
    """The canvas, the columns to fill in, and where the words of their drop-downs stand."""

    protocol: Protocol
    sessions: Sequence[EntryColumn]
    register: Sequence[EntryColumn]
    places: dict[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def footer(self) -> str:
        """The protocol that set the limits."""
        return f"{self.protocol.name}, version {self.protocol.version}"


def template(protocol: Protocol, own: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The workbook's bytes; ``own``: the clinic's own headings by field."""
    entries = session_entries(protocol, own or {}), register_entries(protocol, own or {})
    contents = {SESSIONS: _sessions, PATIENTS: _patients, INSTRUCTIONS: _instructions}
    return BlankLog(protocol, *entries).finish(
        contents, "Session log", MADE, order=(INSTRUCTIONS, SESSIONS, PATIENTS)
    )


def _sessions(book: BlankLog) -> None:
    page = book.page(SESSIONS)
    needed = ", ".join(entry.heading for entry in book.sessions if entry.field.needed)
    lead = (
        f"One row a visit. Needed in every row: {needed}. The rest where you have it;"
        f" what blank means stands on the sheet {INSTRUCTIONS}."
    )
    page.head("Session log", [lead])
    _log(book, page, book.sessions)
    page.sheet.activate()


def _patients(book: BlankLog) -> None:
    page = book.page(PATIENTS)
    lead = (
        "One row a patient, with the id that the sessions have. It fills what the sessions leave"
        " blank. Leave this sheet empty if you keep no register."
    )
    page.head("Register of patients", [lead])
    _log(book, page, book.register)


def _log(book: BlankLog, page: Page, entries: Sequence[EntryColumn]) -> None:
    """Headings, and ready rows: their format and what they take."""
    page.sheet.set_row(HEADING, 33)
    page.widths([entry.field.width for entry in entries])
    for column, entry in enumerate(entries):
        page.put(HEADING, column, entry.heading, _heading(page, entry))
        rule = dict(entry.rule)
        if entry.words:
            rule["source"] = f"={book.places[entry.words]}"
        page.sheet.data_validation(HEADING + 1, column, HEADING + READY, column, rule)
    ready = [_ready(page, entry) for entry in entries]
    page.put_columns(HEADING + 1, 0, [([None] * READY, style) for style in ready])
    page.sheet.freeze_panes(HEADING + 1, 1)
    daily = sum(entry.field.daily for entry in entries)
    page.heights({HEADING + at: WRITING for at in range(1, PRINTED + 1)})
    page.sheet.print_area(HEADING if daily else 0, 0, HEADING + PRINTED, len(entries) - 1)
    _print(book, page, daily)


def _heading(page: Page, entry: EntryColumn) -> str:
    """What every row needs stands out."""
    look = "heading_centre" if entry.centred else "heading"
    if entry.field.needed:
        return page.styles.laid(look, border_color="white")
    quiet = {"bg_color": "primary_light", "font_color": "ink"}
    return page.styles.laid(look, border_color="white", **quiet)


def _ready(page: Page, entry: EntryColumn) -> str:
    look = "cell_centre" if entry.centred else "cell"
    return page.styles.laid(look, num_format=entry.format, border=1, border_color="rule")


def _print(book: BlankLog, page: Page, daily: int) -> None:
    """A4 across; the rarely used columns on pages of their own, with patient and date again."""
    margins = (0.4, 0.4, 0.5, 0.6)
    if not daily:
        book.print_setup(page, repeat=HEADING, margins=margins, pages_high=1)
        return
    book.print_setup(page, repeat=HEADING, margins=margins, scale=72)
    page.sheet.repeat_columns(0, 1)
    page.sheet.set_v_pagebreaks([daily])


def _instructions(book: BlankLog) -> None:
    """How the log is filled in, and the words of its drop-downs, which stay where they stand."""
    page = book.page(INSTRUCTIONS)
    page.widths(WIDTHS)
    lead = (
        "What to write in each column, what blank means, and the limits of the protocol in force."
    )
    row = page.head("How to fill in the session log", [lead])
    for title, lines in sections(book.protocol, book.sessions, book.register, READY):
        if title == NEW_PAGE:
            page.sheet.set_h_pagebreaks([row])
        row = place_terms(page, row, title, lines, WIDTHS)
    words: list[tuple[str | None, str]] = []
    for entry in (*book.sessions, *book.register):
        if entry.words and entry.words not in book.places:
            first = row + 1 + len(words)  # below the heading
            last = first + len(entry.words) - 1
            book.places[entry.words] = span(INSTRUCTIONS, 1, first, last)
            words += [
                (None if at else entry.field.label, word) for at, word in enumerate(entry.words)
            ]
    place_terms(page, row, "Words of the drop-downs", words, WIDTHS)
    book.print_setup(page, landscape=False, margins=(0.5, 0.5, 0.5, 0.6), scale=80)
