"""Names and dates of birth, which are read for one thing: to tell two people of one id apart.

A value is kept as a digest under a key of the running program, so that nothing that is made of a
log can hold it.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date
from hashlib import blake2b

from clinicreport.reading.spreadsheet import Value

_KEY = secrets.token_bytes(16)
_ISO = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?"
_PARTS = r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})(?: .*)?"
_YEAR = r"(?:19|20)?(\d{2})(?:\.0)?"


def name_digest(value: Value) -> str:
    """A name without case, blanks and punctuation, as :func:`differ` compares it."""
    return _told("name", _letters(value))


def birth_date_digest(value: Value) -> str:
    """A date of birth, as :func:`differ` compares it.

    Of a day and month that can be read either way both are kept: another row may hold a real date.
    """
    if isinstance(value, date):
        return _day(value.year, value.month, value.day)
    text = str(value).strip().casefold()
    if found := re.fullmatch(_ISO, text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(_PARTS, text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first > 12 or first == second:
            return _day(year, second, first)
        if second > 12:
            return _day(year, first, second)
        return _told("text", f"{year % 100} {first} {second}", _loose(year, first, second))
    return _told("words", _letters(value))


def birth_year_digest(value: Value) -> str:
    """A year of birth, with two digits or four."""
    if isinstance(value, date):
        return _told("year", f"{value.year % 100:02}")
    text = str(value).strip()
    found = re.fullmatch(_YEAR, text)
    return _told("year", found[1] if found else _letters(text))


def differ(one: str, other: str) -> bool:
    """Whether two digests of one field are surely of two values."""
    (form, exact, loose), (form_2, exact_2, loose_2) = one.split(" "), other.split(" ")
    if form == form_2:
        return exact != exact_2
    return "-" not in (loose, loose_2) and loose != loose_2


def _day(year: int, month: int, day: int) -> str:
    return _told("day", f"{year % 100} {month} {day}", _loose(year, month, day))


def _loose(year: int, month: int, day: int) -> str:
    return f"{year % 100} {min(month, day)} {max(month, day)}"


def _told(form: str, exact: str, loose: str = "") -> str:
    return f"{form} {_digest(exact)} {_digest(loose) if loose else '-'}"


def _letters(value: Value) -> str:
    text = unicodedata.normalize("NFKC", str(value)).casefold()
    return "".join(filter(str.isalnum, text)) or text


def _digest(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return blake2b(data, key=_KEY, digest_size=12).hexdigest()
