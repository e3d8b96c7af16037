"""``rejected/``: what cannot be read or has no usable row, with the reason beside it, and a marked
copy where there is something to mark."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from clinicreport.folder.guards import guarded
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.staleness import FILE
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import free_name, holds, kept_name, move, write_whole
from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import remove, rename
from clinicreport.reading.files import too_large
from clinicreport.settings.marks import reading_marks

REASON = ".reason.txt"
AS_IT_IS = (
    "clinicreport run --retry (with a password: clinicreport run --retry --password-file FILE)"
)
NO_LOG = "If it is no log, or nobody needs it, delete it in the folder rejected."


def reject(clinic: OpenFolder, row: FileRow, reason: str) -> None:
    """Move a received file to ``rejected/`` and say why."""
    staged = clinic.folder.root / row.path
    here = staged.parent == clinic.folder.rejected
    target = staged if here else free_name(clinic.folder.rejected, row.name)
    with clinic.ledger.change() as change:
        change.plan_rejection(row.id, clinic.folder.relative(target), reason)
    fault("reject: planned")
    if not here:
        move(staged, target, clinic.folder.staging)
    fault("reject: moved")
    marked = _marked_copy(clinic, target)
    write_whole(reason_file(target), _words(row.name, reason, marked).encode("utf-8-sig"), "reason")
    with clinic.ledger.change() as change:
        change.record_rejected(row, clinic.folder.relative(target))
        change.keep_marks(FILE, row.id, reading_marks(clinic.request.config))
        change.note("rejected", reason, file=row.id)
    clinic.log.warning("file %s rejected", row.id)
    clinic.done.rejected.append({"file": row.name, "sha256": row.sha256, "reason": reason})
    fault("reject: recorded")


def reject_unread(clinic: OpenFolder, path: Path, reason: str) -> None:
    """Move a file of the inbox that cannot be read to ``rejected/`` as it is, and say why.

    Its content is not read: what stands for it is made from its name, size and time of change.
    """
    status = path.stat()
    told = f"{path.name} {status.st_size} {status.st_mtime_ns}"
    mark = hashlib.sha256(os.fsencode(told)).hexdigest()
    before = clinic.ledger.known_content(mark, ("rejected",))
    if before and not (clinic.folder.root / before.path).exists():  # stopped after the record
        rename(path, clinic.folder.root / before.path)
        clinic.done.rejected.append({"file": before.name, "sha256": mark, "reason": reason})
        return
    target = free_name(clinic.folder.rejected, kept_name(path.name))
    write_whole(reason_file(target), _words(path.name, reason, None).encode("utf-8-sig"), "reason")
    relative = clinic.folder.relative(target)
    with clinic.ledger.change() as change:
        number = change.adopt_rejected(mark, status.st_size, relative, reason)
        change.note("rejected", reason, file=number)
    fault("reject: unread")
    rename(path, target)
    clinic.log.warning("file %s rejected without being read", number)
    clinic.done.rejected.append({"file": path.name, "sha256": mark, "reason": reason})


def was_changed(clinic: OpenFolder, row: FileRow) -> bool:
    """Whether a rejected file was mended where it lies, and can be read now."""
    path = clinic.folder.root / row.path
    try:
        if not path.is_file() or too_large(path.stat().st_size) or not os.access(path, os.R_OK):
            return False
        return not holds(path, row.sha256)
    except OSError:
        return False


def reason_file(path: Path) -> Path:
    """Where the reason for a rejected file stands."""
    return path.with_name(path.name + REASON)


def marked_copy(path: Path) -> Path:
    """Where the marked copy of a rejected file stands, if there is one."""
    return path.with_name(f"{path.stem}-marked.xlsx")


def _words(name: str, reason: str, marked: Path | None) -> str:
    lines = [
        f"{name} could not be used.",
        "",
        reason,
        "",
        "What to do: mend the file and put it into the inbox again, under the same name. After a "
        "change of clinic.toml (a heading that it now knows) the next run tries it again by itself. "
        "Where the cause lay elsewhere (a password), put it into the inbox again as it is, or run:",
        f"    {AS_IT_IS}",
        NO_LOG,
    ]
    if marked:
        lines.insert(4, f"A copy in which every place is marked: {marked.name}\r\n")
    return "\r\n".join(lines) + "\r\n"


def _marked_copy(clinic: OpenFolder, path: Path) -> Path | None:
    """The marked copy, where this installation makes them and there is something to mark."""
    try:
        from clinicreport import editing
    except ImportError:
        return None
    from clinicreport.path import check_logs
    from clinicreport.reading.files import read_books

    try:
        books = read_books([path], password=clinic.request.password, keep=True)
        checked = check_logs([path], clinic.request, books)
        made = editing.marked_copies(
            checked, [path], clinic.folder.rejected, books=books.kept, force=True
        )
    except UserError:
        return None
    except Exception as error:  # noqa: BLE001 (the reason stands without the copy, too)
        clinic.log.warning("no marked copy of a rejected file: %s", where(error))
        return None
    return made[0] if made else None


def tidy_rejected(clinic: OpenFolder) -> None:
    """Reasons and marked copies of files that are taken now, or were mended, go; originals stay."""
    stored = [*clinic.ledger.rejected_files(), *clinic.ledger.received_files()]
    paths = {clinic.folder.root / row.path for row in stored}
    stems = {path.stem.casefold() for path in paths}
    for text in clinic.folder.rejected.glob(f"*{REASON}"):
        path = text.with_name(text.name.removesuffix(REASON))
        if path in paths:
            continue
        with guarded(clinic, f"rejected/{text.name} is out of date", "a reason to be removed"):
            if path.stem.casefold() not in stems:
                remove(marked_copy(path), missing_ok=True)
            remove(text)
