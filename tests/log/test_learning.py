"""What learning proposes and asks about tables of every shape, and what it is certain of."""

from datetime import date, datetime

import pytest
from helpers import book_of, sheet_of

from clinicreport.log.fit.candidates import candidates
from clinicreport.log.fit.learning import learn
from clinicreport.log.fit.question_words import order_words
from clinicreport.log.reporter import Reporter
from clinicreport.log.session_log import Reading
from clinicreport.protocol import in_force

TODAY = date(2026, 11, 20)
DAYS = [datetime(2026, 9, day) for day in (7, 9, 11, 14, 16, 18, 21, 23)]
PATIENTS = ["P-1", "P-2"] * 4
BEFORE = [8, 7, 7, 6, 5, 6, 4, 5]
AFTER = [6, 6, 5, 5, 4, 4, 3, 4]


def columns(*named):
    """A sheet's rows from (heading, cells) pairs."""
    return [[heading for heading, _ in named], *zip(*(cells for _, cells in named), strict=True)]


def learnt(*sheets):
    """(key, value) -> certain, and the questions' choices as (key, value), for sheets of rows."""
    reading = Reading(Reporter(in_force.load(None)), TODAY)
    book = book_of(*(sheet_of(rows, name) for name, rows in sheets))
    found = learn(candidates([book], reading), reading)
    proposed = {(one.key, str(one.value)): one.certain for one in found.proposals}
    asked = [[(one.key, str(one.value)) for one in q.choices] for q in found.questions]
    return proposed, asked


def one(*named):
    return learnt(("Log", columns(*named)))


USUAL = (("Patient", PATIENTS), ("Date", DAYS), ("Pain before", BEFORE), ("Pain after", AFTER))


def test_a_log_that_can_be_read_is_asked_nothing():
    assert one(*USUAL) == ({}, [])


def test_the_only_column_of_dates_is_certain_and_nothing_else_is():
    proposed, asked = one(
        ("Kod", PATIENTS), ("Wizyta", DAYS), ("Ból przed", BEFORE), ("Ból po", AFTER)
    )
    assert proposed["aliases.date", "['Wizyta']"]
    assert not proposed["aliases.patient_id", "['Kod']"]
    assert not proposed["aliases.nrs_before", "['Ból przed']"]
    assert not proposed["aliases.nrs_after", "['Ból po']"]
    assert len(asked) == 3


def test_of_two_columns_of_dates_none_is_certain():
    other = [datetime(2026, 8, 1)] * 7 + [datetime(2026, 8, 2)]
    proposed, _ = one(
        ("Patient", PATIENTS), ("consent_dt", other), ("visit_dt", DAYS), ("Pain before", BEFORE)
    )
    assert proposed == {("aliases.date", "['visit_dt']"): False}


@pytest.mark.parametrize(
    ("heading", "scores", "scale"),
    [
        ("Pain before (0-5)", [5, 4, 4, 3, 2, 3, 1, 2], "0-5"),
        ("Pain before", [80, 70, 65, 60, 50, 6, 4, 5], "0-100"),
        ("Pain before", [18, 17, 16, 12, 5, 6, 4, 5], "0-20"),
        ("VAS before (mm)", [80, 70, 65, 60, 50, 6, 4, 5], "0-100"),
    ],
)
def test_another_scale_is_asked(heading, scores, scale):
    proposed, asked = one(("Patient", PATIENTS), ("Date", DAYS), (heading, scores))
    assert proposed["reading.scale.nrs_before", scale] is False
    assert any(choices[0] == ("reading.scale.nrs_before", scale) for choices in asked)


def test_patients_by_two_columns_of_names():
    names = ["Exempla", "Demov", "Fiktiv", "Testova"] * 2
    given = ["Alba", "Bruno", "Cleo", "Dora"] * 2
    proposed, asked = one(
        ("Surname", names), ("Given name", given), ("Date", DAYS), ("Pain before", BEFORE)
    )
    assert proposed == {("reading.patient_from", "['Surname', 'Given name']"): False}
    assert len(asked) == 1


def test_a_column_that_numbers_the_records_is_no_patient_without_a_question():
    proposed, asked = one(
        ("pid", [*PATIENTS, "P-1"]),
        ("_id", list(range(88200147, 88200156))),
        ("Date", [*DAYS, datetime(2026, 9, 25)]),
        ("Pain before", [*BEFORE, 4]),
    )
    assert proposed == {("aliases.patient_id", "['pid']"): False}
    assert asked[0][-1] == ("", "None")


