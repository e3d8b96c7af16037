"""Paths in, books out: files are read ahead by child processes and given in their order."""

from __future__ import annotations

import hashlib
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import opened
from clinicreport.ground.rounding import file_size
from clinicreport.reading.isolation import Pool, ReadingTask
from clinicreport.reading.spreadsheet import Spreadsheet

LARGEST = 500_000_000  # bytes of one file
ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt"})
# What browsers and copying programs call a file that has not arrived as a whole.
UNFINISHED = frozenset({".part", ".crdownload", ".filepart", ".partial", ".download"})
STANDARD_INPUT = "standard input"
# How far children may be ahead of whoever takes the books, who loads libraries first.
AHEAD_FILES = 64  # files a child
AHEAD_BYTES = 8_000_000  # of all files under way


class Skipped(NamedTuple):
    """A file that was left out because its content came before."""

    name: str
    path: str
    same_as: str  # name of the earlier file


KnownContent = Callable[[str, str], bool]  # of a file's name and SHA-256


class Books(Iterator[Spreadsheet]):
    """The books at some paths, in order. ``skipped``: files whose content came before;
    ``kept``: what was read, by its SHA-256, where it is wanted once more.

    Children start with the object, so that the caller can do other things meanwhile. They end
    with the last book, with :meth:`close`, or with the object.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        password: str | None = None,
        jobs: int = 1,
        progress: Callable[[str], None] | None = None,
        known: KnownContent | None = None,
        keep: bool = False,
    ) -> None:
        self.skipped: list[Skipped] = []
        self.kept: dict[str, Spreadsheet] = {}
        self._keep = keep
        self._password = password
        self._progress = progress
        self._known = known
        self._paths = deque(str(path) for path in paths)
        self._seen: dict[str, str] = {}
        self._waiting: deque[tuple[Spreadsheet, ReadingTask | None, int]] = (
            deque()
        )  # bytes of the file last
        self._jobs = max(1, min(jobs, len(self._paths)))
        self._pool: Pool | None = None
        self._fill()

    def _ahead(self) -> bool:
        """Whether enough files are under way: one more than children, and small ones many more."""
        waiting = sum(task is not None for _, task, _ in self._waiting)
        held = sum(size for _, _, size in self._waiting)
        return waiting > self._jobs and (waiting >= AHEAD_FILES * self._jobs or held >= AHEAD_BYTES)

    def _fill(self) -> None:
        """Hand files to the children until they are far enough ahead."""
        while self._paths and not self._ahead():
            path = self._paths.popleft()
            name = STANDARD_INPUT if path == "-" else Path(path).name
            try:
                data = _bytes(path)
            except _CannotOpenError as error:
                reason = f"{name}: {error}"
                self._waiting.append((Spreadsheet(name, path, "", reason=reason), None, 0))
                continue
            digest = hashlib.sha256(data).hexdigest()
            if digest in self._seen:
                self.skipped.append(Skipped(name, path, self._seen[digest]))
                continue
            self._seen[digest] = name
            if self._known and self._known(name, digest):
                self._waiting.append((Spreadsheet(name, path, digest), None, 0))
                continue
            self._pool = self._pool or Pool(self._jobs)
            task = self._pool.submit(data, self._password)
            self._waiting.append((Spreadsheet(name, path, digest), task, len(data)))

    def __next__(self) -> Spreadsheet:
        if not self._waiting:
            self.close()
            raise StopIteration
        told, task, _ = self._waiting.popleft()
        if self._progress:
            self._progress(told.name)
        if task is None:
            self._fill()
            return told
        try:
            book = task.result()
            self._fill()
        except BaseException:  # Ctrl-C: no child stays behind
            self.close()
            raise
        book.name, book.path, book.sha256 = told.name, told.path, told.sha256
        if book.reason:
            book.reason = f"{book.name}: {book.reason}"
        elif self._keep:
            self.kept[book.sha256] = book
        return book

    def close(self) -> None:
        """End the children; no more books come."""
        self._paths.clear()
        self._waiting.clear()
        if self._pool:
            self._pool.close()
            self._pool = None

    def __del__(self) -> None:
        if getattr(self, "_pool", None):
            self.close()


def read_contents(contents: Sequence[bytes]) -> list[Spreadsheet]:
    """The books in these bytes, read by a child process; without names."""
    pool = Pool(1)
    try:
        return [task.result() for task in [pool.submit(data, None) for data in contents]]
    finally:
        pool.close()


class _CannotOpenError(Exception):
    """The rest of a sentence that begins with the file's name."""


