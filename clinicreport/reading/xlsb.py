"""Binary workbooks (xlsb): the parser's values, made exact by the records themselves."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from clinicreport.reading.cellstyle import CellFont, Styles, cell_font
from clinicreport.reading.ooxml import active_content, relations
from clinicreport.reading.ooxml_styles import styles_of
from clinicreport.reading.parsed import Workbook, check_any
from clinicreport.reading.seen import Look, compiled_moves
from clinicreport.reading.sheetxml import Extent
from clinicreport.reading.spreadsheet import CellError, Spreadsheet
from clinicreport.reading.xls_records import ERRORS
from clinicreport.reading.xls_texts import RAISED, STRUCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clinicreport.reading.guard import Package

# Record numbers (MS-XLSB).
_ROW, _BLANK, _ERROR, _LAST_CELL, _FORMULA_ERROR = 0, 1, 3, 11, 11
_FORMULA_NUMBER = 9
_COLUMN, _SHEET, _MERGED = 60, 156, 176
_FONT, _FORMAT, _STYLE, _BEGIN_CELLS, _END_CELLS = 43, 44, 47, 617, 618


def read(package: Package, data: bytes, book: Spreadsheet) -> None:
    """Fill ``book`` with the sheets of a binary workbook. Raises RefusedError."""
    parts = _sheet_parts(package)
    styles = _styles(package.read("xl/styles.bin"))
    looks = [_look(package.read(part), styles) if table else None for part, table in parts]
    book.active_content = active_content(package)
    package.check_rest()
    workbook = Workbook(data)
    for index in range(len(workbook.listed)):
        seen = looks[index] if index < len(looks) else Look()
        if seen is not None:
            workbook.add_sheet(index, seen, book)
    check_any(book)


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each record: both lengths are written seven bits a byte."""
    position, end = 0, len(part)
    while position < end:
        number = part[position]
        position += 1
        if number & 0x80 and position < end:
            number = (number & 0x7F) | (part[position] & 0x7F) << 7
            position += 1
        length = shift = 0
        while position < end and shift < 28:
            byte = part[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield number, part[position : position + length]
        position += length


def _sheet_parts(package: Package) -> list[tuple[str, bool]]:
    """Place of each sheet in the archive, and whether it is one with cells."""
    targets = relations(package, "xl/workbook.bin")
    parts = []
    for number, content in _records(package.read("xl/workbook.bin")):
        if number == _SHEET and len(content) >= 12:
            (length,) = struct.unpack_from("<I", content, 8)
            name = content[12 : 12 + 2 * length].decode("utf-16-le", "replace")
            kind, part = targets.get(name, ("", ""))
            parts.append((part, kind == "worksheet"))
    return parts


def _styles(part: bytes) -> Styles:
    """The cell styles that say something, by number."""
    codes: dict[int, str] = {}
    fonts: list[CellFont] = []
    cells: list[tuple[int, int]] = []
    inside = False
    for number, content in _records(part):
        if number in (_BEGIN_CELLS, _END_CELLS):
            inside = number == _BEGIN_CELLS
        elif number == _FORMAT and len(content) >= 6:
            codes[struct.unpack_from("<H", content)[0]] = _wide(content, 2)
        elif number == _FONT and len(content) >= 25:
            raised = RAISED.get(struct.unpack_from("<H", content, 6)[0], "")
            struck = bool(content[2] & STRUCK)
            fonts.append(cell_font(_wide(content, 21), raised=raised, struck=struck))
        elif number == _STYLE and inside and len(content) >= 6:
            cells.append(struct.unpack_from("<HH", content, 2))
    return styles_of(cells, codes, fonts)


def _wide(content: bytes, at: int) -> str:
    """A text behind its length in characters."""
    (length,) = struct.unpack_from("<I", content, at)
    return content[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace")


def _look(part: bytes, styles: Styles) -> Look:
    """Errors, styles, hidden rows and columns, merged cells. Raises RefusedError for stray cells."""
    seen, extent = Look(), Extent()
    row, hidden, counted = 0, False, False
    for number, content in _records(part):
        if number == _ROW and len(content) >= 12:
            row = struct.unpack_from("<I", content)[0] + 1
            hidden, counted = bool(content[11] & 0x10), False
        elif _BLANK < number <= _LAST_CELL and len(content) >= 8:
            column = struct.unpack_from("<I", content)[0] + 1
            extent.add(row, column)
            seen.hidden_rows += hidden and not counted
            counted = True
            style = int.from_bytes(content[4:7], "little")
            if style in styles:
                seen.styled[row, column] = styles[style]
            if number == _FORMULA_NUMBER and compiled_moves(content[22:]):
                seen.moving.add((row, column))
            if number in (_ERROR, _FORMULA_ERROR) and len(content) > 8:
                seen.replace[row, column] = CellError(ERRORS.get(content[8], "#ERROR!"))
        elif number == _COLUMN and len(content) >= 18 and content[16] & 1:
            first, last = struct.unpack_from("<II", content)
            seen.hidden_columns.append((first + 1, last + 1))
        elif number == _MERGED and len(content) >= 16:
            top, bottom, first, last = struct.unpack_from("<IIII", content)
            seen.merged.append((top + 1, first + 1, bottom + 1, last + 1))
    extent.check()
    return seen
