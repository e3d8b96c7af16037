"""Which visits belong to one course of treatment, and the course's weeks.

Sessions and protocol in; the visits in order with their course, one row a course, one row a week
out. Everything later (rules, outcomes, report) looks at courses through this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clinicreport.ground.period import Period
from clinicreport.log.session_log import Bools, Log
from clinicreport.log.visit_table import NO_COURSE, Ints, Visits, in_order
from clinicreport.protocol.in_force import Protocol

Floats = npt.NDArray[np.float64]
_SPAN = 10_000_000  # more days than any log spans: patient and day in one sortable number


@dataclass(slots=True)
class Courses:
    """Visits up to the as-of day in order, their courses and weeks.

    ``table``: one row a course, index = ``cid``, sorted by patient and number: ``who``,
    ``patient``, ``clinic``, ``course``, ``days_known`` (False where the layout of the log tells
    the weeks only), ``day_0``, ``last_treatment``, ``last_day`` (in days since
    day 0), ``sessions``, ``treatment_days``, ``weeks_attended``, ``condition``, ``discharged``,
    ``baseline`` (NRS, NaN where there is none), ``in_scope``. ``weeks_attended`` is missing where
    the days are not known.

    ``weeks``: one row a week from day 0 to the last treatment: ``cid``, ``week``, ``days``
    (treatment days), ``judged``, ``loading``, ``low``, ``high``, ``in_band``.
    """

    visits: Visits
    table: pd.DataFrame
    weeks: pd.DataFrame
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
    known = visits["cid"].to_numpy() != NO_COURSE
    cid = visits["cid"].to_numpy()[known]
    day = np.zeros(len(visits), dtype=np.int64)
    day[known] = _days(visits["date"])[known] - _days(table["day_0"])[cid]
    visits["day"] = day
    visits["week"] = day // 7
    table["in_scope"] = _in_scope(visits, len(table), period)
    visits["in_scope"] = _take(table["in_scope"].to_numpy(), visits["cid"].to_numpy())
    first = pd.Timestamp(period.first) if period else pd.Timestamp.min
    visits["looked_at"] = visits["in_scope"] | ((visits["date"] >= first) & (visits["cid"] < 0))
    table["condition"] = pd.Series(_conditions(visits, table, log), table.index, dtype=object)
    table["discharged"] = _discharged(table, log, as_of)
    table["baseline"] = _baselines(visits, len(table))
    vague = visits.loc[visits["treatment"] & ~visits["day_known"], "cid"].to_numpy()
    table["days_known"] = ~np.isin(np.arange(len(table)), vague)
    weeks = _weeks(visits, table, protocol)
    attended = weeks.loc[weeks["days"] > 0].groupby("cid").size()
    table["weeks_attended"] = attended.reindex(table.index, fill_value=0).where(table["days_known"])
    return Courses(Visits(visits), table, weeks, as_of, period, protocol.course.follow_up_days)


def _as_of(log: Log, period: Period | None) -> date | None:
    if period is not None:
        return period.last
    return log.visits["date"].max().date() if len(log.visits) else None


def _days(dates: pd.Series[Any]) -> Ints:
    """Dates as whole days, comparable and subtractable."""
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def _take(values: npt.NDArray[Any], cid: Ints) -> Bools:
    """A course's flag for each visit; False for visits without a course."""
    result = np.zeros(len(cid), dtype=bool)
    known = cid != NO_COURSE
    result[known] = values[cid[known]]
    return result


def _course_of_treatments(visits: pd.DataFrame, gap_days: int) -> Ints:
    """The course number (over all patients) of each treatment row; -1 for other rows."""
    at = np.flatnonzero(visits["treatment"].to_numpy())
    cid = np.full(len(visits), NO_COURSE, dtype=np.int64)
    if not len(at):
        return cid
    who = visits["who"].to_numpy()[at]
    day = _days(visits["date"])[at]
    first = np.r_[True, who[1:] != who[:-1]]
    known = (visits["day_known"] & ~visits["planned"]).to_numpy()[at]
    pause = np.r_[0, np.where(known[1:] & known[:-1], np.diff(day), 0)]
    label, _ = pd.factorize(visits["course_id"].iloc[at])
    last = np.maximum.accumulate(np.where(label >= 0, np.arange(len(at)), -1))
    before = np.r_[-1, last[:-1]]  # the last labelled row before this one, of any patient
    has_before = (before >= 0) & (who[before] == who)
    by_label = (label >= 0) & has_before
    new = np.where(by_label, label != label[before], pause > gap_days) | first
    cid[at] = np.cumsum(new) - 1
    return cid


def _course_table(visits: pd.DataFrame) -> pd.DataFrame:
    """One row a course, from its treatment rows. Adds ``nth`` and ``new_day`` to the visits."""
    cid = visits["cid"].to_numpy()
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
    who = visits["who"].to_numpy()[head]
    number = np.arange(len(head)) - _first_of_each(who) + 1
    return pd.DataFrame(
        {
            "who": who,
            "patient": pd.Series(visits["patient_id"].to_numpy()[head], dtype=object),
            "clinic": pd.Series(visits["clinic"].to_numpy()[head], dtype=object),
            "course": number,
            "day_0": visits["date"].to_numpy()[head],
            "last_treatment": visits["date"].to_numpy()[tail],
            "last_day": day[tail] - day[head],
            "sessions": ends + 1 - starts,
            "treatment_days": np.add.reduceat(new_day[at], starts, dtype=np.int64)
            if len(at)
            else starts,
        },
        index=pd.RangeIndex(len(head), name="cid"),
    )


