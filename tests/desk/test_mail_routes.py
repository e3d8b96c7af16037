"""The mail of a month: shown to the letter, drafted, and sent only on a yes to what was shown."""

import re
import threading
from html import unescape

import pytest
from clinic_folders import SETTINGS, drop, faulty, log, rows, run
from mail_server import serving

from clinicreport.desk import opener
from clinicreport.desk.button_words import by_button
from clinicreport.folder import message_words

pytestmark = pytest.mark.usefixtures("fast")

PEOPLE = """
[[recipients]]
address = "b.example@clinic.example"
role = "therapist"
therapist = "B. Example"
"""


def reported(clinic, mode="off", content=None, more="", **mail):
    """A folder with October's report; its number."""
    lines = [f'mode = "{mode}"', *(f"{name} = {value}" for name, value in mail.items())]
    text = SETTINGS.replace("[mail]", "\n".join(["[mail]", *lines])) + more
    (clinic.root / "clinic.toml").write_text(text, encoding="utf-8")
    drop(clinic, "october.csv", content or log())
    from clinic_folders import request

    from clinicreport.folder.rounds import Wanted, run_once

    run_once(clinic, request(clinic), Wanted(send=False))
    return rows(clinic, "SELECT id FROM reports ORDER BY id DESC LIMIT 1")[0]["id"]


def sending(server, **more):
    where = {"server": '"localhost"', "port": server.port, "security": '"none"'}
    return where | {"sender": '"reports@clinic.example"', "timeout_seconds": 5} | more


def mail(browser, number, more=""):
    """The page, when the preview is made."""
    page = browser.at(f"mail/{number}{more}")
    while page.status_code == 303:
        page = browser.follow(page)
    return page


def order(page, how):
    """What the form of a button carries."""
    found = re.search(
        rf'/mail/\d+/{how}">.*?name="shown" value="(\w+)".*?name="whom" value="([\d,]*)"', page.text
    )
    return {"shown": found[1], "whom": found[2]}


def states(clinic):
    return [row["state"] for row in rows(clinic, "SELECT state FROM messages ORDER BY id")]


def test_a_draft_is_shown_made_and_opened(browser, clinic, monkeypatch):
    number = reported(clinic)
    assert f"/mail/{number}" in browser.at("month").text
    page = mail(browser, number)
    told = unescape(page.text)
    for words in (
        "<strong>office@clinic.example</strong> (manager): the clinic report, 9 kB",
        "would go",
        "Subject: <bdi>Clinic report 2026-10</bdi>",
        "Attached: clinic-report-2026-10.xlsx",
        "attached is the clinic report of Hill Clinic for 2026-10.",
        "Nothing is sent until you say yes.",
        "no mail server is set up",
        "Make 1 draft",
    ):
        assert words in told
    assert states(clinic) == []
    done = browser.follow(browser.post(f"mail/{number}/draft", **order(page, "draft")))
    assert "Mail to office@clinic.example (manager), 2026-10: draft ready in outbox/" in done.text
    again = browser.post(f"mail/{number}/draft", **order(page, "draft"))  # pressed twice
    assert browser.follow(again).headers["Location"].endswith(f"/mail/{number}?changed=1")
    assert states(clinic) == ["drafted"]
    later = mail(browser, number, "?changed=1")
    assert "This changed meanwhile. Here is how it stands." in later.text
    assert "Make 1 draft" not in later.text
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[1]
    assert re.search(r"<textarea[^>]*>(.*?)</textarea>", later.text, re.DOTALL)[1] == shown
    opened = []
    monkeypatch.setattr(opener, "open_file", opened.append)
    (row,) = rows(clinic, "SELECT * FROM messages")
    for button in ("open", "folder"):
        assert browser.post(f"mail/message/{row['id']}/{button}").status_code == 303
    assert opened == [clinic.root / row["path"], clinic.outbox]
    (clinic.root / row["path"]).unlink()
    assert browser.post(f"mail/message/{row['id']}/open").headers["Location"].endswith("changed=1")
    assert browser.post("mail/message/99/open").headers["Location"].endswith("month?changed=1")
    assert "it is not in outbox/ as it was" in mail(browser, number).text


