"""What the sheets for sharing have in common. They hold no analysis, only what may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Roster
from clinicreport.books.share.shared_figures import Aggregates
from clinicreport.workbook.page import Page, Styles

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from clinicreport.protocol.in_force import Protocol
    from clinicreport.workbook.chart import Chart

TITLE = "Outcome report for sharing"


@dataclass(slots=True)
class SharedBook:
    """The workbook and the figures that may be shown."""

    workbook: Workbook
    styles: Styles
    aggregates: Aggregates
    protocol: Protocol

    def page(self, name: str) -> Page:
        """The sheet of that name."""
        return Page(name, self.workbook.get_worksheet_by_name(name), self.styles)

    def chart(self, title: str, kind: str, subtype: str | None = None) -> Chart:
        """A chart in the look of the clinic's report."""
        from clinicreport.workbook.chart import Chart

        looks = ReportBook(self.workbook, self.styles, None, Roster(None, [], several_sites=False))  # type: ignore[arg-type]
        return Chart(looks, title, kind, subtype)

    def print_setup(self, page: Page, *, landscape: bool = False, pages_high: int = 0) -> None:
        """A4 with the caveat on top of every page."""
        footer = f"{TITLE} · {self.aggregates.covers}"
        page.print_setup(self.protocol.caveat, footer, landscape=landscape, pages_high=pages_high)
