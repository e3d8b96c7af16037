"""What is to be done now, for whom, until when and why: the list behind *To do* and *Summary*."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from clinicreport.books.report.ordered_visits import listed
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import (
    BACK,
    EVENT,
    FIRST,
    FROM_ZERO,
    INTERRUPTION,
    NO_RESPONSE,
    RELAPSED,
    SAFETY,
    WORSE,
    WORSE_SINCE,
    Patient,
)
from clinicreport.ground.rounding import score
from clinicreport.outcomes.course_now import followed_up, next_check, under_way
from clinicreport.workbook.words import attention, count, listing, short_day

if TYPE_CHECKING:
    from clinicreport.log.findings import Finding

NOW, SOON, OVERDUE, COMING = 1, 2, 3, 4
URGENCY = {NOW: "✖ now", SOON: "▲ soon", OVERDUE: "○ overdue", COMING: "● coming up"}
TODAY = (NOW, SOON)  # what is a day's work; the others are lists to go through
# Why somebody needs attention: how urgent that is, and what to do about it.
_WHAT = {
    WORSE: (NOW, "See the patient: pain has risen"),
    WORSE_SINCE: (NOW, "See the patient: pain has risen since the course"),
    FROM_ZERO: (NOW, "See the patient: pain has come up"),
    "contraindication": (NOW, "Get and write down the clearance"),
    "contraindication-to-ask": (NOW, "Ask the doctor, and write down the clearance"),
    "photosensitive-medication": (NOW, "Get and write down the clearance"),
    "no-eye-protection": (NOW, "Make sure of eye protection"),
    EVENT: (SOON, "Check that the adverse event is closed"),
    RELAPSED: (SOON, "Talk over what next: pain has come back"),
    BACK: (SOON, "Talk over what next: pain has come back"),
    NO_RESPONSE: (SOON, "Decide whether to go on: little change by week {week}"),
    INTERRUPTION: (SOON, "Ask about the interruption"),
}
_NAMED = frozenset(SAFETY[:3])  # what was written is said, too
_GRAVE = "severe"  # an event that does not wait, as one that ended the treatment
_OTHER = len(FIRST) + 1  # where tasks stand that no attention asks for
_EVENTS = 3  # named in one task
_EVENT_FIELDS = ("date", "adverse_event", "event_severity", "stopped_for_event")


class CourseEvent(NamedTuple):
    """An adverse event: its day, its words, how grave it was, whether it ended the treatment."""

    day: Any
    words: Any
    severity: Any
    stopped: Any


class Task(NamedTuple):
    """One thing to do, for one patient or (None) for the logs. ``order``: within its urgency."""

    urgency: int
    what: str
    patient: Patient | None
    due: date | None
    why: str
    order: int = _OTHER

    @property
    def rank(self) -> tuple[int, int, str, int]:
        """The most urgent first, then by what is amiss, by day, by patient."""
        serial = self.patient.serial if self.patient else 0
        return self.urgency, self.order, str(self.due or ""), serial


def tasks(book: ReportBook) -> tuple[Task, ...]:
    """All of them, the most urgent first; looked for once a book."""
    if book.tasks is None:
        events = _events(book)
        found = [
            task
            for patient in book.roster.patients
            for task in _of_patient(
                book, patient, [events[at] for at in patient.visits if at in events]
            )
        ]
        book.tasks = tuple(sorted([*_of_logs(book), *found], key=lambda task: task.rank))
    return book.tasks


def beside_today(found: Sequence[Task], shown: int = 0) -> str:
    """How many there are besides the first ``shown`` of today; empty where there are none."""
    held = Counter(task.urgency for task in found)
    rest = sum(held[urgency] for urgency in TODAY) - shown
    told = [f"{rest:,} more for today"] if rest > 0 else []
    if held[OVERDUE]:
        told.append(f"{count(held[OVERDUE], 'follow-up score')} overdue")
    if held[COMING]:
        told.append(f"{count(held[COMING], 'check')} coming up")
    return listing(told) if told else ""


def _of_logs(book: ReportBook) -> Iterator[Task]:
    """Errors that are not a patient's own matter, and rows that count nowhere."""
    analysis = book.analysis
    errors = [f for f in analysis.findings if f.severity == "error" and f.rule not in _WHAT]
    aside = sum(entry.set_aside for entry in analysis.inputs)
    if errors or aside:
        what = (
            f"Correct {count(len(errors), 'error')} in the logs" if errors else "Look at the logs"
        )
        why = f"{count(aside, 'row')} set aside: what stands there counts nowhere" if aside else ""
        yield Task(SOON, what, None, None, why or "they stand on sheet Findings", -1)


