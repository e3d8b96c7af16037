"""Figures to read at arm's length, and the band with the caveat: as every book shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clinicreport.workbook.page import Cell, Page

LOOKS = ("card_label", "card_value", "card_note")


class Card(NamedTuple):
    """A label (None: cards without one), a figure, and what stands below it: a cell, or lines."""

    label: Cell
    value: Cell
    note: Cell | tuple[str, ...]

    @property
    def lines(self) -> tuple[Cell, ...]:
        """What stands below the figure, line by line."""
        return self.note if isinstance(self.note, tuple) else (self.note,)

    def cells(self, lines: int, looks: tuple[str, str, str]) -> list[tuple[Cell, str]]:
        """What stands in each row, and its style; so many lines of notes."""
        label, value, note = looks
        notes = [*self.lines, *[None] * (lines - len(self.lines))]
        head = [] if self.label is None else [(self.label, label)]
        return [*head, (self.value, value), *((line, note) for line in notes)]


class ShownCard(NamedTuple):
    """A card as texts, for a page that is no workbook."""

    label: str
    figure: str
    notes: tuple[str, ...]


def place_cards(
    page: Page,
    row: int,
    cards: Sequence[Card],
    heights: tuple[float, float, float | None, float],
    *,
    across: int = 1,
    looks: tuple[str, str, str] = LOOKS,
) -> int:
    """Cards side by side from column A, each ``across`` columns wide; the row for what follows.

    ``heights``: of label, figure, line of notes and the gap below, in points; None as usual.
    ``looks``: the styles of label, figure and notes.
    """
    lines = max(len(card.lines) for card in cards)
    for index, card in enumerate(cards):
        left = index * across
        for at, (value, look) in enumerate(card.cells(lines, looks), start=row):
            page.put(at, left, value, look)
            page.fill(at, range(left + 1, left + across), look)
    label, value, note, gap = heights
    rows = [*([] if cards[0].label is None else [label]), value, *[note] * lines, gap]
    for at, height in enumerate(rows, start=row):
        if height is not None:
            page.sheet.set_row(at, height)
    return row + len(rows)


def caveat_band(
    page: Page, row: int, lines: Sequence[str], columns: int, height: float | None = None
) -> int:
    """What has to be kept in mind, on a band of colour; the row for what follows."""
    for at, line in enumerate(lines, start=row):
        page.fill(at, range(1, columns), "caveat_fill")
        page.put(at, 0, line, "caveat")
        if height is not None:
            page.sheet.set_row(at, height)
    return row + len(lines)
