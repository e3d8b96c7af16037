"""The first page's verdict and cards, what is to be done, and the same patient on every sheet."""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_data as data
from conftest import Cli
from test_report import table

from clinicreport.books.report import report_workbook
from clinicreport.books.report.sheets import todo_sheet
from clinicreport.workbook.words import about


def course(patient: str, *scores: float, later: float | None = None, **more: Any) -> list[Any]:
    """Treatments of four weeks, and a follow-up 40 days after the last one."""
    rows = [data.visit(patient, 3 * at, score, **more) for at, score in enumerate(scores)]
    if later is not None:
        rows.append(data.visit(patient, 3 * len(scores) + 37, later, visit_type="follow-up"))
    return rows


ROWS = [
    *course("held", 8, 6, 4, later=4),
    *course("relapsed", 8, 6, 4, later=8),
    *course("back", 8, 7, 6, later=8),
    *course("worse", 4, 5, 7, later=7),
    *course("since", 4, 4, 4, later=6),
    *course("later", 8, 6, 4),
]


@pytest.fixture(scope="module")
def content() -> bytes:
    return report_workbook.content(data.from_rows(ROWS, today="2027-06-01"))


def first_page(content: bytes) -> list[str]:
    rows = openpyxl.load_workbook(BytesIO(content), data_only=True)["Summary"].iter_rows()
    return [str(cell.value) for row in rows for cell in row if cell.value is not None]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "Nobody"),
        (0.01, "Few"),
        (0.25, "About a quarter"),
        (1 / 3, "About a third"),
        (0.49, "About half"),
        (2 / 3, "About two thirds"),
        (0.99, "Most"),
        (1, "All"),
    ],
)
def test_a_share_in_words(share: float, words: str) -> None:
    assert about(share) == words


def test_the_verdict_answers(content: bytes) -> None:
    said = first_page(content)
    assert any(text.startswith("About half had at least 30 % less pain: 3 of 6 (") for text in said)
    assert (
        "1 got worse by 2 points or more, 1 more since the course; 0 of 6 patients cannot be evaluated."
        in said
    )
    assert "Of 3 who improved by 30 %, 1 still are at follow-up, 1 relapsed, 1 not known." in said
    assert {"1 of 6", "1 of 2"} <= set(said)


def test_few_patients_are_no_half() -> None:
    said = first_page(report_workbook.content(data.one_patient()))
    assert any(text.startswith("At least 30 % less pain: 1 of 1 (") for text in said)
    assert any(text.startswith("Pain 7.0 at the start, ") for text in said)


def test_who_relapsed_is_in_every_list(content: bytes) -> None:
    attention = {r["Patient"]: r["Needs attention"] for r in table(content, "Patients", "patients")}
    assert attention == {
        "held": "–",
        "later": "–",
        "relapsed": "relapsed after the course",
        "back": "back at the start's pain after the course",
        "worse": "worse by 2 points or more",
        "since": "worse than at the start since the course",
    }
    todo = table(content, "To do", "todo")
    assert [row["Urgency"][0] for row in todo[:4]] == ["✖", "✖", "▲", "▲"]
    assert not [row for row in todo if "follow-up" in row["What to do"]]
    (due,) = table(content, "To do", "todo_overdue")
    assert due["What to do"] == "Ask for a follow-up score"
    why = {row["What to do"]: row["Why"] for row in todo}
    assert why["See the patient: pain has risen"].startswith("from 4 to 7 of 10, 7 on ")


def test_todays_list_is_todays_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is overdue since long, and what is coming up, stands below it and is counted."""
    rows = [*course("worse", 4, 5, 7), *course("long ago", 8, 6, 4)]
    rows += [data.visit("new", 300 + at, 8) for at in (0, 2)]
    monkeypatch.setattr(todo_sheet, "A_PAGE", 3)
    made = report_workbook.content(data.from_rows(rows, today="2027-08-05"))
    assert [r["Patient"] for r in table(made, "To do", "todo")] == ["worse"]
    overdue = table(made, "To do", "todo_overdue")
    assert [r["Patient"] for r in overdue] == ["long ago", "worse"]
    assert {r["Urgency"] for r in overdue} == {"○ overdue"}
    (coming,) = table(made, "To do", "todo_coming")
    assert coming["What to do"].startswith("Check the response at week")
    assert "2 follow-up scores overdue and 1 check coming up: sheet To do" in first_page(made)
    sheet = openpyxl.load_workbook(BytesIO(made))["To do"]
    first, *_ = openpyxl.utils.range_boundaries(sheet.tables["todo_overdue"].ref)[1:]
    assert [found.id for found in sheet.row_breaks.brk] == [first - 2]


def test_the_clinic_of_a_long_name_stands_beside_the_task() -> None:
    long = "Harbour clinic at the long road by the old river"
    rows = [*course("P-1", 4, 5, 7, clinic=long), *course("P-2", 8, 6, 4, clinic="Hill")]
    page = first_page(report_workbook.content(data.from_rows(rows, today="2026-11-02")))
    assert "P-1" in page
    assert f"✖ See the patient: pain has risen (from 4 to 7 of 10), {long}" in " ".join(page)
    assert not any(f"({long})" in text for text in page)


def test_a_long_task_is_told_in_lines_and_not_cut() -> None:
    words = " ".join(f"word{number}" for number in range(18))
    for event, last in ((words, "word17 ("), (f"{words} {words}", " (more on sheet To do)")):
        rows = course("P", 8, 6, 4)
        rows[1]["adverse_event"] = event
        page = first_page(report_workbook.content(data.from_rows(rows, today="2026-11-02")))
        assert any(last in text and "closed" not in text for text in page)
        assert not any("…" in text for text in page)


def test_an_event_is_named_and_comes_after_who_got_worse() -> None:
    rows = [
        *course("calm", 8, 6, 4, adverse_event="warmth, gone in an hour"),
        *course("worse", 4, 5, 7),
    ]
    todo = table(report_workbook.content(data.from_rows(rows)), "To do", "todo")
    assert todo[0]["What to do"] == "See the patient: pain has risen"
    event = next(row for row in todo if "adverse event" in row["What to do"])
    assert event["Why"].startswith("warmth, gone in an hour (")


def test_the_patient_sheet_tells_now_and_hides_what_charts_need(content: bytes) -> None:
    page = openpyxl.load_workbook(BytesIO(content), data_only=True)["Patient"]
    said = [str(cell.value) for row in page.iter_rows(max_col=8) for cell in row if cell.value]
    assert "From 4 to 7 of 10: 75.0 % more pain (worse); now 7, 40 days after." in said
    assert page.column_dimensions["J"].hidden


def test_what_became_of_last_months_findings_is_one_line(cli: Cli, folder: Path) -> None:
    rows = ["Patient ID,Date,NRS before,Minutes", "P-1,2026-09-01,8,30", "P-1,2026-09-03,6,12"]
    (folder / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    told = cli("report", "log.csv", "--json", "-o", "first.xlsx").stdout
    (folder / "first.json").write_text(told, encoding="utf-8")
    rows[1:] = ["P-1,2026-09-01,8,12", "P-1,2026-09-03,x,12"]
    (folder / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    done = cli("report", "log.csv", "--previous", "first.json", "-o", "second.xlsx")
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(folder / "second.xlsx")
    for sheet in ("Summary", "To do", "Findings"):
        said = " ".join(str(cell) for row in book[sheet].values for cell in row if cell)
        assert " mended; " in said, sheet
        assert " new" in said, sheet
    assert " mended; " not in " ".join(first_page((folder / "first.xlsx").read_bytes()))
