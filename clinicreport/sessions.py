"""Sheets in, sessions out: one frame with a row a visit, every cell typed, every fault on its cell.

Rows in = rows used + rows set aside. A row is set aside only where its patient or its date cannot
be used; a bad value in another cell becomes missing, with a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clinicreport.cells import Read, Words, reader, shown
from clinicreport.dates import DateStyle, as_value, read_dates
from clinicreport.fields import LAYOUT_FIELDS, NUMERIC_KINDS, SCORES, SESSION_FIELDS, Field
from clinicreport.findings import Finding
from clinicreport.headings import Aliases
from clinicreport.layout import Table, register_table
from clinicreport.register import Register, RegisterTable
from clinicreport.reporter import Reporter, Spot
from clinicreport.spreadsheet import Book, Value, column_letters
from clinicreport.summary_rows import says_total
from clinicreport.text import is_unsafe
from clinicreport.wide import session_tables

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an input is to be read: everything that the clinic or the command line can say."""

    reporter: Reporter
    today: date
    aliases: Aliases = field(default_factory=Aliases)
    words: Words = field(default_factory=Words)
    dates: DateStyle = field(default_factory=DateStyle)
    same: Mapping[str, str] = field(default_factory=dict)  # id -> the id it is counted under
    different: frozenset[frozenset[str]] = frozenset()  # pairs of ids that are two people


@dataclass(frozen=True, slots=True)
class Source:
    """One session table as read, or one unreadable file (then ``reason`` says why)."""

    file: str
    sha256: str
    sheet: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)  # field -> cell that holds for all rows
    rows: int = 0
    used: int = 0
    reason: str | None = None
    assumptions: tuple[str, ...] = ()

    def cell(self, name: str, row: int) -> str:
        """The address of a field's cell in a row; empty where there is no such column."""
        column = self.columns.get(name)
        return f"{column_letters(column)}{row}" if column else self.fixed.get(name, "")


@dataclass(frozen=True, slots=True)
class Located:
    """A finding about a row, with the source and row that decide whether it is in scope."""

    finding: Finding
    source: int | None = None
    row: int | None = None


@dataclass(slots=True)
class Log:
    """All sessions of a run.

    ``visits``: one row a used visit in input order; columns are the session log's fields (dates as
    datetime64, numbers as float, start times as minutes since midnight, other fields as text or
    None) and ``source`` (index into ``sources``), ``row`` (in the sheet, from 1) and
    ``day_known`` (False where the layout tells the week only).
    """

    visits: pd.DataFrame
    sources: list[Source]
    register: Register
    located: list[Located]
    unusable: dict[str, set[tuple[int, int]]]  # field -> (source, row) of cells with a finding
    different: frozenset[frozenset[str]] = frozenset()

    def settled(self, one: str, other: str) -> bool:
        """Whether a person has said that the two ids are two people."""
        return frozenset((one, other)) in self.different

    def spot(self, index: int, name: str) -> Spot:
        """The place of a field's cell in a used visit."""
        visit = self.visits
        source = self.sources[int(visit["source"].to_numpy()[index])]
        row = int(visit["row"].to_numpy()[index])
        return Spot(
            file=source.file,
            sheet=source.sheet,
            cell=source.cell(name, row),
            row=row,
            field=name,
            patient=visit["patient_id"].to_numpy()[index],
            clinic=visit["clinic"].to_numpy()[index],
        )

    def has_column(self, name: str) -> Bools:
        """For each visit, whether its table has a column for the field."""
        there = np.array([name in source.columns for source in self.sources], dtype=bool)
        return there[self.visits["source"].to_numpy()] if len(self.visits) else np.zeros(0, bool)


def read_sessions(books: Iterable[Book], reading: Reading) -> Log:
    """Every session table of the books as one log."""
    log = Log(pd.DataFrame(), [], Register(), [], {}, reading.different)
    parts: list[dict[str, npt.NDArray[Any]]] = []
    for book in books:
        parts += _read_book(book, reading, log)
    log.visits = _frame(parts)
    if reading.same:
        ids = [reading.same.get(name, name) for name in log.visits["patient_id"]]
        log.visits["patient_id"] = pd.Series(ids, dtype=object)
    return log


