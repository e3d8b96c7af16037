"""Which visits may hold a patient's scores, as rows of sheet Sessions: told by dates and kinds of
visit, which stay as made."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clinicreport.books.report.roster import SCORED, Roster
from clinicreport.ground.frame import Bools, Ints, ends, firsts
from clinicreport.workbook.table import ColumnCells

SCREENING = ("screening",)
NONE, ONE, RUN, MIXED = "none", "one", "run", "mixed"


class Stretch(NamedTuple):
    """Visits from one row of sheet Sessions to another, by their numbers there.

    ``shape``: none, one, or several, with others between them or without.
    """

    shape: str
    first: int
    last: int


class ScoreRows(NamedTuple):
    """Visits that may hold a patient's scores, as rows of sheet Sessions, in order."""

    last_day: int  # of the last treatment
    first: Stretch  # the first treatment
    screened: Stretch
    later: Stretch  # treatments and follow-ups after day 0, as far as the latest score may be
    begun: Stretch  # treatments and follow-ups of day 0
    followed: Stretch  # follow-ups after those

    @property
    def single_day(self) -> bool:
        """Whether there is no treatment or follow-up after day 0."""
        return self.later.shape == self.followed.shape == NONE


def score_rows(roster: Roster, follow_up_days: int, cells: ColumnCells) -> dict[int, ScoreRows]:
    """For each patient, by serial number; ``cells``: any column of sheet Sessions."""
    count = len(roster.patients)
    sizes = np.array([len(patient.visits) for patient in roster.patients], dtype=np.int64)
    begin = np.array([patient.visits.start for patient in roster.patients], dtype=np.int64)
    whose = np.repeat(np.arange(count), sizes)
    at = np.arange(len(whose)) + np.repeat(begin - np.cumsum(sizes) + sizes, sizes)
    kinds, days = roster.visits["visit_type"][at], roster.visits["day"][at]

    treated = kinds == "treatment"
    last_day = np.zeros(count, dtype=np.int64)
    last_day[whose[treated]] = days[treated]  # the last one stays
    first = np.zeros(len(at), dtype=bool)
    first[np.flatnonzero(treated)[firsts(whose[treated])]] = True
    scored, after = np.isin(kinds, SCORED), days > 0
    far = days >= (last_day + follow_up_days)[whose]
    parts = (
        first,
        np.isin(kinds, SCREENING),
        scored & after & ~far,
        scored & ~after,
        scored & after & far,
    )
    rows = cells.number(0) + at
    stretches = (_stretches(whose[part], rows[part], count) for part in parts)
    found = map(ScoreRows, last_day.tolist(), *stretches)
    return dict(zip((patient.serial for patient in roster.patients), found, strict=True))


def _stretches(whose: Ints, rows: Ints, count: int) -> list[Stretch]:
    """For each of so many patients, the stretch of their rows, which are in order."""
    first, last, many = ends(rows, whose, count)
    tests: list[Bools] = [many == 0, many == 1, last - first < many]
    shapes = np.select(tests, [NONE, ONE, RUN], MIXED)
    return [*map(Stretch, shapes.tolist(), first.tolist(), last.tolist())]
