"""Files that another program holds for a moment: opened, renamed and removed with a little patience.

A virus scanner, the search index or a synced folder opens what was just written; Windows then
refuses to rename or delete it (errors 5 and 32), and a moment later does it. Windows also refuses
to delete or replace what is marked read-only, as files from a stick or a mail often are. A share may
do it and say that it failed: what counts is what lies there afterwards.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.75)  # seconds between the tries: 1.5 in all
_PASSING = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY})
_PASSING_WINDOWS = frozenset({5, 32, 33})  # access denied, sharing violation, lock violation

Given = TypeVar("Given")


def passing(error: OSError) -> bool:
    """Whether the error may be over in a moment."""
    return error.errno in _PASSING or getattr(error, "winerror", None) in _PASSING_WINDOWS


def patiently(do: Callable[[], Given]) -> Given:
    """What ``do`` gives, tried again for 1.5 s while another program is in its way.

    Raises OSError where it still is, and at once what would not pass.
    """
    for pause in PAUSES:
        try:
            return do()
        except OSError as error:
            if not passing(error):
                raise
        time.sleep(pause)
    return do()


def opened(path: Path) -> BinaryIO:
    """The file, open to be read as bytes. Raises OSError."""
    return patiently(lambda: path.open("rb"))


def bytes_of(path: Path) -> bytes:
    """The file's bytes. Raises OSError."""
    return patiently(path.read_bytes)


def rename(path: Path, target: Path) -> Path:
    """Give a file another name; the path it then has. Raises OSError."""
    _moved(lambda: path.rename(target), path, target)
    return target


def replace(path: Path, target: Path) -> None:
    """Put a file in the place of another, also where that is marked read-only. Raises OSError."""
    _moved(lambda: _writable(lambda: path.replace(target), target), path, target)


def check_free(path: Path) -> None:
    """Raise OSError where another program has the file open, as far as the system tells."""
    patiently(lambda: path.rename(path))


def remove(path: Path, *, missing_ok: bool = False) -> None:
    """Delete a file, also where it is marked read-only. Raises OSError."""
    _removed(lambda: _writable(lambda: path.unlink(missing_ok), path), path)


def remove_tree(place: Path) -> None:
    """Delete a folder and all that is in it; a link in it goes, not what it leads to.

    Raises OSError.
    """
    for path in place.iterdir():
        if path.is_dir() and not path.is_symlink():
            remove_tree(path)
        else:
            remove(path)
    _removed(place.rmdir, place)


def _moved(do: Callable[[], object], path: Path, target: Path) -> None:
    """Do it; an error counts only where the very file is not in its new place."""
    before = _identity(path)
    try:
        patiently(do)
    except OSError:
        if before is None or path == target or not _gone(path) or _identity(target) != before:
            raise


def _removed(do: Callable[[], object], path: Path) -> None:
    """Do it; an error counts only where the path was not there at first, or still is."""
    there = os.path.lexists(path)
    try:
        patiently(do)
    except OSError:
        if not there or not _gone(path):
            raise


def _identity(path: Path) -> tuple[int, int, int, int] | None:
    """What stays the same when a file is renamed; None where it is not there or has no number."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not found.st_ino:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _gone(path: Path) -> bool:
    """Whether nothing has the path any more, in a folder that can still be reached."""
    try:
        path.lstat()
    except FileNotFoundError:
        return path.parent.is_dir()
    except OSError:
        return False
    return False


def _writable(do: Callable[[], object], path: Path) -> None:
    """Do it; where that is refused since the file is marked read-only, take the mark off first."""
    try:
        do()
    except PermissionError:
        if not _unmarked(path):
            raise
        do()


def _unmarked(path: Path) -> bool:
    """Take the mark "read-only" off a file; whether it had one."""
    with suppress(OSError):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode) and not mode & stat.S_IWUSR:
            path.chmod(stat.S_IMODE(mode) | stat.S_IWUSR)
            return True
    return False
