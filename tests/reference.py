"""A second implementation of the definitions, slow and plain, to compare the real one with.

It is written from the definitions page alone, with loops and exact fractions, and shares no code
with the package. Where the two disagree, one of them is wrong (or the page is unclear).

A row is a dict with the fields of section 1 as keys, already typed, in input order; every row has
a patient and a date. A row may carry ``file`` (one file for all rows when absent), which only
``outside-period`` looks at, and ``day_known`` (False where the log tells the week only). A register is a dict from patient id to a dict of its values; it has
a column when any of its dicts has the key.

Scores are compared as the decimal numbers that their shortest text says: ``6.0 - 4.2`` is 1.8.
"""

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from scipy import stats

Row = Mapping[str, Any]
Register = Mapping[str, Mapping[str, Any]]
Period = tuple[dt.date, dt.date]
PatientKey = tuple[str, str]  # clinic ("" where the log has no such column) and patient id
Where = int | tuple[str, str]  # index of a row, or ("register", patient id)

PAUSE_STARTS_COURSE = 60  # more than so many days since the previous treatment
SCREENING_REACH = 14
FOLLOW_UP_FROM = 28
LOADING_WEEKS = 1
LOADING_BAND = (3, 7)
BAND = (3, 5)
RECOMMENDED_DAYS = 4
WEEKS_TO_COMPLETE = 3
DROPOUT_AFTER = 28  # more than so many days without a treatment
LOW_BASELINE = 4
CHECKPOINT_DAY = 28
RAMP_UP_SESSIONS = 2
RAMP_UP_MINUTES = 15
SHORTEST_MINUTES = 10
LONGEST_MINUTES = 20
INTERRUPTION_DAYS = 14
DOSE_TOLERANCE = Fraction(5, 100)
MDC = Fraction(28, 10)
MDC_NECK = Fraction(4)
NECK = ("neck", "nacken", "cervic", "nuque", "cuello", "nek")
BEFORE_FROM = 5  # patients whose change before treatment is told

REASONS = ("no-baseline", "zero-baseline", "single-day", "no-later-score")
PRECAUTIONS = {
    "eye_protection": "no-eye-protection",
    "safe_distance": "unsafe-distance",
    "skin_clean": "lotion-on-skin",
}
CONTRAINDICATIONS = ("pregnancy", "recent burns", "hyperthyroidism")
PHOTOSENSITIVE = "photosensitive medication"
TO_ASK = ("epilepsy", "cancer")

SEVERITY = {
    "missing-score": "warning",
    "score-decimal": "note",
    "duplicate-row": "warning",
    "similar-patient-id": "warning",
    "outside-period": "note",
    "session-too-short": "warning",
    "session-too-long": "warning",
    "ramp-up-too-long": "warning",
    "too-few-sessions": "warning",
    "too-many-sessions": "warning",
    "above-recommended": "note",
    "interruption": "warning",
    "no-response-by-week-4": "warning",
    "no-eye-protection": "error",
    "unsafe-distance": "warning",
    "lotion-on-skin": "warning",
    "precaution-not-documented": "note",
    "contraindication": "error",
    "contraindication-to-ask": "warning",
    "photosensitive-medication": "warning",
    "not-screened": "warning",
    "adverse-event": "warning",
    "adverse-event-not-documented": "note",
    "dose-mismatch": "warning",
    "pain-rise": "warning",
}
WAIVABLE = {
    "session-too-short",
    "session-too-long",
    "ramp-up-too-long",
    "too-few-sessions",
    "too-many-sessions",
    "interruption",
    "dose-mismatch",
}


class Finding(NamedTuple):
    """One finding: its rule, the row (or register cell) and field it stands on, its severity."""

    rule: str
    where: Where
    field: str
    severity: str


# ------------------------------------------------------------------ values


def number(value: float | None) -> Fraction | None:
    """Give a number as the exact decimal its shortest text says, or None where it is missing."""
    return None if value is None else Fraction(repr(float(value)))


def given(value: object) -> bool:
    """Tell whether a cell holds something."""
    return value is not None and str(value).strip() != ""


def text(value: object) -> str | None:
    """Give the trimmed text of a cell, or None where it is blank."""
    return str(value).strip() if given(value) else None


def plain(value: Fraction | None) -> float | None:
    """Give a fraction as the float that JSON shows."""
    return None if value is None else float(value)


