"""What the sheets for sharing have in common. They hold no analysis, only what may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from clinicreport.books.share.shared_figures import Aggregates
from clinicreport.books.share.sharing_canvas import SharingCanvas

TITLE = "Outcome report for sharing"


@dataclass(slots=True)
class SharedBook(SharingCanvas):
    """The canvas, and the figures that may be shown."""

    aggregates: Aggregates
