"""The month's buttons: a log is used, a held one answered for, a report opened and made again."""

import io
import threading
from contextlib import ExitStack

import pytest
from clinic_folders import drop, log, make_folder, request, rows, run

from clinicreport.desk import kept, opener, runs
from clinicreport.folder import folder_status
from clinicreport.folder.lock import locked
from clinicreport.folder.places import Folder

pytestmark = pytest.mark.usefixtures("fast")


def used(browser, content, name):
    sha = browser.drop(content, name)
    return sha, browser.follow(browser.post(f"look/{sha}/use"))


def test_a_log_is_used_and_its_report_is_there(browser, clinic):
    sha, done = used(browser, log(), "october.csv")
    assert "october.csv: 6 rows = 6 used + 0 set aside, archived under 2026-10" in done.text
    assert "Report: reports/2026-10/clinic-report-2026-10.xlsx, version 1" in done.text
    assert (clinic.archive / "2026-10" / "october.csv").read_bytes() == log()
    assert not (clinic.root / "looking" / sha).exists()
    assert list(clinic.inbox.iterdir()) == []
    month = browser.at("month").text
    for line in ("2026-10: october.csv, 6 visits, came", "Open in Excel", "Make it again"):
        assert line in month


def test_the_month_says_what_status_says(browser, clinic):
    (clinic.inbox / "broken.csv").write_bytes(b"nothing,here\n1,2\n")
    (clinic.inbox / "good.csv").write_bytes(log())
    run(clinic)
    from html import unescape

    from clinicreport.desk.button_words import by_button
    from clinicreport.desk.month_page import looked_into

    with looked_into(clinic) as ledger:
        request = browser.desk.request()
        found = folder_status.status(clinic, ledger, request.config.folder, request.today)
    page = unescape(browser.at("month").text)
    lines = [by_button(line) for _, told in folder_status.sections(found) for line in told]
    assert len(lines) >= 4
    assert [line for line in lines if line not in page] == []


def test_the_desk_sends_no_mail(browser, clinic, monkeypatch):
    toml = clinic.root / "clinic.toml"
    send = '[mail]\nmode = "send"\nserver = "localhost"\nsecurity = "none"\nsender = "a@clinic.example"'
    toml.write_text(toml.read_text().replace("[mail]", send))
    sent = []
    monkeypatch.setattr("clinicreport.folder.postman.send_waiting", lambda *a, **k: sent.append(a))
    _, done = used(browser, log(), "october.csv")
    assert "office@clinic.example (manager), 2026-10: waits to be sent" in done.text
    assert sent == []


def test_other_files_of_the_inbox_settle_as_usual(browser, clinic):
    slow = clinic.inbox / "slow.csv"
    slow.write_bytes(log("2026-09"))
    (clinic.inbox / ".~lock.slow.csv#").write_bytes(b"")
    _, done = used(browser, log(), "october.csv")
    assert "slow.csv waits: it is open in a spreadsheet program" in done.text
    assert slow.exists()


def test_a_run_beside_it_is_waited_for(browser, clinic, monkeypatch):
    waited = threading.Event()
    monkeypatch.setattr(
        browser.desk.ended, "wait", lambda _: waited.set() or (done.wait(5) and False)
    )
    done = threading.Event()
    sha = browser.drop(log(), "october.csv")
    with locked(clinic.root):
        page = browser.post(f"look/{sha}/use").headers["Location"].partition("/job/")[2]
        assert waited.wait(5)
        asks = f'data-ask="/{browser.desk.prefix}/job/{page}"'
        assert asks in browser.at(f"job/{page}").text
        words = "The automatic run is at work. Your file is kept; we go on when it ends."
        assert words in browser.at(f"job/{page}").text
        assert (
            browser.at(f"job/{page}", headers={"Accept": "application/json"}).json["note"] == words
        )
        assert list(clinic.inbox.iterdir()) == []
    done.set()
    assert "archived under 2026-10" in browser.wait_for(f"job/{page}").text


def test_another_tab_throws_away_what_waits_to_be_used(browser, clinic, monkeypatch):
    sha = browser.drop(log(), "october.csv")

    def thrown_away(_):
        browser.post(f"look/{sha}/forget")
        lock.close()

    monkeypatch.setattr(browser.desk.ended, "wait", thrown_away)
    with ExitStack() as lock:
        lock.enter_context(locked(clinic.root))
        answer = browser.follow(browser.post(f"look/{sha}/use"))
    assert answer.status_code == 404
    assert "This file is not looked at any more:" in answer.text
    assert list(clinic.inbox.iterdir()) == []


def test_another_tab_is_quicker_than_the_use(browser, clinic, monkeypatch):
    sha = browser.drop(log(), "october.csv")
    monkeypatch.setattr(runs, "_check_name", lambda _: kept.throw_away(clinic.root, sha))
    answer = browser.follow(browser.post(f"look/{sha}/use"))
    assert answer.status_code == 404
    assert "This file is not looked at any more:" in answer.text


def test_a_file_that_is_kept_is_called_so_where_work_on_it_fails(browser, monkeypatch):
    def fail(*_):
        raise ValueError

    sha = browser.drop(log(), "october.csv")
    monkeypatch.setattr(runs, "_into_inbox", fail)
    answer = browser.follow(browser.post(f"look/{sha}/use"))
    assert answer.status_code == 500
    assert "That was our mistake. Your file is kept." in answer.text
    monkeypatch.setattr("clinicreport.desk.kept.keep", fail)
    answer = browser.post("look", file=(io.BytesIO(log()), "october.csv"))
    assert answer.status_code == 500
    assert "Your file is kept." not in answer.text


