"""Styles of OpenDocument spreadsheets that say something about a cell's value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clinicreport.reading.cellstyle import (
    SUBSCRIPT,
    SUPERSCRIPT,
    USUAL_STYLE,
    CellStyle,
    NumberFormat,
    cell_font,
)
from clinicreport.reading.xmlparts import Attributes, local, parse, parser

_LINK = re.compile(
    r"(?:of:|oooc:)?=\+*\[(?:\$?(?P<sheet>'(?:[^']|'')+'|[^.'\[\]#]+))?\.(?P<cell>[$A-Za-z0-9]+)\]"
)


def as_usual_formula(formula: str) -> str:
    """``of:=[$'Slip 2'.B3]`` as other programs write it, ``'Slip 2'!B3``; another as it stands."""
    found = _LINK.fullmatch(formula.strip())
    if not found:
        return formula
    return f"{found['sheet']}!{found['cell']}" if found["sheet"] else found["cell"]


@dataclass(slots=True)
class _Style:
    """One style as it is written; None where it says nothing and its parent's holds."""

    parent: str = ""
    data: str = ""
    font: str | None = None
    struck: bool | None = None
    raised: str | None = None


class OdsStyles:
    """Number formats, fonts and styles, as the handlers of the walk tell them."""

    def __init__(self) -> None:
        self._families: dict[str, str] = {}  # of font faces
        self._formats: dict[str, NumberFormat] = {}
        self._format = ""
        self._styles: dict[tuple[str, str], _Style] = {}
        self._style = _Style()
        self._known: dict[tuple[str, str], CellStyle] = {}

    def read(self, xml: bytes) -> None:
        """Take in the styles of a part of its own. Raises RefusedError for broken XML."""
        if xml:
            made = parser()
            made.StartElementHandler = lambda tag, given: self.start(local(tag), given)
            parse(xml, made)

    def start(self, name: str, given: Attributes) -> None:
        """An element begins; its local name."""
        if name == "font-face":
            family = given.get("svg:font-family", "").strip("'\"")
            self._families[given.get("style:name", "")] = family
        elif name in ("number-style", "percentage-style"):
            self._format = given.get("style:name", "")
            if name == "percentage-style":
                self._formats[self._format] = NumberFormat(percent=0.01)
        elif name == "fraction":
            self._add_fraction(given)
        elif name in ("style", "default-style"):
            key = given.get("style:family", ""), given.get("style:name", "")
            parent, data = given.get("style:parent-style-name", ""), "style:data-style-name"
            self._style = self._styles[key] = _Style(parent, given.get(data, ""))
        elif name == "text-properties":
            self._add_text(given)

    def _add_fraction(self, given: Attributes) -> None:
        fixed = given.get("number:denominator-value", "")
        digits = given.get("number:min-denominator-digits", "1")
        count = min(int(digits), 5) if digits.isdecimal() else 1
        whole = "number:min-integer-digits" in given
        self._formats[self._format] = NumberFormat(
            denominator=fixed if fixed.isdecimal() else "?" * max(count, 1), whole=whole
        )

    def _add_text(self, given: Attributes) -> None:
        style = self._style
        family = given.get("fo:font-family", "").strip("'\"")
        named = given.get("style:font-name", "")
        if family or named:
            style.font = family or self._families.get(named) or named
        if line := given.get("style:text-line-through-style", ""):
            style.struck = line != "none"
        if position := given.get("style:text-position", ""):
            style.raised = _raised(position.split()[0])

    def cell(self, name: str) -> CellStyle:
        """What a cell style says; usual for an unknown one."""
        return self._said("table-cell", name)

    def text(self, name: str) -> CellStyle:
        """What the style of a piece of text says."""
        return self._said("text", name)

    def _said(self, family: str, name: str) -> CellStyle:
        key = family, name
        if key not in self._known:
            self._known[key] = self._resolved(family, name)
        return self._known[key]

    def _resolved(self, family: str, name: str) -> CellStyle:
        merged = _Style()
        for _ in range(20):  # a style, its parent, and so on
            style = self._styles.get((family, name))
            if style is None:
                break
            merged.data = merged.data or style.data
            merged.font = style.font if merged.font is None else merged.font
            merged.struck = style.struck if merged.struck is None else merged.struck
            merged.raised = style.raised if merged.raised is None else merged.raised
            name = style.parent
        font = cell_font(merged.font or "", raised=merged.raised or "", struck=bool(merged.struck))
        said = CellStyle(self._formats.get(merged.data, NumberFormat()), font)
        return USUAL_STYLE if said.is_usual else said


def _raised(position: str) -> str:
    """How a text position such as ``super``, ``-33%`` or ``0%`` raises a text."""
    if position in ("super", "sub"):
        return SUPERSCRIPT if position == "super" else SUBSCRIPT
    number = position.rstrip("%")
    if number.startswith("-"):
        return SUBSCRIPT if number.strip("-0.") else ""
    return SUPERSCRIPT if number.strip("0.") else ""
