"""How the lines of a text file are cut into cells: delimiter, quotation marks, what wraps a line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from clinicreport.reading import RefusedError
from clinicreport.reading.grid import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELIMITERS = ",;\t|"
SAMPLE = 50  # records that decide the delimiter
LONGEST = 1_000_000  # characters of one cell
_HEAD = 200_000  # characters of the sample


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a text is cut. ``begin``: where its records begin, behind a line ``sep=;``.

    ``escaped``: a quotation mark within a cell is written \\". ``spaced``: cells may have blanks
    before their quotation marks. ``width``: the cells that most records have.
    """

    delimiter: str
    begin: int = 0
    escaped: bool = False
    spaced: bool = False
    width: int = 1

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> Any:
        """A reader of csv's that cuts like this."""
        csv.field_size_limit(LONGEST)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            escapechar="\\" if self.escaped else None,
            skipinitialspace=self.spaced,
            strict=strict,
        )

    def fits(self, text: str) -> bool:
        """Whether the whole text can be cut like this, with no quotation mark out of place."""
        try:
            for _ in self.reader(io.StringIO(text[self.begin :], newline=""), strict=True):
                pass
        except csv.Error:
            return False
        return True


def find_cutting(text: str) -> Cutting:
    """How a text is cut into records and cells."""
    rest, delimiter = declared(text)
    cutting = Cutting(delimiter or find_delimiter(rest), len(text) - len(rest))
    if '\\"' in text and not cutting.fits(text):
        escaped = replace(cutting, escaped=True)
        cutting = escaped if escaped.fits(text) else cutting
    if f'{cutting.delimiter} "' in text or f'{cutting.delimiter}  "' in text:
        spaced = replace(cutting, spaced=True)
        cutting = spaced if spaced.fits(text) else cutting
    return replace(cutting, width=_width(rest, cutting))


def declared(text: str) -> tuple[str, str]:
    """The text without Excel's first line ``sep=;``, and the delimiter which that line names."""
    first = text[:20].partition("\n")[0]
    line = first.rstrip("\r").strip('"')
    if line[:4].lower() == "sep=" and len(line) == 5:
        return text[len(first) + 1 :], line[4]
    return text, ""


def find_delimiter(text: str) -> str:
    """The character that cuts the first records most evenly; a comma where none does."""
    head = text[:_HEAD]
    found = _most_even(head)
    if not found:  # each line may stand in quotation marks as a whole
        lines = csv.reader(io.StringIO(head, newline=""))
        try:
            found = _most_even("\n".join(record[0] for record in lines if record))
        except csv.Error:
            found = ""
    return found or DELIMITERS[0]


def _most_even(head: str) -> str:
    """The delimiter; empty where none cuts, or where it cuts off nothing but blanks."""
    best, chosen = (0.0, 0), ""
    for delimiter in DELIMITERS:
        records = [record for record in _sample(head, Cutting(delimiter)) if any(record)]
        cut_ones = Counter(len(record) for record in records if len(record) > 1)
        if cut_ones and any(any(record[1:]) for record in records):
            width, often = cut_ones.most_common(1)[0]
            best, chosen = max(
                (best, chosen),
                ((often / len(records), width), delimiter),
                key=lambda scored: scored[0],
            )
    return chosen


def _sample(text: str, cutting: Cutting) -> list[list[str]]:
    """The first records; none where the text cannot be cut like this."""
    try:
        return list(islice(cutting.reader(io.StringIO(text[:_HEAD], newline="")), SAMPLE))
    except csv.Error:
        return []


def _width(rest: str, cutting: Cutting) -> int:
    """How many cells most of the first records have; those in quotation marks are opened."""
    found = [_opened(record, cutting) for record in _sample(rest, cutting)]
    lengths = Counter(len(record) for record in found if len(record) > 1)
    return lengths.most_common(1)[0][0] if lengths else 1


def _opened(record: list[str], cutting: Cutting) -> list[str]:
    """The cells of a record that stands in quotation marks as a whole; else the record."""
    if len(record) != 1 or cutting.delimiter not in record[0]:
        return record
    line = record[0]
    if cutting.delimiter == ",":
        line = line.rstrip(";")  # of a program that took the line for one cell
    try:
        [inner] = cutting.reader([line])
    except (csv.Error, ValueError):
        return record
    return list(inner)


class Records:
    """The records of a text, some hundred at a time, in their order. ``open_end``: a quotation
    mark in the last one is never closed. Iterating raises RefusedError where the cells cannot be
    told apart."""

    def __init__(self, text: str, cutting: Cutting) -> None:
        self.open_end = False
        self._cutting = cutting
        self._lines = list(io.StringIO(text[cutting.begin :], newline=""))

    def __iter__(self) -> Iterator[list[list[str]]]:
        cutting = self._cutting
        reader = cutting.reader(iter(self._lines))
        before = last = 0
        try:
            while chunk := list(islice(reader, CHUNK)):
                end = reader.line_num
                several = end - before > len(chunk)
                last = self._check(before, end) if several else end - 1
                before = end
                yield self._opened(chunk)
        except csv.Error:
            raise RefusedError(
                f"cannot be cut into cells near line {reader.line_num}: a quotation mark "
                "is probably never closed there; correct it and save the file again"
            ) from None
        self.open_end = "end of data" in self._fault(last, before)

    def _opened(self, chunk: list[list[str]]) -> list[list[str]]:
        """The records, those opened that stand in quotation marks as a whole."""
        cutting = self._cutting
        for at, record in enumerate(chunk) if 1 in map(len, chunk) else ():
            opened = _opened(record, cutting)
            if len(opened) == cutting.width:
                chunk[at] = opened
        return chunk

    def _fault(self, first: int, end: int) -> str:
        """What csv has against these lines (from 0), if anything."""
        try:
            for _ in self._cutting.reader(self._lines[first:end], strict=True):
                pass
        except csv.Error as error:
            return str(error)
        return ""

    def _check(self, first: int, end: int) -> int:
        """The first line of the last record in these lines. Raises RefusedError for a record over
        several lines that swallowed others, its mark being unclosed."""
        reader = self._cutting.reader(self._lines[first:end])
        done = before = 0
        for _ in reader:
            done, before = before, reader.line_num
            if before - done > 1 and (fault := self._fault(first + done, first + before)):
                inner = self._lines[first + done + 1 : first + before]
                most = max(line.count(self._cutting.delimiter) for line in inner)
                if "end of data" in fault or most >= self._cutting.width - 1:
                    raise RefusedError(
                        f"has a quotation mark in line {first + done + 1} that is never closed, so "
                        "the lines after it cannot be told apart: correct it and save the file "
                        "again"
                    )
        return first + done
