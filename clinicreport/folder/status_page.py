"""``STATUS.html``: the status for people without a terminal. One file, no scripts, no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from clinicreport.folder import clock
from clinicreport.folder.folder_status import HELD, STALE, WAITING, sections, status
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.places import Folder
from clinicreport.folder.private import private
from clinicreport.folder.staleness import sentences
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground import pages
from clinicreport.ground.errors import UserError
from clinicreport.settings.config import Config, FolderSettings
from clinicreport.settings.request import make_request

UNDONE = "Could not be done"
ATTENTION = (
    "Months whose log never came",
    HELD,
    STALE,
    "Rejected",
    "Reports that are still to be made",
    WAITING,
)
# A report or a draft, whose names the program gave itself.
LINKED = r"(?:reports|outbox)/[\w./-]*\w"


def write(clinic: OpenFolder) -> None:
    """Write the page as things stand; where that cannot be, what was done counts all the same."""
    try:
        write_whole(clinic.folder.status_page, page(clinic).encode(), "status")
    except Exception as error:  # noqa: BLE001 (the page is no reason to stop)
        clinic.log.warning("STATUS.html is not up to date: %s", where(error))


def write_trouble(folder: Folder, config: Config, text: str) -> None:
    """Say in the page what keeps the whole folder from being used, where even that can be; a folder
    that is gone, as a share may be, is not made anew."""
    if not folder.root.is_dir():
        return
    words = _heading(config.name) | {"attention": [(UNDONE, [[text]])], "rest": []}
    with suppress(OSError), private(shared=config.folder.shared):
        write_whole(folder.status_page, pages.page("pages/status.html", words).encode(), "status")


def write_unreadable_settings(folder: Folder) -> bool:
    """Say in the page what is wrong in the folder's own settings or protocol, if anything is: a run
    that nobody watches ends with it before it can say anything. Others may read it who could.
    False where they are well: then what was typed is at fault, and whoever typed it is told."""
    try:
        make_request(folder=folder.root)
    except UserError as error:
        text = f"Nothing was done, since the settings cannot be read. {error}"
    else:
        return False
    with suppress(OSError):
        shared = folder.status_page.is_file() and bool(folder.status_page.stat().st_mode & 0o044)
        write_trouble(folder, Config(folder=FolderSettings(shared=shared)), text)
    return True


def _heading(name: str) -> dict[str, Any]:
    """The page's title, and when it was written."""
    when = clock.stamp(clock.now())[1][:16].replace("T", " ")
    return {"title": f"{name or 'Clinic'}: reports", "when": when}


def page(clinic: OpenFolder) -> str:
    """The page's text."""
    settings = clinic.request.config
    stale = sentences(clinic.ledger, clinic.request)
    found = status(clinic.folder, clinic.ledger, settings.folder, clinic.request.today, stale)
    waiting = [f"{one['file']} {one['why']}" for one in clinic.done.waiting]
    shown = sections(found)
    once = {line for _, lines in shown for line in lines}  # what stands below is not said twice
    told = [
        (UNDONE, list(dict.fromkeys(clinic.done.problems))),
        ("Mail", [one for one in dict.fromkeys(clinic.done.mail_problems) if one not in once]),
        ("Waits in the inbox", waiting),
    ]
    beside = [one[name] for one in found["rejected"] for name in ("marked", "reason_file")]
    names = [*filter(None, beside)]
    look = [*told, *((title, lines) for title, lines in shown if title in ATTENTION)]
    words = _heading(settings.name) | {
        "attention": [(title, _linked(lines, names)) for title, lines in look if lines],
        "rest": [
            (title, _linked(lines, names)) for title, lines in shown if title not in ATTENTION
        ],
    }
    return pages.page("pages/status.html", words)


def _linked(lines: list[str], names: Sequence[str] = ()) -> list[list[str]]:
    """Each line in parts, every second of them a link; ``names``: more files to be linked."""
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(f"({'|'.join([*longest_first, LINKED])})")
    return [pattern.split(line) for line in lines]
