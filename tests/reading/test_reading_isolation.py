"""A file is parsed in a child process that may die, hang or lie without harm."""

from __future__ import annotations

import io
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from workbooks import MAIN, cell, row, sheet_xml, xlsx

import clinicreport
from clinicreport.reading import guard, isolation, worker
from clinicreport.reading.files import read_books
from clinicreport.reading.isolation import Child, Pool
from clinicreport.reading.spreadsheet import Spreadsheet

GOOD = xlsx(sheet_xml(row(1, cell("A1", 7))))
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX")


def gone(pid: int) -> bool:
    """Whether a process has ended and was waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def pid_of(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


@pytest.fixture
def child():
    made = Child()
    yield made
    made.close()


def greedy() -> bytes:
    """A small workbook that a parser turns into 3 GB: a long text that each cell repeats."""
    text = random.Random(1).randbytes(15_000).hex()
    strings = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'
    rows = "".join(row(number, cell(f"A{number}", 0, "s")) for number in range(1, 100_001))
    return xlsx(sheet_xml(rows), xl__sharedStrings_dot_xml=strings)


@POSIX
def test_a_greedy_file_is_given_up_and_the_next_one_read(child: Child):
    import resource

    data = greedy()
    assert len(data) < 1_000_000
    book = child.read(data, None)
    assert "more memory than a file of its size should" in book.reason
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_100_000  # kilobytes
    assert child.read(GOOD, None).sheets[0].value(1, 1) == 7


def test_one_child_reads_many_files(child: Child):
    first = pid_of(child)
    for data in (GOOD, b"", b"%PDF", GOOD, b"a;b\n1;2\n"):
        child.read(data, None)
    assert pid_of(child) == first


def test_a_child_that_read_a_large_file_is_not_used_again(child: Child):
    first = pid_of(child)
    line = b"a," + b"x" * 997 + b"\n"
    assert child.read(line * (worker.LARGE // 1000), None).sheets[0].rows == worker.LARGE // 1000
    assert gone(first)
    assert child.read(GOOD, None).reason == ""


def test_a_child_that_died_between_files(child: Child):
    assert child._process is not None
    child._process.kill()
    assert "could not be read" in child.read(GOOD, None).reason
    assert child.read(GOOD, None).reason == ""


def test_a_child_that_hangs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "_CODE", "import time; time.sleep(60)")
    monkeypatch.setattr(isolation, "SECONDS", 1)
    child = Child()
    pid = pid_of(child)
    start = time.monotonic()
    assert "took longer than 1 seconds" in child.read(GOOD, None).reason
    assert time.monotonic() - start < 10
    assert gone(pid)


@pytest.mark.parametrize(
    "code", ["pass", "import os; os.abort()", "print('not an answer', flush=True)"]
)
def test_a_child_that_talks_nonsense(code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "_CODE", code)
    child = Child()
    assert "could not be read" in child.read(GOOD, None).reason
    child.close()


def test_an_answer_that_is_no_book_is_not_even_unpickled(tmp_path: Path):
    mark = tmp_path / "mark"

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(mark),)

    with pytest.raises(pickle.UnpicklingError):
        isolation._Answer(io.BytesIO(pickle.dumps((Evil(), True)))).load()
    assert not mark.exists()


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "could not start another process" in Child().read(GOOD, None).reason


@pytest.mark.parametrize(
    ("error", "words", "fit"),
    [
        (MemoryError(), "needs more memory", False),
        (type("PanicException", (BaseException,), {})(), "is damaged or not a spreadsheet", False),
        (ValueError(), "is damaged or not a spreadsheet", True),
        (type("PasswordError", (Exception,), {})(), "is protected by a password", True),
    ],
)
def test_what_a_parser_raises_becomes_a_sentence(
    error: BaseException, words: str, fit: bool, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> Spreadsheet:
        raise error

    monkeypatch.setattr(worker, "read", fail)
    book, still = worker.answer(b"x", None)
    assert words in book.reason
    assert still is fit


def test_no_child_is_left(tmp_path: Path):
    (tmp_path / "a.xlsx").write_bytes(GOOD)
    (tmp_path / "b.csv").write_text("x\n")
    paths = sorted(tmp_path.iterdir())

    books = read_books(paths, jobs=2)
    pids = [pid_of(child) for child in books._pool._children]
    assert len(pids) == 2
    list(books)
    assert all(map(gone, pids))

    books = read_books(paths)
    pids = [pid_of(child) for child in books._pool._children]
    next(books)
    books.close()
    assert all(map(gone, pids))
    assert next(books, None) is None

    books = read_books(paths)
    pids = [pid_of(child) for child in books._pool._children]
    del books
    assert all(map(gone, pids))


def test_closing_a_pool_answers_what_is_under_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "_CODE", "import time; time.sleep(60)")
    pool = Pool(1)
    tasks = [pool.submit(GOOD, None) for _ in range(3)]
    time.sleep(0.2)
    pool.close()
    assert all(task.result().reason for task in tasks)


@POSIX
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_child_outlives_the_program(stop: signal.Signals, tmp_path: Path):
    script = tmp_path / "slow.py"
    script.write_text(
        "import signal, sys\n"
        # Where the tests run in the background of a shell, it is ignored from the start.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from clinicreport.reading import isolation\n"
        "isolation._CODE = 'import sys, time; sys.stdin.buffer.read(); time.sleep(1)'\n"
        "from clinicreport.reading.files import read_books\n"
        "books = read_books([sys.argv[0]])\n"
        "print(books._pool._children[0]._process.pid, flush=True)\n"
        "next(books)\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as program:
        pid = int(program.stdout.readline())
        time.sleep(0.3)
        program.send_signal(stop)
        program.wait(10)
    for _ in range(60):
        if gone(pid) or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child is still there")


def test_nothing_in_the_working_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("csv", "zipfile", "python_calamine", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("open('mark', 'w').close()\n")
    (tmp_path / "log.csv").write_text("a;b\n")
    monkeypatch.chdir(tmp_path)
    [book] = read_books(["log.csv"])
    assert book.reason == ""
    assert not (tmp_path / "mark").exists()


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = tmp_path / "log.xlsx"
    path.write_bytes(GOOD)
    before = path.stat().st_mtime_ns
    assert next(read_books([path])).reason == ""
    assert [each.name for each in tmp_path.iterdir()] == ["log.xlsx"]
    assert path.stat().st_mtime_ns == before


def test_the_memory_allowed_follows_the_unpacked_size(monkeypatch: pytest.MonkeyPatch):
    told: list[int] = []
    monkeypatch.setattr(worker, "limit_memory", told.append)
    worker.answer(GOOD, None)
    assert told == [len(GOOD), guard.Package(GOOD).unpacked + len(GOOD)]
    dense = xlsx(
        sheet_xml(row(1, cell("A1", 7))),
        **{f"xl__media__{number}_dot_bin": b"\0" * 90_000 for number in range(20)},
    )
    assert guard.Package(dense).unpacked > guard.HONEST_RATIO * len(dense)
    told.clear()
    worker.answer(dense, None)
    assert told[1] == (guard.HONEST_RATIO + 1) * len(dense)


@POSIX
def test_the_limit_is_set_in_the_child_alone():
    code = (
        "import resource; from clinicreport.reading.worker import limit_memory\n"
        "for size in (0, 500_000_000):\n"
        "    limit_memory(size); print(resource.getrlimit(resource.RLIMIT_AS)[0])\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.stdout.split() == ["1000000000", "4000000000"]


def test_a_child_runs_the_same_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ours = str(Path(clinicreport.__file__).parents[1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    assert str(tmp_path) not in isolation._paths()
    assert ours in isolation._paths()
    monkeypatch.setattr(sys, "path", ["/elsewhere"])
    assert isolation._paths() == ["/elsewhere", ours]


def test_no_thread_to_be_had_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    class Refused(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    path = tmp_path / "log.xlsx"
    path.write_bytes(GOOD)
    for name in ("Thread", "Timer"):
        with monkeypatch.context() as patched:
            patched.setattr(threading, name, lambda *_a, **_k: Refused())
            (book,) = read_books([path])
        assert "could not start another process" in book.reason
        assert book.passing
