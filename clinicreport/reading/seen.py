"""What is seen of a sheet beside its values, and places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from clinicreport.reading.cellstyle import CellStyle, RichText
from clinicreport.reading.spreadsheet import CellError, Uncached

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")

Place = tuple[int, int]  # row, column, both from 1
_MOVES = re.compile(r"\b(?:TODAY|NOW)\s*\(", re.IGNORECASE)
_TOKENS = re.compile(rb"[\x21\x41\x61](?:\x4a|\xdd)\x00")  # a call of NOW or TODAY, compiled


def moves(formula: str) -> bool:
    """Whether a formula's value is another one on another day."""
    return bool(_MOVES.search(formula))


def compiled_moves(tokens: bytes) -> bool:
    """The same of a formula as binary workbooks hold it."""
    return bool(_TOKENS.search(tokens))


class CellLink(NamedTuple):
    """The one cell that a formula repeats; ``sheet`` as it is written, empty for its own."""

    sheet: str
    place: Place


@dataclass(slots=True)
class Look:
    """What was seen in one sheet."""

    filled: bool = False  # some cell holds something
    truths: bool = field(default=True, compare=False)  # some cell may hold TRUE or FALSE
    replace: dict[Place, CellError | Uncached] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)  # with a value
    links: dict[Place, CellLink] = field(default_factory=dict)  # formulas that are a mere link, and
    # show 0 or hold no value
    blank: set[Place] = field(default_factory=set)  # those of them whose cell is empty
    styled: dict[Place, CellStyle] = field(default_factory=dict)  # whose style says something
    rich: dict[Place, RichText] = field(default_factory=dict)  # texts whose fonts say something
    hidden_rows: int = 0  # that hold a value
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first, last
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    moving: set[Place] = field(default_factory=set)  # formulas with TODAY or NOW


def number(letters: str) -> int:
    """A column's number from its letters: A is 1, AA is 27."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def place(address: str) -> Place | None:
    """Row and column of an address such as ``B7``; none for anything else."""
    found = _ADDRESS.fullmatch(address)
    return (int(found[2]), number(found[1])) if found else None


def area(reference: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column of a range such as ``A1:C2``."""
    first, _, last = reference.partition(":")
    corners = place(first), place(last or first)
    if corners[0] is None or corners[1] is None:
        return None
    return *corners[0], *corners[1]
