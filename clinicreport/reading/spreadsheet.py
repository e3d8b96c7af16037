"""What a spreadsheet is once it is read: sheets of raw cells with their addresses, no meaning yet.

A column is kept as its distinct values and one code a row, so that whatever follows reads each
distinct value once, however long the log is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array


@dataclass(frozen=True, slots=True)
class CellError:
    """An error cell such as ``#N/A``."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncached:
    """A formula whose value the file does not hold."""

    formula: str = ""


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that the sheet shows as a percentage (0.7 shown as 70%)."""

    number: float


@dataclass(frozen=True, slots=True)
class ShownFraction:
    """A number that the sheet shows as a fraction (0.7 shown as 7/10, 1 as 1)."""

    number: float
    text: str


@dataclass(frozen=True, slots=True)
class SymbolText:
    """Letters or digits in a symbol font, which show pictures that are no sure tick or cross."""

    text: str
    font: str


Value = (
    str
    | float
    | int
    | bool
    | date
    | datetime
    | time
    | timedelta
    | CellError
    | Uncached
    | Percent
    | ShownFraction
    | SymbolText
)


@dataclass(slots=True)
class RawColumn:
    """One column of a sheet: ``values[codes[i]]`` stands in row ``i + 1``; blank is ``""``."""

    values: list[Value]
    codes: array[int]  # typecode "I", one a row

    def blank_code(self) -> int:
        """The code of a blank, which is added where no row has one."""
        for code, value in enumerate(self.values):
            if isinstance(value, str) and not value:
                return code
        self.values.append("")
        return len(self.values) - 1


@dataclass(frozen=True, slots=True)
class TextEnd:
    """How a text file ends. ``closed``: with a line end; ``torn``: within a character or within
    quotation marks."""

    closed: bool
    torn: bool


@dataclass(slots=True)
class Sheet:
    """One sheet. ``columns[0]`` is column A, and all columns have ``rows`` codes."""

    name: str  # empty for a text file
    columns: list[RawColumn]
    rows: int
    visible: bool = True
    hidden_rows: int = 0  # hidden or filtered away; read all the same
    hidden_columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)  # (row, column), both from 1;
    # filled only where the book was never calculated
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, first
    # column, last row, last column, from 1
    struck: set[tuple[int, int]] = field(default_factory=set)  # filled cells struck through
    record_cells: array[int] | None = None  # of a text file: how many cells each record has
    end: TextEnd | None = None  # of a text file
    moving: set[tuple[int, int]] = field(default_factory=set)  # (row, column) of formulas whose
    # value is another one on another day

    def value(self, row: int, column: int) -> Value:
        """The raw value at row and column, both counted from 1; blank outside the sheet."""
        if not (1 <= row <= self.rows and 1 <= column <= len(self.columns)):
            return ""
        cells = self.columns[column - 1]
        return cells.values[cells.codes[row - 1]]


@dataclass(slots=True)
class Spreadsheet:
    """One input. ``reason`` is empty where it was read; else why not, as a plain sentence;
    ``passing``: that is no fault of the file, and another time it may be read; ``rule``: the
    finding's, where it is another than ``unreadable-file``."""

    name: str  # file name, no folder
    path: str  # as given; "-" for standard input
    sha256: str
    kind: str = ""  # xlsx, xlsm, xls, xlsb, ods, csv
    sheets: list[Sheet] = field(default_factory=list)
    reason: str = ""
    passing: bool = False
    rule: str = ""
    refusal: str = ""  # "locked", "no-spreadsheet"; of anything else empty
    guessed_encoding: str = ""  # its name, where the file does not say
    active_content: list[str] = field(default_factory=list)  # "macros", "external links"
    calculated: bool = True  # False: made by a program that does not calculate formulas


def rounded(number: float) -> float:
    """A number at the 15 significant digits that spreadsheets show and compare."""
    return float(f"{number:.15g}")


def column_letters(column: int) -> str:
    """A column's letters from its number: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
