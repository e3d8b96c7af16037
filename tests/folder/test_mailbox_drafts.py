"""Drafts in the mailbox: each there once, whatever happens on the way, and none that should not."""

import datetime as dt
import email
import email.policy
import sys
import time

import pytest
from clinic_folders import drop, faulty, log, make_folder, rows, run
from imap_server import FOLDERS, Post, mailbox, settings
from killed import killed_at, needs_a_server
from mail_server import PASSWORD, TOKEN

from clinicreport.folder import clock
from clinicreport.ground.errors import UsageError
from clinicreport.mail.mailbox import modified_utf7
from clinicreport.settings.config import load

pytestmark = pytest.mark.usefixtures("fast")


def clinic(place, port, ca_file, password=PASSWORD, content=None, **more):
    folder = make_folder(place / "clinic", settings(port, ca_file, **more))
    (folder.root / "smtp-password.txt").write_text(password, encoding="utf-8")
    drop(folder, "october.csv", content or log())
    return folder


def messages(folder):
    return rows(folder, "SELECT * FROM messages ORDER BY id")


def test_a_draft_lies_in_the_folder_for_drafts_ready_to_send(tmp_path):
    with mailbox(tmp_path) as (post, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
        done = run(folder)
        assert done.mail_problems == []
        run(folder)
        (content,) = post.drafts()
    (row,) = messages(folder)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert (message["Message-ID"], message["X-Unsent"]) == (row["message_id"], None)
    assert (message["To"], message["From"]) == ("office@clinic.example", "reports@clinic.example")
    assert message["Date"]
    (attached,) = message.iter_attachments()
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    assert attached.get_content() == report.read_bytes()
    assert post.flags == [rb"\Seen \Draft"]
    assert row["state"] == "drafted"
    assert row["reason"] == "it lies in the mailbox too, ready to send"
    assert (folder.root / row["path"]).is_file()
    assert row["reason"] in folder.status_page.read_text(encoding="utf-8")


def test_xoauth2(tmp_path):
    command = f"[{sys.executable!r}, '-c', 'print(\"{TOKEN}\")']"
    with mailbox(tmp_path) as (post, port, ca_file):
        folder = clinic(tmp_path, port, ca_file, login="xoauth2", token_command=command)
        run(folder)
        assert len(post.drafts()) == 1


def test_a_stale_token_is_refused_and_waits_without_a_storm(tmp_path):
    command = f"[{sys.executable!r}, '-c', 'print(\"stale-stale-stale\")']"
    post = Post()
    post.refuse = b"no: stale-stale-stale"
    with mailbox(tmp_path, post) as (_, port, ca_file):
        folder = clinic(tmp_path, port, ca_file, login="xoauth2", token_command=command)
        (problem,) = run(folder).mail_problems
        assert problem.startswith("login refused: localhost")
        assert "no: •••" in problem
        (problem,) = run(folder).mail_problems
        assert "(not in the mailbox yet: login refused" in problem
        assert "at once: clinicreport run --retry" in problem
        assert post.logins == 1
        assert "stale-stale" not in folder.log.read_text(encoding="utf-8")
        assert "stale-stale" not in folder.status_page.read_text(encoding="utf-8")
        assert "no: •••" in messages(folder)[0]["reason"]


@pytest.mark.parametrize("ways", [b"AUTH=PLAIN", b""])
def test_a_password_by_either_way(tmp_path, ways):
    with mailbox(tmp_path, Post(ways=ways)) as (post, port, ca_file):
        run(clinic(tmp_path, port, ca_file))
        assert len(post.drafts()) == 1


@pytest.mark.parametrize(("ways", "put"), [(b"AUTH=PLAIN", 1), (b"", 0)])
def test_a_password_outside_ascii(tmp_path, ways, put):
    post = Post(ways=ways)
    post.password = "Grüße, 密码"
    with mailbox(tmp_path, post) as (_, port, ca_file):
        done = run(clinic(tmp_path, port, ca_file, "Grüße, 密码"))
        assert len(post.drafts()) == put
        assert [("letters outside ASCII" in text) for text in done.mail_problems] == [True] * (
            1 - put
        )


@pytest.mark.parametrize("what", ["drop", "lose", "NO [OVERQUOTA] full"])
def test_a_broken_line_or_a_refusal_is_made_good_and_nothing_lies_there_twice(tmp_path, what):
    post = Post()
    post.append = [what]
    with mailbox(tmp_path, post) as (_, port, ca_file):
        folder = clinic(tmp_path, port, ca_file, recipients=("office", "second"))
        assert run(folder).mail_problems
        run(folder, retry=True)
        assert run(folder, retry=True).mail_problems == []
        assert sorted(post.ids().values()) == [1, 1]
        assert len(post.drafts()) == 2
    assert {row["next_utc"] for row in messages(folder)} == {None}


def test_what_was_sent_from_the_mailbox_meanwhile_is_not_put_there_again(tmp_path):
    post = Post()
    post.append = ["drop"]
    with mailbox(tmp_path, post) as (_, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
        run(folder)
        post.kept[b"Gesendet"] += post.kept[b"Entw&APw-rfe"]
        post.kept[b"Entw&APw-rfe"].clear()
        run(folder, retry=True)
        assert post.drafts() == []


def test_a_server_that_drips_is_left(tmp_path):
    post = Post()
    post.drip = True
    with mailbox(tmp_path, post) as (_, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
        text = folder.root / "clinic.toml"
        text.write_text(text.read_text().replace("timeout_seconds = 5", "timeout_seconds = 0.3"))
        begun = time.monotonic()
        done = run(folder)
        assert time.monotonic() - begun < 5
        post.drip = False
    assert done.mail_problems


def test_without_a_marked_folder_a_usual_one_or_the_one_that_is_named(tmp_path):
    plain = dict.fromkeys(FOLDERS, b"")
    with mailbox(tmp_path, Post(plain)) as (post, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
        assert "drafts_folder" in run(folder).mail_problems[0]
        text = folder.root / "clinic.toml"
        old = text.read_text()
        text.write_text(old.replace("[mail]", '[mail]\ndrafts_folder = "Fort"'))
        assert "no such folder" in run(folder, retry=True).mail_problems[0]
        text.write_text(old.replace("[mail]", '[mail]\ndrafts_folder = "Entwürfe"'))
        run(folder, retry=True)
        assert len(post.drafts()) == 1
    with mailbox(tmp_path, Post({b"INBOX": b"", b"[Gmail]/Drafts": b""})) as (post, port, ca_file):
        (tmp_path / "second").mkdir()
        run(clinic(tmp_path / "second", port, ca_file))
        assert len(post.kept[b"[Gmail]/Drafts"]) == 1


def test_drafts_of_before_held_ones_and_changed_ones_do_not_go_there(tmp_path):
    with mailbox(tmp_path) as (post, port, ca_file):
        folder = clinic(tmp_path, port, ca_file, content=log("2026-09"))
        text = folder.root / "clinic.toml"
        with_mailbox = text.read_text()
        text.write_text(with_mailbox.replace("imap_", "# imap_"))
        run(folder)
        text.write_text(with_mailbox)
        drop(folder, "second.csv", faulty())
        run(folder)
        assert post.logins == 0
        post.refuse = b"not now"
        drop(folder, "november.csv", log("2026-11", patients=("P-8",)))
        run(folder)
        (draft,) = folder.outbox.glob("2026-11*.eml")
        draft.write_bytes(draft.read_bytes() + b"changed")
        post.refuse = b""
        run(folder, retry=True)
        assert post.ids() == {}
    assert [row["state"] for row in messages(folder)] == ["drafted", "held", "drafted"]


def test_a_draft_that_waits_does_not_go_there_while_a_log_is_held(tmp_path):
    post = Post()
    post.append = ["NO later"]
    with mailbox(tmp_path, post) as (_, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
        run(folder)
        drop(folder, "october corrected.csv", log(scores=(7, 6, 2)))
        assert run(folder, retry=True).held
        assert post.drafts() == []
        run(folder, replaces=["october.csv=october corrected.csv"], retry=True)
        assert len(post.drafts()) == 1


def test_a_newer_draft_says_that_an_older_one_lies_there(tmp_path):
    with mailbox(tmp_path) as (post, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
        run(folder)
        drop(folder, "october.csv", log(scores=(7, 6, 2)))
        run(folder)
        assert len(post.drafts()) == 2
    assert "delete that one" in messages(folder)[1]["reason"]


def test_after_five_days_the_draft_stays_in_the_outbox(tmp_path, monkeypatch):
    moment = [dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    with mailbox(tmp_path) as (_, port, ca_file):
        folder = clinic(tmp_path, port, ca_file)
    for _ in range(12):  # tries enough, and 5 days
        run(folder)
        moment[0] += dt.timedelta(hours=12)
    (row,) = messages(folder)
    assert (row["state"], row["next_utc"]) == ("drafted", None)
    assert "given up after 5 days" in row["reason"]
    assert run(folder).mail_problems == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('imap_server = "imap.clinic.example"', "needs login"),
        ('imap_server = "imap.example"\nlogin="xoauth2"\nuser="a"', "token_command"),
        ('imap_server = "a b"', "imap_server"),
        ('imap_security = "ssl"', "imap_security"),
        ("imap_port = 0", "imap_port"),
        ('imap_folder = "x"', "imap_folder"),
        (
            'imap_server = "x.example"\nimap_security="none"\nlogin="password"\nuser="a"',
            "this comp",
        ),
    ],
)
def test_its_settings_are_strict(tmp_path, line, says):
    (tmp_path / "clinic.toml").write_text(f"[mail]\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        load(None, tmp_path)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Drafts", b"Drafts"),
        ("Entwürfe", b"Entw&APw-rfe"),
        ("R&D", b"R&-D"),
        ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("", b""),
    ],
)
def test_a_folders_name_as_imap_writes_it(name, written):
    assert modified_utf7(name) == written


POINTS = (
    "mailbox: begun",
    "mailbox: looked for",
    "mailbox: put",
    "mailbox: recorded",
    "outbox: composed",
)


@pytest.mark.once
@needs_a_server
@pytest.mark.parametrize("point", POINTS)
def test_killed_on_the_way_to_the_mailbox(ground, point):
    place = ground / point.replace(": ", "-")
    place.mkdir()
    with mailbox(place) as (post, port, ca_file):
        folder = clinic(place, port, ca_file, recipients=("office", "second"))
        assert killed_at(folder, point)
        run(folder, retry=True)
        assert run(folder, retry=True).mail_problems == []
        assert len(post.drafts()) == 2
        assert set(post.ids()) == {row["message_id"] for row in messages(folder)}
    assert {(row["state"], row["next_utc"]) for row in messages(folder)} == {("drafted", None)}
