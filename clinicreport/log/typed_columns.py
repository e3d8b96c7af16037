"""Typed columns: each distinct value of a column is read once, however long the log is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import distinct
from clinicreport.log.cells import BLANK, Read, number, read_text, reader, shown
from clinicreport.log.dates import DateColumn, as_value, read_dates
from clinicreport.log.declared_cells import cell_reader, in_the_clinics_words
from clinicreport.log.field import NUMERIC_KINDS, Field
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Bools, Reading
from clinicreport.reading.spreadsheet import Value

NOT_THERE = Read(blank=True)
_PART = "A part of the name is blank."


@dataclasses.dataclass(slots=True)
class TypedColumn:
    """One typed column of a table: what each distinct value was read as, and each row's code.

    ``assumed``: what was taken for granted about it, in words. ``places``: the column in which
    the value of a code stands, where that is not the field's own.
    """

    field: Field
    raw: list[Value]
    reads: list[Read]  # for each code
    codes: npt.NDArray[np.uint32]
    assumed: tuple[str, ...] = ()
    places: dict[int, int] = dataclasses.field(default_factory=dict)

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


def type_column(
    table: LogTable, name: str, column: int, field_: Field, reading: Reading
) -> TypedColumn:
    """Types the distinct values of one column that occur in the table."""
    if field_.kind == "date":
        return _date_column(table, name, column, field_, reading)
    raw = table.sheet.columns[column - 1].values
    codes = table.codes(column)
    reads = [NOT_THERE] * len(raw)
    read_one = cell_reader(name, field_, reading, split=column == table.split)
    for code in distinct(codes).tolist():
        reads[code] = read_one(raw[code])
    return TypedColumn(field_, raw, reads, codes)


def _date_column(
    table: LogTable, name: str, column: int, field_: Field, reading: Reading
) -> TypedColumn:
    """A column of dates: the order of its texts, and more, is settled by all of them together."""
    raw = table.sheet.columns[column - 1].values
    codes = table.codes(column)
    present, first, counts = np.unique(codes, return_index=True, return_counts=True)
    in_order = np.argsort(first)
    held = present[in_order].tolist()
    beside = _beside(table, column) if name == "date" else []
    said = [in_the_clinics_words(raw[code], name, reading.declared) for code in held]
    values = DateColumn(said, counts[in_order].tolist(), beside)
    found, assumed = _read_dates(values, name, reading)
    if table.same_form and any(read.rule == "ambiguous-date" for read in found):
        whole = DateColumn([*said, *_elsewhere(table, column)], [], beside)
        together, assumed = _read_dates(whole, name, reading)
        found = together[: len(said)]
    reads = [NOT_THERE] * len(raw)
    for code, read in zip(held, found, strict=True):
        reads[code] = read if name == "date" else as_value(read)
    return TypedColumn(field_, raw, reads, codes, assumed)


def _read_dates(
    values: DateColumn, name: str, reading: Reading
) -> tuple[list[Read], tuple[str, ...]]:
    return read_dates(values, reading.dates, reading.today, reading.words, visit=name == "date")


def _elsewhere(table: LogTable, column: int) -> list[Value]:
    """What stands in the same column of further sheets of the form: one column in several parts."""
    values: list[Value] = []
    for other in table.same_form:
        cells = other.sheet.columns[column - 1].values
        values += [cells[code] for code in distinct(other.codes(column)).tolist()]
    return values


def _beside(table: LogTable, column: int) -> list[Value]:
    """The dates of a row-a-patient log's other visits: texts of earlier ones, and all real dates."""
    values: list[Value] = []
    for other in table.date_columns:
        if other != column:
            cells = table.sheet.columns[other - 1].values
            present = dict.fromkeys(table.codes(other).tolist())
            earlier = table.date_columns.index(other) < table.date_columns.index(column)
            values += [
                cells[code] for code in present if earlier or not isinstance(cells[code], str)
            ]
    return values


def fixed_column(field_: Field, value: Value, size: int, reading: Reading) -> TypedColumn:
    """A field that is the same in every row of a table."""
    reads = [Read(value)]
    if field_.name == "date":
        reads, _ = read_dates(DateColumn([value]), reading.dates, reading.today, reading.words)
    elif field_.name == "patient_id":
        reads = [reader(field_)(value, reading.words)]
    return TypedColumn(field_, [value], reads, np.zeros(size, dtype=np.uint32))


def typed_columns(
    table: LogTable, fields: Mapping[str, Field], reading: Reading
) -> dict[str, TypedColumn]:
    """Every field of a table that has a column or a cell of its own."""
    typed = {
        name: type_column(table, name, column, fields[name], reading)
        for name, column in table.columns.items()
    }
    size = table.last - table.first + 1
    if table.patient_row:
        typed["patient_id"] = _row_numbers(table, fields["patient_id"])
    elif table.patient_parts:
        typed["patient_id"] = _joined(table, fields["patient_id"], reading)
    for name, fixed in table.fixed.items():
        typed[name] = fixed_column(fields[name], fixed.value, size, reading)
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
    raw: list[Value] = []
    reads: list[Read] = []
    for each in distinct.tolist():
        cells = [column.values[code] for column, code in zip(columns, each, strict=True)]
        words = [in_the_clinics_words(cell, "patient_id", reading.declared) for cell in cells]
        parts = [read_text(cell, reading.words) for cell in words]
        raw.append(" ".join(str(shown(cell) or "").strip() for cell in cells).strip())
        fault = next((read for read in parts if read.rule), None)
        if fault or all(read.blank for read in parts):
            reads.append(fault or BLANK)
        elif any(read.blank for read in parts):
            reads.append(Read(rule="missing-patient", detail=_PART))
        else:
            reads.append(Read(" ".join(str(read.value) for read in parts)))
    return TypedColumn(field_, raw, reads, row_codes.ravel().astype(np.uint32))
