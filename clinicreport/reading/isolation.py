"""The parent's side: child processes that read files, each with a time limit.

A child is started once and reads many files; it is started anew when it dies, when a file takes
too long, or when it says that it is no longer fit.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import subprocess
import sys
import threading
import weakref
from queue import SimpleQueue
from typing import Any

from clinicreport.reading.worker import LENGTH, LENGTHS
from clinicreport.spreadsheet import Book

SECONDS = 30  # for an ordinary file
SECONDS_A_MEGABYTE = 10  # of the file itself, beyond the first; honest logs need a tenth of it

_CODE = (
    "import sys; sys.path.extend(p for p in sys.argv[1:] if p not in sys.path); "
    "from clinicreport.reading.worker import main; main()"
)
_TOO_LONG = ("took longer than {seconds} seconds and was given up: open it in Excel, delete what "
             "is not part of the log, and save it as a new .xlsx file")
_DIED = ("could not be read: it needs more memory than a file of its size should, or is damaged; "
         "open it in Excel and save it as a new .xlsx file, or ask for it again")

_children: weakref.WeakSet[Child] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    for child in list(_children):
        child.close()


class _Answer(pickle.Unpickler):
    """Unpickles a Book and nothing else: what comes from a parser's process is not trusted."""

    _ALLOWED = {
        "array": {"array", "_array_reconstructor"},
        "builtins": {"set"},
        "copyreg": {"_reconstructor"},
        "datetime": {"date", "datetime", "time", "timedelta"},
        "clinicreport.spreadsheet": {
            "Book", "Sheet", "Column", "CellError", "Uncached", "Percent",
        },
    }

    def find_class(self, module: str, name: str) -> Any:
        if name not in self._ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


class Child:
    """One child process, started at once and again where needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = self._start()
        _children.add(self)

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a file named csv.py in the clinic's folder must not be run. The parent's own paths
        # go to the end of the child's.
        command = [sys.executable, "-P", "-c", _CODE, *filter(None, sys.path)]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )

    def read(self, data: bytes, password: str | None) -> Book:
        """The book in these bytes, or one with a reason."""
        seconds = SECONDS + SECONDS_A_MEGABYTE * (len(data) // 1_000_000)
        with self._lock:
            if self._closed:
                return Book("", "", "", reason="was not read: the program was stopped")
            if self._process is None:
                self._process = self._start()
            process = self._process
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            book, fit = _ask(process, data, password, seconds)
        except (OSError, EOFError, pickle.UnpicklingError, ValueError):
            reason = _TOO_LONG.format(seconds=seconds) if late.is_set() else _DIED
            book, fit = Book("", "", "", reason=reason), False
        finally:
            timer.cancel()
        if not fit:
            self._drop()
        return book

    def _drop(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed = True
        self._drop()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:
            pass
    process.wait()


def _ask(
    process: subprocess.Popen[bytes], data: bytes, password: str | None, seconds: int
) -> tuple[Book, bool]:
    assert process.stdin is not None and process.stdout is not None
    header = pickle.dumps((password, seconds))
    process.stdin.write(LENGTHS.pack(len(header), len(data)) + header)
    process.stdin.write(data)
    process.stdin.flush()
    (length,) = LENGTH.unpack(_exactly(process.stdout, LENGTH.size))
    book, fit = _Answer(io.BytesIO(_exactly(process.stdout, length))).load()
    if not isinstance(book, Book):
        raise EOFError
    return book, bool(fit)


def _exactly(source: Any, size: int) -> bytes:
    content: bytes = source.read(size)
    if len(content) < size:
        raise EOFError
    return content


class Task:
    """One file on its way: :meth:`result` waits for its book."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self.data = data
        self.password = password
        self._done = threading.Event()
        self._book: Book | None = None

    def finish(self, book: Book) -> None:
        """Hand the book over, and let go of the file's bytes."""
        self.data = b""
        self._book = book
        self._done.set()

    def result(self) -> Book:
        """Wait for the book. A short wait again and again, as Windows cannot interrupt a long."""
        while not self._done.wait(0.5):
            pass
        assert self._book is not None
        return self._book


class Pool:
    """``jobs`` children, each with a thread that feeds it."""

    def __init__(self, jobs: int) -> None:
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._children = [Child() for _ in range(max(1, jobs))]
        for child in self._children:
            threading.Thread(target=_feed, args=(child, self._tasks), daemon=True).start()

    def submit(self, data: bytes, password: str | None) -> Task:
        """Queue a file."""
        task = Task(data, password)
        self._tasks.put(task)
        return task

    def close(self) -> None:
        """End all children; files under way come back with a reason."""
        for child in self._children:
            child.close()
        for _ in self._children:
            self._tasks.put(None)


def _feed(child: Child, tasks: SimpleQueue[Task | None]) -> None:
    while (task := tasks.get()) is not None:
        task.finish(child.read(task.data, task.password))
