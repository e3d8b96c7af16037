"""Taking an original away from where it was dropped, once its content is kept.

The file is renamed first, so that nobody writes to it under its name, then read once more: only
the very content that was kept is removed. Anything else goes back and is taken as a new file.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from clinicreport.folder.guards import guarded
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import free_name, holds, kept_name
from clinicreport.ground.held_files import remove, rename
from clinicreport.ground.whole_file import OURS, sync_folder

TAKEN = f"{OURS}taken-"


def clear(clinic: OpenFolder, number: int) -> None:
    """Remove a file's original from the inbox, if it is still the same."""
    row = clinic.ledger.file(number)
    if row is None or row.cleared:
        return
    if row.state == "received" and clinic.ledger.held_log(number) is None:
        return
    source = clinic.folder.root / row.source
    if row.source != row.path and source.exists():
        taken = source.with_name(f"{TAKEN}{number}")
        try:
            rename(source, taken)
        except OSError as error:
            clinic.wait(
                source.name,
                f"was processed, but cannot be removed ({error.strerror}): "
                "close it in other programs",
            )
            return
        fault("clear: taken")
        _finish(clinic, row, taken)
    with clinic.ledger.change() as change:
        change.cleared(number)
    fault("clear: recorded")


def _finish(clinic: OpenFolder, row: FileRow, taken: Path) -> None:
    """Remove what was taken away, or put it back where it is something else."""
    kept = clinic.folder.root / row.path
    if holds(taken, row.sha256) and holds(kept, row.sha256):
        remove(taken)
    else:
        rename(taken, free_name(taken.parent, Path(row.source).name))
    sync_folder(taken.parent)


def clear_left_over(clinic: OpenFolder) -> None:
    """Finish what a stopped run had begun to clear."""
    for folder in (clinic.folder.inbox, clinic.folder.rejected):
        for taken in folder.glob(f"{TAKEN}*"):
            digits = taken.name.removeprefix(TAKEN)
            row = clinic.ledger.file(int(digits[:18])) if digits.isdecimal() else None
            name = row.name if row else taken.name
            with guarded(clinic, f"{name} is not cleared away", "a file to be cleared"):
                if row and taken.is_file():
                    _finish(clinic, row, taken)
                else:
                    rename(taken, free_name(folder, f"recovered-{kept_name(digits)}"))
    for row in clinic.ledger.uncleared_files():
        what = guarded(clinic, f"{row.name} is not cleared away", f"file {row.id}")
        with what, suppress(FileNotFoundError):
            clear(clinic, row.id)
