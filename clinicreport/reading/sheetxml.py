"""A sheet's XML through an XML parser: slower, but right however it is written."""

from __future__ import annotations

from clinicreport.reading import RefusedError
from clinicreport.reading.cellstyle import rich_text
from clinicreport.reading.grid import MOST_COLUMNS, MOST_ROWS, ROOMY, check_area
from clinicreport.reading.ooxml_styles import BookParts
from clinicreport.reading.richtext import Runs
from clinicreport.reading.seen import Look, Place, area, moves, place
from clinicreport.reading.spreadsheet import CellError, Uncached, column_letters
from clinicreport.reading.xmlparts import Attributes, local, parse, parser

_TRUE = ("1", "true")


def look_thoroughly(xml: bytes, book: BookParts) -> Look:
    """The same as ``look``, by parsing. Raises RefusedError for broken XML and stray cells."""
    walk = _walked(xml, book)
    walk.extent.check()
    return walk.seen


def filled_thoroughly(xml: bytes) -> frozenset[Place]:
    """The filled cells of a sheet, by parsing. Raises RefusedError for broken XML."""
    return frozenset(_walked(xml, BookParts()).filled)


def _walked(xml: bytes, book: BookParts) -> _Walk:
    walk = _Walk(book)
    made = parser()
    made.StartElementHandler = walk.start
    made.EndElementHandler = walk.end
    made.CharacterDataHandler = walk.data
    parse(xml, made)
    return walk


class Extent:
    """The area that filled cells span."""

    def __init__(self) -> None:
        self.filled = 0
        self.first = (MOST_ROWS, MOST_COLUMNS)
        self.last = (0, 0)

    def add(self, row: int, column: int) -> None:
        """Count a filled cell. Raises RefusedError for one outside every spreadsheet."""
        if not (1 <= row <= MOST_ROWS and 1 <= column <= MOST_COLUMNS):
            raise RefusedError(
                "has cells outside of what a spreadsheet can hold: it is damaged, ask for it again"
            )
        self.filled += 1
        self.first = min(self.first[0], row), min(self.first[1], column)
        self.last = max(self.last[0], row), max(self.last[1], column)

    def check(self) -> None:
        """Refuse an area far larger than the number of its cells."""
        rows, columns = self.last
        if rows * columns > ROOMY:
            ends = [f"{column_letters(column)}{row}" for row, column in (self.first, self.last)]
            check_area(rows, columns, self.filled, f"has cells in {' and '.join(ends)} only")


class _Walk:
    """Handlers that follow rows and cells, also where they carry no address."""

    def __init__(self, book: BookParts) -> None:
        self.seen = Look()
        self.extent = Extent()
        self.filled: list[Place] = []
        self._book = book
        self._masters: dict[str, tuple[Place, str]] = {}  # of shared formulas
        self._shared = ""  # the number of the shared formula that the cell has
        self._runs: Runs | None = None  # of a text in the cell itself
        self._row = self._column = 0
        self._hidden = False  # the current row
        self._row_filled = False
        self._cell: Attributes = {}
        self._formula: str | None = None
        self._value = ""
        self._inside = ""  # "v", "f" or "is": where text belongs to

    def start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "is"):
            self._inside = name
            self._runs = Runs() if name == "is" else self._runs
        elif self._inside == "is" and self._runs:
            self._runs.start(name, attributes)
        elif name == "f":
            self._inside, self._formula = name, ""
            self._shared = attributes.get("si", "")
        elif name == "row":
            self._start_row(attributes)
        elif name == "col" and attributes.get("hidden") in _TRUE:
            bounds = attributes.get("min", ""), attributes.get("max", "")
            if bounds[0].isdecimal() and bounds[1].isdecimal():
                self.seen.hidden_columns.append((int(bounds[0]), int(bounds[1])))
        elif name == "mergeCell" and (merged := area(attributes.get("ref", ""))):
            self.seen.merged.append(merged)

    def _start_row(self, attributes: Attributes) -> None:
        given = attributes.get("r", "")
        self._row = int(given) if given.isdecimal() and len(given) < 10 else self._row + 1
        self._column = 0
        self._hidden = attributes.get("hidden") in _TRUE
        self._row_filled = False

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r", "")
        where = place(reference)
        if where is None and reference:
            self.extent.add(0, 0)  # no address of any spreadsheet
        self._row, self._column = where or (self._row, self._column + 1)
        self._cell, self._formula, self._value = attributes, None, ""
        self._shared, self._runs = "", None

    def data(self, text: str) -> None:
        if self._inside == "is" and self._runs:
            self._runs.data(text)
        if self._inside == "f":
            self._formula = (self._formula or "") + text
        elif self._inside:
            self._value += text

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._inside == "is" and self._runs:
            self._runs.end(name)
        if name in ("v", "f", "is"):
            self._inside = ""
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._hidden:
            self.seen.hidden_rows += self._row_filled

    def _end_cell(self) -> None:
        if not self._value and self._formula is None:
            return
        where = self._row, self._column
        self.extent.add(*where)
        self.filled.append(where)
        self.seen.filled = self._row_filled = True
        if self._formula is not None:
            self._note_moving(where, self._formula)
        kind = self._cell.get("t", "n")
        if kind == "e":
            self.seen.replace[where] = CellError(self._value.strip())
        elif self._formula is not None:
            self._end_formula(where, kind)
        style = self._cell.get("s", "0")
        if style.isdecimal() and int(style) in self._book.styles:
            self.seen.styled[where] = self._book.styles[int(style)]
        text = rich_text(self._runs.pieces) if self._runs else None
        if kind == "s" and self._value.strip().isdecimal():
            text = self._book.texts.get(int(self._value))
        if text:
            self.seen.rich[where] = text

    def _note_moving(self, where: Place, formula: str) -> None:
        """Note a formula that moves; one without a text of its own repeats that which it shares."""
        if self._shared and formula:
            self._masters[self._shared] = where, formula
        if moves(formula or self._masters.get(self._shared, (where, ""))[1]):
            self.seen.moving.add(where)

    def _end_formula(self, where: Place, kind: str) -> None:
        formula = self._formula or ""
        if self._value or kind == "str":
            self.seen.formulas.add(where)
        else:
            self.seen.replace[where] = Uncached(formula)
        if not self._value or self._value[:1] in "0-":
            value = self._value.encode()
            copied = self._masters.get(self._shared)
            self._book.note_link(self.seen, where, formula, value, copied)
