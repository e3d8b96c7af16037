"""Users, passwords and tokens in whatever letters, and no secret in anything that is kept or shown."""

import base64
import json
import sys
import traceback

import mail_server
import pytest
from click.testing import CliRunner
from clinic_folders import drop, log, make_folder, rows, run
from mail_server import PASSWORD, TOKEN, USER, Office, serving, settings

from clinicreport.commands.cli import main
from clinicreport.ground.small_text import decoded
from clinicreport.mail import login, smtp
from clinicreport.mail.conversation import Stopped
from clinicreport.mail.passwords import NoPassword, smtp_password
from clinicreport.mail.secrets_hidden import BLANK, Secrets
from clinicreport.settings.config import Mail

pytestmark = pytest.mark.usefixtures("fast")

ODD = "Grüße, 密码 ✓"


def clinic(place, server, password=PASSWORD, **more):
    folder = make_folder(place / "clinic", settings(server, **more))
    (folder.root / "smtp-password.txt").write_text(f"{password}\n", encoding="utf-8")
    drop(folder, "october.csv", log())
    return folder


@pytest.mark.parametrize("excluded", [[], ["PLAIN"]])
def test_a_password_outside_ascii_logs_in(tmp_path, monkeypatch, excluded):
    monkeypatch.setattr(mail_server, "PASSWORD", ODD)
    with serving(tmp_path, auth_exclude_mechanism=excluded) as server:
        folder = clinic(tmp_path, server, ODD)
        assert run(folder).mail_problems == []
        assert len(server.office.arrived) == 1


def test_where_no_way_takes_such_letters_a_sentence_says_so(tmp_path):
    ways = ["PLAIN", "LOGIN"]
    with serving(tmp_path, auth_exclude_mechanism=ways) as server:
        folder = clinic(tmp_path, server, ODD)
        done = run(folder)
        assert "letters outside ASCII" in done.mail_problems[0]
    (row,) = rows(folder, "SELECT * FROM messages")
    assert (row["state"], row["reason"]) == ("queued", done.mail_problems[0])
    assert ODD not in folder.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("token", ["tøken", "two words", "tab\\tbed", "\\x00"])
def test_what_cannot_be_a_token_is_not_sent(tmp_path, token):
    code = f"import sys; sys.stdout.buffer.write('{token}'.encode())"
    with pytest.raises(login.NoToken, match="no token") as refused:
        login.access_token([sys.executable, "-c", code], tmp_path)
    assert "tøken" not in str(refused.value)


def test_a_token_command_may_complain_in_any_letters(tmp_path):
    code = "import sys; sys.stderr.buffer.write(b'\\xfc\\xff'); print('abc')"
    assert login.access_token([sys.executable, "-c", code], tmp_path) == "abc"
    wide = "import sys; sys.stdout.buffer.write('abc\\r\\n'.encode('utf-16'))"
    assert login.access_token([sys.executable, "-c", wide], tmp_path) == "abc"
    with pytest.raises(login.NoToken, match="status 3"):
        login.access_token([sys.executable, "-c", f"{code}; sys.exit(3)"], tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        "pässword\r\n".encode("utf-16"),
        "pässword\r\n".encode("utf-16-le"),
        b"\xfe\xff" + "pässword\n".encode("utf-16-be"),
        "pässword".encode("utf-8-sig"),
        "pässword\nsecond line".encode(),
    ],
)
def test_password_files_as_powershell_and_editors_write_them(tmp_path, written):
    (tmp_path / "secret.txt").write_bytes(written)
    assert smtp_password(Mail(password_file="secret.txt"), tmp_path) == "pässword"


@pytest.mark.parametrize("written", ["gehéim".encode("cp1252"), b"\xff\xfeg", b"geh\x07im"])
def test_a_password_file_of_other_letters_is_said_without_its_text(tmp_path, written):
    (tmp_path / "secret.txt").write_bytes(written)
    with pytest.raises(NoPassword, match=r"secret\.txt") as refused:
        smtp_password(Mail(password_file="secret.txt"), tmp_path)
    shown = "".join(traceback.format_exception(refused.value))
    assert "geh" not in shown


def test_utf16_is_told_by_its_mark_or_its_zeros():
    assert decoded(b"") == ""
    assert decoded(b"a") == "a"
    assert decoded(b"\x00a") == "a"


