"""Intervals and effect sizes; absent where they would say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from clinicreport.outcomes.quantiles import NORMAL, exact_ends, median_rank, student

Interval = tuple[float, float]


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
    square = NORMAL**2
    middle = count + square / 2
    reach = sqrt(square * (count * (total - count) / total + square / 4))
    low = (middle - reach) / (total + square) if count else 0.0
    high = (middle + reach) / (total + square) if count < total else 1.0
    return low, high


def bound_of_none(total: int) -> float:
    """The 95 % upper bound, per 100, of what was seen in none of so many: 1 - 0.05 ** (1 / n)."""
    left: float = 0.05 ** (1 / total)
    return 100 * (1 - left)


def exact_interval(count: int, total: int) -> Interval | None:
    """The exact 95 % interval of a rate, 0 to 1 (Clopper and Pearson 1934); None of nothing."""
    return exact_ends(count, total) if total > 0 else None


def median_interval(values: Sequence[float] | np.typing.NDArray[Any]) -> Interval | None:
    """The 95 % interval of a median that assumes no distribution; None for fewer than six."""
    ordered = np.sort(np.asarray(values, dtype=float))
    rank = median_rank(len(ordered))
    return (float(ordered[rank - 1]), float(ordered[-rank])) if rank else None


def standardised_mean_change(
    reductions: np.typing.NDArray[Any], baselines: np.typing.NDArray[Any]
) -> float | None:
    """Mean reduction over the SD of the baselines (n - 1), with the small-sample correction
    J = 1 - 3 / (4 (n - 1) - 1). None for n < 3 or where the baselines do not vary."""
    n = len(reductions)
    if n < 3 or np.ptp(baselines) == 0:
        return None
    spread = float(np.std(baselines, ddof=1))
    return float(np.mean(reductions)) / spread * small_sample(n)


def small_sample(n: int) -> float:
    """The correction J of a standardised mean change of n patients."""
    return 1 - 3 / (4 * (n - 1) - 1)


CHANGE_FROM = 10  # patients; of fewer the change's interval would say nothing
CHANGE_Z = 1.959964  # as the definition writes it


def change_interval(change: float | None, r: float | None, n: int) -> Interval | None:
    """The 95 % interval of a standardised mean change d of n patients, r the correlation of their
    two scores: d ± z · sqrt(2 (1 - r) / n + d² / (2 n)). None for n < 10 or without an r."""
    if change is None or r is None or n < CHANGE_FROM:
        return None
    reach = CHANGE_Z * sqrt(max(0.0, 2 * (1 - r) / n) + change**2 / (2 * n))
    return change - reach, change + reach


def correlation(first: np.typing.NDArray[Any], second: np.typing.NDArray[Any]) -> float | None:
    """Pearson's r; None where either does not vary."""
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))
