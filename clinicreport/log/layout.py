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

from clinicreport.log.date_columns import date_columns
from clinicreport.log.declared import Declared
from clinicreport.log.fields import COLUMN_FIELDS, LAYOUT_FIELDS, NEEDED, REGISTER_FIELDS
from clinicreport.log.heading_rows import heading_rows, row_of, without_repeated
from clinicreport.log.headings import Aliases, HeadingRow, key, map_row
from clinicreport.log.merged_cells import with_merged
from clinicreport.log.months import MONTHS
from clinicreport.log.week_labels import Labels
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters

UNDECLARED = Declared.model_construct()
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


class Fixed(NamedTuple):
    """A value that holds for every row of a table, and the cell it stands in (may be empty)."""

    value: Value
    cell: str = ""


@dataclass(slots=True)
class LogTable:
    """One table of a sheet. Rows and columns count from 1; ``last`` is included.

    ``fixed``: fields that no column of the table holds but the layout does. ``offset``: days to
    add to the start date where ``columns["date"]`` is a start date's column; ``week_column``: the
    column whose number times 7 is added (or whose label says the days); ``weeks``: weeks or
    visits are labelled and no date is there. ``date_parts``: the columns of day, month and year;
    ``date_columns``: those of the dates of all visits of a row. ``planned``: its days are those
    of named visits. ``own``: the columns that belong to this table alone (a
    visit of a wide log); empty for a table that has its rows to itself. ``filled_by``: the columns
    one of which must be filled for a row to be a visit, where these are not simply its own.
    ``headings_beside``: the columns of each block of further headings in the same row that is no
    table.

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
    weeks: bool = False
    date_parts: tuple[int, ...] = ()
    date_columns: tuple[int, ...] = ()
    planned: bool = False
    days_known: bool = True
    own: tuple[int, ...] = ()
    filled_by: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    headings_beside: tuple[tuple[int, ...], ...] = ()
    same_form: tuple[LogTable, ...] = ()  # further sheets of the file with the same headings
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
        """The codes of a column's cells, over the rows of the table; merged cells are filled."""
        return with_merged(self.sheet, column, self.first, self.last)


def long_tables(
    book: Spreadsheet,
    sheet: Sheet,
    aliases: Aliases,
    start: date | None = None,
    declared: Declared = UNDECLARED,
) -> list[LogTable]:
    """The tables of a sheet with a row a visit, from top to bottom.

    ``start``: the day that weeks are counted from where the log has no start date.
    """
    rows = heading_rows(sheet, aliases, (*NEEDED, *LAYOUT_FIELDS), 2)
    rows = without_repeated(sheet, rows, aliases)
    tables: list[LogTable] = []
    for row in rows:
        if tables and row < tables[-1].first:
            continue  # the second row of the headings above
        found = _tables_at(book, sheet, row, rows, aliases)
        tables += [_with_layout(table, aliases, start, declared) for table in found]
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
        headings = map_row(shown, aliases, {**COLUMN_FIELDS, **LAYOUT_FIELDS})
        table = LogTable(book, sheet, row, first, last, dict(headings.columns), headings)
        if len(blocks) > 1:
            table.own = tuple(at + 1 for at in block)
            table.headings_beside = _beside(cells, blocks)
        tables.append(table)
    return tables


def _side_by_side(cells: Sequence[Value], aliases: Aliases) -> list[range]:
    """The column ranges (from 0) of tables side by side: blocks between blank headings that each
    hold headings of all needed fields; else one range over everything."""
    blocks = _blocks(cells)
    complete = [
        block for block in blocks if set(NEEDED) <= {aliases.field(cells[at]) for at in block}
    ]
    return complete if len(complete) > 1 else [range(len(cells))]


def _blocks(cells: Sequence[Value]) -> list[range]:
    """The column ranges (from 0) between blank cells."""
    marks = [(at, str(cell).strip() != "") for at, cell in enumerate(cells)]
    groups = [(filled, list(group)) for filled, group in groupby(marks, key=lambda mark: mark[1])]
    return [range(group[0][0], group[-1][0] + 1) for filled, group in groups if filled]


def _beside(cells: Sequence[Value], tables: Sequence[range]) -> tuple[tuple[int, ...], ...]:
    """The columns (from 1) of each block of two headings or more that is none of the tables."""
    others = [block for block in _blocks(cells) if block not in tables and len(block) > 1]
    return tuple(tuple(at + 1 for at in block) for block in others)


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

