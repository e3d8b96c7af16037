"""Which visits may hold a patient's scores: all patients at once, against one after another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clinicreport.books.report.score_rows import MIXED, NONE, ONE, RUN, score_rows
from clinicreport.ground.frame import Frame
from clinicreport.workbook.table import ColumnCells

KINDS = ("treatment", "screening", "follow-up", "not-attended")
visits = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-3, 9)), max_size=8)
CELLS = ColumnCells("Sessions", "G", 7)
FOLLOW_UP_DAYS = 3


def a_roster(courses: list[list[tuple[str, int]]]) -> Any:
    """Patients by serial number, each with a visit of another course behind the own ones."""
    rows, patients = list[tuple[str, int]](), []
    for serial, own in enumerate(courses, start=1):
        patients.append(
            SimpleNamespace(serial=serial, visits=range(len(rows), len(rows) + len(own)))
        )
        rows += [*own, ("treatment", 5)]
    kinds, days = [kind for kind, _ in rows], [day for _, day in rows]
    return SimpleNamespace(visits=Frame({"visit_type": kinds, "day": days}), patients=patients)


def stretch(at: list[int]) -> tuple[str, int, int]:
    """What such visits come to, one after another."""
    if not at:
        return NONE, 0, 0
    shape = ONE if len(at) == 1 else RUN if at[-1] - at[0] == len(at) - 1 else MIXED
    return shape, CELLS.first + at[0], CELLS.first + at[-1]


@given(st.lists(visits, min_size=1, max_size=4))
def test_every_patient_has_the_own_visits(courses: list[list[tuple[str, int]]]) -> None:
    roster = a_roster(courses)
    found = score_rows(roster, FOLLOW_UP_DAYS, CELLS)
    assert list(found) == [patient.serial for patient in roster.patients]
    for patient, own in zip(roster.patients, courses, strict=True):
        placed = list(zip(patient.visits, own, strict=True))
        treated = [(at, day) for at, (kind, day) in placed if kind == "treatment"]
        last = treated[-1][1] if treated else 0
        scored = [(at, day) for at, (kind, day) in placed if kind in ("treatment", "follow-up")]
        rows = found[patient.serial]
        assert rows.last_day == last
        assert rows.first == stretch([at for at, _ in treated[:1]])
        assert rows.screened == stretch([at for at, (kind, _) in placed if kind == "screening"])
        assert rows.begun == stretch([at for at, day in scored if day <= 0])
        late = last + FOLLOW_UP_DAYS
        assert rows.later == stretch([at for at, day in scored if 0 < day < late])
        assert rows.followed == stretch([at for at, day in scored if day > 0 and day >= late])
        assert rows.single_day == all(day <= 0 for _, day in scored)
