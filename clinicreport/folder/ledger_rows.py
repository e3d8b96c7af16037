"""What the ledger keeps, as values: each class is one table's row, a field is a column.

Moments are kept twice (:func:`clinicreport.folder.clock.stamp`): ``utc``, and ``local`` with its
offset. Paths are relative to the clinic folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clinicreport.folder.overlap import Overlap


@dataclass(frozen=True, slots=True)
class FileRow:
    """A log that came, and where it is now."""

    id: int
    sha256: str
    name: str
    size: int
    utc: str
    local: str
    state: str  # received, archived, rejected, purged
    source: str  # where it was dropped
    path: str  # where its content is kept
    target: str | None  # where it is about to go
    month: str | None  # that most of its visits lie in
    months: dict[str, int]  # visits by month
    rows: int  # visits that could be used
    version: int
    reason: str | None  # why it was rejected
    superseded_by: int | None
    cleared: bool  # whether the original was taken from where it was dropped
    ahead: str  # the day on which it was read, where rows lay in the future of that; else empty


@dataclass(frozen=True, slots=True)
class HeldLog:
    """A log that may be a correction of one in force: it counts nowhere until a person says so."""

    file: int
    name: str
    old: str  # the name of the log in force
    months: tuple[str, ...]  # that it has visits of
    found: Overlap
    asked: str  # what the question rests on, see corrections
    drafted: bool  # whether the managers' drafts were written
    local: str  # when it came


@dataclass(frozen=True, slots=True)
class DueMonth:
    """A month whose report is to be made."""

    month: str
    direct: bool  # a log of it changed; else a month before it did
    quiet: bool  # the report is mailed to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A month's report as it is written down."""

    month: str
    version: int
    sha256: str
    path: str
    digest: str = ""  # see month_figures.digest
    figures: dict[str, Any] = field(default_factory=dict)  # as a message shows them
    inputs: tuple[int, ...] = ()  # the files that it rests on
    changes: str = ""
    announced: bool = True
    memory: str = ""  # see month_figures.memory


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow(NewReport):
    """A report in the ledger."""

    id: int
    state: str  # planned, made
    utc: str
    local: str


@dataclass(frozen=True, slots=True)
class ErrorFinding:
    """One error finding, as it is acknowledged: which rule, whom it is about, on which day."""

    rule: str
    patient: str
    day: str  # ISO, empty where the row has none
    place: str
    message: str
    finding: str = ""  # its id and what stood in its cell, in one word; empty in foreign reports


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A report's message to one recipient, as it is planned."""

    report: int
    month: str
    address: str
    role: str
    again: int  # 0 for the first, then each one that was asked for once more
    state: str  # see the table
    how: str  # drafts, send
    reason: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow(NewMessage):
    """A message in the ledger."""

    id: int
    path: str
    sha256: str
    tries: int
    next_utc: str | None
    queued_utc: str | None
    utc: str
    local: str
    sent_utc: str | None
    sent_local: str | None


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """What is to go, and who asked for it."""

    id: int
    kind: str  # patient, older
    what: str
    who: str
    why: str
    done: bool
    utc: str
    local: str
    months: tuple[str, ...]  # of the files that it has changed so far
    files: int  # how many those are


class GivenRow(NamedTuple):
    """What a file gave when it was read: its content and name, how (a digest of program, settings
    and protocol) and on which day; whether each later day gives the same."""

    sha256: str
    name: str
    how: str
    day: str
    lasting: bool
    content: bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """Which log (by its name) is to replace which."""

    new: str
    old: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history."""

    id: int
    local: str
    kind: str
    text: str
