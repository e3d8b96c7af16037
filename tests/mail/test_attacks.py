"""What an evil value, an evil server or a second run could do: nothing leaves that should not."""

import email
import json

import mail_server
import pytest
from click.testing import CliRunner
from clinic_folders import drop, faulty, log, make_folder, request, rows, run
from imap_server import Post, mailbox
from imap_server import settings as mailbox_settings
from mail_server import PASSWORD, USER, serving, settings

from clinicreport.commands.cli import main
from clinicreport.folder import clock, postman
from clinicreport.folder.lock import Busy
from clinicreport.folder.rounds import run_once
from clinicreport.ground.errors import UsageError
from clinicreport.mail import compose, smtp
from clinicreport.mail.secrets_hidden import BLANK

pytestmark = pytest.mark.usefixtures("fast")

ODD_USER, ODD = "jürgen@clinic.example", "Grüße, 密码 ✓"
PNG = "logo.png"


def sending(place, server, text=None, password=PASSWORD):
    folder = make_folder(place / "clinic", text or settings(server))
    (folder.root / "smtp-password.txt").write_text(password, encoding="utf-8")
    drop(folder, "october.csv", log())
    return folder


# ------------------------------------------------------------------ headers from settings

# Every value of clinic.toml that comes near a message, and where it stands.
PLACES = {
    "name": ('name = "Hill Clinic"', 'name = "{}"'),
    "sender": ('sender = "reports@clinic.example"', 'sender = "{}"'),
    "sender_name": ("[mail]", '[mail]\nsender_name = "{}"'),
    "subject": ("[mail]", '[mail]\nsubject = "{}"'),
    "user": (f'user = "{USER}"', 'user = "{}"'),
    "server": ('server = "localhost"', 'server = "{}"'),
    "allow": ('allow = ["clinic.example"]', 'allow = ["clinic.example", "{}"]'),
    "address": ('address = "office@clinic.example"', 'address = "{}"'),
    "their name": ('role = "manager"', 'role = "manager"\nname = "{}"'),
}
# As TOML writes them: line ends of every kind, an encoded word, a second address, a second header.
BREAKS = (
    r"a\r\nBcc: e@evil.example",
    r"a\nBcc: e@evil.example",
    r"a\rBcc: e@evil.example",
    r"a\u0085Bcc: e@evil.example",
    r"a\u2028Bcc: e@evil.example",
    r"a\u000bBcc: e@evil.example",
    r"a\u0000",
    "=?utf-8?q?a=0d=0aBcc:_e@evil.example?=",
)
HARMLESS = (
    "a, e@evil.example",
    "a <e@evil.example>",
    r"a\">, <e@evil.example",
    "a; Bcc: e@evil.example",
    r"a\\",
    "((a",
    "@evil.example:a",
)


@pytest.mark.parametrize("place", PLACES)
def test_no_line_break_or_code_gets_into_the_settings(tmp_path, server, place):
    before, after = PLACES[place]
    for value in BREAKS:
        text = settings(server).replace(before, after.format(value))
        folder = make_folder(tmp_path, text)
        with pytest.raises(UsageError, match=r"clinic\.toml"):
            request(folder)


@pytest.mark.parametrize("place", ["name", "sender_name", "subject", "their name"])
def test_what_looks_like_an_address_stays_a_name(tmp_path, server, office, place):
    before, after = PLACES[place]
    for value in HARMLESS:
        folder = sending(tmp_path, server, settings(server).replace(before, after.format(value)))
        config = request(folder).config
        draft = compose.Draft(
            config.recipients[0], compose.subject(config, "2026-10", 1), "", "", "a.xlsx", b"PK"
        )
        content = compose.message_bytes(draft, config, "<one@clinic.example>", clock.now())
        with smtp.Connection(config.mail, folder.root) as connection:
            connection.send(config.recipients[0].address, content, lambda: None)
    assert len(office.arrived) == len(HARMLESS)
    for message in office.arrived:
        assert message.envelope_to == ["office@clinic.example"]
        assert {name.lower().encode() for name in message} <= compose.HEADERS | {
            b"x-peer",
            b"x-mailfrom",
            b"x-rcptto",
        }
        assert [one.addr_spec for one in message["To"].addresses] == ["office@clinic.example"]
        assert [one.addr_spec for one in message["From"].addresses] == [USER]


