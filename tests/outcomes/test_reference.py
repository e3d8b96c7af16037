"""Pins the reference implementation: every number here was worked out by hand.

Days are counted from 6 January 2025; ``P`` in a comment is ``nrs_before``.
"""

import datetime as dt
from typing import Any

import pytest
import reference
from hypothesis import HealthCheck, given, settings
from reference import Finding
from strategies import FIELDS, Clinic, clinics, documented_row, empty_row, random_clinic

START = dt.date(2025, 1, 6)
ALL = set(FIELDS) - {"clinic"}
RUN_DAY = dt.date(2026, 12, 31)

Rows = list[dict[str, Any]]


def day(offset: int) -> dt.date:
    """Give the date so many days after the start."""
    return START + dt.timedelta(days=offset)


def visit(offset: int, pain: float | None = None, /, **values: Any) -> dict[str, Any]:
    """Give a blank treatment row of P1."""
    return empty_row("P1", day(offset), **({"nrs_before": pain} | values))


def screening(offset: int, pain: float | None = None, /, **values: Any) -> dict[str, Any]:
    """Give a screening row of P1."""
    return visit(offset, pain, visit_type="screening", **values)


def follow_up(offset: int, pain: float | None = None, /, **values: Any) -> dict[str, Any]:
    """Give a follow-up row of P1."""
    return visit(offset, pain, visit_type="follow-up", **values)


def quiet(offset: int, pain: float | None = 5.0, /, **values: Any) -> dict[str, Any]:
    """Give a treatment row of P1 about which no rule says anything by itself."""
    return documented_row("P1", day(offset), **({"nrs_before": pain} | values))


def result(rows: Rows, *, columns: set[str] = ALL, **options: Any) -> dict[str, Any]:
    """Compute courses and clinic."""
    register = options.pop("register", {})
    return reference.courses_and_clinic(rows, register, columns, **options)


def courses(rows: Rows, **options: Any) -> list[dict[str, Any]]:
    """Compute the courses."""
    found: list[dict[str, Any]] = result(rows, **options)["courses"]
    return found


def course(rows: Rows, **options: Any) -> dict[str, Any]:
    """Compute the only course."""
    (found,) = courses(rows, **options)
    return found


def clinic(rows: Rows, **options: Any) -> dict[str, Any]:
    """Compute the clinic figures."""
    found: dict[str, Any] = result(rows, **options)["clinic"]
    return found


def found(
    rows: Rows,
    *rules: str,
    register: dict[str, dict[str, Any]] | None = None,
    columns: set[str] = ALL,
    period: tuple[dt.date, dt.date] | None = None,
) -> list[tuple[Any, ...]]:
    """Give (row, field) of the findings of one rule, or (rule, row, field) of several or all."""
    everything = reference.findings(rows, register or {}, columns, period, RUN_DAY)
    if len(rules) == 1:
        return [(one.where, one.field) for one in everything if one.rule == rules[0]]
    return [
        (one.rule, one.where, one.field) for one in everything if not rules or one.rule in rules
    ]


def two_scores(baseline: float, latest: float) -> dict[str, Any]:
    """Give the course of two treatments, a day apart."""
    return course([visit(0, baseline), visit(1, latest)])


def many(scores: list[tuple[float | None, float | None]]) -> Rows:
    """Give one patient for each pair of scores, treated on days 0 and 1."""
    rows = []
    for number, pair in enumerate(scores):
        for offset, pain in enumerate(pair):
            rows.append(empty_row(f"Q{number}", day(offset), nrs_before=pain))
    return rows


# ------------------------------------------------------------------ worked values (section 5)


@pytest.mark.parametrize(
    ("baseline", "latest", "reduction", "percent", "r30", "r50", "mcid", "response"),
    [
        (6.9, 3.0, 3.9, 56.5, True, True, True, "substantial"),
        (7.4, 6.0, 1.4, 18.9, False, False, False, "little-or-none"),
        (10, 7, 3, 30.0, True, False, True, "moderate"),
        (7, 5, 2, 28.6, False, False, True, "little-or-none"),
        (1, 3, -2, -200.0, False, False, False, "worse"),
        # exact in decimals, where binary floats get it wrong
        (6.0, 4.2, 1.8, 30.0, True, False, False, "moderate"),
        (5.1, 3.1, 2, 39.2, True, False, True, "moderate"),
        (7.1, 4.9, 2.2, 31.0, True, False, True, "moderate"),
        (6.0, 4.3, 1.7, 28.3, False, False, False, "little-or-none"),
        (4.2, 2.1, 2.1, 50.0, True, True, True, "substantial"),
        (6.9, 4.9, 2, 29.0, False, False, True, "little-or-none"),
        (3.1, 5.1, -2, -64.5, False, False, False, "worse"),
        (3.1, 5.0, -1.9, -61.3, False, False, False, "little-or-none"),
        (1, 0.5, 0.5, 50.0, True, True, False, "substantial"),
        (4, 0, 4, 100.0, True, True, True, "substantial"),
        (5, 5, 0, 0.0, False, False, False, "little-or-none"),
        (10, 7.04, 2.96, 29.6, False, False, True, "little-or-none"),
    ],
)
def test_classes(
    baseline: float,
    latest: float,
    reduction: float,
    percent: float,
    r30: bool,
    r50: bool,
    mcid: bool,
    response: str,
) -> None:
    """Reduction, percentage and every class, of two scores."""
    one = two_scores(baseline, latest)
    assert one["reduction"] == pytest.approx(reduction, abs=1e-12)
    assert one["percent_reduction"] == pytest.approx(percent, abs=0.05)
    assert (one["responder_30"], one["responder_50"], one["mcid"]) == (r30, r50, mcid)
    assert one["response"] == response
    assert one["not_evaluable"] is None


