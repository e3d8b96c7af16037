"""Which scores of a patient a line joins: never over a time nobody came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from clinicreport.workbook.words import plain

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts, Row

RUN, OVER = "In a run", "To a follow-up"
Point = tuple[date, float | None, float | None]  # day, score in a run, score at an end of OVER


@dataclass(frozen=True, slots=True)
class Joined:
    """Which scores before a session a line joins: ``runs`` of visits, and from the last of them to
    each follow-up ``over`` a time without treatment."""

    runs: tuple[tuple[Row, ...], ...]
    over: tuple[tuple[Row, Row], ...]


def joined(facts: Facts, days: int) -> Joined:
    """No run goes over a missing score, a pause of so many days, or to or from a follow-up."""
    paused = {id(after) for _, after in facts.pauses(days)}
    runs: list[list[Row]] = []
    over: list[tuple[Row, Row]] = []
    run: list[Row] = []
    last: Row | None = None
    for visit in facts.visits:
        known, later = plain(visit["nrs_before"]) is not None, visit["visit_type"] == "follow-up"
        if later and known and last is not None:
            over.append((last, visit))
        if later or not known or id(visit) in paused:
            runs, run = [*runs, run], []
        if known:
            last = visit
            run += [] if later else [visit]
    return Joined(tuple(tuple(each) for each in [*runs, run] if len(each) > 1), tuple(over))


def joined_points(facts: Facts, days: int) -> list[Point]:
    """The corners of the lines; one without a score ends each."""
    points: list[Point] = []
    found = joined(facts, days)
    for run in found.runs:
        told = [(visit["date"].date(), plain(visit["nrs_before"]), None) for visit in run]
        points += [*told, (told[-1][0], None, None)]
    for pair in found.over:
        ends = [(visit["date"].date(), None, plain(visit["nrs_before"])) for visit in pair]
        points += [*ends, (ends[-1][0], None, None)]
    return points
