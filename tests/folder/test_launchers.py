"""The launchers that init writes: which Python they call, and what is shown after a run."""

import subprocess
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic_folders import drop, log, make_fast, make_folder

from clinicreport.commands import showing
from clinicreport.commands.cli import main
from clinicreport.folder import launchers, places


def on(monkeypatch, platform, python):
    monkeypatch.setattr(launchers, "sys", types.SimpleNamespace(platform=platform))
    monkeypatch.setattr(sys, "executable", python)


def test_windows_calls_the_very_python(tmp_path, monkeypatch):
    on(monkeypatch, "win32", r"C:\Müller & Co\100%\python.exe")
    places.make(tmp_path / "clinic")
    raw = (tmp_path / "clinic" / "make-report.cmd").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 5
    text = raw.decode()
    assert '"C:\\Müller & Co\\100%%\\python.exe" -m clinicreport run "%~dp0." --show' in text
    assert text.index("chcp 65001") < text.index("Müller")
    assert 'PYTHON"' not in text


def test_a_mac_calls_the_very_python(tmp_path, monkeypatch):
    python = tmp_path / 'a $HOME `x` "y" \\z' / "python3"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$PYTHONSAFEPATH" "$@"\n')
    python.chmod(0o755)
    on(monkeypatch, "darwin", str(python))
    root = tmp_path / "the clinic"
    places.make(root)
    done = subprocess.run(
        [root / "make-report.command"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["1", "-m", "clinicreport", "run", str(root), "--show"]


def test_there_is_none_elsewhere_and_one_that_is_there_stays(tmp_path, monkeypatch):
    on(monkeypatch, "linux", "python3")
    assert launchers.launcher() is None
    on(monkeypatch, "darwin", "python3")
    (tmp_path / "make-report.command").write_text("mine")
    places.make(tmp_path)
    assert (tmp_path / "make-report.command").read_text() == "mine"


@pytest.mark.parametrize(("platform", "tool"), [("win32", "startfile"), ("darwin", "open")])
def test_the_page_is_shown_where_the_run_said_something(tmp_path, monkeypatch, platform, tool):
    make_fast(monkeypatch)
    shown = []
    monkeypatch.setattr(showing, "sys", types.SimpleNamespace(platform=platform))
    monkeypatch.setattr("os.startfile", shown.append, raising=False)
    monkeypatch.setattr(showing.subprocess, "run", lambda words, **_: shown.append(Path(words[1])))
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    for count in (1, 1):  # the second run has nothing new
        assert CliRunner().invoke(main, ["run", str(folder.root), "--show"]).exit_code == 0
        assert shown == [folder.status_page] * count, tool