def _read_book(book: Book, reading: Reading, log: Log) -> list[dict[str, npt.NDArray[Any]]]:
    """One book's visits, its sources and findings added to the log."""
    if book.reason:
        _refuse(book, "unreadable-file", book.reason, reading, log)
        return []
    _report_book(book, reading, log)
    tables: list[Table] = []
    registers: list[Table] = []
    for sheet in book.sheets:
        if not sheet.visible:
            continue
        found = session_tables(book, sheet, reading.aliases)
        tables += found
        register = None if found else register_table(book, sheet, reading.aliases)
        registers += [register] if register else []
    if not tables:
        _refuse(book, "no-session-table", _what_was_there(book), reading, log)
        return []
    incomplete = [table for table in tables if table.missing]
    lacking = {(t.sheet.name, t.heading_row, name) for t in incomplete for name in t.missing}
    for sheet_name, row, name in sorted(lacking):
        spot = Spot(book.name, sheet_name, row=row, field=name)
        _add(log, reading.reporter.finding("missing-column", spot))
    if incomplete:
        labels = ", ".join(SESSION_FIELDS[name].label for name in incomplete[0].missing)
        reason = f"{book.name}: {incomplete[0].sheet.name or 'the file'} has no column for {labels}"
        log.sources.append(Source(book.name, book.sha256, reason=reason.strip()))
        return []
    for table in registers:
        _read_register(table, reading, log)
    before = len(log.located)
    parts = [_read_table(table, reading, log) for table in tables]
    if any(table.own for table in tables):  # one cell may belong to several visits of a row
        log.located[before:] = _once(log.located[before:])
    return parts


def _once(located: list[Located]) -> list[Located]:
    """Each finding once a place."""
    seen: dict[tuple[Any, ...], Located] = {}
    for item in located:
        finding = item.finding
        seen.setdefault((finding.rule, finding.sheet, finding.cell, finding.row), item)
    return list(seen.values())


def _refuse(book: Book, rule: str, reason: str, reading: Reading, log: Log) -> None:
    finding = reading.reporter.finding(rule, Spot(book.name), detail=reason)
    _add(log, finding)
    if rule == "no-session-table":
        reason = f"{book.name}: no row holds headings for a patient, a date and a score. {reason}"
    log.sources.append(Source(book.name, book.sha256, reason=reason.strip()))


def _what_was_there(book: Book) -> str:
    sheets = [sheet.name for sheet in book.sheets if sheet.visible and sheet.name]
    looked = f"Looked at: {', '.join(sheets)}. " if sheets else ""
    return f"{looked}Name the columns as in the template, or add your headings in clinic.toml."


def _report_book(book: Book, reading: Reading, log: Log) -> None:
    """Findings about the file and its sheets as a whole."""
    if book.active_content:
        spot = Spot(book.name)
        _add(log, reading.reporter.finding(
            "active-content", spot, detail=" and ".join(book.active_content)))  # fmt: skip
    for sheet in book.sheets:
        hidden = _hidden(sheet.visible, sheet.hidden_rows, sheet.hidden_columns)
        if hidden:
            spot = Spot(book.name, sheet.name)
            _add(log, reading.reporter.finding("hidden-rows", spot, detail=hidden))


def _hidden(visible: bool, rows: int, columns: int) -> str:  # noqa: FBT001
    if not visible:
        return "The sheet is hidden. It was not read."
    counts = [(rows, "row"), (columns, "column")]
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    if not said:
        return ""
    return f"Hidden or filtered: {' and '.join(said)}. They were read like the others."


def _add(log: Log, finding: Finding | None, source: int | None = None) -> None:
    if finding is not None:
        log.located.append(Located(finding, source, finding.row if source is not None else None))


# ------------------------------------------------------------------------------ one table


