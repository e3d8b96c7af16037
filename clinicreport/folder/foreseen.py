"""What a run would do with the inbox, without doing it: ``run --dry-run``.

Nothing is written, and the folder is not locked: the ledger is only read.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinicreport.folder import corrections, inbox
from clinicreport.folder.archiving import predecessors
from clinicreport.folder.examine import Examined, examine
from clinicreport.folder.ledger import RECEIVED_OR_KEPT, Ledger
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.overlap import repeats
from clinicreport.folder.places import Folder
from clinicreport.folder.visits_in_force import InForce
from clinicreport.folder.whole_files import sha256_of

if TYPE_CHECKING:
    from clinicreport.settings.request import Request


def foreseen(folder: Folder, request: Request) -> dict[str, Any]:
    """What lies in the inbox and would become of it, as ``run --dry-run --json`` prints it."""
    look = inbox.look(folder.inbox, [], request.config.folder, inbox.Settling())
    lines = _files(folder, request, look.ready) if look.ready else []
    lines += [f"{name} waits: it {why}" for name, why in look.waiting.items()]
    return {"schema": 1, "lines": lines}


def _files(folder: Folder, request: Request, paths: Sequence[Path]) -> list[str]:
    """A line for each file, in the order in which they would be taken."""
    found = examine(paths, request)
    if not folder.ledger.is_file():
        return _Foresight(InForce()).lines(None, paths, found)
    with closing(Ledger(folder.ledger, read_only=True)) as ledger:
        if not ledger.is_current:
            return _Foresight(InForce()).lines(None, paths, found)
        clinic = OpenFolder(folder, ledger, request, logging.getLogger("clinicreport.foreseen"))
        corrections.get_to_know(clinic, {month for one in found.values() for month in one.months})
        return _Foresight(clinic.in_force).lines(clinic, paths, found)


class _Foresight:
    """The logs in force, and those of the inbox that would be by then: these have numbers below
    zero, and their names stand here."""

    def __init__(self, index: InForce) -> None:
        self._index = index
        self._coming: dict[int, str] = {}
        self._seen: set[str] = set()

    def lines(
        self, clinic: OpenFolder | None, paths: Sequence[Path], found: dict[str, Examined]
    ) -> list[str]:
        return [self._line(clinic, path, sha256_of(path), found) for path in paths]

    def _line(
        self, clinic: OpenFolder | None, path: Path, sha256: str, found: dict[str, Examined]
    ) -> str:
        if sha256 in self._seen:
            return f"{path.name}: the same content as another file here"
        self._seen.add(sha256)
        known = clinic.ledger.known_content(sha256, RECEIVED_OR_KEPT) if clinic else None
        if known:
            done = (
                "already processed" if known.state == "archived" else "held until somebody answers"
            )
            return f"{path.name}: the same content as {known.name}; {done}"
        if clinic and clinic.ledger.was_purged(sha256):
            return f"would reject: {path.name}: it was removed on purpose (clinicreport purge)"
        result = found.get(sha256, Examined(reason=f"{path.name}: it cannot be opened"))
        if result.reason:
            return f"would reject: {result.reason}"
        return f"{path.name}: {self._taken(clinic, path.name, sha256, result)}"

    def _taken(self, clinic: OpenFolder | None, name: str, sha256: str, result: Examined) -> str:
        olds = predecessors(clinic, name, result) if clinic else []
        twin = self._twin(clinic, name, result, {old.id for old in olds})
        if twin:
            return (
                f"would be held: it holds mostly the visits of {twin} and may be a correction; the "
                f"mail of {min(result.months)} and later months would wait"
            )
        for old in olds:
            self._index.drop(old.id)
        number = -len(self._coming) - 1
        self._coming[number] = name
        self._index.put(number, sha256, name, result.days)
        said = f"{result.rows} visits, would go under {result.month}"
        said += "".join(f" and replace {old.name} of {old.local[:10]}" for old in olds)
        if result.errors:
            some = f"{result.errors} error finding{'' if result.errors == 1 else 's'}"
            said += f"; its mail would be held back for {some}, unless they are acknowledged"
        return said

    def _twin(
        self, clinic: OpenFolder | None, name: str, result: Examined, instead: set[int]
    ) -> str:
        """The names of the logs whose visits the new one mostly holds; empty where there are none,
        or both are to count. ``instead``: the logs that it replaces."""
        others = {}
        for number, _ in self._index.shared(result.treated):
            old = clinic.ledger.file(number) if clinic and number > 0 else None
            other = old.name if old else self._coming.get(number, "")
            both = clinic is not None and corrections.both_count(clinic, name, other)
            if other and not both and number not in instead:
                others[number] = other
        return " and ".join(others[one] for one in repeats(self._index, result, list(others)))
