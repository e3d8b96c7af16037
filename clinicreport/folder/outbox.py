"""The outbox: what is to be sent to whom, planned and stored before anything leaves.

``announcing`` plans, ``composing`` writes, ``put_aside`` clears away what was overtaken or sent;
``hold_reasons`` is asked each time, ``postman`` sends.
"""

from __future__ import annotations

from clinicreport.folder import announcing, composing, corrections, put_aside
from clinicreport.folder.hold_reasons import hold_reason
from clinicreport.folder.message_state import report_of
from clinicreport.folder.open_folder import OpenFolder


def compose_due(clinic: OpenFolder) -> None:
    """Announce new reports, release what is no longer held back, compose what is planned."""
    if clinic.request.config.mail.mode != "off":
        announcing.announce_new(clinic)
        announcing.readdress(clinic)
    release_held(clinic)
    composing.compose_planned(clinic)
    put_aside.move_replaced(clinic)
    corrections.ask_by_mail(clinic)


def release_held(clinic: OpenFolder) -> None:
    """Plan what was held back, where there is no reason any more."""
    for row in clinic.ledger.messages_in("held"):
        reason = hold_reason(clinic, report_of(clinic, row))
        with clinic.ledger.change() as change:
            change.turn_message(row, "held" if reason else "planned", reason)
