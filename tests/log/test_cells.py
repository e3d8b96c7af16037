"""What people type in a cell, and what it is read as."""

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.log import cells
from clinicreport.log.answer_words import Clearances
from clinicreport.log.cells import BLANK, READERS, Words, measured, plain, shown, unaccented
from clinicreport.log.fields import REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.protocol.in_force import load
from clinicreport.reading.spreadsheet import (
    CellError,
    Percent,
    ShownFraction,
    SymbolText,
    Uncached,
    Value,
)

USUAL = Words()
SAFETY = load().safety
PROTOCOL = Words(
    clearances=Clearances(tuple(SAFETY.no_clearance_terms), tuple(SAFETY.clearance_terms))
)
CLINIC = Words(frozenset({"99", "999", "not asked today"}))
TIME, SPAN, DATE, MOMENT = dt.time, dt.timedelta, dt.date, dt.datetime


def score(value: Any, words: Words = USUAL) -> Any:
    """The score, or the rule that it breaks, or None for a blank."""
    read = cells.read_score(value, words)
    return read.value if read.value is not None else read.rule or None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7.0),
        (7.0, 7.0),
        (0, 0.0),
        (10, 10.0),
        (6.5, 6.5),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("７", 7.0),
        ("\u200e7", 7.0),
        ("+7", 7.0),
        ("7.0", 7.0),
        ("6,5", 6.5),
        ("6.5", 6.5),
        ("0,5", 0.5),
        ("7/10", 7.0),
        ("7 / 10", 7.0),
        ("6,5/10", 6.5),
        ("7/10.0", 7.0),
        ("10/10", 10.0),
        ("7 out of 10", 7.0),
        ("7 of 10", 7.0),
        ("7 von 10", 7.0),
        ("7 sur 10", 7.0),
        ("7 de 10", 7.0),
        ("7 OUT OF 10", 7.0),
    ],
)
def test_scores(value: Any, expected: float) -> None:
    read = cells.read_score(value, USUAL)
    assert read.value == expected
    assert read.rule == ("" if expected == int(expected) else "score-decimal")


@pytest.mark.parametrize(
    "value",
    [
        "6-7",
        "6–7",
        "severe",
        "7 8",
        "7;8",
        "7?",
        "~7",
        ">5",
        "7/11",
        "7/100",
        "7%",
        "7 out of",
        "x",
        "1,000",
        "0,500",
        "7..0",
        "7e0",
        "seven",
        "inf",
        "yes",
        "7+",
        "1.000.000",
        "٧-٨",
        "7 cm",
    ],
)
def test_not_one_number_is_no_score(value: str) -> None:
    read = cells.read_score(value, USUAL)
    assert (read.value, read.rule, read.blank) == (None, "bad-score", False)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "TRUE or FALSE"),
        (False, "TRUE or FALSE"),
        (Percent(0.7), "percentage"),
        (MOMENT(2026, 10, 7), "Excel turns a typed 7/10 or 6-7 into one"),
        (DATE(2026, 7, 6), "Excel turns a typed 7/10 or 6-7 into one"),
        (TIME(7, 10), "time"),
        (SPAN(hours=7), "time"),
    ],
)
def test_cells_of_another_kind_are_no_scores_and_it_is_said_why(value: Any, words: str) -> None:
    read = cells.read_score(value, USUAL)
    assert (read.value, read.rule) == (None, "bad-score")
    assert words in read.detail


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_no_scores(value: float) -> None:
    assert score(value) == "bad-score"


@pytest.mark.parametrize("value", [-1, -0.1, 10.1, 11, 65, 100, "11", "-4", "70/10", "10,1", 1e300])
def test_scores_off_the_scale_are_never_clamped_or_rescaled(value: Any) -> None:
    read = cells.read_score(value, USUAL)
    assert (read.value, read.rule) == (None, "score-out-of-range")


BLANKS = [
    "",
    "   ",
    "\t",
    "\xa0",
    "NA",
    "na",
    "N/A",
    "n/a",
    "Ｎ/A",
    "n.a.",
    "-",
    "--",
    "–",
    "—",
    ".",
    "\u200f",
]


@pytest.mark.parametrize("value", BLANKS)
@pytest.mark.parametrize("kind", sorted(set(READERS) - {"id"}))
def test_codes_for_missing_are_blank_in_every_kind_of_field(kind: str, value: str) -> None:
    assert READERS[kind](value, USUAL) == BLANK


@pytest.mark.parametrize("value", [99, 99.0, "99", " 99 ", "999", "Not asked  today"])
def test_a_clinics_own_codes_for_missing(value: Any) -> None:
    assert cells.read_score(value, CLINIC) == BLANK
    assert cells.read_minutes(value, CLINIC) == BLANK
    assert cells.read_id(value, CLINIC) == BLANK


