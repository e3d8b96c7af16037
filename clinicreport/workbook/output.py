"""Bytes to a file: whole or not at all, and in one plain sentence why not."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.ground.whole_file import put_whole


def save(content: bytes, path: Path, *, force: bool = False) -> None:
    """Put a file in its place, whole or not at all.

    Raises OutputError (there already, open elsewhere, read-only, disk full); then nothing changed.
    """
    refuse(path, force=force)
    try:
        put_whole(path, [content])
    except OSError as error:
        raise OutputError(_sentence(error, path)) from error


def save_each(files: Iterable[tuple[Path, bytes]], *, force: bool = False) -> list[Path]:
    """Put each file in its place that can be; those that are open elsewhere are named at the end.

    Returns the paths. Raises OutputError, for a full disk at once.
    """
    made: list[Path] = []
    held: list[str] = []
    for path, content in files:
        try:
            save(content, path, force=force)
        except OutputError as error:
            if not isinstance(error.__cause__, PermissionError):
                raise
            held.append(str(error))
        else:
            made.append(path)
    if held:
        others = f". Written: {', '.join(map(str, made))}" if made else ""
        raise OutputError(f"{'; '.join(held)}{others}")
    return made


def refuse(path: Path, *, force: bool) -> None:
    """Raise OutputError at once where the file could not be written anyway."""
    if path.is_dir():
        message = f"{path}: this is a folder; name a file such as {path / 'report.xlsx'}"
        raise OutputError(message)
    if not path.parent.is_dir():
        message = f"{path}: there is no folder {path.parent}; make it, or name another one"
        raise OutputError(message)
    if path.exists() and not force:
        message = f"{path} is there already; name another file, or add --force to replace it"
        raise OutputError(message)


def spare_logs(target: Path, logs: Iterable[Path], what: str = "report") -> None:
    """Raise UsageError where ``what`` would replace one of its inputs, with --force or not."""
    if target.is_file() and any(is_same(target, log) for log in logs):
        raise UsageError(f"{target} is one of the logs; put the {what} elsewhere")


def is_same(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file or folder, whatever letters or links they are written
    with."""
    try:
        return path.samefile(other)
    except OSError:  # one is not there
        return False


def _sentence(error: OSError, path: Path) -> str:
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return f"{path} could not be written: the disk is full; nothing was changed"
    if error.errno == errno.EROFS or isinstance(error, PermissionError):
        if path.exists():
            return f"{path} could not be replaced: close it if it is open in Excel, and try again"
        return f"{path} could not be written: the folder {path.parent} is read-only for you"
    return f"{path} could not be written: {error.strerror or error}"
