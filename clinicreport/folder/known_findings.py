"""What a clinic folder knows of a month's findings: since when, and who has answered for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.folder.gate import Acknowledged, acknowledged, error_findings
from clinicreport.folder.ledger_rows import ErrorFinding
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.outcomes.finding_life import Known, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinicreport.outcomes.analysis import Checked


def known_findings(clinic: OpenFolder, month: str, checked: Checked) -> Known:
    """What is known of the findings of a month whose report is being made."""
    said = acknowledged(clinic.folder.acknowledged, clinic.request.config.date_order)
    return Known(
        answers=replies(said, error_findings(checked)),
        since=clinic.ledger.first_found(month),
        months=tuple(
            (row.month, row.figures["life"])
            for row in clinic.ledger.last_reports()
            if row.month < month and "life" in row.figures
        ),
    )


def replies(said: Acknowledged, errors: Iterable[ErrorFinding]) -> dict[str, Reply]:
    """By a finding's id who has acknowledged it as it stands now, and why."""
    given = ((error.finding.partition("-")[0], said.reply(error)) for error in errors)
    return {name: reply for name, reply in given if name and reply is not None}
