"""What a raw cell looks like before anybody knows its column: filled, a number, a date, a score."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from clinicreport.log.cells import Words, number, plain
from clinicreport.log.dates import DateColumn, DateStyle, read_dates
from clinicreport.log.months import MONTHS
from clinicreport.reading.spreadsheet import Percent, ShownFraction, Value

_ANY_DATE = DateStyle(languages=tuple(MONTHS))
_ANY_DAY = date(2100, 1, 1)
LONGEST = 40  # characters: longer text is neither a number nor a date


def is_filled(value: Value) -> bool:
    """Whether anything but blanks stands in the cell."""
    return not (isinstance(value, str) and not value.strip())


def is_number(value: Value) -> bool:
    """A number, or text that is nothing but one."""
    return as_number(value) is not None


def as_number(value: Value) -> float | None:
    """The number that a cell holds, as number or text; None for anything else."""
    if isinstance(value, Percent | ShownFraction):
        return value.number
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return number(plain(value)) if isinstance(value, str) and len(value) <= LONGEST else None


def is_score(value: Value) -> bool:
    """A number from 0 to 10."""
    found = as_number(value)
    return found is not None and 0 <= found <= 10


def is_date(value: Value) -> bool:
    """A date, or text that is one in any order and language."""
    if isinstance(value, date):
        return True
    return isinstance(value, str) and 5 < len(value) <= LONGEST and _is_date_text(value)


@lru_cache(maxsize=20_000)
def _is_date_text(text: str) -> bool:
    if not any(map(str.isdigit, text)):
        return False
    read = read_dates(DateColumn([text]), _ANY_DATE, _ANY_DAY, Words(), visit=False)[0][0]
    return read.value is not None or read.dated
