"""The records of an old workbook, walked from a sheet's start to its end, and whether all are there.

Nothing in such a file tells that a stretch of it was lost: the parser takes the cells up to there
for all of them. A stretch of zeros, or of something else's bytes, shows as a record that no
workbook has, or as a sheet without end.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOF, EOF = 0x809, 0x0A
_FORMULA, _BOOLERR, _STRINGS, _CONTINUE = 0x06, 0x205, 0xFC, 0x3C
_CELLS = frozenset({0x06, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xBE, 0xD6, 0xFD})
_LAST_RECORD = 0x1FFF  # above every number in use
_LONGEST = 8224  # bytes of a record
_LOST = bytes(128)  # no list of different texts holds so many zeros in a row

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_NOT_AVAILABLE = 0x2A

_DAMAGED = "is damaged (a part of its cells is lost): ask for it again, or open it in Excel, look \
whether all rows are there, and save it as .xlsx"


def records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of the records of one substream.

    Raises RefusedError where the substream is not whole.
    """
    for number, begin, end in _places(stream, start):
        yield number, stream[begin:end]


def _places(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of each record's content; those of charts inside are left out."""
    depth = before = 0
    unpack, length = struct.Struct("<HH").unpack_from, len(stream)
    while start + 4 <= length:
        number, size = unpack(stream, start)
        begin = start + 4
        end = begin + size
        if end > length or not _can_be(number, size, stream, begin):
            break
        depth += (number == BOF) - (number == EOF)
        if number == _STRINGS or (number == _CONTINUE and before == _STRINGS):
            if stream.find(_LOST, begin, end) >= 0:
                break
            before = _STRINGS
        else:
            before = number
        if depth == 1:
            yield number, begin, end
        elif depth <= 0:
            if number == EOF:
                return
            break
        start = end
    raise RefusedError(_DAMAGED)


def _can_be(number: int, size: int, stream: bytes, begin: int) -> bool:
    """Whether a workbook can hold such a record."""
    if number in _CELLS:  # none stands beyond the last column
        return size >= 6 and not stream[begin + 3]
    # An opened password leaves a record of number 0 that has a length.
    return (number > 0 or size > 0) and number <= _LAST_RECORD and size <= _LONGEST


def with_known_errors(stream: bytes, sheets: Iterable[int]) -> bytes:
    """The stream with errors of every other code as ``#N/A``, as the parser refuses them."""
    changed = bytearray(stream)
    for start in sheets:
        for number, begin, end in _places(stream, start):
            if number == _BOOLERR and end - begin >= 8 and stream[begin + 7]:
                _know(changed, begin + 6)
            elif number == _FORMULA and end - begin >= 14 and is_error(stream, begin):
                _know(changed, begin + 8)
    return bytes(changed)


def is_error(stream: bytes, begin: int) -> bool:
    """Whether a formula's value is an error; ``begin``: of the record's content."""
    return stream[begin + 12 : begin + 14] == b"\xff\xff" and stream[begin + 6] == 2


def _know(stream: bytearray, code: int) -> None:
    if stream[code] not in ERRORS:
        stream[code] = _NOT_AVAILABLE
