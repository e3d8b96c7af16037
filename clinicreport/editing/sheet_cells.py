"""The cells of a sheet in its XML: each marked cell gets a style, a missing one is made.

An XML parser goes through all of it, and tells of the rows to be marked and of what stands before
and behind the rows; of the others only that they are well formed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from clinicreport.editing.splice import EditedPart, local, parser, run, tag_at, with_attributes
from clinicreport.reading.seen import Place, place
from clinicreport.reading.spreadsheet import column_letters

# What a worksheet holds behind <legacyDrawing>, in the order that the format asks for.
_BEHIND_LEGACY = frozenset(
    {
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    }
)
_DEFAULT_WIDTH = 8.43
_VIEW = re.compile(rb"<(?:\w+:)?sheetView\s[^<>]*>")
_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData[\s>]")

Style = Callable[[Place, int], int]  # a cell's place and its style -> its new style


@dataclass(slots=True)
class _Row:
    """The row that is being looked at."""

    number: int = 0
    start: int = 0
    style: int | None = None
    last: int = 0  # the last column that was seen
    made: list[str] = field(default_factory=list)  # cells for its end
    changed: bool = False  # cells were made anywhere in it


class SheetEdits:
    """One sheet's part with edits: marked cells, and the drawing that comments need."""

    def __init__(self, xml: bytes, cells: Iterable[Place], style: Style) -> None:
        self.part = EditedPart(xml)
        self.widths: list[tuple[int, int, float]] = []  # first column, last column, width
        self.legacy = ""  # relation id of the drawing that holds comment boxes
        self._style = style
        self._styles: list[tuple[int, int, int]] = []  # first column, last column, style
        self._wanted: dict[int, list[int]] = {}
        for row, column in sorted(set(cells)):
            self._wanted.setdefault(row, []).append(column)
        self._rows = list(reversed(self._wanted))  # the next one is the last
        self._prefix = self._cell_name = ""
        self._depth = 0
        self._behind = 0  # where a legacyDrawing belongs
        self._row = _Row()
        self._columns: list[int] = []
        self._data_start: int | None = None
        self._walk()

    def width(self, column: int) -> float:
        """A column's width in characters."""
        found = (width for first, last, width in self.widths if first <= column <= last)
        return next(found, _DEFAULT_WIDTH)

    def add_legacy(self, relation: str, namespace: str) -> None:
        """Refer to the drawing with the comment boxes."""
        tag = f'<{self._prefix}legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'
        self.part.replace(self._behind, self._behind, tag)

    def _walk(self) -> None:
        made = self._parser = parser()
        for start, end, wanted in stretches(self.part.xml, self._wanted):
            made.StartElementHandler = self._start if wanted else None
            made.EndElementHandler = self._end if wanted else None
            run(made, self.part.xml[start:end], last=end == len(self.part.xml))

    # ------------------------------------------------------------------ what the parser meets

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 4 and self._columns:
            if name == self._cell_name:
                self._cell(attributes)
        elif self._depth == 3:
            if self._data_start is not None:
                self._start_row(attributes)
            elif local(name) == "col":
                self._column(attributes)
        elif self._depth == 2:
            self._part_of_sheet(local(name), attributes)
        elif self._depth == 1:
            self._prefix = name[: len(name) - len(local(name))]
            self._cell_name = f"{self._prefix}c"

    def _end(self, name: str) -> None:
        if self._depth == 3 and self._data_start is not None:
            self._end_row()
        elif self._depth == 2 and self._data_start is not None:
            self._end_data(name)
        elif self._depth == 1 and not self._behind:
            self._behind = self._parser.CurrentByteIndex
        self._depth -= 1

    def _part_of_sheet(self, name: str, attributes: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        if name == "sheetData":
            self._data_start = at
        elif name == "legacyDrawing":
            self.legacy = next((v for k, v in attributes.items() if local(k) == "id"), "")
        elif name in _BEHIND_LEGACY and not self._behind:
            self._behind = at

    def _column(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal():
            bounds = int(first), int(last)
            self._styles.append((*bounds, int(attributes.get("style", "0"))))
            hidden = attributes.get("hidden") in ("1", "true")
            width = 0.0 if hidden else float(attributes.get("width", _DEFAULT_WIDTH))
            self.widths.append((*bounds, width))

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        number = int(given) if given.isdecimal() else self._row.number + 1
        at = self._parser.CurrentByteIndex
        while self._rows and self._rows[-1] < number:
            self.part.replace(at, at, self._new_row(self._rows.pop()))
        styled = attributes.get("customFormat") in ("1", "true")
        self._row = _Row(number, at, int(attributes.get("s", "0")) if styled else None)
        if self._rows and self._rows[-1] == number:
            self._columns = list(reversed(self._wanted[self._rows.pop()]))

    def _cell(self, attributes: dict[str, str]) -> None:
        where = place(attributes.get("r", ""))
        column = where[1] if where else self._row.last + 1
        self._row.last = column
        at = self._parser.CurrentByteIndex
        while self._columns and self._columns[-1] < column:
            self.part.replace(at, at, self._new_cell(self._columns.pop()))
            self._row.changed = True
        if self._columns and self._columns[-1] == column:
            here = self._row.number, self._columns.pop()
            style = self._style(here, int(attributes.get("s", "0")))
            tag = tag_at(self.part.xml, at)
            self.part.replace(at, at + len(tag), with_attributes(tag, {"s": str(style)}))

    def _end_row(self) -> None:
        row = self._row
        made = "".join(self._new_cell(column) for column in reversed(self._columns))
        self._columns = []
        if not made and not row.changed:
            return
        tag = tag_at(self.part.xml, row.start)
        plain = with_attributes(tag, {"spans": None})  # a hint only, and wrong now
        if tag.endswith(b"/>"):
            plain = plain[:-2] + f">{made}</{self._prefix}row>".encode()
        else:
            at = self._parser.CurrentByteIndex
            self.part.replace(at, at, made)
        self.part.replace(row.start, row.start + len(tag), plain)

    def _end_data(self, name: str) -> None:
        start, self._data_start = self._data_start, None
        rest = "".join(self._new_row(number) for number in reversed(self._rows))
        self._rows = []
        if not rest or start is None:
            return
        tag = tag_at(self.part.xml, start)
        if tag.endswith(b"/>"):
            self.part.replace(start, start + len(tag), tag[:-2] + f">{rest}</{name}>".encode())
        else:
            at = self._parser.CurrentByteIndex
            self.part.replace(at, at, rest)

    # ------------------------------------------------------------------ what is made

    def _new_cell(self, column: int, row: int | None = None) -> str:
        number = row or self._row.number
        style = None if row else self._row.style
        if style is None:
            found = (style for first, last, style in self._styles if first <= column <= last)
            style = next(found, 0)
        marked = self._style((number, column), style)
        return f'<{self._prefix}c r="{column_letters(column)}{number}" s="{marked}"/>'

    def _new_row(self, number: int) -> str:
        cells = "".join(self._new_cell(column, number) for column in self._wanted[number])
        return f'<{self._prefix}row r="{number}">{cells}</{self._prefix}row>'


def stretches(xml: bytes, rows: Collection[int]) -> Iterator[tuple[int, int, bool]]:
    """A sheet's part in stretches: where each begins and ends, and whether it is wanted. Wanted are
    these rows (numbers from 1), for one that is not there the row behind it, what stands before
    the first row, and the last row with all behind it.

    All of it is wanted where the rows cannot be told by a look at the bytes.
    """
    found = _rows_of(xml)
    numbers = [number for number, _ in found]
    starts = [start for _, start in found]
    if not found or any(a >= b for a, b in pairwise(numbers)):
        yield 0, len(xml), True
        return
    last = len(starts) - 1
    starts.append(len(xml))
    done = starts[0]
    yield 0, done, True
    for at in sorted({min(bisect_left(numbers, row), last) for row in rows} | {last}):
        if starts[at] > done:
            yield done, starts[at], False
        done = starts[at + 1]
        yield starts[at], done, True


def _rows_of(xml: bytes) -> list[tuple[int, int]]:
    """Each row's number and where it begins; none where one does not say its number, or where
    a comment or the like may hold something that looks like a row."""
    data = _DATA.search(xml)
    if not data or b"<!" in xml or xml.find(b"<?", 1) > 0:
        return []
    row = re.compile(rb"<" + re.escape(data[1]) + rb"row(?=[\s/>])(?:[^<>]*?\sr=[\"']([0-9]+))?")
    end = xml.rfind(b"</" + data[1] + b"sheetData")
    found = [(each[1], each.start()) for each in row.finditer(xml, data.end(), end)]
    return [] if any(not number for number, _ in found) else [(int(n), at) for n, at in found]


def deselect(xml: bytes) -> bytes:
    """The sheet's part with its tab not selected: two selected tabs are edited together."""
    head = xml.find(b"sheetData")
    head = len(xml) if head < 0 else head
    if b"tabSelected" not in xml[:head]:
        return xml
    part = EditedPart(xml)
    for found in _VIEW.finditer(xml, 0, head):
        part.replace(found.start(), found.end(), with_attributes(found[0], {"tabSelected": None}))
    return part.result()
