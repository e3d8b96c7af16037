"""What a month's report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.folder import changes
from clinicreport.folder.ledger_rows import FileRow, ReportRow

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis, Checked


@dataclass(frozen=True, slots=True)
class Month:
    """A month's report as computed, before anything is written."""

    month: str
    checked: Checked
    analysis: Analysis
    files: tuple[FileRow, ...]
    changes: list[changes.Change]
    replaces: ReportRow | None  # the version before
