"""What a clinic is: a folder of logs, a clinic folder with its archive, or one log's column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clinicreport.folder.logs_in_force import clinic_folder_at, logs_in_force
from clinicreport.ground.errors import UsageError
from clinicreport.ground.strict_toml import read_toml
from clinicreport.reading.files import expand
from clinicreport.settings import config
from clinicreport.settings.request import Request


@dataclass(frozen=True, slots=True)
class NetworkUnit:
    """What is read together: a clinic, or a log of several. Plain values, so that any process can
    take it. ``fixed``: the unit is one clinic even where its log names none or one."""

    name: str
    paths: tuple[str, ...]
    request: Request
    beside: str | None = None  # how the paths of the clinics' own reports begin
    force: bool = False
    dry_run: bool = False
    fixed: bool = True
    named: bool = True  # by its settings; else it is called as its file or folder is
    share: bool = False  # its patients' fingerprints are needed


def find_units(
    paths: Sequence[str | Path], request: Request, settings: Path | None
) -> list[NetworkUnit]:
    """The units at these paths, by name.

    A folder without spreadsheets is taken for a folder of clinics. ``settings``: what --config
    names; it goes before a clinic's own ``clinic.toml``. The protocol is the network's for all, or
    their figures could not be compared. Raises UsageError for a path that is not there.
    """
    plain = request._replace(jobs=1, progress=None, folder=request.folder.resolve())
    units = [unit for path in paths for unit in _at(Path(path), plain, settings)]
    taken = Counter(unit.name.casefold() for unit in units)
    named = [
        replace(unit, name=f"{Path(unit.paths[0]).parent.parent.name}/{unit.name}")
        if taken[unit.name.casefold()] > 1 and unit.fixed
        else unit
        for unit in units
    ]
    for name, count in Counter(unit.name.casefold() for unit in named).items():
        if count > 1:
            raise UsageError(
                f"{name}: two clinics have this name; rename a folder, or set another"
                " name in its clinic.toml"
            )
    return sorted(named, key=lambda unit: (unit.name.casefold(), unit.name))


def _at(path: Path, request: Request, settings: Path | None) -> list[NetworkUnit]:
    """The units at one path: itself, or the folders in it."""
    if path.is_file():
        files = tuple(str(file.resolve()) for file in expand([path]))
        return [NetworkUnit(path.stem, files, request, fixed=False, named=False)]
    if not path.is_dir():
        raise UsageError(f"{path}: there is no such file or folder; check the spelling.")
    clinic = clinic_folder_at(path)
    own = _unit(clinic.root if clinic else path, request, settings)
    if own:
        return [own]
    if clinic:
        raise UsageError(f"{path}: nothing is in this clinic folder's archive yet.")
    inside = (_unit(sub, request, settings) for sub in path.iterdir() if sub.is_dir())
    units = [unit for unit in inside if unit]
    if not units:
        raise UsageError(f"{path}: there is no spreadsheet in this folder or the folders in it.")
    return units


def for_sharing(units: Sequence[NetworkUnit]) -> list[NetworkUnit]:
    """None is called as its file or folder is: that may be a patient's name. What their settings
    or the visits call a clinic is its name."""
    numbers = iter(range(1, len(units) + 1))
    return [
        replace(unit, share=True)
        if unit.named
        else replace(unit, share=True, name=f"Clinic without a name {next(numbers)}", fixed=False)
        for unit in units
    ]


def without_logs(paths: Sequence[str | Path]) -> list[str]:
    """Names of folders beside clinics that hold no log: left out, which somebody should know."""
    places = [Path(path) for path in paths if Path(path).is_dir() and not _logs(Path(path))]
    inside = (sub for place in places for sub in place.iterdir() if sub.is_dir())
    return sorted(sub.name for sub in inside if not sub.name.startswith(".") and not _logs(sub))


def _unit(folder: Path, request: Request, settings: Path | None) -> NetworkUnit | None:
    """The folder as a clinic, or None where it holds no spreadsheet."""
    files = _logs(folder)
    if not files:
        return None
    its_own = folder / "clinic.toml"
    if its_own.is_file():
        own = config.load(settings, folder)[0]
        # A picture that the network's settings name lies where they do.
        networks = settings is not None and "logo" in read_toml(settings)
        where = request.folder if networks else folder.resolve()
        request = request._replace(config=own, folder=where)
    name = request.config.name if its_own.is_file() and request.config.name else ""
    called = name or folder.resolve().name
    paths = tuple(str(file) for file in files)
    return NetworkUnit(called, paths, request, named=bool(name))


def _logs(folder: Path) -> list[Path]:
    """A folder's logs; of a clinic folder, what its archive holds and nothing has replaced."""
    clinic = clinic_folder_at(folder)
    if clinic:
        return [path.resolve() for path in logs_in_force(clinic)]
    if not any(path.is_file() for path in folder.iterdir()):
        return []
    try:
        return [path.resolve() for path in expand([folder])]
    except UsageError:  # files, but no spreadsheet among them
        return []
