"""Records of a text file emptied where they stand: encoding, delimiter and line ends stay."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from clinicreport.editing.splice import NotEditableError
from clinicreport.reading import RefusedError
from clinicreport.reading.encodings import decode
from clinicreport.reading.records import Cutting, find_cutting

_NOT_CUT = "its lines cannot be told apart surely"


def redact_text(data: bytes, rows: frozenset[int]) -> bytes:
    """The file with these records (from 1) emptied: delimiters and line end are left of them.

    Raises NotEditableError where the bytes of a record cannot be told surely.
    """
    try:
        decoded = decode(data)
    except RefusedError as error:
        raise NotEditableError(f"it {error}") from None
    known = decoded.mark + decoded.text.encode(decoded.codec)
    if not data.startswith(known):
        raise NotEditableError("its encoding does not give the same bytes again")
    cutting = find_cutting(decoded.text)
    pieces = [decoded.text[: cutting.begin]]
    for number, (record, cells) in enumerate(_records(decoded.text, cutting), 1):
        if number in rows:
            line = record.rstrip("\r\n")
            pieces.append(cutting.delimiter * (cells - 1) + record[len(line) :])
        else:
            pieces.append(record)
    return decoded.mark + "".join(pieces).encode(decoded.codec) + data[len(known) :]


class _Lines(Iterator[str]):
    """The lines of a text, and how far they were taken."""

    def __init__(self, content: str) -> None:
        self._lines = io.StringIO(content, newline="")
        self.taken = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += len(line)
        return line


def _records(text: str, cutting: Cutting) -> Iterator[tuple[str, int]]:
    """Each record as it is written, line breaks within it included, and how many cells it has."""
    content = text[cutting.begin :]
    lines = _Lines(content)
    begin = 0
    try:
        for cells in cutting.reader(lines):
            yield content[begin : lines.taken], max(1, len(cells))
            begin = lines.taken
    except csv.Error:
        raise NotEditableError(_NOT_CUT) from None
    if begin != len(content):
        raise NotEditableError(_NOT_CUT)
