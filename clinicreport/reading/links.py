"""Formulas that are nothing but a link to a cell: one to an empty cell shows 0, and holds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from clinicreport.reading.seen import CellLink, Look, Place, number

_LINK = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!()\[\]:,;+*/&=<>^\"-]+)!)?"
    r"(?P<steady>\$?)(?P<column>[A-Za-z]{1,3})(?P<fixed>\$?)(?P<row>[0-9]{1,7})"
)
_FURTHEST = 50  # links that lead from one to the next


def link(formula: str, names: Mapping[str, str], moved: Place = (0, 0)) -> CellLink | None:
    """The cell that a formula repeats, as in ``='Slip 2'!$B$3``; none for any other formula.

    ``names``: what the workbook's own names stand for, by the name without case. ``moved``: rows
    and columns from the formula that this one was copied from.
    """
    text = _bare(formula)
    text = _bare(names.get(text.casefold(), text))
    found = _LINK.fullmatch(text)
    if not found:
        return None
    sheet = (found["sheet"] or "").removeprefix("'").removesuffix("'").replace("''", "'")
    if "[" in sheet:  # another workbook
        return None
    row = int(found["row"]) + (0 if found["fixed"] else moved[0])
    column = number(found["column"]) + (0 if found["steady"] else moved[1])
    return CellLink(sheet, (row, column))


def _bare(formula: str) -> str:
    """A formula without equals sign, plus signs and brackets around the whole."""
    text = formula.strip()
    while True:
        inside = text.lstrip("=+ \t\r\n").rstrip()
        if inside.startswith("(") and inside.endswith(")"):
            inside = inside[1:-1]
        if inside == text:
            return text
        text = inside


def shows_nothing(value: str) -> bool:
    """Whether a formula's stored value is 0 or none, which a link to an empty cell has."""
    try:
        return not value.strip() or float(value) == 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Contents:
    """What links can lead to in a sheet: its filled cells, and links that show 0 or nothing."""

    filled: frozenset[Place]
    links: Mapping[Place, CellLink]


def distinct(names: Iterable[str]) -> list[str]:
    """Sheets' names as links are looked up: without case, and the second of a name is no target."""
    found: list[str] = []
    for name in map(str.casefold, names):
        found.append(f"{name}\0{len(found)}" if name in found else name)
    return found


def mark_empty(looks: Mapping[str, Look], contents: Callable[[str], Contents | None]) -> None:
    """Note in each look (by its sheet's distinct name) its links that lead to empty cells.

    ``contents`` gives those of any sheet of the workbook, hidden ones too; none for a sheet that
    is not there. It is asked only where there are links that show 0.
    """
    known: dict[str, Contents | None] = {}

    def is_empty(sheet: str, place: Place) -> bool:
        for _ in range(_FURTHEST):
            if sheet not in known:
                known[sheet] = contents(sheet)
            there = known[sheet]
            if there is None:
                return False
            if place in there.links:
                to = there.links[place]
                sheet, place = to.sheet.casefold() or sheet, to.place
            else:
                return place not in there.filled
        return False

    for name, seen in looks.items():
        seen.blank.update(
            place
            for place, to in seen.links.items()
            if is_empty(to.sheet.casefold() or name, to.place)
        )
        seen.formulas -= seen.blank
        for place in seen.blank:
            seen.replace.pop(place, None)
