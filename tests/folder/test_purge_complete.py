"""A purge reaches every copy, says what it left, and ends the same wherever it was stopped."""

import random
import sqlite3
from contextlib import suppress

import pytest
from click.testing import CliRunner
from clinic_folders import (
    SETTINGS,
    TODAY,
    contents,
    copied,
    drop,
    end_state,
    log,
    make_fast,
    make_folder,
    request,
    rows,
    run,
)
from killed import killed_at, killed_randomly, needs_a_server

from clinicreport.commands.cli import main
from clinicreport.folder import purging, steps
from clinicreport.folder.open_folder import opened

pytestmark = pytest.mark.usefixtures("fast")

PATIENT = "H-014"
WITH = ("H-014", "P-2")


@pytest.fixture(scope="module")
def before(ground):
    """Three months, two of them with the patient, drafts of all, a rejected log, a rebuild."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = make_folder(ground / "before" / "clinic")
        for month, patients in (("2026-08", ("P-2",)), ("2026-09", WITH), ("2026-10", WITH)):
            drop(folder, f"{month}.csv", log(month, patients=patients))
        run(folder)
        drop(folder, "2026-10.csv", log("2026-10", patients=WITH, scores=(7, 5, 3)))
        drop(folder, "later.csv", log("2027-10", patients=WITH))  # all in the future
        run(folder)
        (folder.rejected / "later-marked.csv").write_bytes(log("2027-10", patients=WITH))
        (folder.root / "old-ledger.sqlite").write_bytes(b"H-014 in a table")
        (folder.looking / "0a1b").mkdir(parents=True)
        for name in ("october.csv", ".cache"):
            (folder.looking / "0a1b" / name).write_text(PATIENT)
        (folder.outbox / "2026-10-manager-of-old-9.eml").write_text(PATIENT)
        (folder.outbox / "2026-08-manager-of-old-8.eml").write_text("another month")
    return folder


def begun(folder):
    with opened(folder, request(folder)) as clinic:
        purging.begin(clinic, purging.PATIENT, PATIENT, "M. Example", "asked for")
    return folder


def told(folder):
    (row,) = rows(folder, "SELECT text FROM events WHERE kind = 'purged'")
    return row["text"]


@pytest.fixture(scope="module")
def undisturbed(before, ground):
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = begun(copied(before, ground / "undisturbed"))
        passed = []
        patch.setattr(steps, "hook", passed.append)
        run(folder)
        return folder, end_state(folder), passed


def holding(folder, word=PATIENT):
    """The files in which the patient stands, the ledger's pages included."""
    return sorted(
        path.relative_to(folder.root).as_posix()
        for path in folder.root.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    )


def test_nothing_of_the_patient_is_left_anywhere(before, undisturbed):
    folder, _, _ = undisturbed
    assert len(holding(before)) >= 8
    assert holding(folder) == []
    assert not (folder.root / "old-ledger.sqlite").exists()
    assert (folder.outbox / "2026-08-manager-of-old-8.eml").exists()
    assert (folder.reports / "2026-08" / "clinic-report-2026-08.xlsx").exists()
    for path in folder.archive.rglob("2026-*.csv"):
        assert b"P-2" in path.read_bytes()
    assert "removed from 4 files" in told(folder)


@pytest.mark.once
@needs_a_server
def test_killed_at_every_point_it_ends_the_same(before, undisturbed, ground):
    _, end, passed = undisturbed
    points = [name for name in dict.fromkeys(passed) if name.startswith("purge: ")]
    assert len(points) >= 6
    tried = [(name, nth) for name in points for nth in (1, passed.count(name))]
    for number, (name, nth) in enumerate(dict.fromkeys(tried)):
        folder = begun(copied(before, ground / f"at {number}"))
        assert killed_at(folder, name, nth), name
        run(folder)
        assert end_state(folder) == end, (name, nth)
        assert holding(folder) == []
        assert "removed from 4 files" in told(folder)


@pytest.mark.once
@needs_a_server
def test_killed_at_random_points(before, undisturbed, ground):
    _, end, passed = undisturbed
    chance = random.Random(19)
    for number in range(3):
        folder = begun(copied(before, ground / f"random {number}"))
        killed_randomly(folder, chance, passed)
        run(folder)
        assert end_state(folder) == end
        assert holding(folder) == []


def purged(folder, *words):
    asked = ["--patient", PATIENT, "--who", "M. Example", "--why", "asked", "--today", TODAY]
    return CliRunner().invoke(main, ["purge", str(folder.root), *asked, *words])


