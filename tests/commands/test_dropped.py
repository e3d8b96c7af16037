"""Files dropped on a launcher: a report of each, with the clinic's settings; without one, a run."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic_folders import drop, log, make_fast, make_folder

from clinicreport.commands import showing
from clinicreport.commands.cli import main
from clinicreport.commands.dropped import LINE, dropped_on_batch


@pytest.fixture
def clinic(tmp_path, monkeypatch):
    make_fast(monkeypatch)
    monkeypatch.setattr(showing, "show", shown.append)
    shown.clear()
    monkeypatch.chdir(tmp_path)
    settings = 'name = "Hill"\n[aliases]\nnrs_before = ["Kod"]\n[folder]\nsettle_seconds = 0\n'
    return make_folder(tmp_path / "my clinic", settings)


shown: list[Path] = []


def dropped(*words, **more):
    return CliRunner().invoke(main, ["dropped", *map(str, words)], **more)


def test_each_file_is_reported_beside_it_with_the_clinics_settings(clinic, tmp_path):
    first, second = tmp_path / "a & b.csv", tmp_path / "-é.csv"
    first.write_bytes(log("2026-09").replace(b"Pain before", b"Kod"))
    second.write_bytes(log("2026-10"))
    ran = dropped(clinic.root, "--", first.name, second)
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "a & b-report.xlsx").is_file()
    assert (tmp_path / "-é-report.xlsx").is_file()
    assert "a & b.csv:" in ran.output
    assert ran.output.count("Written:") == 2
    assert shown == []


def test_one_is_shown_and_none_is_written_over(clinic, tmp_path):
    path = tmp_path / "october.csv"
    path.write_bytes(log())
    assert dropped(clinic.root, path, "--wait", input="\n").exit_code == 0
    assert shown == [tmp_path / "october-report.xlsx"]
    again = dropped(clinic.root, path)
    assert again.exit_code == 5
    assert "is there already" in again.output


def test_one_that_cannot_be_read_stops_no_other(clinic, tmp_path):
    bad, good = tmp_path / "bad.xlsx", tmp_path / "good.csv"
    bad.write_bytes(b"no workbook")
    good.write_bytes(log())
    ran = dropped(clinic.root, bad, tmp_path / "gone.csv", good)
    assert ran.exit_code == 3, ran.output
    assert (tmp_path / "good-report.xlsx").is_file()
    assert not (tmp_path / "bad-report.xlsx").exists()


def test_no_report_lands_among_the_logs(clinic):
    path = drop(clinic, "october.csv", log())
    assert dropped(clinic.root, path).exit_code == 0
    assert list(clinic.inbox.iterdir()) == [path]
    assert (clinic.root / "october-report.xlsx").is_file()


def test_without_a_file_it_is_a_run(clinic):
    drop(clinic, "october.csv", log())
    ran = dropped(clinic.root)
    assert ran.exit_code == 0, ran.output
    assert "archived under 2026-10" in ran.output
    assert (clinic.archive / "2026-10" / "october.csv").is_file()


@pytest.mark.parametrize(
    ("line", "files"),
    [
        (r'C:\Windows\system32\cmd.exe /c ""C:\My clinic\make-report.cmd" "', []),
        (
            r'cmd.exe /c ""C:\c\make-report.cmd" "C:\a b\x.xlsx" C:\y.csv"',
            [r"C:\a b\x.xlsx", r"C:\y.csv"],
        ),
        (r'cmd /C ""C:\c\make-report.cmd" C:\a&calc.xlsx"', [r"C:\a&calc.xlsx"]),
        (
            r'cmd.exe /c ""\\server\c & d\make-report.cmd" "\\server\100% (é)^!.csv""',
            [r"\\server\100% (é)^!.csv"],
        ),
        (r"C:\Windows\system32\cmd.exe", []),
        ("", []),
    ],
)
def test_windows_command_line_is_read_past_an_ampersand(line, files):
    assert dropped_on_batch(line) == files


def test_that_line_comes_by_the_environment(clinic, tmp_path):
    path = tmp_path / "a&b.csv"
    path.write_bytes(log())
    ran = dropped(clinic.root, env={LINE: f'cmd.exe /c ""C:\\make-report.cmd" {path}"'})
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "a&b-report.xlsx").is_file()


def test_it_is_for_launchers_alone():
    assert "dropped" not in CliRunner().invoke(main, ["--help"]).output
