"""Where in a sheet the tables stand: heading rows, their columns, and the rows below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from clinicreport.fields import NEEDED, REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.headings import Aliases, HeadingRow, key, map_row
from clinicreport.spreadsheet import Book, Sheet

REGISTER_NAMES = frozenset({"patients", "patient", "register", "patientregister", "patientlist",
                            "patientsregister", "patienten", "patientenregister", "pacientes",
                            "registro", "registre", "listedespatients"})  # fmt: skip


@dataclass(slots=True)
class Table:
    """One table of a sheet. Rows and columns count from 1; ``last`` is included."""

    book: Book
    sheet: Sheet
    heading_row: int
    first: int
    last: int
    columns: dict[str, int]
    headings: HeadingRow = field(default_factory=lambda: HeadingRow({}, [], []))
    register: bool = False

    @property
    def missing(self) -> list[str]:
        """The needed fields that the heading row has no column for."""
        return [] if self.register else [name for name in NEEDED if name not in self.columns]

    def codes(self, column: int) -> npt.NDArray[np.uint32]:
        """The codes of a column's cells, over the rows of the table."""
        cells = np.frombuffer(self.sheet.columns[column - 1].codes, dtype=np.uint32)
        return cells[self.first - 1 : self.last]


def session_tables(book: Book, sheet: Sheet, aliases: Aliases) -> list[Table]:
    """The session tables of a sheet: one for each row with headings of two needed fields."""
    heading_rows = _heading_rows(sheet, aliases, NEEDED, 2)
    return [
        _table(book, sheet, row, after - 1, aliases, SESSION_FIELDS)
        for row, after in pairwise([*heading_rows, sheet.rows + 1])
    ]


def register_table(book: Book, sheet: Sheet, aliases: Aliases) -> Table | None:
    """The register on a sheet that is named as one and holds no session table."""
    if key(sheet.name) not in REGISTER_NAMES:
        return None
    rows = _heading_rows(sheet, aliases, ("patient_id",), 1)
    if not rows:
        return None
    table = _table(book, sheet, rows[0], sheet.rows, aliases, REGISTER_FIELDS)
    table.register = True
    return table


def _table(
    book: Book, sheet: Sheet, row: int, last: int, aliases: Aliases, fields: Mapping[str, object]
) -> Table:
    cells = [sheet.value(row, column) for column in range(1, len(sheet.columns) + 1)]
    headings = map_row(cells, aliases, fields)
    return Table(book, sheet, row, row + 1, last, dict(headings.columns), headings)


def _heading_rows(
    sheet: Sheet, aliases: Aliases, names: tuple[str, ...], at_least: int
) -> list[int]:
    """The rows in which headings for that many different fields of ``names`` stand."""
    found = np.zeros((len(names), sheet.rows), dtype=bool)
    for column in sheet.columns:
        fields = [aliases.field(value) for value in column.values]
        for which, name in enumerate(names):
            hits = [code for code, field_ in enumerate(fields) if field_ == name]
            if hits:
                found[which] |= np.isin(np.frombuffer(column.codes, dtype=np.uint32), hits)
    return [int(row) + 1 for row in np.flatnonzero(found.sum(axis=0) >= at_least)]