def test_a_dry_run_names_every_place_and_touches_none(before, tmp_path):
    folder = copied(before, tmp_path)
    drop(folder, "again.csv", log("2026-11", patients=WITH))
    ran = purged(folder, "--dry-run")
    assert ran.exit_code == 0, ran.output
    places_said = [name for name in holding(before) if name not in ("ledger.sqlite", "STATUS.html")]
    assert [name for name in places_said if name not in ran.output] == []
    assert "inbox/again.csv: the patient is in it" in ran.stderr
    assert "2026-08" not in ran.stdout
    assert set(holding(before)) <= set(holding(folder))


def test_what_lies_in_the_inbox_or_cannot_be_read_is_named_as_left(before, tmp_path):
    folder = copied(before, tmp_path)
    drop(folder, "again.csv", log("2026-11", patients=WITH))
    (folder.rejected / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0 no workbook")
    ran = purged(folder, "--yes")
    assert ran.exit_code == 5, ran.output
    assert "rejected/locked.xlsx, inbox/again.csv" in told(folder)
    assert "rejected/locked.xlsx: it cannot be searched (" in ran.stderr
    assert "). Look yourself whether the patient is in it; if so, delete the file" in ran.stderr
    assert holding(folder) == ["inbox/again.csv"]


def test_a_patient_who_is_in_copies_alone_is_removed_from_them(before, tmp_path):
    folder = copied(before, tmp_path)
    (folder.looking / "other.csv").write_bytes(log(patients=("Z-9",)))
    (folder.archive / "2026-10" / "stray.csv").write_bytes(log(patients=("Z-9", "P-2")))
    asked = ["--patient", "Z-9", "--who", "M. Example", "--why", "asked", "--today", TODAY]
    ran = CliRunner().invoke(main, ["purge", str(folder.root), *asked, "--yes"])
    assert ran.exit_code == 0, ran.output
    assert "looking/other.csv (deleted)" in ran.stdout
    assert "archive/2026-10/stray.csv" in ran.stdout
    assert holding(folder, "Z-9") == []
    assert b"P-2" in (folder.archive / "2026-10" / "stray.csv").read_bytes()
    ran = CliRunner().invoke(main, ["purge", str(folder.root), *asked, "--yes"])
    assert "Nothing of that is here" in ran.stdout


def test_an_older_month_takes_its_names_and_marked_copies_along(before, tmp_path):
    folder = copied(before, tmp_path)
    asked = ["--older-than", "2027-01", "--who", "M. Example", "--why", "time", "--yes"]
    ran = CliRunner().invoke(main, ["purge", str(folder.root), *asked, "--today", TODAY])
    assert ran.exit_code == 0, ran.output
    assert holding(folder) == []
    with sqlite3.connect(folder.ledger) as db:
        assert "2026-10.csv" not in "\n".join(db.iterdump())
    assert list(folder.outbox.rglob("*.eml")) == []


def ids_purged(folder, patient, *words):
    asked = ["--patient", patient, "--who", "M. Example", "--why", f"{patient} asked"]
    return CliRunner().invoke(
        main, ["purge", str(folder.root), *asked, "--today", TODAY, "--yes", *words]
    )


def test_a_held_correction_of_the_patients_rows_alone_is_a_mere_copy_afterwards(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    content = log(patients=WITH)
    drop(folder, "october.csv", content)
    run(folder)
    first = f"{PATIENT},2026-10-05,7".encode()
    drop(folder, "corrected.csv", content.replace(first, first[:-1] + b"6"))
    assert run(folder).held
    ran = ids_purged(folder, PATIENT)
    assert ran.exit_code == 0, ran.output
    assert "Removed. The record" in ran.stdout
    after = run(folder)
    assert (after.held, after.problems) == ([], [])
    assert list(folder.staging.rglob("*.csv")) == []
    assert holding(folder) == []
    (counted,) = rows(folder, "SELECT name, rows FROM files WHERE state = 'archived'")
    assert counted == {"name": "october.csv", "rows": 3}


def test_logs_of_the_patient_alone_may_come_to_the_same(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    for month in ("2026-09", "2026-10"):
        drop(folder, f"{month}.csv", log(month, patients=(PATIENT,)))
    drop(folder, "2026-08.csv", log("2026-08", patients=("P-2",)))
    run(folder)
    ran = ids_purged(folder, PATIENT)
    assert ran.exit_code == 0, ran.output
    assert holding(folder) == []
    assert [one["file"] for one in run(folder).reports] == []
    (counted,) = rows(folder, "SELECT name FROM files WHERE state = 'archived'")
    assert counted["name"] == "2026-08.csv"


def test_logs_that_both_count_and_come_to_the_same_count_once(tmp_path):
    both = '[folder]\nboth = [["evening.csv", "morning.csv"]]'
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[folder]", both))
    morning = log(patients=WITH, scores=(7, 6))
    drop(folder, "morning.csv", morning)
    drop(folder, "evening.csv", morning.replace(b"H-014,2026-10-05,7", b"H-014,2026-10-05,8"))
    assert len(run(folder).archived) == 2
    ran = ids_purged(folder, PATIENT)
    assert ran.exit_code == 0, ran.output
    counted = "SELECT rows FROM files WHERE state = 'archived' AND superseded_by IS NULL"
    assert [row["rows"] for row in rows(folder, counted)] == [2]


def test_what_names_the_patient_in_passing_is_said_and_left(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    said = log("2026-09", patients=("P-2",), therapist=f"see {PATIENT}")
    drop(folder, "2026-09.csv", said)
    drop(folder, "2026-10.csv", log(patients=WITH, therapist=f"see {PATIENT}"))
    run(folder)
    ran = ids_purged(folder, PATIENT)
    assert ran.exit_code == 5
    assert "archive/2026-09/2026-09.csv: line 2 still names the patient (and 2 more" in ran.stderr
    assert "archive/2026-10/2026-10.csv: line 5 still names the patient (and 2 more" in ran.stderr
    assert (folder.archive / "2026-09" / "2026-09.csv").read_bytes() == said
    for path in folder.archive.glob("2026-*/*.csv"):  # as the sentence says
        path.write_bytes(path.read_bytes().replace(PATIENT.encode(), b"another"))
    ran = ids_purged(folder, PATIENT)
    assert ran.exit_code == 0, ran.output
    assert holding(folder) == []


def test_the_record_and_other_peoples_lines_do_not_name_the_patient(before, tmp_path):
    folder = copied(before, tmp_path)
    (folder.archive / "2026-10" / "stray.csv").write_bytes(log(patients=WITH))
    lines = f"rule,patient,date,who,why\r\nduplicate,P-2,,M. Example,not {PATIENT}\r\n"
    folder.acknowledged.write_text(lines)
    dry = ids_purged(folder, PATIENT, "--dry-run")
    for name in ("acknowledged.csv", "archive/2026-10/stray.csv"):
        assert f"  {name} (what is the patient's)" in dry.stdout
    assert ids_purged(folder, PATIENT).exit_code == 0
    assert holding(folder) == []
    assert "M. Example,not …" in folder.acknowledged.read_text("utf-8-sig")
    assert told(folder).endswith("asked for by M. Example: … asked")


def test_a_log_named_after_the_patient_gets_another_name(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, f"{PATIENT} and others.csv", log(patients=WITH))
    drop(folder, f"{PATIENT}.csv", log("2026-09", patients=("P-5",)))
    drop(folder, f"{PATIENT} later.csv", log("2027-10", patients=WITH))
    run(folder)
    drop(folder, "again.csv", log("2026-09", patients=("P-5",), scores=(7, 5, 4)))
    run(folder)
    with (folder.root / "clinic.toml").open("a") as settings:
        settings.write(f"# {PATIENT} moved away\n")
    other = copied(folder, tmp_path / "stopped")
    ran = ids_purged(folder, PATIENT)
    assert ran.exit_code == 5
    assert "clinic.toml still names the patient: take them out of it" in ran.stderr
    (folder.root / "clinic.toml").write_text(SETTINGS)
    assert holding(folder) == []
    assert [path for path in folder.root.rglob("*") if PATIENT in path.name] == []
    names = sorted(path.name for path in folder.archive.glob("2026-*/*.csv"))
    assert names == ["removed and others.csv", "removed.csv"]
    done = run(folder)
    assert done.problems == []
    assert [one["old"] for one in done.held] == ["removed.csv"]
    assert (folder.rejected / "removed later.csv.reason.txt").is_file()

    def stop(point):
        if point == "purge: renamed":
            raise KeyboardInterrupt

    (other.root / "clinic.toml").write_text(SETTINGS)
    begun(other)
    for _ in range(3):  # each file's new name
        monkeypatch.setattr(steps, "hook", stop)
        with suppress(KeyboardInterrupt):
            run(other)
    monkeypatch.undo()
    make_fast(monkeypatch)
    assert run(other).problems == []
    assert holding(other) == []
    assert sorted(path.name for path in other.archive.glob("2026-*/*.csv")) == names
    assert contents(other) == contents(folder)
