"""How scores are taken: what the figures say of made-up therapists, and of honest ones."""

import math
from typing import Any

import numpy as np
import pytest
from rule_log import Row, check, days, other, visit
from scipy.stats import ttest_ind

from clinicreport.outcomes.analysis import evaluate
from clinicreport.outcomes.score_taking import ScoreTaking, TherapistScores, score_taking


def taken(rows: list[Row]) -> ScoreTaking:
    return score_taking(evaluate(check(rows)))


def sessions(pairs: list[tuple[Any, Any]], therapist: str | None, patient: str = "P1") -> list[Row]:
    """A session every other day with these scores before and after."""
    return [
        visit(2 * at, patient, nrs_before=before, nrs_after=after, therapist=therapist)
        for at, (before, after) in enumerate(pairs)
    ]


def one(pairs: list[tuple[Any, Any]], therapist: str | None = "KB") -> TherapistScores:
    (found,) = taken(sessions(pairs, therapist)).therapists
    return found


def honest(number: int = 60) -> list[tuple[float, float]]:
    rng = np.random.default_rng(3)
    before = rng.integers(3, 9, number)
    return [(float(b), float(b - rng.integers(-1, 4))) for b in before]


def test_always_exactly_two_less() -> None:
    found = one([(8, 6), (7, 5), (6, 4)] * 6 + [(5, 5)])
    assert (found.therapist, found.sessions, found.usual) == ("KB", 19, 2)
    assert (found.usual_count, found.unchanged, found.always) == (18, 1, True)


@pytest.mark.parametrize(
    ("pairs", "usual", "always"),
    [
        ([(8, 8), (7, 7)] * 8, 0, True),  # unchanged
        ([(5, 6), (7, 8)] * 5, -1, True),
        ([(5.1, 3.1), (8, 6)] * 6, 2, True),  # decimals as written
        ([(8, 6)] * 9, 2, False),  # too few to say
        ([(8, 6)] * 8 + [(8, 5)] * 2, 2, False),  # 80 %
    ],
)
def test_the_usual_change(pairs: list[tuple[Any, Any]], usual: float, always: bool) -> None:
    found = one(pairs)
    assert (found.usual, found.always) == (usual, always)


def test_an_honest_therapist_is_not_called_out() -> None:
    found = one(honest())
    assert not found.always
    assert found.drift is not None
    assert found.drift.interval is not None
    low, high = found.drift.interval
    assert low < 0 < high


def test_drift_is_the_change_of_the_mean_from_half_to_half() -> None:
    pairs = [(8, 7), (7, 5)] * 10 + [(8, 4), (7, 4)] * 10
    drift = one(pairs).drift
    assert drift is not None
    assert (drift.first, drift.second, drift.change) == (1.5, 3.5, 2.0)
    relief = np.array([before - after for before, after in pairs])
    exact = ttest_ind(relief[20:], relief[:20], equal_var=False).confidence_interval()
    assert drift.interval == pytest.approx((exact.low, exact.high), abs=0.01)
    assert one([(8, 6)] * 30).drift.interval is None  # type: ignore[union-attr]
    assert one([(8, 6), (7, 4)] * 9).drift is None  # 9 in a half


def test_therapists_are_told_apart_by_name_in_any_case() -> None:
    rows = [
        *sessions([(8, 6)] * 12, "KB"),
        *sessions([(8, 7)] * 12, " kb ", "P2"),
        *sessions([(8, 7)] * 11, None, "P3"),
        *sessions([(8, None)] * 11, "MS", "P4"),  # none with both
    ]
    assert {t.therapist: t.sessions for t in taken(rows).therapists} == {
        "KB": 24,
        "not recorded": 11,
    }


def test_digits() -> None:
    rows = sessions([(score, None) for score in (5, 5, 5, 5, 5, 4, 6, 8, 0, 10, 6.5)], "KB")
    digits = taken(rows).digits
    assert digits.counts == (1, 0, 0, 0, 1, 5, 1, 0, 1, 0, 1)
    assert (digits.n, digits.decimals, digits.heaped) == (11, 1, 5)
    assert digits.even == pytest.approx(3 / 8)


def test_what_stands_out_is_more_than_its_neighbours_together() -> None:
    assert taken(sessions([(score, None) for score in (4, 5, 6) * 10], "KB")).digits.heaped is None
    even = taken(sessions([(score, None) for score in (2, 4, 6, 8) * 10], "KB")).digits
    assert even.even == 1.0
    assert even.heaped == 2


def test_only_treatments_count() -> None:
    rows = [*days(0, 2, nrs_before=5), other(-3, "screening", nrs_before=9)]
    assert taken(rows).digits.counts[9] == 0


def test_courses_that_never_change() -> None:
    rows = [
        *days(0, 2, 4, 7, 9, nrs_before=5),
        *days(0, 2, 4, 7, 9, patient="P2", nrs_before=5, change={9: {"nrs_before": 4}}),
        *days(0, 2, 4, 7, patient="P3", nrs_before=5),  # four scores
    ]
    found = taken(rows)
    assert (found.steady, found.courses) == (1, 2)


def test_nothing_to_look_at() -> None:
    for rows in ([], days(0, nrs_before=None)):
        found = taken(rows)
        assert (found.digits.n, found.therapists, found.courses) == (0, (), 0)
        assert math.isnan(found.digits.even)
        assert found.digits.heaped is None
