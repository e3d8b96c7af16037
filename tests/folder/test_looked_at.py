"""What somebody looks at on the page is gone after a week, and a wrong clock deletes none of it."""

import os
import time

import pytest
from clinic_folders import make_folder, run

from clinicreport.folder import clock, looked_at

DAY = 86400


@pytest.fixture
def folder(tmp_path):
    made = make_folder(tmp_path / "clinic")
    made.looking.mkdir()
    return made


def look(folder, name, days):
    """A log that was looked at so many days ago."""
    place = folder.looking / name
    place.mkdir()
    (place / "october.csv").write_bytes(b"P-1")
    (place / ".to-be-used").touch()
    at = time.time() - days * DAY
    os.utime(place, (at, at))
    return place


def names(folder):
    return sorted(path.name for path in folder.looking.iterdir())


def test_a_run_throws_away_what_is_older_than_a_week(folder):
    look(folder, "old", 7.1)
    look(folder, "new", 6.9)
    (folder.looking / ".clinicreport-0123456789abcdef.tmp").touch()  # may be on its way just now
    run(folder)
    assert names(folder) == [".clinicreport-0123456789abcdef.tmp", "new"]
    assert "1 logs that were looked at" in folder.log.read_text("utf-8")
    assert not run(folder).anything


def test_half_written_files_go_after_a_day_and_links_are_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "theirs").touch()
    (folder.looking / "link").symlink_to(tmp_path / "elsewhere")
    half = folder.looking / ".clinicreport-0123456789abcdef.tmp"
    half.touch()
    for path, days in ((folder.looking / "link", 8), (half, 2)):
        at = time.time() - days * DAY
        os.utime(path, (at, at), follow_symlinks=False)
    assert looked_at.throw_away_old(folder.looking) == 2
    assert names(folder) == []
    assert (tmp_path / "elsewhere" / "theirs").exists()
    assert looked_at.throw_away_old(folder.root / "nowhere") == 0


def test_a_look_of_a_wrong_clock_has_its_week_from_now_on(folder, monkeypatch):
    place = look(folder, "of 2050", -9000)
    (folder.inbox / "log.csv").write_bytes(b"x")  # so that the ledger tells of something
    run(folder)
    assert abs(place.stat().st_mtime - time.time()) < 100
    place = look(folder, "of today", 0.5)
    before = place.stat().st_mtime
    monkeypatch.setattr(clock, "is_behind", lambda _: True)  # this run's clock says 2001
    monkeypatch.setattr(time, "time", lambda: before - 9000 * DAY)
    run(folder)
    assert place.stat().st_mtime == before
