"""To do: what the clinic can do about its patients now, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from clinicreport.books.report import size_limits
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import EVENT, FROM_ZERO, WORSE, Patient
from clinicreport.workbook.page import Cell, Link
from clinicreport.workbook.table import Column, place
from clinicreport.workbook.words import attention, day

LEAD = [
    "What can be done now, the most urgent first; as made, from the visits up to the last day of"
    " the report.",
]
URGENCY = {1: "✖ now", 2: "▲ soon", 3: "● when they come"}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do for one patient."""

    urgency: int
    what: str
    patient: Patient
    due: Any  # a day, or None
    why: str


def write(book: ReportBook) -> None:
    """The sheet; its table is ``todo``."""
    page = book.page("To do")
    top = page.head("To do", LEAD)
    tasks = sorted(
        (task for patient in book.roster.patients for task in _tasks(book, patient)),
        key=lambda task: (task.urgency, task.what, str(task.due), task.patient.serial),
    )
    if not tasks:
        page.put(top, 0, "Nothing is due.")
        book.print_setup(page)
        return
    if len(tasks) > size_limits.LISTED:
        said = f"The first {size_limits.LISTED:,} of {len(tasks):,} are listed."
        page.put(top - 1, 0, said, "lead")
        top, tasks = top + 1, tasks[: size_limits.LISTED]
    order = {patient.serial: at for at, patient in enumerate(book.roster.by_attention)}

    def link(task: ToDo) -> Cell:
        at = order[task.patient.serial]
        return Link(book.tables["patients"].at("Patient", at), task.patient.label)

    columns: list[Column[ToDo]] = [
        Column("Urgency", lambda t: URGENCY[t.urgency], lambda t: _STYLES[t.urgency], 19),
        Column("What to do", lambda t: t.what, "cell_strong", 44),
        Column("Patient", link, "cell_link", _label_width(tasks)),
        Column("Due", lambda t: t.due or "–", "cell_date", 14),
        Column("Why", lambda t: t.why, "cell_wrap", 60),
    ]
    table = book.add(place(page, top, columns, tasks, "todo", filtered=True))
    page.sheet.freeze_panes(top + 1, 0)
    book.print_setup(page, repeat=table.top)


def _label_width(tasks: list[ToDo]) -> int:
    """So many characters that a clinic's name beside the id is whole, within reason."""
    return min(max(14, *(len(task.patient.label) + 1 for task in tasks)), 50)


_STYLES = {1: "cell_error", 2: "cell_warning", 3: "cell_note"}


def _tasks(book: ReportBook, patient: Patient) -> Iterator[ToDo]:
    protocol = book.analysis.protocol
    for reason in patient.attention:
        urgency, what = _WHAT[reason]
        why = _events(patient) if reason == EVENT else attention([reason], protocol)
        what = what.format(week=protocol.course.checkpoint_week)
        yield ToDo(urgency, what, patient, None, why)
    yield from _due(book, patient)


# Why somebody needs attention: how urgent that is, and what to do about it.
_WHAT = {
    WORSE: (1, "See the patient: pain has risen"),
    FROM_ZERO: (1, "See the patient: pain has come up"),
    "contraindication": (1, "Get and write down the clearance"),
    "contraindication-to-ask": (1, "Ask the doctor, and write down the clearance"),
    "photosensitive-medication": (1, "Get and write down the clearance"),
    "no-eye-protection": (1, "Make sure of eye protection"),
    EVENT: (1, "Check that the adverse event is closed"),
    "no-response-by-week-4": (2, "Decide whether to go on: little change by week {week}"),
    "interruption": (2, "Ask about the interruption"),
}


def _events(patient: Patient) -> str:
    number = patient["adverse_events"]
    return f"{number} session{'' if number == 1 else 's'} of the course with an adverse event"


def _due(book: ReportBook, patient: Patient) -> Iterator[ToDo]:
    """Checks that fall due: the checkpoint of courses under way, follow-up of finished ones."""
    course, as_of = book.analysis.protocol.course, book.analysis.as_of
    if as_of is None:
        return
    if patient["status"] == "in-progress":
        check = (patient["day_0"] + timedelta(days=7 * course.checkpoint_week)).date()
        if as_of <= check:
            yield ToDo(
                3,
                f"Check the response at week {course.checkpoint_week}",
                patient,
                check,
                f"treated since {day(patient['day_0'])}",
            )
        if not patient.evaluable:
            yield ToDo(
                2,
                "Ask for the pain score before each session",
                patient,
                None,
                "cannot be evaluated yet",
            )
    elif patient["responder_30"] and patient["durability"] == "not-known":
        back = (patient["last_treatment"] + timedelta(days=course.follow_up_days)).date()
        why = f"pain was down by 30 % or more; last treatment on {day(patient['last_treatment'])}"
        late = back <= as_of
        yield ToDo(2 if late else 3, "Ask for a follow-up score", patient, back, why)
