"""A log that is named after the patient of a purge gets another name, on the disk and in the ledger.

Planned, renamed, recorded: a stop in between is made good by the next run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from clinicreport.folder.held_places import HeldPlaces
from clinicreport.folder.ledger_rows import FileRow, PurgeRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.rejection import reason_file
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import free_name
from clinicreport.ground.held_files import rename

INSTEAD = "removed"  # of the id; every system can keep it in a name


def without_ids(
    clinic: OpenFolder, purge: PurgeRow, words: re.Pattern[str], held: HeldPlaces
) -> None:
    """Give every file that the ledger lists and that is named after the patient another name."""
    for row in clinic.ledger.stored_files():
        with held.passed_over(row.path):
            _without_id(clinic, row, purge, words)


def finish_stopped(clinic: OpenFolder) -> None:
    """Record the new names that a stopped purge had given and not recorded."""
    for purge in clinic.ledger.purges_to_do():
        for row in clinic.ledger.stored_files():
            if not (clinic.folder.root / row.path).is_file():
                _record(clinic, row, purge)


def _without_id(clinic: OpenFolder, row: FileRow, purge: PurgeRow, words: re.Pattern[str]) -> None:
    path = clinic.folder.root / row.path
    if not (words.search(row.name) and path.is_file()):
        return
    planned = other_name(path, words)
    with clinic.ledger.change() as change:
        change.plan_place(row.id, clinic.folder.relative(planned))
    fault("purge: name planned")
    rename(path, planned)
    fault("purge: renamed")
    _record(clinic, replace(row, target=clinic.folder.relative(planned)), purge)


def _record(clinic: OpenFolder, row: FileRow, purge: PurgeRow) -> None:
    """The file lies where it was planned to lie: the ledger says so from here on."""
    path, planned = clinic.folder.root / row.path, clinic.folder.root / (row.target or row.path)
    if not planned.is_file():
        return
    if reason_file(path).is_file():
        rename(reason_file(path), reason_file(planned))
    with clinic.ledger.change() as change:
        change.rename_file(row, clinic.folder.relative(planned), planned.name)
        change.reached(purge, row.months)
    fault("purge: name recorded")


def other_name(path: Path, words: re.Pattern[str]) -> Path:
    """A free place beside the file, whose name does not hold the ids."""
    return free_name(path.parent, words.sub(INSTEAD, path.name))
