"""Comparisons of decimal numbers as they are written, not as binary floats hold them.

6.0 -> 4.2 is a reduction of 30 %, which binary floats deny. A float that is clearly on one side is
believed; only near a tie the decimal texts decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the settings need no numpy, and read their scales with this module
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_NEAR = 1e-6


# A score of a declared scale may be no decimal: 1 of 3 is 10/3. Its float has more digits than a
# spreadsheet's numbers, and lies within these of a fraction with a small denominator.
_DIGITS, _DENOMINATOR, _NOISE = 15, 10_000, 4e-16


@lru_cache(maxsize=65536)
def fraction(value: float) -> Fraction:
    """A float's shortest decimal text as an exact number; the fraction that it was made of where
    it is the nearest float to no decimal of 15 digits."""
    value = float(value)
    exact = Fraction(repr(value))
    if float(f"{value:.{_DIGITS}g}") == value:
        return exact
    simple = exact.limit_denominator(_DENOMINATOR)
    return simple if abs(simple - exact) <= Fraction(_NOISE) * abs(exact) else exact


def at_least_zero(*terms: tuple[int, Any]) -> npt.NDArray[np.bool_]:
    """Whether the sum of coefficient times decimal is 0 or more, exactly; False where missing.

    Each term is (whole coefficient, array of floats); arrays have one shape.
    """
    import numpy as np

    arrays = [np.asarray(values, dtype=float) for _, values in terms]
    total: Floats = np.zeros_like(arrays[0])
    for (factor, _), values in zip(terms, arrays, strict=True):
        total = total + factor * values
    result = total > 0
    ties = np.flatnonzero(np.abs(total) < _NEAR)
    if len(ties):
        stacked = np.stack([values[ties] for values in arrays], axis=1)
        distinct, codes = np.unique(stacked, axis=0, return_inverse=True)
        factors = [factor for factor, _ in terms]
        decided = [_sum(factors, row) >= 0 for row in distinct.tolist()]
        result[ties] = np.array(decided, dtype=bool)[codes.ravel()]
    return result


def _sum(factors: Sequence[int], values: Sequence[float]) -> Fraction:
    return sum((f * fraction(v) for f, v in zip(factors, values, strict=True)), Fraction(0))


def difference(first: Any, second: Any) -> Floats:
    """The first minus the second, as the nearest float to the exact decimal difference."""
    import numpy as np

    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    result: Floats = one - two
    known = np.flatnonzero(~np.isnan(result))
    pairs = np.stack([one[known], two[known]], axis=1).view(complex).ravel()  # sorted as one number
    distinct, codes = np.unique(pairs, return_inverse=True)
    exact = [float(fraction(pair.real) - fraction(pair.imag)) for pair in distinct.tolist()]
    result[known] = np.array(exact, dtype=float)[codes]
    return result
