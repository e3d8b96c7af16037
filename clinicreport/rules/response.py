"""Rules about how the pain goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clinicreport.log.exact import at_least_zero, difference
from clinicreport.rules.case import Case, Hits, points


def no_response_by_week_4(case: Case) -> Iterator[Hits]:
    """Treatment went on past the checkpoint though the pain had fallen by less than 30 %.

    On the last score up to that day (treatment or follow-up, after day 0).
    """
    last_day = case.protocol.course.checkpoint_week * 7
    visits, table = case.visits, case.courses.table
    baseline = table["baseline"]
    scored = case.treatment | visits["follow_up"]
    day = visits["day"]
    scores = case.numbers("nrs_before")
    early = scored & (day > 0) & (day <= last_day) & ~np.isnan(scores)
    at = case.courses.visits.positions(early)
    own = case.cid[at]
    last = at[np.r_[own[1:] != own[:-1], True]] if len(at) else at
    cid = case.cid[last]
    start, now = baseline[cid], scores[last]
    goes_on = table["last_day"][cid] >= last_day
    responder = at_least_zero((7, start), (-10, now))
    under = goes_on & (start > 0) & ~responder
    both = list(zip(points(start[under]), points(now[under]), strict=True))
    yield Hits(
        last[under],
        "nrs_before",
        detail=[f"{a} at the start and {b} now, less than 30 % down" for a, b in both],
        limit=case.protocol.course.checkpoint_week,
        actual=[f"by then from {a} to {b}" for a, b in both],
    )


def pain_rise(case: Case) -> Iterator[Hits]:
    """Pain before the session at least 2 points above the previous score of the course."""
    scores = case.numbers("nrs_before")
    at = case.courses.visits.positions(~np.isnan(scores))
    if len(at) < 2:
        return
    same = case.cid[at][1:] == case.cid[at][:-1]
    before, now = scores[at][:-1], scores[at][1:]
    rise = case.protocol.outcome.pain_rise_points
    high = at_least_zero((1, now), (-1, before), (-1, np.full(len(now), float(rise))))
    hit = same & high
    rises = difference(now[hit], before[hit])
    yield Hits(
        at[1:][hit],
        "nrs_before",
        detail=points(before[hit]),
        actual=[f"this rise {text}" for text in points(rises)],
    )
