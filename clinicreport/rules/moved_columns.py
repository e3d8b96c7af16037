"""Rules about score columns that do not stand where they belong: changed places, or sorted alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Frame, codes, distinct
from clinicreport.log.fields import SCORES
from clinicreport.rules.case import Case, Hits

SHARE, EACH_SIDE = 0.9, 10  # † of the sessions before and from the day on; how many at least
ROWS, PATIENTS, VALUES = 20, 3, 3  # † that a column needs to be judged by its order


def swapped_columns(case: Case) -> Iterator[Hits]:
    """In date order, of a table's treatments whose two scores differ nearly all fall from before to
    after up to some day, and nearly all rise from it on; or of one therapist's."""
    visits = case.visits
    moved = visits["nrs_after"] - visits["nrs_before"]
    counted = case.treatment & visits["day_known"] & (np.abs(moved) > 0)
    rising = np.bincount(visits["source"][counted & (moved > 0)])
    for source in np.flatnonzero(rising >= EACH_SIDE).tolist():
        own = np.flatnonzero(counted & (visits["source"] == source))
        rows = own[np.argsort(visits["date"][own], kind="stable")]
        for words, part in _parts(visits, rows):
            turned = _turn(visits["date"][part], moved[part] > 0)
            if turned:
                yield Hits(entries=[case.heading(source, "nrs_before")], detail=f"{turned}{words}.")
                break


def _parts(visits: Frame, rows: npt.NDArray[np.intp]) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """All of a table's rows, then each therapist's, with the words for it."""
    yield "", rows
    whose, names = codes(visits["therapist"][rows])
    for number, name in enumerate(names):
        yield f" ({name}'s sessions)", rows[whose == number]


def _turn(days: npt.NDArray[Any], rises: npt.NDArray[np.bool_]) -> str:
    """From which day on the scores rise that fell before, in words; empty where they do not."""
    size = len(days)
    before = np.arange(1, size)
    before = before[days[1:] != days[:-1]]  # a day is not cut
    before = before[(before >= EACH_SIDE) & (size - before >= EACH_SIDE)]
    if not len(before):
        return ""
    risen = np.cumsum(rises)
    fell = 1 - risen[before - 1] / before
    rose = (risen[-1] - risen[before - 1]) / (size - before)
    fits = np.flatnonzero((fell >= SHARE) & (rose >= SHARE))
    if not len(fits):
        return ""
    best = fits[np.argmax((fell + rose)[fits])]
    day = np.datetime_as_string(days[before[best]], unit="D")
    return (
        f"Before {day} the pain falls from before to after in nearly all of "
        f"{before[best]} sessions, from then on it rises in nearly all of {size - before[best]}"
    )


def column_out_of_place(case: Case) -> Iterator[Hits]:
    """A score column that never falls, or never rises, down the sheet, while the dates and the
    other score do both."""
    visits = case.entered
    source, who = visits["source"], visits["who"]
    days = visits["date"].astype("datetime64[D]").astype(np.int64)
    for table in np.flatnonzero(np.bincount(source) >= ROWS).tolist():
        own = np.flatnonzero(source == table)
        scores = {name: visits[name][own] for name in SCORES}
        for name, other in (SCORES, SCORES[::-1]):
            given = ~np.isnan(scores[name])
            way = _only_way(scores[name][given])
            if not way or given.sum() < ROWS or len(distinct(who[own][given])) < PATIENTS:
                continue
            rest = scores[other][~np.isnan(scores[other])]
            if _both_ways(days[own]) and _both_ways(rest):
                yield Hits(entries=[case.heading(table, name)], detail=way)


def _only_way(values: npt.NDArray[np.float64]) -> str:
    """Whether values of enough kinds only rise or only fall; empty where they do not."""
    steps = np.diff(values)
    rise, fall = bool((steps > 0).any()), bool((steps < 0).any())
    if rise == fall or len(distinct(values)) < VALUES:
        return ""
    return "rise" if rise else "fall"


def _both_ways(values: npt.NDArray[Any]) -> bool:
    steps = np.diff(values)
    return bool((steps > 0).any() and (steps < 0).any())