def test_zero_baseline() -> None:
    """P 0 → 3: a reduction, but no percentage, no class and no time to a response."""
    one = two_scores(0, 3)
    assert one["not_evaluable"] == "zero-baseline"
    assert one["response"] == "not-evaluable"
    assert one["reduction"] == -3
    for field in ("percent_reduction", "responder_30", "responder_50", "mcid"):
        assert one[field] is None
    assert one["low_baseline"] is True
    still_none = two_scores(0, 0)
    assert (still_none["reduction"], still_none["days_to_30"]) == (0, None)


def test_blanks_are_skipped() -> None:
    """P 5, blank, 4, blank: B 5, L 4."""
    one = course([visit(0, 5), visit(1), visit(2, 4), visit(3)])
    assert (one["baseline"], one["latest"], one["reduction"]) == (5, 4, 1)


def test_no_baseline() -> None:
    """P blank, 5, 3 on three days, no screening."""
    one = course([visit(0), visit(1, 5), visit(2, 3)])
    assert one["not_evaluable"] == "no-baseline"
    assert (one["baseline"], one["latest"], one["reduction"]) == (None, 3, None)
    assert one["low_baseline"] is None


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(12, 21, 0.365, 0.755), (0, 5, 0, 0.434), (5, 5, 0.566, 1), (1, 1, 0.207, 1)],
)
def test_wilson(count: int, n: int, low: float, high: float) -> None:
    """The 95 % Wilson interval."""
    assert reference.wilson(count, n) == pytest.approx([low, high], abs=0.0005)
    assert reference.wilson(0, 0) is None


def test_worked_adherence() -> None:
    """Days 0, 2, 4, 7, 9, 11, 14: two weeks judged, both in the band, three attended."""
    one = course([visit(offset, 5) for offset in (0, 2, 4, 7, 9, 11, 14)])
    assert (one["adherence"], one["weeks_judged"]) == (1, 2)
    assert (one["weeks_attended"], one["status"]) == (3, "completed")
    assert (one["sessions"], one["treatment_days"]) == (7, 7)


def test_worked_doses() -> None:
    """34.7 mW/cm² for 40 min are 83.28 J/cm²; 4 for 10 min are 2.4, 5 % either way is 0.12."""

    def mismatch(irradiance: float, duration: float, fluence: float) -> bool:
        dose = {"irradiance": irradiance, "duration": duration, "fluence": fluence}
        return found([quiet(0, **dose)], "dose-mismatch") == [(0, "fluence")]

    assert not mismatch(34.7, 40, 83.3)
    assert not mismatch(34.7, 40, 79.12)  # 83.28 · 0.95 = 79.116
    assert mismatch(34.7, 40, 79.11)
    assert mismatch(4, 10, 1.6)
    assert not mismatch(4, 10, 2.52)
    assert mismatch(4, 10, 2.53)
    assert not mismatch(4, 10, 2.28)
    assert mismatch(4, 10, 2.27)
    assert mismatch(0, 10, 0.1)
    assert not mismatch(0, 10, 0)


# ------------------------------------------------------------------ courses


@pytest.mark.parametrize(
    ("labels", "offsets", "numbers"),
    [
        ((None, None), (0, 60), [2]),
        ((None, None), (0, 61), [1, 1]),
        (("A", "A"), (0, 400), [2]),
        (("A", "B"), (0, 1), [1, 1]),
        (("A", "B"), (0, 0), [1, 1]),
        ((None, "A"), (0, 60), [2]),
        ((None, "A"), (0, 61), [1, 1]),
        (("A", None), (0, 60), [2]),
        (("A", None), (0, 61), [1, 1]),
        # the last label is remembered across rows without one, and across courses
        (("A", None, "A"), (0, 1, 2), [3]),
        (("A", None, "B"), (0, 1, 2), [2, 1]),
        (("A", None, "A"), (0, 61, 200), [1, 2]),
        (("A", None, "A"), (0, 30, 300), [3]),
        (("A", "B", "A"), (0, 1, 2), [1, 1, 1]),
        ((None, None, "A"), (0, 61, 62), [1, 2]),
        # a pause is since the previous treatment, not since day 0
        ((None, None, None), (0, 40, 80), [3]),
    ],
)
def test_course_division(
    labels: tuple[str | None, ...], offsets: tuple[int, ...], numbers: list[int]
) -> None:
    """Sessions of each course, by labels and days."""
    rows = [
        visit(offset, 5, course_id=label) for offset, label in zip(offsets, labels, strict=True)
    ]
    divided = courses(rows)
    assert [one["sessions"] for one in divided] == numbers
    assert [one["course"] for one in divided] == list(range(1, len(numbers) + 1))


def test_only_treatment_rows_make_courses() -> None:
    """Labels and days of other rows neither start a course nor fill a pause."""
    rows = [
        visit(0, 5, course_id="A"),
        follow_up(30, 4, course_id="B"),
        visit(31, 4, course_id="A"),
    ]
    assert [one["sessions"] for one in courses(rows)] == [2]
    rows = [visit(0, 5), follow_up(30, 4), visit(61, 4)]
    assert [one["sessions"] for one in courses(rows)] == [1, 1]
    assert courses([screening(0, 5), follow_up(3, 4)]) == []


@pytest.mark.parametrize(
    ("offset", "baseline"), [(0, 6), (-1, 6), (-14, 6), (-15, None), (1, None)]
)
def test_screening_reach(offset: int, baseline: float | None) -> None:
    """A screening of day 0 or up to 14 days before it stands in for a missing first P."""
    one = course([screening(offset, 6), visit(0), visit(1, 3)])
    assert one["baseline"] == baseline


def test_screening_goes_to_first_course_that_begins() -> None:
    """Two courses begin within 14 days: the screening is the first one's."""
    rows = [screening(0, 8), visit(2, course_id="A"), visit(9, course_id="B"), visit(10, 1)]
    first, second = courses(rows)
    assert (first["baseline"], second["baseline"]) == (8, None)
    between = [visit(0, 7, course_id="A"), screening(3, 8), visit(9, course_id="B")]
    assert [one["baseline"] for one in courses(between)] == [7, 8]


