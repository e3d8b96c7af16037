"""Why a report may not be mailed: error findings that nobody has answered for, or a log that is
held. Asked when a message is planned, when it is composed, and right before it leaves."""

from __future__ import annotations

from clinicreport.folder import corrections
from clinicreport.folder.gate import Acknowledged, acknowledged
from clinicreport.folder.ledger_rows import ErrorFinding, ReportRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.workbook.words import count


def hold_reason(clinic: OpenFolder, report: ReportRow) -> str:
    """Why the report may not be mailed; empty where it may."""
    still, _ = open_errors(clinic, report)
    if not still:
        return corrections.held_back(clinic.ledger.held_logs(), report.month)
    lapsed = sum(map(read_acknowledged(clinic).lapsed, still))
    number = count(len(still), "error finding") + (
        f" ({lapsed} acknowledged before, for a cell that is no longer the same)" if lapsed else ""
    )
    lines = f"reports/{report.month}/to-acknowledge.csv"
    where_to = f" (lines to copy are in {lines})" if (clinic.folder.root / lines).is_file() else ""
    return f"{number} in the logs: correct them, or acknowledge them in acknowledged.csv{where_to}"


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
