"""Mean pain by week of course."""

from __future__ import annotations

import numpy as np

from clinicreport.ground.frame import Frame, Ints, distinct, means, missing
from clinicreport.log.courses import Courses
from clinicreport.outcomes.intervals import mean_interval

FEW = 5  # patients in a week; under this it is drawn hollow, and without an interval
SAME_WEEKS = (1, 2, 3)  # "the same patients" have a score in each of these
COLUMNS = ("group", "week", "n", "mean", "low", "high")
_SPAN = 10_000_000  # more weeks than any course lasts: course and week in one sortable number


def by_week(courses: Courses, outcomes: Frame) -> Frame:
    """Mean NRS by week of course over the evaluable patients' latest courses.

    ``group``: "attending" (whoever has a score in the week), "same" (those who have one in each of
    the first three weeks), or "reference" (those attending of the reference trial's population);
    ``week``: 0 is the baseline, k the k-th week without the baseline score (each patient's own
    mean there first); ``n``, ``mean``, ``low``, ``high`` (95 % t interval, missing for fewer than
    two patients and where all are alike).
    """
    chosen = outcomes.where(outcomes["is_latest"] & missing(outcomes["not_evaluable"]))
    weekly = _weekly(courses, chosen["cid"])
    cids, counts = np.unique(weekly["cid"][np.isin(weekly["week"], SAME_WEEKS)], return_counts=True)
    groups = {
        "attending": chosen["cid"],
        "same": cids[counts == len(SAME_WEEKS)],
        "reference": chosen["cid"][chosen["in_reference_population"]],
    }
    rows = []
    cid = np.r_[chosen["cid"], weekly["cid"]]
    week = np.r_[np.zeros(len(chosen), dtype=np.int64), weekly["week"]]
    score = np.r_[chosen["baseline"], weekly["score"]]
    for name, members in groups.items():
        own = np.isin(cid, members)
        for number in distinct(week[own]).tolist():
            values = score[own & (week == number)]
            low, high = mean_interval(values) or (np.nan, np.nan)
            rows.append((name, number, len(values), float(values.mean()), low, high))
    return Frame({name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)})


def _weekly(courses: Courses, chosen: Ints) -> Frame:
    """``score``: the mean score before the treatments of each ``week`` (from 1) of the chosen
    courses (``cid``), by both; weeks without one are left out, and so is the first treatment."""
    visits = courses.visits
    cid, score = visits.whole("cid"), visits.numbers("nrs_before")
    at = np.flatnonzero((visits.whole("nth") > 0) & np.isin(cid, chosen) & ~np.isnan(score))
    weeks, own = np.unique(cid[at] * _SPAN + visits.whole("week")[at], return_inverse=True)
    mean = means(score[at], own.ravel(), len(weeks))
    return Frame({"cid": weeks // _SPAN, "week": weeks % _SPAN + 1, "score": mean})
