"""What the sheets for sharing have in common. They hold no analysis, only what may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.books.share.shared_figures import Aggregates
from clinicreport.workbook.canvas import Canvas

if TYPE_CHECKING:
    from clinicreport.protocol.in_force import Protocol

TITLE = "Outcome report for sharing"


@dataclass(slots=True)
class SharedBook(Canvas):
    """The canvas, and the figures that may be shown."""

    aggregates: Aggregates
    protocol: Protocol

    @property
    def caveat(self) -> str:
        """On top of every printed page."""
        return self.protocol.caveat

    @property
    def footer(self) -> str:
        """What it is, and which days it is about; not whose."""
        return f"{TITLE} · {self.aggregates.covers}"
