"""What archived logs gave before is taken from the ledger, and never where it could be another."""

import logging
import pickle
import shutil
import sqlite3
from contextlib import closing

import clinic_folders
import pytest
from click.testing import CliRunner
from clinic_folders import (
    drop,
    end_state,
    facts,
    log,
    make_folder,
    memory_place,
    request,
    rows,
    run,
)

from clinicreport.commands.cli import main
from clinicreport.folder import known_books, month_reports, purging
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.open_folder import OpenFolder, opened
from clinicreport.log.findings import Finding

pytestmark = pytest.mark.usefixtures("fast")

OCTOBER, NOVEMBER = log("2026-10"), log("2026-11")
LATER = "2026-12-24"


@pytest.fixture
def read(monkeypatch):
    """The contents that are read, in their order."""
    contents = []
    submit = clinic_folders.NoPool.submit

    def noted(pool, data, password):
        contents.append(data)
        return submit(pool, data, password)

    monkeypatch.setattr(clinic_folders.NoPool, "submit", noted)
    return contents


@pytest.fixture
def folder(read):
    """October's log was reported."""
    with memory_place() as place:
        folder = make_folder(place / "clinic")
        drop(folder, "october.csv", OCTOBER)
        assert not run(folder).problems
        read.clear()
        yield folder


def forget(folder):
    with closing(sqlite3.connect(folder.ledger)) as db, db:
        db.execute("DELETE FROM given")


def kept(folder):
    return rows(folder, "SELECT name, day, lasting FROM given ORDER BY name")


def with_november(folder, today=LATER):
    drop(folder, "november.csv", NOVEMBER)
    return run(folder, today)


def test_a_new_month_reads_only_itself(folder, read):
    assert with_november(folder).reports
    assert set(read) == {NOVEMBER}
    assert [row["name"] for row in kept(folder)] == ["november.csv", "october.csv"]


def test_its_report_is_the_one_that_reads_everything(folder, read, tmp_path):
    other = type(folder)(shutil.copytree(folder.root, tmp_path / "other" / "clinic"))
    forget(other)
    with_november(folder)
    read.clear()
    with_november(other)
    assert OCTOBER in read
    assert end_state(folder) == end_state(other)
    assert rows(folder, "SELECT digest, memory FROM reports ORDER BY id") == rows(
        other, "SELECT digest, memory FROM reports ORDER BY id"
    )


@pytest.mark.parametrize("command", [("check",), ("report", "-o", "-r.xlsx", "--dry-run")])
def test_who_looks_at_the_folder_reads_nothing_again_and_writes_nothing(folder, read, command):
    name, *more = command
    words = [name, str(folder.root), *more, "--json", "--today", LATER]
    before, known = folder.ledger.read_bytes(), CliRunner().invoke(main, words)
    assert (read, folder.ledger.read_bytes()) == ([], before)
    forget(folder)
    assert CliRunner().invoke(main, words).stdout == known.stdout
    assert (read, kept(folder)) == ([OCTOBER], [])
    assert '"findings"' in known.stdout


def test_what_is_in_the_report_is_what_was_kept(folder, monkeypatch):
    """A log that was kept otherwise would show: the comparison above can fail."""

    def half(content):
        book = unpacked(content)
        short = [{name: held[:1] for name, held in part.items()} for part in book.parts]
        return type(book)(short, book.sources, book.located, book.unusable, book.register)

    unpacked = known_books._unpacked
    monkeypatch.setattr(known_books, "_unpacked", half)
    with_november(folder)
    made = facts(folder.root / "reports/2026-11/clinic-report-2026-11.xlsx")
    assert '"baseline": [7.0' in made["courses"]
    assert len(rows(folder, "SELECT 1 FROM reports")) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("clinic.toml", clinic_folders.SETTINGS + '\n[aliases]\ntherapist = ["Who"]\n'),
        ("clinic.toml", 'missing = ["77"]\n' + clinic_folders.SETTINGS),
        ("protocol.toml", '[rules.session-too-short]\nseverity = "note"\n'),
    ],
)
def test_it_is_read_again_with_other_settings_or_rules(folder, read, name, text):
    (folder.root / name).write_text(text, encoding="utf-8")
    with_november(folder)
    assert OCTOBER in read
    assert len(kept(folder)) == 2  # what was read otherwise is gone


def test_it_is_read_again_by_another_program(folder, read, monkeypatch):
    monkeypatch.setattr(known_books, "_program", lambda: ["another"])
    with_november(folder)
    assert OCTOBER in read


@pytest.mark.parametrize("library", known_books.LIBRARIES)
def test_another_version_of_a_library_is_another_program(monkeypatch, library):
    before = known_books._program.__wrapped__()
    version = known_books.version
    monkeypatch.setattr(
        known_books, "version", lambda name: "x" if name == library else version(name)
    )
    assert known_books._program.__wrapped__() != before


def test_rows_that_lay_in_the_future_are_read_again_on_another_day(folder, read):
    ahead = log("2026-11", patients=("P-3",)).replace(b"2026-11-09", b"2026-12-09")
    drop(folder, "ahead.csv", ahead)
    run(folder)
    assert [row["lasting"] for row in kept(folder)] == [0, 1]
    read.clear()
    with_november(folder)
    assert ahead in read
    assert OCTOBER not in read
    assert [row["lasting"] for row in kept(folder)] == [1, 1, 1]


def test_on_an_earlier_day_it_is_read_again(folder, read):
    with opened(folder, request(folder, "2026-11-01")) as clinic:
        assert month_reports.compute(clinic, "2026-10") is not None
    assert read == [OCTOBER]


def test_a_purge_leaves_none_of_it(folder):
    drop(folder, "november.csv", NOVEMBER)
    run(folder)
    assert len(kept(folder)) == 2
    with opened(folder, request(folder)) as clinic:
        purging.begin(clinic, "patient", "P-1", "Dr. Example", "asked for")
    assert not kept(folder)


def test_what_is_damaged_is_read_again(folder, read):
    with closing(sqlite3.connect(folder.ledger)) as db, db:
        content = db.execute("SELECT content FROM given").fetchone()[0]
        db.execute("UPDATE given SET content = ?", (content[:-1] + bytes([content[-1] ^ 1]),))
    assert not with_november(folder).problems
    assert OCTOBER in read


def test_nothing_but_a_log_is_taken_out_of_it(capfd):
    class Trap:
        def __reduce__(self):
            return print, ("sprung",)

    for given in (Trap(), [1], pickle.dumps(1)):
        assert known_books._unpacked(known_books._packed(given)) is None
    assert "sprung" not in capfd.readouterr().out
    assert Finding.__module__ in known_books._ALLOWED


def test_nothing_is_kept_of_encrypted_logs(folder, tmp_path):
    forget(folder)
    secret = tmp_path / "secret"
    secret.write_text("a secret word\n", encoding="utf-8")
    with opened(folder, request(folder, password_file=secret)) as clinic:
        assert month_reports.compute(clinic, "2026-10") is not None
    assert not kept(folder)


def test_a_ledger_that_is_only_read_stays_as_it_is(folder, read):
    forget(folder)
    with closing(Ledger(folder.ledger, read_only=True)) as ledger:
        clinic = OpenFolder(folder, ledger, request(folder), logging.getLogger("test"))
        assert month_reports.compute(clinic, "2026-10") is not None
    assert read == [OCTOBER]
    assert not kept(folder)


def test_a_log_that_was_replaced_is_dropped(folder):
    drop(folder, "october.csv", log("2026-10", scores=(8, 6, 4)))
    run(folder)
    assert len(kept(folder)) == 1
