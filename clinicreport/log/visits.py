"""Sheets in, sessions out: one frame with a row a visit, every cell typed, every fault on its cell.

Rows in = rows used + rows set aside. A row is set aside only where its patient or its date cannot
be used; a bad value in another cell becomes missing, with a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Frame, missing
from clinicreport.log.book_log import BookLog, BooksBefore, Part
from clinicreport.log.cells import plain
from clinicreport.log.chosen_headings import is_headings_sheet
from clinicreport.log.declared_columns import with_declared_columns
from clinicreport.log.field import NUMERIC_KINDS, Field
from clinicreport.log.fields import COLUMN_FIELDS, NEEDED, REGISTER_FIELDS, SCORES, as_written
from clinicreport.log.filled_down import filled_down
from clinicreport.log.forms import reading_for
from clinicreport.log.heading_hints import MissingHeadings, missing_headings, no_table_words
from clinicreport.log.heading_rows import row_of
from clinicreport.log.layout import LogTable, register_table
from clinicreport.log.not_read import declared_line, report_other_scales, scale_reason
from clinicreport.log.other_scale import (
    lacking_columns,
    without_other_scales,
)
from clinicreport.log.paired_rows import in_pairs
from clinicreport.log.read_as import read_as
from clinicreport.log.register import Register, RegisterTable
from clinicreport.log.reporter import Advice, Spot
from clinicreport.log.session_log import Located, Log, Reading, Source
from clinicreport.log.shifted_dates import report_shifted
from clinicreport.log.table_findings import TableReport, add_finding, report_headings
from clinicreport.log.text_records import cut_rows, ragged_rows
from clinicreport.log.typed_columns import typed_columns
from clinicreport.log.unread import report_choices, report_rows, report_sheets
from clinicreport.log.visit_days import typed_visits
from clinicreport.log.visit_rows import filled_rows, is_usable, summary_rows
from clinicreport.log.wide_layout import session_tables
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet

START_DATE = (
    "Weeks are there: add a column Start date beside the week's, or write in clinic.toml: "
    "start_date = 2026-01-05 (the day from which weeks count)."
)
# Rules that set a row aside.
_SET_ASIDE = (
    "missing-patient bad-patient missing-date bad-date ambiguous-date moving-date future-date "
    "error-cell uncached-formula ragged-row cut-file"
)
SET_ASIDE = frozenset(_SET_ASIDE.split())
# A report of this program repeats the visits of its logs: read as a log they would count twice.
GUESSED = (
    "The file does not say in which encoding it is written and is not UTF-8; it was read as {}. "
    'If letters look wrong, save it again as "CSV UTF-8" or as .xlsx'
)
OWN_SHEETS = frozenset({"Summary", "Patients", "Findings", "Sessions", "Method"})


def read_sessions(
    books: Iterable[Spreadsheet], reading: Reading, known: BooksBefore | None = None
) -> Log:
    """Every session table of the books as one log. ``known``: of these nothing is read again."""
    log = _empty(reading)
    log.two_sessions_a_day = reading.declared.two_sessions_a_day
    parts: list[Part] = []
    for book in books:
        given = known.recall(book.name, book.sha256) if known else None
        if given is None:
            given = _given(book, reading)
            if known and not book.reason:
                known.keep(book.name, book.sha256, given)
        parts += given.join(log)
    log.visits = _frame(parts)
    if reading.same:
        ids = [reading.same.get(name, name) for name in log.visits["patient_id"]]
        log.visits["patient_id"] = ids
    return log


def _empty(reading: Reading) -> Log:
    return Log(Frame(), [], Register(), [], {}, reading.different)


def _given(book: Spreadsheet, reading: Reading) -> BookLog:
    """What one book gives, by itself."""
    own = _empty(reading)
    parts = _read_book(book, reading, own)
    return BookLog(parts, own.sources, own.located, own.unusable, own.register)


def _read_book(book: Spreadsheet, reading: Reading, log: Log) -> list[Part]:
    """One book's visits, its sources and findings added to the log."""
    if book.reason:
        _refuse(book, book.rule or "unreadable-file", book.reason, reading, log)
        return []
    if {sheet.name for sheet in book.sheets} >= OWN_SHEETS:
        reason = f"{book.name}: this is a report that clinicreport wrote, not a log; name the logs"
        _refuse(book, "unreadable-file", reason, reading, log)
        return []
    sheets = [sheet for sheet in book.sheets if not _ignored(sheet, reading)]
    _report_book(book, sheets, reading, log)
    tables: list[LogTable] = []
    registers: list[LogTable] = []
    unread: list[Sheet] = []
    hows = {id(sheet): reading_for(sheet, reading) for sheet in sheets}
    for sheet in filter(lambda sheet: sheet.visible, sheets):
        how = hows[id(sheet)]
        found = session_tables(book, sheet, how.aliases, how.start, how.declared, how.dates)
        found = [with_declared_columns(table, how) for table in found]
        found = without_other_scales(found, how)
        tables += found
        register = None if found else register_table(book, sheet, how.aliases)
        registers += [register] if register else []
        unread += [] if found or register else [sheet]
    if not tables:
        detail = no_table_words(sheets, reading.aliases)
        _refuse(book, "no-session-table", detail, reading, log)
        return []
    tables, incomplete = _without_templates(tables)
    report_other_scales(tables, reading, log)
    if incomplete:
        _refuse_incomplete(book, tables, incomplete, reading, log)
        return []
    for table in registers:
        _read_register(table, hows[id(table.sheet)], log)
    _join_forms(tables)
    before, first = len(log.located), len(log.sources)
    parts = [_read_table(table, hows[id(table.sheet)], log) for table in tables]
    if any(
        table.own or table.split for table in tables
    ):  # one cell may belong to several visits of a row
        log.located[before:] = _once(log.located[before:])
    for _, group in groupby(tables, key=lambda table: table.sheet.name):
        own = list(group)
        report_rows(own, hows[id(own[0].sheet)], log)
    report_choices(book, reading, log)
    ids = {str(name) for part in parts for name in part["patient_id"]} if unread else set()
    report_sheets(book, unread, reading, log, ids)
    return parts if _any_used(log, first, before) else []


