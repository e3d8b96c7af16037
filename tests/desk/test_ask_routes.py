"""The questions of ``fit`` on a page: the same ones, answered into clinic.toml, each step undone."""

import json
import re

import pytest
from clinic_folders import drop

ROWS = b"""Kod;Wizyta;VAS przed (mm)
VB1;2026-09-07;64
VB2;2026-09-07;58
VB1;2026-09-09;50
VB2;2026-09-09;42
VB1;2026-09-11;8
VB2;2026-09-11;40
"""
NOTE = "# the clinic's own remark\n"


@pytest.fixture
def settings(clinic):
    """The clinic's settings, with a remark that must stay."""
    path = clinic.root / "clinic.toml"
    path.write_text(NOTE + path.read_text())
    return path


@pytest.fixture
def sha(browser, settings):
    found = browser.drop(ROWS, "wrzesien.csv")
    browser.wait_for(f"look/{found}/state")
    return found


def page(browser, address):
    answer = browser.at(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def goes_to(browser, answer):
    assert answer.status_code == 303, answer.text
    return page(browser, answer.headers["Location"].removeprefix(f"/{browser.desk.prefix}/"))


def stamp(text, form="answers"):
    return re.search(rf'action="[^"]*{form}[^"]*".*?name="stamp" value="(\w+)"', text, re.DOTALL)[1]


def answer(browser, sha, choice, at=1, **more):
    text = page(browser, f"look/{sha}/ask?at={at}")
    given = {"stamp": stamp(text, "/ask"), "choice": choice} | more
    return browser.post(f"look/{sha}/ask?at={at}", **given)


def questions(text):
    return re.search(r"Question (\d+) of (\d+)", text)


def told_by_fit(cli, clinic):
    ran = cli(
        "fit",
        "--json",
        "--config",
        clinic.root / "clinic.toml",
        "--today",
        "2026-11-24",
        clinic.inbox / "wrzesien.csv",
    )
    return json.loads(ran.stdout)


def test_the_questions_and_choices_are_those_of_fit(browser, sha, clinic, cli):
    drop(clinic, "wrzesien.csv", ROWS)
    told = told_by_fit(cli, clinic)
    for number, question in enumerate(told["unclear"], 1):
        text = page(browser, f"look/{sha}/ask?at={number}")
        assert questions(text).groups() == (str(number), str(len(told["unclear"])))
        words = [question["question"], *(choice["words"] for choice in question["choices"])]
        for word in words:
            assert word.replace('"', "&#34;") in text
        assert question["cell"].rstrip("1") in text
    assert "I do not know" in text
    first = page(browser, f"look/{sha}/ask")
    assert "We would read (with the likeliest answers to the other questions):" in first
    assert "VB1  7 September 2026  before 6.4 (64)" in first
    assert "6 rows in, 6 used, 0 set aside; 2 patients, mean before 4.4" in first
    assert "Cannot be read yet" not in first


def test_answers_are_kept_one_by_one_and_taken_back(browser, sha, settings, clinic, cli):
    before = settings.read_text()
    first = goes_to(browser, answer(browser, sha, "1"))
    once = settings.read_text()
    assert once.startswith(NOTE)
    assert 'date = ["Wizyta"]' in once
    text, given = first, 0
    while questions(text) and given < 6:
        text = goes_to(browser, answer(browser, sha, "1"))
        given += 1
    assert "No question is left" in text
    assert "VB1  7 September 2026  before 6.4 (64)" in text
    assert "6 rows in, 6 used, 0 set aside; 2 patients, mean before 4.4" in text
    drop(clinic, "wrzesien.csv", ROWS)
    assert told_by_fit(cli, clinic)["unclear"] == []
    look = page(browser, f"look/{sha}")
    assert "6 rows × 3 columns checked" in look
    for _ in range(given):
        text = goes_to(browser, browser.post(f"look/{sha}/undo", stamp=stamp(text, "/undo")))
    assert settings.read_text() == once
    ran = cli("fit", "--undo", "--config", settings)
    assert ran.exit_code == 0, ran.output
    assert settings.read_text() == before
    assert "Undo the last answer" not in page(browser, f"look/{sha}/ask")


def test_i_do_not_know_changes_nothing_and_goes_on(browser, sha, settings):
    before = settings.read_bytes()
    text = goes_to(browser, answer(browser, sha, ""))
    number, of = questions(text).groups()
    assert (number, int(of) > 1) == ("2", True)
    for at in range(2, int(of) + 1):
        text = goes_to(browser, answer(browser, sha, "", at=at))
    assert f"{of} left open" in text
    assert settings.read_bytes() == before


def test_two_tabs_are_told_that_it_changed(browser, sha, settings):
    old = stamp(page(browser, f"look/{sha}/ask"), "/ask")
    goes_to(browser, answer(browser, sha, "1"))
    once = settings.read_bytes()
    late = browser.post(f"look/{sha}/ask?at=1", stamp=old, choice="1")
    assert "This changed meanwhile. Here is how it stands." in goes_to(browser, late)
    for action in ("ask/certain", "undo", "headings"):
        late = browser.post(f"look/{sha}/{action}", stamp=old)
        assert "This changed meanwhile. Here is how it stands." in goes_to(browser, late)
    assert settings.read_bytes() == once


def test_what_is_certain_is_kept_by_itself(browser, sha, settings):
    text = page(browser, f"look/{sha}/ask")
    assert "aliases.date = [&#34;Wizyta&#34;]" in text
    text = goes_to(browser, browser.post(f"look/{sha}/ask/certain", stamp=stamp(text, "/certain")))
    assert settings.read_text().endswith('[aliases]\ndate = ["Wizyta"]\n')
    assert "What is certain" not in text


def test_what_is_typed_is_taken_or_refused_with_a_reason(browser, sha, settings):
    at = 1
    while "choicetyped" not in (text := page(browser, f"look/{sha}/ask?at={at}")):
        goes_to(browser, answer(browser, sha, "1", at=at))
    before = settings.read_bytes()
    wrong = answer(browser, sha, "typed", at=at, typed="a lot")
    assert wrong.status_code == 422
    assert "<title>Error: Questions" in wrong.text
    assert 'value="a lot"' in wrong.text
    assert settings.read_bytes() == before
    assert answer(browser, sha, "typed", at=at, typed="0-100").status_code == 303
    assert 'nrs_before = "0-100"' in settings.read_text()
    assert text


def test_headings_are_chosen_from_all_fields(browser, sha, settings):
    from clinicreport.log.chosen_headings import CHOICES

    text = page(browser, f"look/{sha}/headings")
    assert "We do not know 3 headings. Choose what each holds, or “leave out”." in text
    assert text.count("leave out</option>") == 3
    for label, name in CHOICES.items():
        assert text.count(f'<option value="{name}">{label}</option>') == 3
    given = {"stamp": stamp(text, "/headings"), "h0-1": "patient_id", "h0-2": "date"}
    goes_to(browser, browser.post(f"look/{sha}/headings", **given))
    assert 'patient_id = ["Kod"]' in settings.read_text()
    assert 'date = ["Wizyta"]' in settings.read_text()
    text = page(browser, f"look/{sha}/headings")
    assert "We do not know 1 heading." in text
    assert "as it is: Patient</option>" in text
    other = {"stamp": stamp(text, "/headings"), "h0-1": "therapist"}
    goes_to(browser, browser.post(f"look/{sha}/headings", **other))
    text = page(browser, f"look/{sha}/headings")
    assert "as it is: Therapist</option>" in text
    forged = {"stamp": stamp(text, "/headings"), "h0-3": "folder.shared"}
    assert browser.post(f"look/{sha}/headings", **forged).status_code == 303
    assert "shared" not in settings.read_text()


def test_settings_that_cannot_be_written_are_a_sentence(browser, sha, settings):
    text = page(browser, f"look/{sha}/ask")
    settings.write_text("name = [broken")
    late = browser.post(f"look/{sha}/ask?at=1", stamp=stamp(text, "/ask"), choice="1")
    assert late.status_code in (303, 409, 422)
    assert settings.read_text() == "name = [broken"


def test_the_log_stands_elsewhere(browser, clinic):
    from kinds_of_logs import Page, xlsx

    notes = Page([["Rota"], ["Monday", "B. Example"]], "Rota")
    odd = Page(
        [
            ["Name", "Seen on", "Level", "Room"],
            *([f"P-{at % 3}", f"2026-10-{at + 1:02}", 7 - at % 4, "A"] for at in range(12)),
        ],
        "Log",
    )
    sha = browser.drop(xlsx(notes, odd), "october.xlsx")
    browser.wait_for(f"look/{sha}/state")
    assert "Which sheet holds them?" in page(browser, f"look/{sha}")
    text = page(browser, f"look/{sha}/ask?sheet=2")
    assert questions(text)
    assert "Seen on" in text
    assert browser.at(f"look/{sha}/ask?sheet=9&row=99").status_code in (200, 409)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [f"P-{at % 2},0{3 + at}/10/2026,{7 - at % 3},3" for at in range(4)],
            ["Is 03/10/2026 3 October or 10 March?", "3 October</bdi>", "10 March</bdi>"],
        ),
        (
            [
                f"P-{at % 2},2026-10-{day:02},{score},"
                for day in range(1, 6)
                for at in (0, 1)
                for score in (7, 4)
            ],
            ["Most patients have two rows a day.", "Before, then after", "Two sessions"],
        ),
    ],
)
def test_dates_and_two_rows_a_day_are_asked_in_these_words(rows, words, browser):
    log = "\n".join(["Patient ID,Date,Pain before,Pain after", *rows, ""]).encode()
    sha = browser.drop(log, "october.csv")
    browser.wait_for(f"look/{sha}/state")
    text = page(browser, f"look/{sha}/ask")
    for word in [*words, "I do not know"]:
        assert word in text
    assert "We would read" in text


def test_answers_go_where_the_option_says(browser, sha, settings, tmp_path):
    before = settings.read_text()
    browser.desk.config_file = tmp_path / "own.toml"
    assert answer(browser, sha, "1").status_code == 303
    assert settings.read_text() == before
    assert "Wizyta" in browser.desk.config_file.read_text()
