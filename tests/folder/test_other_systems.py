"""Whole months on Windows and macOS, as far as fakes can tell: nothing ends with 70, no file stays
unmentioned, every other file is processed, nothing is lost; afterwards all is as on Linux."""

import errno
import platform
import stat
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from clinic_folders import (
    TODAY,
    contents,
    drop,
    end_state,
    log,
    make_fast,
    make_folder,
    memory_place,
    rows,
    run,
    sha,
)
from windows_fakes import (
    FullAtClose,
    Held,
    deleted_a_moment_later,
    every_third_fails,
    listed_in_capitals,
    long_paths_are_not_found,
    no_locks,
    no_rights_and_no_flush,
    only_in_the_cloud,
    read_only_stays,
    windows_lock,
)

from clinicreport.commands.cli import main
from clinicreport.folder import lock
from clinicreport.ground import held_files

pytestmark = [
    pytest.mark.skipif(
        sys.platform == "win32", reason="the fakes stand on what Linux and macOS do"
    ),
    pytest.mark.usefixtures("fast"),
]
GOOD, OTHER, BAD = log("2026-10"), log("2026-09", patients=("P-8",)), b"\x00no table at all"
NAMES = ("bad.csv", "october.csv", "other.csv")
NEXT = log("2026-10", scores=(8, 6, 4))


@pytest.fixture
def folder(ground, request):
    made = make_folder(ground / str(abs(hash(request.node.name))) / "clinic")
    for name, content in zip(NAMES, (BAD, GOOD, OTHER), strict=True):
        drop(made, name, content)
    return made


@pytest.fixture(scope="module")
def undisturbed():
    """What the same months come to where nothing is in the way."""
    with memory_place() as place, pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        made = make_folder(place / "clinic")
        for name, content in zip(NAMES, (BAD, GOOD, OTHER), strict=True):
            drop(made, name, content)
        said = [call("run", made)]
        drop(made, "october.csv", NEXT)
        said.append(call("run", made))
        yield said, end_state(made)


def call(command, folder, *more):
    """The command line as a clinic calls it: its exit status and all that it said."""
    words = [command, str(folder.root), *more, "--today", TODAY]
    result = CliRunner().invoke(main, words)
    assert result.exit_code in {0, 1, 4, 5}, result.output
    return result.exit_code, result.output


def mentioned(folder, said):
    """Every file that was dropped is named by the run or by STATUS.html."""
    page = folder.status_page.read_text("utf-8") if folder.status_page.exists() else ""
    assert [name for name in NAMES if name not in said + page] == []


def nothing_lost(folder):
    assert {sha(one) for one in (GOOD, OTHER, BAD)} <= contents(folder)


def marked_read_only(folder, patch):
    for path in folder.inbox.iterdir():
        path.chmod(stat.S_IREAD)
    read_only_stays(patch)


def on_a_macs_share(_folder, patch):
    no_locks(patch)


def with_windows_lock(_folder, patch):
    windows_lock(patch)


def with_a_scanner(_folder, patch):
    every_third_fails(patch)


def on_a_share_without_rights(_folder, patch):
    no_rights_and_no_flush(patch)
    deleted_a_moment_later(patch)


@pytest.mark.parametrize(
    "fake",
    [
        marked_read_only,
        with_a_scanner,
        on_a_macs_share,
        with_windows_lock,
        on_a_share_without_rights,
    ],
)
def test_what_only_delays_changes_nothing(folder, monkeypatch, undisturbed, fake):
    fake(folder, monkeypatch)
    first = call("run", folder)
    mentioned(folder, first[1])
    nothing_lost(folder)
    second = drop(folder, "october.csv", NEXT)
    if fake is marked_read_only:
        second.chmod(stat.S_IREAD)
    said = [first, call("run", folder)]
    if fake is with_a_scanner:  # its looks fall where they fall; what is left the next run does
        call("run", folder)
    assert [status for status, _ in said] == [status for status, _ in undisturbed[0]]
    monkeypatch.undo()
    assert end_state(folder) == undisturbed[1]
    assert list(folder.inbox.iterdir()) == []


