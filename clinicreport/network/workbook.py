"""The network's report: sheets from a finished :class:`~clinicreport.network.result.Network`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from clinicreport.network.result import Network
from clinicreport.report.page import Page, Styles
from clinicreport.report.rows import new_workbook
from clinicreport.report.table import Table
from clinicreport.report.theme import Theme
from clinicreport.report.words import day

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


def content(network: Network) -> bytes:
    """The workbook's bytes: the same network gives the same bytes."""
    from clinicreport.network import sheets

    # The table of contents. A sheet is written after the sheets it refers to.
    contents: dict[str, Callable[[NetworkBook], None]] = {
        "Network": sheets.overview.write,
        "Clinics": sheets.clinics.write,
        "Case mix": sheets.casemix.write,
        "Funnel": sheets.points.write,
        "Files": sheets.files.write,
        "How to read": sheets.reading.write,
    }
    buffer = BytesIO()
    workbook = new_workbook(buffer)
    book = NetworkBook(workbook, Styles(workbook, Theme.load()), network)
    made = datetime.combine(network.as_of or network.request.today, time())
    workbook.set_properties({"title": f"{book.title}: outcomes", "created": made})
    workbook.set_size(2400, 1600)
    for name in contents:
        workbook.add_worksheet(name)
    for name in reversed(contents):
        contents[name](book)
    workbook.close()
    return buffer.getvalue()
