"""The period that a report is about."""

import datetime as dt

import numpy as np
import pytest

from clinicreport.ground.errors import UsageError
from clinicreport.ground.period import months_of, parse_period

D = dt.date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-10", D(2026, 10, 1), D(2026, 10, 31)),
        ("2026-02", D(2026, 2, 1), D(2026, 2, 28)),
        ("2024-02", D(2024, 2, 1), D(2024, 2, 29)),
        ("2026-12", D(2026, 12, 1), D(2026, 12, 31)),
        ("2026-10-05..2026-10-20", D(2026, 10, 5), D(2026, 10, 20)),
        ("2026-10-05..2026-10-05", D(2026, 10, 5), D(2026, 10, 5)),
        (" 2026-10 ", D(2026, 10, 1), D(2026, 10, 31)),
    ],
)
def test_periods(text: str, first: dt.date, last: dt.date) -> None:
    period = parse_period(text)
    assert (period.first, period.last, period.text) == (first, last, text.strip())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-13", "no such month"),
        ("2026-00", "no such month"),
        ("0000-01", "no such month"),
        ("2026-02-30..2026-03-01", "no such"),
        ("2026-10-20..2026-10-05", "after its last"),
        ("October", "write it as 2026-10"),
        ("2026", "write it as"),
        ("2026-1", "write it as"),
        ("2026-10-05", "write it as"),
        ("2026-10..2026-11", "write it as"),
        ("", "write it as"),
        ("2026-10-05...2026-10-20", "write it as"),
    ],
)
def test_what_is_no_period_is_said_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_period(text)


def test_days_and_months_with_a_time_of_day_and_of_nothing() -> None:
    october = parse_period("2026-10")
    days = np.array(["2026-10-31T23", "2026-11-01", "2026-09-30"], dtype="datetime64[s]")
    assert october.inside(days).tolist() == [True, False, False]
    assert (october.holds(days), october.holds(days[1:])) == (True, False)
    assert months_of(days) == ("2026-09", "2026-10", "2026-11")
    assert (october.holds(days[:0]), months_of(days[:0])) == (False, ())
