"""What the parser does not tell of a sheet: error cells, formulas, hidden rows, stray cells.

The parser hands error cells and formulas without a value over as blanks, so the XML itself is
looked at. Nearly every sheet is written plainly (``<c r="B7" …>``, double quotes, no prefix), and
there a few searches in the bytes cost little: the letters ``f`` and ``e`` alone often show that a
sheet of plain cells has neither formula nor error. Any other sheet goes through an XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clinicreport.reading.grid import ROOMY, check_area
from clinicreport.spreadsheet import CellError, Uncached, column_letters

Place = tuple[int, int]  # row, column, both from 1


@dataclass(slots=True)
class Look:
    """What was seen in one sheet."""

    replace: dict[Place, CellError | Uncached] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)  # with a value
    percent: set[Place] = field(default_factory=set)  # shown as a percentage
    hidden_rows: int = 0  # that hold a value
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first, last
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class NotPlain(Exception):
    """The sheet is written in a way that only an XML parser can follow."""


_ADDRESS = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_REF = re.compile(rb'\sr="([^"]*)"')
_STYLE = re.compile(rb'\ss="([0-9]+)"')
_TYPE = re.compile(rb'\st="([^"]*)"')
_FAR = re.compile(rb' r="(?:[A-Z]{2}|[A-Z]?[0-9]{6})')
_CELL = re.compile(rb'<c ([^<>]*)>(?=<(?:v>[^<]|v [^/<>]*>[^<]|is|f))')
_ERROR = re.compile(rb'<c ([^<>]*)>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>')
_FORMULA = re.compile(
    rb"<f(?:\s[^<>]*)?(?:/>|>([^<]*)</f\s*>)\s*(?:<v(?:\s[^<>]*)?(?:/>|>([^<]*)</v\s*>))?"
)
_COLUMN = re.compile(rb"<col\s[^<>]*>")
_MERGE = re.compile(rb'<mergeCell\s[^<>]*?ref="([A-Za-z]+)([0-9]+):([A-Za-z]+)([0-9]+)"')


def number(letters: str | bytes) -> int:
    """A column's number from its letters: A is 1, AA is 27."""
    text = letters.decode("ascii") if isinstance(letters, bytes) else letters
    column = 0
    for letter in text.upper():
        column = column * 26 + ord(letter) - 64
    return column


def place(address: bytes) -> Place:
    """Row and column of an address such as ``B7``. Raises NotPlain for anything else."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise NotPlain
    return int(found[2]), number(found[1])


def look(xml: bytes, percent_styles: frozenset[int]) -> Look:
    """Look at a sheet's XML. Raises Refused for cells that are strewn too far apart."""
    try:
        return _look_plainly(xml, percent_styles)
    except NotPlain:
        from clinicreport.reading.sheetxml import look_thoroughly

        return look_thoroughly(xml, percent_styles)


def _look_plainly(xml: bytes, percent_styles: frozenset[int]) -> Look:
    start, end = _cells_region(xml)
    seen = Look()
    _check_far(xml, start, end)
    _find_errors(xml, start, end, seen)
    _find_formulas(xml, start, end, seen)
    _find_percent(xml, start, end, percent_styles, seen)
    _find_hidden(xml, start, end, seen)
    for first, top, last, bottom in _MERGE.findall(xml, end):
        seen.merged.append((int(top), number(first), int(bottom), number(last)))
    return seen


def _cells_region(xml: bytes) -> tuple[int, int]:
    """Where the cells stand. Raises NotPlain unless they are written in the usual way."""
    start = xml.find(b"<sheetData", 0, 1_000_000)
    if start < 0:
        raise NotPlain
    end = xml.rfind(b"</sheetData>")
    if end < start:
        if xml.startswith(b"<sheetData/>", start):
            return start, start
        raise NotPlain
    first = xml.find(b"<c", start + 10, end)
    if first < 0:
        if xml.find(b":c", start, end) >= 0:
            raise NotPlain
        return start, end
    if not xml.startswith(b'<c r="', first) or xml.find(b"\x00", 0, 1000) >= 0:
        raise NotPlain
    quoted = xml.find(b"'", start, end) >= 0 and re.search(rb"\s[rst]\s*=\s*'", xml)
    if quoted or (xml.find(b"!", start, end) >= 0 and xml.find(b"<!", start, end) >= 0):
        raise NotPlain
    if re.search(rb"\s=|=\s", xml[start : start + 2000].split(b"<f")[0]):
        raise NotPlain
    return start, end


