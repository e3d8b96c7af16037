"""A column of formulas as one: its texts are made when the rows are written, and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
APART = "\0"  # between formulas: no cell can hold it


@dataclass(frozen=True, slots=True)
class FormulaColumn:
    """For each row a formula and the value it gives, as :class:`~.page.Formula` has them for a cell.

    ``text``: the formula of a row, counted from 0, with the addresses of cells, not the names of
    columns; where it is empty, so is the cell.
    """

    text: Callable[[int], str]
    values: Sequence[Any]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(slots=True)
class FormulaEnds:
    """How the XML of such cells ends, see :class:`~.row_blocks.CellEnds`."""

    column: FormulaColumn  # its values as a file holds them: text and numbers
    looks: str | list[str]  # the style of all cells, or of each, as :func:`look` writes it
    then: str  # what follows each cell

    def part(self, first: int, below: int) -> list[str]:
        """Formulas are made and escaped together."""
        rows = range(first, below)
        joined = APART.join(map(self.column.text, rows))
        if "[" in joined:
            message = "a column is named in a formula that is made while rows are written"
            raise ValueError(message)
        texts = escape(joined, quote=False).split(APART)
        looks = repeat(self.looks) if isinstance(self.looks, str) else self.looks[first:below]
        values = map(formula_value, self.column.values[first:below])
        return [
            f"{own}{kind}><f>{text.removeprefix('=')}</f>{value}{self.then}"
            if text
            else f"{own}/>{self.then}"
            for own, text, (kind, value) in zip(looks, texts, values, strict=False)
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
    if not isinstance(value, str):
        return "", f"<v>{value}</v></c>"
    kind = "" if not value else ' t="e"' if value in ERRORS else ' t="str"'
    return kind, f"<v>{escape(value, quote=False)}</v></c>"
