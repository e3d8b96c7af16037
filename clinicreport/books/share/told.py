"""What a version for sharing tells, of whom: what is remembered of it, to compare others with.

Of patients it holds fingerprints alone, see :mod:`clinicreport.books.share.shared_people`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinicreport.books.share.shared_counts import STATUSES, graded
from clinicreport.books.share.shared_people import fingerprint
from clinicreport.log.cells import SEVERITIES

if TYPE_CHECKING:
    from clinicreport.outcomes.person import Person

VIEWS = ("outcome", "status", "visits", "log")  # what a count rests on; the last of none
_STATUS = frozenset({*STATUSES, "ended"})
_VISITS = frozenset(
    {
        *("sessions", "documented", "not documented", "events", "no event", "not graded"),
        *("patients with event", "patients without event"),
        *("weeks_judged", "weeks_in_band", "weeks out of band"),
        *map(graded, SEVERITIES),
    }
)
Cell = dict[str, Counter[str]]  # view -> fingerprint -> how many patients have it


def view_of(measure: str) -> str:
    """What a count rests on: outcomes, the courses' status, or visits."""
    return "visits" if measure in _VISITS else "status" if measure in _STATUS else "outcome"


@dataclass(frozen=True, slots=True)
class Whole:
    """A row or table of a version: which cells' patients it is about, and the counts it shows."""

    cells: tuple[int, ...]
    tells: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """A version: its patients in cells that no row cuts, and its rows; the first is about all.

    ``part_of``: the name of the version of which this is what one clinic may remember.
    """

    kind: str  # "report" or "network"
    cells: tuple[Cell, ...]
    wholes: tuple[Whole, ...]
    part_of: str = ""

    def people(self, whole: Whole, view: str) -> Counter[str]:
        """The patients whom a row is about, by what the view's counts of them rest on."""
        found: Counter[str] = Counter()
        for at in whole.cells:
            found.update(self.cells[at][view])
        return found

    @property
    def text(self) -> str:
        """As JSON; the same version has the same text."""
        cells = [{view: dict(sorted(cell[view].items())) for view in VIEWS} for cell in self.cells]
        wholes = [[list(whole.cells), sorted(whole.tells)] for whole in self.wholes]
        kept = {"kind": self.kind, "cells": cells, "wholes": wholes, "part_of": self.part_of}
        return json.dumps(kept, separators=(",", ":"))

    @property
    def name(self) -> str:
        """A name for this version, by which somebody can release it."""
        return fingerprint(self.text)


def cell_of(people: Iterable[Person]) -> Cell:
    """Some patients as a cell."""
    found: Cell = {view: Counter() for view in VIEWS}
    for person in people:
        for view in VIEWS:
            if own := getattr(person, view):
                found[view][own] += 1
    return found


def together(cells: Sequence[Cell]) -> Cell:
    """Several cells as one that keeps only how many patients it is about, and that they are these:
    what somebody may know who holds the logs of others."""
    made: Cell = {}
    for view in VIEWS:
        people = sum((cell[view] for cell in cells), Counter[str]())
        text = json.dumps(sorted(people.items()))
        made[view] = Counter({fingerprint(text): people.total()} if people else {})
    return made


def read_told(text: str) -> Told:
    """A version from its text. Raises ValueError for anything else."""
    try:
        kept: Any = json.loads(text)
        return Told(
            str(kept["kind"]),
            tuple(
                {view: Counter({str(k): int(n) for k, n in cell[view].items()}) for view in VIEWS}
                for cell in kept["cells"]
            ),
            tuple(
                Whole(tuple(int(at) for at in cells), frozenset(map(str, tells)))
                for cells, tells in kept["wholes"]
            ),
            str(kept["part_of"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not what a version for sharing tells") from error
