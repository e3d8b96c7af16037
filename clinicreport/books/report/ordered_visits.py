"""The visits in the order of the Sessions sheet, and what each counts as."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from clinicreport.ground.frame import Column, Frame, Ints, codes, missing, sorted_by
from clinicreport.workbook.page import BEFORE_DAY_1
from clinicreport.workbook.words import plain

if TYPE_CHECKING:
    from clinicreport.log.visit_table import Visits

Key = tuple[str, str]  # patient, clinic ("" where the log has no such column)

NO_EVENT = {"none", "no", "nil", "0"}


def patient_key(patient: Any, clinic: Any) -> Key:
    """What tells patients apart."""
    site = plain(clinic)
    return str(patient), "" if site is None else str(site)


def listed(column: Column) -> list[Any]:
    """A column's values as Python has them, None where one is missing."""
    if column.dtype != object and (gone := missing(column)).any():
        column = column.astype(object)
        column[gone] = None
    return list(column.tolist())


def days(dates: Column) -> list[int]:
    """Dates as a workbook counts days."""
    first = np.datetime64(date.fromordinal(BEFORE_DAY_1))
    return list((dates.astype("datetime64[D]") - first).astype(int).tolist())


def ordered(visits: Visits, serials: dict[Key, int]) -> Frame:
    """A patient's, and in it a course's, visits one below the other; in each as they stand."""
    sessions = visits.frame.assign(serial=_serials(visits.frame, serials))
    # Those who have no number of their own stand by name.
    placed = sessions.take(
        sorted_by(*(sessions[name] for name in ("serial", "patient_id", "course")))
    )
    return placed.assign(counted=_counted(placed), event=_events(placed))


def _serials(sessions: Frame, serials: dict[Key, int]) -> Ints:
    """For each visit the patient's number."""
    patients, names = codes(sessions["patient_id"])
    sites, known = codes(sessions["clinic"])
    labels = [*known, None]  # code -1, where no clinic is written, takes the last one
    pairs, each = np.unique(patients * len(labels) + sites % len(labels), return_inverse=True)
    unknown = len(serials) + 1  # patients who never started a course stand last
    found = [
        serials.get(patient_key(names[pair // len(labels)], labels[pair % len(labels)]), unknown)
        for pair in pairs.tolist()
    ]
    return np.array(found, dtype=np.int64)[each]


def _counted(sessions: Frame) -> list[str]:
    outside, in_scope = missing(sessions["course"]).tolist(), sessions["in_scope"].tolist()
    return [*map(counted, listed(sessions["visit_type"]), outside, in_scope)]


def _events(sessions: Frame) -> list[str]:
    kinds, texts = listed(sessions["visit_type"]), listed(sessions["adverse_event"])
    return [*map(event, kinds, texts)]


@lru_cache
def counted(visit_type: str, outside: bool, in_scope: bool) -> str:  # noqa: FBT001
    """Whether a visit is a session of the figures, and if not, why; ``outside``: of any course."""
    if visit_type == "not-attended":
        return "no: not attended"
    if outside:
        return "no: in no course"
    if not in_scope:
        return "no: before the period"
    return "yes" if visit_type == "treatment" else "score only"


@lru_cache
def event(visit_type: str, text: str | None) -> str:
    """What a treatment row says about adverse events; blank is never "none"."""
    if visit_type != "treatment":
        return "not a session"
    if text is None:
        return "not documented"
    return "none" if text.strip().casefold() in NO_EVENT else "event"
