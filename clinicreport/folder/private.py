"""What a clinic folder holds is for its owner alone, unless ``[folder] shared = true``.

Files are made 0600 and folders 0700. The lock, the ledger and the log are never taken from
somebody else's hands: a link is not followed, another account's file is not written.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clinicreport.ground.errors import OutputError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def private(*, shared: bool = False) -> Iterator[None]:
    """What is made meanwhile is for the owner alone; as the system says where it is shared."""
    if shared or sys.platform == "win32":  # there the folder's own rights are inherited
        yield
        return
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def open_as_the_system_says(path: Path) -> None:
    """Give a file of ours that SQLite made, for its owner to write alone, the rights of any new
    file: where several accounts work, each writes it."""
    if sys.platform == "win32":
        return
    umask = os.umask(OTHERS)
    os.umask(umask)
    with suppress(OSError):  # another account's
        path.chmod(0o666 & ~umask)


def open_to_others(paths: Iterator[Path]) -> Iterator[Path]:
    """Those of our own files and folders that other accounts may read or change."""
    if sys.platform == "win32":
        return
    for path in paths:
        with suppress(OSError):
            status = path.lstat()
            kind = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
            if kind and status.st_mode & OTHERS and status.st_uid == os.geteuid():
                yield path


def of_others(paths: Iterator[Path]) -> Iterator[Path]:
    """Files and folders of another account, as one run with sudo leaves them, that this one may
    not change."""
    if sys.platform == "win32":
        return
    for path in paths:
        with suppress(OSError):
            if path.lstat().st_uid != os.geteuid() and not os.access(path, os.W_OK):
                yield path


def close_to_others(paths: Iterator[Path]) -> None:
    """Take other accounts' rights away, where that can be done."""
    for path in open_to_others(paths):
        with suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def check_own(path: Path, *, shared: bool = False) -> None:
    """Raises OutputError for a link, and for another account's file in a folder of one's own."""
    try:
        status = path.lstat()
    except OSError:
        return  # it is not there, or opening it says why
    if stat.S_ISLNK(status.st_mode):
        raise OutputError(
            f"{path.name} in the clinic folder is a link to elsewhere. It is not followed, and "
            "nothing was done: delete the link, put the file itself back if there is one, and run "
            "again"
        )
    if sys.platform != "win32" and not shared and status.st_uid != os.geteuid():
        raise OutputError(
            f"{path.name} in the clinic folder belongs to another account ({account_of(path)}); it "
            "may have run clinicreport here, with sudo perhaps. Nothing was done: give the folder's "
            "files back to the account that runs it (sudo chown -R ACCOUNT FOLDER), or, where "
            "several accounts work here on purpose, set shared = true under [folder] in clinic.toml"
        )


def account_of(path: Path) -> str:
    """The name of a file's owner."""
    try:
        return path.owner()
    except (KeyError, OSError, NotImplementedError):  # the last where a system knows no owners
        return f"number {path.lstat().st_uid}"
