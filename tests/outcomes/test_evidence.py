"""How a log answers the article's claims, and that it never says more than it can."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rule_log import Row, check, check_books, days, other

from clinicreport.books.report.evidence_sentences import TOO_FEW, share_text, why
from clinicreport.outcomes.analysis import Analysis, evaluate
from clinicreport.outcomes.evidence import answers
from clinicreport.outcomes.evidence.claim_checks import TESTS
from clinicreport.outcomes.evidence.claims import load
from clinicreport.outcomes.evidence.opioids import uses_opioid

BACK = "chronic low back pain"
IDS = (
    "drop",
    "half",
    "no-adverse-effects",
    "weeks-3-to-4",
    "first-sessions",
    "better-than-laser",
    "less-opioid-use",
    "mobility",
    "long-lasting",
)
FIELDS = (
    "patient_id",
    "date",
    "visit_type",
    "nrs_before",
    "nrs_after",
    "condition",
    "adverse_event",
    "medication",
    "mobility",
)


def patient(number: int, start: float, end: float, last_day: int = 9, **cells: Any) -> list[Row]:
    """One patient: a baseline and a latest score."""
    change = {0: {"nrs_before": start}, last_day: {"nrs_before": end}}
    return days(0, last_day, patient=f"P{number}", change=change, **({"condition": BACK} | cells))


def clinic(scores: Sequence[tuple[float, float]], **cells: Any) -> list[Row]:
    return [row for n, (b, e) in enumerate(scores) for row in patient(n, b, e, **cells)]


class Told(NamedTuple):
    claim: str
    source: str
    favour: str
    contrary: str
    verdict: str
    why: str


def told(result: Analysis) -> dict[str, Told]:
    return {
        each.claim.id: Told(
            each.claim.claim,
            each.claim.source,
            each.limits.in_favour(each.claim),
            each.limits.contrary(each.claim),
            each.found.verdict,
            why(each),
        )
        for each in answers(result)
    }


def asked(rows: Sequence[Row]) -> dict[str, Told]:
    return told(evaluate(check(rows, fields=FIELDS)))


def test_every_claim_of_the_file_is_answered() -> None:
    found = asked(clinic([(6, 3)] * 25))
    assert tuple(found) == IDS
    assert {entry.test for entry in load().claim} == set(TESTS) == {*TOO_FEW, "compared"}
    for answer in found.values():
        assert answer.source
        assert answer.favour
        assert answer.contrary
        assert answer.why


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [other(0, "screening")],
        clinic([(0, 0)]),
        days(0, nrs_before=None),
    ],
)
def test_with_nearly_nothing_nothing_can_be_told(rows: list[Row]) -> None:
    assert {answer.verdict for answer in asked(rows).values()} == {"cannot tell"}


def test_with_no_file_nothing_can_be_told() -> None:
    result = evaluate(check_books([]))
    assert {answer.verdict for answer in told(result).values()} == {"cannot tell"}


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ([(9, 4), (8, 4)] * 10, "supported"),  # 4.5 less, 95 % 4.3 to 4.7
        ([(8, 3), (7, 4)] * 10, "cannot tell"),  # 4.0 less, 95 % 3.5 to 4.5
        ([(9, 1), (7, 7), (9, 5)] * 7, "cannot tell"),  # 4.0 less, wide
        ([(9, 1), (7, 7), (9, 6)] * 7, "cannot tell"),  # 3.7 less, 95 % 2.1 to 5.2
        ([(7, 3), (7, 4)] * 10, "against"),  # 3.5 less, 95 % 3.3 to 3.7
        ([(6, 2)] * 20, "cannot tell"),  # all alike: no interval
        ([(6, 3)] * 20, "cannot tell"),
        ([(9, 4), (8, 4)] * 9 + [(9, 4)], "cannot tell"),  # too few
    ],
)
def test_the_drop(scores: list[tuple[float, float]], verdict: str) -> None:
    answer = asked(clinic(scores))["drop"]
    assert answer.verdict == verdict
    if len(scores) >= 20:
        mean = sum(b - e for b, e in scores) / len(scores)
        assert f"(n = {len(scores)}): {mean:.1f} points less" in answer.why
        assert "Without a control group" in answer.why
        assert ("no interval: all alike" in answer.why) == (len(set(scores)) == 1)
    else:
        assert answer.why == "Too few: 19 patients with chronic low back pain; 20 are needed."


def test_the_first_two_are_about_the_trials_population_only() -> None:
    found = asked(clinic([(8, 1)] * 40, condition="postoperative"))
    assert found["drop"].verdict == found["half"].verdict == "cannot tell"


@pytest.mark.parametrize(
    ("halved", "n", "verdict"),
    [
        (10, 20, "cannot tell"),  # 95 % 29.9 to 70.1 %
        (14, 20, "cannot tell"),  # 95 % 48.1 to 85.5 %
        (15, 20, "supported"),  # 95 % 53.1 to 88.8 %
        (20, 20, "supported"),
        (6, 20, "cannot tell"),  # the same as 14, on the other side
        (5, 20, "against"),
        (3, 20, "against"),  # 95 % 5.2 to 36.0 %
        (18, 19, "cannot tell"),
    ],
)
def test_half(halved: int, n: int, verdict: str) -> None:
    answer = asked(clinic([(6, 3)] * halved + [(6, 5)] * (n - halved)))["half"]
    assert answer.verdict == verdict
    if n >= 20:
        assert answer.why.startswith(f"{halved} of {n} patients had at least 50 % less pain")


def events(rows: list[Row]) -> Told:
    return asked(rows)["no-adverse-effects"]


def test_that_no_event_is_written_down_supports_nothing() -> None:
    none = events(clinic([(6, 3)] * 25))
    assert none.verdict == "cannot tell"
    assert "50 of 50 sessions" in none.why
    assert "up to 5.82 in 100 sessions" in none.why  # 1 - 0.05 ** (1 / 50)
    rows = clinic([(6, 3)] * 30)
    for row in rows[::2]:
        row["adverse_event"] = None
    assert events(rows).verdict == "cannot tell"
    assert "30 of 60 sessions" in events(rows).why
    blank = events(clinic([(6, 3)] * 25, adverse_event=None))
    assert blank.verdict == "cannot tell"
    assert blank.why.startswith("Not recorded")
    assert events(clinic([(6, 3)] * 5)).why.startswith("Too few: 5 patients")


def test_an_event_speaks_against() -> None:
    rows = clinic([(6, 3)] * 25)
    rows[7]["adverse_event"] = "mild redness"
    assert events(rows).verdict == "against"
    assert "at 1 visit of 1 patient." in events(rows).why
    late = [*clinic([(6, 3)] * 25), other(30, "follow-up", "P1", adverse_event="burn")]
    assert events(late).verdict == "against"


def test_an_event_among_few_patients_is_told_without_a_verdict() -> None:
    rows = clinic([(6, 3)] * 19)
    rows[7]["adverse_event"] = "burn"
    assert events(rows).verdict == "cannot tell"
    assert "at 1 visit of 1 patient." in events(rows).why
    assert "Too few to judge: 19 patients; 20 are needed." in events(rows).why


def by_day_28(responders: int, n: int) -> list[Row]:
    rows = []
    for number in range(n):
        early = 3 if number < responders else 6
        rows += days(
            0,
            14,
            28,
            patient=f"P{number}",
            nrs_before=6,
            change={14: {"nrs_before": early}, 28: {"nrs_before": early}},
        )
    return rows


@pytest.mark.parametrize(
    ("responders", "n", "verdict"),
    [
        (16, 20, "supported"),
        (12, 20, "cannot tell"),
        (9, 20, "cannot tell"),
        (2, 20, "against"),
        (19, 19, "cannot tell"),
    ],
)
def test_benefit_within_4_weeks(responders: int, n: int, verdict: str) -> None:
    assert asked(by_day_28(responders, n))["weeks-3-to-4"].verdict == verdict


def test_those_who_left_before_day_28_do_not_tell() -> None:
    assert asked(clinic([(6, 1)] * 40))["weeks-3-to-4"].why.startswith("Too few: 0 patients")


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ({7: 3, 21: 6, 35: 2}, "against"),  # a good day is no benefit by week 4, nor is a later one
        ({7: 6, 21: 4, 35: 8}, "supported"),
        ({7: 4, 21: None, 35: 8}, "supported"),  # the last score there is up to that day
        ({28: 4, 35: 8}, "supported"),  # day 28 itself
        ({29: 1, 35: 1}, "cannot tell"),  # none up to day 28
    ],
)
def test_the_last_score_up_to_day_28_tells(scores: dict[int, float | None], verdict: str) -> None:
    change = {day: {"nrs_before": score} for day, score in scores.items()}
    rows = [
        row
        for n in range(24)
        for row in days(0, *scores, patient=f"P{n}", nrs_before=6, change=change)
    ]
    assert asked(rows)["weeks-3-to-4"].verdict == verdict


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ((4, 3), "supported"),
        ((7, 8), "against"),
        ((5, 7), "cannot tell"),
        ((6, 6), "cannot tell"),  # all alike
    ],
)
def test_relief_in_the_first_sessions(after: tuple[float, float], verdict: str) -> None:
    rows = [
        row
        for n in range(24)
        for row in days(
            0,
            2,
            4,
            6,
            patient=f"P{n}",
            nrs_before=6,
            nrs_after=after[n % 2],
            change={0: {"nrs_after": 0}, 6: {"nrs_after": 0}},  # before and behind these sessions
        )
    ]
    answer = asked(rows)["first-sessions"]
    assert answer.verdict == verdict, answer.why
    assert "(n = 24)" in answer.why


def test_a_comparison_is_never_told() -> None:
    answer = asked(clinic([(9, 0)] * 60))["better-than-laser"]
    assert answer.verdict == "cannot tell"
    assert "No control group" in answer.why
    assert "Ammar 2015" in answer.contrary


def both_ends(field: str, pairs: Sequence[tuple[Any, Any]]) -> list[Row]:
    return [
        row
        for n, (first, last) in enumerate(pairs)
        for row in days(0, 9, patient=f"P{n}", change={0: {field: first}, 9: {field: last}})
    ]


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ([("tramadol 50 mg", "no opioids")] * 8 + [("no opioids", "no opioids")] * 14, "supported"),
        ([("no opioids", "tramadol 50 mg")] * 8 + [("no opioids", "no opioids")] * 14, "against"),
        (
            [("tramadol", "no opioids")] * 3
            + [("no opioids", "codeine")] * 2
            + [("no opioids", "no opioids")] * 17,
            "cannot tell",
        ),
        ([("ibuprofen 400 mg", "no opioids")] * 22, "cannot tell"),
        ([("morphine 10 mg", "no opioids")] * 19, "cannot tell"),
        ([("morphine 10 mg", None)] * 40, "cannot tell"),
        ([(30, 0)] * 20, "supported"),
        ([("tramadol 50 mg", "none")] * 22, "supported"),  # none is an answer here, n/a is not
        ([("tramadol 50 mg", "n/a")] * 22, "cannot tell"),
    ],
)
def test_opioids(pairs: list[tuple[Any, Any]], verdict: str) -> None:
    assert asked(both_ends("medication", pairs))["less-opioid-use"].verdict == verdict


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("Tramadol 2x50", True),
        ("tramadol 0 mg", False),
        ("no opioids", False),
        ("none", False),
        ("30", True),
        ("0", False),
        ("0,0 mg", False),
        ("30 mg", True),
        ("paracetamol; codeine 30 mg", True),
        ("stopped morphine", False),
        ("morphine stopped; oxycodone 5 mg", True),
        ("ibuprofen", False),
    ],
)
def test_what_names_an_opioid(text: str, uses: bool) -> None:
    assert uses_opioid(text, tuple(load().opioids)) is uses


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ([(5, 8), (5, 7)] * 10, "supported"),
        ([(5, 5), (5, 4)] * 10, "against"),
        ([(5, 8), (5, 2)] * 10, "cannot tell"),
        ([(5, 9)] * 19, "cannot tell"),
        ([(5, None)] * 40, "cannot tell"),
    ],
)
def test_mobility(pairs: list[tuple[Any, Any]], verdict: str) -> None:
    answer = asked(both_ends("mobility", pairs))["mobility"]
    assert answer.verdict == verdict, answer.why


@pytest.mark.parametrize(
    ("kept", "n", "after", "verdict"),
    [
        (15, 20, 100, "supported"),
        (12, 20, 100, "cannot tell"),
        (9, 20, 100, "cannot tell"),
        (2, 20, 100, "against"),
        (20, 20, 60, "cannot tell"),
        (19, 19, 100, "cannot tell"),
    ],
)
def test_long_lasting(kept: int, n: int, after: int, verdict: str) -> None:
    rows = clinic([(8, 3)] * n)
    rows += [
        other(9 + after, "follow-up", f"P{i}", nrs_before=3 if i < kept else 8) for i in range(n)
    ]
    answer = asked(rows)["long-lasting"]
    assert answer.verdict == verdict, answer.why


def test_only_the_latest_course_counts() -> None:
    first = clinic([(8, 1)] * 25)
    second = [
        row | {"date": date.fromordinal(row["date"].toordinal() + 200)}
        for row in clinic([(6, 6)] * 23 + [(6, 5)] * 2)
    ]
    answer = asked([*first, *second])["drop"]
    assert answer.verdict == "against"
    assert "0.1 points less" in answer.why


def test_a_share_is_not_rounded_to_one_half() -> None:
    assert share_text(0.4999, 0.4, 0.6).startswith("49.99 %")
    assert share_text(0.5, 0.4, 0.6).startswith("50.0 %")


FORBIDDEN = re.compile(
    r"\b(proves?|proved|proven|cure[sd]?|forever|effective|works because)\b", re.IGNORECASE
)


def _says_too_much(found: Sequence[Told]) -> list[str]:
    texts = [text for a in found for text in (a.claim, a.source, a.favour, a.contrary, a.why)]
    return [text for text in texts if FORBIDDEN.search(text)]


SCORES = st.tuples(st.integers(0, 10), st.integers(0, 10))


@given(scores=st.lists(SCORES, max_size=40))
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_says_too_much(scores: list[tuple[float, float]]) -> None:
    found = asked(clinic(scores))
    assert not _says_too_much(list(found.values()))
    few = sum(b > 0 for b, _ in scores) < load().enough_patients
    assert {a.verdict for a in found.values()} <= {"supported", "against", "cannot tell"}
    if few:
        assert found["drop"].verdict == found["half"].verdict == "cannot tell"
    assert found["better-than-laser"].verdict == "cannot tell"
    assert found["no-adverse-effects"].verdict == "cannot tell"


def test_more_relief_never_turns_an_answer_against_the_claim() -> None:
    order = ["against", "cannot tell", "supported"]
    asks: list[Callable[[int], str]] = [
        lambda k: asked(clinic([(6, 3)] * k + [(6, 6)] * (24 - k)))["half"].verdict,
        lambda k: asked(by_day_28(k, 24))["weeks-3-to-4"].verdict,
    ]
    for ask in asks:
        ranks = [order.index(ask(k)) for k in range(0, 25, 3)]
        assert ranks == sorted(ranks)
        assert {ranks[0], ranks[-1]} == {0, 2}
