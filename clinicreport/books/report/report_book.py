"""What the sheets share while the workbook is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinicreport.books.report import size_limits
from clinicreport.workbook.cell_text import cell_text
from clinicreport.workbook.page import Page, Styles
from clinicreport.workbook.table import Table
from clinicreport.workbook.words import day

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from clinicreport.books.report.roster import Roster
    from clinicreport.outcomes.analysis import Analysis


@dataclass(slots=True)
class ReportBook:
    """The workbook, the finished figures, and the tables placed so far, by name."""

    workbook: Workbook
    styles: Styles
    analysis: Analysis
    roster: Roster
    tables: dict[str, Table] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        """The sheet of that name."""
        return Page(name, self.workbook.get_worksheet_by_name(name), self.styles, self.live)

    def add(self, table: Table) -> Table:
        """Remember a placed table."""
        self.tables[table.name] = table
        return table

    def print_setup(self, page: Page, **options: Any) -> None:
        """A4 with the caveat on top of every printed page, and whose report it is below."""
        page.print_setup(self.analysis.protocol.caveat, f"{self.title} · {self.covers}", **options)

    @property
    def live(self) -> bool:
        """Whether the visits are listed and the figures follow them."""
        return size_limits.live(len(self.analysis.sessions))

    @property
    def title(self) -> str:
        """Whose report this is."""
        return cell_text(self.analysis.clinic_name) or "Clinic report"

    @property
    def heading(self) -> str:
        """What stands on top of the first page."""
        name = cell_text(self.analysis.clinic_name)
        return f"{name}: clinic report" if name else "Clinic report"

    @property
    def covers(self) -> str:
        """Which days the report is about, in words."""
        analysis = self.analysis
        if analysis.as_of is None:
            return "no visits"
        if analysis.period is None:
            return f"all visits up to {day(analysis.as_of)}"
        return f"period {day(analysis.period.first)} to {day(analysis.period.last)}"