def test_without_the_clinics_word_99_is_a_number() -> None:
    assert score(99) == "score-out-of-range"
    assert cells.read_minutes(99, USUAL).value == 99
    assert cells.read_id(99, USUAL).value == "99"


@pytest.mark.parametrize("kind", sorted(READERS))
def test_error_cells_and_formulas_without_value_are_found_in_every_kind_of_field(kind: str) -> None:
    error = READERS[kind](CellError("#N/A"), USUAL)
    formula = READERS[kind](Uncached("=A1+1"), USUAL)
    assert (error.value, error.rule, error.blank) == (None, "error-cell", False)
    assert (formula.value, formula.rule, formula.blank) == (None, "uncached-formula", False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("007", "007"),
        (" 7 ", "7"),
        (7, "7"),
        (7.0, "7"),
        ("P-007", "P-007"),
        (1234567890123.0, "1234567890123"),
        ("../../x", "../../x"),
        ("=1+1", "=1+1"),
        ("x" * 200, "x" * 200),
        ("Zoë", "Zoë"),
        ("0", "0"),
    ],
)
def test_ids_stay_text(value: Any, expected: str) -> None:
    assert cells.read_id(value, USUAL).value == expected


@pytest.mark.parametrize("value", ["", "  ", "-", "–", "n/a", "N/A", math.nan])
def test_no_id(value: Any) -> None:
    assert cells.read_id(value, USUAL) == BLANK


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (15, 15.0),
        (15.0, 15.0),
        (12.5, 12.5),
        (0, 0.0),
        ("15", 15.0),
        ("15 min", 15.0),
        ("15min", 15.0),
        ("15 MIN.", 15.0),
        ("15 minutes", 15.0),
        ("15 Minuten", 15.0),
        ("15 minutos", 15.0),
        ("15 m", 15.0),
        ("15'", 15.0),
        ("15′", 15.0),
        ("15’", 15.0),
        ("12,5", 12.5),
        ("12,5 min", 12.5),
        ("0:15", 15.0),
        ("00:15", 15.0),
        ("0:15:30", 15.5),
        ("1:30", 90.0),
        (TIME(0, 15), 15.0),
        (TIME(0, 20, 30), 20.5),
        (SPAN(minutes=15), 15.0),
        (SPAN(minutes=12, seconds=30), 12.5),
    ],
)
def test_minutes(value: Any, expected: float) -> None:
    assert cells.read_minutes(value, USUAL) == cells.Read(expected)


@pytest.mark.parametrize(
    "value",
    [
        "15:00",
        "15-20",
        "a while",
        "15 s",
        "15 h",
        "-5",
        -5,
        "10+5",
        "15''",
        "1,000",
        True,
        False,
        TIME(15, 0),
        DATE(2026, 1, 15),
        MOMENT(2026, 1, 15, 10, 0),
        SPAN(minutes=-5),
        math.nan,
        math.inf,
        Percent(0.15),
        "0:75",
        "15 min 30",
    ],
)
def test_no_minutes(value: Any) -> None:
    read = cells.read_minutes(value, USUAL)
    assert (read.value, read.rule, read.detail) == (None, "bad-value", "minutes")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("wavelength", 850, 850.0),
        ("wavelength", "850nm", 850.0),
        ("wavelength", "850 nm", 850.0),
        ("wavelength", "850 NM.", 850.0),
        ("wavelength", "850 nanometres", 850.0),
        ("irradiance", "34,7 mW/cm²", 34.7),
        ("irradiance", "34.7 mW/cm2", 34.7),
        ("irradiance", "34.7 mW / cm^2", 34.7),
        ("fluence", "2.4 J/cm²", 2.4),
        ("fluence", "2,4J/cm2", 2.4),
        ("pain_years", "3 years", 3.0),
        ("pain_years", "3 Jahre", 3.0),
        ("pain_years", "3 años", 3.0),
        ("pain_years", "1,5 ans", 1.5),
        ("mobility", "12 cm", 12.0),
        ("mobility", "-3", -3.0),
        ("mobility", -3, -3.0),
        ("birth_year", 1970, 1970.0),
    ],
)
def test_numbers_with_and_without_their_unit(field: str, value: Any, expected: float) -> None:
    read = cells.reader({**SESSION_FIELDS, **REGISTER_FIELDS}[field])(value, USUAL)
    assert read == cells.Read(expected)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wavelength", "0.85 um"),
        ("wavelength", "810-850"),
        ("wavelength", True),
        ("wavelength", "850 mW/cm²"),
        ("irradiance", "34.7 W/cm²"),
        ("irradiance", "high"),
        ("fluence", "2.4 J"),
        ("fluence", -1),
        ("fluence", "1,000"),
        ("pain_years", "3 months"),
        ("pain_years", "since 2019"),
        ("mobility", "12 mm"),
        ("mobility", math.nan),
        ("irradiance", Percent(0.3)),
        ("birth_year", DATE(1970, 1, 1)),
    ],
)
def test_numbers_in_another_unit_or_none_at_all(field: str, value: Any) -> None:
    read = cells.reader({**SESSION_FIELDS, **REGISTER_FIELDS}[field])(value, USUAL)
    assert (read.value, read.rule) == (None, "bad-value")
    assert read.detail.startswith("a number")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(
            (word, "yes")
            for word in (
                "yes",
                "Y",
                "ja",
                "J",
                "oui",
                "sí",
                "Si",
                "x",
                "X",
                "✓",
                "✔",
                "1",
                1,
                1.0,
                True,
                "TRUE",
                "true",
                "wahr",
                "Ｙes",
                " yes ",
            )
        ),
        *(
            (word, "no")
            for word in ("no", "N", "nein", "non", "0", 0, 0.0, False, "FALSE", "✗", "falsch")
        ),
    ],
)
def test_yes_and_no(value: Any, expected: str) -> None:
    assert cells.read_yes_no(value, USUAL) == cells.Read(expected)


