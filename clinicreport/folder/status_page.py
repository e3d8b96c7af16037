"""``STATUS.html``: the status for people without a terminal. One file, no scripts, no network."""

from __future__ import annotations

import re

from clinicreport.folder import clock
from clinicreport.folder.folder_status import HELD, STALE, sections, status
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.staleness import sentences
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground import pages

ATTENTION = (
    "Months whose log never came",
    HELD,
    STALE,
    "Rejected",
    "Reports that are still to be made",
    "Messages that wait",
)
# A report or a draft, whose names the program gave itself.
LINKED = re.compile(r"((?:reports|outbox)/[\w./-]*\w)")


def write(clinic: OpenFolder) -> None:
    """Write the page as things stand."""
    write_whole(clinic.folder.status_page, page(clinic).encode(), "status")


def page(clinic: OpenFolder) -> str:
    """The page's text."""
    settings = clinic.request.config
    stale = sentences(clinic.ledger, clinic.request)
    found = status(clinic.folder, clinic.ledger, settings.folder, clinic.request.today, stale)
    waiting = [f"{one['file']} {one['why']}" for one in clinic.done.waiting]
    told = [
        ("Could not be done", list(dict.fromkeys(clinic.done.problems))),
        ("Mail", list(dict.fromkeys(clinic.done.mail_problems))),
        ("Waits in the inbox", waiting),
    ]
    shown = sections(found)
    look = [*told, *((title, lines) for title, lines in shown if title in ATTENTION)]
    words = {
        "title": f"{settings.name or 'Clinic'}: reports",
        "when": clock.stamp(clock.now())[1][:16].replace("T", " "),
        "attention": [(title, _linked(lines)) for title, lines in look if lines],
        "rest": [(title, _linked(lines)) for title, lines in shown if title not in ATTENTION],
    }
    return pages.page("pages/status.html", words)


def _linked(lines: list[str]) -> list[list[str]]:
    """Each line in parts, every second of them a link."""
    return [LINKED.split(line) for line in lines]