def test_last_screening_counts() -> None:
    """The last screening P, blanks skipped; never when the first treatment has a P."""
    rows = [screening(-9, 9), screening(-3, 8), screening(-1), visit(0), visit(2, 4)]
    assert course(rows)["baseline"] == 8
    assert course([screening(-1, 9), visit(0, 5), visit(2, 4)])["baseline"] == 5


def test_second_treatment_of_day_0_never_stands_in() -> None:
    """Nor does a score after the session."""
    rows = [
        visit(0, None, start_time=dt.time(8), nrs_after=4),
        visit(0, 6, start_time=dt.time(9)),
        visit(1, 3),
    ]
    one = course(rows)
    assert (one["baseline"], one["latest"], one["not_evaluable"]) == (None, 3, "no-baseline")


def test_order_within_a_day() -> None:
    """By start time, rows without one last, then as they stand."""
    rows = [visit(0, 1), visit(0, 2, start_time=dt.time(9)), visit(0, 3, start_time=dt.time(8))]
    assert course([*rows, visit(1, 3)])["baseline"] == 3
    assert course([visit(5, 8), visit(0, 7), visit(5, 6)])["latest"] == 6
    assert course([visit(5, 8), visit(0, 7), visit(5, 6, start_time=dt.time(9))])["latest"] == 8


@pytest.mark.parametrize(
    ("offset", "latest", "durability"), [(37, 2, "not-known"), (38, 6, "sustained")]
)
def test_28_days_after_the_last_treatment(offset: int, latest: float, durability: str) -> None:
    """Day 37 is 27 days after day 10: still L. Day 38 is F."""
    one = course([visit(0, 10), visit(10, 6), follow_up(offset, 2)])
    assert (one["latest"], one["durability"]) == (latest, durability)
    assert one["follow_up_days"] == (28 if offset == 38 else None)


def test_follow_up_goes_to_the_last_course_begun() -> None:
    """Also on that course's day 0; without a course begun it belongs to none."""
    rows = [visit(0, 8), visit(7, 4), visit(100, 6), follow_up(100, 1), follow_up(99, 5)]
    first, second = courses(rows)
    assert (first["latest"], first["durability"], first["follow_up_days"]) == (4, "sustained", 92)
    assert second["not_evaluable"] == "single-day"
    before = course([follow_up(-1, 9), visit(0, 8), visit(1, 7)])
    assert (before["baseline"], before["latest"]) == (8, 7)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([visit(0, 5), visit(0, 4)], "single-day"),
        ([visit(0, 5)], "single-day"),
        ([visit(0, 5), follow_up(0, 4)], "single-day"),
        ([visit(0, 5), visit(1)], "no-later-score"),
        ([visit(0, 5), follow_up(28, 2)], "no-later-score"),
        ([visit(0, 5), follow_up(27, 2)], None),
        ([visit(0, 5), visit(1, visit_type="not-attended")], "single-day"),
        ([visit(0)], "no-baseline"),
        ([visit(0, 0)], "zero-baseline"),
    ],
)
def test_reasons(rows: Rows, reason: str | None) -> None:
    """The first reason that holds."""
    assert course(rows)["not_evaluable"] == reason


def test_immediate_relief() -> None:
    """The mean over sessions with both scores; follow-ups are no sessions."""
    rows = [
        visit(0, 5, nrs_after=3.5),
        visit(1, None, nrs_after=1),
        visit(2, 4),
        visit(3, 4, nrs_after=4.5),
        follow_up(4, 9, nrs_after=0),
    ]
    assert course(rows)["immediate_relief"] == pytest.approx(0.5)  # (1.5 - 0.5) / 2
    assert course([visit(0, 5)])["immediate_relief"] is None


# ------------------------------------------------------------------ within a course


@pytest.mark.parametrize(
    ("offsets", "adherence", "judged"),
    [
        ((0,), None, 0),
        ((0, 1, 2, 3, 4, 5), None, 0),  # day 6 is the week's last
        ((0, 1, 2, 3, 4, 5, 6), 1, 1),  # 7 in the loading week
        ((0, 6), 0, 1),
        ((0, 0, 0, 6), 0, 1),  # sessions of one day are one day
        ((0, 1, 2, 7, 8, 9, 10, 11, 13), 0.5, 2),  # six days in week 1
        ((0, 1, 2, 7, 8, 9, 11, 13), 1, 2),  # five
        ((0, 1, 2, 20), 1 / 3, 3),  # weeks of 3, 0 and 1
        ((0, 1, 2, 14), 0.5, 2),
    ],
)
def test_adherence(offsets: tuple[int, ...], adherence: float | None, judged: int) -> None:
    """Weeks in the band over weeks judged."""
    one = course([visit(offset, 5) for offset in offsets])
    assert (one["adherence"], one["weeks_judged"]) == (pytest.approx(adherence), judged)


@pytest.mark.parametrize(
    ("offsets", "as_of", "status"),
    [
        ((0, 7), 35, "in-progress"),  # 28 days
        ((0, 7), 36, "dropout"),
        ((0, 7, 14), 400, "completed"),
        ((0, 6, 20), 400, "dropout"),  # weeks 0 and 2
        ((0, 0, 0), 28, "in-progress"),
    ],
)
def test_status(offsets: tuple[int, ...], as_of: int, status: str) -> None:
    """Three weeks attended complete a course; more than 28 days away is a dropout."""
    assert course([visit(offset, 5) for offset in offsets], as_of=day(as_of))["status"] == status


def test_discharge_counts_for_the_course_it_falls_in() -> None:
    """On or after day 0, before the next day 0, not after the as-of day."""
    rows = [visit(0, 5), visit(100, 5)]

    def statuses(offset: int, as_of: int = 300) -> list[str]:
        register = {"P1": {"discharged": day(offset)}}
        return [one["status"] for one in courses(rows, register=register, as_of=day(as_of))]

    assert statuses(-1) == ["dropout", "dropout"]
    assert statuses(0) == ["completed", "dropout"]
    assert statuses(99) == ["completed", "dropout"]
    assert statuses(100) == ["dropout", "completed"]
    assert statuses(300) == ["dropout", "completed"]
    assert statuses(301) == ["dropout", "dropout"]
    # a next course that begins after the as-of day is not there
    assert statuses(99, as_of=99) == ["completed"]
    assert statuses(100, as_of=99) == ["dropout"]


