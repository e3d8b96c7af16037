"""The few quantiles that intervals need, from finite sums.

Loading scipy.special for a dozen of them took longer than reading, checking and counting a month.
Each sum has only positive terms, each from the one before; the tests compare the results with
scipy's to 1e-12.
"""

from __future__ import annotations

from functools import cache
from math import atan2, exp, fsum, lgamma, log, log1p, pi, sqrt, tan

import numpy as np

TAIL = 0.025  # each side of a two-sided 95 % interval
NORMAL = 1.959963984540054  # the 0.975 quantile of the normal distribution
_LARGE = 1000  # degrees of freedom from which Student's quantile is a series in their inverse
_STEPS = 60  # Newton's; a handful is needed
_NEAR = 1e-15  # relative; nearer than that a step is rounding


@cache
def student(freedom: int) -> float:
    """The 0.975 quantile of Student's t distribution with this many degrees of freedom, from 1."""
    if freedom == 1:
        return 1 / tan(pi * TAIL)
    t = _student_series(freedom)
    if freedom >= _LARGE:
        return t
    height = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    for _ in range(_STEPS):
        slope = 2 * height * (1 + t * t / freedom) ** (-(freedom + 1) / 2)
        step = (_within(t, freedom) - (1 - 2 * TAIL)) / slope
        t -= step
        if abs(step) <= _NEAR * t:
            break
    return t


def _student_series(freedom: int) -> float:
    """Student's quantile from the normal one, as a series; off by less than 1e-14 for 1000."""
    z, n = NORMAL, freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def _within(t: float, freedom: int) -> float:
    """How much of Student's distribution lies between -t and t."""
    sine, odd = t / sqrt(freedom + t * t), freedom % 2
    fall = log1p(t * t / freedom) / 2  # of the cosine, as a logarithm: its powers stay exact
    share, terms = 1.0, []
    for nth in range(odd, freedom - 1, 2):
        terms.append(share * exp(-nth * fall))
        share *= (nth + 1) / (nth + 2)
    inside = sine * fsum(terms)
    return 2 / pi * (atan2(t, sqrt(freedom)) + inside) if odd else inside


def exact_ends(count: int, total: int) -> tuple[float, float]:
    """The two rates, 0 to 1, under which so many of a total, or more, and so many or fewer, each
    have a chance of 0.025. ``total``: from 1."""
    low = 1 / (1 + exp(-_log_odds(count, total))) if count else 0.0
    high = 1 / (1 + exp(_log_odds(total - count, total))) if count < total else 1.0
    return low, high


def _log_odds(count: int, total: int) -> float:
    """The log odds of the rate under which ``count`` or more, from 1, have a chance of 0.025."""
    up = np.arange(count, total, dtype=float)
    down = np.arange(count, 0, -1, dtype=float)
    rising, falling = (total - up) / (up + 1), down / (total - down + 1)
    odds = _first_log_odds(count, total)
    for _ in range(_STEPS):
        # The chances of each number of hits, over that of ``count`` itself.
        most = 1 + float(np.cumprod(rising * exp(odds)).sum())
        rest = float(np.cumprod(falling * exp(-odds)).sum())
        chance = most / (most + rest)
        slope = count / (1 + exp(odds)) / most  # of the chance's logarithm
        step = (log(chance) - log(TAIL)) / slope
        odds -= step
        if abs(step) <= _NEAR * max(1.0, abs(odds)):
            break
    return odds


def _first_log_odds(count: int, total: int) -> float:
    """Where to begin: the lower end of the score interval (Wilson 1927), a little above."""
    square = NORMAL**2
    middle = count + square / 2
    reach = NORMAL * sqrt(count * (total - count) / total + square / 4)
    rate = (middle - reach) / (total + square)
    return log(rate) - log1p(-rate)


@cache
def median_rank(n: int) -> int:
    """The rank j of the interval of a median: from the j-th smallest of n values to the j-th
    largest. The largest j with P(Binomial(n, 1/2) <= j - 1) <= 0.025; 0 where there is none."""
    middle = n // 2
    steps = np.arange(middle, 0, -1, dtype=float)
    fewer = np.cumprod(steps / (n - steps + 1))[::-1]  # of 0 to middle - 1, over that of middle
    one_side = float(fewer.sum()) + (1 if n % 2 else 0.5)
    below = np.append(np.cumsum(fewer) / (2 * one_side), 1.0)
    return int(np.searchsorted(below, TAIL, side="right"))
