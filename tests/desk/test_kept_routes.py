"""A file is dropped, read, thrown away; nothing of it is left anywhere else."""

import hashlib
import re

from clinic_folders import log


def test_a_log_is_kept_read_and_thrown_away(browser, clinic):
    content = log()
    sha = browser.drop(content, "october.csv")
    assert sha == hashlib.sha256(content).hexdigest()
    place = clinic.root / "looking" / sha
    assert [path.name for path in place.iterdir()] == ["october.csv"]
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / "october.csv").stat().st_mode & 0o777 == 0o600
    shown = browser.wait_for(f"look/{sha}/state")
    assert "october.csv" in shown.text
    assert "6 rows used, 0 set aside" in shown.text
    assert re.search(
        r">october\.csv, dropped 20\d\d-\d\d-\d\d \d\d:\d\d<", browser.at("month").text
    )
    assert browser.post(f"look/{sha}/forget").status_code == 303
    assert list((clinic.root / "looking").iterdir()) == []
    assert "october.csv" not in browser.at("month").text
    for page in ("", "/state", "/ask", "/headings", "/marked"):
        assert browser.at(f"look/{sha}{page}").status_code == 404
    for button in (
        "/ask",
        "/ask/certain",
        "/undo",
        "/headings",
        "/marked",
        "/password",
        "/right",
        "/use",
    ):
        assert browser.post(f"look/{sha}{button}").status_code == 404


def test_no_file_chosen_is_no_mistake(browser):
    answer = browser.post("look")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/month")


def test_the_address_of_a_runs_end_leads_a_look_to_its_own_page(browser):
    sha = browser.drop(log(), "october.csv")
    browser.wait_for(f"look/{sha}/state")
    answer = browser.at(f"job/{sha}/done")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/look/{sha}")


def test_a_folder_that_goes_while_a_page_is_made_is_told_as_gone(browser, clinic, monkeypatch):
    def gone(*_):
        clinic.root.rename(clinic.root.with_name("elsewhere"))
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("clinicreport.desk.kept.throw_away", gone)
    answer = browser.post(f"look/{'a' * 64}/forget")
    assert answer.status_code == 503
    assert "We cannot reach the clinic folder." in answer.text
