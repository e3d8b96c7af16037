"""Dates: native cells first, text by one order for the whole column, never a guess."""

import datetime as dt
from typing import Any

import pytest
from helpers import book_of, sheet_of
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.log.cells import BLANK, Words
from clinicreport.log.date_texts import Order
from clinicreport.log.dates import DateColumn, DateStyle, as_value, read_dates
from clinicreport.log.months import MONTHS
from clinicreport.reading.spreadsheet import CellError, Percent, Uncached
from clinicreport.settings.config import Config

TODAY = dt.date(2026, 11, 24)
D = dt.date
EVERY = DateStyle(languages=("en", "de", "fr", "es"))


def column(*values: Any, style: DateStyle = EVERY, visit: bool = True) -> list[Any]:
    """What each value of a column is read as: the day, the rule that it breaks, or None."""
    reads, _ = read_dates(DateColumn(values), style, TODAY, Words(frozenset({"99"})), visit=visit)
    return [read.value or read.rule or None for read in reads]


def order(*values: Any, style: DateStyle = EVERY) -> str:
    said = read_dates(DateColumn(values), style, TODAY, Words())[1]
    return " ".join(said).removeprefix("text dates: ")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (dt.datetime(2026, 9, 3, 9, 30), D(2026, 9, 3)),
        (D(2026, 9, 3), D(2026, 9, 3)),
        ("2026-09-03", D(2026, 9, 3)),
        ("2026/9/3", D(2026, 9, 3)),
        ("2026.09.03", D(2026, 9, 3)),
        ("2026-09-03T09:30:00", D(2026, 9, 3)),
        ("2026-09-03 09:30", D(2026, 9, 3)),
        ("2026-09-03 09:30:15.123", D(2026, 9, 3)),
        ("20260903", D(2026, 9, 3)),
        (" 2026-09-03 ", D(2026, 9, 3)),
        ("２０２６-09-03", D(2026, 9, 3)),
        ("23.09.2026", D(2026, 9, 23)),
        ("9/23/26", D(2026, 9, 23)),
        ("Mo. 23.09.2026", D(2026, 9, 23)),
        ("2026-10-05T22:00:00Z", D(2026, 10, 5)),
        ("2026-10-05T23:30:00+02:00", D(2026, 10, 5)),
        ("2026-10-05 22:00:00.000+0200", D(2026, 10, 5)),
        ("9/23/2026", D(2026, 9, 23)),
        ("23.09.2026 14:30", D(2026, 9, 23)),
        ("23. 9. 2026", D(2026, 9, 23)),
        ("09/23/2026 2:30 PM", D(2026, 9, 23)),
        ("5/5/2026", D(2026, 5, 5)),
        ("3 Sep 2026", D(2026, 9, 3)),
        ("3 September 2026", D(2026, 9, 3)),
        ("3rd of September 2026", D(2026, 9, 3)),
        ("3-Sep-26", D(2026, 9, 3)),
        ("Sep 3, 2026", D(2026, 9, 3)),
        ("September 3rd, 2026", D(2026, 9, 3)),
        ("Thu, 3 Sep 2026", D(2026, 9, 3)),
        ("Thursday 3 September 2026", D(2026, 9, 3)),
        ("3 Sept. 2026", D(2026, 9, 3)),
        ("3 sep 2026 09:30", D(2026, 9, 3)),
        ("3. Oktober 2026", D(2026, 10, 3)),
        ("3. Okt. 2026", D(2026, 10, 3)),
        ("3. März 2026", D(2026, 3, 3)),
        ("3. Mrz 2026", D(2026, 3, 3)),
        ("3. Dez 2025", D(2025, 12, 3)),
        ("1er août 2026", D(2026, 8, 1)),
        ("3 févr. 2026", D(2026, 2, 3)),
        ("3 février 2026", D(2026, 2, 3)),
        ("3 juil. 2026", D(2026, 7, 3)),
        ("3 de enero de 2026", D(2026, 1, 3)),
        ("3 de septiembre de 2026", D(2026, 9, 3)),
        ("3 ene 2026", D(2026, 1, 3)),
        ("29 Feb 2024", D(2024, 2, 29)),
        ("2000-01-01", D(2000, 1, 1)),
        ("2026-11-24", D(2026, 11, 24)),
    ],
)
def test_dates_that_can_only_be_read_one_way(value: Any, day: dt.date) -> None:
    assert column(value) == [day]


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ("30 Feb 2026", "no such day"),
        ("2026-02-30", "no such day"),
        ("2026-13-01", "no such day"),
        ("32.13.2026", "not a date"),
        ("6 Jully 2026", "not a date"),
        ("soon", "not a date"),
        ("0", "not a date"),
        ("7", "not a date"),
        ("9/2026", "not a date"),
        ("Sept 2026", "not a date"),
        ("3 Sep", "no year is given"),
        ("2026", "not a date"),
        ("1.2.3.4", "not a date"),
        ("31/04/2026", "no such day"),
        ("0/1/2026", "not a date"),
        ("1999-12-31", "before 2000"),
        (D(1926, 7, 6), "before 2000"),
        (dt.datetime(1900, 1, 6), "before 2000"),
        ("06/01/0023", "before 2000"),
        ("24.12.1999", "before 2000"),
        (46000, "a number"),
        (46000.5, "a number"),
        (True, "a number"),
        (dt.time(9, 30), "a number"),
        (Percent(0.5), "a number"),
        (dt.timedelta(days=3), "a number"),
    ],
)
def test_no_dates(value: Any, detail: str) -> None:
    (read,), _ = read_dates(DateColumn([value]), EVERY, TODAY, Words())
    assert (read.value, read.rule) == (None, "bad-date")
    assert detail in read.detail


