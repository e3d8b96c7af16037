"""What is wrong around a clinic folder, each point with what to do: ``status --doctor``."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.folder import clock, doubtful_clock, lock, windows_rights
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.logfile import unwritable
from clinicreport.folder.open_folder import check_known
from clinicreport.folder.places import Folder
from clinicreport.folder.private import account_of, check_own, of_others, open_to_others
from clinicreport.ground.errors import UserError
from clinicreport.ground.rounding import file_size

if TYPE_CHECKING:
    from clinicreport.settings.config import Config, Mail
    from clinicreport.settings.request import Request

LITTLE = 1_000_000_000  # bytes that should be free
SYNCED = re.compile(
    r"(?i)^(onedrive.*|dropbox.*|google ?drive|icloud ?drive|mobile documents|nextcloud|box sync)$"
)


@dataclass(frozen=True, slots=True)
class DoctorPoint:
    """One thing that was looked at. ``well``: nothing is to be done."""

    well: bool
    text: str


def look(folder: Folder, request: Request, *, connect: bool = False) -> list[DoctorPoint]:
    """Everything that is looked at; ``connect``: the mail server too. Nothing is changed."""
    shared = request.config.folder.shared
    return [
        *_ledger(folder, request),
        *_access(folder, shared=shared),
        *_passwords(folder, request.config),
        *_synced(folder.root),
        *_room(folder.root),
        *_mail(folder, request.config, connect=connect),
    ]


def _ledger(folder: Folder, request: Request) -> Iterator[DoctorPoint]:
    """The ledger is whole and its own; nothing in it is of a day that has not come."""
    shared = request.config.folder.shared
    held = any(path.is_file() for path in folder.archive.glob("[0-9]*/**/*"))
    if not folder.ledger.exists():
        missing = (
            "ledger.sqlite is missing, and the archive holds logs. Put it back from a backup, or "
            'run "clinicreport run --rebuild", which makes it anew from the archive'
        )
        yield _ill(missing) if held else _well("No run yet: nothing was recorded.")
        return
    try:
        check_own(folder.ledger, shared=shared)
        with closing(Ledger(folder.ledger, read_only=True)) as ledger:
            check_known(folder, ledger)
            events = ledger.history(1)
            purges = len(ledger.purges_to_do()) if ledger.is_current else 0
            behind = doubtful_clock.behind(ledger, request) if ledger.is_current else ""
            far = doubtful_clock.far_ahead(ledger, request) if ledger.is_current else ""
    except UserError as error:
        yield _ill(str(error))
        return
    yield _well("The ledger is whole.")
    if purges:
        said = "A purge was begun and is not finished: clinicreport run goes on with it."
        yield _ill(said)
    if said := behind or far:
        yield _ill(f"{said[0].upper()}{said[1:]}")
    else:
        yield from _clock(events[0].local if events else "")


def _clock(last: str) -> Iterator[DoctorPoint]:
    now = clock.now()
    shown = clock.stamp(now)[1][:16].replace("T", " ")
    if last and clock.is_behind(last):
        yield _ill(
            f"This computer's clock says {shown}, but the ledger was written at "
            f"{last[:16].replace('T', ' ')}: one of the two was wrong. Set the clock (time from the "
            "network). What was left out as being in the future is looked at again by itself",
        )
    else:
        yield _well(f"The clock says {shown}, and no record is of a later time.")


def _own(folder: Folder, *, shared: bool) -> Iterator[DoctorPoint]:
    """Links, and files that are another account's or cannot be written."""
    for path in (folder.root / lock.NAME, folder.log):
        try:
            check_own(path, shared=shared)
        except UserError as error:
            yield _ill(str(error))
    if said := unwritable(folder):
        yield _ill(said)
    if theirs := list(of_others(folder.kept())):
        yield _ill(
            f"{_named(folder, theirs)} may not be changed: of another account "
            f"({account_of(theirs[0])}). Give the folder's files back to the account that runs it: "
            "sudo chown -R ACCOUNT FOLDER"
        )


