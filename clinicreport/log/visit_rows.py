"""Which rows of a table are visits: not the blank ones, not totals, not legends."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from clinicreport.log.cells import Read
from clinicreport.log.fields import SCORES
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Bools
from clinicreport.log.summary_rows import says_total
from clinicreport.log.typed_columns import TypedColumn
from clinicreport.reading.spreadsheet import Value


def filled_rows(table: LogTable, *, whole_row: bool = False, only: Collection[int] = ()) -> Bools:
    """The rows that hold anything at all in the columns that make a visit (or anywhere, or in
    the columns that are named)."""
    making = only or table.filled_by or table.own
    filled = np.zeros(table.last - table.first + 1, dtype=bool)
    for number, column in enumerate(table.sheet.columns, 1):
        if making and not whole_row and number not in making:
            continue
        something = np.array(
            [not (isinstance(v, str) and not v.strip()) for v in column.values], dtype=bool
        )
        filled |= something[table.codes(number)]
    return filled


def summary_rows(table: LogTable, typed: dict[str, TypedColumn]) -> Bools:
    """Totals and legends: no visits."""
    no_date = ~typed["date"].where(lambda read: is_usable(read) or read.dated)
    if "date" in table.fixed:  # the date is the heading's, and no evidence for a visit
        no_date |= True
    blank = typed["date"].where(is_blank) & typed["patient_id"].where(is_blank)
    for name in SCORES:
        if name in typed:
            blank &= ~typed[name].where(_is_score)
    result = blank.copy()
    for index in np.flatnonzero(no_date & ~blank):
        result[index] = says_total(first_filled(table, int(index) + table.first))
    return result


def _is_score(read: Read) -> bool:
    """A score cell that holds a number, be it a possible score or not."""
    return is_usable(read) or read.rule not in ("", "bad-score")


def is_blank(read: Read) -> bool:
    return read.blank


def is_usable(read: Read) -> bool:
    return read.value is not None


def first_filled(table: LogTable, row: int) -> Value:
    for column in range(1, len(table.sheet.columns) + 1):
        value = table.sheet.value(row, column)
        if not (isinstance(value, str) and not value.strip()):
            return value
    return ""
