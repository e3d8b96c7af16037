"""What stands beside the headline, worked by hand."""

import datetime as dt

import pytest
from test_outcomes import Report, course, report, visit, visits

from clinicreport.protocol import in_force

__all__ = ["course", "report"]  # the fixtures


# ------------------------------------------------------------------ confirmed, best, last


@pytest.mark.parametrize(
    ("scores", "at_30", "at_50", "mcid"),
    [
        ({0: 8.0, 2: 4.0}, False, False, False),  # one later score confirms nothing
        ({0: 8.0, 2: 4.0, 4: 4.0}, True, True, True),
        ({0: 8.0, 2: 5.6, 4: 4.0}, True, False, True),
        ({0: 8.0, 2: 5.7, 4: 4.0}, False, False, True),
        ({0: 8.0, 2: 4.0, 4: 6.0}, False, False, True),  # the latest is a response no more
        ({0: 8.0, 2: 4.0, 4: None, 7: 4.0}, True, True, True),  # blanks are skipped
        ({0: 6.0, 2: 4.2, 4: 4.2}, True, False, False),
    ],
)
def test_confirmed(
    course: Report, scores: dict[int, float | None], at_30: bool, at_50: bool, mcid: bool
) -> None:
    found = course(visits(scores))
    assert [found[f"confirmed_{name}"] for name in ("30", "50", "mcid")] == [at_30, at_50, mcid]


def test_two_scores_of_one_day_do_not_confirm_each_other(course: Report) -> None:
    rows = [
        visit(0, 8.0),
        visit(2, 4.0, start_time=dt.time(9)),
        visit(2, 4.0, start_time=dt.time(15)),
    ]
    assert course(rows)["confirmed_30"] is False
    assert course([*rows, visit(1, 4.0)])["confirmed_30"] is True
    assert course([visit(0, 8.0), visit(0, 4.0), visit(2, 4.0)])["confirmed_30"] is False  # day 0


def test_nobody_else_confirms_it_and_nothing_does_where_there_is_no_result(report: Report) -> None:
    rows = [*visits({0: 8.0, 2: 4.0}, "A"), *visits({0: 8.0, 2: 4.0}, "B"), *visits({0: 5.0}, "C")]
    assert [entry["confirmed_30"] for entry in report(rows)["courses"]] == [False, False, None]


def test_confirmed_counts_and_both_ends(report: Report) -> None:
    rows = [
        *visits({0: 8.0, 2: 4.0, 4: 4.0}, "A"),
        *visits({0: 8.0, 2: 4.0}, "B"),
        *visits({0: 8.0, 2: 8.0}, "C"),
        *visits({0: 8.0}, "D"),
    ]
    rate = report(rows)["clinic"]["responder_30"]
    assert (rate["count"], rate["confirmed"]) == (2, 1)
    assert (rate["all_started"], rate["observed"], rate["best_case"]) == (0.5, 2 / 3, 0.75)
    assert rate["confirmed_observed"] == pytest.approx(1 / 3)
    assert rate["confirmed_observed_ci"] == pytest.approx([0.0614919, 0.7923404], abs=1e-6)


def test_a_courses_last_score_may_be_a_follow_up(course: Report) -> None:
    rows = [
        visit(-3, 9.0, "screening"),
        *visits({0: 8.0, 7: 4.0, 9: None}),
        visit(60, 5.0, "follow-up"),
        visit(61, None, "follow-up"),
    ]
    found = course(rows)
    assert (found["latest"], found["latest_date"]) == (4.0, "2026-03-09")
    assert (found["last_score"], found["last_score_date"]) == (5.0, "2026-05-01")
    alone = course([visit(-3, 9.0, "screening"), visit(0, None)])
    assert [alone[name] for name in ("latest_date", "last_score", "last_score_date")] == [None] * 3


# ------------------------------------------------------------------ a score's own error


@pytest.mark.parametrize(
    ("condition", "mdc"),
    [
        (None, 2.8),
        ("chronic low back pain", 2.8),
        ("Neck pain", 4.0),
        ("chronic NECK pain", 4.0),
        ("Nackenschmerzen", 4.0),
        ("cervicalgia", 4.0),
        ("douleur à la nuque", 4.0),
        ("dolor de cuello", 4.0),
        ("nekpijn", 4.0),
        ("bottleneck", 2.8),
    ],
)
def test_the_minimal_detectable_change(report: Report, condition: str | None, mdc: float) -> None:
    rows = [
        row
        for patient, later in (("A", 9 - mdc), ("B", 9 - mdc + 0.1), ("C", 9.0))
        for row in visits({0: 9.0, 2: round(later, 1)}, patient, condition=condition)
    ]
    error = {"mdc": mdc, "improved": 1, "within": 2, "worse": 0}
    assert report(rows)["clinic"]["measurement_error"] == error


def test_it_is_exact_in_decimals_and_has_two_sides(report: Report) -> None:
    rows = [*visits({0: 5.1, 2: 2.3}, "A"), *visits({0: 2.3, 2: 5.1}, "B")]
    error = {"mdc": 2.8, "improved": 1, "within": 0, "worse": 1}
    assert report(rows)["clinic"]["measurement_error"] == error


