"""The program as a folder of its own: no Python, no package beside it."""

import filecmp
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("PyInstaller", reason="PyInstaller is not installed")
ROOT = Path(__file__).parents[1]
LOG = ROOT / "samples" / "three-months" / "2026-08.xlsx"
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only"),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Runs the program that was built, with nothing of this environment."""
    place = tmp_path_factory.mktemp("frozen")
    recipe = ROOT / "packaging" / "clinicreport.spec"
    places = ["--distpath", place / "dist", "--workpath", place / "build"]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", *places, recipe]
    subprocess.run(command, check=True, capture_output=True)
    made = place / "dist" / "clinicreport" / "clinicreport"

    def start(*words, cwd):
        return subprocess.Popen(
            [made, *words],
            cwd=cwd,
            env={"HOME": str(cwd), "PATH": "/nowhere"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def done(process):
    said, wrong = process.communicate(timeout=120)
    assert process.returncode == 0, wrong
    return said


def test_a_report_is_the_same_to_the_byte(program, tmp_path):
    words = ["report", LOG, "--today", "2026-10-02", "-o"]
    said = done(program(*words, "frozen.xlsx", cwd=tmp_path))
    assert "Written: frozen.xlsx" in said
    usual = [sys.executable, "-m", "clinicreport", *words, "usual.xlsx", "-q"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(usual, cwd=tmp_path, env=env, check=True)
    assert filecmp.cmp(tmp_path / "frozen.xlsx", tmp_path / "usual.xlsx", shallow=False)


def test_a_month_in_a_clinic_folder_a_letter_and_a_network(program, tmp_path):
    done(program("init", "clinic", cwd=tmp_path))
    (tmp_path / "clinic" / "inbox" / LOG.name).write_bytes(LOG.read_bytes())
    said = done(program("run", "clinic", cwd=tmp_path))
    assert "draft ready in outbox/" in said
    done(program("patient", "--all", "letters", "--letter", "clinic", cwd=tmp_path))
    assert list((tmp_path / "letters").glob("*.docx"))
    for name in ("north", "south", "west"):
        (tmp_path / name).mkdir()
        (tmp_path / name / LOG.name).write_bytes(LOG.read_bytes())
    words = ["network", "north", "south", "west", "--jobs", "2", "-o", "network.xlsx"]
    assert "Written: network.xlsx" in done(program(*words, cwd=tmp_path))


def test_the_desk_opens(program, tmp_path):
    done(program("init", "clinic", cwd=tmp_path))
    desk = program("desk", "clinic", "--no-browser", cwd=tmp_path)
    try:
        address = ""
        ends = time.monotonic() + 60
        while not address and time.monotonic() < ends:
            address = "".join(re.findall(r"http://127\.0\.0\.1:\S+", desk.stdout.readline()))
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
    finally:
        desk.kill()
