"""The one thing that ever deletes: a patient, or what is older than a month, on purpose and on
record.

What is to go is written into the ledger first; a purge that is stopped goes on with the next run.
The record keeps who asked, why, when and how much went, and no longer whom it was about.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from sqlite3 import Row

from clinicreport.folder import archive_index, clock
from clinicreport.folder.examine import examine
from clinicreport.folder.forget import forget_acknowledged, forget_messages, forget_reports
from clinicreport.folder.ledger import note
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.patients_rows import without_patient
from clinicreport.folder.rejection import reason_file
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import holds, sha256_of, write_whole
from clinicreport.ground.errors import OutputError

PATIENT, OLDER = "patient", "older"


def begin(clinic: OpenFolder, kind: str, what: str, who: str, why: str) -> None:
    """Write down what is to go."""
    utc, local = clock.stamp(clock.now())
    with clinic.ledger.change() as db:
        db.execute(
            "INSERT INTO purges (kind, what, who, why, utc, local) VALUES (?,?,?,?,?,?)",
            (kind, what, who, why, utc, local),
        )
    fault("purge: planned")


def finish(clinic: OpenFolder) -> None:
    """Carry out every purge that was begun."""
    for row in clinic.ledger.rows("SELECT * FROM purges WHERE done = 0 ORDER BY id"):
        work: dict[str, Callable[[OpenFolder, Row], str]] = {PATIENT: _patient, OLDER: _older}
        said = work[row["kind"]](clinic, row)
        archive_index.write(clinic.folder, clinic.ledger)
        with clinic.ledger.change() as db:
            db.execute(
                "UPDATE purges SET done = 1, what = CASE kind WHEN 'patient' THEN '' "
                "ELSE what END WHERE id = ?",
                (row["id"],),
            )
            note(db, "purged", f"{said}; asked for by {row['who']}: {row['why']}")
        clinic.ledger.compact()
        clinic.log.warning("purge %d done", row["id"])


def _stored(clinic: OpenFolder) -> list[Row]:
    return clinic.ledger.rows(
        "SELECT * FROM files WHERE state IN ('archived', 'rejected') ORDER BY id"
    )


# -------------------------------------------------------------------------------- a patient


def affected(clinic: OpenFolder, patient: str) -> tuple[list[Row], list[str]]:
    """The files that hold the patient, and sentences about what is left to do by hand.

    An archived file that was changed since it came is one of them: somebody took the patient out
    by hand, and what it is now is recorded.
    """
    found: list[Row] = []
    faults: list[str] = []
    for row in _stored(clinic):
        path = clinic.folder.root / row["path"]
        if path.is_file():
            try:
                made = without_patient(path, patient, clinic.request, row["path"], faults.append)
                if made is not None or by_hand(clinic, row):
                    found.append(row)
            except OutputError as error:
                faults.append(str(error))
    return found, faults


def by_hand(clinic: OpenFolder, row: Row) -> bool:
    """Whether an archived file is no longer what came."""
    return row["state"] == "archived" and not holds(clinic.folder.root / row["path"], row["sha256"])


def _patient(clinic: OpenFolder, purge: Row) -> str:
    count, left, months = 0, 0, set[str]()
    say = clinic.done.problems.append
    for row in _stored(clinic):
        path = clinic.folder.root / row["path"]
        if not path.is_file():
            continue
        months_before = json.loads(row["months"])
        try:
            content = without_patient(path, purge["what"], clinic.request, row["path"], say)
        except OutputError as error:
            say(str(error))
            left += 1
            continue
        if content is not None:
            write_whole(path, content, "purge")
            fault("purge: emptied")
        if sha256_of(path) != row["sha256"]:  # now, or before this purge was stopped
            _recount(clinic, row, purge["id"])
            months |= set(months_before)
            count += 1
    forget_acknowledged(clinic, purge["what"])
    first = min(months, default=None)
    if first:
        forget_messages(clinic, lambda month: month >= first)
        forget_reports(clinic, lambda month: month >= first, again=True)
    with clinic.ledger.change() as db:
        db.execute("DELETE FROM errors WHERE patient = ?", (purge["what"],))
    more = f", {left} more are left to do by hand" if left else ""
    return f"a patient was removed from {count} files{more}"


def _recount(clinic: OpenFolder, row: Row, purge: int) -> None:
    """Record the new content; the old one is not taken again."""
    path = clinic.folder.root / row["path"]
    sha256 = sha256_of(path)
    found = examine([path], clinic.request)[sha256]
    with clinic.ledger.change() as db:
        db.execute(
            "INSERT OR IGNORE INTO purged_contents (sha256, purge) VALUES (?, ?)",
            (row["sha256"], purge),
        )
        db.execute(
            "UPDATE files SET sha256 = ?, size = ? WHERE id = ?",
            (sha256, path.stat().st_size, row["id"]),
        )
        if row["state"] == "archived" and found.rows:
            db.execute(
                "UPDATE files SET months = ?, rows = ? WHERE id = ?",
                (json.dumps(found.months), found.rows, row["id"]),
            )
        elif row["state"] == "archived":
            db.execute(
                "UPDATE files SET state = 'purged', months = '{}', rows = 0 WHERE id = ?",
                (row["id"],),
            )


# ----------------------------------------------------------------------- what is older


def older(clinic: OpenFolder, limit: str) -> list[Row]:
    """The files that go: of months before the limit, or rejected before it."""
    return [row for row in _stored(clinic) if (row["month"] or row["local"][:7]) < limit]


def _older(clinic: OpenFolder, purge: Row) -> str:
    limit = purge["what"]
    rows = older(clinic, limit)
    for row in rows:
        path = clinic.folder.root / row["path"]
        for gone in (path, reason_file(path)):
            with suppress(FileNotFoundError):
                gone.unlink()
        fault("purge: deleted")
        with clinic.ledger.change() as db:
            db.execute(
                "INSERT OR IGNORE INTO purged_contents (sha256, purge) VALUES (?, ?)",
                (row["sha256"], purge["id"]),
            )
            db.execute(
                "UPDATE files SET state = 'purged', name = '', reason = NULL, months = '{}' "
                "WHERE id = ?",
                (row["id"],),
            )
    forget_messages(clinic, lambda month: month < limit)
    forget_reports(clinic, lambda month: month < limit, again=False)
    for folder in (clinic.folder.archive, clinic.folder.reports):
        for place in folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]"):
            if place.name < limit:
                _remove_folder(place)
    with clinic.ledger.change() as db:
        db.execute("DELETE FROM due WHERE month < ?", (limit,))
    return f"everything before {limit}: {len(rows)} files"


def _remove_folder(place: Path) -> None:
    shutil.rmtree(place)
    fault("purge: folder")