def test_condition() -> None:
    """The first one in the course's rows, else the register's."""
    register = {"P1": {"condition": "menstrual"}}
    rows = [visit(0, 5), visit(1, 5, condition="postoperative"), visit(2, 5, condition="x")]
    assert course(rows, register=register)["condition"] == "postoperative"
    assert course(rows[:1], register=register)["condition"] == "menstrual"
    assert course(rows[:1])["condition"] is None
    assert course([screening(-1, condition="s"), *rows])["condition"] == "s"


def test_days_to_a_response() -> None:
    """The first later P that meets it, follow-ups included, up to L; it need not last."""
    rows = [visit(0, 10), visit(0, 1), visit(3, 8), visit(4, 7), visit(6, 9), visit(8, 5)]
    one = course(rows)
    assert (one["days_to_30"], one["days_to_50"]) == (4, 8)
    one = course([visit(0, 10), visit(3, 8), follow_up(30, 5), follow_up(31, 1)])
    assert (one["latest"], one["days_to_30"], one["days_to_50"]) == (5, 30, 30)
    one = course([visit(0, 10), visit(3, 8), follow_up(31, 1)])
    assert (one["days_to_30"], one["durability"]) == (None, "not-applicable")


@pytest.mark.parametrize(
    ("later", "durability", "follow_up_days"),
    [
        ([(28, None)], "not-known", None),
        ([(28, 4.2)], "sustained", 28),
        ([(28, 4.3)], "relapsed", 28),
        ([(28, 2), (60, 9), (90, 2)], "relapsed", 90),
        ([(28, 2), (60, 4.2), (90, None)], "sustained", 60),
        ([(26, 2)], "not-known", None),
    ],
)
def test_durability(
    later: list[tuple[int, float | None]], durability: str, follow_up_days: int | None
) -> None:
    """B 6: 4.2 is exactly 30 % below. Follow-ups are days after the last treatment (day 1)."""
    rows = [visit(0, 6), visit(1, 4), *(follow_up(1 + after, pain) for after, pain in later)]
    one = course(rows)
    assert (one["durability"], one["follow_up_days"]) == (durability, follow_up_days)


def test_follow_up_days_without_a_response() -> None:
    """They are given whenever there is an F."""
    one = course([visit(0, 6), visit(1, 6), follow_up(31, 1)])
    assert (one["durability"], one["follow_up_days"]) == ("not-applicable", 30)
    one = course([visit(0, 6), follow_up(28, 1)])
    assert (one["durability"], one["follow_up_days"]) == ("not-applicable", 28)


def test_low_baseline() -> None:
    """Under 4."""
    assert two_scores(3.9, 3)["low_baseline"] is True
    assert two_scores(4, 3)["low_baseline"] is False


# ------------------------------------------------------------------ as-of day, period, patients


def test_nothing() -> None:
    """No rows: nothing is computed."""
    empty = result([])
    assert (empty["as_of"], empty["courses"]) == (None, [])
    figures = empty["clinic"]
    assert (figures["started"], figures["evaluable"], figures["sessions"]) == (0, 0, 0)
    assert set(figures["not_evaluable"].values()) == {0}
    for field in (
        "mean_baseline",
        "mean_latest",
        "mean_reduction",
        "mean_reduction_ci",
        "median_percent_reduction",
        "ratio_of_means",
        "standardised_mean_change",
        "dropout_rate",
        "adherence",
    ):
        assert figures[field] is None
    assert figures["mcid"]["observed_ci"] is None
    assert figures["mcid"]["all_started_ci"] is None
    assert set(figures["completeness"].values()) == {None}
    assert figures["adverse_events"]["per_100"] is None
    assert result([], period=(day(0), day(9)))["as_of"] == "2025-01-15"


def test_as_of_day() -> None:
    """The latest date of any row, a missed visit's too; rows after the period do not exist."""
    rows = [visit(0, 8), visit(7, 6), visit(40, 1, visit_type="not-attended")]
    assert result(rows)["as_of"] == "2025-02-15"
    assert course(rows)["status"] == "dropout"  # 33 days after day 7
    one = course(rows, period=(day(0), day(6)))
    assert (one["last_treatment"], one["not_evaluable"]) == ("2025-01-06", "single-day")


def test_period_keeps_whole_courses() -> None:
    """A course with any row in the period, with its whole history; others leave."""
    rows = [visit(0, 8), visit(7, 6), follow_up(50, 3), visit(100, 5), visit(101, 4)]
    assert [one["course"] for one in courses(rows, period=(day(40), day(60)))] == [1]
    (one,) = courses(rows, period=(day(50), day(50)))
    assert (one["day_0"], one["baseline"], one["follow_up_days"]) == ("2025-01-06", 8, 43)
    assert courses(rows, period=(day(51), day(99))) == []
    assert [one["course"] for one in courses(rows, period=(day(101), day(150)))] == [2]
    assert len(courses(rows, period=(day(7), day(100)))) == 2


def test_screening_of_a_course_to_come_is_in_no_course() -> None:
    """Its treatment lies after the as-of day."""
    rows = [screening(0, 8), visit(5, 7), visit(6, 5)]
    assert courses(rows, period=(day(0), day(4))) == []
    assert course(rows, period=(day(0), day(5)))["baseline"] == 7


def test_missed_visits_enter_no_figure() -> None:
    """A missed visit is in no course, and a period with nothing else has no course."""
    rows = [visit(0, 8), visit(3, 1, visit_type="not-attended", adverse_event="fell"), visit(4, 7)]
    one = course(rows)
    assert (one["sessions"], one["latest"], one["days_to_30"]) == (2, 7, None)
    assert courses(rows, period=(day(1), day(3))) == []
    assert clinic(rows)["adverse_events"]["sessions_with_event"] == 0


