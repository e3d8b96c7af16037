"""What a report says differently about months that were reported before, and why."""

import datetime as dt
import json
from itertools import permutations
from pathlib import Path

import openpyxl
import pytest
from conftest import Cli

from clinicreport.books import restatement
from clinicreport.books.report.panels import choices

HEADINGS = ("Patient ID", "Date", "NRS before", "Duration", "Notes")
DAY_0 = dt.date(2026, 9, 1)


def rows_of(patients=10, visits=4, start=8, fall=1):
    """Ten patients, each from 8 to 5 within September: all of them 37.5 % less."""
    return [
        [f"P{n}", DAY_0 + dt.timedelta(days=2 * at + n % 3), start - fall * at, 15, "Bongo note"]
        for n in range(patients)
        for at in range(visits)
    ]


def write(folder: Path, rows, name="log.xlsx"):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append(row)
    book.save(folder / name)


@pytest.fixture
def restated(cli: Cli, folder: Path):
    def run(before, after, edit=None, options=()):
        write(folder, before)
        first = cli("report", "log.xlsx", "--json", "-o", "first.xlsx", "--force", *options)
        assert first.exit_code == 0, first.output
        previous = json.loads(first.stdout)
        if edit:
            edit(previous)
        (folder / "previous.json").write_text(json.dumps(previous), encoding="utf-8")
        write(folder, after)
        second = cli(
            "report",
            "log.xlsx",
            "--json",
            "-o",
            "second.xlsx",
            "--force",
            "--previous",
            "previous.json",
            *options,
        )
        assert second.exit_code == 0, second.output
        return json.loads(second.stdout)["clinic"]["restated"]

    return run


LATEST = 3  # the row of P0 with the latest score


def test_nothing_changed(restated):
    (said,) = restated(rows_of(), rows_of())
    assert said == "No month of the report as of 9 September 2026 is different now."


def test_a_corrected_score(restated):
    after = rows_of()
    after[LATEST][2] = 7
    head, september = restated(rows_of(), after)
    assert head == (
        "Restated since the report as of 9 September 2026. Since then: 1 corrected score."
    )
    assert september == (
        "September 2026: 30 % responders 100.0 % → 90.0 % (10 of 10 → 9 of 10);"
        " mean reduction 3.0 → 2.8: 1 corrected score."
    )


def test_late_rows_and_a_row_that_is_gone(restated):
    after = [
        *rows_of()[1:],
        ["P1", DAY_0 + dt.timedelta(days=8), 8, 15, None],
        ["NEW", DAY_0, 6, 15, None],
        ["NEW", DAY_0 + dt.timedelta(days=1), 3, 15, None],
    ]
    _, september = restated(rows_of(), after)
    assert "started 10 → 11" in september
    assert "evaluable 10 → 11" in september
    assert "50 % responders 0.0 % → 9.1 % (0 of 10 → 1 of 11)" in september
    assert september.endswith(": 3 late rows, 1 row gone.")


def test_visits_after_the_earlier_report_restate_nothing(restated):
    after = [
        *rows_of(),
        *[[f"P{n}", DAY_0 + dt.timedelta(days=20), 1, 15, None] for n in range(10)],
        ["NEW", DAY_0 + dt.timedelta(days=40), 6, 15, None],
    ]
    (said,) = restated(rows_of(), after)
    assert said == "No month of the report as of 9 September 2026 is different now."


def test_a_correction_that_changes_no_figure_is_counted_and_no_month_named(restated):
    after = rows_of()
    after[1][4], after[2][3] = "Another note", 18
    (said,) = restated(rows_of(), after)
    assert said.endswith("is different now. Since then: 2 other corrected values.")


def test_the_order_of_the_rows_is_no_change(restated):
    (said,) = restated(rows_of(), rows_of()[::-1])
    assert said.startswith("No month")
    assert "Since then" not in said


def test_only_the_rows_of_the_months_own_patients_are_its_cause(restated):
    august = [["A", dt.date(2026, 8, day), score, 15, None] for day, score in ((1, 8), (3, 4))]
    after = [*[list(row) for row in august], *rows_of()]
    after[1][2] = 7
    after[2 + 1][3] = 19  # minutes of a patient of September: no figure of August
    _, month = restated([*august, *rows_of()], after)
    assert month.startswith("August 2026: ")
    assert month.endswith(": 1 corrected score.")


def test_where_no_row_tells_it_the_cause_is_not_known(restated):
    def made_up(previous):
        previous["clinic"]["reported"]["months"]["2026-09"]["responder_30"] = 7

    _, september = restated(rows_of(), rows_of(), made_up)
    assert september == (
        "September 2026: 30 % responders 70.0 % → 100.0 % (7 of 10 → 10 of 10): cause not known."
    )


