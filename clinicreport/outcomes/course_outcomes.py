"""The outcome of each course: baseline, latest score, reduction, response, durability.

Sources: IMMPACT (Dworkin 2008) for 30 % and 50 %; Ostelo 2008 and Farrar 2001 for 2 points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clinicreport.log.courses import Courses, Floats
from clinicreport.log.exact import at_least_zero, difference
from clinicreport.log.session_log import Bools
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

Objects = npt.NDArray[np.object_]
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


def course_outcomes(courses: Courses, protocol: Protocol) -> pd.DataFrame:
    """One row a course (all courses, in scope or not), index ``cid``.

    Columns: ``patient``, ``clinic``, ``course``, ``day_0``, ``last_treatment`` (datetime64),
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
    result = table[[*OF_THE_COURSE, "condition", "discharged", "in_scope"]].copy()
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
    last_day = np.append(table["last_day"].to_numpy(), 0)[cid]
    scored = ~np.isnan(visits.numbers("nrs_before")) & (cid >= 0)
    follow_up = visits.flags("follow_up")
    near = day - last_day < follow_up_days
    later = scored & (visits.flags("treatment") | follow_up) & (day > 0) & near
    return later, scored & follow_up & ~near


def _add_response(result: pd.DataFrame, courses: Courses, protocol: Protocol) -> None:
    baseline, latest = result["baseline"].to_numpy(), result["latest"].to_numpy()
    result["reduction"] = difference(baseline, latest)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(baseline > 0, 100 * result["reduction"].to_numpy() / baseline, np.nan)
    result["percent_reduction"] = percent
    reason = _not_evaluable(courses, baseline, latest)
    evaluable = pd.isna(reason)
    reached = meets(baseline, latest)
    at_30, at_50 = reached["30"], reached["50"]
    worse = at_least_zero((1, latest), (-1, baseline), (-1, np.full(len(result), IMPORTANT)))
    for name, values in (
        ("responder_30", at_30),
        ("responder_50", at_50),
        ("mcid", reached["mcid"]),
    ):
        result[name] = three_state(values, evaluable)
    response = np.select(
        [~evaluable, worse, at_50, at_30],
        ["not-evaluable", "worse", "substantial", "moderate"],
        "little-or-none",
    )
    result["response"] = _objects(response)
    result["not_evaluable"] = _objects(reason)
    low = baseline < protocol.outcome.low_baseline
    result["low_baseline"] = three_state(low, ~np.isnan(baseline))


def _objects(values: Any) -> pd.Series[Any]:
    """A column (one value a course, in order) that keeps None as None."""
    return pd.Series(values, dtype=object)


def _not_evaluable(courses: Courses, baseline: Floats, latest: Floats) -> Objects:
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


def _add_times(result: pd.DataFrame, courses: Courses, later: Bools) -> None:
    """Days from day 0 to the first score that meets 30 % and 50 %."""
    visits = courses.visits
    at = visits.positions(later)
    cid, day = visits.whole("cid")[at], visits.whole("day")[at]
    score, start = visits.numbers("nrs_before")[at], result["baseline"].to_numpy()[cid]
    reached = meets(start, score)
    for percent in ("30", "50"):
        hit = np.flatnonzero((start > 0) & reached[percent])
        _, first = np.unique(cid[hit], return_index=True)
        hit = hit[first]
        days = np.full(len(result), np.nan)
        days[cid[hit]] = day[hit]
        result[f"days_to_{percent}"] = days


def _add_durability(result: pd.DataFrame, courses: Courses, follow: Bools) -> None:
    visits, count = courses.visits, len(result)
    at = visits.positions(follow)
    cid = visits.whole("cid")[at]
    start = result["baseline"].to_numpy()[cid]
    holds = at_least_zero((7, start), (-10, visits.numbers("nrs_before")[at]))
    seen = np.zeros(count, dtype=bool)
    seen[cid] = True
    relapsed = np.zeros(count, dtype=bool)
    relapsed[cid[~holds]] = True
    responder = result["responder_30"].isin([True]).to_numpy()
    durability = np.select(
        [~responder, ~seen, ~relapsed], ["not-applicable", "not-known", "sustained"], "relapsed"
    )
    result["durability"] = _objects(durability)
    days = np.full(count, np.nan)
    days[cid] = visits.whole("day")[at] - courses.table["last_day"].to_numpy()[cid]
    result["follow_up_days"] = days


def _add_process(result: pd.DataFrame, courses: Courses, protocol: Protocol) -> None:
    """Adherence, status, immediate relief and adverse events."""
    visits, weeks = courses.visits, courses.weeks
    judged = weeks[weeks["judged"]].groupby("cid")["in_band"].agg(["size", "sum"])
    judged = judged.reindex(result.index, fill_value=0)
    result["weeks_judged"] = judged["size"]
    result["weeks_in_band"] = judged["sum"].astype(int)
    result["adherence"] = judged["sum"].astype(float) / judged["size"].replace(0, np.nan)
    treated = visits.only(visits.flags("treatment"))
    relief = (treated["nrs_before"] - treated["nrs_after"]).groupby(treated["cid"]).mean()
    result["immediate_relief"] = relief.reindex(result.index)
    events = np.bincount(treated.whole("cid")[treated.events()], minlength=len(result))
    result["adverse_events"] = events
    completed = result["discharged"] | (result["weeks_attended"] >= protocol.course.complete_weeks)
    silent = courses.table["days_known"].to_numpy() & _silent(
        result["last_treatment"], courses, protocol.course.dropout_days
    )
    status = np.select([completed, silent], ["completed", "dropout"], "in-progress")
    result["status"] = _objects(status)


def _silent(last_treatment: pd.Series[Any], courses: Courses, days: int) -> Bools:
    """Whether the last treatment is more than that many days before the as-of day."""
    if courses.as_of is None:
        return np.zeros(len(last_treatment), dtype=bool)
    latest = pd.Timestamp(courses.as_of) - pd.Timedelta(days=days)
    return (last_treatment < latest).to_numpy(dtype=bool)