@dataclass(slots=True)
class Column:
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


_NOT_THERE = Read(blank=True)


def _typed(table: Table, name: str, column: int, field_: Field, reading: Reading) -> Column:
    """Types the distinct values of one column that occur in the table."""
    raw = table.sheet.columns[column - 1].values
    codes = table.codes(column)
    present = np.unique(codes).tolist()
    reads = [_NOT_THERE] * len(raw)
    order = ""
    if field_.kind == "date":
        visit = name == "date"
        found, order = read_dates(
            [raw[code] for code in present], reading.dates, reading.today, reading.words,
            visit=visit)  # fmt: skip
        found = found if visit else [as_value(read) for read in found]
    else:
        read_one = reader(field_)
        found = [read_one(raw[code], reading.words) for code in present]
    for code, read in zip(present, found, strict=True):
        reads[code] = read
    return Column(field_, raw, reads, codes, order)


def _read_table(table: Table, reading: Reading, log: Log) -> dict[str, npt.NDArray[Any]]:
    """One session table: its used visits as arrays; its source and findings go to the log."""
    source = len(log.sources)
    typed = _typed_columns(table, reading)
    filled = _filled(table)
    anything = _filled(table, whole_row=True) if table.own else filled
    summary = _summary_rows(table, typed) & anything
    counted = filled & ~summary
    patient, day = typed["patient_id"], typed["date"]
    used = counted & patient.where(_usable) & day.where(_usable)
    log.sources.append(
        Source(
            file=table.book.name,
            sha256=table.book.sha256,
            sheet=table.sheet.name,
            columns=table.columns,
            fixed={name: fixed.cell for name, fixed in table.fixed.items()},
            rows=int(counted.sum()),
            used=int(used.sum()),
            assumptions=_assumptions(table, day.order),
        )
    )
    _report_headings(table, reading, log)
    report = TableReport(table, typed, reading, log, source)
    report.summary_rows(np.flatnonzero(summary))
    report.blanks("missing-patient", patient, counted)
    report.blanks("missing-date", day, counted)
    for column in typed.values():
        report.cells(column, counted)
    rows = np.flatnonzero(used)
    part = {name: column.values()[rows] for name, column in typed.items()}
    part["row"] = rows + table.first
    part["source"] = np.full(len(rows), source)
    part["day_known"] = np.full(len(rows), table.days_known)
    return part


def _typed_columns(table: Table, reading: Reading) -> dict[str, Column]:
    """Every field of a table, from its columns or from the layout."""
    typed = {
        name: _typed(table, name, column, SESSION_FIELDS[name], reading)
        for name, column in table.columns.items()
    }
    size = table.last - table.first + 1
    for name, fixed in table.fixed.items():
        codes = np.zeros(size, dtype=np.uint32)
        typed[name] = Column(SESSION_FIELDS[name], [""], [Read(fixed.value)], codes)
        if name == "date":
            found, _ = read_dates([fixed.value], reading.dates, reading.today, reading.words)
            typed[name].reads = found
    if table.offset:
        typed["date"] = _shifted(typed["date"], [table.offset], typed["date"].codes * 0, reading)
    if table.week_column:
        weeks = _typed(table, "week", table.week_column, LAYOUT_FIELDS["week"], reading)
        days = [None if read.value is None else round(7 * read.value) for read in weeks.reads]
        typed["date"] = _shifted(typed["date"], days, weeks.codes, reading)
    return typed


def _shifted(
    start: Column, days: list[int | None], codes: npt.NDArray[np.uint32], reading: Reading
) -> Column:
    """A start date's column moved by days: each row's own, by code; None where unknown."""
    pairs, row_codes = np.unique(
        np.stack([start.codes, codes], axis=1), axis=0, return_inverse=True
    )
    raw: list[Value] = []
    reads: list[Read] = []
    for at, by in pairs.tolist():
        read, shift = start.reads[at], days[by]
        if read.value is not None:
            read = _NOT_THERE if shift is None else Read(read.value + timedelta(days=shift))
            if read.value is not None and read.value > reading.today:
                read = Read(rule="future-date", detail=reading.today.isoformat())
        raw.append(start.raw[at])
        reads.append(read)
    return Column(start.field, raw, reads, row_codes.ravel().astype(np.uint32), start.order)


