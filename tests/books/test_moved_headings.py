"""A heading that moved or was renamed since the earlier report is said."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from clinicreport.books.moved_headings import moved_headings
from clinicreport.commands.cli import main
from clinicreport.log.inputs import Input

TODAY = ("--today", "2026-11-20")


def run(*words: object):
    return CliRunner().invoke(main, [*map(str, words), *TODAY])


def log(path: Path, score: str, month: int) -> Path:
    days = [date(2026, month, 1) + timedelta(days=2 * at) for at in range(8)]
    rows = [f"{who},{day},{8 - at // 2}" for at, day in enumerate(days) for who in ("P-1", "P-2")]
    path.write_text("\n".join([f"Patient,Date,{score}", *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (
            {"nrs_before": "Pain (arrival)"},
            {"nrs_before": "NRS in"},
            [
                "“Pain (arrival)” was NRS before until September 2026; not there now; “NRS in” is read now."
            ],
        ),
        ({"nrs_before": "Pain (arrival)"}, {"nrs_before": "pain arrival"}, []),
        ({"nrs_before": "Pain", "nrs_after": "Out"}, {"nrs_before": "Pain"}, []),
        (
            {"patient_id": "Kod"},
            {"patient_id": "Nr"},
            ["“Kod” was Patient until September 2026; not there now; “Nr” is read now."],
        ),
    ],
)
def test_sentences(before: dict, now: dict, said: list[str]) -> None:
    earlier = {"as_of": "2026-09-30", "inputs": [{"headings": before}]}
    inputs = [Input("a.xlsx", "0", "", 1, 1, 0, "read", None, (), now)]
    assert list(moved_headings(earlier, inputs)) == said


@pytest.mark.parametrize("odd", [{}, {"inputs": 3}, {"inputs": [3, {"headings": [1]}]}])
def test_an_earlier_report_that_kept_none_says_nothing(odd: dict) -> None:
    assert list(moved_headings(odd, [])) == []


def test_with_the_earlier_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = log(tmp_path / "a.csv", "Pain before", 9), log(tmp_path / "b.csv", "NRS before", 10)
    Path("old.json").write_text(run("report", old, "--json", "--dry-run").stdout)
    told = json.loads(run("report", new, "--previous", "old.json", "--json", "--dry-run").stdout)
    said = "“Pain before” was NRS before until September 2026; not there now"
    assert said in " ".join(told["clinic"]["restated"])
    again = json.loads(run("report", old, "--previous", "old.json", "--json", "--dry-run").stdout)
    assert "not there now" not in " ".join(again["clinic"]["restated"])


@pytest.mark.once
def test_in_a_clinic_folder_the_month_after_says_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["init", "clinic"]).exit_code == 0
    for name, heading, month in (("a", "Pain before", 9), ("b", "NRS before", 10)):
        log(tmp_path / f"clinic/inbox/{name}.csv", heading, month)
        for _ in range(4):
            ran = run("run", "clinic")
    assert Path("clinic/archive/2026-10/b.csv").exists(), ran.output
    book = load_workbook("clinic/reports/2026-10/clinic-report-2026-10.xlsx", read_only=True)
    text = " ".join(str(cell) for row in book["Method"].iter_rows(values_only=True) for cell in row)
    assert "“Pain before” was NRS before until September 2026; not there now" in text
