"""``looking/``: copies of logs that somebody looks at on the clinic's page, until they are used,
thrown away, or a week old. Nothing is made of them, and a purge deletes them all.

Each lies in a folder of its own, whose time of change is that of the look.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from clinicreport.folder import clock
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.ground.held_files import remove, remove_tree
from clinicreport.ground.whole_file import OURS

DAYS = 7
_DAY = 86400  # seconds


def clear_old(clinic: OpenFolder) -> None:
    """Throw away what was looked at more than a week ago, and count it."""
    last = clinic.ledger.history(1)
    sure = not (last and clock.is_behind(last[0].local))
    gone = throw_away_old(clinic.folder.looking, sure=sure)
    if gone:
        clinic.log.info("%d logs that were looked at more than %d days ago are gone", gone, DAYS)


def throw_away_old(place: Path, *, sure: bool = True) -> int:
    """Delete what is older than a week, and what a stopped program left half written; how many.

    ``sure``: this computer's clock is not known to be wrong. Then a look that lies in the future
    was made by a wrong one, and its week begins now.
    """
    gone = 0
    now = time.time()
    for path in entries(place):
        with suppress(OSError):  # it stays until the next time
            age = now - path.lstat().st_mtime
            if age > (_DAY if path.name.startswith(OURS) else DAYS * _DAY):
                delete(path)
                gone += 1
            elif sure and age < -_DAY:
                os.utime(path, follow_symlinks=False)
    return gone


def delete(path: Path) -> None:
    """Delete a file, a link, or a folder with what is in it. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        remove_tree(path)
    else:
        remove(path, missing_ok=True)


def entries(place: Path) -> list[Path]:
    """What lies there, hidden or not, by name; none where there is no such folder."""
    try:
        return sorted(place.iterdir())
    except OSError:
        return []


def every_file(place: Path) -> Iterator[Path]:
    """The files there and below."""
    yield from sorted(path for path in place.rglob("*") if not path.is_dir() or path.is_symlink())