def _access(folder: Folder, *, shared: bool) -> Iterator[DoctorPoint]:
    """Whose the files are, and which of them other accounts may read."""
    bad = list(_own(folder, shared=shared))
    yield from bad
    if shared:
        yield _well("Other accounts may read the folder on purpose (shared = true).")
        return
    if sys.platform == "win32":
        if said := windows_rights.sentence(folder.root, windows_rights.open_to(folder.root)):
            yield _ill(said)
        elif not bad:
            yield _well("Windows gives the folder to named accounts and groups alone.")
        return
    if found := list(open_to_others(folder.kept())):
        yield _ill(
            f"Other accounts of this computer may open {_named(folder, found)}: clinicreport "
            "run closes them, or set shared = true under [folder] where that is meant",
        )
    elif not bad:
        yield _well("The folder's files are for their owner alone.")


def _named(folder: Folder, found: Sequence[Path]) -> str:
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(map(folder.relative, found[:3])) + more


def _passwords(folder: Folder, config: Config) -> Iterator[DoctorPoint]:
    named = [config.mail.password_file, config.mail.attachment_password_file]
    named += [one.password_file for one in config.recipients]
    for name in dict.fromkeys(filter(None, named)):
        path = folder.root / name
        if not path.is_file():
            said = f"The password file {name} that clinic.toml names is not there: make it"
            yield _ill(said)
        elif sys.platform == "win32":
            yield _password_on_windows(path, name)
        elif any(open_to_others(iter([path]))):
            said = f"Other accounts may read the password file {name}: chmod 600 {name}"
            yield _ill(said)
        elif not os.access(path, os.R_OK):
            said = f"The password file {name} may not be read: ask for the right to read it"
            yield _ill(said)
        else:
            yield _well(f"The password file {name} is for its owner alone.")


def _password_on_windows(path: Path, name: str) -> DoctorPoint:
    groups = windows_rights.open_to(path)
    if groups == []:
        return _well(f"The password file {name} is for named accounts and groups alone.")
    others = ", ".join(groups) if groups else "it cannot be told who"
    return _ill(
        f"Others may read the password file {name} ({others}): right click, Properties, Security: "
        "leave the account of the task alone"
    )


def _synced(root: Path) -> Iterator[DoctorPoint]:
    parts = [part for part in root.parts if SYNCED.match(part)]
    if parts:
        yield _ill(
            f"The folder lies in {parts[0]}, which copies patients' data to another company's "
            "computers and may keep conflict copies of the ledger. Move it to a local disk or the "
            "clinic's own share",
        )
    else:
        yield _well("The folder lies in no synced place that is known here.")


def _room(root: Path) -> Iterator[DoctorPoint]:
    free = shutil.disk_usage(root).free
    do = "" if free >= LITTLE else ": make room, or reports and mail wait"
    text = f"{file_size(free)} are free on the disk{do}."
    yield _ill(text) if do else _well(text)


def _mail(folder: Folder, config: Config, *, connect: bool) -> Iterator[DoctorPoint]:
    mail = config.mail
    if mail.mode == "off":
        yield _well("Mail is off.")
        return
    if not config.recipients:
        said = "No recipients stand in clinic.toml: reports are made, and nobody gets mail."
        yield _well(said)
    servers = [name for name in (mail.server, mail.imap_server) if name]
    if not connect or not servers:
        way = "status --doctor --connect tries the server" if servers else "drafts need none"
        yield _well(f"The mail server was not asked ({way}).")
        return
    yield from _servers(mail, folder.root)


def _servers(mail: Mail, root: Path) -> Iterator[DoctorPoint]:
    """Each server that is named: it answers, takes the login, and the mailbox has a place for drafts."""
    from clinicreport.mail.conversation import Stopped
    from clinicreport.mail.mailbox import Mailbox
    from clinicreport.mail.smtp import Connection

    ways = (
        (mail.server, "answers and takes the login. Nothing was sent", Connection),
        (mail.imap_server, "has a folder for drafts. Nothing was put there", Mailbox),
    )
    for server, said, way in ways:
        try:
            if server:
                with way(mail, root):
                    yield _well(f"{server} {said}.")
        except Stopped as stop:
            yield _ill(f"{server}: {stop}")


def _well(text: str) -> DoctorPoint:
    return DoctorPoint(well=True, text=text)


def _ill(text: str) -> DoctorPoint:
    return DoctorPoint(well=False, text=text)


def in_words(points: list[DoctorPoint]) -> str:
    """The points as lines, what is to be done first."""
    lines = [f"▲ {point.text}" for point in points if not point.well]
    return "\n".join([*lines, *(f"✔ {point.text}" for point in points if point.well)])
