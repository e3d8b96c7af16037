"""How long a response lasts after the course: Kaplan and Meier's curve, with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np

from clinicreport.ground.frame import Frame, firsts, holds
from clinicreport.log.courses import Courses
from clinicreport.log.exact import at_least_zero
from clinicreport.outcomes.intervals import Interval
from clinicreport.outcomes.quantiles import NORMAL


class AfterCourse(NamedTuple):
    """A day after the last treatment on which somebody relapsed, or was seen last.

    ``at_risk``: responders still followed before it; ``sustained``: the share still down by 30 %
    after it, with its 95 % log(-log) interval (none at 1 and at 0).
    """

    day: int
    at_risk: int
    relapsed: int
    censored: int
    sustained: float
    sustained_ci: Interval | None


def after_course(courses: Courses, latest: Frame) -> tuple[AfterCourse, ...]:
    """The curve of the 30 % responders with a follow-up, by the patients' latest courses.

    Origin: the last treatment; event: the first follow-up under 30 %; censored at the last
    follow-up.
    """
    followed = latest.where(holds(latest["responder_30"]) & ~np.isnan(latest["follow_up_days"]))
    if not len(followed):
        return ()
    visits, table = courses.visits, courses.table
    cid, score = visits.whole("cid"), visits.numbers("nrs_before")
    of = visits.flags("follow_up") & ~np.isnan(score) & np.isin(cid, followed["cid"])
    cid, score = cid[of], score[of]
    since = visits.whole("day")[of] - table["last_day"][cid]
    lasting = at_least_zero((7, table["baseline"][cid]), (-10, score))
    under = np.flatnonzero((since >= courses.follow_up_days) & ~lasting)
    lost = under[firsts(cid[under])]  # a course's visits stand in the order of their days
    kept = followed["follow_up_days"][~np.isin(followed["cid"], cid[lost])]
    return product_limit(since[lost].tolist(), kept.tolist())


def product_limit(lost: Sequence[float], kept: Sequence[float]) -> tuple[AfterCourse, ...]:
    """``lost``: times of an event; ``kept``: times until which there was none."""
    events, ends = Counter(lost), Counter(kept)
    at_risk, share, spread, steps = len(lost) + len(kept), 1.0, 0.0, []
    for time in sorted(events | ends):
        gone = events[time]
        share *= 1 - gone / at_risk
        spread += gone / (at_risk * (at_risk - gone)) if gone < at_risk else 0.0
        ci = _log_log(share, spread)
        steps.append(AfterCourse(int(time), at_risk, gone, ends[time], share, ci))
        at_risk -= gone + ends[time]
    return tuple(steps)


def _log_log(share: float, spread: float) -> Interval | None:
    """The interval of a share left, by Greenwood's sum; none at 1 and at 0."""
    if not 0 < share < 1:
        return None
    reach = NORMAL * sqrt(spread) / log(share)  # negative
    return share ** exp(-reach), share ** exp(reach)