def _usable(read: Read) -> bool:
    return read.value is not None


def _filled(table: Table, *, whole_row: bool = False) -> Bools:
    """The rows that hold anything at all in the table's own columns (or anywhere)."""
    filled = np.zeros(table.last - table.first + 1, dtype=bool)
    for number, column in enumerate(table.sheet.columns, 1):
        if table.own and not whole_row and number not in table.own:
            continue
        something = np.array(
            [not (isinstance(v, str) and not v.strip()) for v in column.values], dtype=bool
        )
        filled |= something[table.codes(number)]
    return filled


def _summary_rows(table: Table, typed: dict[str, Column]) -> Bools:
    """Totals and legends: no visits."""
    no_date = ~typed["date"].where(lambda read: _usable(read) or _known_fault(read))
    if "date" in table.fixed:  # the date is the heading's, and no evidence for a visit
        no_date |= True
    blank = typed["date"].where(_is_blank) & typed["patient_id"].where(_is_blank)
    for name in SCORES:
        if name in typed:
            blank &= typed[name].where(_is_blank)
    result = blank.copy()
    for index in np.flatnonzero(no_date & ~blank):
        result[index] = says_total(_first_filled(table, int(index) + table.first))
    return result


def _known_fault(read: Read) -> bool:
    """A date cell that does hold a date, if not a usable one."""
    return read.rule in ("ambiguous-date", "future-date") or read.detail.startswith("before")


def _is_blank(read: Read) -> bool:
    return read.blank


def _first_filled(table: Table, row: int) -> Value:
    for column in range(1, len(table.sheet.columns) + 1):
        value = table.sheet.value(row, column)
        if not (isinstance(value, str) and not value.strip()):
            return value
    return ""


def _assumptions(table: Table, order: str) -> tuple[str, ...]:
    """What was taken for granted about a table, in words."""
    said = [f"headings in row {table.heading_row}"]
    for name, column in sorted(table.columns.items(), key=lambda item: item[1]):
        heading = str(table.sheet.value(table.heading_row, column)).strip()
        said.append(f"{column_letters(column)} “{heading}” is {SESSION_FIELDS[name].label}")
    if order:
        said.append(f"text dates: {order}")
    return (*said, *table.notes)


def _report_headings(table: Table, reading: Reading, log: Log) -> None:
    row = table.heading_row
    for column in table.headings.unknown:
        heading = table.sheet.value(row, column)
        spot = Spot(table.book.name, table.sheet.name, f"{column_letters(column)}{row}", row)
        detail = reading.aliases.suggestion(str(shown(heading)))
        _add(log, reading.reporter.finding("unknown-column", spot, heading, detail=detail))
    for column, name in table.headings.duplicates:
        cell = f"{column_letters(column)}{row}"
        spot = Spot(table.book.name, table.sheet.name, cell, row, name)
        first = f"{column_letters(table.columns[name])}{row}"
        heading = table.sheet.value(row, column)
        _add(log, reading.reporter.finding("duplicate-column", spot, heading, detail=first))


