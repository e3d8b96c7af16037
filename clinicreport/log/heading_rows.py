"""Which rows of a sheet hold headings. A row of data is none, even where a patient is named Pat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clinicreport.log.headings import Aliases
from clinicreport.log.raw_kinds import is_date, is_number
from clinicreport.reading.spreadsheet import Sheet, Value


def row_of(sheet: Sheet, row: int) -> list[Value]:
    """The raw cells of a row, column A first."""
    return [sheet.value(row, column) for column in range(1, len(sheet.columns) + 1)]


def heading_rows(
    sheet: Sheet, aliases: Aliases, names: Sequence[str], at_least: int, *, dated: bool = False
) -> list[int]:
    """The rows in which headings for that many different fields of ``names`` stand.

    ``dated``: a heading may be a date, the day of a visit.
    """
    found = np.zeros((len(names), sheet.rows), dtype=bool)
    for column in sheet.columns:
        hits: dict[str, list[int]] = {}
        for code, value in enumerate(column.values):
            if isinstance(value, str) and (field_ := aliases.field(value)):
                hits.setdefault(field_, []).append(code)
        for which, name in enumerate(names):
            if name in hits:
                found[which] |= np.isin(np.frombuffer(column.codes, dtype=np.uint32), hits[name])
    rows = (int(row) + 1 for row in np.flatnonzero(found.sum(axis=0) >= at_least))
    return [row for row in rows if not is_data(row_of(sheet, row), aliases, dated=dated)]


def is_data(cells: Sequence[Value], aliases: Aliases, *, dated: bool = False) -> bool:
    """Whether a row that holds headings' words is a row of data all the same.

    A heading is text and neither a number nor a date. One such cell beside many headings may be a
    year or the day of printing: it is data where the headings are not more than twice as many.
    """
    data = sum(is_number(cell) or (is_date(cell) and not dated) for cell in cells)
    known = {aliases.field(cell) for cell in cells} - {None}
    return data > 0 and 2 * data >= len(known)


def without_repeated(sheet: Sheet, rows: Sequence[int], aliases: Aliases) -> list[int]:
    """The heading rows without those that only say again what the one before says.

    They belong to the same table: a new page begins there. Where the patient stands above the
    table, the next one may be another patient's.
    """
    kept: list[int] = []
    for row in rows:
        cells = _texts(sheet, row)
        whose = "patient_id" in {aliases.field(cell) for cell in cells}
        if not (kept and whose and cells == _texts(sheet, kept[-1])):
            kept.append(row)
    return kept


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [str(cell).strip().casefold() for cell in row_of(sheet, row)]