def test_patients_are_told_apart_by_clinic() -> None:
    """Only where the log has that column; ids are trimmed, but not made alike."""
    rows = [visit(0, 8, clinic="North"), visit(1, 4, clinic="South")]
    assert len(courses(rows)) == 1
    north, south = courses(rows, columns=ALL | {"clinic"})
    assert (north["clinic"], south["clinic"]) == ("North", "South")
    assert "clinic" not in courses(rows)[0]
    ids = [empty_row(name, day(0)) for name in ("7", "007", " 7 ", "7.0")]
    assert [one["patient"] for one in courses(ids)] == ["007", "7", "7.0"]


# ------------------------------------------------------------------ the clinic


def test_means() -> None:
    """R 4, 1, 1 of B 8, 4, 6: percentages 50, 25, 16.7."""
    figures = clinic(many([(8, 4), (4, 3), (6, 5), (5, None), (None, 3), (0, 0)]))
    assert (figures["started"], figures["evaluable"]) == (6, 3)
    assert figures["not_evaluable"] == {
        "no-baseline": 1,
        "zero-baseline": 1,
        "single-day": 0,
        "no-later-score": 1,
    }
    assert (figures["mean_baseline"], figures["mean_latest"], figures["mean_reduction"]) == (
        6,
        4,
        2,
    )
    assert figures["median_percent_reduction"] == 25
    assert figures["ratio_of_means"] == pytest.approx(100 / 3)
    # SD of 4, 1, 1 is √3, its standard error 1; t(0.975, 2) = 4.302653
    assert figures["mean_reduction_ci"] == pytest.approx([-2.302653, 6.302653], abs=1e-6)
    # SD of 8, 4, 6 is 2; J = 1 - 3 / 7
    assert figures["standardised_mean_change"] == pytest.approx(4 / 7)
    # baseline and latest are known of 8-4, 4-3, 6-5 and 0-0
    assert figures["completeness"]["baseline_and_latest"] == pytest.approx(4 / 6)


def test_responder_rates() -> None:
    """One responder of 3 evaluable and 6 started; Wilson of 1/3 and 1/6."""
    rates = clinic(many([(8, 4), (4, 3), (6, 5), (5, None), (None, 3), (0, 0)]))["responder_30"]
    assert (rates["count"], rates["observed"], rates["all_started"]) == (1, 1 / 3, 1 / 6)
    assert rates["observed_ci"] == pytest.approx([0.0615, 0.7923], abs=0.0005)
    assert rates["all_started_ci"] == pytest.approx([0.0301, 0.5635], abs=0.0005)


def test_rates_differ() -> None:
    """10 → 7 is 30 %, 7 → 5 is 2 points, 2 → 1 is half, 10 → 5 is all."""
    figures = clinic(many([(10, 7), (7, 5), (2, 1), (10, 5), (5, 8)]))
    assert [figures[name]["count"] for name in ("responder_30", "responder_50", "mcid")] == [
        3,
        2,
        3,
    ]


def test_nobody_evaluable() -> None:
    """Rates over started patients are there, over evaluable ones not."""
    rates = clinic(many([(5, None), (None, 5)]))["responder_50"]
    assert (rates["count"], rates["observed"], rates["observed_ci"]) == (0, None, None)
    assert rates["all_started"] == 0
    assert rates["all_started_ci"] == pytest.approx([0, 0.6576], abs=0.0005)


def test_no_interval_of_equal_reductions() -> None:
    """6 → 4.2 and 5.1 → 3.3 are both 1.8, exactly; and one patient has no interval."""
    assert clinic(many([(6.0, 4.2), (5.1, 3.3), (2.0, 0.2)]))["mean_reduction_ci"] is None
    assert clinic(many([(6.0, 4.2)]))["mean_reduction_ci"] is None
    two = clinic(many([(6, 4), (6, 2)]))  # 2 and 4: SE 1, t(0.975, 1) = 12.7062
    assert two["mean_reduction_ci"] == pytest.approx([-9.7062, 15.7062], abs=1e-4)
    assert two["median_percent_reduction"] == 50


def test_standardised_mean_change_wants_three_and_a_spread() -> None:
    """Absent for n < 3 and for equal baselines."""
    assert clinic(many([(6, 4), (8, 2)]))["standardised_mean_change"] is None
    assert clinic(many([(6, 4), (6, 2), (6, 1)]))["standardised_mean_change"] is None


def test_latest_course_in_scope_counts() -> None:
    """Outcomes are the latest course's; sessions, events and completeness all courses'."""
    rows = [
        visit(0, 10, adverse_event="redness", duration=12),
        visit(1, 1, adverse_event="none"),
        visit(100, 6, adverse_event=None),
        visit(101, 6, adverse_event="none", duration=12),
        follow_up(102, None, adverse_event="burn"),
        screening(99, None, adverse_event="burn"),
    ]
    figures = clinic(rows)
    assert (figures["started"], figures["sessions"], figures["mean_baseline"]) == (1, 4, 6)
    assert figures["responder_30"]["count"] == 0
    events = figures["adverse_events"]
    assert (events["sessions_with_event"], events["sessions_completed"]) == (1, 3)
    assert events["per_100"] == pytest.approx(100 / 3)
    assert events["patients"] == 1
    complete = figures["completeness"]
    assert complete["nrs_before"] == 4 / 5  # with the follow-up, without the screening
    assert (complete["duration"], complete["adverse_event"]) == (2 / 4, 3 / 4)
    assert [one["adverse_events"] for one in courses(rows)] == [1, 0]
    before = clinic(rows, period=(day(0), day(50)))
    assert (before["sessions"], before["responder_30"]["count"]) == (2, 1)


def test_completeness_of_absent_columns() -> None:
    """Null where the column is not there, not 0."""
    rows = [visit(0, 5), visit(1, 4)]
    complete = clinic(rows, columns={"patient_id", "date", "nrs_before"})["completeness"]
    assert complete == {
        "nrs_before": 1,
        "nrs_after": None,
        "duration": None,
        "adverse_event": None,
        "eye_protection": None,
        "safe_distance": None,
        "skin_clean": None,
        "baseline_and_latest": 1,
    }
    assert clinic(rows)["completeness"]["eye_protection"] == 0


