"""Rules about visits that stand twice with other scores: on one day of a file, or in two files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import distinct
from clinicreport.rules.case import Bools, Case, Hits

Groups = list[npt.NDArray[np.intp]]

MOSTLY, AT_LEAST = 0.5, 4  # † of a table's patient-days that are so: two rows a visit
TWO_ROWS = (
    "On {days} of {all} patient-days there are two rows with different scores: before and after "
    "seem to stand in two rows.",
    'Write in clinic.toml, under [reading]: rows = "before-and-after" (clinicreport fit helps), or '
    "two_sessions_a_day = true. Until then every row counts as a session.",
)
TWICE = (
    "Another score of this patient and day stands in {where}. Both rows are counted.",
    "Delete the wrong one, or enter start times where these are two sessions.",
)


class _Treated(NamedTuple):
    """A treatment row: where in the log, and what tells it from others of its day."""

    place: int
    start: float
    before: float
    after: float

    def differs(self, other: _Treated) -> bool:
        """Whether both give a score, and not the same."""
        pairs = ((self.before, other.before), (self.after, other.after))
        return any(mine != theirs for mine, theirs in pairs if mine == mine and theirs == theirs)  # noqa: PLR0124

    def apart(self, other: _Treated) -> float:
        """Minutes between the two; not a number where one has no time."""
        return abs(self.start - other.start)


def same_day_scores(case: Case) -> Iterator[Hits]:
    """Two treatment rows of one patient on one day in one file whose scores differ, unless both
    have a start time and these are an hour or more apart: a correction in a new row, or one visit
    in two rows. Where half of a table's patient-days are so, it is said once, at the heading."""
    if case.log.two_sessions_a_day:
        return
    day = _day(case)
    limit = case.protocol.rules["same-day-scores"].limit or 0
    found: dict[int, int] = {}
    for group in _groups(case, np.c_[day, _book(case)]):
        rows = _rows(case, group)
        for at, row in enumerate(rows):
            earlier = (r for r in rows[:at] if row.differs(r) and not row.apart(r) >= limit)
            other = next(earlier, None)
            if other:
                found[row.place] = other.place
    if found:
        yield from _told(case, found, day)


def _told(case: Case, found: dict[int, int], day: npt.NDArray[np.int64]) -> Iterator[Hits]:
    """One finding a later row, or one a table most of whose days are so."""
    source = case.log.visits["source"]
    at = case.position[np.array([*found], dtype=np.intp)]
    of = source[[*found]]
    rest = np.ones(len(at), dtype=bool)
    what, to_do = TWO_ROWS
    for table in distinct(of).tolist():
        own = (case.visits["source"] == table) & case.treatment
        days, so = len(distinct(day[own])), len(distinct(day[at[of == table]]))
        if so >= max(AT_LEAST, MOSTLY * days):
            rest &= of != table
            entries = [case.heading(table, "nrs_before")]
            yield Hits(entries=entries, detail=what.format(days=so, all=days), limit=to_do)
    others = [other for other, kept in zip(found.values(), rest.tolist(), strict=True) if kept]
    what, to_do = TWICE
    details = [what.format(where=case.where(other)) for other in others]
    yield Hits(at[rest], "nrs_before", detail=details, limit=to_do)


def visit_in_two_files(case: Case) -> Iterator[Hits]:
    """A treatment row of a patient and day (and start time, where both have one) that stand in
    another file, too, with no row there that has this score: an older or conflicted copy, or a
    correction under another name. It stands on the later file's row: a copy's, by its name."""
    if len(distinct(case.books)) < 2:
        return
    order = _order(case)[case.log.visits["source"]]
    places: list[int] = []
    details: list[str] = []
    for group in _groups(case, _day(case)[:, None]):
        if len(distinct(order[case.visits["place"][group]])) < 2:
            continue
        rows = _rows(case, group)
        for row in rows:
            other = _elsewhere(row, [r for r in rows if order[r.place] < order[row.place]])
            if other:
                places.append(row.place)
                details.append(case.where(other.place))
    yield Hits(case.position[np.array(places, dtype=np.intp)], "nrs_before", detail=details)


def _elsewhere(row: _Treated, others: Sequence[_Treated]) -> _Treated | None:
    """The same visit among rows of earlier files, where none of these has the row's score."""
    same = [other for other in others if not row.apart(other) > 0]
    alike = any(other.before == row.before for other in same)
    return None if alike or not same or np.isnan(row.before) else same[0]


# ---------------------------------------------------------------------- rows of one day


def _day(case: Case) -> npt.NDArray[np.int64]:
    """One number for patient and day of each visit."""
    days = case.visits["date"].astype("datetime64[D]").astype(np.int64)
    return np.asarray(case.visits["who"] * 1_000_000 + days, dtype=np.int64)


def _book(case: Case) -> npt.NDArray[np.int64]:
    return np.asarray(case.books[case.visits["source"]], dtype=np.int64)


def _counted(case: Case) -> Bools:
    """Treatments whose day is known well enough to tell two of one day apart."""
    weekly = np.array([source.by_weeks for source in case.log.sources], dtype=bool)
    return np.asarray(case.treatment & ~weekly[case.visits["source"]], dtype=bool)


def _groups(case: Case, key: npt.NDArray[np.int64]) -> Groups:
    """Positions of treatments that share a key with another one, each group in input order."""
    at = np.flatnonzero(_counted(case))
    own = key[at]
    if len(at):
        order = np.lexsort((case.visits["place"][at], *own.T[::-1]))
        at, own = at[order], own[order]
    starts = np.flatnonzero(np.r_[True, (own[1:] != own[:-1]).any(axis=1)]) if len(at) else at
    ends = np.r_[starts[1:], len(at)]
    many = np.flatnonzero(ends - starts > 1)
    return [at[starts[n] : ends[n]] for n in many.tolist()]


def _rows(case: Case, group: npt.NDArray[np.intp]) -> list[_Treated]:
    names = ("start_time", "nrs_before", "nrs_after")
    cells = (case.numbers(name)[group].tolist() for name in names)
    places = case.visits["place"][group].tolist()
    return [_Treated(*row) for row in zip(places, *cells, strict=True)]


# ------------------------------------------------------------------------ files' order

_COPY = (
    r"(?i)conflict|konflikt|conflit|conflicto|\(\d+\)|\bcopy\b|\bkopie\b|\bcopie\b|\bcopia\b|"
    r"[-_ ](?:old|backup|bak|alt)\b"
)


def _order(case: Case) -> npt.NDArray[np.int64]:
    """For each source the place of its file: copies, by their names, behind the others."""
    copies = [bool(re.search(_COPY, PurePath(source.file).stem)) for source in case.log.sources]
    return case.books + np.where(copies, len(copies), 0)