BESIDE = {
    "index.csv",
    "to-acknowledge.csv",
    "acknowledged.csv",
    "STATUS.html",
    "clinicreport.log",
    "2026-10-manager-office-1.eml",
    "october-marked.xlsx",
    "bad.csv.reason.txt",
}


@pytest.mark.parametrize("names", [BESIDE, {"bad.csv", "clinic-report-2026-09.xlsx"}])
@pytest.mark.parametrize("readable", [True, False])
def test_files_that_are_open_elsewhere_hold_up_nothing_else(folder, monkeypatch, names, readable):
    held = Held(monkeypatch, readable=readable)
    held.names = names
    said = call("run", folder)
    mentioned(folder, said[1])
    assert "archived under 2026-10" in said[1]
    assert "archived under 2026-09" in said[1]
    drop(folder, "october.csv", NEXT)
    again = call("run", folder)
    assert "replaces october.csv" in again[1]
    held.names = set()
    nothing_lost(folder)
    call("run", folder)
    assert list(folder.inbox.iterdir()) == []
    found = end_state(folder)
    assert {row["state"] for row in found["files"]} == {"archived", "rejected"}
    assert {(row["month"], row["version"]) for row in found["reports"]} >= {
        ("2026-09", 1),
        ("2026-10", 2),
    }
    last = {row["month"]: row["state"] for row in rows(folder, LAST)}
    assert last == {"2026-09": "drafted", "2026-10": "drafted"}
    assert not list(folder.outbox.glob("2026-10-manager-office-1.*"))


LAST = "SELECT month, state FROM messages ORDER BY id"


def test_a_lock_that_cannot_be_opened_is_said(folder, monkeypatch):
    held = Held(monkeypatch)
    held.names = {lock.NAME}
    status, said = call("run", folder)
    assert status == 5
    assert "cannot be opened" in said
    nothing_lost(folder)


def test_a_lock_on_a_macs_share_keeps_a_second_one_out(folder, monkeypatch):
    no_locks(monkeypatch)
    with lock.locked(folder.root), pytest.raises(lock.Busy, match="another clinicreport is at"):
        run(folder)
    assert not (folder.root / lock.TAKEN).exists()
    (folder.root / lock.TAKEN).write_text(f"process 999999999 on {platform.node()}, since then")
    with lock.locked(folder.root):  # its program is gone
        pass
    (folder.root / lock.TAKEN).write_text("process 1 on another computer, since then")
    with pytest.raises(lock.Busy, match=f"delete {lock.TAKEN}"):
        run(folder)


def test_the_windows_lock_is_let_go_before_its_file_is_closed(folder, monkeypatch):
    module = windows_lock(monkeypatch)
    for _ in range(2):
        with lock.locked(folder.root), pytest.raises(lock.Busy, match="at work here"):
            run(folder)
    assert not module.held


def test_a_share_that_fails_to_lock_is_not_another_program(folder, monkeypatch):
    def broken(_handle, _how):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("fcntl.flock", broken)
    status, said = call("run", folder)
    assert status == 5
    assert "cannot be opened (Input/output error)" in said
    assert "another clinicreport" not in said


def test_what_passes_is_waited_for_and_nothing_else(tmp_path, monkeypatch):
    slept = []
    monkeypatch.setattr(held_files, "PAUSES", (0.05, 0.1, 0.2, 0.4, 0.75))
    monkeypatch.setattr(held_files.time, "sleep", slept.append)
    path = tmp_path / "a"
    path.write_bytes(b"x")
    held = Held(monkeypatch)
    held.names = {"a"}
    with pytest.raises(PermissionError):
        held_files.remove(path)
    assert sum(slept) == pytest.approx(1.5)
    slept.clear()
    with pytest.raises(FileNotFoundError):
        held_files.rename(tmp_path / "none", tmp_path / "b")
    assert slept == []


def test_a_purge_passes_over_what_is_open_and_ends_later(folder, monkeypatch):
    call("run", folder)
    held = Held(monkeypatch, readable=True)
    held.names = {"other.csv", "2026-09-manager-office-1.eml"}
    options = ("--older-than", "2026-10", "--who", "A", "--why", "B", "--yes")
    status, said = call("purge", folder, *options)
    assert status == 5
    assert "to be closed in other programs first" in said
    held.names = set()
    call("run", folder)
    assert not list(folder.archive.glob("2026-09/*"))
    assert not list(folder.outbox.rglob("2026-09*"))
    assert list(folder.archive.glob("2026-10/october.csv"))


