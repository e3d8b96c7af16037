"""Which visits belong to one course of treatment, and the course's weeks.

Sessions and protocol in; the visits in order with their course, one row a course, one row a week
out. Everything later (rules, outcomes, report) looks at courses through this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import Column, Frame, codes, firsts, missing
from clinicreport.ground.period import Period
from clinicreport.log.session_log import Bools, Log
from clinicreport.log.visit_table import NO_COURSE, Ints, Visits, in_order
from clinicreport.protocol.in_force import Protocol

Floats = npt.NDArray[np.float64]
_SPAN = 10_000_000  # more days than any log spans: patient and day in one sortable number


@dataclass(slots=True)
class Courses:
    """Visits up to the as-of day in order, their courses and weeks.

    ``table``: one row a course, whose number is its ``cid``, sorted by patient and number: ``who``,
    ``patient``, ``clinic``, ``course``, ``days_known`` (False where the layout of the log tells
    the weeks only), ``day_0``, ``last_treatment``, ``last_day`` (in days since
    day 0), ``sessions``, ``treatment_days``, ``weeks_attended``, ``condition``, ``discharged``,
    ``baseline`` (NRS, NaN where there is none), ``in_scope``. ``weeks_attended`` is missing where
    the days are not known.

    ``weeks``: one row a week from day 0 to the last treatment: ``cid``, ``week``, ``days``
    (treatment days), ``judged``, ``loading``, ``low``, ``high``, ``in_band``.
    """

    visits: Visits
    table: Frame
    weeks: Frame
    as_of: date | None
    period: Period | None
    follow_up_days: int


def find_courses(log: Log, protocol: Protocol, period: Period | None) -> Courses:
    """The courses of a log as of the period's last day, or of the latest visit."""
    as_of = _as_of(log, period)
    visits = in_order(log.visits, as_of)
    visits["cid"] = _course_of_treatments(visits, protocol.course.gap_days)
    table = _course_table(visits)
    visits["cid"] = _with_other_visits(visits, table, protocol.course.screening_days)
    known = visits["cid"] != NO_COURSE
    cid = visits["cid"][known]
    day = np.zeros(len(visits), dtype=np.int64)
    day[known] = _days(visits["date"])[known] - _days(table["day_0"])[cid]
    visits["day"] = day
    visits["week"] = day // 7
    table["in_scope"] = _in_scope(visits, len(table), period)
    visits["in_scope"] = _take(table["in_scope"], visits["cid"])
    begun = _since(period, visits["date"])
    visits["looked_at"] = visits["in_scope"] | (begun & (visits["cid"] < 0))
    table["condition"] = _conditions(visits, table, log)
    table["discharged"] = _discharged(table, log, as_of)
    table["baseline"] = _baselines(visits, len(table))
    vague = visits["cid"][visits["treatment"] & ~visits["day_known"]]
    table["days_known"] = ~np.isin(np.arange(len(table)), vague)
    weeks = _weeks(visits, table, protocol)
    attended = np.bincount(weeks["cid"][weeks["days"] > 0], minlength=len(table))
    table["weeks_attended"] = np.where(table["days_known"], attended, np.nan)
    return Courses(Visits(visits), table, weeks, as_of, period, protocol.course.follow_up_days)


def _as_of(log: Log, period: Period | None) -> date | None:
    if period is not None:
        return period.last
    return latest_day(log.visits["date"])


def latest_day(dates: Column) -> date | None:
    """The latest of some days (datetime64); None where there is none."""
    known = dates[~missing(dates)].astype("datetime64[D]")
    return known.max().item() if len(known) else None


def _since(period: Period | None, dates: Column) -> Bools:
    """Which days are not before the period; all, without one."""
    if period is None:
        return np.ones(len(dates), dtype=bool)
    return np.asarray(dates >= np.datetime64(period.first))


def _days(dates: Column) -> Ints:
    """Dates as whole days, comparable and subtractable."""
    return dates.astype("datetime64[D]").astype(np.int64)


