"""The ledger: its schema, its migrations, what a person reads in it, and making it anew."""

import ast
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic_folders import (
    drop,
    end_state,
    facts,
    faulty,
    log,
    make_folder,
    rows,
    run,
    sha,
)

from clinicreport.commands.cli import main
from clinicreport.folder import ledger, ledger_rows
from clinicreport.folder.ledger import MIGRATIONS, SLIM, Ledger
from clinicreport.ground.errors import DamagedLedger, OutputError, UsageError

pytestmark = pytest.mark.usefixtures("fast")

ONE, TWO = log(), log(scores=(7, 6, 3))


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "clinic")


def version(path):
    with sqlite3.connect(path) as db:
        return db.execute("PRAGMA user_version").fetchone()[0]


def test_every_change_is_flushed_and_no_second_file_is_needed(tmp_path):
    opened = Ledger(tmp_path / "ledger.sqlite")
    (synchronous,), (journal,) = (
        opened._db.execute(f"PRAGMA {name}").fetchone() for name in ("synchronous", "journal_mode")
    )
    assert (synchronous, journal) == (2, "delete")  # 2: FULL
    opened.close()
    assert version(tmp_path / "ledger.sqlite") == len(MIGRATIONS)


def test_an_older_ledger_is_brought_up_to_date_and_keeps_what_it_holds(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
        db.execute("INSERT INTO events (utc, local, kind, text) VALUES ('', '', 'received', 'a')")
    opened = Ledger(path)
    assert opened.purges_to_do() == []
    assert [event.text for event in opened.history()] == ["a"]
    opened.close()
    assert version(path) == len(MIGRATIONS)


def test_an_older_report_forgets_what_nobody_asked_it_for(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        for number, script in enumerate(MIGRATIONS[: MIGRATIONS.index(SLIM)], 1):
            db.executescript(f"{script} PRAGMA user_version = {number};")
        kept = '{"findings":[1],"reported":{"rows":{"f1":"8d"}}}'
        for number, memory in enumerate((kept, "", "{")):
            db.execute(
                "INSERT INTO reports (month, version, state, sha256, path, digest, figures, inputs, "
                "utc, local, memory) VALUES ('2026-09', ?, 'made', '', '', '', '{}', '[]', '', '', ?)",
                (number, memory),
            )
    opened = Ledger(path)
    assert [opened.report(number).memory for number in (1, 2, 3)] == ['{"findings":[1]}', "", "{"]
    assert opened.last_report("2026-09").memory == "{"
    assert [(row.id, row.memory) for row in opened.last_reports()] == [(3, "")]
    assert opened.newest_reports() == {"2026-09": 3}
    opened.close()


def test_a_migration_that_fails_leaves_the_older_ledger(tmp_path, monkeypatch):
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    monkeypatch.setattr(ledger, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE x (y); NONSENSE;"))
    with pytest.raises(OutputError):
        Ledger(path)
    assert version(path) == len(MIGRATIONS)
    with sqlite3.connect(path) as db:
        assert not db.execute("SELECT * FROM sqlite_master WHERE name = 'x'").fetchall()


def test_a_newer_ledger_is_left_alone(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="newer clinicreport"):
        Ledger(path)


def test_a_damaged_ledger_says_what_to_do(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    folder.ledger.write_bytes(b"no database at all" * 100)
    with pytest.raises(UsageError, match="--rebuild"):
        run(folder)
    run(folder, rebuild=True)
    assert (folder.root / "old-ledger.sqlite").exists()


def garbled(folder):
    """The ledger's file with a page in which nothing holds together any more."""
    content = bytearray(folder.ledger.read_bytes())
    for begin in range(2 * 4096, len(content), 4096):
        content[begin : begin + 64] = b"\xa5" * 64
    folder.ledger.write_bytes(bytes(content))
    return bytes(content)


def test_a_garbled_page_stops_the_run_before_anything_is_written(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    content = garbled(folder)
    drop(folder, "september.csv", log("2026-09"))
    with pytest.raises(DamagedLedger, match="run --rebuild"):
        run(folder)
    assert folder.ledger.read_bytes() == content
    assert (folder.inbox / "september.csv").exists()
    assert "run --rebuild" in folder.status_page.read_text("utf-8")
    run(folder, rebuild=True)
    assert (folder.root / "old-ledger.sqlite").read_bytes() == content
    done = rows(folder, "SELECT name FROM files WHERE state = 'archived' ORDER BY name")
    assert [row["name"] for row in done] == ["october.csv", "september.csv"]


def changed(folder, script):
    with closing(sqlite3.connect(folder.ledger)) as db:
        db.executescript(script)


def foreign(folder, schema):
    folder.ledger.unlink()
    changed(folder, f"CREATE TABLE birds (name); PRAGMA user_version = {schema};")


UNUSABLE = {
    "another program's": lambda folder: foreign(folder, 0),
    "another program's, of the same version": lambda folder: foreign(folder, len(MIGRATIONS)),
    "without a column": lambda folder: changed(folder, "ALTER TABLE files DROP COLUMN ahead"),
    "with a record that is none": lambda folder: changed(folder, "UPDATE files SET months = '{'"),
    "empty": lambda folder: folder.ledger.write_bytes(b""),
    "gone": lambda folder: folder.ledger.unlink(),
}


@pytest.mark.parametrize("damage", UNUSABLE.values(), ids=UNUSABLE)
def test_a_ledger_that_cannot_be_gone_on_with_is_said_everywhere_with_its_way_out(folder, damage):
    drop(folder, "october.csv", ONE)
    run(folder)
    damage(folder)
    drop(folder, "september.csv", log("2026-09"))
    with pytest.raises(DamagedLedger, match="run --rebuild"):
        run(folder)
    assert (folder.inbox / "september.csv").exists()
    assert "run --rebuild" in folder.status_page.read_text("utf-8")
    for words in ((), ("--doctor",)):
        ran = CliRunner().invoke(main, ["status", str(folder.root), *words])
        assert ran.exit_code != 0
        assert "run --rebuild" in ran.output
    run(folder, rebuild=True)
    done = rows(folder, "SELECT name FROM files WHERE state = 'archived' ORDER BY name")
    assert [row["name"] for row in done] == ["october.csv", "september.csv"]
    assert "run --rebuild" not in folder.status_page.read_text("utf-8")


def test_a_ledger_of_a_newer_program_is_left_alone_and_stands_on_the_page(folder):
    run(folder)
    changed(folder, "PRAGMA user_version = 99")
    with pytest.raises(DamagedLedger, match="update clinicreport"):
        run(folder)
    assert version(folder.ledger) == 99
    assert "update clinicreport" in folder.status_page.read_text("utf-8")


def test_damage_that_shows_late_is_said_as_damage(folder, monkeypatch):
    run(folder)
    garbled(folder)
    monkeypatch.setattr(Ledger, "_set_up", lambda _, **__: None)  # as if it came about since
    opened = Ledger(folder.ledger)
    with pytest.raises(DamagedLedger, match="run --rebuild"):
        opened.archived_files()
    with pytest.raises(DamagedLedger, match="run --rebuild"), opened.change() as change:
        change.note("received", "a")
    opened.close()


def test_a_change_that_fails_changes_nothing(tmp_path):
    opened = Ledger(tmp_path / "ledger.sqlite")
    with pytest.raises(ZeroDivisionError), opened.change() as change:
        change.note("received", "a")
        raise ZeroDivisionError
    assert opened.history() == []
    opened.close()


def test_a_row_has_every_column_of_its_table(tmp_path):
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    kinds = {
        "files": ledger_rows.FileRow,
        "due": ledger_rows.DueMonth,
        "reports": ledger_rows.ReportRow,
        "messages": ledger_rows.MessageRow,
        "purges": ledger_rows.PurgeRow,
    }
    with closing(sqlite3.connect(path)) as db:
        for table, kind in kinds.items():
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            assert columns == {field.name for field in fields(kind)}, table


VERBS = "SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|PRAGMA|BEGIN|COMMIT|VACUUM|WITH"
PACKAGE = Path(ledger.__file__).parents[1]


def says_sql(path):
    """Texts of a module that begin as a statement of SQL, and its import of sqlite3."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.match(rf"\s*({VERBS})\b", node.value):
                yield node.value
        elif isinstance(node, ast.Import | ast.ImportFrom) and "sqlite3" in ast.unparse(node):
            yield ast.unparse(node)


def test_sql_stands_in_one_module():
    speaking = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(says_sql(path))
    }
    assert speaking == {"folder/ledger.py"}


def test_mail_knows_no_folder():
    modules = sorted((PACKAGE / "mail").glob("*.py"))
    assert modules
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "clinicreport.folder" not in ast.unparse(node), path.name


# --------------------------------------------------------------------------------- rebuild


def full(folder):
    """A folder with versions, two names, a wish, a rejected file and three months."""
    drop(folder, "september.csv", faulty("2026-09"))
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "october.csv", TWO)
    drop(folder, "october b.csv", log(patients=("P-8",)))
    drop(folder, "november.csv", log("2026-11"))
    drop(folder, "broken.xlsx", b"PK\x03\x04")
    run(folder)
    drop(folder, "november second.csv", log("2026-11", scores=(7, 5, 5)))
    run(folder, replaces=["november.csv"])


def without_report_words(end):
    """The counted files, and what the newest report of each month rests on."""
    return [
        (row["sha256"], row["path"], row["month"], row["months"], row["version"], row["counts"])
        for row in end["files"]
        if row["state"] == "archived"
    ]


def figures(folder):
    return {
        path.parent.name: (facts(path)["inputs"], facts(path)["courses"])
        for path in folder.reports.glob("*/clinic-report-????-??.xlsx")
    }


def test_the_archive_alone_is_enough(folder, tmp_path):
    full(folder)
    before, shown = without_report_words(end_state(folder)), figures(folder)
    anew = make_folder(tmp_path / "anew")
    shutil.rmtree(anew.archive)
    shutil.copytree(folder.archive, anew.archive)
    with pytest.raises(UsageError, match="--rebuild"):
        run(anew)
    done = run(anew, rebuild=True)
    assert without_report_words(end_state(anew)) == before
    assert figures(anew) == shown
    assert done.messages == []
    assert rows(anew, "SELECT * FROM messages") == []
    assert not run(anew).anything


def test_without_its_index_the_archives_folders_are_enough(folder, tmp_path):
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "october.csv", TWO)
    drop(folder, "november.csv", log("2026-11"))
    run(folder)
    before, shown = without_report_words(end_state(folder)), figures(folder)
    anew = make_folder(tmp_path / "anew")
    shutil.rmtree(anew.archive)
    shutil.copytree(folder.archive, anew.archive)
    (anew.archive / "index.csv").unlink()
    run(anew, rebuild=True)
    assert without_report_words(end_state(anew)) == before
    assert figures(anew) == shown


def test_a_rebuild_keeps_reports_and_the_rejected_and_mails_nobody_twice(folder):
    full(folder)
    kept = {path: path.read_bytes() for path in folder.reports.glob("*/*.v*.xlsx")}
    last = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    content = last.read_bytes()
    drafts = len(list(folder.outbox.rglob("*.eml")))
    folder.ledger.unlink()
    run(folder, rebuild=True)
    assert {path: path.read_bytes() for path in kept} == kept
    assert sha(content) in {
        sha(path.read_bytes()) for path in last.parent.glob("clinic-report-2026-10*.xlsx")
    }
    assert len(list(folder.outbox.rglob("*.eml"))) == drafts
    (rejected,) = rows(folder, "SELECT * FROM files WHERE state = 'rejected'")
    assert rejected["name"] == "broken.xlsx"
    drop(folder, "october.csv", TWO)
    assert run(folder).repeated == ["october.csv"]


def test_after_a_rebuild_new_logs_are_mailed_again(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    folder.ledger.unlink()
    run(folder, rebuild=True)
    drop(folder, "october.csv", TWO)
    assert [one["state"] for one in run(folder).messages] == ["drafted"]
