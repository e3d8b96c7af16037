"""Rules about who is who: ids that are nearly the same, and ids that two people share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clinicreport.ground.frame import Column, firsts, groups, missing, repeated
from clinicreport.log.fields import PEOPLE_FIELDS
from clinicreport.log.patient_ids import alike_keys
from clinicreport.log.people import differ
from clinicreport.rules.case import Case, Hits


def similar_patient_id(case: Case) -> Iterator[Hits]:
    """Ids that differ only in case, blanks, leading zeros, a ".0", the kind of dash, characters
    that look alike (O and 0; 1, I and l; Latin, Greek and Cyrillic) or a remark behind: perhaps one
    person."""
    people = case.entered.where(firsts(case.entered["who"]))
    seen: dict[tuple[str | None, int, str], list[str]] = {}
    places: list[int] = []
    details: list[str] = []
    for place, patient, clinic in zip(
        people["place"].tolist(), people["patient_id"], people["clinic"], strict=True
    ):
        alike = [seen.setdefault((clinic, n, key), []) for n, key in enumerate(alike_keys(patient))]
        earlier = [other for group in alike for other in group]
        unsettled = [other for other in earlier if not case.log.settled(patient, other)]
        if unsettled:
            places.append(place)
            details.append(unsettled[0])
        for group in alike:
            group.append(patient)
    yield Hits(case.position[np.array(places, dtype=np.intp)], "patient_id", detail=details)


def one_id_two_people(case: Case) -> Iterator[Hits]:
    """Rows of one id whose date of birth, birth year or full name differ, where the log has such a
    column. Once for each value that differs; the values themselves are never shown."""
    visits = case.entered
    for name, field in PEOPLE_FIELDS.items():
        told = visits.where(~missing(visits[name]))
        told = told.where(firsts(told["who"], told[name]))
        told = told.where(repeated(told["who"]))
        places = [
            place
            for _, own in groups(told["who"])
            for place in _others(told["place"][own], told[name][own])
        ]
        if places:
            label = field.label.lower()
            where = case.position[np.array(places, dtype=np.intp)]
            yield Hits(where, "patient_id", value="", detail=label, limit=label)


def _others(places: Column, told: Column) -> Iterator[int]:
    """The places of the rows that hold another value than each row before them."""
    known: list[str] = []
    for place, value in zip(places.tolist(), told.tolist(), strict=True):
        if known and all(differ(value, other) for other in known):
            yield place
        known.append(value)
