"""Records of a text file emptied where they stand: encoding, delimiter and line ends stay."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from clinicreport.editing.splice import NotEditableError
from clinicreport.reading import text_files

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NOT_CUT = "its lines cannot be told apart surely"


def redact_text(data: bytes, rows: frozenset[int]) -> bytes:
    """The file with these records (from 1) emptied: delimiters and line end are left of them.

    Raises NotEditableError where the bytes of a record cannot be told surely.
    """
    mark, content, codec = _opened(data)
    whole = text_files.decode(data)
    rest, delimiter = text_files.declared(whole)
    delimiter = delimiter or text_files.find_delimiter(rest)
    if not delimiter.isascii():
        raise NotEditableError("it is cut into cells at an unusual character")
    begin = len(whole) - len(rest)
    pieces = [content[:begin]]
    for number, (record, cells) in enumerate(_records(content[begin:], delimiter), 1):
        if number in rows:
            line = record.rstrip("\r\n")
            pieces.append(delimiter * (cells - 1) + record[len(line) :])
        else:
            pieces.append(record)
    return mark + "".join(pieces).encode(codec)


def _opened(data: bytes) -> tuple[bytes, str, str]:
    """The mark of the encoding, the text behind it, and a codec that gives the same bytes again.

    One byte is one character, save in UTF-16: delimiters, quotation marks and line ends are the
    same in each encoding of bytes.
    """
    for mark, codec in _UTF16.items():
        if data.startswith(mark):
            try:
                return mark, data[len(mark) :].decode(codec), codec
            except UnicodeDecodeError:
                raise NotEditableError("it holds bytes that are no text") from None
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark, data[len(mark) :].decode("latin-1"), "latin-1"


class _Lines(Iterator[str]):
    """The lines of a text, and how far they were taken."""

    def __init__(self, content: str) -> None:
        self._lines = io.StringIO(content, newline="")
        self.taken = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += len(line)
        return line


def _records(content: str, delimiter: str) -> Iterator[tuple[str, int]]:
    """Each record as it is written, line breaks within it included, and how many cells it has."""
    csv.field_size_limit(text_files.LONGEST)
    lines = _Lines(content)
    begin = 0
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            yield content[begin : lines.taken], max(1, len(cells))
            begin = lines.taken
    except csv.Error:
        raise NotEditableError(_NOT_CUT) from None
    if begin != len(content):
        raise NotEditableError(_NOT_CUT)