def _take(values: Column, cid: Ints) -> Bools:
    """A course's flag for each visit; False for visits without a course."""
    result = np.zeros(len(cid), dtype=bool)
    known = cid != NO_COURSE
    result[known] = values[cid[known]]
    return result


def _course_of_treatments(visits: Frame, gap_days: int) -> Ints:
    """The course number (over all patients) of each treatment row; -1 for other rows."""
    at = np.flatnonzero(visits["treatment"])
    cid = np.full(len(visits), NO_COURSE, dtype=np.int64)
    if not len(at):
        return cid
    who = visits["who"][at]
    day = _days(visits["date"])[at]
    first = np.r_[True, who[1:] != who[:-1]]
    known = (visits["day_known"] & ~visits["planned"])[at]
    pause = np.r_[0, np.where(known[1:] & known[:-1], np.diff(day), 0)]
    label, _ = codes(visits["course_id"][at])
    last = np.maximum.accumulate(np.where(label >= 0, np.arange(len(at)), -1))
    before = np.r_[-1, last[:-1]]  # the last labelled row before this one, of any patient
    has_before = (before >= 0) & (who[before] == who)
    by_label = (label >= 0) & has_before
    new = np.where(by_label, label != label[before], pause > gap_days) | first
    cid[at] = np.cumsum(new) - 1
    return cid


def _course_table(visits: Frame) -> Frame:
    """One row a course, from its treatment rows. Adds ``nth`` and ``new_day`` to the visits."""
    cid = visits["cid"]
    at = np.flatnonzero(cid >= 0)
    own = cid[at]
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]]) if len(at) else at
    ends = np.r_[starts[1:], len(at)] - 1
    nth = np.full(len(visits), -1, dtype=np.int64)
    nth[at] = np.arange(len(at)) - np.repeat(starts, ends + 1 - starts)
    day = _days(visits["date"])
    new_day = np.zeros(len(visits), dtype=bool)
    if len(at):
        new_day[at] = np.r_[True, (own[1:] != own[:-1]) | (np.diff(day[at]) > 0)]
    visits["nth"], visits["new_day"] = nth, new_day
    head, tail = at[starts], at[ends] if len(at) else at
    who = visits["who"][head]
    number = np.arange(len(head)) - _first_of_each(who) + 1
    return Frame(
        {
            "who": who,
            "patient": visits["patient_id"][head],
            "clinic": visits["clinic"][head],
            "course": number,
            "day_0": visits["date"][head],
            "last_treatment": visits["date"][tail],
            "last_day": day[tail] - day[head],
            "sessions": ends + 1 - starts,
            "treatment_days": np.add.reduceat(new_day[at], starts, dtype=np.int64)
            if len(at)
            else starts,
        }
    )


def _first_of_each(groups: Ints) -> Ints:
    """For sorted groups, the position at which each row's group begins."""
    if not len(groups):
        return groups
    starts = np.r_[True, groups[1:] != groups[:-1]]
    return np.maximum.accumulate(np.where(starts, np.arange(len(groups)), 0))


def _with_other_visits(visits: Frame, table: Frame, screening_days: int) -> Ints:
    """Course numbers with screenings and follow-ups joined to their courses."""
    cid = visits["cid"].copy()
    if not len(table):
        return cid
    day = _days(visits["date"])
    mine = visits["who"] * _SPAN + day
    begins = table["who"] * _SPAN + _days(table["day_0"])
    owner = table["who"]
    screening = np.flatnonzero(visits["screening"])
    after = np.searchsorted(begins, mine[screening], side="left")
    near = after < len(begins)
    near[near] = begins[after[near]] <= mine[screening][near] + screening_days
    cid[screening[near]] = after[near]
    follow = np.flatnonzero(visits["follow_up"])
    before = np.searchsorted(begins, mine[follow], side="right") - 1
    has = (before >= 0) & (owner[before] == visits["who"][follow])
    cid[follow[has]] = before[has]
    return cid


