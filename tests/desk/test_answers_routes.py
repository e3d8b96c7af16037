"""What is open about a month: said, answered for by a person, and then mailed."""

import re
from html import unescape

import pytest
from clinic_folders import drop, faulty, log, rows, run

from clinicreport.folder import shared_again

pytestmark = pytest.mark.usefixtures("fast")


@pytest.fixture
def number(clinic):
    """Of the report on a log with one error finding."""
    drop(clinic, "october.csv", faulty())
    run(clinic)
    return rows(clinic, "SELECT id FROM reports")[0]["id"]


def handle(page):
    (found,) = re.findall(r"/finding/([0-9a-f]{32})\"", page.text)
    return found


def states(clinic):
    return [row["state"] for row in rows(clinic, "SELECT state FROM messages ORDER BY id")]


def test_an_open_error_is_answered_for_and_its_mail_is_drafted(browser, clinic, number):
    assert f"/month/{number}/open" in browser.at("month").text
    page = browser.at(f"month/{number}/open")
    assert "1 error is open." in page.text
    assert "october.csv C3" in page.text
    assert states(clinic) == ["held"]
    sent = browser.post(
        f"finding/{handle(page)}", report=number, who="M. Example", why="two marks, both meant"
    )
    assert sent.headers["Location"].endswith(f"/month/{number}/open#done")
    assert ',M. Example,"two marks, both meant",' in clinic.acknowledged.read_text("utf-8-sig")
    assert states(clinic) == ["drafted"]
    page = browser.at(f"month/{number}/open").text
    assert "Nothing is open." in page
    assert "<strong>M. Example</strong>: <bdi>two marks, both meant</bdi>" in page


def test_an_answer_without_words_is_refused_and_keeps_what_was_typed(browser, clinic, number):
    page = browser.at(f"month/{number}/open")
    answer = browser.post(f"finding/{handle(page)}", report=number, who="M. Example", why=" ")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "Why: write something, of up to 500 characters" in answer.text
    assert 'value="M. Example"' in answer.text
    assert states(clinic) == ["held"]


def test_what_is_meant_has_another_name_at_each_start_and_is_no_findings_id(
    browser, clinic, number
):
    page = browser.at(f"month/{number}/open")
    from desk_browser import make_browser, make_desk

    other = make_browser(make_desk(browser.desk.place()))
    other.come_in()
    assert handle(page) != handle(other.at(f"month/{number}/open"))
    finding = rows(clinic, "SELECT finding FROM errors")[0]["finding"]
    assert finding.startswith("f")
    assert finding[:16] not in page.text


def test_who_comes_too_late_is_told(browser, clinic, number):
    page = browser.at(f"month/{number}/open")
    words = {"report": number, "who": "M. Example", "why": "so it is"}
    browser.post(f"finding/{handle(page)}", **words)
    for wrong in (handle(page), "0" * 32):
        again = browser.post(f"finding/{wrong}", **words)
        assert again.headers["Location"].endswith(f"/month/{number}/open?changed=1")
    assert "This changed meanwhile" in browser.at(f"month/{number}/open?changed=1").text
    drop(clinic, "october.csv", log(patients=("P-7",)))
    run(clinic)
    assert "Nothing is open." in browser.at(f"month/{number}/open").text  # of the newer report
    for gone in ("0", "x", "999"):
        assert browser.at(f"month/{gone}/open").headers["Location"].endswith("month?changed=1")
    assert len(clinic.acknowledged.read_text("utf-8-sig").splitlines()) == 2


def test_a_version_for_sharing_is_released_knowing_why_it_is_held(browser, clinic, number):
    from clinicreport.folder.open_folder import opened

    name = "f0123456789abcde-f01234567"[:26]
    with opened(clinic, browser.desk.request()) as inside, inside.ledger.change() as change:
        change.keep_marks(shared_again.HELD_BACK, number, {"name": name, "count": "1"})
    page = browser.at(f"month/{number}/open")
    told = unescape(page.text)
    assert "by 1 patient, fewer than 5: whoever has both" in told
    assert "clinicreport acknowledge" not in told
    assert "1 error is open." in told  # the version for sharing is none
    (second,) = re.findall(r"Release it: who, why.*?/finding/([0-9a-f]{32})", page.text, re.DOTALL)
    browser.post(f"finding/{second}", report=number, who="M. Example", why="they agreed")
    assert name in clinic.acknowledged.read_text("utf-8-sig")
    assert "Release it: who" not in browser.at(f"month/{number}/open").text
