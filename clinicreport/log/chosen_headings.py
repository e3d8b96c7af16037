"""The sheet Headings of a marked copy: what each heading was taken for, and what a person chose.

It is known by the words of its own first cells, in whatever format it was saved, and never read as
a log. What stands in its last column becomes lines of ``clinic.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clinicreport.log.cells import plain
from clinicreport.log.fields import LAYOUT_FIELDS, SESSION_FIELDS
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet

NAME = "Headings"
TITLE = "Headings: what each column was taken for"
COLUMNS = ("On sheet", "In cell", "It says", "It looks like", "Taken for", "Is really (choose)")
AT_MOST = 12  # rows above the list
CHOICES = {field.label: name for name, field in {**SESSION_FIELDS, **LAYOUT_FIELDS}.items()}
_FIELDS = {plain(label): name for label, name in CHOICES.items()} | {
    name: name for name in CHOICES.values()
}


class ChosenHeading(NamedTuple):
    """A heading of a sheet (in a file) and the field that a person chose for it."""

    file: str
    sheet: str
    heading: str
    field: str


def is_headings_sheet(sheet: Sheet) -> bool:
    """Whether a sheet is the list that a marked copy holds."""
    return sheet.rows > 1 and bool(sheet.columns) and sheet.value(1, 1) == TITLE


def is_list(sheet: Sheet) -> bool:
    """Whether a sheet is one of the lists of a marked copy: of headings, or of what to fix."""
    first = sheet.value(1, 1) if sheet.rows and sheet.columns else ""
    return is_headings_sheet(sheet) or (isinstance(first, str) and first.startswith("To fix: "))


def chosen_headings(book: Spreadsheet) -> Iterator[ChosenHeading]:
    """What was chosen in a book's sheet Headings; nothing for a word that is no field."""
    for sheet in filter(is_headings_sheet, book.sheets):
        first = next((row for row in range(2, AT_MOST) if _is_head(sheet, row)), sheet.rows)
        for row in range(first + 1, sheet.rows + 1):
            on, _, heading, _, _, chosen = (_text(sheet, row, at) for at in range(1, 7))
            field = _FIELDS.get(plain(chosen))
            if field and heading:
                yield ChosenHeading(book.name, on, heading, field)


def unknown_choices(book: Spreadsheet) -> list[str]:
    """Words in the column to choose in that are no field."""
    found = []
    for sheet in filter(is_headings_sheet, book.sheets):
        first = next((row for row in range(2, AT_MOST) if _is_head(sheet, row)), sheet.rows)
        chosen = (_text(sheet, row, 6) for row in range(first + 1, sheet.rows + 1))
        found += [text for text in chosen if text and plain(text) not in _FIELDS]
    return found


def _is_head(sheet: Sheet, row: int) -> bool:
    return tuple(_text(sheet, row, at) for at in range(1, 7)) == COLUMNS


def _text(sheet: Sheet, row: int, column: int) -> str:
    value = sheet.value(row, column) if column <= len(sheet.columns) else ""
    return value.strip() if isinstance(value, str) else ""