def test_another_protocol_is_said(restated):
    def older(previous):
        previous["clinic"]["reported"]["months"]["2026-09"]["responder_30"] = 7
        previous["protocol"]["version"] = "2025.1"

    _, september = restated(rows_of(), rows_of(), older)
    assert "cause not known; the protocol is another one (now" in september


def test_a_report_without_fingerprints_is_compared_and_the_cause_left_open(restated):
    after = rows_of()
    after[LATEST][2] = 7
    head, september = restated(
        rows_of(), after, lambda previous: previous["clinic"].pop("reported")
    )
    assert head == "Restated since the report as of 9 September 2026."
    assert september.endswith("(10 of 10 → 9 of 10); mean reduction 3.0 → 2.8: cause not known.")


def test_such_a_report_told_nothing_of_who_started(restated):
    alone = [["Q1", dt.date(2026, 8, 5), 6, 15, ""]]  # started in August, not evaluable
    (said,) = restated(
        rows_of() + alone, rows_of() + alone, lambda previous: previous["clinic"].pop("reported")
    )
    assert said == "No month of the report as of 9 September 2026 is different now."


def test_a_period_is_compared_with_the_same_days(restated):
    after = rows_of()
    after[LATEST][2] = 7
    head, _ = restated(rows_of(), after, options=("--period", "2026-09"))
    assert head.startswith("Restated since the report as of 30 September 2026.")


def test_logs_of_other_patients_are_not_compared(restated):
    other = [["Q" + row[0], *row[1:]] for row in rows_of()]
    (said,) = restated(rows_of(), other)
    assert said.startswith("Nothing can be compared")


def test_an_earlier_report_of_no_visits(restated):
    assert restated([], rows_of()) == []


def test_the_fingerprints_hold_no_text_of_a_visit(cli: Cli, folder: Path):
    write(folder, rows_of())
    told = json.loads(cli("report", "log.xlsx", "--json", "-o", "a.xlsx").stdout)
    kept = json.dumps(told["clinic"]["reported"])
    assert "Bongo" not in kept
    assert "P0" not in kept
    assert "2026-09-0" not in kept
    assert len(told["clinic"]["reported"]["rows"]) == 10


@pytest.mark.parametrize("content", ["", "[]", "{}", "\x00", '{"clinic": {}}', "nonsense"])
def test_a_file_that_is_no_earlier_report(cli: Cli, folder: Path, content):
    write(folder, rows_of())
    (folder / "previous.json").write_text(content, encoding="utf-8")
    result = cli("report", "log.xlsx", "--previous", "previous.json")
    assert result.exit_code == 2
    assert "previous.json" in result.stderr
    assert not list(folder.glob("clinic-report-*"))


def test_a_file_that_is_not_there(cli: Cli, folder: Path):
    write(folder, rows_of())
    assert cli("report", "log.xlsx", "--previous", "none.json").exit_code == 2


def test_a_broken_day_or_trend_is_a_sentence_no_traceback(cli: Cli, folder: Path):
    write(folder, rows_of())
    told = json.loads(cli("report", "log.xlsx", "--json", "-o", "a.xlsx").stdout)
    for change in (
        {"as_of": "yesterday"},
        {"period": "always"},
        {"clinic": 5},
        {"clinic": {"reported": {"months": 3}}},
        {"clinic": {"trend": [4]}},
        {"clinic": {"reported": {"months": {"m": {}}, "rows": {}}}},
    ):
        (folder / "previous.json").write_text(json.dumps(told | change), encoding="utf-8")
        result = cli("report", "log.xlsx", "--previous", "previous.json", "-o", "b.xlsx")
        assert result.exit_code == 2, (change, result.output)


def test_the_command_says_it(cli: Cli, folder: Path):
    write(folder, rows_of())
    told = cli("report", "log.xlsx", "--json", "-o", "a.xlsx").stdout
    (folder / "previous.json").write_text(told, encoding="utf-8")
    after = rows_of()
    after[LATEST][2] = 7
    write(folder, after)
    result = cli("report", "log.xlsx", "--previous", "previous.json", "-o", "b.xlsx")
    assert "1 corrected score" in result.stdout


@pytest.mark.parametrize(
    "mean",
    [
        choices._mean,
        lambda values: restatement._closed({"reductions": values, "patients": []})[
            "mean_reduction"
        ],
    ],
)
def test_a_mean_rests_neither_on_the_order_nor_on_the_python(mean):
    """sum() of floats rounds at each step before Python 3.12, and not from there on."""
    assert {mean(list(order)) for order in permutations([0.1, 0.2, 0.3])} == {0.6 / 3}
