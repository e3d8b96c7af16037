"""CSV and its relatives: encoding and delimiter are found out, every cell is text.

A row of the sheet is a record of the file, which is how Excel counts when it opens the file: a
line break inside quotation marks starts no row, a blank line is a row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from clinicreport.ground.rounding import file_size
from clinicreport.reading import RefusedError, sniff
from clinicreport.reading.grid import CHUNK, MOST_COLUMNS, Grid, check_text_area
from clinicreport.reading.spreadsheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = ",;\t|"
SAMPLE = 50  # records that decide the delimiter
LONGEST = 1_000_000  # characters of one cell
LARGEST = 250_000_000  # bytes; a million visits take about 150 MB
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 26}


def read(data: bytes) -> Sheet:
    """The one sheet of a text file; its name is empty. Raises RefusedError."""
    if len(data) > LARGEST:
        raise RefusedError(f"is larger than {file_size(LARGEST)}: split the log")
    text = decode(data)
    sniff.check_markup(text)
    text, delimiter = declared(text)
    delimiter = delimiter or find_delimiter(text)
    csv.field_size_limit(LONGEST)
    grid = Grid()
    filled = 0
    for chunk in _chunks(_records(text, delimiter)):
        width = max(map(len, chunk))
        if width > MOST_COLUMNS:
            raise RefusedError(
                f"has a line of {width:,} cells: ask for it again, or open it in Excel "
                "and save it as .xlsx"
            )
        filled += sum(map(len, chunk))
        check_text_area(grid.rows + len(chunk), max(width, grid.width), filled)
        grid.extend_ragged(chunk)
    return Sheet("", grid.columns(), grid.rows)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else the Windows code page 1252.

    Raises RefusedError where the bytes are no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    head = data[:65_536]
    if b"\x00" in data or sum(byte in _CONTROLS for byte in head) > len(head) // 50:
        raise RefusedError("is not a spreadsheet: ask for it as .xlsx or .csv")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def declared(text: str) -> tuple[str, str]:
    """The text without Excel's first line ``sep=;``, and the delimiter which that line names."""
    first = text[:20].partition("\n")[0]
    line = first.rstrip("\r").strip('"')
    if line[:4].lower() == "sep=" and len(line) == 5:
        return text[len(first) + 1 :], line[4]
    return text, ""


def find_delimiter(text: str) -> str:
    """The character that cuts the first records most evenly; a comma where none does."""
    best, chosen = (0.0, 0), DELIMITERS[0]
    head = text[:200_000]
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            records = [len(record) for record in islice(reader, SAMPLE) if any(record)]
        except csv.Error:
            continue
        cut = Counter(length for length in records if length > 1)
        if cut:
            width, often = cut.most_common(1)[0]
            best, chosen = max(
                (best, chosen),
                ((often / len(records), width), delimiter),
                key=lambda scored: scored[0],
            )
    return chosen


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    record: list[str] = []
    try:
        for record in reader:
            yield record
            last, before = before, reader.line_num
    except csv.Error:
        raise RefusedError(
            f"cannot be cut into cells near line {reader.line_num}: a quotation mark "
            "is probably never closed there; correct it and save the file again"
        ) from None
    if record and before - last > 1:
        _check_closed(text, delimiter, last)


def _check_closed(text: str, delimiter: str, line: int) -> None:
    """Refuse a file whose last record swallowed the lines after an unclosed quotation mark."""
    lines = islice(io.StringIO(text, newline=""), line, None)
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise RefusedError(
                f"has a quotation mark in line {line + 1} that is never closed, so the "
                "lines after it cannot be told apart: correct it and save the file "
                "again"
            ) from None


def _chunks(records: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while chunk := list(islice(records, CHUNK)):
        yield chunk
