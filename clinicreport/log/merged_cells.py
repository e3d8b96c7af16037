"""Merged cells of a table: what is written once beside several rows holds for each of them.

Only cells merged straight down are filled. A block over several columns is a title or a legend,
and what may lie hidden under any merged cell is not there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clinicreport.reading.spreadsheet import Sheet

Rows = npt.NDArray[np.uint32]


def merged_down(sheet: Sheet, column: int, first: int, last: int) -> list[tuple[int, int]]:
    """First and last row of the cells merged straight down that begin in these rows."""
    return [
        (top, min(bottom, last))
        for top, left, bottom, right in sheet.merged
        if left == right == column and top < bottom and first <= top <= last
    ]


def with_merged(sheet: Sheet, column: int, first: int, last: int) -> Rows:
    """The codes of a column's cells in these rows, those under merged cells filled or blank."""
    cells = np.frombuffer(sheet.columns[column - 1].codes, dtype=np.uint32)[first - 1 : last]
    ours = [m for m in sheet.merged if m[1] <= column <= m[3] and first <= m[0] <= last]
    if not ours:
        return cells
    cells = cells.copy()
    for top, left, bottom, right in ours:
        start, end = top - first, min(bottom, last) - first + 1
        if left == right:
            cells[start:end] = cells[start]
        else:
            hidden = cells[start + (column == left) : end]
            if len(hidden):
                hidden[:] = sheet.columns[column - 1].blank_code()
    return cells


def under_merged(sheet: Sheet, column: int, first: int, last: int) -> tuple[Rows, Rows]:
    """Which of these rows (from 0) begin cells merged straight down, and which lie under them."""
    ranges = merged_down(sheet, column, first, last)
    begin = np.array([top - first for top, _ in ranges], dtype=np.uint32)
    under = [np.arange(top - first + 1, end - first + 1, dtype=np.uint32) for top, end in ranges]
    return begin, np.concatenate(under) if under else begin[:0]
