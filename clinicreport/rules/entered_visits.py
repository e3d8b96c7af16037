"""Rules about how visits were entered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clinicreport.ground.frame import first_alike, missing, repeated
from clinicreport.rules.case import Case, Hits

_TELLING = ("start_time", "nrs_before", "nrs_after")
_ALIKE = ("who", "visit_type", "date", *_TELLING)


def missing_score(case: Case) -> Iterator[Hits]:
    """A treatment or follow-up without a score before the session.

    A cell that holds something unreadable has a finding of its own and none here.
    """
    visits = case.visits
    scored = case.treatment | visits["follow_up"]
    empty = missing(visits["nrs_before"]) & ~case.unusable("nrs_before")
    yield Hits(scored & empty, "nrs_before")


def duplicate_row(case: Case) -> Iterator[Hits]:
    """The same patient, kind of visit, day, start time and scores as in an earlier row.

    Rows without a time and without any score are no evidence and are passed over.
    """
    visits = case.entered
    telling = np.any([~missing(visits[name]) for name in _TELLING], axis=0)
    told = visits.where(telling & repeated(visits["who"], visits["date"]))
    original = first_alike(*(told[name] for name in _ALIKE))
    later = np.flatnonzero(original != np.arange(len(told)))
    place = told["place"]
    details = [case.where(other) for other in place[original[later]].tolist()]
    yield Hits(case.position[place[later]], "patient_id", detail=details)


def outside_period(case: Case) -> Iterator[Hits]:
    """A visit before the period, in a file most of whose visits lie in it."""
    period = case.courses.period
    if period is None:
        return
    log = case.log.visits
    book = case.books[log["source"]]
    rows = np.bincount(book, minlength=len(case.books))
    inside = np.bincount(book[period.inside(log["date"])], minlength=len(case.books))
    own = (2 * inside > rows)[book][case.visits["place"]]
    yield Hits(own & (case.visits["date"] < np.datetime64(period.first)), "date")
