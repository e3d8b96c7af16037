"""Rows of values to columns: each column's distinct values, and one code a row."""

from __future__ import annotations

from array import array
from itertools import islice
from math import isnan
from typing import TYPE_CHECKING, Any

from clinicreport.reading import RefusedError
from clinicreport.reading.errortexts import is_error_text
from clinicreport.spreadsheet import CellError, Column, Value, column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHUNK = 1000  # rows transposed at a time: large enough to be quick, small enough to stay in cache
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet in Excel
ROOMY = 5_000_000  # cells of area that are always allowed (a code takes 4 bytes)
SPARSE = 100  # beyond that, so many cells of area for each filled one


def check_area(rows: int, columns: int, filled: int, where: str) -> None:
    """Refuse a sheet whose area (rows times columns) is far larger than its filled cells.

    ``where`` names the outermost cells: "cells in A1 and XFD1048576 only".
    """
    if rows * columns > max(ROOMY, SPARSE * filled):
        raise RefusedError(
            f"{where}, with almost nothing between them: delete the stray cells far below or far "
            f"to the right of the table, then save it again"
        )


def check_text_area(rows: int, columns: int, filled: int) -> None:
    """The same for a text file, whose longest record sets the width."""
    last = f"{column_letters(columns)}{rows}"
    check_area(rows, columns, filled, f"its records reach to {last}")


class _Marker:
    """Stands in a table of codes for a value that Python takes for another, or not for itself."""

    def __init__(self, value: Value) -> None:
        self.value = value


_BOOLEANS = {value: _Marker(value) for value in (True, False)}
_NAN = _Marker(float("nan"))


class _Codes(dict[Any, int]):
    """Value to code; a new value gets the next code. ``distinct[code]`` is the value again."""

    __slots__ = ("distinct",)

    def __init__(self) -> None:
        self.distinct: list[Value] = []

    def __missing__(self, key: Any) -> int:
        if isinstance(key, float) and isnan(key):
            return self[_NAN]  # not a number is never equal to itself: one code for all
        if type(key) is str and is_error_text(key):
            code = self[CellError(key.strip())]
        else:
            code = len(self.distinct)
            self.distinct.append(key.value if type(key) is _Marker else key)
        self[key] = code
        return code


class Grid:
    """A sheet in the making. Rows and columns count from 1 in :meth:`put` and :meth:`value`."""

    def __init__(self, first_column: int = 0) -> None:
        """``first_column``: how many blank columns stand left of what :meth:`extend` gets."""
        self.rows = 0
        self._first = first_column
        self._tables: list[_Codes] = []
        self._codes: list[array[int]] = []
        self._touched: set[int] = set()  # columns in which a value may have lost its last row
        self._widen(first_column)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._tables)

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows that all have the same number of values."""
        source = iter(rows)
        while chunk := list(islice(source, CHUNK)):
            self._append(chunk)

    def extend_ragged(self, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows of any length, filled up with blanks."""
        if rows:
            width = max(self.width, *map(len, rows))
            self._append([(*row, *[""] * (width - len(row))) for row in rows])

    def _append(self, chunk: Sequence[Sequence[Any]]) -> None:
        width = self._first + len(chunk[0])
        self._widen(width)
        self.rows += len(chunk)
        ours = self._tables[self._first :], self._codes[self._first :]
        for table, codes, cells in zip(*ours, zip(*chunk, strict=True), strict=False):
            keys: Iterable[Any] = cells
            if bool in set(map(type, cells)):  # True == 1 would share the code of 1
                keys = (_BOOLEANS[cell] if type(cell) is bool else cell for cell in cells)
            codes.extend(map(table.__getitem__, keys))
        self._even()

    def _widen(self, width: int) -> None:
        while len(self._tables) < width:
            self._tables.append(_Codes())
            self._codes.append(array("I"))
        self._even()

    def _even(self) -> None:
        """Fill short columns with blanks."""
        for table, codes in zip(self._tables, self._codes, strict=True):
            if len(codes) < self.rows:
                codes.extend([table[""]] * (self.rows - len(codes)))

    def put(self, row: int, column: int, value: Value) -> None:
        """Set one cell, making room for it where it lies outside."""
        if row > self.rows:
            self.rows = row
            self._even()
        self._widen(column)
        table = self._tables[column - 1]
        key = _BOOLEANS[value] if type(value) is bool else value
        self._codes[column - 1][row - 1] = table[key]
        self._touched.add(column - 1)

    def value(self, row: int, column: int) -> Value:
        """The value at row and column; blank outside."""
        if not (1 <= row <= self.rows and 1 <= column <= self.width):
            return ""
        return self._tables[column - 1].distinct[self._codes[column - 1][row - 1]]

    def columns(self) -> list[Column]:
        """The finished columns; every value stands in some row."""
        return [
            _only_used(table.distinct, codes) if index in self._touched
            else Column(table.distinct, codes)
            for index, (table, codes) in enumerate(zip(self._tables, self._codes, strict=True))
        ]


def _only_used(values: list[Value], codes: array[int]) -> Column:
    """The column without values that stand in no row."""
    used = sorted(set(codes))
    renumbered = {code: number for number, code in enumerate(used)}
    return Column([values[code] for code in used], array("I", map(renumbered.__getitem__, codes)))
