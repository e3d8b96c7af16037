"""What the steps of a run share: the folder, its ledger, what was asked for, what was done."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinicreport.folder import places
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.lock import locked
from clinicreport.folder.logfile import close_log, open_log, unwritable
from clinicreport.folder.places import Folder
from clinicreport.folder.private import check_own, close_to_others, open_as_the_system_says, private
from clinicreport.folder.visits_in_force import InForce
from clinicreport.ground.errors import DamagedLedger, OutputError
from clinicreport.ground.held_files import rename

if TYPE_CHECKING:
    from pathlib import Path

    from clinicreport.folder.known_books import KnownBooks
    from clinicreport.settings.request import Request


@dataclass(slots=True)
class Done:
    """What one run did, as ``run --json`` prints it."""

    archived: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)  # perhaps corrections
    stale: list[str] = field(default_factory=list)  # made before the settings changed
    waiting: list[dict[str, str]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # something could not be written or read
    mail_problems: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether there is something to tell."""
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(slots=True)
class OpenFolder:
    """An open clinic folder during one run."""

    folder: Folder
    ledger: Ledger
    request: Request
    log: logging.Logger
    done: Done = field(default_factory=Done)
    settled: set[int] = field(default_factory=set)  # files archived or rejected in this run
    in_force: InForce = field(default_factory=InForce)  # see corrections.keep_step
    known: KnownBooks | None = None  # see known_books

    def wait(self, name: str, why: str) -> None:
        """A file that stays in the inbox, and why."""
        self.done.waiting.append({"file": name, "why": why})

    def problem(self, text: str, logged: str = "") -> None:
        """Something that could not be done now and is tried again; ``logged``: without names."""
        self.log.warning("%s", logged or text)
        self.done.problems.append(text)


@contextmanager
def opened(folder: Folder, request: Request, *, rebuild: bool = False) -> Iterator[OpenFolder]:
    """The clinic folder, locked, with its ledger. Raises UserError where that cannot be."""
    shared = request.config.folder.shared
    with private(shared=shared), locked(folder.root, shared=shared):
        for path in (folder.ledger, folder.log):
            check_own(path, shared=shared)
        places.prepare(folder)
        if rebuild:
            _set_aside(folder.ledger)
        log = open_log(folder, request.config.folder)
        ledger = Ledger(folder.ledger)
        if shared:
            open_as_the_system_says(folder.ledger)
        try:
            if not rebuild:
                check_known(folder, ledger)
            clinic = OpenFolder(folder, ledger, request, log)
            if said := unwritable(folder):
                clinic.problem(said)
            yield clinic
        finally:
            ledger.close()
            close_log(log)
            if not shared:
                close_to_others(folder.kept())


def check_known(folder: Folder, ledger: Ledger) -> None:
    """An archive without its ledger is not to be taken for a new folder. Raises DamagedLedger."""
    if ledger.knows_anything():
        return
    if any(path.is_file() for path in folder.archive.glob("[0-9]*/**/*")):
        raise DamagedLedger(
            f"{folder.root}: the archive holds logs, but ledger.sqlite knows nothing of them. Put "
            'the ledger back from a backup, or run "clinicreport run --rebuild" to make it anew '
            "from the archive (it cannot know what was mailed, and mails nothing for those months)"
        )


def _set_aside(ledger: Path) -> None:
    """A rebuild keeps the old file under another name."""
    from clinicreport.folder.whole_files import free_name

    aside = free_name(ledger.parent, f"old-{ledger.name}")
    for end in ("", "-journal"):  # the journal belongs to the one file, by its name
        path = ledger.with_name(f"{ledger.name}{end}")
        try:
            if path.exists():
                rename(path, aside.with_name(f"{aside.name}{end}"))
        except OSError as error:
            raise OutputError(
                f"{path.name} cannot be set aside ({error.strerror}): close it in other programs. "
                "Nothing was done"
            ) from error
