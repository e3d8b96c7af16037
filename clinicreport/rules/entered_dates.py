"""Rules about the days that were entered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from clinicreport.rules.case import Case, Hits

Days = npt.NDArray[np.int64]  # whole days since 1970
LEAST = 5  # dates of a sheet that have a middle
NEAR = 60  # days within which other rows make a course of their own …
ALONE = 3  # … where there are so many
FITS = 31  # days from another row's date at which a corrected one lies among them
OTHER_SYSTEM = 1462  # days between the two date systems of Excel


def unlikely_date(case: Case) -> Iterator[Hits]:
    """A date far from the middle date of its sheet (of 5 dates or more) that would lie among them
    with another year: the same day and month a year earlier or later, or the day 1,462 days
    earlier or later (Excel's other date system), is within 31 days of another row's date.

    Three rows within 60 days of it make a course of their own; a follow-up may lie far away.
    """
    visits = case.log.visits
    books = [(source.file, source.sha256, source.sheet) for source in case.log.sources]
    number = {book: at for at, book in enumerate(dict.fromkeys(books))}
    of_source = np.array([number[book] for book in books], dtype=np.int64)
    sheet = of_source[visits["source"]] if len(visits) else np.zeros(0, dtype=np.int64)
    day = visits["date"].astype("datetime64[D]").astype(np.int64)
    meant: dict[tuple[int, int], int] = {}
    limit = int(case.protocol.rules["unlikely-date"].limit or 0)
    for at in range(len(number)):
        found = _unlikely(day[sheet == at], limit)
        meant |= {(at, one): instead for one, instead in found.items()}
    if not meant:
        return
    place = case.visits["place"]
    own = list(zip(sheet[place].tolist(), day[place].tolist(), strict=True))
    hit = np.array([one in meant for one in own], dtype=bool)
    hit &= ~case.visits["follow_up"]
    instead = [str(np.datetime64(meant[own[where]], "D")) for where in np.flatnonzero(hit)]
    yield Hits(hit, "date", detail=instead)


def _unlikely(days: Days, limit: int) -> dict[int, int]:
    """The unlikely ones of a sheet's days, each with the day that was perhaps meant."""
    if len(days) < LEAST:
        return {}
    middle = float(np.median(days))
    distinct, counts = np.unique(days, return_counts=True)
    before = np.r_[0, np.cumsum(counts)]
    near = (
        before[np.searchsorted(distinct, distinct + NEAR, side="right")]
        - before[np.searchsorted(distinct, distinct - NEAR, side="left")]
        - 1
    )
    odd = (np.abs(distinct - middle) > limit) & (near < ALONE)
    found = {}
    for day in distinct[odd].tolist():
        fitting = [other for other in _instead(day) if _lies_among(other, distinct, day)]
        if fitting:
            found[day] = min(fitting, key=lambda other: abs(other - middle))
    return found


def _instead(day: int) -> list[int]:
    """The same day and month of the years beside, and the day of the other date system."""
    own = np.datetime64(day, "D").item()
    years = [own.year - 1, own.year + 1]
    same = [own.replace(year=year) for year in years if not (own.month == 2 and own.day == 29)]
    moved = [int(np.datetime64(other, "D").astype(np.int64)) for other in same]
    return [*moved, day - OTHER_SYSTEM, day + OTHER_SYSTEM]


def _lies_among(day: int, distinct: Days, own: int) -> bool:
    """Whether another row's date lies near a day."""
    others = distinct[distinct != own]
    return bool(len(others) and np.min(np.abs(others - day)) <= FITS)
