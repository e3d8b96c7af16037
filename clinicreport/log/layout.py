"""Where in a sheet the tables stand: heading rows, their columns, and the rows below.

Long tables (a row a visit) are found by their headings; patient and date may come from the
layout: the sheet's name, a cell above, a week column. For logs with a row a patient see
:mod:`clinicreport.log.wide_layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clinicreport.log.dates import MONTHS
from clinicreport.log.fields import LAYOUT_FIELDS, NEEDED, REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.log.headings import Aliases, HeadingRow, key, map_row
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters

REGISTER_NAMES = frozenset(
    {
        "patients",
        "patient",
        "register",
        "patientregister",
        "patientlist",
        "patientsregister",
        "patienten",
        "patientenregister",
        "pacientes",
        "registro",
        "registre",
        "listedespatients",
    }
)


class OtherScale(NamedTuple):
    """A column that is on another scale: where, which score, why, and what would declare it."""

    column: int
    field: str
    why: str
    declared: str

    @property
    def line(self) -> str:
        """The line of ``clinic.toml``, under ``[reading]``."""
        return f'scale = {{ {self.field} = "{self.declared}" }}'


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that holds for every row of a table, and the cell it stands in (may be empty)."""

    value: str | date
    cell: str = ""


@dataclass(slots=True)
class LogTable:
    """One table of a sheet. Rows and columns count from 1; ``last`` is included.

    ``fixed``: fields that no column of the table holds but the layout does. ``offset``: days to
    add to the start date where ``columns["date"]`` is a start date's column; ``week_column``: the
    column whose number times 7 is added. ``own``: the columns that belong to this table alone (a
    visit of a wide log); empty for a table that has its rows to itself. ``filled_by``: the columns
    one of which must be filled for a row to be a visit, where these are not simply its own.

    ``other_scales``: columns that are not read, since they are on another scale. As the clinic
    declared: ``patient_parts``, the columns that are the patient's id together; ``patient_row``,
    the row's number is; ``split``, the column that holds before and after; ``sides``, the one whose
    words tell a visit's two rows apart.
    """

    book: Spreadsheet
    sheet: Sheet
    heading_row: int
    first: int
    last: int
    columns: dict[str, int]
    headings: HeadingRow = field(default_factory=lambda: HeadingRow({}, [], []))
    register: bool = False
    fixed: dict[str, Fixed] = field(default_factory=dict)
    offset: int | None = None
    week_column: int | None = None
    days_known: bool = True
    own: tuple[int, ...] = ()
    filled_by: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    other_scales: tuple[OtherScale, ...] = ()
    patient_parts: tuple[int, ...] = ()
    patient_row: bool = False
    split: int | None = None
    sides: int | None = None

    @property
    def needed_headings(self) -> int:
        """How many needed fields have a heading."""
        return sum(name in NEEDED for name in self.headings.columns)

    @property
    def missing(self) -> list[str]:
        """The needed fields that neither a column nor the layout gives."""
        there = {*self.columns, *self.fixed, *(["patient_id"] if self.patient_row else [])}
        return [] if self.register else [name for name in NEEDED if name not in there]

    def codes(self, column: int) -> npt.NDArray[np.uint32]:
        """The codes of a column's cells, over the rows of the table."""
        cells = np.frombuffer(self.sheet.columns[column - 1].codes, dtype=np.uint32)
        return cells[self.first - 1 : self.last]


def long_tables(
    book: Spreadsheet, sheet: Sheet, aliases: Aliases, start: date | None = None
) -> list[LogTable]:
    """The tables of a sheet with a row a visit, from top to bottom.

    ``start``: the day that weeks are counted from where the log has no start date.
    """
    rows = heading_rows(sheet, aliases, (*NEEDED, *LAYOUT_FIELDS), 2)
    tables: list[LogTable] = []
    for row in rows:
        if tables and row < tables[-1].first:
            continue  # the second row of the headings above
        found = _tables_at(book, sheet, row, rows, aliases)
        tables += [_with_layout(table, aliases, start) for table in found]
    return tables


def register_table(book: Spreadsheet, sheet: Sheet, aliases: Aliases) -> LogTable | None:
    """The register on a sheet that is named as one and holds no session table."""
    if key(sheet.name) not in REGISTER_NAMES:
        return None
    rows = heading_rows(sheet, aliases, ("patient_id",), 1)
    if not rows:
        return None
    headings = map_row(row_of(sheet, rows[0]), aliases, REGISTER_FIELDS)
    columns = dict(headings.columns)
    return LogTable(book, sheet, rows[0], rows[0] + 1, sheet.rows, columns, headings, register=True)


