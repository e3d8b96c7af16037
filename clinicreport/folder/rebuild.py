"""The ledger made anew from ``archive/`` alone (and from ``rejected/`` and ``reports/``, where
they are still there).

``archive/index.csv`` says what came in which order and what replaced what. Files that it does not
know are taken by the archive's folders: a later version lies in ``v2``, ``v3`` …. What was mailed
cannot be known, so nothing is mailed for the months that are rebuilt. What was shared is taken from
the ledgers that were set aside.
"""

from __future__ import annotations

import re
from pathlib import Path

from clinicreport.folder import archive_index
from clinicreport.folder.examine import AT_ONCE, Examined, examine
from clinicreport.folder.ledger import LedgerChange
from clinicreport.folder.ledger_rows import NewReport
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.private import check_own
from clinicreport.folder.purge_places import old_ledgers
from clinicreport.folder.rejection import REASON
from clinicreport.folder.shared_memory import BY_HAND, given_at, marks_of
from clinicreport.folder.whole_files import sha256_of
from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import bytes_of

FORGOTTEN = (
    "what was shared before is not known, or not all of it: later versions for sharing are not "
    "compared with it"
)


def rebuild(clinic: OpenFolder) -> None:
    """Fill the new ledger, in one change: it is whole or still empty."""
    entries = archive_index.read(clinic.folder)
    known = {entry.path: entry for entry in entries}
    order = sorted(_archived(clinic), key=lambda path: _place(clinic, path, known))
    found: dict[str, Examined] = {}
    for start in range(0, len(order), AT_ONCE):
        part = examine(order[start : start + AT_ONCE], clinic.request)
        found |= {key: one.without_visits() for key, one in part.items()}
    numbers: dict[int, int] = {}
    with clinic.ledger.change() as change:
        for path in order:
            entry = known.get(clinic.folder.relative(path))
            number = _add(clinic, change, path, found)
            if entry and number:
                numbers[entry.number] = number
        _link(change, entries, numbers)
        _adopt_rejected(clinic, change)
        _adopt_reports(clinic, change)
        _adopt_given(clinic, change)
        change.note("rebuilt", f"the ledger was made anew from {len(order)} archived files")
    clinic.log.warning("the ledger was made anew from %d archived files", len(order))


def _archived(clinic: OpenFolder) -> list[Path]:
    return [
        path
        for path in clinic.folder.archive.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]/**/*")
        if path.is_file() and not path.name.startswith(".")
    ]


def _version(path: Path) -> int:
    match = re.fullmatch(r"v(\d+)", path.parent.name)
    return int(match.group(1)) if match else 1


def _place(
    clinic: OpenFolder, path: Path, known: dict[str, archive_index.ArchiveEntry]
) -> tuple[int, int, int, str]:
    """The order of arrival as far as it can be told: those of the index first."""
    entry = known.get(clinic.folder.relative(path))
    if entry:
        return (0, entry.number, 0, "")
    return (1, _version(path), path.stat().st_mtime_ns, path.as_posix())


def _add(
    clinic: OpenFolder, change: LedgerChange, path: Path, examined: dict[str, Examined]
) -> int | None:
    """One archived file as counted. One that cannot be read any more is a problem, not a gap."""
    relative, sha256 = clinic.folder.relative(path), sha256_of(path)
    found = examined.get(sha256)
    if found is None or found.reason:
        clinic.problem(
            f"{relative} in the archive cannot be used: "
            f"{found.reason if found else 'it could not be read'}"
        )
        return None
    month = path.relative_to(clinic.folder.archive).parts[0]
    return change.adopt_archived(sha256, path.stat().st_size, relative, month, found.months)


def _link(
    change: LedgerChange, entries: list[archive_index.ArchiveEntry], numbers: dict[int, int]
) -> None:
    """Which file replaced which, and when each came, as the index says."""
    for entry in entries:
        number = numbers.get(entry.number)
        if number is None:
            continue
        after = numbers.get(entry.replaced_by) if entry.replaced_by else None
        change.came(number, entry.received, after)


def _adopt_rejected(clinic: OpenFolder, change: LedgerChange) -> None:
    """What lies in ``rejected/`` with its reason."""
    for text in sorted(clinic.folder.rejected.glob(f"*{REASON}")):
        path = text.with_name(text.name.removesuffix(REASON))
        lines = bytes_of(text).decode("utf-8-sig", "replace").splitlines()
        if not path.is_file() or any("tried again and accepted" in line for line in lines):
            continue
        relative = clinic.folder.relative(path)
        reason = lines[2] if len(lines) > 2 else "rejected"
        change.adopt_rejected(sha256_of(path), path.stat().st_size, relative, reason)


def _adopt_reports(clinic: OpenFolder, change: LedgerChange) -> None:
    """Reports that are there are earlier versions: the new ones come after them."""
    for folder in sorted(clinic.folder.reports.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]")):
        current = folder / f"clinic-report-{folder.name}.xlsx"
        kept = {
            int(match.group(1)): path
            for path in folder.iterdir()
            if (match := re.fullmatch(rf"{re.escape(current.stem)}\.v(\d+)\.xlsx", path.name))
        }
        if current.is_file():
            kept[max(kept, default=0) + 1] = current
        for version, path in sorted(kept.items()):
            change.adopt_report(
                NewReport(
                    month=folder.name,
                    version=version,
                    sha256=sha256_of(path),
                    path=clinic.folder.relative(current),
                )
            )


def _adopt_given(clinic: OpenFolder, change: LedgerChange) -> None:
    """What was shared, as every ledger that was set aside knows it: an earlier rebuild may have been
    stopped. Where that cannot be known, it is said."""
    known: dict[str, dict[str, str]] = {}
    aside = [path for path in old_ledgers(clinic) if path.suffix == ".sqlite"]
    unread = [] if aside else ["there is no earlier ledger"]
    for path in aside:
        try:
            check_own(path, shared=clinic.request.config.folder.shared)
            known |= {told.name: marks_of(told) for told in given_at(path)}
        except (UserError, ValueError):
            unread.append(f"{path.name} cannot be read")
    for number, marks in enumerate(known.values(), 1):
        change.keep_marks(BY_HAND, number, marks)
    if unread:
        clinic.problem(f"{FORGOTTEN} ({', '.join(unread)}): docs/sharing.md, Sharing again")
