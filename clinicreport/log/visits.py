"""Sheets in, sessions out: one frame with a row a visit, every cell typed, every fault on its cell.

Rows in = rows used + rows set aside. A row is set aside only where its patient or its date cannot
be used; a bad value in another cell becomes missing, with a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clinicreport.log.declared_columns import with_declared_columns
from clinicreport.log.field import NUMERIC_KINDS, Field
from clinicreport.log.fields import (
    REGISTER_FIELDS,
    SCORES,
    SESSION_FIELDS,
    as_written,
)
from clinicreport.log.filled_down import filled_down
from clinicreport.log.layout import LogTable, register_table
from clinicreport.log.not_read import lines_for, report_other_scales, why_not_read
from clinicreport.log.other_scale import (
    lacking_columns,
    without_other_scales,
)
from clinicreport.log.paired_rows import in_pairs
from clinicreport.log.read_as import read_as
from clinicreport.log.register import Register, RegisterTable
from clinicreport.log.reporter import Spot
from clinicreport.log.session_log import Located, Log, Reading, Source
from clinicreport.log.table_findings import TableReport, add_finding, report_headings
from clinicreport.log.typed_columns import typed_columns
from clinicreport.log.visit_rows import filled_rows, is_usable, summary_rows
from clinicreport.log.wide_layout import session_tables
from clinicreport.reading.spreadsheet import Spreadsheet

# A report of this program repeats the visits of its logs: read as a log they would count twice.
OWN_SHEETS = frozenset({"Summary", "Patients", "Findings", "Sessions", "Method"})


def read_sessions(books: Iterable[Spreadsheet], reading: Reading) -> Log:
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


def _read_book(book: Spreadsheet, reading: Reading, log: Log) -> list[dict[str, npt.NDArray[Any]]]:
    """One book's visits, its sources and findings added to the log."""
    if book.reason:
        _refuse(book, "unreadable-file", book.reason, reading, log)
        return []
    if {sheet.name for sheet in book.sheets} >= OWN_SHEETS:
        reason = f"{book.name}: this is a report that clinicreport wrote, not a log; name the logs"
        _refuse(book, "unreadable-file", reason, reading, log)
        return []
    _report_book(book, reading, log)
    tables: list[LogTable] = []
    registers: list[LogTable] = []
    for sheet in book.sheets:
        if not sheet.visible:
            continue
        found = session_tables(
            book,
            sheet,
            reading.aliases,
            reading.start,
            row_is_patient=reading.declared.patient_from == "row",
        )
        found = [with_declared_columns(table, reading) for table in found]
        found = without_other_scales(found, reading)
        tables += found
        register = None if found else register_table(book, sheet, reading.aliases)
        registers += [register] if register else []
    if not tables:
        _refuse(book, "no-session-table", _what_was_there(book), reading, log)
        return []
    incomplete = [table for table in tables if table.missing]
    report_other_scales(tables, reading, log)
    lacking = {
        (t.sheet.name, t.heading_row, name, lines_for(t, name))
        for t in incomplete
        for name in lacking_columns(t)
    }
    for sheet_name, row, name, detail in sorted(lacking):
        spot = Spot(book.name, sheet_name, row=row, field=name)
        add_finding(log, reading.reporter.finding("missing-column", spot, detail=detail))
    if incomplete:
        reason = f"{book.name}: {why_not_read(incomplete[0])}"
        log.sources.append(Source(book.name, book.sha256, reason=reason.strip()))
        return []
    for table in registers:
        _read_register(table, reading, log)
    before = len(log.located)
    parts = [_read_table(table, reading, log) for table in tables]
    if any(
        table.own or table.split for table in tables
    ):  # one cell may belong to several visits of a row
        log.located[before:] = _once(log.located[before:])
    return parts


def _once(located: list[Located]) -> list[Located]:
    """Each finding once a place."""
    seen: dict[tuple[Any, ...], Located] = {}
    for item in located:
        finding = item.finding
        seen.setdefault((finding.rule, finding.sheet, finding.cell, finding.row), item)
    return list(seen.values())


def _refuse(book: Spreadsheet, rule: str, reason: str, reading: Reading, log: Log) -> None:
    finding = reading.reporter.finding(rule, Spot(book.name), detail=reason)
    add_finding(log, finding)
    if rule == "no-session-table":
        reason = f"{book.name}: no row holds headings for a patient, a date and a score. {reason}"
    log.sources.append(Source(book.name, book.sha256, reason=reason.strip(), passing=book.passing))


def _what_was_there(book: Spreadsheet) -> str:
    sheets = [sheet.name for sheet in book.sheets if sheet.visible and sheet.name]
    looked = f"Looked at: {', '.join(sheets)}. " if sheets else ""
    return f"{looked}Name the columns as in the template, or add your headings in clinic.toml."


def _report_book(book: Spreadsheet, reading: Reading, log: Log) -> None:
    """Findings about the file and its sheets as a whole."""
    if book.active_content:
        spot = Spot(book.name)
        add_finding(
            log,
            reading.reporter.finding(
                "active-content", spot, detail=" and ".join(book.active_content)
            ),
        )
    for sheet in book.sheets:
        hidden = _hidden(sheet.visible, sheet.hidden_rows, sheet.hidden_columns)
        if hidden:
            spot = Spot(book.name, sheet.name)
            add_finding(log, reading.reporter.finding("hidden-rows", spot, detail=hidden))


def _hidden(visible: bool, rows: int, columns: int) -> str:  # noqa: FBT001
    if not visible:
        return "The sheet is hidden. It was not read."
    counts = [(rows, "row"), (columns, "column")]
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    if not said:
        return ""
    return f"Hidden or filtered: {' and '.join(said)}. They were read like the others."


def _read_table(table: LogTable, reading: Reading, log: Log) -> dict[str, npt.NDArray[Any]]:
    """One session table: its used visits as arrays; its source and findings go to the log."""
    source = len(log.sources)
    typed = typed_columns(table, SESSION_FIELDS, reading)
    filled = filled_rows(table)
    anything = filled_rows(table, whole_row=True) if table.own else filled
    summary = summary_rows(table, typed) & anything
    down = filled_down(table, typed, reading.declared.fill_down, summary)
    typed = down.typed
    summary &= ~down.lines
    counted = filled & ~summary & ~down.lines
    patient, day = typed["patient_id"], typed["date"]
    used = counted & patient.where(is_usable) & day.where(is_usable)
    log.sources.append(
        Source(
            file=table.book.name,
            sha256=table.book.sha256,
            sheet=table.sheet.name,
            columns=table.columns,
            fixed={name: fixed.cell for name, fixed in table.fixed.items()},
            rows=int(counted.sum()),
            used=int(used.sum()),
            taken=down.taken(table.first, counted),
            assumptions=read_as(table, day.order, reading),
        )
    )
    report_headings(table, reading, log)
    report = TableReport(table, typed, reading, log, source, down.origins)
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
    for name in reading.declared.scale:
        if name in typed:
            part[as_written(name)] = typed[name].as_written(rows)
    return in_pairs(table, part, source, log) if reading.declared.rows else part


def _read_register(table: LogTable, reading: Reading, log: Log) -> None:
    typed = typed_columns(table, REGISTER_FIELDS, reading)
    filled = filled_rows(table) & typed["patient_id"].where(is_usable)
    report_headings(table, reading, log)
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
    for name in map(as_written, SCORES):
        if any(name in part for part in parts):
            pieces = [
                part.get(name, np.full(size, None, dtype=object))
                for part, size in zip(parts, sizes, strict=True)
            ]
            columns[name] = np.concatenate(pieces)
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
