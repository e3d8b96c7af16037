"""The findings of a patient in plain words: errors and warnings, what is safety first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.ground.rounding import score, scored_points
from clinicreport.log.findings import SYMBOLS
from clinicreport.workbook.words import count, missing, short_day

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts
    from clinicreport.log.findings import Finding
    from clinicreport.protocol.in_force import Protocol

TITLE = "Safety, and what to look at"
NOTHING = "No error and no warning for this patient."
WHERE = "the check of the log lists them"
LEGEND = "✖ settle it  ▲ look at it"
MOST_DAYS = 4  # named for one kind of finding
MOST_EVENTS = 6
_SAFETY = {
    "contraindication": "Contraindication without a clearance: {value}",
    "contraindication-to-ask": "To be asked about, without a clearance: {value}",
    "photosensitive-medication": "Photosensitive medication without a clearance: {value}",
    "no-eye-protection": "Treated without eye protection",
    "unsafe-distance": "Safe distance of the lamp not kept",
    "lotion-on-skin": "Lotion or cream on the skin",
    "not-screened": "Contraindications were not asked about before the first treatment",
}
_COURSE = {
    "no-response-by-week-4": "Under 30 % less pain by week {week}{review}",
    "pain-rise": "Pain rose by {rise} or more since the visit before",
    "interruption": "Pause in the treatment: {value} days",
    "too-few-sessions": "Fewer treatment days than planned in the week",
    "too-many-sessions": "More treatment days than planned in the week",
    "session-too-short": "Session shorter than planned: {value} min",
    "session-too-long": "Session longer than planned: {value} min",
    "ramp-up-too-long": "One of the first sessions longer than planned: {value} min",
    "dose-mismatch": "The written dose does not fit irradiance and time",
}
_ENTRIES = {
    "missing-score": "No pain score before the session",
    "duplicate-row": "The visit seems to be entered twice",
    "similar-patient-id": "Another id in the log is nearly the same: is it this patient?",
}
_UNREADABLE = "An entry of the log could not be used: {value}"
_UNREADABLE_RULES = frozenset(
    {
        "bad-score",
        "score-out-of-range",
        "bad-value",
        "error-cell",
        "uncached-formula",
        "bad-date",
        "ambiguous-date",
        "future-date",
    }
)
_WORDS = _SAFETY | _COURSE | _ENTRIES
_ORDER = {rule: at for at, rule in enumerate(_WORDS)}


class Note(NamedTuple):
    """One kind of finding: how grave, and what to read, with the days it happened."""

    severity: str
    text: str

    @property
    def line(self) -> str:
        """As it is printed: a symbol and the word, so that nothing rests on colour."""
        return f"{SYMBOLS[self.severity]} {self.text}"


def notes(facts: Facts, protocol: Protocol) -> list[Note]:
    """Errors and warnings of the course, alike ones together; safety first."""
    own = {(visit["file"], visit["sheet"], int(visit["row"])) for visit in facts.visits}
    days: dict[tuple[str, str], list[date | None]] = {}
    events: dict[str, list[str]] = {}
    before = 0
    for finding in sorted(facts.findings, key=_rank):
        if finding.severity not in ("error", "warning"):
            continue
        place = (finding.file, finding.sheet, finding.row or 0)
        if place in facts.places and place not in own:
            before += 1
            continue
        day = facts.places.get(place)
        if finding.rule == "adverse-event":
            on = f" ({short_day(day)})" if day else ""
            events.setdefault(finding.severity, []).append(_value(finding.value) + on)
        else:
            days.setdefault((finding.severity, _words(finding, facts, protocol)), []).append(day)
    told = [Note(severity, _listed(what)) for severity, what in events.items()]
    told += [Note(severity, _dated(text, when)) for (severity, text), when in days.items()]
    told.sort(key=lambda note: note.severity != "error")
    if before:
        told.append(Note("warning", f"{count(before, 'more note')} on visits before this course"))
    return told


def _rank(finding: Finding) -> int:
    return _ORDER.get(finding.rule, len(_ORDER))


def _words(finding: Finding, facts: Facts, protocol: Protocol) -> str:
    text = _WORDS.get(finding.rule)
    if text is None and finding.rule in _UNREADABLE_RULES:
        text = _UNREADABLE
    if text is None:
        return finding.plain.rstrip(".")
    return text.format(
        value=_value(finding.value),
        week=protocol.course.checkpoint_week,
        review="; treatment goes on: review it" if facts.under_way else ", and treatment went on",
        rise=scored_points(protocol.outcome.pain_rise_points),
    )


def _value(value: object) -> str:
    if missing(value) or value == "":
        return "(not readable)"
    return score(value) if isinstance(value, int | float) else " ".join(str(value).split())


def _listed(events: list[str]) -> str:
    """The adverse events in one line; how many more where there are many."""
    rest = len(events) - MOST_EVENTS
    more = f" and {rest} more" if rest > 0 else ""
    noun = "Adverse event" if len(events) == 1 else "Adverse events"
    return f"{noun}: {'; '.join(events[:MOST_EVENTS])}{more}."


def _dated(text: str, when: Iterable[date | None]) -> str:
    days = sorted({day for day in when if day is not None})
    if not days:
        return f"{text}."
    shown = ", ".join(short_day(day) for day in days[:MOST_DAYS])
    rest = len(days) - MOST_DAYS
    return f"{text} ({shown}{f' and {rest} more days' if rest > 0 else ''})."


def documented(facts: Facts) -> str:
    """For how many sessions it is written whether there was an adverse event."""
    sessions = facts.treatments
    filled = sum(not missing(visit["adverse_event"]) for visit in sessions)
    if not sessions:
        return "No session yet."
    if filled == len(sessions):
        return "Whether there was an adverse event is written for every session."
    return (
        f"Whether there was an adverse event is written for {filled} of"
        f" {count(len(sessions), 'session')}; blank does not mean “none”."
    )
