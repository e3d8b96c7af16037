"""Blank cells that take the value of the nearest filled one above, where the clinic declares it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Bools
from clinicreport.log.summary_rows import says_total
from clinicreport.log.typed_columns import TypedColumn
from clinicreport.log.visit_rows import filled_rows, first_filled

Indices = npt.NDArray[np.intp]


class FilledDown(NamedTuple):
    """A table's columns, filled; ``lines``: rows that hold nothing but such values, no visits;
    ``origins``: for each filled field, the row (from 0, in the table) that each value stands in."""

    typed: dict[str, TypedColumn]
    lines: Bools
    origins: dict[str, Indices]

    def taken(self, first: int, counted: Bools) -> dict[int, frozenset[int]]:
        """Row -> the rows whose values it takes, as in the sheet (``first``: the table's)."""
        result: dict[int, set[int]] = {}
        for source in self.origins.values():
            for index in np.flatnonzero(counted & (source != np.arange(len(source)))).tolist():
                result.setdefault(index + first, set()).add(int(source[index]) + first)
        return {row: frozenset(others) for row, others in result.items()}


def filled_down(
    table: LogTable, typed: dict[str, TypedColumn], fields: list[str], summary: Bools
) -> FilledDown:
    """The fields' blank cells take what stands above, within the table.

    A blank row does not end it; a sum or a mean (``summary``) is nobody's value, and a placeholder
    such as "unknown" is no blank.
    """
    names = [name for name in fields if name in table.columns and name in typed]
    if table.week_column and "date" in names:
        names.remove("date")  # the week beside it is another one in each row
    lines = _lines(table, names)
    result, origins = dict(typed), {}
    for name in names:
        column = typed[name]
        empty = np.array([isinstance(v, str) and not v.strip() for v in column.raw], dtype=bool)
        source = np.arange(len(column.codes))
        source[empty[column.codes] | (summary & ~lines)] = 0
        source = np.maximum.accumulate(source)
        source = np.where(empty[column.codes], source, np.arange(len(column.codes)))
        result[name] = replace(column, codes=column.codes[source])
        origins[name] = source
    return FilledDown(result, lines, origins)


def _lines(table: LogTable, names: list[str]) -> Bools:
    """The rows whose filled cells are all of the fields' columns."""
    if not names:
        return np.zeros(table.last - table.first + 1, dtype=bool)
    columns = {table.columns[name] for name in names}
    if "patient_id" in names:
        columns |= set(table.patient_parts)
    everywhere = set(range(1, len(table.sheet.columns) + 1))
    lines = filled_rows(table, only=columns) & ~filled_rows(table, only=everywhere - columns)
    for index in np.flatnonzero(lines).tolist():
        lines[index] = not says_total(first_filled(table, index + table.first))
    return lines
