"""What a finding is: something in an input that a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
SYMBOLS: dict[str, str] = {"error": "✖", "warning": "▲", "note": "●"}


class Finding(NamedTuple):
    """One finding. A value, never an exception.

    ``file`` is the input's name without its folder; ``sheet`` is empty for a text file; ``cell``
    is written as Excel does ("F17") and is empty for a finding about a file, a sheet, a row or a
    missing column; ``row`` counts from 1 as in the spreadsheet. ``field`` is a field of the
    session log, ``value`` what stood in the cell.

    ``message`` is where it stands, ``said``, and in brackets the clause in force; behind these the
    reason that somebody wrote down where a ``waiver`` made it a note.
    """

    rule: str
    severity: Severity
    message: str
    file: str
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    field: str | None = None
    patient: str | None = None
    value: Any = None
    clinic: str | None = None
    said: str = ""
    advice: str = ""  # the message without the place
    waived: bool = False
    matter: str = ""  # what it is about, where its cell's day does not say it (finding_ids)

    @property
    def plain(self) -> str:
        """The finding's own words, without place and clause."""
        return self.said or self.message

    def as_dict(self) -> dict[str, Any]:
        """The finding as in the JSON output."""
        return {name: value for name, value in self._asdict().items() if name not in _WITHIN}


_WITHIN = frozenset(
    {"said", "advice", "waived", "matter"}
)  # parts of the message, for the program's own use


def tally(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings of each severity, 0 included."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in SEVERITIES}


def verdict(findings: Iterable[Finding]) -> str:
    """The findings in one plain sentence."""
    counts = tally(findings)
    parts = [
        f"{count} {severity}{'' if count == 1 else 's'}"
        for severity, count in counts.items()
        if count
    ]
    return ", ".join(parts) if parts else "nothing to report"


def place(sheet: str, cell: str, row: int | None) -> str:
    """Where a finding stands, as people point at it: ``Sessions!F17``."""
    spot = cell or (f"row {row}" if row else "")
    if not sheet:
        return spot
    return f"{sheet}!{spot}" if cell else " ".join(filter(None, (sheet, spot)))
