"""What ``clinicreport mail`` does: shows who gets what, drafts or sends a report, and asks about
messages whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clinicreport.folder import announcing, composing, mailbox_drafts, outbox, postman, put_aside
from clinicreport.folder.hold_reasons import hold_reason
from clinicreport.folder.ledger_rows import MessageRow, ReportRow
from clinicreport.folder.message_state import tell
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.roles import WHAT
from clinicreport.ground.errors import UsageError
from clinicreport.mail.passwords import NoPassword, attachment_password
from clinicreport.settings.config import Recipient

REPEATABLE = ("sent", "drafted", "unsure")
DONE = (*REPEATABLE, "queued", "sending")
# Codes of a line of the preview that are no state of a message.
WOULD_GO, HELD, NO_PASSWORD = "would-go", "held", "no-password"


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of the preview: who would get what, or why not; ``state`` in words, ``code``: the
    message's own state, or one of those above."""

    month: str
    address: str
    role: str
    what: str
    state: str
    code: str


def chosen(clinic: OpenFolder, addresses: Sequence[str]) -> list[Recipient]:
    """The recipients that are meant: all, or those named. Raises UsageError for anyone else."""
    recipients = clinic.request.config.recipients
    if not recipients:
        raise UsageError("nobody is on the list: add [[recipients]] to clinic.toml")
    for address in addresses:
        if not any(one.address.lower() == address.lower() for one in recipients):
            raise UsageError(f"--to {address}: not on the list in clinic.toml ([[recipients]])")
    wanted = {address.lower() for address in addresses}
    return [one for one in recipients if not wanted or one.address.lower() in wanted]


def preview(
    clinic: OpenFolder, reports: Sequence[ReportRow], recipients: Sequence[Recipient]
) -> list[PreviewLine]:
    """Who would get what. Nothing is written."""
    lines = []
    for report in reports:
        hold = hold_reason(clinic, report)
        for one in recipients:
            row = _row(clinic, report, one)
            code, state = _state(clinic, one, row, hold)
            what = WHAT[one.role]
            lines.append(PreviewLine(report.month, one.address, one.role, what, state, code))
    return lines


def _state(
    clinic: OpenFolder, one: Recipient, row: MessageRow | None, hold: str
) -> tuple[str, str]:
    """The line's code, and its words."""
    if hold and row and row.state in ("queued", "drafted"):
        draft = "; its draft is not to be sent" if row.state == "drafted" else ""
        return HELD, f"held back: {hold}{draft}"
    if row and row.state in (*DONE, "failed", "not-sent"):
        reason = f": {row.reason}" if row.reason and row.state != "sent" else ""
        already = " already" if row.state in DONE else ""
        return row.state, f"{row.state}{already}{reason}"
    if hold:
        return HELD, f"held back: {hold}"
    if missing := without_password(clinic, one):
        return NO_PASSWORD, f"held back: {missing}"
    return WOULD_GO, "would go"


def without_password(clinic: OpenFolder, one: Recipient) -> str:
    """Why there is no password for what the recipient gets; empty where there is, or needs none."""
    if one.encrypt or one.role == "therapist":
        try:
            attachment_password(one, clinic.request.config.mail, clinic.folder.root)
        except NoPassword as error:
            return str(error)
    return ""


def _row(clinic: OpenFolder, report: ReportRow, recipient: Recipient) -> MessageRow | None:
    return clinic.ledger.last_message(report.id, recipient.address, recipient.role)


def order(
    clinic: OpenFolder,
    reports: Sequence[ReportRow],
    recipients: Sequence[Recipient],
    *,
    send: bool,
    again: bool,
) -> set[int]:
    """Plan what was asked for by hand, and compose it; the numbers of these messages.

    What was drafted or sent already is repeated only with ``again``; what waits to be sent is not.
    A draft in whose place a message is sent is put aside, so that nobody sends it too.
    """
    how = "send" if send else "drafts"
    for report in reports:
        for one in recipients:
            row = _row(clinic, report, one)
            with clinic.ledger.change() as change:
                if row is None or (again and row.state in REPEATABLE):
                    number = row.again + 1 if row else 0
                    announcing.plan(clinic, change, report, one, how=how, again=number)
                    if row and send and row.state == "drafted":
                        change.turn_message(row, "replaced", "it is sent by the program instead")
                elif row.state not in DONE or (send and row.state == "queued"):
                    change.plan_message_again(row, how)
    composing.compose_planned(clinic)
    put_aside.move_replaced(clinic)
    ordered = set()
    for report in reports:
        for one in recipients:
            row = _row(clinic, report, one)
            if row:
                ordered.add(row.id)
                tell(clinic, row.id)
            if row and send and row.state == "drafted":
                clinic.done.mail_problems.append(
                    f"to {one.address} there is a draft already, which may have been sent by hand: "
                    f"to send it, name them with --to {one.address} and add --again"
                )
    return ordered


def deliver(
    clinic: OpenFolder,
    reports: Sequence[ReportRow],
    recipients: Sequence[Recipient],
    *,
    send: bool,
    again: bool,
    repeat: set[int],
) -> None:
    """Draft these reports, or send them; without any what waits in the outbox. ``repeat``: messages
    that a person said are to go again. Nothing that waits for others goes along."""
    asked = set(repeat)
    if reports:
        ordered = order(clinic, reports, recipients, send=send, again=again)
        asked |= ordered if send else set()
    else:
        outbox.compose_due(clinic)
    whom = {one.address for one in recipients} if send and not reports else set()
    if send or repeat:
        postman.send_waiting(
            clinic, now=True, only=lambda row: row.id in asked or row.address in whom
        )
    mailbox_drafts.put_waiting(clinic)
    postman.say_unsettled(clinic)


def as_a_draft(clinic: OpenFolder, row: MessageRow) -> None:
    """A message that waits to be sent becomes a draft, which a person sends."""
    with clinic.ledger.change() as change:
        change.plan_message_again(row, "drafts")
    composing.compose_planned(clinic)
    mailbox_drafts.put_waiting(clinic)


def once_more(
    clinic: OpenFolder, reports: Sequence[ReportRow], recipients: Sequence[Recipient]
) -> list[PreviewLine]:
    """What ``--again`` would repeat: who has something already, and would get it once more."""
    return [
        PreviewLine(
            report.month, one.address, one.role, WHAT[one.role], f"{row.state} already", row.state
        )
        for report in reports
        for one in recipients
        if (row := _row(clinic, report, one)) and row.state in REPEATABLE
    ]


def settle_unsure(clinic: OpenFolder, ask: Callable[[str], bool], *, repeat: bool) -> int:
    """Ask about each message whose answer was lost; how many were settled."""
    what = "Send it again (it may arrive twice)" if repeat else "Did it arrive"
    return _settle(clinic, "unsure", what, ask, repeat=repeat)


def settle_failed(clinic: OpenFolder, ask: Callable[[str], bool]) -> int:
    """Ask about each message that failed for good; how many were settled."""
    return _settle(clinic, "failed", "Did somebody see to it", ask, repeat=False)


def _settle(
    clinic: OpenFolder, state: str, what: str, ask: Callable[[str], bool], *, repeat: bool
) -> int:
    count = 0
    for row in clinic.ledger.messages_in(state):
        if ask(f"Message {row.id} to {row.address}, {row.month}. {what}?"):
            postman.settle(clinic, row, repeat=repeat)
            count += 1
    return count
