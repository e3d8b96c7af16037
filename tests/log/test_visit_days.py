"""The day of a visit where no plain date tells it: parts, weeks, named visits, odd date cells."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from helpers import TODAY, book_of, sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicreport.log.cells import Words
from clinicreport.log.dates import DateColumn, DateStyle, read_dates
from clinicreport.log.week_labels import Labels
from clinicreport.reading.spreadsheet import Uncached
from clinicreport.settings.config import Config

D = dt.date
At = dt.datetime
FromBooks = Callable[..., dict[str, Any]]


def log(*dates: Any, heading: str = "Date") -> Any:
    """A log of one patient whose scores fall by one a visit."""
    return book_of(
        sheet_of(
            [["Patient", heading, "Pain"], *(["P-1", d, 9 - at] for at, d in enumerate(dates))]
        )
    )


def told(found: dict[str, Any], *rules: str) -> list[tuple[str, str, str]]:
    return [(f["rule"], f["cell"], f["severity"]) for f in found["findings"] if f["rule"] in rules]


def rows(found: dict[str, Any]) -> tuple[int, int]:
    return sum(i["rows"] for i in found["inputs"]), sum(i["used"] for i in found["inputs"])


def span(found: dict[str, Any]) -> tuple[str, str]:
    (course,) = found["courses"]
    return course["day_0"], course["last_treatment"]


def config(**reading: Any) -> Config:
    return Config(reading=reading)  # type: ignore[arg-type]


def texts(form: str, *days: dt.date) -> list[str]:
    return [day.strftime(form) for day in days]


# ---------------------------------------------------------------------------- two-digit years

OCTOBER = [D(2026, 10, day) for day in (5, 7, 9, 12, 13)]


@pytest.mark.parametrize("form", ["%y-%m-%d", "%y/%m/%d", "%d.%m.%y", "%m/%d/%y"])
def test_years_of_two_digits_are_told_by_their_span(from_books: FromBooks, form: str) -> None:
    found = from_books(log(*texts(form, *OCTOBER)))
    assert span(found) == ("2026-10-05", "2026-10-13")
    assert rows(found) == (5, 5)


@pytest.mark.parametrize(("form", "days"), [("%d-%m-%y", (5, 6, 8)), ("%m.%d.%y", (3, 4, 8))])
def test_years_of_two_digits_that_nothing_settles(
    from_books: FromBooks, form: str, days: tuple[int, ...]
) -> None:
    found = from_books(log(*texts(form, *(D(2026, 4, day) for day in days))))
    assert told(found, "ambiguous-date") == [
        ("ambiguous-date", f"B{row}", "error") for row in (2, 3, 4)
    ]
    assert "date_order" in found["findings"][0]["message"]


def test_one_wrong_date_in_many_does_not_unsettle_the_order(from_books: FromBooks) -> None:
    days = [*(D(2026, 10, day) for day in range(1, 27)), D(2026, 11, 2)]
    found = from_books(log(*texts("%d.%m.%y", *days), "05.13.26"))
    assert told(found, "bad-date", "ambiguous-date") == [("bad-date", "B29", "error")]


def test_a_day_first_log_of_one_month(from_books: FromBooks) -> None:
    found = from_books(log("05-10-26", "12-10-26", "19-10-26", "26-10-26"))
    assert told(found, "ambiguous-date", "bad-date", "unlikely-date") == []
    assert span(found) == ("2026-10-05", "2026-10-26")


# ----------------------------------------------------------------------------- half converted

CONVERTED = [
    *("28/09/2026", "30/09/2026"),
    *(At(2026, 2, 10), At(2026, 5, 10), At(2026, 7, 10), At(2026, 9, 10)),
    *("14/10/2026", "16/10/2026", "19/10/2026"),
]
IN_ORDER = ["2026-09-28", "2026-10-19"]


def test_dates_that_a_program_half_converted(from_books: FromBooks) -> None:
    found = from_books(log(*CONVERTED))
    assert told(found, "ambiguous-date") == [
        ("ambiguous-date", f"B{row}", "error") for row in (4, 5, 6, 7)
    ]
    assert any("swapped_dates = true" in f["message"] for f in found["findings"])
    assert rows(found) == (9, 5)


def test_the_clinic_says_that_they_are_swapped(from_books: FromBooks) -> None:
    found = from_books(log(*CONVERTED), config=config(swapped_dates=True))
    assert list(span(found)) == IN_ORDER
    assert rows(found) == (9, 9)
    assert told(found, "ambiguous-date") == []
    assert any("swapped_dates" in text for text in found["inputs"][0]["assumptions"])


def test_the_clinic_says_that_they_are_right(from_books: FromBooks) -> None:
    found = from_books(log(*CONVERTED), config=config(swapped_dates=False))
    assert rows(found) == (9, 9)
    assert found["courses"][0]["day_0"] == "2026-02-10"


@pytest.mark.parametrize(
    "dates",
    [
        [At(2026, 10, 5), At(2026, 10, 6), At(2026, 10, 14), *texts("%d/%m/%Y", *OCTOBER)],
        [At(2026, 10, 5), At(2026, 10, 6), "14/10/2026", "15/10/2026", "16/10/2026"],
        [At(2026, 10, 5), At(2026, 10, 6), At(2026, 10, 7), "14/10/2026", "15/10/2026"],
    ],
)
def test_other_mixed_columns_are_read(from_books: FromBooks, dates: list[Any]) -> None:
    found = from_books(log(*dates))
    assert told(found, "ambiguous-date") == []
    assert rows(found) == (len(dates), len(dates))


# ------------------------------------------------------------------------------- without a year


@pytest.mark.parametrize(
    "dates", [["28.9.", "30.9.", "2.10.", "5.10."], ["28 Sep", "30 Sep", "2 Oct", "Oct 5"]]
)
def test_dates_without_a_year(from_books: FromBooks, dates: list[str]) -> None:
    found = from_books(log(*dates), config=config(year=2026))
    assert span(found) == ("2026-09-28", "2026-10-05")
    asked = from_books(log(*dates))
    assert told(asked, "bad-date") == [("bad-date", f"B{row}", "error") for row in (2, 3, 4, 5)]
    message = asked["findings"][0]["message"]
    assert "year = 2026" in message
    assert "clinicreport fit" in message


def test_an_earlier_month_is_the_next_year(from_books: FromBooks) -> None:
    found = from_books(log("28 Dec", "30 Dec", "4 Jan", "6 Jan"), config=config(year=2025))
    assert span(found) == ("2025-12-28", "2026-01-06")


def test_the_nearest_year_to_the_other_dates(from_books: FromBooks) -> None:
    found = from_books(log("28 Dec", "2026-01-02", "4 Jan", "30.12.2025"), config=config(year=2026))
    assert span(found) == ("2025-12-28", "2026-01-04")


def test_a_year_settles_no_order(from_books: FromBooks) -> None:
    found = from_books(log("3/4", "5/4", "6/4"), config=config(year=2026))
    assert [rule for rule, *_ in told(found, "ambiguous-date")] == ["ambiguous-date"] * 3


def test_a_row_a_patient_counts_from_its_first_visit(from_books: FromBooks) -> None:
    sheet = sheet_of(
        [
            ["Patient", "Visit 1 date", "Visit 1 pain", "Visit 2 date", "Visit 2 pain"],
            ["P-1", "28 Dec", 8, "4 Jan", 6],
        ]
    )
    found = from_books(book_of(sheet), config=config(year=2025))
    assert span(found) == ("2025-12-28", "2026-01-04")


# ------------------------------------------------------------------------------ three columns


def parts(headings: list[str], *dates: list[Any]) -> Any:
    body = (["P-1", *date, 9 - at] for at, date in enumerate(dates))
    return book_of(sheet_of([["Patient", *headings, "Pain"], *body]))


@pytest.mark.parametrize(
    ("headings", "dates"),
    [
        (["Day", "Month", "Year"], [[28, 9, 2026], [2, 10, 2026]]),
        (["Jahr", "Monat", "Tag"], [[2026, "Sept", 28], [2026, "10", 2]]),
        (["mm", "jj", "tt"], [["September", 26, 28], ["Oct", "2026", "2"]]),
    ],
)
def test_a_date_in_three_columns(
    from_books: FromBooks, headings: list[str], dates: list[list[Any]]
) -> None:
    named = ["tt", "mm", "jj"] if "tt" in headings else headings
    found = from_books(parts(headings, *dates), config=config(date_from=named))
    assert span(found) == ("2026-09-28", "2026-10-02")
    assert told(found, "unknown-column", "bad-date") == []
    assert any("date_from" in text for text in found["inputs"][0]["assumptions"])


def test_a_fault_in_three_columns_stands_on_its_cell(from_books: FromBooks) -> None:
    dates = [[1, 10, 2026], [31, 9, 2026], [2, "Foo", 2026], [3, 10, None], [None, None, None]]
    found = from_books(parts(["D", "M", "Y"], *dates), config=config(date_from=["D", "M", "Y"]))
    assert told(found, "bad-date", "missing-date") == [
        ("bad-date", "B3", "error"),
        ("bad-date", "C4", "error"),
        ("bad-date", "D5", "error"),
        ("missing-date", "B6", "error"),
    ]


# ---------------------------------------------------------------------------- weeks and visits


@pytest.mark.parametrize(
    ("label", "days"),
    [
        *(("3", 21), (3, 21), (3.0, 21), ("Week 3", 21), ("W3", 21), ("3 weeks", 21)),
        *(("Wk-1", -7), ("-1", -7), (-1.0, -7), ("0.5", 3), (0.5, 3), ("1,3", 9), (1.3, 9)),
        *(("3. Woche", 21), ("semaine 2", 14), ("2 semanas", 14), ("Settimana 4", 28)),
        *(("Baseline", 0), ("T2", 21), ("t 2", None), ("soon", None), ("Week", None)),
        *((True, None), (float("nan"), None), ("5000", None), ("Week 3 after", None)),
    ],
)
def test_labels_of_weeks_and_visits(label: Any, days: int | None) -> None:
    found = Labels([label, "0"], {"T2": 21}).cell(label)
    assert (found.days if found else None) == days


def test_a_dash_that_every_label_has_is_no_minus() -> None:
    labels = ["Baseline", "Week-1", "Week-2"]
    assert [Labels(labels, {}).cell(one).days for one in labels] == [0, 7, 14]  # type: ignore[union-attr]
    labels = ["Wk-1", "Wk 0", "Wk 4"]
    assert [Labels(labels, {}).cell(one).days for one in labels] == [-7, 0, 28]  # type: ignore[union-attr]


def test_a_negative_week_is_a_screening(from_books: FromBooks) -> None:
    long = sheet_of(
        [
            ["Patient", "Start date", "Week", "Pain"],
            *(["P-1", D(2026, 1, 5), w, s] for w, s in (("Wk-1", 9), ("0", 8), ("W2", 6))),
        ]
    )
    wide = sheet_of(
        [["Patient", "Start date", "Wk -1", "Wk 0", "2 weeks"], ["P-1", D(2026, 1, 5), 9, 8, 6]]
    )
    for sheet in (long, wide):
        found = from_books(book_of(sheet))
        assert span(found) == ("2026-01-05", "2026-01-19")
        assert (found["courses"][0]["baseline"], found["courses"][0]["sessions"]) == (8, 2)


def test_a_week_that_is_none_stands_on_its_cell(from_books: FromBooks) -> None:
    sheet = sheet_of(
        [
            ["Patient", "Start date", "Week", "Pain"],
            *(["P-1", D(2026, 1, 5), w, s] for w, s in ((0, 9), ("soon", 8), (2, 6))),
        ]
    )
    assert told(from_books(book_of(sheet)), "bad-date") == [("bad-date", "C3", "error")]


@pytest.mark.parametrize("layout", ["wide", "long"])
def test_named_visits(from_books: FromBooks, layout: str) -> None:
    wide = [["Patient", "Start date", "T1", "T2 pain", "Pain T3"], ["P-1", D(2026, 6, 1), 8, 6, 4]]
    long = [
        ["Patient", "Start date", "Timepoint", "Pain"],
        *(
            ["P-1", D(2026, 6, 1), label, score]
            for label, score in (("T1", 8), ("t2", 6), ("T3", 4))
        ),
    ]
    settings = config(visits={"T1": 0, "T2": 21, "T3": 120})
    found = from_books(book_of(sheet_of(wide if layout == "wide" else long)), config=settings)
    assert span(found) == ("2026-06-01", "2026-09-29")
    assert (found["courses"][0]["sessions"], found["courses"][0]["weeks_attended"]) == (3, 3)
    assert told(found, "unknown-column") == []
    assert any("reading.visits" in text for text in found["inputs"][0]["assumptions"])


@pytest.mark.parametrize(
    "headings",
    [["Patient", "Week", "Pain"], ["Patient", "Wk 0", "Wk 1"], ["Patient", "Woche", "Pain"]],
)
def test_weeks_without_a_start_date_ask_for_one(from_books: FromBooks, headings: list[str]) -> None:
    found = from_books(book_of(sheet_of([headings, ["P-1", 0, 7], ["P-1", 1, 6]])))
    (finding,) = [f for f in found["findings"] if f["rule"] == "missing-column"]
    assert "start_date = " in finding["message"]


# ----------------------------------------------------------------------- times and formulas


@pytest.mark.parametrize(
    ("times", "warned"),
    [
        ([(22, 0)] * 4, True),
        ([(22, 0), (23, 0)], True),
        ([(23, 0), (0, 0)], True),
        ([(23, 59)], True),
        ([(22, 0), (0, 0)], False),
        ([(22, 0), (22, 30), (23, 0)], False),
        ([(0, 0)], False),
        ([(9, 30), (22, 0)], False),
    ],
)
def test_times_that_a_time_zone_leaves(
    from_books: FromBooks, times: list[tuple[int, int]], warned: bool
) -> None:
    cells = [At(2026, 10, 4 + at, *clock) for at, clock in enumerate(times)]
    expected = [("shifted-dates", "B1", "warning")] if warned else []
    assert told(from_books(log(*cells)), "shifted-dates") == expected
    as_text = [f"{cell:%Y-%m-%dT%H:%M:%S}Z" for cell in cells]
    assert told(from_books(log(*as_text)), "shifted-dates") == expected


@pytest.mark.parametrize("cell", ["=TODAY()", "=now()", Uncached("TODAY()-1")])
def test_a_date_that_moves(from_books: FromBooks, cell: Any) -> None:
    found = from_books(log("2026-10-05", cell, "2026-10-07"))
    assert told(found, "moving-date", "bad-date") == [("moving-date", "B3", "error")]
    assert rows(found) == (3, 2)


# -------------------------------------------------------------------------- never a wrong date


@given(
    days=st.lists(st.dates(D(2023, 1, 1), TODAY), min_size=1, max_size=30),
    form=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%m.%d.%y", "%d.%m.%Y"]),
)
@settings(max_examples=200)
def test_a_column_in_one_order_is_never_read_wrongly(days: list[dt.date], form: str) -> None:
    """Each date is right or set aside, as long as its column spans no years that mislead."""
    reads, said = read_dates(DateColumn(texts(form, *days)), DateStyle(), TODAY, Words())
    for day, read in zip(days, reads, strict=True):
        assert read.value == day or read.rule, (day, read, said)


@given(days=st.lists(st.dates(D(2026, 1, 1), TODAY), min_size=6, max_size=30))
@settings(max_examples=200)
def test_a_half_converted_column_is_never_read_silently(days: list[dt.date]) -> None:
    """What a month-first program leaves of a day-first column is set aside, or declared right."""
    native = [day for day in days if day.day <= 12]
    cells: list[Any] = [
        At(day.year, day.day, day.month) if day.day <= 12 else day.strftime("%d/%m/%Y")
        for day in days
    ]
    known, _ = read_dates(DateColumn(cells), DateStyle(swapped=True), TODAY, Words())
    open_, _ = read_dates(DateColumn(cells), DateStyle(), TODAY, Words())
    if min(len(native), len(days) - len(native)) < 3:
        return  # too few to tell, by the definitions
    assert [read.value for read in known] == days
    for day, read in zip(days, open_, strict=True):
        assert read.value == day or read.rule == "ambiguous-date"
