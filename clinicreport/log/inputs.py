"""What came in: a session sheet or an unreadable file, and how many of its rows are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log


class Input(NamedTuple):
    """One session sheet, or one unreadable file: an entry of ``inputs`` in the JSON."""

    file: str
    sha256: str
    sheet: str
    rows: int
    used: int
    set_aside: int
    status: str  # "read" or "unreadable"
    reason: str | None
    assumptions: tuple[str, ...]  # heading row, column -> field, date order, in words
    headings: Mapping[str, str]  # those of patient, day and scores


class RowCounts(NamedTuple):
    """Rows in = rows used + rows set aside."""

    rows: int
    used: int
    set_aside: int

    @property
    def said(self) -> str:
        """The three in words: they stand on every screen and in every message."""
        noun = "row" if self.rows == 1 else "rows"
        return f"{self.rows:,} {noun} = {self.used:,} used + {self.set_aside:,} set aside"

    @property
    def much_aside(self) -> str:
        """How many were set aside, where that is over a tenth; else empty."""
        if 10 * self.set_aside <= self.rows:
            return ""
        were = "row was" if self.rows == 1 else "rows were"
        return f"{self.set_aside:,} of {self.rows:,} {were} set aside and count nowhere"

    @property
    def warning(self) -> str:
        """The same as a last line."""
        return f"{self.much_aside}: run check." if self.much_aside else ""


def counted_rows(inputs: Iterable[Input]) -> RowCounts:
    """The rows of all inputs together."""
    three = [(entry.rows, entry.used, entry.set_aside) for entry in inputs]
    return RowCounts(*(sum(counts) for counts in zip(*three, strict=True))) if three else NO_ROWS


NO_ROWS = RowCounts(0, 0, 0)


def inputs_of(log: Log) -> tuple[Input, ...]:
    """One entry a session sheet (its tables together), one for an unreadable file."""
    sheets: dict[tuple[str, str, str], list[Any]] = {}
    for source in log.sources:
        sheets.setdefault((source.file, source.sha256, source.sheet), []).append(source)
    entries = []
    for (file, sha256, sheet), parts in sheets.items():
        rows, used = sum(part.rows for part in parts), sum(part.used for part in parts)
        reason = next((part.reason for part in parts if part.reason), None)
        status = "unreadable" if reason else "read"
        said = tuple(text for part in parts for text in part.assumptions)
        headings = {name: text for part in parts for name, text in part.headings.items()}
        entries.append(
            Input(file, sha256, sheet, rows, used, rows - used, status, reason, said, headings)
        )
    return tuple(entries)
