"""A version for sharing, computed once: its workbook, and what it tells of whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.books.share.shared_counts import SharedCounts, as_shown, tally
from clinicreport.books.share.shared_lines import Shown
from clinicreport.books.share.shared_people import people_of
from clinicreport.books.share.suppression import suppress
from clinicreport.books.share.told import Cell, Told, Whole, cell_of

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis


@dataclass(frozen=True, slots=True)
class SharedVersion:
    """One clinic's version for sharing."""

    analysis: Analysis
    made: SharedCounts
    shown: Shown

    @property
    def told(self) -> Told:
        """What it tells, of whom."""
        people = people_of(self.analysis)
        names = as_shown(one.condition for one in people if one.condition)
        rows = list(self.made.conditions)
        places = {
            name: [one for one in people if names.get(one.condition) == name] for name in rows
        }
        rest = [one for one in people if names.get(one.condition) not in places]
        cells: list[Cell] = [cell_of(rest), *(cell_of(places[name]) for name in rows)]
        wholes = [Whole(tuple(range(len(cells))), self._tells(""))]
        wholes += [Whole((at,), self._tells(f"{name}: ")) for at, name in enumerate(rows, 1)]
        return Told("report", tuple(cells), tuple(wholes))

    def _tells(self, prefix: str) -> frozenset[str]:
        own = (name for name in self.made.values if name.startswith(prefix))
        told = {name.removeprefix(prefix) for name in own if self.shown.all(name)}
        return frozenset(name for name in told if ": " not in name)

    def workbook(self) -> bytes:
        """The workbook's bytes; the same version gives the same bytes."""
        from clinicreport.books.share import shared_workbook

        return shared_workbook.content(self)


def version(analysis: Analysis, *, by_condition: bool = True) -> SharedVersion:
    """The version for sharing, with a row for each condition or with all together alone."""
    made = tally(analysis, by_condition=by_condition)
    return SharedVersion(analysis, made, Shown(made, suppress(made.counts)))


def versions(analysis: Analysis) -> Iterator[SharedVersion]:
    """The version for sharing, and one that tells less."""
    full = version(analysis)
    yield full
    if full.made.conditions:
        yield version(analysis, by_condition=False)
