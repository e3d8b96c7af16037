"""What lies beside a month's report: marked copies of its logs, what changed, and the lines to
acknowledge."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from clinicreport.folder import changes
from clinicreport.folder.gate import error_findings, to_acknowledge
from clinicreport.folder.logfile import where
from clinicreport.folder.month import Month
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.held_files import bytes_of, patiently, remove, remove_tree
from clinicreport.ground.whole_file import OURS

TO_ACKNOWLEDGE = "to-acknowledge.csv"


def write_beside(clinic: OpenFolder, month: Month, folder: Path) -> None:
    """Write them all; what no longer applies says so or is empty."""
    if month.changes:
        write_whole(
            folder / f"changes.v{month.version}.csv", changes.table(month.changes), "beside"
        )
    errors = error_findings(month.checked)
    path = folder / TO_ACKNOWLEDGE
    if errors or path.exists():
        write_whole(path, to_acknowledge(errors), "beside")
    _marked_copies(clinic, month, folder)


def _marked_copies(clinic: OpenFolder, month: Month, folder: Path) -> None:
    """A marked copy of each of the month's own logs that has findings.

    They are made in a folder of their own first, so that a half-made one is never seen.
    """
    found = {finding.file for finding in month.checked.findings}
    own = [
        clinic.folder.root / row.path
        for row in month.files
        if row.month == month.month and row.name in found
    ]
    made: set[str] = set()
    if own:
        made = _copied(clinic, month, folder, own)
    for path in folder.glob("*-marked.xlsx"):  # of what has no findings any more
        if path.name not in made:
            remove(path)


def _copied(clinic: OpenFolder, month: Month, folder: Path, own: list[Path]) -> set[str]:
    """The copies' names; where they cannot be made, those that are there."""
    from clinicreport import editing

    made: set[str] = set()
    making = folder / f"{OURS}marked"
    with suppress(OSError):
        remove_tree(making)
    try:
        patiently(lambda: making.mkdir(exist_ok=True))
        for path in editing.marked_copies(month.checked, own, making, force=True):
            write_whole(folder / path.name, bytes_of(path), "beside")
            made.add(path.name)
    except Exception as error:  # noqa: BLE001 (the report stands without the copies, too)
        clinic.log.warning("no marked copies for %s: %s", month.month, where(error))
        made |= {path.name for path in folder.glob("*-marked.xlsx")}
    finally:
        with suppress(OSError):  # the next run takes it away
            remove_tree(making)
    return made
