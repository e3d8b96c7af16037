"""The outcome of each course: baseline, latest score, reduction, response, durability.

Sources: IMMPACT (Dworkin 2008) for 30 % and 50 %; Ostelo 2008 and Farrar 2001 for 2 points.
"""

from __future__ import annotations

import numpy as np

from clinicreport.ground.frame import Bools, Column, Floats, Frame, holds, means, missing
from clinicreport.log.courses import Courses
from clinicreport.log.exact import at_least_zero, difference
from clinicreport.outcomes.course_scores import (
    IMPORTANT,
    add_confirmed,
    add_other_scores,
    days_at,
    last_of_each,
    meets,
    scores_at,
    three_state,
)
from clinicreport.protocol.in_force import Protocol

# What a course's own table tells, in the order of the JSON's courses.
OF_THE_COURSE = (
    "patient",
    "clinic",
    "course",
    "day_0",
    "last_treatment",
    "sessions",
    "treatment_days",
    "weeks_attended",
    "baseline",
)
REASONS = ("no-baseline", "zero-baseline", "single-day", "no-later-score")


def course_outcomes(courses: Courses, protocol: Protocol) -> Frame:
    """One row a course (all courses, in scope or not), in order.

    Columns: ``cid``, ``patient``, ``clinic``, ``course``, ``day_0``, ``last_treatment`` (datetime64),
    ``sessions``, ``treatment_days``, ``weeks_attended`` (counts; the last is missing where the log
    tells weeks and no days: such a course is in progress until it is discharged),
    ``baseline``, ``latest``,
    ``reduction``, ``immediate_relief`` (NRS points), ``percent_reduction`` (per cent),
    ``responder_30``, ``responder_50``, ``mcid``, ``low_baseline`` (True, False or None),
    ``response``, ``not_evaluable`` (None or a reason), ``adherence`` (0 to 1), ``weeks_judged``,
    ``status``, ``days_to_30``, ``days_to_50``, ``confirmed_30``, ``confirmed_50``,
    ``confirmed_mcid`` (reached on two visit days running; True, False or None),
    ``durability``, ``follow_up_days``, ``adverse_events``, ``condition``, ``latest_date``,
    ``discharged``, ``in_scope``, and what :func:`course_scores.add_other_scores` adds. Undefined
    numbers are NaN.
    """
    table = courses.table
    own = table.select(*OF_THE_COURSE, "condition", "discharged", "in_scope")
    result = Frame({"cid": np.arange(len(table))} | {name: own[name] for name in own.names})
    later, follow = _later_scores(courses, protocol.course.follow_up_days)
    latest = last_of_each(courses, later)
    result["latest"], result["latest_date"] = scores_at(courses, latest), days_at(courses, latest)
    _add_response(result, courses, protocol)
    add_confirmed(result, courses, later)
    add_other_scores(result, courses, follow)
    _add_times(result, courses, later)
    _add_durability(result, courses, follow)
    _add_process(result, courses, protocol)
    return result


def _later_scores(courses: Courses, follow_up_days: int) -> tuple[Bools, Bools]:
    """Which visits hold a score of "latest", and which one of "follow-up"."""
    visits, table = courses.visits, courses.table
    cid, day = visits.whole("cid"), visits.whole("day")
    last_day = np.append(table["last_day"], 0)[cid]
    scored = ~np.isnan(visits.numbers("nrs_before")) & (cid >= 0)
    follow_up = visits.flags("follow_up")
    near = day - last_day < follow_up_days
    later = scored & (visits.flags("treatment") | follow_up) & (day > 0) & near
    return later, scored & follow_up & ~near


def _add_response(result: Frame, courses: Courses, protocol: Protocol) -> None:
    baseline, latest = result["baseline"], result["latest"]
    result["reduction"] = difference(baseline, latest)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(baseline > 0, 100 * result["reduction"] / baseline, np.nan)
    result["percent_reduction"] = percent
    reason = _not_evaluable(courses, baseline, latest)
    evaluable = missing(reason)
    reached = meets(baseline, latest)
    at_30, at_50 = reached["30"], reached["50"]
    worse = at_least_zero((1, latest), (-1, baseline), (-1, np.full(len(result), IMPORTANT)))
    for name, values in (
        ("responder_30", at_30),
        ("responder_50", at_50),
        ("mcid", reached["mcid"]),
    ):
        result[name] = three_state(values, evaluable)
    result["response"] = np.select(
        [~evaluable, worse, at_50, at_30],
        ["not-evaluable", "worse", "substantial", "moderate"],
        "little-or-none",
    )
    result["not_evaluable"] = reason
    low = baseline < protocol.outcome.low_baseline
    result["low_baseline"] = three_state(low, ~np.isnan(baseline))


