"""The treatment protocol as data: limits, rules with their severities and sources, references.

``templates/protocol.toml`` is the default and its comments are the manual. A clinic's own file
may hold only what differs; everything else is taken from the default.
"""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from clinicreport.resources import resource
from clinicreport.settings import merged, read_toml, validated

Part = TypeVar("Part", bound=BaseModel)
RuleSeverity = Literal["error", "warning", "note", "off"]
PLACEHOLDERS = frozenset({"value", "detail", "limit", "field", "row"})

Days = Annotated[int, Field(ge=1, le=3660)]
Minutes = Annotated[float, Field(gt=0, le=1440)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MinutesBand(_Strict):
    min: Minutes
    max: Minutes

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min ({self.min:g}) is larger than max ({self.max:g})")
        return self


class DaysBand(_Strict):
    min: Annotated[int, Field(ge=0, le=7)]
    max: Annotated[int, Field(ge=1, le=7)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is larger than max ({self.max})")
        return self


class Session(_Strict):
    minutes: MinutesBand
    ramp_up_treatments: Annotated[int, Field(ge=0, le=100)]
    ramp_up_max_minutes: Minutes


class Schedule(_Strict):
    days_per_week: DaysBand
    recommended_max_days: Annotated[int, Field(ge=1, le=7)]
    loading_weeks: Annotated[int, Field(ge=0, le=52)]
    loading_max_days: Annotated[int, Field(ge=1, le=7)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.loading_max_days < self.days_per_week.max:
            raise ValueError("loading_max_days is smaller than days_per_week.max")
        return self


class Course(_Strict):
    gap_days: Days
    screening_days: Annotated[int, Field(ge=0, le=3660)]
    follow_up_days: Days
    dropout_days: Days
    interruption_days: Days
    complete_weeks: Days
    checkpoint_week: Annotated[int, Field(ge=1, le=520)]


class Contraindication(_Strict):
    name: str
    terms: Annotated[list[str], Field(min_length=1)]


class Safety(_Strict):
    photosensitive_terms: list[str]
    contraindications: list[Contraindication]


class Dose(_Strict):
    tolerance_percent: Annotated[float, Field(ge=0, le=100)]


class Outcome(_Strict):
    """Conventions of the field: the first three are fixed, and shown."""

    responder_30_percent: Literal[30]
    responder_50_percent: Literal[50]
    important_points: Literal[2]
    low_baseline: Annotated[float, Field(ge=0, le=10)]
    pain_rise_points: Annotated[float, Field(gt=0, le=10)]


class Reference(_Strict):
    """One arm of a trial: mean NRS at its start and end, ``weeks`` apart."""

    name: str
    population: Annotated[list[str], Field(min_length=1)]
    start: Annotated[float, Field(ge=0, le=10)]
    end: Annotated[float, Field(ge=0, le=10)]
    weeks: Annotated[int, Field(ge=1)]
    n: Annotated[int, Field(ge=1)]
    source: str


class Rule(_Strict):
    severity: RuleSeverity
    source: str
    message: str
    clause: str = ""

    @model_validator(mode="after")
    def _known_placeholders(self) -> Self:
        for _, name, _, _ in string.Formatter().parse(self.message):
            if name is not None and name not in PLACEHOLDERS:
                known = ", ".join(sorted(PLACEHOLDERS))
                raise ValueError(f"message has {{{name}}}; it can only have {known}")
        return self


class SessionOverride(_Strict):
    minutes: MinutesBand | None = None
    ramp_up_treatments: Annotated[int, Field(ge=0, le=100)] | None = None
    ramp_up_max_minutes: Minutes | None = None


class ScheduleOverride(_Strict):
    days_per_week: DaysBand | None = None
    recommended_max_days: Annotated[int, Field(ge=1, le=7)] | None = None
    loading_weeks: Annotated[int, Field(ge=0, le=52)] | None = None
    loading_max_days: Annotated[int, Field(ge=1, le=7)] | None = None


class Condition(_Strict):
    """Limits of their own for the courses whose condition is one of ``match``."""

    match: Annotated[list[str], Field(min_length=1)]
    session: SessionOverride = SessionOverride()
    schedule: ScheduleOverride = ScheduleOverride()


class Protocol(_Strict):
    name: str
    version: str
    source: str
    caveat: str
    evidence_note: str
    session: Session
    schedule: Schedule
    course: Course
    safety: Safety
    dose: Dose
    outcome: Outcome
    reference: list[Reference]
    conditions: dict[str, Condition] = {}
    rules: dict[str, Rule]

    def active(self, rule: str) -> bool:
        """Whether the rule is switched on."""
        return self.rules[rule].severity != "off"

    def for_condition(self, condition: str | None) -> tuple[Session, Schedule]:
        """The limits that hold for a course with this condition."""
        for override in self.conditions.values():
            if condition and names_any(condition, override.match):
                return (
                    _overridden(self.session, override.session),
                    _overridden(self.schedule, override.schedule),
                )
        return self.session, self.schedule

    def in_reference_population(self, condition: str | None) -> bool:
        """Whether a course with this condition may stand beside the reference arms."""
        terms = {term for arm in self.reference for term in arm.population}
        return bool(condition) and names_any(condition or "", terms)

    def clause_text(self, clause: str) -> str:
        """A clause with its limit in words: ``session.minutes: 10 to 20``; its name alone where
        it holds no number."""
        value: Any = self
        for part in clause.split("."):
            value = getattr(value, part, None)
        if isinstance(value, MinutesBand | DaysBand):
            return f"{clause}: {value.min:g} to {value.max:g}"
        return f"{clause}: {value:g}" if isinstance(value, int | float) else clause


def _overridden(part: Part, override: BaseModel) -> Part:
    changes = override.model_dump(exclude_none=True)
    return type(part).model_validate(part.model_dump() | changes) if changes else part


def names_any(text: str, terms: set[str] | list[str]) -> bool:
    """Whether the text names one of the terms as whole words, whatever the case."""
    return any(
        re.search(rf"(?<!\w){re.escape(term.casefold())}(?!\w)", text.casefold()) for term in terms
    )


def load(path: Path | None = None) -> Protocol:
    """The protocol in force: the packaged default, with the given file's entries over it.

    Raises UsageError with the key's path for anything that is not as it should be.
    """
    default = read_toml(resource("templates/protocol.toml"))
    if path is None:
        return Protocol.model_validate(default)
    return validated(Protocol, merged(default, read_toml(path)), path.name)
