"""In which order a column's text dates are written: day, month or year first.

Native date cells are no evidence. What is left open stays ambiguous; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from clinicreport.log.date_texts import IN_WORDS, NoYear, Numbers, Order

MOST_WRONG = 10  # one in so many cells may be wrong in an order that holds all the same
LONG_SPAN, SHORT_SPAN = 1096, 365  # days: three years, one year
EITHER: tuple[Order, ...] = ("dmy", "mdy")
EVERY: tuple[Order, ...] = ("dmy", "mdy", "ymd")

Counted = tuple[Numbers, int]  # a distinct date and how many cells hold it


class Orders(NamedTuple):
    """The orders that are still possible, one where it is settled: for years of four digits (and
    dates without a year), and for those of two; None where no date is so written."""

    full: tuple[Order, ...] | None = None
    short: tuple[Order, ...] | None = None

    def of(self, written: Numbers | NoYear) -> tuple[Order, ...]:
        """The orders in which a date may be read."""
        short = isinstance(written, Numbers) and written.short
        return (self.short if short else self.full) or ()

    @property
    def said(self) -> str:
        """The orders in words; empty where no date needs one."""
        there = [orders for orders in (self.full, self.short) if orders is not None]
        if any(len(orders) != 1 for orders in there):
            return "not settled"
        return ", or ".join(dict.fromkeys(IN_WORDS[orders[0]] for orders in there))


def settled_orders(
    numbers: Sequence[Counted],
    without_year: Sequence[NoYear],
    *,
    declared: Order | None,
    latest: date,
) -> Orders:
    """The orders of one column's text dates. ``declared``: what the clinic says; ``latest``: the
    last day that a date of the column can be."""
    full = [written for written, _ in numbers if not written.short]
    short = [(written, count) for written, count in numbers if written.short]
    there = bool(full or any(not written.named for written in without_year))
    if declared:
        of_full = EITHER if declared == "ymd" else (declared,)
        return Orders(of_full if there else None, (declared,) if short else None)
    settled = settled_by_numbers([*full, *(w for w in without_year if not w.named)])
    of_short = _of_short(short, full, settled, latest) if short else None
    if settled is None and of_short and len(of_short) == 1 and of_short[0] != "ymd":
        settled = None if _contradict(full) else of_short[0]
    return Orders(((settled,) if settled else EITHER) if there else None, of_short)


def _evidence(written: Iterable[Numbers | NoYear]) -> set[Order]:
    """The orders that some date of the column can only be in."""
    found: set[Order] = set()
    for one in written:
        first, second = int(one.first), int(one.second)
        if 12 < first <= 31 and 1 <= second <= 12:
            found.add("dmy")
        elif 12 < second <= 31 and 1 <= first <= 12:
            found.add("mdy")
    return found


def settled_by_numbers(written: Iterable[Numbers | NoYear]) -> Order | None:
    """Day first or month first, where a number over 12 settles it for the column; else None."""
    found = _evidence(written)
    return found.pop() if len(found) == 1 else None


def _contradict(written: Iterable[Numbers]) -> bool:
    return len(_evidence(written)) > 1


def _of_short(
    short: Sequence[Counted], full: Sequence[Numbers], settled: Order | None, latest: date
) -> tuple[Order, ...]:
    """The orders left for dates with a year of two digits; none where each is wrong too often."""
    cells = sum(count for _, count in short)
    days = {order: [(written.day(order), count) for written, count in short] for order in EVERY}
    left = [
        order
        for order, read in days.items()
        if MOST_WRONG * sum(n for day, n in read if day is None or day > latest) <= cells
    ]
    beside = [day for written in full if settled and (day := written.day(settled))]
    spans = {order: _span([*(day for day, _ in days[order]), *beside], latest) for order in left}
    if any(span < SHORT_SPAN for span in spans.values()):
        left = [order for order in left if spans[order] <= LONG_SPAN]
    if settled in left and len(left) > 1:
        same_way = {one.by for one, _ in short} <= {one.by for one in full}
        left = [order for order in left if order == settled or (order == "ymd" and not same_way)]
    return tuple(left)


def _span(days: Iterable[date | None], latest: date) -> int:
    """Days from the first to the last possible one."""
    possible = [day for day in days if day is not None and day <= latest]
    return (max(possible) - min(possible)).days if possible else 0
