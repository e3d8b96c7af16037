"""A log as somebody looks at it before it is used: what was read, what was found, and where.

Everything comes from the first half of the path, which ``check`` walks too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clinicreport.desk.look_sheets import LookSheet, look_sheets
from clinicreport.log.findings import SEVERITIES, SYMBOLS, Finding, place, verdict
from clinicreport.log.inputs import RowCounts, counted_rows
from clinicreport.reading import seen
from clinicreport.workbook.words import count

if TYPE_CHECKING:
    from clinicreport.desk.kept import Kept
    from clinicreport.folder.ledger_rows import ErrorFinding
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.reading.spreadsheet import Spreadsheet
    from clinicreport.settings.request import Request

State = Literal["read", "locked", "no-spreadsheet", "no-visits", "unreadable"]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its number (from 1, as ``check`` lists them) and where a page shows it.

    ``sheet``: an index of the sheets, None where it is about the file; ``row``, ``column``: from 1,
    None where it is about no one. ``error``: as it is acknowledged, of an error alone.
    """

    number: int
    finding: Finding
    sheet: int | None
    row: int | None
    column: int | None
    error: ErrorFinding | None = None

    @property
    def symbol(self) -> str:
        """The sign of its severity."""
        return SYMBOLS[self.finding.severity]

    @property
    def spot(self) -> str:
        """Where it stands, within its sheet."""
        return place("", self.finding.cell, self.finding.row)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """The findings of one rule, of one severity."""

    rule: str
    severity: str
    symbol: str
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One file as it was read. ``books``: its raw content, to be read again with answers."""

    name: str
    state: State
    checked: Checked
    books: tuple[Spreadsheet, ...]
    sheets: tuple[LookSheet, ...]
    findings: tuple[ShownFinding, ...]

    @property
    def rows(self) -> RowCounts:
        """Rows in, used and set aside."""
        return counted_rows(self.checked.inputs)

    @property
    def size(self) -> str:
        """How much was checked: "312 rows × 14 columns"; of several layouts the sheets instead."""
        logs = [sheet for sheet in self.sheets if sheet.is_log]
        rows = count(self.rows.rows, "row")
        if len({sheet.columns for sheet in logs}) == 1:
            return f"{rows} × {count(logs[0].columns, 'column')}"
        return f"{rows} on {count(len(logs), 'sheet')}"

    @property
    def verdict(self) -> str:
        """The findings in words: "3 errors, 5 warnings"."""
        return verdict(self.checked.findings)

    @property
    def nothing_to_mend(self) -> bool:
        """Whether rows are used and nothing was found."""
        return not self.findings and self.rows.used > 0

    @property
    def reasons(self) -> list[str]:
        """Why it cannot be read, as the command line says it."""
        return [entry.reason for entry in self.checked.inputs if entry.reason]

    @property
    def kinds(self) -> list[FindingKind]:
        """The findings by kind: errors first, each kind where its first finding stands."""
        found: dict[tuple[str, str], list[ShownFinding]] = {}
        for one in self.findings:
            found.setdefault((one.finding.severity, one.finding.rule), []).append(one)
        kinds = [
            FindingKind(rule, severity, own[0].symbol, tuple(own))
            for (severity, rule), own in found.items()
        ]
        order: Sequence[str] = SEVERITIES
        return sorted(kinds, key=lambda kind: order.index(kind.severity))

    @property
    def unread_headings(self) -> int:
        """How many headings are not known, of columns that hold something."""
        return sum(
            not head.read and bool(head.heading) and bool(head.read_as)
            for sheet in self.sheets
            for head in sheet.heads
        )


def look(kept: Kept, request: Request) -> LookedAt:
    """Read and check a kept file as ``check`` does. Raises UsageError where it is not there."""
    from clinicreport.path import read

    request = request._replace(password=kept.password or request.password)
    return look_at(tuple(read([kept.path], request)), request, kept.name, request.password)


def look_at(
    books: tuple[Spreadsheet, ...], request: Request, name: str, password: str | None
) -> LookedAt:
    """The same of a file that is in memory: once more after an answer. ``password``: its own."""
    from clinicreport.path import judged, typed

    request = request._replace(password=password)
    checked = judged(typed(books, request), request)
    whole = [book for book in books if not book.reason]
    sheets = tuple(sheet for book in whole for sheet in look_sheets(book, checked.log, request))
    return LookedAt(name, _state(checked, books), checked, books, sheets, _shown(checked, sheets))


def _state(checked: Checked, books: Sequence[Spreadsheet]) -> State:
    refusals = {book.refusal for book in books}
    if "locked" in refusals:
        return "locked"
    if "no-spreadsheet" in refusals:
        return "no-spreadsheet"
    if not any(entry.reason for entry in checked.inputs):
        return "read"
    rules = {finding.rule for finding in checked.findings}
    return "no-visits" if "no-session-table" in rules else "unreadable"


def _shown(checked: Checked, sheets: Sequence[LookSheet]) -> tuple[ShownFinding, ...]:
    from clinicreport.folder.gate import error_findings

    at = {sheet.name: index for index, sheet in enumerate(sheets)}
    errors = iter(error_findings(checked))
    found = []
    for number, finding in enumerate(checked.findings, 1):
        spot = seen.place(finding.cell)
        row = spot[0] if spot else finding.row
        found.append(
            ShownFinding(
                number,
                finding,
                at.get(finding.sheet),
                row,
                spot[1] if spot else None,
                next(errors) if finding.severity == "error" else None,
            )
        )
    return tuple(found)
