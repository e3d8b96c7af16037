"""What the month's page shows: the status as the command line says it, and the files looked at."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from clinicreport.desk.button_words import by_button
from clinicreport.desk.kept import Kept, all_kept
from clinicreport.folder import folder_status
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.places import Folder
from clinicreport.folder.staleness import sentences, stale_months
from clinicreport.folder.status_page import ATTENTION

if TYPE_CHECKING:
    from clinicreport.folder.ledger_rows import FileRow, HeldLog, MessageRow, ReportRow
    from clinicreport.settings.request import Request


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One line of the status; ``buttons``: which kind it has (held, stale, mail, held mail, report), empty
    for none; ``number``: of the log or the report that they are about."""

    words: str
    buttons: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class MonthPart:
    """A title and its lines."""

    title: str
    lines: tuple[MonthLine, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """The clinic's name; what needs somebody, and the rest; files looked at."""

    clinic: str
    needs: tuple[MonthPart, ...]
    rest: tuple[MonthPart, ...]
    looked_at: tuple[Kept, ...]
    rejected: bool

    @property
    def how_many(self) -> int:
        """Lines that need somebody."""
        return sum(len(part.lines) for part in self.needs)


def month_page(folder: Folder, request: Request) -> MonthPage:
    """The page as things stand. Raises UserError."""
    settings = request.config
    with looked_into(folder) as ledger:
        stale = sentences(ledger, request)
        found = folder_status.status(folder, ledger, settings.folder, request.today, stale)
        buttons = _buttons(ledger, request, found)
    parts = [
        _part(title, lines, buttons.get(title, ()))
        for title, lines in folder_status.sections(found)
    ]
    return MonthPage(
        settings.name,
        tuple(part for part in parts if part.title in ATTENTION),
        tuple(part for part in parts if part.title not in ATTENTION),
        tuple(all_kept(folder.root)),
        rejected=bool(found["rejected"]),
    )


UNSETTLED = ("sending", "unsure", "failed")  # states of messages that only a person can end
Buttons = Sequence[tuple[str, int]]


def _buttons(ledger: Ledger, request: Request, found: dict[str, Any]) -> dict[str, Buttons]:
    """The buttons of each line by its title: their kind, and what they are about."""
    newest = ledger.newest_reports()
    stale = [("stale", newest[month]) for month in stale_months(ledger, request)]
    late = [("mail", max(newest.items())[1])] * (len(found["stale"]) - len(stale)) if newest else []
    waiting = [one["id"] for one in found["messages"] if one["state"] in folder_status.OPEN]
    rows = [row for number in waiting if (row := ledger.message(number))]
    still = {
        one["month"] for one in found["reports"] if one["errors"] > sum(one["answered"].values())
    }
    about = [
        (
            "held mail" if _can_be_answered(row, still) else "mail",
            row.report if row.state in UNSETTLED else newest.get(row.month, row.report),
        )
        for row in rows
    ]
    return {
        folder_status.HELD: [("held", log.file) for log in ledger.held_logs()],
        folder_status.STALE: [*stale, *late],
        folder_status.WAITING: about,
        folder_status.REPORTS: [("report", number) for number in newest.values()],
    }


def _can_be_answered(row: MessageRow, still: set[str]) -> bool:
    """Whether somebody's word may let a message go; ``still``: months with errors that are open."""
    return row.state == "held" and (row.month in still or row.role == "outside")


def _part(title: str, lines: Sequence[str], buttons: Buttons) -> MonthPart:
    if len(buttons) != len(lines):  # none, or the ledger changed meanwhile
        return MonthPart(title, tuple(MonthLine(by_button(words)) for words in lines))
    numbered = zip(lines, buttons, strict=True)
    return MonthPart(title, tuple(MonthLine(by_button(words), *has) for words, has in numbered))


def report_row(folder: Folder, number: str) -> ReportRow | None:
    """The newest report of a month by its number in the ledger."""
    with looked_into(folder) as ledger:
        return next((row for row in ledger.last_reports() if str(row.id) == number), None)


def reports_of(folder: Folder, months: Sequence[str]) -> list[ReportRow]:
    """The newest reports of these months."""
    with looked_into(folder) as ledger:
        return [row for row in ledger.last_reports() if row.month in months]


def logs_of(folder: Folder, month: str) -> list[FileRow]:
    """The logs in force of which most visits lie in the month."""
    with looked_into(folder) as ledger:
        return [row for row in ledger.files_in_force() if row.month == month]


def held_row(folder: Folder, number: str) -> HeldLog | None:
    """A log that is held, by its number in the ledger."""
    with looked_into(folder) as ledger:
        return next((log for log in ledger.held_logs() if str(log.file) == number), None)


@contextmanager
def looked_over(folder: Folder, request: Request) -> Iterator[OpenFolder]:
    """The folder for functions that only ask: not locked, its ledger to be read."""
    with looked_into(folder) as ledger:
        yield OpenFolder(folder, ledger, request, logging.getLogger("clinicreport.desk"))


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
