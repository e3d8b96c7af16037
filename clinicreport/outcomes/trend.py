"""The trend: what each month's own report said, with limits, and what is a signal.

Process limits (XmR) and signals as in the NHS's "Making data count". A month of few patients is a
month of chance: it neither enters limits nor signals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from clinicreport.ground.frame import Frame
from clinicreport.log.courses import Courses
from clinicreport.outcomes.figures import MonthFigures, TrendLimits
from clinicreport.outcomes.month_courses import months_of

JUDGED_FROM = 10  # patients; a month of fewer is drawn hollow
LIMITS_FROM = 12  # judged months
RUN = 7  # months in a row on one side of the mean, or rising, or falling
_NONE = ""


def trend(courses: Courses, found: Frame) -> tuple[MonthFigures, ...]:
    """Every month from the first visit's to the as-of day's; ``found``: :func:`month_courses`."""
    if courses.as_of is None or not len(courses.visits):
        return ()
    first = int(months_of(courses.visits["date"]).min())
    count = (courses.as_of.year - 1970) * 12 + courses.as_of.month - first
    counted = found.where(found["evaluable"])
    at = counted["month"] - first
    n = np.bincount(at, minlength=count)
    total = np.bincount(at, weights=counted["reduction"], minlength=count)
    hits = np.bincount(at, weights=counted["responder_30"], minlength=count)
    return tuple(
        MonthFigures(
            month=month_name(first + place),
            n=int(n[place]),
            mean_reduction=float(total[place] / n[place]) if n[place] else None,
            responder_30=float(hits[place] / n[place]) if n[place] else None,
            signal=None,
        )
        for place in range(count)
    )


def month_name(month: int) -> str:
    """A month as in 2026-10, from the months since January 1970."""
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"


def trend_limits(
    months: Sequence[MonthFigures], rebased: Sequence[date] = ()
) -> tuple[TrendLimits, ...]:
    """XmR limits of the monthly mean reduction: mean ± 2.66 · mean moving range of neighbouring
    judged months. They begin anew in the month of each ``rebased`` day; none for fewer than
    twelve judged months."""
    return tuple(filter(None, map(_limits, _stretches(months, rebased))))


def _stretches(
    months: Sequence[MonthFigures], rebased: Sequence[date]
) -> Iterator[list[MonthFigures]]:
    """The months between two days on which limits begin anew."""
    begins = sorted({f"{day:%Y-%m}" for day in rebased})
    for low, high in pairwise(["", *begins, "~"]):
        yield [entry for entry in months if low <= entry.month < high]


def _judged(months: Sequence[MonthFigures]) -> list[tuple[MonthFigures, float]]:
    """The months that are judged, each with its mean."""
    return [
        (entry, entry.mean_reduction)
        for entry in months
        if entry.n >= JUDGED_FROM and entry.mean_reduction is not None
    ]


def _limits(months: Sequence[MonthFigures]) -> TrendLimits | None:
    values = np.array([value for _, value in _judged(months)])
    if len(values) < LIMITS_FROM:
        return None
    reach = 2.66 * float(np.abs(np.diff(values)).mean())
    mean = float(values.mean())
    return TrendLimits(months[0].month, months[-1].month, mean, mean - reach, mean + reach)


def with_signals(
    months: Sequence[MonthFigures], limits: Sequence[TrendLimits]
) -> tuple[MonthFigures, ...]:
    """The months, each with the rule that marks it."""
    marks: dict[str, str] = {}
    for each in limits:
        judged = _judged([entry for entry in months if each.first <= entry.month <= each.last])
        found = signals([value for _, value in judged], each)
        marks |= {entry.month: mark for (entry, _), mark in zip(judged, found, strict=True)}
    return tuple(entry._replace(signal=marks.get(entry.month) or None) for entry in months)


def signals(values: Sequence[float], limits: TrendLimits) -> list[str]:
    """For each value, the rule that marks it, or "".

    >>> signals([1, 1, 9], TrendLimits("2026-01", "2026-03", mean=2, low=0, high=4))
    ['', '', 'above the limits']
    """
    found = [_beyond(value, limits) for value in values]
    sides = [(value > limits.mean) - (value < limits.mean) for value in values]
    steps = [(after > before) - (after < before) for before, after in pairwise(values)]
    for at in range(len(values) - 2):
        far = [place for place in range(at, at + 3) if _far(values[place], limits)]
        if len(far) >= 2 and abs(sum(sides[at : at + 3])) == 3:
            _mark(found, far, "2 of 3 near a limit")
    for at in range(len(values) - RUN + 1):
        own = range(at, at + RUN)
        if abs(sum(sides[at : at + RUN])) == RUN:
            _mark(found, own, f"{RUN} on one side of the mean")
        if abs(sum(steps[at : at + RUN - 1])) == RUN - 1:
            _mark(found, own, f"{RUN} rising" if steps[at] > 0 else f"{RUN} falling")
    return found


def _beyond(value: float, limits: TrendLimits) -> str:
    if value > limits.high:
        return "above the limits"
    return "below the limits" if value < limits.low else _NONE


def _far(value: float, limits: TrendLimits) -> bool:
    """Whether a value lies between two thirds of the way to a limit and the limit."""
    reach = limits.high - limits.mean
    return 2 / 3 * reach <= abs(value - limits.mean) <= reach and reach > 0


def _mark(found: list[str], places: Sequence[int], words: str) -> None:
    for place in places:
        found[place] = found[place] or words
