"""The one thing that ever deletes: a patient, or what is older than a month, on purpose and on
record.

What is to go is written into the ledger first; a purge that is stopped goes on with the next run.
The record keeps who asked, why, when and how much went, and no longer whom it was about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from clinicreport.folder import archive_index, purge_places
from clinicreport.folder.examine import Examined, examine
from clinicreport.folder.forget import (
    forget_acknowledged,
    forget_messages,
    forget_reports,
    forget_words,
    sure_words,
)
from clinicreport.folder.guards import guarded, why
from clinicreport.folder.held_places import HeldPlaces
from clinicreport.folder.ledger import RECEIVED_OR_KEPT
from clinicreport.folder.ledger_rows import FileRow, PurgeRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.patients_rows import ids_of, without_patient
from clinicreport.folder.purged_names import other_name, without_ids
from clinicreport.folder.rejection import reason_file
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import holds, sha256_of, write_whole
from clinicreport.ground.errors import OutputError
from clinicreport.ground.held_files import remove, remove_tree, rename

PATIENT, OLDER = "patient", "older"


def begin(clinic: OpenFolder, kind: str, what: str, who: str, why: str) -> None:
    """Write down what is to go."""
    with clinic.ledger.change() as change:
        change.begin_purge(kind, what, who, why)
    fault("purge: planned")


def finish(clinic: OpenFolder) -> None:
    """Carry out every purge that was begun."""
    for row in clinic.ledger.purges_to_do():
        work: dict[str, Callable[[OpenFolder, PurgeRow], str]] = {PATIENT: _patient, OLDER: _older}
        with guarded(clinic, f"The purge of {row.local[:10]} is not finished", f"purge {row.id}"):
            said = work[row.kind](clinic, row)
            archive_index.write(clinic.folder, clinic.ledger)
            with clinic.ledger.change() as change:
                change.end_purge(row, said)
            clinic.ledger.compact()
            clinic.log.warning("purge %d done", row.id)


# -------------------------------------------------------------------------------- a patient


def affected(clinic: OpenFolder, patient: str) -> tuple[list[FileRow], list[str]]:
    """The files that hold the patient, and sentences about what is left to do by hand.

    An archived file that was changed since it came is one of them: somebody took the patient out
    by hand, and what it is now is recorded.
    """
    found: list[FileRow] = []
    faults: list[str] = []
    words = sure_words(ids_of(patient, clinic.request))
    for row in clinic.ledger.stored_files():
        path = clinic.folder.root / row.path
        if path.is_file():
            try:
                made = without_patient(path, patient, clinic.request, row.path, faults.append)
                named = words is not None and words.search(row.name) is not None
                if made is not None or named or by_hand(clinic, row):
                    found.append(row)
            except (OSError, OutputError) as error:
                faults.append(
                    f"{row.path}: {why(error)}" if isinstance(error, OSError) else str(error)
                )
    return found, faults


def by_hand(clinic: OpenFolder, row: FileRow) -> bool:
    """Whether an archived file is no longer what came."""
    return row.state == "archived" and not holds(clinic.folder.root / row.path, row.sha256)


def _patient(clinic: OpenFolder, purge: PurgeRow) -> str:
    left: list[str] = []
    held = HeldPlaces()
    ids = ids_of(purge.what, clinic.request)
    words = sure_words(ids)
    if words:
        without_ids(clinic, purge, words, held)
    left += _logs(clinic, purge, held)
    left += _copies(clinic, purge.what, held, words)
    forget_acknowledged(clinic, ids)
    reached = _as_recorded(clinic, purge)
    first = min(reached.months, default=None)
    if first:
        forget_messages(clinic, lambda month: month >= first, held)
        forget_reports(clinic, lambda month: month >= first, held, again=True)
    with clinic.ledger.change() as change:
        for id_ in ids:
            change.forget_errors_of(id_)
    forget_words(clinic, ids)
    held.refuse()
    for name in purge_places.settings_naming(clinic, words) if words else ():
        clinic.done.problems.append(f"{name} still names the patient: take them out of it")
        left.append(name)
    more = f"; left to do by hand: {', '.join(left)}" if left else ""
    return f"a patient was removed from {reached.files} files{more}"


def _logs(clinic: OpenFolder, purge: PurgeRow, held: HeldPlaces) -> list[str]:
    """Empty the patient's rows in what the ledger lists; the places that are left by hand."""
    left: list[str] = []
    say = clinic.done.problems.append
    for row in clinic.ledger.stored_files():
        path = clinic.folder.root / row.path
        if not path.is_file():
            continue
        try:
            content = without_patient(path, purge.what, clinic.request, row.path, say)
        except OutputError as error:
            say(str(error))
            left.append(row.path)
            continue
        with held.passed_over(row.path):
            if content is not None:
                write_whole(path, content, "purge")
                fault("purge: emptied")
            if sha256_of(path) != row.sha256:  # now, or before this purge was stopped
                _recount(clinic, row, purge)
    return left


