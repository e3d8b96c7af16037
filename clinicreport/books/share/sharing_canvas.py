"""What all workbooks for sharing have in common, those of a clinic and those of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.table import Column, place

if TYPE_CHECKING:
    from clinicreport.protocol.in_force import Protocol

LineT = TypeVar("LineT")


@dataclass(slots=True)
class SharingCanvas(Canvas):
    """The canvas, what the workbook is called, and which days it is about; not whose."""

    called: str
    covers: str
    protocol: Protocol

    @property
    def caveat(self) -> str:
        """On top of every printed page."""
        return self.protocol.caveat

    @property
    def footer(self) -> str:
        """What it is, and which days it is about."""
        return f"{self.called} · {self.covers}"

    def listed(
        self, title: str, lead: str, columns: Sequence[Column[LineT]], rows: Sequence[LineT]
    ) -> None:
        """A sheet with one table; ``lead``: below its heading."""
        page = self.page(title)
        top = page.head(title, [lead])
        table = place(page, top, list(columns), rows, title.lower().replace(" ", "_"))
        page.sheet.freeze_panes(top + 1, 1)
        page.sheet.print_area(0, 0, table.below - 1, len(columns) - 1)
        self.print_setup(page, landscape=len(columns) > NARROW, repeat=top)

    def empty(self, title: str, lead: str, why: str) -> None:
        """The same sheet where there is nothing to list."""
        page = self.page(title)
        page.put(page.head(title, [lead]), 0, why)


NARROW = 6  # columns that fit an upright page
