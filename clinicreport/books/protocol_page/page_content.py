"""What stands on the protocol's page, in order, as words: nothing here knows paper or screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinicreport.books.protocol_page.found import RuleFound
from clinicreport.ground.rounding import written
from clinicreport.protocol.in_force import Protocol
from clinicreport.protocol.limits import Schedule, Session, limit_text

GROUPS: dict[str, tuple[str, ...]] = {  # heading -> the sections whose rules stand below it
    "Safety": ("safety",),
    "The session": ("session", "dose"),
    "The weeks and the course": ("schedule", "course"),
    "How the pain goes": ("outcome",),
    "The log": ("log",),
    "Rules with a limit of their own": ("rules",),
}
SECTIONS = ("session", "schedule", "course", "safety", "dose", "outcome")


@dataclass(frozen=True, slots=True)
class LimitCard:
    """One limit to see from afar."""

    big: str
    words: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of the protocol; ``own`` are those of conditions ("postoperative: 8 to 15")."""

    clause: str
    limit: str
    words: str
    source: str
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: how grave, the clause it enforces with its limits, where that is from."""

    rule: str
    severity: str
    clauses: tuple[str, ...]
    source: str
    message: str
    found: RuleFound | None = None

    @property
    def found_words(self) -> str:
        """What it found in words; empty where no logs were given."""
        if self.found is None:
            return ""
        return "switched off" if self.severity == "off" else self.found.words


@dataclass(frozen=True, slots=True)
class Content:
    """The whole page."""

    title: str
    version: str
    source: str
    caveat: str
    cards: tuple[LimitCard, ...]
    before: tuple[str, ...]  # before the first treatment
    always: tuple[str, ...]  # at every treatment
    conditions: tuple[tuple[str, str], ...]  # name and what holds for it, in words
    limits: tuple[Limit, ...]
    rules: dict[str, tuple[RuleLine, ...]]  # by heading
    read: str = ""  # what was read, where logs were given


def content(
    protocol: Protocol, found: Mapping[str, RuleFound] | None = None, read: str = ""
) -> Content:
    """The page of a protocol, with what each rule found where logs were read."""
    return Content(
        title=protocol.name,
        version=protocol.version,
        source=protocol.source,
        caveat=protocol.caveat,
        cards=_cards(protocol),
        before=_before(protocol),
        always=_always(protocol),
        conditions=tuple((name, _own_words(protocol, name)) for name in protocol.conditions),
        limits=tuple(_limits(protocol)),
        rules=_rules(protocol, found or {}),
        read=read,
    )


def _cards(protocol: Protocol) -> tuple[LimitCard, ...]:
    session, schedule, course = protocol.session, protocol.schedule, protocol.course
    return (
        *_session_cards(session),
        *_week_cards(schedule),
        LimitCard(
            f"week {course.checkpoint_week}",
            f"look at the response: {protocol.outcome.responder_30_percent} % less pain?",
        ),
        LimitCard(f"{course.interruption_days} days", "without treatment: ask why, write it down"),
    )


def _session_cards(session: Session) -> list[LimitCard]:
    cards = [LimitCard(f"{_dash(session.minutes)} min", "each session")]
    if session.ramp_up_treatments:
        which = _plural(session.ramp_up_treatments, "session")
        words = f"in the first {which} of a course, which may be shorter"
        cards.append(LimitCard(f"≤ {written(session.ramp_up_max_minutes)} min", words))
    return cards


def _week_cards(schedule: Schedule) -> list[LimitCard]:
    usual, most = schedule.recommended_max_days, schedule.days_per_week.max
    note = f"; better not over {usual}" if usual < most else ""
    cards = [LimitCard(f"{_dash(schedule.days_per_week)} days", f"of treatment each week{note}")]
    if schedule.loading_weeks and schedule.loading_max_days > most:
        weeks = schedule.loading_weeks
        words = "in the first week" if weeks == 1 else f"in each of the first {weeks} weeks"
        cards.append(LimitCard(f"≤ {schedule.loading_max_days} days", words))
    return cards


def _dash(band: Any) -> str:
    low, high = written(band.min), written(band.max)
    return low if low == high else f"{low}–{high}"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{count} {word}s"


def _before(protocol: Protocol) -> tuple[str, ...]:
    safety = protocol.safety
    listed = ", ".join(item.name for item in safety.asked)
    return (
        f"Contraindications ({listed}): {safety.screening}",
        f"A contraindication or photosensitive medication needs a clearance: {safety.clearance}",
    )


def _always(protocol: Protocol) -> tuple[str, ...]:
    safety = protocol.safety
    return (
        f"Eye protection: {safety.eye_protection}",
        f"Distance: {safety.safe_distance}",
        f"Skin: {safety.skin_clean}",
        f"Precautions: {safety.precautions}",
        f"Adverse events: {safety.adverse_events}",
        f"Pain before the session (NRS): {protocol.log.score}",
    )


def _own_words(protocol: Protocol, name: str) -> str:
    """What a condition sets of its own, in words."""
    condition = protocol.conditions[name]
    session, schedule = protocol.limits_of(name)
    own = condition.model_dump(exclude_none=True)
    cards = _session_cards(session) if own["session"] else []
    cards += _week_cards(schedule) if own["schedule"] else []
    said = "; ".join(f"{card.big} {card.words}" for card in cards) or "nothing of its own"
    return said + (f" ({condition.source})" if condition.source else "")


def _limits(protocol: Protocol) -> list[Limit]:
    result = []
    for section in SECTIONS:
        part = getattr(protocol, section)
        for name, field in type(part).model_fields.items():
            text = limit_text(getattr(part, name))
            if field.description and text:
                clause = f"{section}.{name}"
                own = _of_conditions(protocol, clause)
                result.append(Limit(clause, text, field.description, part.source, own))
    return result


def _of_conditions(protocol: Protocol, clause: str) -> tuple[str, ...]:
    """The limits of conditions that hold instead of the clause's."""
    texts = (protocol.clause_text(clause, name) for name in protocol.conditions)
    return tuple(text for text in texts if text.startswith("conditions."))


def _rules(protocol: Protocol, found: Mapping[str, RuleFound]) -> dict[str, tuple[RuleLine, ...]]:
    heading = {section: name for name, sections in GROUPS.items() for section in sections}
    result: dict[str, list[RuleLine]] = {name: [] for name in GROUPS}
    for name, rule in protocol.rules.items():
        clauses = (protocol.clause_text(rule.clause), *_of_conditions(protocol, rule.clause))
        line = RuleLine(name, rule.severity, clauses, rule.source, rule.message, found.get(name))
        result[heading[rule.clause.split(".")[0]]].append(line)
    return {name: tuple(lines) for name, lines in result.items() if lines}
