"""The page of a log: list and cells link both ways, hostile cells are text, nothing leaks."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from clinic_folders import faulty, log, make_fast, run
from clinic_folders import rows as db_rows
from kinds_of_logs import Page, _encrypted, xlsx

HEAD = ["Patient ID", "Date", "Pain before", "Pain after"]
MARK = "ZZTOP-4711"


class Ids(HTMLParser):
    """The ids of a page, where its links within it go, and its addresses."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.within, self.addresses, self.tags = [], [], [], set()
        self.title, self._in_title = "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self._in_title = tag == "title"
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("href", "action", "src"):
            if given.get(name, "").startswith("#"):
                self.within.append(given[name][1:])
            elif name in given:
                self.addresses.append(given[name])
        for name in given:
            assert not name.startswith("on"), name
            assert name != "style"

    def handle_data(self, data):
        if self._in_title:
            self.title += data


def csv_of(*rows):
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode()


def shown(browser, content, name="october.csv", more=""):
    sha = browser.drop(content, name)
    browser.wait_for(f"look/{sha}/state")
    page = browser.at(f"look/{sha}{more}")
    assert page.status_code == 200, page.text
    return sha, page.text


def test_a_faulty_log_shows_each_finding_on_its_cell_and_in_the_list(browser):
    _, page = shown(browser, csv_of(["P-1", "2026-10-05", 7, 3], ["P-1", "soon", 6, 3]))
    assert "2 rows × 4 columns checked" in page
    assert "1 error." in page
    assert "1 row used, 1 set aside." in page
    assert '<td id="c3-2" class="error" dir="auto"><a class="mark" href="#f1">' in page
    seen = Ids(page)
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.within) - {"main"} <= set(seen.ids)
    assert {"f1", "c3-2", "k1"} <= set(seen.within) | set(seen.ids)
    assert '<th scope="col">C <bdi>Pain before</bdi>: <span class="read">NRS before</span>' in page
    assert '<th scope="row">3 <span class="aside">set aside</span></th>' in page
    assert "Correct these cells in your own file, save, drop it again." in page


def test_nothing_to_mend_is_loud(browser):
    _, page = shown(browser, log())
    assert "Nothing to mend." in page
    assert "6 rows × 6 columns checked" in page
    assert "What was found" not in page


def test_hostile_cells_names_and_ids_are_text(browser):
    rows = [
        [f"<script>alert(1)</script>{MARK}", "2026-10-05", "=cmd|' /C calc'!A0", "3"],
        ["P-1\u202ecilc\u202c", "2026-10-06", '"><img src=x onerror=alert(1)>', "3"],
        ["\u0645\u0631\u064a\u0636", "2026-10-07", "x" * 10_000, "{{ 7*7 }}"],
        ["javascript:alert(1)", "2026-10-08", "7", "</td></table><h1>"],
    ]
    name = f"<img src=x onerror=alert(1)> {MARK}.csv"
    sha, page = shown(browser, csv_of(*rows), name)
    for more in ("", "/ask", "/headings"):
        text = browser.at(f"look/{sha}{more}").text
        seen = Ids(text)
        assert not seen.tags & {"img", "iframe", "style", "svg"}
        assert text.count("<script") == 1
        assert "\u202e" not in text
        assert MARK not in seen.title
        assert not [address for address in seen.addresses if MARK in address]
        assert all(address.startswith("/") for address in seen.addresses)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "=cmd|" in page
    assert "10,000 characters)" in page
    assert "{{ 7*7 }}" in page
    assert len(page) < 100_000