# ------------------------------------------------------------------------- secrets in answers


def everything(folder, done, output=""):
    """All that is kept or shown."""
    kept = [
        path.read_bytes().decode("latin-1")
        for path in folder.root.rglob("*")
        if path.is_file() and path.name != "smtp-password.txt"
    ]
    return "\n".join([*kept, json.dumps([done.mail_problems, done.messages]), output])


def plain(password):
    return base64.b64encode(f"\0{USER}\0{password}".encode()).decode()


@pytest.mark.parametrize("code", ["535 5.7.8", "454 4.7.0"])
@pytest.mark.parametrize(
    "echo",
    [PASSWORD, plain(PASSWORD), plain(PASSWORD)[3:60], PASSWORD.upper(), "x" * 280 + PASSWORD],
)
def test_a_refused_login_repeats_no_secret(tmp_path, code, echo):
    office = Office()
    office.refuse_login = f"{code} no: {echo} is wrong"
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server)
        done = run(folder)
        shown = CliRunner().invoke(main, ["mail", "--send", "-vv", "--folder", str(folder.root)])
    text = everything(folder, done, shown.output).lower()
    assert "no: " in text
    assert BLANK in done.mail_problems[0] or len(echo) > 280
    assert PASSWORD[:12] not in text
    assert plain(PASSWORD)[10:30].lower() not in text


def test_a_token_repeated_at_the_end_of_a_message_is_blanked(tmp_path):
    office = Office()
    office.end = [f"250 taken for {TOKEN}"]
    command = f"[{sys.executable!r}, '-c', 'print(\"{TOKEN}\")']"
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, login="xoauth2", token_command=command)
        done = run(folder)
    (row,) = rows(folder, "SELECT * FROM messages")
    assert (row["state"], row["reason"]) == ("sent", f"taken for {BLANK}")
    kept = everything(folder, done).replace(f'print("{TOKEN}")', "").replace(f"'{TOKEN}'", "")
    assert f'print(\\"{TOKEN}\\")' not in kept
    assert kept.count(TOKEN) == folder.root.joinpath("clinic.toml").read_text().count(TOKEN) - 1


def test_no_exception_of_the_connection_carries_the_answer(tmp_path):
    office = Office()
    office.refuse_login = f"535 no: {PASSWORD}"
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server)
        mail = Mail.model_validate(
            {
                "sender": USER,
                "user": USER,
                "server": "localhost",
                "port": server.port,
                "login": "password",
                "password_file": "smtp-password.txt",
                "ca_file": str(server.ca_file),
            }
        )
        with pytest.raises(Stopped) as stopped:
            smtp.Connection(mail, folder.root).__enter__()
    assert PASSWORD not in "".join(traceback.format_exception(stopped.value))
    assert stopped.value.__context__ is None


def test_who_logs_in_shows_no_secret():
    assert "hush" not in repr(login.Credentials("me", "hush", by_token=False))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("it is hush-hush", f"it is {BLANK}"),
        (b"HUSH-HUSH\r\n535 \x1b[31mno", f"{BLANK} 535 [31mno"),
        (b"a2VlcDpodXNoLWh1c2g= aHVzaC1odXNo", f"a2VlcDpodXNoLWh1c2g= {BLANK}"),
        ("hush alone", "hush alone"),
        ("", ""),
    ],
)
def test_what_is_blanked(said, shown):
    secrets = Secrets()
    secrets.add("hush-hush")
    assert secrets.hide(said) == shown


def test_a_long_token_is_told_by_its_pieces():
    secrets = Secrets()
    token = "".join(f"{number:03d}" for number in range(100))
    secrets.add(token)
    assert secrets.hide(f"bad {token[30:60]} here") == f"bad {BLANK} here"
    assert secrets.hide(f"bad {token[30:41]} here") == f"bad {token[30:41]} here"


def test_without_a_screen_a_message_is_sent(tmp_path, monkeypatch):
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server)
        monkeypatch.setattr(sys, "stdout", None)
        monkeypatch.setattr(sys, "stderr", None)
        monkeypatch.setattr(sys, "stdin", None)
        done = run(folder)
        assert (done.mail_problems, len(server.office.arrived)) == ([], 1)
