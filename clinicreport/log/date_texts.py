"""One date as text, taken apart: what it says surely, and what only its column can settle."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from clinicreport.log.cells import Read
from clinicreport.log.months import LANGUAGE_NAMES, MONTHS, is_weekday, month_number

Order = Literal["dmy", "mdy", "ymd"]
IN_WORDS: dict[Order, str] = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
NO_DATE = Read(rule="bad-date", detail="not a date")
NO_SUCH_DAY = Read(rule="bad-date", detail="there is no such day")

_TIME_TAIL = (
    r"(?:[t ,]+\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*"
    r"(?:am|pm|z|uhr|h|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?)?"
)
_WEEKDAY = r"(?:(?P<weekday>[a-z-]+)[.,]*\s+)?"
_ISO = rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME_TAIL}"
_PACKED = r"(20\d{2})(\d{2})(\d{2})"
_NUMBERS = (
    rf"{_WEEKDAY}(?P<first>\d{{1,2}})\s*(?P<by>[-/. ])\s*(?P<second>\d{{1,2}})\s*(?P=by)\s*"
    rf"(?P<last>\d{{4}}|\d{{2}}){_TIME_TAIL}"
)
_TWO_NUMBERS = rf"{_WEEKDAY}(?P<first>\d{{1,2}})\s*[-/.]\s*(?P<second>\d{{1,2}})\s*\.?{_TIME_TAIL}"
_NAMED = (
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o|\.)?[\s.-]*(?:de |of )?"
    rf"(?P<month>[a-z]+)\.?,?(?:[\s.-]*(?:de |del |do )?(?P<year>\d{{4}}|\d{{2}}))?{_TIME_TAIL}",
    rf"{_WEEKDAY}(?P<month>[a-z]+)\.?[\s.-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,?[\s.-]+(?P<year>\d{{4}}|\d{{2}}))?{_TIME_TAIL}",
)


class Numbers(NamedTuple):
    """A date of three numbers, as written: the column says which is which."""

    first: str
    second: str
    last: str
    by: str

    @property
    def short(self) -> bool:
        """Whether its year has two digits, wherever it stands."""
        return len(self.last) == 2

    def day(self, order: Order) -> date | None:
        """The day in an order; None where there is no such day."""
        first, second, last = int(self.first), int(self.second), int(self.last)
        if order == "ymd":
            possible = self.short and len(self.first) == 2
            return day_of(2000 + first, second, last) if possible else None
        year = last + 2000 if self.short else last
        return day_of(year, second, first) if order == "dmy" else day_of(year, first, second)


class NoYear(NamedTuple):
    """A date without a year: two numbers, or (``named``) a day and a month's number."""

    first: int
    second: int
    named: bool

    def day(self, order: Order, year: int) -> date | None:
        """The day in an order and a year; None where there is no such day."""
        if self.named or order == "dmy":
            return day_of(year, self.second, self.first)
        return day_of(year, self.first, self.second)


Taken = Numbers | NoYear | Read


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def take_apart(text: str, languages: tuple[str, ...]) -> Taken:
    """A date's text (no case, no accents): what it holds, or the finding that it is none.

    ``languages``: those whose names of months are known.
    """
    if not any(map(str.isdecimal, text)):
        return NO_DATE
    sure = re.fullmatch(_ISO, text)
    if sure:
        return _read(day_of(int(sure[1]), int(sure[3]), int(sure[4])))
    packed = re.fullmatch(_PACKED, text)
    if packed:
        return _read(day_of(*(int(part) for part in packed.groups())))
    found = re.fullmatch(_NUMBERS, text)
    if found and _weekday_or_none(found):
        return Numbers(found["first"], found["second"], found["last"], found["by"])
    found = re.fullmatch(_TWO_NUMBERS, text)
    if found and _weekday_or_none(found):
        without = NoYear(int(found["first"]), int(found["second"]), named=False)
        possible = without.day("dmy", 2024) or without.day("mdy", 2024)  # a leap year
        return without if possible else NO_DATE
    return _named(text, languages)


def _weekday_or_none(found: re.Match[str]) -> bool:
    return found["weekday"] is None or is_weekday(found["weekday"])


def _read(day: date | None) -> Read:
    return Read(day) if day else NO_SUCH_DAY


def _named(text: str, languages: tuple[str, ...]) -> Taken:
    """A date with its month in words."""
    unknown = NO_DATE
    for pattern in _NAMED:
        found = re.fullmatch(pattern, text)
        if not found or not _weekday_or_none(found):
            continue
        month = month_in(found["month"], languages)
        if month is None:
            unknown = _other_language(found["month"], languages)
            continue
        day, year = int(found["day"]), found["year"]
        if year is None:
            return NoYear(day, month, named=True) if day_of(2024, month, day) else NO_SUCH_DAY
        return _read(day_of(int(year) + (2000 if len(year) == 2 else 0), month, day))
    return unknown


def month_in(name: str, languages: tuple[str, ...]) -> int | None:
    """A month's number in the first of the languages, or in English, that has the name."""
    numbers = (month_number(name, language) for language in dict.fromkeys((*languages, "en")))
    return next((number for number in numbers if number), None)


def _other_language(name: str, languages: tuple[str, ...]) -> Read:
    """The finding for a month that is none in the clinic's languages: what to write for it."""
    for language in MONTHS:
        if month_number(name, language):
            listed = ", ".join(f'"{one}"' for one in dict.fromkeys((*languages, language)))
            return Read(
                rule="bad-date",
                detail=f"its month is {LANGUAGE_NAMES[language]}; write languages = [{listed}] "
                "in clinic.toml",
            )
    return NO_DATE
