"""Workbooks of Excel 97 to 2003: the parser's values, made exact by the records themselves."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError, binary_links
from clinicreport.reading.cellstyle import CellFont, CellStyle, RichText, Styles, number_format
from clinicreport.reading.links import Contents, distinct, mark_empty
from clinicreport.reading.ole import old_workbook, plain_container
from clinicreport.reading.parsed import Workbook, check_any
from clinicreport.reading.seen import Look, compiled_moves
from clinicreport.reading.spreadsheet import CellError, Spreadsheet, Uncached
from clinicreport.reading.xls_records import ERRORS, records, with_known_errors
from clinicreport.reading.xls_texts import CommonTexts, font, font_number, short_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clinicreport.reading.seen import Place

# Record numbers of the BIFF format (MS-XLS).
_FILEPASS, _BOUNDSHEET, _FORMAT = 0x2F, 0x85, 0x41E
_XF, _SUPBOOK, _RECALCID, _FONT = 0xE0, 0x1AE, 0x1C1, 0x31
_TEXTS, _CONTINUED, _TEXT, _SHEET_NUMBERS, _SHARED = 0xFC, 0x3C, 0xFD, 0x17, 0x4BC
_ROW, _COLINFO, _MERGED = 0x208, 0x7D, 0xE5
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x06, 0x203, 0x27E, 0xBD, 0x205


_NO_TABLES = (1, 2, 6)  # macro sheet, chart, Visual Basic module


@dataclass(slots=True)
class _Bound:
    """A sheet as the workbook lists it."""

    start: int
    kind: int  # 0 worksheet, and what _NO_TABLES holds
    name: str


@dataclass(slots=True)
class _Globals:
    """What stands before the sheets."""

    bounds: list[_Bound] = field(default_factory=list)
    encrypted: bool = False
    links: bool = False
    calculated: bool = False  # by Excel 2000 or newer, or LibreOffice
    codes: dict[int, str] = field(default_factory=dict)  # of number formats
    fonts: list[CellFont] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)  # font and format of each style
    common: CommonTexts = field(default_factory=CommonTexts)
    books: list[bool] = field(default_factory=list)  # whether it is this workbook itself
    numbers: list[tuple[int, int, int]] = field(default_factory=list)  # book, first, last sheet
    styles: Styles = field(default_factory=dict)
    texts: dict[int, RichText] = field(default_factory=dict)
    tokens: binary_links.Tokens = field(default_factory=lambda: binary_links.Tokens("H", ()))

    def finish(self) -> None:
        """Put together what the records said."""
        self.texts = self.common.rich(self.fonts)
        found = {}
        for number, (letters, form) in enumerate(self.cells):
            code = number_format(self.codes.get(form, ""), form if form < 164 else None)
            style = CellStyle(code, font_number(self.fonts, letters))
            if not style.is_usual:
                found[number] = style
        self.styles = found
        names = [bound.name for bound in self.bounds]
        self.tokens = binary_links.Tokens(
            "H",
            [
                names[first]
                if first == last < len(names) and book < len(self.books) and self.books[book]
                else ""
                for book, first, last in self.numbers
            ],
        )


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
    looks = _looks(old.stream, known)
    tables = list(looks)
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


def _looks(stream: bytes, known: _Globals) -> dict[int, Look]:
    """The look at each sheet of cells, by its start."""
    tables = [bound for bound in known.bounds if bound.kind not in _NO_TABLES]
    looks = {bound.start: _look(stream, bound.start, known) for bound in tables}
    starts = dict(zip(distinct(bound.name for bound in tables), looks, strict=True))

    def contents(name: str) -> Contents | None:
        start = starts.get(name)
        if start is None:
            return None
        return Contents(frozenset(_filled(stream, start)), looks[start].links)

    mark_empty({name: looks[start] for name, start in starts.items()}, contents)
    return looks


def _has_errors(looks: Iterable[Look]) -> bool:
    return any(isinstance(each, CellError) for seen in looks for each in seen.replace.values())


def _globals(stream: bytes) -> _Globals:
    known = _Globals()
    texts = False  # whether the common texts may go on
    for number, content in records(stream, 0):
        if number == _FILEPASS:
            known.encrypted = True
            break
        texts = number == _TEXTS or (texts and number == _CONTINUED)
        if texts:
            known.common.pieces.append(content)
        elif number in (_FONT, _FORMAT, _XF):
            _add_style(number, content, known)
        elif number == _BOUNDSHEET and len(content) >= 6:
            start, _, kind = struct.unpack_from("<IBB", content)
            known.bounds.append(_Bound(start, kind, short_text(content, 6)))
        elif number == _RECALCID:
            known.calculated = True
        elif number == _SUPBOOK:
            known.books.append(content[2:4] == b"\x01\x04")
            # neither this workbook itself nor its add-in functions
            known.links |= content[2:4] not in (b"\x01\x04", b"\x01\x3a")
        elif number == _SHEET_NUMBERS:
            for at in range(2, len(content) - 5, 6):
                known.numbers.append(struct.unpack_from("<HHH", content, at))
    known.finish()
    return known


def _add_style(number: int, content: bytes, known: _Globals) -> None:
    if number == _FONT:
        known.fonts.append(font(content))
    elif number == _FORMAT and len(content) > 5:
        known.codes[struct.unpack_from("<H", content)[0]] = _format_text(content)
    elif number == _XF and len(content) >= 4:
        known.cells.append(struct.unpack_from("<HH", content))


def _format_text(content: bytes) -> str:
    wide = content[4] & 1
    return content[5:].decode("utf-16-le" if wide else "latin-1", "replace")


def _look(stream: bytes, start: int, known: _Globals) -> Look:
    """The same look as at the XML of a newer workbook."""
    seen = Look()
    hidden: set[int] = set()
    filled: set[int] = set()
    shared = _shared_formulas(stream, start)
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
            if number == _FORMULA and len(content) >= 22:
                _add_link(content, known, seen, shared)
    seen.hidden_rows = len(hidden & filled)
    return seen


def _shared_formulas(stream: bytes, start: int) -> dict[bytes, bytes]:
    """Tokens of the formulas that several cells share, by row and column as copies name them."""
    if b"\xbc\x04" not in stream:
        return {}
    return {
        content[:2] + bytes([content[4], 0]): content[10:]
        for number, content in records(stream, start)
        if number == _SHARED and len(content) > 10
    }


def _filled(stream: bytes, start: int) -> Iterator[Place]:
    """Every cell of a sheet that holds something."""
    for number, content in records(stream, start):
        if number in _CELLS and len(content) >= 6:
            row, column = struct.unpack_from("<HH", content)
            cells = (len(content) - 6) // 6 if number == _MULRK else 1
            yield from ((row + 1, column + 1 + at) for at in range(cells))


_LABELS = {_TEXT, 0x204, 0xD6}
_CELLS = {_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR} | _LABELS


def _add_cell(number: int, content: bytes, known: _Globals, seen: Look) -> None:
    row, column, style = struct.unpack_from("<HHH", content)
    where = row + 1, column + 1
    if number == _BOOLERR and len(content) >= 8 and content[7]:
        seen.replace[where] = CellError(ERRORS.get(content[6], "#ERROR!"))
    elif number == _FORMULA and len(content) >= 14:
        _add_formula(where, content, known, seen)
    elif number == _TEXT and known.texts and len(content) >= 10:
        (text,) = struct.unpack_from("<I", content, 6)
        if text in known.texts:
            seen.rich[where] = known.texts[text]
    if number == _MULRK:  # a row of numbers: first column, then style and number of each
        for place in range((len(content) - 6) // 6):
            (style,) = struct.unpack_from("<H", content, 4 + 6 * place)
            if style in known.styles:
                seen.styled[row + 1, column + 1 + place] = known.styles[style]
    elif style in known.styles:
        seen.styled[where] = known.styles[style]


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


def _add_link(content: bytes, known: _Globals, seen: Look, shared: dict[bytes, bytes]) -> None:
    """Note a formula that is a mere link and shows 0 or nothing."""
    row, column = struct.unpack_from("<HH", content)
    where = row + 1, column + 1
    is_number = content[12:14] != b"\xff\xff"
    if is_number and struct.unpack_from("<d", content, 6)[0] != 0:
        return
    if is_number or isinstance(seen.replace.get(where), Uncached):
        tokens = content[22 : 22 + struct.unpack_from("<H", content, 20)[0]]
        copied = shared.get(tokens[1:5])
        if to := binary_links.link(tokens, known.tokens, (copied, where) if copied else None):
            seen.links[where] = to


def _add_merged(content: bytes, seen: Look) -> None:
    for start in range(2, len(content) - 7, 8):
        top, bottom, first, last = struct.unpack_from("<HHHH", content, start)
        seen.merged.append((top + 1, first + 1, bottom + 1, last + 1))
