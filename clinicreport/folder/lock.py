"""One program at a time in a clinic folder, by a lock of the operating system.

The lock ends with the process, however that ends. On a network share it holds between programs on
one computer, and between computers where the share passes locks on. Where a share knows no locks
at all (a Mac's, sometimes), a file that can be made only once stands for it; one that a stopped
program of this computer left is taken away.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clinicreport.folder import clock
from clinicreport.folder.private import check_own
from clinicreport.ground.errors import OutputError
from clinicreport.ground.held_files import patiently, remove

NAME = ".clinicreport.lock"
TAKEN = ".clinicreport.taken"  # stands for the lock where the share knows none
_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_NO_LOCKS = frozenset(
    {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS, errno.EINVAL, errno.ENOTTY}
)


class Busy(OutputError):  # noqa: N818 (a sentence for people, like the others)
    """Another program works in the folder."""


class NoLock(OutputError):  # noqa: N818 (a sentence for people, like the others)
    """The lock's file cannot be made or opened; ``why``: as the system says it."""

    def __init__(self, folder: Path, why: OSError) -> None:
        super().__init__(
            f"{folder}: {NAME} cannot be opened ({why.strerror}). Nothing was done: check the "
            "share, the free space and your rights"
        )
        self.why = why


@contextmanager
def locked(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder's lock. Raises Busy where another program has it, NoLock where its file
    cannot be opened, and OutputError where that is a link or another account's. ``shared``:
    several accounts work in the folder."""
    path = folder / NAME
    check_own(path, shared=shared)
    mode = 0o666 if shared else 0o600
    try:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        handle = patiently(lambda: os.open(path, flags, mode))
    except OSError as error:
        raise NoLock(folder, error) from error
    try:
        with _holding(handle, folder, mode):
            _sign(handle)
            yield
    finally:
        os.close(handle)


@contextmanager
def _holding(handle: int, folder: Path, mode: int) -> Iterator[None]:
    """The lock, and let go again before its file is closed: later, Windows takes its time."""
    try:
        _take(handle)
    except OSError as error:
        if error.errno in _HELD:
            raise _busy(folder, _who(handle)) from None
        if error.errno not in _NO_LOCKS:
            raise NoLock(folder, error) from error
    else:
        try:
            yield
        finally:
            with suppress(OSError):
                _let_go(handle)
        return
    with _stood_for(folder, mode):
        yield


def _busy(folder: Path, who: str) -> Busy:
    return Busy(
        f"{folder}: another clinicreport is at work here ({who}). "
        "Nothing was done; wait until it has finished, or end it"
    )


def _take(handle: int) -> None:
    """Take the lock without waiting. Byte 1,000 is locked, so that the text can be read."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1000, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _let_go(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1000, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def _stood_for(folder: Path, mode: int) -> Iterator[None]:
    """A file that can be made only once, in place of the lock. Raises Busy, NoLock."""
    path = folder / TAKEN
    if _left_behind(path):
        with suppress(OSError):
            remove(path)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise Busy(
            f"{folder}: another clinicreport is at work here ({_written(path)}). Nothing was done; "
            f"wait until it has finished. If none is at work on any computer, delete {TAKEN}"
        ) from None
    except OSError as error:
        raise NoLock(folder, error) from error
    try:
        _sign(handle)
        os.close(handle)
        yield
    finally:
        with suppress(OSError):
            remove(path)


def _left_behind(path: Path) -> bool:
    """Whether a program of this computer made the file and is no longer there."""
    said = _written(path)
    number = re.match(r"process (\d{1,9}) on ", said)
    if number is None or not said.startswith(f"{_name(int(number[1]))},"):
        return False
    try:
        os.kill(int(number[1]), 0)  # asks only
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _name(process: int) -> str:
    return f"process {process} on {platform.node()}"


def _written(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") or "just started"
    except OSError:
        return "its name cannot be read"


def _sign(handle: int) -> None:
    """Leave a word for the program that finds the lock taken."""
    text = f"{_name(os.getpid())}, since {clock.shown(clock.stamp(clock.now())[1])}"
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, text.encode()[:900])


def _who(handle: int) -> str:
    with suppress(OSError):
        os.lseek(handle, 0, os.SEEK_SET)
        return os.read(handle, 900).decode("utf-8", "replace") or "just started"
    return "its name cannot be read"