def row_of(sheet: Sheet, row: int) -> list[Value]:
    """The raw cells of a row, column A first."""
    return [sheet.value(row, column) for column in range(1, len(sheet.columns) + 1)]


def _tables_at(
    book: Spreadsheet, sheet: Sheet, row: int, rows: Sequence[int], aliases: Aliases
) -> list[LogTable]:
    """The table, or tables side by side, with this one of the heading rows."""
    cells, first = _headings_at(sheet, row, aliases)
    last = next((other for other in rows if other >= first), sheet.rows + 1) - 1
    blocks = _side_by_side(cells, aliases)
    tables = []
    for block in blocks:
        shown = [cell if at in block else "" for at, cell in enumerate(cells)]
        headings = map_row(shown, aliases, {**SESSION_FIELDS, **LAYOUT_FIELDS})
        table = LogTable(book, sheet, row, first, last, dict(headings.columns), headings)
        if len(blocks) > 1:
            table.own = tuple(at + 1 for at in block)
        tables.append(table)
    return tables


def _side_by_side(cells: Sequence[Value], aliases: Aliases) -> list[range]:
    """The column ranges (from 0) of tables side by side: blocks between blank headings that each
    hold headings of all needed fields; else one range over everything."""
    marks = [(at, str(cell).strip() != "") for at, cell in enumerate(cells)]
    blocks = []
    for filled, group in groupby(marks, key=lambda mark: mark[1]):
        positions = [at for at, _ in group]
        if filled:
            blocks.append(range(positions[0], positions[-1] + 1))
    complete = [
        block for block in blocks if set(NEEDED) <= {aliases.field(cells[at]) for at in block}
    ]
    return complete if len(complete) > 1 else [range(len(cells))]


def _headings_at(sheet: Sheet, row: int, aliases: Aliases) -> tuple[list[Value], int]:
    """The heading texts of a table and its first row below, with two-row headings joined."""
    upper = row_of(sheet, row - 1) if row > 1 else []
    cells = _joined(sheet, row - 1, upper, row_of(sheet, row), aliases)
    below = row_of(sheet, row + 1) if row < sheet.rows else []
    if _is_second_heading_row(cells, below, aliases):
        spread = spread_headings(sheet, row, row_of(sheet, row), below)
        return _named_best(spread, below, cells, aliases), row + 2
    return cells, row + 1


def _is_second_heading_row(
    cells: Sequence[Value], below: Sequence[Value], aliases: Aliases
) -> bool:
    """Whether a row holds nothing but further headings, and none below patient or date."""
    filled = [(at, value) for at, value in enumerate(below) if str(value).strip()]
    if not filled or not all(isinstance(value, str) for _, value in filled):
        return False
    named = [aliases.field(cells[at]) for at, _ in filled]
    if {"patient_id", "date"} & set(named):
        return False
    return all(
        aliases.field(value) or aliases.field(f"{cells[at]} {value}") for at, value in filled
    )


def _joined(
    sheet: Sheet, upper_row: int, upper: Sequence[Value], cells: list[Value], aliases: Aliases
) -> list[Value]:
    """Headings with the group headings above them, where only both together mean a field."""
    if not upper:
        return cells
    spread = spread_headings(sheet, upper_row, upper, cells)
    joined = list(cells)
    taken = [aliases.field(cell) for cell in cells]
    for at, (group, cell) in enumerate(zip(spread, cells, strict=True)):
        unclear = taken[at] is None or taken.count(taken[at]) > 1
        if unclear and group and str(cell).strip() and aliases.field(f"{group} {cell}"):
            joined[at] = f"{group} {cell}"
    return joined


def _named_best(
    spread: Sequence[str], below: Sequence[Value], cells: Sequence[Value], aliases: Aliases
) -> list[Value]:
    """For a two-row heading: both together where that means a field, else the lower, the upper."""
    names: list[Value] = []
    for group, lower, upper in zip(spread, below, cells, strict=True):
        both = f"{group} {lower}"
        if not str(lower).strip():
            names.append(upper)
        else:
            names.append(both if aliases.field(both) else lower)
    return names


def spread_headings(
    sheet: Sheet, row: int, cells: Sequence[Value], below: Sequence[Value]
) -> list[str]:
    """Group headings over all the columns they stand above: merged ones over their range, others
    over the blanks to their right. One that spans the whole table is a title, not a group."""
    spread = [str(cell).strip() if isinstance(cell, str) else "" for cell in cells]
    merged = {left: right for top, left, _, right in sheet.merged if top == row}
    width = sum(str(cell).strip() != "" for cell in below)
    for at, text in enumerate(list(spread)):
        right = min(merged.get(at + 1, 0), len(spread))
        if not text:
            continue
        if not right:
            right = at + 1
            while right < len(spread) and not spread[right] and str(below[right]).strip():
                right += 1
        if right - at >= width > 1:
            spread[at] = ""
            continue
        spread[at:right] = [text] * (right - at)
    return spread