def test_precautions_answered_no_are_documented() -> None:
    """Blank is not no."""
    rows = [visit(0, 5, skin_clean="no"), visit(1, 5, skin_clean="yes"), visit(2, 5)]
    assert clinic(rows)["completeness"]["skin_clean"] == pytest.approx(2 / 3)


def test_dropout_rate_and_adherence() -> None:
    """One dropout, one completed, one in progress; weeks of all three are summed."""
    rows = [empty_row("A", day(offset)) for offset in (0, 1, 2, 7)]  # week 0 judged, in the band
    rows += [empty_row("B", day(offset)) for offset in (0, 7, 14)]  # two judged, none in it
    rows += [empty_row("C", day(40))]
    figures = clinic(rows, as_of=day(60))
    assert (figures["dropout_rate"], figures["adherence"]) == (0.5, 1 / 3)
    assert clinic(rows[-1:])["dropout_rate"] is None


# ------------------------------------------------------------------ findings


def test_a_quiet_course_has_no_findings() -> None:
    """Three sessions a week, all documented."""
    rows = [quiet(7 * week + offset) for week in range(3) for offset in (0, 2, 4)]
    assert found(rows) == []


def test_missing_and_decimal_scores() -> None:
    """Missing on treatments and follow-ups; decimals anywhere, both scores."""
    rows = [
        screening(-1, 5.5, contraindications="none"),
        quiet(0, None, nrs_after=5.1),
        follow_up(1),
        screening(1),
        visit(2, visit_type="not-attended"),
        quiet(3, 6.0),
    ]
    assert found(rows, "missing-score") == [(1, "nrs_before"), (2, "nrs_before")]
    assert found(rows, "score-decimal") == [(0, "nrs_before"), (1, "nrs_after")]


def test_duplicate_rows() -> None:
    """The later one; not where time and both scores are blank."""
    rows = [
        quiet(0, 5),
        quiet(0, 5),  # yes
        quiet(0, 5, start_time=dt.time(8)),
        quiet(0, 5, start_time=dt.time(8), duration=14),  # yes: other fields do not matter
        quiet(0, 5, nrs_after=4),
        quiet(1, None),
        quiet(1, None),
        quiet(2, None, start_time=dt.time(8)),
        quiet(2, None, start_time=dt.time(8)),  # yes
        follow_up(0, 5),
        documented_row("P2", day(0), nrs_before=5),
        quiet(0, 5.0),  # yes, and once only
    ]
    expected = [(row, "patient_id") for row in (1, 3, 8, 11)]
    assert found(rows, "duplicate-row") == expected


def test_similar_ids() -> None:
    """Case, spaces, leading zeros of the whole id, ".0"; once for each later id."""
    names = ["P1", "p1", "P1", "P 1", "P01", "7", "007", "07.0", "p1", "70", "P1.0", "10", "1"]
    rows = [documented_row(name, day(0)) for name in names]
    assert [where for where, _ in found(rows, "similar-patient-id")] == [1, 3, 6, 7, 10]


def test_outside_period() -> None:
    """A late entry of a course in scope, in a file most of whose rows lie in the period."""
    period = (day(5), day(9))
    rows = [quiet(0), quiet(5), quiet(6), visit(1, visit_type="not-attended")]
    assert found(rows, "outside-period", period=period) == []  # two of four are not most
    rows.append(quiet(7))
    assert found(rows, "outside-period", period=period) == [(0, "date")]
    assert found(rows, "outside-period") == []
    for row, file in zip(rows, "abbbb", strict=True):
        row["file"] = file
    assert found(rows, "outside-period", period=period) == []


@pytest.mark.parametrize(
    ("durations", "expected"),
    [
        ((9, 9, 9), [("session-too-short", 2, "duration")]),
        ((10, 15, 10, 20), []),
        ((16, 16, 16), [("ramp-up-too-long", place, "duration") for place in (0, 1)]),
        (
            (15.1, 9.9, 9.9),
            [("ramp-up-too-long", 0, "duration"), ("session-too-short", 2, "duration")],
        ),
        (
            (21, 5, 21),
            [
                ("ramp-up-too-long", 0, "duration"),
                ("session-too-long", 0, "duration"),
                ("session-too-long", 2, "duration"),
            ],
        ),
        ((None, None, 9), [("session-too-short", 2, "duration")]),
    ],
)
def test_durations(durations: tuple[float | None, ...], expected: list[Any]) -> None:
    """Days 0, 1, 2: the first two treatments are the ramp-up."""
    rows = [quiet(offset, duration=minutes) for offset, minutes in enumerate(durations)]
    assert found(rows) == expected


def test_ramp_up_starts_anew_with_each_course() -> None:
    """And two on one day count as two; a follow-up does not count."""
    rows = [quiet(0), quiet(0, 4, duration=16), quiet(0, 3, duration=16), quiet(61, duration=16)]
    rows.append(follow_up(62, 5, duration=30))
    assert found(rows, "ramp-up-too-long") == [(1, "duration"), (3, "duration")]
    assert found(rows, "session-too-long") == []


def weeks(*days: int) -> list[tuple[Any, ...]]:
    """Give the week findings of treatments on these days; rows are numbered in that order."""
    return found(
        [quiet(offset) for offset in days],
        "too-few-sessions",
        "too-many-sessions",
        "above-recommended",
        "interruption",
    )


def test_too_few_sessions() -> None:
    """Judged weeks only, at the week's first visit."""
    assert weeks(0, 5) == []  # week 0 still runs
    assert weeks(0, 6) == [("too-few-sessions", 0, "date")]
    assert weeks(0, 1, 2, 8, 12, 14) == [("too-few-sessions", 3, "date")]


