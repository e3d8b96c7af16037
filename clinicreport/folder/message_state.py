"""One message of the outbox: whom it is for today, its state turned, and what a run tells of it."""

from __future__ import annotations

from clinicreport.folder.ledger_rows import MessageRow, ReportRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.settings.config import Recipient

TOLD = ("id", "month", "address", "role", "state", "reason")  # of a message, by a run


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


def report_of(clinic: OpenFolder, message: MessageRow) -> ReportRow:
    """The report that it is about."""
    row = clinic.ledger.report(message.report)
    assert row is not None
    return row


def turn(clinic: OpenFolder, row: MessageRow, state: str, reason: str) -> None:
    """Record a message's new state, and why."""
    with clinic.ledger.change() as change:
        change.turn_message(row, state, reason)


def tell(clinic: OpenFolder, number: int) -> None:
    """Put a message among what the run reports."""
    row = clinic.ledger.message(number)
    if row is not None:
        told = {name: getattr(row, name) for name in TOLD}
        kept = [message for message in clinic.done.messages if message["id"] != number]
        clinic.done.messages = [*kept, {**told, "file": row.path}]
