"""Which responder rates chance alone would explain: the limits of a funnel plot.

The limits are those of the exact binomial distribution around the network's rate, interpolated
between two whole numbers of responders so that they can be drawn as lines (Spiegelhalter,
Statistics in Medicine 2005, 24:1185-1202); the upper one is the lower one of the patients who did
not respond, so that on either side no more than the level lies beyond. The normal approximation
would judge a small clinic too easily, and put its limits outside 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

FEWEST = 10  # evaluable patients; a clinic with fewer is shown, but not judged
LEVELS = {"95": 0.025, "99.8": 0.001}  # limit -> probability beyond it, on each side
POINTS = 60  # of the lines that are drawn

Floats = npt.NDArray[np.float64]
Sizes = Sequence[int] | npt.NDArray[Any]


def limit(sizes: Sizes, rate: float, tail: float) -> tuple[Floats, Floats]:
    """The lower and the upper limit of a rate for clinics of these sizes, 0 to 1."""
    return _lower(sizes, rate, tail), 1 - _lower(sizes, 1 - rate, tail)


def _lower(sizes: Sizes, rate: float, tail: float) -> Floats:
    """The rate below which lies no more than ``tail``, interpolated between whole numbers."""
    from scipy import stats

    n = np.asarray(sizes, dtype=float)
    if not 0 < rate < 1:
        return np.full(len(n), float(rate))
    above = stats.binom.ppf(tail, n, rate)  # the first count that takes the sum over the tail
    reached, before = stats.binom.cdf(above, n, rate), stats.binom.cdf(above - 1, n, rate)
    back = (reached - tail) / np.maximum(reached - before, 1e-300)
    result: Floats = np.clip((above - back) / n, 0, 1)
    return result


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


def lines(largest: int, rate: float) -> list[dict[str, float]]:
    """Points of the limits from the smallest clinic that is judged to a little past the largest."""
    last = max(int(largest * 1.08) + 1, FEWEST + 10)
    sizes = np.unique(np.round(np.geomspace(FEWEST, last, POINTS)).astype(int))
    columns = {"n": sizes.astype(float), "rate": np.full(len(sizes), rate)}
    for name, tail in LEVELS.items():
        columns[f"low {name}"], columns[f"high {name}"] = limit(sizes, rate, tail)
    return [
        {name: float(values[at]) for name, values in columns.items()} for at in range(len(sizes))
    ]
