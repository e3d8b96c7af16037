"""Intervals and effect sizes; absent where they would say nothing.

The quantiles are scipy.special's, imported where an interval is first made: what only reads or
checks does not wait for it. The tests compare the intervals with those of scipy.stats, which takes
longer to import than a month's report takes to be made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import sqrt
from typing import Any

import numpy as np

Interval = tuple[float, float]
UPPER = 0.975  # the upper end of a two-sided 95 % interval


@cache
def normal() -> float:
    """The 0.975 quantile of the normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(UPPER))


@cache
def student(freedom: int) -> float:
    """The 0.975 quantile of Student's t distribution with this many degrees of freedom, from 1."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, UPPER))


def mean_interval(values: Sequence[float] | np.typing.NDArray[Any]) -> Interval | None:
    """The 95 % t interval of a mean, n - 1 degrees of freedom.

    None for fewer than two values and where all are equal: never zero wide.
    """
    data = np.asarray(values, dtype=float)
    if len(data) < 2 or np.ptp(data) < 1e-12:
        return None
    return t_interval(float(data.mean()), float(data.var(ddof=1)), len(data))


def t_interval(mean: float, variance: float, n: int) -> Interval:
    """The 95 % t interval of a mean from the variance (n - 1) of n values."""
    reach = student(n - 1) * sqrt(variance / n)
    return mean - reach, mean + reach


def rate_interval(count: int, total: int) -> Interval | None:
    """The 95 % Wilson interval of a rate, 0 to 1 (Wilson 1927). None for an empty denominator."""
    if total < 1:
        return None
    square = normal() ** 2
    middle = count + square / 2
    reach = sqrt(square * (count * (total - count) / total + square / 4))
    low = (middle - reach) / (total + square) if count else 0.0
    high = (middle + reach) / (total + square) if count < total else 1.0
    return low, high


def bound_of_none(total: int) -> float:
    """The 95 % upper bound, per 100, of what was seen in none of so many: 1 - 0.05 ** (1 / n)."""
    left: float = 0.05 ** (1 / total)
    return 100 * (1 - left)


def product_limit(lost: Sequence[float], kept: Sequence[float]) -> list[tuple[float, int, float]]:
    """Kaplan-Meier: (time, at risk before it, share left after it) of each time that occurs.

    ``lost``: times of an event; ``kept``: times until which there was none.
    """
    events, ends = Counter(lost), Counter(kept)
    at_risk, share, steps = len(lost) + len(kept), 1.0, []
    for time in sorted(events | ends):
        share *= 1 - events[time] / at_risk
        steps.append((time, at_risk, share))
        at_risk -= events[time] + ends[time]
    return steps


def standardised_mean_change(
    reductions: np.typing.NDArray[Any], baselines: np.typing.NDArray[Any]
) -> float | None:
    """Mean reduction over the SD of the baselines (n - 1), with the small-sample correction
    J = 1 - 3 / (4 (n - 1) - 1). None for n < 3 or where the baselines do not vary."""
    n = len(reductions)
    if n < 3 or np.ptp(baselines) == 0:
        return None
    spread = float(np.std(baselines, ddof=1))
    return float(np.mean(reductions)) / spread * (1 - 3 / (4 * (n - 1) - 1))
