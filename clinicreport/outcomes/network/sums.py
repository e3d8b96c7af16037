"""What a clinic is reduced to: counts, sums and sums of squares that merge exactly.

Scores are the decimal numbers as written, so their sums are kept as fractions: adding clinics up
gives the same result in any order, on any number of machines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

from clinicreport.log.findings import Severity
from clinicreport.log.inputs import Input
from clinicreport.outcomes.person import Person

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Counts(Generic[Key]):
    """How often each key was counted, sorted by key; keys of count 0 are left out."""

    items: tuple[tuple[Key, int], ...] = ()

    @classmethod
    def of(cls, counts: Mapping[Key, int]) -> Counts[Key]:
        """From any mapping."""
        return cls(tuple(sorted((key, count) for key, count in counts.items() if count)))

    def merge(self, other: Counts[Key]) -> Counts[Key]:
        """Both together."""
        total = Counter(dict(self.items))
        total.update(dict(other.items))
        return Counts.of(total)

    def values(self: Counts[Fraction]) -> list[float]:
        """Each key as often as it was counted, in order, where the keys are numbers."""
        return [float(value) for value, count in self.items for _ in range(count)]

    def median(self: Counts[Fraction]) -> Fraction | None:
        """The median of what was counted, where the keys are numbers."""
        size = sum(count for _, count in self.items)
        if not size:
            return None
        middle = (size - 1) // 2, size // 2
        seen, found = 0, []
        for value, count in self.items:
            found += [value for at in middle if seen <= at < seen + count]
            seen += count
        return (found[0] + found[1]) / 2


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, sum and sum of squares of some scores."""

    n: int = 0
    total: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)

    @classmethod
    def of(cls, values: Iterable[Fraction]) -> Moments:
        """The moments of these values."""
        every = list(values)
        return cls(len(every), sum(every, Fraction(0)), sum((v * v for v in every), Fraction(0)))

    def merge(self, other: Moments) -> Moments:
        """Both together."""
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> Fraction | None:
        """The mean; None of nothing."""
        return self.total / self.n if self.n else None

    @property
    def variance(self) -> Fraction | None:
        """The variance with n - 1; None for fewer than two values."""
        if self.n < 2:
            return None
        return (self.squares - self.total * self.total / self.n) / (self.n - 1)


@dataclass(frozen=True, slots=True)
class MonthSums:
    """By month (since January 1970), sorted: the reductions of its evaluable patients, and how many
    of these are 30 % responders."""

    items: tuple[tuple[int, Moments, int], ...] = ()

    def merge(self, other: MonthSums) -> MonthSums:
        """Both together."""
        found: dict[int, tuple[Moments, int]] = {}
        for month, reductions, responders in (*self.items, *other.items):
            known, hits = found.get(month, (Moments(), 0))
            found[month] = known.merge(reductions), hits + responders
        return MonthSums(tuple((month, *found[month]) for month in sorted(found)))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One clinic, or several together.

    ``counts``: by name, see :mod:`clinicreport.commands.network_clinics`. ``strata``: (condition, baseline
    "low" or "other", "evaluable" or "responder_30") -> patients. ``percents``: percent reductions
    of the evaluable patients, what a median needs. Moments are over the evaluable patients: their
    scores, their last follow-up where they have one; ``before``: the falls before treatment of all
    who started.
    """

    counts: Counts[str] = Counts()
    strata: Counts[tuple[str, str, str]] = Counts()
    percents: Counts[Fraction] = Counts()
    baseline: Moments = Moments()
    latest: Moments = Moments()
    reduction: Moments = Moments()
    follow_up: Moments = Moments()
    before: Moments = Moments()
    months: MonthSums = MonthSums()

    def merge(self, other: Aggregate) -> Aggregate:
        """Both together: exact, and the same whichever comes first."""
        names = [entry.name for entry in fields(self)]
        return Aggregate(
            **{name: getattr(self, name).merge(getattr(other, name)) for name in names}
        )

    def count(self, name: str) -> int:
        """A count by name, 0 where there is none."""
        return dict(self.counts.items).get(name, 0)


def merged(parts: Iterable[Aggregate]) -> Aggregate:
    """All of them together, two by two, so that the work grows evenly with their number."""
    level = list(parts)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        rest = level[-1:] if len(level) % 2 else []
        level = [one.merge(other) for one, other in pairs] + rest
    return level[0] if level else Aggregate()


@dataclass(frozen=True, slots=True)
class ClinicResult:
    """A clinic's row: sums, and what the report says beside them."""

    name: str
    as_of: date | None
    aggregate: Aggregate
    findings: tuple[tuple[Severity, int], ...]
    report: str | None = None  # its own report; written beside it, with ".part" behind the name
    people: tuple[Person, ...] = ()  # for sharing alone


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What comes back from a unit: its clinics, and its inputs as in the JSON.

    ``name``: the clinics in words; the unit's name where it has none."""

    name: str
    clinics: tuple[ClinicResult, ...]
    inputs: tuple[Input, ...]
    months: tuple[str, ...] = ()  # that its visits lie in
    in_period: bool = True  # whether one of them lies in the period that is asked for
