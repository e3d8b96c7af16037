"""A column of formulas as one: each is made when its row is written, of a text that many share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter.format import Format

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
OWN = "\0"  # in a formula's text, where the number of its own row belongs; no cell can hold it
MARKS = "\1\2\3\4"  # where numbers of other rows belong, which come with the text

REMEMBERED = 10_000  # cells of a column whose text is kept; more do not repeat often

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
        return filled(text, numbers, self.first + row)


class Template(NamedTuple):
    """A formula's text cut at its marks, for many rows: what stands between these, and for each of
    them which number belongs there, 0 that of the row itself."""

    pieces: list[str]
    places: list[int]

    def each(self, owns: Sequence[int], numbers: Sequence[Sequence[int]]) -> list[str]:
        """The text of each row, with its own number and those that come with it."""
        if not self.places:
            return self.pieces * len(owns)
        columns = [[*map(str, column)] for column in (owns, *zip(*numbers, strict=True))]
        parts: list[Iterable[str]] = [repeat(self.pieces[0])]
        for place, piece in zip(self.places, self.pieces[1:], strict=True):
            parts += columns[place], repeat(piece)
        return [*map("".join, zip(*parts, strict=False))]


def template(text: str) -> Template:
    """A formula's text cut at its marks."""
    cut = re.split(f"([{OWN}{MARKS}])", text)
    return Template(cut[::2], [(OWN + MARKS).index(mark) for mark in cut[1::2]])


def filled(text: str, numbers: Sequence[int], own: int = 0) -> str:
    """A formula's text with the numbers in the marks' places, and that of its own row."""
    return template(text).each([own], [numbers])[0]


class Templates(dict[str, Template]):
    """Formulas' texts as XML has them, each cut once for the rows in which it is alike."""

    def __missing__(self, text: str) -> Template:
        if "[" in text:
            message = "a column is named in a formula that is made while rows are written"
            raise ValueError(message)
        self[text] = found = template(escape(text.removeprefix("="), quote=False))
        return found


class FormulaValues(dict[str | float, tuple[str, str]]):
    """Values as :func:`formula_value` writes them, each worked out once."""

    def __missing__(self, value: str | float) -> tuple[str, str]:
        self[value] = found = formula_value(value)
        return found


@dataclass(slots=True)
class FormulaEnds:
    """How the XML of such cells ends, see :class:`~.row_blocks.CellEnds`."""

    column: FormulaColumn  # its values as a file holds them: text and numbers
    looks: str | list[str]  # the style of all cells, or of each, as :func:`look` writes it
    then: str  # what follows each cell
    _templates: Templates = field(default_factory=Templates)
    _values: FormulaValues = field(default_factory=FormulaValues)

    def part(self, first: int, below: int) -> list[str]:
        """See :class:`~.row_blocks.CellEnds`."""
        looks = repeat(self.looks) if isinstance(self.looks, str) else self.looks[first:below]
        values, then = map(self._values.__getitem__, self.column.values[first:below]), self.then
        found = [
            f"{own}{kind}><f>{text}</f>{value}{then}" if text else f"{own}/>{then}"
            for own, text, (kind, value) in zip(
                looks, self._formulas(first, below), values, strict=False
            )
        ]
        if len(self._values) > REMEMBERED:
            self._values.clear()
        return found

    def _formulas(self, first: int, below: int) -> list[str]:
        """Each is made of its text, escaped and cut once, and of numbers."""
        formula, templates = self.column.formula, self._templates
        owns = range(self.column.first + first, self.column.first + below)
        if isinstance(formula, str):
            return templates[formula].each(owns, ())
        texts, numbers = zip(*map(formula, range(first, below)), strict=True)
        if texts.count(texts[0]) == len(texts):
            return templates[texts[0]].each(owns, numbers)
        made = [""] * len(owns)
        for text in dict.fromkeys(texts):
            at = [place for place, own in enumerate(texts) if own == text]
            some = templates[text].each([owns[n] for n in at], [numbers[n] for n in at])
            for place, one in zip(at, some, strict=True):
                made[place] = one
        return made


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
    """The type of a formula's cell, and its value with the end of the cell. No zero has a sign."""
    if not isinstance(value, str):
        return "", f"<v>{value + 0}</v></c>"
    kind = "" if not value else ' t="e"' if value in ERRORS else ' t="str"'
    return kind, f"<v>{escape(value, quote=False)}</v></c>"
