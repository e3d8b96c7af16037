"""Parts of a purge: reports, messages and acknowledgements that hold what is to go."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from clinicreport.editing.traces import telling, whole_word
from clinicreport.folder.held_places import HeldPlaces
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.rejection import REASON
from clinicreport.folder.steps import fault
from clinicreport.folder.text_table import table_bytes
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.held_files import bytes_of, remove

INSTEAD = "…"  # of an id
Which = Callable[[str], bool]  # of a month


def forget_messages(clinic: OpenFolder, which: Which, held: HeldPlaces) -> None:
    """Delete stored messages and drafts of these months, sent ones too."""
    from clinicreport.folder.purge_places import messages

    for path in messages(clinic, which):
        with held.passed_over(clinic.folder.relative(path)):
            remove(path, missing_ok=True)
        fault("purge: message")
    for row in clinic.ledger.messages():
        if which(row.month):
            with clinic.ledger.change() as change:
                change.forget_message(row)


def forget_reports(clinic: OpenFolder, which: Which, held: HeldPlaces, *, again: bool) -> None:
    """Delete every version of the reports of these months; ``again``: make them anew, unmailed."""
    from clinicreport.folder.purge_places import reports

    for path in reports(clinic, which):
        with held.passed_over(clinic.folder.relative(path)):
            remove(path, missing_ok=True)
        fault("purge: report")
    for month in sorted(filter(which, clinic.ledger.reported_months())):
        with clinic.ledger.change() as change:
            change.forget_reports(month, again=again)


def forget_acknowledged(clinic: OpenFolder, ids: Collection[str]) -> None:
    """Take the patient's lines out of ``acknowledged.csv``, and the ids out of the others."""
    from clinicreport.folder.gate import COLUMNS, rows_of

    path = clinic.folder.acknowledged
    if not path.is_file():
        return
    rows = rows_of(bytes_of(path))
    if not rows:
        return
    head = [cell.strip().casefold() for cell in rows[0]]
    at = head.index("patient") if "patient" in head else COLUMNS.index("patient")
    kept = [row for row in rows if len(row) <= at or row[at].strip() not in ids]
    if pattern := sure_words(ids):
        kept = [[pattern.sub(INSTEAD, cell) for cell in row] for row in kept]
    if kept != rows:
        write_whole(path, table_bytes(kept), "purge")


def forget_words(clinic: OpenFolder, ids: Iterable[str]) -> None:
    """Take ids that mean one patient wherever they stand out of reasons and the history."""
    pattern = sure_words(ids)
    if pattern is None:
        return
    with clinic.ledger.change() as change:
        change.forget_words(pattern, INSTEAD)
    for path in sorted(clinic.folder.rejected.glob(f"*{REASON}")):
        said = bytes_of(path).decode("utf-8-sig", "replace")
        if pattern.search(said):
            write_whole(path, pattern.sub(INSTEAD, said).encode("utf-8-sig"), "purge")


def sure_words(ids: Iterable[str]) -> re.Pattern[str] | None:
    """The ids that mean the patient wherever they stand; None where none does."""
    sure = [id_ for id_ in ids if telling(id_) or (len(id_) > 3 and not id_.isdigit())]
    return whole_word(sure) if sure else None
