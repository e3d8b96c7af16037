"""Output never fails for its characters, nor where nobody reads it; the exit status is the work's."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from clinicreport.commands.streams import Steady

pytestmark = pytest.mark.once

HEAD = "Patient ID,Date,NRS before,Minutes,Adverse event\n"
ODD = "Ł→😀"
ROWS = f"{ODD},2026-09-01,8,12,none\n{ODD},2026-09-03,4,12,none\nP-2,2026-09-03,x,12,→ rash\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="closes descriptors, and odd bytes")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder of logs with odd names, a clinic folder with an odd name and one log to take."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "Łódź → 😀.csv").write_text(HEAD + ROWS, encoding="utf-8")
    if sys.platform == "linux":
        odd = os.fsencode(logs) + b"/lone \xff\xe9.csv"
        Path(os.fsdecode(odd)).write_text(HEAD + "P-3,2026-09-04,5,12,none\n", encoding="utf-8")
    (tmp_path / "clinic.toml").write_text(f'name = "{ODD}"\n', encoding="utf-8")
    return tmp_path


def program(
    folder: Path,
    *words: str,
    encoding: str = "utf-8",
    start: Sequence[str] = ("-m", "clinicreport"),
    **options: Any,
) -> Any:
    command = [sys.executable, *start, *words]
    places = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    root = str(Path(__file__).parents[2])
    env = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": root, "PYTHONUTF8": "0"}
    return subprocess.run(command, cwd=folder, env=env, check=False, **places)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic folder as `init` makes it."""
    place = tmp_path_factory.mktemp("made")
    assert program(place, "init", "clinic").returncode == 0
    return place / "clinic"


COMMANDS = (
    ("check logs", 1),
    ("check logs --json", 1),
    ("report logs", 0),
    ("report logs --json --force", 0),
    ("report logs --share", 0),
    (f"patient {ODD} logs", 0),
    (f"patient {ODD}x logs", 2),
    ("patient --all pages logs", 0),
    ("network logs", 0),
    ("network logs --json --force", 0),
    ("protocol logs", 0),
    ("protocol logs --json", 0),
    ("template", 0),
    ("config", 0),
    ("config --json", 0),
    ("--help", 0),
    ("report --help", 0),
    ("check nowhere→", 2),
    ("chek→", 2),
)


# One command after another, each printing to the same stream, followed by its status between NULs.
# Where a process can be forked, each has the modules loaded already.
ONE_BY_ONE = """
import os, subprocess, sys
import numpy, openpyxl, xlsxwriter
from clinicreport.__main__ import run
from clinicreport.commands import cli

def status_of(words):
    if not hasattr(os, "fork"):
        return subprocess.call([sys.executable, "-m", "clinicreport", *words])
    child = os.fork()
    if not child:
        sys.argv[1:] = words
        run()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

for words in sys.argv[1:]:
    os.write(1, b"\\0%d\\0" % status_of(words.split()))
"""


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_no_command_fails_for_its_characters(encoding: str, here: Path) -> None:
    words = ("-c", ONE_BY_ONE, *(words for words, _ in COMMANDS))
    done = program(here, *words, encoding=encoding, start=())
    assert b"should not have happened" not in done.stderr
    done.stderr.decode(encoding)
    *answers, rest = done.stdout.decode(encoding).split("\0")
    assert rest == ""
    printed, statuses = answers[::2], [int(status) for status in answers[1::2]]
    assert dict(zip((words for words, _ in COMMANDS), statuses, strict=True)) == dict(COMMANDS)
    for (words, _), text in zip(COMMANDS, printed, strict=True):
        if "--json" in words:
            json.loads(text)


def test_what_cannot_be_shown_is_written_as_an_escape(here: Path) -> None:
    said = program(here, "check", "logs", encoding="ascii").stdout.decode("ascii")
    assert "\\u0141\\xf3d\\u017a \\u2192 \\U0001f600.csv" in said


def test_json_holds_the_text_whatever_the_encoding(here: Path) -> None:
    found = json.loads(program(here, "report", "logs", "--json", encoding="ascii").stdout)
    assert ODD in {course["patient"] for course in found["courses"]}


@LINUX
@pytest.mark.parametrize("closed", ["stdout", "stderr", "both", "pipe", "all"])
@pytest.mark.parametrize(
    ("words", "status"), [("check logs", 1), ("report logs --json --force", 0)]
)
def test_closed_streams_change_no_exit_status(
    words: str, status: int, closed: str, here: Path
) -> None:
    done = _closed(here, closed, *words.split())
    assert done.returncode == status
    if closed in ("stdout", "pipe"):
        assert b"Error" not in done.stderr
        assert b"ignored" not in done.stderr


def _closed(folder: Path, which: str, *words: str) -> Any:
    if which == "pipe":
        reader, writer = os.pipe()
        os.close(reader)
        try:
            return program(folder, *words, stdout=writer)
        finally:
            os.close(writer)
    numbers = {"stdout": (1,), "stderr": (2,), "both": (1, 2), "all": (0, 1, 2)}[which]
    return program(folder, *words, preexec_fn=lambda: [os.close(number) for number in numbers])


@LINUX
@pytest.mark.parametrize("which", ["stdout", "stderr", "both", "all", "pipe", "cp1252", "ascii"])
def test_run_does_its_work_and_says_so_by_its_status(which: str, here: Path, clinic: Path) -> None:
    shutil.copytree(clinic, here / "clinic")
    (here / "clinic" / "inbox" / "→ 😀 September.csv").write_text(HEAD + ROWS, encoding="utf-8")
    words = ("run", "clinic", "--today", "2026-10-05")
    if which in ("cp1252", "ascii"):
        done = program(here, *words, encoding=which)
    else:
        done = _closed(here, which, *words)
    assert done.returncode == 0
    assert list((here / "clinic" / "reports").rglob("*.xlsx"))


@LINUX
def test_no_file_takes_the_place_of_a_closed_stream(here: Path) -> None:
    """What is written to standard error must not land in the report."""
    done = _closed(here, "both", "report", "logs")
    assert done.returncode == 0
    (made,) = here.glob("clinic-report-*.xlsx")
    assert made.read_bytes().startswith(b"PK")


@LINUX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to try")
def test_a_full_disk_is_said(here: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = program(here, "report", "logs", "--json", stdout=full)
    assert done.returncode == 5
    assert b"standard output cannot be written: No space left" in done.stderr


def test_a_question_that_nobody_can_answer_is_no_defect(here: Path, clinic: Path) -> None:
    shutil.copytree(clinic, here / "clinic")
    (here / "clinic" / "inbox" / "log.csv").write_text(HEAD + ROWS, encoding="utf-8")
    assert program(here, "run", "clinic", "--today", "2026-10-05").returncode == 0
    words = ("purge", "clinic", "--patient", "P-2", "--who", "M.", "--why", "asked")
    options = {"preexec_fn": lambda: os.close(0)} if sys.platform == "linux" else {}
    done = program(here, *words, stdin=subprocess.DEVNULL, **options)
    assert done.returncode == 1
    assert b"Aborted" in done.stderr


def test_no_stream_at_all() -> None:
    stream = Steady(None)
    assert stream.write("→") == 1
    stream.flush()
    assert not stream.isatty()
    assert not hasattr(stream, "buffer")
