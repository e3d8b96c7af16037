"""What a clinic declares about its sheets, and what happens where it does not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from helpers import TODAY, book_of, sheet_of
from pydantic import ValidationError

from clinicreport.log.declared import Declared
from clinicreport.log.exact import at_least_zero, fraction
from clinicreport.log.headings import Aliases
from clinicreport.log.reporter import Reporter
from clinicreport.log.scales import named_scale
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.visits import read_sessions
from clinicreport.protocol import in_force
from clinicreport.reading.spreadsheet import CellError, Percent

D = dt.date
REPORTER = Reporter(in_force.load())
DAYS = [D(2026, 10, 5), D(2026, 10, 7), D(2026, 10, 9), D(2026, 10, 12), D(2026, 10, 14)]


def read(cells: Sequence[Sequence[Any]], /, **declared: Any) -> Log:
    said = Declared(**declared)
    reading = Reading(REPORTER, TODAY, Aliases(said.headings), declared=said)
    return read_sessions([book_of(sheet_of(cells))], reading)


def scores(log: Log, *names: str) -> list[Any]:
    """The values of fields, a tuple a visit; None where one is missing."""
    columns = [
        [None if value is None or value != value else value for value in log.visits[name]]
        for name in names or ("nrs_before",)
    ]
    return list(zip(*columns, strict=True)) if len(columns) > 1 else columns[0]


def found(log: Log, *rules: str) -> list[tuple[str, str]]:
    return [
        (item.finding.rule, item.finding.cell)
        for item in log.located
        if not rules or item.finding.rule in rules
    ]


def words(log: Log, rule: str) -> str:
    return next(item.finding.message for item in log.located if item.finding.rule == rule)


def counts(log: Log) -> list[tuple[int, int]]:
    return [(source.rows, source.used) for source in log.sources]


def long(heading: str, *values: Any, patient: str = "P-1") -> list[list[Any]]:
    rows = [[patient, day, value] for day, value in zip(DAYS, values, strict=False)]
    return [["Patient", "Date", heading], *rows]


# ------------------------------------------------------------------ scale


@pytest.mark.parametrize(
    ("scale", "cells", "expected"),
    [
        ("0-100", [60.0, "42", "65 mm", "70/100"], [6.0, 4.2, 6.5, 7.0]),
        ("1-5", [5.0, 4.0, "2", 1.0], [10.0, 7.5, 2.5, 0.0]),
        ("10-0", [2.0, 4.0, "7,5"], [8.0, 6.0, 2.5]),
        ("0-20", [17.0, "13"], [8.5, 6.5]),
        ("0-1", [0.8, "0,65"], [8.0, 6.5]),
        ("percent", [Percent(0.8), "80%", "80 %", 80.0], [8.0] * 4),
        ("0-5", [None, "n/a", 5.0], [None, None, 10.0]),
    ],
)
def test_a_declared_scale_counts_from_0_to_10(
    scale: str, cells: list[Any], expected: list[float | None]
) -> None:
    log = read(long("NRS before", *cells), scale={"nrs_before": scale})
    assert scores(log) == expected
    assert not found(log, "other-scale", "bad-score", "score-out-of-range")
    assert scale in "; ".join(log.sources[0].assumptions)


def test_findings_and_the_column_beside_it_keep_the_cells_own_value() -> None:
    log = read(long("VAS", 101.0, "sixty", 55.5, Percent(0.5)), scale={"nrs_before": "0-100"})
    assert not len(log.visits)  # "VAS" alone is no heading
    log = read(long("VAS (mm)", 101.0, "sixty", 55.5, Percent(0.5)), scale={"nrs_before": "0-100"})
    assert scores(log) == [None, None, 5.55, None]
    assert [(i.finding.rule, i.finding.cell, i.finding.value) for i in log.located] == [
        ("score-out-of-range", "C2", 101),
        ("bad-score", "C3", "sixty"),
        ("score-decimal", "C4", 55.5),
        ("bad-score", "C5", "50%"),
    ]
    assert "0 to 100" in words(log, "score-out-of-range")
    assert log.visits["nrs_before_own"].tolist() == [101, "sixty", 55.5, "50%"]


def test_each_score_is_declared_by_itself() -> None:
    rows = [["Patient", "Date", "Pain before", "Pain after"], ["P-1", DAYS[0], 80.0, 6.0]]
    assert scores(read(rows, scale={"nrs_before": "0-100"}), "nrs_before", "nrs_after") == [
        (8.0, 6.0)
    ]


def test_a_third_of_a_scale_is_compared_exactly() -> None:
    log = read(long("Pain", 6.0, 3.0), scale={"nrs_before": "0-7"})
    before, after = scores(log)
    assert fraction(before) == Fraction(60, 7)
    assert at_least_zero((1, [before]), (-2, [after])).tolist() == [True]


def test_a_share_of_one_among_per_cents_is_not_taken_for_less_than_one_per_cent() -> None:
    log = read(long("Pain", 0.8, 1.0), scale={"nrs_before": "percent"})
    assert (scores(log), found(log, "bad-score")) == ([None, 0.1], [("bad-score", "C2")])


# ------------------------------------------------------------------ other-scale


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        ("NRS before (0-5)", "0-5"),
        ("Pain before (VAS, mm)", "0-100"),
        ("VAS vorher (mm)", "0-100"),
        ("Douleur avant (/100)", "0-100"),
        ("Dolor antes (sobre 100)", "0-100"),
        ("Schmerz vorher von 0 bis 20", "0-20"),
        ("Douleur avant (de 0 à 5)", "0-5"),
        ("Pain before 1–5", "1-5"),
        ("Pain before %", "percent"),
        ("Schmerz vorher (Prozent)", "percent"),
        ("Pain score (max. 100)", "0-100"),
        ("Pain (10 = no pain)", "10-0"),
        ("Pain before (out of 100)", "0-100"),
    ],
)
def test_a_heading_that_names_another_scale_is_one_finding(heading: str, named: str) -> None:
    log = read(long(heading, 5.0, 4.0, 3.0))
    assert found(log) == [("other-scale", "C1")]
    assert named_scale(heading) is not None
    assert f'scale = {{ nrs_before = "{named}" }}' in words(log, "other-scale")
    reason = log.sources[0].reason or ""
    assert "scale" in reason
    assert "clinic.toml" in reason
    assert scores(read(long(heading, 5.0, 4.0), scale={"nrs_before": named}))


@pytest.mark.parametrize(
    "heading",
    [
        "NRS before (0-10)",
        "Pain before (0–10)",
        "Pain before (out of 10)",
        "Pain (/10)",
        "Schmerz vorher (0 bis 10)",
        "Pain (0 = none, 10 = worst)",
        "Pain before (cannot say: -)",
    ],
)
def test_control_headings_of_0_to_10_are_read(heading: str) -> None:
    log = read(long(heading, 5.0, 4.0, 3.0))
    assert (scores(log), found(log)) == ([5.0, 4.0, 3.0], [])


@pytest.mark.parametrize(
    ("values", "other"),
    [
        ([65.0, 50.0, 40.0], True),
        (["65", "50", "40", 5.0, 4.0], True),
        ([77.0, 7.0, 6.0], False),  # a slip of the keyboard
        ([77.0, 66.0, 6.0], False),
    ],
)
def test_numbers_tell_another_scale_from_slips(values: list[Any], other: bool) -> None:
    log = read(long("NRS before", *values))
    assert (("other-scale", "C1") in found(log)) == other
    assert bool(found(log, "score-out-of-range")) != other
    assert bool(log.sources[0].reason) == other


def test_codes_for_missing_are_no_numbers() -> None:
    said = read(long("NRS before", 99.0, 99.0, 99.0, 7.0))
    assert found(said) == [("other-scale", "C1")]
    from clinicreport.log.cells import Words

    reading = Reading(REPORTER, TODAY, words=Words(frozenset({"99"})))
    log = read_sessions([book_of(sheet_of(long("NRS before", 99.0, 99.0, 99.0, 7.0)))], reading)
    assert found(log, "other-scale", "score-out-of-range") == []


def test_only_the_score_after_is_on_another_scale() -> None:
    rows = [["Patient", "Date", "Pain before", "Douleur après (%)"], ["P-1", DAYS[0], 8.0, 7.0]]
    log = read(rows)
    assert found(log) == [("other-scale", "D1")]
    assert scores(log, "nrs_before", "nrs_after") == [(8.0, None)]
    assert counts(log) == [(1, 1)]


def test_another_column_for_the_score_is_taken_instead() -> None:
    rows = [["Patient", "Date", "Pain (mm)", "NRS before"], ["P-1", DAYS[0], 80.0, 8.0]]
    log = read(rows)
    assert (scores(log), found(log)) == ([8.0], [("other-scale", "C1")])


def test_a_heading_that_contradicts_the_declared_scale_is_not_read() -> None:
    log = read(long("Pain (0-5)", 5.0), scale={"nrs_before": "0-100"})
    assert found(log) == [("other-scale", "C1")]


def test_in_a_wide_log_each_heading_is_said_once() -> None:
    head = ["Patient", "Start date", "Baseline (0-5)", "Week 2 (0-5)"]
    rows = [head, ["P-1", DAYS[0], 5.0, 3.0], ["P-2", DAYS[0], 4.0, 3.0]]
    log = read(rows)
    assert found(log) == [("other-scale", "C1"), ("other-scale", "D1")]
    assert scores(read(rows, scale={"nrs_before": "0-5"})) == [10.0, 8.0, 6.0, 6.0]


def test_in_a_wide_log_numbers_are_judged_together() -> None:
    rows = [
        ["Patient", "Start date", "Baseline", "Week 2"],
        ["P-1", DAYS[0], 65.0, 9.0],
        ["P-2", DAYS[0], 70.0, 8.0],
        ["P-3", DAYS[0], 8.0, 40.0],
    ]
    assert found(read(rows)) == [("other-scale", "C1"), ("other-scale", "D1")]


# ------------------------------------------------------------------ fill_down


def test_blank_cells_take_the_value_above_over_blank_rows() -> None:
    rows = [
        ["Patient", "Date", "Pain", "Notes"],
        ["P-1", DAYS[0], 8.0],
        [None, DAYS[1], 7.0],
        [],
        [None, DAYS[2], 6.0],
        ["unknown?", DAYS[2], 5.0],
        ["P-2", DAYS[0], 5.0],
    ]
    log = read(rows, fill_down=["patient_id"])
    assert log.visits["patient_id"].tolist() == ["P-1", "P-1", "P-1", "unknown?", "P-2"]
    assert counts(log) == [(5, 5)]
    assert log.sources[0].taken == {3: frozenset({2}), 5: frozenset({2})}


def test_lines_that_only_say_the_day_are_no_rows() -> None:
    rows = [
        ["Patient", "Date", "Pain"],
        [None, DAYS[0]],
        ["P-1", None, 8.0],
        ["P-2", None, 7.0],
        [None, "Tuesday"],
        ["P-1", None, 6.0],
        ["P-2", None, 5.0],
    ]
    log = read(rows, fill_down=["date"])
    assert counts(log) == [(4, 2)]
    assert found(log) == [("bad-date", "B5")]  # once, where it stands


def test_totals_are_nobodys_value() -> None:
    rows = [
        ["Patient", "Date", "Pain"],
        ["P-1", DAYS[0], 8.0],
        ["Total", None, 8.0],
        [None, DAYS[1], 7.0],
    ]
    log = read(rows, fill_down=["patient_id"])
    assert log.visits["patient_id"].tolist() == ["P-1", "P-1"]


def test_undeclared_blanks_are_set_aside_with_the_line_to_write() -> None:
    rows = [["Patient", "Date", "Pain"], ["P-1", DAYS[0], 8.0], [None, DAYS[1], 7.0]]
    log = read(rows)
    assert (found(log), counts(log)) == ([("missing-patient", "A3")], [(2, 1)])
    assert 'fill_down = ["patient_id"]' in words(log, "missing-patient")


# ------------------------------------------------------------------ split


@pytest.mark.parametrize(
    ("cell", "by", "expected"),
    [
        ("8 -> 6", "->", (8.0, 6.0)),
        ("8->6", "->", (8.0, 6.0)),
        ("7/10", "/", (7.0, 10.0)),
        ("8,5 / 6", "/", (8.5, 6.0)),
        (8.0, "->", (8.0, None)),
        ("8 ->", "->", (8.0, None)),
        ("-> 6", "->", (None, 6.0)),
        ("8 bis 5", "bis", (8.0, 5.0)),
    ],
)
def test_one_cell_holds_before_and_after(
    cell: Any, by: str, expected: tuple[float | None, float | None]
) -> None:
    log = read(long("In and out", cell), split={"column": "In and out", "by": by})
    assert scores(log, "nrs_before", "nrs_after") == [expected]
    assert not found(log, "bad-score", "unknown-column")


def test_a_split_cell_is_said_once() -> None:
    log = read(long("Pain", "8 -> 6 -> 5", CellError("#N/A")), split={"column": "Pain", "by": "->"})
    assert sorted(found(log)) == [("bad-score", "C2"), ("error-cell", "C3")]


def test_an_undeclared_pair_of_scores_says_what_to_write() -> None:
    log = read(long("Pain", "8 -> 6", "7/10"))
    assert found(log) == [("bad-score", "C2")]
    assert 'split = { column = "Pain", by = "->" }' in words(log, "bad-score")


# ------------------------------------------------------------------ rows


def test_two_rows_are_one_visit() -> None:
    rows = [
        ["Patient", "Date", "Pain", "Minutes", "Adverse event"],
        ["P-1", DAYS[0], 8.0, 12.0, "none"],
        ["P-1", DAYS[0], 6.0, None, "burn"],
        ["P-2", DAYS[0], 5.0, 12.0, None],
        ["P-1", DAYS[1], 7.0, 12.0, None],
        ["P-1", DAYS[1], "x", None, None],
    ]
    log = read(rows, rows="before-and-after")
    assert scores(log, "patient_id", "nrs_before", "nrs_after", "duration", "adverse_event") == [
        ("P-1", 8.0, 6.0, 12.0, "burn"),
        ("P-2", 5.0, None, 12.0, None),
        ("P-1", 7.0, None, 12.0, None),
    ]
    assert counts(log) == [(5, 5)]
    assert (log.spot(0, "nrs_after").cell, log.spot(0, "adverse_event").cell) == ("C3", "E3")
    assert (log.spot(0, "nrs_before").cell, log.spot(0, "duration").cell) == ("C2", "D2")
    assert found(log) == [("bad-score", "C6")]
    assert (0, 5) in log.unusable["nrs_after"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("before", "after"),
        ("vorher", "nachher"),
        ("avant la séance", "après la séance"),
        ("antes", "después"),
        ("on arrival", "on leaving"),
        ("Pre", "Post"),
    ],
)
@pytest.mark.parametrize("heading", ["When", "Type", "Moment"])
def test_words_say_which_row_is_which(one: str, other: str, heading: str) -> None:
    rows = [
        ["Patient", "Date", heading, "Pain"],
        ["P-1", DAYS[0], other, 5.0],
        ["P-1", DAYS[0], one, 8.0],
        ["P-1", DAYS[1], other, 4.0],
    ]
    log = read(rows, rows="before-and-after")
    assert scores(log, "nrs_before", "nrs_after") == [(8.0, 5.0), (None, 4.0)]
    assert not found(log, "bad-value", "unknown-column")


def test_the_time_says_which_row_is_first() -> None:
    rows = [
        ["Patient", "Date", "Time", "Pain"],
        ["P-1", DAYS[0], "09:20", 6.0],
        ["P-1", DAYS[0], "09:00", 8.0],
    ]
    log = read(rows, rows="before-and-after")
    assert scores(log, "nrs_before", "nrs_after") == [(8.0, 6.0)]


# ------------------------------------------------------------------ patient_from, values


def test_the_patient_is_two_columns_joined() -> None:
    rows = [
        ["Initials", "Born", "Date", "Pain"],
        ["B. M.", D(1961, 4, 2), DAYS[0], 8.0],
        ["B. M.", D(1970, 1, 1), DAYS[0], 6.0],
        ["B. M.", None, DAYS[1], 5.0],
    ]
    log = read(rows, patient_from=["Initials", "Born"])
    assert log.visits["patient_id"].tolist() == ["B. M. 1961-04-02", "B. M. 1970-01-01"]
    assert found(log) == [("missing-patient", "A4")]
    assert "joined" in "; ".join(log.sources[0].assumptions)


def test_the_row_is_the_patient() -> None:
    rows = [["Start date", "Baseline", "Week 2"], [DAYS[0], 8.0, 6.0], [DAYS[0], 7.0, 5.0]]
    log = read(rows, patient_from="row")
    assert log.visits["patient_id"].tolist() == ["2", "3", "2", "3"]


def test_undeclared_names_say_what_to_write() -> None:
    rows = [["Vorname", "Nachname", "Datum", "Schmerz"], ["Berta", "Muster", DAYS[0], 8.0]]
    log = read(rows)
    assert 'patient_from = ["Vorname", "Nachname"]' in words(log, "missing-column")


def test_the_clinics_own_words() -> None:
    rows = [
        ["Patient", "Date", "Pain", "Type", "Goggles"],
        ["P-1", DAYS[0], "strong", "Came", 2.0],
        ["P-1", DAYS[1], 5.0, "stayed away", 1.0],
    ]
    log = read(
        rows,
        values={
            "visit_type": {"came": "treatment", "stayed away": "not-attended"},
            "nrs_before": {"strong": "8"},
            "eye_protection": {"2": "no"},
        },
    )
    assert scores(log, "nrs_before", "visit_type", "eye_protection") == [
        (8.0, "treatment", "no"),
        (5.0, "not-attended", "yes"),
    ]
    assert not found(log)


@pytest.mark.parametrize(
    "declared",
    [
        {"scale": {"nrs_before": "5"}},
        {"scale": {"duration": "0-5"}},
        {"values": {"eye_protection": {"2": "perhaps"}}},
        {"values": {"visit_type": {"ja": "yes"}}},
        {"fill_down": ["nrs_before"]},
    ],
)
def test_what_cannot_be_meant_is_refused(declared: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Declared(**declared)


def test_undeclared_nothing_is_assumed() -> None:
    rows = [["Patient", "Date", "Pain"], ["P-1", DAYS[0], 8.0], ["P-1", DAYS[0], 6.0]]
    log = read(rows)
    assert scores(log, "nrs_before", "nrs_after") == [(8.0, None), (6.0, None)]
    assert replace(log.sources[0], assumptions=()).second == {}
