"""Scores are compared as the decimals they are written as."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clinicreport.log.exact import at_least_zero, difference, fraction

DECIMALS = st.decimals(0, 10, places=3).map(lambda d: str(d.normalize()))
NAN = float("nan")


def reduction_of_30_percent(baseline: float, latest: float) -> bool:
    return bool(at_least_zero((7, [baseline]), (-10, [latest]))[0])


def test_six_to_four_point_two_is_30_percent() -> None:
    assert reduction_of_30_percent(6.0, 4.2)
    assert not reduction_of_30_percent(6.0, 4.201)


def test_what_binary_floats_deny() -> None:
    assert 10 * (1.6 - 1.12) < 3 * 1.6
    assert reduction_of_30_percent(1.6, 1.12)


def test_five_point_one_to_three_point_one_is_2_points() -> None:
    assert 5.1 - 3.1 < 2
    assert at_least_zero((1, [5.1]), (-1, [3.1]), (-1, [2.0])).tolist() == [True]
    assert difference([5.1], [3.1]).tolist() == [2.0]


def test_missing_is_never_enough() -> None:
    assert at_least_zero((1, [NAN, 1.0, NAN]), (1, [1.0, NAN, NAN])).tolist() == [False] * 3
    assert np.isnan(difference([NAN, 1.0], [1.0, NAN])).all()


def test_empty() -> None:
    assert at_least_zero((1, []), (-1, [])).tolist() == []
    assert difference([], []).tolist() == []


@pytest.mark.parametrize(
    ("value", "exact"), [(0.1, Fraction(1, 10)), (4.2, Fraction(21, 5)), (7.0, Fraction(7))]
)
def test_a_float_is_the_decimal_it_is_written_as(value: float, exact: Fraction) -> None:
    assert fraction(value) == exact


@given(pairs=st.lists(st.tuples(DECIMALS, DECIMALS), min_size=1, max_size=30))
@example(pairs=[("6", "4.2"), ("4.2", "2.94"), ("0.7", "0.49"), ("0", "0")])
def test_random_decimals_are_compared_as_fractions_are(pairs: list[tuple[str, str]]) -> None:
    before = [float(one) for one, _ in pairs]
    after = [float(other) for _, other in pairs]
    exact = [(Fraction(one), Fraction(other)) for one, other in pairs]
    at_30 = at_least_zero((7, before), (-10, after))
    assert at_30.tolist() == [10 * (b - a) >= 3 * b for b, a in exact]
    at_50 = at_least_zero((1, before), (-2, after))
    assert at_50.tolist() == [2 * (b - a) >= b for b, a in exact]
    points = at_least_zero((1, before), (-1, after), (-1, [2.0] * len(pairs)))
    assert points.tolist() == [b - a >= 2 for b, a in exact]
    assert difference(before, after).tolist() == [float(b - a) for b, a in exact]


@given(baseline=st.integers(1, 1000), percent=st.sampled_from([30, 50]))
def test_scores_that_lie_on_the_threshold(baseline: int, percent: int) -> None:
    """Baselines in tenths, and the very score at which the reduction is 30 or 50 per cent."""
    start = Fraction(baseline, 10)
    at = start * (100 - percent) / 100  # three decimals
    factors = {30: (7, -10), 50: (1, -2)}[percent]
    scores = [float(at), float(at - Fraction(1, 1000)), float(at + Fraction(1, 1000))]
    met = at_least_zero((factors[0], [float(start)] * 3), (factors[1], scores))
    assert met.tolist() == [True, True, False]