def _of_patient(
    book: ReportBook, patient: Patient, events: Sequence[CourseEvent]
) -> Iterator[Task]:
    """``events``: of the patient's course."""
    for reason in patient.attention:
        urgency, what = _WHAT[reason]
        order = FIRST.index(reason) if reason in FIRST else len(FIRST)
        why = _why(book, patient, reason, events)
        if reason == EVENT and _grave(events):
            urgency = NOW
        what = what.format(week=book.analysis.protocol.course.checkpoint_week)
        yield Task(urgency, what, patient, None, why, order)
    yield from _due(book, patient)


def _why(book: ReportBook, patient: Patient, reason: str, events: Sequence[CourseEvent]) -> str:
    last = followed_up(patient.course)
    if reason in (WORSE, WORSE_SINCE, RELAPSED, BACK):
        told = f"from {score(patient.course['baseline'])}"
        told += "" if patient.course["latest"] is None else f" to {score(patient.course['latest'])}"
        told += " of 10"
        return f"{told}, {score(last.score)} on {short_day(last.day)}" if last else told
    if reason == EVENT:
        return "; ".join(_named(events))
    told = attention([reason], book.analysis.protocol)
    own = book.roster.findings_of(patient, reason) if reason in _NAMED else []
    return f"{told}: {_values(own)}" if own else told


def _values(findings: Sequence[Finding]) -> str:
    """What stands in the cells, each once."""
    told = dict.fromkeys(" ".join(str(finding.value).split()) for finding in findings)
    return ", ".join(list(told)[:_EVENTS])


def _events(book: ReportBook) -> dict[int, CourseEvent]:
    """The sessions with an event, by their position in ``Roster.visits``."""
    visits = book.roster.visits
    at = np.flatnonzero(visits["event"] == "event")
    columns = [listed(visits[name][at]) for name in _EVENT_FIELDS]
    return dict(zip(at.tolist(), map(CourseEvent, *columns), strict=True))


def _named(events: Sequence[CourseEvent]) -> Iterator[str]:
    """Which events they were, the last first."""
    for event in reversed(events[-_EVENTS:]):
        graded = f", {event.severity}" if event.severity else ""
        yield f"{' '.join(str(event.words).split())}{graded} ({short_day(event.day)})"
    if len(events) > _EVENTS:
        yield f"{len(events) - _EVENTS} more before"


def _grave(events: Sequence[CourseEvent]) -> bool:
    return any(event.severity == _GRAVE or event.stopped in ("yes", True) for event in events)


def _due(book: ReportBook, patient: Patient) -> Iterator[Task]:
    """Checks that fall due: the checkpoint of courses under way, follow-up of finished ones."""
    limits, as_of = book.analysis.protocol.course, book.analysis.as_of
    if as_of is None:
        return
    course = patient.course
    going = under_way(course, limits, as_of)
    if course["status"] == "in-progress" and not patient.evaluable:
        what = "Ask for the pain score before each session"
        yield Task(SOON, what, patient, None, "cannot be evaluated yet")
    due = next_check(course, limits, as_of)
    if due.check == "week-check":
        what = f"Check the response at week {limits.checkpoint_week}"
        urgency = SOON if due.day == as_of else COMING
        yield Task(urgency, what, patient, due.day, f"treated since {short_day(course['day_0'])}")
    elif due.check.startswith("follow-up") and not (going and course["status"] == "in-progress"):
        why = f"last treatment on {short_day(course['last_treatment'])}"
        if course["responder_30"]:
            why = f"pain was down by 30 % or more; {why}"
        yield Task(_FOLLOW_UP[due.check], "Ask for a follow-up score", patient, due.day, why)


_FOLLOW_UP = {"follow-up": COMING, "follow-up-today": SOON, "follow-up-overdue": OVERDUE}
