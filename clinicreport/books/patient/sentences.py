"""A patient's course in words that a patient can read. A result is never called a cure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from clinicreport.books.patient.now_words import now
from clinicreport.ground.rounding import percent, score, scored_points
from clinicreport.outcomes.course_now import came_back, followed_up, holds_now, next_check
from clinicreport.workbook.words import (
    STATUSES,
    completed,
    count,
    listing,
    missing,
    plain,
    short_day,
)

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts
    from clinicreport.protocol.in_force import Protocol

SCALE = "0 is no pain, 10 the worst pain imaginable. 30 % less is moderate, 50 % less substantial."
WHY = {
    "no-baseline": "no score was written before the first treatment, nor at a screening",
    "single-day": "there is no visit after the first day yet",
    "no-later-score": "no score was written after the first day",
}

LATE = {"follow-up-today": "due today", "follow-up-overdue": "overdue"}


class Checkpoint(NamedTuple):
    """The next thing that is due: when, or what stands instead of a day, and what, in words."""

    day: date | None
    what: str
    instead: str = "none"


def change(facts: Facts) -> str:
    """From baseline to now, or why that cannot be said."""
    course = facts.course
    if course is None:
        return "No treatment is written in the log yet, so there is nothing to compare."
    reason = plain(course["not_evaluable"])
    if reason == "zero-baseline":
        return _from_zero(plain(course["latest"]))
    if reason:
        return f"How the pain changed cannot be said: {WHY[reason]}."
    over = "" if followed_up(course) is None else " at the end of the course"
    least = f"From {score(course['baseline'])} to {score(course['latest'])} of 10{over}"
    return f"{least}: {_how_much(course)}."


def change_and_now(facts: Facts) -> str:
    """Start, end of the course and now, in one or two sentences."""
    return " ".join(filter(None, (change(facts), now(facts.course))))


def _from_zero(latest: float | None) -> str:
    start = "Pain was 0 of 10 at the start, so there was none to reduce"
    if latest is None:
        return f"{start}; no later score is written."
    if latest == 0:
        return f"{start}; the latest score is 0, too."
    return f"{start}; it is now {score(latest)} of 10: {scored_points(latest)} more."


def _how_much(course: dict[str, Any]) -> str:
    reduction, share = course["reduction"], course["percent_reduction"]
    if reduction == 0:
        return "no change so far" if followed_up(course) is None else "no change"
    if course["response"] == "worse":
        return f"{percent(-share)} more; the pain has become worse, by {scored_points(-reduction)}"
    if reduction < 0:
        return f"{percent(-share)} more; pain is up by {scored_points(-reduction)}"
    if course["response"] == "substantial":
        return f"{percent(share)} less; this is a substantial reduction"
    if course["response"] == "moderate":
        return f"{percent(share)} less; this is a moderate reduction"
    return f"{percent(share)} less; this is under the 30 % of a moderate reduction"


def details(facts: Facts) -> list[str]:
    """What stands below the sentence: the two scores, and what to bear in mind."""
    course = facts.course
    if course is None:
        return [SCALE]
    parts = []
    if not missing(course["baseline"]):
        parts.append(f"Baseline {score(course['baseline'])}: {_baseline_from(facts)}")
    if not missing(course["latest"]):
        day = short_day(course["latest_date"])
        parts.append(f"{'latest' if parts else 'Latest'} score {score(course['latest'])}: {day}")
    lines = [f"{'; '.join(parts)}." if parts else "", SCALE, _bear_in_mind(facts, course)]
    if not all(visit["day_known"] for visit in facts.visits):
        lines.append("The log tells weeks, not days: the days shown are reckoned from the weeks.")
    return [line for line in lines if line]


def _baseline_from(facts: Facts) -> str:
    assert facts.course is not None
    first = facts.treatments[0] if facts.treatments else None
    if first is None or missing(first["nrs_before"]):
        return "from the screening, since the first treatment has no score"
    return f"before the first treatment on {short_day(first['date'])}"


def _bear_in_mind(facts: Facts, course: dict[str, Any]) -> str:
    if came_back(course) is not None:
        return "The pain has come back after the course: talk over what to do next."
    if not missing(course["latest"]) and course["latest"] == 0:
        return "A score of 0 is that of one day; it does not say that the pain stays away."
    if plain(course["not_evaluable"]):
        return ""
    if course["response"] == "worse":
        then = "whether and how to go on" if facts.under_way else "what to do next"
        return f"The pain was greater at the latest score than at the start: talk over {then}."
    if course["response"] == "little-or-none" and plain(course["mcid"]):
        return "It is a fall by 2 points or more, which many patients feel as an improvement."
    if plain(course["low_baseline"]):
        return "The pain was low at the start, so that a fall by 2 points is hard to reach."
    return "Scores go up and down from day to day: look at the whole course, not at one score."


def verdict(facts: Facts) -> tuple[str, str]:
    """The change as a figure, and the class it falls in."""
    course = facts.course
    if course is None or plain(course["not_evaluable"]) is not None:
        return _without_percent(course)
    reduction, share = course["reduction"], course["percent_reduction"]
    figure = f"{percent(abs(share))} {'more' if reduction < 0 else 'less'}"
    words = {
        "worse": "worse (by 2 points or more)",
        "substantial": "substantial (50 % or more)",
        "moderate": "moderate (30 to under 50 %)",
        "little-or-none": "under 30 %",
    }
    if reduction == 0:
        return "no change", words["little-or-none"]
    if reduction < 0 and course["response"] != "worse":
        return figure, "a little more pain than at the start"
    return figure, words[course["response"]]


def _without_percent(course: dict[str, Any] | None) -> tuple[str, str]:
    """Where no percentage can be given, the points at least, if these are known."""
    if course is None or course["not_evaluable"] != "zero-baseline" or missing(course["latest"]):
        return "not known", "cannot be evaluated"
    if course["latest"] == 0:
        return "no change", "no percentage from a start at 0"
    return f"up {scored_points(course['latest'])}", "no percentage from a start at 0"


def attendance(facts: Facts) -> list[str]:
    """Sessions done against the plan, in lines for a card."""
    if facts.course is None:
        return ["no treatment yet"]
    if missing(facts.course["weeks_attended"]):
        return ["the log tells weeks, not days", *_missed(facts)]
    judged = [week for week in facts.weeks if week["judged"]]
    kept = sum(bool(week["in_band"]) for week in judged)
    lines = [f"in {count(len(facts.weeks), 'week')}"]
    if judged:
        lines.append(f"{kept} of {count(len(judged), 'full week')} as planned")
    else:
        lines.append("no full week to judge yet")
    return [*lines, *_missed(facts)]


def _missed(facts: Facts) -> list[str]:
    return [f"{count(facts.missed, 'visit')} missed"] if facts.missed else []


def standing(facts: Facts, protocol: Protocol) -> str:
    """Where the course stands, in one line."""
    course = facts.course
    if course is None:
        return f"{count(len(facts.visits), 'visit')}, no treatment yet"
    status = STATUSES.get(course["status"])
    if status is None:
        status = "discharged" if course["discharged"] else completed(protocol)
    parts = [
        plain(course["condition"]) or "condition not written",
        f"course {course['course']}, begun on {short_day(course['day_0'])}",
        status,
    ]
    return " · ".join(parts)


def earlier(facts: Facts) -> str:
    """The courses before this one."""
    told = []
    for course in facts.earlier[-3:]:
        begun = f"{course['day_0']:%b %Y}"
        if plain(course["not_evaluable"]):
            told.append(f"{begun} (not evaluable)")
        else:
            told.append(f"{begun} (from {score(course['baseline'])} to {score(course['latest'])})")
    return f"Earlier courses: {listing(told)}." if told else ""


def checkpoint(facts: Facts, protocol: Protocol, as_of: date | None) -> Checkpoint:
    """The check of the response while it lies ahead, then the follow-up after treatment."""
    course, limits = facts.course, protocol.course
    due = next_check(course, limits, as_of)
    if due.check == "no-treatment" or course is None:
        return Checkpoint(None, "no treatment yet")
    if due.check == "week-check":
        return Checkpoint(due.day, f"week-{limits.checkpoint_week} check of the response")
    if due.check == "followed-up":
        if came_back(course) is not None and not holds_now(course):
            return Checkpoint(None, "see the patient: the pain has come back", "now")
        return Checkpoint(None, "the follow-up has taken place")
    if due.check in LATE:
        return Checkpoint(due.day, f"follow-up score: {LATE[due.check]}")
    if facts.under_way:
        return Checkpoint(due.day, "follow-up, unless treatment goes on")
    return Checkpoint(due.day, f"follow-up, {limits.follow_up_days} days after the last treatment")
