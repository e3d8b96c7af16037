"""Which logs ``clinicreport fit`` learns from, where it is given a clinic folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clinicreport.ground.errors import UsageError


def clinic_folder(paths: Sequence[str]) -> Path | None:
    """The clinic folder that is the only path, or whose archive is; None for anything else."""
    from clinicreport.folder.logs_in_force import clinic_folder_at

    found = clinic_folder_at(paths[0]) if len(paths) == 1 else None
    return found.root if found else None


def logs_of(folder: Path, paths: Sequence[str]) -> list[str]:
    """What a clinic folder holds to be learnt: its inbox, what was rejected, the logs in force.

    ``paths``: as given; where they name the archive, it alone. Raises UsageError where there is
    nothing.
    """
    from clinicreport.folder.logs_in_force import logs_in_force, named_logs
    from clinicreport.folder.places import Folder
    from clinicreport.reading.files import spreadsheets_in

    if Path(paths[0]).resolve() != folder:
        return list(named_logs(paths).paths)
    places = [folder / "inbox", folder / "rejected"]
    waiting = [path for place in places if place.is_dir() for path in spreadsheets_in(place)]
    found = [path for path in waiting if not path.stem.endswith("-marked")]
    logs = [str(path) for path in [*found, *logs_in_force(Folder(folder))]]
    if not logs:
        raise UsageError(f"{folder}: this clinic folder holds no log yet; put one into its inbox")
    return logs
