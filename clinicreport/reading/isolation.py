"""The parent's side: child processes that read files, each with a time limit.

A child is started once and reads many files; it is started anew when it dies, when a file takes
too long, or when it says that it is no longer fit.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pickle
import subprocess
import sys
import threading
import weakref
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, cast

import clinicreport
from clinicreport.ground.own_python import own_python
from clinicreport.reading.exchange import LENGTH, LENGTHS, READING_CHILD
from clinicreport.reading.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from clinicreport.reading.job_object import JobObject

SECONDS = 30  # for an ordinary file
LONGEST_ANSWER = 4_000_000_000  # bytes; a million visits take 60 MB
SECONDS_A_MEGABYTE = 10  # of the file itself, beyond the first; honest logs need a tenth of it

_CODE = (
    "import sys; sys.path[:] = sys.argv[1:]; from clinicreport.reading.worker import main; main()"
)
_TOO_LONG = (
    "took longer than {seconds} seconds and was given up: open it in Excel, delete what "
    "is not part of the log, and save it as a new .xlsx file"
)
_DIED = (
    "could not be read: it needs more memory than a file of its size should, or is damaged; "
    "open it in Excel and save it as a new .xlsx file, or ask for it again"
)

_NO_PROCESS = "could not be read: the computer could not start another process; try again"
_STOPPED = "was not read: the program was stopped"

_children: weakref.WeakSet[Child] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    for child in list(_children):
        child.close()


_ALLOWED = {
    "array": {"array", "_array_reconstructor"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "clinicreport.reading.spreadsheet": {
        "Spreadsheet",
        "Sheet",
        "RawColumn",
        "TextEnd",
        "CellError",
        "Uncached",
        "Percent",
        "ShownFraction",
        "SymbolText",
    },
}


def _command() -> list[str]:
    """Python as it runs here with the paths it uses; a frozen program starts itself.

    Without looking for installed packages' start-up files, which a reader needs none of.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, READING_CHILD]
    return [own_python(), "-S", "-P", "-c", _CODE, *_paths()]


class _Answer(pickle.Unpickler):
    """Unpickles a Spreadsheet and nothing else: what comes from a parser's process is not trusted."""

    def find_class(self, module: str, name: str) -> Any:
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


class Child:
    """One child process, started at once and again where needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        with contextlib.suppress(OSError):  # tried again with the first file
            self._process = self._start()
        _children.add(self)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 (this very Python, and paths it already uses)
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
        handle = getattr(process, "_handle", None)  # Windows
        if handle is not None:
            _job().take(int(handle))
        return process

    def read(self, data: bytes, password: str | None) -> Spreadsheet:
        """The book in these bytes, or one with a reason."""
        seconds = SECONDS + SECONDS_A_MEGABYTE * (len(data) // 1_000_000)
        try:
            process = self._running()
        except OSError:
            return _failed(_NO_PROCESS, passing=True)
        if process is None:
            return _failed(_STOPPED, passing=True)
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no thread to be had: nothing is read without its time limit
            return _failed(_NO_PROCESS, passing=True)
        try:
            book, fit = _ask(process, data, password, seconds)
        except Exception:  # noqa: BLE001 (a child may die, stop in the middle, or answer anything)
            reason = _TOO_LONG.format(seconds=seconds) if late.is_set() else _DIED
            book, fit = _failed(reason), False
        finally:
            timer.cancel()
        if not fit:
            self._drop()
        return book

    def _running(self) -> subprocess.Popen[bytes] | None:
        """The process, started where there is none; none once this child is closed."""
        with self._lock:
            if self._process is None and not self._closed:
                self._process = self._start()
            return self._process

    def _drop(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed = True
        self._drop()


@cache
def _job() -> JobObject:
    """What ends the children on Windows when this process is gone, however that ended."""
    from clinicreport.reading.job_object import KILL_ON_CLOSE, JobObject

    job = JobObject.made()
    job.limit(KILL_ON_CLOSE)
    return job


def _paths() -> list[str]:
    """The parent's own search path, so that a child runs the same code.

    The working folder is left out: a file named csv.py beside the logs must not be run.
    """
    here, ours = Path.cwd(), Path(clinicreport.__file__).parents[1]
    found = [path for path in sys.path if path and (Path(path) != here or here == ours)]
    return found if str(ours) in found else [*found, str(ours)]


def _failed(reason: str, *, passing: bool = False) -> Spreadsheet:
    return Spreadsheet("", "", "", reason=reason, passing=passing)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()
    process.wait()


def _ask(
    process: subprocess.Popen[bytes], data: bytes, password: str | None, seconds: int
) -> tuple[Spreadsheet, bool]:
    assert process.stdin is not None
    assert process.stdout is not None
    header = pickle.dumps((password, seconds))
    process.stdin.write(LENGTHS.pack(len(header), len(data)) + header)
    process.stdin.write(data)
    process.stdin.flush()
    (length,) = LENGTH.unpack(_exactly(process.stdout, LENGTH.size))
    if length > LONGEST_ANSWER:
        raise EOFError
    book, fit = _Answer(io.BytesIO(_exactly(process.stdout, length))).load()
    return cast("Spreadsheet", book), bool(fit)


def _exactly(source: Any, size: int) -> bytes:
    content: bytes = source.read(size)
    if len(content) < size:
        raise EOFError
    return content


class ReadingTask:
    """One file on its way: :meth:`result` waits for its book."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self.data = data
        self.password = password
        self._done = threading.Event()
        self._book: Spreadsheet | None = None

    def finish(self, book: Spreadsheet) -> None:
        """Hand the book over, and let go of the file's bytes."""
        self.data = b""
        self._book = book
        self._done.set()

    def result(self) -> Spreadsheet:
        """Wait for the book. A short wait again and again, as Windows cannot interrupt a long."""
        while not self._done.wait(0.5):
            pass
        assert self._book is not None
        return self._book


class Pool:
    """``jobs`` children, each with a thread that feeds it."""

    def __init__(self, jobs: int) -> None:
        self._tasks: SimpleQueue[ReadingTask | None] = SimpleQueue()
        self._children = [Child() for _ in range(max(1, jobs))]
        self._fed = [child for child in self._children if _fed(child, self._tasks)]

    def submit(self, data: bytes, password: str | None) -> ReadingTask:
        """Queue a file; where the computer has no thread for that, its book says so."""
        task = ReadingTask(data, password)
        if self._fed:
            self._tasks.put(task)
        else:
            task.finish(_failed(_NO_PROCESS, passing=True))
        return task

    def close(self) -> None:
        """End all children; files under way come back with a reason."""
        for child in self._children:
            child.close()
        for _ in self._fed:
            self._tasks.put(None)


def _fed(child: Child, tasks: SimpleQueue[ReadingTask | None]) -> bool:
    """Whether a thread could be started that feeds this child."""
    try:
        threading.Thread(target=_feed, args=(child, tasks), daemon=True).start()
    except RuntimeError:
        return False
    return True


def _feed(child: Child, tasks: SimpleQueue[ReadingTask | None]) -> None:
    while (task := tasks.get()) is not None:
        try:
            book = child.read(task.data, task.password)
        except Exception:  # noqa: BLE001 (whoever waits for this file or a later one must not wait for ever)
            book = _failed(_DIED)
        task.finish(book)
