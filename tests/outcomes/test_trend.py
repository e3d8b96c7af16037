"""The trend: each month is what its own report says; limits and signals by hand."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
import report_data as data
from conftest import Cli
from test_outcomes import Report, report, visit, visits

from clinicreport.ground.period import parse_period
from clinicreport.outcomes.figures import MonthFigures, TrendLimits
from clinicreport.outcomes.trend import signals, trend_limits, with_signals

__all__ = ["report"]  # the fixture
SAMPLES = Path(__file__).parents[2] / "samples" / "three-months"
VALUES = ("n", "mean_reduction", "responder_30")
Row = dict[str, object]


def told(found: dict[str, object]) -> dict[str, tuple[object, ...]]:
    trend = found["clinic"]["trend"]  # type: ignore[index]
    return {entry["month"]: tuple(entry[name] for name in VALUES) for entry in trend}


def test_a_returning_patient_counts_in_each_month(report: Report) -> None:
    rows = [
        *visits({0: 8.0, 28: 4.0, 31: 2.0}, "A"),  # day 28 is 30 March, 31 and 33 lie in April
        *visits({0: 6.0, 33: 5.0}, "B"),
    ]
    assert told(report(rows)) == {"2026-03": (1, 4.0, 1.0), "2026-04": (2, 3.5, 0.5)}


def test_a_month_without_a_value_is_a_gap(report: Report) -> None:
    rows = [*visits({0: 8.0, 7: 4.0}, "A"), *visits({80: 8.0}, "B"), *visits({120: 4.0}, "C")]
    assert told(report(rows)) == {
        "2026-03": (1, 4.0, 1.0),
        "2026-04": (0, None, None),
        "2026-05": (0, None, None),
        "2026-06": (0, None, None),
    }
    assert report([])["clinic"]["trend"] == []


def test_a_month_knows_nothing_of_what_came_later(report: Report) -> None:
    rows = [
        visit(20, 9.0, "screening", "A"),  # 22 March, of the course that begins in April
        *visits({31: None, 33: 3.0}, "A"),
        *visits({0: 8.0, 2: None, 36: 1.0}, "B"),  # in March nobody knows B's later score
        visit(-1, 9.0, "screening", "C"),  # 1 March
        *visits({0: 8.0, 2: 4.0}, "C"),
        visit(29, 6.0, "follow-up", "C"),  # 31 March, 27 days later: the latest score of March
        *visits({34: 5.0}, "C"),  # and with this treatment it still is one of the course
    ]
    found = told(report(rows))
    assert found == {"2026-03": (1, 2.0, 0.0), "2026-04": (3, (6 + 7 + 3) / 3, 1.0)}


def test_a_period_has_the_months_before_it_too(report: Report) -> None:
    rows = [*visits({0: 8.0, 28: 4.0, 31: 2.0}, "A"), *visits({0: 6.0, 70: 5.0, 72: 1.0}, "B")]
    found = report(rows, period=parse_period("2026-04"))
    assert told(found) == {"2026-03": (1, 4.0, 1.0), "2026-04": (1, 6.0, 1.0)}
    part = report(rows, period=parse_period("2026-05-01..2026-05-12"))  # day 72 is 13 May
    assert told(part)["2026-05"] == (1, 4.0, 1.0)  # what May's own report says
    assert part["clinic"]["evaluable"] == 0


def test_the_trend_is_that_of_separate_runs(cli: Cli) -> None:
    whole = json.loads(cli("report", SAMPLES, "--json", "--dry-run").stdout)["clinic"]["trend"]
    assert len(whole) == 3
    for entry in whole:
        own = json.loads(
            cli("report", SAMPLES, "--json", "--dry-run", "--period", entry["month"]).stdout
        )["clinic"]
        assert entry["n"] == own["evaluable"]
        assert entry["mean_reduction"] == pytest.approx(own["mean_reduction"], abs=1e-9)
        assert entry["responder_30"] == pytest.approx(own["responder_30"]["observed"], abs=1e-9)
        assert own["trend"][-1] == entry


# ------------------------------------------------------------------ limits


def months(values: list[float | None], n: int = 10, first: int = 0) -> list[MonthFigures]:
    return [
        MonthFigures(
            f"{2024 + at // 12}-{at % 12 + 1:02d}", n if value is not None else 0, value, 0.5
        )
        for at, value in enumerate(values, first)
    ]


def test_xmr_limits_by_hand() -> None:
    values: list[float | None] = [2.0, 3.0, 1.0, 2.0] * 3  # moving ranges 1, 2, 1, 0, 1, 2, …
    (limits,) = trend_limits(months(values))
    reach = 2.66 * (1 + 2 + 1 + 0 + 1 + 2 + 1 + 0 + 1 + 2 + 1) / 11
    assert (limits.mean, limits.low, limits.high) == pytest.approx((2, 2 - reach, 2 + reach))
    assert (limits.first, limits.last) == ("2024-01", "2024-12")
    assert trend_limits(months(values[:11])) == ()
    assert trend_limits([]) == ()


def test_a_month_of_few_patients_enters_no_limit_and_is_no_signal() -> None:
    usual = months([2.0, 3.0, 1.0, 2.0] * 3)
    few = months([9.0], 9, first=12)
    gap = months([None], first=13)
    later = months([2.0], first=14)  # the neighbour of the last judged one
    every = [*usual, *few, *gap, *later]
    (limits,) = trend_limits(every)
    expected = months([*[2.0, 3.0, 1.0, 2.0] * 3, 2.0])
    (same,) = trend_limits(expected)
    assert (limits.mean, limits.low, limits.high) == (same.mean, same.low, same.high)
    assert [entry.signal for entry in with_signals(every, [limits])] == [None] * 15


def test_limits_begin_anew_where_the_clinic_says() -> None:
    every = months([2.0, 3.0] * 6 + [5.0, 6.0] * 6)
    before, after = trend_limits(every, [dt.date(2025, 1, 15)])
    assert (before.last, after.first) == ("2024-12", "2025-01")
    assert (before.mean, after.mean) == (2.5, 5.5)
    (second,) = trend_limits(every, [dt.date(2024, 12, 31)])  # eleven are too few
    assert second.first == "2024-12"


LIMITS = TrendLimits("2026-01", "2026-12", mean=2.0, low=-1.0, high=5.0)  # two thirds: 0 and 4
UP, DOWN = "7 rising", "7 falling"
SIDE, NEAR = "7 on one side of the mean", "2 of 3 near a limit"


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        ([1, 3, 5.1, 1, -1.1], {2: "above the limits", 4: "below the limits"}),
        ([1, 3, 5.0, 1, -1.0], {}),  # on a limit is not beyond it
        ([3] * 6, {}),
        ([3] * 7, dict.fromkeys(range(7), SIDE)),
        ([3, 3, 3, 2, 3, 3, 3, 3], {}),  # on the mean is on neither side
        ([1, *[3] * 7, 1], dict.fromkeys(range(1, 8), SIDE)),
        ([0.5, 0.8, 1.1, 1.4, 2.2, 2.5], {}),
        ([0.5, 0.8, 1.1, 1.4, 2.2, 2.5, 2.6], dict.fromkeys(range(7), UP)),
        ([3, 2.9, 2.8, 2.4, 1.9, 1.5, 1.2], dict.fromkeys(range(7), DOWN)),
        ([0.5, 0.8, 1.1, 1.1, 2.2, 2.5, 2.6, 3], {}),  # no step is no rise
        ([4, 3, 4], {0: NEAR, 2: NEAR}),
        ([4, 4, 3], {0: NEAR, 1: NEAR}),
        ([4, 4, 1.9], {}),  # all three have to be on that side
        ([4, 1, 4], {}),
        ([4, 0, 4], {}),
        ([0, 0.5, 0], {0: NEAR, 2: NEAR}),
        ([4, 5.1, 3], {1: "above the limits"}),  # beyond is not between
        ([4, 4, 5.1], {0: NEAR, 1: NEAR, 2: "above the limits"}),
        ([3.9, 3.9, 3.9], {}),
    ],
)
def test_signals(values: list[float], marked: dict[int, str]) -> None:
    found = signals(values, LIMITS)
    assert {at: words for at, words in enumerate(found) if words} == marked


def test_no_signal_where_nothing_varies() -> None:
    flat = TrendLimits("2026-01", "2026-12", mean=2.0, low=2.0, high=2.0)
    assert signals([2.0] * 12, flat) == [""] * 12


def test_many_months_take_one_pass() -> None:
    """Thirty-six months of a clinic, each as its own run has it."""
    random = np.random.default_rng(5)
    rows = []
    for number in range(60):
        start = dt.date(2023, 11, 6) + dt.timedelta(days=int(random.integers(0, 1000)))
        for step in range(int(random.integers(1, 12))):
            day = start + dt.timedelta(days=int(step * random.integers(2, 30)))
            rows.append(data.visit(f"P-{number}", day, float(random.integers(0, 11))))
    found = data.from_rows(sorted(rows, key=lambda row: row["date"]))
    trend = found.clinic.trend
    assert len(trend) >= 30
    assert sum(entry.n for entry in trend) > 60
