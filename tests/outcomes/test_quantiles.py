"""The quantiles against scipy's, which the program does without."""

import numpy as np
import pytest
from scipy import special

from clinicreport.outcomes.quantiles import NORMAL, exact_ends, median_rank, student


def test_the_normal_quantile_is_scipys() -> None:
    assert special.ndtri(0.975) == NORMAL


@pytest.mark.parametrize("freedom", [*range(1, 41), 99, 398, 999, 1000, 1001, 25_000, 10**7])
def test_students_quantile_is_scipys(freedom: int) -> None:
    assert student(freedom) == pytest.approx(special.stdtrit(freedom, 0.975), rel=1e-12)


def test_students_quantile_as_tables_have_it() -> None:
    known = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
    assert {freedom: round(student(freedom), 3) for freedom in known} == known


@pytest.mark.parametrize("total", [1, 2, 3, 7, 24, 61, 400, 8334, 120_000])
def test_the_exact_ends_are_scipys(total: int) -> None:
    counts = sorted({0, 1, 2, total // 3, total // 2, total - 1, total} & set(range(total + 1)))
    for count in counts:
        low = special.betaincinv(count, total - count + 1, 0.025) if count else 0
        high = special.betaincinv(count + 1, total - count, 0.975) if count < total else 1
        assert exact_ends(count, total) == pytest.approx((low, high), rel=2e-12)


def test_the_exact_ends_of_all_or_none_by_their_formula() -> None:
    assert exact_ends(0, 9) == pytest.approx((0, 1 - 0.025 ** (1 / 9)), rel=1e-14)
    assert exact_ends(9, 9) == pytest.approx((0.025 ** (1 / 9), 1), rel=1e-14)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 6, 7, 8, 40, 41, 999, 50_001])
def test_a_medians_rank_is_where_the_binomial_sum_reaches_the_tail(n: int) -> None:
    below = special.bdtr(np.arange(n // 2 + 1, dtype=float), n, 0.5)
    assert median_rank(n) == int(np.sum(below <= 0.025))


def test_a_report_loads_no_scipy() -> None:
    """All quantiles of a clinic's own report are here; asked of a process that makes one."""
    import subprocess
    import sys

    code = (
        "import sys; from clinicreport.path import report;"
        "from clinicreport.settings.request import make_request;"
        "report(['samples/three-months'], make_request()).workbook();"
        "print('scipy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
