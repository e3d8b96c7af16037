"""The desk where another program, a scanner or a full disk is in the way of a dropped file."""

from io import BytesIO

import pytest
from clinic_folders import log
from windows_fakes import (
    FullAtClose,
    Held,
    deleted_a_moment_later,
    done_and_said_to_fail,
    every_third_fails,
    open_files_stay,
    scanned,
)


def looked_at(clinic):
    return [path.name for path in (clinic.root / "looking").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "fake", [every_third_fails, done_and_said_to_fail, scanned, open_files_stay]
)
def test_a_log_is_dropped_used_and_another_thrown_away(browser, clinic, monkeypatch, fake):
    fake(monkeypatch)
    deleted_a_moment_later(monkeypatch)
    first = browser.drop(log(), "october.csv")
    assert browser.post(f"look/{first}/forget").status_code == 303
    assert browser.drop(log(), "october.csv") == first
    other = browser.drop(log("2026-09", patients=("P-8",)), "other.csv")
    assert browser.post(f"look/{other}/forget").status_code == 303
    used = browser.follow(browser.post(f"look/{first}/use"))
    assert "october.csv" in used.text
    monkeypatch.undo()
    assert looked_at(clinic) == []
    assert list(clinic.archive.glob("2026-10/october.csv"))
    assert list(clinic.inbox.iterdir()) == []


def test_what_cannot_be_thrown_away_is_said_and_is_not_used_again(browser, clinic, monkeypatch):
    held = Held(monkeypatch, readable=True)
    sha = browser.drop(log(), "october.csv")
    held.names = {f"looking/{sha}/october.csv"}
    answer = browser.post(f"look/{sha}/forget")
    assert answer.status_code == 409
    assert "october.csv cannot be thrown away" in answer.text
    used = browser.follow(browser.post(f"look/{sha}/use"))
    assert "was used, but its copy stays" in used.text
    assert looked_at(clinic) == ["october.csv"]
    held.names = set()
    assert browser.post(f"look/{sha}/forget").status_code == 303
    assert looked_at(clinic) == []


def test_a_disk_that_is_full_is_no_mistake_of_ours(browser, clinic, monkeypatch):
    FullAtClose(monkeypatch)
    answer = browser.post("look", file=(BytesIO(log()), "october.csv"))
    assert answer.status_code == 503
    assert "This cannot be done now: No space left on device" in answer.text
    monkeypatch.undo()
    assert looked_at(clinic) == []


def test_a_refused_upload_leaves_nothing_where_open_files_stay(browser, clinic, monkeypatch):
    open_files_stay(monkeypatch)
    file = (BytesIO(log()), "october.csv")
    assert browser.post("look", token="stale", file=file).status_code == 403
    assert looked_at(clinic) == []
