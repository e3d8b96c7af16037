"""The visits as everything after the log reads them: put in order once, one typed table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Column, Frame, codes, missing
from clinicreport.log.session_log import Bools

Ints = npt.NDArray[np.int64]
NO_COURSE = -1
# column of its own -> kind of visit
KINDS = {"treatment": "treatment", "screening": "screening", "follow_up": "follow-up"}


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits by patient, date, start time (none comes last in its day), then as entered.

    ``frame``: one row a visit. Beside the log's columns: ``place`` (the visit's row in the log),
    ``who`` (number of the patient, of a clinic where the log names them), ``treatment``,
    ``screening``, ``follow_up`` (booleans); and what :func:`courses.find_courses` adds: ``cid``
    (number of the course, -1 for none), ``day`` (since the course's day 0), ``week`` (from 0),
    ``nth`` (n-th treatment row of its course, from 0; -1 for other rows), ``new_day`` (first
    treatment row of a treatment day), ``in_scope``, ``looked_at`` (findings on it are given: in
    scope, or of no course and not before the period).
    """

    frame: Frame

    def __len__(self) -> int:
        return len(self.frame)

    def __getitem__(self, name: str) -> Column:
        return self.frame[name]

    def whole(self, name: str) -> Ints:
        """A column of whole numbers."""
        return self.frame[name].astype(np.int64, copy=False)

    def flags(self, name: str) -> Bools:
        """A column of booleans."""
        return self.frame[name].astype(bool, copy=False)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """A numeric column, NaN where nothing is known."""
        return self.frame[name].astype(float, copy=False)

    def only(self, of: Bools) -> Visits:
        """The visits for which ``of`` holds, in the same order."""
        return Visits(self.frame.where(of))

    def events(self) -> Bools:
        """Whether an adverse event is written: none is not one, and nor is an empty cell."""
        written = self.frame["adverse_event"]
        return np.asarray(~missing(written) & (written != "none"), dtype=bool)

    def as_entered(self) -> Frame:
        """The same rows in the order of the inputs."""
        return self.frame.take(np.argsort(self.frame["place"]))

    def positions(self, of: Bools) -> npt.NDArray[np.intp]:
        """Where the visits of a course for which ``of`` holds stand: course by course, and in
        order within each (visits of two courses can alternate)."""
        cid = self.whole("cid")
        at = np.flatnonzero(of & (cid != NO_COURSE))
        return at[np.argsort(cid[at], kind="stable")]


def in_order(entered: Frame, as_of: date | None) -> Frame:
    """The log's visits up to the as-of day, without what courses add."""
    day = entered["date"]
    at = np.flatnonzero(day <= np.datetime64(as_of)) if as_of else np.arange(len(entered))
    patient, _ = codes(entered["patient_id"][at])
    site, sites = codes(entered["clinic"][at])  # -1: no clinic is written
    who, _ = codes(patient * (len(sites) + 1) + site)
    start = entered["start_time"][at]
    order = np.lexsort((at, np.where(np.isnan(start), np.inf, start), day[at], who))
    ordered = entered.take(at[order])
    ordered["place"] = at[order]
    ordered["who"] = who[order]
    kind_of, kinds = codes(ordered["visit_type"])
    for name, kind in KINDS.items():
        ordered[name] = np.array([*(one == kind for one in kinds), False])[kind_of]
    return ordered
