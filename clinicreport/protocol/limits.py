"""The parts of a protocol: bands, sections, conditions, references, rules; each checked by itself.

A field's description is how ``clinicreport protocol`` words its limit.
"""

from __future__ import annotations

import re
import string
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from clinicreport.ground.rounding import written
from clinicreport.ground.strict_toml import SettingsTable

RuleSeverity = Literal["error", "warning", "note", "off"]
PLACEHOLDERS = frozenset({"value", "detail", "limit", "field", "row"})

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Terms = Annotated[list[Text], Field(min_length=1)]
Days = Annotated[int, Field(ge=1, le=3660)]
Minutes = Annotated[float, Field(gt=0, le=1440)]
Treatments = Annotated[int, Field(ge=0, le=100)]
WeekDays = Annotated[int, Field(ge=1, le=7)]
Weeks = Annotated[int, Field(ge=0, le=520)]
Score = Annotated[float, Field(ge=0, le=10)]


class Strict(SettingsTable):
    """No unknown keys, no guessing of types."""

    model_config = ConfigDict(strict=True)


class MinutesBand(Strict):
    """From so many minutes to so many, both included."""

    min: Minutes
    max: Minutes

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            low, high = written(self.min), written(self.max)
            raise ValueError(f"no session can keep to it: min {low} is over max {high}")
        return self


class DaysBand(Strict):
    """From so many days a week to so many, both included."""

    min: Annotated[int, Field(ge=0, le=7)]
    max: WeekDays

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"no week can keep to it: min {self.min} is over max {self.max}")
        return self


class LogLimits(Strict):
    """What a session log has to hold: texts that findings cite, no limits."""

    source: Text
    file: Text
    columns: Text
    patient: Text
    date: Text
    score: Text
    values: Text
    visit: Text
    content: Text


class Session(Strict):
    """One session. A field's description is how people read it."""

    source: Text
    minutes: MinutesBand = Field(description="minutes of a session")
    ramp_up_treatments: Treatments = Field(
        description="first treatments of a course that may be shorter"
    )
    ramp_up_max_minutes: Minutes = Field(description="minutes at most in each of these")


class Schedule(Strict):
    """The weeks of a course."""

    source: Text
    days_per_week: DaysBand = Field(description="treatment days in a week of the course")
    recommended_max_days: WeekDays = Field(description="days in a week above which a note is made")
    loading_weeks: Weeks = Field(description="first weeks of a course that may have more days")
    loading_max_days: WeekDays = Field(description="treatment days at most in each of these")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.loading_max_days < self.days_per_week.max:
            raise ValueError(
                f"loading_max_days ({self.loading_max_days}) is under days_per_week.max "
                f"({self.days_per_week.max}): the first weeks may have more days, not fewer"
            )
        return self


class Course(Strict):
    """One stretch of treatment of one patient."""

    source: Text
    gap_days: Days = Field(description="days of pause after which a new course starts")
    screening_days: Annotated[int, Field(ge=0, le=3660)] = Field(
        description="days before a course within which a screening belongs to it"
    )
    follow_up_days: Days = Field(
        description="days after the last treatment from which a score is a follow-up"
    )
    dropout_days: Days = Field(
        description="days without treatment after which a patient has dropped out"
    )
    interruption_days: Days = Field(description="days of pause that count as an interruption")
    complete_weeks: Days = Field(description="weeks attended that count as a completed course")
    checkpoint_week: Annotated[int, Field(ge=1, le=520)] = Field(
        description="week at whose end the response is checked"
    )


class Contraindication(Strict):
    """One contraindication and the words that name it in a log."""

    name: Text
    terms: Terms


class ConditionToAsk(Contraindication):
    """One that another source than the protocol's names; ``unless``: words that deny that it is
    the patient's own ("family history of cancer")."""

    source: Text
    unless: list[Text] = []


class Safety(Strict):
    """What is asked for around every treatment."""

    source: Text
    eye_protection: Text = Field(description="eye protection")
    safe_distance: Text = Field(description="distance of the lamp")
    skin_clean: Text = Field(description="skin")
    precautions: Text = Field(description="precautions in the log")
    adverse_events: Text = Field(description="adverse events in the log")
    screening: Text = Field(description="contraindications")
    clearance: Text = Field(description="clearance")
    no_clearance_terms: list[Text] = Field(
        description="words that say that nobody has cleared it (yet)"
    )
    clearance_terms: list[Text] = Field(
        description="words that say that somebody has, though one of the others stands beside them"
    )
    photosensitive_terms: list[Text] = Field(
        description="words that name photosensitive medication"
    )
    contraindications: list[Contraindication] = Field(
        description="contraindications that need a clearance"
    )
    to_ask: list[ConditionToAsk] = Field(
        default=[],
        description="conditions that other sources name: to be asked about, too",
    )

    @property
    def asked(self) -> list[Contraindication]:
        """All that is asked about before treatment, whoever names it."""
        return [*self.contraindications, *self.to_ask]


class Dose(Strict):
    """Dose in J/cm² = irradiance in mW/cm² times seconds / 1000."""

    source: Text
    tolerance_percent: Annotated[float, Field(ge=0, le=100)] = Field(
        description="per cent by which a written dose may differ from irradiance x time"
    )


class PointsByBaseline(Strict):
    """How many points less are important for a baseline of at most ``up_to``."""

    up_to: Score
    points: Annotated[float, Field(gt=0, le=10)]