@pytest.mark.parametrize(
    "value", ["yes/no", "maybe", 2, "partly", 0.5, "yes but late", Percent(1.0)]
)
def test_neither_yes_nor_no(value: Any) -> None:
    read = cells.read_yes_no(value, USUAL)
    assert (read.value, read.rule) == (None, "bad-value")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("treatment", "treatment"),
        ("Session", "treatment"),
        ("Behandlung", "treatment"),
        ("séance", "treatment"),
        ("screening", "screening"),
        ("Initial assessment", "screening"),
        ("Dépistage", "screening"),
        ("follow-up", "follow-up"),
        ("Follow up", "follow-up"),
        ("FU", "follow-up"),
        ("f/u", "follow-up"),
        ("Nachkontrolle", "follow-up"),
        ("seguimiento", "follow-up"),
        ("no-show", "not-attended"),
        ("No Show", "not-attended"),
        ("DNA", "not-attended"),
        ("cancelled", "not-attended"),
        ("abgesagt", "not-attended"),
        ("not-attended", "not-attended"),
    ],
)
def test_visit_types(value: str, expected: str) -> None:
    assert cells.read_visit_type(value, USUAL) == cells.Read(expected)


@pytest.mark.parametrize("value", ["telephone", "treatment?", 3, True, "screening/treatment"])
def test_no_visit_type(value: Any) -> None:
    assert cells.read_visit_type(value, USUAL).rule == "bad-value"


def test_a_word_means_one_visit_type() -> None:
    words = [word for group in cells.VISIT_TYPES.values() for word in group]
    assert len(words) == len(set(words))
    assert not set(cells.YES) & set(cells.NO)


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("9:30", 570),
        ("09:30", 570),
        ("9.30", 570),
        ("9h30", 570),
        ("9 am", 540),
        ("12 am", 0),
        ("12 pm", 720),
        ("2:15 PM", 855),
        ("2:15 p.m.", 855),
        ("9 Uhr", 540),
        ("14:05:30", 845.5),
        (TIME(9, 30), 570),
        (MOMENT(2026, 1, 1, 9, 30), 570),
        (SPAN(hours=9), 540),
        ("00:00", 0),
    ],
)
def test_times(value: Any, minutes: float) -> None:
    assert cells.read_time(value, USUAL) == cells.Read(minutes)


@pytest.mark.parametrize(
    "value",
    ["9", 9, 0.4, "25:00", "9:75", "13 pm", "0 am", "morning", SPAN(hours=25), DATE(2026, 1, 1)],
)
def test_no_time(value: Any) -> None:
    assert cells.read_time(value, USUAL).rule == "bad-value"


@pytest.mark.parametrize(
    "value",
    [
        "none",
        "None",
        "NONE.",
        "no",
        "nil",
        "Nil",
        "0",
        0,
        0.0,
        False,
        "keine",
        "aucun",
        "ninguno",
        "none reported",
        "no adverse events",
    ],
)
def test_no_event_is_a_completed_field(value: Any) -> None:
    assert cells.read_event(value, USUAL) == cells.Read("none")


