"""The values that a chart keeps of the cells it draws, without those of emptied rows."""

from __future__ import annotations

import re
from html import unescape

from clinicreport.editing.emptied_rows import Rows
from clinicreport.editing.splice import EditedPart, Element, tree
from clinicreport.reading.seen import area

_CACHES = frozenset({"strCache", "numCache", "multiLvlStrCache", "dlblRangeCache"})
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!(),\[\]:]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)")


def without_points(xml: bytes, rows: Rows) -> bytes:
    """A chart's part without the kept values of these rows.

    Where it cannot be told which point is which row, the whole series' values are taken out:
    Excel reads them from the cells again.
    """
    part = EditedPart(xml)
    _visit(part, tree(xml), {name.casefold(): numbers for name, numbers in rows.items()})
    return part.result()


def _visit(part: EditedPart, element: Element, rows: Rows) -> None:
    caches = [each for each in element.children if each.name in _CACHES or _is_level(each, element)]
    for cache in caches:
        _clean(part, cache, _formula(part, element), rows)
    for child in element.children:
        if child not in caches:
            _visit(part, child, rows)


def _is_level(child: Element, parent: Element) -> bool:
    """The newer charts keep their values in ``lvl`` beside the range."""
    return child.name == "lvl" and parent.child("f") is not None


def _formula(part: EditedPart, element: Element) -> str:
    holder = element.child("f")
    return unescape(part.xml[holder.inner : holder.close].decode()) if holder else ""


def _clean(part: EditedPart, cache: Element, formula: str, rows: Rows) -> None:
    if formula.lstrip("'").startswith("["):
        return  # of another workbook
    found = _RANGE.fullmatch(formula.strip())
    spans = area(found[3].replace("$", "")) if found else None
    if found and spans:
        name = (found[1] or found[2]).replace("''", "'").casefold()
        hit = rows.get(name, frozenset()) & set(range(spans[0], spans[2] + 1))
        if not hit:
            return
        if _count(cache) == spans[2] - spans[0] + 1:
            _take(part, cache, frozenset(row - spans[0] for row in hit))
            return
    part.remove(cache)


def _count(cache: Element) -> int:
    counted = cache.child("ptCount")
    text = counted.get("val") if counted else cache.get("ptCount")
    return int(text) if text.isdecimal() else 0


def _take(part: EditedPart, cache: Element, points: frozenset[int]) -> None:
    for holder in (cache, *cache.every("lvl")):
        for point in holder.every("pt"):
            if point.get("idx").isdecimal() and int(point.get("idx")) in points:
                part.remove(point)
