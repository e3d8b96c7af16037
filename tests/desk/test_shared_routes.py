"""A version for sharing is made on the desk, remembered as given, and held where few differ."""

import re
import threading

import pytest
from clinic_folders import SETTINGS, drop, faulty, log, make_fast, make_folder, rows, run

MANY = tuple(f"P-{number}" for number in range(1, 8))


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    make_fast(monkeypatch)
    monkeypatch.setattr("clinicreport.books.share.shared_workbook.content", lambda _: b"PK shared")


@pytest.fixture
def clinic(clinic):
    settings = SETTINGS.replace("[mail]", '[mail]\nmode = "off"')
    (clinic.root / "clinic.toml").write_text(settings, encoding="utf-8")
    return clinic


def reported(clinic, content):
    """October's newest report."""
    drop(clinic, "october.csv", content)
    run(clinic)
    return rows(clinic, "SELECT id FROM reports ORDER BY id DESC LIMIT 1")[0]["id"]


def share(browser, number):
    return browser.follow(browser.post(f"month/{number}/share"))


def remembered(clinic):
    return len(rows(clinic, "SELECT * FROM marks WHERE kind = 'shared-by-hand'"))


def test_it_is_saved_and_remembered_once(browser, clinic):
    number = reported(clinic, log(patients=MANY))
    assert f"/month/{number}/share" in browser.at("month").text
    page = share(browser, number)
    assert "Save shared-report-2026-10.xlsx" in page.text
    there = re.search(r"shared/share-\w+", page.text)[0]
    answer = browser.at(there)
    assert answer.data == b"PK shared"
    assert "shared-report-2026-10.xlsx" in answer.headers["Content-Disposition"]
    assert "P-1" not in page.text
    share(browser, number)
    assert remembered(clinic) == 1


def test_one_from_which_few_differ_is_held_until_it_is_released_knowing_that(browser, clinic):
    share(browser, reported(clinic, log(patients=MANY)))
    number = reported(clinic, log(patients=(*MANY, "P-8")))
    page = share(browser, number)
    assert "The version to share waits" in page.text
    assert "fewer than 5" in page.text
    assert "clinicreport acknowledge" not in page.text
    assert remembered(clinic) == 1
    page = browser.at(f"month/{number}/open")
    handle = re.search(r"/finding/([0-9a-f]{32})\"", page.text)[1]
    browser.post(f"finding/{handle}", report=number, who="M. Example", why="they agreed")
    assert "is made" in share(browser, number).text
    assert remembered(clinic) == 2


def test_with_an_open_error_it_waits(browser, clinic):
    page = share(browser, reported(clinic, faulty()))
    assert "1 error finding in the logs" in page.text
    assert remembered(clinic) == 0


def test_an_older_report_and_another_work_give_nothing(browser, clinic):
    number = reported(clinic, log(patients=MANY))
    reported(clinic, log(patients=MANY[1:]))
    assert "This changed meanwhile." in share(browser, number).text
    for name in ("share-0", f"mail-{number}"):
        for page in (f"month/{number}/share/{name}", f"shared/{name}"):
            there = browser.at(page)
            assert there.headers["Location"].endswith("month?changed=1")


def test_it_is_the_report_of_the_folder_in_which_it_was_asked_for(browser, clinic, tmp_path):
    number = reported(clinic, log(patients=MANY))
    other = make_folder(tmp_path / "other", (clinic.root / "clinic.toml").read_text())
    assert reported(other, log(patients=MANY[1:])) == number
    free = threading.Event()
    browser.desk.jobs.start("before it", free.wait)
    begun = browser.post(f"month/{number}/share")
    browser.desk.choose(other.root)
    free.set()
    assert "is made" in browser.follow(begun).text
    assert (remembered(clinic), remembered(other)) == (1, 0)
