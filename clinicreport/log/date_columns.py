"""A date that stands in three columns: day, month and year, as ``[reading] date_from`` names them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from clinicreport.log.answer_words import MISSING
from clinicreport.log.cells import BLANK, Read, Words, plain, shown, unaccented
from clinicreport.log.date_texts import day_of, month_in
from clinicreport.log.dates import DateStyle
from clinicreport.log.headings import key
from clinicreport.reading.spreadsheet import CellError, Uncached, Value

PARTS = ("day", "month", "year")
_HEADINGS = {
    "day": ["day", "tag", "jour", "dia", "giorno", "dag"],
    "month": ["month", "monat", "mois", "mes", "mese", "maand"],
    "year": ["year", "jahr", "annee", "ano", "anno", "jaar"],
}


class PartsRead(NamedTuple):
    """A date from three cells; ``at``: which of them is at fault (0: the first, or all)."""

    read: Read
    at: int = 0


def date_columns(row: Sequence[Value], named: Sequence[str] | None) -> tuple[int, ...]:
    """The columns (from 1) of day, month and year in a row of headings; none where not all of
    the named headings stand there.

    They are named in this order, unless their own words say another ("Year", "Month", "Day").
    """
    if not named:
        return ()
    at = {key(cell): column for column, cell in enumerate(row, 1) if isinstance(cell, str)}
    columns = [at.get(key(name)) for name in named]
    said = [_part(name) for name in named]
    if set(said) == set(PARTS):
        columns = [columns[said.index(part)] for part in PARTS]
    return tuple(column for column in columns if column) if all(columns) else ()


def _part(heading: str) -> str:
    words = unaccented(plain(heading)).split()
    return next((part for part in PARTS if set(words) & set(_HEADINGS[part])), "")


def read_parts(cells: Sequence[Value], style: DateStyle, words: Words) -> PartsRead:
    """The date of the cells of day, month and year."""
    blank = [_is_blank(cell, words) for cell in cells]
    if all(blank):
        return PartsRead(BLANK)
    numbers = []
    for at, (part, cell) in enumerate(zip(PARTS, cells, strict=True)):
        if isinstance(cell, CellError | Uncached):
            broken = "error-cell" if isinstance(cell, CellError) else "uncached-formula"
            return PartsRead(Read(rule=broken), at)
        number = None if blank[at] else _number(part, cell, style)
        if number is None:
            what = "blank" if blank[at] else f"no {part}"
            detail = f"the cell for the {part} is {what}"
            return PartsRead(Read(rule="bad-date", detail=detail, dated=True), at)
        numbers.append(number)
    day = day_of(numbers[2], numbers[1], numbers[0])
    if day is None:
        return PartsRead(Read(rule="bad-date", detail="there is no such day", dated=True))
    return PartsRead(Read(day))


def together(cells: Sequence[Value]) -> str:
    """The cells of a date as a finding shows them."""
    return " ".join(str(shown(cell)) for cell in cells if shown(cell) is not None)


def _is_blank(cell: Value, words: Words) -> bool:
    text = plain(str(shown(cell))) if shown(cell) is not None else ""
    return not text or text in MISSING or text in words.missing


def _number(part: str, cell: Value, style: DateStyle) -> int | None:
    """A day, a month (in words too) or a year as a number; None for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    if isinstance(cell, str):
        text = unaccented(plain(cell)).rstrip(".")
        month = month_in(text, style.languages) if part == "month" else None
        if month or not (text.isascii() and text.isdecimal()):
            return month
        number = int(text)
    elif not math.isfinite(cell) or cell != int(cell):
        return None
    else:
        number = int(cell)
    short = part == "year" and 0 <= number < 100
    return number + 2000 if short else number
