"""What the sheets of the network's report share."""

from __future__ import annotations

from dataclasses import dataclass

from clinicreport.outcomes.network.network_result import Network
from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.words import day


@dataclass(slots=True)
class NetworkBook(Canvas):
    """The canvas of the network's report, with its finished figures."""

    network: Network

    @property
    def caveat(self) -> str:
        """On top of every printed page."""
        return self.network.request.protocol.caveat

    @property
    def footer(self) -> str:
        """Whose report it is, and which days it is about."""
        return f"{self.title} · {self.covers}"

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
