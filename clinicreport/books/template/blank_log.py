"""The blank session log, made from the protocol in force: the same protocol gives the same bytes.

What is typed into it, with its drop-downs and limits, gives no finding about its form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from clinicreport.books.template.entry_columns import (
    EntryColumn,
    register_entries,
    session_entries,
)
from clinicreport.books.template.instructions import NEW_PAGE, sections
from clinicreport.protocol.in_force import Protocol
from clinicreport.workbook.cell_text import cell_text, footer_text
from clinicreport.workbook.theme import Theme

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

READY = 500  # rows
HEADING = 2  # row of the headings, from 0
INSTRUCTIONS = "Instructions"
MADE = datetime(2026, 1, 1)  # fixed, so that the same protocol gives the same bytes
A4 = 9
_NARROW, _WIDE = 24, 92  # columns of the instructions
_LINE = 14.0  # points


def template(protocol: Protocol, own: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The workbook's bytes; ``own``: the clinic's own headings by field."""
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"title": "Session log", "created": MADE})
    styles = _Styles(workbook)
    sessions = session_entries(protocol, own or {})
    register = register_entries(protocol, own or {})
    sheets = {name: workbook.add_worksheet(name) for name in ("Sessions", "Patients", INSTRUCTIONS)}
    places = _instructions(sheets[INSTRUCTIONS], styles, protocol, sessions, register)
    _log(
        sheets["Sessions"],
        styles,
        sessions,
        places,
        title="Session log",
        lead="One row a visit. Needed in every row: "
        + ", ".join(entry.heading for entry in sessions if entry.field.needed)
        + ". The rest where you have it; what blank means stands on the sheet Instructions.",
        footer=f"{protocol.name}, version {protocol.version}",
    )
    _log(
        sheets["Patients"],
        styles,
        register,
        places,
        title="Register of patients",
        lead="One row a patient, with the id that the sessions have. It fills what the sessions "
        "leave blank. Leave this sheet empty if you keep no register.",
        footer=f"{protocol.name}, version {protocol.version}",
    )
    sheets["Sessions"].activate()
    workbook.close()
    return buffer.getvalue()


class _Styles:
    """The theme's styles as formats, each made once; more properties can be laid over one."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._theme = Theme.load()
        self._made: dict[tuple[Any, ...], Format] = {}

    def __call__(self, name: str, **more: Any) -> Format:
        key = (name, *sorted(more.items()))
        if key not in self._made:
            properties = self._theme.properties(name) | more
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def colour(self, name: str) -> str:
        """A colour of the theme."""
        return self._theme.colour(name)


Places = Mapping[tuple[str, ...], str]  # words of a drop-down -> the range they stand in


def _log(
    sheet: Worksheet,
    styles: _Styles,
    entries: Sequence[EntryColumn],
    places: Places,
    *,
    title: str,
    lead: str,
    footer: str,
) -> None:
    """A sheet for data entry: title, what it holds, headings, ready rows."""
    sheet.write_string(0, 0, title, styles("title"))
    sheet.set_row(0, 32)
    sheet.write_string(1, 0, cell_text(lead), styles("lead"))
    sheet.set_row(HEADING, 33)
    for column, entry in enumerate(entries):
        look = "heading_centre" if entry.centred else "heading"
        more = {"border_color": styles.colour("white")}
        if not entry.field.needed:
            more |= {"bg_color": styles.colour("primary_light"), "font_color": styles.colour("ink")}
        sheet.write_string(HEADING, column, cell_text(entry.heading), styles(look, **more))
        sheet.set_column(column, column, entry.field.width)
        _cells(sheet, styles, column, entry, places)
    sheet.freeze_panes(HEADING + 1, 1)
    _print(sheet, entries, footer)


def _cells(
    sheet: Worksheet, styles: _Styles, column: int, entry: EntryColumn, places: Places
) -> None:
    """The ready cells of a column: their format and what they take."""
    look = "cell_centre" if entry.centred else "cell"
    lines = {"border": 1, "border_color": styles.colour("rule")}
    ready = styles(look, num_format=entry.format, **lines)
    for row in range(HEADING + 1, HEADING + 1 + READY):
        sheet.write_blank(row, column, None, ready)
    rule = dict(entry.rule)
    if entry.words:
        rule["source"] = f"={places[entry.words]}"
    sheet.data_validation(HEADING + 1, column, HEADING + READY, column, rule)


def _print(sheet: Worksheet, entries: Sequence[EntryColumn], footer: str) -> None:
    """A4 across; the rarely used columns on pages of their own, with patient and date again."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.hide_gridlines(2)
    sheet.repeat_rows(HEADING)
    sheet.set_footer(f"&L&8{footer_text(footer)}&R&8Page &P of &N")
    daily = sum(entry.field.daily for entry in entries)
    if daily:
        sheet.repeat_columns(0, 1)
        sheet.set_print_scale(72)
        sheet.set_v_pagebreaks([daily])
    else:
        sheet.fit_to_pages(1, 0)


# ---------------------------------------------------------------------------------- instructions


def _instructions(
    sheet: Worksheet,
    styles: _Styles,
    protocol: Protocol,
    sessions: Sequence[EntryColumn],
    register: Sequence[EntryColumn],
) -> Places:
    """How the log is filled in, and the words of its drop-downs; where these stand."""
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 1, _WIDE)
    sheet.write_string(0, 0, "How to fill in the session log", styles("title"))
    sheet.set_row(0, 32)
    sheet.write_string(
        1,
        0,
        "What to write in each column, what blank means, and the limits of the protocol in force.",
        styles("lead"),
    )
    row = 3
    for title, lines in sections(protocol, sessions, register, READY):
        if title == NEW_PAGE:
            sheet.set_h_pagebreaks([row])
        row = _section(sheet, styles, row, title, lines)
    places: dict[tuple[str, ...], str] = {}
    row = _title(sheet, styles, row, "Words of the drop-downs")
    for entry in (*sessions, *register):
        if entry.words and entry.words not in places:
            first = row
            for word in entry.words:
                label = entry.field.label if row == first else None
                row = _line(sheet, styles, row, label, word)
            places[entry.words] = f"{INSTRUCTIONS}!$B${first + 1}:$B${row}"
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.set_print_scale(80)
    sheet.hide_gridlines(2)
    sheet.set_footer("&R&8Page &P of &N")
    return places


def _section(
    sheet: Worksheet, styles: _Styles, row: int, title: str, lines: Iterable[tuple[str, str]]
) -> int:
    row = _title(sheet, styles, row, title)
    for label, text in lines:
        row = _line(sheet, styles, row, label, text)
    return row + 1


def _title(sheet: Worksheet, styles: _Styles, row: int, title: str) -> int:
    sheet.write_string(row, 0, title, styles("section"))
    sheet.write_blank(row, 1, None, styles("section"))
    sheet.set_row(row, 22)
    return row + 1


def _line(sheet: Worksheet, styles: _Styles, row: int, label: str | None, text: str) -> int:
    if label:
        sheet.write_string(row, 0, cell_text(label), styles("cell_strong", text_wrap=True))
    else:
        sheet.write_blank(row, 0, None, styles("cell"))
    sheet.write_string(row, 1, cell_text(text), styles("cell_wrap"))
    high = max(len(wrap(text, int(_WIDE * 1.25))), len(wrap(label or "", _NARROW)), 1)
    sheet.set_row(row, high * _LINE + 5)
    return row + 1
