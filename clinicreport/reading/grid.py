"""Rows of values to columns: each column's distinct values, and one code a row."""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from clinicreport.reading import RefusedError
from clinicreport.reading.cellstyle import CellStyle, shown_value
from clinicreport.reading.errortexts import FIRST_OF_ERRORS, is_error_text
from clinicreport.reading.spreadsheet import (
    CellError,
    RawColumn,
    Value,
    column_letters,
    rounded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from clinicreport.reading.seen import Place

CHUNK = 500  # rows transposed at a time: large enough to be quick, small enough to stay in cache
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet in Excel
ROOMY = 5_000_000  # cells of area that are always allowed (a code takes 4 bytes)
SPARSE = 100  # beyond that, so many cells of area for each filled one


def check_area(rows: int, columns: int, filled: int, where: str) -> None:
    """Refuse a sheet whose area (rows times columns) is far larger than its filled cells.

    ``where`` names the outermost cells: "has cells in A1 and XFD1048576 only".
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


class _Boolean:
    """Stands for a truth value among the keys of a column, where True would be taken for 1."""

    def __init__(self, *, value: bool) -> None:
        self.value = value


_BOOLEANS = {value: _Boolean(value=value) for value in (True, False)}


def _codes() -> defaultdict[Any, int]:
    """Value to code; a new value gets the next code."""
    table: defaultdict[Any, int] = defaultdict()
    table.default_factory = table.__len__
    return table


class Grid:
    """A sheet in the making."""

    def __init__(self, first_column: int = 0) -> None:
        """``first_column``: how many blank columns stand left of what is appended."""
        self.rows = 0
        self._first = first_column
        self._tables: list[defaultdict[Any, int]] = []
        self._codes: list[array[int]] = []
        self._touched: set[int] = set()  # columns in which a value may have lost its last row

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._tables)

    def extend(self, rows: Iterable[Sequence[Any]], *, truths: bool = True) -> None:
        """Append rows that all have the same number of values; ``truths``: some may be booleans."""
        source = iter(rows)
        while chunk := list(islice(source, CHUNK)):
            self._append(chunk, truths=truths)

    def go_on(self, row: int, first_column: int) -> None:
        """What is appended next begins in this row (from 0), so many columns to the right."""
        self.rows, self._first = row, first_column
        self._even()

    def extend_ragged(self, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows of any length, filled up with blanks."""
        if rows:
            width = max(self.width, *map(len, rows))
            self._append([(*row, *[""] * (width - len(row))) for row in rows])

    def _append(self, chunk: Sequence[Sequence[Any]], *, truths: bool = True) -> None:
        self._widen(self._first + len(chunk[0]))
        self.rows += len(chunk)
        ours = self._tables[self._first :], self._codes[self._first :]
        for table, codes, cells in zip(*ours, zip(*chunk, strict=True), strict=False):
            keys: Iterable[Any] = cells
            if truths and bool in set(map(type, cells)):
                keys = (_BOOLEANS[cell] if type(cell) is bool else cell for cell in cells)
            codes.extend(map(table.__getitem__, keys))
        self._even()

    def _widen(self, width: int) -> None:
        while len(self._tables) < width:
            self._tables.append(_codes())
            self._codes.append(array("I"))
        self._even()

    def _even(self) -> None:
        """Fill short columns with blanks."""
        for table, codes in zip(self._tables, self._codes, strict=True):
            if len(codes) < self.rows:
                codes.extend([table[""]] * (self.rows - len(codes)))

    def put(self, row: int, column: int, value: Value) -> None:
        """Set a cell (both count from 1), making room for it where it lies outside."""
        if row > self.rows:
            self.rows = row
            self._even()
        self._widen(column)
        key = _BOOLEANS[value] if isinstance(value, bool) else value
        self._codes[column - 1][row - 1] = self._tables[column - 1][key]
        self._touched.add(column - 1)

    def show(self, styled: Mapping[Place, CellStyle]) -> set[Place]:
        """Give the cells at these places the values that their styles show.

        Returns the filled ones of them that are struck through.
        """
        keys: dict[int, list[Any]] = {}
        known: dict[tuple[int, int, CellStyle], int] = {}  # column, code and style to new code
        struck: set[Place] = set()
        for (row, column), style in styled.items():
            if row > self.rows or column > self.width:
                continue
            index = column - 1
            if index not in keys:
                keys[index] = list(self._tables[index])
                self._touched.add(index)
            code = self._codes[index][row - 1]
            if code < len(keys[index]) and keys[index][code] == "":
                continue
            if style.font.struck:
                struck.add((row, column))
            if (index, code, style) not in known:
                value = keys[index][code]
                value = value.value if isinstance(value, _Boolean) else value
                shown = shown_value(value, style)
                key = _BOOLEANS[shown] if isinstance(shown, bool) else shown
                known[index, code, style] = self._tables[index][key]
            self._codes[index][row - 1] = known[index, code, style]
        return struck

    def columns(self, as_meant: Callable[[str], str] | None = None) -> list[RawColumn]:
        """The finished columns; every value is there once, and stands in some row.

        ``as_meant``: asked what a text stands for.
        """
        return [
            _column(table, codes, as_meant, touched=index in self._touched)
            for index, (table, codes) in enumerate(zip(self._tables, self._codes, strict=True))
        ]


def _column(
    table: defaultdict[Any, int],
    codes: array[int],
    as_meant: Callable[[str], str] | None,
    *,
    touched: bool,
) -> RawColumn:
    values = list(table)
    odd = dict(_odd(values))
    if as_meant:
        odd |= {
            code: meant
            for code, text in enumerate(values)
            if code not in odd and (meant := as_meant(text)) != text
        }
    if not odd and not touched:
        return RawColumn(values, codes)
    final = _codes()
    kept: list[Value] = []
    renumbered = {}
    for code in sorted(set(codes)):
        value = odd.get(code, values[code])
        renumbered[code] = final[type(value), str(value) if value is _NAN else value]
        if len(final) > len(kept):
            kept.append(value)
    return RawColumn(kept, array("I", map(renumbered.__getitem__, codes)))


_NAN = float("nan")


def _odd(keys: Iterable[Any]) -> Iterator[tuple[int, Value]]:
    """Codes of keys that stand for something else, with what they stand for."""
    for code, key in enumerate(keys):
        kind = type(key)
        if kind is str:
            if key[:1] in FIRST_OF_ERRORS and is_error_text(key):
                yield code, CellError(key.strip())
        elif kind is float:
            if key != key:  # noqa: PLR0124 (not a number equals nothing, not even itself)
                yield code, _NAN
            elif (number := rounded(key)) != key:
                yield code, number
        elif kind is _Boolean:
            yield code, key.value
