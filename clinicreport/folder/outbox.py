"""The outbox: what is to be sent to whom, planned and stored before anything leaves.

A report is *announced* once: in one change of the ledger every recipient gets a row. Rows are
``held`` (error findings, or no password), ``not-sent`` (the role gets nothing), or ``planned``;
planned ones are composed into files and become ``drafted`` (a person sends them) or ``queued``.
"""

from __future__ import annotations

import re
from pathlib import Path

from clinicreport.folder import clock, corrections, shared_memory
from clinicreport.folder.gate import Acknowledged, acknowledged
from clinicreport.folder.guards import why
from clinicreport.folder.ledger import UNSENT, LedgerChange
from clinicreport.folder.ledger_rows import ErrorFinding, MessageRow, NewMessage, ReportRow
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.roles import NotSent, Packer, Parcel, Withheld
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import free_name, write_whole
from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import rename
from clinicreport.ground.rounding import fixed, written
from clinicreport.mail import body, compose
from clinicreport.mail.passwords import NoPassword
from clinicreport.settings.config import Recipient

TOLD = ("id", "month", "address", "role", "state", "reason")  # of a message, by a run
MEGABYTE = 1_000_000
BESIDE = (".xlsx", ".txt")  # of a draft: its attachment, and its text to paste


def compose_due(clinic: OpenFolder) -> None:
    """Announce new reports, release what is no longer held back, compose what is planned."""
    if clinic.request.config.mail.mode != "off":
        announce_new(clinic)
        readdress(clinic)
    release_held(clinic)
    compose_planned(clinic)
    move_replaced(clinic)
    corrections.ask_by_mail(clinic)


def announce_new(clinic: OpenFolder) -> None:
    """Plan a message to every recipient for each report that was not announced yet."""
    for report in clinic.ledger.unannounced_reports():
        newest = clinic.ledger.last_report(report.month)
        with clinic.ledger.change() as change:
            change.announced(report)
            if newest and report.version == newest.version:
                change.replace_unsent(report)
                for recipient in clinic.request.config.recipients:
                    plan(clinic, change, report, recipient)
        for row in clinic.ledger.messages_about(report.id):
            tell(clinic, row.id)
        fault("outbox: planned")


def readdress(clinic: OpenFolder) -> None:
    """Messages that wait for an address which is no longer on the list are cancelled; whoever has
    the role now, and has nothing about the report, gets theirs."""
    newest = {report.id: report for report in clinic.ledger.last_reports()}
    for row in clinic.ledger.messages():
        report = newest.get(row.report)
        if report is None or row.state not in UNSENT or recipient_of(clinic, row):
            continue
        had = {(one.address, one.role) for one in clinic.ledger.messages_about(report.id)}
        with clinic.ledger.change() as change:
            change.turn_message(row, "replaced", "the recipient is no longer in clinic.toml")
            for one in clinic.request.config.recipients:
                if one.role == row.role and (one.address, one.role) not in had:
                    plan(clinic, change, report, one)
        for told in clinic.ledger.messages_about(report.id):
            tell(clinic, told.id)
        fault("outbox: readdressed")


def plan(
    clinic: OpenFolder,
    change: LedgerChange,
    report: ReportRow,
    recipient: Recipient,
    *,
    how: str = "",
    again: int = 0,
) -> None:
    """One recipient's row for a report, with the identity that its message will keep."""
    config = clinic.request.config
    held = hold_reason(clinic, report)
    message = NewMessage(
        report=report.id,
        month=report.month,
        address=recipient.address,
        role=recipient.role,
        again=again,
        state="held" if held else "planned",
        how=how or config.mail.mode,
        reason=held,
        message_id=compose.new_message_id(config),
    )
    change.plan_message(message)
    if held:
        change.note("held", f"{report.month} to {recipient.address}: {held}", month=report.month)


def open_errors(clinic: OpenFolder, report: ReportRow) -> tuple[list[ErrorFinding], int]:
    """The report's error findings that nobody has acknowledged, and how many somebody has."""
    said = read_acknowledged(clinic)
    errors = clinic.ledger.error_findings(report.id)
    still = [error for error in errors if not said.covers(error)]
    return still, len(errors) - len(still)


def read_acknowledged(clinic: OpenFolder) -> Acknowledged:
    """The clinic's ``acknowledged.csv``; its faults are told once a run."""
    found = acknowledged(clinic.folder.acknowledged, clinic.request.config.date_order)
    for text in found.faults:
        if text not in clinic.done.mail_problems:
            clinic.done.mail_problems.append(text)
    return found


def hold_reason(clinic: OpenFolder, report: ReportRow) -> str:
    """Why the report may not be mailed; empty where it may."""
    still, _ = open_errors(clinic, report)
    if not still:
        return corrections.held_back(clinic, report.month)
    number = f"{len(still)} error finding{'' if len(still) == 1 else 's'}"
    lines = f"reports/{report.month}/to-acknowledge.csv"
    where_to = f" (lines to copy are in {lines})" if (clinic.folder.root / lines).is_file() else ""
    return f"{number} in the logs: correct them, or acknowledge them in acknowledged.csv{where_to}"


def release_held(clinic: OpenFolder) -> None:
    """Plan what was held back, where there is no reason any more."""
    for row in clinic.ledger.messages_in("held"):
        reason = hold_reason(clinic, _report(clinic, row))
        with clinic.ledger.change() as change:
            change.turn_message(row, "held" if reason else "planned", reason)