def _join_forms(tables: list[LogTable]) -> None:
    """Tell the tables with a row a visit of the further sheets with the very same headings."""
    forms: dict[tuple[str, ...], list[LogTable]] = {}
    for table in tables:
        if not table.own:
            row = row_of(table.sheet, table.heading_row)
            forms.setdefault(tuple(str(cell) for cell in row), []).append(table)
    for form in forms.values():
        for table in form:
            table.same_form = tuple(other for other in form if other is not table)


def _ignored(sheet: Sheet, reading: Reading) -> bool:
    """Whether the clinic has said that the sheet is no log, or a marked copy brought it along."""
    if is_headings_sheet(sheet):
        return True
    names = {plain(name) for name in reading.declared.ignore}
    return plain(sheet.name) in names


def _without_templates(tables: list[LogTable]) -> tuple[list[LogTable], list[LogTable]]:
    """The tables without those that lack a needed column and hold no row, where others are
    complete (an empty template); and those that lack one."""
    complete = [table for table in tables if not table.missing]
    if complete:
        tables = [table for table in tables if not table.missing or filled_rows(table).any()]
    return tables, [table for table in tables if table.missing]


def _refuse_incomplete(
    book: Spreadsheet,
    tables: list[LogTable],
    incomplete: list[LogTable],
    reading: Reading,
    log: Log,
) -> None:
    """A book one of whose tables lacks a needed column, as unreadable."""
    whole = {table.sheet.name for table in tables if not table.missing}
    said: dict[tuple[str, int], MissingHeadings] = {}
    weeks = {(table.sheet.name, table.heading_row) for table in incomplete if table.weeks}
    lacking = {
        (table.sheet.name, table.heading_row, name)
        for table in incomplete
        for name in lacking_columns(table)
    }
    for table in incomplete:
        other = bool(whole - {table.sheet.name}) and table.sheet.name not in whole
        said.setdefault(
            (table.sheet.name, table.heading_row),
            missing_headings(table, reading.aliases, table.sheet.name if other else ""),
        )
    for (sheet_name, row), words in sorted(said.items()):
        for name in words.missing:
            if (sheet_name, row, name) not in lacking:
                continue  # it is there on another scale, which is said
            spot = Spot(book.name, sheet_name, row=row, field=name)
            start = START_DATE if name == "date" and (sheet_name, row) in weeks else ""
            lines = start or words.lines_for(name)
            detail = Advice(f"{words.seen} {lines}{declared_line(incomplete[0], name)}")
            add_finding(log, reading.reporter.finding("missing-column", spot, detail=detail))
    first = incomplete[0]
    words = said[first.sheet.name, first.heading_row]
    where = first.sheet.name or "the file"
    names = "".join(declared_line(first, name) for name in lacking_columns(first))
    told = f"{where} has no column for {words.labels}. {words.seen} {words.lines}{names}"
    reason = f"{book.name}: {scale_reason(first) or told}"
    log.sources.append(Source(book.name, book.sha256, reason=reason.strip()))


