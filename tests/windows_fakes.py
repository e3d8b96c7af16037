"""Windows and macOS where they differ from Linux, as fixtures: what those systems refuse.

They stand in for what cannot be run here. Each refuses at the level of ``os``, as the system would,
so that whatever the program calls meets it.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import io
import os
import sqlite3
import stat
import sys
import types
from collections.abc import Callable
from pathlib import Path

LONGEST_PATH = 260  # characters of a path on Windows, unless it was told otherwise


class AtWindowsError(PermissionError):
    """A PermissionError with Windows' own number."""

    def __init__(self, winerror: int, path: object, target: object = None) -> None:
        said = "Access is denied" if winerror == 5 else "The process cannot access the file"
        more = (None, os.fspath(target)) if target is not None else ()
        super().__init__(errno.EACCES, said, os.fspath(path), *more)
        self.winerror = winerror


def wrap(patch, name: str, before: Callable[..., None]) -> None:
    """Ask ``before`` with the paths of a function of ``os`` that changes names."""
    real = getattr(os, name)

    def asked(*paths, **named):
        before(name, *paths)
        return real(*paths, **named)

    patch.setattr(os, name, asked)


CHANGES = ("unlink", "remove", "rename", "replace", "rmdir")


def read_only_stays(patch) -> None:
    """A file marked read-only is neither deleted nor replaced."""

    def refuse(name, *paths):
        gone = paths[-1] if name in {"replace", "unlink", "remove"} else None
        if gone is None or not os.path.lexists(gone):
            return
        mode = os.lstat(gone).st_mode
        if stat.S_ISREG(mode) and not mode & stat.S_IWUSR:
            raise AtWindowsError(5, gone)

    for name in CHANGES:
        wrap(patch, name, refuse)


class Held:
    """Files that another program has open without sharing them; ``names``: ends of their paths."""

    def __init__(self, patch, *, readable: bool = False) -> None:
        self.names: set[str] = set()
        for name in CHANGES:
            wrap(patch, name, lambda _, *paths: [self._refuse(path) for path in paths])
        opening, real_open = builtins.open, os.open

        def opened(file, mode="r", *more, **named):
            if not isinstance(file, int) and not (readable and mode in {"r", "rb"}):
                self._refuse(file)
            return opening(file, mode, *more, **named)

        def os_opened(path, flags, *more, **named):
            if not (readable and not flags & (os.O_WRONLY | os.O_RDWR)):
                self._refuse(path)
            return real_open(path, flags, *more, **named)

        patch.setattr(builtins, "open", opened)
        patch.setattr(io, "open", opened)
        patch.setattr(os, "open", os_opened)

    def _refuse(self, path: object) -> None:
        if any(f"/{os.fsdecode(path)}".endswith(f"/{name}") for name in self.names):
            raise AtWindowsError(32, path)


def every_third_fails(patch) -> list[int]:
    """Each third change of a name is refused once: a scanner looks at the file."""
    count = [0]

    def refuse(_, *paths):
        count[0] += 1
        if count[0] % 3 == 0:
            raise AtWindowsError(5 if count[0] % 2 else 32, *paths[:2])

    for name in ("rename", "replace", "unlink"):
        wrap(patch, name, refuse)
    return count


def long_paths_are_not_found(patch, root: Path, longest: int) -> None:
    """Below ``root`` nothing is found whose path is longer, though its folder lists it.

    ``root`` stands for a short path of Windows: what counts is what comes after it.
    """
    start = f"{root}{os.sep}"

    def look(path: object) -> None:
        text = os.fsdecode(path) if not isinstance(path, int) else ""
        if text.startswith(start) and len(text) - len(start) >= longest:
            raise FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", text)

    for place, name in (
        (builtins, "open"),
        (io, "open"),
        *((os, name) for name in ("open", "stat", "lstat", "mkdir", "access", *CHANGES)),
    ):
        _refuse_long(patch, place, name, look)


def _refuse_long(patch, place, name: str, look: Callable[[object], None]) -> None:
    real = getattr(place, name)

    def looked(*paths, **named):
        for path in paths[: 2 if name in {"rename", "replace"} else 1]:
            if name == "access":
                try:
                    look(path)
                except FileNotFoundError:
                    return False
            else:
                look(path)
        return real(*paths, **named)

    patch.setattr(place, name, looked)