def test_what_was_to_be_used_is_used_after_a_stop(browser, clinic):
    sha = browser.drop(log(), "october.csv")
    browser.wait_for(f"look/{sha}/state")
    kept.want_used(clinic.root, sha)  # and the program is stopped
    runs.go_on(browser.desk)
    assert "archived under 2026-10" in browser.wait_for(f"job/use-{sha}").text
    assert not (clinic.root / "looking" / sha).exists()


def test_a_name_the_inbox_would_leave_alone_is_refused(browser, clinic):
    _, answer = used(browser, log(), "october.csv.part")
    assert answer.status_code == 409
    assert "named like a copy that has not ended" in answer.text
    assert list(clinic.inbox.iterdir()) == []


def test_a_name_that_is_taken_in_the_inbox_gets_another(browser, clinic):
    (clinic.inbox / "october.csv").write_bytes(log("2026-09"))
    (clinic.inbox / ".~lock.october.csv#").write_bytes(b"")
    _, done = used(browser, log(), "october.csv")
    assert "october (2).csv: 6 rows" in done.text


@pytest.mark.parametrize(
    ("answer", "stay"), [("instead", ["b.csv"]), ("both", ["a.csv", "b.csv"]), ("copy", ["a.csv"])]
)
def test_a_held_log_is_answered_for(browser, clinic, answer, stay):
    drop(clinic, "a.csv", log())
    drop(clinic, "b.csv", log(scores=(7, 6, 5)))
    run(clinic)
    assert "Yes, use it instead" in browser.at("month").text
    (number,) = [row["file"] for row in rows(clinic, "SELECT file FROM held")]
    browser.follow(browser.post(f"held/{number}/{answer}"))
    query = (
        "SELECT name FROM files WHERE state = 'archived' AND superseded_by IS NULL ORDER BY name"
    )
    assert [row["name"] for row in rows(clinic, query)] == stay
    again = browser.post(f"held/{number}/{answer}")  # another tab
    assert again.headers["Location"].endswith("month?changed=1")
    assert "This changed meanwhile. Here is how it stands." in browser.at("month?changed=1").text


def test_a_report_is_opened_and_made_again(browser, clinic, monkeypatch):
    used(browser, log(), "october.csv")
    opened = []
    monkeypatch.setattr(opener, "open_file", opened.append)
    (number,) = [row["id"] for row in rows(clinic, "SELECT id FROM reports")]
    assert browser.post(f"open/{number}").status_code == 303
    assert opened == [clinic.reports / "2026-10" / "clinic-report-2026-10.xlsx"]
    shown = browser.follow(browser.post(f"month/{number}/show"))
    assert "october.csv" in shown.text
    assert (clinic.archive / "2026-10" / "october.csv").read_bytes() == log()
    done = browser.follow(browser.post(f"month/{number}/remake"))
    assert "version 2" in done.text
    for wrong in ("0", "x", "..%2fclinic.toml", str(number)):
        assert browser.post(f"open/{wrong}").status_code in {303, 404}
        assert browser.post(f"month/{wrong}/show").status_code in {303, 404}
    assert len(opened) == 1


def test_a_folder_that_is_gone_is_said(browser, clinic):
    moved = clinic.root.rename(clinic.root.with_name("elsewhere"))
    answer = browser.at("month")
    assert answer.status_code == 503
    assert "We cannot reach the clinic folder. Is the network on? Nothing is lost." in answer.text
    assert "Try again" in answer.text
    moved.rename(clinic.root)
    assert browser.at("month").status_code == 200


def test_our_own_mistake_names_nothing(browser, clinic, monkeypatch):
    def fail(*_):
        raise ValueError("P-1 of Marker Street")

    monkeypatch.setattr("clinicreport.desk.month_page.month_page", fail)
    answer = browser.at("month")
    assert answer.status_code == 500
    assert "That was our mistake." in answer.text
    assert "Your file is kept." not in answer.text  # it is about no file
    assert "ValueError at test_month_routes.py" in answer.text
    assert "Marker" not in answer.text


def test_a_run_is_of_the_folder_in_which_it_was_asked_for(browser, clinic, tmp_path):
    other, free = make_folder(tmp_path / "other"), threading.Event()
    for one in (clinic, other):
        drop(one, "october.csv", log())
    browser.desk.jobs.start("before it", free.wait)
    begun = browser.post("run")
    browser.desk.choose(other.root)
    free.set()
    browser.follow(begun)
    assert list(clinic.archive.glob("2026-10/october.csv"))
    assert [path.name for path in other.inbox.iterdir()] == ["october.csv"]


def test_both_in_another_settings_file_leaves_the_folders_own_pairs(browser, clinic, tmp_path):
    own, earlier = tmp_path / "own.toml", ["x.csv", "y.csv"]
    own.write_text('name = "Ours"\n')
    browser.desk.config_file = own
    browser.desk.make_request = lambda root: request(Folder(root), config_file=own)
    toml = clinic.root / "clinic.toml"
    toml.write_text(toml.read_text().replace("[folder]", f"[folder]\nboth = [{earlier}]"))
    drop(clinic, "a.csv", log())
    drop(clinic, "b.csv", log(scores=(7, 6, 5)))
    run(clinic)
    (number,) = [row["file"] for row in rows(clinic, "SELECT file FROM held")]
    browser.follow(browser.post(f"held/{number}/both"))
    assert browser.desk.request().config.folder.both == [earlier, ["b.csv", "a.csv"]]