@pytest.mark.parametrize("value", ["2026-11-25", D(2062, 7, 6), "25.11.2026", "1 Dec 2026"])
def test_dates_after_the_day_of_the_run(value: Any) -> None:
    assert column(value) == ["future-date"]
    assert isinstance(column(value, visit=False)[0], dt.date)


def test_blanks_errors_and_formulas() -> None:
    reads, _ = read_dates(
        DateColumn(["", "n/a", "-", "99", CellError("#N/A"), Uncached()]),
        EVERY,
        TODAY,
        Words(frozenset({"99"})),
    )
    assert reads[:4] == [BLANK] * 4
    assert [read.rule for read in reads[4:]] == ["error-cell", "uncached-formula"]


def test_one_day_over_twelve_settles_the_whole_column() -> None:
    assert column("03/04/2026", "13/04/2026", "05/06/2026") == [
        D(2026, 4, 3),
        D(2026, 4, 13),
        D(2026, 6, 5),
    ]
    assert column("03/04/2026", "04/13/2026", "05/06/2026") == [
        D(2026, 3, 4),
        D(2026, 4, 13),
        D(2026, 5, 6),
    ]
    assert order("03/04/2026", "13/04/2026") == "day first"
    assert order("03/04/2026", "04/13/2026") == "month first"


def test_evidence_counts_across_separators_and_two_digit_years() -> None:
    assert column("3.4.26", "13/04/2026") == [D(2026, 4, 3), D(2026, 4, 13)]


def test_without_evidence_a_date_that_reads_both_ways_is_ambiguous() -> None:
    assert column("03/04/2026", "05/06/26", "5/5/2026", "2026-09-03", "3 Sep 2026") == [
        "ambiguous-date",
        "ambiguous-date",
        D(2026, 5, 5),
        D(2026, 9, 3),
        D(2026, 9, 3),
    ]
    assert order("03/04/2026") == "not settled"


def test_conflicting_evidence_settles_nothing() -> None:
    assert column("13/04/2026", "04/13/2026", "03/04/2026") == [
        D(2026, 4, 13),
        D(2026, 4, 13),
        "ambiguous-date",
    ]
    assert order("13/04/2026", "04/13/2026") == "not settled"


def test_native_cells_and_named_months_are_no_evidence() -> None:
    assert (
        column(D(2026, 4, 13), "13 April 2026", "2026-04-13", "03/04/2026")[-1] == "ambiguous-date"
    )
    assert order(D(2026, 4, 13), "13 April 2026") == ""


def test_what_is_no_date_is_no_evidence() -> None:
    assert column("13/14/2026", "03/04/2026") == ["bad-date", "ambiguous-date"]
    assert column("32/04/2026", "03/04/2026") == ["bad-date", "ambiguous-date"]


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        ("dmy", D(2026, 4, 3), D(2026, 4, 13)),
        ("mdy", D(2026, 3, 4), "bad-date"),
        ("ymd", D(2003, 4, 26), "bad-date"),
    ],
)
def test_what_the_clinic_says_holds_before_the_evidence(
    said: Order, first: Any, second: Any
) -> None:
    style = DateStyle(said)
    assert column("03/04/26", style=style) == [first]
    assert column("13/04/2026", style=style)[0] == (second if said != "ymd" else D(2026, 4, 13))


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_month_names_of_the_clinics_languages(language: str) -> None:
    for number, name in enumerate(MONTHS[language], 1):
        style = DateStyle(languages=(language,))
        assert column(f"3 {name} 2026", style=style, visit=False) == [D(2026, number, 3)]


@pytest.mark.parametrize("text", ["3. Oktober 2026", "3 août 2026", "3 enero 2026", "3. Dez 2025"])
def test_month_names_of_languages_that_the_clinic_does_not_list(text: str) -> None:
    assert column(text, style=DateStyle()) == ["bad-date"]


def test_english_month_names_are_always_known() -> None:
    assert column("3 October 2026", style=DateStyle(languages=("de",))) == [D(2026, 10, 3)]


def test_a_register_date_that_cannot_be_read_is_a_bad_value() -> None:
    (read,), _ = read_dates(DateColumn(["soon"]), EVERY, TODAY, Words(), visit=False)
    assert as_value(read).rule == "bad-value"


def test_ambiguous_rows_are_set_aside_and_the_clinic_file_settles_them(from_books: Any) -> None:
    rows = [["Patient", "Date", "Pain"], ["P-1", "03/04/2026", 6], ["P-1", "05/06/2026", 4]]
    found = from_books(book_of(sheet_of(rows)))
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [
        ("ambiguous-date", "B2"),
        ("ambiguous-date", "B3"),
    ]
    assert (found["inputs"][0]["used"], found["inputs"][0]["set_aside"]) == (0, 2)
    settled = from_books(book_of(sheet_of(rows)), config=Config(date_order="month-first"))
    assert settled["findings"] == []
    assert (settled["courses"][0]["day_0"], settled["as_of"]) == ("2026-03-04", "2026-05-06")


@given(
    days=st.lists(st.dates(D(2000, 1, 1), TODAY), min_size=1, max_size=12),
    separator=st.sampled_from("/.-"),
    day_first=st.booleans(),
)
def test_a_text_column_is_never_read_wrongly(
    days: list[dt.date], separator: str, day_first: bool
) -> None:
    """With evidence every date comes back; without it each is right or set aside."""
    form = "%d{0}%m{0}%Y" if day_first else "%m{0}%d{0}%Y"
    texts = [day.strftime(form.format(separator)) for day in days]
    settled = any(day.day > 12 for day in days)
    for day, read in zip(days, column(*texts), strict=True):
        assert read == day or (not settled and read == "ambiguous-date")
