"""Formulas of binary workbooks that are nothing but a link, as their tokens write them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from clinicreport.reading.seen import CellLink, Place

# Tokens (MS-XLS, MS-XLSB): each reference has three numbers, by the kind of value it gives.
_REFERENCE, _IN_SHEET, _MOVED = (0x24, 0x44, 0x64), (0x3A, 0x5A, 0x7A), (0x2C, 0x4C, 0x6C)
_SHARED, _PLUS, _BRACKETS, _ATTRIBUTE, _SPACES = 0x01, 0x12, 0x15, 0x19, 0x40


class Tokens(NamedTuple):
    """How long rows are in the tokens of a format, and whom its sheet numbers mean."""

    row: str  # "H" or "I"
    sheets: Sequence[str]  # the sheet that each number stands for; empty where it is no one sheet


def link(tokens: bytes, how: Tokens, shared: tuple[bytes, Place] | None = None) -> CellLink | None:
    """The cell that a formula repeats; none for any other formula.

    ``shared``: tokens of the formula that this one is a copy of, and the place of the copy.
    """
    while tokens[:1] and tokens[0] == _ATTRIBUTE and tokens[1:2] == bytes([_SPACES]):
        tokens = tokens[4:]
    while tokens[-1:] and tokens[-1] in (_PLUS, _BRACKETS):
        tokens = tokens[:-1]
    if not tokens:
        return None
    size = struct.calcsize(f"<{how.row}H")
    kind = tokens[0]
    if kind in _REFERENCE and len(tokens) == 1 + size:
        row, column = struct.unpack_from(f"<{how.row}H", tokens, 1)
        return CellLink("", (row + 1, (column & 0x3FFF) + 1))
    if kind in _IN_SHEET and len(tokens) == 3 + size:
        sheet, row, column = struct.unpack_from(f"<H{how.row}H", tokens, 1)
        name = how.sheets[sheet] if sheet < len(how.sheets) else ""
        return CellLink(name, (row + 1, (column & 0x3FFF) + 1)) if name else None
    if kind in _MOVED and shared and len(tokens) == 1 + size:
        return _moved(tokens, how, shared[1])
    if kind == _SHARED and shared:
        return link(shared[0], how, (b"", shared[1]))
    return None


def _moved(tokens: bytes, how: Tokens, place: Place) -> CellLink:
    """A reference in a shared formula: steady, or counted from the cell that holds the copy."""
    row, column = struct.unpack_from(f"<{how.row}H", tokens, 1)
    rows, columns = (65_536, 256) if how.row == "H" else (1_048_576, 16_384)
    by_row, by_column = column & 0x8000, column & 0x4000
    column &= 0x3FFF
    return CellLink(
        "",
        (
            (row + place[0] - 1) % rows + 1 if by_row else row + 1,
            (column + place[1] - 1) % columns + 1 if by_column else column + 1,
        ),
    )
