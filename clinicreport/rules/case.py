"""What a rule looks at, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Frame, codes, missing
from clinicreport.ground.rounding import written
from clinicreport.log.courses import Courses
from clinicreport.log.register import RegisterEntry
from clinicreport.log.reporter import Reporter, Spot
from clinicreport.log.session_log import Located, Log
from clinicreport.protocol.in_force import Protocol
from clinicreport.protocol.limits import Schedule, Session

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


NOWHERE = np.zeros(0, dtype=np.intp)


class Hits(NamedTuple):
    """The cells that a rule hits: positions in :attr:`Case.visits` and the field whose cell it is.

    ``value``, ``detail`` and ``limit`` fill the message. ``actual`` is cited behind the clause and
    its limit ("this week 2"); ``clause`` and ``bounds`` replace the rule's clause and its limit
    where another holds for a hit (the loading phase); ``matter`` is what the hit is about where its
    day does not say it. Each is one value for all hits or one a hit.
    ``entries`` are cells of no visit instead: a register's, a heading.
    """

    at: Positions | Bools = NOWHERE
    field: str = ""
    value: Any = None
    detail: Any = ""
    limit: Any = ""
    actual: Any = ""
    clause: Any = ""
    bounds: Any = ""
    matter: Any = ""
    entries: Sequence[RegisterEntry] = ()


@dataclass(frozen=True)
class Case:
    """All a rule needs: the log, its courses, the protocol."""

    log: Log
    courses: Courses
    protocol: Protocol

    @property
    def visits(self) -> Frame:
        """The visits up to the as-of day, in the order of the definitions."""
        return self.courses.visits.frame

    @cached_property
    def entered(self) -> Frame:
        """The same in the order of the inputs."""
        return self.courses.visits.as_entered()

    @cached_property
    def treatment(self) -> Bools:
        """Which visits are treatments."""
        return self.courses.visits.flags("treatment")

    @cached_property
    def cid(self) -> npt.NDArray[np.int64]:
        """The course of each visit, -1 for none."""
        return self.courses.visits.whole("cid")

    @cached_property
    def patient_looked_at(self) -> Bools:
        """Visits of patients with a visit that is looked at (of all, without a period)."""
        who = self.visits["who"]
        return np.isin(who, who[self.visits["looked_at"]])

    def numbers(self, name: str) -> Floats:
        """A numeric field of all visits."""
        return self.courses.visits.numbers(name)

    def blank(self, name: str) -> Bools:
        """Visits whose table has a column for the field and whose cell is empty (not faulty)."""
        empty = missing(self.visits[name]) & self.has_column(name)
        return np.asarray(empty & ~self.unusable(name), dtype=bool)

    def has_column(self, name: str) -> Bools:
        """Visits whose table has a column for the field."""
        return np.asarray(self.log.has_column(name)[self.visits["place"]], dtype=bool)

    def unusable(self, name: str) -> Bools:
        """Visits whose cell holds something that could not be read."""
        cells = self.log.unusable.get(name)
        if not cells:
            return np.zeros(len(self.visits), dtype=bool)
        source, row = self.visits["source"], self.visits["row"]
        return np.isin(_cell(source, row), _cell(*np.array(list(cells), dtype=np.int64).T))

    def heading(self, source: int, name: str) -> RegisterEntry:
        """The heading cell of a field in a source's table."""
        table = self.log.sources[source]
        row = table.heading_row
        spot = Spot(table.file, table.sheet, table.cell(name, row), row, name)
        return RegisterEntry(None, spot)

    def where(self, place: int) -> str:
        """The row of a visit in words, from its place in the log."""
        spot = self.log.spot(place, "patient_id")
        sheet = f", sheet {spot.sheet}" if spot.sheet else ""
        return f"{spot.file}{sheet}, row {spot.row}"

    @cached_property
    def position(self) -> npt.NDArray[np.intp]:
        """For each visit of the log, where it stands in :attr:`visits`; -1 after the as-of day."""
        result = np.full(len(self.log.visits), -1, dtype=np.intp)
        result[self.visits["place"]] = np.arange(len(self.visits))
        return result

    @cached_property
    def books(self) -> npt.NDArray[np.int64]:
        """For each source of the log, the number of its file."""
        files = [(source.file, source.sha256) for source in self.log.sources]
        number = {file: n for n, file in enumerate(dict.fromkeys(files))}
        return np.array([number[file] for file in files], dtype=np.int64)

    @cached_property
    def week_row(self) -> npt.NDArray[np.int64]:
        """For each treatment row its row in ``courses.weeks``; -1 for other visits."""
        weeks = self.courses.weeks
        found = np.full(len(self.visits), -1, dtype=np.int64)
        if len(weeks):
            offset = np.flatnonzero(weeks["week"] == 0)
            own = self.treatment
            found[own] = offset[self.cid[own]] + self.visits["week"][own]
        return found

    @cached_property
    def day_in_week(self) -> npt.NDArray[np.int64]:
        """For the first row of each treatment day, the how-many-th day of its week it is, from 1;
        0 for other rows and in courses whose days are not known."""
        first = self.visits["new_day"].copy()
        first[first] = self.courses.table["days_known"][self.cid[first]]
        week = self.week_row[first]  # in order, as the visits are
        found = np.zeros(len(self.visits), dtype=np.int64)
        found[first] = np.arange(len(week)) - np.searchsorted(week, week) + 1
        return found

    def limit(self, pick: Callable[[Session, Schedule], float]) -> Floats:
        """A limit of the protocol for each visit, by the condition of its course."""
        written_as, distinct = codes(self.courses.table["condition"])
        limits = [pick(*self.protocol.for_condition(text)) for text in [*distinct, None]]
        of_course = np.array(limits, dtype=float)[written_as]  # -1, no condition, is the last
        return np.append(of_course, limits[-1])[self.cid]

    def located(self, rule: str, hits: Hits) -> list[Located]:
        """The hits as findings."""
        reporter = Reporter(self.protocol)
        found = [
            Located(finding)
            for entry in hits.entries
            if (
                finding := reporter.finding(
                    rule, entry.spot, entry.value, detail=hits.detail, limit=hits.limit
                )
            )
        ]
        at = np.flatnonzero(hits.at) if hits.at.dtype == bool else np.asarray(hits.at, np.intp)
        if not len(at):
            return found
        source, spots = self._spots(at, hits.field)
        values = (
            self.visits[hits.field][at].tolist()
            if hits.value is None
            else _each(hits.value, len(at))
        )
        waivers = self.visits["waiver"][at].tolist()
        words = (_each(v, len(at)) for v in (hits.detail, hits.limit, hits.matter))
        for place, spot, value, waiver, clause, detail, limit, matter in zip(
            source, spots, values, waivers, self._citations(rule, hits, at), *words, strict=True
        ):
            finding = reporter.finding(
                rule,
                spot,
                _plain(value),
                waiver=waiver,
                detail=detail,
                limit=limit,
                clause=clause,
                matter=matter,
            )
            if finding:
                found.append(Located(finding, place, spot.row))
        return found

    def _spots(self, at: Positions, name: str) -> tuple[list[int], list[Spot]]:
        """The source and the cell of a field for the visits at these positions."""
        sources, rows, patients, clinics = (
            self.visits[key][at].tolist() for key in ("source", "row", "patient_id", "clinic")
        )
        spots = []
        for source, row, patient, clinic in zip(sources, rows, patients, clinics, strict=True):
            table = self.log.sources[source]
            cell, line = table.cell(name, row), table.standing(name, row)[1]
            spots.append(Spot(table.file, table.sheet, cell, line, name, patient, clinic))
        return sources, spots

    def _citations(self, rule: str, hits: Hits, at: Positions) -> list[str]:
        """For each hit the clause in force for its course, with its limit and what was found."""
        usual = self.protocol.rules[rule].clause
        written = self.courses.table["condition"].tolist()
        names = {text: self.protocol.condition_of(text) for text in set(written)}
        names_of_courses = [*(names[text] for text in written), None]  # -1, no course, is the last
        known: dict[tuple[str, Any, Any], str] = {}
        result = []
        each = (_each(words, len(at)) for words in (hits.clause, hits.bounds, hits.actual))
        for cid, clause, bounds, actual in zip(self.cid[at].tolist(), *each, strict=True):
            key = (clause or usual, names_of_courses[cid], bounds)
            if key not in known:
                known[key] = self._cited(*key)
            result.append(f"{known[key]}; {actual}" if actual else known[key])
        return result

    def _cited(self, clause: str, name: str | None, bounds: str) -> str:
        if bounds:
            return f"{self.protocol.key_in_force(clause, name)}: {bounds}"
        return self.protocol.clause_text(clause, name)


def _cell(source: npt.NDArray[np.int64], row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Source and row of cells as one number each."""
    return source << 32 | row


def _each(value: Any, size: int) -> list[Any]:
    """One value a hit."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return [value] * size
    return value.tolist() if isinstance(value, np.ndarray) else list(value)


def _plain(value: Any) -> Any:
    """A frame's value as a cell's: no NaN."""
    return None if isinstance(value, float) and np.isnan(value) else value


def points(values: Floats) -> list[str]:
    """Numbers as people write them: no noise, no needless decimals."""
    return [written(value) for value in values.tolist()]
