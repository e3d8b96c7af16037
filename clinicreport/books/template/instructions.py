"""How the blank session log is filled in, in words: a title and lines for each section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from clinicreport.books.template.entry_columns import EntryColumn
from clinicreport.ground.rounding import written
from clinicreport.protocol.in_force import Protocol
from clinicreport.protocol.limits import limit_text

NEW_PAGE = "The columns of Patients"  # the section that is printed on a page of its own
Line = tuple[str, str]  # what it is about, what to do


def sections(
    protocol: Protocol, sessions: Sequence[EntryColumn], register: Sequence[EntryColumn], ready: int
) -> Iterator[tuple[str, Iterable[Line]]]:
    """Title and lines of each section; ``ready``: how many rows are ready."""
    rows = f"{ready} rows are ready. Copy the last one down if you need more."
    yield "In short", (*_SHORT, ("More rows", rows))
    yield "What blank means", _BLANK
    yield "The columns of Sessions", _columns(sessions)
    yield NEW_PAGE, _columns(register)
    yield f"The protocol: {protocol.name}, version {protocol.version}", _limits(protocol)


_SHORT = (
    ("One row", "Each visit is one row, also one that was missed (visit type: not-attended)."),
    (
        "Save as",
        "Keep this file blank and save a copy for each month, such as 2026-10.xlsx. Leave "
        "the headings as they are; columns that you do not need may be deleted, others added.",
    ),
    (
        "Drop-downs",
        "They help, and free words are fine where a cell takes them. A score outside "
        "0 to 10 is refused; minutes outside the protocol only ask whether you mean it.",
    ),
    (
        "Check",
        "clinicreport check FILE.xlsx lists what should be looked at, and with "
        "--marked-copy it shows it on the cells.",
    ),
)
_BLANK = (
    ("A precaution", "Blank means that nobody wrote it down: neither yes nor no."),
    ("An adverse event", "Blank means not documented. Write none where there was none."),
    ("A contraindication", "Blank means that it was not asked. Write none where there is none."),
    ("A pain score", "Blank counts as missing. Never write 0 for a score that was not asked."),
    ("The visit type", "Blank means treatment."),
)


def _columns(entries: Sequence[EntryColumn]) -> Iterator[Line]:
    for entry in entries:
        needed = "Needed. " if entry.field.needed else ""
        yield entry.heading, f"{needed}{entry.what}"


def _counted(number: int, word: str) -> str:
    return word if number == 1 else f"{number} {word}s"


def _limits(protocol: Protocol) -> Iterator[Line]:
    """The limits that whoever fills in the log can keep to."""
    session, schedule, course = protocol.session, protocol.schedule, protocol.course
    yield "A session", f"{limit_text(session.minutes)} minutes."
    if session.ramp_up_treatments:
        text = (
            f"The first {_counted(session.ramp_up_treatments, 'treatment')} of a course may be "
            f"shorter, with {written(session.ramp_up_max_minutes)} minutes at most."
        )
        yield "The first ones", text
    days = schedule.days_per_week
    text = (
        f"{days.min} to {days.max} days with a treatment; more than "
        f"{schedule.recommended_max_days} is noted."
    )
    yield "A week", text
    if schedule.loading_weeks:
        text = (
            f"In the first {_counted(schedule.loading_weeks, 'week')} of a course up to "
            f"{schedule.loading_max_days} days a week."
        )
        yield "The beginning", text
    text = (
        f"{course.interruption_days} days or more are an interruption, more than "
        f"{course.gap_days} days start a new course."
    )
    yield "Pauses", text
    yield from _conditions(protocol)
    names = ", ".join(entry.name for entry in protocol.safety.asked)
    if names:
        yield "Before treatment", f"Ask about {names}; with one of them only after clearance."
    text = (
        "J/cm² = mW/cm² x seconds / 1000; what is written may differ by "
        f"{written(protocol.dose.tolerance_percent)} %."
    )
    yield "Dose", text


def _conditions(protocol: Protocol) -> Iterator[Line]:
    """Conditions that have limits of their own."""
    for entry in protocol.conditions.values():
        own, weeks = protocol.for_condition(entry.match[0])
        text = (
            f"{limit_text(own.minutes)} minutes; {weeks.days_per_week.min} to "
            f"{weeks.days_per_week.max} days a week."
        )
        yield entry.match[0], text
