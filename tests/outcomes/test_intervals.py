"""Intervals and effect sizes against published values and against their formulas."""

import math

import numpy as np
import pytest

from clinicreport.outcomes.intervals import (
    change_interval,
    correlation,
    exact_interval,
    mean_interval,
    median_interval,
    rate_interval,
    standardised_mean_change,
)
from clinicreport.outcomes.quantiles import median_rank


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(12, 21, 36.5, 75.5), (0, 5, 0.0, 43.4), (5, 5, 56.6, 100.0), (1, 1, 20.7, 100.0)],
)
def test_wilson(count: int, total: int, low: float, high: float) -> None:
    interval = rate_interval(count, total)
    assert interval is not None
    assert [round(100 * end, 1) for end in interval] == [low, high]


@pytest.mark.parametrize(("count", "total"), [(3, 7), (12, 21), (0, 9), (9, 9)])
def test_wilson_by_its_formula(count: int, total: int) -> None:
    z, p = 1.959963984540054, count / total
    middle, root = (
        p + z * z / (2 * total),
        z * math.sqrt(p * (1 - p) / total + z * z / (4 * total**2)),
    )
    below = 1 + z * z / total
    assert rate_interval(count, total) == pytest.approx(
        [(middle - root) / below, (middle + root) / below], abs=1e-12
    )


def test_no_rate_of_an_empty_group() -> None:
    assert rate_interval(0, 0) is None


def test_t_interval_by_hand() -> None:
    # 1, 2, 4, 5: mean 3, SD sqrt(10/3), t(0.975; 3) = 3.182446305284263
    half = 3.182446305284263 * math.sqrt(10 / 3) / 2
    assert mean_interval([1.0, 2.0, 4.0, 5.0]) == pytest.approx([3 - half, 3 + half], abs=1e-12)


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0], [0.1 + 0.2, 0.3, 0.3]])
def test_no_t_interval_where_it_would_say_nothing(values: list[float]) -> None:
    assert mean_interval(values) is None


def test_standardised_mean_change_by_hand() -> None:
    # reductions 4, 2, 3: mean 3; baselines 8, 6, 7: SD 1; J = 1 - 3 / (4 * 2 - 1)
    assert standardised_mean_change(np.array([4.0, 2, 3]), np.array([8.0, 6, 7])) == pytest.approx(
        3 * 4 / 7
    )


@pytest.mark.parametrize(
    ("reductions", "baselines"),
    [([], []), ([1.0, 2.0], [5.0, 6.0]), ([1.0, 2.0, 3.0], [6.0, 6.0, 6.0])],
)
def test_no_standardised_mean_change(reductions: list[float], baselines: list[float]) -> None:
    assert standardised_mean_change(np.array(reductions), np.array(baselines)) is None


@pytest.mark.parametrize("n", [2, 3, 5, 30, 8000])
def test_t_interval_is_that_of_scipy_stats(n: int) -> None:
    from scipy import stats

    values = np.random.default_rng(n).normal(2.0, 1.5, n)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert mean_interval(values) == pytest.approx([expected.low, expected.high], rel=0, abs=1e-9)


@pytest.mark.parametrize("total", [1, 2, 5, 21, 250, 8334])
def test_wilson_is_that_of_scipy_stats(total: int) -> None:
    from scipy import stats

    for count in {0, 1, total // 3, total - 1, total}:
        expected = stats.binomtest(count, total).proportion_ci(0.95, method="wilson")
        assert rate_interval(count, total) == pytest.approx(
            [expected.low, expected.high], rel=0, abs=1e-12
        )


@pytest.mark.parametrize(("count", "total"), [(0, 9), (2, 50), (7, 7), (40, 8334), (1, 1)])
def test_the_exact_interval_is_that_of_scipy_stats(count: int, total: int) -> None:
    from scipy import stats

    expected = stats.binomtest(count, total).proportion_ci(0.95, method="exact")
    assert exact_interval(count, total) == pytest.approx([expected.low, expected.high], abs=1e-12)
    assert exact_interval(0, 0) is None


def test_two_events_in_fifty_sessions() -> None:
    low, high = exact_interval(2, 50) or (0.0, 0.0)
    assert (round(100 * low, 1), round(100 * high, 1)) == (0.5, 13.7)


@pytest.mark.parametrize(
    ("n", "rank"), [(0, 0), (1, 0), (5, 0), (6, 1), (8, 1), (9, 2), (12, 3), (25, 8), (100, 40)]
)
def test_the_rank_of_a_medians_interval(n: int, rank: int) -> None:
    assert median_rank(n) == rank
    values = [float(value) for value in range(n, 0, -1)]
    assert median_interval(values) == ((rank, n + 1 - rank) if rank else None)


def test_the_changes_interval_by_hand() -> None:
    # d = 1, r = 0.5, n = 20: the square root of 2 * 0.5 / 20 + 1 / 40 is that of 0.075
    half = 1.959964 * math.sqrt(0.075)
    assert change_interval(1.0, 0.5, 20) == pytest.approx((1 - half, 1 + half), abs=1e-12)
    assert change_interval(1.0, 0.5, 9) is None
    assert change_interval(1.0, None, 20) is None
    assert change_interval(None, 0.5, 20) is None


def test_no_correlation_with_what_does_not_vary() -> None:
    up = np.array([1.0, 2.0, 3.0])
    assert correlation(up, up + 1) == pytest.approx(1.0)
    assert correlation(up, -up) == pytest.approx(-1.0)
    assert correlation(up, np.ones(3)) is None
    assert correlation(up[:1], up[:1]) is None
