"""How a cell is shown, where that says something about its value: number format and font."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from clinicreport.ground.rounding import written
from clinicreport.reading.spreadsheet import (
    CellError,
    Percent,
    ShownFraction,
    Uncached,
    Value,
    rounded,
)
from clinicreport.reading.symbol_fonts import as_shown, symbol_font

SUPERSCRIPT, SUBSCRIPT = "superscript", "subscript"
_RAISED = {
    SUPERSCRIPT: str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    SUBSCRIPT: str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_FRACTION = re.compile(r"([?#0][?#0 ]* )?[?#0]+ */ *([?#0]*[1-9]\d*|[?#0]+)")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_BUILT_IN_FRACTIONS = {12: "# ?/?", 13: "# ??/??"}
_BUILT_IN_PERCENT = (9, 10)
_STARTS_AS_NUMBER = re.compile(r"\s*[-+]?\d")


@dataclass(frozen=True, slots=True)
class CellFont:
    """What a font says about a value: ``raised`` is empty, superscript or subscript; ``symbols``
    is a symbol font's name, else empty."""

    raised: str = ""
    struck: bool = False
    symbols: str = ""


USUAL_FONT = CellFont()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """``percent``: what 1 % counts as in the cell's number (0.01, or 1 for a % that is mere text);
    0 in any other format. ``denominator``: a fraction's, as the format writes it; else empty.
    ``whole``: the fraction has a whole part."""

    percent: float = 0.0
    denominator: str = ""
    whole: bool = False


USUAL_FORMAT = NumberFormat()


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The format and the font of a cell; most styles say nothing."""

    form: NumberFormat = USUAL_FORMAT
    font: CellFont = USUAL_FONT

    @property
    def is_usual(self) -> bool:
        """Whether the cell's value is simply what it shows."""
        return self == USUAL_STYLE


USUAL_STYLE = CellStyle()
STRUCK_STYLE = CellStyle(font=CellFont(struck=True))
Styles = Mapping[int, CellStyle]  # those that are not usual, by their number in the file


def number_format(code: str, built_in: int | None = None) -> NumberFormat:
    """What a number format such as ``0.0%`` or ``# ?/?`` makes of a number.

    ``built_in``: its number, where the file writes no code for it.
    """
    if built_in in _BUILT_IN_PERCENT:
        return NumberFormat(percent=0.01)
    code = code or _BUILT_IN_FRACTIONS.get(built_in or 0, "")
    bare = _LITERAL.sub(" ", code)
    if "%" in bare:
        return NumberFormat(percent=0.01)
    first = bare.partition(";")[0]
    if "%" in "".join(a + b for a, b in _LITERAL.findall(code)) and re.search("[0#?]", first):
        return NumberFormat(percent=1.0)
    found = _FRACTION.search(first)
    if not found or re.search("[ymdhs]", first, re.IGNORECASE):
        return USUAL_FORMAT
    return NumberFormat(denominator=found[2], whole=bool(found[1]))


def cell_font(name: str, *, raised: str = "", struck: bool = False) -> CellFont:
    """What a font says; ``raised`` as files write it, "baseline" included."""
    return CellFont(raised if raised in _RAISED else "", struck, symbol_font(name))


def shown_value(value: Value, style: CellStyle) -> Value:
    """A cell's value as its style shows it. Blanks, errors and dates stay as they are, but in a
    symbol font nothing does."""
    if value == "" or isinstance(value, CellError | Uncached):
        return value
    if style.font.symbols:
        return as_shown(_text(value), style.font.symbols)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = rounded(value)
        if style.form.percent:
            return Percent(rounded(number / (100 * style.form.percent)))
        if style.form.denominator:
            return ShownFraction(number, _fraction(number, style.form))
        return raised(written(number), style.font.raised) if style.font.raised else value
    if isinstance(value, str) and style.font.raised and _STARTS_AS_NUMBER.match(value):
        return raised(value, style.font.raised)
    return value


def raised(text: str, how: str) -> str:
    """A text whose digits are the raised (or lowered) characters that it shows."""
    return text.translate(_RAISED[how])


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return written(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _fraction(number: float, form: NumberFormat) -> str:
    """The number as such a format shows it: "7/10", "1 1/2", "3"."""
    from fractions import Fraction

    size = abs(number)
    whole = int(size) if form.whole else 0
    if re.fullmatch("[?#0]+", form.denominator):
        part = Fraction(size - whole).limit_denominator(10 ** len(form.denominator) - 1)
        top, below = part.numerator, part.denominator
    else:
        below = int(re.sub("[?#]", "", form.denominator))
        top = round((size - whole) * below)
    if form.whole and top >= below:
        whole, top = whole + 1, top - below
    said = f"{top}/{below}" if top or not form.whole else ""
    shown = f"{whole} {said}".strip() if whole or not said else said
    return f"-{shown}" if number < 0 else shown


class RichText(NamedTuple):
    """A text of several fonts: what it says, and whether all of it is struck through."""

    value: Value
    struck: bool = False


def rich_text(runs: Sequence[tuple[str, CellFont]]) -> RichText | None:
    """What a text says whose pieces have fonts of their own; none where the fonts say nothing.

    Pieces that are struck through are no part of it, unless all are.
    """
    filled = [(text, font) for text, font in runs if text.strip()]
    if all(font == USUAL_FONT for _, font in filled):
        return None
    struck = all(font.struck for _, font in filled)
    kept = [(text, font) for text, font in runs if struck or not font.struck]
    pieces: list[str] = []
    for text, font in kept:
        if font.symbols and text.strip():
            said = as_shown(text, font.symbols)
            if not isinstance(said, str):
                whole = "".join(text for text, _ in kept)
                return RichText(type(said)(whole, said.font), struck)
            pieces.append(said)
        else:
            pieces.append(raised(text, font.raised) if font.raised else text)
    return RichText("".join(pieces), struck)
