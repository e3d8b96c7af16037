"""Limits of their own for a condition: in findings, adherence, blank log and printed page alike."""

import pytest
from rule_log import check, days, messages, own_protocol, places, wanted

from clinicreport.books.protocol_page.html_page import html
from clinicreport.books.protocol_page.page_content import content
from clinicreport.outcomes.analysis import evaluate
from clinicreport.protocol import in_force
from clinicreport.protocol.limits import DaysBand, MinutesBand
from clinicreport.rules.waivers import TherapistWaivers

OWN = """
[conditions.postoperative]
match = ["postoperative", "after surgery"]
source = "Agreed with the surgeons"
session.minutes = { min = 8, max = 15 }
session.ramp_up_treatments = 3
session.ramp_up_max_minutes = 12
schedule.days_per_week = { min = 1, max = 2 }
schedule.recommended_max_days = 1
schedule.loading_weeks = 0

[conditions.menstrual]
match = ["menstrual pain"]
session.minutes.max = 30
"""
THREE = (0, 2, 4, 7, 9, 11, 14, 16, 18)


def test_the_default_has_none() -> None:
    default = in_force.load()
    assert default.for_condition("postoperative") == (default.session, default.schedule)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Postoperative", "postoperative"),
        ("postoperative knee pain", "postoperative"),
        ("pain AFTER SURGERY", "postoperative"),
        ("Menstrual pain", "menstrual"),
        ("menstrual pain after surgery", "postoperative"),  # the first in the file
        ("not postoperative", None),
        ("non-postoperative", None),
        ("postoperatively", None),
        ("chronic low back pain", None),
        ("", None),
        (None, None),
    ],
)
def test_which_entry_holds(written: str | None, name: str | None) -> None:
    assert own_protocol(OWN).condition_of(written) == name


def test_what_an_entry_does_not_set_is_as_in_the_rest() -> None:
    own = own_protocol(OWN)
    session, schedule = own.for_condition("menstrual pain")
    assert session.minutes == MinutesBand(min=10, max=30)
    assert session.ramp_up_treatments == own.session.ramp_up_treatments
    assert schedule == own.schedule


def test_findings_follow_and_cite_the_entry() -> None:
    rows = [
        *days(0, 7, patient="A", condition="postoperative", duration=12),
        *days(14, 21, patient="A", duration=8),
        *days(22, patient="A", duration=7.5),
        *days(28, 29, 30, patient="A", change={28: {"duration": 16}}),
        *days(*THREE, patient="B", condition="menstrual pain", change={4: {"duration": 30}}),
        *days(*THREE, patient="C", change={4: {"duration": 8}, 7: {"duration": 21}}),
        *days(0, 1, 2, 3, 4, 7, 9, 11, patient="D"),
    ]
    found = check(rows, OWN)
    assert places(found) == wanted(
        ("session-too-short", "duration", 4, "warning"),
        ("session-too-long", "duration", 5, "warning"),
        ("too-many-sessions", "date", 7, "warning"),
        ("no-response-by-week-4", "nrs_before", 5, "warning"),
        ("above-recommended", "date", 4, "note"),
        ("session-too-short", "duration", 19, "warning"),
        ("session-too-long", "duration", 20, "warning"),
    )
    short, general = messages(found, "session-too-short")
    assert short.endswith("[conditions.postoperative.session.minutes: 8 to 15; this session 7.5]")
    assert general.endswith("[session.minutes: 10 to 20; this session 8]")
    (many,) = messages(found, "too-many-sessions")
    assert many.endswith("[conditions.postoperative.schedule.days_per_week: 1 to 2; this week 3]")
    (recommended,) = messages(found, "above-recommended")
    assert recommended.endswith(
        "[conditions.postoperative.schedule.recommended_max_days: 1; this week 2]"
    )


def test_the_ramp_up_follows_and_is_cited() -> None:
    rows = days(0, 7, 14, condition="postoperative", change={7: {"duration": 12}})
    found = check(rows, OWN)
    assert messages(found, "ramp-up-too-long") == [
        f"Sessions!G{row}: 15 min in one of the first sessions of the course, which should be 12 "
        "min or less. [conditions.postoperative.session.ramp_up_max_minutes: 12; this session 15]"
        for row in (2, 4)
    ]