@pytest.mark.parametrize("value", ["", "n/a", "N/A", "-", "?", "unknown", "not documented"])
def test_an_event_that_is_not_documented(value: str) -> None:
    assert cells.read_event(value, USUAL) == BLANK


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("skin redness", "skin redness"),
        (" Headache ", "Headache"),
        ("no burns but itching",) * 2,
        (1, "1"),
        (True, "TRUE"),
        ("yes", "yes"),
    ],
)
def test_an_event(value: Any, expected: str) -> None:
    assert cells.read_event(value, USUAL) == cells.Read(expected)


@pytest.mark.parametrize(
    "value", ["none", "no", "pending", "requested", "not cleared", "refused", "", "n/a"]
)
def test_a_clearance_that_is_not_given(value: str) -> None:
    assert cells.read_clearance(value, PROTOCOL) == BLANK


@pytest.mark.parametrize("value", ["Dr Weber, 3 Sept 2026", "GP letter on file"])
def test_a_clearance_that_is_given(value: str) -> None:
    assert cells.read_clearance(value, PROTOCOL) == cells.Read(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (CellError("#REF!"), "#REF!"),
        (Uncached("=A1"), "=A1"),
        (Uncached(), None),
        (Percent(0.7), "70%"),
        (MOMENT(2026, 9, 1), "2026-09-01"),
        (MOMENT(2026, 9, 1, 9, 30), "2026-09-01 09:30:00"),
        (TIME(9, 30), "09:30:00"),
        (7.0, 7),
        (6.5, 6.5),
        (math.nan, "nan"),
        ("", None),
        ("x", "x"),
        (True, True),
    ],
)
def test_how_a_raw_value_is_shown(value: Any, expected: Any) -> None:
    assert cells.shown(value) == expected
    assert type(cells.shown(value)) is type(expected)


RAW = st.one_of(
    st.text(max_size=12),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.builds(CellError, st.text(max_size=6)),
    st.builds(Percent, st.floats()),
    st.just(Uncached("=A1")),
)


@given(value=RAW, kind=st.sampled_from(sorted(READERS)))
def test_whatever_stands_in_a_cell_is_a_value_a_blank_or_a_finding(value: Any, kind: str) -> None:
    read = READERS[kind](value, CLINIC)
    assert (read.value is None) == (read.blank or read.rule not in ("", "score-decimal"))
    if kind == "score" and read.value is not None:
        assert 0 <= read.value <= 10
    if kind in ("minutes", "time") and read.value is not None:
        assert read.value >= 0
        assert math.isfinite(read.value)


@given(
    tenths=st.integers(0, 100),
    comma=st.booleans(),
    scale=st.sampled_from(["", "/10", " out of 10"]),
)
def test_a_score_survives_being_written(tenths: int, comma: bool, scale: str) -> None:
    text = f"{tenths / 10:.1f}"
    written = (text.replace(".", ",") if comma else text) + scale
    assert cells.read_score(written, USUAL).value == float(text)


@pytest.mark.parametrize("how", ["7⁰", "⁷", "1₀", "0¹", "7/10¹", "7 out of 10²"])
def test_a_score_with_raised_digits_is_none(how: str) -> None:
    read = READERS["score"](how, Words())
    assert (read.value, read.rule) == (None, "bad-score")


@pytest.mark.parametrize(
    "value",
    [
        Percent(1.0),
        Percent(0.0),
        Percent(7.0),
        ShownFraction(0.7, "7/10"),
        ShownFraction(7, "7"),
        SymbolText("7", "Webdings"),
        SymbolText("6", "Wingdings"),
    ],
)
def test_a_score_that_is_shown_as_something_else_is_none(value: Value) -> None:
    read = READERS["score"](value, Words())
    assert (read.value, read.rule) == (None, "bad-score")
    assert shown(value) in ("100%", "0%", "700%", "7/10", "7", "6")


@pytest.mark.parametrize("kind", ["yes_no", "minutes", "visit_type", "time"])
def test_symbols_of_no_sure_meaning_are_no_value(kind: str) -> None:
    read = READERS[kind](SymbolText("O", "Wingdings 3"), Words())
    assert (read.value, read.rule) == (None, "bad-value")


def test_raised_digits_elsewhere() -> None:
    assert READERS["minutes"]("12²", Words()).rule == "bad-value"
    assert READERS["yes_no"]("¹", Words()).rule == "bad-value"
    assert measured("34.7 mW/cm²", "mW/cm²") == 34.7
    assert unaccented(plain("Ｒ² É²")) == "r² e²"


def test_ticks_and_crosses() -> None:
    assert [READERS["yes_no"](mark, Words()).value for mark in "✓✗"] == ["yes", "no"]


def test_numbers_have_fifteen_digits() -> None:
    assert READERS["score"]("3.0999999999999996", Words()).value == 3.1
    assert READERS["minutes"]("12.000000000000002", Words()).value == 12
