"""What an OOXML workbook's common parts say about its cells: styles, texts, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinicreport.reading.cellstyle import (
    USUAL_FONT,
    CellFont,
    CellStyle,
    RichText,
    Styles,
    number_format,
)
from clinicreport.reading.links import link, shows_nothing
from clinicreport.reading.richtext import font_of
from clinicreport.reading.seen import Look, Place
from clinicreport.reading.xmlparts import Attributes, elements, local, parse, parser


@dataclass(frozen=True, slots=True)
class BookParts:
    """Cell styles that say something, texts whose fonts do, and what names stand for."""

    styles: Styles = field(default_factory=dict)
    texts: Mapping[int, RichText] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def note_link(
        self,
        seen: Look,
        where: Place,
        formula: str,
        value: bytes,
        copied: tuple[Place, str] | None = None,
    ) -> None:
        """Note a formula that is a mere link and shows 0 or nothing.

        ``copied``: place and text of the formula that this one shares, where it has no own text.
        """
        if not shows_nothing(value.decode("utf-8", "replace")):
            return
        moved = (0, 0)
        if not formula and copied:
            (row, column), formula = copied
            moved = where[0] - row, where[1] - column
        if to := link(formula, self.names, moved):
            seen.links[where] = to


def cell_styles(xml: bytes) -> Styles:
    """The cell styles of ``styles.xml`` that say something, by number."""
    if b"xf" not in xml:
        return {}
    walk = _StylesWalk()
    made = parser()
    made.StartElementHandler, made.EndElementHandler = walk.start, walk.end
    parse(xml, made)
    return walk.styles()


class _StylesWalk:
    """Handlers that follow number formats, fonts and cell styles."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._fonts: list[CellFont] = []
        self._cells: list[tuple[int, int]] = []  # number format and font of each
        self._inside = ""
        self._font: Attributes = {}

    def start(self, tag: str, given: Attributes) -> None:
        name = local(tag)
        if name in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "numFmts"):
            self._inside = name
        elif name == "numFmt" and self._inside == "numFmts":
            self._codes[_number(given.get("numFmtId"))] = given.get("formatCode", "")
        elif name == "font":
            self._font = {}
        elif name in ("name", "strike", "vertAlign"):
            self._font[name] = given.get("val", "1")
        elif name == "xf" and self._inside == "cellXfs":
            self._cells.append((_number(given.get("numFmtId")), _number(given.get("fontId"))))

    def end(self, tag: str) -> None:
        if local(tag) == "font" and self._inside == "fonts":
            self._fonts.append(font_of(self._font))

    def styles(self) -> Styles:
        return styles_of(self._cells, self._codes, self._fonts)


def styles_of(
    cells: list[tuple[int, int]], codes: Mapping[int, str], fonts: list[CellFont]
) -> Styles:
    """The styles that say something, of (number format, font) pairs."""
    found = {}
    for at, (form, font) in enumerate(cells):
        style = CellStyle(
            number_format(codes.get(form, ""), None if form in codes else form),
            fonts[font] if font < len(fonts) else USUAL_FONT,
        )
        if not style.is_usual:
            found[at] = style
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def defined_names(workbook: bytes) -> dict[str, str]:
    """What the workbook's names stand for, by the name without case."""
    if not elements(workbook, "definedName"):
        return {}
    found: dict[str, str] = {}
    name: list[str] = []

    def start(tag: str, given: Attributes) -> None:
        if local(tag) == "definedName":
            name[:] = [given.get("name", "").casefold()]
            found[name[0]] = ""

    def end(_: str) -> None:
        name.clear()

    def data(text: str) -> None:
        if name:
            found[name[0]] += text

    made = parser()
    made.StartElementHandler, made.EndElementHandler = start, end
    made.CharacterDataHandler = data
    parse(workbook, made)
    return found
