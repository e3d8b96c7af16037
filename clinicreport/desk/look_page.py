"""One page of a sheet: two hundred of its rows with every finding on its cell, and where each is."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from clinicreport.desk.look_model import FindingKind, LookedAt, ShownFinding
from clinicreport.desk.look_sheets import LookHead, LookSheet, one_cell
from clinicreport.log.findings import SEVERITIES

ROWS = 200
ACROSS = 60  # columns
LONG = 24  # characters of a cell that needs a wider column
OPEN_UP_TO = 10  # findings in all: more are listed by kind, each kind opened with a click
LISTED = 20  # findings of one kind in the list of all kinds


@dataclass(frozen=True, slots=True)
class LookCell:
    """One cell as it stands; ``read_as``: of a heading; ``findings``: on it, ``worst`` severity."""

    column: int
    letters: str
    text: str
    read_as: str
    findings: tuple[ShownFinding, ...]
    worst: str

    @property
    def look(self) -> str:
        """The classes that it is drawn with."""
        return " ".join(filter(None, (self.worst, "long" if len(self.text) > LONG else "")))


@dataclass(frozen=True, slots=True)
class LookRow:
    """One row; ``findings``: of its cells and of itself; ``set_aside``: it counts nowhere."""

    number: int
    cells: tuple[LookCell, ...]
    findings: tuple[ShownFinding, ...]
    set_aside: bool


@dataclass(frozen=True, slots=True)
class WishedView:
    """What somebody asks to see: a sheet, a page of its rows and one of its columns (from 1), only
    rows with findings or all, the finding they are at (0: none), a kind (0: all) and a part of its
    list."""

    sheet: int = 1
    page: int = 1
    across: int = 1
    only: bool = False
    at: int = 0
    kind: int = 0
    part: int = 1

    @property
    def numbers(self) -> dict[str, Any]:
        """The wish as numbers of an address, without what is usual."""
        usual = WishedView()
        return {
            name: int(value)
            for name, value in asdict(self).items()
            if value != getattr(usual, name)
        }


@dataclass(frozen=True)
class LookPage:
    """What stands on the page, for a wish that is held to what there is."""

    look: LookedAt
    wish: WishedView

    @cached_property
    def number(self) -> int:
        """The sheet that is shown, from 1; 0 where there is none."""
        return min(max(self.wish.sheet, 1), len(self.look.sheets))

    @property
    def sheet(self) -> LookSheet | None:
        """The sheet that is shown."""
        return self.look.sheets[self.number - 1] if self.number else None

    @cached_property
    def current(self) -> ShownFinding | None:
        """The finding that somebody is at."""
        findings = self.look.findings
        return findings[self.wish.at - 1] if 1 <= self.wish.at <= len(findings) else None

    @cached_property
    def previous(self) -> ShownFinding | None:
        """The finding before it."""
        at = self.current.number if self.current else 0
        return self.look.findings[at - 2] if at > 1 else None

    @cached_property
    def next(self) -> ShownFinding | None:
        """The finding after it; the first where nobody is at one."""
        at = self.current.number if self.current else 0
        return self.look.findings[at] if at < len(self.look.findings) else None

    @cached_property
    def by_row(self) -> dict[tuple[int, int], list[ShownFinding]]:
        """The findings of each row, by sheet (from 1) and row."""
        found = defaultdict(list)
        for one in self.look.findings:
            if one.sheet is not None and one.row is not None:
                found[one.sheet + 1, one.row].append(one)
        return found

    def _rows_found(self, sheet: int) -> list[int]:
        return sorted(row for at, row in self.by_row if at == sheet)

    @cached_property
    def _rows(self) -> range | list[int]:
        if self.sheet is None:
            return []
        return self._rows_found(self.number) if self.wish.only else range(1, self._last + 1)

    @cached_property
    def _last(self) -> int:
        return self.sheet.last_row if self.sheet else 0

    @property
    def total(self) -> int:
        """How many rows there are to show."""
        return len(self._rows)

    @property
    def pages(self) -> int:
        """How many pages they take, at least 1."""
        return max(1, -(-self.total // ROWS))

    @property
    def page(self) -> int:
        """The page that is shown."""
        return min(max(self.wish.page, 1), self.pages)

    @property
    def first(self) -> int:
        """The number of its first row among those to show."""
        return (self.page - 1) * ROWS + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of its last row among those to show."""
        return min(self.page * ROWS, self.total)

    @property
    def columns(self) -> int:
        """How many columns the sheet has."""
        return len(self.sheet.heads) if self.sheet else 0

    @property
    def across_pages(self) -> int:
        """How many pages its columns take, at least 1."""
        return max(1, -(-self.columns // ACROSS))

    @property
    def across(self) -> int:
        """Which of these is shown."""
        return min(max(self.wish.across, 1), self.across_pages)

    @property
    def _shown_columns(self) -> range:
        return range((self.across - 1) * ACROSS + 1, min(self.across * ACROSS, self.columns) + 1)

    @property
    def heads(self) -> list[LookHead]:
        """The columns that are shown."""
        return [self.sheet.heads[at - 1] for at in self._shown_columns] if self.sheet else []

    @cached_property
    def rows(self) -> list[LookRow]:
        """The rows that are shown."""
        shown = self._rows[self.first - 1 : self.last] if self.total else []
        return [self._row(row) for row in shown]

    def _row(self, row: int) -> LookRow:
        assert self.sheet is not None
        own = tuple(self.by_row.get((self.number, row), ()))
        cells = tuple(self._cell(self.sheet, row, at, own) for at in self._shown_columns)
        return LookRow(row, cells, own, row in self.sheet.set_aside)

    def _cell(
        self, sheet: LookSheet, row: int, column: int, of_row: tuple[ShownFinding, ...]
    ) -> LookCell:
        own = tuple(one for one in of_row if one.column == column)
        worst = min((SEVERITIES.index(one.finding.severity) for one in own), default=-1)
        return LookCell(
            column,
            sheet.heads[column - 1].letters,
            one_cell(sheet.sheet.value(row, column)),
            sheet.read_as.get((row, column), ""),
            own,
            SEVERITIES[worst] if own else "",
        )

    @property
    def loose(self) -> list[ShownFinding]:
        """The findings about the file, and about this sheet as a whole."""
        return [
            one
            for one in self.look.findings
            if one.sheet is None or (one.sheet + 1 == self.number and one.row is None)
        ]

    @cached_property
    def kinds(self) -> list[FindingKind]:
        """The findings by kind."""
        return self.look.kinds

    def listed(self, at: int) -> tuple[ShownFinding, ...]:
        """The findings of a kind (from 1) that the list shows."""
        own = self.kinds[at - 1].findings
        if self.wish.kind != at:
            return own[:LISTED]
        return own[(self.wish.part - 1) * ROWS : self.wish.part * ROWS]

    def wish_for(self, one: ShownFinding) -> WishedView:
        """Where a finding is shown, rows without findings shown or not as now."""
        sheet = self.number if one.sheet is None else one.sheet + 1
        before = 0
        if one.sheet is not None and one.row is not None:
            before = (
                bisect_left(self._found_rows(sheet), one.row) if self.wish.only else one.row - 1
            )
        across = ((one.column or 1) - 1) // ACROSS + 1
        return WishedView(sheet, before // ROWS + 1, across, self.wish.only, one.number)

    def wish_for_kind(self, at: int, part: int = 1) -> WishedView:
        """The same page with the list of one kind (from 1)."""
        return replace(self.wish, kind=at, part=part)

    def wish_for_sheet(self, at: int) -> WishedView:
        """Another sheet, from 1."""
        return WishedView(sheet=at, only=self.wish.only)

    def wish_for_rows(self, only: bool) -> WishedView:  # noqa: FBT001 (from a template)
        """The same sheet, all rows or those with findings."""
        return WishedView(sheet=self.number, across=self.across, only=only)

    def wish_for_page(self, at: int) -> WishedView:
        """Another page of the rows."""
        return WishedView(self.number, at, self.across, self.wish.only)

    def wish_for_columns(self, at: int) -> WishedView:
        """Another page of the columns."""
        return WishedView(self.number, self.page, at, self.wish.only)

    def _found_rows(self, sheet: int) -> list[int]:
        known: dict[int, list[int]] = self.__dict__.setdefault("_known_rows", {})
        if sheet not in known:
            known[sheet] = self._rows_found(sheet)
        return known[sheet]
