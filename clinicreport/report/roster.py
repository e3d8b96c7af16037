"""The patients as the sheets need them: a serial number, their visits' place, what needs attention.

Nothing is computed here, only ordered and looked up. Every formula finds a patient by the serial
number, since Excel's text search ignores case and reads ``*?~``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from clinicreport.report.words import missing

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.analysis import Analysis
    from clinicreport.findings import Finding

Key = tuple[str, str]  # patient, clinic ("" where the log has no such column)

SCORED = ("treatment", "follow-up")

# Who comes first on the Patients sheet. Rules of a finding, with what the sheet says of them.
SAFETY = {
    "contraindication": "contraindication without clearance",
    "photosensitive-medication": "photosensitive medication without clearance",
    "no-eye-protection": "session without eye protection",
}
COURSE = {
    "no-response-by-week-4": "under 30% at week 4",
    "interruption": "interruption",
}


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient by the latest course in scope. Visits are positions in ``Roster.visits``."""

    serial: int
    course: dict[str, Any]  # a row of Analysis.courses
    visits: tuple[int, ...]
    baseline_at: int | None  # the visit whose score is the baseline, or should have been
    latest_at: int | None
    attention: tuple[str, ...]
    rank: tuple[float, ...]  # sorts by who needs attention first
    weeks: tuple[dict[str, Any], ...] = ()  # rows of Analysis.weeks
    first_week: int = 0  # how many such rows stand before them, over all patients

    def __getitem__(self, name: str) -> Any:
        value = self.course[name]
        return None if missing(value) else value

    @property
    def label(self) -> str:
        """The id, with the site where there are several."""
        return f"{self['patient']} ({self['clinic']})" if self["clinic"] else str(self["patient"])

    @property
    def evaluable(self) -> bool:
        """Whether a baseline over 0 and a later score are known."""
        return self["not_evaluable"] is None


@dataclass(slots=True)
class Roster:
    """``visits``: Analysis.sessions by patient, course, day and time, with a ``serial`` column."""

    visits: pd.DataFrame
    patients: list[Patient]  # by serial number
    several_sites: bool
    findings: dict[Key, list[Finding]] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The most visits of any patient's course."""
        return max((len(patient.visits) for patient in self.patients), default=0)

    @property
    def by_attention(self) -> list[Patient]:
        """Who needs attention first."""
        return sorted(self.patients, key=lambda patient: patient.rank)


def roster(analysis: Analysis) -> Roster:
    """Order patients and visits, and look up the cells that a patient's figures came from."""
    courses = [
        {str(name): value for name, value in row.items()}
        for row in analysis.courses.to_dict("records")
    ]
    serials: dict[Key, int] = {}
    for course in courses:
        serials.setdefault(_key(course["patient"], course["clinic"]), len(serials) + 1)
    visits = _ordered(analysis.sessions, serials)
    places = defaultdict(list)
    for position, where in enumerate(zip(visits["serial"], visits["course"], strict=True)):
        if not missing(where[1]):
            places[int(where[0]), int(where[1])].append(position)
    findings: dict[Key, list[Finding]] = defaultdict(list)
    for finding in analysis.findings:
        if finding.patient is not None:
            findings[_key(finding.patient, finding.clinic)].append(finding)
    columns = {name: visits[name].tolist() for name in ("date", "visit_type", "nrs_before")}
    patients = [
        _patient(
            serials[key],
            course,
            places[serials[key], int(course["course"])],
            columns,
            findings[key],
        )
        for course in courses
        if course["is_latest"] and (key := _key(course["patient"], course["clinic"]))
    ]
    patients = _with_weeks(sorted(patients, key=lambda patient: patient.serial), analysis.weeks)
    return Roster(visits, patients, any(key[1] for key in serials), dict(findings))


def _with_weeks(patients: list[Patient], weeks: pd.DataFrame) -> list[Patient]:
    """The patients with the weeks of their latest course, counted through."""
    own: dict[tuple[str, str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in weeks.to_dict("records"):
        own[(*_key(row["patient"], row["clinic"]), int(row["course"]))].append(
            {str(name): value for name, value in row.items()}
        )
    placed, before = [], 0
    for patient in patients:
        key = (*_key(patient["patient"], patient["clinic"]), int(patient["course"]))
        placed.append(replace(patient, weeks=tuple(own[key]), first_week=before))
        before += len(own[key])
    return placed


def _key(patient: Any, clinic: Any) -> Key:
    return str(patient), "" if missing(clinic) else str(clinic)


def _ordered(sessions: pd.DataFrame, serials: dict[Key, int]) -> pd.DataFrame:
    """Sorted so that a patient's, and a course's, visits stand one below the other."""
    clinics = sessions["clinic"] if "clinic" in sessions else [None] * len(sessions)
    keys = [_key(*pair) for pair in zip(sessions["patient_id"], clinics, strict=True)]
    unknown = len(serials) + 1  # patients who never started a course stand last
    ordered = sessions.assign(
        serial=[serials.get(key, unknown) for key in keys], position=range(len(sessions))
    )
    ordered = ordered.sort_values(
        ["serial", "patient_id", "course", "date", "start_time", "position"],
        na_position="last",
        kind="stable",
    )
    return ordered.drop(columns="position").reset_index(drop=True)


def _patient(
    serial: int,
    course: dict[str, Any],
    visits: list[int],
    columns: dict[str, list[Any]],
    findings: list[Finding],
) -> Patient:
    dates, kinds, scores = columns["date"], columns["visit_type"], columns["nrs_before"]
    first = [at for at in visits if kinds[at] == "treatment" and dates[at] == course["day_0"]]
    baseline_at = first[0] if first else None
    if baseline_at is not None and missing(scores[baseline_at]):
        screened = [at for at in visits if kinds[at] == "screening" and not missing(scores[at])]
        baseline_at = screened[-1] if screened else baseline_at
    later = [
        at
        for at in visits
        if kinds[at] in SCORED and dates[at] == course["latest_date"] and not missing(scores[at])
    ]
    reasons = _attention(course, findings)
    return Patient(
        serial, course, tuple(visits), baseline_at, later[-1] if later else None,
        tuple(reasons), _rank(course, reasons, serial),
    )  # fmt: skip


def _attention(course: dict[str, Any], findings: Iterable[Finding]) -> list[str]:
    rules = {finding.rule for finding in findings}
    reasons = []
    if course["response"] == "worse":
        reasons.append("worse by 2 points or more")
    latest = course["latest"]
    if course["not_evaluable"] == "zero-baseline" and not missing(latest) and latest >= 2:
        reasons.append("started at 0, now in pain")
    reasons += [words for rule, words in (SAFETY | COURSE).items() if rule in rules]
    if not missing(course["adverse_events"]) and course["adverse_events"]:
        reasons.append("adverse event")
    return reasons


def _rank(course: dict[str, Any], reasons: list[str], serial: int) -> tuple[float, ...]:
    """Worse, then safety, no response, interruption, not evaluable, then by percent reduction."""
    steps = [
        "worse by 2 points or more", "started at 0, now in pain", *SAFETY.values(),
        COURSE["no-response-by-week-4"], COURSE["interruption"],
    ]  # fmt: skip
    step = min((steps.index(reason) for reason in reasons if reason in steps), default=len(steps))
    if step == len(steps) and missing(course["not_evaluable"]):
        step += 1
    percent = course["percent_reduction"]
    return float(step), 1000.0 if missing(percent) else float(percent), float(serial)
