"""Parts of a purge: reports, messages and acknowledgements that hold what is to go."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress

from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.whole_files import write_whole

Which = Callable[[str], bool]  # of a month


def forget_messages(clinic: OpenFolder, which: Which) -> None:
    """Delete stored messages and drafts of these months, sent ones too."""
    for row in clinic.ledger.rows("SELECT * FROM messages"):
        if not which(row["month"]):
            continue
        if row["path"]:
            path = clinic.folder.root / row["path"]
            for gone in (path, path.with_suffix(".xlsx")):
                with suppress(FileNotFoundError):
                    gone.unlink()
        with clinic.ledger.change() as db:
            db.execute(
                "UPDATE messages SET path = '', sha256 = '', state = CASE state "
                "WHEN 'sent' THEN 'sent' WHEN 'unsure' THEN 'sent' ELSE 'replaced' END, "
                "reason = 'removed by a purge' WHERE id = ?",
                (row["id"],),
            )


def forget_reports(clinic: OpenFolder, which: Which, *, again: bool) -> None:
    """Delete every version of the reports of these months; ``again``: make them anew, unmailed."""
    months = {row["month"] for row in clinic.ledger.rows("SELECT DISTINCT month FROM reports")}
    for month in sorted(filter(which, months)):
        folder = clinic.folder.reports / month
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.is_file():
                path.unlink()
        with clinic.ledger.change() as db:
            db.execute(
                "DELETE FROM errors WHERE report IN (SELECT id FROM reports WHERE month = ?)",
                (month,),
            )
            db.execute(
                "UPDATE reports SET digest = '', inputs = '[]', memory = '' WHERE month = ?",
                (month,),
            )
            if again:
                db.execute(
                    "INSERT OR IGNORE INTO due (month, direct, quiet) VALUES (?, 1, 1)", (month,)
                )
            else:
                db.execute("DELETE FROM messages WHERE month = ?", (month,))
                db.execute("DELETE FROM reports WHERE month = ?", (month,))


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
        text = io.StringIO()
        csv.writer(text).writerows(kept)
        write_whole(path, text.getvalue().encode("utf-8-sig"), "purge")
