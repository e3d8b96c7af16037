"""What a clinic folder holds is for its owner alone; links and others' files are not touched."""

import os
import sys

import pytest
from click.testing import CliRunner
from clinic_folders import SETTINGS, TODAY, drop, faulty, log, make_fast, make_folder, run

from clinicreport.commands.cli import main
from clinicreport.folder import places
from clinicreport.ground.errors import DamagedLedger, OutputError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    make_fast(monkeypatch)
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "clinic")


def filled(folder):
    """A run with a report, a draft, a held message, a rejected file and lines to acknowledge."""
    drop(folder, "october.csv", log("2026-10"))
    drop(folder, "september.csv", faulty("2026-09"))
    drop(folder, "broken.xlsx", b"PK\x03\x04 not a workbook")
    run(folder)


def readable(folder):
    return sorted(
        path.relative_to(folder.root).as_posix()
        for path in folder.kept()
        if path.exists() and path.stat().st_mode & 0o077
    )


def test_everything_that_is_made_is_for_the_owner_alone(folder):
    filled(folder)
    made = {path.name for path in folder.kept() if path.exists()}
    assert {"ledger.sqlite", "clinicreport.log", "STATUS.html", ".clinicreport.lock"} <= made
    assert {"clinic-report-2026-10.xlsx", "broken.xlsx", "index.csv", "inbox"} <= made
    assert readable(folder) == []
    assert os.umask(0o022) == 0o022  # as it was before


def test_what_an_earlier_version_left_open_is_closed(folder):
    filled(folder)
    for path in folder.kept():
        if path.exists():
            path.chmod(0o755 if path.is_dir() else 0o644)
    run(folder)
    assert readable(folder) == []


def test_the_page_about_a_damaged_ledger_is_for_the_owner_alone_too(folder):
    run(folder)
    folder.ledger.write_bytes(b"no database at all" * 100)
    folder.status_page.unlink()
    with pytest.raises(DamagedLedger):
        run(folder)
    assert "STATUS.html" not in readable(folder)
    assert folder.status_page.exists()


def test_a_shared_folder_stays_as_the_system_makes_it(tmp_path):
    folder = make_folder(
        tmp_path / "clinic", SETTINGS.replace("[folder]\n", "[folder]\nshared = true\n")
    )
    before = os.umask(0o002)
    try:
        filled(folder)
    finally:
        os.umask(before)
    assert "ledger.sqlite" in readable(folder)
    assert folder.ledger.stat().st_mode & 0o777 == 0o664  # another account writes it too


def test_init_makes_a_folder_of_ones_own(tmp_path):
    places.make(tmp_path / "new")
    assert readable(places.find(tmp_path / "new")) == []
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [".clinicreport.lock", "clinicreport.log", "ledger.sqlite"])
def test_a_link_is_neither_followed_nor_truncated(folder, tmp_path, name):
    target = tmp_path / "precious.txt"
    target.write_text("precious")
    (folder.root / name).symlink_to(target)
    with pytest.raises(OutputError, match="is a link to elsewhere"):
        run(folder)
    assert target.read_text() == "precious"


@pytest.mark.parametrize("name", [".clinicreport.lock", "clinicreport.log", "ledger.sqlite"])
def test_another_accounts_file_is_refused_with_a_sentence(folder, monkeypatch, name):
    run(folder)
    if name != ".clinicreport.lock":
        (folder.root / ".clinicreport.lock").unlink()
    monkeypatch.setattr(os, "geteuid", lambda: folder.root.stat().st_uid + 1)
    monkeypatch.setattr(os, "lstat", os.lstat)
    said = CliRunner().invoke(main, ["run", str(folder.root), "--today", TODAY])
    assert said.exit_code == 5
    assert "belongs to another account" in said.stderr
    assert "shared = true" in said.stderr


def test_a_lock_that_cannot_be_opened_is_a_sentence(folder, monkeypatch):
    open_ = os.open

    def refused(path, *more, **named):
        if str(path).endswith(".lock"):
            raise PermissionError(13, "Permission denied")
        return open_(path, *more, **named)

    monkeypatch.setattr(os, "open", refused)
    said = CliRunner().invoke(main, ["run", str(folder.root), "--today", TODAY])
    assert said.exit_code == 5
    assert "cannot be opened (Permission denied)" in said.stderr
