"""Which clinic folder the desk is for: one that is made, found, known from before, or for trying."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from clinicreport.desk.running import state_folder, write_private
from clinicreport.ground.errors import OutputError, UsageError

KNOWN = 5  # folders that are remembered


def usual_place() -> Path:
    """Where a clinic folder is made where nothing else is wanted."""
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()


def make_folder(name: str, where: str) -> Path:
    """A clinic folder of this name in a place that is there. Raises UserError."""
    from clinicreport.folder.whole_files import kept_name
    from clinicreport.settings.config import Config
    from clinicreport.settings.own_lines import with_lines

    if not name:
        raise UsageError("Give the clinic's name: the folder is called by it.")
    with_lines(Config(), {"name": name})  # a name that cannot stand in mail is refused here
    place = _folder(where)
    return _made(place / kept_name(name).strip(". "), name)


def _made(root: Path, name: str) -> Path:
    """The folder, made and named where it is not there yet. Raises UserError."""
    from clinicreport.folder import places
    from clinicreport.settings.own_lines import write_lines

    made, _ = places.make(root)
    if "clinic.toml" in made:
        try:
            write_lines(root / "clinic.toml", {"name": name})
        except OSError as error:
            raise OutputError(f"{root}: {error.strerror}") from error
    return root


def there(where: str) -> Path:
    """A clinic folder that is there. Raises UsageError."""
    from clinicreport.folder.places import find

    root = _folder(where)
    if not (root / "clinic.toml").is_file():
        raise UsageError(
            f"{root} is no clinic folder: there is no clinic.toml in it. Choose the folder that "
            'holds "inbox" and "reports", or make a new one.'
        )
    return find(root).root


def made_up() -> Path:
    """A clinic folder for trying, beside the user's own files. Raises UserError."""
    return _made(usual_place() / "Made-up clinic", "Made-up clinic")


def samples(root: Path) -> list[Path]:
    """The made-up logs that came with a folder."""
    return sorted((root / "samples").glob("*.xlsx"))


def known() -> list[str]:
    """The folders that were opened here before and are still there, the last first."""
    with suppress(OSError, ValueError):
        told = json.loads(_file().read_text(encoding="utf-8"))
        if isinstance(told, list):
            return [one for one in map(str, told) if (Path(one) / "clinic.toml").is_file()]
    return []


def remember(root: Path) -> None:
    """Offer the folder the next time."""
    others = [one for one in known() if one != str(root)]
    with suppress(OSError):  # it is then not offered
        write_private(_file(), json.dumps([str(root), *others][:KNOWN]))


def _file() -> Path:
    return state_folder() / "folders.json"


def _folder(text: str) -> Path:
    """A folder as it was typed or pasted. Raises UsageError."""
    try:
        path = Path(text.strip().strip("\"'")).expanduser()
        if not text.strip() or not path.is_absolute():
            raise UsageError(
                "Give the whole way to the folder, such as "
                f"{usual_place()}. In the file manager it stands in the line above the files."
            )
        if not path.is_dir():
            raise UsageError(f"{path}: there is no such folder. Is the network on?")
    except (OSError, ValueError, RuntimeError) as error:  # the last: ~ of nobody here
        raise UsageError(f"{text[:200]}: this cannot be a folder") from error
    return path