def test_it_is_sent_once_on_a_yes_to_what_was_shown(browser, clinic, tmp_path):
    with serving(tmp_path, "none") as server:
        number = reported(clinic, "send", **sending(server))
        page = mail(browser, number)
        assert "queued already" in page.text
        assert "The automatic run sends what waits" in page.text
        assert "Yes, send" not in page.text
        asked = mail(browser, number, "/send")
        assert "Send to 1 person? It cannot be called back." in asked.text
        assert server.office.arrived == []
        yes = order(asked, "send")
        done = browser.follow(browser.post(f"mail/{number}/send", **yes))
        assert "Mail to office@clinic.example (manager), 2026-10: sent" in done.text
        again = browser.follow(browser.post(f"mail/{number}/send", **yes))
        assert again.headers["Location"].endswith(f"/mail/{number}?changed=1")
        assert browser.at(f"mail/{number}/send").status_code == 303  # there is nobody left
        (arrived,) = server.office.arrived
    shown = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", asked.text, re.DOTALL)[1])
    assert arrived.get_body(("plain",)).get_content().split() == shown.split()
    assert states(clinic) == ["sent"]


def test_what_was_shown_and_changed_meanwhile_is_not_sent(browser, clinic, tmp_path):
    with serving(tmp_path, "none") as server:
        number = reported(clinic, "off", **sending(server))
        yes = order(mail(browser, number, "/send"), "send")
        settings = clinic.root / "clinic.toml"
        settings.write_text(settings.read_text().replace("office@", "other@"))
        answer = browser.follow(browser.post(f"mail/{number}/send", **yes))
        assert answer.headers["Location"].endswith(f"/mail/{number}?changed=1")
        for wrong in ({"whom": ""}, {"whom": "7"}, {"shown": ""}, {"shown": "x", "whom": "-1"}):
            answer = browser.post(f"mail/{number}/send", **{**yes, **wrong})
            while "/job/" in answer.headers["Location"]:
                answer = browser.follow(answer)
            assert answer.headers["Location"].endswith(f"/mail/{number}?changed=1")
        assert server.office.arrived == []
    assert states(clinic) == []


def test_a_draft_is_sent_from_here_and_put_aside(browser, clinic, tmp_path):
    with serving(tmp_path, "none") as server:
        number = reported(clinic, "drafts", **sending(server))
        page = mail(browser, number)
        assert "drafted already" in page.text
        assert "Send 1 now" not in page.text
        asked = mail(browser, number, "/send?whom=0")
        assert "A draft was made already." in asked.text
        browser.follow(browser.post(f"mail/{number}/send", **order(asked, "send")))
        assert len(server.office.arrived) == 1
    assert states(clinic) == ["replaced", "sent"]
    assert list(clinic.outbox.glob("*.eml")) == []


@pytest.mark.parametrize("mode", ["drafts", "send"])
def test_what_is_sent_is_what_was_shown_where_the_settings_changed_since_it_was_made(
    browser, clinic, tmp_path, mode
):
    with serving(tmp_path, "none") as server:
        number = reported(clinic, mode, **sending(server))
        settings = clinic.root / "clinic.toml"
        text = settings.read_text(encoding="utf-8").replace("Hill Clinic", "Dale Clinic")
        settings.write_text(text + 'name = "Dr. Example"\n', encoding="utf-8")
        lies = mail(browser, number)
        assert "Hill Clinic for 2026-10" in lies.text  # it lies in outbox/ as it was
        assert "what lies in outbox/ differs" not in lies.text
        asked = mail(browser, number, "/send?whom=0")
        assert "what lies in outbox/ differs" in asked.text
        browser.follow(browser.post(f"mail/{number}/send", **order(asked, "send")))
        (arrived,) = server.office.arrived
    shown = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", asked.text, re.DOTALL)[1])
    assert shown.startswith("Hello Dr. Example,")
    assert "Dale Clinic for 2026-10" in shown
    assert arrived.get_body(("plain",)).get_content().replace("\r\n", "\n") == shown
    assert f"<bdi>{arrived['Subject']}</bdi>" in asked.text
    (attached,) = arrived.iter_attachments()
    assert f"Attached: {attached.get_filename()}, 9 kB" in asked.text


def test_what_cannot_be_made_anew_is_not_offered_to_be_sent(browser, clinic, tmp_path, monkeypatch):
    monkeypatch.setenv("CLINICREPORT_ATTACHMENT_PASSWORD", "correct horse")
    with serving(tmp_path, "none") as server:
        number = reported(clinic, "drafts", more=PEOPLE, **sending(server))
        assert f"/mail/{number}/send?whom=1" in mail(browser, number).text
        asked = mail(browser, number, "/send?whom=1").text
        assert "Read it" in asked
        assert "what lies in outbox/ differs" not in asked  # nothing changed
        monkeypatch.delenv("CLINICREPORT_ATTACHMENT_PASSWORD")
        page = mail(browser, number).text
        assert "it cannot be sent from here now: " in page
        assert f"/mail/{number}/send?whom=0" in page
        assert f"/mail/{number}/send?whom=1" not in page
        assert browser.at(f"mail/{number}/send?whom=1").headers["Location"].endswith("changed=1")
        assert server.office.arrived == []
    assert states(clinic) == ["drafted", "drafted"]


