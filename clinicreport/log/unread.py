"""What looks like visits and was not read: rows above a table or beside it, and whole sheets."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from clinicreport.log.chosen_headings import (
    CHOICES,
    chosen_headings,
    is_headings_sheet,
    unknown_choices,
)
from clinicreport.log.fields import NEEDED, SCORES, SESSION_FIELDS
from clinicreport.log.forms import reading_for
from clinicreport.log.heading_hints import lines, seen_headings
from clinicreport.log.heading_rows import row_of
from clinicreport.log.layout import LogTable
from clinicreport.log.raw_columns import below
from clinicreport.log.raw_kinds import as_number, is_date, is_filled, is_score
from clinicreport.log.reporter import Advice, Spot
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.summary_rows import says_total, sums_up
from clinicreport.log.table_findings import add_finding
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value

AT_LEAST = 5  # rows that make a sheet one with visits
LOOKED = 2000  # rows above a table, and of a sheet without one, that are looked at
_ID = r"[^\W\d]{0,6}[\s_./-]?\d{2,10}(?:[\s_./-]?\w{1,4})?"


def report_rows(tables: Sequence[LogTable], reading: Reading, log: Log) -> None:
    """The rows of one sheet that stand above its first table, or beside one, and hold visits."""
    top = min(tables, key=lambda table: table.heading_row)
    first = [table for table in tables if table.heading_row == top.heading_row]
    rows = range(max(1, top.heading_row - LOOKED), top.heading_row)
    above = sum(any(_is_visit(table, row) for table in first) for row in rows)
    said = [f"{_rows(above)} above the headings (row {top.heading_row})."] if above else []
    beside = {(table.heading_row, block) for table in tables for block in table.headings_beside}
    for row, block in sorted(beside):
        columns = list(block)
        count = sum(
            _holds_visit([top.sheet.value(at, column) for column in columns])
            for at in range(row + 1, min(top.sheet.rows, row + LOOKED) + 1)
        )
        if count:
            said.append(f"{_rows(count)} beside the table, below other headings (row {row}).")
    if said:
        spot = Spot(top.book.name, top.sheet.name)
        found = reading.reporter.finding("unread-rows", spot, detail=" ".join(said))
        add_finding(log, found)


def _rows(count: int) -> str:
    return "1 row stands" if count == 1 else f"{count} rows stand"


def _is_visit(table: LogTable, row: int) -> bool:
    """Whether a row outside the table holds what its rows hold: a patient, a day, a score."""

    def cell(name: str) -> Value:
        column = table.columns.get(name)
        return table.sheet.value(row, column) if column else ""

    patient = is_filled(cell("patient_id"))
    day = table.offset is None and is_date(cell("date"))
    score = any(is_score(cell(name)) for name in SCORES)
    filled = sum(map(is_filled, row_of(table.sheet, row)))
    return filled > 2 and score and (day or patient)


def _holds_visit(cells: Sequence[Value]) -> bool:
    return any(map(is_score, cells)) and any(map(is_date, cells))


def report_sheets(
    book: Spreadsheet, unread: Sequence[Sheet], reading: Reading, log: Log, ids: Collection[str]
) -> None:
    """The sheets without a table that look like logs. ``ids``: the patients that were read."""
    for sheet in unread:
        if not _looks_like_a_log(sheet, ids):
            continue
        seen = seen_headings(sheet, reading.aliases)
        there = {reading.aliases.field(cell) for cell in seen.cells} if seen else set()
        missing = [name for name in NEEDED if name not in there]
        labels = " and ".join(SESSION_FIELDS[name].label for name in missing)
        words = lines(seen, missing, reading.aliases, sheet.name)
        said = f"no row of it holds a heading for {labels}. {seen.said if seen else ''} {words}"
        spot = Spot(book.name, sheet.name)
        add_finding(log, reading.reporter.finding("unread-sheet", spot, detail=Advice(said)))


def report_choices(book: Spreadsheet, reading: Reading, log: Log) -> None:
    """Choices in a marked copy's sheet Headings that the settings do not have: they count for
    nothing until they are lines of clinic.toml."""
    labels = {name: label for label, name in CHOICES.items()}
    hows = {sheet.name: reading_for(sheet, reading).aliases for sheet in book.sheets}
    left = [
        one
        for one in chosen_headings(book)
        if hows.get(one.sheet, reading.aliases).field(one.heading) != one.field
    ]
    said = [f"“{one.heading}” is {labels[one.field]}" for one in left]
    said += [f"“{word}” is no field" for word in unknown_choices(book)]
    if not said:
        return
    words = (
        f"what was chosen on it is not in clinic.toml: {', '.join(said)}. Run clinicreport fit with "
        "this file, or put it into the inbox"
    )
    name = next(sheet.name for sheet in book.sheets if is_headings_sheet(sheet))
    spot = Spot(book.name, name)
    add_finding(log, reading.reporter.finding("unread-sheet", spot, detail=Advice(words)))


def _looks_like_a_log(sheet: Sheet, ids: Collection[str]) -> bool:
    """Whether five rows or more hold a date or a patient's id, and a score, each in one column."""
    counts = {at: below(sheet, at, 0, LOOKED) for at in range(1, len(sheet.columns) + 1)}
    counts = {at: found for at, found in counts.items() if not _sums(sheet, at)}
    scores = [at for at, found in counts.items() if _are_scores(sheet, at, found)]
    for at, found in counts.items():
        marks = {value for value in found if is_date(value) or _is_id(value, ids)}
        if at in scores or sum(found[mark] for mark in marks) < AT_LEAST:
            continue
        if any(_together(sheet, at, marks, score) >= AT_LEAST for score in scores):
            return True
    return False


def _together(sheet: Sheet, column: int, marks: Collection[Value], score: int) -> int:
    """How many rows hold one of the marks in one column, and a score in the other."""
    rows = range(1, min(sheet.rows, LOOKED) + 1)
    return sum(
        sheet.value(row, column) in marks and is_score(sheet.value(row, score)) for row in rows
    )


def _are_scores(sheet: Sheet, column: int, counts: dict[Value, int]) -> bool:
    """Whether most of a column's cells are numbers from 0 to 10, and no running numbers."""
    many = sum(count for value, count in counts.items() if is_score(value))
    if many < AT_LEAST or 10 * many < 8 * (sum(counts.values()) - 1):
        return False
    rows = range(1, min(sheet.rows, LOOKED) + 1)
    numbers = [as_number(value) for row in rows if is_score(value := sheet.value(row, column))]
    return numbers != list(range(1, len(numbers) + 1))


def _sums(sheet: Sheet, column: int) -> bool:
    """Whether the column's heading says that it holds sums or means: of a pivot, a summary."""
    values = (sheet.value(row, column) for row in range(1, sheet.rows + 1))
    head = next((value for value in values if is_filled(value)), "")
    return sums_up(head) or says_total(head)


def _is_id(value: Value, ids: Collection[str]) -> bool:
    """A patient of the log, or a text that is like an id."""
    text = str(int(value) if isinstance(value, float) and value == int(value) else value).strip()
    return text in ids or (isinstance(value, str) and re.fullmatch(_ID, text) is not None)
