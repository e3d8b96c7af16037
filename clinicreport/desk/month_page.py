"""What the month's page shows: the status as the command line says it, and the files looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from clinicreport.desk.kept import Kept, all_kept
from clinicreport.folder import folder_status
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.places import Folder
from clinicreport.folder.staleness import sentences
from clinicreport.folder.status_page import ATTENTION

if TYPE_CHECKING:
    from clinicreport.settings.request import Request


@dataclass(frozen=True, slots=True)
class MonthPage:
    """The clinic's name; titles with their lines, what needs somebody first; files looked at."""

    clinic: str
    needs: tuple[tuple[str, list[str]], ...]
    rest: tuple[tuple[str, list[str]], ...]
    looked_at: tuple[Kept, ...]

    @property
    def how_many(self) -> int:
        """Lines that need somebody."""
        return sum(len(lines) for _, lines in self.needs)


def month_page(folder: Folder, request: Request) -> MonthPage:
    """The page as things stand. Raises UserError."""
    settings = request.config
    with looked_into(folder) as ledger:
        stale = sentences(ledger, request)
        found = folder_status.status(folder, ledger, settings.folder, request.today, stale)
    shown = folder_status.sections(found)
    return MonthPage(
        settings.name,
        tuple((title, lines) for title, lines in shown if title in ATTENTION),
        tuple((title, lines) for title, lines in shown if title not in ATTENTION),
        tuple(all_kept(folder.root)),
    )


@contextmanager
def looked_into(folder: Folder) -> Iterator[Ledger]:
    """The ledger to be read; a folder in which nothing ran yet has none, and gets none by this."""
    if folder.ledger.exists():
        ledger = Ledger(folder.ledger, read_only=True)
        try:
            yield ledger
        finally:
            ledger.close()
        return
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        ledger = Ledger(Path(place) / "ledger.sqlite")
        try:
            yield ledger
        finally:
            ledger.close()