def test_gap_weeks() -> None:
    """Weeks without a visit: one finding a gap, none where an interruption stands."""
    assert weeks(0, 3, 6, 14) == [("too-few-sessions", 3, "date")]  # 8 days
    assert weeks(0, 3, 6, 19) == [("too-few-sessions", 3, "date")]  # 13
    assert weeks(0, 3, 6, 20) == [  # 14; and week 2, which ends on day 20, has one day
        ("interruption", 3, "date"),
        ("too-few-sessions", 3, "date"),
    ]
    assert weeks(0, 3, 6, 35) == [("interruption", 3, "date")]
    # a row can bear both its own week's finding and the gap's
    assert weeks(0, 3, 6, 15, 21) == [("too-few-sessions", 3, "date")] * 2
    # two gaps
    assert weeks(0, 3, 6, 14, 15, 18, 28) == [
        ("too-few-sessions", 3, "date"),
        ("too-few-sessions", 6, "date"),
    ]


def test_too_many_sessions() -> None:
    """The sixth day of a week after the first; a running week counts; days, not sessions."""
    assert weeks(0, 1, 2, 3, 4, 5, 6) == []
    assert weeks(0, 1, 2, 7, 8, 9, 10, 11, 12) == [("too-many-sessions", 8, "date")]
    assert weeks(0, 1, 2, 7, 8, 9, 10, 11, 12, 13) == [("too-many-sessions", 8, "date")]
    assert weeks(0, 1, 2, 7, 8, 9, 10, 11) == [("above-recommended", 7, "date")]
    assert weeks(0, 1, 2, 7, 8, 9, 10) == []
    rows = [quiet(offset) for offset in (0, 1, 2, 7, 8, 9, 10)]
    assert found([*rows, quiet(10, 4), quiet(10, 3)], "above-recommended") == []
    rows += [quiet(11, 4), quiet(11, 3, start_time=dt.time(8))]
    assert found(rows, "above-recommended") == [(8, "date")]


def test_interruption_is_within_a_course() -> None:
    """14 days or more; not the pause that starts a course."""
    assert ("interruption", 1, "date") not in weeks(0, 13)
    assert ("interruption", 1, "date") in weeks(0, 14)
    assert ("interruption", 1, "date") in weeks(0, 60)
    assert weeks(0, 61) == []


def test_waivers() -> None:
    """They turn warnings into notes on their row, but never those of safety or data."""
    odd = {"duration": 21, "irradiance": 4, "fluence": 9, "skin_clean": "no", "waiver": "agreed"}
    rows = [quiet(0, 1), quiet(20, 5, **odd)]
    assert {
        finding.rule: finding.severity
        for finding in reference.findings(rows, {}, ALL, None, RUN_DAY)
        if finding.where == 1
    } == {
        "dose-mismatch": "note",
        "interruption": "note",
        "lotion-on-skin": "warning",
        "pain-rise": "warning",
        "ramp-up-too-long": "note",
        "session-too-long": "note",
        "too-few-sessions": "note",
    }


def test_no_response_by_week_4() -> None:
    """The last later P up to day 28, of a course with a treatment on or after day 28."""
    rule = "no-response-by-week-4"
    assert found([quiet(0, 10), quiet(20, 8), quiet(28, None)], rule) == [(1, "nrs_before")]
    assert found([quiet(0, 10), quiet(20, 8), quiet(27, None)], rule) == []
    assert found([quiet(0, 10), quiet(20, 8), quiet(28, 7)], rule) == []
    assert found([quiet(0, 10), quiet(20, 7), quiet(28, 7.1)], rule) == [(2, "nrs_before")]
    assert found([quiet(0, 10), quiet(20, 7.1), quiet(29, 1)], rule) == [(1, "nrs_before")]
    assert found([quiet(0, 10), quiet(29, 9)], rule) == []  # nothing between
    assert found([quiet(0, 0), quiet(20, 8), quiet(28, 8)], rule) == []
    assert found([quiet(0, None), quiet(20, 8), quiet(28, 8)], rule) == []
    followed = [quiet(0, 10), quiet(20, 1), follow_up(27, 9), quiet(30, 1)]
    assert found(followed, rule) == [(2, "nrs_before")]


def test_precautions() -> None:
    """No and blank differ; other visits than treatments are not looked at."""
    rows = [
        quiet(0, eye_protection="no", safe_distance="no", skin_clean="no"),
        quiet(1, eye_protection=None),
        follow_up(2, 5, eye_protection="no"),
    ]
    assert found(rows) == [
        ("lotion-on-skin", 0, "skin_clean"),
        ("no-eye-protection", 0, "eye_protection"),
        ("precaution-not-documented", 1, "eye_protection"),
        ("unsafe-distance", 0, "safe_distance"),
    ]
    assert found([quiet(0, eye_protection=None)], columns=ALL - {"eye_protection"}) == []


def test_contraindications() -> None:
    """Each cell naming one, unless cleared on that row or an earlier one of the course."""
    named = {"contraindications": "Pregnancy; photosensitive medication"}
    rows = [
        quiet(0, **named),
        quiet(1, **named, clearance="Dr A"),
        quiet(2, **named),
        quiet(70, **named),  # another course
        follow_up(71, 5, **named),
        screening(200, 5, contraindications="recent burns"),  # of no course
        visit(201, visit_type="not-attended", contraindications="HYPERTHYROIDISM"),
        quiet(300, contraindications="asthma"),
    ]
    cells = found(rows, "contraindication")
    assert cells == [(row, "contraindications") for row in (0, 3, 4, 5, 6)]
    cells = found(rows, "photosensitive-medication")
    assert cells == [(row, "contraindications") for row in (0, 3, 4)]
    cleared = {"P1": {"clearance": "Dr B"}}
    rules = ("contraindication", "photosensitive-medication")
    assert found(rows, *rules, register=cleared) == []


def test_earlier_row_is_by_time_not_by_place() -> None:
    """A clearance further down in the file but earlier in the course clears."""
    rows = [
        quiet(2, contraindications="pregnancy"),
        screening(-2, 5, clearance="Dr A", contraindications="none"),
        quiet(0),
    ]
    assert found(rows, "contraindication") == []
    rows[1]["date"] = day(-20)  # of no course
    assert found(rows, "contraindication") == [(0, "contraindications")]


