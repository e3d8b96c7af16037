"""One file, month or message that goes wrong is said with its name, and stops nothing else."""

import errno
import os

import pytest
from clinic_folders import drop, log, make_fast, make_folder, request, rows, run

from clinicreport.commands.monthly import status_of
from clinicreport.folder.guards import why
from clinicreport.folder.rounds import Watcher
from clinicreport.reading import files

pytestmark = pytest.mark.usefixtures("fast")

ONE = log("2026-10")


@pytest.fixture
def folder(tmp_path):
    made = make_folder(tmp_path / "clinic")
    drop(made, "october.csv", ONE)
    return made


def page(folder):
    return folder.status_page.read_text("utf-8")


def test_a_file_that_is_too_large_goes_aside_before_a_byte_is_read(folder, monkeypatch):
    with drop(folder, "a vast one.csv", b"").open("r+b") as file:
        file.truncate(files.LARGEST + 1)
    from clinicreport.folder import receiving

    sha256_of = receiving.sha256_of

    def small_ones(path):
        assert path.name != "a vast one.csv"
        return sha256_of(path)

    monkeypatch.setattr(receiving, "sha256_of", small_ones)
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["october.csv"]
    assert "split the log" in done.rejected[0]["reason"]
    assert (folder.rejected / "a vast one.csv").stat().st_size == files.LARGEST + 1
    assert "split the log" in (folder.rejected / "a vast one.csv.reason.txt").read_text("utf-8-sig")
    assert "a vast one.csv" in page(folder)
    again = run(folder, retry=True)
    assert not again.anything
    monkeypatch.undo()
    make_fast(monkeypatch)
    (folder.rejected / "a vast one.csv").write_bytes(log("2026-09"))  # split where it lies
    assert [one["file"] for one in run(folder).archived] == ["a vast one.csv"]


