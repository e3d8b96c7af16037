"""Findings on the cells of one table: headings, blanks, what could not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.unsafe_text import is_unsafe
from clinicreport.log.fields import (
    OF_A_VISIT,
    PEOPLE_FIELDS,
    REGISTER_FIELDS,
    SCORES,
    SESSION_FIELDS,
)
from clinicreport.log.findings import Finding
from clinicreport.log.headings import Aliases
from clinicreport.log.layout import LogTable
from clinicreport.log.raw_columns import below, says_who_came
from clinicreport.log.reporter import Advice, Spot
from clinicreport.log.session_log import Bools, Located, Log, Reading
from clinicreport.log.to_declare import fill_down_line, what_to_declare
from clinicreport.log.typed_columns import TypedColumn
from clinicreport.log.visit_rows import first_filled, is_blank
from clinicreport.reading.spreadsheet import Value, column_letters

_JUDGED = ("score", "minutes")
STRUCK = ("patient_id", "date", *SCORES)
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
        if not table.register and _says_who_came(table, column):
            words = _name_attendance(table, heading, reading.aliases)
            rule = "unread-attendance"
            add_finding(log, reading.reporter.finding(rule, spot, heading, detail=words))
            continue
        detail = _outranked(table, heading, reading.aliases)
        if column in table.headings.astray:
            detail = ASTRAY
        detail = detail or reading.aliases.suggestion(heading, wanted)
        add_finding(log, reading.reporter.finding("unknown-column", spot, heading, detail=detail))
    for column, name in table.headings.duplicates:
        cell = f"{column_letters(column)}{row}"
        spot = Spot(table.book.name, table.sheet.name, cell, row, name)
        first = f"{column_letters(table.headings.columns[name])}{row}"
        heading = table.sheet.value(row, column)
        add_finding(log, reading.reporter.finding("duplicate-column", spot, heading, detail=first))


def _says_who_came(table: LogTable, column: int) -> bool:
    counts = below(table.sheet, column, table.first - 1, table.last)
    return says_who_came(counts, table.sheet.value(table.heading_row, column))


def _name_attendance(table: LogTable, heading: Value, aliases: Aliases) -> Advice:
    """What to do about a column that says who came."""
    if "visit_type" in table.columns:
        return Advice("Write not-attended as the visit type of visits that did not take place.")
    own = json.dumps([*aliases.own.get("visit_type", ()), heading], ensure_ascii=False)
    return Advice(
        "Words of your own for somebody who did not come go under [reading]: values = { visit_type "
        '= { "your word" = "not-attended" } }. '
        f"Name the column in clinic.toml under [aliases]: visit_type = {own}"
    )


def _outranked(table: LogTable, heading: Value, aliases: Aliases) -> str:
    """What to say of a built-in heading of a field that the clinic has named another one for."""
    column = table.headings.columns.get(aliases.field(heading) or "")
    named = table.sheet.value(table.heading_row, column) if column else ""
    if aliases.is_own(heading) or not aliases.is_own(named):
        return ""
    return f"clinic.toml names “{named}” under [aliases] instead, which was used."


@dataclass(slots=True)
class TableReport:
    """Findings on the cells of one table."""

    table: LogTable
    typed: dict[str, TypedColumn]
    reading: Reading
    log: Log
    source: int
    origins: Mapping[str, npt.NDArray[np.intp]] = dataclass_field(default_factory=dict)

    def spot(self, index: int, name: str | None, at: int | None = None) -> Spot:
        """The place of a cell, from the row's index in the table; ``at``: its column, where that
        is not the field's."""
        row = index + self.table.first
        column = at or self.table.columns.get(name or "")
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

    def add(
        self,
        rule: str,
        index: int,
        name: str | None,
        value: Value,
        at: int | None = None,
        **words: Any,
    ) -> None:
        """One finding on a cell."""
        spot = self.spot(index, name, at)
        finding = self.reading.reporter.finding(rule, spot, value, **words)
        add_finding(self.log, finding, self.source)

    def set_aside(self, rule: str, indices: npt.NDArray[np.intp]) -> None:
        """Rows that are set aside as a whole: on the row, since no cell of it is sure."""
        for index in indices.tolist():
            spot = self.spot(index, None)._replace(patient=None, clinic=None)
            value = first_filled(self.table, index + self.table.first)
            add_finding(self.log, self.reading.reporter.finding(rule, spot, value), self.source)

    def summary_rows(self, indices: npt.NDArray[np.intp]) -> None:
        """The rows that are no visits."""
        for index in indices.tolist():
            value = self._first_filled(index + self.table.first)
            spot = self.spot(index, None)._replace(patient=None, clinic=None)
            finding = self.reading.reporter.finding("summary-row", spot, value)
            add_finding(self.log, finding)

    def _first_filled(self, row: int) -> Value:
        """What stands first in a row; nothing where that may be a name or a birth."""
        value = first_filled(self.table, row)
        people = (at for name, at in self.table.columns.items() if name in PEOPLE_FIELDS)
        return "" if value in [self.table.sheet.value(row, at) for at in people] else value

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
        rows = self._rows(column, faulty, counted)
        for index in rows[:1] if name in self.table.fixed else rows:
            code = column.codes[index]
            read = column.reads[code]
            row = int(self.origins[name][index]) if name in self.origins else index
            if row not in said:  # a cell that is filled down is said once, where it stands
                detail = read.detail or what_to_declare(column, code, self.table, name)
                at = column.places.get(int(code))
                self.add(read.rule, row, name, column.raw[code], at, detail=detail)
            said.add(row)
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

    def struck_rows(self, used: Bools) -> None:
        """Used rows and scores that are struck through: one finding for a whole row."""
        table = self.table
        struck: dict[int, set[int]] = {}
        for row, column in table.sheet.struck:
            if table.first <= row <= table.last and used[row - table.first]:
                struck.setdefault(row - table.first, set()).add(column)
        for index, columns in sorted(struck.items()):
            at = {table.columns[name]: name for name in reversed(STRUCK) if name in table.columns}
            struck_fields = [name for column, name in at.items() if column in columns]
            whole = [name for name in struck_fields if name not in SCORES]
            for name in ["patient_id"] if whole else reversed(struck_fields):
                typed = self.typed[name]
                self.add("struck-row", index, name, typed.raw[typed.codes[index]])

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
                if read.rule not in ("error-cell", "uncached-formula", "moving-date"):
                    value = column.raw[column.codes[index]]
                    self.add("never-calculated", index, column.field.name, value)
