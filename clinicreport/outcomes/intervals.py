"""Intervals and effect sizes, from scipy; absent where they would say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

LEVEL = 0.95
Interval = list[float] | None


def mean_interval(values: Sequence[float] | np.typing.NDArray[Any]) -> Interval:
    """The 95 % t interval of a mean, n - 1 degrees of freedom.

    None for fewer than two values and where all are equal: never zero wide.
    """
    data = np.asarray(values, dtype=float)
    if len(data) < 2 or np.ptp(data) < 1e-12:
        return None
    from scipy import stats

    interval = stats.ttest_1samp(data, 0).confidence_interval(LEVEL)
    return [float(interval.low), float(interval.high)]


def rate_interval(count: int, total: int) -> Interval:
    """The 95 % Wilson interval of a rate, 0 to 1. None for an empty denominator."""
    if total < 1:
        return None
    from scipy import stats

    interval = stats.binomtest(count, total).proportion_ci(LEVEL, method="wilson")
    return [float(interval.low), float(interval.high)]


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
