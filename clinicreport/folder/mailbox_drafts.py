"""Puts drafts into the mailbox, where ``clinic.toml`` names one: they lie in Outlook or Gmail then.

A draft that is to go there has a moment to be tried at (``next_utc``); one that is there has none.
Its Message-ID is looked for first, so that a run that was stopped in between puts nothing twice.
"""

from __future__ import annotations

from datetime import datetime

from clinicreport.folder import clock, message_words
from clinicreport.folder.guards import why
from clinicreport.folder.hold_reasons import hold_reason
from clinicreport.folder.ledger_rows import MessageRow
from clinicreport.folder.logfile import where
from clinicreport.folder.message_state import recipient_of, tell
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.postman import ENOUGH_TRIES, GIVE_UP, LONGEST, pause
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import holds
from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import bytes_of
from clinicreport.mail import compose
from clinicreport.mail.conversation import Refused, Stopped
from clinicreport.mail.mailbox import Mailbox

THERE = "it lies in the mailbox too, ready to send"
OLDER = "; an older draft of the same month lies there as well: delete that one"


def put_waiting(clinic: OpenFolder, *, now: bool = False) -> None:
    """Put every draft there that is due; with ``now`` whatever its pause."""
    rows = [row for row in clinic.ledger.drafts_for_mailbox() if _wanted(clinic, row)]
    due = [row for row in rows if now or clock.is_due(row.next_utc, LONGEST)]
    clinic.done.mail_problems += [
        message_words.of_row(clinic.ledger, row) for row in rows if row not in due
    ]
    if not due:
        return
    try:
        with Mailbox(clinic.request.config.mail, clinic.folder.root) as mailbox:
            for row in due:
                _put(clinic, mailbox, row)
    except Stopped as stop:
        _stopped(clinic, due, str(stop), alarm=stop.alarm)
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 (the drafts lie in outbox/; the run goes on)
        why = f"the mailbox could not be used ({where(error)}): tell who looks after it"
        _stopped(clinic, due, why, alarm=True)


def _wanted(clinic: OpenFolder, row: MessageRow) -> bool:
    """Whether it is still to go there: the mailbox, the allow-list, the very bytes, the findings."""
    mail = clinic.request.config.mail
    if not mail.imap_server:
        return _without(clinic, row, "")
    if recipient_of(clinic, row) is None or not mail.allows(row.address):
        return _without(clinic, row, "the recipient is no longer in clinic.toml")
    try:
        if not holds(clinic.folder.root / row.path, row.sha256):
            return _without(clinic, row, "the draft in outbox/ was used or changed by hand")
    except OSError as error:
        said = f"draft {row.id} to {row.address} waits, since it cannot be opened: {why(error)}"
        clinic.done.mail_problems.append(said)
        return False
    report = clinic.ledger.report(row.report)
    return report is not None and not hold_reason(clinic, report)


def _without(clinic: OpenFolder, row: MessageRow, reason: str) -> bool:
    """It stays in ``outbox/`` alone."""
    with clinic.ledger.change() as change:
        change.wait_for_mailbox(row, None, 0, reason)
    return False


def _put(clinic: OpenFolder, mailbox: Mailbox, row: MessageRow) -> None:
    fault("mailbox: begun")
    try:
        if not mailbox.holds(row.message_id):
            fault("mailbox: looked for")
            content = bytes_of(clinic.folder.root / row.path)
            mailbox.put(compose.mailbox_bytes(content, row.message_id, clock.now()))
            fault("mailbox: put")
    except Refused as refusal:
        clinic.done.mail_problems.append(f"draft {row.id} to {row.address}: {refusal}")
        _later(clinic, row, str(refusal), alarm=True)
        return
    older = any(mailbox.has_draft(one.message_id) for one in _replaced(clinic, row))
    with clinic.ledger.change() as change:
        change.put_into_mailbox(row, THERE + (OLDER if older else ""))
    clinic.log.info("message %s is a draft in the mailbox", row.id)
    tell(clinic, row.id)
    fault("mailbox: recorded")


def _replaced(clinic: OpenFolder, row: MessageRow) -> list[MessageRow]:
    """Earlier drafts about the same month to the same recipient."""
    same = (row.month, row.address, row.role)
    return [
        one
        for one in clinic.ledger.messages_in("replaced")
        if (one.month, one.address, one.role) == same and one.how == row.how
    ]


def _stopped(clinic: OpenFolder, due: list[MessageRow], why: str, *, alarm: bool) -> None:
    clinic.log.warning("drafts wait for the mailbox: %s", why)
    clinic.done.mail_problems.append(why)
    waiting = {row.id for row in clinic.ledger.drafts_for_mailbox()}
    for row in due:
        if row.id in waiting:
            _later(clinic, row, why, alarm=alarm)


def _later(clinic: OpenFolder, row: MessageRow, why: str, *, alarm: bool) -> None:
    """With a pause; after days of it the draft stays in ``outbox/`` alone."""
    moment, tries = clock.now(), row.tries + 1
    waited = moment - datetime.fromisoformat(row.queued_utc or row.utc)
    next_utc: str | None = clock.stamp(moment + (LONGEST if alarm else pause(tries)))[0]
    if waited > GIVE_UP and tries > ENOUGH_TRIES:
        next_utc, why = None, f"not in the mailbox: given up after {GIVE_UP.days} days ({why})"
    with clinic.ledger.change() as change:
        change.wait_for_mailbox(row, next_utc, tries, why)
    tell(clinic, row.id)
