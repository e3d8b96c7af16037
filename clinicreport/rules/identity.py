"""Rules about who is who: ids that are nearly the same, and ids that two people share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clinicreport.log.fields import PEOPLE_FIELDS
from clinicreport.log.patient_ids import alike_keys
from clinicreport.log.people import differ
from clinicreport.rules.case import Case, Hits


def similar_patient_id(case: Case) -> Iterator[Hits]:
    """Ids that differ only in case, blanks, leading zeros, a ".0", the kind of dash, characters
    that look alike (O and 0; 1, I and l; Latin, Greek and Cyrillic) or a remark behind: perhaps one
    person."""
    firsts = case.visits[["who", "patient_id", "clinic"]].sort_index().drop_duplicates("who")
    seen: dict[tuple[str | None, int, str], list[str]] = {}
    at: list[int] = []
    details: list[str] = []
    for index, patient, clinic in zip(
        firsts.index.tolist(), firsts["patient_id"], firsts["clinic"], strict=True
    ):
        groups = [
            seen.setdefault((clinic, n, key), []) for n, key in enumerate(alike_keys(patient))
        ]
        earlier = [other for group in groups for other in group]
        unsettled = [other for other in earlier if not case.log.settled(patient, other)]
        if unsettled:
            at.append(index)
            details.append(unsettled[0])
        for group in groups:
            group.append(patient)
    yield Hits(case.position[np.array(at, dtype=np.intp)], "patient_id", detail=details)


def one_id_two_people(case: Case) -> Iterator[Hits]:
    """Rows of one id whose date of birth, birth year or full name differ, where the log has such a
    column. Once for each value that differs; the values themselves are never shown."""
    visits = case.visits[["who", *PEOPLE_FIELDS]].sort_index()
    for name, field in PEOPLE_FIELDS.items():
        told = visits.loc[visits[name].notna(), ["who", name]].drop_duplicates()
        told = told[told["who"].duplicated(keep=False)]
        at = [index for _, own in told.groupby("who") for index in _others(own[name])]
        if at:
            label = field.label.lower()
            where = case.position[np.array(at, dtype=np.intp)]
            yield Hits(where, "patient_id", value="", detail=label, limit=label)


def _others(told: pd.Series[str]) -> Iterator[int]:
    """The rows that hold another value than each row before them."""
    known: list[str] = []
    for index, value in told.items():
        if known and all(differ(value, other) for other in known):
            yield int(str(index))
        known.append(value)