def _as_recorded(clinic: OpenFolder, purge: PurgeRow) -> PurgeRow:
    """The purge with what it has reached, before it was stopped too."""
    return next(row for row in clinic.ledger.purges_to_do() if row.id == purge.id)


def _copies(
    clinic: OpenFolder, patient: str, held: HeldPlaces, words: re.Pattern[str] | None
) -> list[str]:
    """Empty what the ledger does not list; the places that are left to do by hand."""
    say = clinic.done.problems.append
    left: list[str] = []
    gone = [*purge_places.marked_with(clinic, patient), *purge_places.old_ledgers(clinic)]
    for path in [*gone, *purge_places.caches(clinic)]:
        with held.passed_over(clinic.folder.relative(path)):
            remove(path, missing_ok=True)
        fault("purge: copy")
    for path in purge_places.strays(clinic):
        name = clinic.folder.relative(path)
        try:
            content = without_patient(path, patient, clinic.request, name, say)
        except OutputError as error:
            say(str(error))
            left.append(name)
            continue
        with held.passed_over(name):
            if content is not None:
                write_whole(path, content, "purge")
            if words and words.search(path.name):
                rename(path, other_name(path, words))
    for path in purge_places.in_inbox(clinic, patient):
        name = clinic.folder.relative(path)
        say(f"{name}: {purge_places.IN_INBOX}")
        left.append(name)
    return left


def _recount(clinic: OpenFolder, row: FileRow, purge: PurgeRow) -> None:
    """Record the new content; the old one is not taken again."""
    path = clinic.folder.root / row.path
    sha256 = sha256_of(path)
    found = examine([path], clinic.request).get(sha256, Examined())
    same = None
    if found.months or row.state == "received":
        same = _same_in_force(clinic, row, sha256)
    gone = next((one for one in (row, same) if same and one and one.state == "received"), None)
    with clinic.ledger.change() as change:
        change.bar_content(row, purge)
        if gone:
            change.forget_file(gone)  # a mere copy now: the other is in the archive
        elif same:
            change.spare(row, same)
        if gone != row:
            change.recount(row, sha256, path.stat().st_size, found.months)
        change.reached(purge, row.months)
    fault("purge: recounted")
    if gone:
        remove(clinic.folder.root / gone.path, missing_ok=True)


def _same_in_force(clinic: OpenFolder, row: FileRow, sha256: str) -> FileRow | None:
    """Another log that holds the very same since the patient's rows are gone: they were held as a
    correction of each other, or both counted."""
    same = clinic.ledger.known_content(sha256, RECEIVED_OR_KEPT)
    counts = row.state in RECEIVED_OR_KEPT and row.superseded_by is None
    return same if same and counts and same.id != row.id else None


# ----------------------------------------------------------------------- what is older


def older(clinic: OpenFolder, limit: str) -> list[FileRow]:
    """The files that go: of months before the limit, or rejected before it."""
    return [row for row in clinic.ledger.stored_files() if (row.month or row.local[:7]) < limit]


def _older(clinic: OpenFolder, purge: PurgeRow) -> str:
    limit = purge.what
    held = HeldPlaces()
    for row in older(clinic, limit):
        with held.passed_over(row.path):
            path = clinic.folder.root / row.path
            for gone in (path, reason_file(path), *_marked_of(clinic, row)):
                remove(gone, missing_ok=True)
            fault("purge: deleted")
            with clinic.ledger.change() as change:
                change.bar_content(row, purge)
                change.forget_file(row)
                change.reached(purge, row.months)
    for path in [*purge_places.old_ledgers(clinic), *purge_places.caches(clinic)]:
        with held.passed_over(clinic.folder.relative(path)):
            remove(path, missing_ok=True)
    forget_messages(clinic, lambda month: month < limit, held)
    forget_reports(clinic, lambda month: month < limit, held, again=False)
    held.refuse()
    for folder in (clinic.folder.archive, clinic.folder.reports):
        for place in folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]"):
            if place.name < limit:
                _remove_folder(place)
    with clinic.ledger.change() as change:
        change.forget_due_before(limit)
    return f"everything before {limit}: {_as_recorded(clinic, purge).files} files"


def _marked_of(clinic: OpenFolder, row: FileRow) -> list[Path]:
    """The marked copies of a rejected file."""
    stem = Path(row.path).stem
    copies = purge_places.marked_copies(clinic)
    return [path for path in copies if path.name.startswith(f"{stem}-marked")]


def _remove_folder(place: Path) -> None:
    remove_tree(place)
    fault("purge: folder")
