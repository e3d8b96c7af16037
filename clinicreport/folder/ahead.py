"""Files with rows that lay in the future when they were read: looked at again on another day.

A clock that was wrong for a day, or a visit written down beforehand, so mends itself: nobody has to
drop the file again. So does a clock that was ahead: a log of which visits of a later month are
counted is looked at again at once. A file whose rows are all in its past is never read a second
time for this.
"""

from __future__ import annotations

from clinicreport.folder import intake, receiving
from clinicreport.folder.examine import Examined, examine
from clinicreport.folder.guards import guarded
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import holds


def look_again(clinic: OpenFolder) -> None:
    """Look at every such file that was last looked at on another day."""
    today = clinic.request.today.isoformat()
    rows = clinic.ledger.files_ahead(but=today)
    seen = {row.id for row in rows}
    rows += [row for row in counted_ahead(clinic) if row.id not in seen]
    for row in rows:
        with guarded(clinic, f"{row.name} is not looked at again", f"file {row.id}"):
            path = clinic.folder.root / row.path
            if not holds(path, row.sha256):
                continue  # what it is now is taken, or said, elsewhere
            found = examine([path], clinic.request).get(row.sha256)
            if found:
                _looked(clinic, row, found, today if found.ahead else "")
    intake.settle_received(clinic)


def counted_ahead(clinic: OpenFolder) -> list[FileRow]:
    """The logs in force of which visits of a month after this one are counted: when they were read,
    the clock was ahead."""
    month = f"{clinic.request.today:%Y-%m}"
    return [row for row in clinic.ledger.files_in_force() if max(row.months, default="") > month]


def _looked(clinic: OpenFolder, row: FileRow, found: Examined, ahead: str) -> None:
    """Record what the file holds on this day; the months that changed become due."""
    if row.state == "rejected" and found.months:
        receiving.again(clinic, row, row.path)
        return
    with clinic.ledger.change() as change:
        change.looked(row.id, ahead)
        known = found.months or (found.ahead and not found.passing)
        if row.state == "archived" and known and found.months != row.months:
            month = found.month if found.months else row.month or ""
            change.recount_months(row, month, found.months)
            change.make_due({*row.months, *found.months}, direct=True)
            more = found.rows - row.rows
            lay = "which lay in the future on the day it was read"
            lie = "which lie in the future: the clock was ahead when it was read"
            text = f"{row.name}: {more:+d} visits, {lay if more > 0 else lie}"
            change.note("looked-again", text, file=row.id)
    _say_unfounded(clinic, row)
    fault("ahead: looked")


def _say_unfounded(clinic: OpenFolder, row: FileRow) -> None:
    """Name the reports of later months that the clock alone has made, so that nobody uses them."""
    counted = {month for log in clinic.ledger.files_in_force() for month in log.months}
    for month in sorted(set(row.months) - counted):
        if month > f"{clinic.request.today:%Y-%m}" and clinic.ledger.last_report(month):
            clinic.problem(
                f"the report of {month} was made while the clock was ahead, from visits of {row.name} "
                "that lie in the future. They are not counted any more: do not use that report. "
                "What was not sent of it lies in outbox/replaced/"
            )
