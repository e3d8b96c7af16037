"""The first page: a clinic folder is made, opened, known again, or tried."""

import tomllib
from pathlib import Path

import pytest
from clinic_folders import make_folder
from desk_browser import make_browser, make_desk

from clinicreport.desk import clinic_choice


@pytest.fixture
def newcomer(tmp_path, monkeypatch):
    """A browser at a desk without a clinic folder, of a user with an empty home."""
    for name in ("HOME", "USERPROFILE", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    browser = make_browser(make_desk(None))
    browser.come_in()
    return browser


def test_without_a_folder_the_desk_asks(newcomer):
    assert newcomer.at("").headers["Location"].endswith("/choose")
    assert newcomer.at("month").headers["Location"].endswith("/choose")
    page = newcomer.at("choose").text
    for words in (
        "Where does your clinic keep its logs?",
        "Make a clinic folder",
        "Open one we have",
    ):
        assert words in page
    assert "Try a made-up month" in page
    assert "Opened here before" not in page


def test_a_folder_is_made_with_the_clinics_name(newcomer, tmp_path):
    told = []
    newcomer.desk.chosen = told.append
    name = 'Hill "<b>" Clinic'
    answer = newcomer.post("choose/make", name=name, where=str(tmp_path))
    assert answer.headers["Location"].endswith("/month")
    (root,) = told
    assert root.parent == tmp_path
    assert tomllib.loads((root / "clinic.toml").read_text())["name"] == name
    assert (root / "inbox").is_dir()
    assert "Hill &#34;&lt;b&gt;&#34; Clinic" in newcomer.at("month").text
    assert clinic_choice.known() == [str(root)]


def test_a_folder_that_is_there_is_left_as_it_is(newcomer, tmp_path):
    clinic = make_folder(tmp_path / "Hill Clinic")
    before = (clinic.root / "clinic.toml").read_bytes()
    newcomer.post("choose/make", name="Hill Clinic", where=str(tmp_path))
    assert newcomer.desk.folder == clinic.root
    assert (clinic.root / "clinic.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("form", "fields", "words"),
    [
        ("make", {"name": "", "where": "{home}"}, "Give the clinic&#39;s name"),
        ("make", {"name": "A\x00B", "where": "{home}"}, "control character"),
        ("make", {"name": "A", "where": "{home}/none"}, "there is no such folder"),
        ("open", {"folder": "clinic"}, "Give the whole way"),
        ("open", {"folder": "{home}"}, "is no clinic folder"),
        ("open", {"folder": "/\x00"}, "no such folder"),
    ],
)
def test_a_wrong_choice_is_said_beside_its_field(newcomer, tmp_path, form, fields, words):
    given = {name: text.format(home=tmp_path) for name, text in fields.items()}
    answer = newcomer.post(f"choose/{form}", **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert answer.text.count('aria-describedby="fault"') == len(fields)
    assert newcomer.desk.folder is None


def test_a_folder_is_opened_and_known_the_next_time(newcomer, tmp_path):
    clinic = make_folder(tmp_path / "clinic")
    assert newcomer.post("choose/open", folder=f'"{clinic.root}"').status_code == 303
    assert newcomer.desk.folder == clinic.root
    assert str(clinic.root) in newcomer.at("choose").text


def test_a_made_up_month_can_be_tried(newcomer, tmp_path):
    assert newcomer.post("choose/try").status_code == 303
    assert newcomer.desk.folder == Path(tmp_path) / "Made-up clinic"
    assert "<h1>Made-up clinic</h1>" in newcomer.at("month").text
    page = newcomer.at("month").text
    assert "2026-08.xlsx" in page
    assert "2026-09.xlsx" in page
    assert newcomer.post("choose/try").status_code == 303  # once more: nothing is in the way


@pytest.mark.parametrize("where", ["~nobody-of-this-name", "/\x00", "/" + "a" * 10_000])
def test_what_cannot_be_a_folder_is_said_to_be_none(where):
    browser = make_browser(make_desk(None))
    browser.come_in()
    for page, data in (("make", {"name": "x", "where": where}), ("open", {"folder": where})):
        assert browser.post(f"choose/{page}", **data).status_code == 422


def test_help_is_a_page_away(newcomer):
    page = newcomer.at("help").text
    for words in ("A month, step by step", "✖ error", "▲ warning", "● note", "after 7 days"):
        assert words in page
