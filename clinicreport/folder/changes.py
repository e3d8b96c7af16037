"""What a new version of a log changed: visits added, removed, and values that are different."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from clinicreport.folder.text_table import harmless, table_bytes
from clinicreport.ground.rounding import written
from clinicreport.log.field import Field
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.reading.spreadsheet import column_letters

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log

HEAD = ("file", "what", "patient", "day", "field", "before", "after", "cell")
NAMED = 12  # changes that the report names; the file beside it has all
Key = tuple[str, str, date, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of a log."""

    file: str
    what: str  # "changed", "added", "removed"
    patient: str
    day: str
    field: str = ""
    before: str = ""
    after: str = ""
    cell: str = ""

    @property
    def sentence(self) -> str:
        """The change in words."""
        if self.what == "changed":
            at = f" ({self.cell})" if self.cell else ""
            return (
                f"{self.patient} on {self.day}: {self.field} {self.before or 'blank'} → "
                f"{self.after or 'blank'}{at}"
            )
        return f"{self.patient} on {self.day}: visit {self.what}"


def between(file: str, old: Sequence[Log], new: Log) -> list[Change]:
    """The differences between a log, or several together, and its new version."""
    before, after = _by_visit(old), _by_visit([new])
    changes = [
        Change(file, "removed", key[1], key[2].isoformat()) for key in before if key not in after
    ]
    for key, visit in after.items():
        if key not in before:
            changes.append(Change(file, "added", key[1], key[2].isoformat()))
        else:
            changes += _values(file, key, before[key], visit, new)
    return changes


def _by_visit(logs: Sequence[Log]) -> dict[Key, dict[str, Any]]:
    """Visits by clinic, patient, day and number on that day."""
    result: dict[Key, dict[str, Any]] = {}
    for visit in chain.from_iterable(log.visits.rows() for log in logs):
        day, number = visit["date"].date(), 0
        while (key := (visit["clinic"] or "", str(visit["patient_id"]), day, number)) in result:
            number += 1
        result[key] = visit
    return result


def _values(
    file: str, key: Key, old: dict[str, Any], new: dict[str, Any], log: Log
) -> Iterator[Change]:
    for name, field in SESSION_FIELDS.items():
        before, after = (_text(field, visit.get(name)) for visit in (old, new))
        if before != after:
            yield Change(
                file,
                "changed",
                key[1],
                key[2].isoformat(),
                field.label,
                before,
                after,
                _cell(log, new, name),
            )


def _cell(log: Log, visit: dict[str, Any], name: str) -> str:
    source = log.sources[visit["source"]]
    column = source.columns.get(name)
    if not column:
        return ""
    return f"{source.sheet + '!' if source.sheet else ''}{column_letters(column)}{visit['row']}"


def _text(field: Field, value: Any) -> str:
    """A value as people write it; nothing where it is missing."""
    if value is None or value != value:  # noqa: PLR0124 (not a number, not a time)
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if field.kind == "time":
        return f"{int(value) // 60}:{int(value) % 60:02d}"
    return written(value) if isinstance(value, float) else str(value)


def summary(changes: Sequence[Change]) -> str:
    """How many of each kind."""
    counts = {
        kind: sum(change.what == kind for change in changes)
        for kind in ("changed", "added", "removed")
    }
    words = {"changed": "value{} changed", "added": "visit{} added", "removed": "visit{} removed"}
    parts = [
        f"{count} {words[kind].format('' if count == 1 else 's')}"
        for kind, count in counts.items()
        if count
    ]
    return ", ".join(parts) or "no visit is different"


def sentences(changes: Sequence[Change]) -> str:
    """The first changes in words, for the report."""
    named = "; ".join(change.sentence for change in changes[:NAMED])
    rest = len(changes) - NAMED
    return f"{named}; and {rest} more" if rest > 0 else named


def table(changes: Sequence[Change]) -> bytes:
    """All changes as a text table that Excel opens."""
    rows = [[harmless(getattr(change, name)) for name in HEAD] for change in changes]
    return table_bytes([HEAD, *rows])
