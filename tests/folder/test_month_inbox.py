"""What is taken from the inbox, what waits, and that nothing is lost or doubled."""

import errno
import io
import os
import stat
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic_folders import (
    TODAY,
    contents,
    drop,
    end_state,
    facts,
    faulty,
    log,
    make_folder,
    request,
    rows,
    run,
    sha,
)

from clinicreport.commands.cli import main
from clinicreport.folder import inbox, lock, whole_files
from clinicreport.folder.rounds import Watcher, run_once
from clinicreport.ground.errors import OutputError, UsageError

pytestmark = pytest.mark.usefixtures("fast")

ONE, TWO = log(), log(scores=(7, 6, 3))


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "clinic")


def names(place):
    return sorted(p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file())


def archived(folder):
    return [name for name in names(folder.archive) if name != "index.csv"]


def waiting(done):
    return {one["file"]: one["why"] for one in done.waiting}


# ------------------------------------------------------------------------------- what settles


def test_a_file_is_archived_as_it_came_and_taken_from_the_inbox(folder):
    drop(folder, "october.csv", ONE)
    done = run(folder)
    assert [one["month"] for one in done.archived] == ["2026-10"]
    assert (folder.archive / "2026-10" / "october.csv").read_bytes() == ONE
    assert names(folder.inbox) == []
    assert not run(folder).anything


