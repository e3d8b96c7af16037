"""The columns of a table that a clinic has declared: the patient's parts, a cell with two scores.

Where a table has them, they take the place of what its headings say by themselves.
"""

from __future__ import annotations

from clinicreport.log.headings import key
from clinicreport.log.layout import LogTable
from clinicreport.log.paired_rows import side_column
from clinicreport.log.session_log import Reading


def with_declared_columns(table: LogTable, reading: Reading) -> LogTable:
    """The table with the columns of ``patient_from``, ``split`` and ``rows``, where it has them."""
    declared = reading.declared
    if declared.patient_from == "row":
        _row_is_patient(table)
    elif declared.patient_from:
        _joined_patient(table, declared.patient_from)
    if declared.split:
        _split(table, declared.split.column)
    if declared.rows:
        _two_rows(table)
    return table


def _column(table: LogTable, heading: str) -> int | None:
    """The column with a heading, in the table's own columns; None where there is none."""
    row = range(1, len(table.sheet.columns) + 1)
    for column in row:
        text = table.sheet.value(table.heading_row, column)
        joined = table.headings.texts[column - 1 : column]
        if any(isinstance(t, str) and key(t) == key(heading) for t in (text, *joined)):
            return column
    return None


def _row_is_patient(table: LogTable) -> None:
    if "patient_id" not in table.columns and "patient_id" not in table.fixed:
        table.patient_row = True
        table.notes += ("the patient is the sheet's row number (reading.patient_from)",)


def _joined_patient(table: LogTable, headings: list[str]) -> None:
    found = [_column(table, heading) for heading in headings]
    columns = tuple(column for column in found if column)
    own = table.columns.get("patient_id")
    if len(columns) < len(headings):
        if own in columns:  # a part of the patient alone is none
            _give_up(table)
        return
    table.fixed.pop("patient_id", None)
    _take(table, columns)
    table.columns["patient_id"] = columns[0]
    if own and own not in columns:
        unknown = sorted({*table.headings.unknown, own})
        table.headings = table.headings._replace(unknown=unknown)
    table.patient_parts = columns
    names = " and ".join(f"“{heading}”" for heading in headings)
    table.notes += (f"the patient is {names}, joined (reading.patient_from)",)


def _give_up(table: LogTable) -> None:
    """No column of the table is the patient's, but for another one with such a heading."""
    del table.columns["patient_id"]
    other = [at for at, name in table.headings.duplicates if name == "patient_id"]
    if other:
        table.columns["patient_id"] = other[0]
        rest = [pair for pair in table.headings.duplicates if pair[0] != other[0]]
        table.headings = table.headings._replace(duplicates=rest)


def _split(table: LogTable, heading: str) -> None:
    column = _column(table, heading)
    if column is None or (table.own and column not in table.own):
        return
    others = {table.columns.get(name) for name in ("nrs_before", "nrs_after")} - {column, None}
    _take(table, (column,))
    unknown = sorted({*table.headings.unknown, *(at for at in others if at)})
    table.headings = table.headings._replace(unknown=unknown)
    table.columns |= {"nrs_before": column, "nrs_after": column}
    table.split = column


def _two_rows(table: LogTable) -> None:
    column = side_column(table)
    if column:
        _take(table, (column,))
        table.sides = column


def _take(table: LogTable, columns: tuple[int, ...]) -> None:
    """Takes columns out of whatever their headings say."""
    table.columns = {name: at for name, at in table.columns.items() if at not in columns}
    table.headings = table.headings._replace(
        unknown=[at for at in table.headings.unknown if at not in columns],
        duplicates=[pair for pair in table.headings.duplicates if pair[0] not in columns],
    )