def _in_scope(visits: Frame, count: int, period: Period | None) -> Bools:
    """Which courses have a row in the period (all, without one)."""
    if period is None:
        return np.ones(count, dtype=bool)
    cid = visits["cid"]
    inside = _since(period, visits["date"]) & (cid >= 0)
    result = np.zeros(count, dtype=bool)
    result[cid[inside]] = True
    return result


def _conditions(visits: Frame, table: Frame, log: Log) -> Column:
    """Each course's first written condition, else the register's, else None."""
    result = np.full(len(table), None, dtype=object)
    written = np.flatnonzero(~missing(visits["condition"]) & (visits["cid"] >= 0))
    first = written[firsts(visits["cid"][written])]
    result[visits["cid"][first]] = visits["condition"][first]
    clinics, patients = table["clinic"], table["patient"]
    for cid in np.flatnonzero(missing(result)).tolist() if log.register.patients else []:
        entry = log.register.entry(clinics[cid], patients[cid], "condition")
        result[cid] = entry.value if entry else None
    return result


def _baselines(visits: Frame, count: int) -> npt.NDArray[np.float64]:
    """The score of day 0's first treatment, else the last screening score of the course."""
    result = np.full(count, np.nan)
    cid = visits["cid"]
    score = visits["nrs_before"]
    screened = np.flatnonzero(visits["screening"] & (cid >= 0) & ~np.isnan(score))
    result[cid[screened]] = score[screened]  # in order, so the last one stays
    first = np.flatnonzero((visits["nth"] == 0) & ~np.isnan(score))
    result[cid[first]] = score[first]
    return result


def _discharged(table: Frame, log: Log, as_of: date | None) -> Bools:
    """Which courses a discharge date falls in."""
    result = np.zeros(len(table), dtype=bool)
    if "discharged" not in log.register.columns:
        return result
    begins = table["day_0"].astype("datetime64[D]").tolist()
    who = table["who"]
    for cid, (clinic, patient) in enumerate(zip(table["clinic"], table["patient"], strict=True)):
        entry = log.register.entry(clinic, patient, "discharged")
        if entry is None or as_of is None:
            continue
        last = cid + 1 == len(table) or who[cid + 1] != who[cid]
        before_next = last or entry.value < begins[cid + 1]
        result[cid] = begins[cid] <= entry.value <= as_of and before_next
    return result


def _weeks(visits: Frame, table: Frame, protocol: Protocol) -> Frame:
    """Every week of every course up to its last treatment, with its band."""
    count = table["last_day"] // 7 + 1
    cid = np.repeat(np.arange(len(table)), count)
    offset = np.cumsum(count) - count
    week = np.arange(len(cid)) - np.repeat(offset, count)
    treated = visits["new_day"]
    slot = offset[visits["cid"][treated]] + visits["week"][treated]
    days = np.bincount(slot, minlength=len(cid)) if len(cid) else np.zeros(0, dtype=np.int64)
    limits = _schedules(table, protocol)
    own = {name: values[cid] for name, values in limits.items()}
    loading = week < own["loading_weeks"]
    high = np.where(loading, own["loading_max"], own["high"])
    return Frame(
        {
            "cid": cid,
            "week": week,
            "days": days,
            "judged": (week * 7 + 6 <= table["last_day"][cid]) & table["days_known"][cid],
            "loading": loading,
            "low": own["low"],
            "high": high,
            "recommended": own["recommended"],
            "in_band": (days >= own["low"]) & (days <= high),
        }
    )


def _schedules(table: Frame, protocol: Protocol) -> dict[str, Ints]:
    """Each course's limits for a week, by its condition."""
    condition_of, conditions = codes(table["condition"])
    rows = []
    for condition in [*conditions, None]:
        _, schedule = protocol.for_condition(condition)
        band = schedule.days_per_week
        rows.append(
            (
                band.min,
                band.max,
                schedule.recommended_max_days,
                schedule.loading_weeks,
                schedule.loading_max_days,
            )
        )
    limits = np.array(rows, dtype=np.int64)[condition_of]  # -1 (no condition) is the last row
    names = ("low", "high", "recommended", "loading_weeks", "loading_max")
    return {name: limits[:, at] for at, name in enumerate(names)}
