"""A column of formulas as one: each is made when its row is written, of a text that many share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
OWN = "\0"  # in a formula's text, where the number of its own row belongs; no cell can hold it
MARKS = "\1\2\3\4"  # where numbers of other rows belong, which come with the text

# A formula's text, alike in many rows, and the numbers for its marks.
Numbered = tuple[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class FormulaColumn:
    """For each row a formula and the value it gives, as :class:`~.page.Formula` has them for a cell.

    ``formula``: that of every row, or for each, counted from 0, with the addresses of cells, not the
    names of columns; where its text is empty, so is the cell. ``first``: the number of the first row.
    """

    first: int
    formula: str | Callable[[int], Numbered]
    values: Sequence[Any]

    def __len__(self) -> int:
        return len(self.values)

    def text(self, row: int) -> str:
        """The formula of a row, with the numbers of its rows."""
        text, numbers = (self.formula, ()) if isinstance(self.formula, str) else self.formula(row)
        return filled(text, numbers).replace(OWN, str(self.first + row))


def filled(text: str, numbers: Sequence[int]) -> str:
    """A formula's text with the numbers in the marks' places."""
    for mark, number in zip(MARKS, numbers, strict=False):
        text = text.replace(mark, f"{number}")
    return text


class Escaped(dict[str, str]):
    """A formula's text as XML has it, worked out once for the rows in which it is alike."""

    def __missing__(self, text: str) -> str:
        if "[" in text:
            message = "a column is named in a formula that is made while rows are written"
            raise ValueError(message)
        self[text] = found = escape(text.removeprefix("="), quote=False)
        return found


@dataclass(slots=True)
class FormulaEnds:
    """How the XML of such cells ends, see :class:`~.row_blocks.CellEnds`."""

    column: FormulaColumn  # its values as a file holds them: text and numbers
    looks: str | list[str]  # the style of all cells, or of each, as :func:`look` writes it
    then: str  # what follows each cell
    _texts: Escaped = field(default_factory=Escaped)

    def part(self, first: int, below: int) -> list[str]:
        """See :class:`~.row_blocks.CellEnds`."""
        looks = repeat(self.looks) if isinstance(self.looks, str) else self.looks[first:below]
        values, then = map(formula_value, self.column.values[first:below]), self.then
        return [
            f"{own}{kind}><f>{text}</f>{value}{then}" if text else f"{own}/>{then}"
            for own, text, (kind, value) in zip(
                looks, self._formulas(first, below), values, strict=False
            )
        ]

    def _formulas(self, first: int, below: int) -> Iterable[str]:
        """Each is made of its text, escaped once, and of numbers."""
        formula, texts = self.column.formula, self._texts
        numbers = map(str, range(self.column.first + first, self.column.first + below))
        if isinstance(formula, str):
            return map(str.join, numbers, repeat(texts[formula].split(OWN)))
        own = map(formula, range(first, below))
        return [
            filled(texts[text], rows).replace(OWN, number)
            for (text, rows), number in zip(own, numbers, strict=True)
        ]


def formula_ends(column: FormulaColumn, forms: Format | list[Format], then: str) -> FormulaEnds:
    """The cells of a column in one style, or with a style for each."""
    if not isinstance(forms, list):
        return FormulaEnds(column, look(forms), then)
    looks = {form: look(form) for form in dict.fromkeys(forms)}
    return FormulaEnds(column, [looks[form] for form in forms], then)


def look(form: Format) -> str:
    """What follows a cell's address: its style."""
    return f'" s="{form._get_xf_index()}"'  # noqa: SLF001


def formula_value(value: str | float) -> tuple[str, str]:
    """The type of a formula's cell, and its value with the end of the cell."""
    return _text_value(value) if isinstance(value, str) else ("", f"<v>{value}</v></c>")


@lru_cache
def _text_value(value: str) -> tuple[str, str]:
    kind = "" if not value else ' t="e"' if value in ERRORS else ' t="str"'
    return kind, f"<v>{escape(value, quote=False)}</v></c>"
