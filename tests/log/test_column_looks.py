"""What a column looks like, and so what it may be."""

from collections import Counter
from datetime import date, datetime

import pytest

from clinicreport.log.dates import DateStyle
from clinicreport.log.fit.column_looks import column_look


def look(*values):
    return column_look(Counter(values).items(), len(values), DateStyle(), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((), "empty"),
        ((8, 6, 5, 7), "whole numbers, 5 to 8"),
        ((64.0, 58.5, 96, 3), "numbers, 3 to 96"),
        (("8 -> 6", "7->5", "6 -> 6", "5"), "two numbers with “->” between"),
        (("01.09.", "02.09.", "17.09."), "days without a year"),
        (("2026-09-01", "2026-09-03"), "dates"),
        (("1.9.2026", "2.9.2026"), "dates as text, order not settled"),
        (("DNA", "attended", "attended"), "whether somebody came"),
        (("yes", "no", "yes"), "yes or no"),
        (("H-014", "H-015", "H-014"), "2 different codes"),
        (("Exempla Alba", "Demov Bruno"), "2 different names or words"),
        (("came late, was in pain on the stairs", "will phone on Monday; see letter"), "free text"),
    ],
)
def test_in_words(values, words):
    assert look(*values).words == words


def test_a_score_may_be_of_another_scale():
    assert look(8, 6, 5, 7).may_be_score
    assert not look(8, 6, 5, 7).above_ten
    assert look(64, 58, 96, 3).above_ten
    assert not look(1, 1, 1, 0).may_be_score  # two values: yes and no
    assert not look(2207, 2203, 2205).may_be_score


def test_codes_for_missing_are_no_scores():
    found = look(8, 6, 5, 7, -99, -99)
    assert found.codes_for_missing == [-99]
    assert found.may_be_score
    assert look(88, 64, 58, 99).codes_for_missing == []
    assert look(8, 6, 5, 99).codes_for_missing == [99]


def test_patients_by_code_name_or_number():
    assert look("H-014", "H-015").may_be_patient
    assert look(2207, 2203, 2207).may_be_patient
    assert look("Exempla", "Demov").may_be_patient
    assert not look("yes", "no").may_be_patient
    assert not look(datetime(2026, 9, 1), datetime(2026, 9, 2)).may_be_patient
    assert not look(6.5, 7.5).may_be_patient


def test_a_time_of_day_is_seen():
    assert look("2026-09-01T01:04:11", "2026-09-02T02:04:11").with_time == 2
