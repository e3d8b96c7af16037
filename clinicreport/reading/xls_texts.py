"""Fonts and texts of Excel 97 to 2003: what the records say beside the characters."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from clinicreport.reading.cellstyle import (
    SUBSCRIPT,
    SUPERSCRIPT,
    USUAL_FONT,
    CellFont,
    RichText,
    cell_font,
    rich_text,
)

RAISED = {1: SUPERSCRIPT, 2: SUBSCRIPT}
STRUCK = 0x08
_NO_FONT = 4  # the number that fonts leave out


def font(content: bytes) -> CellFont:
    """The font of a FONT record."""
    if len(content) < 16:
        return USUAL_FONT
    options, _, _, how = struct.unpack_from("<HHHH", content, 2)
    name = short_text(content, 14)
    return cell_font(name, raised=RAISED.get(how, ""), struck=bool(options & STRUCK))


def short_text(content: bytes, at: int) -> str:
    """A text whose length and width are one byte each."""
    if len(content) < at + 2:
        return ""
    length, wide = content[at], content[at + 1] & 1
    return content[at + 2 : at + 2 + length * (1 + wide)].decode(
        "utf-16-le" if wide else "latin-1", "replace"
    )


def font_number(fonts: Sequence[CellFont], number: int) -> CellFont:
    """The font of this number."""
    number -= number > _NO_FONT
    return fonts[number] if number < len(fonts) else USUAL_FONT


@dataclass(slots=True)
class CommonTexts:
    """The workbook's common texts, as one record and those that continue it."""

    pieces: list[bytes] = field(default_factory=list)

    def rich(self, fonts: Sequence[CellFont]) -> dict[int, RichText]:
        """The texts whose fonts say something, by their number."""
        if not self.pieces or all(each == USUAL_FONT for each in fonts):
            return {}
        found = {}
        try:
            source = _Pieces(self.pieces)
            count = struct.unpack("<II", source.take(8))[1]
            for number in range(count):
                text, runs = source.text()
                if runs and (said := rich_text(_split(text, runs, fonts))):
                    found[number] = said
        except (struct.error, IndexError):  # cut short: what was read holds
            return found
        return found


def _split(
    text: str, runs: Sequence[tuple[int, int]], fonts: Sequence[CellFont]
) -> list[tuple[str, CellFont]]:
    """A text's pieces with their fonts; the first has the cell's where no run begins at 0."""
    starts = [(0, USUAL_FONT), *((at, font_number(fonts, number)) for at, number in runs)]
    ends = [*(at for at, _ in starts[1:]), len(text)]
    return [(text[at:end], font) for (at, font), end in zip(starts, ends, strict=True) if end > at]


class _Pieces:
    """Bytes that run on from one record to the next."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._piece = self._at = 0

    def _left(self) -> int:
        return len(self._pieces[self._piece]) - self._at

    def take(self, count: int) -> bytes:
        """The next bytes. Raises IndexError at the end."""
        taken = b""
        while len(taken) < count:
            if not self._left():
                self._piece, self._at = self._piece + 1, 0
            some = min(count - len(taken), self._left())
            taken += self._pieces[self._piece][self._at : self._at + some]
            self._at += some
        return taken

    def _characters(self, count: int, wide: int) -> str:
        """Characters; a record that continues them says anew how wide they are."""
        text = ""
        while len(text) < count:
            if not self._left():
                self._piece, self._at = self._piece + 1, 0
                wide = self.take(1)[0] & 1
            some = min(count - len(text), self._left() // (1 + wide))
            if not some:
                raise IndexError
            text += self.take(some * (1 + wide)).decode(
                "utf-16-le" if wide else "latin-1", "replace"
            )
        return text

    def text(self) -> tuple[str, list[tuple[int, int]]]:
        """The next text, and (first character, number of the font) of its runs."""
        length, flags = struct.unpack("<HB", self.take(3))
        runs = struct.unpack("<H", self.take(2))[0] if flags & 8 else 0
        more = struct.unpack("<I", self.take(4))[0] if flags & 4 else 0
        text = self._characters(length, flags & 1)
        fonts = [struct.unpack("<HH", self.take(4)) for _ in range(runs)]
        self.take(more)
        return text, [(at, number) for at, number in fonts]
