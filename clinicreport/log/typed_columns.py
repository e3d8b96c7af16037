"""Typed columns: each distinct value of a column is read once, however long the log is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.log.cells import BLANK, Read, number, shown
from clinicreport.log.dates import as_value, read_dates
from clinicreport.log.declared_cells import cell_reader, in_the_clinics_words
from clinicreport.log.field import NUMERIC_KINDS, Field
from clinicreport.log.fields import LAYOUT_FIELDS
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Bools, Reading
from clinicreport.reading.spreadsheet import Value

_NOT_THERE = Read(blank=True)
_PART = "A part of the name is blank."
MOST_WEEKS = 520  # ten years: a longer course is a typing error
NO_WEEK = Read(rule="bad-date", detail="the week beside it is blank or no number of a week")


@dataclass(slots=True)
class TypedColumn:
    """One typed column of a table: what each distinct value was read as, and each row's code."""

    field: Field
    raw: list[Value]
    reads: list[Read]  # for each code
    codes: npt.NDArray[np.uint32]
    order: str = ""

    def where(self, test: Callable[[Read], bool]) -> Bools:
        """For each row, whether its cell was read as such."""
        return np.array([test(read) for read in self.reads], dtype=bool)[self.codes]

    def values(self) -> npt.NDArray[Any]:
        """For each row its value: float, datetime64[s] or object (None where nothing usable)."""
        found = [read.value for read in self.reads]
        if self.field.kind == "date":
            return np.array(found, dtype="datetime64[s]")[self.codes]
        if self.field.kind in NUMERIC_KINDS:
            return np.array([np.nan if v is None else v for v in found], dtype=float)[self.codes]
        table = np.empty(len(found), dtype=object)
        table[:] = found
        return table[self.codes]

    def as_written(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
        """What stands in the cells of a column: a number, or the text as shown; None for nothing."""
        own = np.empty(len(self.raw), dtype=object)
        for code, value in enumerate(self.raw):
            amount = number(value.strip()) if isinstance(value, str) else None
            own[code] = shown(value if amount is None else amount)
        found: npt.NDArray[Any] = own[self.codes[rows]]
        return found


def _typed(table: LogTable, name: str, column: int, field_: Field, reading: Reading) -> TypedColumn:
    """Types the distinct values of one column that occur in the table."""
    raw = table.sheet.columns[column - 1].values
    codes = table.codes(column)
    present = np.unique(codes).tolist()
    reads = [_NOT_THERE] * len(raw)
    order = ""
    if field_.kind == "date":
        visit = name == "date"
        found, order = read_dates(
            [in_the_clinics_words(raw[code], name, reading.declared) for code in present],
            reading.dates,
            reading.today,
            reading.words,
            visit=visit,
        )
        found = found if visit else [as_value(read) for read in found]
    else:
        read_one = cell_reader(name, field_, reading, split=column == table.split)
        found = [read_one(raw[code]) for code in present]
    for code, read in zip(present, found, strict=True):
        reads[code] = read
    return TypedColumn(field_, raw, reads, codes, order)


def typed_columns(
    table: LogTable, fields: Mapping[str, Field], reading: Reading
) -> dict[str, TypedColumn]:
    """Every field of a table, from its columns or from the layout."""
    typed = {
        name: _typed(table, name, column, fields[name], reading)
        for name, column in table.columns.items()
    }
    size = table.last - table.first + 1
    if table.patient_row:
        typed["patient_id"] = _row_numbers(table, fields["patient_id"])
    elif table.patient_parts:
        typed["patient_id"] = _joined(table, fields["patient_id"], reading)
    for name, fixed in table.fixed.items():
        codes = np.zeros(size, dtype=np.uint32)
        typed[name] = TypedColumn(fields[name], [""], [Read(fixed.value)], codes)
        if name == "date":
            found, _ = read_dates([fixed.value], reading.dates, reading.today, reading.words)
            typed[name].reads = found
    if table.offset:
        typed["date"] = _shifted(typed["date"], [table.offset], typed["date"].codes * 0, reading)
    if table.week_column:
        weeks = _typed(table, "week", table.week_column, LAYOUT_FIELDS["week"], reading)
        days = [
            None if read.value is None or abs(read.value) > MOST_WEEKS else round(7 * read.value)
            for read in weeks.reads
        ]
        typed["date"] = _shifted(typed["date"], days, weeks.codes, reading)
    return typed


def _row_numbers(table: LogTable, field_: Field) -> TypedColumn:
    """The number of each row in the sheet as its patient's id."""
    rows = range(table.first, table.last + 1)
    codes = np.arange(len(rows), dtype=np.uint32)
    return TypedColumn(field_, [str(row) for row in rows], [Read(str(row)) for row in rows], codes)


def _joined(table: LogTable, field_: Field, reading: Reading) -> TypedColumn:
    """The patient's id from several columns, as shown and joined by a blank.

    Where one of them is blank the id is not known: ``missing-patient``.
    """
    columns = [table.sheet.columns[column - 1] for column in table.patient_parts]
    codes = np.stack([table.codes(column) for column in table.patient_parts], axis=1)
    distinct, row_codes = np.unique(codes, axis=0, return_inverse=True)
    read_one = cell_reader("patient_id", field_, reading, split=False)
    raw: list[Value] = []
    reads: list[Read] = []
    for each in distinct.tolist():
        cells = [column.values[code] for column, code in zip(columns, each, strict=True)]
        parts = [read_one(cell) for cell in cells]
        raw.append(" ".join(str(shown(cell) or "").strip() for cell in cells).strip())
        fault = next((read for read in parts if read.rule), None)
        if fault or all(read.blank for read in parts):
            reads.append(fault or BLANK)
        elif any(read.blank for read in parts):
            reads.append(Read(rule="missing-patient", detail=_PART))
        else:
            reads.append(Read(" ".join(str(read.value) for read in parts)))
    return TypedColumn(field_, raw, reads, row_codes.ravel().astype(np.uint32))


def _shifted(
    start: TypedColumn, days: list[int | None], codes: npt.NDArray[np.uint32], reading: Reading
) -> TypedColumn:
    """A start date's column moved by days: each row's own, by code; None where the week is none.

    A start date that holds a date but is not followed by a week has no day: ``bad-date``.
    """
    pairs, row_codes = np.unique(
        np.stack([start.codes, codes], axis=1), axis=0, return_inverse=True
    )
    raw: list[Value] = []
    reads: list[Read] = []
    for at, by in pairs.tolist():
        read, shift = start.reads[at], days[by]
        if read.value is not None:
            read = NO_WEEK if shift is None else Read(read.value + timedelta(days=shift))
            if read.value is not None and read.value > reading.today:
                read = Read(rule="future-date", detail=reading.today.isoformat(), dated=True)
        raw.append(start.raw[at])
        reads.append(read)
    return TypedColumn(start.field, raw, reads, row_codes.ravel().astype(np.uint32), start.order)
