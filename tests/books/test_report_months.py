"""Month by month in the workbook: gaps, hollow months, limits, signals, and what was changed."""

import datetime as dt
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import report_data as data
from test_report import table

from clinicreport.books.report import report_workbook
from clinicreport.ground.errors import UsageError
from clinicreport.outcomes.after_course import AfterCourse
from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.figures import MonthFigures
from clinicreport.outcomes.trend import trend_limits, with_signals
from clinicreport.settings import config
from clinicreport.settings.config import DatedChange


def months(values: list[float | None], n: int = 12) -> list[MonthFigures]:
    return [
        MonthFigures(
            f"{2025 + at // 12}-{at % 12 + 1:02d}",
            0 if value is None else n,
            value,
            None if value is None else 0.5,
        )
        for at, value in enumerate(values)
    ]


def with_trend(entries: list[MonthFigures], *changes: DatedChange) -> bytes:
    whole: Analysis = data.one_patient()
    limits = trend_limits(entries, [change.day for change in changes if change.rebase])
    clinic = replace(whole.clinic, trend=with_signals(entries, limits), trend_limits=limits)
    return report_workbook.content(whole._replace(clinic=clinic, changes=changes))


def drawn(content: bytes) -> list[str]:
    """The names of the series in the chart by month."""
    charts = openpyxl.load_workbook(BytesIO(content))["Charts"]._charts
    (chart,) = (each for each in charts if "by month" in str(each.title.tx.rich.p[0].r[0].t))
    return [series.tx.v or series.tx.strRef.f for series in chart.series]


def test_gaps_and_few_patients() -> None:
    entries = [*months([2.0, None, 1.0]), MonthFigures("2025-04", 9, 3.0, 0.5)]
    content = with_trend(entries)
    rows = table(content, "Charts", "months")
    assert [row["Patients"] for row in rows] == [12, 0, 12, 9]
    assert [row["Mean reduction"] for row in rows] == [2.0, None, 1.0, 3.0]
    assert [row["Signal"] for row in rows] == ["none", "not judged", "none", "not judged"]
    assert "Lower limit" not in rows[0]
    helper = table(content, "Charts", "months_chart")
    assert [row["Few"] for row in helper] == [None, None, None, 3.0]
    assert [row["Judged"] for row in helper] == [2.0, None, 1.0, None]


def test_limits_and_signals_stand_beside_their_months() -> None:
    content = with_trend(months([2.0, 3.0] * 6 + [9.0]))
    rows = table(content, "Charts", "months")
    assert rows[-1]["Signal"] == "above the limits"
    assert rows[0]["Lower limit"] < rows[0]["Mean"] < rows[0]["Upper limit"]


def test_what_was_changed_is_a_dated_line() -> None:
    changes = (
        DatedChange(day=dt.date(2025, 3, 9), words="new lamps", rebase=True),
        DatedChange(day=dt.date(2025, 3, 20), words="=1+1"),
    )
    content = with_trend(months([2.0, 3.0, 1.0]), *changes)
    rows = table(content, "Charts", "months")
    assert [row["Changed"] for row in rows] == [
        None,
        None,
        "9 March 2025: new lamps; 20 March 2025: =1+1",
    ]
    assert "something was changed" in drawn(content)
    assert "something was changed" not in drawn(with_trend(months([2.0, 3.0])))


def test_limits_begin_anew_after_a_change() -> None:
    change = DatedChange(day=dt.date(2026, 1, 2), words="new lamps", rebase=True)
    content = with_trend(months([2.0, 3.0] * 6 + [7.0, 8.0] * 6), change)
    rows = table(content, "Charts", "months")
    assert (rows[0]["Mean"], rows[-1]["Mean"]) == (2.5, 7.5)
    assert {row["Signal"] for row in rows} == {"none"}


def test_the_curve_after_the_course_is_dotted_where_few_are_followed() -> None:
    steps = (
        AfterCourse(30, 12, 1, 2, 11 / 12, (0.5, 0.99)),
        AfterCourse(40, 9, 3, 0, 0.6, (0.3, 0.8)),
        AfterCourse(60, 6, 0, 6, 0.6, (0.3, 0.8)),
    )
    content = report_workbook.content(data.one_patient()._replace(after_course=steps))
    corners = table(content, "Charts", "lasting_chart")
    assert [(row["Day"], row["Share"], row["Share of few"]) for row in corners] == [
        (28, 1, None),
        (30, 1, None),
        (30, 11 / 12, 11 / 12),  # where one look ends the other begins
        (40, None, 11 / 12),
        (40, None, 0.6),
        (60, None, 0.6),
        (60, None, 0.6),
    ]
    assert [(row["Low"], row["High"]) for row in corners[:3]] == [(None, None)] * 2 + [(0.5, 0.99)]
    rows = table(content, "Charts", "lasting")
    assert [(row["Still followed"], row["Relapsed"], row["Last seen"]) for row in rows] == [
        (12, 1, 2),
        (9, 3, 0),
        (6, 0, 6),
    ]
    sheet = openpyxl.load_workbook(BytesIO(content))["Charts"]
    printed = " ".join(str(cell.value) for (cell,) in sheet.iter_rows(max_col=1))
    said = "still followed/relapsed/last seen by day 30: 9/1/2; day 40: 6/4/2; day 60: 0/4/8."
    assert f"Of 12, {said}" in printed


def test_what_stands_beside_the_headline() -> None:
    whole = data.analysis(40)
    confirmed = int(whole.evaluable["confirmed_30"].astype(bool).sum())
    assert 0 < confirmed < whole.clinic.responder_30.count
    content = report_workbook.content(whole)
    said = [str(row[1].value) for row in openpyxl.load_workbook(BytesIO(content))["Figures"].rows]
    for words in (
        f"30 %: {confirmed} of 38 (95 % ",
        "minimal detectable change 2.8 points: ",
        "points less: 1 from up to 4, 2 from up to 7, 3 from up to 10",
        "not known: fewer than 5 patients with a screening",
        "the logs have no column on how grave they were",
    ):
        assert any(words in text for text in said), words


def test_changes_are_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(
        '[[changes]]\nday = 2026-09-01\nwords = "new lamps"\nrebase = true\n'
        '[[changes]]\nday = 2026-02-01\nwords = "new form"\n'
    )
    settings, _ = config.load(file)
    assert [(each.words, each.rebase) for each in settings.changes] == [
        ("new form", False),
        ("new lamps", True),
    ]


@pytest.mark.parametrize(
    "line", ['words = "x"', "day = 2026-01-01", 'day = 2026-01-01\nwords = ""']
)
def test_a_change_needs_a_day_and_words(tmp_path: Path, line: str) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(f"[[changes]]\n{line}\n")
    with pytest.raises(UsageError, match="changes"):
        config.load(file)