def no_locks(patch) -> None:
    """A network share that a Mac has mounted: flock is not supported."""

    import fcntl

    def refuse(_handle, _how):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    patch.setattr(fcntl, "flock", refuse)


class Msvcrt(types.ModuleType):
    """The lock of Windows: a byte of a file, held until it is let go, even past its closing."""

    LK_UNLCK, LK_NBLCK = 0, 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.held: set[tuple[int, int]] = set()

    def locking(self, handle: int, mode: int, count: int) -> None:
        assert count == 1
        where = (os.fstat(handle).st_ino, os.lseek(handle, 0, os.SEEK_CUR))
        if mode == self.LK_UNLCK:
            self.held.remove(where)
        elif where in self.held:
            raise PermissionError(errno.EACCES, "Permission denied")
        else:
            self.held.add(where)


def windows_lock(patch) -> Msvcrt:
    """``msvcrt`` on a system that calls itself win32, for ``folder.lock`` alone."""
    from clinicreport.folder import lock

    module = Msvcrt()
    patch.setitem(sys.modules, "msvcrt", module)
    patch.setattr(lock, "sys", types.SimpleNamespace(platform="win32"))
    return module


def stream(encoding: str) -> io.TextIOWrapper:
    """A screen or redirected file of this code page, as the system opens it."""
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")


class Kernel:
    """What ``kernel32`` does with jobs, written down; ``refuses`` names what it does not do."""

    def __init__(self, refuses: tuple[str, ...] = ()) -> None:
        self.refuses = refuses
        self.limits: dict[int, tuple[int, int]] = {}  # of a job: its flags, its processes' memory
        self.members: dict[int, list[int]] = {}
        self.closed: list[int] = []

    def CreateJobObjectW(self, _rights, name):
        assert name is None
        if "create" in self.refuses:
            return None
        job = 0x7FFF_0000_0000 + len(self.members)
        self.members[job] = []
        return job

    def SetInformationJobObject(self, job, kind, given, size):
        limits = given._obj
        assert (kind, size) == (9, ctypes.sizeof(limits))
        self.limits[job] = (limits.basic.flags, limits.process_memory)
        return "limit" not in self.refuses

    def AssignProcessToJobObject(self, job, process):
        if "assign" in self.refuses:
            return 0
        self.members[job].append(process)
        return 1

    def GetCurrentProcess(self):
        return -1

    def CloseHandle(self, job):
        self.closed.append(job)
        return 1


# ------------------------------------------------ of the same kinds, written when all above held


def open_files_stay(patch) -> None:
    """What this very program has open is not renamed, replaced or deleted either (needs /proc)."""
    stat_of = os.stat

    def refuse(_, *paths):
        for path in paths:
            if os.path.lexists(path) and _is_open(os.lstat(path), stat_of):
                raise AtWindowsError(32, path)

    for name in CHANGES:
        wrap(patch, name, refuse)


def _is_open(found: os.stat_result, stat_of: Callable[[int], os.stat_result]) -> bool:
    for handle in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        try:
            if os.path.samestat(stat_of(handle), found):
                return True
        except OSError:  # that of the listing itself
            continue
    return False


def done_and_said_to_fail(patch) -> None:
    """Each second change of a name is made, and the share says that it was not."""
    count = [0]

    def told(real):
        def asked(*paths, **named):
            real(*paths, **named)
            count[0] += 1
            if count[0] % 2 == 0:
                raise AtWindowsError(5, *paths[:2])

        return asked

    for name in CHANGES:
        patch.setattr(os, name, told(getattr(os, name)))


def scanned(patch, looks: int = 2) -> None:
    """A scanner holds every new file for its first opens, under whatever name it then has."""
    left: dict[tuple[int, int], int] = {}
    opening, stat_of = io.open, os.stat

    def opened(file, mode="r", *more, **named):
        if isinstance(file, int):
            return opening(file, mode, *more, **named)
        try:
            found = stat_of(file)
        except OSError:
            made = opening(file, mode, *more, **named)
            found = stat_of(made.fileno())
            left[found.st_dev, found.st_ino] = looks
            return made
        if left.get((found.st_dev, found.st_ino), 0):
            left[found.st_dev, found.st_ino] -= 1
            raise AtWindowsError(32, file)
        return opening(file, mode, *more, **named)

    patch.setattr(builtins, "open", opened)
    patch.setattr(io, "open", opened)


