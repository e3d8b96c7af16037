"""Texts of OOXML whose pieces have fonts of their own: the common list, and cells' own texts."""

from __future__ import annotations

from clinicreport.reading.cellstyle import CellFont, RichText, cell_font, rich_text
from clinicreport.reading.xmlparts import Attributes, local, parse, parser

_SAYS_SOMETHING = (b"strike", b"vertAlign", b"ings", b"arlett", b"ingbats")


class Runs:
    """Handlers that follow one text's pieces and their fonts."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, CellFont]] = []
        self._font: Attributes = {}
        self._text = ""
        self._reads = self._aside = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins, inside a text; its local name."""
        if name == "r":
            self._font = {}
        elif name == "rPh":
            self._aside = True
        elif name in ("strike", "vertAlign", "rFont", "name"):
            self._font[name] = attributes.get("val", "1")
        elif name == "t":
            self._reads = not self._aside
            self._text = ""

    def data(self, text: str) -> None:
        """Characters."""
        if self._reads:
            self._text += text

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "t" and self._reads:
            self.pieces.append((self._text, font_of(self._font)))
            self._reads = False
        elif name == "rPh":
            self._aside = False


def font_of(said: Attributes) -> CellFont:
    """A font from the values of its elements: name or rFont, strike, vertAlign."""
    return cell_font(
        said.get("rFont") or said.get("name", ""),
        raised=said.get("vertAlign", ""),
        struck=said.get("strike", "0") not in ("0", "false"),
    )


def rich_texts(xml: bytes, element: str) -> dict[int, RichText]:
    """The texts of these elements whose fonts say something, by their number from 0.

    Raises RefusedError for broken XML.
    """
    if not any(word in xml for word in _SAYS_SOMETHING):
        return {}
    walk = _Texts(element)
    made = parser()
    made.StartElementHandler, made.EndElementHandler = walk.start, walk.end
    made.CharacterDataHandler = walk.data
    parse(xml, made)
    return walk.found


class _Texts:
    """Handlers that follow one text after the other."""

    def __init__(self, element: str) -> None:
        self.found: dict[int, RichText] = {}
        self._element = element
        self._count = 0
        self._runs: Runs | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == self._element:
            self._runs = Runs()
        elif self._runs:
            self._runs.start(name, attributes)

    def data(self, text: str) -> None:
        if self._runs:
            self._runs.data(text)

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == self._element and self._runs:
            if text := rich_text(self._runs.pieces):
                self.found[self._count] = text
            self._count += 1
            self._runs = None
        elif self._runs:
            self._runs.end(name)