def _check_far(xml: bytes, start: int, end: int) -> None:
    """Refuse cells that span an area far larger than their number."""
    if not _FAR.search(xml, start, end):
        return  # within 26 columns and 100,000 rows: always within bounds
    check_extent(place(address) for address in _filled(xml, start, end))


def _filled(xml: bytes, start: int, end: int) -> Iterator[bytes]:
    for cell in _CELL.finditer(xml, start, end):
        found = _REF.search(b" " + cell[1])
        if not found:
            raise NotPlain
        yield found[1]


def check_extent(places: Iterator[Place]) -> None:
    """Refuse filled cells that span an area far larger than their number."""
    rows: set[int] = set()
    columns: set[int] = set()
    count = 0
    for row, column in places:
        rows.add(row)
        columns.add(column)
        count += 1
    if rows and max(rows) * max(columns) > ROOMY:
        first = f"{column_letters(min(columns))}{min(rows)}"
        last = f"{column_letters(max(columns))}{max(rows)}"
        check_area(max(rows), max(columns), count, f"has cells in {first} and {last} only")


def _find_errors(xml: bytes, start: int, end: int, seen: Look) -> None:
    if xml.find(b"e", start, end) < 0 or xml.find(b'"e"', start, end) < 0:
        return
    for found in re.finditer(rb'\st="e"', xml[start:end]):
        cell = xml.rfind(b"<", start, start + found.start())
        error = _ERROR.match(xml, cell)
        if error and (ref := _REF.search(b" " + error[1])):
            seen.replace[place(ref[1])] = CellError(error[2].decode("utf-8", "replace").strip())
        elif xml.startswith((b"<c ", b"<c\t", b"<c\n", b"<c\r"), cell):
            raise NotPlain


def _find_formulas(xml: bytes, start: int, end: int, seen: Look) -> None:
    if xml.find(b"f", start, end) < 0:
        return
    position = xml.find(b"<f", start, end)
    while position >= 0:
        formula = _FORMULA.match(xml, position)
        cell = xml.rfind(b"<", start, position)
        tag = xml[cell:position]
        ref = _REF.search(tag)
        if not (formula and ref and tag.startswith(b"<c ")):
            raise NotPlain
        where = place(ref[1])
        kind = _TYPE.search(tag)
        if formula[2] or (kind and kind[1] == b"str"):
            seen.formulas.add(where)
        elif where not in seen.replace:
            text = (formula[1] or b"").decode("utf-8", "replace")
            seen.replace[where] = Uncached(text)
        position = xml.find(b"<f", formula.end(), end)


def _find_percent(
    xml: bytes, start: int, end: int, styles: frozenset[int], seen: Look
) -> None:
    if not styles:
        return
    wanted = b"|".join(str(style).encode() for style in sorted(styles))
    for found in re.finditer(rb' s="(?:' + wanted + rb')"', xml[start:end]):
        cell = xml.rfind(b"<", start, start + found.start())
        if not xml.startswith(b"<c ", cell):
            continue  # a row's or a column's style
        ref = _REF.search(xml, cell, xml.find(b">", cell, end))
        if not ref:
            raise NotPlain
        seen.percent.add(place(ref[1]))


def _find_hidden(xml: bytes, start: int, end: int, seen: Look) -> None:
    for column in _COLUMN.findall(xml, 0, start):
        if re.search(rb'\shidden="(?:1|true)"', column):
            bounds = [re.search(rb'\s%s="([0-9]+)"' % end, column) for end in (b"min", b"max")]
            if bounds[0] and bounds[1]:
                seen.hidden_columns.append((int(bounds[0][1]), int(bounds[1][1])))
    if xml.find(b"h", start, end) < 0:
        return
    for found in re.finditer(rb' hidden="(?:1|true)"', xml[start:end]):
        row = xml.rfind(b"<", start, start + found.start())
        close = xml.find(b">", row, end)
        if xml.startswith(b"<row", row) and xml[close - 1 : close] != b"/":
            stop = xml.find(b"</row>", close, end)
            seen.hidden_rows += bool(re.search(rb"<v>[^<]|<v\s|<is[>\s]", xml[close:stop]))