def test_two_scores_in_one_cell():
    pairs = [f"{one} -> {two}" for one, two in zip(BEFORE, AFTER, strict=True)]
    proposed, _ = one(("Patient", PATIENTS), ("Date", DAYS), ("Pain", pairs))
    assert proposed == {("reading.split", "{'column': 'Pain', 'by': '->'}"): False}


def test_the_patient_on_the_first_row_only():
    once = ["P-1", "", "", "", "P-2", "", "", ""]
    proposed, _ = one(("Patient", once), ("Date", DAYS), ("Pain before", BEFORE))
    assert proposed == {("reading.fill_down", "['patient_id']"): False}


def test_two_rows_a_visit():
    days = [day for day in DAYS for _ in "ab"]
    patients = [patient for patient in PATIENTS for _ in "ab"]
    scores = [score for pair in zip(BEFORE, AFTER, strict=True) for score in pair]
    proposed, asked = one(("Patient", patients), ("Date", days), ("Pain", scores))
    assert proposed == {("reading.rows", "before-and-after"): False}
    assert ("reading.two_sessions_a_day", "True") in asked[0]


def test_who_came():
    came = ["attended", "DNA", "attended", "attended", "cancelled", "attended", "DNA", "attended"]
    proposed, _ = one(*USUAL, ("Came?", came))
    assert proposed == {("aliases.visit_type", "['Came?']"): False}


def test_a_code_for_not_known():
    proposed, _ = one(
        ("Patient", PATIENTS), ("Date", DAYS), ("Pain before", [8, -99, 7, 6, -99, 6, 4, 5])
    )
    assert proposed == {("missing", "['-99']"): False}


@pytest.mark.parametrize(
    ("days", "line"),
    [
        ([f"{day}.9.2026" for day in (1, 2, 3, 4, 5, 6, 7, 8)], ("date_order", "day-first")),
        ([f"{day:02}.09." for day in (1, 2, 3, 17, 18, 19, 21, 22)], ("reading.year", "2026")),
        (
            [
                *(datetime(2026, month, 9) for month in (1, 2, 4, 5)),
                *["14/09/2026"] * 2,
                "15/09/2026",
                "16/09/2026",
            ],
            ("reading.swapped_dates", "True"),
        ),
    ],
)
def test_days_that_do_not_say_it_all(days, line):
    proposed, _ = one(("Patient", PATIENTS), ("Date", days), ("Pain before", BEFORE))
    assert proposed == {line: False}


def test_a_date_in_three_columns():
    proposed, _ = one(
        ("Patient", PATIENTS),
        ("Day", [7, 9, 11, 14, 16, 18, 21, 23]),
        ("Month", [9] * 8),
        ("Year", [2026] * 8),
        ("Pain before", BEFORE),
    )
    assert ("reading.date_from", "['Day', 'Month', 'Year']") in proposed


def test_weeks_without_any_day():
    proposed, asked = one(
        ("Code", [f"S{n:02}" for n in range(8)]),
        ("Week 0", BEFORE),
        ("Week 2", AFTER),
        ("Week 4", [4, 4, 3, 3, 2, 2, 1, 2]),
    )
    assert not proposed["aliases.patient_id", "['Code']"]
    assert any(key == "start_date" and not sure for (key, _), sure in proposed.items())
    assert len(asked) == 2


def test_a_sheet_beside_the_log_may_be_left_out():
    appointments = columns(
        ("Patient", PATIENTS), ("Date", DAYS), ("Time", ["09:30"] * 8), ("Pain", AFTER)
    )
    proposed, _ = learnt(("Log", columns(*USUAL)), ("Appointments", appointments))
    assert proposed == {("reading.ignore", "['Appointments']"): False}


def test_where_no_day_can_be_known_nothing_is_proposed():
    assert one(("Возраст", [74, 51, 44, 60]), ("ВАШ_1", [43, 76, 84, 75])) == ({}, [])


@pytest.mark.parametrize(
    ("examples", "question", "words"),
    [
        (["05/10/2026"], "Is 05/10/2026 5 October or 10 May?", ["5 October", "10 May"]),
        (["05.05.26", "1-2-26"], "Is 1-2-26 1 February or 2 January?", ["1 February", "2 January"]),
        (["05/05/2026"], "In 05/05/2026: what stands first?", ["the day", "the month"]),
        (["13/10/2026"], "In 13/10/2026: what stands first?", ["the day", "the month"]),
        ([], "In its dates: what stands first?", ["the day", "the month"]),
    ],
)
def test_the_order_of_dates_is_asked_with_a_date(examples, question, words):
    asked, ways = order_words(examples)
    assert asked == question
    assert ways == dict(zip(["day-first", "month-first"], words, strict=True))