@pytest.mark.parametrize(("name", "taken"), [("x" * 70, False), ("y" * 50, False), ("z" * 4, True)])
def test_a_path_that_is_too_long_is_said_and_the_others_go_on(folder, monkeypatch, name, taken):
    """The limit stands for 260: what is too long in the inbox, or only on its way."""
    drop(folder, f"{name}.csv", log("2026-08", patients=("P-6",)))
    with monkeypatch.context() as patch:
        long_paths_are_not_found(patch, folder.root, 80)
        _, said = call("run", folder)
    assert "archived under 2026-10" in said
    assert (f"{name}.csv waits: it cannot be taken: with its folders" in said) is not taken
    assert ("archived under 2026-08" in said) is taken
    assert (folder.inbox / f"{name}.csv").exists() is not taken
    assert "Windows finds no more than 259" in folder.status_page.read_text("utf-8") or taken


@pytest.mark.parametrize("begins", [".clinicreport-", "clinicreport.log"])
def test_a_disk_that_is_full_at_the_end_of_a_file_loses_nothing(folder, monkeypatch, begins):
    """What counts, from the first file on; of the program's own log only its close."""
    with monkeypatch.context() as patch:
        full = FullAtClose(patch, begins)
        status, said = call("run", folder)
    assert full.refused
    nothing_lost(folder)
    assert ("No space left" in said) is (begins == ".clinicreport-")
    assert status == (5 if begins == ".clinicreport-" else 1)
    call("run", folder)
    assert list(folder.inbox.iterdir()) == []
    assert {row["state"] for row in end_state(folder)["files"]} == {"archived", "rejected"}
    assert [path.name for path in folder.root.rglob(".clinicreport-*.tmp")] == []


def test_a_log_that_is_only_in_the_cloud_waits_and_the_others_go_on(folder, monkeypatch):
    with monkeypatch.context() as patch:
        only_in_the_cloud(patch, {"october.csv", "acknowledged.csv"})
        _, said = call("run", folder)
    assert "archived under 2026-09" in said
    assert "cannot be opened now (The cloud file provider is not running)" in said
    assert [path.name for path in folder.inbox.iterdir()] == ["october.csv"]
    assert "archived under 2026-10" in call("run", folder)[1]


def test_settings_that_are_only_in_the_cloud_are_said(folder, monkeypatch):
    only_in_the_cloud(monkeypatch, {"clinic.toml"})
    said = CliRunner().invoke(main, ["run", str(folder.root)])
    assert said.exit_code == 2
    assert "clinic.toml: cannot be read: The cloud file provider is not running" in said.output


def test_a_folder_that_is_listed_in_other_letters_is_the_same(folder, monkeypatch):
    """A stick, or an old share, lists in capitals what is found in any: it is no other log."""
    call("run", folder)
    drop(folder, "october.csv", NEXT)
    drop(folder, "other.csv", OTHER)
    with monkeypatch.context() as patch:
        listed_in_capitals(patch, folder.root)
        said = call("run", folder)
        assert said[0] == 0, said
    assert "replaces october.csv" in said[1]
    assert "OTHER.CSV" in said[1]
    assert list(folder.inbox.iterdir()) == []
    assert [row["month"] for row in rows(folder, LAST)] == ["2026-09", "2026-10", "2026-10"]


def test_a_folder_is_made_on_a_share_without_rights(ground, monkeypatch):
    """A Mac's launcher is to be run: where that mark cannot be set, the rest is made all the same."""
    monkeypatch.setattr("clinicreport.folder.launchers.sys", SimpleNamespace(platform="darwin"))
    no_rights_and_no_flush(monkeypatch)
    place = ground / "made on a share"
    made = CliRunner().invoke(main, ["init", str(place)])
    assert made.exit_code == 0, made.output
    assert {path.name for path in place.iterdir()} >= {"make-report.command", "session-log.xlsx"}