def test_there_is_no_one_size_where_the_patients_differ(report: Report) -> None:
    rows = [
        *visits({0: 8.0, 2: 5.0}, "A", condition="neck pain"),
        *visits({0: 8.0, 2: 5.0}, "B", condition="knee pain"),
    ]
    error = {"mdc": None, "improved": 1, "within": 1, "worse": 0}
    assert report(rows)["clinic"]["measurement_error"] == error
    nobody = {"mdc": None, "improved": 0, "within": 0, "worse": 0}
    assert report(visits({0: 8.0}))["clinic"]["measurement_error"] == nobody


@pytest.mark.parametrize(
    ("before", "after", "important"),
    [
        (4.0, 3.0, 1),
        (4.0, 3.1, 0),
        (4.1, 3.1, 0),
        (4.1, 2.1, 1),
        (7.0, 5.0, 1),
        (7.1, 5.1, 0),
        (7.1, 4.1, 1),
        (10.0, 7.0, 1),
    ],
)
def test_what_is_important_depends_on_the_start(
    report: Report, before: float, after: float, important: int
) -> None:
    found = report(visits({0: before, 2: after}))["clinic"]["important_by_baseline"]
    assert (found["count"], found["observed"]) == (important, important)


def test_worse_has_an_interval(report: Report) -> None:
    rows = [*visits({0: 3.0, 2: 5.0}, "A"), *visits({0: 3.0, 2: 4.9}, "B")]
    worse = report(rows)["clinic"]["worse"]
    assert (worse["count"], worse["observed"]) == (1, 0.5)
    assert worse["observed_ci"] == pytest.approx([0.0945312, 0.9054688], abs=1e-6)


# ------------------------------------------------------------------ before and after


def screened(patients: int) -> list[dict[str, object]]:
    """Patients who fell by 1, 2, 3 … points from their last screening to the first treatment."""
    rows = []
    for number in range(patients):
        name = f"P-{number}"
        rows += [
            visit(-7, 1.0, "screening", name),
            visit(-2, 9.0, "screening", name),
            visit(0, 0.0, "screening", name),  # of day 0: not before it
            *visits({0: 8.0 - number}, name),
        ]
    return rows


def test_change_before_treatment(report: Report) -> None:
    assert report(screened(4))["clinic"]["before_treatment"] is None
    found = report(screened(5))["clinic"]["before_treatment"]
    assert (found["n"], found["mean"]) == (5, 3.0)
    half = 2.7764451051977987 * (2.5 / 5) ** 0.5
    assert found["mean_ci"] == pytest.approx([3 - half, 3 + half])


def test_follow_up_is_the_last_one_of_the_evaluable(report: Report) -> None:
    rows = [
        *visits({0: 8.0, 2: 4.0}, "A"),
        visit(40, 5.0, "follow-up", "A"),
        visit(60, 3.0, "follow-up", "A"),
        *visits({0: 8.0, 2: 4.0}, "B"),
        visit(60, 6.0, "follow-up", "B"),
        *visits({0: 8.0}, "C"),
        visit(60, 1.0, "follow-up", "C"),  # no later score: not evaluable
    ]
    clinic = report(rows)["clinic"]
    assert clinic["follow_up"] == {"n": 2, "mean": 4.5}
    assert clinic["durability"] == {"sustained": 1, "relapsed": 1, "not-known": 0}
    assert report(visits({0: 8.0, 2: 4.0}))["clinic"]["follow_up"] == {"n": 0, "mean": None}


def test_events_are_graded_where_it_is_written(report: Report) -> None:
    rows = [
        visit(0, 5.0, adverse_event="none", event_severity="severe"),
        visit(1, 5.0, adverse_event="redness", event_severity="mild", event_related="yes"),
        visit(2, 5.0, adverse_event="burn", event_severity="severe", stopped_for_event="yes"),
        visit(3, 5.0, adverse_event="itching", stopped_for_event="no"),
    ]
    events = report(rows)["clinic"]["adverse_events"]
    assert events["by_severity"] == {"mild": 1, "moderate": 0, "severe": 1}
    assert events["related"] == {"yes": 1, "no": 0, "unclear": 0}
    assert (events["stopped"], events["patients"]) == (1, 1)
    assert events["per_100_ci"] == pytest.approx([19.412, 99.369], abs=1e-3)
    plain = report(visits({0: 5.0}, adverse_event="redness"))["clinic"]["adverse_events"]
    assert [plain[name] for name in ("by_severity", "related", "stopped")] == [None] * 3
    assert report(visits({0: 5.0}))["clinic"]["adverse_events"]["per_100_ci"] is None


def test_the_protocol_says_how_large_an_error_is() -> None:
    outcome = in_force.load().outcome
    assert (outcome.mdc_points, outcome.mdc_of("sore neck")) == (2.8, 4.0)
    assert [(step.up_to, step.points) for step in outcome.important_by_baseline] == [
        (4, 1),
        (7, 2),
        (10, 3),
    ]