# ---------------------------------------------------------------------- what a server repeats


def shown(folder, *words):
    """What a command prints, with all that the folder keeps."""
    told = CliRunner().invoke(main, [*words, "-vv"])
    kept = [
        path.read_bytes().decode("latin-1")
        for path in folder.root.rglob("*")
        if path.is_file() and path.name != "smtp-password.txt"
    ]
    return told.output, "\n".join([told.output, *kept])


def check(folder, *words, found=True):
    """No secret in anything, though the server's words are there."""
    output, everything = shown(folder, *words)
    assert PASSWORD not in everything
    assert BLANK in output
    page = folder.status_page.read_text(encoding="utf-8")
    assert (f"no: {BLANK}" in page) == found
    return output


@pytest.mark.parametrize(
    ("where", "code"),
    [("mail", "550"), ("rcpt", "421"), ("rcpt", "550"), ("end", "450"), ("end", "550")],
)
def test_a_refusal_anywhere_repeats_no_secret(tmp_path, server, office, where, code):
    said = [f"{code} no: {PASSWORD}"] * 2
    if where == "rcpt":
        office.rcpt["office@clinic.example"] = said
    else:
        setattr(office, {"mail": "mail_from", "end": "end"}[where], said)
    folder = sending(tmp_path, server)
    output = check(folder, "run", str(folder.root), "--json", "--today", "2026-11-24")
    told = json.loads(output[output.index("{") : output.rindex("}") + 1])
    assert any(BLANK in text for text in told["mail_problems"])


def test_the_doctor_repeats_none_either(tmp_path, server, office):
    office.refuse_login = f"535 no: {PASSWORD}"
    folder = sending(tmp_path, server)
    output, everything = shown(folder, "status", str(folder.root), "--doctor", "--connect")
    assert BLANK in output
    assert PASSWORD not in everything


class Echo(Post):
    """A mailbox that repeats the password where it is told to."""

    def __init__(self, place):
        super().__init__()
        said = f"no: {PASSWORD}".encode()
        if place == "login":
            self.refuse = said
        elif place == "append":
            self.append = [f"NO {said.decode()}"]


@pytest.mark.parametrize("place", ["login", "append"])
def test_a_mailbox_repeats_none(tmp_path, place):
    with mailbox(tmp_path, Echo(place)) as (_, port, ca_file):
        folder = sending(tmp_path, None, mailbox_settings(port, ca_file))
        check(folder, "run", str(folder.root), "--today", "2026-11-24")


# ------------------------------------------------------------------------- users and passwords


def test_a_user_outside_ascii_logs_in_by_either_way(tmp_path, monkeypatch):
    monkeypatch.setattr(mail_server, "USER", ODD_USER)
    monkeypatch.setattr(mail_server, "PASSWORD", ODD)
    with serving(tmp_path) as other:
        text = settings(other).replace('sender = "jürgen', 'sender = "reports')
        folder = sending(tmp_path, other, text, ODD)
        assert run(folder).mail_problems == []
        assert len(other.office.arrived) == 1


