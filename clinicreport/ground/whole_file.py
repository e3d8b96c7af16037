"""A file on the disk: whole or not at all, flushed before it is relied on."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from clinicreport.ground.held_files import remove, replace

_NO_FLUSH = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
OURS = ".clinicreport-"  # how the names of our passing files begin


def _no_step(_name: str) -> None:
    pass


def put_whole(path: Path, chunks: Iterable[bytes], step: Callable[[str], None] = _no_step) -> str:
    """Write beside ``path``, flush, then put it in its place, over what is there.

    Returns the SHA-256 of what was written. ``step`` is told "written", "flushed" and "renamed".
    Raises OSError, or what the chunks raise; then nothing changed.
    """
    temporary = path.with_name(f"{OURS}{secrets.token_hex(8)}.tmp")
    digest = hashlib.sha256()
    try:
        with temporary.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            step("written")
            _flush(file.fileno())
        step("flushed")
        replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            remove(temporary)
        raise
    sync_folder(path.parent)
    step("renamed")
    return digest.hexdigest()


def _flush(handle: int) -> None:
    """Onto the disk, where the share knows that; on macOS past the disk's own cache too."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FLUSH:
            raise
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # a share may not know it
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder last through a power failure, where the system can."""
    if os.name == "nt":
        return
    with suppress(OSError):  # some network shares cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
