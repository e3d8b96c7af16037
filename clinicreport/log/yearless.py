"""The year of dates that are written without one, where the clinic has declared it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from clinicreport.log.date_texts import NoYear, Order


def ask_for_year(today: date) -> str:
    """What to do about a date without a year, in words."""
    return (
        f"no year is given; write in clinic.toml under [reading]: year = {today.year}, "
        "or run clinicreport fit"
    )


class Years(NamedTuple):
    """How years are found: nearest to the other dates, else counted from the first row.

    ``known``: the table's dates that have a year. ``month``: the first date's without one.
    """

    declared: int
    known: Sequence[date]
    month: int

    def day(self, written: NoYear, order: Order) -> date | None:
        """The day of a date without a year; None where there is no such day."""
        if not self.known:
            first = written.day(order, 2024)
            later = first is not None and first.month < self.month
            return written.day(order, self.declared + later)
        years = range(self.known[0].year - 1, self.known[-1].year + 2)
        days = [day for year in years if (day := written.day(order, year))]
        return min(days, key=self._far, default=None)

    def _far(self, day: date) -> tuple[int, int]:
        """How far a day is from the nearest known one, and from the declared year."""
        at = bisect(self.known, day)
        beside = self.known[max(at - 1, 0) : at + 1]
        return min(abs((day - one).days) for one in beside), abs(day.year - self.declared)


def years(
    declared: int, known: Sequence[date], written: Sequence[NoYear], order: Order | None
) -> Years:
    """The years of a table's dates without one; ``written`` in the order of the rows."""
    first = written[0].day(order or "dmy", 2024) if written else None
    return Years(declared, sorted(known), first.month if first else 1)
