"""Records of a text file whose cells may have shifted, or of which the end is missing.

Such a row is set aside whole: no cell of it is surely what its heading says.
"""

from __future__ import annotations

import numpy as np

from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Bools


def ragged_rows(table: LogTable) -> Bools:
    """The rows of a text file's table that have a filled cell beyond the last heading."""
    ragged = np.zeros(table.last - table.first + 1, dtype=bool)
    if table.sheet.record_cells is None:
        return ragged
    for number in range(_last_heading(table) + 1, len(table.sheet.columns) + 1):
        values = table.sheet.columns[number - 1].values
        filled = np.array([str(value).strip() != "" for value in values], dtype=bool)
        if filled.any():
            ragged |= filled[table.codes(number)]
    return ragged


def _last_heading(table: LogTable) -> int:
    """The last column in which a row of the headings holds something."""
    rows = range(table.heading_row, table.first)
    columns = range(len(table.sheet.columns), 0, -1)
    return next(
        (at for at in columns if any(str(table.sheet.value(r, at)).strip() for r in rows)), 0
    )


def cut_rows(table: LogTable) -> Bools:
    """The last record of a text file, where its end is missing: it has no line end and fewer cells
    than every other record from the headings on, or it ends within a cell."""
    cut = np.zeros(table.last - table.first + 1, dtype=bool)
    sheet = table.sheet
    if sheet.end is None or sheet.record_cells is None or table.last != sheet.rows:
        return cut
    if sheet.end.torn:
        cut[-1:] = True
    elif not sheet.end.closed:
        cells = np.frombuffer(sheet.record_cells, dtype=np.uint32)[table.heading_row - 1 :]
        others = cells[:-1]
        cut[-1:] = bool(cells[-1] < others[others > 0].min(initial=cells[-1] + 1))
    return cut
