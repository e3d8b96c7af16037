"""Weeks and named visits as people label them: how many days after the start each one is.

"3", "Week 3", "W3", "3 weeks", "Wk-1" (the week before the start), a fraction in whole days, and
the names of ``[reading] visits``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from clinicreport.log.cells import plain, unaccented
from clinicreport.log.exact import fraction
from clinicreport.reading.spreadsheet import Value

MOST_WEEKS = 520  # ten years: a longer course is a typing error
WEEK_WORDS = [
    "weeks",
    "week",
    "wks",
    "wk",
    "w",
    "wochen",
    "woche",
    "semaines",
    "semaine",
    "semanas",
    "semana",
    "settimane",
    "settimana",
    "weken",
]
BASELINES = ["baseline", "base"]
_WEEK = "|".join(WEEK_WORDS)
# Few logs have such labels: the patterns are compiled with the first.
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
# "Wk-1", "Week 0.5", and what else the heading says; a dash before the number may be a minus.
_FIRST = (
    rf"(?:(?P<before>.+?)[\s:,;(_-]+)?(?:{_WEEK})\s*[._#]?\s*(?P<dash>[-−–]\s*)?"
    rf"(?P<number>{_NUMBER})(?![\d.,]*\d)[\s:,;.)_-]*(?P<rest>.*)"
)
# "3 weeks", "-1 week", "3. Woche"
_LAST = (
    rf"(?:(?P<before>.*[^\s\d.,:;(_-])[\s:,;(_]+)?(?P<dash>[-−–]\s*)?(?P<number>{_NUMBER})"
    rf"\s*\.?\s*(?:{_WEEK})\.?[\s)]*(?P<rest>)"
)
_BARE = rf"(?P<dash>[-−–]\s*)?(?P<number>{_NUMBER})"


class Label(NamedTuple):
    """A visit as labelled. ``days`` after the start; ``named``: by the clinic's own settings, so
    that the day is known; ``rest``: what else was said; ``behind``: the number came first."""

    days: int
    named: bool = False
    rest: str = ""
    behind: bool = False


def simple(text: str) -> str:
    """A label as it is compared."""
    return unaccented(plain(text)).strip()


def whole_days(weeks: Fraction) -> int | None:
    """Weeks as whole days, rounded down; None for what is no number of weeks of a course."""
    return int((7 * weeks) // 1) if abs(weeks) <= MOST_WEEKS else None


class Labels:
    """How a clinic labels its visits in one column, or in one row of headings.

    ``visits``: the clinic's own names. A dash before the number is a minus ("Wk-1"), unless every
    one of several numbered labels has it: then it only stands between.
    """

    def __init__(self, labels: Iterable[Value], visits: Mapping[str, int]) -> None:
        self._visits = {simple(name): days for name, days in visits.items()}
        names = "|".join(re.escape(name) for name in sorted(self._visits, key=len, reverse=True))
        self._named = re.compile(
            rf"(?:(?P<before>.+?)[\s:,;(_-]+)?(?P<name>{names})(?![^\W_])[\s:,;.)_-]*(?P<rest>.*)"
        )
        self._between = self._dashes_stand_between(labels)

    @staticmethod
    def _dashes_stand_between(labels: Iterable[Value]) -> bool:
        dashed = set()
        for label in labels:
            if not isinstance(label, str):
                if isinstance(label, int | float):
                    return False
                continue
            text = simple(label)
            found = re.fullmatch(_FIRST, text)
            if found and found["dash"]:
                dashed.add(found["number"])
            elif found or re.fullmatch(_LAST, text) or re.fullmatch(_BARE, text):
                return False
        return len(dashed) > 1

    def name(self, text: str) -> Label | None:
        """One of the clinic's own names, alone or with more beside it."""
        found = self._named.fullmatch(text) if self._visits else None
        if not found:
            return None
        rest = " ".join(filter(None, (found["before"], found["rest"])))
        return Label(self._visits[found["name"]], named=True, rest=rest)

    def week(self, text: str) -> Label | None:
        """A week, alone or with more beside it."""
        for pattern, behind in ((_LAST, True), (_FIRST, False)):
            if found := re.fullmatch(pattern, text):
                rest = " ".join(filter(None, (found["before"], found["rest"])))
                days = whole_days(self._weeks(found, between=self._between and not behind))
                return None if days is None else Label(days, rest=rest, behind=behind)
        return None

    def _weeks(self, found: re.Match[str], *, between: bool = False) -> Fraction:
        weeks = Fraction(found["number"].replace(",", "."))
        return -weeks if found["dash"] and not between else weeks

    def cell(self, value: Value) -> Label | None:
        """A whole cell that holds nothing but a label; None for anything else."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        if not isinstance(value, str):
            days = whole_days(fraction(value)) if abs(value) <= MOST_WEEKS else None
            return None if days is None else Label(days)
        text = simple(value)
        if text in BASELINES and text not in self._visits:
            return Label(0)
        if bare := re.fullmatch(_BARE, text):
            days = whole_days(self._weeks(bare))
            return None if days is None else Label(days)
        found = self.name(text) or self.week(text)
        return None if found is None or found.rest else found
