"""Dates as people write them: native cells first, text by one order for the whole column.

What is left open by a column, and by what the clinic says of its dates, is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from clinicreport.log.answer_words import MISSING
from clinicreport.log.cells import BLANK, Read, Words, plain, unaccented
from clinicreport.log.date_orders import EITHER, EVERY, Orders, settled_orders
from clinicreport.log.date_texts import (
    IN_WORDS,
    NO_DATE,
    NO_SUCH_DAY,
    NoYear,
    Numbers,
    Order,
    Taken,
    day_of,
    take_apart,
)
from clinicreport.log.yearless import Years, ask_for_year, years
from clinicreport.reading.spreadsheet import CellError, Uncached, Value

FIRST_YEAR = 2000
CONVERTED = 3  # native dates, and as many text dates, that show a column half converted
LAST_MONTH = 12  # a day up to it can be a month
UNSETTLED = (
    "and no other date in the column settles it. Enter real dates, or write in clinic.toml: "
    'date_order = "day-first" (or "month-first", "year-first")'
)
SWAPPED = (
    "a program seems to have swapped day and month. Compare with the original, and write in "
    "clinic.toml under [reading]: swapped_dates = true (or false: they are right)"
)
MOVING = Read(rule="moving-date", dated=True)


class DateStyle(NamedTuple):
    """What the clinic says about its dates: their order, the languages of month names, the year
    of those without one, and whether half-converted ones have day and month swapped."""

    order: Order | None = None
    languages: tuple[str, ...] = ("en",)
    year: int | None = None
    swapped: bool | None = None


class DateColumn(NamedTuple):
    """The distinct values of one date column, in the order of the rows that first hold them.

    ``counts``: how many cells hold each (1 where nothing is said); ``beside``: values of the
    table's other columns of visits' days, which dates without a year are told by.
    """

    values: Sequence[Value]
    counts: Sequence[int] = ()
    beside: Sequence[Value] = ()


class Native(NamedTuple):
    """A date cell, which a program may have made of a text with day and month swapped."""

    day: date


Held = Taken | Native
Weighed = Sequence[tuple[Held, int]]


def read_dates(
    column: DateColumn, style: DateStyle, today: date, words: Words, *, visit: bool = True
) -> tuple[list[Read], tuple[str, ...]]:
    """Each distinct value as read, and what was taken for granted about the column, in words.

    ``visit``: dates of visits may not be in the future, others may.
    """
    counts = column.counts or [1] * len(column.values)
    held = [_held(value, style, words) for value in column.values]
    weighed = list(zip(held, counts, strict=True))
    orders = settled_orders(
        [(one, count) for one, count in weighed if isinstance(one, Numbers)],
        [one for one in held if isinstance(one, NoYear)],
        declared=style.order,
        latest=today if visit else date.max,
    )
    native = style.swapped if _half_converted(weighed, orders) else False
    dated = [_without_column(one, orders, swapped=native) for one in held]
    beside = [_held(value, style, words) for value in column.beside]
    reads = _with_years(dated, beside, style, orders, today)
    return [checked(read, today, visit=visit) for read in reads], _said(
        held, style, orders, weighed
    )


def _said(
    held: Sequence[Held], style: DateStyle, orders: Orders, weighed: Weighed
) -> tuple[str, ...]:
    """What was taken for granted about a column, in words."""
    said = [f"text dates: {orders.said}"] if orders.said else []
    if style.swapped is not None and _half_converted(weighed, orders):
        how = "swapped back" if style.swapped else "as they stand"
        said.append(f"day and month of real dates are {how} (reading.swapped_dates)")
    if style.year is not None and any(isinstance(one, NoYear) for one in held):
        said.append(f"dates without a year: told by {style.year} (reading.year)")
    return tuple(said)


def _held(value: Value, style: DateStyle, words: Words) -> Held:
    """What a cell holds: a read of its own, or what the column must settle."""
    if isinstance(value, date):
        return Native(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, CellError):
        return Read(rule="error-cell")
    if isinstance(value, Uncached):
        return MOVING if _moves(value.formula) else Read(rule="uncached-formula")
    if not isinstance(value, str):
        return Read(rule="bad-date", detail="it is a number or a time, not a date")
    text = unaccented(plain(value))
    if not text or text in MISSING or text in words.missing:
        return BLANK
    return MOVING if text[0] == "=" and _moves(text) else take_apart(text, style.languages)


def _moves(formula: str) -> bool:
    from clinicreport.reading.seen import moves  # few logs hold a formula without its value

    return moves(formula)


def _half_converted(weighed: Weighed, orders: Orders) -> bool:
    """Whether a program made dates, day and month swapped, of those texts of which it could."""
    native = [(one.day, count) for one, count in weighed if isinstance(one, Native)]
    texts = [(one, count) for one, count in weighed if isinstance(one, Numbers)]
    if any(sum(count for _, count in kind) < CONVERTED for kind in (native, texts)):
        return False
    if any(day.day > LAST_MONTH for day, _ in native):
        return False
    left = {_left_as_text(written, orders) for written, _ in texts}
    return len(left) == 1 and None not in left


def _left_as_text(written: Numbers, orders: Orders) -> Order | None:
    """The order of a text date whose day can be no month; None for any other."""
    possible = orders.of(written)
    if len(possible) != 1 or possible[0] == "ymd" or written.day(possible[0]) is None:
        return None
    day = int(written.first if possible[0] == "dmy" else written.second)
    return possible[0] if day > LAST_MONTH else None


def _without_column(held: Held, orders: Orders, *, swapped: bool | None) -> Read | NoYear:
    """A cell by what the column has settled. ``swapped``: whether day and month of native dates
    are; None where nobody knows."""
    if isinstance(held, Numbers):
        return _in_order(held, orders.of(held))
    if not isinstance(held, Native):
        return held
    if swapped is None:
        return Read(rule="ambiguous-date", detail=SWAPPED, dated=True)
    day = held.day
    return Read(day_of(day.year, day.day, day.month) if swapped else day)


def _in_order(written: Numbers, left: tuple[Order, ...]) -> Read:
    """A date of three numbers, in the orders that its column leaves open (none: any)."""
    days = {order: written.day(order) for order in left or EVERY}
    possible = {day for day in days.values() if day}
    if len(left) == 1:
        return Read(possible.pop()) if possible else NO_SUCH_DAY
    if not possible:
        return NO_DATE
    if left and (len(possible) == 1 or all(day.year < FIRST_YEAR for day in possible)):
        return Read(min(possible))
    return _ambiguous(order for order, day in days.items() if day)


def _ambiguous(orders: Iterable[Order]) -> Read:
    ways = " or ".join(IN_WORDS[order] for order in orders)
    return Read(rule="ambiguous-date", detail=f"{ways}, {UNSETTLED}", dated=True)


def _with_years(
    reads: Sequence[Read | NoYear],
    beside: Sequence[Held],
    style: DateStyle,
    orders: Orders,
    today: date,
) -> list[Read]:
    """Dates without a year with the one that the clinic's settings give them; the rest as is."""
    whole = [one for one in reads if isinstance(one, Read)]
    if len(whole) == len(reads):
        return whole
    if style.year is None:
        asked = Read(rule="bad-date", detail=ask_for_year(today))
        return [asked if isinstance(one, NoYear) else one for one in reads]
    known = [one.value for one in reads if isinstance(one, Read) and _usual(one, today)]
    known += [one.day for one in beside if isinstance(one, Native)]
    known += [one.value for one in beside if isinstance(one, Read) and _usual(one, today)]
    order = orders.full[0] if orders.full and len(orders.full) == 1 else None
    written = [one for one in (*beside, *reads) if isinstance(one, NoYear)]
    found = years(style.year, known, written, order)
    return [_dated(one, found, order) if isinstance(one, NoYear) else one for one in reads]