def test_a_large_file_that_an_earlier_version_staged_is_rejected(folder, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", len(ONE) + 10)
    drop(folder, "large.csv", log("2026-09", scores=(7, 6, 5, 4)))
    for module in ("receiving", "intake"):
        monkeypatch.setattr(f"clinicreport.folder.{module}.too_large", lambda _: "")
    done = run(folder)
    assert "large.csv is not handled yet" in done.problems[0]
    monkeypatch.undo()
    make_fast(monkeypatch)
    monkeypatch.setattr(files, "LARGEST", len(ONE) + 10)
    assert [one["file"] for one in run(folder).rejected] == ["large.csv"]


@pytest.mark.parametrize("name", ["x" * 244 + ".csv", "ä" * 122 + ".csv"])
def test_a_name_as_long_as_the_disk_allows_is_shortened(folder, name):
    drop(folder, name, log("2026-09"))
    done = run(folder)
    assert sorted(one["month"] for one in done.archived) == ["2026-09", "2026-10"]
    assert status_of(done) == 0


def test_a_file_without_the_right_to_read_it_goes_aside(folder, monkeypatch):
    path = drop(folder, "a closed one.csv", log("2026-09"))
    open_, access = os.open, os.access

    def forbidden(given, *more, **named):
        if os.fspath(given).endswith("closed one.csv"):
            raise PermissionError(errno.EACCES, "Permission denied", given)
        return open_(given, *more, **named)

    from clinicreport.folder import receiving

    sha256_of = receiving.sha256_of
    monkeypatch.setattr(os, "open", forbidden)
    monkeypatch.setattr(
        receiving, "sha256_of", lambda at: forbidden(at, 0) if at == path else sha256_of(at)
    )
    monkeypatch.setattr(
        os, "access", lambda at, mode: "closed" not in os.fspath(at) and access(at, mode)
    )
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["october.csv"]
    assert "ask for the right to read it" in done.rejected[0]["reason"]
    assert (folder.rejected / "a closed one.csv").read_bytes() == log("2026-09")
    assert not run(folder).anything
    monkeypatch.undo()
    make_fast(monkeypatch)
    assert [one["file"] for one in run(folder).archived] == ["a closed one.csv"]


@pytest.mark.parametrize("place", [".", "inbox", "archive", "rejected", "outbox"])
def test_a_folder_named_like_a_passing_file_stops_nothing(folder, place):
    (folder.root / place / ".clinicreport-x.tmp").mkdir()
    (folder.root / place / ".clinicreport-0123456789abcdef.tmp").mkdir()
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["october.csv"]
    assert status_of(done) == 0
    said = [one["file"] for one in done.waiting]
    assert (".clinicreport-x.tmp" in said) == (place == "inbox")


def test_a_file_of_somebody_elses_that_looks_like_ours_is_not_deleted(folder):
    drop(folder, ".clinicreport-x.tmp", b"theirs")
    run(folder)
    assert (folder.inbox / ".clinicreport-x.tmp").read_bytes() == b"theirs"


def test_an_error_nobody_foresaw_while_a_file_is_archived_is_said_for_that_file(
    folder, monkeypatch
):
    drop(folder, "a odd.csv", log("2026-09"))
    from clinicreport.folder import intake

    archive = intake.archive

    def fails(clinic, row, found):
        if row.name == "a odd.csv":
            raise KeyError("P-1 must not be quoted")
        archive(clinic, row, found)

    monkeypatch.setattr(intake, "archive", fails)
    done = run(folder)
    assert [one["file"] for one in done.archived] == ["october.csv"]
    assert "a odd.csv is not handled yet" in done.problems[0]
    assert "P-1" not in done.problems[0]
    assert status_of(done) == 5
    assert "a odd.csv is not handled yet" in page(folder)
    assert "odd" not in folder.log.read_text("utf-8")
    monkeypatch.undo()
    make_fast(monkeypatch)
    assert [one["file"] for one in run(folder).archived] == ["a odd.csv"]


def test_an_error_nobody_foresaw_in_a_month_is_said_with_its_files(folder, monkeypatch):
    drop(folder, "september.csv", log("2026-09"))
    from clinicreport.folder import month_reports

    compute = month_reports.compute

    def fails(clinic, month):
        if month == "2026-09":
            raise ZeroDivisionError
        return compute(clinic, month)

    monkeypatch.setattr(month_reports, "compute", fails)
    done = run(folder)
    assert [one["month"] for one in done.reports] == ["2026-10"]
    assert "the report of 2026-09 is not made yet" in done.problems[0]
    assert "september.csv" in done.problems[0]
    assert status_of(done) == 5
    assert [row["month"] for row in rows(folder, "SELECT month FROM due")] == ["2026-09"]


def test_an_index_that_is_open_elsewhere_stops_no_report(folder, monkeypatch):
    def is_open(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("clinicreport.folder.archive_index.write", is_open)
    done = run(folder)
    assert [one["month"] for one in done.reports] == ["2026-10"]
    assert any("archive/index.csv is not up to date" in text for text in done.problems)


def test_watching_outlives_any_exception(folder, monkeypatch):
    asked, said, told = [], [], []

    def settings():
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("nobody foresaw this")
        return request(folder)

    watcher = Watcher(folder, settings, told.append, said.append, sleep=lambda _: None)
    watcher.run(rounds=2)
    assert "RuntimeError" in said[0]
    assert "nobody foresaw" not in said[0]
    assert [one["month"] for one in told[0].reports] == ["2026-10"]


def test_the_status_page_names_a_rejected_files_way_out_and_links_what_lies_beside_it(folder):
    drop(folder, "Smith & co's #1.csv", log().replace(b"Patient ID", b"Who"))
    drop(folder, "b<i>.csv", b"\x89PNG no log")
    run(folder)
    said = page(folder)
    assert 'href="rejected/Smith%20%26%20co%27s%20%231-marked.xlsx"' in said
    assert 'href="rejected/Smith%20%26%20co%27s%20%231.csv.reason.txt"' in said
    assert 'href="rejected/b%3Ci%3E.csv' not in said  # kept_name has changed it
    assert "drop it again as it is, or run: clinicreport run --retry" in said
    assert "with a password: clinicreport run --retry --password-file FILE" in said
    assert "If it is no log, or nobody needs it, delete it in the folder rejected." in said
    assert said.count("marked.xlsx</a>") == 2
    assert "make-report" in said
    for name in ("Smith & co's #1.csv", "b_i_.csv"):
        (folder.rejected / f"{name}.reason.txt").unlink()
        (folder.rejected / name).with_name(name[:-4] + "-marked.xlsx").unlink()
    run(folder)
    assert "rejected/Smith%20" not in page(folder)


def test_a_rejected_file_that_is_dropped_again_as_it_is_is_tried_again(folder, monkeypatch):
    monkeypatch.setattr("clinicreport.folder.intake.examine", lambda *_: {})
    monkeypatch.setattr("clinicreport.folder.intake.too_large", lambda _: "it asks for a password")
    assert run(folder).rejected
    monkeypatch.undo()
    make_fast(monkeypatch)
    drop(folder, "october.csv", ONE)
    assert [one["file"] for one in run(folder).archived] == ["october.csv"]


def test_a_file_where_a_months_folder_belongs_is_named_with_its_way_out(folder):
    (folder.archive / "2026-10").write_bytes(b"")
    said = run(folder).problems[0]
    assert "a file lies where a folder belongs (2026-10): move it away. Nothing is lost" in said
    (folder.archive / "2026-10").unlink()
    assert [one["file"] for one in run(folder).archived] == ["october.csv"]


def test_a_full_disk_is_said_in_its_own_words():
    full = why(OSError(errno.ENOSPC, "No space left on device", "/somewhere/report.xlsx"))
    assert full == "No space left on device (report.xlsx): make room on the disk"
