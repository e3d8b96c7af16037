"""What the books about one clinic's analysis share: whose they are, and which days they cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.cell_text import cell_text
from clinicreport.workbook.words import covers

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis


@dataclass(slots=True)
class AnalysisBook(Canvas):
    """A canvas with the finished figures of one clinic."""

    analysis: Analysis

    @property
    def title(self) -> str:
        """Whose report this is."""
        return cell_text(self.analysis.clinic_name) or "Clinic report"

    @property
    def covers(self) -> str:
        """Which days the report is about, in words."""
        return covers(self.analysis.as_of, self.analysis.period)

    @property
    def footer(self) -> str:
        """Whose report it is, and which days it is about."""
        return f"{self.title} · {self.covers}"
