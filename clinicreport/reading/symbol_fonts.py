"""Fonts whose letters and digits are pictures: which of them are surely a tick or a cross.

A cross in a box is no sure no: many people tick with it. An empty box is neither.
"""

from __future__ import annotations

from typing import NamedTuple

from clinicreport.reading.spreadsheet import SymbolText

TICK, CROSS = "✓", "✗"


class _Marks(NamedTuple):
    ticks: str = ""  # a bare tick or one in a box
    crosses: str = ""  # a bare cross


_FONTS = {
    "wingdings": _Marks("\xfc\xfe", "\xfb"),
    "wingdings 2": _Marks("PR", "O"),
    "wingdings 3": _Marks(),
    "webdings": _Marks("a", "r"),
    "marlett": _Marks("ab", "r"),
    "zapfdingbats": _Marks("34", "5678"),
    "zapf dingbats": _Marks("34", "5678"),
    "itc zapf dingbats": _Marks("34", "5678"),
}
_PRIVATE = 0xF000  # symbol fonts' characters are also written from here on


def symbol_font(name: str) -> str:
    """The font's name where it is a symbol font, else empty."""
    return name.strip() if name.strip().casefold() in _FONTS else ""


def as_shown(text: str, font: str) -> str | SymbolText:
    """What a text in a symbol font shows: a tick, a cross, or symbols of no sure meaning."""
    character = text.strip()
    if not character:
        return text
    if len(character) == 1:
        code = ord(character)
        character = chr(code - _PRIVATE) if _PRIVATE <= code < _PRIVATE + 256 else character
        marks = _FONTS[font.casefold()]
        if character in marks.ticks:
            return TICK
        if character in marks.crosses:
            return CROSS
    return SymbolText(text.strip(), font)