# -------------------------------------------------------- patient and date from the layout

_GENERIC = frozenset(chain.from_iterable(MONTHS.values())).union(
    [
        "all",
        "apr",
        "aug",
        "behandlungen",
        "clinic",
        "copy",
        "copyof",
        "data",
        "daten",
        "dec",
        "export",
        "feb",
        "feuil",
        "feuille",
        "form",
        "hoja",
        "jan",
        "jul",
        "jun",
        "log",
        "mar",
        "month",
        "nir",
        "nov",
        "oct",
        "page",
        "pain",
        "patients",
        "q",
        "records",
        "register",
        "results",
        "scores",
        "seances",
        "semaine",
        "semana",
        "sep",
        "sept",
        "sesiones",
        "session",
        "sessionlog",
        "sessions",
        "sheet",
        "summary",
        "tabelle",
        "table",
        "treatment",
        "treatments",
        "visit",
        "visits",
        "week",
        "wk",
        "woche",
        "year",
    ]
)


def _with_layout(table: LogTable, aliases: Aliases, day: date | None) -> LogTable:
    """Fills what the columns lack from the layout: week numbers, a cell above, the sheet's name."""
    columns = table.columns
    start, week = columns.pop("start_date", None), columns.pop("week", None)
    if "date" not in columns and start and week:
        columns["date"], table.week_column, table.days_known = start, week, False
        table.notes += ("dates are the start date and 7 days a week",)
    elif "date" not in columns and week and day:
        table.fixed["date"], table.week_column, table.days_known = Fixed(day), week, False
        table.notes += (f"dates are {day} (clinic.toml) and 7 days a week",)
    if "patient_id" not in columns and {"date", "nrs_before"} <= {*columns, *table.fixed}:
        fixed = _patient_above(table, aliases) or _patient_in_name(table.sheet)
        if fixed:
            table.fixed["patient_id"] = fixed
            where = f"cell {fixed.cell}" if fixed.cell else "the sheet's name"
            table.notes += (f"the patient is from {where}",)
    return table


def _patient_above(table: LogTable, aliases: Aliases) -> Fixed | None:
    """The patient's id from "Patient: P-01" or "Patient | P-01" above the headings."""
    for row in range(1, table.heading_row):
        cells = row_of(table.sheet, row)
        for at, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            label, colon, rest = cell.partition(":")
            if aliases.field(label) != "patient_id":
                continue
            if colon and rest.strip():
                return Fixed(rest.strip(), f"{column_letters(at + 1)}{row}")
            for further in range(at + 1, len(cells)):
                if str(cells[further]).strip():
                    return Fixed(id_text(cells[further]), f"{column_letters(further + 1)}{row}")
    return None


def id_text(value: Value) -> str:
    """An id as text: a number without its decimal point."""
    whole = isinstance(value, float) and value == int(value)
    return str(int(value) if whole else value).strip()  # type: ignore[arg-type]


def _patient_in_name(sheet: Sheet) -> Fixed | None:
    """The sheet's name as the patient's id, unless it is a name that any sheet may have."""
    words = key("".join(char for char in sheet.name if not char.isdigit()))
    has_digit = any(char.isdigit() for char in sheet.name)
    if not has_digit or words in _GENERIC or any(words == f"{w}s" for w in _GENERIC):
        return None
    name = sheet.name.strip()
    label, colon, rest = name.replace("_", " ").partition(" ")
    if colon and key(label) in {"patient", "pt", "pat", "patientin", "paciente"}:
        name = rest.strip()
    return Fixed(name)


def heading_rows(sheet: Sheet, aliases: Aliases, names: Sequence[str], at_least: int) -> list[int]:
    """The rows in which headings for that many different fields of ``names`` stand."""
    found = np.zeros((len(names), sheet.rows), dtype=bool)
    for column in sheet.columns:
        hits: dict[str, list[int]] = {}
        for code, value in enumerate(column.values):
            if isinstance(value, str) and (field_ := aliases.field(value)):
                hits.setdefault(field_, []).append(code)
        for which, name in enumerate(names):
            if name in hits:
                found[which] |= np.isin(np.frombuffer(column.codes, dtype=np.uint32), hits[name])
    return [int(row) + 1 for row in np.flatnonzero(found.sum(axis=0) >= at_least)]
