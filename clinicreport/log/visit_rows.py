"""Which rows of a table are visits: not the blank ones, not totals, not legends."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import distinct
from clinicreport.log.cells import Read
from clinicreport.log.fields import SCORES
from clinicreport.log.layout import LogTable
from clinicreport.log.merged_cells import under_merged
from clinicreport.log.raw_kinds import is_filled
from clinicreport.log.session_log import Bools
from clinicreport.log.summary_rows import id_key, is_legend, says_page, says_total, sums_up
from clinicreport.log.typed_columns import TypedColumn
from clinicreport.reading.spreadsheet import Value


def filled_rows(table: LogTable, *, whole_row: bool = False, only: Collection[int] = ()) -> Bools:
    """The rows that hold anything at all in the columns that make a visit (or anywhere, or in
    the columns that are named).

    What merged cells give to the rows under them makes no visit, and one such cell alone is a
    heading line.
    """
    making = only or table.filled_by or table.own
    filled = np.zeros(table.last - table.first + 1, dtype=bool)
    beginning = np.zeros(len(filled), dtype=np.uint32)  # filled cells that go on below
    for number, column in enumerate(table.sheet.columns, 1):
        if making and not whole_row and number not in making:
            continue
        something = np.array([is_filled(value) for value in column.values], dtype=bool)
        cells = something[table.codes(number)]
        if table.sheet.merged:
            begin, under = under_merged(table.sheet, number, table.first, table.last)
            beginning[begin] += cells[begin]
            cells[begin] = cells[under] = False
        filled |= cells
    return filled | (beginning > 1)


def summary_rows(table: LogTable, typed: dict[str, TypedColumn]) -> Bools:
    """Totals, pages' lines, repeated headings and legends: no visits."""
    dated = typed["date"].where(lambda read: is_usable(read) or read.dated)
    if "date" in table.fixed:  # the date is the heading's, and no evidence for a visit
        dated &= False
    blank = typed["date"].where(is_blank) & typed["patient_id"].where(is_blank)
    for name in SCORES:
        if name in typed:
            blank &= ~typed[name].where(_is_score)
    filled = _filled(table)
    first = filled.argmax(axis=0)
    whose = typed["patient_id"].where(is_usable)
    result = blank | _says_so(table, typed, first, whose & dated) | _heads_again(table)
    for index in np.flatnonzero(filled.sum(axis=0) == 1):
        result[index] |= _is_note(table, int(index), _columns(table)[first[index]])
    for index in np.flatnonzero(~dated & ~result):
        result[index] = says_total(first_filled(table, int(index) + table.first))
    return result


def _columns(table: LogTable) -> list[int]:
    """The columns of the table's rows: its own where the patient's is among them, else all."""
    if table.columns.get("patient_id") in table.own:
        return list(table.own)
    return list(range(1, len(table.sheet.columns) + 1))


def _filled(table: LogTable) -> npt.NDArray[np.bool_]:
    """For each column of the table's rows and each row, whether the cell is filled."""
    filled = []
    for number in _columns(table):
        values = table.sheet.columns[number - 1].values
        something = np.array([is_filled(value) for value in values], dtype=bool)
        filled.append(something[table.codes(number)])
    return np.array(filled)


def _says_so(
    table: LogTable, typed: dict[str, TypedColumn], first: npt.NDArray[np.intp], visit: Bools
) -> Bools:
    """The rows whose patient or first filled cell says that they sum up, or number a page.

    ``first``: each row's first filled column, of :func:`_columns`. In a row that has a patient and
    a date (``visit``) another first cell must hold nothing else: "Total knee replacement" is none.
    """
    patient = table.columns.get("patient_id")
    column = typed["patient_id"]
    ids = {id_key(str(read.value)) for read in column.reads if read.value is not None}
    result = np.zeros(len(visit), dtype=bool)
    for at, number in enumerate(_columns(table)):
        here = first == at
        if number != patient and not here.any():
            continue
        codes = table.codes(number)
        values = table.sheet.columns[number - 1].values
        present = distinct(codes if number == patient else codes[here]).tolist()
        said = [code for code in present if sums_up(values[code], ids) or says_page(values[code])]
        if number == patient:
            result |= np.isin(codes, said)
            continue
        alone = [code for code in said if sums_up(values[code], ids, whole=True)]
        result |= here & (np.isin(codes, alone) | (np.isin(codes, said) & ~visit))
    return result


def _heads_again(table: LogTable) -> Bools:
    """The rows that repeat one of the table's heading rows: a new page begins there."""
    result = np.zeros(table.last - table.first + 1, dtype=bool)
    for row in range(max(1, table.heading_row - 1), table.first):
        heads = [table.sheet.value(row, number) for number in _columns(table)]
        named = [
            (number, head.strip().casefold())
            for number, head in zip(_columns(table), heads, strict=True)
            if isinstance(head, str) and head.strip()
        ]
        again = np.full(len(result), len(named) > 1)
        for number, head in named:
            if not again.any():
                break
            values = table.sheet.columns[number - 1].values
            same = [
                code
                for code, value in enumerate(values)
                if isinstance(value, str) and value.strip().casefold() == head
            ]
            again &= np.isin(table.codes(number), same)
        result |= again
    return result


def _is_note(table: LogTable, index: int, column: int) -> bool:
    """Whether a row's single filled cell is a legend: not below the date or a score."""
    scores = {table.columns.get(name) for name in ("date", *SCORES)}
    return column not in scores and is_legend(table.sheet.value(index + table.first, column))


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
        if is_filled(value):
            return value
    return ""
