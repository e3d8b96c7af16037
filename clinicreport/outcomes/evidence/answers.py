"""What a claim's check found: a verdict's code and the numbers behind it, no words.

Of all that can be found ``n`` is how many patients were looked at.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from clinicreport.outcomes.evidence.claims import Claim, Evidence
from clinicreport.outcomes.intervals import Interval

Verdict = Literal["supported", "against", "cannot tell"]


class TooFew(NamedTuple):
    """Fewer patients than are needed."""

    verdict: Verdict
    n: int


class NotRecorded(NamedTuple):
    """Nobody has the field filled in."""

    verdict: Verdict
    n: int


class NotCompared(NamedTuple):
    """The log holds no patients treated otherwise."""

    verdict: Verdict
    n: int


class MeanFound(NamedTuple):
    """A mean (points, or cm) with its 95 % t interval, None where all are alike; ``start`` and
    ``end``: the two means that it is the difference of, where they are told."""

    verdict: Verdict
    n: int
    value: float
    interval: Interval | None
    start: float = 0.0
    end: float = 0.0


class ShareFound(NamedTuple):
    """``those`` of the patients: a share from 0 to 1 with its 95 % Wilson interval; ``median``: of
    the percent reductions, where it is told."""

    verdict: Verdict
    n: int
    those: int
    interval: Interval
    median: float = 0.0

    @property
    def value(self) -> float:
        """The share."""
        return self.those / self.n


class EventsFound(NamedTuple):
    """``events``: visits with an adverse event, of ``patients``; ``filled`` of ``sessions`` say
    whether there was one; ``upper_bound``: the 95 % bound per 100 sessions where there was none."""

    verdict: Verdict
    n: int
    events: int
    patients: int
    filled: int
    sessions: int
    upper_bound: float = 0.0


class MedicationFound(NamedTuple):
    """Patients with an opioid at the start and at the end; how many stopped and began."""

    verdict: Verdict
    n: int
    start: int
    end: int
    stopped: int
    began: int


Found = TooFew | NotRecorded | NotCompared | MeanFound | ShareFound | EventsFound | MedicationFound


class Answer(NamedTuple):
    """A claim with its evidence, what the clinic's log says about it, and the limits in force."""

    claim: Claim
    found: Found
    limits: Evidence
