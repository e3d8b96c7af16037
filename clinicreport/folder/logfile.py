"""``clinicreport.log``: what the program did and when, without patients and file names.

Files are called by their number in the ledger ("file 12"), since people put names into file names;
``clinicreport status --history`` knows which is which.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.ground.held_files import patiently

if TYPE_CHECKING:
    from clinicreport.folder.places import Folder
    from clinicreport.settings import config


def open_log(folder: Folder, settings: config.FolderSettings) -> logging.Logger:
    """The folder's log; old ones are kept as ``clinicreport.log.1`` and so on."""
    log = logging.getLogger(f"clinicreport.folder.{abs(hash(str(folder.root)))}")
    log.setLevel(logging.INFO)
    log.propagate = False
    handler = _Handler(
        folder.log,
        maxBytes=settings.log_kilobytes * 1000,
        backupCount=settings.log_files,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    return log


def unwritable(folder: Folder) -> str:
    """Why nothing can be added to the log that is there, in a sentence; empty where it can."""
    try:
        if folder.log.exists():
            patiently(lambda: folder.log.open("ab")).close()
    except OSError as error:
        return (
            f"{folder.log.name} cannot be written ({error.strerror}): close it in other programs. "
            "Until then it does not tell what the program did"
        )
    return ""


class _Handler(RotatingFileHandler):
    """Goes on where the log cannot be written: the run matters more, and says so at its end."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; into the same file, too, while an old one cannot be renamed."""
        try:
            if self.shouldRollover(record):
                with suppress(OSError):
                    self.doRollover()
            logging.FileHandler.emit(self, record)
        except Exception:  # noqa: BLE001 (see above)
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Do nothing."""


def close_log(log: logging.Logger) -> None:
    """Close the log's file; a disk that is full just then changes nothing."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
        with suppress(OSError):
            handler.close()


def where(error: BaseException) -> str:
    """An unexpected error without its text, which may quote a cell: its kind and its place."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    place = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{place}"