class MdcOfCondition(Strict):
    """A minimal detectable change of its own, where a word of the condition begins with one of
    these."""

    name: Text
    beginnings: Terms
    points: Annotated[float, Field(gt=0, le=10)]
    source: Text


class Outcome(Strict):
    """Conventions of the field: the first three are fixed, and shown."""

    source: Text
    responder_30_percent: Literal[30] = Field(description="per cent less pain: moderate response")
    responder_50_percent: Literal[50] = Field(description="per cent less pain: large response")
    important_points: Literal[2] = Field(description="points less pain: clinically important")
    low_baseline: Score = Field(description="baseline NRS under which a gain is hard to see")
    pain_rise_points: Annotated[float, Field(gt=0, le=10)] = Field(
        description="points of a rise from one visit to the next that are looked at"
    )
    mdc_points: Annotated[float, Field(gt=0, le=10)] = Field(
        description="points of change that a score's own error can make (minimal detectable change)"
    )
    important_by_baseline: Annotated[list[PointsByBaseline], Field(min_length=1)] = Field(
        description="points less that are important, by the baseline"
    )
    mdc_of_condition: list[MdcOfCondition] = Field(
        description="minimal detectable change of a condition"
    )

    def mdc_of(self, condition: str | None) -> float:
        """The minimal detectable change in points for a course with this condition."""
        words = re.findall(r"\w+", (condition or "").casefold())
        for own in self.mdc_of_condition:
            beginnings = tuple(text.casefold() for text in own.beginnings)
            if any(word.startswith(beginnings) for word in words):
                return own.points
        return self.mdc_points

    @model_validator(mode="after")
    def _rising(self) -> Self:
        ends = [step.up_to for step in self.important_by_baseline]
        if ends != sorted(set(ends)) or ends[-1] != 10:
            raise ValueError("important_by_baseline: up_to rises from entry to entry, up to 10")
        return self


class Reference(Strict):
    """One arm of a trial: mean NRS at its start and end, ``weeks`` apart."""

    name: Text
    population: Terms
    start: Score
    end: Score
    weeks: Annotated[int, Field(ge=1, le=520)]
    n: Annotated[int, Field(ge=1)]
    source: Text


class NaturalCourse(Strict):
    """Pain without a treatment on trial, in cohorts: NRS from and to at the start and ``weeks``
    later."""

    name: Text
    start: Annotated[list[Score], Field(min_length=2, max_length=2)]
    end: Annotated[list[Score], Field(min_length=2, max_length=2)]
    weeks: Annotated[int, Field(ge=1, le=520)]
    source: Text


class Example(Strict):
    """A made-up finding for the rule's page in the docs: its place, and what fills the message."""

    file: str = "log.xlsx"
    sheet: str = "Sessions"
    cell: str = ""
    row: int | None = None
    field: str | None = None
    value: str | float | None = None
    detail: str = ""
    limit: str | float = ""
    actual: str = ""


class Rule(Strict):
    """One rule: how grave a hit is, the clause it enforces, where that is from, what it says.

    ``when`` says what the rule looks at where that is no function of ``clinicreport.rules``.
    ``limit`` is one of the rule's own: its clause is then ``rules.<name>.limit``.
    """

    severity: RuleSeverity
    clause: Text
    source: Text
    message: Text
    when: str = ""
    limit: float | None = None
    example: Example | None = None

    @model_validator(mode="after")
    def _known_placeholders(self) -> Self:
        known = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
        try:
            parsed = list(string.Formatter().parse(self.message))
        except ValueError as error:
            raise ValueError(f"message has a brace without its partner; {known} fit in") from error
        for _, name, spec, conversion in parsed:
            if name is not None and (name not in PLACEHOLDERS or spec or conversion):
                raise ValueError(f"message has {{{name}}}; only {known} can be filled in")
        return self


class MinutesOverride(Strict):
    """One or both ends of a band."""

    min: Minutes | None = None
    max: Minutes | None = None


class DaysOverride(Strict):
    """One or both ends of a band."""

    min: Annotated[int, Field(ge=0, le=7)] | None = None
    max: WeekDays | None = None


class SessionOverride(Strict):
    """What a condition may set of its own in ``session``."""

    minutes: MinutesOverride | None = None
    ramp_up_treatments: Treatments | None = None
    ramp_up_max_minutes: Minutes | None = None


class ScheduleOverride(Strict):
    """What a condition may set of its own in ``schedule``."""

    days_per_week: DaysOverride | None = None
    recommended_max_days: WeekDays | None = None
    loading_weeks: Weeks | None = None
    loading_max_days: WeekDays | None = None


class Condition(Strict):
    """Limits of their own for the courses whose condition is one of ``match``."""

    match: Terms
    source: str = ""
    session: SessionOverride = SessionOverride.model_construct()
    schedule: ScheduleOverride = ScheduleOverride.model_construct()


def limit_text(value: Any) -> str:
    """A limit in words: "10 to 20", "14", "always worn"; empty where it is a list of words."""
    if isinstance(value, MinutesBand | DaysBand):
        return f"{written(value.min)} to {written(value.max)}"
    if isinstance(value, int | float):
        return written(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(filter(None, map(_listed, value)))
    return ""


def _listed(item: Any) -> str:
    """An entry of a list in words; empty for a mere word."""
    if isinstance(item, Contraindication):
        return item.name
    if isinstance(item, PointsByBaseline):
        return f"{written(item.points)} up to {written(item.up_to)}"
    return f"{item.name} {written(item.points)}" if isinstance(item, MdcOfCondition) else ""
