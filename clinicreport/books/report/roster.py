"""The patients as the sheets need them: a serial number, their visits' place, what needs attention.

Nothing is computed here, only ordered and looked up. Every formula finds a patient by the serial
number, since Excel's text search ignores case and reads ``*?~``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise, starmap
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from clinicreport.books.report.ordered_visits import Key, days, listed, ordered, patient_key
from clinicreport.outcomes.course_now import came_back, under_way
from clinicreport.workbook.page import day_number
from clinicreport.workbook.table import fitting

if TYPE_CHECKING:
    from clinicreport.ground.frame import Frame
    from clinicreport.log.findings import Finding
    from clinicreport.outcomes.analysis import Analysis

SCORED = ("treatment", "follow-up")
CHART_WEEKS = "chart week"  # no column of the logs

# Who comes first on the Patients sheet: codes of what is amiss, some of them rules of a finding.
WORSE, FROM_ZERO, EVENT = "worse", "pain-from-zero", "adverse-event"
WORSE_SINCE, RELAPSED, BACK = "worse-since", "relapsed", "back-at-start"  # course_now.CameBack
SAFETY = (
    "contraindication",
    "contraindication-to-ask",
    "photosensitive-medication",
    "no-eye-protection",
)
NO_RESPONSE, INTERRUPTION = "no-response-by-week-4", "interruption"  # while treatment goes on
FIRST = (
    WORSE,
    WORSE_SINCE,
    FROM_ZERO,
    *SAFETY,
    RELAPSED,
    BACK,
    NO_RESPONSE,
    INTERRUPTION,
)


class Week(NamedTuple):
    """One week of a course: treatment days, whether it is judged, and the band."""

    week: int
    days: int
    judged: bool
    low: int
    high: int
    in_band: bool


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient by the latest course in scope. Visits are positions in ``Roster.visits``.

    ``label``: the id, with the site where there are several. ``evaluable``: whether a baseline over
    0 and a later score are known.
    """

    serial: int
    label: str
    evaluable: bool
    course: dict[str, Any]  # a row of Analysis.courses, None where a value is missing
    visits: range
    baseline_at: int | None  # the visit whose score is the baseline, or should have been
    attention: tuple[str, ...]  # codes, see ``words.ATTENTION``
    rank: tuple[float, ...]  # sorts by who needs attention first
    weeks: tuple[Week, ...] = ()
    first_week: int = 0  # how many weeks stand before them, over all patients

    @property
    def days_known(self) -> bool:
        """Whether the log tells the days of the course, not the weeks only."""
        return self.course["weeks_attended"] is not None