def test_a_slow_copy_waits_until_it_is_whole(folder):
    path = folder.inbox / "october.csv"
    settings = request(folder).config.folder
    half = len(ONE) // 2

    def copy_on(_seconds):
        with path.open("ab") as file:
            file.write(ONE[path.stat().st_size :][:1])

    path.write_bytes(ONE[:half])
    found = inbox.look(folder.inbox, [], settings, inbox.Settling(), sleep=copy_on)
    assert (found.ready, list(found.waiting)) == ([], ["october.csv"])
    assert "still being copied" in found.waiting["october.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_a_copy_that_pauses_for_long_is_seen_by_its_open_file(folder):
    with (folder.inbox / "october.csv").open("wb") as file:
        file.write(ONE[: len(ONE) // 2])
        file.flush()
        done = run(folder)
        assert "written by another program" in waiting(done)["october.csv"]
        file.write(ONE[len(ONE) // 2 :])
    assert run(folder).archived[0]["visits"] == 6
    assert archived(folder) == ["2026-10/october.csv"]


def test_a_run_says_the_rows_of_each_log_and_warns_last(folder):
    drop(folder, "october.csv", ONE + b"P-1,soon,7,3,12,B. Example\r\n")
    ran = CliRunner().invoke(main, ["run", str(folder.root), "--today", str(TODAY)])
    assert ran.exit_code == 0, ran.output
    assert "october.csv: 7 rows = 6 used + 1 set aside, archived under 2026-10" in ran.stdout
    last = ran.stdout.splitlines()[-1]
    assert last == "october.csv: 1 of 7 rows were set aside and count nowhere: run check."


def test_what_was_written_late_comes_in_as_a_new_version(folder, monkeypatch):
    """A file share cannot tell who writes: a half log may be taken, but the rest is not lost."""
    monkeypatch.setattr(inbox, "in_use", lambda _: False)
    path = drop(folder, "october.csv", ONE[:-30])
    original = whole_files.sha256_of
    calls = []

    def then_more(asked):
        result = original(asked)
        if asked == path and not calls:
            calls.append(asked)
            path.write_bytes(ONE)
        return result

    monkeypatch.setattr("clinicreport.folder.receiving.sha256_of", then_more)
    first = run(folder)
    assert "changed while it was read" in waiting(first)["october.csv"]
    assert run(folder).archived[0]["sha256"] == sha(ONE)


def test_a_file_replaced_while_it_was_examined_is_not_removed(folder, monkeypatch):
    path = drop(folder, "october.csv", ONE)
    from clinicreport.folder import intake

    examine = intake.examine

    def replaced_meanwhile(paths, asked):
        path.write_bytes(TWO)
        return examine(paths, asked)

    monkeypatch.setattr(intake, "examine", replaced_meanwhile)
    run(folder)
    assert {sha(ONE), sha(TWO)} <= contents(folder)
    monkeypatch.setattr(intake, "examine", examine)
    assert run(folder).archived[0]["replaces"] == "october.csv"
    assert archived(folder) == ["2026-10/october.csv", "2026-10/v2/october.csv"]


@pytest.mark.parametrize("mark", ["~$october.csv", ".~lock.october.csv#"])
def test_open_in_a_spreadsheet_program_waits(folder, mark):
    drop(folder, "october.csv", ONE)
    drop(folder, mark, b"owner")
    assert "is open in a spreadsheet program" in waiting(run(folder))["october.csv"]
    (folder.inbox / mark).unlink()
    assert run(folder).archived


def test_what_programs_leave_behind_is_left_alone(folder):
    for name in ("~$x.xlsx", "x.tmp", "x.part", "Thumbs.db", ".DS_Store", "x.crdownload"):
        drop(folder, name, b"x")
    done = run(folder)
    assert not done.archived + done.rejected + done.waiting
    assert len(names(folder.inbox)) == 6


def test_folders_and_links_wait_with_a_word(folder, tmp_path):
    (folder.inbox / "more").mkdir()
    (tmp_path / "outside.csv").write_bytes(ONE)
    (folder.inbox / "link.csv").symlink_to(tmp_path / "outside.csv")
    os.mkfifo(folder.inbox / "pipe.csv")
    assert set(waiting(run(folder))) == {"more", "link.csv", "pipe.csv"}
    assert (tmp_path / "outside.csv").exists()


def test_a_locked_file_waits_and_the_others_go_on(folder, monkeypatch):
    drop(folder, "a.csv", ONE)
    drop(folder, "b.csv", log("2026-09"))
    from clinicreport.folder import receiving

    original = receiving.sha256_of

    def locked(path):
        if path.name == "a.csv" and path.parent == folder.inbox:
            raise PermissionError(errno.EACCES, "Permission denied")
        return original(path)

    monkeypatch.setattr(receiving, "sha256_of", locked)
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["b.csv"]
    assert "cannot be opened now" in waiting(done)["a.csv"]
    monkeypatch.setattr(receiving, "sha256_of", original)
    assert [one["file"] for one in run(folder).archived] == ["a.csv"]


def test_names_that_no_other_system_could_keep(folder):
    odd = os.fsdecode(b"okt\xff.csv")
    drop(folder, odd, ONE)
    drop(folder, "a\nb.csv", log("2026-09"))
    drop(folder, "CON.csv", log("2026-08"))
    run(folder)
    assert archived(folder) == ["2026-08/_CON.csv", "2026-09/a_b.csv", "2026-10/okt_.csv"]
    assert {sha(ONE), sha(log("2026-09"))} <= contents(folder)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.csv", "a.csv"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
        ("..", "unnamed"),
        ("a/b.csv", "a_b.csv"),
        ("lpt1.xlsx", "_lpt1.xlsx"),
        ("Märzlog.xlsx", "Märzlog.xlsx"),
    ],
)
def test_kept_names(name, kept):
    assert whole_files.kept_name(name) == kept


# --------------------------------------------------------------------------- versions, twins


def test_the_same_content_again_is_processed_once_and_mailed_once(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "october.csv", ONE)
    drop(folder, "copy of october.csv", ONE)
    done = run(folder)
    assert sorted(done.repeated) == ["copy of october.csv", "october.csv"]
    assert not done.archived + done.reports + done.messages
    assert archived(folder) == ["2026-10/october.csv"]
    assert names(folder.inbox) == []


def test_twins_in_one_drop_are_one_log(folder):
    drop(folder, "a.csv", ONE)
    drop(folder, "b.csv", ONE)
    done = run(folder)
    assert (len(done.archived), done.repeated) == (1, ["b.csv"])
    assert names(folder.inbox) == []


def test_a_corrected_log_replaces_the_earlier_one_and_says_what_changed(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "October.CSV".lower(), TWO)
    done = run(folder)
    assert done.archived[0]["replaces"] == "october.csv"
    assert archived(folder) == ["2026-10/october.csv", "2026-10/v2/october.csv"]
    assert (folder.archive / "2026-10" / "october.csv").read_bytes() == ONE
    place = folder.reports / "2026-10"
    now = facts(place / "clinic-report-2026-10.xlsx")
    assert [entry[1] for entry in now["inputs"]] == [sha(TWO)]
    settings = dict(now["settings"])
    assert settings["This report replaces"].startswith("version 1 of ")
    assert settings["What changed since then"].startswith(
        "2 values changed: P-1 on 2026-10-09: NRS before 4 → 3 (C4)"
    )
    before = facts(place / "clinic-report-2026-10.v1.xlsx")
    assert [entry[1] for entry in before["inputs"]] == [sha(ONE)]
    assert (place / "changes.v2.csv").is_file()


def test_taking_a_correction_back_works_too(folder):
    for content in (ONE, TWO, ONE):
        drop(folder, "october.csv", content)
        run(folder)
    counted = rows(folder, "SELECT * FROM files WHERE superseded_by IS NULL")
    assert [(row["sha256"], row["version"]) for row in counted] == [(sha(ONE), 3)]
    assert len(archived(folder)) == 3


def test_under_another_name_both_count(folder):
    drop(folder, "october b.csv", ONE)
    drop(folder, "october c.csv", log(patients=("P-8",), therapist="C. Example"))
    run(folder)
    report = facts(folder.reports / "2026-10" / "clinic-report-2026-10.xlsx")
    assert len(report["inputs"]) == 2


def test_one_name_for_every_months_log_is_no_correction(folder):
    drop(folder, "log.csv", log("2026-09"))
    run(folder)
    drop(folder, "log.csv", ONE)
    assert run(folder).archived[0]["replaces"] is None
    grown = log("2026-09") + b"\r\n".join([*ONE.splitlines()[1:], b""])
    grown += b"\r\n".join(log("2026-11").splitlines()[1:])
    drop(folder, "log.csv", grown)
    assert run(folder).archived[0]["replaces"] == "log.csv"
    found = rows(folder, "SELECT id FROM files WHERE superseded_by IS NULL")
    assert [row["id"] for row in found] == [3]  # both months' logs are in it


def test_a_log_that_grows_replaces_itself_in_another_month(folder):
    small = log("2026-09", patients=("P-1",))
    drop(folder, "log.csv", small)
    run(folder)
    drop(folder, "log.csv", small + b"\r\n".join(ONE.splitlines()[1:]))
    done = run(folder)
    assert (done.archived[0]["month"], done.archived[0]["replaces"]) == ("2026-10", "log.csv")
    assert sorted(one["month"] for one in done.reports) == ["2026-09", "2026-10"]


def test_replaces_names_the_log_that_goes(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "october corrected.csv", TWO)
    with pytest.raises(UsageError, match=r"no log nothing\.csv"):
        run(folder, replaces=["nothing.csv"])
    done = run(folder, replaces=["october.csv"])
    assert done.archived[0]["replaces"] == "october.csv"
    assert rows(folder, "SELECT * FROM wishes") == []


def test_replaces_with_several_files_wants_to_know_which(folder):
    drop(folder, "old.csv", ONE)
    run(folder)
    drop(folder, "a.csv", TWO)
    drop(folder, "b.csv", log("2026-09"))
    with pytest.raises(UsageError, match="say which one"):
        run(folder, replaces=["old.csv"])
    done = run(folder, replaces=["a.csv=old.csv"])
    assert {one["file"]: one["replaces"] for one in done.archived} == {
        "a.csv": "old.csv",
        "b.csv": None,
    }


def test_a_changed_month_makes_later_reports_anew_only_where_they_differ(folder):
    drop(folder, "september.csv", log("2026-09"))
    drop(folder, "october.csv", ONE)
    drop(folder, "november.csv", log("2026-11", patients=("P-5",)))
    run(folder)
    drop(folder, "september.csv", log("2026-09", scores=(9, 6, 4)))
    done = run(folder)
    assert {one["month"]: one["version"] for one in done.reports}["2026-09"] == 2
    # The chart by month of every later report shows September.
    assert {one["month"] for one in done.reports} == {"2026-09", "2026-10", "2026-11"}
    drop(folder, "september.csv", log("2026-09", scores=(9, 6, 4), therapist="C. Example"))
    assert {one["month"] for one in run(folder).reports} == {"2026-09"}


# --------------------------------------------------------------------------------- rejected


def test_a_workbook_whose_parts_cannot_be_unpacked_stops_no_other(folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "abcdefgh" * 3000)
    spoilt = bytearray(packed.getvalue())
    begin = 30 + len("xl/sharedStrings.xml")
    spoilt[begin : begin + 12] = b"\xff" * 12
    drop(folder, "a spoilt.xlsx", bytes(spoilt))
    drop(folder, "october.csv", ONE)
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["october.csv"]
    assert [one["file"] for one in done.rejected] == ["a spoilt.xlsx"]


def test_only_what_cannot_be_used_is_rejected_with_its_reason(folder):
    drop(folder, "broken.xlsx", b"PK\x03\x04 cut off")
    drop(folder, "empty.csv", b"")
    drop(folder, "blank.csv", ONE.splitlines()[0] + b"\r\n")
    drop(folder, "faults.csv", faulty())
    done = run(folder)
    assert sorted(one["file"] for one in done.rejected) == ["blank.csv", "broken.xlsx", "empty.csv"]
    assert [one["file"] for one in done.archived] == ["faults.csv"]
    assert names(folder.inbox) == []
    reason = (folder.rejected / "broken.xlsx.reason.txt").read_text(encoding="utf-8-sig")
    assert "broken.xlsx" in reason
    assert "run --retry" in reason
    assert (folder.rejected / "broken.xlsx").read_bytes() == b"PK\x03\x04 cut off"


def test_a_rejected_file_is_tried_again_on_request_and_when_it_comes_again(folder, monkeypatch):
    settings = folder.root / "clinic.toml"
    text = settings.read_text(encoding="utf-8")
    odd = ONE.replace(b"Pain before", b"Schmerz zuvor")
    drop(folder, "october.csv", odd)
    assert run(folder).rejected
    assert not run(folder).rejected
    assert run(folder, retry=True).rejected
    drop(folder, "october.csv", odd)
    assert run(folder).rejected
    assert len([name for name in names(folder.rejected) if name.startswith("october")]) <= 3
    alias = text + '\n[aliases]\nnrs_before = ["Schmerz zuvor"]\n'
    settings.write_text(alias, encoding="utf-8")
    assert run(folder, retry=True).archived[0]["file"] == "october.csv"
    assert archived(folder) == ["2026-10/october.csv"]
    assert names(folder.rejected) == []  # no reason is left of what was taken


def test_a_file_that_was_mended_in_rejected_itself_is_taken(folder):
    drop(folder, "october.csv", b"nothing of use")
    run(folder)
    (folder.rejected / "october.csv").write_bytes(ONE)
    assert run(folder).archived[0]["file"] == "october.csv"
    assert not (folder.rejected / "october.csv").exists()
    assert (
        rows(folder, "SELECT * FROM files WHERE state = 'rejected' AND superseded_by IS NULL") == []
    )


def test_a_corrected_file_settles_the_rejected_one(folder):
    drop(folder, "october.csv", b"nothing of use")
    run(folder)
    drop(folder, "october.csv", ONE)
    run(folder)
    left = rows(folder, "SELECT * FROM files WHERE state = 'rejected' AND superseded_by IS NULL")
    assert left == []
    assert (folder.rejected / "october.csv").read_bytes() == b"nothing of use"


def test_an_error_of_ours_rejects_one_file_and_not_the_others(folder, monkeypatch):
    from clinicreport.path import check_logs

    check = check_logs

    def fails(paths, asked):
        if any("odd" in str(path) for path in paths):
            raise KeyError("P-1 must not be quoted")
        return check(paths, asked)

    monkeypatch.setattr("clinicreport.folder.examine.check_logs", fails)
    drop(folder, "odd.csv", ONE)
    drop(folder, "even.csv", log("2026-09"))
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["even.csv"]
    assert "KeyError" in done.rejected[0]["reason"]
    assert "P-1" not in done.rejected[0]["reason"]


# -------------------------------------------------------------- disks, shares, clocks, others


def test_a_full_disk_leaves_everything_and_the_next_run_goes_on(folder, monkeypatch):
    drop(folder, "october.csv", ONE)
    fsync, full = os.fsync, [True]

    def no_room(handle):
        if full[0] and stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")
        return fsync(handle)

    monkeypatch.setattr(os, "fsync", no_room)
    done = run(folder)
    assert any("No space left" in text for text in done.problems)
    assert (folder.inbox / "october.csv").read_bytes() == ONE
    full[0] = False
    assert run(folder).reports
    assert not list(folder.root.rglob("*.tmp"))


def test_a_disk_that_fills_up_before_the_report_keeps_the_old_one(folder, monkeypatch):
    drop(folder, "october.csv", ONE)
    run(folder)
    before = (folder.reports / "2026-10" / "clinic-report-2026-10.xlsx").read_bytes()
    drop(folder, "october.csv", TWO)
    write = whole_files.write_whole

    def no_room(path, content, step="write"):
        if step == "report":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content, step)

    monkeypatch.setattr("clinicreport.folder.month_reports.write_whole", no_room)
    done = run(folder)
    assert "not made yet" in done.problems[0]
    assert (folder.reports / "2026-10" / "clinic-report-2026-10.xlsx").read_bytes() == before
    assert not done.messages
    monkeypatch.setattr("clinicreport.folder.month_reports.write_whole", write)
    assert run(folder).reports[0]["version"] == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
def test_a_really_full_disk(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "none", place], check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount")
    try:
        folder = make_folder(place / "clinic")
        drop(folder, "october.csv", ONE)
        ballast = place / "ballast"
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
            while file.write(b"x" * 4096):
                pass
        with pytest.raises(OutputError):
            run(folder)
        assert (folder.inbox / "october.csv").read_bytes() == ONE
        ballast.unlink()
        assert run(folder).reports
        assert facts(folder.reports / "2026-10" / "clinic-report-2026-10.xlsx")
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_read_only_folder_is_said_before_anything_begins(folder, monkeypatch):
    drop(folder, "october.csv", ONE)

    def refused(self, data):
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "write_bytes", refused)
    with pytest.raises(OutputError, match="nothing can be written here"):
        run(folder)
    monkeypatch.undo()
    assert names(folder.inbox) == ["october.csv"]
    assert archived(folder) == []


def test_a_share_that_vanishes_and_comes_back(folder, tmp_path):
    drop(folder, "october.csv", ONE)
    away = tmp_path / "away"
    told, pauses = [], []
    folder.root.rename(away)

    def sleep(seconds):
        pauses.append(round(seconds, 3))
        if len(pauses) == 3:
            away.rename(folder.root)

    def asked():
        return request(folder)

    done = []
    watcher = Watcher(folder, asked, done.append, told.append, sleep=sleep)
    watcher.run(rounds=4)
    assert len(told) == 3
    assert pauses[0] < pauses[1] < pauses[2]
    assert done[-1].archived
    assert watcher.pause <= 0.02


def test_clock_changes_change_nothing(folder, monkeypatch):
    import datetime as dt

    from clinicreport.folder import clock

    moments = iter(dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in [2030, 2020] * 500)
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    for content in (ONE, TWO):
        path = drop(folder, "october.csv", content)
        os.utime(path, (4e9, 4e9) if content is ONE else (0, 0))
        run(folder)
    counted = rows(folder, "SELECT sha256 FROM files WHERE superseded_by IS NULL")
    assert counted == [{"sha256": sha(TWO)}]
    assert archived(folder) == ["2026-10/october.csv", "2026-10/v2/october.csv"]


def test_a_second_one_says_so(folder):
    with (
        lock.locked(folder.root),
        pytest.raises(lock.Busy, match="another clinicreport is at work"),
    ):
        run(folder)
    run(folder)


def test_two_at_once_do_the_work_once(folder):
    for month in range(1, 8):
        drop(folder, f"{month}.csv", log(f"2026-{month:02d}"))
    busy = []

    def work():
        for _ in range(40):
            try:
                run(folder)
            except lock.Busy:
                busy.append(1)
                time.sleep(0.05)
            if not any(folder.inbox.iterdir()):
                return

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert busy
    end = end_state(folder)
    assert [row["version"] for row in end["reports"]] == [1] * 7
    assert [row["state"] for row in end["messages"]] == ["drafted"] * 7


def test_the_lock_ends_with_its_process(folder):
    code = (
        "import sys, os; from clinicreport.folder import lock; from pathlib import Path\n"
        "with lock.locked(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, folder.root], check=False)
    with lock.locked(folder.root):
        pass


def test_watch_goes_on_after_settings_that_are_wrong(folder):
    drop(folder, "october.csv", ONE)
    text = (folder.root / "clinic.toml").read_text()
    told, done = [], []

    def asked():
        return request(folder)

    (folder.root / "clinic.toml").write_text("nonsense = 1")
    watcher = Watcher(folder, asked, done.append, told.append, sleep=lambda _: None)
    watcher.run(rounds=1)
    (folder.root / "clinic.toml").write_text(text)
    watcher.run(rounds=1)
    assert "unknown key" in told[0]
    assert done[0].archived


def test_an_archive_that_was_changed_is_not_reported_on(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    kept = folder.archive / "2026-10" / "october.csv"
    kept.write_bytes(TWO)
    drop(folder, "more.csv", log(patients=("P-8",)))
    done = run(folder)
    assert "is not what came" in done.problems[0]
    drop(folder, "october.csv", ONE)  # the original comes again, and takes its place
    assert run(folder).reports[0]["version"] == 2
    assert kept.read_bytes() == ONE
    assert (kept.parent / "changed-october.csv").read_bytes() == TWO


def test_a_report_can_be_wanted_anew(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    assert run(folder, remake=["2026-10"]).reports[0]["version"] == 2
    with pytest.raises(UsageError, match="no log"):
        run(folder, remake=["2026-09"])


def test_a_report_that_somebody_changed_is_kept(folder):
    drop(folder, "october.csv", ONE)
    run(folder)
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    report.write_bytes(b"with remarks")
    drop(folder, "october.csv", TWO)
    run(folder)
    kept = report.with_name("clinic-report-2026-10.changed-by-hand.xlsx")
    assert kept.read_bytes() == b"with remarks"
    assert facts(report)


def test_many_files_in_one_drop(folder):
    for number in range(60):
        drop(folder, f"{number}.csv", log(f"2026-{number % 3 + 7:02d}", patients=(f"P-{number}",)))
    done = run_once(folder, request(folder))
    assert (len(done.archived), len(done.reports)) == (60, 3)
    assert names(folder.inbox) == []
    assert len(archived(folder)) == 60
