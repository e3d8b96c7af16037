"""What lies in the inbox, and which of it is ready.

Looks are repeated, since network shares send no events. A file is ready when its size and time of
change stayed the same for some looks and no program is seen to have it open; until then it waits.
Nothing here depends on the clock.
"""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clinicreport.folder.long_paths import unreachable
from clinicreport.folder.whole_files import free_name, kept_name
from clinicreport.ground.held_files import rename
from clinicreport.ground.whole_file import OURS
from clinicreport.settings import config

# What programs leave beside files, or write before a file has its name.
IGNORED = re.compile(
    r"(?i)^(\..*|~.*|thumbs\.db|desktop\.ini|.*\.(tmp|temp|part|partial|crdownload|download|lnk))$"
)


@dataclass(slots=True)
class Settling:
    """How often each file looked the same. Kept by ``watch`` from one run to the next."""

    looks: dict[Path, tuple[tuple[int, int, int], int]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)  # ignored names that the log has

    def look(self, paths: list[Path]) -> None:
        """One look at each file."""
        now = {path: state for path in paths if (state := _state(path))}
        for path, state in now.items():
            before, count = self.looks.get(path, (None, 0))
            self.looks[path] = (state, count + 1 if state == before else 0)
        for path in set(self.looks) - set(now):
            del self.looks[path]

    def settled(self, path: Path, polls: int) -> bool:
        """Whether the file looked the same often enough."""
        return path in self.looks and self.looks[path][1] >= polls


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ino)


@dataclass(slots=True)
class InboxLook:
    """The result: files that can be taken, files that wait with the reason, ignored names."""

    ready: list[Path] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def look(
    inbox: Path,
    others: list[Path],
    settings: config.FolderSettings,
    settling: Settling,
    sleep: Callable[[float], None] = time.sleep,
) -> InboxLook:
    """Look until everything has settled, or a few looks more than that takes.

    ``others``: files elsewhere that are to be taken once they have settled. Raises OSError where
    the inbox cannot be read.
    """
    result, paths = _sorted_out(inbox)
    paths += others
    for round_ in range(settings.settle_polls + 3):
        settling.look(paths)
        if all(settling.settled(path, settings.settle_polls) for path in paths):
            break
        if round_ < settings.settle_polls + 2:
            sleep(settings.settle_seconds)
    for path in paths:
        why = _not_ready(path, settings, settling)
        if why:
            result.waiting[path.name] = why
        else:
            result.ready.append(path)
    return result


def _sorted_out(inbox: Path) -> tuple[InboxLook, list[Path]]:
    """The inbox's files in the order of their names; what is none waits or is ignored."""
    result = InboxLook()
    files: list[Path] = []
    for found in sorted(inbox.iterdir(), key=lambda path: (path.name.casefold(), path.name)):
        path = _nameable(found)
        if path.name.startswith(OURS) and not path.is_dir():
            continue
        if path.is_dir() and not path.is_symlink():
            result.waiting[path.name] = "is a folder: put the spreadsheets themselves here"
        elif IGNORED.match(path.name):
            result.ignored.append(path.name)
        elif path.is_symlink():
            result.waiting[path.name] = "is a link: put the file itself here"
        elif not _is_file(path):
            result.waiting[path.name] = "is not a file"
        else:
            files.append(path)
    return result, files


def _nameable(path: Path) -> Path:
    """A file whose name is no text gets one that can be written down."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        with suppress(OSError):
            return rename(path, free_name(path.parent, kept_name(path.name)))
    return path


def _is_file(path: Path) -> bool:
    """Whether it is a file, or may be one that cannot be looked at: then opening it says why."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def _not_ready(path: Path, settings: config.FolderSettings, settling: Settling) -> str:
    if not os.path.lexists(path) and (said := unreachable(path)):
        return said
    if not settling.settled(path, settings.settle_polls):
        return "is still being copied: it waits until it no longer changes"
    owner = next((mark for mark in _owner_marks(path) if _there(mark)), None)
    if owner:
        return (
            f"is open in a spreadsheet program ({owner.name} is there): close it; if nobody has "
            "it open, delete that file"
        )
    if in_use(path):
        return "is being written by another program: it waits until that has finished"
    return ""


def _there(mark: Path) -> bool:
    """Whether such a file is there; a name longer than the disk allows is of none."""
    try:
        return mark.exists()
    except OSError:
        return False


def _owner_marks(path: Path) -> list[Path]:
    """What Excel and LibreOffice leave beside a file that they have open."""
    names = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    return [path.with_name(name) for name in names]


def in_use(path: Path) -> bool:
    """Whether a program has the file open for writing, where the system can tell."""
    if sys.platform == "win32":
        try:
            rename(path, path)  # refused while somebody has it open
        except PermissionError:
            return True
        except OSError:
            return False
        return False
    return _leased(path)


def _leased(path: Path) -> bool:
    """Linux: a read lease is refused while somebody writes (local disks only)."""
    import fcntl

    if not hasattr(fcntl, "F_SETLEASE") or not _signals_ignored():
        return False
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False  # taking it says why it cannot be opened
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _signals_ignored() -> bool:
    """The end of a lease is told by SIGIO, whose default is to end the program."""
    if threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGIO) == signal.SIG_DFL:
        signal.signal(signal.SIGIO, signal.SIG_IGN)
    return True
