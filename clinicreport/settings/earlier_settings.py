"""A settings file written whole, its earlier versions kept beside it, and the last one put back."""

from __future__ import annotations

import codecs
import errno
import os
from collections.abc import Sequence
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of, check_free, remove, replace
from clinicreport.ground.whole_file import put_whole

KEPT = 10  # earlier versions beside the file


class ChangedMeanwhileError(UsageError):
    """Somebody else has changed the file since it was read."""


def decoded(content: bytes) -> str:
    """A settings file's text."""
    return content.decode("utf-8-sig")


def put_settings(path: Path, before: bytes, text: str) -> None:
    """Write a file whose content was ``before`` (empty: there was none) with another text.

    A byte order mark stays; the same text is no change. Raises ChangedMeanwhileError where it holds
    something else by now, OSError where it cannot be written.
    """
    if before and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only", str(path))
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""

    def unchanged(step: str = "flushed") -> None:
        if step == "flushed" and _content(path) != before:
            raise ChangedMeanwhileError(f"{path.name}: somebody has changed it meanwhile")

    unchanged()
    if before and mark + text.encode() == before:
        return
    _check_free(path)
    _drop_cut_off(path, before)
    for number in range(KEPT - 1, 0, -1):
        if _earlier(path, number).exists():
            replace(_earlier(path, number), _earlier(path, number + 1))
    put_whole(_earlier(path, 1), [before])
    try:
        written = put_whole(path, [mark + text.encode()], unchanged)
    except (UsageError, OSError):
        _forget_last(path)
        raise
    _remember(path, [written, *_written(path)][:KEPT])


def _check_free(path: Path) -> None:
    """Raise OSError, before anything is changed, where a file is open in another program."""
    for one in (path, _marks(path), *_all_earlier(path)):
        if one.exists():
            check_free(one)


def steps_back(path: Path) -> int:
    """How many times :func:`undo` can take something back."""
    there, now = _all_earlier(path), _content(path)
    return len(there) - len(list(takewhile(lambda one: bytes_of(one) == now, there)))


def undo(path: Path) -> bool:
    """Put the file back as it was before the last lines; True where there was none.

    Raises UsageError where nothing can be taken back, or where somebody has changed the file since:
    that change is not thrown away.
    """
    last, written = _earlier(path, 1), _written(path)
    if not steps_back(path):
        raise UsageError(f"{path.name}: nothing was written into it that could be taken back")
    _check_free(path)
    if written and path.exists() and sha256(bytes_of(path)).hexdigest() != written[0]:
        raise UsageError(
            f"{path.name}: somebody has changed it since the last lines were written, so it is left "
            f"as it is; take them out by hand, or put {last.name} in its place"
        )
    _drop_cut_off(path, _content(path))
    before = bytes_of(last)
    if before:
        put_whole(path, [before])
    else:
        remove(path, missing_ok=True)
    _forget_last(path)
    _remember(path, _written(path)[1:])
    return not before


def _drop_cut_off(path: Path, now: bytes) -> None:
    """Drop what a stop left before anything was written: the file as it is ``now``, kept as earlier."""
    _close_up(path)
    while _earlier(path, 1).exists() and bytes_of(_earlier(path, 1)) == now:
        _forget_last(path)
        written = _written(path)
        if written[:1] == written[1:2]:  # no stop: the same text was written over itself
            _remember(path, written[1:])


def _forget_last(path: Path) -> None:
    """Drop the last earlier version; the one before it is the last again."""
    remove(_earlier(path, 1))
    _close_up(path)


def _close_up(path: Path) -> None:
    """Number the earlier versions without a gap."""
    for number, one in enumerate(_all_earlier(path), 1):
        if one != _earlier(path, number):
            replace(one, _earlier(path, number))


def _all_earlier(path: Path) -> list[Path]:
    """The earlier versions that are there, the last first."""
    numbered = (_earlier(path, number) for number in range(1, KEPT + 1))
    return [one for one in numbered if one.exists()]


def _content(path: Path) -> bytes:
    """What the file holds; empty where there is none."""
    return bytes_of(path) if path.exists() else b""


def _earlier(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.before-{number}")


def _written(path: Path) -> list[str]:
    """The SHA-256 of what was written into the file, the last first."""
    marks = _marks(path)
    return bytes_of(marks).decode("ascii").split() if marks.exists() else []


def _remember(path: Path, written: Sequence[str]) -> None:
    if written:
        put_whole(_marks(path), ["\n".join(written).encode()])
    else:
        remove(_marks(path), missing_ok=True)


def _marks(path: Path) -> Path:
    return path.with_name(f"{path.name}.written")
