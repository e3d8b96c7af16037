"""What is known of each patient, picked from the analysis; nothing about anybody else."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from clinicreport.books.report.ordered_visits import Key, patient_key
from clinicreport.ground.errors import UsageError
from clinicreport.outcomes.course_now import under_way
from clinicreport.workbook.words import count, plain

if TYPE_CHECKING:
    from clinicreport.log.findings import Finding
    from clinicreport.outcomes.analysis import Analysis, Checked

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """One patient by the latest course in scope; ``course`` is None before any treatment.

    ``visits``: the course's rows of Analysis.sessions in order (all of the patient's where there
    is no course), ``weeks`` its rows of Analysis.weeks, ``earlier`` the courses before it.
    """

    patient: str
    clinic: str
    name: str | None
    course: Row | None
    visits: tuple[Row, ...]
    earlier: tuple[Row, ...] = ()
    weeks: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    missed: int = 0  # visits that did not take place since the course began
    under_way: bool = False  # treatment goes on
    places: dict[tuple[str, str, int], date] = field(default_factory=dict)  # of all visits

    @property
    def label(self) -> str:
        """The id, with the site where there is one."""
        return f"{self.patient} ({self.clinic})" if self.clinic else self.patient

    @property
    def heading(self) -> str:
        """Who it is, with the name where the log gives it."""
        return f"Patient {self.label}: {self.name}" if self.name else f"Patient {self.label}"

    @property
    def treatments(self) -> list[Row]:
        """The course's treatment rows."""
        return [visit for visit in self.visits if visit["visit_type"] == "treatment"]

    def pauses(self, days: int) -> list[tuple[Row, Row]]:
        """Pairs of treatments with a pause of so many days or more between them, days known."""
        return [
            (a, b)
            for a, b in pairwise(self.treatments)
            if a["day_known"] and b["day_known"] and (b["date"] - a["date"]).days >= days
        ]


def gather(checked: Checked, analysis: Analysis) -> list[Facts]:
    """Every patient with a visit up to the as-of day, sorted by id and clinic.

    With a period: the patients with a course in it.
    """
    visits = _grouped(analysis.sessions.frame.rows(), "patient_id")
    courses = _grouped(analysis.courses.rows(), "patient")
    weeks = _grouped(analysis.weeks.rows(), "patient")
    findings: dict[Key, list[Finding]] = defaultdict(list)
    for finding in analysis.findings:
        if finding.patient is not None:
            findings[patient_key(finding.patient, finding.clinic)].append(finding)
    keys = set(courses) if analysis.period else set(visits)
    return [
        _facts(key, checked, analysis, visits[key], courses[key], weeks[key], findings[key])
        for key in sorted(keys)
    ]


def _facts(
    key: Key,
    checked: Checked,
    analysis: Analysis,
    visits: list[Row],
    courses: list[Row],
    weeks: list[Row],
    findings: list[Finding],
) -> Facts:
    course = courses[-1] if courses else None
    own, missed, goes_on = visits, 0, False
    if course is not None:
        own = [visit for visit in visits if plain(visit["course"]) == course["course"]]
        if analysis.as_of is not None:
            goes_on = under_way(course, analysis.protocol.course, analysis.as_of)
        weeks = [week for week in weeks if week["course"] == course["course"]]
        missed = sum(
            visit["visit_type"] == "not-attended" and visit["date"] >= course["day_0"]
            for visit in visits
        )
    return Facts(
        *key,
        _name(checked, key),
        course,
        tuple(own),
        tuple(courses[:-1]),
        tuple(weeks),
        tuple(findings),
        missed,
        goes_on,
        {(v["file"], v["sheet"], int(v["row"])): v["date"].date() for v in visits},
    )


def _name(checked: Checked, key: Key) -> str | None:
    entry = checked.log.register.entry(key[1] or None, key[0], "name")
    return str(entry.value) if entry else None


def _grouped(rows: Iterable[Row], patient: str) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[patient_key(row[patient], row.get("clinic"))].append(row)
    return groups


def named(everyone: Sequence[Facts], patient: str, clinic: str | None = None) -> list[Facts]:
    """The patients with exactly this id (several only where several clinics have one).

    Raises UsageError where there is none; it suggests ids that look alike.
    """
    found = [f for f in everyone if f.patient == patient and clinic in (None, f.clinic)]
    if found:
        return found
    there = sorted({f.clinic for f in everyone if f.patient == patient})
    if there:
        at = ", ".join(f'"{name}"' for name in there)
        raise UsageError(f'patient "{patient}" is not known at clinic "{clinic}"; known at {at}')
    ids = sorted({facts.patient for facts in everyone})
    near = _near(patient, ids)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; ids are taken exactly as written"
    raise UsageError(
        f'there is no patient "{patient}" among the {count(len(ids), "patient")} of these logs'
        f" and this period{hint}"
    )


def _near(patient: str, ids: Sequence[str], most: int = 3) -> list[str]:
    """Ids that look like it, the same but for case, blanks and leading zeros first."""
    folded: dict[str, list[str]] = defaultdict(list)
    for known in ids:
        folded[_loose(known)].append(known)
    same = folded.get(_loose(patient), [])
    close = difflib.get_close_matches(_loose(patient), list(folded), n=most, cutoff=0.75)
    alike = [known for form in close for known in folded[form] if known not in same]
    return [f'"{known}"' for known in [*same, *alike][:most]]


def _loose(text: str) -> str:
    """The id without case, blanks and the leading zeros of its numbers."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", "".join(text.split()).casefold())
