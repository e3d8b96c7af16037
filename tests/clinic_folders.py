"""Clinic folders for tests: small logs, a fast stand-in for the workbook, and what must hold."""

import csv
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from clinicreport.folder import places, steps
from clinicreport.folder.rounds import Wanted, run_once
from clinicreport.settings.request import make_request

TODAY = "2026-11-24"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
MEMORY = Path("/dev/shm")


@contextmanager
def memory_place():
    """A place for folders; in memory where the system has one, since everything is flushed."""
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where, prefix="clinicreport-") as place:
        yield Path(place)


SETTINGS = """
name = "Hill Clinic"
[folder]
settle_polls = 1
settle_seconds = 0.0
poll_seconds = 0.01
[mail]
allow = ["clinic.example"]
[[recipients]]
address = "office@clinic.example"
role = "manager"
"""
HEAD = ("Patient ID", "Date", "Pain before", "Pain after", "Minutes", "Therapist")


def log(month="2026-10", patients=("P-1", "P-2"), scores=(7, 6, 4), therapist="B. Example"):
    """The bytes of a small log without error findings: a CSV file."""
    year, number = map(int, month.split("-"))
    rows = [
        (patient, dt.date(year, number, 5 + 2 * at).isoformat(), score, 3, 12, therapist)
        for patient in patients
        for at, score in enumerate(scores)
    ]
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode()


def faulty(month="2026-10"):
    """A log with one error finding: a score that is none, of P-7 on the 7th."""
    return log(month, scores=(7, "6-7", 4), patients=("P-7",))


def make_folder(root, settings=SETTINGS):
    """A clinic folder that is ready for a run."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "clinic.toml").write_text(settings, encoding="utf-8")
    for place in places.PLACES:
        (root / place).mkdir(exist_ok=True)
    return places.find(root)


def copied(folder, to):
    """A copy of a clinic folder in another place."""
    shutil.copytree(folder.root, to / "clinic")
    return places.find(to / "clinic")


def drop(folder, name, content):
    """Put a file into the inbox."""
    path = folder.inbox / name
    path.write_bytes(content)
    return path


def request(folder, today=TODAY, **more):
    return make_request(folder=folder.root, today=today, **more)


def run(folder, today=TODAY, **wanted):
    """One run with the folder's own settings."""
    return run_once(folder, request(folder, today), Wanted(**wanted))


def run_undisturbed(before, place):
    """What a run on a copy of the folder comes to, and every point that it goes through."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = copied(before, place / "undisturbed")
        passed = []
        patch.setattr(steps, "hook", passed.append)
        run(folder)
        return end_state(folder), passed


def fast_workbook(analysis):
    """A tiny zip in place of the workbook, that says what the workbook would rest on."""
    buffer = io.BytesIO()
    names = ("patient", "course", "baseline", "latest")
    facts = {
        "as_of": str(analysis.as_of),
        "run_day": str(analysis.run_day),
        "inputs": [(entry.file, entry.sha256) for entry in analysis.inputs],
        "courses": json.dumps({name: analysis.courses[name].tolist() for name in names}),
        "settings": [list(pair) for pair in analysis.settings],
        "restated": list(analysis.restated),
    }
    with zipfile.ZipFile(buffer, "w") as book:
        for name, text in (
            ("facts.json", json.dumps(facts)),
            ("[Content_Types].xml", TYPES),
            ("room", "x" * 8000),
        ):
            book.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def facts(path):
    """What a stand-in workbook says."""
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        return json.loads(book.read("facts.json"))


def rows(folder, query, *values):
    """What a query of its own finds in the ledger's file."""
    with closing(sqlite3.connect(folder.ledger)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(query, values)]


def contents(folder):
    """The SHA-256 of every original in inbox, archive and rejected."""
    found = set()
    for place in (folder.inbox, folder.archive, folder.rejected):
        for path in place.rglob("*"):
            if path.is_file():
                found.add(hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def sha(content):
    return hashlib.sha256(content).hexdigest()


def tree(folder, without=()):
    """The files of a folder and their contents, but for what differs from run to run."""
    skipped = {
        "ledger.sqlite",
        "clinicreport.log",
        ".clinicreport.lock",
        "STATUS.html",
        "index.csv",
        *without,
    }
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in sorted(folder.root.rglob("*"))
        if path.is_file() and path.name not in skipped and path.suffix != ".eml"
    }


def end_state(folder):
    """What a run comes to, whatever happened on the way: files, and the ledger without numbers."""
    files = rows(
        folder,
        "SELECT sha256, name, state, path, month, months, rows, version, cleared, "
        "superseded_by IS NULL AS counts FROM files ORDER BY sha256, path",
    )
    reports = rows(
        folder,
        "SELECT month, version, state, sha256, path, announced FROM reports "
        "ORDER BY month, version",
    )
    messages = rows(
        folder,
        "SELECT month, address, role, state FROM messages ORDER BY month, address, role, state",
    )
    due = rows(folder, "SELECT month FROM due")
    eml = len(list(folder.outbox.rglob("*.eml")))
    return {
        "tree": tree(folder),
        "files": files,
        "reports": reports,
        "messages": messages,
        "due": due,
        "eml": eml,
    }


class NoPool:
    """Reads files in this very process: quick, and nothing is left over when it is killed."""

    def __init__(self, jobs):
        pass

    def submit(self, data, password):
        from clinicreport.reading.worker import read

        class Done:
            def result(self):
                from clinicreport.reading import RefusedError
                from clinicreport.reading.spreadsheet import Spreadsheet

                try:
                    return read(data, password, lambda _: None)
                except RefusedError as refused:
                    return Spreadsheet("", "", "", reason=str(refused), refusal=refused.kind)

        return Done()

    def close(self):
        pass


def make_fast(patch):
    """The stand-ins that leave everything of the month itself as it is."""
    from clinicreport.reading import files

    patch.setattr("clinicreport.books.report.report_workbook.content", fast_workbook)
    patch.setattr(files, "Pool", NoPool)
    patch.setattr("clinicreport.editing.marked_copies", marked_stand_in)


def marked_stand_in(checked, paths, folder, *, books=None, force=False, dry_run=False, say=None):
    made = []
    for path in map(Path, paths):
        target = folder / f"{path.stem}-marked.xlsx"
        target.write_bytes(b"marked " + sha(path.read_bytes()).encode())
        made.append(target)
    return made
