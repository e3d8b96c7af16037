"""Parts of a purge: reports, messages and acknowledgements that hold what is to go."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.outbox import BESIDE
from clinicreport.folder.text_table import table_bytes
from clinicreport.folder.whole_files import write_whole

Which = Callable[[str], bool]  # of a month


def forget_messages(clinic: OpenFolder, which: Which) -> None:
    """Delete stored messages and drafts of these months, sent ones too."""
    for row in clinic.ledger.messages():
        if not which(row.month):
            continue
        if row.path:
            path = clinic.folder.root / row.path
            for gone in (path, *map(path.with_suffix, BESIDE)):
                with suppress(FileNotFoundError):
                    gone.unlink()
        with clinic.ledger.change() as change:
            change.forget_message(row)


def forget_reports(clinic: OpenFolder, which: Which, *, again: bool) -> None:
    """Delete every version of the reports of these months; ``again``: make them anew, unmailed."""
    for month in sorted(filter(which, clinic.ledger.reported_months())):
        folder = clinic.folder.reports / month
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.is_file():
                path.unlink()
        with clinic.ledger.change() as change:
            change.forget_reports(month, again=again)


def forget_acknowledged(clinic: OpenFolder, patient: str) -> None:
    """Take the patient's lines out of ``acknowledged.csv``."""
    from clinicreport.folder.gate import COLUMNS, rows_of

    path = clinic.folder.acknowledged
    if not path.is_file():
        return
    rows = rows_of(path.read_bytes())
    if not rows:
        return
    head = [cell.strip().casefold() for cell in rows[0]]
    at = head.index("patient") if "patient" in head else COLUMNS.index("patient")
    kept = [row for row in rows if len(row) <= at or row[at].strip() != patient]
    if len(kept) != len(rows):
        write_whole(path, table_bytes(kept), "purge")
