"""Which responder rates chance alone would explain: the limits of a funnel plot.

The limits are those of the exact binomial distribution around the network's rate p: for a clinic of
n patients, y(a) = (r - (P(R <= r) - a) / P(R = r)) / n, r the smallest number with P(R <= r) >= a
(Spiegelhalter, Statistics in Medicine 2005, 24:1185-1202). Where clinics vary by more than chance
(phi over 1), the limits of the normal approximation, widened by the square root of phi, stand
beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.ground.frame import distinct
from clinicreport.outcomes.intervals import Interval

FEWEST = 10  # evaluable patients; a clinic with fewer is shown, but not judged
LEVELS = {"95": 0.025, "99.8": 0.001}  # limit -> probability beyond it, on each side
POINTS = 60  # of the lines that are drawn

Floats = npt.NDArray[np.float64]
Sizes = Sequence[int] | npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """A clinic's limits by level, 0 to 1; ``widened``: those with overdispersion, where there is
    any."""

    exact: dict[str, Interval]
    widened: dict[str, Interval] | None


def limit(sizes: Sizes, rate: float, tail: float) -> tuple[Floats, Floats]:
    """The lower and the upper limit of a rate for clinics of these sizes: as published, so the
    lower one of a small clinic may lie under 0."""
    return _end(sizes, rate, tail), _end(sizes, rate, 1 - tail)


def _end(sizes: Sizes, rate: float, level: float) -> Floats:
    """The rate under which lies the share ``level``, interpolated between whole numbers."""
    from scipy import stats

    n = np.asarray(sizes, dtype=float)
    if not 0 < rate < 1:
        return np.full(len(n), float(rate))
    reached = stats.binom.ppf(level, n, rate)  # the first count that takes the sum to the level
    over = stats.binom.cdf(reached, n, rate) - level
    result: Floats = (reached - over / stats.binom.pmf(reached, n, rate)) / n
    return result


def widened(sizes: Sizes, rate: float, tail: float, phi: float) -> tuple[Floats, Floats]:
    """The limits of the normal approximation, widened for overdispersion."""
    from scipy.special import ndtri

    n = np.asarray(sizes, dtype=float)
    reach: Floats = ndtri(1 - tail) * np.sqrt(phi * rate * (1 - rate) / n)
    return rate - reach, rate + reach


def overdispersion(counts: Sequence[tuple[int, int]], rate: float | None) -> float | None:
    """phi, the mean square of the z scores of the clinics that are large enough; 1 is chance alone.
    None without such a clinic, and where everybody or nobody responds."""
    large = [(hits, n) for hits, n in counts if n >= FEWEST]
    if rate is None or not large or not 0 < rate < 1:
        return None
    squares = [(hits / n - rate) ** 2 / (rate * (1 - rate) / n) for hits, n in large]
    return sum(squares) / len(squares)


def limits_of(n: int, rate: float | None, phi: float | None) -> FunnelLimits | None:
    """One clinic's limits; None where it has nobody evaluable."""
    if rate is None or not n:
        return None
    exact = {name: _pair(limit([n], rate, tail)) for name, tail in LEVELS.items()}
    if phi is None or phi <= 1:
        return FunnelLimits(exact, None)
    wide = {name: _pair(widened([n], rate, tail, phi)) for name, tail in LEVELS.items()}
    return FunnelLimits(exact, wide)


def _pair(ends: tuple[Floats, Floats]) -> Interval:
    return float(ends[0][0]), float(ends[1][0])


def verdicts(counts: Sequence[tuple[int, int]], rate: float | None) -> list[str]:
    """For each (responders, evaluable) where it lies: ``within``, ``above 95``, ``below 99.8`` …,
    or ``not judged``. Nobody is judged where fewer than two clinics are large enough."""
    large = [n >= FEWEST for _, n in counts]
    if rate is None or sum(large) < 2:
        return ["not judged"] * len(counts)
    sizes = [max(n, 1) for _, n in counts]
    ends = {name: limit(sizes, rate, tail) for name, tail in LEVELS.items()}
    result = []
    for at, (hits, n) in enumerate(counts):
        verdict = "within" if large[at] else "not judged"
        for name, (low, high) in ends.items() if large[at] else ():
            share = hits / n
            if share < low[at] - 1e-12:
                verdict = f"below {name}"
            elif share > high[at] + 1e-12:
                verdict = f"above {name}"
        result.append(verdict)
    return result


def lines(largest: int, rate: float, phi: float | None = None) -> list[dict[str, float]]:
    """Points of the limits from the smallest clinic that is judged to a little past the largest,
    within 0 to 1; the widened ones ("low 95 wide") too where phi is over 1."""
    last = max(int(largest * 1.08) + 1, FEWEST + 10)
    sizes = distinct(np.round(np.geomspace(FEWEST, last, POINTS)).astype(int))
    columns = {"n": sizes.astype(float), "rate": np.full(len(sizes), rate)}
    for name, tail in LEVELS.items():
        both = [("", limit(sizes, rate, tail))]
        both += [(" wide", widened(sizes, rate, tail, phi))] if phi is not None and phi > 1 else []
        for which, (low, high) in both:
            columns[f"low {name}{which}"] = np.clip(low, 0, 1)
            columns[f"high {name}{which}"] = np.clip(high, 0, 1)
    return [
        {name: float(values[at]) for name, values in columns.items()} for at in range(len(sizes))
    ]
