"""OpenDocument spreadsheets, read from their content directly.

The parser of the other formats gives booleans as numbers and durations as text here, and blanks
for errors, so this one reads the types as the file states them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.grid import CHUNK, MOST_COLUMNS, MOST_ROWS, Grid, check_area
from clinicreport.reading.guard import narrow
from clinicreport.reading.odsvalues import cell_value
from clinicreport.reading.parsed import check_any, finish
from clinicreport.reading.seen import Look, moves
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters
from clinicreport.reading.xmlparts import Attributes, local, parse, parser

if TYPE_CHECKING:
    from collections.abc import Callable

    from clinicreport.reading.guard import Package

_SPACE = re.compile(r"[ \t\r\n]+")


def read(package: Package, book: Spreadsheet) -> None:
    """Fill ``book`` with the sheets of an OpenDocument spreadsheet. Raises RefusedError."""
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise RefusedError(
            "is protected by a password: save a copy without a password, or as .xlsx"
        )
    content = package.read("content.xml")
    package.check_rest()
    if not content:
        raise RefusedError("holds no sheets: open it and save it as .xlsx")
    book.active_content = _active_content(package, content)
    walk = _OdsWalk()
    made = parser()
    made.StartElementHandler = _usual_prefixes(content, walk.start)
    made.EndElementHandler = walk.end
    made.CharacterDataHandler = walk.data
    parse(content, made)
    book.sheets = walk.sheets
    check_any(book)


_NAMESPACE = re.compile(
    rb"xmlns:([\w.-]+)\s*=\s*[\"']urn:[\w:]*:xmlns:(table|office|text|style|calcext):1\.0[\"']"
)
_ROOT = 20_000  # bytes in which the root element stands


def _usual_prefixes(
    content: bytes, start: Callable[[str, Attributes], None]
) -> Callable[[str, Attributes], None]:
    """The handler itself, or one before it where the file has other prefixes than is usual."""
    found = _NAMESPACE.findall(narrow(content[:_ROOT]))
    odd = {given.decode(): usual.decode() for given, usual in found if given != usual}
    if not odd:
        return start

    def renamed(key: str) -> str:
        prefix, _, name = key.partition(":")
        return f"{odd.get(prefix, prefix)}:{name}"

    return lambda tag, given: start(tag, {renamed(key): each for key, each in given.items()})


def _active_content(package: Package, content: bytes) -> list[str]:
    found = []
    if any(part.startswith(("basic/", "scripts/")) for part in package):
        found.append("macros")
    if b"<table:table-source" in content or b"<table:cell-range-source" in content:
        found.append("external links")
    return found


class _OdsWalk:
    """Handlers that follow tables, rows and cells; repeated blanks cost nothing."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._styles_hidden: set[str] = set()
        self._style = ""
        self._table: _Table | None = None
        self._cell: Attributes | None = None
        self._text: list[str] = []
        self._aside = 0  # depth inside a comment or a drawing
        self._paragraph = self._at_start = False

    def start(self, tag: str, given: Attributes) -> None:
        name = local(tag)
        if self._aside or name in ("annotation", "shapes", "frame", "tracked-changes"):
            self._aside += 1
        elif name == "style":
            self._style = given.get("style:name", "")
        elif name == "table-properties" and given.get("table:display") == "false":
            self._styles_hidden.add(self._style)
        elif name == "table" and self._table is None:
            visible = given.get("table:style-name") not in self._styles_hidden
            self._table = _Table(given.get("table:name", ""), visible=visible)
        elif self._table is not None:
            self._inside(name, given)

    def _inside(self, name: str, given: Attributes) -> None:
        assert self._table is not None
        if name == "table-column":
            self._table.add_column(_repeat(given, "columns"), given.get("table:visibility", ""))
        elif name == "table-row":
            self._table.start_row(_repeat(given, "rows"), given.get("table:visibility", ""))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._text = given, []
        elif self._cell is not None:
            self._in_cell(name, given)

    def _in_cell(self, name: str, given: Attributes) -> None:
        if name == "p":
            self._text.append("\n" if self._text else "")
            self._paragraph = self._at_start = True
        elif name == "s":
            count = given.get("text:c", "1")
            self._text.append(" " * min(int(count) if count.isdecimal() else 1, 1000))
            self._at_start = False
        elif name in ("tab", "line-break"):
            self._text.append("\t" if name == "tab" else "\n")

    def data(self, text: str) -> None:
        if self._paragraph and not self._aside:  # white space counts once, and not at the start
            text = _SPACE.sub(" ", text)
            self._text.append(text.lstrip(" ") if self._at_start else text)
            self._at_start = False

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._aside:
            self._aside -= 1
        elif self._table is None:
            return
        elif name == "p":
            self._paragraph = False
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._table, self._cell)
        elif name == "table-row":
            self._table.end_row()
        elif name == "table":
            self.sheets.append(self._table.finish())
            self._table = None

    def _end_cell(self, table: _Table, given: Attributes) -> None:
        self._cell = None
        named = {
            key if key.startswith("calcext:") else local(key): value for key, value in given.items()
        }
        value = cell_value(named, "".join(self._text))
        table.add_cell(value, _repeat(given, "columns"), named)


