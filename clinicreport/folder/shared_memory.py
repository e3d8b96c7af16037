"""What is remembered of versions for sharing, where the logs are: in a clinic folder's ledger, else
in a file beside the logs. It holds fingerprints and counts' names: no id, no day, no name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from clinicreport.books.share.told import Told, read_told
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.lock import NoLock, locked
from clinicreport.folder.open_folder import OpenFolder, opened
from clinicreport.folder.places import Folder
from clinicreport.folder.private import check_own, private
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.settings.request import make_request

GIVEN, BY_HAND = "shared", "shared-by-hand"  # marks in the ledger: by report, by their order
NAME = ".clinicreport-shared.json"
DEEP = 3  # folders between a clinic folder and its logs


def marks_of(told: Told) -> dict[str, str]:
    """A version as the ledger keeps it."""
    return {"told": told.text}


def given_in(ledger: Ledger) -> list[Told]:
    """The versions that a ledger remembers."""
    kept = [*ledger.marks_of(GIVEN).values(), *ledger.marks_of(BY_HAND).values()]
    return [read_told(marks["told"]) for marks in kept if "told" in marks]


def given_at(path: Path) -> list[Told]:
    """The versions that the ledger of this path remembers. Raises UserError where it cannot be
    read."""
    ledger = Ledger(path, read_only=True)
    try:
        return given_in(ledger)
    finally:
        ledger.close()


def keep_by_hand(clinic: OpenFolder, marks: dict[str, str]) -> None:
    """Remember a version that a person made, unless it is remembered already."""
    by_hand = clinic.ledger.marks_of(BY_HAND)
    if marks in (*by_hand.values(), *clinic.ledger.marks_of(GIVEN).values()):
        return
    with clinic.ledger.change() as change:
        change.keep_marks(BY_HAND, max(by_hand, default=0) + 1, marks)


class Taken(Protocol):
    """A memory to which nobody else can add until it is let go."""

    def given(self) -> list[Told]:
        """What was given. Raises UserError where that cannot be read."""
        ...

    def keep(self, told: Told) -> None:
        """Remember a version. Raises OSError or UserError where that cannot be written."""
        ...


@dataclass(frozen=True, slots=True)
class _TakenLedger:
    clinic: OpenFolder

    def given(self) -> list[Told]:
        """As the open ledger knows it."""
        return given_in(self.clinic.ledger)

    def keep(self, told: Told) -> None:
        """In the open ledger."""
        keep_by_hand(self.clinic, marks_of(told))


@dataclass(frozen=True, slots=True)
class LedgerMemory:
    """That of a clinic folder."""

    folder: Folder

    @property
    def where(self) -> Path:
        """The clinic folder."""
        return self.folder.root

    def given(self) -> list[Told]:
        """What was given. Raises UserError where the ledger cannot be read."""
        return given_at(self.folder.ledger) if self.folder.ledger.is_file() else []

    @contextmanager
    def taken(self) -> Iterator[Taken]:
        """Under the folder's lock. Raises UserError where it is in use or cannot be written."""
        request = make_request(folder=self.folder.root)
        with opened(self.folder, request) as clinic:
            yield _TakenLedger(clinic)


@dataclass(frozen=True, slots=True)
class FileMemory:
    """That of a folder with logs."""

    where: Path

    def given(self) -> list[Told]:
        """What was given. Raises UserError where the file is not ours, or cannot be read."""
        path = self.where / NAME
        check_own(path)
        try:
            kept: Any = json.loads(path.read_text(encoding="utf-8"))
            return [read_told(text) for text in kept["given"]]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OutputError(f"{path} cannot be opened ({error.strerror}): {_WHY}") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(f"{path} is damaged: {_WHY}") from error

    @contextmanager
    def taken(self) -> Iterator[Taken]:
        """Under a lock beside the logs. Raises Busy where another program has it, OSError where
        the folder cannot be written."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.where))
            except NoLock as error:
                raise error.why from error
            yield self

    def keep(self, told: Told) -> None:
        """Remember a version, while the memory is taken. Raises OSError where the folder cannot be
        written."""
        kept = [*(one.text for one in self.given()), told.text]
        text = json.dumps({"schema": 1, "given": kept}, indent=0)
        with private():
            write_whole(self.where / NAME, text.encode(), "shared")


_WHY = (
    "it remembers which versions for sharing were given. Put it back from a backup; or delete it, "
    "knowing that what was given before is then compared with nothing"
)
Memory = LedgerMemory | FileMemory


def memories_of(logs: Iterable[str | Path]) -> list[Memory]:
    """Where versions made of these logs are remembered, each place once."""
    return memories_at(Path(log).resolve().parent for log in logs)


def memories_at(folders: Iterable[Path]) -> list[Memory]:
    """The memories of some folders, each once."""
    found = (memory_at(folder) for folder in dict.fromkeys(folders))
    return list({memory.where: memory for memory in found}.values())


def place_of(folder: Path) -> Path | tuple[int, int]:
    """What two paths to one folder have in common."""
    try:
        status = folder.stat()
    except OSError:
        return folder
    return (status.st_dev, status.st_ino) if status.st_ino else folder


def memory_at(folder: Path) -> Memory:
    """The memory of a folder: the ledger of the clinic folder in which it lies, or a file."""
    for root in (folder, *folder.parents[:DEEP]):
        clinic = Folder(root)
        if (root / "clinic.toml").is_file() and (
            clinic.archive.is_dir() or clinic.ledger.is_file()
        ):
            return LedgerMemory(clinic)
    return FileMemory(folder)