def _usual(read: Read, today: date) -> bool:
    return isinstance(read.value, date) and FIRST_YEAR <= read.value.year <= today.year


def _dated(written: NoYear, found: Years, order: Order | None) -> Read:
    """A date without a year by its table's years, in the order of its column."""
    orders = ("dmy",) if written.named else (order,) if order else EITHER
    days = {one: found.day(written, one) for one in orders}
    possible = {day for day in days.values() if day}
    if len(possible) > 1:
        return _ambiguous(days)
    return Read(possible.pop()) if possible else NO_SUCH_DAY


def checked(read: Read, today: date, *, visit: bool = True) -> Read:
    """A date that can be used, or the finding why not: too early, or in the future."""
    if read.value is None or read.rule:
        return read
    if read.value.year < FIRST_YEAR:
        return Read(rule="bad-date", detail=f"before {FIRST_YEAR}", dated=True)
    if visit and read.value > today:
        return Read(rule="future-date", detail=today.isoformat(), dated=True)
    return read


def as_value(read: Read) -> Read:
    """A date that is not a visit's day: unreadable and moving ones are ``bad-value``."""
    if read.rule == "moving-date":
        return read._replace(rule="bad-value", detail="a date that stays the same")
    return read._replace(rule="bad-value", detail="a date") if read.rule == "bad-date" else read