@dataclass(slots=True)
class TableReport:
    """Findings on the cells of one table."""

    table: Table
    typed: dict[str, Column]
    reading: Reading
    log: Log
    source: int

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
        _add(self.log, finding, self.source)

    def summary_rows(self, indices: npt.NDArray[np.intp]) -> None:
        """The rows that are no visits."""
        for index in indices.tolist():
            value = _first_filled(self.table, index + self.table.first)
            spot = replace(self.spot(index, None), patient=None, clinic=None)
            finding = self.reading.reporter.finding("summary-row", spot, value)
            _add(self.log, finding)

    def blanks(self, rule: str, column: Column, counted: Bools) -> None:
        """Rows without a patient or a date."""
        for index in np.flatnonzero(counted & column.where(_is_blank)).tolist():
            self.add(rule, index, column.field.name, "")

    def cells(self, column: Column, counted: Bools) -> None:
        """Cells that could not be read, or not quite; hidden characters; formulas never run."""
        name = column.field.name
        faulty = [code for code, read in enumerate(column.reads) if read.rule]
        for index in self._rows(column, faulty, counted):
            code = column.codes[index]
            read = column.reads[code]
            self.add(read.rule, index, name, column.raw[code], detail=read.detail)
            if read.value is None:
                cell = (self.source, index + self.table.first)
                self.log.unusable.setdefault(name, set()).add(cell)
        unsafe = [
            code for code, value in enumerate(column.raw)
            if isinstance(value, str) and is_unsafe(value)
        ]  # fmt: skip
        for index in self._rows(column, unsafe, counted):
            self.add("unsafe-text", index, name, column.raw[column.codes[index]])
        if self.table.sheet.formulas and name in (*SCORES, "date", "duration"):
            self._never_calculated(column, counted)

    def _rows(self, column: Column, codes: list[int], counted: Bools) -> list[int]:
        if not codes:
            return []
        return list(np.flatnonzero(counted & np.isin(column.codes, codes)).tolist())

    def _never_calculated(self, column: Column, counted: Bools) -> None:
        number = self.table.columns.get(column.field.name)
        for row, at in sorted(self.table.sheet.formulas):
            index = row - self.table.first
            if at == number and 0 <= index < len(counted) and counted[index]:
                read = column.reads[column.codes[index]]
                if read.rule not in ("error-cell", "uncached-formula"):
                    value = column.raw[column.codes[index]]
                    self.add("never-calculated", index, column.field.name, value)


def _read_register(table: Table, reading: Reading, log: Log) -> None:
    from clinicreport.fields import REGISTER_FIELDS

    typed = {
        name: _typed(table, name, column, REGISTER_FIELDS[name], reading)
        for name, column in table.columns.items()
    }
    filled = _filled(table) & typed["patient_id"].where(_usable)
    _report_headings(table, reading, log)
    report = TableReport(table, typed, reading, log, -1)
    for column in typed.values():
        before = len(log.located)
        report.cells(column, filled)
        log.located[before:] = [Located(item.finding) for item in log.located[before:]]
    entry = RegisterTable(table.book.name, table.sheet.name, table.columns)
    for index in np.flatnonzero(filled).tolist():
        values = {name: col.reads[col.codes[index]].value for name, col in typed.items()}
        values["patient_id"] = reading.same.get(values["patient_id"], values["patient_id"])
        log.register.add(values, entry, index + table.first)


def _frame(parts: list[dict[str, npt.NDArray[Any]]]) -> pd.DataFrame:
    """The parts one below the other; a column that a part lacks is missing there."""
    sizes = [len(part["row"]) for part in parts]
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, field_ in SESSION_FIELDS.items():
        pieces = [
            part.get(name, _missing(field_, size)) for part, size in zip(parts, sizes, strict=True)
        ]
        columns[name] = np.concatenate(pieces) if pieces else _missing(field_, 0)
    for name in ("source", "row"):
        pieces = [part[name] for part in parts]
        columns[name] = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)
    known = [
        part.get("day_known", np.ones(size, dtype=bool))
        for part, size in zip(parts, sizes, strict=True)
    ]
    columns["day_known"] = np.concatenate(known) if known else np.zeros(0, dtype=bool)
    kinds = columns["visit_type"]
    kinds[pd.isna(kinds)] = "treatment"
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=object if values.dtype == object else None)
            for name, values in columns.items()
        }
    )


def _missing(field_: Field, size: int) -> npt.NDArray[Any]:
    if field_.kind == "date":
        return np.full(size, "NaT", dtype="datetime64[s]")
    if field_.kind in NUMERIC_KINDS:
        return np.full(size, np.nan)
    return np.full(size, None, dtype=object)