def share(part: int, whole: int) -> float | None:
    """Give part / whole, or None where the whole is empty."""
    return part / whole if whole else None


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Give the mean, or None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def median(values: Sequence[Fraction]) -> Fraction | None:
    """Give the median, or None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def standard_deviation(values: Sequence[Fraction]) -> float:
    """Give the standard deviation with n - 1; needs two values or more."""
    centre = sum(values, Fraction(0)) / len(values)
    squares = sum(((value - centre) ** 2 for value in values), Fraction(0))
    return math.sqrt(squares / (len(values) - 1))


def t_interval(values: Sequence[Fraction]) -> list[float] | None:
    """Give the 95 % t interval of a mean; none for n < 2 or where all values are equal."""
    if len(values) < 2 or len(set(values)) == 1:
        return None
    centre = float(sum(values, Fraction(0)) / len(values))
    quantile = float(stats.t.ppf(0.975, len(values) - 1))
    half = quantile * standard_deviation(values) / math.sqrt(len(values))
    return [centre - half, centre + half]


def wilson(count: int, n: int) -> list[float] | None:
    """Give the 95 % Wilson interval of a share; none for an empty denominator."""
    if n == 0:
        return None
    interval = stats.binomtest(count, n).proportion_ci(0.95, method="wilson")
    return [float(interval.low), float(interval.high)]


def clopper_pearson(count: int, n: int) -> list[float] | None:
    """Give the exact 95 % interval of a share; none for an empty denominator."""
    if n == 0:
        return None
    interval = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
    return [float(interval.low), float(interval.high)]


def median_interval(values: Sequence[Fraction]) -> list[float] | None:
    """Give the distribution-free interval of a median; none for n < 6."""
    n, ordered, rank, below = len(values), sorted(values), 0, 0
    while rank < n:
        below += math.comb(n, rank)  # 2 ** n times P(Binomial(n, 1/2) <= rank)
        if below * 40 > 2**n:
            break
        rank += 1
    return [float(ordered[rank - 1]), float(ordered[n - rank])] if rank else None


def correlation(one: Sequence[Fraction], two: Sequence[Fraction]) -> float | None:
    """Give Pearson's r, or nothing where it is undefined."""
    if len(set(one)) < 2 or len(set(two)) < 2:
        return None
    centre_1, centre_2 = sum(one) / Fraction(len(one)), sum(two) / Fraction(len(two))
    cross = sum(
        ((a - centre_1) * (b - centre_2) for a, b in zip(one, two, strict=True)), Fraction(0)
    )
    squares_1 = sum(((a - centre_1) ** 2 for a in one), Fraction(0))
    squares_2 = sum(((b - centre_2) ** 2 for b in two), Fraction(0))
    return float(cross) / math.sqrt(squares_1 * squares_2)


# ------------------------------------------------------------------ courses


@dataclass
class Visit:
    """One row with its place in the input."""

    index: int
    row: Row

    @property
    def day(self) -> dt.date:
        """The day of the visit."""
        day: dt.date = self.row["date"]
        return day

    @property
    def day_known(self) -> bool:
        """Whether the log tells the day, not the week only."""
        return self.row.get("day_known", True) is True

    @property
    def kind(self) -> str:
        """The visit type; blank is a treatment."""
        return text(self.row.get("visit_type")) or "treatment"

    @property
    def pain(self) -> Fraction | None:
        """P, the pain before the session."""
        return number(self.row.get("nrs_before"))


