"""Rules about how the pain goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clinicreport.exact import at_least_zero
from clinicreport.rules.case import Case, Hits


def no_response_by_checkpoint(case: Case) -> Iterator[Hits]:
    """Treatment went on past the checkpoint though the pain had fallen by less than 30 %.

    On the last score up to that day (treatment or follow-up, after day 0).
    """
    last_day = case.protocol.course.checkpoint_week * 7
    visits, table = case.visits, case.courses.table
    baseline = table["baseline"].to_numpy()
    scored = case.treatment | visits["follow_up"].to_numpy()
    day = visits["day"].to_numpy()
    scores = case.numbers("nrs_before")
    early = scored & (day > 0) & (day <= last_day) & ~np.isnan(scores)
    at = case.courses.positions(early)
    own = case.cid[at]
    last = at[np.r_[own[1:] != own[:-1], True]] if len(at) else at
    cid = case.cid[last]
    start, now = baseline[cid], scores[last]
    goes_on = table["last_day"].to_numpy()[cid] >= last_day
    responder = at_least_zero((7, start), (-10, now))
    under = goes_on & (start > 0) & ~responder
    details = [f"{_points(a)} at the start and {_points(b)} now, less than 30 % down"
               for a, b in zip(start[under], now[under], strict=True)]  # fmt: skip
    yield Hits(
        last[under], "nrs_before", detail=details, limit=case.protocol.course.checkpoint_week
    )


def _points(score: float) -> str:
    return f"{score:.12g}"


def pain_rise(case: Case) -> Iterator[Hits]:
    """Pain before the session at least 2 points above the previous score of the course."""
    scores = case.numbers("nrs_before")
    at = case.courses.positions(~np.isnan(scores))
    if len(at) < 2:
        return
    same = case.cid[at][1:] == case.cid[at][:-1]
    before, now = scores[at][:-1], scores[at][1:]
    rise = case.protocol.outcome.pain_rise_points
    high = at_least_zero((1, now), (-1, before), (-1, np.full(len(now), float(rise))))
    hit = same & high
    details = [_points(score) for score in before[hit]]
    yield Hits(at[1:][hit], "nrs_before", detail=details)
