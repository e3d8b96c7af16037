"""What a claim's check found: a verdict's code and the numbers behind it, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from clinicreport.outcomes.evidence.claims import Claim, Evidence
from clinicreport.outcomes.intervals import Interval

Verdict = Literal["supported", "against", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Found:
    """``n``: how many patients were looked at."""

    verdict: Verdict
    n: int


@dataclass(frozen=True, slots=True)
class TooFew(Found):
    """Fewer patients than are needed."""


@dataclass(frozen=True, slots=True)
class NotRecorded(Found):
    """Nobody has the field filled in."""


@dataclass(frozen=True, slots=True)
class NotCompared(Found):
    """The log holds no patients treated otherwise."""


@dataclass(frozen=True, slots=True)
class MeanFound(Found):
    """A mean (points, or cm) with its 95 % t interval, None where all are alike; ``start`` and
    ``end``: the two means that it is the difference of, where they are told."""

    value: float
    interval: Interval | None
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class ShareFound(Found):
    """``count`` of the patients: a share from 0 to 1 with its 95 % Wilson interval; ``median``: of
    the percent reductions, where it is told."""

    count: int
    interval: Interval
    median: float = 0.0

    @property
    def value(self) -> float:
        """The share."""
        return self.count / self.n


@dataclass(frozen=True, slots=True)
class EventsFound(Found):
    """``events``: visits with an adverse event, of ``patients``; ``filled`` of ``sessions`` say
    whether there was one; ``upper_bound``: the 95 % bound per 100 sessions where there was none."""

    events: int
    patients: int
    filled: int
    sessions: int
    upper_bound: float = 0.0


@dataclass(frozen=True, slots=True)
class MedicationFound(Found):
    """Patients with an opioid at the start and at the end; how many stopped and began."""

    start: int
    end: int
    stopped: int
    began: int


class Answer(NamedTuple):
    """A claim with its evidence, what the clinic's log says about it, and the limits in force."""

    claim: Claim
    found: Found
    limits: Evidence
