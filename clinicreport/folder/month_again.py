"""A month's newest report computed once more, for who shows it elsewhere than in its workbook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from clinicreport.books.json_report import report_object
from clinicreport.folder.ledger_rows import ReportRow
from clinicreport.folder.month import Month
from clinicreport.folder.month_figures import digest
from clinicreport.folder.month_reports import compute_after, counted_files
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.staleness import stale_months
from clinicreport.ground.held_files import bytes_of


@dataclass(frozen=True, slots=True)
class MonthAgain:
    """A month as computed now, and its newest report; ``same``: that report says the same."""

    month: Month
    row: ReportRow
    same: bool


def again(clinic: OpenFolder, name: str) -> MonthAgain | None:
    """The month beside what its newest report was made beside; None where no report is made.

    Where that report says something else (settings, logs or what is answered for changed since),
    the month is as a new version would have it. Raises OutputError where an archived file is no
    longer what came.
    """
    row = clinic.ledger.last_report(name)
    if row is None:
        return None
    month = compute_after(clinic, name, clinic.ledger.last_report(name, before=row.version))
    if month is None:
        return None
    if _says_the_same(clinic, row, month):
        return MonthAgain(month, row, same=True)
    newer = compute_after(clinic, name, row)
    assert newer is not None  # as much as above
    return MonthAgain(newer, row, same=False)


def _says_the_same(clinic: OpenFolder, row: ReportRow, month: Month) -> bool:
    """Whether figures, findings, what became of them, name and limits are as they were."""
    return (
        digest(report_object(month.checked, month.analysis)) == row.digest
        and row.figures.get("life") == month.life.counts()
        and row.month not in stale_months(clinic.ledger, clinic.request)
    )


def rests_on(clinic: OpenFolder, name: str) -> str:
    """One word for all that the month rests on: alike where nothing of it has changed."""
    request, said = clinic.request, clinic.folder.acknowledged
    parts = (
        name,
        request.config,
        request.protocol,
        request.today,
        [(row.id, row.sha256) for row in counted_files(clinic)],
        [(row.id, row.digest) for row in clinic.ledger.last_reports()],
        bytes_of(said) if said.exists() else b"",
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()
