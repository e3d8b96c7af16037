"""Logs that tell weeks and no days: what they may say, and what no sheet may make of them."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from clinic_folders import make_fast, make_folder, rows, run
from helpers import TODAY, book_of, sheet_of
from openpyxl import load_workbook

D = dt.date
FromBooks = Callable[..., dict[str, Any]]
Cli = Callable[..., Result]
WEEKS = ["Baseline", *(f"Wk {week}" for week in range(1, 9))]
WIDE = [
    ["Patient", "Start date", *WEEKS],
    ["P-1", "2026-07-01", 7, 6, 6, 5, 5, 4, 4, 3, None],
    ["P-2", "2026-07-02", None, 6, 6, 5, 5, 4, 4, 3, 3],
]
LONG = [
    ["Patient", "Start date", "Week", "NRS before"],
    *(["P-1", "2026-07-01", week, score] for week, score in ((0, 7), (1, 6), (2, 4), (12, 3))),
]


def text_of(table: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


def course(found: dict[str, Any]) -> dict[str, Any]:
    assert len(found["courses"]) == 1
    one: dict[str, Any] = found["courses"][0]
    return one


def wide(*patients: list[Any]) -> Any:
    return book_of(sheet_of([["Patient", "Start date", *WEEKS], *patients]))


SCORES = [7.0, 6.0, 6.0, 5.0, 5.0, 4.0, 4.0, 3.0, 3.0]


def test_a_course_whose_days_are_not_known_is_in_progress(from_books: FromBooks) -> None:
    one = course(from_books(wide(["P-1", D(2026, 3, 2), *SCORES])))
    assert one["weeks_attended"] is None
    assert (one["status"], one["adherence"], one["weeks_judged"]) == ("in-progress", None, 0)
    assert (one["baseline"], one["latest"], one["response"]) == (7, 3, "substantial")


def test_a_discharge_completes_it(from_books: FromBooks) -> None:
    log = sheet_of([["Patient", "Start date", *WEEKS], ["P-1", D(2026, 3, 2), *SCORES]])
    register = sheet_of([["Patient", "Discharged"], ["P-1", D(2026, 4, 20)]], "Patients")
    one = course(from_books(book_of(log, register)))
    assert (one["status"], one["weeks_attended"]) == ("completed", None)


def test_it_neither_raises_nor_lowers_the_drop_out_rate(from_books: FromBooks) -> None:
    clinic = from_books(wide(["P-1", D(2026, 3, 2), 7.0, 6.0], ["P-2", D(2026, 8, 3), *SCORES]))
    assert clinic["clinic"]["dropout_rate"] is None
    assert (clinic["clinic"]["dropouts"], clinic["clinic"]["completed"]) == (0, 0)


def test_no_pause_starts_a_course_or_is_an_interruption(from_books: FromBooks) -> None:
    long = sheet_of(
        [
            ["Patient", "Start date", "Week", "Pain before"],
            *(["P-1", D(2026, 3, 2), week, 7.0] for week in (0.0, 1.0, 14.0)),
        ]
    )
    found = from_books(book_of(long))
    assert course(found)["sessions"] == 3
    assert [f["rule"] for f in found["findings"] if f["rule"] == "interruption"] == []


def test_a_pause_between_a_day_and_a_week_is_none(from_books: FromBooks) -> None:
    days = sheet_of([["Patient", "Date", "Pain before"], ["P-1", D(2026, 9, 1), 6.0]], "Days")
    weeks = sheet_of(
        [["Patient", "Start date", "Week", "Pain before"], ["P-1", D(2026, 3, 2), 0.0, 7.0]],
        "Weeks",
    )
    found = from_books(book_of(days, weeks))
    assert course(found)["sessions"] == 2
    assert "interruption" not in {f["rule"] for f in found["findings"]}


def test_a_blank_baseline_is_a_visit_without_a_score(from_books: FromBooks) -> None:
    found = from_books(wide(["P-1", D(2026, 3, 2), None, 6.0, 5.0]))
    assert (found["inputs"][0]["rows"], course(found)["sessions"]) == (3, 3)
    assert course(found)["not_evaluable"] == "no-baseline"
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [("missing-score", "C2")]


def test_a_blank_week_is_no_visit(from_books: FromBooks) -> None:
    found = from_books(wide(["P-1", D(2026, 3, 2), 7.0, None, 5.0]))
    assert (found["inputs"][0]["rows"], course(found)["sessions"]) == (2, 2)


def test_who_has_a_start_date_and_no_score_yet_has_begun(from_books: FromBooks) -> None:
    found = from_books(wide(["P-1", D(2026, 3, 2)], ["P-2"]))
    assert (course(found)["patient"], found["inputs"][0]["rows"]) == ("P-1", 1)


def test_a_note_below_a_wide_log_is_no_visit(from_books: FromBooks) -> None:
    found = from_books(wide(["P-1", D(2026, 3, 2), 7.0, 6.0], ["Scores from 0 to 10, as told"]))
    assert found["inputs"][0] | {"rows": 2, "set_aside": 0} == found["inputs"][0]


# ------------------------------------------------------------------------------- what is shown


@pytest.fixture(params=["wide", "long"])
def log(request: pytest.FixtureRequest, folder: Path) -> Path:
    path = folder / "weeks.csv"
    path.write_bytes(text_of(WIDE if request.param == "wide" else LONG))
    return path


def shown(path: Path, sheet: str) -> list[list[Any]]:
    page = load_workbook(path, data_only=True)[sheet]
    return [list(row) for row in page.iter_rows(values_only=True)]


def test_the_report_says_why_there_is_no_number_of_weeks(log: Path, cli: Cli) -> None:
    result = cli("report", log, "-o", "r.xlsx")
    assert result.exit_code == 0, result.output
    sheet = shown(Path("r.xlsx"), "Patients")
    at = next(i for i, row in enumerate(sheet) if "Weeks attended" in row)
    for heading in ("Weeks attended", "In the weekly band"):
        column = sheet[at].index(heading)
        assert sheet[at + 1][column] == "days not known"
    assert sheet[at + 1][sheet[at].index("Status")] == "in progress"
    adherence = shown(Path("r.xlsx"), "Adherence and safety")
    top = next(i for i, row in enumerate(adherence) if row[:2] == ["Patient", "No."])
    assert [row for row in adherence[top + 1 :] if any(row)] == []


def test_the_read_as_line_names_the_week_column(log: Path, cli: Cli) -> None:
    said = " ".join(cli("check", log, "--fail-on", "never").output.split())
    assert ("C “Week” is Week" in said) == (log.read_bytes() == text_of(LONG))


def test_no_session_of_an_unknown_day_stands_in_a_calendar_week(folder: Path, cli: Cli) -> None:
    days = [["Patient", "Date", "NRS before", "Therapist"], ["P-1", "2026-07-01", 7, "AB"]]
    weeks = [
        ["Patient", "Start date", "Week", "NRS before", "Therapist"],
        ["P-2", "2026-07-01", 0, 7, "AB"],
        ["P-2", "2026-07-01", 1, 6, "CD"],
    ]
    (folder / "days.csv").write_bytes(text_of(days))
    (folder / "weeks.csv").write_bytes(text_of(weeks))
    assert cli("report", "days.csv", "weeks.csv", "-o", "r.xlsx").exit_code == 0
    sheet = shown(Path("r.xlsx"), "Adherence and safety")
    top = next(i for i, row in enumerate(sheet) if row[0] == "Week from")
    assert "2 sessions left out: the log tells weeks, not days" in sheet[top - 1][0]
    assert sheet[top][1] == "29 Jun 2026"
    assert sheet[top + 1][:2] == ["AB", 1]
    assert "CD" not in [row[0] for row in sheet]


@pytest.mark.parametrize(
    "command",
    [
        ["report", "weeks.csv", "--share"],
        ["report", "weeks.csv", "--json"],
        ["report", "weeks.csv", "--period", "2026-07"],
        ["patient", "P-1", "weeks.csv"],
        ["patient", "--all", "out", "weeks.csv"],
        ["network", "."],
    ],
)
def test_every_command_reads_it(log: Path, cli: Cli, command: list[str]) -> None:
    if command[0] == "network":
        Path("site").mkdir()
        log.rename(Path("site") / log.name)
        command = ["network", "."]
    result = cli(*command, "--today", TODAY.isoformat(), today=None)
    assert result.exit_code == 0, result.output


def test_one_patients_page_says_that_days_are_not_known(log: Path, cli: Cli) -> None:
    assert cli("patient", "P-1", log, "-o", "p.xlsx", "--today", TODAY.isoformat()).exit_code == 0
    book = load_workbook("p.xlsx")
    text = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "the log tells weeks, not days" in text
    assert "Treatment days" not in text


def test_a_restatement_compares_it(log: Path, cli: Cli) -> None:
    before = cli("report", log, "--json", "-o", "a.xlsx")
    assert before.exit_code == 0, before.output
    Path("before.json").write_text(before.stdout, encoding="utf-8")
    after = cli("report", log, "--json", "-o", "b.xlsx", "--previous", "before.json")
    assert after.exit_code == 0, after.output
    assert json.loads(after.stdout)["courses"] == json.loads(before.stdout)["courses"]


def test_a_month_that_was_blocked_goes_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The month stays due while the program fails, and is made at the next run."""
    make_fast(monkeypatch)
    clinic = make_folder(tmp_path / "clinic")
    (clinic.inbox / "weeks.csv").write_bytes(text_of(WIDE))
    with monkeypatch.context() as broken:
        broken.setattr("clinicreport.books.report.report_workbook.content", fails)
        done = run(clinic)
    assert done.problems
    assert done.reports == []
    assert [row["month"] for row in rows(clinic, "SELECT month FROM due")]
    assert list(clinic.inbox.iterdir()) == []
    done = run(clinic)
    assert done.problems == []
    assert [one["month"] for one in done.reports] == ["2026-07", "2026-08"]
    assert (clinic.reports / "2026-08" / "clinic-report-2026-08.xlsx").is_file()
    assert not run(clinic).anything


def fails(_analysis: object) -> bytes:
    message = "a fault of the program"
    raise TypeError(message)


def test_a_clinic_folder_makes_the_report(tmp_path: Path) -> None:
    clinic = make_folder(tmp_path / "clinic")
    (clinic.inbox / "weeks.csv").write_bytes(text_of(WIDE))
    done = run(clinic)
    assert done.problems == []
    assert [one["month"] for one in done.reports] == ["2026-07", "2026-08"]
