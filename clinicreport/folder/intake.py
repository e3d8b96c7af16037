"""One file's way: from the inbox to the archive, or to ``rejected/``.

1. *received* (``receiving``): its content is copied and recorded;
2. it is examined there, by a process of its own;
3. *archived* (``archiving``) under its month, *rejected* (``rejection``) with the reason, or held;
4. the original in the inbox is removed, if it still holds the very content that was kept.

Every step can be done again: what is on the disk and in the ledger tells how far it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clinicreport.folder import archive_index, chosen_columns, corrections, rejection
from clinicreport.folder.archiving import archive
from clinicreport.folder.clearing import clear
from clinicreport.folder.examine import AT_ONCE, Examined, examine
from clinicreport.folder.guards import guarded
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.receiving import complete, receive
from clinicreport.folder.steps import fault
from clinicreport.ground.errors import OutputError
from clinicreport.reading.files import too_large


def take(clinic: OpenFolder, paths: Sequence[Path]) -> None:
    """Work through the files that are ready."""
    for start in range(0, len(paths), AT_ONCE):
        part = paths[start : start + AT_ONCE]
        twins = [path for path in part if not receive(clinic, path)]
        _settle_all(clinic, clinic.ledger.received_files(held=False))
        for path in twins:
            receive(clinic, path)
    settle_received(clinic)  # a log that is held may be answered by what came
    rejection.tidy_rejected(clinic)
    write_index(clinic)


def write_index(clinic: OpenFolder) -> None:
    """Bring ``archive/index.csv`` up to date; somebody may have it open."""
    with guarded(clinic, "archive/index.csv is not up to date", "the archive's index"):
        archive_index.write(clinic.folder, clinic.ledger)


def settle_received(clinic: OpenFolder) -> None:
    """Archive or reject everything that was received."""
    _settle_all(clinic, clinic.ledger.received_files())


def _settle_all(clinic: OpenFolder, waiting: Sequence[FileRow]) -> None:
    for start in range(0, len(waiting), AT_ONCE):
        _settle(clinic, waiting[start : start + AT_ONCE])


def _settle(clinic: OpenFolder, rows: Sequence[FileRow]) -> None:
    there: list[FileRow] = []
    corrections.keep_step(clinic)
    for found in rows:
        with guarded(clinic, f"{found.name} is not handled yet", f"file {found.id}"):
            if not _held_as_before(clinic, found) and (row := complete(clinic, found)):
                there.append(row)
    with guarded(clinic, "What was chosen on sheets Headings is not taken", "headings"):
        chosen_columns.take(clinic, there)
    results: dict[str, Examined] = {}
    with guarded(clinic, "What came could not be read", "files that came"):
        results = examine([clinic.folder.root / row.path for row in there], clinic.request)
        corrections.get_to_know(clinic, {month for one in results.values() for month in one.months})
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
        archive(clinic, row, result)
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
