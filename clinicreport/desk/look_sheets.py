"""The sheets of a file as they stand, with each heading's field, for somebody who looks at them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clinicreport.ground.unsafe_text import clean
from clinicreport.log.cells import shown
from clinicreport.log.chosen_headings import is_list
from clinicreport.log.fit.candidates import candidates, field_words, rows_with_anything
from clinicreport.reading.seen import Place
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters
from clinicreport.settings.request import Request, reading

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log, Source

LONGEST = 300  # characters of a cell that a page shows


@dataclass(frozen=True, slots=True)
class LookHead:
    """One column: its letters, its heading, what it is read as."""

    letters: str
    heading: str
    read_as: str
    read: bool  # whether anything is read from it


@dataclass(frozen=True, slots=True)
class LookSheet:
    """One sheet. ``heads``: of its first table, column A first; ``read_as``: the place of each
    heading of its tables -> what it is read as; ``columns``: how many have a heading or hold
    anything; ``set_aside``: rows with a finding that are not used."""

    name: str
    sheet: Sheet
    visible: bool
    heads: tuple[LookHead, ...]
    read_as: Mapping[Place, str]
    columns: int
    is_log: bool
    set_aside: frozenset[int]

    @property
    def last_row(self) -> int:
        """The last row that holds anything."""
        filled = np.flatnonzero(rows_with_anything(self.sheet, 1))
        return int(filled[-1]) + 1 if len(filled) else 0


def look_sheets(book: Spreadsheet, log: Log, request: Request) -> tuple[LookSheet, ...]:
    """Every sheet that holds anything, but for the lists of a marked copy."""
    kept = [sheet for sheet in book.sheets if sheet.rows and sheet.columns and not is_list(sheet)]
    return tuple(_look_sheet(book, sheet, log, request) for sheet in kept)


def _look_sheet(book: Spreadsheet, sheet: Sheet, log: Log, request: Request) -> LookSheet:
    found = candidates([replace(book, sheets=[sheet])], reading(request))
    table = found[0] if found else None
    read_as = {
        (source.heading_row, number): field_words(name)
        for source in log.sources
        if _is_of(source, book, sheet)
        for name, number in source.columns.items()
    }
    seen = {column.number: column for column in table.columns} if table else {}
    if table:
        for column in table.columns:
            read_as.setdefault((table.heading_row, column.number), field_words(column.field))
    row = table.heading_row if table else 0
    heads = tuple(
        LookHead(
            column_letters(at),
            one_cell(sheet.value(row, at)) if row else "",
            read_as.get((row, at), ""),
            at in seen and seen[at].field is not None,
        )
        for at in range(1, len(sheet.columns) + 1)
    )
    own = {at for at, one in enumerate(log.sources) if _is_of(one, book, sheet)}
    return LookSheet(
        sheet.name,
        sheet,
        sheet.visible,
        heads,
        read_as,
        len(seen),
        bool(own),
        _set_aside(log, own),
    )


def _is_of(source: Source, book: Spreadsheet, sheet: Sheet) -> bool:
    """Whether a source is a table of the sheet."""
    return source.file == book.name and source.sheet == sheet.name and not source.reason


def _set_aside(log: Log, sources: Collection[int]) -> frozenset[int]:
    """The rows of some sources that have a finding and are not used."""
    used = {row for at, row in log.places(log.visits) if at in sources}
    found = {one.row for one in log.located if one.source in sources and one.row is not None}
    return frozenset(found - used)


def one_cell(value: Value, longest: int = LONGEST) -> str:
    """A raw value as a page shows it: as findings do, nothing that hides text, not too long."""
    found = shown(value)
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(found).upper()
    text = clean(str(found))
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"
