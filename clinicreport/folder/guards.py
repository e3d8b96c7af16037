"""One bad thing stops nothing else: each file, month and message is handled in a guard of its own.

What fails in it is said with its name, and counts as trouble of the run; all others go on. Only
what concerns the folder as a whole passes through: a full or read-only disk, a damaged ledger.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.ground.errors import DamagedLedger, UserError
from clinicreport.ground.whole_file import OURS

NO_ROOM = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT})
_LATER = "nothing is lost, the next run tries again"


def concerns_all(error: BaseException) -> bool:
    """Whether an error is about the whole folder, so that no other file would fare better."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, DamagedLedger)


def why(error: Exception) -> str:
    """An error in words that quote no cell: what is wrong and, where that is known, what to do."""
    if isinstance(error, UserError):
        return str(error).rstrip(".")
    if isinstance(error, OSError):
        said = error.strerror or type(error).__name__
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"{said}{_named(error)}: make room on the disk"
        if isinstance(error, FileExistsError | NotADirectoryError):
            return f"a file lies where a folder belongs{_named(error)}: move it away"
        return (
            f"{said}{_named(error)}: it may be open in another program, the share gone, or not yours "
            "to change"
        )
    return f"an unexpected error ({where(error)}); if it stays, report it without patients' data"


def _named(error: OSError) -> str:
    """The file that an error is about, where it is no passing one of ours."""
    given = (error.filename2, error.filename)
    names = [Path(name).name for name in given if isinstance(name, str | os.PathLike)]
    return next((f" ({name})" for name in names if not name.startswith(OURS)), "")


@contextmanager
def guarded(clinic: OpenFolder, what: str, logged: str, then: str = _LATER) -> Iterator[None]:
    """Handle one thing; what goes wrong in it is said and stops nothing else.

    ``what`` begins the sentence; ``logged`` is what the log calls the thing: without names.
    """
    try:
        yield
    except Exception as error:
        if concerns_all(error):
            raise
        clinic.problem(
            f"{what}: {why(error)}. {then[0].upper()}{then[1:]}", f"{logged}: {where(error)}"
        )
