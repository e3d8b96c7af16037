"""Workbooks of Excel 97 to 2003: the parser's values, made exact by the records themselves."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.ooxml import shows_percent
from clinicreport.reading.parsed import Workbook, check_any
from clinicreport.reading.seen import Look, compiled_moves
from clinicreport.reading.spreadsheet import CellError, Spreadsheet, Uncached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clinicreport.reading.seen import Place

# Record numbers of the BIFF format (MS-XLS).
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT = 0x809, 0x0A, 0x2F, 0x85, 0x41E
_XF, _SUPBOOK, _RECALCID = 0xE0, 0x1AE, 0x1C1
_ROW, _COLINFO, _MERGED = 0x208, 0x7D, 0xE5
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x06, 0x203, 0x27E, 0xBD, 0x205

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(slots=True)
class _Bound:
    """A sheet as the workbook lists it."""

    start: int
    kind: int  # 0 worksheet, 1 macro sheet, 2 chart, 6 Visual Basic module


@dataclass(slots=True)
class _Globals:
    """What stands before the sheets."""

    bounds: list[_Bound] = field(default_factory=list)
    encrypted: bool = False
    links: bool = False
    calculated: bool = False  # by Excel 2000 or newer, or LibreOffice
    percent: set[int] = field(default_factory=lambda: {9, 10})  # number formats
    styles: list[int] = field(default_factory=list)  # number format of each cell style

    def shows_percent(self, style: int) -> bool:
        """Whether cells of this style show a percentage."""
        return style < len(self.styles) and self.styles[style] in self.percent


def read(data: bytes, password: str | None, book: Spreadsheet) -> None:
    """Fill ``book`` with the sheets of an old workbook. Raises RefusedError."""
    book.kind = "xls"
    stream, macros = _stream(data)
    known = _globals(stream)
    if known.encrypted:
        from clinicreport.reading.password import decrypt

        data = decrypt(data, password)
        stream, macros = _stream(data)
        known = _globals(stream)
    macros = macros or any(bound.kind in (1, 6) for bound in known.bounds)
    found = {"macros": macros, "external links": known.links}
    book.active_content = [what for what, there in found.items() if there]
    book.calculated = known.calculated
    workbook = Workbook(data)
    matched = len(known.bounds) == len(workbook.listed)
    for index in range(len(workbook.listed)):
        if not matched:
            workbook.add_sheet(index, Look(), book)
        elif (bound := known.bounds[index]).kind == 0:
            workbook.add_sheet(index, _look(stream, bound.start, known), book)
    check_any(book)


def _stream(data: bytes) -> tuple[bytes, bool]:
    """The workbook's records, and whether the file carries macros."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            name = "Workbook" if container.exists("Workbook") else "Book"
            stream: bytes = container.openstream(name).read()
            return stream, container.exists("_VBA_PROJECT_CUR")
    except (OSError, ValueError, struct.error, IndexError):
        raise RefusedError(
            "is damaged: open it in Excel and save it as .xlsx, or ask for it again"
        ) from None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of the records of one substream."""
    depth = 0
    while start + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, start)
        content = stream[start + 4 : start + 4 + length]
        start += 4 + length
        depth += (number == _BOF) - (number == _EOF)
        if depth == 1:  # charts inside a sheet are substreams of their own
            yield number, content
        elif depth <= 0:
            return


def _globals(stream: bytes) -> _Globals:
    known = _Globals()
    for number, content in _records(stream, 0):
        if number == _FILEPASS:
            known.encrypted = True
            break
        if number == _BOUNDSHEET and len(content) >= 6:
            start, _, kind = struct.unpack_from("<IBB", content)
            known.bounds.append(_Bound(start, kind))
        elif number == _FORMAT and len(content) > 5:
            if shows_percent(_format_text(content)):
                known.percent.add(struct.unpack_from("<H", content)[0])
        elif number == _XF and len(content) >= 4:
            known.styles.append(struct.unpack_from("<H", content, 2)[0])
        elif number == _RECALCID:
            known.calculated = True
        elif number == _SUPBOOK and content[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            known.links = True  # neither this workbook itself nor its add-in functions
    return known


def _format_text(content: bytes) -> str:
    wide = content[4] & 1
    return content[5:].decode("utf-16-le" if wide else "latin-1", "replace")


def _look(stream: bytes, start: int, known: _Globals) -> Look:
    """The same look as at the XML of a newer workbook."""
    seen = Look()
    hidden: set[int] = set()
    filled: set[int] = set()
    for number, content in _records(stream, start):
        if number == _ROW and len(content) >= 14 and content[12] & 0x20:
            hidden.add(struct.unpack_from("<H", content)[0])
        elif number == _COLINFO and len(content) >= 10 and content[8] & 1:
            first, last = struct.unpack_from("<HH", content)
            seen.hidden_columns.append((first + 1, last + 1))
        elif number == _MERGED:
            _add_merged(content, seen)
        elif number in _CELLS and len(content) >= 6:
            filled.add(struct.unpack_from("<H", content)[0])
            _add_cell(number, content, known, seen)
    seen.hidden_rows = len(hidden & filled)
    return seen


_LABELS = {0xFD, 0x204, 0xD6}  # texts, of no other interest
_CELLS = {_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR} | _LABELS


def _add_cell(number: int, content: bytes, known: _Globals, seen: Look) -> None:
    row, column, style = struct.unpack_from("<HHH", content)
    where = row + 1, column + 1
    if number == _BOOLERR and len(content) >= 8 and content[7]:
        seen.replace[where] = CellError(ERRORS.get(content[6], "#ERROR!"))
    elif number == _FORMULA and len(content) >= 14:
        _add_formula(where, content, known, seen)
    if number == _MULRK:  # a row of numbers: first column, then style and number of each
        for place in range((len(content) - 6) // 6):
            if known.shows_percent(struct.unpack_from("<H", content, 4 + 6 * place)[0]):
                seen.percent.add((row + 1, column + 1 + place))
    elif number not in _LABELS and known.shows_percent(style):
        seen.percent.add(where)


def _add_formula(where: Place, content: bytes, known: _Globals, seen: Look) -> None:
    if compiled_moves(content[22:]):
        seen.moving.add(where)
    kind = content[6] if content[12:14] == b"\xff\xff" else None  # none: a number
    if kind == 2:
        seen.replace[where] = CellError(ERRORS.get(content[8], "#ERROR!"))
    elif known.calculated:
        return
    elif kind == 3:  # an empty text, and what xlwt writes for every formula
        seen.replace[where] = Uncached()
    else:
        seen.formulas.add(where)


def _add_merged(content: bytes, seen: Look) -> None:
    for start in range(2, len(content) - 7, 8):
        top, bottom, first, last = struct.unpack_from("<HHHH", content, start)
        seen.merged.append((top + 1, first + 1, bottom + 1, last + 1))
