"""A path that is a clinic folder means the logs in force in its archive, for every command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.folder.places import Folder


class NamedLogs(NamedTuple):
    """The logs that some paths name, and the clinic folder that is among them, if any.

    ``paths`` are as given, but that a clinic folder gives its logs in force.
    """

    paths: tuple[str, ...]
    folder: Path | None = None


def clinic_folder_at(path: str | Path) -> Folder | None:
    """The clinic folder that a path is, or whose archive it is or lies in; None for others."""
    given = Path(path)
    if not given.is_dir():
        return None
    from clinicreport.folder.places import Folder

    here = given.resolve()
    for root in (here, *here.parents[:2]):
        folder = Folder(root)
        known = (root / "clinic.toml").is_file() or folder.index.is_file()
        inside = here in (root, folder.archive) or here.parent == folder.archive
        if known and inside and folder.archive.is_dir():
            return folder
    return None


def logs_in_force(folder: Folder) -> list[Path]:
    """The newest version of each archived log, by name; none where the archive is empty.

    The ledger says which; a copy of an archive without one has its index. Raises UsageError where
    neither does, or the ledger is damaged.
    """
    found = _of_the_ledger(folder) or _of_the_index(folder)
    if not found and any(path.is_file() for path in folder.archive.glob("[0-9]*/**/*")):
        raise UsageError(
            f"{folder.root}: neither ledger.sqlite nor archive/index.csv says which logs of the"
            ' archive are in force: run "clinicreport run --rebuild" there'
        )
    return [folder.root / path for _, _, path in sorted(found)]


def named_logs(paths: Sequence[str]) -> NamedLogs:
    """The logs that the paths of a command line name. Raises UsageError.

    A month's folder of the archive gives what of it is in force.
    """
    logs: list[str] = []
    roots: list[Path] = []
    for path in paths:
        folder = clinic_folder_at(path) if path != "-" else None
        if folder is None:
            logs.append(path)
            continue
        here = Path(path).resolve()
        own = [log for log in logs_in_force(folder) if log.is_relative_to(here)]
        if not own:
            raise UsageError(
                f"{path}: nothing is in this clinic folder's archive yet. Put a log into its inbox"
                f' and run "clinicreport run {folder.root}", or name the log itself'
            )
        logs += map(str, own)
        roots.append(folder.root)
    if len(set(roots)) > 1:
        raise UsageError(
            "several clinic folders: their patients may share ids. Name one, or use network"
        )
    return NamedLogs(tuple(logs), roots[0] if roots else None)


_Entry = tuple[tuple[str, str], int, str]  # sorts as a folder's files; then number and path


def _of_the_ledger(folder: Folder) -> list[_Entry]:
    if not folder.ledger.is_file():
        return []
    from clinicreport.folder.ledger import Ledger

    ledger = Ledger(folder.ledger, read_only=True)
    try:
        return [_entry(row.name, row.id, row.path) for row in ledger.files_in_force()]
    finally:
        ledger.close()


def _of_the_index(folder: Folder) -> list[_Entry]:
    from clinicreport.folder import archive_index

    entries = [entry for entry in archive_index.read(folder) if not entry.replaced_by]
    return [_entry(entry.name, entry.number, entry.path) for entry in entries]


def _entry(name: str, number: int, path: str) -> _Entry:
    return (name.casefold(), name), number, path
