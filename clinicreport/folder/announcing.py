"""A report is *announced* once: in one change of the ledger every recipient gets a row, ``held``
(see ``hold_reasons``) or ``planned``. Who is put on the list in another's place gets one later."""

from __future__ import annotations

from clinicreport.folder.hold_reasons import hold_reason
from clinicreport.folder.ledger import UNSENT, LedgerChange
from clinicreport.folder.ledger_rows import NewMessage, ReportRow
from clinicreport.folder.message_state import recipient_of, tell
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.steps import fault
from clinicreport.mail import compose
from clinicreport.settings.config import Recipient


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
    newest = set(clinic.ledger.newest_reports().values())
    for row in clinic.ledger.messages():
        if row.report not in newest or row.state not in UNSENT or recipient_of(clinic, row):
            continue
        report = clinic.ledger.report(row.report)
        assert report is not None
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