def _repeat(given: Attributes, what: str) -> int:
    """How many times a row, column or cell stands there."""
    text = given.get(f"table:number-{what}-repeated", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


class _Table:
    """One sheet in the making. Blanks are counted, and written only where a value follows."""

    def __init__(self, name: str, *, visible: bool) -> None:
        self._name = name
        self._visible = visible
        self._grid = Grid()
        self._seen = Look()
        self._columns = 0
        self._filled = 0
        self._rows: list[list[Value]] = []  # not yet in the grid
        self._blank_rows = 0
        self._row: list[Value] = []
        self._blank_cells = 0
        self._row_repeat, self._row_hidden = 1, False

    def add_column(self, repeat: int, visibility: str) -> None:
        """Columns as declared before the rows."""
        if visibility in ("collapse", "filter"):
            self._seen.hidden_columns.append((self._columns + 1, self._columns + repeat))
        self._columns += repeat

    def start_row(self, repeat: int, visibility: str) -> None:
        """A row begins, and stands there ``repeat`` times."""
        self._row, self._blank_cells = [], 0
        self._row_repeat, self._row_hidden = repeat, visibility in ("collapse", "filter")

    def add_cell(self, value: Value, repeat: int, given: Attributes) -> None:
        """A cell of the row, ``repeat`` times. RefusedError beyond the last one."""
        if not self._visible:
            return
        spans = given.get("number-columns-spanned", "1"), given.get("number-rows-spanned", "1")
        if spans != ("1", "1") and all(span.isdecimal() for span in spans):
            row, column = self._next_row(), len(self._row) + self._blank_cells + 1
            self._seen.merged.append(
                (row, column, row + int(spans[1]) - 1, column + int(spans[0]) - 1)
            )
        if value == "":
            self._blank_cells += repeat
            return
        _check_place(1, len(self._row) + self._blank_cells + repeat)
        if moves(given.get("formula", "")):
            first = len(self._row) + self._blank_cells + 1
            self._seen.moving |= {(self._next_row(), first + at) for at in range(repeat)}
        self._row.extend([""] * self._blank_cells)
        self._row.extend([value] * repeat)
        self._blank_cells = 0
        self._filled += 1

    def _next_row(self) -> int:
        return self._grid.rows + len(self._rows) + self._blank_rows + 1

    def end_row(self) -> None:
        """The row is complete. Raises RefusedError where the filled cells lie too far apart."""
        if not self._row:
            self._blank_rows += self._row_repeat
            return
        last, width = self._next_row() + self._row_repeat - 1, max(len(self._row), self._grid.width)
        _check_place(last, width)
        check_area(
            last,
            width,
            self._filled,
            f"has few filled cells, and they reach to {column_letters(width)}{last}",
        )
        self._rows.extend([] for _ in range(self._blank_rows))
        self._rows.extend([self._row] * self._row_repeat)
        self._blank_rows = 0
        if self._row_hidden:
            self._seen.hidden_rows += self._row_repeat
        if len(self._rows) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._grid.extend_ragged(self._rows)
        self._rows = []

    def finish(self) -> Sheet:
        """The sheet; a hidden one is listed without its cells."""
        if not self._visible:
            return Sheet(self._name, [], 0, visible=False)
        self._flush()
        return finish(self._name, self._grid, self._seen)


def _check_place(row: int, column: int) -> None:
    if row > MOST_ROWS or column > MOST_COLUMNS:
        raise RefusedError(
            "has cells outside of what a spreadsheet can hold: it is damaged, ask for it again"
        )
