"""Workbooks of Excel 97 to 2003: the parser's values, made exact by the records themselves."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.ole import old_workbook, plain_container
from clinicreport.reading.ooxml import shows_percent
from clinicreport.reading.parsed import Workbook, check_any
from clinicreport.reading.seen import Look, compiled_moves
from clinicreport.reading.spreadsheet import CellError, Spreadsheet, Uncached
from clinicreport.reading.xls_records import ERRORS, records, with_known_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinicreport.reading.seen import Place

# Record numbers of the BIFF format (MS-XLS).
_FILEPASS, _BOUNDSHEET, _FORMAT = 0x2F, 0x85, 0x41E
_XF, _SUPBOOK, _RECALCID = 0xE0, 0x1AE, 0x1C1
_ROW, _COLINFO, _MERGED = 0x208, 0x7D, 0xE5
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x06, 0x203, 0x27E, 0xBD, 0x205


_NO_TABLES = (1, 2, 6)  # macro sheet, chart, Visual Basic module


@dataclass(slots=True)
class _Bound:
    """A sheet as the workbook lists it."""

    start: int
    kind: int  # 0 worksheet, and what _NO_TABLES holds


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
    old = old_workbook(data)
    known = _globals(old.stream)
    if known.encrypted:
        from clinicreport.reading.password import decrypt

        old = old_workbook(decrypt(plain_container(old.stream, old.name), password))
        known = _globals(old.stream)
    macros = old.macros or any(bound.kind in (1, 6) for bound in known.bounds)
    found = {"macros": macros, "external links": known.links}
    book.active_content = [what for what, there in found.items() if there]
    book.calculated = known.calculated
    tables = [bound.start for bound in known.bounds if bound.kind not in _NO_TABLES]
    looks = {start: _look(old.stream, start, known) for start in tables}
    stream = with_known_errors(old.stream, tables) if _has_errors(looks.values()) else old.stream
    workbook = Workbook(plain_container(stream, old.name))
    if len(known.bounds) != len(workbook.listed):
        raise RefusedError(
            "lists its sheets in an unusual way: open it in Excel and save it as .xlsx"
        )
    for index, bound in enumerate(known.bounds):
        if bound.kind not in _NO_TABLES:
            workbook.add_sheet(index, looks[bound.start], book)
    check_any(book)


def _has_errors(looks: Iterable[Look]) -> bool:
    return any(isinstance(each, CellError) for seen in looks for each in seen.replace.values())


def _globals(stream: bytes) -> _Globals:
    known = _Globals()
    for number, content in records(stream, 0):
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
    for number, content in records(stream, start):
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
