"""What a month's report is made of, and where its versions lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.folder import changes
from clinicreport.folder.ledger_rows import FileRow, ReportRow
from clinicreport.path import Report

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis, Checked
    from clinicreport.outcomes.finding_life import FindingLife


@dataclass(frozen=True, slots=True)
class Month:
    """A month's report as computed, before anything is written."""

    month: str
    report: Report
    files: tuple[FileRow, ...]
    changes: list[changes.Change]
    replaces: ReportRow | None  # the version before
    life: FindingLife  # of its findings, since that version or else the month before

    @property
    def checked(self) -> Checked:
        """What was read and found."""
        return self.report.checked

    @property
    def analysis(self) -> Analysis:
        """The figures."""
        return self.report.analysis

    @property
    def version(self) -> int:
        """The report's number: one more than that of the version before."""
        return self.replaces.version + 1 if self.replaces else 1


def earlier_path(path: Path, version: int) -> Path:
    """Where an earlier version of a report is kept."""
    return path.with_name(f"{path.stem}.v{version}{path.suffix}")