@dataclass(slots=True)
class Roster:
    """``visits``: Analysis.sessions by patient, course, day and time, with more columns.

    ``serial``: the patient's number; ``counted``: whether it is a session of the figures, and if
    not, why; ``event``: what it says about adverse events.
    """

    visits: Frame
    patients: list[Patient]  # by serial number
    several_sites: bool
    findings: dict[Key, list[Finding]] = field(default_factory=dict)
    by_attention: list[Patient] = field(init=False, repr=False)  # who needs attention first
    attention_rows: dict[int, int] = field(init=False, repr=False)  # serial -> place in these
    _listed: dict[str, list[Any]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_attention = sorted(self.patients, key=lambda patient: patient.rank)
        self.attention_rows = {own.serial: at for at, own in enumerate(self.by_attention)}

    @property
    def longest(self) -> int:
        """The most visits of any patient's course."""
        return max((len(patient.visits) for patient in self.patients), default=0)

    @property
    def label_width(self) -> float:
        """The width of a column of labels: an id with a clinic's name takes two lines at most."""
        return fitting((patient.label for patient in self.patients), 13, 34)

    def findings_of(self, patient: Patient, rule: str) -> list[Finding]:
        """A patient's findings of one rule."""
        own = self.findings.get(
            patient_key(patient.course["patient"], patient.course["clinic"]), []
        )
        return [finding for finding in own if finding.rule == rule]

    def values(self, name: str) -> list[Any]:
        """A column of the visits, None where a value is missing; listed once, not to be changed."""
        if name not in self._listed:
            self._listed[name] = listed(self.visits[name])
        return self._listed[name]

    def chart_weeks(self) -> list[int | None]:
        """For each visit the week of the course whose mean its score enters, if any.

        Week 0 is the baseline, then come the weeks of the treatments after the first. Only
        evaluable patients enter a mean; a corrected score may make one of another.
        """
        if CHART_WEEKS not in self._listed:
            self._listed[CHART_WEEKS] = self._chart_weeks()
        return self._listed[CHART_WEEKS]

    def _chart_weeks(self) -> list[int | None]:
        found: list[int | None] = [None] * len(self.visits)
        kinds, weeks = self.values("visit_type"), self.values("week")
        for patient in self.patients:
            treated = [at for at in patient.visits if kinds[at] == "treatment"]
            for at in treated[1:]:
                found[at] = int(weeks[at]) + 1
            if patient.baseline_at is not None:
                found[patient.baseline_at] = 0
        return found


def roster(analysis: Analysis) -> Roster:
    """Order patients and visits, and look up the cells that a patient's figures came from."""
    names = analysis.courses.names
    rows = zip(*(listed(analysis.courses[name]) for name in names), strict=True)
    courses = [dict(zip(names, row, strict=True)) for row in rows]
    serials: dict[Key, int] = {}
    for course in courses:
        serials.setdefault(patient_key(course["patient"], course["clinic"]), len(serials) + 1)
    visits = ordered(analysis.sessions, serials)
    places = _places(visits)
    findings: dict[Key, list[Finding]] = defaultdict(list)
    for finding in analysis.findings:
        if finding.patient is not None:
            findings[patient_key(finding.patient, finding.clinic)].append(finding)
    columns = {name: listed(visits[name]) for name in ("visit_type", "nrs_before")}
    columns["date"] = days(visits["date"])
    weeks = _weeks(analysis.weeks)
    latest = [
        (serials[patient_key(course["patient"], course["clinic"])], course)
        for course in courses
        if course["is_latest"]
    ]
    patients, before = list[Patient](), 0
    for serial, course in sorted(latest, key=itemgetter(0)):
        key = patient_key(course["patient"], course["clinic"])
        own = places.get((serial, course["course"]), range(0))
        reasons = _attention(course, findings[key], analysis)
        judged = weeks[key, int(course["course"])]
        patients.append(_patient(serial, course, own, columns, reasons, judged, before))
        before += len(judged)
    return Roster(visits, patients, any(key[1] for key in serials), dict(findings))


def _places(visits: Frame) -> dict[tuple[int, Any], range]:
    """(patient's number, number of the course) -> the positions of its visits, which stand one below
    the other."""
    serials, courses = visits["serial"], visits["course"]
    others = (serials[1:] != serials[:-1]) | (courses[1:] != courses[:-1])
    begin = [0, *(np.flatnonzero(others) + 1).tolist()] if len(visits) else []
    keys = zip(serials[begin].tolist(), listed(courses[begin]), strict=True)
    places = starmap(range, pairwise([*begin, len(visits)]))
    return dict(zip(keys, places, strict=True))


def _weeks(weeks: Frame) -> dict[tuple[Key, int], list[Week]]:
    """(patient and clinic, number of the course) -> its weeks."""
    own: dict[tuple[Key, int], list[Week]] = defaultdict(list)
    keys = zip(*(listed(weeks[name]) for name in ("patient", "clinic", "course")), strict=True)
    rows = map(Week, *(weeks[name].tolist() for name in Week._fields))
    for (patient, clinic, course), row in zip(keys, rows, strict=True):
        own[patient_key(patient, clinic), int(course)].append(row)
    return own


def _patient(
    serial: int,
    course: dict[str, Any],
    visits: range,
    columns: dict[str, list[Any]],
    reasons: list[str],
    weeks: list[Week],
    first_week: int,
) -> Patient:
    dates, kinds, scores = columns["date"], columns["visit_type"], columns["nrs_before"]
    start = course["day_0"] and day_number(course["day_0"])
    baseline_at = next(
        (at for at in visits if kinds[at] == "treatment" and dates[at] == start), None
    )
    if baseline_at is not None and scores[baseline_at] is None:
        screened = [at for at in visits if kinds[at] == "screening" and scores[at] is not None]
        baseline_at = screened[-1] if screened else baseline_at
    patient, site = course["patient"], course["clinic"]
    return Patient(
        serial,
        f"{patient} ({site})" if site else str(patient),
        course["not_evaluable"] is None,
        course,
        visits,
        baseline_at,
        tuple(reasons),
        _rank(course, reasons, serial),
        tuple(weeks),
        first_week,
    )


def _attention(
    course: dict[str, Any], findings: Iterable[Finding], analysis: Analysis
) -> list[str]:
    """The codes, in the order of ``FIRST``; what could be done only during treatment goes with it."""
    rules = {finding.rule for finding in findings}
    back = came_back(course)
    latest = course["latest"]
    risen = course["not_evaluable"] == "zero-baseline" and latest is not None and latest >= 2
    going = analysis.as_of is not None and under_way(
        course, analysis.protocol.course, analysis.as_of
    )
    holds = {
        WORSE: course["response"] == "worse",
        FROM_ZERO: risen,
        NO_RESPONSE: NO_RESPONSE in rules and going and not course["responder_30"],
        INTERRUPTION: INTERRUPTION in rules and going,
    }
    found = {code for code, so in holds.items() if so} | {back} | rules.intersection(SAFETY)
    reasons = [code for code in FIRST if code in found]
    return [*reasons, EVENT] if course["adverse_events"] else reasons


def _rank(course: dict[str, Any], reasons: list[str], serial: int) -> tuple[float, ...]:
    """By ``FIRST``, then not evaluable, then by percent reduction."""
    step = min((FIRST.index(reason) for reason in reasons if reason in FIRST), default=len(FIRST))
    if step == len(FIRST) and course["not_evaluable"] is None:
        step += 1
    percent = course["percent_reduction"]
    return float(step), 1000.0 if percent is None else float(percent), float(serial)
