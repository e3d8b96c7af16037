"""The styles of a workbook: marked twins of the clinic's own, and those of the theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinicreport.editing.splice import (
    EditedPart,
    Element,
    NotEditableError,
    escaped,
    tree,
    with_attributes,
)
from clinicreport.log.findings import Severity
from clinicreport.workbook.theme import Theme

# What tells the severities apart without colour: a fill pattern, and the line around the cell.
PATTERNS: dict[Severity, str] = {"error": "solid", "warning": "lightUp", "note": "gray125"}
LINES: dict[Severity, str] = {"error": "medium", "warning": "mediumDashed", "note": "dotted"}
_SIDES = ("left", "right", "top", "bottom")
_LINE_NAMES = {1: "thin", 2: "medium", 5: "thick"}
_VERTICAL = {"vcenter": "center", "top": "top"}
_FAINT = 0.35  # how much of the severity's dark colour a pattern's lines have


class _List:
    """One list of a style sheet (fonts, fills …) with entries to be added."""

    def __init__(self, part: EditedPart, element: Element) -> None:
        self._part = part
        self.element = element
        self._added: list[str] = []
        self._known: dict[str, int] = {}

    def add(self, entry: str) -> int:
        """The number of an entry; the same one is added once."""
        if entry not in self._known:
            self._known[entry] = len(self.element.children) + len(self._added)
            self._added.append(entry)
        return self._known[entry]

    def write(self) -> None:
        """Put the new entries into the part."""
        if self._added:
            count = str(len(self.element.children) + len(self._added))
            self._part.append(self.element, "".join(self._added), count=count)


class StyleSheet:
    """``xl/styles.xml`` with new styles. Every method gives the number of a cell style."""

    def __init__(self, xml: bytes, theme: Theme) -> None:
        self._part = EditedPart(xml)
        self._theme = theme
        root = tree(xml)
        self._prefix = root.prefix
        self._fonts, self._fills, self._borders, self._styles = (
            self._list(root, name) for name in ("fonts", "fills", "borders", "cellXfs")
        )
        self._marked: dict[tuple[int, Severity], int] = {}
        self._named: dict[tuple[str, bool], int] = {}

    def _list(self, root: Element, name: str) -> _List:
        element = root.child(name)
        if element is None or not element.children:
            raise NotEditableError(f"its list of styles has no {name}")
        return _List(self._part, element)

    # ------------------------------------------------------------------ marks

    def marked(self, style: int, severity: Severity) -> int:
        """The twin of a cell style with the severity's fill, line and font colour."""
        key = style, severity
        if key not in self._marked:
            styles = self._styles.element.children
            element = styles[style] if style < len(styles) else styles[0]
            own = self._part.xml[element.start : element.end]
            tag = self._part.xml[element.start : element.inner]
            new = with_attributes(
                tag,
                {
                    "fontId": str(self._font_of(element.get("fontId", "0"))),
                    "fillId": str(self._fill_of(severity)),
                    "borderId": str(self._border_of(severity)),
                    "applyFont": "1",
                    "applyFill": "1",
                    "applyBorder": "1",
                },
            )
            self._marked[key] = self._styles.add((new + own[len(tag) :]).decode())
        return self._marked[key]

    def _colours(self, severity: Severity) -> tuple[str, str]:
        """The severity's dark and light colour, as AARRGGBB."""
        look = self._theme.properties(severity)
        return _argb(look["font_color"]), _argb(look["bg_color"])

    def _font_of(self, number: str) -> int:
        """The clinic's font in the theme's text colour: its own may be white on a dark fill."""
        fonts = self._fonts.element.children
        index = int(number) if number.isdecimal() and int(number) < len(fonts) else 0
        p, font, xml = self._prefix, fonts[index], self._part.xml
        colour = f'<{p}color rgb="{_argb(self._theme.colour("ink"))}"/>'
        before = [c for c in font.children if c.name in _BEFORE_COLOUR]
        after = [c for c in font.children if c.name not in (*_BEFORE_COLOUR, "color")]
        parts = [xml[each.start : each.end].decode() for each in before]
        parts += [colour, *(xml[each.start : each.end].decode() for each in after)]
        return self._fonts.add(f"<{p}font>{''.join(parts)}</{p}font>")

    def _fill_of(self, severity: Severity) -> int:
        dark, light = self._colours(severity)
        pattern = PATTERNS[severity]
        front = light if pattern == "solid" else _blend(dark, light, _FAINT)
        return self._fills.add(self._pattern(pattern, front, light))

    def _pattern(self, pattern: str, front: str, back: str) -> str:
        p = self._prefix
        return (
            f'<{p}fill><{p}patternFill patternType="{pattern}"><{p}fgColor rgb="{front}"/>'
            f'<{p}bgColor rgb="{back}"/></{p}patternFill></{p}fill>'
        )

    def _border_of(self, severity: Severity) -> int:
        dark = self._colours(severity)[0]
        return self._borders.add(self._border(dict.fromkeys(_SIDES, (LINES[severity], dark))))

    def _border(self, sides: dict[str, tuple[str, str]]) -> str:
        p = self._prefix
        lines = [
            f'<{p}{side} style="{sides[side][0]}"><{p}color rgb="{sides[side][1]}"/></{p}{side}>'
            if side in sides
            else f"<{p}{side}/>"
            for side in _SIDES
        ]
        return f"<{p}border>{''.join(lines)}<{p}diagonal/></{p}border>"

    # ------------------------------------------------------------------ the theme's styles

    def named(self, name: str, *, wrap: bool = False) -> int:
        """A style of the theme; ``wrap``: with text in several lines."""
        if (name, wrap) not in self._named:
            self._named[name, wrap] = self._made(name, wrap=wrap)
        return self._named[name, wrap]

    def _made(self, name: str, *, wrap: bool) -> int:
        look = self._theme.properties(name) | ({"text_wrap": True} if wrap else {})
        p = self._prefix
        font = self._fonts.add(_font(p, look))
        fill = 0
        if "bg_color" in look:
            colour = _argb(look["bg_color"])
            fill = self._fills.add(self._pattern("solid", colour, colour))
        sides = {
            side: (_LINE_NAMES[number], _argb(look.get(f"{side}_color") or look["border_color"]))
            for side in _SIDES
            if (number := look.get(side) or look.get("border"))
        }
        border = self._borders.add(self._border(sides)) if sides else 0
        xf = (
            f'<{p}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" '
            'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f"{_alignment(p, look)}</{p}xf>"
        )
        return self._styles.add(xf)

    def result(self) -> bytes:
        """The part with everything that was added."""
        for entries in (self._fonts, self._fills, self._borders, self._styles):
            entries.write()
        return self._part.result()


_BEFORE_COLOUR: Sequence[str] = (
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
)


def _argb(colour: str) -> str:
    return f"FF{colour.lstrip('#')}"


def _blend(one: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return bytes(round(share * a + (1 - share) * b) for a, b in pairs).hex().upper()


def _font(p: str, look: dict[str, Any]) -> str:
    parts = [
        f"<{p}{tag}/>"
        for tag, key in (("b", "bold"), ("i", "italic"), ("u", "underline"))
        if look.get(key)
    ]
    parts += [
        f'<{p}sz val="{look["font_size"]}"/>',
        f'<{p}color rgb="{_argb(look["font_color"])}"/>',
        f'<{p}name val="{escaped(look["font_name"])}"/>',
        f'<{p}family val="2"/>',
    ]
    return f"<{p}font>{''.join(parts)}</{p}font>"


def _alignment(p: str, look: dict[str, Any]) -> str:
    values = {
        "horizontal": look.get("align"),
        "vertical": _VERTICAL.get(look.get("valign", "")),
        "wrapText": "1" if look.get("text_wrap") else None,
        "indent": str(look["indent"]) if look.get("indent") else None,
    }
    return with_attributes(f"<{p}alignment/>".encode(), values).decode()
