"""A file of the inbox is *received*: its content is copied to ``archive/incoming/``, into a folder
named for it, and recorded, unless it is known."""

from __future__ import annotations

import os
from pathlib import Path

from clinicreport.folder import corrections, rejection
from clinicreport.folder.clearing import clear
from clinicreport.folder.guards import concerns_all, why
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.logfile import where
from clinicreport.folder.long_paths import unreachable
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import copy_whole, free_name, holds, kept_name, sha256_of
from clinicreport.ground.held_files import rename
from clinicreport.reading.files import too_large

SHORT = 16  # digits of a SHA-256 that name its folder: a path of Windows is short


def receive(clinic: OpenFolder, path: Path) -> bool:
    """Receive a file; False where its content is just being received under another name."""
    try:
        return _receive(clinic, path)
    except FileNotFoundError:  # mostly taken away meanwhile: then it was not for us
        if said := unreachable(path, clinic.folder.staging / ("0" * SHORT) / path.name):
            clinic.wait(path.name, said)
    except OSError as error:
        if concerns_all(error):
            raise
        if isinstance(error, PermissionError) and not os.access(path, os.R_OK):
            _set_aside(clinic, path, "may not be opened: ask for the right to read it")
        else:
            clinic.wait(path.name, f"cannot be opened now ({error.strerror or error})")
    except Exception as error:
        if concerns_all(error):
            raise
        text = f"{path.name} could not be taken: {why(error)}. It stays in the inbox"
        clinic.problem(text, f"a file of the inbox: {where(error)}")
    return True


def _set_aside(clinic: OpenFolder, path: Path, said: str) -> None:
    """A file that cannot be read goes to ``rejected/`` as it is; one that cannot be moved stays."""
    try:
        rejection.reject_unread(clinic, path, f"{path.name}: {said}")
    except OSError as error:
        if concerns_all(error):
            raise
        clinic.wait(path.name, f"{said} (and it cannot be moved away: {error.strerror})")


def _receive(clinic: OpenFolder, path: Path) -> bool:
    """Record a file of the inbox and keep its content, unless it is known."""
    if said := too_large(path.stat().st_size):  # before a byte of it is read
        _set_aside(clinic, path, said)
        return True
    sha256 = sha256_of(path)
    known = clinic.ledger.known_content(sha256)
    source = clinic.folder.relative(path)
    if known is None:
        _stage(clinic, path, sha256)
    elif not holds(clinic.folder.root / known.path, sha256):
        _put_back(clinic, known, path)
    elif known.source == source and not known.cleared:
        clear(clinic, known.id)
    elif known.state == "received":
        return _received_already(clinic, known, path)
    elif known.state == "archived" or known.id in clinic.settled:
        _repeated(clinic, known, path)
    else:
        again(clinic, known, source)
    return True


def _received_already(clinic: OpenFolder, known: FileRow, path: Path) -> bool:
    """The content is being received, or it is held and comes again: as an answer, or for naught."""
    if clinic.ledger.held_log(known.id) is None or corrections.answered(clinic, known, path.name):
        return False
    _repeated(clinic, known, path)
    return True


def _put_back(clinic: OpenFolder, known: FileRow, path: Path) -> None:
    """The original came again whose kept copy was changed or lost: it takes its place again."""
    kept = clinic.folder.root / known.path
    if kept.exists():
        rename(kept, free_name(kept.parent, f"changed-{kept.name}"))
    copy_whole(path, kept, "receive")
    clinic.log.warning("file %s was put back in its place", known.id)


def _repeated(clinic: OpenFolder, known: FileRow, path: Path) -> None:
    """The same content once more: nothing to do but to clear it away."""
    day = known.local[:10]
    clinic.done.repeated.append(path.name)
    clinic.log.info("file %s came again: the content is known since %s", known.id, day)
    with clinic.ledger.change() as change:
        change.note(
            "repeated",
            f"{path.name}: the same content as {known.name} of {day}; already processed",
            file=known.id,
        )
        change.dropped_again(known.id, clinic.folder.relative(path))
    clear(clinic, known.id)


def again(clinic: OpenFolder, row: FileRow, source: str) -> None:
    """A rejected file is tried again where it lies."""
    with clinic.ledger.change() as change:
        change.note("retried", f"{row.name} is tried again", file=row.id)
        change.try_again(row.id, source)
    clinic.log.info("file %s is tried again", row.id)


def _stage(clinic: OpenFolder, path: Path, sha256: str) -> None:
    name = kept_name(path.name)
    staged = clinic.folder.staging / sha256[:SHORT] / name
    if not holds(staged, sha256) and copy_whole(path, staged, "receive") != sha256:
        clinic.wait(path.name, "changed while it was read: it waits until it no longer changes")
        return
    fault("receive: staged")
    size, relative = staged.stat().st_size, clinic.folder.relative
    with clinic.ledger.change() as change:
        number = change.receive(sha256, name, size, relative(path), relative(staged))
    clinic.log.info("file %s came: %s, %d bytes", number, sha256[:12], size)
    fault("receive: recorded")


def complete(clinic: OpenFolder, row: FileRow) -> FileRow | None:
    """The row whose content is there to be examined, also where it was moved but not recorded."""
    path = clinic.folder.root / row.path
    if holds(path, row.sha256):
        return row
    target = clinic.folder.root / row.target if row.target else None
    if target and holds(target, row.sha256):
        with clinic.ledger.change() as change:
            change.moved_file(row.id, str(row.target))
        return clinic.ledger.file(row.id)
    if holds(clinic.folder.root / row.source, row.sha256):
        copy_whole(clinic.folder.root / row.source, path, "receive")
        return row
    clinic.problem(f"{row.path} is gone before it was read; put the file into the inbox again")
    return None
