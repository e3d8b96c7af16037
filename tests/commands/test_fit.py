"""clinicreport fit: proposals, questions on a terminal, what is written and taken back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinicreport.commands import fit as fit_command
from clinicreport.commands.cli import main

ROWS = """Kod;Wizyta;VAS przed (mm)
VB1;2026-09-07;64
VB2;2026-09-07;58
VB1;2026-09-09;50
VB2;2026-09-09;42
VB1;2026-09-11;8
VB2;2026-09-11;40
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "log.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def fit(*words: object, answers: str | None = None):
    return CliRunner().invoke(
        main, ["fit", *map(str, words), "--today", "2026-11-20"], input=answers
    )


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_command, "_asks", lambda options: not options.as_json)


def test_without_a_terminal_it_only_proposes(log: Path) -> None:
    ran = fit(log)
    assert ran.exit_code == 1
    assert 'aliases.date = ["Wizyta"]   (certain' in ran.stdout
    assert 'reading.scale.nrs_before = "0-100"   (to be asked' in ran.stdout
    assert not Path("clinic.toml").exists()


def test_yes_writes_what_is_certain(log: Path) -> None:
    ran = fit(log, "--yes", "--config", "own.toml")
    assert ran.exit_code == 1
    assert Path("own.toml").read_text() == '[aliases]\ndate = ["Wizyta"]\n'
    assert log.read_text(encoding="utf-8") == ROWS
    assert fit("--undo", "--config", "own.toml").exit_code == 0
    assert not Path("own.toml").exists()


def test_answers_are_asked_shown_written_and_then_the_log_is_read(
    log: Path, terminal: None
) -> None:
    ran = fit(log, answers="1\n?\n1\n1\ny\n")
    assert "1 of" in ran.stdout
    assert "VB1  7 September 2026  before 6.4" in ran.stdout
    assert "6 rows in, 6 used, 0 set aside; 2 patients, mean before 4.4" in ran.stdout
    assert ran.exit_code == 0, ran.stdout
    again = CliRunner().invoke(
        main, ["report", str(log), "--json", "--dry-run", "--today", "2026-11-20"]
    )
    assert json.loads(again.stdout)["clinic"]["mean_baseline"] == pytest.approx(6.1)


@pytest.mark.parametrize("answers", ["q\n", "", "1\n1\n1\nn\n"])
def test_nothing_is_written_without_a_yes(answers: str, log: Path, terminal: None) -> None:
    ran = fit(log, answers=answers)
    assert "Nothing was written" in ran.stdout
    assert not Path("clinic.toml").exists()


def test_enter_alone_takes_only_what_is_certain(log: Path, terminal: None) -> None:
    ran = fit(log, answers="\n\n\ny\n")
    assert ran.exit_code == 1
    assert Path("clinic.toml").read_text() == '[aliases]\ndate = ["Wizyta"]\n'


def test_json_says_what_was_seen_and_writes_nothing(log: Path) -> None:
    told = json.loads(fit(log, "--json").stdout)
    assert list(told) == ["schema", "seen", "proposals", "unclear", "written", "inputs"]
    assert told["seen"][0]["headings"][1] == {
        "cell": "B1",
        "heading": "Wizyta",
        "field": None,
        "looks_like": "dates",
    }
    assert told["written"] is None
    assert told["inputs"][0]["status"] == "unreadable"


def test_a_log_that_can_be_read_needs_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "log.csv"
    path.write_text("Patient,Date,NRS before\nP-1,2026-09-07,8\nP-1,2026-09-09,6\n")
    ran = fit(path)
    assert ran.exit_code == 0
    assert "2 rows in, 2 used" in ran.stdout


def test_a_file_that_is_no_log_ends_with_3(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Order,Price\nTea,3\nMilk,2\n")
    assert fit(path).exit_code == 3
    assert fit("--undo", "--config", tmp_path / "none.toml").exit_code == 2
    assert fit().exit_code == 2
