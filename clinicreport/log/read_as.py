"""How a table was read, in words: what was taken for granted and what the clinic has declared."""

from __future__ import annotations

from clinicreport.log.fields import COLUMN_FIELDS, LAYOUT_FIELDS, SESSION_FIELDS
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Reading
from clinicreport.reading.spreadsheet import column_letters


def read_as(table: LogTable, dates: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """The sentences of "Read as". ``dates``: what was taken for granted about the dates."""
    return (*_taken_for_granted(table, dates), *_declared(table, reading))


def _taken_for_granted(table: LogTable, dates: tuple[str, ...]) -> tuple[str, ...]:
    """What was taken for granted about a table, in words."""
    said = [f"headings in row {table.heading_row}"]
    columns = {**table.columns} | ({"week": table.week_column} if table.week_column else {})
    joined = {"patient_id"} if table.patient_parts else set()  # said with the declared readings
    columns = {name: at for name, at in columns.items() if name not in joined}
    for name, column in sorted(columns.items(), key=lambda item: item[1]):
        heading = str(table.sheet.value(table.heading_row, column)).strip()
        field_ = LAYOUT_FIELDS["week"] if column == table.week_column else COLUMN_FIELDS[name]
        said.append(f"{column_letters(column)} “{heading}” is {field_.label}")
    if table.book.guessed_encoding:
        said.append(f"encoding: {table.book.guessed_encoding}, a guess")
    return (*said, *dates, *table.notes)


def _declared(table: LogTable, reading: Reading) -> list[str]:
    """The declared readings in force in a table, in words."""
    declared, said = reading.declared, []
    for name, scale in declared.scale.items():
        if name in table.columns:
            label = SESSION_FIELDS[name].label
            said.append(f"{label} is on a scale of {scale}, counted as 0 to 10 (reading.scale)")
    for name in declared.fill_down:
        if name in table.columns:
            label = SESSION_FIELDS[name].label
            said.append(f"a blank {label} is the one above (reading.fill_down)")
    if table.split and declared.split:
        heading = declared.split.column
        by = declared.split.by
        said.append(f"“{heading}” holds before and after, “{by}” between (reading.split)")
    if declared.rows:
        by = f", told apart by column {column_letters(table.sides)}" if table.sides else ""
        said.append(f"a visit is two rows, before and after{by} (reading.rows)")
    for name, words in declared.values.items():
        if name in table.columns:
            pairs = ", ".join(f"“{word}” is {value}" for word, value in words.items())
            said.append(f"{SESSION_FIELDS[name].label}: {pairs} (reading.values)")
    if declared.two_sessions_a_day:
        said.append("several treatments a day are meant (reading.two_sessions_a_day)")
    return said
