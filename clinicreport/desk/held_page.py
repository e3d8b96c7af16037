"""A held log beside the logs that it may correct: what is different, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.desk.button_words import by_button
from clinicreport.desk.month_page import held_row, looked_into
from clinicreport.folder import folder_status
from clinicreport.folder.corrections import same_name, told

if TYPE_CHECKING:
    from clinicreport.folder.changes import Change
    from clinicreport.folder.ledger_rows import HeldLog
    from clinicreport.folder.places import Folder
    from clinicreport.settings.request import Request

SHOWN = 200  # differences on the page


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A held log, the names of those it is compared with, what the status says, and what differs.

    ``more``: differences that are not shown.
    """

    log: HeldLog
    olds: tuple[str, ...]
    words: str
    changes: tuple[Change, ...]
    more: int


def held_page(folder: Folder, request: Request, number: str) -> HeldPage | None:
    """The page; None where no log is held under this number. Raises UserError, OSError."""
    from clinicreport.folder.overlap import differences

    log = held_row(folder, number)
    if log is None:
        return None
    olds = (log.old, *log.found.beside)
    with looked_into(folder) as ledger:
        new = ledger.file(log.file)
        rows = [
            row
            for row in ledger.files_in_force()
            if any(same_name(row.name, old) for old in olds) and set(row.months) & set(log.months)
        ]
    if new is None or not rows:
        return None
    paths = [folder.root / row.path for row in rows]
    found = differences(folder.root / new.path, paths, request)
    words = by_button(folder_status.held_line(told(log, folder)))
    return HeldPage(log, olds, words, tuple(found[:SHOWN]), max(0, len(found) - SHOWN))
