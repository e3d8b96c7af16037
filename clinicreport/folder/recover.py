"""What a run does first: it finishes what a stopped one left behind."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from clinicreport.folder.clearing import clear_left_over
from clinicreport.folder.guards import guarded
from clinicreport.folder.intake import settle_received, write_index
from clinicreport.folder.ledger import RECEIVED_OR_KEPT
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.purged_names import finish_stopped
from clinicreport.folder.whole_files import sha256_of, tidy
from clinicreport.ground.held_files import patiently, remove


def recover(clinic: OpenFolder) -> None:
    """Bring the folder and the ledger to where an undisturbed run would have brought them."""
    folder = clinic.folder
    for place in (
        folder.root,
        folder.inbox,
        folder.archive,
        folder.rejected,
        folder.outbox,
        folder.sent,
    ):
        tidy(place)
    for place in (
        *folder.archive.glob("*/"),
        *folder.archive.glob("*/*/"),
        *folder.reports.glob("*/"),
    ):
        tidy(place)
    finish_stopped(clinic)
    _adopt_staged(clinic)
    settle_received(clinic)
    clear_left_over(clinic)
    write_index(clinic)


def _adopt_staged(clinic: OpenFolder) -> None:
    """Content that was kept but not yet recorded is received now; empty folders go."""
    if not clinic.folder.staging.is_dir():
        return
    for place in sorted(clinic.folder.staging.iterdir()):
        files = [path for path in place.iterdir() if path.is_file()] if place.is_dir() else []
        for path in files:
            with guarded(clinic, f"{place.name}/{path.name} is not taken up", "a kept file"):
                _adopt(clinic, path)
        if place.is_dir() and not any(place.iterdir()):
            with suppress(OSError):
                patiently(place.rmdir)


def _adopt(clinic: OpenFolder, path: Path) -> None:
    relative = clinic.folder.relative(path)
    if clinic.ledger.keeps(relative):
        return
    sha256 = sha256_of(path)
    if clinic.ledger.known_content(sha256, RECEIVED_OR_KEPT):
        remove(path)  # a second copy of what is kept
        return
    with clinic.ledger.change() as change:
        change.receive(sha256, path.name, path.stat().st_size, f"inbox/{path.name}", relative)
