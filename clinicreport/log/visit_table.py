"""The visits as everything after the log reads them: put in order once, one typed table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clinicreport.log.session_log import Bools

Ints = npt.NDArray[np.int64]
NO_COURSE = -1
# column of its own -> kind of visit
KINDS = {"treatment": "treatment", "screening": "screening", "follow_up": "follow-up"}


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits by patient, date, start time (none comes last in its day), then as entered.

    ``frame``: one row a visit, its index the visit's place in the log. Beside the log's columns:
    ``who`` (number of the patient, of a clinic where the log names them), ``treatment``,
    ``screening``, ``follow_up`` (booleans); and what :func:`courses.find_courses` adds: ``cid``
    (number of the course, -1 for none), ``day`` (since the course's day 0), ``week`` (from 0),
    ``nth`` (n-th treatment row of its course, from 0; -1 for other rows), ``new_day`` (first
    treatment row of a treatment day), ``in_scope``, ``looked_at`` (findings on it are given: in
    scope, or of no course and not before the period).
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def __getitem__(self, name: str) -> pd.Series[Any]:
        return self.frame[name]

    def whole(self, name: str) -> Ints:
        """A column of whole numbers."""
        return self.frame[name].to_numpy(dtype=np.int64)

    def flags(self, name: str) -> Bools:
        """A column of booleans."""
        return self.frame[name].to_numpy(dtype=bool)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """A numeric column, NaN where nothing is known."""
        return self.frame[name].to_numpy(dtype=float)

    def only(self, of: Bools | pd.Series[bool]) -> Visits:
        """The visits for which ``of`` holds, in the same order."""
        return Visits(self.frame[of])

    def events(self) -> Bools:
        """Whether an adverse event is written: none is not one, and nor is an empty cell."""
        written = self.frame["adverse_event"].to_numpy()
        return np.asarray(pd.notna(written) & (written != "none"), dtype=bool)

    def as_entered(self) -> pd.DataFrame:
        """The same rows in the order of the inputs."""
        return self.frame.sort_index()

    def positions(self, of: Bools) -> npt.NDArray[np.intp]:
        """Where the visits of a course for which ``of`` holds stand: course by course, and in
        order within each (visits of two courses can alternate)."""
        cid = self.whole("cid")
        at = np.flatnonzero(of & (cid != NO_COURSE))
        return at[np.argsort(cid[at], kind="stable")]


def in_order(entered: pd.DataFrame, as_of: date | None) -> pd.DataFrame:
    """The frame of the log's visits up to the as-of day, without what courses add."""
    date_ = entered["date"].to_numpy()
    at = np.flatnonzero(date_ <= np.datetime64(as_of)) if as_of else np.arange(len(entered))
    patient, _ = pd.factorize(entered["patient_id"].to_numpy()[at])
    site, sites = pd.factorize(entered["clinic"].to_numpy()[at])  # -1: no clinic is written
    who, _ = pd.factorize(patient.astype(np.int64) * (len(sites) + 1) + site)
    late = entered["start_time"].fillna(np.inf).to_numpy()[at]
    order = np.lexsort((at, late, date_[at], who))
    ordered = entered.reindex(entered.index[at[order]])
    ordered["who"] = who[order].astype(np.int64)
    codes, kinds = pd.factorize(ordered["visit_type"])
    for name, kind in KINDS.items():
        ordered[name] = np.append(kinds == kind, False)[codes]
    return ordered
