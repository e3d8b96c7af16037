"""Formulas that several cells share, when the cell that holds the text of one is emptied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from clinicreport.editing.splice import (
    EditedPart,
    Element,
    NotEditableError,
    escaped,
    with_attributes,
)
from clinicreport.reading.seen import Place, area
from clinicreport.reading.spreadsheet import column_letters


@dataclass(slots=True)
class CellFormula:
    """One cell's formula; ``text`` is empty where another cell holds it."""

    where: Place
    element: Element
    text: str = ""

    @property
    def address(self) -> str:
        """The cell as A1."""
        return address(self.where)

    @property
    def kind(self) -> str:
        """``shared``, ``array``, ``dataTable``, or ``normal``."""
        return self.element.get("t", "normal")


@dataclass(slots=True)
class _SharedFormula:
    """A shared formula: the cell that holds it, and those that refer to it, in their order."""

    master: CellFormula
    members: list[CellFormula] = field(default_factory=list)
    twice: bool = False  # its number was used before it, or for another formula too


class Written(NamedTuple):
    """A cell's formula: its text, and the cell that the text is written in."""

    origin: Place
    text: str


def address(where: Place) -> str:
    """A place as A1."""
    return f"{column_letters(where[1])}{where[0]}"


def translated(text: str, origin: Place, target: Place) -> str:
    """A formula as it reads in another cell. Raises NotEditableError where that is not sure."""
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    here, there = address(origin), address(target)
    try:
        made: str = Translator(f"={text}", here).translate_formula(there)
        back = Translator(made, there).translate_formula(here)
    except (TokenizerError, TranslatorError, ValueError, IndexError):
        back = made = ""
    if back != f"={text}":
        raise NotEditableError(
            f"the formula in {here} belongs to other rows too and cannot be moved there"
        )
    return made[1:]


class Groups:
    """The formulas of one sheet, told in the order of its cells.

    ``written``: each cell's formula as it stands in the file; of one that shares another's formula
    but was told before it, nothing is known.
    """

    def __init__(self, rows: frozenset[int]) -> None:
        self.written: dict[Place, Written] = {}
        self._rows = rows
        self._groups: dict[str, _SharedFormula] = {}
        self._early: set[str] = set()  # numbers that were used before the cell with their formula

    def add(self, formula: CellFormula) -> None:
        """A formula that was met. Raises NotEditableError for an array that spans other rows."""
        element = formula.element
        self.written[formula.where] = Written(formula.where, formula.text)
        if formula.kind == "shared":
            number = element.get("si")
            group = self._groups.get(number)
            if group is None and formula.text:
                self._groups[number] = _SharedFormula(formula)
            elif group is None:
                self._early.add(number)
            else:
                group.members.append(formula)
                group.twice |= bool(formula.text)
                if not formula.text:
                    holder = group.master
                    self.written[formula.where] = Written(holder.where, holder.text)
        elif formula.kind in ("array", "dataTable") and formula.where[0] in self._rows:
            spans = area(element.get("ref"))
            if spans and not self._rows.issuperset(range(spans[0], spans[2] + 1)):
                raise NotEditableError(
                    f"the formula in {formula.address} fills {element.get('ref')}, "
                    "which are rows of others too"
                )

    def mend(self, part: EditedPart) -> None:
        """Give each formula whose own cell is emptied to the next cell that shares it."""
        for number, group in self._groups.items():
            if group.master.where[0] in self._rows:
                group.twice |= number in self._early
                for formula, text, more in self._moved(group):
                    _put(part, formula, text, more)

    def _moved(
        self, group: _SharedFormula
    ) -> Iterator[tuple[CellFormula, str, dict[str, str | None]]]:
        """The cells that change, with their formula's text and attributes."""
        left = [each for each in group.members if each.where[0] not in self._rows]
        master = group.master
        if group.twice:
            raise NotEditableError(f"the formula in {master.address} is shared in an unusual way")
        if not left:
            return
        first, *rest = left
        rows = [each.where[0] for each in left]
        columns = [each.where[1] for each in left]
        corners = (min(rows), min(columns)), (max(rows), max(columns))
        text = translated(master.text, master.where, first.where)
        if corners[0] == first.where:
            yield first, text, {"ref": ":".join(dict.fromkeys(map(address, corners)))}
            return
        for each in (first, *rest):  # no rectangle that begins with a cell of the group
            own = translated(master.text, master.where, each.where)
            yield each, own, {"t": None, "si": None, "ref": None}


def _put(
    part: EditedPart, formula: CellFormula, text: str, attributes: dict[str, str | None]
) -> None:
    element = formula.element
    tag = with_attributes(part.xml[element.start : element.inner], attributes)
    plain = tag[:-2] if tag.endswith(b"/>") else tag[:-1]
    made = plain + f">{escaped(text)}</{element.qname}>".encode()
    part.replace(element.start, element.end, made)
