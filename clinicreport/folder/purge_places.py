"""Where a clinic folder keeps copies beside the ledger's files: what a purge looks through too.

The same lists are shown by ``purge --dry-run`` and worked through by the purge itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from clinicreport.editing.traces import whole_word
from clinicreport.folder import looked_at
from clinicreport.folder.corrections import QUESTION
from clinicreport.folder.forget import sure_words
from clinicreport.folder.gate import text_of
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.patients_rows import without_patient
from clinicreport.folder.rejection import REASON
from clinicreport.ground.errors import OutputError
from clinicreport.ground.held_files import bytes_of
from clinicreport.settings.marks import PROTOCOL

IN_INBOX = (
    "the patient is in it, or it cannot be told. What lies in the inbox is not changed: take the "
    "patient out of it, or take the file away"
)
Which = Callable[[str], bool]  # of a month
_MARKED = re.compile(r".*-marked( \(\d+\))?\.\w+")
_MONTH = re.compile(r"\d{4}-\d{2}(?!\d)")


def old_ledgers(clinic: OpenFolder) -> list[Path]:
    """Ledgers that a rebuild set aside, with their journals: they hold findings and names."""
    return sorted(clinic.folder.root.glob("old-ledger*.sqlite*"))


def caches(clinic: OpenFolder) -> list[Path]:
    """What is kept only to be looked at, or to answer more quickly."""
    return list(looked_at.every_file(clinic.folder.looking))


def messages(clinic: OpenFolder, which: Which) -> list[Path]:
    """Stored messages and drafts of these months, also those that no ledger knows any more."""
    months = {
        clinic.folder.root / row.path: row.month for row in clinic.ledger.messages() if row.path
    }
    found = []
    for path in _files(clinic.folder.outbox):
        month = months.get(path) or months.get(path.with_suffix(".eml"))
        if month is None and path.name.startswith(f"{QUESTION}-"):
            continue  # it names no file and no patient
        if month is None:
            named = _MONTH.match(path.name)
            month = named[0] if named else ""
        if not month or which(month):
            found.append(path)
    return found


def reports(clinic: OpenFolder, which: Which) -> list[Path]:
    """Every version of the reports of these months, and what lies beside them."""
    return [
        path
        for path in _files(clinic.folder.reports)
        if which(path.relative_to(clinic.folder.reports).parts[0])
    ]


def marked_copies(clinic: OpenFolder) -> list[Path]:
    """The marked copies in ``rejected/``."""
    kept = {clinic.folder.root / row.path for row in clinic.ledger.stored_files()}
    return [
        path
        for path in _files(clinic.folder.rejected)
        if path not in kept and _MARKED.fullmatch(path.name)
    ]


def marked_with(clinic: OpenFolder, patient: str) -> list[Path]:
    """The marked copies that hold the patient or are named so, or of which that cannot be told."""
    words = sure_words([patient])
    return [
        path
        for path in marked_copies(clinic)
        if (words and words.search(path.name)) or holds_patient(clinic, path, patient)
    ]


def strays(clinic: OpenFolder) -> list[Path]:
    """Logs in the archive and in ``rejected/`` that the ledger does not know."""
    kept = {clinic.folder.root / row.path for row in clinic.ledger.stored_files()}
    kept |= {clinic.folder.index, *marked_copies(clinic)}
    return [
        path
        for place in (clinic.folder.archive, clinic.folder.rejected)
        for path in _files(place)
        if path not in kept and not path.name.endswith(REASON)
    ]


def in_inbox(clinic: OpenFolder, patient: str) -> list[Path]:
    """What lies in the inbox and holds the patient, or cannot be looked into."""
    found = _files(clinic.folder.inbox)
    return [path for path in found if holds_patient(clinic, path, patient)]


def holds_patient(clinic: OpenFolder, path: Path, patient: str) -> bool:
    """Whether the patient is in a file, or may be."""
    try:
        return without_patient(path, patient, clinic.request) is not None
    except OutputError:
        return True


def named(clinic: OpenFolder, patient: str, first: str | None) -> Iterator[str]:
    """Every place beside the logs that a purge of the patient deletes, for people.

    Where no log holds the patient (there is no ``first`` month), only what does hold them: then the
    purge is of these alone.
    """
    gone: list[Path] = []
    if first:
        gone += reports(clinic, lambda month: month >= first)
        gone += messages(clinic, lambda month: month >= first)
    gone += marked_with(clinic, patient)
    copies = [*old_ledgers(clinic), *caches(clinic)]
    if not first:
        copies = [path for path in copies if _may_hold(clinic, path, patient)]
    yield from map(clinic.folder.relative, [*gone, *copies])


def named_emptied(clinic: OpenFolder, patient: str) -> Iterator[str]:
    """Every place beside the logs of which only what is the patient's goes, for people."""
    words = sure_words([patient])
    found = [
        path
        for path in strays(clinic)
        if (words and words.search(path.name)) or _may_hold(clinic, path, patient)
    ]
    if _names(clinic.folder.acknowledged, whole_word([patient])):
        found.append(clinic.folder.acknowledged)
    if words:
        reasons = clinic.folder.rejected.glob(f"*{REASON}")
        found += [path for path in sorted(reasons) if _names(path, words)]
    yield from map(clinic.folder.relative, found)


def settings_naming(clinic: OpenFolder, words: re.Pattern[str]) -> list[str]:
    """The settings in which the patient is named: a person wrote them, and takes it out."""
    names = ("clinic.toml", PROTOCOL)
    return [name for name in names if _names(clinic.folder.root / name, words)]


def _names(path: Path, words: re.Pattern[str]) -> bool:
    """Whether a text names the patient; one that is not there does not."""
    return path.is_file() and bool(words.search(text_of(bytes_of(path))[0]))


def _may_hold(clinic: OpenFolder, path: Path, patient: str) -> bool:
    """Whether the patient's id stands in a file, read as it is or as a log."""
    try:
        return patient.encode() in bytes_of(path) or (
            without_patient(path, patient, clinic.request) is not None
        )
    except (OSError, OutputError):
        return False  # said where it is looked through


def named_older(clinic: OpenFolder, limit: str) -> Iterator[str]:
    """Every place beside the logs that a purge of the months before ``limit`` empties."""
    gone = [*reports(clinic, lambda month: month < limit)]
    gone += [*messages(clinic, lambda month: month < limit), *old_ledgers(clinic)]
    yield from map(clinic.folder.relative, [*gone, *caches(clinic)])


def _files(place: Path) -> list[Path]:
    """The files in a place and below, without what programs leave behind."""
    if not place.is_dir():
        return []
    return sorted(
        path for path in place.rglob("*") if path.is_file() and not path.name.startswith((".", "~"))
    )
