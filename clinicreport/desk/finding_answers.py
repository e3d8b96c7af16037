"""What a person says about a finding, written as ``acknowledge`` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.folder.ledger_rows import ErrorFinding
    from clinicreport.folder.places import Folder
    from clinicreport.settings.request import Request


def say_it_is_right(
    folder: Folder, request: Request, error: ErrorFinding, who: str, why: str
) -> bool:
    """A line of ``acknowledged.csv``; False where there was one already.

    Raises UsageError for words that are missing or too long, Busy while a run is at work.
    """
    from clinicreport.folder import acknowledging, outbox, status_page
    from clinicreport.folder.open_folder import opened
    from clinicreport.folder.recover import recover

    said = [acknowledging.worded(name, text) for name, text in (("Who", who), ("Why", why))]
    with opened(folder, request) as clinic:
        recover(clinic)
        new = acknowledging.acknowledge(clinic, error, *said)
        outbox.compose_due(clinic)
        status_page.write(clinic)
    return new
