"""What the sheets share while the workbook is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.books.analysis_book import AnalysisBook
from clinicreport.books.report import size_limits
from clinicreport.workbook.cell_text import cell_text

if TYPE_CHECKING:
    from clinicreport.books.report.roster import Roster
    from clinicreport.books.report.tasks import Task


@dataclass(slots=True)
class ReportBook(AnalysisBook):
    """The canvas of the report, with the patients in order."""

    roster: Roster
    tasks: tuple[Task, ...] | None = None  # found once, by tasks.tasks

    @property
    def caveat(self) -> str:
        """On top of every printed page."""
        return self.analysis.protocol.caveat

    @property
    def live(self) -> bool:
        """Whether the visits are listed and the figures follow them."""
        return size_limits.live(len(self.analysis.sessions))

    @property
    def locks(self) -> bool:
        """Formulas are locked; what the logs hold, and the patient's drop-down, stay open."""
        return True

    @property
    def heading(self) -> str:
        """What stands on top of the first page."""
        name = cell_text(self.analysis.clinic_name)
        return f"{name}: clinic report" if name else "Clinic report"