def _report(clinic: OpenFolder, message: MessageRow) -> ReportRow:
    row = clinic.ledger.report(message.report)
    assert row is not None
    return row


def compose_planned(clinic: OpenFolder) -> None:
    """Compose and store every planned message."""
    packers: dict[int, Packer] = {}
    for row in clinic.ledger.messages_in("planned"):
        report = _report(clinic, row)
        held = hold_reason(clinic, report)  # whatever brought it here, the gate is asked
        if held:
            _turn(clinic, row, "held", held)
            tell(clinic, row.id)
            continue
        packer = packers.setdefault(report.id, Packer(clinic, report))
        _composed(clinic, row, report, packer)


def recipient_of(clinic: OpenFolder, row: MessageRow) -> Recipient | None:
    """The recipient as clinic.toml knows them today; None where they are no longer there."""
    return next(
        (
            one
            for one in clinic.request.config.recipients
            if one.address == row.address and one.role == row.role
        ),
        None,
    )


def _composed(clinic: OpenFolder, row: MessageRow, report: ReportRow, packer: Packer) -> None:
    recipient = recipient_of(clinic, row)
    try:
        if recipient is None:
            raise NotSent("the recipient is no longer in clinic.toml")  # noqa: TRY301
        parcel = packer.parcel(recipient)
        _store(clinic, row, report, recipient, parcel)
    except NotSent as reason:
        _turn(clinic, row, "not-sent", str(reason))
    except (NoPassword, Withheld) as reason:
        _turn(clinic, row, "held", str(reason))
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
    _, accepted = open_errors(clinic, report)
    letter = _letter(clinic, report, recipient, parcel, accepted)
    draft = compose.Draft(
        recipient,
        compose.subject(config, report.month, report.version),
        body.text(letter, folder.root),
        body.html_text(letter, folder.root),
        parcel.name,
        parcel.workbook,
    )
    path = folder.outbox / f"{stem(row, report)}.eml"
    if row.how == "send":
        content = compose.message_bytes(draft, config, row.message_id, clock.now())
    else:
        content = compose.draft_bytes(draft, config)
        beside = path.with_suffix(".xlsx")
        write_whole(beside, parcel.workbook, "attachment")
        write_whole(path.with_suffix(".txt"), compose.draft_text(draft, beside.name), "text")
    sha256 = write_whole(path, content, "message")
    state, reason = ("queued", "") if row.how == "send" else ("drafted", "")
    if len(content) > config.mail.largest_megabytes * MEGABYTE:
        state, reason = (
            "failed",
            (
                f"the message is too large ({fixed(len(content) / MEGABYTE)} MB; "
                f"mail.largest_megabytes is {written(config.mail.largest_megabytes)}): hand the report "
                "over another way"
            ),
        )
    with clinic.ledger.change() as change:
        change.store_message(row, state, reason, folder.relative(path), sha256)
        if state == "drafted" and config.mail.imap_server:
            change.wait_for_mailbox(row, clock.stamp(clock.now())[0], 0, "not in the mailbox yet")
        if parcel.shared:  # from here on it counts as given
            change.keep_marks(shared_memory.GIVEN, report.id, parcel.shared)
    clinic.log.info("message %s %s", row.id, state)
    tell(clinic, row.id)
    fault("outbox: composed")


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


def _turn(clinic: OpenFolder, row: MessageRow, state: str, reason: str) -> None:
    with clinic.ledger.change() as change:
        change.turn_message(row, state, reason)


def tell(clinic: OpenFolder, number: int) -> None:
    """Put a message among what the run reports."""
    row = clinic.ledger.message(number)
    if row is not None:
        told = {name: getattr(row, name) for name in TOLD}
        kept = [message for message in clinic.done.messages if message["id"] != number]
        clinic.done.messages = [*kept, {**told, "file": row.path}]


def move_replaced(clinic: OpenFolder) -> None:
    """Put out-of-date drafts and messages aside, so that nobody sends them."""
    _move(clinic, "replaced", clinic.folder.replaced)


def move_sent(clinic: OpenFolder) -> None:
    """Put sent messages into ``outbox/sent/``."""
    _move(clinic, "sent", clinic.folder.sent)


def _move(clinic: OpenFolder, state: str, target: Path) -> None:
    lying = f"{clinic.folder.relative(clinic.folder.outbox)}/"
    there = clinic.folder.relative(target)
    for row in clinic.ledger.messages_in(state):
        path = clinic.folder.root / row.path
        if row.path.startswith(f"{there}/") or not row.path.startswith(lying):
            continue
        try:
            moved = _moved(path, target)
        except OSError as error:
            clinic.problem(
                f"{row.path} is {state} and cannot be put into {there}: {why(error)}. Do not send "
                "it; the next run tries again",
                f"message {row.id} cannot be put aside: {where(error)}",
            )
            continue
        with clinic.ledger.change() as change:
            change.moved_message(row, clinic.folder.relative(moved))


def _moved(path: Path, target: Path) -> Path:
    """Move a message and what lies beside it; where it went."""
    target.mkdir(exist_ok=True)
    for beside in map(path.with_suffix, BESIDE):
        if beside.exists():
            rename(beside, free_name(target, beside.name))
    goal = target / path.name
    if path.exists():
        rename(path, free_name(target, path.name) if goal.exists() else goal)
    return goal
