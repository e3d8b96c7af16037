"""Files that somebody looks at, in ``looking/`` of the clinic folder until they are used, thrown
away, or a week old.

Each lies under its own name in a folder named for its content (``looking/<SHA-256>/october.xlsx``),
for its owner alone (for those who may, where ``[folder] shared = true``). What lies there is whole: it is written under a passing name first.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from clinicreport.folder.whole_files import kept_name, sha256_of
from clinicreport.ground.errors import OutputError
from clinicreport.ground.held_files import opened, patiently, remove, remove_tree, replace
from clinicreport.ground.unsafe_text import clean
from clinicreport.ground.whole_file import OURS, sync_folder

WANTED = ".to-be-used"  # beside a file; no kept file's name begins with a dot
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is looked at: its content's SHA-256, its name, where it lies, and its password,
    which is nowhere but in memory."""

    sha: str
    name: str
    path: Path
    password: str | None = field(default=None, repr=False)

    @property
    def dropped(self) -> str:
        """The minute in which it came, by this computer's clock; empty where it is gone again."""
        try:
            moment = self.path.stat().st_mtime
        except OSError:
            return ""
        local = datetime.fromtimestamp(moment, UTC).astimezone().replace(tzinfo=None)
        return local.isoformat(" ", "minutes")


def folder_mode(*, shared: bool) -> int:
    """The rights of a folder that is made here: its owner's alone; where several accounts work in
    the clinic folder, as the system says."""
    return 0o777 if shared else 0o700


def looking(folder: Path, *, shared: bool = False) -> Path:
    """Where they lie; made where it is not there. ``shared``: by several accounts."""
    place = folder / "looking"
    place.mkdir(mode=folder_mode(shared=shared), exist_ok=True)
    return place


def arriving(folder: Path, *, shared: bool = False) -> tuple[Path, BinaryIO]:
    """A new file in ``looking/`` for bytes on their way, under a passing name."""
    path = looking(folder, shared=shared) / f"{OURS}{secrets.token_hex(8)}.tmp"
    mode = 0o666 & folder_mode(shared=shared)
    file = open(path, "x+b", opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115
    return path, file


def keep(folder: Path, arrived: Path, name: str, *, shared: bool = False) -> Kept:
    """Keep a file that has arrived, under the last part of the name that its owner's program gave.

    The same content again takes the new name.
    """
    sha = sha256_of(arrived)
    place = looking(folder, shared=shared) / sha
    patiently(lambda: place.mkdir(mode=folder_mode(shared=shared), exist_ok=True))
    path = place / kept_name(clean(re.split(r"[\\/]", name)[-1]).lstrip(".~ "))
    for other in _files(place):
        if other != path:
            remove(other)
    replace(arrived, path)
    with suppress(OSError):  # some shares keep no such times
        place.touch()
    sync_folder(place)
    return Kept(sha, path.name, path)


def keep_copy(folder: Path, source: Path, *, shared: bool = False) -> Kept:
    """Keep a copy of a file, under its own name. Raises OSError."""
    path, file = arriving(folder, shared=shared)
    try:
        with file, opened(source) as content:
            shutil.copyfileobj(content, file)
        return keep(folder, path, source.name, shared=shared)
    except OSError:
        with suppress(OSError):
            remove(path)
        raise


def find_kept(folder: Path, sha: str) -> Kept | None:
    """The kept file with this content, if there is one."""
    if not _SHA.fullmatch(sha):
        return None
    path = next(_files(folder / "looking" / sha), None)
    return Kept(sha, path.name, path) if path else None


def all_kept(folder: Path) -> list[Kept]:
    """Every kept file, by name."""
    found = [find_kept(folder, path.name) for path in _inside(folder / "looking")]
    return sorted((one for one in found if one), key=lambda one: (one.name.casefold(), one.sha))


def want_used(folder: Path, sha: str) -> None:
    """Write down that the file is to be used, so that a stopped program does it again."""
    (folder / "looking" / sha / WANTED).touch(mode=0o600)


def to_be_used(folder: Path) -> list[Kept]:
    """The files that were to be used when the program was stopped."""
    return [one for one in all_kept(folder) if one.path.with_name(WANTED).exists()]


def throw_away(folder: Path, sha: str) -> None:
    """Delete a kept file, if it is there; whatever else happens, it is not to be used any more.

    Raises OutputError where another program has it open.
    """
    place = folder / "looking" / sha
    if not _SHA.fullmatch(sha) or not place.is_dir():
        return
    try:
        remove(place / WANTED, missing_ok=True)
        remove_tree(place)
    except OSError as error:
        name = next((path.name for path in _files(place)), "It")
        raise OutputError(
            f"{name} cannot be thrown away ({error.strerror}). Close it in other programs, and "
            "throw it away once more; a week after it was dropped it goes by itself."
        ) from error


def _files(place: Path) -> Iterator[Path]:
    yield from (path for path in _inside(place) if path.is_file() and path.name != WANTED)


def _inside(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError:
        return []
