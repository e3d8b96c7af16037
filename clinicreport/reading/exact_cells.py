"""What the parser does not tell of a sheet: error cells, formulas, hidden rows, stray cells.

The parser hands error cells and formulas without a value over as blanks, so the XML itself is
looked at. Nearly every sheet is written plainly (``<c r="B7" …>``, double quotes, no prefix), and
there a few searches in the bytes cost little: the letters ``f`` and ``e`` alone often show that a
sheet of plain cells has neither formula nor error. Any other sheet goes through an XML parser.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clinicreport.reading.grid import MOST_COLUMNS, MOST_ROWS, ROOMY, SPARSE
from clinicreport.reading.richtext import rich_texts
from clinicreport.reading.seen import Look, Place, area, moves, number, place
from clinicreport.reading.spreadsheet import CellError, Uncached

if TYPE_CHECKING:
    from clinicreport.reading.ooxml_styles import BookParts


class NotPlainError(Exception):
    """The sheet is written in a way that only an XML parser can follow."""


_TWO_LETTERS = re.compile(rb' r="[A-Za-z]{2}')
_THREE_LETTERS = re.compile(rb' r="[A-Za-z]{3}')
_SIX_DIGITS = re.compile(rb' r="[A-Za-z]{0,3}[0-9]{6}')
_LETTERS = re.compile(rb' r="([A-Za-z]+)')
_DIGITS = re.compile(rb' r="[A-Za-z]+([0-9]+)')
_REF = re.compile(rb'\sr="([^"]*)"')
_FILLED = re.compile(rb"<v>[^<]|<is>|<f")
_TYPE_ERROR = re.compile(rb' t="e"')
_ERROR = re.compile(rb"<c [^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>")
_FORMULA = re.compile(
    rb"<f(\s[^<>]*?)?(?:/>|>([^<]*)</f\s*>)\s*(?:<v(?:\s[^<>]*)?(?:/>|>([^<]*)</v\s*>))?"
)
_SHARED = re.compile(rb'\ssi="([0-9]+)"')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col\s[^<>]*>")
_PREFIX = re.compile(rb"<([A-Za-z][\w.-]*:)sheetData[\s>/]")
_PIECE = 1_000_000  # bytes
_SHORTEST = 24  # bytes of a filled cell: <c r="A1"><v>1</v></c>
_FIRST, _LAST = re.compile(rb'\smin="([0-9]{1,5})"'), re.compile(rb'\smax="([0-9]{1,5})"')
_INLINE = re.compile(rb"<is>.*?</is>", re.DOTALL)
_UNUSUAL = re.compile(rb"\sr='|\s=|<!|<c>|<c\s+[^r\s]")
_FILLED_CELL = re.compile(rb'<c\s+r="([A-Za-z]{1,3}[0-9]{1,7})"(?:\s[^<>]*)?>\s*(?:<f|<is|<v>[^<])')
_MERGE = re.compile(rb'<mergeCell\s[^<>]*?ref="([^"]*)"')


def look(xml: bytes, book: BookParts) -> Look:
    """Look at a sheet's XML. Raises RefusedError for cells that are strewn too far apart."""
    try:
        return _Plain(_without_prefix(xml), book).look()
    except NotPlainError:
        from clinicreport.reading.sheetxml import look_thoroughly

        return look_thoroughly(xml, book)


def filled_places(xml: bytes) -> frozenset[Place]:
    """The filled cells of a sheet: those that hold a value, a text or a formula."""
    xml = _without_prefix(xml)
    if _UNUSUAL.search(xml):
        from clinicreport.reading.sheetxml import filled_thoroughly

        return filled_thoroughly(xml)
    texts = (found.decode() for found in set(_FILLED_CELL.findall(xml)))
    return frozenset(where for where in map(place, texts) if where)


def _without_prefix(xml: bytes) -> bytes:
    """The XML without the prefix that some programs give to every element (``<x:c …>``)."""
    found = _PREFIX.search(xml, 0, 100_000)
    if not found:
        return xml
    return xml.replace(b"<" + found[1], b"<").replace(b"</" + found[1], b"</")


