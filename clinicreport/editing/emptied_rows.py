"""Rows of a sheet emptied in its XML: the cells stay with their style, what they held is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinicreport.editing.formula_groups import CellFormula, Groups
from clinicreport.editing.splice import (
    EditedPart,
    Element,
    NotEditableError,
    local,
    parser,
    run,
    tag_at,
    with_attributes,
)
from clinicreport.reading.seen import Place, area, place

Rows = Mapping[str, frozenset[int]]  # sheet -> rows, from 1

_CONTENT: dict[str, str | None] = dict.fromkeys(("t", "cm", "vm", "ph"))  # attributes of a value


@dataclass(slots=True)
class _Cell:
    """The cell that is being looked at."""

    where: Place
    start: int
    kind: str
    filled: bool = False
    value: str = ""
    formula: CellFormula | None = None


@dataclass(slots=True)
class Links:
    """The hyperlinks of a sheet: the element that holds them all, and each with its range."""

    box: Element | None = None
    each: list[Element] = field(default_factory=list)


class EmptiedSheet:
    """One sheet's part with the cells of some rows emptied.

    ``gone`` and ``kept``: numbers of the shared strings that emptied cells and all others use.
    ``formulas``: an emptied cell held a formula. ``groups``: all formulas as they were. Raises
    NotEditableError where a formula of these rows reaches into others and cannot be moved.
    """

    def __init__(self, xml: bytes, rows: frozenset[int]) -> None:
        self.part = EditedPart(xml)
        self.gone: set[int] = set()
        self.kept: set[int] = set()
        self.formulas = False
        self.links = Links()
        self._rows = rows
        self.groups = Groups(rows)
        self._depth = 0
        self._within = ""  # the child of the sheet that is being looked at
        self._row = self._column = 0
        self._cell: _Cell | None = None
        self._text: list[str] | None = None
        self._walk()
        self.groups.mend(self.part)
        _unlink(self.part, self.links, rows)

    def _walk(self) -> None:
        made = self._parser = parser()
        made.buffer_text = True
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._data
        run(made, self.part.xml)

    def _element(self, name: str, attributes: dict[str, str]) -> Element:
        at = self._parser.CurrentByteIndex
        return Element(name, attributes, at, at + len(tag_at(self.part.xml, at)))

    def _closed_at(self, start: int) -> int:
        """Behind the element that began at ``start`` and ends here."""
        at = self._parser.CurrentByteIndex
        return (
            at + len(tag_at(self.part.xml, at))
            if at != start
            else start + len(tag_at(self.part.xml, start))
        )

    # ------------------------------------------------------------------ what the parser meets

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._within = local(name)
            if self._within == "hyperlinks":
                self.links.box = self._element(name, attributes)
        elif self._within == "sheetData":
            self._in_data(name, attributes)
        elif local(name) == "hyperlink":
            self.links.each.append(self._element(name, attributes))
        elif local(name) == "inputCells":
            where = place(attributes.get("r", ""))
            if where and where[0] in self._rows:
                raise NotEditableError("a scenario of its what-if analysis keeps values of the row")

    def _in_data(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 3:
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() else self._row + 1
            self._column = 0
        elif self._depth == 4:
            where = place(attributes.get("r", "")) or (self._row, self._column + 1)
            self._row, self._column = where
            at = self._parser.CurrentByteIndex
            self._cell = _Cell(where, at, attributes.get("t", "n"))
        elif self._depth == 5 and self._cell:
            self._cell.filled = True
            if local(name) == "f":
                element = self._element(name, attributes)
                self._cell.formula = CellFormula(self._cell.where, element)
            if local(name) in ("f", "v"):
                self._text = []

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        cell = self._cell
        if self._depth == 5 and cell and self._text is not None:
            text, self._text = "".join(self._text), None
            if local(name) == "v":
                cell.value = text
            elif cell.formula:
                cell.formula.text = text
                cell.formula.element.end = self._closed_at(cell.formula.element.start)
        elif self._depth == 4 and cell:
            self._end_cell(cell)
            self._cell = None
        elif self._depth == 3 and self.links.each and local(name) == "hyperlink":
            self.links.each[-1].end = self._closed_at(self.links.each[-1].start)
        elif self._depth == 2 and self.links.box and local(name) == "hyperlinks":
            self.links.box.end = self._closed_at(self.links.box.start)
        self._depth -= 1

    def _end_cell(self, cell: _Cell) -> None:
        emptied = cell.where[0] in self._rows
        if cell.kind == "s" and cell.value.strip().isdecimal():
            (self.gone if emptied else self.kept).add(int(cell.value))
        if cell.formula:
            self.groups.add(cell.formula)
            self.formulas |= emptied
        if emptied and (cell.filled or cell.kind != "n"):
            tag = with_attributes(tag_at(self.part.xml, cell.start), _CONTENT)
            plain = tag if tag.endswith(b"/>") else tag[:-1] + b"/>"
            self.part.replace(cell.start, self._closed_at(cell.start), plain)


def _unlink(part: EditedPart, links: Links, rows: frozenset[int]) -> None:
    """Take the hyperlinks off the rows; one that spans others too stays with those."""
    left = len(links.each)
    for link in links.each:
        spans = area(link.get("ref"))
        if spans is None or rows.isdisjoint(range(spans[0], spans[2] + 1)):
            continue
        if not rows.issuperset(range(spans[0], spans[2] + 1)):
            raise NotEditableError(
                f"a link in {link.get('ref')} belongs to the row and to others together"
            )
        part.remove(link)
        left -= 1
    if links.box and not left and links.each:
        part.remove(links.box)
