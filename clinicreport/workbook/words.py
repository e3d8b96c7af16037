"""Codes in plain words, as every screen, message, sheet and page says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import isnan
from typing import TYPE_CHECKING, Any

from clinicreport.log.fields import COMPLETENESS

if TYPE_CHECKING:
    from datetime import date

    from clinicreport.ground.period import Period
    from clinicreport.protocol.in_force import Protocol

AS_MADE = "as made"  # what does not follow a score that is corrected in the workbook


def as_made(heading: str) -> str:
    """A heading of what does not follow a corrected score."""
    return f"{heading} ({AS_MADE})"


RESPONSES = {
    "worse": "worse",
    "substantial": "50 % or more",
    "moderate": "30 % or more",
    "little-or-none": "under 30 %",
    "not-evaluable": "not evaluable",
}
REASONS = {
    "no-baseline": "no score at the start",
    "zero-baseline": "started at 0",
    "single-day": "came on one day only",
    "no-later-score": "no later score",
}
# Why somebody needs attention: a code of the roster, or a rule.
ATTENTION = {
    "worse": "worse by 2 points or more",
    "worse-since": "worse than at the start since the course",
    "pain-from-zero": "started at 0, now in pain",
    "contraindication": "contraindication without clearance",
    "contraindication-to-ask": "condition to ask the doctor about, without clearance",
    "photosensitive-medication": "photosensitive medication without clearance",
    "no-eye-protection": "session without eye protection",
    "relapsed": "relapsed after the course",
    "back-at-start": "back at the start's pain after the course",
    "no-response-by-week-4": "under 30 % at week {checkpoint_week}",
    "interruption": "interruption",
    "adverse-event": "adverse event",
}
STATUSES = {
    "dropout": "dropped out",
    "in-progress": "in progress",
}
DURABILITY = {
    "not-applicable": "does not apply",
    "not-known": "not known: no follow-up",
    "sustained": "sustained",
    "relapsed": "relapsed",
}
FIELDS = {**COMPLETENESS, "baseline_and_latest": "Score at the start and a later one"}
# From which share of the patients on it is called that.
ABOUT = (
    (0.0, "Nobody"),
    (1e-9, "Few"),
    (0.15, "About one in five"),
    (0.225, "About a quarter"),
    (0.29, "About a third"),
    (0.38, "About two in five"),
    (0.45, "About half"),
    (0.555, "About three in five"),
    (0.63, "About two thirds"),
    (0.71, "About three quarters"),
    (0.8, "Most"),
    (1.0, "All"),
)
NO_PATIENT = "no evaluable patient"
ON_SCREEN = "For the screen: one page is printed, the first rows. To print more, select it and print the selection."
ALIKE = "all reductions alike"
DAYS_UNKNOWN = "days not known"  # the log tells weeks only
# Beside shares of responders: what they rest on here and in the studies behind 30 and 50 %.
ASKED = "one rating of pain now before each session"
ONE_RATING = (
    f"Each score is {ASKED}. The studies behind 30 % and 50 % used other scores, such as"
    " daily diaries (Farrar 2001), and a core set of measures asks for the past week."
)


def attention(reasons: Iterable[str], protocol: Protocol) -> str:
    """Why somebody needs attention, in words; empty where nothing is amiss."""
    week = protocol.course.checkpoint_week
    return "; ".join(ATTENTION[reason].format(checkpoint_week=week) for reason in reasons)


def about(share: float) -> str:
    """A share of the patients from 0 to 1 as the beginning of a sentence."""
    return next(words for least, words in reversed(ABOUT) if share >= least)


def completed(protocol: Protocol) -> str:
    """As in "reached 3 weeks"."""
    return f"reached {count(protocol.course.complete_weeks, 'week')}"


def missing(value: Any) -> bool:
    """Whether a value is None, NaN, NaT or NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return isnan(value)
    return type(value).__name__ in {"NAType", "NaTType"}


def plain(value: Any) -> Any:
    """The value, None where it is missing."""
    return None if missing(value) else value


def count(number: int, noun: str, plural: str | None = None) -> str:
    """As in "1 patient", "12,000 patients"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listing(parts: Sequence[str]) -> str:
    """As in "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def too_few(number: int) -> str:
    """Why a figure or an interval is not given."""
    return f"too few (n = {number})"


def month(text: str) -> str:
    """As in "Oct 2026" for "2026-10"."""
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{names[int(text[5:7]) - 1]} {text[:4]}"


def day(value: Any) -> str:
    """A date as in "31 October 2026"."""
    return f"{value.day} {value:%B %Y}"


@lru_cache  # a list names few days, each many times
def short_day(value: Any) -> str:
    """A date as in "5 Oct 2026"."""
    return f"{value.day} {value:%b %Y}"


def covers(last: date | None, period: Period | None) -> str:
    """Which days a report is about; ``last``: the day of its last visit."""
    if last is None:
        return "no visits"
    if period is None:
        return f"all visits up to {day(last)}"
    return f"period {day(period.first)} to {day(period.last)}"
