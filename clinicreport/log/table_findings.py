"""Findings on the cells of one table: headings, blanks, what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.unsafe_text import is_unsafe
from clinicreport.log.fields import OF_A_VISIT, REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.log.findings import Finding
from clinicreport.log.layout import LogTable
from clinicreport.log.reporter import Spot
from clinicreport.log.session_log import Bools, Located, Log, Reading
from clinicreport.log.to_declare import fill_down_line, what_to_declare
from clinicreport.log.typed_columns import TypedColumn
from clinicreport.log.visit_rows import first_filled, is_blank
from clinicreport.reading.spreadsheet import Value, column_letters

_JUDGED = ("score", "minutes")
ASTRAY = "With a row a patient it belongs to no visit. Name the visit, as in “Pain after week 2”."


def add_finding(log: Log, finding: Finding | None, source: int | None = None) -> None:
    if finding is not None:
        log.located.append(Located(finding, source, finding.row if source is not None else None))


def report_headings(table: LogTable, reading: Reading, log: Log) -> None:
    row = table.heading_row
    fields = REGISTER_FIELDS if table.register else SESSION_FIELDS
    there = {*table.columns, *table.fixed} | (OF_A_VISIT if table.own else set())
    wanted = {name: field for name, field in fields.items() if name not in there}
    for column in sorted({*table.headings.unknown, *table.headings.astray}):
        heading = table.sheet.value(row, column)
        spot = Spot(table.book.name, table.sheet.name, f"{column_letters(column)}{row}", row)
        astray = column in table.headings.astray
        detail = ASTRAY if astray else reading.aliases.suggestion(heading, wanted)
        add_finding(log, reading.reporter.finding("unknown-column", spot, heading, detail=detail))
    for column, name in table.headings.duplicates:
        cell = f"{column_letters(column)}{row}"
        spot = Spot(table.book.name, table.sheet.name, cell, row, name)
        first = f"{column_letters(table.headings.columns[name])}{row}"
        heading = table.sheet.value(row, column)
        add_finding(log, reading.reporter.finding("duplicate-column", spot, heading, detail=first))


@dataclass(slots=True)
class TableReport:
    """Findings on the cells of one table."""

    table: LogTable
    typed: dict[str, TypedColumn]
    reading: Reading
    log: Log
    source: int
    origins: Mapping[str, npt.NDArray[np.intp]] = dataclass_field(default_factory=dict)

    def spot(self, index: int, name: str | None) -> Spot:
        """The place of a cell, from the row's index in the table."""
        row = index + self.table.first
        column = self.table.columns.get(name or "")
        return Spot(
            file=self.table.book.name,
            sheet=self.table.sheet.name,
            cell=f"{column_letters(column)}{row}" if column else self._fixed_cell(name),
            row=row,
            field=name,
            patient=self._text("patient_id", index),
            clinic=self._text("clinic", index),
        )

    def _fixed_cell(self, name: str | None) -> str:
        fixed = self.table.fixed.get(name or "")
        return fixed.cell if fixed else ""

    def _text(self, name: str, index: int) -> str | None:
        column = self.typed.get(name)
        value = column.reads[column.codes[index]].value if column else None
        return str(value) if value is not None else None

    def add(self, rule: str, index: int, name: str | None, value: Value, **words: Any) -> None:
        """One finding on a cell."""
        finding = self.reading.reporter.finding(rule, self.spot(index, name), value, **words)
        add_finding(self.log, finding, self.source)

    def summary_rows(self, indices: npt.NDArray[np.intp]) -> None:
        """The rows that are no visits."""
        for index in indices.tolist():
            value = first_filled(self.table, index + self.table.first)
            spot = self.spot(index, None)._replace(patient=None, clinic=None)
            finding = self.reading.reporter.finding("summary-row", spot, value)
            add_finding(self.log, finding)

    def blanks(self, rule: str, column: TypedColumn, counted: Bools) -> None:
        """Rows without a patient or a date."""
        blank = column.where(is_blank)
        first = int(np.argmin(blank)) if len(blank) else 0
        for index in np.flatnonzero(counted & blank).tolist():
            detail = fill_down_line(column.field.name) if not blank[first] and first < index else ""
            self.add(rule, index, column.field.name, "", detail=detail)

    def cells(self, column: TypedColumn, counted: Bools) -> None:
        """Cells that could not be read, or not quite; hidden characters; formulas never run."""
        name = column.field.name
        faulty = [code for code, read in enumerate(column.reads) if read.rule]
        said: set[int] = set()
        for index in self._rows(column, faulty, counted):
            code = column.codes[index]
            read = column.reads[code]
            at = int(self.origins[name][index]) if name in self.origins else index
            if at not in said:  # a cell that is filled down is said once, where it stands
                detail = read.detail or what_to_declare(column, code, self.table, name)
                self.add(read.rule, at, name, column.raw[code], detail=detail)
            said.add(at)
            if read.value is None:
                cell = (self.source, index + self.table.first)
                self.log.unusable.setdefault(name, set()).add(cell)
        unsafe = [
            code
            for code, value in enumerate(column.raw)
            if isinstance(value, str) and is_unsafe(value)
        ]
        for index in self._rows(column, unsafe, counted):
            self.add("unsafe-text", index, name, column.raw[column.codes[index]])
        if self.table.sheet.formulas and (name == "date" or column.field.kind in _JUDGED):
            self._never_calculated(column, counted)

    def _rows(self, column: TypedColumn, codes: list[int], counted: Bools) -> list[int]:
        if not codes:
            return []
        return list(np.flatnonzero(counted & np.isin(column.codes, codes)).tolist())

    def _never_calculated(self, column: TypedColumn, counted: Bools) -> None:
        number = self.table.columns.get(column.field.name)
        for row, at in sorted(self.table.sheet.formulas):
            index = row - self.table.first
            if at == number and 0 <= index < len(counted) and counted[index]:
                read = column.reads[column.codes[index]]
                if read.rule not in ("error-cell", "uncached-formula"):
                    value = column.raw[column.codes[index]]
                    self.add("never-calculated", index, column.field.name, value)
