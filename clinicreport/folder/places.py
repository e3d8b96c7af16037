"""The places of a clinic folder, and the blank folder that ``clinicreport init`` makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clinicreport.folder.launchers import EXECUTABLE, launcher
from clinicreport.folder.private import private
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.ground.held_files import patiently, remove
from clinicreport.ground.resources import resource
from clinicreport.ground.whole_file import OURS

ACKNOWLEDGED_HEAD = "rule,patient,date,who,why,place,message,finding\r\n"
PLACES = ("inbox", "archive", "rejected", "reports", "outbox", "outbox/sent")


@dataclass(frozen=True, slots=True)
class Folder:
    """The paths inside a clinic folder."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where spreadsheets are dropped."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Originals as they came, by month."""
        return self.root / "archive"

    @property
    def staging(self) -> Path:
        """Originals on their way into the archive, each in a folder named for its content."""
        return self.archive / "incoming"

    @property
    def index(self) -> Path:
        """What came when, under which name, and what it replaces: for people and the rebuild."""
        return self.archive / "index.csv"

    @property
    def rejected(self) -> Path:
        """What could not be used."""
        return self.root / "rejected"

    @property
    def looking(self) -> Path:
        """Logs that somebody looks at on the clinic's page, for a week at most."""
        return self.root / "looking"

    @property
    def reports(self) -> Path:
        """The reports, by month."""
        return self.root / "reports"

    @property
    def outbox(self) -> Path:
        """Drafts, and what waits to be sent."""
        return self.root / "outbox"

    @property
    def sent(self) -> Path:
        """What the server has taken."""
        return self.outbox / "sent"

    @property
    def replaced(self) -> Path:
        """Messages that a newer report made out of date before they were sent."""
        return self.outbox / "replaced"

    @property
    def ledger(self) -> Path:
        """The SQLite file."""
        return self.root / "ledger.sqlite"

    @property
    def log(self) -> Path:
        """What the program did, without patients."""
        return self.root / "clinicreport.log"

    @property
    def status_page(self) -> Path:
        """What came, failed and waits, for a browser."""
        return self.root / "STATUS.html"

    @property
    def acknowledged(self) -> Path:
        """Error findings that a person has looked at."""
        return self.root / "acknowledged.csv"

    def kept(self) -> Iterator[Path]:
        """Every file and folder of the program's own, and what hangs on patients."""
        yield from (*(self.root / name for name in PLACES[:5]), self.looking)
        for place in (*(self.root / name for name in PLACES[1:5]), self.looking):
            yield from place.rglob("*")
        yield from (self.acknowledged, self.status_page, self.root / ".clinicreport.lock")
        for pattern in ("*ledger*.sqlite*", "clinicreport.log*"):
            yield from self.root.glob(pattern)

    def relative(self, path: Path) -> str:
        """A path inside the folder as the ledger keeps it."""
        return path.relative_to(self.root).as_posix()


def find(given: Path | None) -> Folder:
    """The clinic folder named, else the current one. Raises UsageError where it is none."""
    root = given or Path()
    if not root.is_dir():
        raise UsageError(f"{root}: there is no such folder; is the network share connected?")
    if not (root / "clinic.toml").is_file():
        raise UsageError(
            f"{root.resolve()}: this is no clinic folder (it has no clinic.toml). Name the folder, "
            "or make one with: clinicreport init DIR"
        )
    return Folder(root.resolve())


def prepare(folder: Folder) -> None:
    """Make sure that every place is there and can be written. Raises OutputError."""
    try:
        for place in PLACES:
            (folder.root / place).mkdir(exist_ok=True)
        probe = folder.root / f"{OURS}probe.tmp"
        patiently(lambda: probe.write_bytes(b"x"))
        remove(probe)
    except OSError as error:
        raise OutputError(
            f"{folder.root}: nothing can be written here ({error.strerror}); "
            "check the share, the free space and your rights. Nothing was changed"
        ) from error


def _blank_log() -> bytes:
    """The blank session log, with the limits of the default protocol."""
    from clinicreport.books.template import blank_log
    from clinicreport.protocol import in_force

    return blank_log.template(in_force.load(None))


def _templates(root: Path) -> dict[str, Callable[[], bytes]]:
    """Each file of a new clinic folder, and what it holds."""

    def packaged(name: str) -> Callable[[], bytes]:
        return lambda: resource(name).read_bytes()

    own: dict[str, Callable[[], bytes]] = {}
    if made := launcher(root):
        name, content = made
        own = {name: lambda: content}
    return {
        "clinic.toml": packaged("templates/clinic.toml"),
        "protocol.toml": packaged("templates/protocol.toml"),
        "README.md": packaged("templates/folder-readme.md"),
        "acknowledged.csv": ACKNOWLEDGED_HEAD.encode,
        "session-log.xlsx": _blank_log,
        "samples/2026-08.xlsx": packaged("samples/three-months/2026-08.xlsx"),
        "samples/2026-09.xlsx": packaged("samples/three-months/2026-09.xlsx"),
    } | own


def make(root: Path, *, dry_run: bool = False) -> tuple[list[str], list[str]]:
    """A clinic folder, or what is missing in one: (made, left as they were).

    Nothing that is there is touched. Raises OutputError where it cannot be made.
    """
    if root.exists() and not root.is_dir():
        raise OutputError(f"{root}: this is a file; name a folder")
    made: list[str] = []
    left: list[str] = []
    try:
        with private():
            _make_missing(root, made, left, dry_run=dry_run)
    except OSError as error:
        raise OutputError(f"{error.filename or root}: {error.strerror}") from error
    return made, left


def _make_missing(root: Path, made: list[str], left: list[str], *, dry_run: bool) -> None:
    """Make what is missing, and put each name into one of the lists."""
    for place in ("", *PLACES):
        path = root / place
        if not path.is_dir():
            made.append(f"{place}/" if place else f"{root}/")
            if not dry_run:
                path.mkdir(parents=True)
    for name, content in _templates(root).items():
        path = root / name
        if path.exists():
            left.append(name)
            continue
        made.append(name)
        if not dry_run:
            write_whole(path, content())
            if path.suffix in EXECUTABLE:
                with suppress(OSError):  # a share may keep no such mark
                    path.chmod(0o755)