def test_nothing_of_the_log_is_in_any_address_and_no_page_is_kept(browser):
    sha, _ = shown(browser, csv_of([MARK, "2026-10-05", "12", "3"]))
    for more in ("", "?only=1&at=1", "/ask", "/headings"):
        answer = browser.at(f"look/{sha}{more}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert not [address for address in Ids(answer.text).addresses if MARK in address]


@pytest.mark.parametrize(
    "more", ["?page=99&sheet=99&across=99&at=99&kind=99&part=99", "?page=-1&at=x&sheet=" + "9" * 30]
)
def test_an_address_that_asks_for_too_much_is_held_to_what_there_is(more, browser):
    _, page = shown(browser, faulty(), more=more)
    assert "The sheet as it is" in page


def test_the_steps_lead_through_the_findings(browser):
    _, page = shown(
        browser, csv_of(["P-1", "2026-10-05", "12", "3"], ["P-1", "2026-10-06", "13", "3"])
    )
    walked = []
    while step := re.search(r'data-step="next" href="/[0-9a-f]+/(look/\S+?)#f(\d+)"', page):
        walked.append(int(step[2]))
        page = browser.at(step[1].replace("&amp;", "&")).text
    assert walked == list(range(1, len(walked) + 1))
    assert len(walked) >= 2
    assert f"{len(walked)} of {len(walked)}" in page
    assert 'data-step="previous"' in page


def test_a_marked_copy_is_the_command_lines(browser, cli, folder):
    content = xlsx(Page([HEAD, ["P-1", "2026-10-05", "6-7", 3.0]]))
    sha, _ = shown(browser, content, "october.xlsx")
    answer = browser.post(f"look/{sha}/marked")
    assert answer.status_code == 303
    copy = browser.at(f"look/{sha}/marked")
    assert copy.headers["Content-Disposition"] == "attachment; filename=october-marked.xlsx"
    (folder / "october.xlsx").write_bytes(content)
    cli("check", "--marked-copy", "copies", "october.xlsx")
    own = openpyxl.load_workbook(folder / "copies" / "october-marked.xlsx")
    given = openpyxl.load_workbook(io.BytesIO(copy.data))
    assert given.sheetnames == own.sheetnames
    for sheet in own:
        assert [cell.value for row in sheet.rows for cell in row] == [
            cell.value for row in given[sheet.title].rows for cell in row
        ]
    assert browser.post(f"look/{sha}/forget").status_code == 303
    assert list((browser.desk.folder / "looking").iterdir()) == []


# ------------------------------------------------------------------------------- it is right


def test_a_finding_is_acknowledged_and_holds_when_the_log_is_used(browser, clinic, monkeypatch):
    sha, page = shown(browser, faulty())
    assert "It is right: who, why" in page
    (name,) = re.findall(r'name="finding" value="(f[0-9a-f-]+)"', page)
    answer = browser.post(
        f"look/{sha}/right", finding=name, who="A. Desk", why="The patient said so", at="1"
    )
    assert answer.status_code == 303
    assert name[:16] not in answer.headers["Location"]
    page = browser.at(f"look/{sha}").text
    assert "A. Desk says that it is right: <bdi>The patient said so</bdi>" in page
    assert "It is right: who, why" not in page
    line = next(csv.DictReader(io.StringIO(clinic.acknowledged.read_text("utf-8-sig"))))
    assert (line["who"], line["why"], line["finding"]) == ("A. Desk", "The patient said so", name)
    make_fast(monkeypatch)
    (clinic.inbox / "october.csv").write_bytes(faulty())
    run(clinic)
    (message,) = db_rows(clinic, "select state, reason from messages")
    assert message == {"state": "drafted", "reason": ""}  # not held back


def test_who_and_why_are_needed(browser, clinic):
    sha, page = shown(browser, faulty())
    (name,) = re.findall(r'name="finding" value="(f[0-9a-f-]+)"', page)
    answer = browser.post(f"look/{sha}/right", finding=name, who="A. Desk", why="  ")
    assert answer.status_code == 422
    assert "<title>Error: Look" in answer.text
    assert "Why: write something, of up to 500 characters" in answer.text
    assert (
        "A. Desk" not in clinic.acknowledged.read_text("utf-8-sig")
        if clinic.acknowledged.exists()
        else True
    )
    gone = browser.post(f"look/{sha}/right", finding="f0-f0", who="A", why="B")
    assert gone.headers["Location"].endswith("?changed=1")
    assert (
        "This changed meanwhile. Here is how it stands." in browser.at(f"look/{sha}?changed=1").text
    )


# --------------------------------------------------------------------------------- the states


def test_a_locked_file_is_opened_with_its_password_which_is_not_kept(browser, clinic):
    content = _encrypted(xlsx(Page([HEAD, ["P-1", "2026-10-05", 7.0, 3.0]])), "pain")
    sha, page = shown(browser, content, "october.xlsx")
    assert "<bdi>october.xlsx</bdi> is locked." in page
    assert "Used once, not kept." in page
    assert "--password-file" not in page
    assert "Mend it first" not in page
    browser.post(f"look/{sha}/password", password="wrong")
    browser.wait_for(f"look/{sha}/state")
    assert "That password does not open it." in browser.at(f"look/{sha}").text
    browser.post(f"look/{sha}/password", password="pain")
    browser.wait_for(f"look/{sha}/state")
    page = browser.at(f"look/{sha}").text
    assert "1 row × 4 columns checked" in page
    assert "better save a copy without a password" in page
    assert not [
        path for path in clinic.root.rglob("*") if path.is_file() and b"pain" in path.read_bytes()
    ]


def test_no_spreadsheet_and_no_visits_say_what_to_do(browser):
    _, page = shown(browser, b"%PDF-1.7", "letter.pdf")
    assert "<bdi>letter.pdf</bdi> is not a spreadsheet. Drop the file with the visits." in page
    rota = xlsx(Page([["Rota"], ["Monday", "B. Example"]], "Rota"))
    _, page = shown(browser, rota, "rota.xlsx")
    assert "We found no visits in <bdi>rota.xlsx</bdi>. Which sheet holds them?" in page
    assert '"><bdi>Rota</bdi></a>' in page
    assert ">None</button>" in page


def test_settings_that_somebody_else_changed_are_used(browser, clinic):
    sha, page = shown(browser, csv_of(["P-1", "2026-10-05", "unknown!", "3"]))
    assert "bad-score" in page
    path = clinic.root / "clinic.toml"
    path.write_text(f'missing = ["unknown!"]\n{path.read_text()}')
    assert "bad-score" not in browser.at(f"look/{sha}").text


def test_ten_thousand_visits_answer_in_two_hundred_rows(browser):
    rows = [
        [
            f"P-{at // 10:04}",
            f"2026-{1 + at % 10:02}-{1 + at // 10 % 28:02}",
            12 if at % 50 == 0 else 6,
            3,
        ]
        for at in range(3_000)
    ]
    _, page = shown(browser, csv_of(*rows))
    assert "3,000 rows × 4 columns checked" in page
    assert page.count('<th scope="row">') == 200
    assert "1–200 of 3,001" in page
    assert "Show all" in page
    assert json.dumps(page).count("score-out-of-range") == 1


def test_what_is_not_looked_at_is_not_there(browser, clinic):
    before = sorted(clinic.root.rglob("*"))
    for sha in ("0" * 64, "..", "..%2f..%2fclinic.toml", "F" * 64, "a"):
        for page in ("", "/marked", "/ask", "/headings"):
            answer = browser.at(f"look/{sha}{page}")
            assert answer.status_code in (303, 403, 404)
            assert "clinic.example" not in answer.text
    assert sorted(clinic.root.rglob("*")) == before


def test_no_form_of_another_page_changes_anything(browser, clinic):
    sha, _ = shown(browser, faulty())
    before = {path: path.read_bytes() for path in clinic.root.rglob("*") if path.is_file()}
    given = {"finding": "f0", "who": "x", "why": "y", "password": "z", "choice": "1"}
    evil = {"Origin": "http://evil.example"}
    for page in ("marked", "right", "password", "ask", "ask/certain", "undo", "headings"):
        assert browser.post(f"look/{sha}/{page}", token="guessed", **given).status_code == 403
        assert browser.post(f"look/{sha}/{page}", headers=evil, **given).status_code == 403
    assert {path: path.read_bytes() for path in clinic.root.rglob("*") if path.is_file()} == before
