"""What a course's scores tell beside its response: confirmed, the last of all, before treatment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Bools, Column, Floats, Frame, Ints, missing
from clinicreport.log.courses import Courses
from clinicreport.log.exact import at_least_zero, difference

IMPORTANT = 2.0  # points
_SPAN = 10_000_000  # more days than any course lasts: course and day in one sortable number


def last_of_each(courses: Courses, of: Bools) -> Ints:
    """For each course the position of its last visit for which ``of`` holds, -1 for none."""
    at = courses.visits.positions(of)
    last = np.full(len(courses.table), -1, dtype=np.int64)
    last[courses.visits.whole("cid")[at]] = at
    return last


def scores_at(courses: Courses, at: Ints) -> Floats:
    """The scores of the visits at these positions, NaN for -1."""
    return np.append(courses.visits.numbers("nrs_before"), np.nan)[at]


def days_at(courses: Courses, at: Ints) -> npt.NDArray[np.datetime64]:
    """The dates of the visits at these positions, not a time for -1."""
    dates = courses.visits["date"].astype("datetime64[s]")
    return np.append(dates, np.datetime64("NaT", "s"))[at]


def meets(baseline: Floats, score: Floats) -> dict[str, Bools]:
    """Whether a score is 30 %, 50 % or 2 points under the baseline."""
    two = np.full(len(baseline), IMPORTANT)
    return {
        "30": at_least_zero((7, baseline), (-10, score)),  # 10 (B - L) >= 3 B
        "50": at_least_zero((1, baseline), (-2, score)),
        "mcid": at_least_zero((1, baseline), (-1, score), (-1, two)),
    }


def add_confirmed(result: Frame, courses: Courses, later: Bools) -> None:
    """``confirmed_30`` and its like: the latest score reaches it, and so does the last one of an
    earlier day after day 0. None where the course is not evaluable."""
    visits = courses.visits
    at = visits.positions(later)
    key = visits.whole("cid")[at] * _SPAN + visits.whole("day")[at]
    owner = np.append(visits.whole("cid")[at], -1)
    latest = last_of_each(courses, later)
    day = np.append(visits.whole("day"), 0)[latest]
    before = np.searchsorted(key, np.arange(len(result)) * _SPAN + day, side="left") - 1
    before[owner[before] != np.arange(len(result))] = -1
    earlier = scores_at(courses, np.append(at, -1)[before])
    baseline = result["baseline"]
    now, then = meets(baseline, scores_at(courses, latest)), meets(baseline, earlier)
    evaluable = missing(result["not_evaluable"])
    for name, reached in now.items():
        result[f"confirmed_{name}"] = three_state(reached & then[name], evaluable)


def add_other_scores(result: Frame, courses: Courses, follow: Bools) -> None:
    """``last_score`` and ``last_score_date`` (of treatments and follow-ups), ``follow_up_score``
    (the last one), ``change_before`` (last screening before day 0 minus the first treatment)."""
    visits = courses.visits
    scored = ~np.isnan(visits.numbers("nrs_before"))
    treated, screened = visits.flags("treatment"), visits.flags("screening")
    last = last_of_each(courses, scored & (treated | visits.flags("follow_up")))
    result["last_score"] = scores_at(courses, last)
    result["last_score_date"] = days_at(courses, last)
    result["follow_up_score"] = scores_at(courses, last_of_each(courses, follow))
    screening = last_of_each(courses, scored & screened & (visits.whole("day") < 0))
    first = last_of_each(courses, treated & (visits.whole("nth") == 0))
    result["change_before"] = difference(scores_at(courses, screening), scores_at(courses, first))


def three_state(values: Bools, known: Bools) -> Column:
    """True and False where known, else None."""
    result: Column = values.astype(object)
    result[~known] = None
    return result