def test_what_a_stopped_run_left_behind_is_taken_up_before_the_yes_is_held_to_be_one(
    browser, clinic, tmp_path
):
    with serving(tmp_path, "none") as server:
        number = reported(clinic, "off", **sending(server))
        yes = order(mail(browser, number, "/send"), "send")
        left = clinic.staging / "one"
        left.mkdir(parents=True)
        (left / "october.csv").write_bytes(log(scores=(7, 6, 5)))
        answer = browser.follow(browser.post(f"mail/{number}/send", **yes))
        assert answer.headers["Location"].endswith(f"/mail/{number}?changed=1")
        assert server.office.arrived == []
    assert states(clinic) == []


def test_whoever_waits_for_the_question_comes_to_the_question(browser, clinic):
    number, done = reported(clinic, "drafts"), threading.Event()
    browser.desk.jobs.start(f"mail-{number}", done.wait)
    page = browser.at(f"mail/{number}/state?whom=0")
    asks = re.search(r'data-ask="([^"]*)"', page.text)[1]
    done.set()
    there = browser.wait_for(asks.removeprefix(f"/{browser.desk.prefix}/")).request.full_path
    assert there.endswith(f"/mail/{number}/send?whom=0")


def test_held_mail_says_why_and_where_to_answer(browser, clinic):
    number = reported(clinic, content=faulty())
    page = unescape(mail(browser, number).text)
    assert "held back: 1 error finding in the logs" in page
    assert f"/month/{number}/open" in page
    assert "Make 1 draft" not in page


def test_an_older_report_is_mailed_no_more(browser, clinic):
    number = reported(clinic, "drafts")
    drop(clinic, "october.csv", log(scores=(7, 6, 5)))
    run(clinic)
    page = mail(browser, number).text
    assert "There is a newer report of this month." in page
    assert "would go" not in page
    assert browser.at("mail/99").headers["Location"].endswith("month?changed=1")


def test_a_report_that_was_made_again_since_it_was_shown_is_not_sent(browser, clinic, tmp_path):
    with serving(tmp_path, "none") as server:
        number = reported(clinic, "off", **sending(server))
        settings = clinic.root / "clinic.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("Hill Clinic", "Dale Clinic"), encoding="utf-8")
        yes = order(mail(browser, number, "/send"), "send")
        browser.follow(browser.post(f"month/{number}/remake"))  # in another tab
        assert rows(clinic, "SELECT max(id) AS newest FROM reports")[0]["newest"] > number
        for how in ("send", "draft"):
            answer = browser.follow(browser.post(f"mail/{number}/{how}", **yes))
            assert answer.headers["Location"].endswith(f"/mail/{number}?changed=1")
        assert server.office.arrived == []
    assert states(clinic) == []


def test_an_answer_is_about_the_state_that_was_shown(browser, clinic):
    import sqlite3
    from contextlib import closing

    reported(clinic, "drafts")
    (row,) = rows(clinic, "SELECT id FROM messages")
    for state, answers in (("unsure", ("seen", "else")), ("failed", ("arrived", "again", "else"))):
        with closing(sqlite3.connect(clinic.ledger)) as db, db:
            db.execute("UPDATE messages SET state = ?", (state,))
        for answer in answers:
            there = browser.post(f"mail/message/{row['id']}/settle/{answer}").headers["Location"]
            assert there.endswith("month?changed=1")
            assert states(clinic) == [state]


def test_what_nobody_knows_is_settled_by_a_person(browser, clinic):
    number = reported(clinic, "drafts")
    import sqlite3
    from contextlib import closing

    def now(state):
        with closing(sqlite3.connect(clinic.ledger)) as db, db:
            db.execute("UPDATE messages SET state = ?, reason = 'it may have arrived'", (state,))

    (row,) = rows(clinic, "SELECT id FROM messages")
    for state, answer, after in (
        ("unsure", "again", "queued"),
        ("unsure", "arrived", "sent"),
        ("sending", "arrived", "sent"),
        ("failed", "seen", "not-sent"),
    ):
        now(state)
        page = mail(browser, number).text
        assert f"/mail/message/{row['id']}/settle/{answer}" in page
        assert "may have arrived" in page
        there = browser.post(f"mail/message/{row['id']}/settle/{answer}")
        assert there.headers["Location"].endswith(f"/mail/{number}")
        assert states(clinic) == [after]
        assert (
            browser.post(f"mail/message/{row['id']}/settle/{answer}")
            .headers["Location"]
            .endswith("month?changed=1")
        )