def _first_of_each(groups: Ints) -> Ints:
    """For sorted groups, the position at which each row's group begins."""
    if not len(groups):
        return groups
    starts = np.r_[True, groups[1:] != groups[:-1]]
    return np.maximum.accumulate(np.where(starts, np.arange(len(groups)), 0))


def _with_other_visits(visits: pd.DataFrame, table: pd.DataFrame, screening_days: int) -> Ints:
    """Course numbers with screenings and follow-ups joined to their courses."""
    cid = visits["cid"].to_numpy().copy()
    if not len(table):
        return cid
    day = _days(visits["date"])
    mine = visits["who"].to_numpy() * _SPAN + day
    begins = table["who"].to_numpy() * _SPAN + _days(table["day_0"])
    owner = table["who"].to_numpy()
    screening = np.flatnonzero(visits["screening"].to_numpy())
    after = np.searchsorted(begins, mine[screening], side="left")
    near = after < len(begins)
    near[near] = begins[after[near]] <= mine[screening][near] + screening_days
    cid[screening[near]] = after[near]
    follow = np.flatnonzero(visits["follow_up"].to_numpy())
    before = np.searchsorted(begins, mine[follow], side="right") - 1
    has = (before >= 0) & (owner[before] == visits["who"].to_numpy()[follow])
    cid[follow[has]] = before[has]
    return cid


def _in_scope(visits: pd.DataFrame, count: int, period: Period | None) -> Bools:
    """Which courses have a row in the period (all, without one)."""
    if period is None:
        return np.ones(count, dtype=bool)
    cid = visits["cid"].to_numpy()
    first = pd.Timestamp(period.first)
    inside = (visits["date"] >= first).to_numpy() & (cid >= 0)
    result = np.zeros(count, dtype=bool)
    result[cid[inside]] = True
    return result


def _conditions(visits: pd.DataFrame, table: pd.DataFrame, log: Log) -> npt.NDArray[Any]:
    """Each course's first written condition, else the register's, else None."""
    result = np.full(len(table), None, dtype=object)
    written = visits.loc[visits["condition"].notna() & (visits["cid"] >= 0), ["cid", "condition"]]
    first = written.drop_duplicates("cid")
    result[first["cid"].to_numpy()] = first["condition"].to_numpy()
    clinics, patients = table["clinic"].to_numpy(), table["patient"].to_numpy()
    for cid in np.flatnonzero(pd.isna(result)).tolist() if log.register.patients else []:
        entry = log.register.entry(clinics[cid], patients[cid], "condition")
        result[cid] = entry.value if entry else None
    return result


def _baselines(visits: pd.DataFrame, count: int) -> npt.NDArray[np.float64]:
    """The score of day 0's first treatment, else the last screening score of the course."""
    result = np.full(count, np.nan)
    cid = visits["cid"].to_numpy()
    score = visits["nrs_before"].to_numpy()
    screened = np.flatnonzero(visits["screening"].to_numpy() & (cid >= 0) & ~np.isnan(score))
    result[cid[screened]] = score[screened]  # in order, so the last one stays
    first = np.flatnonzero((visits["nth"].to_numpy() == 0) & ~np.isnan(score))
    result[cid[first]] = score[first]
    return result


def _discharged(table: pd.DataFrame, log: Log, as_of: date | None) -> Bools:
    """Which courses a discharge date falls in."""
    result = np.zeros(len(table), dtype=bool)
    if "discharged" not in log.register.columns:
        return result
    begins = table["day_0"].dt.date.tolist()
    who = table["who"].to_numpy()
    for cid, (clinic, patient) in enumerate(zip(table["clinic"], table["patient"], strict=True)):
        entry = log.register.entry(clinic, patient, "discharged")
        if entry is None or as_of is None:
            continue
        last = cid + 1 == len(table) or who[cid + 1] != who[cid]
        before_next = last or entry.value < begins[cid + 1]
        result[cid] = begins[cid] <= entry.value <= as_of and before_next
    return result


def _weeks(visits: pd.DataFrame, table: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Every week of every course up to its last treatment, with its band."""
    count = table["last_day"].to_numpy() // 7 + 1
    cid = np.repeat(np.arange(len(table)), count)
    offset = np.cumsum(count) - count
    week = np.arange(len(cid)) - np.repeat(offset, count)
    treated = visits["new_day"].to_numpy()
    slot = offset[visits["cid"].to_numpy()[treated]] + visits["week"].to_numpy()[treated]
    days = np.bincount(slot, minlength=len(cid)) if len(cid) else np.zeros(0, dtype=np.int64)
    limits = _schedules(table, protocol)
    own = {name: values[cid] for name, values in limits.items()}
    loading = week < own["loading_weeks"]
    high = np.where(loading, own["loading_max"], own["high"])
    return pd.DataFrame(
        {
            "cid": cid,
            "week": week,
            "days": days,
            "judged": (week * 7 + 6 <= table["last_day"].to_numpy()[cid])
            & table["days_known"].to_numpy()[cid],
            "loading": loading,
            "low": own["low"],
            "high": high,
            "recommended": own["recommended"],
            "in_band": (days >= own["low"]) & (days <= high),
        }
    )


def _schedules(table: pd.DataFrame, protocol: Protocol) -> dict[str, Ints]:
    """Each course's limits for a week, by its condition."""
    codes, conditions = pd.factorize(table["condition"])
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
    limits = np.array(rows, dtype=np.int64)[codes]  # code -1 (no condition) is the last row
    names = ("low", "high", "recommended", "loading_weeks", "loading_max")
    return {name: limits[:, at] for at, name in enumerate(names)}
