"""The ledger made anew from ``archive/`` alone (and from ``rejected/`` and ``reports/``, where
they are still there).

``archive/index.csv`` says what came in which order and what replaced what. Files that it does not
know are taken by the archive's folders: a later version lies in ``v2``, ``v3`` …. What was mailed
cannot be known, so nothing is mailed for the months that are rebuilt.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from clinicreport.month import archive_index, clock
from clinicreport.month.clinic import Clinic
from clinicreport.month.examine import Examined, examine
from clinicreport.month.files import sha256_of
from clinicreport.month.intake import AT_ONCE
from clinicreport.month.ledger import note
from clinicreport.month.rejection import REASON


def rebuild(clinic: Clinic) -> None:
    """Fill the new ledger."""
    entries = archive_index.read(clinic.folder)
    known = {entry.path: entry for entry in entries}
    files = _archived(clinic)
    order = sorted(files, key=lambda path: _place(clinic, path, known))
    numbers: dict[int, int] = {}
    for start in range(0, len(order), AT_ONCE):
        part = order[start : start + AT_ONCE]
        found = examine(part, clinic.request)
        for path in part:
            entry = known.get(clinic.folder.relative(path))
            number = _add(clinic, path, found.get(sha256_of(path)))
            if entry and number:
                numbers[entry.number] = number
    _link(clinic, entries, numbers)
    _adopt_rejected(clinic)
    _adopt_reports(clinic)
    with clinic.ledger.change() as db:
        note(db, "rebuilt", f"the ledger was made anew from {len(order)} archived files")
    clinic.log.warning("the ledger was made anew from %d archived files", len(order))


def _archived(clinic: Clinic) -> list[Path]:
    return [
        path for path in clinic.folder.archive.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]/**/*")
        if path.is_file() and not path.name.startswith(".")
    ]  # fmt: skip


def _version(path: Path) -> int:
    match = re.fullmatch(r"v(\d+)", path.parent.name)
    return int(match.group(1)) if match else 1


def _place(
    clinic: Clinic, path: Path, known: dict[str, archive_index.Entry]
) -> tuple[int, int, int, str]:
    """The order of arrival as far as it can be told: those of the index first."""
    entry = known.get(clinic.folder.relative(path))
    if entry:
        return (0, entry.number, 0, "")
    return (1, _version(path), path.stat().st_mtime_ns, path.as_posix())


def _add(clinic: Clinic, path: Path, found: Examined | None) -> int | None:
    """One archived file as counted. One that cannot be read any more is a problem, not a gap."""
    if found is None or found.reason:
        clinic.problem(f"{clinic.folder.relative(path)} in the archive cannot be used: "
                       f"{found.reason if found else 'it could not be read'}")  # fmt: skip
        return None
    sha256 = sha256_of(path)
    month = re.sub(r"/.*", "", path.relative_to(clinic.folder.archive).as_posix())
    utc, local = clock.stamp(clock.now())
    with clinic.ledger.change() as db:
        if db.execute("SELECT 1 FROM files WHERE sha256 = ? AND superseded_by IS NULL",
                      (sha256,)).fetchone():  # fmt: skip
            return None  # the same content once more (a version that was taken back, then came again)
        old = db.execute(
            "SELECT * FROM files WHERE name = ? AND month = ? AND superseded_by IS NULL",
            (path.name, month),
        ).fetchone()
        relative = clinic.folder.relative(path)
        number = db.execute(
            "INSERT INTO files (sha256, name, size, utc, local, state, source, path, month, months, "
            "rows, version, cleared) VALUES (?,?,?,?,?,'archived',?,?,?,?,?,?,1)",
            (sha256, path.name, path.stat().st_size, utc, local, relative, relative, month,
             json.dumps(found.months), found.rows, old["version"] + 1 if old else 1),
        ).lastrowid  # fmt: skip
        if old:
            db.execute("UPDATE files SET superseded_by = ? WHERE id = ?", (number, old["id"]))
        db.executemany(
            "INSERT OR IGNORE INTO due (month, direct, quiet) VALUES (?, 1, 1)",
            [(month,) for month in found.months],
        )
    return number


def _link(
    clinic: Clinic, entries: list[archive_index.Entry], numbers: dict[int, int]
) -> None:
    """Which file replaced which, and when each came, as the index says."""
    with clinic.ledger.change() as db:
        for entry in entries:
            number = numbers.get(entry.number)
            if number is None:
                continue
            after = numbers.get(entry.replaced_by) if entry.replaced_by else None
            db.execute("UPDATE files SET superseded_by = ?, local = ? WHERE id = ?",
                       (after, entry.received, number))  # fmt: skip
            if after:
                db.execute("UPDATE files SET version = version + 1 WHERE id = ? AND version = 1",
                           (after,))  # fmt: skip


def _adopt_rejected(clinic: Clinic) -> None:
    """What lies in ``rejected/`` with its reason."""
    for text in sorted(clinic.folder.rejected.glob(f"*{REASON}")):
        path = text.with_name(text.name.removesuffix(REASON))
        lines = text.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        if not path.is_file() or any("tried again and accepted" in line for line in lines):
            continue
        utc, local = clock.stamp(clock.now())
        relative = clinic.folder.relative(path)
        reason = lines[2] if len(lines) > 2 else "rejected"
        with clinic.ledger.change() as db:
            db.execute(
                "INSERT INTO files (sha256, name, size, utc, local, state, source, path, reason, "
                "cleared) VALUES (?,?,?,?,?,'rejected',?,?,?,1)",
                (sha256_of(path), path.name, path.stat().st_size, utc, local, relative, relative,
                 reason),
            )  # fmt: skip


def _adopt_reports(clinic: Clinic) -> None:
    """Reports that are there are earlier versions: the new ones come after them."""
    for path in sorted(clinic.folder.reports.glob("*/clinic-report-*.xlsx")):
        match = re.fullmatch(r"clinic-report-(\d{4}-\d{2})(?:\.v(\d+))?\.xlsx", path.name)
        if not match or match.group(1) != path.parent.name:
            continue
        kept = [int(found.group(1)) for other in path.parent.iterdir()
                if (found := re.fullmatch(rf"{re.escape(path.parent.name.join(['clinic-report-', '']))}"
                                          r"\.v(\d+)\.xlsx", other.name))]  # fmt: skip
        version = int(match.group(2)) if match.group(2) else max(kept, default=0) + 1
        utc, local = clock.stamp(clock.now())
        current = clinic.folder.reports / path.parent.name / f"clinic-report-{match.group(1)}.xlsx"
        with clinic.ledger.change() as db:
            db.execute(
                "INSERT INTO reports (month, version, state, sha256, path, digest, figures, inputs, "
                "announced, utc, local) VALUES (?,?,'made',?,?,'','{}','[]',1,?,?)",
                (match.group(1), version, sha256_of(path), clinic.folder.relative(current), utc,
                 local),
            )  # fmt: skip
