"""A held log is compared with those that it may correct, visit by visit."""

import pytest
from clinic_folders import drop, log, rows, run

from clinicreport.log.fields import SESSION_FIELDS

pytestmark = pytest.mark.usefixtures("fast")


def held(clinic, *logs):
    for at, content in enumerate(logs):
        drop(clinic, f"{'abcd'[at]}.csv", content)
        run(clinic)
    (found,) = rows(clinic, "SELECT file FROM held")
    return found["file"]


def test_what_differs_is_shown_until_the_log_is_held_no_more(browser, clinic):
    number = held(clinic, log(), log(patients=("P-1", "P-3"), scores=(7, 6, 5)))
    assert f"held/{number}" in browser.at("month").text
    page = browser.at(f"held/{number}")
    while page.status_code == 303:  # a slow computer
        page = browser.wait_for(f"held/{number}/state")
    label = SESSION_FIELDS["nrs_before"].label
    was_and_is = f'<td>{label}</td><td dir="auto">4</td><td dir="auto">5</td><td>C4</td>'
    assert was_and_is in page.text
    assert page.text.count("<bdi>P-1</bdi>") == 1
    assert page.text.count("visit removed") == page.text.count("visit added") == 3
    assert browser.desk.jobs.result(f"held-{number}") is None  # compared anew at the next look
    other = browser.at(f"held/{number}/state")  # a tab that still waits for what this one took
    assert other.headers["Location"].endswith(f"held/{number}")
    browser.follow(browser.post(f"held/{number}/instead"))
    for gone in (number, 999):
        assert browser.at(f"held/{gone}").headers["Location"].endswith("month?changed=1")


def test_a_log_that_holds_three_others_replaces_them_all(browser, clinic):
    patients = ("P-1", "P-2", "P-3")
    for name, patient in zip("abc", patients, strict=True):
        drop(clinic, f"{name}.csv", log(patients=(patient,)))
    run(clinic)
    drop(clinic, "d.csv", log(patients=patients))
    run(clinic)
    (number,) = [row["file"] for row in rows(clinic, "SELECT file FROM held")]
    assert (
        "<bdi>a.csv</bdi>, <bdi>b.csv</bdi>, <bdi>c.csv</bdi></h1>"
        in browser.at(f"held/{number}").text
    )
    browser.follow(browser.post(f"held/{number}/instead"))
    query = "SELECT name FROM files WHERE state = 'archived' AND superseded_by IS NULL"
    assert [row["name"] for row in rows(clinic, query)] == ["d.csv"]
