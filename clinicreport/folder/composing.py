"""Planned messages are composed into files, whole and stored before anything leaves: they become
``drafted`` (a person sends them) or ``queued``; ``not-sent`` where the role gets nothing, ``held``
without a password."""

from __future__ import annotations

import re
from pathlib import Path

from clinicreport.folder import clock, shared_memory
from clinicreport.folder.guards import why
from clinicreport.folder.hold_reasons import hold_reason, open_errors
from clinicreport.folder.ledger_rows import MessageRow, ReportRow
from clinicreport.folder.logfile import where
from clinicreport.folder.message_state import recipient_of, report_of, tell, turn
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.roles import NotSent, Packer, Parcel, Withheld
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.errors import UserError
from clinicreport.ground.rounding import fixed, written
from clinicreport.mail import body, compose
from clinicreport.mail.passwords import NoPassword
from clinicreport.settings.config import Recipient

MEGABYTE = 1_000_000


def compose_planned(clinic: OpenFolder) -> None:
    """Compose and store every planned message."""
    packers: dict[int, Packer] = {}
    for row in clinic.ledger.messages_in("planned"):
        report = report_of(clinic, row)
        held = hold_reason(clinic, report)  # whatever brought it here, the gate is asked
        if held:
            turn(clinic, row, "held", held)
            tell(clinic, row.id)
            continue
        packer = packers.setdefault(report.id, Packer(clinic, report))
        _composed(clinic, row, report, packer)


def _composed(clinic: OpenFolder, row: MessageRow, report: ReportRow, packer: Packer) -> None:
    recipient = recipient_of(clinic, row)
    try:
        if recipient is None:
            raise NotSent("the recipient is no longer in clinic.toml")  # noqa: TRY301
        parcel = packer.parcel(recipient)
        _store(clinic, row, report, recipient, parcel)
    except NotSent as reason:
        turn(clinic, row, "not-sent", str(reason))
    except (NoPassword, Withheld) as reason:
        turn(clinic, row, "held", str(reason))
    except (OSError, UserError) as error:
        clinic.problem(f"message {row.id} is not written yet: {why(error)}")
    except Exception as error:  # noqa: BLE001 (the other recipients still get theirs)
        clinic.problem(f"message {row.id} failed: {where(error)}")
    else:
        return
    tell(clinic, row.id)


def _store(
    clinic: OpenFolder, row: MessageRow, report: ReportRow, recipient: Recipient, parcel: Parcel
) -> None:
    """Write the message, and record that it is whole."""
    config, folder = clinic.request.config, clinic.folder
    draft = draft_of(clinic, report, recipient, parcel)
    path = folder.outbox / f"{stem(row, report)}.eml"
    content = _content(clinic, row, draft, path)
    sha256 = write_whole(path, content, "message")
    reason = _too_large(len(content) / MEGABYTE, config.mail.largest_megabytes)
    state = "failed" if reason else {"send": "queued"}.get(row.how, "drafted")
    with clinic.ledger.change() as change:
        change.store_message(row, state, reason, folder.relative(path), sha256)
        if state == "drafted" and config.mail.imap_server:
            change.wait_for_mailbox(row, clock.stamp(clock.now())[0], 0, "not tried so far")
        if parcel.shared:  # from here on it counts as given
            change.keep_marks(shared_memory.GIVEN, report.id, parcel.shared)
    clinic.log.info("message %s %s", row.id, state)
    tell(clinic, row.id)
    fault("outbox: composed")


def draft_of(
    clinic: OpenFolder, report: ReportRow, recipient: Recipient, parcel: Parcel
) -> compose.Draft:
    """The message that brings the parcel to the recipient."""
    _, accepted = open_errors(clinic, report)
    letter = _letter(clinic, report, recipient, parcel, accepted)
    return compose.Draft(
        recipient,
        compose.subject(clinic.request.config, report.month, report.version),
        body.text(letter, clinic.folder.root),
        body.html_text(letter, clinic.folder.root),
        parcel.name,
        parcel.workbook,
    )


def _content(clinic: OpenFolder, row: MessageRow, draft: compose.Draft, path: Path) -> bytes:
    """What goes to the server, or the draft; beside that one lie its attachment and its text."""
    config = clinic.request.config
    if row.how == "send":
        return compose.message_bytes(draft, config, row.message_id, clock.now())
    content = compose.draft_bytes(draft, config)
    beside = path.with_suffix(".xlsx")
    write_whole(beside, draft.attachment, "attachment")
    write_whole(path.with_suffix(".txt"), compose.draft_text(draft, beside.name), "text")
    return content


def _too_large(size: float, most: float) -> str:
    """Why a message of so many megabytes cannot go; empty where it can."""
    if size <= most:
        return ""
    return (
        f"the message is too large ({fixed(size)} MB; mail.largest_megabytes is {written(most)}): "
        "hand the report over another way"
    )


def _letter(
    clinic: OpenFolder, report: ReportRow, recipient: Recipient, parcel: Parcel, accepted: int
) -> body.Letter:
    before = clinic.ledger.last_report(report.month, before=report.version)
    inside = recipient.role != "outside"
    return body.Letter(
        clinic=clinic.request.config.name,
        month=report.month,
        name=recipient.name,
        about=parcel.about,
        version=report.version,
        replaces=before.local[:10] if before else "",
        changes=report.changes if inside else "",
        attachment=parcel.name,
        encrypted=parcel.encrypted,
        acknowledged=accepted if inside else 0,
        figures=parcel.figures,
    )


def stem(row: MessageRow, report: ReportRow) -> str:
    """The name of a message's file: the month and the recipient, never a patient."""
    who = re.sub(r"[^a-z0-9-]+", "-", row.address.partition("@")[0].lower()).strip("-")
    version = f"-v{report.version}" if report.version > 1 else ""
    month = report.month.replace(" ", "-")
    return f"{month}{version}-{row.role}-{who[:40]}-{row.id}"
