"""Dates as people write them: native cells first, text by one order for the whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from clinicreport.log.answer_words import MISSING
from clinicreport.log.cells import BLANK, Read, Words, plain, unaccented
from clinicreport.reading.spreadsheet import CellError, Uncached, Value

Order = Literal["dmy", "mdy", "ymd"]
FIRST_YEAR = 2000
MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    "de": (
        "januar",
        "februar",
        "marz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ),
    "fr": (
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ),
    "es": (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
}
SHORT_FORMS = {
    "en": {"sept": 9},
    "de": {"jan": 1, "janner": 1, "feber": 2, "mrz": 3, "maerz": 3, "okt": 10, "dez": 12},
    "fr": {"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "dec": 12},
    "es": {"ene": 1, "abr": 4, "ago": 8, "sept": 9, "setiembre": 9, "dic": 12},
}

_TIME_TAIL = r"(?:[t ,]+\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:am|pm|z|uhr|h)?)?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME_TAIL}")
_PARTS = re.compile(rf"(\d{{1,2}})\s*([-/. ])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_TIME_TAIL}")
_DAY_MONTH = re.compile(
    rf"(?:[a-z]+[.,]*\s+)?(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s.-]*(?:de |of )?([a-z]+)\.?,?"
    rf"[\s.-]*(?:de |del )?(\d{{4}}|\d{{2}}){_TIME_TAIL}"
)
_MONTH_DAY = re.compile(
    rf"(?:[a-z]+[.,]*\s+)?([a-z]+)\.?[\s.-]*(\d{{1,2}})(?:st|nd|rd|th)?,?[\s.-]+(\d{{4}}|\d{{2}})"
    rf"{_TIME_TAIL}"
)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """What the clinic says about its dates: their order, and the languages of month names."""

    order: Order | None = None
    languages: tuple[str, ...] = ("en",)

    def month(self, name: str) -> int | None:
        """A month's number from its name or a short form of three letters or more."""
        for language in dict.fromkeys((*self.languages, "en")):
            if name in SHORT_FORMS.get(language, {}):
                return SHORT_FORMS[language][name]
            for number, full in enumerate(MONTHS.get(language, ()), 1):
                if name == full or (len(name) == 3 and full.startswith(name)):
                    return number
        return None


def read_dates(
    values: Iterable[Value], style: DateStyle, today: date, words: Words, *, visit: bool = True
) -> tuple[list[Read], str]:
    """The distinct values of one date column, each read, and the order of its text dates in words.

    ``visit``: dates of visits may not be in the future, others may.
    """
    values = list(values)
    texts = [unaccented(plain(value)) for value in values if isinstance(value, str)]
    order = style.order or settled_order(texts)
    reads = [_checked(_read(value, style, order, words), today, visit) for value in values]
    parts = [text for text in texts if _PARTS.fullmatch(text)]
    names = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
    said = "" if not parts else names[order] if order else "not settled"
    return reads, said


def settled_order(texts: Iterable[str]) -> Order | None:
    """Day first or month first, where a number over 12 settles it for the column; else None."""
    day_first = month_first = False
    for text in texts:
        match = _PARTS.fullmatch(text)
        if match:
            first, second = int(match.group(1)), int(match.group(3))
            day_first |= 12 < first <= 31 and 1 <= second <= 12
            month_first |= 12 < second <= 31 and 1 <= first <= 12
    if day_first == month_first:
        return None
    return "dmy" if day_first else "mdy"


def _checked(read: Read, today: date, visit: bool) -> Read:  # noqa: FBT001
    if read.value is None or read.rule:
        return read
    if read.value.year < FIRST_YEAR:
        return Read(rule="bad-date", detail=f"before {FIRST_YEAR}", dated=True)
    if visit and read.value > today:
        return Read(rule="future-date", detail=today.isoformat(), dated=True)
    return read


def _read(value: Value, style: DateStyle, order: Order | None, words: Words) -> Read:
    if isinstance(value, datetime):
        return Read(value.date())
    if isinstance(value, date):
        return Read(value)
    if isinstance(value, CellError):
        return Read(rule="error-cell")
    if isinstance(value, Uncached):
        return Read(rule="uncached-formula")
    if not isinstance(value, str):
        return Read(rule="bad-date", detail="it is a number or a time, not a date")
    text = unaccented(plain(value))
    if not text or text in MISSING or text in words.missing:
        return BLANK
    return _read_text(text, style, order)


def _read_text(text: str, style: DateStyle, order: Order | None) -> Read:
    iso = _ISO.fullmatch(text)
    if iso:
        return _date(int(iso.group(1)), int(iso.group(3)), int(iso.group(4)))
    if re.fullmatch(r"20\d{6}", text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    parts = _PARTS.fullmatch(text)
    if parts:
        return _read_parts(int(parts.group(1)), int(parts.group(3)), parts.group(4), order)
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.fullmatch(text)
        month = style.month(match.group(month_at)) if match else None
        if match and month:
            return _date(_year(match.group(3)), month, int(match.group(day_at)))
    return Read(rule="bad-date", detail="not a date")


def _read_parts(first: int, second: int, last: str, order: Order | None) -> Read:
    if order == "ymd" and len(last) == 2:
        return _date(_year(f"{first:02}"), second, int(last))
    year = _year(last)
    if order == "dmy":
        return _date(year, second, first)
    if order == "mdy":
        return _date(year, first, second)
    readings = {_date(year, second, first).value, _date(year, first, second).value} - {None}
    if len(readings) == 1 or (readings and year < FIRST_YEAR):
        return Read(readings.pop())
    if readings:
        return Read(rule="ambiguous-date", dated=True)
    return Read(rule="bad-date", detail="not a date")


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date(year: int, month: int, day: int) -> Read:
    try:
        return Read(date(year, month, day))
    except ValueError:
        return Read(rule="bad-date", detail="there is no such day")


def as_value(read: Read) -> Read:
    """A date that is not a visit's day: unreadable ones are ``bad-value``."""
    return read._replace(rule="bad-value", detail="a date") if read.rule == "bad-date" else read
