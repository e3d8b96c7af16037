"""The treatment protocol as data: limits, rules with their severities and sources, references.

``templates/protocol.toml`` is the default and its comments are the manual. A clinic's own file
may hold only what differs; everything else is taken from the default.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, model_validator

from clinicreport.ground.own_tables import unchecked
from clinicreport.ground.strict_toml import (
    first_problem,
    merged,
    mistakes,
    packaged_toml,
    read_toml,
    validated,
)
from clinicreport.protocol.limits import (
    Condition,
    Course,
    DaysBand,
    Dose,
    LogLimits,
    MinutesBand,
    NaturalCourse,
    Outcome,
    Reference,
    Rule,
    Safety,
    Schedule,
    Session,
    Strict,
    Text,
    limit_text,
)


class Protocol(Strict):
    """Everything that a clinic has agreed on, checked."""

    name: Text
    version: Text
    source: Text
    caveat: Text
    evidence_note: Text
    log: LogLimits
    session: Session
    schedule: Schedule
    course: Course
    safety: Safety
    dose: Dose
    outcome: Outcome
    reference: list[Reference]
    natural_course: NaturalCourse
    conditions: dict[str, Condition] = {}
    rules: dict[str, Rule]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        owner: dict[str, str] = {}
        for name, condition in self.conditions.items():
            for term in condition.match:
                other = owner.setdefault(term.casefold(), name)
                if other != name:
                    raise ValueError(f'conditions.{name}.match: "{term}" is in {other} already')
            for part in ("session", "schedule"):
                problem = first_problem(lambda p=part, c=condition: self._own(p, c))  # type: ignore[misc]
                if problem:
                    raise ValueError(f"conditions.{name}.{part}.{problem}")
        for name, rule in self.rules.items():
            if self.value(rule.clause) is None:
                raise ValueError(f'rules.{name}.clause: the protocol has no "{rule.clause}"')
            if rule.limit is not None and rule.clause != f"rules.{name}.limit":
                raise ValueError(f"rules.{name}.limit: its limit stands at {rule.clause}")
        return self

    def active(self, rule: str) -> bool:
        """Whether the rule is switched on."""
        return self.rules[rule].severity != "off"

    def _own(self, part: Literal["session", "schedule"], condition: Condition) -> Any:
        general: BaseModel = getattr(self, part)
        own = getattr(condition, part).model_dump(exclude_none=True)
        return type(general).model_validate(merged(general.model_dump(), own)) if own else general

    def condition_of(self, text: str | None) -> str | None:
        """The name of the entry in ``conditions`` that holds for a course with this condition:
        the first in the file one of whose words it names."""
        if not text:
            return None
        found = (n for n, entry in self.conditions.items() if names_any(text, entry.match))
        return next(found, None)

    def limits_of(self, name: str | None) -> tuple[Session, Schedule]:
        """The limits that hold for courses of an entry in ``conditions``; None: of no entry."""
        if name is None:
            return self.session, self.schedule
        own = self.conditions[name]
        return self._own("session", own), self._own("schedule", own)

    def for_condition(self, condition: str | None) -> tuple[Session, Schedule]:
        """The limits that hold for a course with this condition, as written in the log."""
        return self.limits_of(self.condition_of(condition))

    def widest(self) -> tuple[MinutesBand, DaysBand]:
        """Minutes and days a week that hold for some condition at least (for data entry, where
        a patient's condition is not known)."""
        parts = [self.limits_of(name) for name in (None, *self.conditions)]
        minutes = [session.minutes for session, _ in parts]
        days = [schedule.days_per_week for _, schedule in parts]
        most = [schedule.loading_max_days for _, schedule in parts if schedule.loading_weeks]
        return (
            MinutesBand(min=min(b.min for b in minutes), max=max(b.max for b in minutes)),
            DaysBand(min=min(b.min for b in days), max=max([*most, *(b.max for b in days)])),
        )

    def in_reference_population(self, condition: str | None) -> bool:
        """Whether a course with this condition may stand beside the reference arms."""
        terms = {term for arm in self.reference for term in arm.population}
        return bool(condition) and names_any(condition or "", terms)

    def value(self, clause: str, name: str | None = None) -> Any:
        """What stands at a clause; None where there is no such clause. With the name of an entry
        in ``conditions``, what holds for its courses."""
        first, *rest = clause.split(".")
        value: Any = getattr(self, first, None) if first in type(self).model_fields else None
        if name and first in ("session", "schedule"):
            value = self.limits_of(name)[first == "schedule"]
        for part in rest:
            fields = getattr(type(value), "model_fields", {})
            own = value.get(part) if isinstance(value, Mapping) else None
            value = getattr(value, part) if part in fields else own
        return value

    def key_in_force(self, clause: str, name: str | None) -> str:
        """The clause itself, or ``conditions.<name>.<clause>`` where that sets the limit."""
        own: Any = self.conditions[name].model_dump(exclude_none=True) if name else {}
        for part in clause.split("."):
            own = own.get(part) if isinstance(own, Mapping) else None
        return clause if own is None else f"conditions.{name}.{clause}"

    def clause_text(self, clause: str, name: str | None = None) -> str:
        """A clause with its limit: ``session.minutes: 10 to 20``."""
        limit, key = limit_text(self.value(clause, name)), self.key_in_force(clause, name)
        return f"{key}: {limit}" if limit else key


def names_any(text: str, terms: set[str] | list[str]) -> bool:
    """Whether the text names one of the terms as whole words and does not deny it ("non-")."""
    return any(
        re.search(
            rf"(?<!\w)(?<!\bno )(?<!\bnot )(?<!\bnon[ -]){re.escape(term.casefold())}(?!\w)",
            text.casefold(),
        )
        for term in terms
    )


def load(path: Path | None = None) -> Protocol:
    """The protocol in force: the packaged default, with the given file's entries over it.

    Raises UsageError that names every mistake by its key's path.
    """
    if path is None:
        return unchecked(Protocol, as_delivered())
    own, said = _over_default(read_toml(path))
    return validated(Protocol, own, path.name, said)


def as_delivered() -> dict[str, Any]:
    """The packaged protocol's entries."""
    return packaged_toml("templates/protocol.toml")


def protocol_mistakes(own: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """What keeps a clinic's entries from being a protocol: of each mistake its place, where that is
    known, and its sentence, as :func:`load` says it."""
    whole, said = _over_default(own)
    return [*(((), words) for words in said), *mistakes(Protocol, whole)]


def _over_default(own: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The whole protocol with a clinic's entries, and what is to be said of rules in them."""
    default = as_delivered()
    known, said = _known_rules(own, list(default["rules"]))
    return merged(default, known), said


def _known_rules(own: dict[str, Any], known: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The entries without rules that do not exist, and what is to be said about these."""
    said = [f'{key}: a rule stands under rules; write "rules.{key}"' for key in own if key in known]
    own = {key: value for key, value in own.items() if key not in known}
    rules = own.get("rules")
    if not isinstance(rules, Mapping):
        return own, said
    for name, entry in rules.items():
        if name not in known:
            near = difflib.get_close_matches(name.casefold().replace("_", "-"), known, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            said.append(f"rules.{name}: there is no such rule{hint}")
        elif isinstance(entry, str):
            said.append(f'rules.{name}: write rules.{name}.severity = "{entry}"')
    kept = {
        name: entry for name, entry in rules.items() if name in known and not isinstance(entry, str)
    }
    return own | {"rules": kept}, said
