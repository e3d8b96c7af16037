"""Made-up clinics for edits: their logs as sheets of cells, to change one cell and run again.

Together they have what logs have: screenings, follow-ups, gaps, zeros, second courses, several rows
a day, missed visits, two clinics in a log, a patient a row, another scale, start times, a month.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from random import Random
from typing import Any

from helpers import book_of, sheet_of
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string

from clinicreport.outcomes.analysis import Analysis
from clinicreport.path import counted, judged, typed
from clinicreport.settings.request import make_request

Row = dict[str, Any]
Grid = list[list[Any]]
FIRST_DAY = date(2026, 4, 6)


@dataclass
class Logs:
    """Logs by the file's name, each one sheet with its headings in row 1."""

    grids: dict[str, Grid]
    period: str | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    factor: int = 1  # what a score of 1 is on the log's own scale

    def analysis(self) -> Analysis:
        """The figures of these logs, by the program's whole path."""
        books = [book_of(sheet_of(grid), name=name) for name, grid in sorted(self.grids.items())]
        request = make_request(today="2026-11-02", period=self.period)
        declared = request.config.reading.model_copy(update=self.reading)
        config = request.config.model_copy(update={"reading": declared})
        request = request._replace(config=config)
        return counted(judged(typed(books, request), request)).analysis

    def changed(self, file: str, cell: str, value: Any) -> Logs:
        """The same logs with another value in one cell."""
        letters, row = coordinate_from_string(cell)
        grids = deepcopy(self.grids)
        grids[file][row - 1][column_index_from_string(letters) - 1] = value
        return replace(self, grids=grids)

    def column(self, file: str, heading: str) -> int:
        """Where a column stands, from 0."""
        return self.grids[file][0].index(heading)


def visits(random: Random, names: list[str]) -> list[Row]:
    """The visits of some patients, in long form."""
    rows: list[Row] = []
    for name in names:
        day = random.randint(0, 30)
        if random.random() < 0.4:
            rows.append(_visit(random, name, day - random.choice((1, 5)), "screening"))
        for _ in range(random.choice((1, 1, 1, 2))):
            for _ in range(random.randint(1, 9)):
                rows.append(_visit(random, name, day))
                if random.random() < 0.15:
                    rows.append(_visit(random, name, day))
                if random.random() < 0.1:
                    rows.append(_visit(random, name, day + 1, "not-attended"))
                day += random.randint(1, 6)
            if random.random() < 0.5:
                rows.append(_visit(random, name, day + 5, "follow-up"))
            late = [later for later in (35, 60) if random.random() < 0.4]
            rows += [_visit(random, name, day + later, "follow-up") for later in late]
            day += 75
    return rows


def _visit(random: Random, name: str, day: int, kind: str = "treatment") -> Row:
    return {
        "patient_id": name,
        "date": FIRST_DAY + timedelta(day),
        "visit_type": kind,
        "nrs_before": random.choice((None, 0.0, *map(float, range(1, 11)), 5.5, 3.5)),
        "nrs_after": random.choice((None, 2.0, 4.0)),
        "duration": float(random.choice((12, 15))),
        "eye_protection": random.choice(("yes", "no", None)),
        "adverse_event": random.choice(("none", "redness", None)),
        "condition": random.choice(("neck pain", "chronic low back pain")),
    }


def by_month(rows: list[Row], more: list[str]) -> dict[str, Grid]:
    """A log a month, as clinics keep them."""
    heads = [*_visit(Random(0), "", 0), *more]
    grids: dict[str, Grid] = {}
    for row in rows:
        grid = grids.setdefault(f"log-{row['date']:%Y-%m}.xlsx", [list(heads)])
        grid.append([row.get(head) for head in heads])
    return grids


def _names(random: Random) -> list[str]:
    return [f"P-{number:02}" for number in range(random.randint(3, 10))]


def long(random: Random) -> Logs:
    """A row a visit."""
    return Logs(by_month(visits(random, _names(random)), []))


def of_a_month(random: Random) -> Logs:
    """The same, of which one month is reported."""
    return replace(long(random), period=f"2026-{random.randint(5, 9):02}")


def two_clinics(random: Random) -> Logs:
    """Two clinics in one log, whose patients have the same numbers."""
    rows = [
        row | {"clinic": clinic}
        for clinic in ("Harbour", "Hill")
        for row in visits(random, _names(random)[:5])
    ]
    return Logs(by_month(rows, ["clinic"]))


def timed(random: Random) -> Logs:
    """Several visits a day, in the order of their times and not of their rows."""
    rows = [
        row | {"start_time": time(random.randint(8, 17), random.choice((0, 30)))}
        for row in visits(random, _names(random))
    ]
    return Logs(by_month(rows, ["start_time"]))


def other_scale(random: Random) -> Logs:
    """Scores from 0 to 100, declared."""
    rows = visits(random, _names(random))
    for row in rows:
        if row["nrs_before"] is not None:
            row["nrs_before"] *= 10
    return Logs(by_month(rows, []), reading={"scale": {"nrs_before": "0-100"}}, factor=10)


def wide(random: Random) -> Logs:
    """A patient a row, a column a week."""
    weeks = [f"Week {week + 1}" for week in range(random.randint(3, 9))]
    grid: Grid = [["Patient", "Start date", "Baseline", *weeks]]
    for name in _names(random):
        scores = [random.choice((None, *map(float, range(11)))) for _ in grid[0][2:]]
        grid.append([name, FIRST_DAY + timedelta(random.randint(0, 60)), *scores])
    return Logs({"wide.xlsx": grid})


def many_patients(random: Random) -> Logs:
    """So many that every figure has its interval."""
    return Logs(by_month(visits(random, [f"Q{number:03}" for number in range(24)]), []))


CLINICS: tuple[Callable[[Random], Logs], ...] = (
    long,
    of_a_month,
    two_clinics,
    timed,
    other_scale,
    wide,
    many_patients,
)
