"""One file's way: from the inbox to the archive, or to ``rejected/``.

1. *received*: its content is copied to ``archive/incoming/`` in a folder named for it and recorded;
2. it is examined there, by a process of its own;
3. *archived* under its month, or *rejected* with the reason: planned, moved, recorded;
4. the original in the inbox is removed, if it still holds the very content that was kept.

Every step can be done again: what is on the disk and in the ledger tells how far it came.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from clinicreport.folder import archive_index, chosen_columns, corrections, rejection
from clinicreport.folder.clearing import clear
from clinicreport.folder.corrections import same_name
from clinicreport.folder.examine import Examined, examine
from clinicreport.folder.guards import concerns_all, guarded, why
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.overlap import MOSTLY, share_kept
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import (
    copy_whole,
    free_name,
    holds,
    kept_name,
    move,
    sha256_of,
)
from clinicreport.ground.errors import OutputError
from clinicreport.ground.held_files import rename
from clinicreport.reading.files import too_large

SHORT = 16  # digits of a SHA-256 that name its folder: a path of Windows is short
AT_ONCE = 20  # files that are examined together


def take(clinic: OpenFolder, paths: Sequence[Path]) -> None:
    """Work through the files that are ready."""
    for start in range(0, len(paths), AT_ONCE):
        part = paths[start : start + AT_ONCE]
        twins = [path for path in part if not _tried(clinic, path)]
        settle_received(clinic)
        for path in twins:
            _tried(clinic, path)
    settle_received(clinic)  # a log that is held may be answered by what came
    rejection.tidy_rejected(clinic)
    write_index(clinic)


def write_index(clinic: OpenFolder) -> None:
    """Bring ``archive/index.csv`` up to date; somebody may have it open."""
    with guarded(clinic, "archive/index.csv is not up to date", "the archive's index"):
        archive_index.write(clinic.folder, clinic.ledger)


def _tried(clinic: OpenFolder, path: Path) -> bool:
    """Receive a file; False where its content is just being received under another name."""
    try:
        return _receive(clinic, path)
    except FileNotFoundError:
        return True  # taken away meanwhile: it was not for us
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


def settle_received(clinic: OpenFolder) -> None:
    """Archive or reject everything that was received."""
    waiting = clinic.ledger.received_files()
    for start in range(0, len(waiting), AT_ONCE):
        _settle(clinic, waiting[start : start + AT_ONCE])


def _settle(clinic: OpenFolder, rows: Sequence[FileRow]) -> None:
    there: list[FileRow] = []
    for found in rows:
        with guarded(clinic, f"{found.name} is not handled yet", f"file {found.id}"):
            if not _held_as_before(clinic, found) and (row := _complete(clinic, found)):
                there.append(row)
    with guarded(clinic, "What was chosen on sheets Headings is not taken", "headings"):
        chosen_columns.take(clinic, there)
    results: dict[str, Examined] = {}
    with guarded(clinic, "What came could not be read", "files that came"):
        results = examine([clinic.folder.root / row.path for row in there], clinic.request)
    for row in there:
        with guarded(clinic, f"{row.name} is not handled yet", f"file {row.id}"):
            _judge(clinic, row, results.get(row.sha256))


def _judge(clinic: OpenFolder, row: FileRow, result: Examined | None) -> None:
    """Archive or reject a file, as it was examined; None where it could not be opened."""
    if result is None:
        said = too_large(row.size)
        if not said:
            raise OutputError(f"it could not be opened where it is kept, {row.path}")
        result = Examined(reason=f"{row.name}: {said}")
    if result.ahead or row.ahead:
        with clinic.ledger.change() as change:
            change.looked(row.id, clinic.request.today.isoformat() if result.ahead else "")
    if result.passing:
        clinic.wait(row.name, result.reason)
    elif result.reason:
        rejection.reject(clinic, row, result.reason)
    else:
        _archive(clinic, row, result)
    clinic.settled.add(row.id)
    fault("file: settled")
    clear(clinic, row.id)


def _held_as_before(clinic: OpenFolder, row: FileRow) -> bool:
    """Whether the file was asked about, and nobody has said anything yet."""
    if not corrections.still_held(clinic, row):
        return False
    clinic.settled.add(row.id)
    clear(clinic, row.id)
    return True


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


def _complete(clinic: OpenFolder, row: FileRow) -> FileRow | None:
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


def _archive(clinic: OpenFolder, row: FileRow, found: Examined) -> None:
    """Plan the place, move the file there, record it with what it replaces."""
    if clinic.ledger.was_purged(row.sha256):
        rejection.reject(
            clinic,
            row,
            f"{row.name}: it holds a patient or a month that was "
            "removed on purpose (clinicreport purge): not read again",
        )
        return
    staged = clinic.folder.root / row.path
    newer = corrections.kept_instead(clinic, row)
    old = None if newer else _predecessor(clinic, row, found)
    if not newer and not old and (twin := corrections.repeated(clinic, row, found)):
        corrections.hold(clinic, row, found, *twin)
        return
    target = _place(clinic, row, found.month)
    with clinic.ledger.change() as change:
        change.plan_place(row.id, clinic.folder.relative(target))
    fault("archive: planned")
    if target != staged:
        move(staged, target, clinic.folder.staging)
    fault("archive: moved")
    _record(clinic, row, found, target, old, newer)
    fault("archive: recorded")


def _record(
    clinic: OpenFolder,
    row: FileRow,
    found: Examined,
    target: Path,
    old: FileRow | None,
    newer: FileRow | None,
) -> None:
    """The file counts from here on; in the same change the months it touches become due.

    Where there is a ``newer`` one that a person wants in its place, it is kept and counts nowhere.
    """
    if newer:
        _record_replaced(clinic, row, found, target, newer)
        return
    months = set(found.months) | set(old.months if old else {})
    version = old.version + 1 if old else 1
    with clinic.ledger.change() as change:
        place = clinic.folder.relative(target)
        change.record_archived(row, place, found.month, found.months, version)
        if old:
            change.supersede(old, row)
        change.make_due(months, direct=True)
        said = f", replaces {old.name} of {old.local[:10]}" if old else ""
        change.note(
            "archived",
            f"{row.name}: {found.rows} visits, {found.month}{said}",
            file=row.id,
            month=found.month,
        )
    clinic.log.info("file %s archived under %s", row.id, found.month)
    clinic.done.archived.append(
        {
            "file": row.name,
            "sha256": row.sha256,
            "month": found.month,
            "visits": found.rows,
            **found.counts._asdict(),
            "version": version,
            "replaces": old.name if old else None,
        }
    )


def _record_replaced(
    clinic: OpenFolder, row: FileRow, found: Examined, target: Path, newer: FileRow
) -> None:
    with clinic.ledger.change() as change:
        place = clinic.folder.relative(target)
        change.record_archived(row, place, found.month, found.months, row.version)
        change.supersede(row, newer)
        said = f"{row.name}: kept, and counts nowhere: {newer.name} counts instead"
        change.note("left out", said, file=row.id, month=found.month)
    clinic.log.info("file %s is kept and counts nowhere", row.id)


def _predecessor(clinic: OpenFolder, row: FileRow, found: Examined) -> FileRow | None:
    """The archived log that this one replaces: the one wished for, else one of the same name.

    One of the same name but another month is replaced only if most of its visits are in the new
    one: a clinic may call each month's log "log.xlsx".
    """
    counted = clinic.ledger.files_in_force()[::-1]
    wished = [wish.old for wish in clinic.ledger.wishes() if same_name(wish.new, row.name)]
    for old in counted:
        if any(same_name(old.name, name) for name in wished):
            return old
    named = [old for old in counted if same_name(old.name, row.name)]
    for old in named:
        if old.month == found.month:
            return old
    new = clinic.folder.root / row.path
    for old in named:
        if share_kept(clinic.folder.root / old.path, new, clinic.request) >= MOSTLY:
            return old
    return None


def _place(clinic: OpenFolder, row: FileRow, month: str) -> Path:
    """Where the original goes: under its own name, a later version in a folder v2, v3 …"""
    folder = clinic.folder.archive / month
    target: Path = folder / row.name
    number = 2
    while target.exists() and target != clinic.folder.root / row.path:
        target = folder / f"v{number}" / row.name
        number += 1
    return target
