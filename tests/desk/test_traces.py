"""Nothing of a patient and no file's name is left where it does not belong: in addresses, titles,
logs, state files, temporary files; and what is hostile is shown as text."""

import logging
import re
from html import unescape

import pytest
from clinic_folders import log, make_fast, make_folder
from desk_browser import make_browser, make_desk

from clinicreport.desk import running
from clinicreport.desk.one_time_keys import OneTimeKeys
from clinicreport.ground.resources import resource

MARKER = "Zz-Marker-7"
HOSTILE = "<script>x</script>"


def test_a_patient_and_a_files_name_leave_no_trace(browser, clinic, monkeypatch, tmp_path, caplog):
    make_fast(monkeypatch)
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sha = browser.drop(log(patients=(MARKER, "P-2")), f"{MARKER}.csv")
    browser.wait_for(f"look/{sha}/state")
    done = browser.follow(browser.post(f"look/{sha}/use"))
    pages = [done, browser.at("month"), browser.at(f"look/{sha}/state"), browser.at("nothing")]
    assert f"{MARKER}.csv" in done.text
    addresses = [
        text for page in pages for text in re.findall(r'(?:href|action|src)="(.*?)"', page.text)
    ]
    titles = [re.search("<title>(.*?)</title>", page.text)[1] for page in pages]
    assert len(addresses) > 20
    assert not any(MARKER in text for text in [*addresses, *titles])
    assert MARKER not in caplog.text
    assert MARKER not in clinic.log.read_text()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not any((clinic.root / "looking").iterdir())


@pytest.mark.parametrize(
    "name", [f"{HOSTILE}.csv", "'><img src=x>.csv", "=1+1.csv", "a\u202ecsv.csv"]
)
def test_a_hostile_name_is_text(name, monkeypatch, tmp_path):
    make_fast(monkeypatch)
    settings = (
        '\nname = "Hill <b>&{{7*7}}</b> Clinic"\n[folder]\nsettle_polls = 1\nsettle_seconds = 0.0\n'
    )
    browser = make_browser(make_desk(make_folder(tmp_path / "clinic", settings)))
    browser.come_in()
    sha = browser.drop(log(patients=(HOSTILE, "=cmd|'/c calc'!A1")), name)
    looked = browser.wait_for(f"look/{sha}/state")
    month = browser.at("month")
    assert "Hill <b>&{{7*7}}</b> Clinic" in unescape(month.text)
    done = browser.follow(browser.post(f"look/{sha}/use"))
    for page in (looked, month, done):
        assert page.status_code == 200
        assert "<script>x" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text


def test_no_page_has_code_or_looks_in_itself():
    """The policy forbids it; a page with some would look or do otherwise than it was made."""
    pages = [path.read_text(encoding="utf-8") for path in resource("templates/desk").glob("*.html")]
    assert len(pages) > 8
    for page in pages:
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?! src=)", page)
        assert "http:" not in page
        assert "https:" not in page
        assert not re.search(r"<form(?![^>]*method=\"(post|get)\")", page)
    css = (resource("templates/desk") / "static" / "desk.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", css), "colours stand in theme.toml"


def test_every_form_that_changes_something_carries_the_token():
    for path in resource("templates/desk").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
            assert "token()" in form, f"{path.name}: {form[:80]}"


def test_the_colours_are_the_reports(browser):
    text = browser.at("theme.css").text
    assert "  --ink: #1B2A41;" in text
    assert '  --font: "Calibri";' in text
    css = browser.at("static/desk.css").text
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    assert used <= set(re.findall(r"(--[\w-]+):", text))


def test_the_state_file_is_for_its_owner_and_names_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    told = running.Running(1, 2, "prefix", OneTimeKeys().secret)
    folder = tmp_path / "Dr Secret Clinic"
    folder.mkdir()
    paths = [running.write_state(folder, told), running.write_entrance(told)]
    for path in paths:
        assert path.stat().st_mode & 0o077 == 0
        assert "Secret" not in path.name
        assert "Secret" not in path.read_text(encoding="utf-8")
    other = running.Running(1, 2, "prefix", "other")
    running.take_away(paths[0], other)
    assert paths[0].exists()
    running.take_away(paths[0], told)
    running.take_entrance_away()
    assert not any(path.exists() for path in paths)