class FullAtClose:
    """A share whose quota is counted when a file is closed; ``begins``: of the names it concerns."""

    def __init__(self, patch, begins: str = "") -> None:
        self.begins = begins
        self.refused = 0
        opening = io.open

        def opened(file, mode="r", *more, **named):
            made = opening(file, mode, *more, **named)
            written = not isinstance(file, int) and set(mode) & set("wxa+")
            if written and Path(os.fsdecode(file)).name.startswith(self.begins):
                self._spoil(made)
            return made

        patch.setattr(builtins, "open", opened)
        patch.setattr(io, "open", opened)

    def _spoil(self, file) -> None:
        closing = file.close

        def close():
            if not file.closed:
                closing()
                self.refused += 1
                raise OSError(errno.ENOSPC, "No space left on device")

        file.close = close


def only_in_the_cloud(patch, names: set[str]) -> None:
    """Files that OneDrive lists, with their size, and cannot fetch: there is no network."""
    opening, real_open = io.open, os.open

    def refuse(path: object) -> None:
        if not isinstance(path, int) and Path(os.fsdecode(path)).name in names:
            error = OSError(errno.EINVAL, "The cloud file provider is not running", path)
            error.winerror = 362  # type: ignore[attr-defined]
            raise error

    def opened(file, *more, **named):
        refuse(file)
        return opening(file, *more, **named)

    def os_opened(path, *more, **named):
        refuse(path)
        return real_open(path, *more, **named)

    patch.setattr(builtins, "open", opened)
    patch.setattr(io, "open", opened)
    patch.setattr(os, "open", os_opened)


def in_any_case(patch, root: Path) -> None:
    """Below ``root`` a file is found by its name in any case, as on Windows and most Macs."""
    start, look, listed = f"{root}{os.sep}", os.lstat, os.listdir

    def found(path):
        text = os.fsdecode(path) if not isinstance(path, int) else ""
        if not text.startswith(start):
            return path
        real = root
        for part in Path(text.removeprefix(start)).parts:
            names = listed(real) if _is_folder(real, look) else []
            alike = (name for name in names if name.casefold() == part.casefold())
            real = real / (part if part in names else next(alike, part))
        return str(real)

    for place, name in (
        (builtins, "open"),
        (io, "open"),
        (sqlite3, "connect"),
        *((os, name) for name in ("open", "stat", "lstat", "mkdir", "chmod", "listdir", "scandir")),
        *((os, name) for name in ("access", "utime", *CHANGES)),
    ):
        _by_found(patch, place, name, found)


def _is_folder(path: Path, look: Callable[[Path], os.stat_result]) -> bool:
    try:
        return stat.S_ISDIR(look(path).st_mode)
    except OSError:
        return False


def _by_found(patch, place, name: str, found: Callable[[object], object]) -> None:
    real = getattr(place, name)

    def asked(*paths, **named):
        many = 2 if name in {"rename", "replace"} else 1
        return real(*map(found, paths[:many]), *paths[many:], **named)

    patch.setattr(place, name, asked)


def listed_in_capitals(patch, root: Path) -> None:
    """Below ``root`` folders list every name in capitals, and find it in any case."""
    in_any_case(patch, root)
    listing = Path.iterdir
    patch.setattr(Path, "iterdir", lambda self: (self / one.name.upper() for one in listing(self)))


def deleted_a_moment_later(patch) -> None:
    """A folder that was deleted keeps its name until whoever looks into it has closed it."""
    pending: set[str] = set()
    removing, making = os.rmdir, os.mkdir

    def removed(path, *more, **named):
        removing(path, *more, **named)
        pending.add(os.fsdecode(path))

    def made(path, *more, **named):
        if os.fsdecode(path) in pending:
            pending.discard(os.fsdecode(path))
            raise AtWindowsError(5, path)
        return making(path, *more, **named)

    patch.setattr(os, "rmdir", removed)
    patch.setattr(os, "mkdir", made)


def no_rights_and_no_flush(patch) -> None:
    """A share that keeps no rights of files, and knows nothing of flushing them."""

    def refuse(*_, **__):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    def unknown(_):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    patch.setattr(os, "chmod", refuse)
    patch.setattr(os, "fsync", unknown)
