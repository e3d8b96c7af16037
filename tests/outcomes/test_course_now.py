"""Where a patient stands after the course, and what is due next."""

from datetime import date, timedelta
from typing import Any

import pytest
from report_data import from_rows, visit

from clinicreport.outcomes.course_now import (
    FollowedUp,
    NextCheck,
    came_back,
    followed_up,
    holds_now,
    next_check,
    under_way,
)
from clinicreport.protocol import in_force

LIMITS = in_force.load().course
FIRST = date(2026, 8, 3)


def on(day: int) -> date:
    return FIRST + timedelta(day)


def course_of(*scores: float | None, later: tuple[tuple[int, float], ...] = ()) -> dict[str, Any]:
    """The course of a patient treated on days 0, 2, 4 …, with follow-ups so many days after."""
    rows = [visit("P", on(2 * at), score) for at, score in enumerate(scores)]
    last = 2 * (len(scores) - 1)
    rows += [visit("P", on(last + day), score, visit_type="follow-up") for day, score in later]
    return next(from_rows(rows).courses.rows())


@pytest.mark.parametrize(
    ("scores", "later", "said", "holds"),
    [
        ((5, 3), (), None, None),
        ((5, 3), ((30, 3),), None, True),
        ((5, 3), ((30, 5),), "relapsed", False),
        ((10, 7), ((30, 7),), None, True),  # 30 % exactly
        ((6, 4.2), ((30, 4.2),), None, True),  # which binary floats deny
        ((8, 4), ((30, 7), (60, 4)), "relapsed", True),  # was back in between
        ((8, 6), ((30, 8),), "back-at-start", False),
        ((8, 6), ((30, 7),), None, False),
        ((5, 5), ((30, 5),), None, False),
        ((5, 5), ((30, 6.9),), None, False),
        ((5.1, 5), ((30, 7.1),), "worse-since", False),  # 2 points exactly
        ((5, 3), ((30, 8),), "worse-since", False),
        ((5, 8), ((30, 8),), None, False),  # was worse at the end already
        ((0, 0), ((30, 2),), "worse-since", None),
        ((None, 3), ((30, 5),), None, None),
        ((5, 3), ((27, 5),), None, None),  # no follow-up yet: it is the latest score
    ],
)
def test_what_a_follow_up_says(scores, later, said, holds) -> None:
    course = course_of(*scores, later=later)
    assert (came_back(course), holds_now(course)) == (said, holds)


def test_the_last_follow_up_has_its_day() -> None:
    assert followed_up(course_of(5, 3)) is None
    found = followed_up(course_of(5, 3, later=((30, 4), (41, 5))))
    assert found == FollowedUp(5, on(2 + 41), 41)


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        (4, NextCheck("week-check", on(28))),
        (28, NextCheck("week-check", on(28))),
        (29, NextCheck("follow-up", on(32))),
        (32, NextCheck("follow-up-today", on(32))),
        (33, NextCheck("follow-up-overdue", on(32))),
    ],
)
def test_what_is_due_next(as_of, due) -> None:
    assert next_check(course_of(6, 6, 6), LIMITS, on(as_of)) == due


def test_nothing_is_due_without_a_treatment_or_after_the_follow_up() -> None:
    assert next_check(None, LIMITS, on(4)) == NextCheck("no-treatment", None)
    course = course_of(6, 6, later=((30, 4),))
    assert next_check(course, LIMITS, on(40)) == NextCheck("followed-up", None)


@pytest.mark.parametrize(
    ("changes", "as_of", "goes_on"),
    [
        ({"status": "in-progress"}, 4, True),
        ({"status": "completed"}, 32, True),
        ({"status": "completed"}, 33, False),  # 29 days after the last treatment
        ({"status": "dropout"}, 33, False),
        ({"status": "completed", "discharged": True}, 4, False),
    ],
)
def test_whether_treatment_goes_on(changes, as_of, goes_on) -> None:
    course = course_of(6, 6, 6) | {"discharged": False} | changes
    assert under_way(course, LIMITS, on(as_of)) is goes_on


def test_the_check_of_the_response_is_not_due_once_discharged() -> None:
    course = course_of(6, 6, 6) | {"discharged": True, "status": "completed"}
    assert next_check(course, LIMITS, on(10)) == NextCheck("follow-up", on(32))
