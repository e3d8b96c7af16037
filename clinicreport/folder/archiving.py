"""A log that was received is *archived* under its month: planned, moved, recorded with what it
replaces. What may be a correction is held instead."""

from __future__ import annotations

from pathlib import Path

from clinicreport.folder import corrections, rejection
from clinicreport.folder.corrections import same_name
from clinicreport.folder.examine import Examined
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.overlap import MOSTLY
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import move


def archive(clinic: OpenFolder, row: FileRow, found: Examined) -> None:
    """Plan the place, move the file there, record it with what it replaces."""
    if clinic.ledger.was_purged(row.sha256):
        rejection.reject(
            clinic,
            row,
            f"{row.name}: it holds a patient or a month that was "
            "removed on purpose (clinicreport purge): not read again",
        )
        return
    staged = clinic.folder.root / row.path
    newer = corrections.kept_instead(clinic, row)
    olds = [] if newer else predecessors(clinic, row.name, found)
    if not newer and (twin := corrections.repeated(clinic, row, found, olds)):
        corrections.hold(clinic, row, found, *twin)
        return
    target = _place(clinic, row, found.month)
    with clinic.ledger.change() as change:
        change.plan_place(row.id, clinic.folder.relative(target))
    fault("archive: planned")
    if target != staged:
        move(staged, target, clinic.folder.staging)
    fault("archive: moved")
    _record(clinic, row, found, target, olds, newer)
    fault("archive: recorded")


def _record(
    clinic: OpenFolder,
    row: FileRow,
    found: Examined,
    target: Path,
    olds: list[FileRow],
    newer: FileRow | None,
) -> None:
    """The file counts from here on; in the same change the months it touches become due.

    Where there is a ``newer`` one that a person wants in its place, it is kept and counts nowhere.
    """
    if newer:
        _record_replaced(clinic, row, found, target, newer)
        return
    months = set(found.months).union(*(old.months for old in olds))
    version = 1 + max((old.version for old in olds), default=0)
    with clinic.ledger.change() as change:
        place = clinic.folder.relative(target)
        change.record_archived(row, place, found.month, found.months, version)
        for old in olds:
            change.supersede(old, row)
        change.make_due(months, direct=True)
        said = "".join(f", replaces {old.name} of {old.local[:10]}" for old in olds)
        change.note(
            "archived",
            f"{row.name}: {found.rows} visits, {found.month}{said}",
            file=row.id,
            month=found.month,
        )
    for old in olds:
        clinic.in_force.drop(old.id)
    clinic.in_force.put(row.id, row.sha256, row.name, found.days)
    clinic.log.info("file %s archived under %s", row.id, found.month)
    clinic.done.archived.append(
        {
            "file": row.name,
            "sha256": row.sha256,
            "month": found.month,
            "visits": found.rows,
            **found.counts._asdict(),
            "version": version,
            "replaces": ", ".join(dict.fromkeys(old.name for old in olds)) or None,
        }
    )


def _record_replaced(
    clinic: OpenFolder, row: FileRow, found: Examined, target: Path, newer: FileRow
) -> None:
    with clinic.ledger.change() as change:
        place = clinic.folder.relative(target)
        change.record_archived(row, place, found.month, found.months, row.version)
        change.supersede(row, newer)
        said = f"{row.name}: kept, and counts nowhere: {newer.name} counts instead"
        change.note("left out", said, file=row.id, month=found.month)
    clinic.log.info("file %s is kept and counts nowhere", row.id)


def predecessors(clinic: OpenFolder, name: str, found: Examined) -> list[FileRow]:
    """The archived logs that this one replaces: those wished for, else those of the same name.

    One of the same name but another month is replaced only if most of its visits are in the new
    one: a clinic may call each month's log "log.xlsx".
    """
    wished = [wish.old for wish in clinic.ledger.wishes() if same_name(wish.new, name)]
    numbers = {same[0] for old in wished if (same := clinic.in_force.named(old))}
    if numbers:
        return list(filter(None, map(clinic.ledger.file, sorted(numbers, reverse=True))))
    named = list(filter(None, map(clinic.ledger.file, clinic.in_force.named(name))))
    same_month = [old for old in named if old.month == found.month][:1]
    kept = [old for old in named if clinic.in_force.share_kept(old.id, found.days) >= MOSTLY]
    return same_month + [old for old in kept if old not in same_month]


def _place(clinic: OpenFolder, row: FileRow, month: str) -> Path:
    """Where the original goes: under its own name, a later version in a folder v2, v3 …"""
    folder = clinic.folder.archive / month
    target: Path = folder / row.name
    number = 2
    while target.exists() and target != clinic.folder.root / row.path:
        target = folder / f"v{number}" / row.name
        number += 1
    return target
