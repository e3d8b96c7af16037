"""Text as a workbook can hold it: cells and page headers have limits of their own."""

from __future__ import annotations

from collections.abc import Collection

from clinicreport.ground.unsafe_text import clean

CELL_LIMIT = 32_767  # characters of a cell, counted as Excel does, in UTF-16 units
CUT = " … (cut: too long for one cell)"


def all_fit(texts: Collection[str]) -> bool:
    """Whether each of these texts is in a cell as it is, told from all of them at once."""
    longest = max(map(len, texts), default=0)
    return longest * 2 <= CELL_LIMIT and "".join(texts).isprintable()


def cell_text(text: str) -> str:
    """The text without unsafe characters, cut where one cell cannot hold it."""
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= CELL_LIMIT:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(CUT))].decode("utf-16-le", errors="ignore") + CUT


def footer_text(text: str, limit: int = 200) -> str:
    """Text for a page footer, where "&" starts a code and 255 characters are the most.

    "&G" and "&[…]" stay codes for a picture even where the "&" is doubled.
    """
    text = clean(text).replace("\n", " ")[:limit].replace("[", "(").replace("]", ")")
    return text.replace("&", "&&").replace("&&G", "&& G")
