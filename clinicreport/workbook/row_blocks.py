"""Cells of several rows and columns as XML text, made some rows at a time when they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Protocol

from xlsxwriter.utility import xl_col_to_name

from clinicreport.workbook.formula_column import REMEMBERED, formula_value, look

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import RowInfo

    from clinicreport.workbook.whole_rows import RowSheet

CHUNK = 200  # rows joined at a time
EXACT = 10**15  # whole numbers up to which a number's digits are what XlsxWriter writes

# What a value is as a cell, and what the cell holds: blank, text, number, date or formula; a
# formula is its text and its value.
Told = Callable[[Any], tuple[str, Any]]


class CellEnds(Protocol):
    """For each cell of a column, how its XML ends."""

    def part(self, first: int, below: int) -> list[str]:
        """Of the cells from ``first`` on, up to the one above ``below``."""


def seldom(values: Sequence[Any]) -> bool:
    """Whether values seldom repeat, as far as the first ones tell."""
    few = values[:CHUNK]
    return 2 * len({*few}) > len(few)


@dataclass(slots=True)
class Block:
    """Cells of several rows and columns."""

    top: int
    left: int
    below: int  # the first row below
    columns: list[CellEnds]

    @property
    def right(self) -> int:
        """The first column beside it."""
        return self.left + len(self.columns)

    @property
    def start(self) -> str:
        """What stands before the row number of a row's first cell."""
        return f'<c r="{xl_col_to_name(self.left)}'

    def ends(self, first: int, below: int) -> list[list[str]]:
        """For each column, how the cells of these rows end."""
        return [column.part(first - self.top, below - self.top) for column in self.columns]

    def cells(self, row: int) -> str:
        """The XML of one row's cells: the row's number stands between the ends."""
        return str(row + 1).join([self.start, *(end for (end,) in self.ends(row, row + 1))])

    def rows(self, first: int, last: int, heights: dict[int, RowInfo]) -> Iterator[list[str]]:
        """The XML of whole rows, from ``first`` up to ``last``, some at a time, in pieces."""
        start, before = self.start, chain(['<row r="'], repeat('</row><row r="'))
        for at in range(first, last, CHUNK):
            upto = min(at + CHUNK, last)
            if heights.keys().isdisjoint(range(at, upto)):
                tags: Iterable[str] = repeat(f'">{start}')
            else:
                tags = [_tag(heights.get(row)) + start for row in range(at, upto)]
            ends = self.ends(at, upto)
            numbers = map(str, range(at + 1, upto + 1))
            yield [*map(str.join, numbers, zip(before, tags, *ends, strict=False))]
        yield ["</row>"]


def _tag(info: RowInfo | None) -> str:
    """How a row's tag ends."""
    return f'" ht="{info.height * 0.75:.16g}" customHeight="1">' if info else '">'


class Ends(dict[Any, str]):
    """Value -> how the XML of its cell ends, worked out once."""

    def __init__(self, sheet: RowSheet, form: Format, told: Told, then: str) -> None:
        super().__init__()
        self._sheet, self._told, self._then = sheet, told, then
        self._look = look(form)
        self._numbers: dict[str, int] = sheet.str_table.string_table  # of texts as cells hold them

    def __missing__(self, value: Any) -> str:
        if type(value) is int and -EXACT < value < EXACT:
            text = f"{self._look}><v>{value}</v></c>{self._then}"
        elif type(value) is str and value in self._numbers:
            text = f'{self._look} t="s"><v>{self._numbers[value]}</v></c>{self._then}'
        else:
            text = self._look + self._end(*self._told(value)) + self._then
        self[value] = text
        return text

    def each(self, values: Sequence[Any]) -> list[str]:
        """For values of one kind, whole numbers or texts that have numbers; none is remembered."""
        look, then = self._look, self._then
        if isinstance(values[0], int):
            return [f"{look}><v>{value}</v></c>{then}" for value in values]
        numbers = map(self._numbers.__getitem__, values)
        return [f'{look} t="s"><v>{number}</v></c>{then}' for number in numbers]

    def held(self, text: str) -> str:
        """A text as a cell holds it."""
        return str(self._told(text)[1])

    def _end(self, kind: str, held: Any) -> str:
        if kind == "blank":
            return "/>"
        if kind == "text":
            return f' t="s"><v>{self._sheet.string_index(held)}</v></c>'
        if kind == "formula":
            text, value = held
            kind, value = formula_value(value)
            return f"{kind}><f>{escape(text.removeprefix('='), quote=False)}</f>{value}"
        number = self._sheet._convert_date_time(held) if kind == "date" else held  # noqa: SLF001
        return f"><v>{number:.16G}</v></c>"


@dataclass(slots=True)
class ValueEnds:
    """Cells that hold values: numbers and texts, told apart when they are written."""

    values: Sequence[Any]
    ends: Ends

    def part(self, first: int, below: int) -> list[str]:
        """See :class:`CellEnds`."""
        found = [*map(self.ends.__getitem__, self.values[first:below])]
        if len(self.ends) > REMEMBERED:
            self.ends.clear()
        return found


@dataclass(slots=True)
class PlainEnds:
    """Cells of whole numbers, or of texts that have numbers, which seldom repeat: each is made
    alone."""

    values: Sequence[Any]
    ends: Ends

    def part(self, first: int, below: int) -> list[str]:
        """See :class:`CellEnds`."""
        return self.ends.each(self.values[first:below])


@dataclass(slots=True)
class SameEnds:
    """Cells that are all alike."""

    made: str

    def part(self, first: int, below: int) -> list[str]:
        """See :class:`CellEnds`."""
        return [self.made] * (below - first)


@dataclass(slots=True)
class MadeEnds:
    """Cells that were made at once."""

    made: list[str]

    def part(self, first: int, below: int) -> list[str]:
        """See :class:`CellEnds`."""
        return self.made[first:below]
