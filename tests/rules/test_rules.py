"""Every rule on small literal logs: the findings that are expected, and no other."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from helpers import book_of, log_rows, sheet_of
from rule_log import (
    FIELDS,
    Expected,
    Row,
    check,
    check_books,
    days,
    messages,
    other,
    places,
    visit,
    wanted,
)

from clinicreport import rules
from clinicreport.ground.period import Period
from clinicreport.ground.resources import resource
from clinicreport.log.reporter import WAIVABLE
from clinicreport.protocol import in_force
from clinicreport.reading.spreadsheet import CellError, Uncached
from clinicreport.rules.case import Case, Hits

THREE = (0, 2, 4, 7, 9, 11, 14, 16, 18)  # three days a week, three weeks

LOGS: dict[str, tuple[list[Row], list[Expected]]] = {
    "nothing to say": (days(*THREE), []),
    # ------------------------------------------------------------------ the session
    "too short, but not in the ramp-up": (
        days(*THREE, change={0: {"duration": 5}, 2: {"duration": 9}, 4: {"duration": 9.9}}),
        [("session-too-short", "duration", 2, "warning")],
    ),
    "both ends belong to the band": (
        days(*THREE, change={4: {"duration": 10}, 7: {"duration": 20}, 9: {"duration": 20.1}}),
        [("session-too-long", "duration", 4, "warning")],
    ),
    "too long at the start is two findings": (
        days(*THREE, change={0: {"duration": 21}, 2: {"duration": 16}, 4: {"duration": 16}}),
        [
            ("session-too-long", "duration", 0, "warning"),
            ("ramp-up-too-long", "duration", 0, "warning"),
            ("ramp-up-too-long", "duration", 1, "warning"),
        ],
    ),
    "two sessions on one day count as two of the ramp-up": (
        [visit(0), visit(0, start_time="14:00", duration=15.5), *days(2, 4, 7, duration=18)],
        [("ramp-up-too-long", "duration", 1, "warning")],  # the one with a time comes first
    ),
    "the ramp-up begins again with a new course": (
        [*days(*THREE), *days(80, 82, 84, duration=9)],
        [("session-too-short", "duration", 11, "warning")],
    ),
    "a follow-up has no minutes to check": (
        [*days(*THREE), other(30, "follow-up", duration=2)],
        [],
    ),
    "dose, exactly 5 per cent off is no mismatch": (
        days(
            *THREE,
            irradiance=34.7,
            fluence=31.23,
            change={
                2: {"fluence": 32.7915},
                4: {"fluence": 32.7916},
                7: {"fluence": 29.6685},
                9: {"fluence": 29.66},
                11: {"irradiance": None},
                14: {"duration": 10},
            },
        ),
        [
            ("dose-mismatch", "fluence", 2, "warning"),
            ("dose-mismatch", "fluence", 4, "warning"),
            ("dose-mismatch", "fluence", 6, "warning"),
        ],
    ),
    # ------------------------------------------------------------------ the days
    "last year's year": (
        [*days(*THREE), visit(-365, "P2"), visit(-363, "P2", visit_type="follow-up")],
        [("unlikely-date", "date", 9, "warning")],
    ),
    "the other date system": (
        [*days(*THREE), visit(-1460, "P2")],
        [("unlikely-date", "date", 9, "warning")],
    ),
    "several rows are a course of their own": (
        [*days(*THREE), *(visit(day, "P2") for day in (-365, -363, -361, -359))],
        [],
    ),
    "half a year is no other year": ([*days(*THREE), visit(-250, "P2")], []),
    "four dates have no middle": ([*days(0, 2, 4), visit(-365, "P2")], []),
    # ------------------------------------------------------------------ the weeks
    "a week under the band": (
        days(0, 2, 4, 7, 9, 14, 16, 18),
        [("too-few-sessions", "date", 3, "warning")],
    ),
    "the first week must reach 3 too": (
        days(0, 2, 7, 9, 11),
        [("too-few-sessions", "date", 0, "warning")],
    ),
    "the last week is judged when it is full": (
        days(0, 2, 4, 7, 13),
        [("too-few-sessions", "date", 3, "warning")],
    ),
    "a week that is not over is not under the band": (days(0, 2, 4, 7, 12), []),
    "two sessions on one day are one treatment day": (
        [*days(0, 2, 4, 7), visit(7, start_time="9:00"), *days(9, 14)],
        [("too-few-sessions", "date", 4, "warning")],
    ),
    "daily in the first week only": (
        days(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        [("above-recommended", "date", 11, "note")],
    ),
    "six days are over the band, in a running week too": (
        days(0, 2, 4, 7, 8, 9, 10, 11, 12),
        [("too-many-sessions", "date", 8, "warning")],
    ),
    "four days are as recommended": (days(0, 2, 4, 7, 8, 9, 10, 14), []),
    "an empty week is one finding, behind the gap": (
        days(0, 2, 4, 17, 19, 21),
        [
            ("too-few-sessions", "date", 3, "warning"),  # the gap
            ("too-few-sessions", "date", 3, "warning"),  # days 17 and 19 are two in their week
        ],
    ),
    "14 days are an interruption, and no second finding for the empty week": (
        days(0, 2, 4, 18, 19),
        [("interruption", "date", 3, "warning")],
    ),
    "13 days are none": (
        days(0, 2, 4, 7, 9, 11, 24, 26, 27),
        [("too-few-sessions", "date", 6, "warning")],
    ),
    "61 days start a new course": ([*days(0, 2, 4), *days(65, 67, 69)], []),
    "60 days do not": (
        [*days(0, 2, 4), *days(64, 66, 68)],
        [
            ("interruption", "date", 3, "warning"),
            ("no-response-by-week-4", "nrs_before", 2, "warning"),
        ],
    ),
    "one label is one course, however long the pause": (
        [*days(0, 2, 4, course_id="A"), *days(100, 102, course_id="A")],
        [
            ("interruption", "date", 3, "warning"),
            ("no-response-by-week-4", "nrs_before", 2, "warning"),
        ],
    ),
    "another label is another course": (
        [*days(0, 2, course_id="A"), *days(4, 7, course_id="B", duration=5)],
        [],
    ),
    # ------------------------------------------------------------------ how the pain goes
    "no response by week 4": (
        days(*THREE, 21, 23, 25, 28, 30, change={0: {"nrs_before": 5}, 30: {"nrs_before": 1}}),
        [("no-response-by-week-4", "nrs_before", 12, "warning")],
    ),
    "30 per cent by day 28 is a response": (
        days(*THREE, 21, 23, 25, 28, change={0: {"nrs_before": 5}, 28: {"nrs_before": 3}}),
        [],
    ),
    "treatment that ends before day 28 is not looked at": (
        days(*THREE, 21, 23, 27, change={0: {"nrs_before": 5}}),
        [],
    ),
    "a rise of 2 points, exactly": (
        days(
            *THREE,
            change={
                4: {"nrs_before": 5.1},
                7: {"nrs_before": None},
                9: {"nrs_before": 7.1},
                11: {"nrs_before": 5.11},
            },
        ),
        [
            ("pain-rise", "nrs_before", 4, "warning"),
            ("missing-score", "nrs_before", 3, "warning"),
            ("score-decimal", "nrs_before", 2, "note"),
            ("score-decimal", "nrs_before", 4, "note"),
            ("score-decimal", "nrs_before", 5, "note"),
        ],
    ),
    "a rise since the screening": (
        [other(-3, "screening", nrs_before=2, contraindications="none"), *days(*THREE)],
        [("pain-rise", "nrs_before", 1, "warning")],
    ),
    # ------------------------------------------------------------------ safety
    "precautions: no, and blank": (
        days(
            *THREE,
            change={
                2: {"eye_protection": "no"},
                4: {"safe_distance": "no"},
                7: {"skin_clean": "no"},
                9: {"eye_protection": None},
            },
        ),
        [
            ("no-eye-protection", "eye_protection", 1, "error"),
            ("unsafe-distance", "safe_distance", 2, "warning"),
            ("lotion-on-skin", "skin_clean", 3, "warning"),
            ("precaution-not-documented", "eye_protection", 4, "note"),
        ],
    ),
    "events: on any visit; blank only on treatments": (
        [
            *days(
                *THREE,
                change={
                    4: {"adverse_event": "burnt skin"},
                    7: {"adverse_event": None},
                    9: {"adverse_event": "n/a"},
                },
            ),
            other(30, "follow-up", adverse_event="headache"),
        ],
        [
            ("adverse-event", "adverse_event", 2, "warning"),
            ("adverse-event-not-documented", "adverse_event", 3, "note"),
            ("adverse-event-not-documented", "adverse_event", 4, "note"),
            ("adverse-event", "adverse_event", 9, "warning"),
        ],
    ),
    "a contraindication, until it is cleared, for its course": (
        [
            *days(
                0, 2, 4, contraindications="pregnant", change={2: {"clearance": "Dr B, 4 March"}}
            ),
            *days(80, 82, 84, contraindications="pregnant"),
        ],
        [("contraindication", "contraindications", 0, "error")]
        + [("contraindication", "contraindications", row, "error") for row in (3, 4, 5)],
    ),
    "a contraindication that is denied": (
        days(*THREE, contraindications="no recent burns, not pregnant"),
        [],
    ),
    "what the article does not name but others do, until it is cleared": (
        days(0, 2, contraindications="epilepsy", change={2: {"clearance": "Dr B, 4 March"}}),
        [("contraindication-to-ask", "contraindications", 0, "warning")],
    ),
    "two contraindications in one cell are one finding": (
        days(0, contraindications="recent burns; hyperthyroidism"),
        [("contraindication", "contraindications", 0, "error")],
    ),
    "photosensitive medication": (
        days(
            0, 2, contraindications="photosensitive medication", change={2: {"clearance": "Dr B"}}
        ),
        [("photosensitive-medication", "contraindications", 0, "warning")],
    ),
    "not asked by day 0": (
        days(*THREE, contraindications=None, change={2: {"contraindications": "none"}}),
        [("not-screened", "contraindications", 0, "warning")],
    ),
    "asked at the screening": (
        [other(-3, "screening", contraindications="none"), *days(*THREE, contraindications=None)],
        [],
    ),
    # ------------------------------------------------------------------ the log
    "no score, on treatments and follow-ups": (
        [
            other(-3, "screening", nrs_before=None, contraindications="none"),
            *days(0, 2, change={2: {"nrs_before": None}}),
            other(9, "follow-up", nrs_before=None),
        ],
        [
            ("missing-score", "nrs_before", 2, "warning"),
            ("missing-score", "nrs_before", 3, "warning"),
        ],
    ),
    "the same visit twice": (
        [*days(0, 2), visit(2), visit(2, start_time="9:00")],
        [("duplicate-row", "patient_id", 2, "warning")],
    ),
    "an id that is a date, and one that has lost digits": (
        [visit(0), visit(0, "01-Mar"), visit(0, 4.90123e17), visit(0, 12.5)],
        [("bad-patient", "patient_id", row, "error") for row in (1, 2, 3)],
    ),
    "one id, two birth years": (
        [visit(0, birth_year=1950), visit(2, birth_year=61), visit(4, birth_year="1961"), visit(7)],
        [("one-id-two-people", "patient_id", 1, "error")],
    ),
    "a correction below the old row": (
        [*days(0, 2, 4), visit(4, nrs_before=3), *days(7, 9)],
        [("same-day-scores", "nrs_before", 3, "error")],
    ),
    "two sessions of one day with other scores": (
        [visit(0, start_time="9:00"), visit(0, start_time="10:00", nrs_before=3), *days(2, 4)],
        [],
    ),
    "less than an hour apart, or without a time": (
        [
            *(visit(0, start_time=at, nrs_before=n) for at, n in (("9:00", 4), ("9:59", 3))),
            *(visit(2, start_time=at, nrs_before=n) for at, n in (("9:00", 4), (None, 3))),
            *days(4, 7, 9),
        ],
        [("same-day-scores", "nrs_before", row, "error") for row in (1, 3)],
    ),
    "before and after in two rows": (
        [row for day in (0, 2, 4, 7) for row in (visit(day), visit(day, nrs_before=3))],
        [("same-day-scores", "nrs_before", -1, "error")],
    ),
    "from some day on before and after have changed places": (
        [
            visit(day, f"P{n}", **dict(zip(("nrs_before", "nrs_after"), scores, strict=True)))
            for day, scores in ((0, (6, 3)), (2, (6, 4)), (4, (3, 4)), (7, (2, 4)))
            for n in range(6)
        ],
        [("swapped-columns", "nrs_before", -1, "warning")],
    ),
    "a column that was sorted alone": (
        [
            visit(7 * (n % 3), f"P{n}", nrs_before=6 + n // 8, nrs_after=3 + n % 2)
            for n in range(24)
        ],
        [("column-out-of-place", "nrs_before", -1, "warning")],
    ),
    "a contraindication that is only ticked": (
        [visit(0, f"P{n}", contraindications=said) for n, said in enumerate(("yes", "Ja", True))]
        + [visit(0, f"P{n + 3}", contraindications=said) for n, said in enumerate((1, "x", "✓"))]
        + [visit(0, "P7", contraindications="oui", clearance="Dr B"), visit(0, "P8")],
        [("unnamed-contraindication", "contraindications", row, "error") for row in range(6)],
    ),
    "ids that are nearly the same": (
        [visit(0, "P-07"), visit(0, "p-07 "), visit(0, "P-7"), visit(0, "0012"), visit(0, "12.0")],
        [
            ("similar-patient-id", "patient_id", 1, "warning"),
            ("similar-patient-id", "patient_id", 4, "warning"),
        ],
    ),
    "cells that cannot be read": (
        days(
            *THREE,
            21,
            change={
                0: {"nrs_after": "6-7"},
                2: {"nrs_before": 65},
                4: {"nrs_after": 3.5},
                7: {"duration": "twelve"},
                9: {"nrs_before": CellError("#N/A")},
                11: {"duration": Uncached()},
                14: {"condition": "back\u202epain"},
            },
        ),
        [
            ("bad-score", "nrs_after", 0, "error"),
            ("score-out-of-range", "nrs_before", 1, "error"),
            ("score-decimal", "nrs_after", 2, "note"),
            ("bad-value", "duration", 3, "error"),
            ("error-cell", "nrs_before", 4, "error"),
            ("uncached-formula", "duration", 5, "error"),
            ("unsafe-text", "condition", 6, "note"),
        ],
    ),
    "rows that are set aside": (
        [
            *days(0, 2),
            visit(4, patient=""),
            visit(7, date=None),
            visit(9, date="soon"),
            visit(11, date=date(2027, 1, 1)),
            visit(14, date="03/04/2026"),
        ],
        [
            ("missing-patient", "patient_id", 2, "error"),
            ("missing-date", "date", 3, "error"),
            ("bad-date", "date", 4, "error"),
            ("future-date", "date", 5, "error"),
            ("ambiguous-date", "date", 6, "error"),
        ],
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_log(name: str) -> None:
    rows, expected = LOGS[name]
    assert places(check(rows)) == wanted(*expected)


# Findings that are about a file, a heading, a row or the register, as (rule, cell, severity).


def test_files_that_are_not_read() -> None:
    books = [
        book_of(name="locked.xlsx", reason="locked.xlsx: protected by a password"),
        book_of(sheet_of([["Street", "Town"], ["Main Street", "Hull"]]), name="addresses.xlsx"),
        book_of(sheet_of([["Patient ID", "Date"], ["P1", "1.3.2026"]]), name="no-score.xlsx"),
    ]
    found = check_books(books)
    assert [(f.rule, f.file, f.cell, f.row, f.severity) for f in found.findings] == [
        ("unreadable-file", "locked.xlsx", "", None, "error"),
        ("no-session-table", "addresses.xlsx", "", None, "error"),
        ("missing-column", "no-score.xlsx", "", 1, "error"),
    ]


def test_headings_rows_and_sheets() -> None:
    fields = ("patient_id", "date", "nrs_before", "Pain before", "Shoe size")
    cells = log_rows(days(0, 2), fields)
    cells.append(["Average", None, 4, None, None])
    sheet = sheet_of(cells)
    sheet.hidden_rows = 2
    sheet.formulas = {(2, 3)}
    found = check_books([book_of(sheet, active_content=["macros"], calculated=False)])
    assert sorted((f.rule, f.cell, f.row, f.severity) for f in found.findings) == [
        ("active-content", "", None, "note"),
        ("duplicate-column", "D1", 1, "error"),
        ("hidden-rows", "", None, "note"),
        ("never-calculated", "C2", 2, "warning"),
        ("summary-row", "", 4, "note"),
        ("unknown-column", "E1", 1, "note"),
    ]


def test_a_late_entry() -> None:
    march = Period(date(2026, 3, 4), date(2026, 3, 31), "2026-03-04..2026-03-31")
    found = check(days(0, 2, 4, 7, 9, 11), period=march)
    assert places(found) == wanted(("outside-period", "date", 0, "note"))


def test_the_register_is_looked_at_too() -> None:
    register = {
        "P1": {"contraindications": "pregnant", "clearance": None},
        "P2": {"contraindications": "pregnant", "clearance": "Dr B"},
        "P3": {"contraindications": "photosensitive medication", "clearance": None},
        "P4": {"contraindications": None, "clearance": None},
    }
    fields = tuple(name for name in FIELDS if name not in ("contraindications", "clearance"))
    rows = [visit(0, patient) for patient in register]
    found = check(rows, register=register, fields=fields)
    assert sorted((f.rule, f.sheet, f.cell, f.severity) for f in found.findings) == [
        ("contraindication", "Patients", "B2", "error"),
        ("not-screened", "Sessions", "B5", "warning"),
        ("photosensitive-medication", "Patients", "B4", "warning"),
    ]


def test_no_rule_is_forgotten_here() -> None:
    elsewhere = {
        "unreadable-file",
        "no-session-table",
        "missing-column",
        "moving-date",
        "shifted-dates",
        "active-content",
        "duplicate-column",
        "hidden-rows",
        "never-calculated",
        "summary-row",
        "unknown-column",
        "unread-attendance",
        "unread-rows",
        "unread-sheet",
        "outside-period",
        "ragged-row",  # tests/log/test_text_records.py
        "cut-file",
        "guessed-encoding",
        "struck-row",  # tests/log/test_merged_cells.py
        "visit-in-two-files",
        "other-scale",
    }
    tried = {rule for _, expected in LOGS.values() for rule, *_ in expected}
    assert tried | elsewhere == set(in_force.load().rules)
    assert set(rules.RULES) <= set(in_force.load().rules)


# ----------------------------------------------------------------------------- waivers


WAIVED: dict[str, tuple[list[Row], Expected]] = {
    "session-too-short": (
        days(*THREE, change={4: {"duration": 5, "waiver": "pain"}}),
        ("session-too-short", "duration", 2, "note"),
    ),
    "session-too-long": (
        days(*THREE, change={4: {"duration": 25, "waiver": "pain"}}),
        ("session-too-long", "duration", 2, "note"),
    ),
    "ramp-up-too-long": (
        days(*THREE, change={0: {"duration": 18, "waiver": "pain"}}),
        ("ramp-up-too-long", "duration", 0, "note"),
    ),
    "too-few-sessions": (
        days(0, 2, 4, 7, 9, 14, change={7: {"waiver": "pain"}}),
        ("too-few-sessions", "date", 3, "note"),
    ),
    "too-many-sessions": (
        days(0, 2, 4, 7, 8, 9, 10, 11, 12, change={12: {"waiver": "pain"}}),
        ("too-many-sessions", "date", 8, "note"),
    ),
    "interruption": (
        days(0, 2, 4, 18, change={18: {"waiver": "pain"}}),
        ("interruption", "date", 3, "note"),
    ),
    "dose-mismatch": (
        days(*THREE, change={4: {"irradiance": 10, "fluence": 1, "waiver": "pain"}}),
        ("dose-mismatch", "fluence", 2, "note"),
    ),
}


@pytest.mark.parametrize("rule", WAIVED)
def test_a_waiver_makes_a_note_that_quotes_it(rule: str) -> None:
    rows, expected = WAIVED[rule]
    found = check(rows)
    assert places(found) == wanted(expected)
    assert messages(found, rule)[0].endswith("Waived: “pain”")


def test_these_can_be_waived_and_no_others() -> None:
    assert set(WAIVED) == set(WAIVABLE)
    assert (
        not {
            name for name, rule in in_force.load().rules.items() if rule.clause.startswith("safety")
        }
        & WAIVABLE
    )


def test_safety_is_never_waived() -> None:
    rows = days(
        0,
        2,
        4,
        waiver="we always do it so",
        change={
            0: {"eye_protection": "no", "contraindications": "pregnant"},
            2: {"eye_protection": None, "adverse_event": None, "safe_distance": "no"},
            4: {"skin_clean": None, "adverse_event": "burn", "contraindications": "photosensitive"},
        },
    )
    found = check(rows)
    assert places(found) == wanted(
        ("no-eye-protection", "eye_protection", 0, "error"),
        ("contraindication", "contraindications", 0, "error"),
        ("precaution-not-documented", "eye_protection", 1, "note"),
        ("adverse-event-not-documented", "adverse_event", 1, "note"),
        ("unsafe-distance", "safe_distance", 1, "warning"),
        ("precaution-not-documented", "skin_clean", 2, "note"),
        ("adverse-event", "adverse_event", 2, "warning"),
        ("photosensitive-medication", "contraindications", 2, "warning"),
    )
    assert not any("Waived" in finding.message for finding in found.findings)


@pytest.mark.parametrize("blank", ["", "   ", "-", "none", "no"])
def test_a_waiver_without_a_reason_is_none(blank: str) -> None:
    found = check(days(*THREE, change={4: {"duration": 5, "waiver": blank}}))
    assert places(found) == wanted(("session-too-short", "duration", 2, "warning"))


# ----------------------------------------------------------------------------- the clinic's changes


def _rows_of(rule: str) -> list[Row]:
    rows: list[Row] = next(
        rows for rows, expected in LOGS.values() if rule in {found for found, *_ in expected}
    )
    return rows


@pytest.mark.parametrize(
    "rule", sorted(rules.RULES.keys() - {"outside-period", "visit-in-two-files"})
)
def test_one_line_changes_the_severity_and_one_switches_off(rule: str) -> None:
    rows = _rows_of(rule)
    usual = places(check(rows))
    loud = places(check(rows, f'rules.{rule}.severity = "error"'))
    assert {key for key in loud if key[0] == rule} == {
        (name, cell, "error") for name, cell, _ in usual if name == rule
    }
    off = places(check(rows, f'rules.{rule}.severity = "off"'))
    assert not any(name == rule for name, *_ in off)
    if rule != "interruption":  # without it the empty weeks before it are findings themselves
        assert off == {key: n for key, n in usual.items() if key[0] != rule}


@pytest.mark.parametrize(
    ("line", "rule", "cited"),
    [
        (
            "session.minutes.min = 16",
            "session-too-short",
            "[session.minutes: 16 to 20; this session 15]",
        ),
        (
            "session.minutes.max = 14",
            "session-too-long",
            "[session.minutes: 10 to 14; this session 15]",
        ),
        (
            "session.ramp_up_max_minutes = 12.5",
            "ramp-up-too-long",
            "[session.ramp_up_max_minutes: 12.5; this session 15]",
        ),
        (
            "schedule.days_per_week.min = 4",
            "too-few-sessions",
            "[schedule.days_per_week: 4 to 7 in the loading phase; this week 3]",
        ),
        (
            "schedule.days_per_week.max = 3\nschedule.days_per_week.min = 1\nschedule.loading_weeks = 0"
            "\nschedule.recommended_max_days = 2",
            "above-recommended",
            "[schedule.recommended_max_days: 2; this week 3]",
        ),
        (
            "schedule = {days_per_week = {min = 1, max = 2}, loading_weeks = 0}",
            "too-many-sessions",
            "[schedule.days_per_week: 1 to 2; this week 3]",
        ),
        (
            "schedule = {days_per_week = {min = 1, max = 2}, loading_max_days = 2}",
            "too-many-sessions",
            "[schedule.loading_max_days: 1 to 2 in the loading phase; this week 3]",
        ),
        (
            "course.interruption_days = 3",
            "interruption",
            "[course.interruption_days: 3; this pause 3]",
        ),
        (
            "course.checkpoint_week = 2",
            "no-response-by-week-4",
            "[course.checkpoint_week: 2; by then from 4 to 4]",
        ),
    ],
)
def test_one_line_changes_a_limit_and_the_finding_cites_it(
    line: str, rule: str, cited: str
) -> None:
    assert not messages(check(days(*THREE)), rule)
    said = messages(check(days(*THREE), line), rule)
    assert said
    assert said[0].endswith(cited)


def test_every_finding_cites_its_clause_with_limit_and_value() -> None:
    rows, _ = LOGS["a week under the band"]
    assert messages(check(rows), "too-few-sessions") == [
        "Sessions!B5: 2 treatment days in this week of the course (week 2); at least 3 are asked "
        "for. [schedule.days_per_week: 3 to 5; this week 2]"
    ]
    for rows, _ in LOGS.values():
        for finding in check(rows).findings:
            clause = in_force.load().rules[finding.rule].clause
            assert f"[{clause}: " in finding.message


def test_a_source_and_a_message_of_ones_own() -> None:
    rows, _ = LOGS["a week under the band"]
    own = 'rules.too-few-sessions.message = "Please come more often. {detail}"'
    assert (
        "Please come more often. 2 treatment days"
        in messages(check(rows, own), "too-few-sessions")[0]
    )


# ----------------------------------------------------------------------------- a new rule


def test_a_rule_is_one_function_and_one_stanza(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def evening_session(case: Case) -> Iterator[Hits]:
        """A session that begins at 20:00 or later."""
        late = case.treatment & (case.numbers("start_time") >= 20 * 60)
        yield Hits(late, "start_time", detail="20:00", actual="this session later")

    stanza = """
[rules.evening-session]
severity = "note"
clause = "schedule.days_per_week"
source = "Our own: staff go home at 20:00"
message = "The session began at or after {detail}."
"""
    default = resource("templates/protocol.toml")
    longer = default.read_text(encoding="utf-8") + stanza
    monkeypatch.setattr(in_force, "packaged_toml", lambda _: tomllib.loads(longer))
    monkeypatch.setitem(rules.RULES, "evening-session", evening_session)

    rows = days(0, 2, 4, change={2: {"start_time": "20:00"}, 4: {"start_time": "19:59"}})
    assert places(check(rows)) == wanted(("evening-session", "start_time", 1, "note"))
    louder = 'rules.evening-session.severity = "warning"'
    found = check(rows, louder)
    assert places(found) == wanted(("evening-session", "start_time", 1, "warning"))
    assert messages(found, "evening-session") == [
        "Sessions!C3: The session began at or after 20:00. "
        "[schedule.days_per_week: 3 to 5; this session later]"
    ]
    monkeypatch.syspath_prepend(Path(__file__).parents[2])  # docs are no part of the package
    from docs.make_pages import rules_page

    page = rules_page(in_force.load())
    assert "### evening-session\n\nA session that begins at 20:00 or later." in page
