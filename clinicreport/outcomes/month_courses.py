"""Which courses each month's own report counts, and what it says of them.

A month's report (``--period`` that month, as of its last day) keeps every course with a row in the
month, with its history up to then, and counts each patient's latest. Nothing that comes later
changes how visits are put into courses, so all months are told from courses that were found once.
"""

from __future__ import annotations

import calendar
from datetime import date

import numpy as np

from clinicreport.ground.frame import Bools, Column, Floats, Frame, Ints, distinct
from clinicreport.ground.period import Period
from clinicreport.log.courses import Courses, find_courses
from clinicreport.log.exact import difference
from clinicreport.log.session_log import Log
from clinicreport.outcomes.course_scores import meets
from clinicreport.protocol.in_force import Protocol

_BEGIN = date(1900, 1, 1)  # before any visit
_SPAN = 10_000_000  # more days and months than any log spans


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def to_the_months_end(log: Log, courses: Courses, protocol: Protocol) -> Courses:
    """The courses as of the last day of the as-of day's month, found anew only where the log has
    visits after the as-of day."""
    if courses.as_of is None or len(courses.visits) == len(log.visits):
        return courses
    end = month_end(courses.as_of)
    return find_courses(log, protocol, Period(_BEGIN, end, "")) if end > courses.as_of else courses


def month_courses(courses: Courses) -> Frame:
    """One row a month and patient with a course in the month's scope: the latest such course.

    ``month`` (months since January 1970), ``cid``, ``patient``, ``clinic``, ``evaluable``,
    ``reduction`` (NaN where not evaluable), ``responder_30``, ``responder_50``. By month.
    """
    month, cid = _in_scope(courses)
    end = (month + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    who = courses.table["who"][cid]
    latest = np.ones(len(cid), dtype=bool)
    latest[:-1] = (month[1:] != month[:-1]) | (who[1:] != who[:-1])
    month, cid, end = month[latest], cid[latest], end[latest]
    baseline = courses.table["baseline"][cid]
    score = _latest_scores(courses, cid, end)
    with np.errstate(invalid="ignore"):
        evaluable = (baseline > 0) & ~np.isnan(score)
    reached = meets(baseline, score)
    return Frame(
        {
            "month": month,
            "cid": cid,
            "patient": courses.table["patient"][cid],
            "clinic": courses.table["clinic"][cid],
            "evaluable": evaluable,
            "reduction": np.where(evaluable, difference(baseline, score), np.nan),
            "responder_30": evaluable & reached["30"],
            "responder_50": evaluable & reached["50"],
        }
    )


def months_of(dates: Column) -> Ints:
    """Months since January 1970."""
    return dates.astype("datetime64[M]").astype(np.int64)


def _days(dates: Column) -> Ints:
    return dates.astype("datetime64[D]").astype(np.int64)


def _in_scope(courses: Courses) -> tuple[Ints, Ints]:
    """Months and the courses that have a row in each and have begun by its end, by both."""
    visits, cid = courses.visits, courses.visits.whole("cid")
    known = cid >= 0
    month, cid = months_of(visits["date"])[known], cid[known]
    begun = month >= months_of(courses.table["day_0"])[cid]
    pairs = distinct(month[begun] * _SPAN + cid[begun])
    return pairs // _SPAN, pairs % _SPAN


def _latest_scores(courses: Courses, cid: Ints, end: Ints) -> Floats:
    """Each course's latest score as of a day; NaN where there is none."""
    visits = courses.visits
    at = visits.positions(np.ones(len(visits), dtype=bool))
    owner, day = visits.whole("cid")[at], _days(visits["date"])[at]
    score = visits.numbers("nrs_before")[at]
    treatment, follow_up = visits.flags("treatment")[at], visits.flags("follow_up")[at]
    later = ~np.isnan(score) & (visits.whole("day")[at] > 0)
    key = owner * _SPAN + day

    def last(of: Bools, until: Ints) -> Ints:
        """The place of a course's last such visit up to a day; -1 for none."""
        places = np.flatnonzero(of)
        found = np.searchsorted(key[places], cid * _SPAN + until, side="right") - 1
        place = np.append(places, -1)[found]
        return np.where(np.append(owner, -1)[place] == cid, place, -1)

    treated = np.append(day, 0)[last(treatment, end)]
    near = np.minimum(end, treated + courses.follow_up_days - 1)
    place = np.maximum(last(later & treatment, end), last(later & follow_up, near))
    return np.append(score, np.nan)[place]
