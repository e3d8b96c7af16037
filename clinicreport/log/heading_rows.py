"""Which rows of a sheet hold headings. A row of data is none, even where a patient is named Pat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import distinct
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

    ``dated``: a heading may be a date, the day of a visit. A text is looked up only where its row
    can still come to so many: that of a long column of ids mostly cannot, as it is the last one.
    """
    possible = np.flatnonzero(_may_head(sheet, dated=dated))
    found = np.zeros((len(names), len(possible)), dtype=bool)
    columns = sorted(sheet.columns, key=lambda column: len(column.values))
    for left, column in zip(range(len(columns), 0, -1), columns, strict=True):
        codes = np.frombuffer(column.codes, dtype=np.uint32)[possible]
        still = distinct(codes[found.sum(axis=0) + left >= at_least])
        meant = {code: aliases.field(column.values[code]) for code in still.tolist()}
        for which, name in enumerate(names):
            hits = [code for code, field_ in meant.items() if field_ == name]
            if hits:
                found[which] |= np.isin(codes, hits)
    rows = (possible[found.sum(axis=0) >= at_least] + 1).tolist()
    return [row for row in rows if not is_data(row_of(sheet, row), aliases, dated=dated)]


def _may_head(sheet: Sheet, *, dated: bool) -> npt.NDArray[np.bool_]:
    """The rows that are not data by the kinds of their cells alone (see :func:`is_data`)."""
    texts, data = np.zeros((2, sheet.rows), dtype=np.intp)
    for column in sheet.columns:
        codes = np.frombuffer(column.codes, dtype=np.uint32)
        is_text = [isinstance(value, str) and value != "" for value in column.values]
        told = [
            not isinstance(value, str) and (is_number(value) or (is_date(value) and not dated))
            for value in column.values
        ]
        texts += np.array(is_text, dtype=bool)[codes]
        data += np.array(told, dtype=bool)[codes]
    return np.asarray((data == 0) | (2 * data < texts), dtype=bool)


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
