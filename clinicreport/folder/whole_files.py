"""Bytes on the disk: whole or not at all, flushed before they are relied on, never over
something else unless that was meant."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from clinicreport.folder.steps import fault

OURS = ".clinicreport-"  # how the names of our passing files begin
CHUNK = 1 << 20
LONGEST_NAME = 200  # bytes; file systems allow 255, and something may be added
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_numbers = itertools.count()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def holds(path: Path, sha256: str) -> bool:
    """Whether a file is there with this content."""
    try:
        return path.is_file() and sha256_of(path) == sha256
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Make renames in the folder last through a power failure, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network shares cannot
            os.fsync(handle)
    finally:
        os.close(handle)


def _flush(handle: int) -> None:
    """Onto the disk; on macOS past the disk's own cache too."""
    os.fsync(handle)
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # a share may not know it
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)


def write_whole(path: Path, content: bytes, step: str = "write") -> str:
    """Put content in a file, over what is there, whole or not at all. Returns its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path.parent)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            fault(f"{step}: written")
            _flush(file.fileno())
        fault(f"{step}: flushed")
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)
    fault(f"{step}: renamed")
    return hashlib.sha256(content).hexdigest()


def copy_whole(source: Path, target: Path, step: str = "copy") -> str:
    """Copy a file, whole or not at all. Returns the SHA-256 of what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(target.parent)
    digest = hashlib.sha256()
    try:
        with source.open("rb") as read, temporary.open("xb") as write:
            while chunk := read.read(CHUNK):
                digest.update(chunk)
                write.write(chunk)
            write.flush()
            fault(f"{step}: written")
            _flush(write.fileno())
        fault(f"{step}: flushed")
        temporary.replace(target)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)
    fault(f"{step}: renamed")
    return digest.hexdigest()


def move(source: Path, target: Path) -> None:
    """Move a file within the clinic folder. Raises FileExistsError rather than replace one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(17, "there is a file of this name already", str(target))
    source.rename(target)
    sync_folder(target.parent)
    sync_folder(source.parent)


def free_name(folder: Path, name: str) -> Path:
    """A path in the folder that nothing has yet: ``name``, else ``name (2)`` and so on."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 (a name, not a path)
    names: Iterator[str] = (f"{stem} ({number}){suffix}" for number in itertools.count(2))
    return next(
        path
        for path in (folder / text for text in itertools.chain([name], names))
        if not path.exists() and not path.is_symlink()
    )


def kept_name(name: str) -> str:
    """A name that every system can keep: the name itself wherever that is one."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\ufffd]', "_", text).rstrip(". ") or "unnamed"
    if _RESERVED.match(text):
        text = f"_{text}"
    stem, suffix = os.path.splitext(text)  # noqa: PTH122
    while len((stem + suffix).encode()) > LONGEST_NAME and stem:
        stem = stem[:-1]
    return (stem + suffix) or "unnamed"


def tidy(folder: Path) -> None:
    """Remove what a stopped run left half written: it was never part of anything."""
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if path.name.startswith(OURS) and path.name.endswith(".tmp"):
                path.unlink()


def _temporary(folder: Path) -> Path:
    return folder / f"{OURS}{os.getpid()}-{next(_numbers)}.tmp"
