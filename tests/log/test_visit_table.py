"""The order of the visits: by patient of a clinic, day, start time, then as entered."""

from __future__ import annotations

from datetime import date

import numpy as np

from clinicreport.ground.frame import Frame
from clinicreport.log.visit_table import Visits, in_order

# patient, clinic, day, start time in minutes; the place in the input is the row's number
ENTERED = [
    ("B", "North", "2026-03-02", 540.0),  # 0
    ("A", "North", "2026-03-04", None),  # 1
    ("A", "North", "2026-03-04", 600.0),  # 2
    ("B", "North", "2026-03-01", None),  # 3
    ("A", "South", "2026-03-03", 480.0),  # 4: another person
    ("A", "North", "2026-03-04", None),  # 5
    ("A", None, "2026-03-01", None),  # 6: no clinic is written: another one again
    ("B", "North", "2026-03-02", 480.0),  # 7
    ("A", "North", "2026-03-03", 900.0),  # 8
]


def _frame() -> Frame:
    patients, clinics, days, times = zip(*ENTERED, strict=True)
    return Frame(
        {
            "patient_id": patients,
            "clinic": clinics,
            "date": np.array(days, dtype="datetime64[s]"),
            "start_time": np.array(times, dtype=float),
            "visit_type": ["treatment"] * 8 + ["follow-up"],
        }
    )


def test_a_patients_visits_stand_by_day_and_time_and_those_without_time_last() -> None:
    frame = in_order(_frame(), None)
    assert frame["place"].tolist() == [3, 7, 0, 8, 2, 1, 5, 4, 6]
    assert frame["who"].tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 3]
    assert frame["follow_up"].tolist() == [False] * 3 + [True] + [False] * 5


def test_later_visits_than_the_day_are_not_known_yet() -> None:
    frame = in_order(_frame(), date(2026, 3, 3))
    assert frame["place"].tolist() == [3, 7, 0, 4, 6, 8]


def test_a_part_keeps_the_order_and_the_inputs_order_comes_back() -> None:
    visits = Visits(in_order(_frame(), None))
    part = visits.only(visits.flags("treatment") & (visits.numbers("start_time") > 0))
    assert part.frame["place"].tolist() == [7, 0, 2, 4]
    assert part.as_entered()["place"].tolist() == [0, 2, 4, 7]
    assert len(part) == 4


def test_positions_go_course_by_course() -> None:
    frame = in_order(_frame(), None)
    frame["cid"] = [1, 0, 1, -1, 2, 0, -1, 2, 1]
    visits = Visits(frame)
    known = visits.numbers("start_time") > 0
    assert visits.positions(known).tolist() == [1, 2, 4, 7]