_SHEETS = (
    "all apr aug behandelingen behandlungen blad clinic copy copyof dados data daten dati dec "
    "export feb feuil feuille foglio folha form gegevens hoja jan jul jun log maand mar mes "
    "mese monat month nir nov oct pacientes page pain patienten patients pazienti planilha q "
    "records register resultaten results risultati scores seances sedute semaine semana sep "
    "sept sesiones sessies session sessionlog sessions sessoes settimana sheet summary "
    "tabelle table tratamentos trattamenti treatment treatments visit visits week wk woche "
    "year"
)
_GENERIC = frozenset(chain.from_iterable(MONTHS.values())).union(_SHEETS.split())


def _with_layout(
    table: LogTable, aliases: Aliases, day: date | None, declared: Declared
) -> LogTable:
    """Fills what the columns lack from the layout: the date in three columns, week numbers, a
    cell above, the sheet's name."""
    columns = table.columns
    _date_in_three(table, declared)
    start, week = columns.pop("start_date", None), columns.pop("week", None)
    if "date" not in columns:
        _date_from_weeks(table, start, week, day, declared)
    if "patient_id" not in columns and {"date", "nrs_before"} <= {*columns, *table.fixed}:
        fixed = _patient_above(table, aliases) or _patient_in_name(table.sheet)
        if fixed:
            table.fixed["patient_id"] = fixed
            where = f"cell {fixed.cell}" if fixed.cell else "the sheet's name"
            table.notes += (f"the patient is from {where}",)
    return table


def _date_in_three(table: LogTable, declared: Declared) -> None:
    """The date from the columns of day, month and year, where the clinic has named them."""
    parts = date_columns(row_of(table.sheet, table.heading_row), declared.date_from)
    if not parts:
        return
    for name in [name for name, column in table.columns.items() if column in parts]:
        del table.columns[name]
    table.date_parts, table.columns["date"] = parts, parts[0]
    table.headings.unknown[:] = [at for at in table.headings.unknown if at not in parts]
    letters = ", ".join(column_letters(column) for column in parts)
    table.notes += (f"dates are from columns {letters}: day, month, year (reading.date_from)",)


def _date_from_weeks(
    table: LogTable, start: int | None, week: int | None, day: date | None, declared: Declared
) -> None:
    """The date from a start date, a column's or the clinic's, and a column of weeks or visits."""
    named = _visit_column(table, week, declared)
    label = named or week
    table.weeks = label is not None
    if label is None or not (start or day):
        return
    table.week_column, table.days_known, table.planned = label, False, named is not None
    if start:
        table.columns["date"] = start
    elif day:
        table.fixed["date"] = Fixed(day)
    from_ = "the start date" if start else f"{day} (clinic.toml)"
    by = "the days of its visits (reading.visits)" if named else "7 days a week"
    table.notes += (f"dates are {from_} and {by}",)
    table.headings.unknown[:] = [at for at in table.headings.unknown if at != named]


def _visit_column(table: LogTable, week: int | None, declared: Declared) -> int | None:
    """The column that holds the clinic's own names of visits, in most of its filled cells."""
    if not declared.visits:
        return None
    for column in [*([week] if week else []), *table.headings.unknown]:
        values = table.sheet.columns[column - 1].values
        codes, counts = np.unique(table.codes(column), return_counts=True)
        held = [(values[code], count) for code, count in zip(codes, counts, strict=True)]
        filled = [(value, count) for value, count in held if str(value).strip()]
        labels = Labels([value for value, _ in filled], declared.visits)
        found = [(labels.cell(value), count) for value, count in filled]
        rows = sum(count for _, count in filled)
        named = any(label and label.named for label, _ in found)
        if named and 2 * sum(count for label, count in found if label) > rows:
            return column
    return None


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
                    return Fixed(cells[further], f"{column_letters(further + 1)}{row}")
    return None


def _patient_in_name(sheet: Sheet) -> Fixed | None:
    """The sheet's name as the patient's id, unless it is a name that any sheet may have."""
    words = key("".join(char for char in sheet.name if not char.isdigit()))
    has_digit = any(char.isdigit() for char in sheet.name)
    if not has_digit or words in _GENERIC or any(words == f"{w}s" for w in _GENERIC):
        return None
    name = sheet.name.strip()
    label, colon, rest = name.replace("_", " ").partition(" ")
    if colon and key(label) in {
        "patient",
        "pt",
        "pat",
        "patientin",
        "paciente",
        "paziente",
        "utente",
    }:
        name = rest.strip()
    return Fixed(name)