def _any_used(log: Log, first: int, before: int) -> bool:
    """Whether a row of the book's tables (the sources from ``first`` on) can be used, or none is
    there. Else the sources are given the reason why the book counts as not read, from its findings
    (from ``before`` on)."""
    sources = log.sources[first:]
    rows = sum(source.rows for source in sources)
    if not rows or any(source.used for source in sources):
        return True
    faults = [item.finding for item in log.located[before:] if item.finding.rule in SET_ASIDE]
    counts = Counter(finding.rule for finding in faults)
    rules = ", ".join(f"{count} {rule}" for rule, count in counts.most_common())
    reason = f"{sources[0].file}: none of its {rows} rows can be used"
    reason += f" ({rules}). {faults[0].message}" if faults else "."
    log.sources[first:] = [replace(source, reason=reason) for source in sources]
    return False


def _once(located: list[Located]) -> list[Located]:
    """Each finding once a place."""
    seen: dict[tuple[Any, ...], Located] = {}
    for item in located:
        finding = item.finding
        seen.setdefault((finding.rule, finding.sheet, finding.cell, finding.row), item)
    return list(seen.values())


def _refuse(book: Spreadsheet, rule: str, reason: str, reading: Reading, log: Log) -> None:
    finding = reading.reporter.finding(rule, Spot(book.name), detail=Advice(reason))
    add_finding(log, finding._replace(severity="error") if finding else None)
    if rule == "no-session-table":
        reason = f"{book.name}: no row holds headings for a patient, a date and a score. {reason}"
    log.sources.append(Source(book.name, book.sha256, reason=reason.strip(), passing=book.passing))


def _report_book(book: Spreadsheet, sheets: list[Sheet], reading: Reading, log: Log) -> None:
    """Findings about the file and its sheets as a whole."""
    if book.active_content:
        spot = Spot(book.name)
        add_finding(
            log,
            reading.reporter.finding(
                "active-content", spot, detail=" and ".join(book.active_content)
            ),
        )
    if book.guessed_encoding:
        detail = GUESSED.format(book.guessed_encoding)
        found = reading.reporter.finding("guessed-encoding", Spot(book.name), detail=detail)
        add_finding(log, found)
    for sheet in sheets:
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


