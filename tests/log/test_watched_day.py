"""Today notices whether a later today would have given something else."""

import datetime as dt
import operator
from pathlib import Path

import pytest

from clinicreport.log.visits import read_sessions
from clinicreport.log.watched_day import WatchedDay
from clinicreport.reading.files import read_books
from clinicreport.settings.request import make_request, reading

TODAY = dt.date(2026, 6, 10)
BEFORE, AFTER = dt.date(2026, 6, 9), dt.date(2026, 6, 11)


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("day", [BEFORE, TODAY, AFTER])
def test_a_comparison_matters_where_a_later_today_turns_it(compare, day) -> None:
    for first in (True, False):
        watched = WatchedDay.of(TODAY)

        def told(today: dt.date, *, first: bool = first) -> bool:
            return bool(compare(today, day) if first else compare(day, today))

        assert told(watched) is told(TODAY)
        turned = any(told(TODAY + dt.timedelta(more)) is not told(TODAY) for more in range(5))
        assert watched.matters is turned


@pytest.mark.parametrize(
    "ask",
    [
        lambda day: day.year,
        lambda day: day.isoformat(),
        lambda day: f"{day:%Y}",
        lambda day: day - BEFORE,
        lambda day: AFTER - day,
        lambda day: day + dt.timedelta(1),
        lambda day: day == BEFORE,
        lambda day: {day: 1},
    ],
)
def test_whatever_else_is_asked_matters(ask) -> None:
    watched = WatchedDay.of(TODAY)
    assert ask(watched) == ask(TODAY)
    assert watched.matters


@pytest.mark.parametrize(
    ("dates", "matters"),
    [
        (("2026-05-04", "2026-05-06"), False),
        (("04.05.2026", "13.05.2026"), False),
        (("2026-05-04", "2026-06-11"), True),
        (("2026-05-04", "2027-05-06"), True),
        (("04.05.26", "07.05.26"), True),  # the orders that are left rest on what can be
        (("4 May", "6 May"), True),  # the sentence names this year
    ],
)
def test_whether_a_log_rests_on_the_day(tmp_path: Path, dates, matters) -> None:
    path = tmp_path / "log.csv"
    rows = "".join(f"P-1,{day},{score}\n" for day, score in zip(dates, (7, 5), strict=True))
    path.write_text(f"Patient ID,Date,Pain before\n{rows}", encoding="utf-8")
    watched = WatchedDay.of(TODAY)
    how = reading(make_request(today=TODAY.isoformat()))
    how = type(how)(**{name: getattr(how, name) for name in how.__slots__} | {"today": watched})
    read_sessions(read_books([path]), how)
    assert watched.matters is matters