@pytest.mark.parametrize("ways", [b"AUTH=PLAIN", b""])
def test_a_user_with_blanks_and_quotation_marks_is_one_word_to_a_mailbox(
    tmp_path, monkeypatch, ways
):
    import imap_server

    monkeypatch.setattr(imap_server, "USER", 'M. "Hill" \\ Clinic')
    with mailbox(tmp_path, Post(ways=ways)) as (post, port, ca_file):
        post.written = r'"M. \"Hill\" \\ Clinic"'
        text = mailbox_settings(port, ca_file).replace(
            f'sender = "{imap_server.USER}"', f'sender = "{USER}"'
        )
        text = text.replace(f'user = "{imap_server.USER}"', f"user = '{imap_server.USER}'")
        folder = sending(tmp_path, None, text)
        assert run(folder).mail_problems == []
        assert len(post.drafts()) == 1


# ------------------------------------------------------------------- two at once, and clocks


def test_a_second_run_while_a_message_is_on_its_way(tmp_path, server, office, monkeypatch):
    folder = sending(tmp_path, server)
    met = []

    def meanwhile(point):
        if point == "send: sending":
            with pytest.raises(Busy):
                run_once(folder, request(folder))
            told = CliRunner().invoke(main, ["mail", "--send", "--folder", str(folder.root)])
            met.append((point, told.exit_code))

    monkeypatch.setattr(postman, "fault", meanwhile)
    assert run(folder).mail_problems == []
    assert [point for point, _ in met] == ["send: sending"]
    assert met[0][1] != 0
    assert list(office.ids().values()) == [1]
    assert [row["state"] for row in rows(folder, "SELECT state FROM messages")] == ["sent"]


def waiting(tmp_path, server, office):
    """A folder whose message was refused for now, and the message's identity."""
    office.rcpt["office@clinic.example"] = ["451 later"]
    folder = sending(tmp_path, server)
    run(folder)
    (eml,) = folder.outbox.glob("*.eml")
    return folder, email.message_from_bytes(eml.read_bytes())["Message-ID"].strip()


@pytest.mark.parametrize("today", ["2026-11-23", "2031-01-01"])
def test_whatever_the_clock_says_meanwhile_it_is_sent_once_under_one_identity(
    tmp_path, server, office, today
):
    folder, identity = waiting(tmp_path, server, office)
    for day in (today, today, "2026-11-25"):
        run(folder, day, retry=True)
    assert office.ids() == {identity: 1}


def test_nothing_is_sent_of_a_month_whose_visits_all_lie_in_the_future(tmp_path, server, office):
    """The clock was ahead when the report was made; on the right day its message may not go."""
    folder, identity = waiting(tmp_path, server, office)
    run(folder, "2026-06-01", retry=True)
    run(folder, "2026-06-01", retry=True)
    assert office.arrived == []
    run(folder, "2026-11-25", retry=True)
    assert list(office.ids().values()) == [1]
    assert identity not in office.ids()  # the new report's message


def test_an_answer_taken_back_holds_what_waits(tmp_path, server, office):
    """The gate is asked once more right before sending."""
    office.rcpt["office@clinic.example"] = ["451 later"]
    folder = sending(tmp_path, server)
    drop(folder, "october.csv", faulty())
    folder.acknowledged.write_text(
        "rule,patient,date,who,why\nbad-score,P-7,2026-10-07,M. Example,asked\n"
    )
    run(folder)
    assert [row["state"] for row in rows(folder, "SELECT state FROM messages")] == ["queued"]
    folder.acknowledged.unlink()
    run(folder, retry=True)
    assert [row["state"] for row in rows(folder, "SELECT state FROM messages")] == ["held"]
    assert office.arrived == []


def test_the_same_report_named_twice_goes_once_more_once(tmp_path, server, office):
    folder = sending(tmp_path, server)
    run(folder)
    (made,) = folder.reports.glob("*/clinic-report-*.xlsx")
    words = [
        "mail",
        str(made),
        str(made),
        "--send",
        "--again",
        "--yes",
        "--folder",
        str(folder.root),
    ]
    for copies in (2, 3):
        assert CliRunner().invoke(main, words).exit_code == 0
        assert len(office.arrived) == copies
    assert set(office.ids().values()) == {1}
