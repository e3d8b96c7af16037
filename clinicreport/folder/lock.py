"""One program at a time in a clinic folder, by a lock of the operating system.

The lock ends with the process, however that ends. On a network share it holds between programs on
one computer, and between computers where the share passes locks on.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clinicreport.folder import clock
from clinicreport.folder.private import check_own
from clinicreport.ground.errors import OutputError

NAME = ".clinicreport.lock"


class Busy(OutputError):  # noqa: N818 (a sentence for people, like the others)
    """Another program works in the folder."""


@contextmanager
def locked(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder's lock. Raises Busy where another program has it, and OutputError where the
    lock's file is a link, another account's, or cannot be opened. ``shared``: several accounts
    work in the folder."""
    path = folder / NAME
    check_own(path, shared=shared)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(path, flags, 0o666 if shared else 0o600)
    except OSError as error:
        raise OutputError(
            f"{folder}: {NAME} cannot be opened ({error.strerror}). Nothing was done: check the "
            "share, the free space and your rights"
        ) from error
    try:
        if not _take(handle):
            raise Busy(
                f"{folder}: another clinicreport is at work here ({_who(handle)}). "
                "Nothing was done; wait until it has finished, or end it"
            )
        _sign(handle)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    """Take the lock without waiting. Byte 1,000 is locked, so that the text can be read."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 1000, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sign(handle: int) -> None:
    """Leave a word for the program that finds the lock taken."""
    text = f"process {os.getpid()} on {platform.node()}, since {clock.stamp(clock.now())[1]}"
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, text.encode()[:900])


def _who(handle: int) -> str:
    with suppress(OSError):
        os.lseek(handle, 0, os.SEEK_SET)
        return os.read(handle, 900).decode("utf-8", "replace") or "just started"
    return "its name cannot be read"
