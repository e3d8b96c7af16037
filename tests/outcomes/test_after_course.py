"""How long a response lasts: Kaplan and Meier's curve, by hand and by another library."""

import math
from typing import Any

import numpy as np
import pytest
from test_outcomes import Report, report, visit, visits

from clinicreport.outcomes.after_course import AfterCourse, product_limit

__all__ = ["report"]  # the fixture


def test_kaplan_meier_by_hand(report: Report) -> None:
    """Last treatment on day 7; baseline 10, so 7 still is 30 %.

    A loses it on day 30, B is seen last on day 35, C loses it on day 40, D is seen last on day 50.
    """
    later = {
        "A": {30: 8.0, 45: 2.0, 60: 9.0},
        "B": {35: 5.0},
        "C": {30: 7.0, 40: 7.1},
        "D": {50: 6.0},
    }
    rows = [row for patient in "ABCD" for row in visits({0: 10.0, 7: 4.0}, patient)]
    rows += [
        visit(7 + number, score, "follow-up", patient)
        for patient, scores in later.items()
        for number, score in scores.items()
    ]
    rows += [*visits({0: 10.0, 7: 9.0}, "E"), visit(50, 9.0, "follow-up", "E")]  # never responded
    found = report(rows)
    steps = found["after_course"]
    names = ("day", "at_risk", "relapsed", "censored")
    assert [tuple(step[name] for name in names) for step in steps] == [
        (30, 4, 1, 0),
        (35, 3, 0, 1),
        (40, 2, 1, 0),
        (50, 1, 0, 1),
    ]
    shares = [3 / 4, 3 / 4, 3 / 8, 3 / 8]
    assert [step["sustained"] for step in steps] == pytest.approx(shares, abs=1e-12)
    # Greenwood's sum after day 30: 1 / (4 * 3)
    reach = 1.959963984540054 * math.sqrt(1 / 12) / math.log(3 / 4)
    expected = [0.75 ** math.exp(-reach), 0.75 ** math.exp(reach)]
    assert steps[0]["sustained_ci"] == pytest.approx(expected, abs=1e-12)
    assert found["clinic"]["durability"] == {"sustained": 2, "relapsed": 2, "not-known": 0}


def test_nobody_came_back(report: Report) -> None:
    assert report(visits({0: 10.0, 7: 4.0}))["after_course"] == []


def test_no_interval_at_none_and_at_all() -> None:
    assert product_limit([], [30.0]) == (AfterCourse(30, 1, 0, 1, 1.0, None),)
    assert product_limit([30.0], []) == (AfterCourse(30, 1, 1, 0, 0.0, None),)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_that_of_scipy_stats(seed: int) -> None:
    from scipy import stats

    random = np.random.default_rng(seed)
    lost, kept = (random.integers(28, 90, random.integers(0, 30)).astype(float) for _ in range(2))
    if not len(lost) + len(kept):
        kept = np.array([30.0])
    steps = product_limit(lost.tolist(), kept.tolist())
    curve: Any = stats.ecdf(stats.CensoredData(uncensored=lost, right=kept)).sf
    assert [step.day for step in steps] == curve.quantiles.tolist()
    shares = [step.sustained for step in steps]
    assert shares == pytest.approx(curve.probabilities.tolist(), abs=1e-12)
    every = np.r_[lost, kept]
    assert [step.at_risk for step in steps] == [int((every >= step.day).sum()) for step in steps]
    ends = curve.confidence_interval(0.95, method="log-log")
    for step, low, high in zip(steps, ends.low.probabilities, ends.high.probabilities, strict=True):
        if step.sustained_ci is not None:
            assert step.sustained_ci == pytest.approx((low, high), abs=1e-12)
