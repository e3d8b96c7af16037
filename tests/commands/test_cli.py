"""The command line: what is printed where, every exit status with its sentence, what is written."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner
from conftest import Cli
from openpyxl import Workbook, load_workbook

from clinicreport import __version__
from clinicreport.books.report.report_workbook import CONTENTS
from clinicreport.commands import check as check_command
from clinicreport.commands import report as report_command
from clinicreport.commands.cli import COMMANDS, main
from clinicreport.log.visits import OWN_SHEETS

SAMPLES = Path(__file__).parents[2] / "samples"
HEAD = "Patient ID,Date,NRS before,NRS after,Minutes\n"
GOOD = HEAD + "P-1,2026-09-01,8,6,10\nP-1,2026-09-03,6,5,12\nP-1,2026-09-05,4,3,12\n"
REPORT = "clinic-report-2026-09-05.xlsx"


def log(folder: Path, text: str = GOOD, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def left(folder: Path) -> list[str]:
    """What lies in the folder."""
    return sorted(path.name for path in folder.iterdir())


# ------------------------------------------------------------------ 0: done


def test_a_report(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder))
    assert result.exit_code == 0, result.output
    assert left(folder) == [REPORT, "log.csv"]
    assert f"Written: {REPORT}" in result.stdout
    assert "Mean NRS:          8.0 -> 4.0, reduction 4.0" in result.stdout
    assert (
        "30 % responders:   1 of 1 evaluable = 100.0 % (95 % 20.7 to 100.0); 100.0 %"
        in result.stdout
    )
    assert result.stderr == ""
    assert tuple(load_workbook(folder / REPORT).sheetnames) == tuple(CONTENTS)


def test_a_report_where_it_is_asked_for(cli: Cli, folder: Path) -> None:
    (folder / "out").mkdir()
    result = cli("report", log(folder), "-o", "out/september.xlsx")
    assert (result.exit_code, left(folder), left(folder / "out")) == (
        0,
        ["log.csv", "out"],
        ["september.xlsx"],
    )


def test_two_reports_of_the_same_logs_are_the_same_bytes(cli: Cli, folder: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        assert cli("report", SAMPLES / "three-months", "-o", name).exit_code == 0
    assert (folder / "one.xlsx").read_bytes() == (folder / "two.xlsx").read_bytes()


def test_json_is_alone_on_standard_output(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["clinic"]["mean_reduction"] == 4
    assert f"Written: {REPORT}" in result.stderr
    assert REPORT in left(folder)


def test_quiet(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder), "-q")
    assert (result.exit_code, result.output) == (0, "")
    assert REPORT in left(folder)


def test_verbose_names_the_files_on_standard_error(cli: Cli, folder: Path) -> None:
    assert "log.csv" in cli("check", log(folder), "-v").stderr
    assert cli("check", log(folder)).stderr == ""


def test_a_dry_run_writes_nothing(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder), "--dry-run")
    assert (result.exit_code, left(folder)) == (0, ["log.csv"])
    assert f"Would write {REPORT}" in result.stdout


def test_force_replaces(cli: Cli, folder: Path) -> None:
    (folder / REPORT).write_text("old")
    assert cli("report", log(folder), "--force").exit_code == 0
    assert load_workbook(folder / REPORT).sheetnames


def test_a_log_with_headings_only_gives_a_report_that_says_so(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder, HEAD), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["as_of"], found["courses"], found["clinic"]["started"]) == (None, [], 0)
    assert (found["inputs"][0]["status"], found["inputs"][0]["rows"]) == ("read", 0)
    book = load_workbook(folder / "clinic-report-2026-11-24.xlsx")
    assert "no usable visit" in " ".join(
        str(cell.value) for row in book["Summary"]["A1:D4"] for cell in row
    )
    assert "no visits" in result.stderr


def test_a_log_with_no_valid_row(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder, HEAD + ",2026-09-01,8,,\nP-1,soon,7,,\n"), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 3
    assert [found["inputs"][0][key] for key in ("rows", "used", "set_aside")] == [2, 0, 2]
    assert [f["rule"] for f in found["findings"]] == ["missing-patient", "bad-date"]
    assert "none of its 2 rows can be used" in result.stderr
    assert "clinic-report-2026-11-24.xlsx" not in left(folder)


def test_the_last_line_says_that_many_rows_were_set_aside(cli: Cli, folder: Path) -> None:
    few = cli("report", log(folder, GOOD + "P-1,soon,7,,\n"))
    assert few.stdout.rstrip().endswith("1 of 4 rows were set aside and count nowhere: run check.")
    none = cli("report", log(folder, GOOD), "--force")
    assert "set aside and count" not in none.stdout


READ_LOGS = {
    "report": ["report", "logs/one"],
    "check": ["check", "logs/one"],
    "one patient": ["patient", "P-1", "logs/one"],
    "every patient": ["patient", "--all", "pages", "logs/one"],
    "network": ["network", "logs"],
}


def logs_of_two(folder: Path, text: str = GOOD) -> None:
    for name in ("one", "two"):
        (folder / "logs" / name).mkdir(parents=True)
        log(folder / "logs" / name, text.replace("P-1", f"P-{name}") if name == "two" else text)


@pytest.mark.parametrize("command", READ_LOGS)
def test_a_period_without_a_row_names_the_months(command: str, cli: Cli, folder: Path) -> None:
    logs_of_two(folder)
    result = cli(*READ_LOGS[command], "--period", "2025-01")
    assert result.exit_code == 2
    assert "2025-01; the logs hold 2026-09" in result.stderr
    assert left(folder) == ["logs"]
    month = cli(*READ_LOGS[command], "--period", "2026-09")  # as it says
    assert month.exit_code == 0, month.stderr


@pytest.mark.parametrize("command", READ_LOGS)
def test_the_rows_are_always_said(command: str, cli: Cli, folder: Path) -> None:
    logs_of_two(folder, GOOD + "P-1,soon,7,,\n")
    result = cli(*READ_LOGS[command])
    counts = "8 rows = 6 used + 2" if command == "network" else "4 rows = 3 used + 1"
    assert f"{counts} set aside" in result.stdout
    said = "2 of 8" if command == "network" else "1 of 4"
    assert f"{said} rows were set aside and count nowhere" in result.stdout.splitlines()[-1]


def test_a_log_with_nothing_to_mend_is_told_so_aloud(cli: Cli, folder: Path) -> None:
    said = cli("check", log(folder)).stdout
    assert re.search(r"\nChecked: 3 visits of 1 patient by \d+ rules; 3 rows = 3 used", said)
    assert said.rstrip().endswith("NOTHING TO MEND.")


def test_check_lists_the_findings_and_the_rows(cli: Cli, folder: Path) -> None:
    result = cli("check", log(folder, GOOD + "P-1,2026-09-07,severe,,\n"))
    assert result.exit_code == 1
    assert "log.csv: 4 rows = 4 used + 0 set aside" in result.stdout
    assert re.search(r"✖ error +bad-score\n +C5: \"severe\" is not one number", result.stdout)
    assert "Findings: 1 error." in result.stdout
    assert left(folder) == ["log.csv"]


def test_check_of_a_good_log(cli: Cli, folder: Path) -> None:
    result = cli("check", log(folder))
    assert result.exit_code == 0
    assert "Findings: nothing to report." in result.stdout


# ------------------------------------------------------------------ where logs come from


def test_standard_input(cli: Cli, folder: Path) -> None:
    result = cli("report", "-", "--json", input=GOOD.encode())
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["inputs"][0]["file"], found["inputs"][0]["used"]) == ("standard input", 3)
    assert REPORT in left(folder)


def test_a_workbook_from_standard_input(cli: Cli) -> None:
    result = cli("check", "-", "--json", input=(SAMPLES / "one-patient.xlsx").read_bytes())
    assert json.loads(result.stdout)["inputs"][0]["status"] == "read"


def test_a_folder_gives_its_files_by_name(cli: Cli, folder: Path) -> None:
    logs = folder / "logs"
    logs.mkdir()
    log(logs, HEAD + "P-2,2026-09-02,5,,\n", "b.csv")
    log(logs, GOOD, "a.csv")
    log(logs, "not a log", "~$a.xlsx")
    log(logs, "not a log", "readme.md")
    found = json.loads(cli("check", logs, "--json").stdout)
    assert [entry["file"] for entry in found["inputs"]] == ["a.csv", "b.csv"]


def test_the_same_file_twice_is_read_once(cli: Cli, folder: Path) -> None:
    result = cli("check", log(folder), log(folder, GOOD, "copy.csv"))
    assert result.exit_code == 0
    assert "copy.csv: the same content was read already" in result.stdout
    assert result.stdout.count(": 3 rows = 3 used") == 1


def test_reports_in_the_folder_are_no_logs(cli: Cli, folder: Path) -> None:
    log(folder)
    assert cli("report", ".").exit_code == 0
    found = json.loads(cli("check", ".", "--json").stdout)
    assert [entry["file"] for entry in found["inputs"]] == ["log.csv"]


def test_a_report_named_as_a_log_is_refused(cli: Cli, folder: Path) -> None:
    assert set(CONTENTS) >= OWN_SHEETS
    cli("report", log(folder), "-o", "september.xlsx")
    result = cli("check", "september.xlsx")
    assert result.exit_code == 3
    assert "september.xlsx: this is a report that clinicreport wrote, not a log" in result.stderr


def test_several_jobs_give_the_same(cli: Cli) -> None:
    one, four = (
        cli("check", SAMPLES / "three-months", "--json", "--jobs", n).stdout for n in (1, 4)
    )
    assert one == four


# ------------------------------------------------------------------ 1: findings


@pytest.mark.parametrize(
    ("row", "fail_on", "status"),
    [
        ("P-1,2026-09-07,severe,,", "error", 1),
        ("P-1,2026-09-07,severe,,", "warning", 1),
        ("P-1,2026-09-07,severe,,", "never", 0),
        ("P-1,2026-09-07,5,,25", "error", 0),
        ("P-1,2026-09-07,5,,25", "warning", 1),
        ("P-1,2026-09-07,5,,25", "never", 0),
        ("P-1,2026-09-07,5.5,,12", "warning", 0),
    ],
)
def test_fail_on(cli: Cli, folder: Path, row: str, fail_on: str, status: int) -> None:
    path = log(folder, GOOD + row + "\n")
    assert cli("check", path, "--fail-on", fail_on).exit_code == status
    result = cli("check", path, "--fail-on", fail_on, "--json")
    assert result.exit_code == status
    assert json.loads(result.stdout)["findings"]


def test_report_ends_well_whatever_was_found(cli: Cli, folder: Path) -> None:
    assert cli("report", log(folder, GOOD + "P-1,2026-09-07,severe,,\n")).exit_code == 0


# ------------------------------------------------------------------ 2: usage


@pytest.mark.parametrize("command", ["report", "check"])
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope.xlsx"], "nope.xlsx: there is no such file or folder"),
        (["empty"], "there is no spreadsheet in this folder"),
        ([], "Missing argument 'PATH...'"),
        (["log.csv", "--period", "October"], "write it as 2026-10 or 2026-10-05..2026-10-20"),
        (["log.csv", "--period", "2026-13"], "there is no such month"),
        (["log.csv", "--today", "yesterday"], "write the day as 2026-10-31"),
        (["log.csv", "--jobs", "0"], "0 is not in the range x>=1"),
        (["log.csv", "--protocol", "nope.toml"], "nope.toml"),
        (["log.csv", "--config", "nope.toml"], "nope.toml: there is no such file"),
        (["log.csv", "--config", "bad.toml"], 'bad.toml: nmae: unknown key; did you mean "name"?'),
        (["log.csv", "--password-file", "nope.txt"], "the password file cannot be read"),
        (["log.csv", "--password-file", "empty.txt"], "the password file is empty"),
        (["log.csv", "--colour"], "No such option"),
    ],
)
def test_wrong_usage(
    cli: Cli, folder: Path, command: str, arguments: list[str], words: str
) -> None:
    log(folder)
    (folder / "empty").mkdir()
    (folder / "empty.txt").write_text("")
    (folder / "bad.toml").write_text('nmae = "x"')
    before = left(folder)
    result = cli(command, *arguments, today=None)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output
    assert left(folder) == before


def test_an_unknown_command(cli: Cli) -> None:
    result = cli("repot")
    assert result.exit_code == 2
    assert "No such command" in result.stderr


def test_check_knows_its_severities(cli: Cli, folder: Path) -> None:
    result = cli("check", log(folder), "--fail-on", "note")
    assert result.exit_code == 2


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_report_never_replaces_one_of_its_logs(cli: Cli, folder: Path, force: list[str]) -> None:
    path = log(folder)
    result = cli("report", folder, "-o", path, *force)
    assert result.exit_code == 2
    assert "is one of the logs" in result.stderr
    assert path.read_text(encoding="utf-8") == GOOD


# ------------------------------------------------------------------ 3: an input cannot be read


def unreadable(folder: Path) -> dict[str, Path]:
    """Inputs that cannot be read."""
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "cut.xlsx").write_bytes((SAMPLES / "one-patient.xlsx").read_bytes()[:3000])
    log(folder, "Patient,Date\nP-1,2026-09-01\n", "no-score.csv")
    log(folder, "Just a letter.\n", "letter.csv")
    book = Workbook()
    book.save(folder / "blank.xlsx")
    return {path.stem: path for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["empty", "cut", "no-score", "letter", "blank"])
def test_an_input_that_cannot_be_read(cli: Cli, folder: Path, name: str) -> None:
    path = unreadable(folder)[name]
    before = left(folder)
    for command in ("check", "report"):
        result = cli(command, path, "--json")
        assert result.exit_code == 3, result.output
        assert f"clinicreport: {path.name}: " in result.stderr
        found = json.loads(result.stdout)
        (entry,) = found["inputs"]
        assert (entry["status"], entry["sheet"], entry["file"]) == ("unreadable", "", path.name)
        assert entry["reason"]
        assert len(found["findings"]) == 1
    assert left(folder) == before


def test_one_bad_input_stops_the_report(cli: Cli, folder: Path) -> None:
    bad = unreadable(folder)["cut"]
    before = [*left(folder), "log.csv"]
    result = cli("report", log(folder), bad)
    assert result.exit_code == 3
    assert "Nothing was written. With --skip-unreadable the rest is reported." in result.stderr
    assert sorted(left(folder)) == sorted(before)


def test_skip_unreadable_writes_the_rest_and_still_ends_with_3(cli: Cli, folder: Path) -> None:
    bad = unreadable(folder)["cut"]
    result = cli("report", log(folder), bad, "--skip-unreadable", "--json")
    assert result.exit_code == 3
    assert "cut.xlsx" in result.stderr
    assert f"Written: {REPORT}" in result.stderr
    assert REPORT in left(folder)
    found = json.loads(result.stdout)
    assert [entry["status"] for entry in found["inputs"]] == ["read", "unreadable"]
    assert found["clinic"]["evaluable"] == 1


def test_unreadable_outranks_findings(cli: Cli, folder: Path) -> None:
    bad = unreadable(folder)["cut"]
    assert cli("check", log(folder, GOOD + "P-1,2026-09-07,severe,,\n"), bad).exit_code == 3
    assert cli("check", bad, "--fail-on", "never").exit_code == 3


# ------------------------------------------------------------------ 5: an output cannot be written


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_an_output_that_is_there_already(cli: Cli, folder: Path, dry: list[str]) -> None:
    (folder / REPORT).write_text("old")
    result = cli("report", log(folder), *dry)
    assert result.exit_code == 5
    assert f"{REPORT} is there already" in result.stderr
    assert "--force" in result.stderr
    assert (folder / REPORT).read_text() == "old"
    assert left(folder) == [REPORT, "log.csv"]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("out", "this is a folder"),
        ("nowhere/report.xlsx", "there is no folder nowhere"),
        ("log.csv/report.xlsx", "there is no folder log.csv"),
    ],
)
def test_an_output_that_cannot_be(cli: Cli, folder: Path, output: str, words: str) -> None:
    (folder / "out").mkdir()
    result = cli("report", log(folder), "-o", output, "--force")
    assert result.exit_code == 5
    assert words in result.stderr
    assert (left(folder), left(folder / "out")) == (["log.csv", "out"], [])


@pytest.mark.skipif(
    os.name != "posix" or not Path("/proc/self").is_dir(),
    reason="needs a folder that takes no file",
)
def test_a_folder_that_takes_no_file(cli: Cli, folder: Path) -> None:
    result = cli("report", log(folder), "-o", "/proc/self/report.xlsx")
    assert result.exit_code == 5
    assert "/proc/self/report.xlsx could not be written" in result.stderr


def test_a_full_disk_leaves_the_old_report(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (folder / REPORT).write_text("old")
    result = cli("report", log(folder), "--force")
    assert result.exit_code == 5
    assert "disk is full" in result.stderr
    assert (folder / REPORT).read_text() == "old"
    assert left(folder) == [REPORT, "log.csv"]


# ------------------------------------------------------------------ options and variables


def test_a_period(cli: Cli, folder: Path) -> None:
    path = log(folder, GOOD + "P-1,2026-10-02,2,,12\n")
    found = json.loads(cli("report", path, "--period", "2026-09", "--json").stdout)
    assert (found["period"], found["as_of"]) == ("2026-09", "2026-09-30")
    assert found["courses"][0]["latest"] == 4
    assert "clinic-report-2026-09-30.xlsx" in left(folder)


def test_today_decides_what_is_in_the_future(cli: Cli, folder: Path) -> None:
    found = json.loads(cli("check", log(folder), "--json", today="2026-09-03").stdout)
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [("future-date", "B4")]


def test_a_protocol_of_ones_own(cli: Cli, folder: Path) -> None:
    (folder / "own.toml").write_text(
        "[session]\nminutes = { min = 10, max = 11 }\nramp_up_treatments = 0\n"
    )
    found = json.loads(cli("check", log(folder), "--protocol", "own.toml", "--json").stdout)
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [
        ("session-too-long", "E3"),
        ("session-too-long", "E4"),
    ]


@pytest.mark.parametrize("how", ["option", "variable", "folder"])
def test_settings_come_from_option_variable_or_folder(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    path = log(folder, GOOD.replace("NRS before", "Ache"))
    assert cli("check", path).exit_code == 3
    name = "clinic.toml" if how == "folder" else "own.toml"
    (folder / name).write_text('[aliases]\nnrs_before = ["ache"]\n')
    if how == "variable":
        monkeypatch.setenv("CLINICREPORT_CONFIG", name)
    more = ["--config", name] if how == "option" else []
    assert cli("check", path, *more).exit_code == 0


def test_variables_stand_behind_options(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = log(folder)
    monkeypatch.setenv("CLINICREPORT_PERIOD", "2026-09")
    monkeypatch.setenv("CLINICREPORT_TODAY", "2026-09-03")
    found = json.loads(cli("check", path, "--json", today=None).stdout)
    assert found["period"] == "2026-09"
    assert "future-date" in {f["rule"] for f in found["findings"]}
    found = json.loads(
        cli(
            "check", path, "--json", "--period", "2026-09-01..2026-09-30", today="2026-11-24"
        ).stdout
    )
    assert (found["period"], found["findings"]) == ("2026-09-01..2026-09-30", [])


def test_a_variable_with_nonsense_is_wrong_usage(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICREPORT_PERIOD", "October")
    assert cli("check", log(folder)).exit_code == 2


# ------------------------------------------------------------------ what should not happen


def broken(*_: Any, **__: Any) -> None:
    raise KeyError("visits")


def test_a_defect_is_one_sentence(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinicreport.outcomes.analysis.evaluate", broken)
    result = cli("report", log(folder))
    assert result.exit_code == 70
    assert "KeyError: 'visits'" in result.stderr
    assert "Traceback" not in result.output


def test_a_traceback_is_shown_where_it_is_asked_for(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinicreport.outcomes.analysis.evaluate", broken)
    for words in (["-vv"], ["-v", "-v"], ["--verbose", "-v"], ["-vvv"]):
        assert isinstance(cli("report", log(folder), *words).exception, KeyError)
    assert isinstance(cli("report", log(folder), "-v").exception, SystemExit)


# ------------------------------------------------------------------ help


HEAVY = {
    "pandas",
    "numpy",
    "openpyxl",
    "scipy",
    "xlsxwriter",
    "pydantic",
    "python_calamine",
    "msoffcrypto",
    "jinja2",
    "markupsafe",
}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["report", "--help"],
        ["check", "-h"],
        ["--version"],
        [],
        ["report"],
        ["report", "--colour", "x"],
    ],
)
def test_help_and_usage_errors_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from clinicreport.commands.cli import main\n"
        "try:\n    main(sys.argv[1:], prog_name='clinicreport')\n"
        "except SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.splitlines()[-1].split())
    assert "click" in imported
    assert imported & HEAVY == set()


def loaded(*arguments: str) -> set[str]:
    """The modules that a command has loaded at its end, ours without the package's name."""
    code = (
        "import sys\n"
        "from clinicreport.commands.cli import main\n"
        "try:\n    main(sys.argv[1:], prog_name='clinicreport')\n"
        "except SystemExit:\n    pass\n"
        "print(*(name.removeprefix('clinicreport.') for name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


SAMPLE = Path(__file__).parents[2] / "samples" / "one-patient.xlsx"
PARSING = {"worker", "guard", "sniff", "cellstyle", "seen", "ole"}
# What takes long to load and no figure needs; before its version 2 numpy loads its own parts.
SLOW = {"pandas", "scipy", "openpyxl", "python_calamine", "statistics"} | (
    {"numpy.ma", "numpy.char"} if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else set()
)


def test_a_report_loads_nothing_of_what_parses_a_file_or_keeps_a_folder(tmp_path: Path) -> None:
    modules = loaded("report", str(SAMPLE), "-o", str(tmp_path / "report.xlsx"))
    assert {"path", "reading.isolation", "books.report.report_workbook"} <= modules
    checking = {"pydantic.plugin._loader"}  # no settings file of the clinic's own is there
    unused = {f"reading.{name}" for name in PARSING} | {"folder.places"} | checking | SLOW
    assert modules & unused == set()


def test_check_and_run_load_nothing_slow(tmp_path: Path) -> None:
    modules = loaded("check", str(SAMPLE))
    assert "log.visits" in modules
    assert modules & SLOW == set()
    clinic = tmp_path / "clinic"
    assert CliRunner().invoke(main, ["init", str(clinic)]).exit_code == 0
    shutil.copy(SAMPLE, clinic / "inbox")
    modules = loaded("run", str(clinic))
    assert "books.report.report_workbook" in modules
    assert modules & SLOW == set()


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clinicreport", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"clinicreport, version {__version__}\n"


@pytest.mark.parametrize(("said", "meant"), [("rport", " Did you mean 'report'?"), ("xyz", "")])
def test_a_misspelt_command(cli: Cli, said: str, meant: str) -> None:
    result = cli(said, today=None)
    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: No such command '{said}'.{meant}\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_of_a_command_what_its_own_help_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert (command.help or "").replace("\n", " ").startswith(COMMANDS[name].rstrip("."))


def test_every_option_has_its_help(cli: Cli) -> None:
    for command in ("report", "check"):
        text = cli(command, "--help", today=None).stdout
        for option in (
            "--protocol",
            "--config",
            "--period",
            "--today",
            "--password-file",
            "--json",
            "--jobs",
            "--verbose",
            "--quiet",
            "--help",
            "--force",
            "--dry-run",
        ):
            assert option in text
    for command in (report_command.report, check_command.check):
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        assert all(option.help for option in options)


@pytest.mark.parametrize("name", ["network", "run", "watch"])
def test_commands_that_make_many_reports_look_for_garbage_as_usual(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    called: list[bool] = []
    monkeypatch.setattr("clinicreport.commands.garbage.stay", lambda: called.append(True))
    assert cli(name, "not-there", today=None).exit_code == 2
    assert called


def test_how_garbage_is_looked_for() -> None:
    code = (
        "import gc; from clinicreport.commands.garbage import settle, stay; usual = gc.get_threshold()\n"
        "settle(); assert gc.get_threshold()[0] > usual[0]; stay(); assert gc.get_threshold() == usual"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
