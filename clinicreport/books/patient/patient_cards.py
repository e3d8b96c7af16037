"""The four figures to read at arm's length, on the page and in the letter alike."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.books.patient import now_words, sentences
from clinicreport.ground.rounding import score
from clinicreport.outcomes.course_now import followed_up
from clinicreport.workbook.words import missing, plain, short_day

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts
    from clinicreport.protocol.in_force import Protocol


class KeyFigure(NamedTuple):
    """What it is, the figure, and lines below it."""

    label: str
    figure: str
    below: tuple[str, ...]


def key_figures(facts: Facts, protocol: Protocol, as_of: date | None) -> list[KeyFigure]:
    """Pain at start, end and now; the change; sessions; what is due."""
    course = facts.course
    change, group = sentences.verdict(facts)
    due = sentences.checkpoint(facts, protocol, as_of)
    sessions = 0 if course is None else int(course["sessions"])
    lasted = now_words.short(course)
    return [
        _pain(facts),
        KeyFigure(
            "Change over the course" if lasted else "Change",
            change,
            (group, *[lasted] * bool(lasted)),
        ),
        KeyFigure("Sessions", f"{sessions:,}", tuple(sentences.attendance(facts))),
        KeyFigure("Next checkpoint", short_day(due.day) if due.day else due.instead, (due.what,)),
    ]


def _pain(facts: Facts) -> KeyFigure:
    course = facts.course
    last = None if course is None else followed_up(course)
    if course is None or (missing(course["baseline"]) and last is None):
        return KeyFigure("Pain, start → latest", "not known", ("of 10, before a session",))
    ends = [_or_unknown(course["baseline"]), _or_unknown(course["latest"])]
    if last is None:
        pair = " → ".join(ends)
        return KeyFigure("Pain, start → latest", pair, ("of 10, before a session",))
    three = " → ".join([*ends, score(last.score)])
    return KeyFigure("Pain, start → end → now", three, (f"of 10; now: {short_day(last.day)}",))


def _or_unknown(value: object) -> str:
    known = plain(value)
    return "?" if known is None else score(known)