def test_a_password_is_set_where_there_is_none(browser, clinic):
    number = reported(clinic, more=PEOPLE)
    page = mail(browser, number)
    assert f"/mail/{number}/password/1" in page.text
    assert "Make 1 draft" in page.text  # the manager's
    here = f"mail/{number}/password/1"
    assert "b.example@clinic.example" in browser.at(here).text
    whom = re.search(r'name="whom" value="(\w+)"', browser.at(here).text)[1]
    for typed, again, words in (
        ("correct horse", "correct house", "The two are not the same."),
        ("geheim", "geheim", "shorter than 8 characters"),
        ("correct horse ", "correct horse ", "begins or ends with a blank"),
    ):
        answer = browser.post(here, whom=whom, password=typed, again=again)
        assert answer.status_code == 422
        assert words in answer.text
        assert typed not in answer.text
    typed = {"password": "correct horse", "again": "correct horse"}
    other = browser.post(here, whom="0" * 32, **typed)  # the list changed meanwhile
    assert other.headers["Location"].endswith(f"/mail/{number}?changed=1")
    browser.post(here, whom=whom, **typed)
    path = clinic.root / "attachment-password.txt"
    assert path.read_bytes() == b"correct horse\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert 'attachment_password_file = "attachment-password.txt"' in (
        clinic.root / "clinic.toml"
    ).read_text(encoding="utf-8")
    assert browser.at(here).headers["Location"].endswith(f"/mail/{number}")
    page = mail(browser, number)
    assert "Make 2 drafts" in page.text
    assert "patients-2026-10.xlsx" in page.text
    log_text = clinic.log.read_text(encoding="utf-8")
    assert "correct horse" not in log_text + page.text


@pytest.mark.parametrize("state", ["held", "queued", "drafted", "unsure", "failed", "sent"])
def test_what_the_status_says_of_a_message_names_buttons_here(state):
    one = {"id": 1, "month": "2026-10", "address": "office@clinic.example", "role": "manager"}
    one |= {"state": state, "reason": "so it is", "path": "outbox/a.eml", "sent_local": None}
    one |= {"how": "send", "report": "reports/2026 10/a b.xlsx", "wait": ""}
    one |= {"next_utc": "2026-11-24T10:00:00+00:00" if state in ("queued", "drafted") else None}
    words = by_button(message_words.in_words(one))
    assert "clinicreport mail" not in words
    assert "clinicreport run" not in words
    assert ("press “Mail”" in words) == (state in ("queued", "failed"))


def test_a_draft_of_a_month_that_is_held_by_now_is_not_to_be_sent(browser, clinic, monkeypatch):
    number = reported(clinic, "drafts")
    drop(clinic, "other.csv", log(scores=(7, 6, 5)))
    run(clinic)
    page = unescape(mail(browser, number).text)
    assert "held back: a log is held that may be a correction" in page
    assert "its draft is not to be sent" in page
    assert "the month's page says what to do" in page
    assert "Open in mail program" not in page
    opened = []
    monkeypatch.setattr(opener, "open_file", opened.append)
    (row,) = rows(clinic, "SELECT id FROM messages WHERE state = 'drafted'")
    there = browser.post(f"mail/message/{row['id']}/open")  # from a tab that still shows it
    assert there.headers["Location"].endswith(f"/mail/{number}?changed=1")
    assert opened == []


def test_nobody_on_the_list_is_said_with_the_way_to_it(browser, clinic):
    number = reported(clinic)
    settings = clinic.root / "clinic.toml"
    settings.write_text(settings.read_text(encoding="utf-8").partition("[[")[0], encoding="utf-8")
    page = mail(browser, number).text
    assert "nobody is on the list" in page
    assert "/settings/" in page


def test_what_waits_to_be_sent_can_be_a_draft_instead(browser, clinic):
    number = reported(
        clinic, "send", server='"localhost"', security='"none"', sender='"a@clinic.example"'
    )
    page = mail(browser, number)
    (row,) = rows(clinic, "SELECT id FROM messages")
    assert f"/mail/message/{row['id']}/draft" in page.text
    there = browser.post(f"mail/message/{row['id']}/draft")
    assert there.headers["Location"].endswith(f"/mail/{number}")
    assert states(clinic) == ["drafted"]
    (draft,) = clinic.outbox.glob("*.eml")
    assert b"X-Unsent: 1" in draft.read_bytes()
    assert "Open in mail program" in mail(browser, number).text
    again = browser.post(f"mail/message/{row['id']}/draft")
    assert again.headers["Location"].endswith("month?changed=1")
