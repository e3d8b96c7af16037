"""What the sheets of the network's report share."""

from __future__ import annotations

from dataclasses import dataclass

from clinicreport.outcomes.network.network_result import Network
from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.words import covers


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
        return covers(self.network.as_of, self.network.request.period)
