"""Rules about the weeks of a course and the pauses in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from clinicreport.rules.case import Case, Hits


def _since_previous(case: Case) -> npt.NDArray[np.int64]:
    """Days since the previous treatment of the same course; 0 for the first, for other visits, and
    where either day is not known."""
    at = np.flatnonzero(case.treatment)
    days = case.visits["day"][at]
    known = case.visits["day_known"][at]
    result = np.zeros(len(case.visits), dtype=np.int64)
    if len(at):
        same = (case.cid[at][1:] == case.cid[at][:-1]) & known[1:] & known[:-1]
        result[at] = np.r_[0, np.where(same, np.diff(days), 0)]
    return result


def _bounds(case: Case, slots: npt.NDArray[np.int64]) -> list[str]:
    """The band that holds for each of these weeks, in words."""
    weeks = case.courses.weeks.take(slots)
    return [
        f"{low} to {high}{' in the loading phase' if loading else ''}"
        for low, high, loading in zip(
            weeks["low"].tolist(), weeks["high"].tolist(), weeks["loading"].tolist(), strict=True
        )
    ]


def _this_week(days: npt.NDArray[np.int64]) -> list[str]:
    return [f"this week {count}" for count in days.tolist()]


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def too_few_sessions(case: Case) -> Iterator[Hits]:
    """A finished week with fewer treatment days than the band, which in the loading phase begins
    at the same number and ends higher.

    It stands on the week's first visit. Weeks without any visit give one finding a gap, at the
    first treatment after it, unless an interruption stands there.
    """
    weeks = case.courses.weeks
    low = weeks["low"]
    days, week = weeks["days"], weeks["week"]
    under = weeks["judged"] & (days < low)
    slot = case.week_row
    first = case.day_in_week == 1
    hit = np.flatnonzero(first)[under[slot[first]] & (days[slot[first]] > 0)]
    yield Hits(
        hit,
        "date",
        detail=[
            f"{days[s]} treatment day{'' if days[s] == 1 else 's'} in this week of the course "
            f"(week {week[s] + 1}); at least {low[s]} {_are(low[s])} asked for."
            for s in slot[hit]
        ],
        bounds=_bounds(case, slot[hit]),
        actual=_this_week(days[slot[hit]]),
    )
    yield from _empty_weeks(case, slot, first, under)


def _empty_weeks(
    case: Case,
    slot: npt.NDArray[np.int64],
    first: npt.NDArray[np.bool_],
    under: npt.NDArray[np.bool_],
) -> Iterator[Hits]:
    """Gaps of whole weeks, at the first treatment after each."""
    weeks = case.courses.weeks
    empty = under & (weeks["days"] == 0)
    if not empty.any():
        return
    behind_gap = np.r_[False, empty[:-1]]  # an empty week is never the last of its course
    after = first & (slot >= 0)
    after[after] = behind_gap[slot[after]]
    if case.protocol.active("interruption"):
        after &= _since_previous(case) < case.protocol.course.interruption_days
    at = np.flatnonzero(after)
    yield Hits(
        at,
        "date",
        detail="No treatment at all in the week or weeks of the course before this one.",
        bounds=_bounds(case, slot[at] - 1),
        actual="the week before 0",
        matter=[f"no treatment from {day}" for day in _first_empty_day(case, empty, slot[at] - 1)],
    )


def _first_empty_day(
    case: Case, empty: npt.NDArray[np.bool_], last: npt.NDArray[np.int64]
) -> list[str]:
    """For each gap, by its last empty week, the first day of its first empty week."""
    weeks = case.courses.weeks
    number = np.arange(len(empty))
    filled = np.maximum.accumulate(np.where(empty, -1, number))  # the last filled week up to each
    first = filled[last] + 1
    start = case.courses.table["day_0"][weeks["cid"][first]]
    days = start + (7 * weeks["week"][first]).astype("timedelta64[D]")
    return [str(day)[:10] for day in days]


def too_many_sessions(case: Case) -> Iterator[Hits]:
    """More treatment days in a week than the band (the loading phase has its own upper end), on
    the first visit that is over it. The running week counts too."""
    weeks = case.courses.weeks
    slot = case.week_row
    high = weeks["high"]
    nth = case.day_in_week
    over = np.flatnonzero(nth)
    over = over[nth[over] == high[slot[over]] + 1]
    days, loading = weeks["days"], weeks["loading"]
    clauses = np.where(loading, "schedule.loading_max_days", "schedule.days_per_week")
    yield Hits(
        over,
        "date",
        detail=[
            f"{days[s]} treatment days in this week of the course; at most {high[s]} "
            f"{_are(high[s])} asked for."
            for s in slot[over]
        ],
        clause=clauses[slot[over]],
        bounds=_bounds(case, slot[over]),
        actual=_this_week(days[slot[over]]),
    )


def above_recommended(case: Case) -> Iterator[Hits]:
    """More days in a week than recommended, though within the band, after the loading phase."""
    weeks = case.courses.weeks
    slot = case.week_row
    nth = case.day_in_week
    days, high = weeks["days"], weeks["high"]
    usual = weeks["recommended"]
    noted = ~weeks["loading"] & (days > usual) & (days <= high)
    at = np.flatnonzero(nth)
    at = at[noted[slot[at]] & (nth[at] == usual[slot[at]] + 1)]
    yield Hits(
        at,
        "date",
        detail=[
            f"{days[s]} treatment days in this week of the course: within the limit, but more "
            f"than the {usual[s]} that are recommended."
            for s in slot[at]
        ],
        actual=_this_week(days[slot[at]]),
    )


def interruption(case: Case) -> Iterator[Hits]:
    """A long pause between two treatments of one course; the day of the later one is marked."""
    since = _since_previous(case)
    long = since >= case.protocol.course.interruption_days
    actual = [f"this pause {days}" for days in since[long].tolist()]
    yield Hits(long, "date", value=since[long], actual=actual)