def test_contraindications_in_the_register() -> None:
    """At the register's cell, of patients who came, unless everything is cleared."""
    register = {
        "P1": {"contraindications": "pregnancy"},
        "P2": {"contraindications": "pregnancy", "clearance": "Dr A"},
        "never came": {"contraindications": "pregnancy"},
    }
    rows = [quiet(0), quiet(1), documented_row("P2", day(0))]
    cell = [(("register", "P1"), "contraindications")]
    assert found(rows, "contraindication", register=register) == cell
    rows[1]["clearance"] = "Dr A"
    assert found(rows, "contraindication", register=register) == cell
    rows[0]["clearance"] = "Dr A"
    assert found(rows, "contraindication", register=register) == []
    rows[1]["clearance"] = None  # the earlier row clears it
    assert found(rows, "contraindication", register=register) == []
    rows.append(quiet(100))
    assert found(rows, "contraindication", register=register) == cell
    assert found(rows, "contraindication", register=register, period=(day(0), day(9))) == []


def test_not_screened() -> None:
    """Once a course, where the column is there and nothing is recorded by day 0."""
    rows = [quiet(0, contraindications=None), quiet(1), quiet(100, contraindications=None)]
    assert found(rows, "not-screened") == [(0, "contraindications")]
    assert found(rows, "not-screened", columns=ALL - {"contraindications"}) == []
    rows[1]["contraindications"] = None
    assert found(rows, "not-screened") == [(0, "contraindications"), (2, "contraindications")]
    assert found(rows, "not-screened", register={"P1": {"contraindications": "none"}}) == []
    register_alone: dict[str, dict[str, Any]] = {
        "P1": {"contraindications": None},
        "P2": {"contraindications": "none"},
    }
    columns = ALL - {"contraindications"}
    cells = found(rows, "not-screened", columns=columns, register=register_alone)
    assert cells == [(0, "date"), (2, "date")]
    assert found([screening(-30, 5, contraindications="asthma"), *rows], "not-screened") == []
    same_day = [quiet(0, contraindications=None), follow_up(0, 5, contraindications="none")]
    assert found(same_day, "not-screened") == []


def test_adverse_events() -> None:
    """Recorded on any row; not documented on treatments only, and only with the column."""
    rows = [
        quiet(0, adverse_event="redness"),
        quiet(1, adverse_event=None),
        follow_up(2, 5, adverse_event="burn"),
        follow_up(3, 5),
        visit(4, visit_type="not-attended", adverse_event="fell on the way"),
    ]
    cells = [(row, "adverse_event") for row in (0, 2, 4)]
    assert found(rows, "adverse-event") == cells
    assert found(rows, "adverse-event-not-documented") == [(1, "adverse_event")]
    assert found(rows[1:2], columns=ALL - {"adverse_event"}) == []


def test_pain_rise() -> None:
    """Two points above the previous P of the course, blanks skipped, screening included."""
    rows = [screening(-1, 1.1, contraindications="none"), quiet(0, 3.1), quiet(1, None)]
    rows += [quiet(2, 5.0), quiet(3, 6.9), quiet(4, 8.9), quiet(70, 10.0), quiet(71, 10.0)]
    rows += [follow_up(150, 10.0)]
    assert found(rows, "pain-rise") == [(1, "nrs_before"), (5, "nrs_before")]
    rows[-2]["nrs_before"] = 8.0
    assert found(rows, "pain-rise")[-1] == (8, "nrs_before")


def test_findings_of_a_period() -> None:
    """Rows up to the as-of day, of courses in scope; rows of no course inside the period."""
    rows = [
        quiet(0, eye_protection="no"),
        quiet(100, eye_protection="no"),
        quiet(110, eye_protection="no"),
        quiet(130, eye_protection="no"),
        visit(105, visit_type="not-attended", adverse_event="fell"),
        visit(99, visit_type="not-attended", adverse_event="fell"),
        screening(300, 5.5),
    ]
    period = (day(105), day(120))
    assert found(rows, "no-eye-protection", period=period) == [
        (1, "eye_protection"),
        (2, "eye_protection"),
    ]
    assert found(rows, "adverse-event", period=period) == [(4, "adverse_event")]
    assert found(rows, "score-decimal", period=period) == []


def test_severity() -> None:
    """A finding carries rule, place, field and severity."""
    assert reference.findings([quiet(0, eye_protection="no")], {}, ALL, None, RUN_DAY) == [
        Finding("no-eye-protection", 0, "eye_protection", "error")
    ]


# ------------------------------------------------------------------ any clinic


@settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(clinics())
def test_any_clinic(made: Clinic) -> None:
    """What must hold of every clinic, and nothing fails."""
    whole = reference.courses_and_clinic(made.rows, made.register, made.columns, made.period)
    figures = whole["clinic"]
    assert figures["started"] == figures["evaluable"] + sum(figures["not_evaluable"].values())
    assert figures["sessions"] == sum(one["sessions"] for one in whole["courses"])
    for one in whole["courses"]:
        assert one["sessions"] >= one["treatment_days"] >= one["weeks_attended"] >= 1
        assert (one["not_evaluable"] is None) == (one["responder_30"] is not None)
        assert one["responder_30"] or not one["responder_50"]
    for finding in reference.findings(*made):
        if isinstance(finding.where, int):
            assert finding.field in made.columns
            assert made.rows[finding.where]["date"].isoformat() <= whole["as_of"]


def test_order_of_rows_matters_only_within_a_moment() -> None:
    """Sorting a clinic's rows by date changes no figure (sorting is stable)."""
    made = random_clinic(3, patients=8)
    mixed = sorted(made.rows, key=lambda row: row["patient_id"])
    assert result(mixed, register=made.register) == result(made.rows, register=made.register)


def test_random_clinic_repeats() -> None:
    """One seed, one clinic; another seed, another."""
    assert random_clinic(1, patients=5) == random_clinic(1, patients=5)
    assert random_clinic(1, patients=5) != random_clinic(2, patients=5)
    assert clinic(random_clinic(1, patients=30).rows)["started"] == 30
