"""What the sheets of the network's report share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinicreport.outcomes.network.network_result import Network
from clinicreport.workbook.page import Page, Styles
from clinicreport.workbook.table import Table
from clinicreport.workbook.words import day

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


@dataclass(slots=True)
class NetworkBook:
    """What the sheets share while the workbook is written."""

    workbook: Workbook
    styles: Styles
    network: Network
    tables: dict[str, Table] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        """The sheet of that name."""
        return Page(name, self.workbook.get_worksheet_by_name(name), self.styles)

    def add(self, table: Table) -> Table:
        """Remember a placed table."""
        self.tables[table.name] = table
        return table

    def print_setup(self, page: Page, **options: Any) -> None:
        """A4 with the caveat on top of every printed page."""
        page.print_setup(
            self.network.request.protocol.caveat, f"{self.title} · {self.covers}", **options
        )

    @property
    def title(self) -> str:
        """Whose report this is."""
        return self.network.request.config.name or "Network of clinics"

    @property
    def covers(self) -> str:
        """Which days the report is about, in words."""
        period, last = self.network.request.period, self.network.as_of
        if period is not None:
            return f"period {day(period.first)} to {day(period.last)}"
        return f"all visits up to {day(last)}" if last else "no visits"
