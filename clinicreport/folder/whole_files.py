"""Bytes on the disk: whole or not at all, flushed before they are relied on, never over
something else unless that was meant."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from clinicreport.folder.steps import fault
from clinicreport.ground.held_files import opened, patiently, remove, rename
from clinicreport.ground.whole_file import OURS, put_whole, sync_folder

CHUNK = 1 << 20
LONGEST_NAME = 200  # bytes; file systems allow 255, and something may be added
_HALF = rf"{re.escape(OURS)}(?:[0-9a-f]{{16}}|probe)\.tmp"
_RESERVED = r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def holds(path: Path, sha256: str) -> bool:
    """Whether a file is there with this content. Raises OSError for one that cannot be opened."""
    try:
        return path.is_file() and sha256_of(path) == sha256
    except FileNotFoundError:
        return False


def write_whole(path: Path, content: bytes, step: str = "write") -> str:
    """Put content in a file, over what is there, whole or not at all. Returns its SHA-256."""
    return _put(path, [content], step)


def copy_whole(source: Path, target: Path, step: str = "copy") -> str:
    """Copy a file, whole or not at all. Returns the SHA-256 of what was copied."""
    with opened(source) as file:
        return _put(target, iter(lambda: file.read(CHUNK), b""), step)


def _put(path: Path, chunks: Iterable[bytes], step: str) -> str:
    patiently(lambda: path.parent.mkdir(parents=True, exist_ok=True))
    return put_whole(path, chunks, lambda point: fault(f"{step}: {point}"))


def move(source: Path, target: Path, staging: Path) -> None:
    """Move a file within the clinic folder; the folder that was its own in ``staging`` goes.

    Raises FileExistsError rather than replace a file.
    """
    patiently(lambda: target.parent.mkdir(parents=True, exist_ok=True))
    if target.exists():
        raise FileExistsError(17, "there is a file of this name already", str(target))
    rename(source, target)
    sync_folder(target.parent)
    sync_folder(source.parent)
    if source.parent.parent == staging:
        with suppress(OSError):  # the next run takes it away
            patiently(source.parent.rmdir)


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
    if re.match(_RESERVED, text):
        text = f"_{text}"
    stem, suffix = os.path.splitext(text)  # noqa: PTH122
    while len((stem + suffix).encode()) > LONGEST_NAME and stem:
        stem = stem[:-1]
    return (stem + suffix) or "unnamed"


def tidy(folder: Path) -> None:
    """Remove what a stopped run left half written: it was never part of anything."""
    with suppress(OSError):
        for path in folder.iterdir():
            if re.fullmatch(_HALF, path.name) and path.is_file():
                with suppress(OSError):  # it stays, and stops nothing
                    remove(path)
