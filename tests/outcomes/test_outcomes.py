"""Outcomes of courses and figures of the clinic: the worked values, and figures worked by hand."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from helpers import TODAY, book_of, log_rows, register_rows, sheet_of

from clinicreport import path
from clinicreport.ground.period import parse_period
from clinicreport.outcomes.analysis import Analysis
from clinicreport.protocol import in_force
from clinicreport.protocol.in_force import Protocol
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

DAY_0 = dt.date(2026, 3, 2)
Report = Callable[..., dict[str, Any]]
Row = dict[str, Any]


def day(number: int) -> dt.date:
    return DAY_0 + dt.timedelta(days=number)


def visit(
    number: int,
    before: float | None = None,
    kind: str = "treatment",
    patient: str = "P-1",
    **more: Any,
) -> Row:
    return {
        "patient_id": patient,
        "date": day(number),
        "visit_type": kind,
        "nrs_before": before,
        **more,
    }


def visits(scores: dict[int, float | None], patient: str = "P-1", **more: Any) -> list[Row]:
    """Treatments of one patient by day."""
    return [visit(number, score, patient=patient, **more) for number, score in scores.items()]


@pytest.fixture
def report(from_books: Any) -> Report:
    """The JSON object of the report on some visits."""

    def run(
        rows: Sequence[Row],
        register: dict[str, Row] | None = None,
        columns: Sequence[str] = (),
        **more: Any,
    ) -> dict[str, Any]:
        fields = list(dict.fromkeys([*(key for row in rows for key in row), *columns]))
        sheets = [sheet_of(log_rows(rows, fields))]
        if register:
            sheets.append(sheet_of(register_rows(register), "Patients"))
        result: dict[str, Any] = from_books(book_of(*sheets), **more)
        return result

    return run


@pytest.fixture
def course(report: Report) -> Report:
    """The only course of some visits."""

    def run(rows: Sequence[Row], **more: Any) -> dict[str, Any]:
        (found,) = report(rows, **more)["courses"]
        result: dict[str, Any] = found
        return result

    return run


# ------------------------------------------------------------------ worked values

WORKED = [
    # before, after, reduction, per cent, 30 %, 50 %, 2 points, response
    (6.9, 3.0, 3.9, 56.52173913043478, True, True, True, "substantial"),
    (7.4, 6.0, 1.4, 18.91891891891892, False, False, False, "little-or-none"),
    (10.0, 7.0, 3.0, 30.0, True, False, True, "moderate"),
    (7.0, 5.0, 2.0, 28.571428571428573, False, False, True, "little-or-none"),
    (1.0, 3.0, -2.0, -200.0, False, False, False, "worse"),
    (6.0, 4.2, 1.8, 30.0, True, False, False, "moderate"),
    (6.0, 4.3, 1.7, 28.333333333333332, False, False, False, "little-or-none"),
    (5.1, 3.1, 2.0, 39.21568627450981, True, False, True, "moderate"),
    (5.1, 3.2, 1.9, 37.254901960784316, True, False, False, "moderate"),
    (8.0, 4.0, 4.0, 50.0, True, True, True, "substantial"),
    (8.0, 4.1, 3.9, 48.75, True, False, True, "moderate"),
    (5.0, 5.0, 0.0, 0.0, False, False, False, "little-or-none"),
    (4.0, 0.0, 4.0, 100.0, True, True, True, "substantial"),
    (3.1, 5.1, -2.0, -64.51612903225806, False, False, False, "worse"),
    (3.2, 5.1, -1.9, -59.375, False, False, False, "little-or-none"),
]


@pytest.mark.parametrize(
    ("before", "after", "reduction", "percent", "at_30", "at_50", "mcid", "response"), WORKED
)
def test_worked_values(
    course: Report,
    before: float,
    after: float,
    reduction: float,
    percent: float,
    at_30: bool,
    at_50: bool,
    mcid: bool,
    response: str,
) -> None:
    found = course(visits({0: before, 7: after}))
    assert (found["baseline"], found["latest"], found["reduction"]) == (before, after, reduction)
    assert found["percent_reduction"] == pytest.approx(percent, abs=1e-9)
    assert (found["responder_30"], found["responder_50"], found["mcid"]) == (at_30, at_50, mcid)
    assert (found["response"], found["not_evaluable"]) == (response, None)
    assert found["low_baseline"] is (before < 4)


def test_a_baseline_of_zero_has_a_reduction_and_no_response(course: Report) -> None:
    found = course(visits({0: 0.0, 7: 3.0}))
    assert (found["not_evaluable"], found["response"]) == ("zero-baseline", "not-evaluable")
    assert (found["reduction"], found["percent_reduction"]) == (-3.0, None)
    assert (found["responder_30"], found["responder_50"], found["mcid"]) == (None, None, None)
    assert (found["low_baseline"], found["durability"]) == (True, "not-applicable")


def test_blanks_are_skipped_for_the_latest_score(course: Report) -> None:
    found = course(visits({0: 5.0, 2: None, 4: 4.0, 7: None}))
    assert (found["baseline"], found["latest"]) == (5, 4)


def test_a_later_score_never_stands_in_for_the_baseline(course: Report) -> None:
    found = course(visits({0: None, 2: 5.0, 4: 3.0}))
    assert (found["not_evaluable"], found["baseline"], found["latest"]) == ("no-baseline", None, 3)
    assert (found["reduction"], found["low_baseline"]) == (None, None)


def test_nor_does_another_score_of_day_0(course: Report) -> None:
    rows = [
        visit(0, None, start_time=dt.time(9)),
        visit(0, 5.0, start_time=dt.time(15)),
        visit(2, 4.0),
    ]
    assert course(rows)["not_evaluable"] == "no-baseline"


def test_the_first_treatment_of_day_0_is_the_earliest_by_time(course: Report) -> None:
    rows = [
        visit(0, 5.0),
        visit(0, 6.0, start_time=dt.time(15)),
        visit(0, 7.0, start_time=dt.time(9)),
        visit(2, 4.0),
    ]
    assert course(rows)["baseline"] == 7


def test_the_last_screening_stands_in_for_the_baseline(course: Report) -> None:
    rows = [
        visit(-14, 9.0, "screening"),
        visit(-3, 8.0, "screening"),
        visit(-1, None, "screening"),
        *visits({0: None, 4: 3.0}),
    ]
    assert course(rows)["baseline"] == 8


def test_a_screening_too_long_before_belongs_to_no_course(course: Report) -> None:
    assert course([visit(-15, 9.0, "screening"), *visits({0: None, 4: 3.0})])["baseline"] is None
    assert course([visit(-14, 9.0, "screening"), *visits({0: None, 4: 3.0})])["baseline"] == 9


def test_a_score_on_the_first_treatment_holds_before_the_screening(course: Report) -> None:
    assert course([visit(-3, 8.0, "screening"), *visits({0: 6.0, 4: 3.0})])["baseline"] == 6


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([visit(0, None)], "no-baseline"),
        ([visit(0, 0.0)], "zero-baseline"),
        ([visit(0, 5.0)], "single-day"),
        ([visit(0, 5.0), visit(0, 4.0)], "single-day"),
        ([visit(0, 5.0), visit(3, 4.0, "not-attended")], "single-day"),
        ([visit(0, 5.0), visit(3, None)], "no-later-score"),
        ([visit(0, 5.0), visit(28, 4.0, "follow-up")], "no-later-score"),
        ([visit(0, 5.0), visit(27, 4.0, "follow-up")], None),
    ],
)
def test_the_one_reason_for_not_evaluable(
    report: Report, rows: list[Row], reason: str | None
) -> None:
    found = report(rows)
    assert found["courses"][0]["not_evaluable"] == reason
    counts = {"no-baseline": 0, "zero-baseline": 0, "single-day": 0, "no-later-score": 0}
    assert found["clinic"]["not_evaluable"] == counts | ({reason: 1} if reason else {})
    assert (found["clinic"]["started"], found["clinic"]["evaluable"]) == (1, 0 if reason else 1)


# ------------------------------------------------------------------ within a course


def test_adherence_of_the_worked_example(course: Report) -> None:
    found = course(visits(dict.fromkeys([0, 2, 4, 7, 9, 11, 14], 5.0)))
    assert (found["weeks_judged"], found["adherence"], found["weeks_attended"]) == (2, 1.0, 3)
    assert (found["status"], found["sessions"], found["treatment_days"]) == ("completed", 7, 7)


def test_a_week_outside_the_band(course: Report) -> None:
    found = course(visits(dict.fromkeys([0, 1, 2, 3, 4, 5, 7, 9, 14], 5.0)))
    assert (found["weeks_judged"], found["adherence"]) == (
        2,
        0.5,
    )  # six days may be in week 0, two not in week 1


def test_no_adherence_before_a_week_is_over(course: Report) -> None:
    found = course(visits(dict.fromkeys([0, 2, 5], 5.0)))
    assert (found["weeks_judged"], found["adherence"]) == (0, None)
    assert course(visits(dict.fromkeys([0, 2, 6], 5.0)))["adherence"] == 1.0


def test_two_sessions_on_one_day_are_one_treatment_day(course: Report) -> None:
    found = course([visit(0, 5.0), visit(0, 4.0), visit(2, 3.0)])
    assert (found["sessions"], found["treatment_days"]) == (3, 2)


@pytest.mark.parametrize(
    ("days", "last_seen", "status"),
    [
        ([0, 2], 30, "in-progress"),
        ([0, 2], 31, "dropout"),
        ([0, 7, 14], 90, "completed"),
        ([0, 7], 20, "in-progress"),
    ],
)
def test_status(report: Report, days: list[int], last_seen: int, status: str) -> None:
    others = [visit(last_seen, 5.0, patient="P-2")]  # the as-of day
    found = report([*visits(dict.fromkeys(days, 5.0)), *others])
    assert found["courses"][0]["status"] == status


@pytest.mark.parametrize(
    ("discharged", "status"),
    [(0, "completed"), (40, "completed"), (-1, "dropout"), (41, "dropout")],
)
def test_a_discharge_counts_for_the_course_it_falls_in(
    report: Report, discharged: int, status: str
) -> None:
    rows = [*visits({0: 5.0, 2: 4.0}), visit(40, 5.0, patient="P-2")]
    found = report(rows, {"P-1": {"discharged": day(discharged)}})
    assert found["courses"][0]["status"] == status


def test_time_to_response(course: Report) -> None:
    found = course(visits({0: 8.0, 2: 5.6, 4: 6.0, 7: 4.0}))
    assert (found["days_to_30"], found["days_to_50"]) == (2, 7)
    assert course(visits({0: 8.0, 2: 7.0}))["days_to_30"] is None


def test_the_next_patients_score_is_no_time_to_response(report: Report) -> None:
    found = report([*visits({0: 8.0, 2: 4.0}, "A"), *visits({0: 8.0, 2: 8.0}, "B")])["courses"]
    assert [c["days_to_30"] for c in found] == [2, None]


def test_a_second_score_of_day_0_is_no_response(course: Report) -> None:
    assert course([visit(0, 8.0), visit(0, 2.0), visit(2, 4.0)])["days_to_50"] == 2


def test_immediate_relief_is_over_sessions_with_both_scores(course: Report) -> None:
    rows = [
        visit(0, 8.0, nrs_after=6.0),
        visit(2, 7.0, nrs_after=None),
        visit(4, None, nrs_after=3.0),
        visit(7, 6.0, nrs_after=5.0),
    ]
    assert course(rows)["immediate_relief"] == 1.5
    assert course(visits({0: 8.0, 2: 4.0}), columns=["nrs_after"])["immediate_relief"] is None


@pytest.mark.parametrize(
    ("follow_ups", "durability", "days"),
    [
        ({}, "not-known", None),
        ({27: 1.0}, "not-known", None),
        ({28: 5.6}, "sustained", 28),
        ({28: 5.6, 90: 5.0}, "sustained", 90),
        ({28: 5.7, 90: 5.0}, "relapsed", 90),
        ({28: 5.0, 90: 9.0}, "relapsed", 90),
        ({28: None}, "not-known", None),
    ],
)
def test_durability(
    course: Report, follow_ups: dict[int, float | None], durability: str, days: int | None
) -> None:
    """Days after the last treatment, which is on day 14; the baseline is 8, so 5.6 is 30 %."""
    later = [visit(14 + number, score, "follow-up") for number, score in follow_ups.items()]
    found = course([*visits({0: 8.0, 14: 4.0}), *later])
    assert (found["durability"], found["follow_up_days"]) == (durability, days)


def test_durability_of_those_who_did_not_respond(course: Report) -> None:
    found = course([*visits({0: 8.0, 14: 7.0}), visit(50, 2.0, "follow-up")])
    assert (found["durability"], found["follow_up_days"]) == ("not-applicable", 36)


@pytest.mark.parametrize(("pause", "courses"), [(60, 1), (61, 2)])
def test_a_long_pause_starts_a_course(report: Report, pause: int, courses: int) -> None:
    found = report(visits({0: 8.0, 2: 6.0, 2 + pause: 7.0, 4 + pause: 3.0}))
    assert [c["course"] for c in found["courses"]] == list(range(1, courses + 1))
    assert found["clinic"]["started"] == 1
    assert found["clinic"]["mean_baseline"] == (8 if courses == 1 else 7)


def test_labels_decide_where_both_rows_have_one(report: Report) -> None:
    rows = [
        visit(0, 8.0, course_id="A"),
        visit(200, 6.0, course_id="A"),
        visit(202, 7.0, course_id="B"),
        visit(204, 6.0, course_id=None),
        visit(266, 5.0, course_id=None),
    ]
    found = report(rows)
    assert [(c["course"], c["sessions"], c["day_0"]) for c in found["courses"]] == [
        (1, 2, day(0).isoformat()),
        (2, 2, day(202).isoformat()),
        (3, 1, day(266).isoformat()),
    ]


# ------------------------------------------------------------------ the clinic


def clinic_of_four() -> list[Row]:
    """Baselines 8, 6, 4, 7; latest 4, 5, 4, 2; one more without a later score."""
    return [
        *visits({0: 8.0, 7: 4.0}, "A"),
        *visits({0: 6.0, 7: 5.0}, "B"),
        *visits({0: 4.0, 7: 4.0}, "C"),
        *visits({0: 7.0, 7: 2.0}, "D"),
        *visits({0: 9.0}, "E"),
    ]


def test_headline_figures_by_hand(report: Report) -> None:
    clinic = report(clinic_of_four())["clinic"]
    assert (clinic["started"], clinic["evaluable"], clinic["not_evaluable"]["single-day"]) == (
        5,
        4,
        1,
    )
    assert (clinic["mean_baseline"], clinic["mean_latest"], clinic["mean_reduction"]) == (
        6.25,
        3.75,
        2.5,
    )
    # reductions 4, 1, 0, 5: SD sqrt(17/3); t(0.975; 3) = 3.182446305284263
    half = 3.182446305284263 * (17 / 3) ** 0.5 / 2
    assert clinic["mean_reduction_ci"] == pytest.approx([2.5 - half, 2.5 + half], abs=1e-9)
    # per cent: 50, 16.67, 0, 71.43
    assert clinic["median_percent_reduction"] == pytest.approx((50 + 100 / 6) / 2, abs=1e-9)
    assert clinic["ratio_of_means"] == pytest.approx(40.0, abs=1e-9)
    # baselines 8, 6, 4, 7: SD sqrt(35/12); J = 1 - 3/11
    assert clinic["standardised_mean_change"] == pytest.approx(
        2.5 / (35 / 12) ** 0.5 * 8 / 11, abs=1e-9
    )
    at_30 = clinic["responder_30"]
    assert (at_30["count"], at_30["observed"], at_30["all_started"]) == (2, 0.5, 0.4)
    assert [round(100 * end, 1) for end in at_30["observed_ci"]] == [15.0, 85.0]
    assert [round(100 * end, 1) for end in at_30["all_started_ci"]] == [11.8, 76.9]


def test_nothing_is_computed_from_an_empty_group(report: Report) -> None:
    clinic = report(visits({0: 9.0}))["clinic"]
    for name in (
        "mean_baseline",
        "mean_latest",
        "mean_reduction",
        "mean_reduction_ci",
        "ratio_of_means",
        "median_percent_reduction",
        "standardised_mean_change",
        "adherence",
        "dropout_rate",
        "median_percent_reduction_ci",
        "standardised_mean_change_ci",
        "dropout_rate_ci",
        "before_treatment",
    ):
        assert clinic[name] is None, name
    assert clinic["responder_30"] == {
        "count": 0,
        "observed": None,
        "observed_ci": None,
        "all_started": 0.0,
        "all_started_ci": pytest.approx([0, 0.7934506856227626], abs=1e-9),
        "confirmed": 0,
        "confirmed_observed": None,
        "confirmed_observed_ci": None,
        "best_case": 1.0,
    }
    assert clinic["worse"] == {"count": 0, "observed": None, "observed_ci": None}


def test_adverse_events_are_out_of_the_sessions_with_the_field_completed(report: Report) -> None:
    rows = [
        visit(0, 5.0, adverse_event="none"),
        visit(1, 5.0, adverse_event="redness"),
        visit(2, 5.0, adverse_event=None),
        visit(3, 5.0, adverse_event="n/a"),
        visit(4, 5.0, adverse_event="itching"),
        visit(5, 5.0, "follow-up", adverse_event="rash"),
    ]
    events = report(rows)["clinic"]["adverse_events"]
    assert (events["sessions_with_event"], events["sessions_completed"], events["patients"]) == (
        2,
        3,
        1,
    )
    assert events["per_100"] == pytest.approx(200 / 3, abs=1e-9)
    assert events["upper_bound_per_100"] is None


def test_no_adverse_event_has_an_upper_bound(report: Report) -> None:
    rows = visits(dict.fromkeys(range(10), 5.0), adverse_event="none")
    events = report(rows)["clinic"]["adverse_events"]
    assert (events["sessions_with_event"], events["per_100"]) == (0, 0)
    assert events["upper_bound_per_100"] == pytest.approx(100 * (1 - 0.05**0.1), abs=1e-9)
    assert report(visits({0: 5.0}))["clinic"]["adverse_events"]["per_100"] is None


def test_sessions_and_events_of_all_courses_count_the_rest_is_of_the_latest(report: Report) -> None:
    rows = visits({0: 8.0, 2: 8.0}, adverse_event="redness") + visits(
        {100: 6.0, 102: 3.0}, adverse_event="none"
    )
    clinic = report(rows)["clinic"]
    assert (clinic["sessions"], clinic["adverse_events"]["sessions_with_event"]) == (4, 2)
    assert (clinic["started"], clinic["mean_baseline"]) == (1, 6)


def test_completeness_is_filled_over_expected(report: Report) -> None:
    rows = [
        visit(0, 5.0, duration=10.0, eye_protection="yes"),
        visit(2, None, duration=None, eye_protection="?"),
        visit(40, None, "follow-up", duration=None, eye_protection=None),
    ]
    assert report(rows)["clinic"]["completeness"] == {
        "nrs_before": pytest.approx(1 / 3),
        "nrs_after": None,
        "duration": 0.5,
        "adverse_event": None,
        "eye_protection": 0.5,
        "safe_distance": None,
        "skin_clean": None,
        "baseline_and_latest": 0.0,
    }


def test_dropout_rate_is_over_those_whose_course_is_over(report: Report) -> None:
    rows = [
        *visits({0: 5.0, 2: 5.0}, "A"),
        *visits({0: 5.0, 7: 5.0, 14: 5.0}, "B"),
        *visits({50: 5.0}, "C"),
    ]
    clinic = report(rows)["clinic"]
    assert clinic["dropout_rate"] == 0.5
    assert (clinic["dropouts"], clinic["completed"], clinic["in_progress"]) == (1, 1, 1)


def test_a_period_keeps_the_whole_history_of_its_courses(report: Report) -> None:
    rows = [
        *visits({0: 8.0, 33: 4.0, 70: 2.0}, "A"),
        *visits({0: 6.0, 2: 3.0}, "B"),
    ]  # day 33 is 4 April
    found = report(rows, period=parse_period("2026-04"))
    assert (found["as_of"], found["period"]) == ("2026-04-30", "2026-04")
    assert [(c["patient"], c["day_0"], c["latest"], c["sessions"]) for c in found["courses"]] == [
        ("A", "2026-03-02", 4, 2)
    ]
    assert (found["clinic"]["started"], found["clinic"]["sessions"]) == (1, 2)
    assert found["inputs"][0]["used"] == 5  # rows after the as-of day are used rows


# ------------------------------------------------------------------ figures over time


def test_by_week_of_course(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        *visits({0: 8.0, 2: 6.0, 4: 5.0, 9: 4.0}, "A", condition="Chronic low back pain"),
        *visits({0: 6.0, 1: 5.0, 16: 3.0}, "B", condition="Menstrual pain"),
        *visits({0: 9.0}, "C"),
    ]
    found = list(analysed(rows, monkeypatch).by_week.rows())
    table = {(row["group"], row["week"]): (row["n"], row["mean"]) for row in found}
    assert table == {
        ("attending", 0): (2, 7.0),  # baselines 8 and 6; C is not evaluable
        ("attending", 1): (2, 5.25),  # week without the baseline score: 5.5 and 5
        ("attending", 2): (1, 4.0),
        ("attending", 3): (1, 3.0),
        ("reference", 0): (1, 8.0),
        ("reference", 1): (1, 5.5),
        ("reference", 2): (1, 4.0),
    }
    start, week_1 = found[:2]
    half = 12.706204736432095  # t(0.975; 1); SD sqrt(2), over sqrt(2)
    assert ends(start) == pytest.approx((7 - half, 7 + half))
    assert ends(week_1) == pytest.approx((5.25 - half / 4, 5.25 + half / 4))


def ends(week: Row) -> tuple[float, float]:
    return week["low"], week["high"]


def test_the_same_patients_have_a_score_in_each_of_the_first_three_weeks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        *visits({0: 8.0, 6: 6.0, 7: 5.0, 20: 4.0, 21: 1.0}, "A"),
        *visits({0: 6.0, 2: 5.0, 16: 3.0}, "B"),  # none in the second week
        *visits({0: 6.0, 7: 5.0, 14: 3.0}, "C"),  # the baseline itself does not count
        *visits({0: 5.0, 2: None, 7: 5.0, 14: 3.0}, "D"),
    ]
    found = analysed(rows, monkeypatch).by_week.rows()
    table = {row["week"]: (row["n"], row["mean"]) for row in found if row["group"] == "same"}
    assert table == {0: (1, 8.0), 1: (1, 6.0), 2: (1, 5.0), 3: (1, 4.0), 4: (1, 1.0)}


def test_by_week_has_an_interval_from_five_patients_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        row
        for number, patient in enumerate("ABCDE")
        for row in visits({0: 4.0 + number, 2: 3.0}, patient)
    ]
    start, week_1, *others = analysed(rows, monkeypatch).by_week.rows()
    assert not [row for row in others if row["group"] == "attending"]
    # 4 to 8: mean 6, SD sqrt(2.5); t(0.975; 4) = 2.7764451051977987
    half = 2.7764451051977987 * (2.5 / 5) ** 0.5
    assert (start["n"], ends(start)) == (5, pytest.approx((6 - half, 6 + half)))
    assert (week_1["n"], week_1["mean"]) == (5, 3.0)
    assert math.isnan(week_1["low"])  # all alike


def analysed(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch, own: Protocol | None = None
) -> Analysis:
    """The analysis of some visits."""

    class Books(list[Any]):
        skipped = ()

    fields = list(dict.fromkeys(key for row in rows for key in row))
    monkeypatch.setattr("clinicreport.reading.files.expand", lambda paths: paths)
    monkeypatch.setattr(
        "clinicreport.reading.files.read_books",
        lambda *_a, **_k: Books([book_of(sheet_of(log_rows(rows, fields)))]),
    )
    return path.report(["log.xlsx"], Request(own or in_force.load(), Config(), TODAY)).analysis


def test_the_clinics_own_protocol_changes_the_conventions_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = in_force.load()
    own = usual.model_copy(update={"course": usual.course.model_copy(update={"complete_weeks": 2})})
    rows = visits({0: 5.0, 7: 5.0}) + visits({90: 5.0}, "P-2")
    assert analysed(rows, monkeypatch).courses["status"].tolist() == ["dropout", "in-progress"]
    assert analysed(rows, monkeypatch, own).courses["status"].tolist() == [
        "completed",
        "in-progress",
    ]