def _not_evaluable(courses: Courses, baseline: Floats, latest: Floats) -> Column:
    """The first reason that holds, or None for an evaluable course."""
    visits = courses.visits
    after = (visits.flags("treatment") | visits.flags("follow_up")) & (visits.whole("day") > 0)
    single = np.ones(len(baseline), dtype=bool)
    single[visits.whole("cid")[visits.positions(after)]] = False
    tests = (np.isnan(baseline), baseline == 0, single, np.isnan(latest))
    result = np.full(len(baseline), None, dtype=object)
    for test, reason in reversed(list(zip(tests, REASONS, strict=True))):
        result[test] = reason
    return result


def _add_times(result: Frame, courses: Courses, later: Bools) -> None:
    """Days from day 0 to the first score that meets 30 % and 50 %."""
    visits = courses.visits
    at = visits.positions(later)
    cid, day = visits.whole("cid")[at], visits.whole("day")[at]
    score, start = visits.numbers("nrs_before")[at], result["baseline"][cid]
    reached = meets(start, score)
    for percent in ("30", "50"):
        hit = np.flatnonzero((start > 0) & reached[percent])
        _, first = np.unique(cid[hit], return_index=True)
        hit = hit[first]
        days = np.full(len(result), np.nan)
        days[cid[hit]] = day[hit]
        result[f"days_to_{percent}"] = days


def _add_durability(result: Frame, courses: Courses, follow: Bools) -> None:
    visits, count = courses.visits, len(result)
    at = visits.positions(follow)
    cid = visits.whole("cid")[at]
    start = result["baseline"][cid]
    lasting = at_least_zero((7, start), (-10, visits.numbers("nrs_before")[at]))
    seen = np.zeros(count, dtype=bool)
    seen[cid] = True
    relapsed = np.zeros(count, dtype=bool)
    relapsed[cid[~lasting]] = True
    responder = holds(result["responder_30"])
    result["durability"] = np.select(
        [~responder, ~seen, ~relapsed], ["not-applicable", "not-known", "sustained"], "relapsed"
    )
    days = np.full(count, np.nan)
    days[cid] = visits.whole("day")[at] - courses.table["last_day"][cid]
    result["follow_up_days"] = days


def _add_process(result: Frame, courses: Courses, protocol: Protocol) -> None:
    """Adherence, status, immediate relief and adverse events."""
    visits, count = courses.visits, len(result)
    weeks = courses.weeks.where(courses.weeks["judged"])
    judged = np.bincount(weeks["cid"], minlength=count)
    in_band = np.bincount(weeks["cid"][weeks["in_band"]], minlength=count)
    result["weeks_judged"], result["weeks_in_band"] = judged, in_band
    result["adherence"] = in_band / np.where(judged > 0, judged, np.nan)
    cid, treated = visits.whole("cid"), visits.flags("treatment")
    relief = visits.numbers("nrs_before") - visits.numbers("nrs_after")
    result["immediate_relief"] = means(relief[treated], cid[treated], count)
    result["adverse_events"] = np.bincount(cid[treated & visits.events()], minlength=count)
    completed = result["discharged"] | (result["weeks_attended"] >= protocol.course.complete_weeks)
    silent = courses.table["days_known"] & _silent(
        result["last_treatment"], courses, protocol.course.dropout_days
    )
    result["status"] = np.select([completed, silent], ["completed", "dropout"], "in-progress")


def _silent(last_treatment: Column, courses: Courses, days: int) -> Bools:
    """Whether the last treatment is more than that many days before the as-of day."""
    if courses.as_of is None:
        return np.zeros(len(last_treatment), dtype=bool)
    latest = np.datetime64(courses.as_of) - np.timedelta64(days, "D")
    return np.asarray(last_treatment < latest)
