"""The icon on the desktop: what it starts, wherever that lies and whatever the clinic is called."""

import os
import select
import shutil
import subprocess
import sys
import types

import pytest
from click.testing import CliRunner
from clinic_folders import make_folder

from clinicreport.commands.cli import main
from clinicreport.desk import shortcut
from clinicreport.desk.shortcut import make_shortcut, windows_values
from clinicreport.ground.errors import OutputError
from clinicreport.ground.resources import resource

NAME = "Schmerz 'n' \"Licht\" 100% \\ é & Co"


@pytest.fixture
def home(tmp_path, monkeypatch):
    place = tmp_path / "home"
    (place / "Desktop").mkdir(parents=True)
    monkeypatch.setattr("pathlib.Path.home", lambda: place)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return place


@pytest.fixture
def clinic(tmp_path):
    """A clinic folder of an odd name."""
    return make_folder(tmp_path / 'the clinic\'s $1 "q" \\n 50% ü').root


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What the program was called with, as it is told through a pipe; its place has an odd name."""
    path = tmp_path / "env $HOME `x` 'y'" / "python3"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/said"\n')
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))
    os.mkfifo(tmp_path / "said")
    reader = os.open(tmp_path / "said", os.O_RDWR)

    def read():
        assert select.select([reader], [], [], 10)[0]
        return os.read(reader, 10_000).decode().splitlines()

    yield read
    os.close(reader)


def on(monkeypatch, platform):
    monkeypatch.setattr(shortcut, "sys", types.SimpleNamespace(platform=platform))


@pytest.mark.skipif(shutil.which("gio") is None, reason="there is no gio here")
def test_on_linux_it_starts_the_desk(home, clinic, said, monkeypatch):
    on(monkeypatch, "linux")
    make_shortcut(clinic, NAME)
    (path,) = (home / "Desktop").iterdir()
    assert path.suffix == ".desktop"
    assert path.stat().st_mode & 0o111
    subprocess.run(["gio", "launch", path], check=True)
    assert said() == ["-P", "-m", "clinicreport", "desk", str(clinic)]


def test_on_a_mac_it_starts_the_desk(home, clinic, said, monkeypatch):
    on(monkeypatch, "darwin")
    assert str(home) in make_shortcut(clinic, NAME)
    (path,) = (home / "Desktop").iterdir()
    assert path.suffix == ".command"
    subprocess.run([path], check=True)
    assert said() == ["-P", "-m", "clinicreport", "desk", str(clinic)]


def test_a_desktop_by_another_name_and_none(home, monkeypatch):
    on(monkeypatch, "linux")
    (home / "Desktop").rmdir()
    make_shortcut(None, "")
    (path,) = (home / ".local/share/applications").iterdir()
    assert path.name == f"{shortcut.WITHOUT}.desktop"
    (home / "Schreibtisch").mkdir()
    (home / ".config").mkdir()
    (home / ".config" / "user-dirs.dirs").write_text('XDG_DESKTOP_DIR="$HOME/Schreibtisch"\n')
    make_shortcut(None, "A")
    assert (home / "Schreibtisch" / "A.desktop").is_file()


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_what_is_there_stays(home, clinic, monkeypatch, platform):
    on(monkeypatch, platform)
    make_shortcut(clinic, "A")
    with pytest.raises(OutputError, match="is there already"):
        make_shortcut(clinic, "A")


def test_the_command_takes_the_clinics_name(home, clinic, monkeypatch):
    on(monkeypatch, "linux")
    done = CliRunner().invoke(main, ["desk", "--shortcut", str(clinic)])
    assert done.exit_code == 0, done.output
    assert (home / "Desktop" / "Hill Clinic.desktop").is_file()
    assert str(home) in done.output
    assert CliRunner().invoke(main, ["desk", "--shortcut", str(clinic)]).exit_code == 5


# ----------------------------------------------- Windows: its script is read here, and not run


def test_windows_is_told_by_variables_alone(monkeypatch, tmp_path):
    python = tmp_path / "python.exe"
    for name in ("python.exe", "pythonw.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(python))
    told = windows_values(NAME, ["desk", 'C:\\the "clinic" 100%\\'], tmp_path / "a b")
    assert told["CLINICREPORT_LINK_DESK"] == str(tmp_path / "pythonw.exe")
    assert told["CLINICREPORT_LINK_DESK_WORDS"] == (
        '-P -m clinicreport desk "C:\\the \\"clinic\\" 100%\\\\"'
    )
    assert told["CLINICREPORT_LINK_DROPPED"] == str(python)
    assert told["CLINICREPORT_LINK_DROPPED_WORDS"].startswith("-P -m clinicreport dropped --wait ")
    assert told["CLINICREPORT_LINK_NAME"] == "Schmerz 'n' _Licht_ 100% _ é & Co"
    script = resource("templates/launchers/shortcut.ps1").read_text("ascii")
    assert '"' not in script  # which would have to be quoted on PowerShell's command line
    used = {
        word.strip("();,") for word in script.replace("$env:", " $env:").split() if "$env:" in word
    }
    assert {f"$env:{name}" for name in told} <= used


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "is on the desktop"),
        (5, "is there already"),
        (6, "cannot keep the letters"),
        (1, "it refused"),
    ],
)
def test_what_powershell_answers(monkeypatch, clinic, status, words):
    on(monkeypatch, "win32")
    asked = []

    def answer(line, **more):
        return asked.append((line, more)) or types.SimpleNamespace(returncode=status)

    monkeypatch.setattr(shortcut.subprocess, "run", answer)
    try:
        said = make_shortcut(clinic, NAME)
    except OutputError as error:
        said = str(error)
    assert words in said
    ((line, more),) = asked
    assert line[0].endswith("powershell.exe")
    assert str(clinic) not in " ".join(line)
    assert more["env"]["CLINICREPORT_LINK_PLACE"] == str(clinic)
