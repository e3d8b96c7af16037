"""What became of the gain after the course, in words: the third of start, end of course, now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.ground.rounding import percent, score, scored_points
from clinicreport.outcomes.course_now import (
    came_back,
    fall_since_start,
    followed_up,
    holds_now,
)
from clinicreport.workbook.words import count, plain, short_day

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Row

# In a few words, below the figure of the change.
SHORT = {
    "relapsed": "it did not last",
    "back-at-start": "the pain is back at its start",
    "worse-since": "now worse than at the start",
}


def now(course: Row | None) -> str:
    """The last follow-up, its day and what it says; empty where there is none."""
    last = None if course is None else followed_up(course)
    if course is None or last is None:
        return ""
    when = f"{count(last.days, 'day')} after the last treatment"
    begin = f"Now {score(last.score)} of 10 (follow-up on {short_day(last.day)}, {when})"
    said = _said(course)
    return f"{begin}: {said}." if said else f"{begin}."


def _said(course: Row) -> str:
    """What the last follow-up says beside the start."""
    fall = fall_since_start(course)
    if fall is None:
        return ""
    points, share = fall
    back = came_back(course)
    level = _level(points, share)
    if back == "worse-since":
        return f"the pain has become worse since the end of the course; {level}"
    if back == "back-at-start":
        return f"the pain has come back; {level}"
    if back == "relapsed":
        if holds_now(course):
            return f"{level}; at a follow-up before it was not 30 % less"
        short_of = ", no longer 30 % less" if points > 0 else ""
        return f"the pain has come back; {level}{short_of}"
    if plain(course["durability"]) == "sustained":
        return f"it has lasted; {level}"
    return level


def _level(points: float, share: float | None) -> str:
    """As in "40.0 % less than at the start"."""
    if points == 0:
        return "as much as at the start"
    if points < 0 or share is None:
        return f"{scored_points(abs(points))} more than at the start"
    return f"{percent(share)} less than at the start"


def short(course: Row | None) -> str:
    """What became of the change, in a few words for a card; empty without a follow-up."""
    if course is None or followed_up(course) is None:
        return ""
    back = came_back(course)
    if back == "relapsed" and holds_now(course):
        return "lost for a while, now back"
    if back is not None:
        return SHORT[back]
    return "it has lasted" if plain(course["durability"]) == "sustained" else ""
