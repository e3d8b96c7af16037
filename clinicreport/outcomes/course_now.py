"""Where a patient stands now: what became of the gain after the course, and what is due next.

Every page that says "start, end of course, now" and every list of what to do asks here, so that
none tells another story. A course is one row of ``Analysis.courses``; a missing value in it may be
None or NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from clinicreport.log.exact import at_least_zero, difference
from clinicreport.outcomes.course_scores import IMPORTANT
from clinicreport.protocol.limits import Course as CourseLimits

CourseRow = Mapping[str, Any]
CameBack = Literal["relapsed", "back-at-start", "worse-since"]
Check = Literal[
    "no-treatment", "week-check", "follow-up", "follow-up-today", "follow-up-overdue", "followed-up"
]


class FollowedUp(NamedTuple):
    """The last follow-up: its score (NRS points), its day, and days since the last treatment."""

    score: float
    day: date
    days: int


class NextCheck(NamedTuple):
    """What is due next, and when; ``day`` is None where nothing is."""

    check: Check
    day: date | None


def followed_up(course: CourseRow) -> FollowedUp | None:
    """The last score of a follow-up, None where there is none."""
    score, days = _known(course["follow_up_score"]), _known(course["follow_up_days"])
    if score is None or days is None:
        return None
    day = (course["last_treatment"] + timedelta(days=int(days))).date()
    return FollowedUp(float(score), day, int(days))


def came_back(course: CourseRow) -> CameBack | None:
    """What a follow-up says of pain that has come back, None where it says no such thing.

    ``worse-since``: the last follow-up lies 2 points or more above the start, while the end of the
    course did not; ``relapsed``: a response that no longer held at a follow-up (``durability``);
    ``back-at-start``: a smaller gain (or a response: then it is ``relapsed``), and the last
    follow-up as high as the start or higher.
    """
    last, start = followed_up(course), _known(course["baseline"])
    if last is None or start is None:
        return None
    terms = ((1, [last.score]), (-1, [start]), (-1, [IMPORTANT]))
    if course["response"] != "worse" and bool(at_least_zero(*terms).all()):
        return "worse-since"
    if course["durability"] == "relapsed":
        return "relapsed"
    gain = _known(course["reduction"])
    if gain is not None and gain > 0 and last.score >= start:
        return "back-at-start"
    return None


def holds_now(course: CourseRow) -> bool | None:
    """Whether the last follow-up is at least 30 % below the start; None without both."""
    last, start = followed_up(course), _known(course["baseline"])
    if last is None or not start:
        return None
    return bool(at_least_zero((7, [start]), (-10, [last.score])).all())


def fall_since_start(course: CourseRow) -> tuple[float, float | None] | None:
    """From the start to the last follow-up: points, and per cent (None from a start at 0); positive
    is improvement. None where one of the two is not known."""
    last, start = followed_up(course), _known(course["baseline"])
    if last is None or start is None:
        return None
    points = float(difference([start], [last.score])[0])
    return points, 100 * points / start if start else None


def under_way(course: CourseRow, limits: CourseLimits, as_of: date) -> bool:
    """Whether treatment goes on: not discharged, and the last one not too long ago."""
    if course["discharged"] or course["status"] == "dropout":
        return False
    if course["status"] == "in-progress":
        return True
    since: int = (as_of - course["last_treatment"].date()).days
    return since <= limits.dropout_days


def next_check(course: CourseRow | None, limits: CourseLimits, as_of: date | None) -> NextCheck:
    """The check of the response while it lies ahead, then the follow-up after the last treatment."""
    if course is None or as_of is None:
        return NextCheck("no-treatment", None)
    check = (course["day_0"] + timedelta(days=7 * limits.checkpoint_week)).date()
    if under_way(course, limits, as_of) and as_of <= check:
        return NextCheck("week-check", check)
    if _known(course["follow_up_days"]) is not None:
        return NextCheck("followed-up", None)
    back = (course["last_treatment"] + timedelta(days=limits.follow_up_days)).date()
    if back < as_of:
        return NextCheck("follow-up-overdue", back)
    return NextCheck("follow-up-today" if back == as_of else "follow-up", back)


def _known(value: Any) -> Any:
    return None if value is None or value != value else value  # noqa: PLR0124