class _Plain:
    """A plainly written sheet. Every method raises NotPlainError where it is none after all."""

    def __init__(self, xml: bytes, book: BookParts) -> None:
        self.xml = xml
        self.book = book
        self.start, self.end = self._cells()

    def look(self) -> Look:
        seen = Look(filled=bool(_FILLED.search(self.xml, self.start, self.end)))
        seen.truths = self.xml.find(b"b", self.start, self.end) >= 0  # of t="b"
        self._check_extent()
        self._find_errors(seen)
        self._find_formulas(seen)
        self._find_styled(seen)
        self._find_rich(seen)
        self._find_hidden(seen)
        for reference in _MERGE.findall(self.xml, self.end):
            if merged := area(reference.decode("utf-8", "replace")):
                seen.merged.append(merged)
        return seen

    def _cells(self) -> tuple[int, int]:
        """Where the cells stand."""
        xml = self.xml
        start = xml.find(b"<sheetData")
        end = xml.rfind(b"</sheetData>")
        if start < 0 or xml.find(b"\x00", 0, start) >= 0:
            raise NotPlainError
        if end < start:
            if xml.startswith((b"<sheetData/>", b"<sheetData />"), start):
                return start, start
            raise NotPlainError
        start = xml.find(b">", start) + 1
        first = xml.find(b"<c", start, end)
        if first < 0 and xml.find(b":c", start, end) < 0:
            return start, end  # no cells at all
        spaced = re.search(rb"\s=|=\s", xml[start : start + 2000])
        if spaced or not xml.startswith(b'<c r="', first):
            raise NotPlainError
        # Single quotes, and a comment or CDATA that may hold what looks like a cell. One letter is
        # found far quicker than two, and mostly there is none.
        for letter, written in ((b"'", b"='"), (b"!", b"<!")):
            if xml.find(letter, start, end) >= 0 and xml.find(written, start, end) >= 0:
                raise NotPlainError
        return start, end

    def _check_extent(self) -> None:
        """Cells that may span an area far larger than their number are looked at one by one.

        Cheap bounds first: they settle it for every ordinary log.
        """
        xml, start, end = self.xml, self.start, self.end
        columns, rows = 26, MOST_ROWS
        if _TWO_LETTERS.search(xml, start, end):
            columns = MOST_COLUMNS if _THREE_LETTERS.search(xml, start, end) else 702
        if columns * rows <= SPARSE * self._count_up_to(columns * rows // SPARSE + 1):
            return
        if not _SIX_DIGITS.search(xml, start, end):
            rows = 99_999
        if columns * rows <= ROOMY:
            return
        allowed = max(ROOMY, SPARSE * xml.count(b"<v>", start, end))
        if columns * rows > allowed:
            letters = set(_LETTERS.findall(xml, start, end))
            columns = max((number(each.decode()) for each in letters), default=0)
        if columns * rows > allowed:
            rows = max(map(int, set(_DIGITS.findall(xml, start, end))), default=0)
        if columns * rows > allowed:
            raise NotPlainError

    def _count_up_to(self, enough: int) -> int:
        """How many cells hold a value, counted no further than needed."""
        if self.end - self.start < enough * _SHORTEST:
            return 0  # too few bytes for so many cells
        count = 0
        for piece in range(self.start, self.end, _PIECE):
            count += self.xml.count(b"<v>", piece, min(piece + _PIECE, self.end))
            if count >= enough:
                break
        return count

    def _address(self, cell: int, end: int) -> Place:
        """The address in the start tag between these positions."""
        found = _REF.search(self.xml, cell, end)
        where = place(found[1].decode("utf-8", "replace")) if found else None
        if where is None or not self.xml.startswith(b"<c ", cell):
            raise NotPlainError
        return where

    def _find_errors(self, seen: Look) -> None:
        xml, start, end = self.xml, self.start, self.end
        if xml.find(b"e", start, end) < 0:
            return
        for found in _TYPE_ERROR.finditer(xml, start, end):
            cell = xml.rfind(b"<", start, found.start())
            error = _ERROR.match(xml, cell)
            if not error:
                raise NotPlainError
            text = error[1].decode("utf-8", "replace").strip()
            seen.replace[self._address(cell, error.start(1))] = CellError(text)

    def _find_formulas(self, seen: Look) -> None:
        xml, start, end = self.xml, self.start, self.end
        if xml.find(b"f", start, end) < 0:
            return
        from html import unescape

        masters: dict[bytes, tuple[Place, str]] = {}  # of shared formulas
        position = xml.find(b"<f", start, end)
        while position >= 0:
            formula = _FORMULA.match(xml, position)
            if not formula:
                raise NotPlainError
            cell = xml.rfind(b"<", start, position)
            where = self._address(cell, position)
            text = unescape(formula[2].decode("utf-8", "replace")) if formula[2] else ""
            shared = _SHARED.search(formula[1]) if formula[1] else None
            if shared and text:
                masters[shared[1]] = where, text
            copied = masters.get(shared[1]) if shared else None
            if moves(text or (copied[1] if copied else "")):
                seen.moving.add(where)
            if where not in seen.replace:  # an error
                if formula[3] or xml.find(b't="str"', cell, position) >= 0:
                    seen.formulas.add(where)
                else:
                    seen.replace[where] = Uncached(text)
                if not formula[3] or formula[3][:1] in b"0-":
                    self.book.note_link(seen, where, text, formula[3] or b"", copied)
            position = xml.find(b"<f", formula.end(), end)

    def _find_styled(self, seen: Look) -> None:
        if not self.book.styles:
            return
        wanted = "|".join(map(str, sorted(self.book.styles)))
        for found in re.compile(f' s="({wanted})"'.encode()).finditer(
            self.xml, self.start, self.end
        ):
            cell = self.xml.rfind(b"<", self.start, found.start())
            if not self.xml.startswith(b"<row", cell):
                where = self._address(cell, self.xml.find(b">", cell, self.end))
                seen.styled[where] = self.book.styles[int(found[1])]

    def _find_rich(self, seen: Look) -> None:
        """Texts whose fonts say something: in the common list, or in the cell itself."""
        xml, start, end = self.xml, self.start, self.end
        if self.book.texts:
            wanted = "|".join(map(str, sorted(self.book.texts)))
            for found in re.compile(f"><v>({wanted})</v>".encode()).finditer(xml, start, end):
                cell = xml.rfind(b"<", start, found.start())
                if xml.find(b' t="s"', cell, found.start()) >= 0:
                    where = self._address(cell, found.start())
                    seen.rich[where] = self.book.texts[int(found[1])]
        if xml.find(b"P", start, end) < 0 or xml.find(b"<rPr", start, end) < 0:
            return
        for inline in _INLINE.finditer(xml, start, end):
            if b"<rPr" in inline[0] and (text := rich_texts(inline[0], "is").get(0)):
                cell = xml.rfind(b"<c ", start, inline.start())
                seen.rich[self._address(cell, inline.start())] = text

    def _find_hidden(self, seen: Look) -> None:
        xml, start, end = self.xml, self.start, self.end
        for column in _COLUMN.findall(xml, 0, start):
            first, last = _FIRST.search(column), _LAST.search(column)
            if _HIDDEN.search(column) and first and last:
                seen.hidden_columns.append((int(first[1]), int(last[1])))
        if xml.find(b"h", start, end) < 0:
            return
        for found in _HIDDEN.finditer(xml, start, end):
            row = xml.rfind(b"<", start, found.start())
            close = xml.find(b">", row, end)
            if xml.startswith(b"<row", row) and xml[close - 1 : close] != b"/":
                stop = xml.find(b"</row>", close, end)
                seen.hidden_rows += bool(_FILLED.search(xml, close, stop))