def _read_table(table: LogTable, reading: Reading, log: Log) -> Part:
    """One session table: its used visits as arrays; its source and findings go to the log."""
    source = len(log.sources)
    typed, known = typed_visits(table, reading)
    filled = filled_rows(table)
    anything = filled_rows(table, whole_row=True) if table.own else filled
    summary = summary_rows(table, typed) & anything
    down = filled_down(table, typed, reading.declared.fill_down, summary)
    typed = down.typed
    summary &= ~down.lines
    counted = filled & ~summary & ~down.lines
    patient, day = typed["patient_id"], typed["date"]
    torn = cut_rows(table) & counted
    shifted = ragged_rows(table) & counted & ~torn
    whole = counted & ~torn & ~shifted
    used = whole & patient.where(is_usable) & day.where(is_usable)
    log.sources.append(
        Source(
            file=table.book.name,
            sha256=table.book.sha256,
            sheet=table.sheet.name,
            columns=table.columns,
            fixed={name: fixed.cell for name, fixed in table.fixed.items()},
            heading_row=table.heading_row,
            headings=_headings_of(table),
            by_weeks=table.week_column is not None,
            rows=int(counted.sum()),
            used=int(used.sum()),
            taken=down.taken(table.first, counted),
            assumptions=read_as(table, day.assumed, reading),
        )
    )
    report_headings(table, reading, log)
    report = TableReport(table, typed, reading, log, source, down.origins)
    report.summary_rows(np.flatnonzero(summary))
    report.set_aside("ragged-row", np.flatnonzero(shifted))
    report.set_aside("cut-file", np.flatnonzero(torn))
    report.blanks("missing-patient", patient, whole)
    report.blanks("missing-date", day, whole)
    for column in typed.values():
        report.cells(column, whole)
    report_shifted(report, typed, whole)
    report.struck_rows(used)
    rows = np.flatnonzero(used)
    part = {name: column.values()[rows] for name, column in typed.items()}
    part["row"] = rows + table.first
    part["source"] = np.full(len(rows), source)
    part["day_known"] = known[rows]
    part["planned"] = np.full(len(rows), table.planned)
    for name in reading.declared.scale:
        if name in typed:
            part[as_written(name)] = typed[name].as_written(rows)
    return in_pairs(table, part, source, log) if reading.declared.rows else part


def _headings_of(table: LogTable) -> dict[str, str]:
    """The headings of patient, day and scores; of visits side by side the patient's alone."""
    watched = ("patient_id",) if table.own else (*NEEDED, *SCORES)
    texts = {
        name: table.sheet.value(table.heading_row, table.columns[name])
        for name in dict.fromkeys(watched)
        if name in table.columns
    }
    return {name: text.strip() for name, text in texts.items() if isinstance(text, str)}


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


def _frame(parts: list[Part]) -> Frame:
    """The parts one below the other; a column that a part lacks is missing there."""
    sizes = [len(part["row"]) for part in parts]
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, field_ in COLUMN_FIELDS.items():
        pieces = [
            part.get(name, _missing(field_, size)) for part, size in zip(parts, sizes, strict=True)
        ]
        columns[name] = np.concatenate(pieces) if pieces else _missing(field_, 0)
    for name in ("source", "row"):
        pieces = [part[name] for part in parts]
        columns[name] = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)
    for name in map(as_written, SCORES):
        if any(name in part for part in parts):
            pieces = [
                part.get(name, np.full(size, None, dtype=object))
                for part, size in zip(parts, sizes, strict=True)
            ]
            columns[name] = np.concatenate(pieces)
    for name in ("day_known", "planned"):
        flags = [part[name] for part in parts]
        columns[name] = np.concatenate(flags) if flags else np.zeros(0, dtype=bool)
    kinds = columns["visit_type"]
    kinds[missing(kinds)] = "treatment"
    return Frame(columns)


def _missing(field_: Field, size: int) -> npt.NDArray[Any]:
    if field_.kind == "date":
        return np.full(size, "NaT", dtype="datetime64[s]")
    if field_.kind in NUMERIC_KINDS:
        return np.full(size, np.nan)
    return np.full(size, None, dtype=object)