def _bytes(path: str) -> bytes:
    """The whole content. Raises _CannotOpenError."""
    if path == "-":
        if sys.stdin is None:  # a program without a console
            raise _CannotOpenError("is not there: give a file")
        data = sys.stdin.buffer.read(LARGEST + 1)
        _check_size(len(data))
        return data
    try:
        if (ending := Path(path).suffix.lower()) in UNFINISHED:
            raise _CannotOpenError(
                f"is a copy or download that has not ended ({ending}): wait until it has, or "
                "download it again, and give the finished file"
            )
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise _CannotOpenError("is not a file: give the spreadsheet itself")
        _check_size(status.st_size)
        with opened(Path(path)) as file:
            return file.read()
    except FileNotFoundError:
        raise _CannotOpenError("is not there any more: check the folder") from None
    except PermissionError:
        raise _CannotOpenError(
            "may not be opened: close it in other programs, or ask for access"
        ) from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "unusable name"
        raise _CannotOpenError(f"could not be opened ({words}): copy it to this computer") from None


def _check_size(size: int) -> None:
    if said := too_large(size):
        raise _CannotOpenError(said)


def too_large(size: int) -> str:
    """The rest of a sentence about a file of so many bytes that is not read; else empty."""
    return f"is larger than {file_size(LARGEST)}: split the log" if size > LARGEST else ""


def expand(paths: Sequence[str | Path]) -> list[Path]:
    """See :func:`clinicreport.reading.files.expand`."""
    files: list[Path] = []
    for given in paths:
        path = Path(given)
        if str(given) == "-":
            files.append(path)
        elif path.is_dir():
            inside = spreadsheets_in(path)
            if not inside:
                raise UsageError(
                    f"{given}: there is no spreadsheet in this folder (looked for "
                    f"{', '.join(sorted(ENDINGS))})."
                )
            files.extend(inside)
        elif path.exists():
            files.append(path)
        else:
            raise UsageError(f"{given}: there is no such file or folder; check the spelling.")
    return files


def spreadsheets_in(folder: Path) -> list[Path]:
    """The spreadsheets of a folder by their endings, by name. Raises UsageError."""
    try:
        return sorted(filter(_looks_like_one, folder.iterdir()), key=_by_name)
    except OSError:
        raise UsageError(f"{folder}: this folder may not be opened; ask for access.") from None


def _looks_like_one(path: Path) -> bool:
    """A spreadsheet by its ending. A leading ~ or dot marks what programs leave behind, and
    ``clinic-report-`` our own reports, which are no logs."""
    left = ("~", ".", "clinic-report-")
    return path.suffix.lower() in ENDINGS and not path.name.startswith(left) and path.is_file()


def _by_name(path: Path) -> tuple[str, str]:
    return path.name.casefold(), path.name


def read_books(
    paths: Sequence[str | Path],
    *,
    password: str | None = None,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
    known: KnownContent | None = None,
    keep: bool = False,
) -> Books:
    """An iterator over the spreadsheets at these paths, in their order; reading begins at once.

    A path is a file (see :func:`expand` for folders) or ``-`` for standard input. A file that
    cannot be read gives a Spreadsheet with a ``reason``, never an exception. The same content is
    given once; ``skipped`` of the iterator names what was left out. ``jobs``: how many files are
    read at the same time; ``progress`` is called with each file's name before it is given. A
    ``known`` file is not read: its book has a name and a content, and no sheets. ``keep``: what was
    read stays in ``kept`` of the iterator.
    """
    return Books(paths, password=password, jobs=jobs, progress=progress, known=known, keep=keep)
