"""The day of each visit: its date's column, three columns, or a start date and a week beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import distinct
from clinicreport.log.answer_words import MISSING
from clinicreport.log.cells import BLANK, Read, plain
from clinicreport.log.date_columns import read_parts, together
from clinicreport.log.dates import MOVING, checked
from clinicreport.log.fields import COLUMN_FIELDS, SESSION_FIELDS
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Bools, Reading
from clinicreport.log.typed_columns import TypedColumn, typed_columns
from clinicreport.log.week_labels import Label, Labels
from clinicreport.reading.spreadsheet import Value

Codes = npt.NDArray[np.uint32]
NO_WEEK = 'it is no week such as 3, "Week 3" or "Wk-1"'
BLANK_WEEK = Read(rule="bad-date", detail="the week beside it is blank")


def typed_visits(table: LogTable, reading: Reading) -> tuple[dict[str, TypedColumn], Bools]:
    """Every field of a table's visits; and for each row whether its day is known (not its week
    only)."""
    typed = typed_columns(table, COLUMN_FIELDS, reading)
    size = table.last - table.first + 1
    known = np.full(size, table.days_known)
    if table.date_parts:
        typed["date"] = _from_parts(table, reading)
    if table.offset is not None:
        one = np.zeros(size, dtype=np.uint32)
        typed["date"] = _moved(typed["date"], [Label(table.offset)], one, reading)
        _make_screenings(typed, np.full(size, table.offset < 0))
    if table.week_column:
        labels, codes = _labels(table, table.week_column, reading)
        typed["date"] = _moved(typed["date"], labels, codes, reading)
        _say_bad_weeks(typed["date"], table)
        negative = [isinstance(label, Label) and label.days < 0 for label in labels]
        _make_screenings(typed, np.array(negative, dtype=bool)[codes])
        named = [isinstance(label, Label) and label.named for label in labels]
        known = np.array(named, dtype=bool)[codes]
    if table.sheet.moving and "date" in table.columns:
        typed["date"] = _without_moving(typed["date"], table)
    return typed, known


def _together(*codes: Codes) -> tuple[list[list[int]], Codes]:
    """The distinct combinations of codes side by side, and each row's number among them."""
    pairs, rows = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
    return pairs.tolist(), rows.ravel().astype(np.uint32)


def _from_parts(table: LogTable, reading: Reading) -> TypedColumn:
    """The date of three columns, each combination read once."""
    values = [table.sheet.columns[column - 1].values for column in table.date_parts]
    combinations, rows = _together(*(table.codes(column) for column in table.date_parts))
    typed = TypedColumn(SESSION_FIELDS["date"], [], [], rows)
    for combination in combinations:
        cells = [held[code] for held, code in zip(values, combination, strict=True)]
        read, at = read_parts(cells, reading.dates, reading.words)
        typed.places[len(typed.reads)] = table.date_parts[at]
        typed.raw.append(together(cells))
        typed.reads.append(checked(read, reading.today))
    return typed


def _labels(table: LogTable, column: int, reading: Reading) -> tuple[list[Label | Value], Codes]:
    """For each code of a column its label, or the value that is none; and each row's code."""
    values = table.sheet.columns[column - 1].values
    codes = table.codes(column)
    present = distinct(codes).tolist()
    labels = Labels([values[code] for code in present], reading.declared.visits)
    return [labels.cell(value) or value for value in values], codes


def _moved(
    start: TypedColumn, by: Sequence[Label | Value], codes: Codes, reading: Reading
) -> TypedColumn:
    """A start date's column moved by the days of each row's label, by code.

    A start date beside which no week stands has no day: ``bad-date``, with what stands there.
    """
    combinations, rows = _together(start.codes, codes)
    moved = TypedColumn(start.field, [], [], rows, start.assumed)
    for at, beside in combinations:
        read, label = start.reads[at], by[beside]
        raw = start.raw[at]
        if read.value is not None:
            read, raw = _day_of(read, label, raw, reading)
        moved.raw.append(raw)
        moved.reads.append(read)
    return moved


def _day_of(read: Read, label: Label | Value, raw: Value, reading: Reading) -> tuple[Read, Value]:
    """The day of a label, and the value that a finding shows."""
    if isinstance(label, Label):
        return checked(Read(read.value + timedelta(days=label.days)), reading.today), raw
    text = plain(label) if isinstance(label, str) else None
    blank = text is not None and (not text or text in MISSING or text in reading.words.missing)
    return (BLANK_WEEK, raw) if blank else (_no_week(label), label)


def _no_week(label: Value) -> Read:
    """The finding for a visit that nobody can place, with the line that says when it is."""
    name = json.dumps(str(label).strip(), ensure_ascii=False)
    return Read(
        rule="bad-date",
        detail=f"{NO_WEEK}; if it is the clinic's own name of a visit, write in clinic.toml under "
        f"[reading]: visits = {{ {name} = 14 }} (days after the start, here 14; all names in one "
        "line)",
    )


def _say_bad_weeks(days: TypedColumn, table: LogTable) -> None:
    """A finding about a week stands on the week's cell."""
    for code, read in enumerate(days.reads):
        if (read == BLANK_WEEK or read.detail.startswith(NO_WEEK)) and table.week_column:
            days.places[code] = table.week_column


def _make_screenings(typed: dict[str, TypedColumn], where: Bools) -> None:
    """Visits before the start are screenings, where no kind of visit is written."""
    if not where.any():
        return
    unsaid = TypedColumn(
        SESSION_FIELDS["visit_type"], [""], [BLANK], np.zeros(len(where), dtype=np.uint32)
    )
    kinds = typed.get("visit_type", unsaid)
    raw, reads, codes = [*kinds.raw], [*kinds.reads], kinds.codes.copy()
    for code, read in enumerate(kinds.reads):
        rows = where & (kinds.codes == code)
        if read.value is None and rows.any():
            codes[rows] = len(reads)
            raw.append(kinds.raw[code])
            reads.append(read._replace(value="screening", blank=False))
    typed["visit_type"] = TypedColumn(kinds.field, raw, reads, codes)


def _without_moving(days: TypedColumn, table: LogTable) -> TypedColumn:
    """The days without those that a formula makes anew at every opening."""
    column = table.columns["date"]
    rows = [row - table.first for row, at in table.sheet.moving if at == column]
    rows = [index for index in rows if 0 <= index < len(days.codes)]
    if not rows:
        return days
    codes = days.codes.copy()
    raw, reads = [*days.raw], [*days.reads]
    for code in distinct(days.codes[rows]).tolist():
        codes[[index for index in rows if days.codes[index] == code]] = len(reads)
        raw.append(days.raw[code])
        reads.append(MOVING)
    return TypedColumn(days.field, raw, reads, codes, days.assumed, days.places)