@dataclass
class Course:
    """One course of one patient: its visits in order, and what follows from them."""

    key: PatientKey
    number: int
    visits: list[Visit]

    @cached_property
    def treatments(self) -> list[Visit]:
        """The treatment visits in order."""
        return [visit for visit in self.visits if visit.kind == "treatment"]

    @cached_property
    def day_0(self) -> dt.date:
        """The date of the first treatment."""
        return self.treatments[0].day

    @cached_property
    def last_treatment(self) -> dt.date:
        """The date of the last treatment."""
        return self.treatments[-1].day

    @cached_property
    def baseline(self) -> Fraction | None:
        """B: P of the first treatment, else the last screening P, else nothing."""
        first = self.treatments[0].pain
        if first is not None:
            return first
        found = None
        for visit in self.visits:
            if visit.kind == "screening" and visit.pain is not None:
                found = visit.pain
        return found

    @cached_property
    def later_scores(self) -> list[Visit]:
        """Visits with a P that may be L: the last of them is L."""
        found = []
        for visit in self.visits:
            if visit.kind not in ("treatment", "follow-up") or visit.pain is None:
                continue
            if visit.day <= self.day_0:
                continue
            if (visit.day - self.last_treatment).days < FOLLOW_UP_FROM:
                found.append(visit)
        return found

    @cached_property
    def latest(self) -> Fraction | None:
        """L: the last of the later scores."""
        return self.later_scores[-1].pain if self.later_scores else None

    @cached_property
    def score_before(self) -> Fraction | None:
        """The last P on an earlier date than L's, after day 0."""
        found = None
        for visit in self.later_scores:
            if visit.day < self.later_scores[-1].day:
                found = visit.pain
        return found

    @cached_property
    def last_scored(self) -> Visit | None:
        """The last visit with a P, follow-ups included, screenings not."""
        found = None
        for visit in self.visits:
            if visit.kind in ("treatment", "follow-up") and visit.pain is not None:
                found = visit
        return found

    @cached_property
    def change_before(self) -> Fraction | None:
        """The last screening P before day 0 minus the P of day 0's first treatment."""
        screening = None
        for visit in self.visits:
            if visit.kind == "screening" and visit.pain is not None and visit.day < self.day_0:
                screening = visit.pain
        first = self.treatments[0].pain
        return None if screening is None or first is None else screening - first

    @cached_property
    def follow_ups(self) -> list[Visit]:
        """F: follow-up visits with a P, 28 days or more after the last treatment."""
        found = []
        for visit in self.visits:
            if visit.kind != "follow-up" or visit.pain is None:
                continue
            if (visit.day - self.last_treatment).days >= FOLLOW_UP_FROM:
                found.append(visit)
        return found

    @cached_property
    def reduction(self) -> Fraction | None:
        """R = B - L."""
        if self.baseline is None or self.latest is None:
            return None
        return self.baseline - self.latest

    @cached_property
    def percent_reduction(self) -> Fraction | None:
        """Give 100 R / B, nothing at B = 0."""
        if self.reduction is None or not self.baseline:
            return None
        return 100 * self.reduction / self.baseline

    @cached_property
    def not_evaluable(self) -> str | None:
        """The first reason that holds, or None where the course is evaluable."""
        if self.baseline is None:
            return "no-baseline"
        if self.baseline == 0:
            return "zero-baseline"
        if not any(visit.day > self.day_0 for visit in self.visits):
            return "single-day"
        if self.latest is None:
            return "no-later-score"
        return None

    @cached_property
    def days_known(self) -> bool:
        """Whether the log tells the days of all treatments."""
        return all(visit.day_known for visit in self.treatments)

    @cached_property
    def week_days(self) -> dict[int, list[dt.date]]:
        """The treatment days of each week that has any, in order."""
        weeks: dict[int, list[dt.date]] = {}
        for visit in self.treatments:
            days = weeks.setdefault((visit.day - self.day_0).days // 7, [])
            if visit.day not in days:
                days.append(visit.day)
        return weeks

    @cached_property
    def judged(self) -> list[int]:
        """Weeks whose last day is on or before the last treatment day."""
        weeks: list[int] = []
        if not self.days_known:
            return weeks
        week = 0
        while self.day_0 + dt.timedelta(days=7 * week + 6) <= self.last_treatment:
            weeks.append(week)
            week += 1
        return weeks

    @cached_property
    def weeks_in_band(self) -> int:
        """How many of the judged weeks lie in the band."""
        count = 0
        for week in self.judged:
            low, high = band(week)
            if low <= len(self.week_days.get(week, [])) <= high:
                count += 1
        return count

    def first_of_day(self, day: dt.date) -> Visit:
        """Give the first treatment of a treatment day."""
        return next(visit for visit in self.treatments if visit.day == day)


def band(week: int) -> tuple[int, int]:
    """Give the fewest and the most treatment days of a week."""
    return LOADING_BAND if week < LOADING_WEEKS else BAND


def meets_30(baseline: Fraction, pain: Fraction) -> bool:
    """Tell whether a score is 30 % or more under the baseline."""
    return 10 * (baseline - pain) >= 3 * baseline


def meets_50(baseline: Fraction, pain: Fraction) -> bool:
    """Tell whether a score is 50 % or more under the baseline."""
    return 2 * (baseline - pain) >= baseline


def meets_2(baseline: Fraction, pain: Fraction) -> bool:
    """Tell whether a score is 2 points or more under the baseline."""
    return baseline - pain >= 2


def confirmed(course: Course, meets: Callable[[Fraction, Fraction], bool]) -> bool | None:
    """Tell whether L and the last P of an earlier day both meet a class."""
    if course.not_evaluable is not None:
        return None
    baseline, latest, before = course.baseline, course.latest, course.score_before
    assert baseline is not None
    assert latest is not None
    return before is not None and meets(baseline, latest) and meets(baseline, before)


def mdc_of(condition: str | None) -> Fraction:
    """Give the minimal detectable change of a condition."""
    words = "".join(c if c.isalnum() else " " for c in (condition or "").lower()).split()
    neck = any(word.startswith(beginning) for word in words for beginning in NECK)
    return MDC_NECK if neck else MDC


def important(baseline: Fraction, reduction: Fraction) -> bool:
    """Tell whether a reduction is important for its baseline."""
    if baseline <= 4:
        return reduction >= 1
    return reduction >= (2 if baseline <= 7 else 3)


def patient_key(row: Row, columns: Collection[str]) -> PatientKey:
    """Tell patients apart by their id, and by their clinic where the log has that column."""
    clinic = (text(row.get("clinic")) or "") if "clinic" in columns else ""
    return clinic, str(row["patient_id"]).strip()


def in_order(visits: Sequence[Visit]) -> list[Visit]:
    """Sort by date, start time (visits without one last on their day), then row order."""

    def place(visit: Visit) -> tuple[dt.date, bool, dt.time, int]:
        start = visit.row.get("start_time")
        return visit.day, start is None, start or dt.time.min, visit.index

    return sorted(visits, key=place)


def treatments_by_course(ordered: Sequence[Visit]) -> list[list[Visit]]:
    """Divide one patient's treatments into courses, by label or by pause."""
    members: list[list[Visit]] = []
    last_label: str | None = None
    previous: Visit | None = None
    for visit in ordered:
        if visit.kind != "treatment":
            continue
        label = text(visit.row.get("course_id"))
        if previous is None:
            new = True
        elif label is not None and last_label is not None:
            new = label != last_label
        elif visit.day_known and previous.day_known:
            new = (visit.day - previous.day).days > PAUSE_STARTS_COURSE
        else:
            new = False
        if new:
            members.append([])
        members[-1].append(visit)
        previous = visit
        if label is not None:
            last_label = label
    return members


def place_of(visit: Visit, starts: Sequence[dt.date]) -> int | None:
    """Tell which of the courses that begin on these days a screening or follow-up belongs to."""
    found = None
    for place, start in enumerate(starts):
        if visit.kind == "screening" and 0 <= (start - visit.day).days <= SCREENING_REACH:
            return place  # the first
        if visit.kind == "follow-up" and start <= visit.day:
            found = place  # the last
    return found


def courses_of(key: PatientKey, visits: Sequence[Visit]) -> list[Course]:
    """Divide one patient's visits into courses; what belongs to none is left out."""
    ordered = in_order(visits)
    members = treatments_by_course(ordered)
    starts = [treatments[0].day for treatments in members]
    for visit in ordered:
        if visit.kind in ("screening", "follow-up"):
            place = place_of(visit, starts)
            if place is not None:
                members[place].append(visit)
    return [Course(key, place + 1, in_order(theirs)) for place, theirs in enumerate(members)]


@dataclass
class Log:
    """All visits up to the as-of day, by patient, in courses, with those in scope marked."""

    visits: list[Visit]
    patients: dict[PatientKey, list[Course]]
    in_scope: list[Course]


def as_of_day(
    rows: Sequence[Row], period: Period | None, as_of: dt.date | None = None
) -> dt.date | None:
    """Give the last day of the period, or else the latest date of a row, or else nothing."""
    if as_of is not None:
        return as_of
    if period is not None:
        return period[1]
    return max((row["date"] for row in rows), default=None)


def read_log(
    rows: Sequence[Row],
    columns: Collection[str],
    period: Period | None,
    as_of: dt.date | None,
) -> Log:
    """Ignore rows after the as-of day, divide the others into courses, and find those in scope."""
    visits = []
    by_patient: dict[PatientKey, list[Visit]] = {}
    for index, row in enumerate(rows):
        if as_of is None or row["date"] > as_of:
            continue
        visit = Visit(index, row)
        visits.append(visit)
        by_patient.setdefault(patient_key(row, columns), []).append(visit)

    patients = {key: courses_of(key, by_patient[key]) for key in sorted(by_patient)}
    in_scope = [
        course
        for courses in patients.values()
        for course in courses
        if period is None or any(period[0] <= visit.day <= period[1] for visit in course.visits)
    ]
    return Log(visits, patients, in_scope)


# ------------------------------------------------------------------ outcomes


def response_of(course: Course) -> str:
    """Give the class of the response, the first that holds."""
    if course.not_evaluable is not None:
        return "not-evaluable"
    baseline, latest, reduction = course.baseline, course.latest, course.reduction
    assert baseline is not None
    assert latest is not None
    assert reduction is not None
    if reduction <= -2:
        return "worse"
    if meets_50(baseline, latest):
        return "substantial"
    if meets_30(baseline, latest):
        return "moderate"
    return "little-or-none"


def days_to(course: Course, meets: Callable[[Fraction, Fraction], bool]) -> int | None:
    """Give the days from day 0 to the first later P that meets a class."""
    if not course.baseline:
        return None
    for visit in course.later_scores:
        if visit.pain is not None and meets(course.baseline, visit.pain):
            return (visit.day - course.day_0).days
    return None


def durability_of(course: Course) -> str:
    """Tell whether a 30 % response lasted, by the follow-ups."""
    if course.not_evaluable is not None:
        return "not-applicable"
    baseline, latest = course.baseline, course.latest
    assert baseline is not None
    assert latest is not None
    if not meets_30(baseline, latest):
        return "not-applicable"
    if not course.follow_ups:
        return "not-known"
    for visit in course.follow_ups:
        assert visit.pain is not None
        if not meets_30(baseline, visit.pain):
            return "relapsed"
    return "sustained"


def status_of(course: Course, following: Course | None, register: Register, as_of: dt.date) -> str:
    """Tell completed, dropout and in-progress apart."""
    discharged = register.get(course.key[1], {}).get("discharged")
    if (
        discharged is not None
        and course.day_0 <= discharged <= as_of
        and (following is None or discharged < following.day_0)
    ):
        return "completed"
    if not course.days_known:
        return "in-progress"
    if len(course.week_days) >= WEEKS_TO_COMPLETE:
        return "completed"
    if (as_of - course.last_treatment).days > DROPOUT_AFTER:
        return "dropout"
    return "in-progress"


def condition_of(course: Course, register: Register) -> str | None:
    """Give the first condition in the course's rows, else the register's."""
    for visit in course.visits:
        if given(visit.row.get("condition")):
            return text(visit.row["condition"])
    return text(register.get(course.key[1], {}).get("condition"))


def has_event(visit: Visit) -> bool:
    """Tell whether an adverse event is recorded."""
    value = text(visit.row.get("adverse_event"))
    return value is not None and value != "none"


def relief_of(course: Course) -> Fraction | None:
    """Give the mean immediate relief of the sessions with both scores."""
    reliefs = []
    for visit in course.treatments:
        after = number(visit.row.get("nrs_after"))
        if visit.pain is not None and after is not None:
            reliefs.append(visit.pain - after)
    return mean(reliefs)


def course_json(
    course: Course,
    following: Course | None,
    register: Register,
    columns: Collection[str],
    as_of: dt.date,
) -> dict[str, Any]:
    """Give one entry of ``courses``."""
    baseline, latest, reduction = course.baseline, course.latest, course.reduction
    responder_30 = responder_50 = mcid = None
    if course.not_evaluable is None:
        assert baseline is not None
        assert latest is not None
        assert reduction is not None
        responder_30 = meets_30(baseline, latest)
        responder_50 = meets_50(baseline, latest)
        mcid = reduction >= 2
    follow_up_days = None
    if course.follow_ups:
        follow_up_days = (course.follow_ups[-1].day - course.last_treatment).days
    entry: dict[str, Any] = {
        "patient": course.key[1],
        "course": course.number,
        "day_0": course.day_0.isoformat(),
        "last_treatment": course.last_treatment.isoformat(),
        "sessions": len(course.treatments),
        "treatment_days": len({visit.day for visit in course.treatments}),
        "weeks_attended": len(course.week_days) if course.days_known else None,
        "baseline": plain(baseline),
        "latest": plain(latest),
        "reduction": plain(reduction),
        "percent_reduction": plain(course.percent_reduction),
        "responder_30": responder_30,
        "responder_50": responder_50,
        "mcid": mcid,
        "response": response_of(course),
        "not_evaluable": course.not_evaluable,
        "low_baseline": None if baseline is None else baseline < LOW_BASELINE,
        "immediate_relief": plain(relief_of(course)),
        "adherence": share(course.weeks_in_band, len(course.judged)),
        "weeks_judged": len(course.judged),
        "status": status_of(course, following, register, as_of),
        "days_to_30": days_to(course, meets_30),
        "days_to_50": days_to(course, meets_50),
        "durability": durability_of(course),
        "follow_up_days": follow_up_days,
        "adverse_events": sum(1 for visit in course.treatments if has_event(visit)),
        "condition": condition_of(course, register),
        "confirmed_30": confirmed(course, meets_30),
        "confirmed_50": confirmed(course, meets_50),
        "confirmed_mcid": confirmed(course, meets_2),
        "latest_date": course.later_scores[-1].day.isoformat() if course.later_scores else None,
        "last_score": None if course.last_scored is None else plain(course.last_scored.pain),
        "last_score_date": None
        if course.last_scored is None
        else course.last_scored.day.isoformat(),
    }
    if "clinic" in columns:
        entry["clinic"] = course.key[0] or None
    return entry


def responders(flag: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the rate of a class over evaluable and over started patients."""
    count = sum(1 for entry in entries if entry[flag] is True)
    evaluable = sum(1 for entry in entries if entry["not_evaluable"] is None)
    twice = "confirmed_mcid" if flag == "mcid" else flag.replace("responder", "confirmed")
    sure = sum(1 for entry in entries if entry[twice] is True)
    missing = len(entries) - evaluable
    return {
        "count": count,
        "observed": share(count, evaluable),
        "observed_ci": wilson(count, evaluable),
        "confirmed": sure,
        "confirmed_observed": share(sure, evaluable),
        "confirmed_observed_ci": wilson(sure, evaluable),
        "best_case": share(count + missing, len(entries)),
        "all_started": share(count, len(entries)),
        "all_started_ci": wilson(count, len(entries)),
    }


def standardised_mean_change(
    baselines: Sequence[Fraction], reductions: Sequence[Fraction]
) -> float | None:
    """Give mean R / SD(B) J; none for n < 3 or where all baselines are equal."""
    n = len(baselines)
    if n < 3 or len(set(baselines)) == 1:
        return None
    correction = 1 - 3 / (4 * (n - 1) - 1)
    average = float(sum(reductions, Fraction(0)) / n)
    return average / standard_deviation(baselines) * correction


def change_interval(
    change: float | None, baselines: Sequence[Fraction], latests: Sequence[Fraction]
) -> list[float] | None:
    """Give the interval of the standardised mean change; none for n < 10 or without r."""
    n, r = len(baselines), correlation(baselines, latests)
    if change is None or r is None or n < 10:
        return None
    half = 1.959964 * math.sqrt(2 * (1 - r) / n + change * change / (2 * n))
    return [change - half, change + half]


def of_evaluable(count: int, n: int) -> dict[str, Any]:
    """Give a count over the evaluable, with its Wilson interval."""
    return {"count": count, "observed": share(count, n), "observed_ci": wilson(count, n)}


def beside_the_headline(
    latest: Sequence[Course], entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Give what stands beside the headline: errors, importance, before, after."""
    improved = worse = within = weighty = sunk = 0
    sizes, lasts = set(), []
    for course, entry in zip(latest, entries, strict=True):
        if course.not_evaluable is not None:
            continue
        assert course.baseline is not None
        assert course.reduction is not None
        size = mdc_of(entry["condition"])
        sizes.add(size)
        improved += course.reduction >= size
        worse += course.reduction <= -size
        within += -size < course.reduction < size
        weighty += important(course.baseline, course.reduction)
        sunk += course.reduction <= -2
        if course.follow_ups:
            assert course.follow_ups[-1].pain is not None
            lasts.append(course.follow_ups[-1].pain)
    n = improved + within + worse
    before = [course.change_before for course in latest if course.change_before is not None]
    told = None
    if len(before) >= BEFORE_FROM:
        told = {"n": len(before), "mean": plain(mean(before)), "mean_ci": t_interval(before)}
    words = [entry["durability"] for entry in entries]
    return {
        "measurement_error": {
            "mdc": plain(sizes.pop()) if len(sizes) == 1 else None,
            "improved": improved,
            "within": within,
            "worse": worse,
        },
        "important_by_baseline": of_evaluable(weighty, n),
        "worse": of_evaluable(sunk, n),
        "before_treatment": told,
        "durability": {word: words.count(word) for word in ("sustained", "relapsed", "not-known")},
        "follow_up": {"n": len(lasts), "mean": plain(mean(lasts))},
    }


def completeness_of(
    courses: Sequence[Course], latest: Sequence[Course], columns: Collection[str]
) -> dict[str, float | None]:
    """Give filled / expected for each field the definitions name."""
    result: dict[str, float | None] = {}
    for field in ("nrs_before", "nrs_after", "duration", "adverse_event", *PRECAUTIONS):
        kinds = ("treatment", "follow-up") if field == "nrs_before" else ("treatment",)
        filled = expected = 0
        for course in courses:
            for visit in course.visits:
                if visit.kind in kinds:
                    expected += 1
                    filled += given(visit.row.get(field))
        result[field] = share(filled, expected) if field in columns else None
    both = sum(1 for course in latest if course.reduction is not None)
    result["baseline_and_latest"] = share(both, len(latest))
    return result


def adverse_events_of(courses: Sequence[Course], columns: Collection[str]) -> dict[str, Any]:
    """Give the adverse events over the sessions of all courses in scope."""
    events, completed = [], 0
    patients = set()
    for course in courses:
        for visit in course.treatments:
            completed += given(visit.row.get("adverse_event"))
            if has_event(visit):
                events.append(visit)
                patients.add(course.key)
    interval = clopper_pearson(len(events), completed)

    def graded(field: str, answers: Sequence[str]) -> dict[str, int] | None:
        if field not in columns:
            return None
        return {
            answer: sum(visit.row.get(field) == answer for visit in events) for answer in answers
        }

    stopped = graded("stopped_for_event", ("yes",))
    return {
        "sessions_with_event": len(events),
        "sessions_completed": completed,
        "per_100": 100 * len(events) / completed if completed else None,
        "per_100_ci": None if interval is None else [100 * end for end in interval],
        "upper_bound_per_100": 100 * (1 - 0.05 ** (1 / completed))
        if completed and not events
        else None,
        "patients": len(patients),
        "by_severity": graded("event_severity", ("mild", "moderate", "severe")),
        "related": graded("event_related", ("yes", "no", "unclear")),
        "stopped": None if stopped is None else stopped["yes"],
    }


def clinic_json(
    courses: Sequence[Course],
    latest: Sequence[Course],
    entries: Sequence[Mapping[str, Any]],
    columns: Collection[str],
) -> dict[str, Any]:
    """Give ``clinic`` from the courses in scope, the latest of each patient, and its entries."""
    baselines, latests, reductions, percents = [], [], [], []
    for course in latest:
        if course.not_evaluable is None:
            assert course.baseline is not None
            assert course.latest is not None
            assert course.reduction is not None
            assert course.percent_reduction is not None
            baselines.append(course.baseline)
            latests.append(course.latest)
            reductions.append(course.reduction)
            percents.append(course.percent_reduction)
    mean_baseline, mean_latest = mean(baselines), mean(latests)
    ratio = None
    if mean_baseline is not None and mean_latest is not None:
        ratio = 100 * (mean_baseline - mean_latest) / mean_baseline
    statuses = [entry["status"] for entry in entries]
    dropouts = statuses.count("dropout")
    change = standardised_mean_change(baselines, reductions)
    return beside_the_headline(latest, entries) | {
        "started": len(latest),
        "evaluable": len(baselines),
        "not_evaluable": {
            reason: sum(1 for course in latest if course.not_evaluable == reason)
            for reason in REASONS
        },
        "mean_baseline": plain(mean_baseline),
        "mean_latest": plain(mean_latest),
        "mean_reduction": plain(mean(reductions)),
        "mean_reduction_ci": t_interval(reductions),
        "median_percent_reduction": plain(median(percents)),
        "ratio_of_means": plain(ratio),
        "median_percent_reduction_ci": median_interval(percents),
        "standardised_mean_change": change,
        "standardised_mean_change_ci": change_interval(change, baselines, latests),
        "responder_30": responders("responder_30", entries),
        "responder_50": responders("responder_50", entries),
        "mcid": responders("mcid", entries),
        "sessions": sum(len(course.treatments) for course in courses),
        "adverse_events": adverse_events_of(courses, columns),
        "dropout_rate": share(dropouts, dropouts + statuses.count("completed")),
        "dropout_rate_ci": wilson(dropouts, dropouts + statuses.count("completed")),
        "adherence": share(
            sum(course.weeks_in_band for course in latest),
            sum(len(course.judged) for course in latest),
        ),
        "completeness": completeness_of(courses, latest, columns),
    }


def trend_of(
    rows: Sequence[Row],
    columns: Collection[str],
    as_of: dt.date | None,
) -> list[dict[str, Any]]:
    """Give what each month's own report says, from the first row's month to the as-of day's."""
    known = [row["date"] for row in rows if as_of is not None and row["date"] <= as_of]
    if as_of is None or not known:
        return []
    told, first = [], min(known).replace(day=1)
    while first <= as_of:
        following = (first + dt.timedelta(days=31)).replace(day=1)
        period = first, following - dt.timedelta(days=1)
        log = read_log(rows, columns, period, period[1])
        latest = {course.key: course for course in log.in_scope}
        good = [course for course in latest.values() if course.not_evaluable is None]
        hits = 0
        reductions = []
        for course in good:
            assert course.baseline is not None
            assert course.latest is not None
            assert course.reduction is not None
            hits += meets_30(course.baseline, course.latest)
            reductions.append(course.reduction)
        told.append(
            {
                "month": first.isoformat()[:7],
                "n": len(good),
                "mean_reduction": plain(mean(reductions)),
                "responder_30": share(hits, len(good)),
            }
        )
        first = following
    return told


def courses_and_clinic(
    rows: Sequence[Row],
    register: Register,
    columns: Collection[str],
    period: Period | None = None,
    as_of: dt.date | None = None,
) -> dict[str, Any]:
    """Give ``as_of``, ``courses`` and ``clinic`` as the JSON has them.

    Courses are sorted by clinic, patient and number. ``as_of`` overrides the as-of day.
    """
    day = as_of_day(rows, period, as_of)
    log = read_log(rows, columns, period, day)
    entries: list[dict[str, Any]] = []
    latest: dict[PatientKey, Course] = {}
    latest_entries: dict[PatientKey, dict[str, Any]] = {}
    for course in log.in_scope:
        assert day is not None
        siblings = log.patients[course.key]
        following = siblings[course.number] if course.number < len(siblings) else None
        entry = course_json(course, following, register, columns, day)
        entries.append(entry)
        latest[course.key] = course
        latest_entries[course.key] = entry
    return {
        "as_of": None if day is None else day.isoformat(),
        "courses": entries,
        "clinic": clinic_json(
            log.in_scope, list(latest.values()), list(latest_entries.values()), columns
        )
        | {"trend": trend_of(rows, columns, day)},
    }


# ------------------------------------------------------------------ findings


class Findings:
    """Collects findings, with the severity that a waiver on the row leaves."""

    def __init__(self) -> None:
        """Start empty."""
        self.found: list[Finding] = []

    def add(self, rule: str, visit: Visit, field: str) -> None:
        """Add a finding on a cell of a row."""
        severity = SEVERITY[rule]
        if rule in WAIVABLE and given(visit.row.get("waiver")):
            severity = "note"
        self.found.append(Finding(rule, visit.index, field, severity))

    def add_register(self, rule: str, patient: str, field: str) -> None:
        """Add a finding on a cell of the register."""
        self.found.append(Finding(rule, ("register", patient), field, SEVERITY[rule]))


def names_contraindication(value: object) -> bool:
    """Tell whether a cell names one of the listed contraindications."""
    words = " ".join(str(value or "").lower().split())
    return any(phrase in words for phrase in CONTRAINDICATIONS)


def names_photosensitive(value: object) -> bool:
    """Tell whether a cell names photosensitive medication."""
    return PHOTOSENSITIVE in " ".join(str(value or "").lower().split())


def names_what_to_ask(value: object) -> bool:
    """Tell whether a cell names what other sources than the article do."""
    return any(phrase in str(value or "").lower() for phrase in TO_ASK)


def similar_key(patient_id: str) -> str:
    """Give what is left of an id without case, spaces, a ".0" and leading zeros."""
    key = "".join(patient_id.lower().split())
    key = key.removesuffix(".0")
    return key.lstrip("0") or "0"


def cell_rules(visits: Sequence[Visit], columns: Collection[str], out: Findings) -> None:
    """Apply the rules that look at one row alone."""
    for visit in visits:
        scored = visit.kind in ("treatment", "follow-up") and "nrs_before" in columns
        if scored and visit.pain is None:
            out.add("missing-score", visit, "nrs_before")
        for field in ("nrs_before", "nrs_after"):
            score = number(visit.row.get(field))
            if score is not None and score.denominator != 1:
                out.add("score-decimal", visit, field)
        if has_event(visit):
            out.add("adverse-event", visit, "adverse_event")
        if visit.kind == "treatment":
            documentation_rules(visit, columns, out)
            dose_rules(visit, out)


def documentation_rules(visit: Visit, columns: Collection[str], out: Findings) -> None:
    """Apply the rules on precautions, and on an adverse event left blank, to a treatment."""
    for field, rule in PRECAUTIONS.items():
        if visit.row.get(field) == "no":
            out.add(rule, visit, field)
        elif field in columns and not given(visit.row.get(field)):
            out.add("precaution-not-documented", visit, field)
    if "adverse_event" in columns and not given(visit.row.get("adverse_event")):
        out.add("adverse-event-not-documented", visit, "adverse_event")


def dose_rules(visit: Visit, out: Findings) -> None:
    """Apply session-too-long and dose-mismatch to a treatment."""
    duration = number(visit.row.get("duration"))
    irradiance = number(visit.row.get("irradiance"))
    fluence = number(visit.row.get("fluence"))
    if duration is not None and duration > LONGEST_MINUTES:
        out.add("session-too-long", visit, "duration")
    if duration is not None and irradiance is not None and fluence is not None:
        product = irradiance * duration * 60 / 1000
        if abs(fluence - product) > DOSE_TOLERANCE * product:
            out.add("dose-mismatch", visit, "fluence")


def identity_rules(visits: Sequence[Visit], columns: Collection[str], out: Findings) -> None:
    """Apply duplicate-row and similar-patient-id."""
    for visit in visits:
        row = visit.row
        blank = all(row.get(field) is None for field in ("start_time", "nrs_before", "nrs_after"))
        for earlier in visits:
            if earlier.index >= visit.index or blank:
                break
            other = earlier.row
            if (
                row["date"] == other["date"]
                and patient_key(row, columns) == patient_key(other, columns)
                and visit.kind == earlier.kind
                and row.get("start_time") == other.get("start_time")
                and row.get("nrs_before") == other.get("nrs_before")
                and row.get("nrs_after") == other.get("nrs_after")
            ):
                out.add("duplicate-row", visit, "patient_id")
                break

    seen: list[PatientKey] = []  # ids are compared within one clinic
    for visit in visits:
        clinic, patient_id = key = patient_key(visit.row, columns)
        if key in seen:
            continue
        if any(
            site == clinic and similar_key(patient_id) == similar_key(earlier)
            for site, earlier in seen
        ):
            out.add("similar-patient-id", visit, "patient_id")
        seen.append(key)


def outside_period(
    rows: Sequence[Row], visits: Sequence[Visit], period: Period | None, out: Findings
) -> None:
    """Apply outside-period: more than half of the file's rows lie in the period, this before."""
    if period is None:
        return
    inside: dict[object, int] = {}
    total: dict[object, int] = {}
    for row in rows:
        file = row.get("file")
        total[file] = total.get(file, 0) + 1
        if period[0] <= row["date"] <= period[1]:
            inside[file] = inside.get(file, 0) + 1
    for visit in visits:
        file = visit.row.get("file")
        if visit.day < period[0] and 2 * inside.get(file, 0) > total[file]:
            out.add("outside-period", visit, "date")


def session_rules(course: Course, out: Findings) -> None:
    """Apply the rules on durations and on the pause before a treatment."""
    for place, visit in enumerate(course.treatments):
        duration = number(visit.row.get("duration"))
        ramp_up = place < RAMP_UP_SESSIONS
        if duration is not None and ramp_up and duration > RAMP_UP_MINUTES:
            out.add("ramp-up-too-long", visit, "duration")
        if duration is not None and not ramp_up and duration < SHORTEST_MINUTES:
            out.add("session-too-short", visit, "duration")
        if interrupted(course, place):
            out.add("interruption", visit, "date")


def interrupted(course: Course, place: int) -> bool:
    """Tell whether a treatment comes 14 days or more after the previous one of its course."""
    if place == 0:
        return False
    this, before = course.treatments[place], course.treatments[place - 1]
    if not (this.day_known and before.day_known):
        return False
    pause = this.day - before.day
    return pause.days >= INTERRUPTION_DAYS


def week_rules(course: Course, out: Findings) -> None:
    """Apply the rules on treatment days a week."""
    if not course.days_known:
        return
    weeks = course.week_days
    for week, days in weeks.items():
        low, high = band(week)
        if week in course.judged and len(days) < low:
            out.add("too-few-sessions", course.first_of_day(days[0]), "date")
        if len(days) > high:
            out.add("too-many-sessions", course.first_of_day(days[high]), "date")
        elif len(days) > RECOMMENDED_DAYS and week >= LOADING_WEEKS:
            fifth = days[RECOMMENDED_DAYS]
            out.add("above-recommended", course.first_of_day(fifth), "date")
    for place in range(1, len(course.treatments)):
        # A gap is a run of weeks without any treatment between two treatments.
        visit, previous = course.treatments[place], course.treatments[place - 1]
        week = (visit.day - course.day_0).days // 7
        week_before = (previous.day - course.day_0).days // 7
        if week - week_before > 1 and not interrupted(course, place):
            out.add("too-few-sessions", visit, "date")


def pain_rules(course: Course, out: Findings) -> None:
    """Apply no-response-by-week-4 and pain-rise."""
    checkpoint = course.day_0 + dt.timedelta(days=CHECKPOINT_DAY)
    by_then = [visit for visit in course.later_scores if visit.day <= checkpoint]
    if course.last_treatment >= checkpoint and course.baseline and by_then:
        last = by_then[-1]
        if last.pain is not None and not meets_30(course.baseline, last.pain):
            out.add("no-response-by-week-4", last, "nrs_before")

    previous: Fraction | None = None
    for visit in course.visits:
        if visit.pain is None:
            continue
        if previous is not None and visit.pain - previous >= 2:
            out.add("pain-rise", visit, "nrs_before")
        previous = visit.pain


def cleared_rows(log: Log) -> set[int]:
    """Give the rows that have a clearance, or whose course has one on an earlier row."""
    cleared = {visit.index for visit in log.visits if given(visit.row.get("clearance"))}
    for courses in log.patients.values():
        for course in courses:
            seen = False
            for visit in course.visits:
                seen = seen or given(visit.row.get("clearance"))
                if seen:
                    cleared.add(visit.index)
    return cleared


NAMED = {
    "contraindication": names_contraindication,
    "contraindication-to-ask": names_what_to_ask,
    "photosensitive-medication": names_photosensitive,
}


def contraindication_rules(log: Log, register: Register, out: Findings) -> None:
    """Apply the rules on what stands under contraindications, on rows and on the register."""
    cleared = cleared_rows(log)
    for visit in log.visits:
        known = register.get(str(visit.row["patient_id"]).strip(), {})
        if visit.index in cleared or given(known.get("clearance")):
            continue
        for rule, names in NAMED.items():
            if names(visit.row.get("contraindications")):
                out.add(rule, visit, "contraindications")

    for patient, known in register.items():
        theirs = [
            visit.index for visit in log.visits if str(visit.row["patient_id"]).strip() == patient
        ]  # none: the patient never came (up to the as-of day)
        if given(known.get("clearance")) or all(index in cleared for index in theirs):
            continue
        for rule, names in NAMED.items():
            if names(known.get("contraindications")):
                out.add_register(rule, patient, "contraindications")


def not_screened(log: Log, register: Register, columns: Collection[str], out: Findings) -> None:
    """Apply not-screened, once a course."""
    in_log = "contraindications" in columns
    if not in_log and not any("contraindications" in known for known in register.values()):
        return
    for key, courses in log.patients.items():
        if given(register.get(key[1], {}).get("contraindications")):
            continue
        for course in courses:
            recorded = any(
                patient_key(visit.row, columns) == key
                and visit.day <= course.day_0
                and given(visit.row.get("contraindications"))
                for visit in log.visits
            )
            if not recorded:
                field = "contraindications" if in_log else "date"
                out.add("not-screened", course.treatments[0], field)


def findings(
    rows: Sequence[Row],
    register: Register,
    columns: Collection[str],
    period: Period | None,
    run_day: dt.date,
) -> list[Finding]:
    """Give the findings of every rule that looks at typed values and courses.

    Rows up to the as-of day only; with a period, those of courses in scope, those on rows of no
    course dated inside it, and those on the register of patients with such rows. ``run_day`` only matters for rows that
    were set aside, which are not among these. A rule may stand twice on one cell. Sorted by rule,
    then rows before register cells, then field.
    """
    del run_day
    log = read_log(rows, columns, period, as_of_day(rows, period))
    out = Findings()
    cell_rules(log.visits, columns, out)
    identity_rules(log.visits, columns, out)
    outside_period(rows, log.visits, period, out)
    for courses in log.patients.values():
        for course in courses:
            session_rules(course, out)
            week_rules(course, out)
            pain_rules(course, out)
    contraindication_rules(log, register, out)
    not_screened(log, register, columns, out)

    if period is not None:
        of_courses = {
            visit.index
            for courses in log.patients.values()
            for course in courses
            for visit in course.visits
        }
        kept = {visit.index for course in log.in_scope for visit in course.visits}
        for visit in log.visits:
            if visit.index not in of_courses and period[0] <= visit.day <= period[1]:
                kept.add(visit.index)
        seen = {str(rows[index]["patient_id"]).strip() for index in kept}
        out.found = [
            finding
            for finding in out.found
            if (
                finding.where[1] in seen
                if isinstance(finding.where, tuple)
                else finding.where in kept
            )
        ]

    def place(finding: Finding) -> tuple[str, bool, Any, str]:
        return finding.rule, isinstance(finding.where, tuple), finding.where, finding.field

    return sorted(out.found, key=place)
