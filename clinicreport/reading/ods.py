"""OpenDocument spreadsheets, read from their content directly.

The parser of the other formats gives booleans as numbers and durations as text here, and blanks
for errors, so this one reads the types as the file states them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.cellstyle import (
    STRUCK_STYLE,
    USUAL_FONT,
    CellFont,
    rich_text,
    shown_value,
)
from clinicreport.reading.grid import CHUNK, MOST_COLUMNS, MOST_ROWS, Grid, check_area
from clinicreport.reading.guard import narrow
from clinicreport.reading.links import Contents, distinct, link, mark_empty, shows_nothing
from clinicreport.reading.ods_styles import OdsStyles, as_usual_formula
from clinicreport.reading.odsvalues import cell_value
from clinicreport.reading.parsed import check_any, finish
from clinicreport.reading.seen import Look, Place, moves
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Uncached, Value, column_letters
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
    styles = OdsStyles()
    styles.read(package.read("styles.xml"))
    package.check_rest()
    if not content:
        raise RefusedError("holds no sheets: open it and save it as .xlsx")
    book.active_content = _active_content(package, content)
    walk = _OdsWalk(styles, follows_links=b":formula=" in content)
    made = parser()
    made.StartElementHandler = _usual_prefixes(content, walk.start)
    made.EndElementHandler = walk.end
    made.CharacterDataHandler = walk.data
    parse(content, made)
    walk.follow_links()
    book.sheets = [table.finish() for table in walk.tables]
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

    def __init__(self, styles: OdsStyles, *, follows_links: bool) -> None:
        self.tables: list[_Table] = []
        self._known = styles
        self._follows_links = follows_links
        self._styles_hidden: set[str] = set()
        self._style = ""
        self._table: _Table | None = None
        self._cell: Attributes | None = None
        self._text: list[tuple[str, CellFont]] = []
        self._fonts: list[CellFont] = []  # of the spans around
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
            self._table = _Table(
                given.get("table:name", ""), visible=visible, follows_links=self._follows_links
            )
        elif self._table is not None:
            self._inside(name, given)
        if self._table is None:
            self._known.start(name, given)

    def _inside(self, name: str, given: Attributes) -> None:
        assert self._table is not None
        if name == "table-column":
            style = given.get("table:default-cell-style-name", "")
            hidden = given.get("table:visibility", "")
            self._table.add_column(_repeat(given, "columns"), hidden, style)
        elif name == "table-row":
            self._table.start_row(_repeat(given, "rows"), given.get("table:visibility", ""))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._text, self._fonts = given, [], []
        elif self._cell is not None:
            self._in_cell(name, given)

    def _in_cell(self, name: str, given: Attributes) -> None:
        if name == "p":
            self._add("\n" if self._text else "")
            self._paragraph = self._at_start = True
        elif name == "s":
            count = given.get("text:c", "1")
            self._add(" " * min(int(count) if count.isdecimal() else 1, 1000))
            self._at_start = False
        elif name in ("tab", "line-break"):
            self._add("\t" if name == "tab" else "\n")
        elif name == "span":
            self._fonts.append(self._known.text(given.get("text:style-name", "")).font)

    def _add(self, text: str) -> None:
        self._text.append((text, self._fonts[-1] if self._fonts else USUAL_FONT))

    def data(self, text: str) -> None:
        if self._paragraph and not self._aside:  # white space counts once, and not at the start
            text = _SPACE.sub(" ", text)
            self._add(text.lstrip(" ") if self._at_start else text)
            self._at_start = False

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._aside:
            self._aside -= 1
        elif self._table is None:
            return
        elif name == "p":
            self._paragraph = False
        elif name == "span" and self._fonts:
            self._fonts.pop()
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._table, self._cell)
        elif name == "table-row":
            self._table.end_row()
        elif name == "table":
            self.tables.append(self._table)
            self._table = None

    def _end_cell(self, table: _Table, given: Attributes) -> None:
        self._cell = None
        named = {
            key if key.startswith("calcext:") else local(key): value for key, value in given.items()
        }
        value = cell_value(named, "".join(text for text, _ in self._text))
        style = self._known.cell(named.get("style-name") or table.default_style())
        rich = rich_text(self._text) if isinstance(value, str) else None
        value = rich.value if rich else shown_value(value, style)
        table.add_cell(value, _repeat(given, "columns"), named)
        if value != "" and (rich.struck if rich else style.font.struck):
            table.strike()

    def follow_links(self) -> None:
        """Empty the cells that are a mere link to an empty cell."""
        names = distinct(table.name for table in self.tables)
        known = dict(zip(names, self.tables, strict=True))

        def contents(name: str) -> Contents | None:
            table = known.get(name)
            return Contents(frozenset(table.places), table.seen.links) if table else None

        mark_empty({name: table.seen for name, table in known.items()}, contents)


def _repeat(given: Attributes, what: str) -> int:
    """How many times a row, column or cell stands there."""
    text = given.get(f"table:number-{what}-repeated", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


class _Table:
    """One sheet in the making. Blanks are counted, and written only where a value follows."""

    def __init__(self, name: str, *, visible: bool, follows_links: bool) -> None:
        self.name = name
        self.places: set[Place] = set()  # of filled cells, where links are followed
        self._follows_links = follows_links
        self._at = (1, 1)  # the next cell
        self._last = (1, 1)
        self._defaults: list[tuple[int, str]] = []  # columns up to this number, and their style
        self._visible = visible
        self._grid = Grid()
        self.seen = Look()
        self._columns = 0
        self._filled = 0
        self._rows: list[list[Value]] = []  # not yet in the grid
        self._blank_rows = 0
        self._row: list[Value] = []
        self._blank_cells = 0
        self._row_repeat, self._row_hidden = 1, False

    def add_column(self, repeat: int, visibility: str, style: str) -> None:
        """Columns as declared before the rows, and the style of their cells."""
        self._defaults.append((self._columns + repeat, style))
        if visibility in ("collapse", "filter"):
            self.seen.hidden_columns.append((self._columns + 1, self._columns + repeat))
        self._columns += repeat

    def start_row(self, repeat: int, visibility: str) -> None:
        """A row begins, and stands there ``repeat`` times."""
        self._at = self._at[0], 1
        self._row, self._blank_cells = [], 0
        self._row_repeat, self._row_hidden = repeat, visibility in ("collapse", "filter")

    def add_cell(self, value: Value, repeat: int, given: Attributes) -> None:
        """A cell of the row, ``repeat`` times. RefusedError beyond the last one."""
        self._last = self._at
        self._at = self._at[0], self._at[1] + repeat
        if self._follows_links and value != "":
            self._note(value, repeat, given)
        if not self._visible:
            return
        spans = given.get("number-columns-spanned", "1"), given.get("number-rows-spanned", "1")
        if spans != ("1", "1") and all(span.isdecimal() for span in spans):
            row, column = self._next_row(), len(self._row) + self._blank_cells + 1
            self.seen.merged.append(
                (row, column, row + int(spans[1]) - 1, column + int(spans[0]) - 1)
            )
        if value == "":
            self._blank_cells += repeat
            return
        _check_place(1, len(self._row) + self._blank_cells + repeat)
        if moves(given.get("formula", "")):
            first = len(self._row) + self._blank_cells + 1
            self.seen.moving |= {(self._next_row(), first + at) for at in range(repeat)}
        self._row.extend([""] * self._blank_cells)
        self._row.extend([value] * repeat)
        self._blank_cells = 0
        self._filled += 1

    def _note(self, value: Value, repeat: int, given: Attributes) -> None:
        """Note a filled cell, and a formula that is a mere link and shows 0 or nothing."""
        row, column = self._last
        self.places.update((row, column + more) for more in range(min(repeat, MOST_COLUMNS)))
        shows = given.get("value", "") if isinstance(value, float) else ""
        if "formula" in given and isinstance(value, float | Uncached) and shows_nothing(shows):
            to = link(as_usual_formula(given["formula"]), {})
            self.seen.links.update({self._last: to} if to else {})

    def default_style(self) -> str:
        """The style of the next cell where it names none of its own."""
        return next((style for last, style in self._defaults if self._at[1] <= last), "")

    def strike(self) -> None:
        """The last cell is struck through."""
        self.seen.styled[self._last] = STRUCK_STYLE

    def _next_row(self) -> int:
        return self._grid.rows + len(self._rows) + self._blank_rows + 1

    def end_row(self) -> None:
        """The row is complete. Raises RefusedError where the filled cells lie too far apart."""
        self._at = self._at[0] + self._row_repeat, 1
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
            self.seen.hidden_rows += self._row_repeat
        if len(self._rows) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._grid.extend_ragged(self._rows)
        self._rows = []

    def finish(self) -> Sheet:
        """The sheet; a hidden one is listed without its cells."""
        if not self._visible:
            return Sheet(self.name, [], 0, visible=False)
        self._flush()
        return finish(self.name, self._grid, self.seen)


def _check_place(row: int, column: int) -> None:
    if row > MOST_ROWS or column > MOST_COLUMNS:
        raise RefusedError(
            "has cells outside of what a spreadsheet can hold: it is damaged, ask for it again"
        )
