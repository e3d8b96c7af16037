"""A marked copy's sheet Headings: every heading listed, never a log, its choices become lines."""

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from clinicreport.commands.cli import main
from clinicreport.log.chosen_headings import COLUMNS, TITLE
from clinicreport.log.fields import SESSION_FIELDS

DAYS = [date(2026, 9, 1) + timedelta(days=2 * at) for at in range(5)]
HEADINGS = ["Kod", "Wizyta", 'Ból <przed> & "po"', "=1+1"]
TODAY = ("--today", "2026-11-20")
CHOICES = {"Kod": "Patient", "Wizyta": "Date", HEADINGS[2]: "NRS before"}


def run(*words: object):
    return CliRunner().invoke(main, [*map(str, words), *TODAY])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def xlsx(path: Path, headings: list[str] = HEADINGS) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Karta"
    book.active.append(headings)
    book.active["D1"].data_type = "s"
    for at, day in enumerate(DAYS):
        for who in ("X1", "X2"):
            book.active.append([who, day, 8 - at, "nic"])
    book.save(path)
    return path


def csv(path: Path, headings: list[str] = HEADINGS) -> Path:
    head = ";".join('"' + one.replace('"', '""') + '"' for one in headings)
    rows = [f"{who};{day};{8 - at};nic" for at, day in enumerate(DAYS) for who in ("X1", "X2")]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def marked(path: Path) -> Path:
    run("check", path, "--marked-copy", "out", "--force")
    return Path("out") / f"{path.stem}-marked.xlsx"


def rows_of(copy: Path) -> list[tuple]:
    rows = list(openpyxl.load_workbook(copy)["Headings"].iter_rows(values_only=True))
    assert rows[0][0] == TITLE
    first = next(at for at, row in enumerate(rows) if row[:6] == COLUMNS)
    return [row for row in rows[first + 1 :] if row[2]]


def choose(copy: Path, choices: dict[str, str]) -> Path:
    book = openpyxl.load_workbook(copy)
    for row in book["Headings"].iter_rows():
        if row[2].value in choices:
            row[5].value = choices[row[2].value]
    book.save(copy)
    return copy


@pytest.fixture(params=[xlsx, csv])
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return marked(request.param(tmp_path / f"log.{request.param.__name__}"))


def test_every_heading_is_listed_with_a_drop_down_of_all_fields(copy: Path) -> None:
    rows = rows_of(copy)
    assert [row[2] for row in rows] == HEADINGS
    assert [row[1] for row in rows] == ["A1", "B1", "C1", "D1"]
    assert [row[3] for row in rows][1:3] == ["dates", "whole numbers, 4 to 8"]
    assert {row[4] for row in rows} == {"not read"}
    sheet = openpyxl.load_workbook(copy)["Headings"]
    (rule,) = sheet.data_validations.dataValidation
    words = [cell.value for (cell,) in sheet[rule.formula1.replace("$", "")]]
    assert {field.label for field in SESSION_FIELDS.values()} <= set(words)
    assert len(set(words)) == len(words)
    assert str(rule.sqref).startswith("F")


def test_the_sheet_is_never_a_log(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "log.xlsx", ["Patient", "Date", "NRS before", "Remarks"])
    before = json.loads(run("report", path, "--json", "--dry-run").stdout)
    after = json.loads(run("report", marked(path), "--json", "--dry-run").stdout)
    assert after["clinic"] == before["clinic"]
    assert [one["rule"] for one in after["findings"]] == [one["rule"] for one in before["findings"]]
    assert [entry["sheet"] for entry in after["inputs"]] == ["Karta"]


def test_choices_become_lines_by_fit_and_the_log_is_read(copy: Path) -> None:
    choose(copy, CHOICES)
    assert run("report", copy, "--dry-run").exit_code == 3
    ran = run("fit", copy, "--yes")
    assert ran.exit_code == 0, ran.output
    aliases = tomllib.loads(Path("clinic.toml").read_text(encoding="utf-8"))["aliases"]
    assert aliases["patient_id"] == ["Kod"]
    assert aliases["nrs_before"] == [HEADINGS[2]]
    told = json.loads(run("report", copy, "--json", "--dry-run").stdout)
    assert (told["clinic"]["started"], told["clinic"]["mean_reduction"]) == (2, 4)
    assert "unread-sheet" not in {one["rule"] for one in told["findings"]}


def test_choices_that_no_line_says_are_said(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "log.xlsx", ["Patient", "Date", "NRS before", "Bemerkung X"])
    copy = choose(marked(path), {"Bemerkung X": "Notes", "Date": "Nonsense"})
    found = json.loads(run("check", copy, "--json").stdout)["findings"]
    (said,) = [one for one in found if one["rule"] == "unread-sheet"]
    assert said["sheet"] == "Headings"
    assert "“Bemerkung X” is Notes" in said["message"]
    assert "“Nonsense” is no field" in said["message"]
    assert "clinicreport fit" in said["message"]


def test_a_copy_of_a_copy_keeps_the_choices_and_one_sheet(copy: Path) -> None:
    choose(copy, CHOICES)
    again = marked(copy)
    names = openpyxl.load_workbook(again).sheetnames
    assert names.count("Headings") == 1
    assert [name for name in names if name.startswith("To fix")] == ["To fix"]
    assert [row[5] for row in rows_of(again)][:3] == ["Patient", "Date", "NRS before"]


def test_another_heading_for_a_field_that_is_taken(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "log.xlsx", ["Patient", "Date", "NRS before", "Remarks"])
    Path("clinic.toml").write_text('[aliases]\nnotes = ["Remarks"]\npatient_id = ["Patient"]\n')
    choose(marked(path), {"Remarks": "Therapist"})
    ran = run("fit", "out/log-marked.xlsx", "--yes")
    assert ran.exit_code == 0, ran.output
    told = json.loads(run("report", path, "--json", "--dry-run").stdout)
    assert "“Remarks” is Therapist" in "; ".join(told["inputs"][0]["assumptions"])


def test_dropped_into_the_inbox_the_choices_are_taken(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", "clinic"]).exit_code == 0
    settings = Path("clinic/clinic.toml")
    before = settings.read_text(encoding="utf-8")
    copy = choose(marked(xlsx(tmp_path / "log.xlsx")), CHOICES)
    copy.rename("clinic/inbox/log.xlsx")
    for _ in range(4):
        ran = run("run", "clinic")
    assert Path("clinic/archive/2026-09/log.xlsx").exists(), ran.output
    text = settings.read_text(encoding="utf-8")
    assert tomllib.loads(text)["aliases"]["patient_id"] == ["Kod"]
    assert before.splitlines()[0] in text
    assert list(Path("clinic/reports/2026-09").glob("*.xlsx"))
