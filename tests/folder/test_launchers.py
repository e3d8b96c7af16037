"""The launchers that init writes: which Python they call, and what is shown after a run."""

import os
import select
import shutil
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
    assert 'set "PROGRAM=C:\\Müller & Co\\100%%\\python.exe"' in text
    assert '"!PROGRAM!" -P -m clinicreport dropped "!HERE!"' in text
    assert text.index("chcp 65001") < text.index("Müller")
    assert "{" not in text
    # Paths are set before "!" means anything, and used after; then nothing behind this file is run.
    order = [
        "DisableDelayed",
        "HERE=%~dp0.",
        "PROGRAM=",
        "EnableDelayed",
        "!cmdcmdline!",
        "!PROGRAM!",
    ]
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)
    assert text.rstrip().endswith("\nexit")


def test_a_frozen_program_is_called_itself(tmp_path, monkeypatch):
    on(monkeypatch, "win32", r"C:\clinic report\clinicreport.exe")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    _, raw = launchers.launcher(tmp_path)
    assert 'set "PROGRAM=C:\\clinic report\\clinicreport.exe"' in raw.decode()
    assert '"!PROGRAM!"  dropped "!HERE!"' in raw.decode()


@pytest.fixture
def python(tmp_path):
    """A program in a place of an odd name, which says what it was called with."""
    path = tmp_path / "a $HOME `x` \"y\" 'z' \\n 100% é; a=b (1)" / "python3"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/said"\n')
    path.chmod(0o755)
    return path


ODD = ["a b.csv", "é $x.csv", "semi;colon & 'quote'.csv", "50%.csv"]


def test_a_mac_calls_the_very_python(tmp_path, monkeypatch, python):
    on(monkeypatch, "darwin", str(python))
    root = tmp_path / "the clinic's $1"
    places.make(root)
    subprocess.run([root / "make-report.command", *ODD], check=True)
    said = (tmp_path / "said").read_text().splitlines()
    assert said == ["-P", "-m", "clinicreport", "dropped", str(root), *ODD]


@pytest.mark.skipif(shutil.which("gio") is None, reason="there is no gio here")
def test_linux_calls_the_very_python(tmp_path, monkeypatch, python):
    on(monkeypatch, "linux", str(python))
    root = tmp_path / 'the clinic\'s $1 \\t 100% "q"'
    places.make(root)
    path = root / "make-report.desktop"
    assert path.stat().st_mode & 0o111
    without_window = path.read_text().replace("Terminal=true", "Terminal=false")
    path.write_text(without_window)
    os.mkfifo(tmp_path / "said")
    reader = os.open(tmp_path / "said", os.O_RDWR)
    files = [tmp_path / name for name in ODD]
    subprocess.run(["gio", "launch", path, *files], check=True)
    assert select.select([reader], [], [], 10)[0]
    said = os.read(reader, 10_000).decode().splitlines()
    os.close(reader)
    assert said == ["-P", "-m", "clinicreport", "dropped", "--wait", str(root), *map(str, files)]


def test_there_is_none_elsewhere_and_one_that_is_there_stays(tmp_path, monkeypatch):
    on(monkeypatch, "freebsd14", "python3")
    assert launchers.launcher(tmp_path) is None
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