def test_a_limit_that_the_entry_does_not_set_is_cited_as_the_general_one() -> None:
    rows = days(0, 2, 4, 7, 9, 14, condition="menstrual pain")
    (said,) = messages(check(rows, OWN), "too-few-sessions")
    assert said.endswith("[schedule.days_per_week: 3 to 5; this week 2]")


def test_the_condition_may_stand_in_the_register_or_in_a_later_row() -> None:
    register = {"A": {"condition": "after surgery"}, "B": {"condition": "after surgery"}}
    rows = [
        *days(0, 2, 4, 7, patient="A"),
        *days(0, 2, 4, 7, patient="B", change={7: {"condition": "flu"}}),
    ]
    found = check(rows, OWN, register=register)
    many = [f.patient for f in found.findings if f.rule == "too-many-sessions"]
    assert many == ["A"]  # the log's own condition goes before the register's


def test_adherence_follows() -> None:
    rows = days(0, 1, 7, 8, 14, condition="postoperative")
    assert evaluate(check(rows)).clinic.adherence == 0
    result = evaluate(check(rows, OWN))
    assert result.clinic.adherence == 1
    assert set(zip(result.weeks["low"], result.weeks["high"], strict=True)) == {(1, 2)}


def test_the_page_follows() -> None:
    page = content(own_protocol(OWN))
    assert dict(page.conditions)["postoperative"] == (
        "8–15 min each session; ≤ 12 min in the first 3 sessions of a course, which may be "
        "shorter; 1–2 days of treatment each week; better not over 1 (Agreed with the surgeons)"
    )
    limits = {limit.clause: limit.own for limit in page.limits}
    assert limits["session.minutes"] == (
        "conditions.postoperative.session.minutes: 8 to 15",
        "conditions.menstrual.session.minutes: 10 to 30",
    )
    assert "conditions.postoperative.schedule.days_per_week: 1 to 2" in html(page)


def test_data_entry_allows_what_holds_for_some_condition() -> None:
    own = own_protocol(OWN)
    assert own.widest() == (MinutesBand(min=8, max=30), DaysBand(min=1, max=7))
    assert in_force.load().widest() == (MinutesBand(min=10, max=20), DaysBand(min=3, max=7))


@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("Chronic low back pain", True),
        ("CLBP", True),
        ("chronic low back pain, after a fall", True),
        ("non-chronic low back pain", False),
        ("no chronic low back pain", False),
        ("low back pain", False),
        ("postoperative", False),
        (None, False),
    ],
)
def test_the_reference_arms_stand_beside_their_population_only(
    written: str | None, there: bool
) -> None:
    rows = days(*THREE, condition=written)
    result = evaluate(check(rows))
    assert result.courses["in_reference_population"].tolist() == [there]
    assert bool((result.by_week["group"] == "reference").any()) is there


def test_without_reference_arms_nobody_stands_beside_them() -> None:
    own = own_protocol("reference = []")
    assert not own.in_reference_population("chronic low back pain")


def test_waivers_are_counted_with_who_used_them() -> None:
    rows = [
        *days(
            *THREE,
            patient="A",
            therapist="Ada",
            change={
                4: {"duration": 5, "waiver": "very tired"},
                7: {"duration": 5, "waiver": "Very  tired"},
                9: {"waiver": "holiday"},
            },
        ),
        *days(*THREE, patient="B", therapist="Ben", change={4: {"waiver": "holiday"}}),
        *days(0, patient="C", waiver="asked for it"),
    ]
    result = evaluate(check(rows)).clinic.waivers
    assert result == (
        TherapistWaivers("Ada", 3, 1, {"very tired": 2, "holiday": 1}),
        TherapistWaivers("Ben", 1, 1, {"holiday": 1}),
        TherapistWaivers("not recorded", 1, 1, {"asked for it": 1}),
    )
    assert evaluate(check([])).clinic.waivers == ()
