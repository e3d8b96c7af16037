"""Files with rows that lay in the future when they were read: looked at again on another day.

A clock that was wrong for a day, or a visit written down beforehand, so mends itself: nobody has to
drop the file again. A file whose rows are all in its past is never read a second time for this.
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
    for row in clinic.ledger.files_ahead(but=today):
        with guarded(clinic, f"{row.name} is not looked at again", f"file {row.id}"):
            path = clinic.folder.root / row.path
            if not holds(path, row.sha256):
                continue  # what it is now is taken, or said, elsewhere
            found = examine([path], clinic.request).get(row.sha256)
            if found:
                _looked(clinic, row, found, today if found.ahead else "")
    intake.settle_received(clinic)


def _looked(clinic: OpenFolder, row: FileRow, found: Examined, ahead: str) -> None:
    """Record what the file holds on this day; the months that changed become due."""
    if row.state == "rejected" and found.months:
        receiving.again(clinic, row, row.path)
        return
    with clinic.ledger.change() as change:
        change.looked(row.id, ahead)
        if row.state == "archived" and found.months and found.months != row.months:
            change.recount_months(row, found.month, found.months)
            change.make_due({*row.months, *found.months}, direct=True)
            more = found.rows - row.rows
            change.note(
                "looked-again",
                f"{row.name}: {more:+d} visits, which lay in the future on the day it was read",
                file=row.id,
            )
    fault("ahead: looked")
