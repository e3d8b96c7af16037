"""How scores are taken: digits that are preferred, changes that are always alike, means that drift.

Figures to look at, no verdicts: each can have a good reason. Over the treatment rows in scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from clinicreport.ground.frame import (
    Column,
    Floats,
    Ints,
    as_column,
    codes,
    groups,
    missing,
    sorted_by,
)
from clinicreport.log.exact import difference
from clinicreport.outcomes.intervals import Interval
from clinicreport.outcomes.quantiles import student
from clinicreport.rules.waivers import NOBODY

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis

FEWEST = 10  # † sessions of a therapist, or of a half, for a figure
ALWAYS = 0.9  # † the share from which a change is called always the same
SCORES = 5  # † scores of a course from which one that never changes is counted
WHOLE = range(11)


class Digits(NamedTuple):
    """``counts``: how often each whole score from 0 to 10 stands before a session; ``decimals``:
    scores that are none; ``n``: all."""

    counts: tuple[int, ...]
    decimals: int

    @property
    def n(self) -> int:
        """All scores."""
        return sum(self.counts) + self.decimals

    @property
    def even(self) -> float:
        """The share of 2, 4, 6 and 8 among the whole scores from 1 to 9, 0 to 1 (4 of 9 of them
        where each were as frequent); nan of none."""
        inner = sum(self.counts[1:10])
        return sum(self.counts[2:10:2]) / inner if inner else float("nan")

    @property
    def heaped(self) -> int | None:
        """The score from 1 to 9 that stands out most: more often than both its neighbours taken
        together; None where there is none."""
        over = {
            at: self.counts[at] - self.counts[at - 1] - self.counts[at + 1] for at in range(1, 10)
        }
        most = max(over, key=lambda at: over[at])
        return most if over[most] > 0 and self.n >= FEWEST else None


class Drift(NamedTuple):
    """A therapist's mean relief (before minus after, points) in the first and in the second half of
    the sessions, by date; ``change`` is the second less the first, with its 95 % Welch interval,
    None where a half has fewer than 10 or all are alike."""

    first: float
    second: float
    interval: Interval | None

    @property
    def change(self) -> float:
        """By how many points the mean has gone up."""
        return self.second - self.first


class TherapistScores(NamedTuple):
    """One therapist's sessions with a score before and after.

    ``usual``: the most frequent difference (before minus after, points), ``usual_count`` of them
    have it; ``unchanged``: how many have the same score before and after.
    """

    therapist: str
    sessions: int
    usual: float
    usual_count: int
    unchanged: int
    drift: Drift | None

    @property
    def usual_share(self) -> float:
        """The share with the most frequent difference."""
        return self.usual_count / self.sessions

    @property
    def always(self) -> bool:
        """Whether nearly all sessions have the same difference, and there are enough of them."""
        return self.sessions >= FEWEST and self.usual_share >= ALWAYS


class ScoreTaking(NamedTuple):
    """``steady`` of ``courses`` with 5 scores or more have the same score before every session."""

    digits: Digits
    therapists: tuple[TherapistScores, ...]
    steady: int
    courses: int


def score_taking(analysis: Analysis) -> ScoreTaking:
    """The figures of the treatment rows in scope; therapists by name."""
    visits = analysis.sessions
    of = visits.flags("in_scope") & visits.flags("treatment")
    before, after = visits.numbers("nrs_before")[of], visits.numbers("nrs_after")[of]
    order = sorted_by(visits["date"][of], visits["start_time"][of])
    relief, therapist = difference(before, after)[order], visits["therapist"][of][order]
    scored = ~np.isnan(before)
    steady, courses = _steady(visits.whole("cid")[of][scored], before[scored])
    return ScoreTaking(
        digits=_digits(before[scored]),
        therapists=_therapists(relief, therapist),
        steady=steady,
        courses=courses,
    )


def _steady(cid: Ints, scores: Floats) -> tuple[int, int]:
    """How many courses have all their scores alike, and how many have enough of them to say."""
    count = np.bincount(cid)
    low, high = np.full(len(count), np.inf), np.full(len(count), -np.inf)
    np.minimum.at(low, cid, scores)
    np.maximum.at(high, cid, scores)
    enough = count >= SCORES
    return int((enough & (low == high)).sum()), int(enough.sum())


def _digits(scores: Floats) -> Digits:
    whole = scores[np.isin(scores, WHOLE)].astype(int)
    counts = np.bincount(whole, minlength=len(WHOLE))
    return Digits(tuple(counts.tolist()), len(scores) - len(whole))


def _therapists(relief: Floats, therapist: Column) -> tuple[TherapistScores, ...]:
    """By name, which may be written in either case and with any blanks; sessions in order."""
    known = ~np.isnan(relief)
    changes = relief[known]
    number, written = codes(np.where(missing(therapist), NOBODY, therapist)[known])
    shown = [" ".join(str(name).split()) for name in written]
    first: dict[str, str] = {}
    for name in shown:
        first.setdefault(name.casefold(), name)
    own, names = codes(as_column([first[name.casefold()] for name in shown])[number])
    by_name = {names[place]: changes[at] for place, at in groups(own)}
    return tuple(_of_one(name, by_name[name]) for name in sorted(by_name))


def _of_one(name: str, relief: Floats) -> TherapistScores:
    """``relief``: of one therapist's sessions, in order."""
    values, counts = np.unique(relief, return_counts=True)
    most = int(counts.argmax())
    return TherapistScores(
        therapist=name,
        sessions=len(relief),
        usual=float(values[most]),
        usual_count=int(counts[most]),
        unchanged=int((relief == 0).sum()),
        drift=_drift(relief),
    )


def _drift(relief: Floats) -> Drift | None:
    middle = len(relief) // 2
    first, second = relief[:middle], relief[middle:]
    if len(first) < FEWEST:
        return None
    errors = [half.var(ddof=1) / len(half) for half in (first, second)]
    means = float(first.mean()), float(second.mean())
    total = float(sum(errors))
    if total < 1e-12:
        return Drift(*means, None)
    weights = [
        error**2 / (len(half) - 1) for error, half in zip(errors, (first, second), strict=True)
    ]
    reach = student(max(1, int(total**2 / sum(weights)))) * total**0.5
    change = means[1] - means[0]
    return Drift(*means, (change - reach, change + reach))
