"""No value makes a header: what stands in the settings stands in the message as it is, or not at all."""

import email
import email.policy

import pytest
from clinic_folders import SETTINGS, drop, log, make_fast, make_folder, run
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicreport.ground.errors import UsageError
from clinicreport.mail import compose
from clinicreport.settings.config import Config, Mail, Recipient, load

CODED = "=?utf-8?q?a=0d=0aBcc:_e@evil.example?="
TO, FROM = "office@clinic.example", "reports@clinic.example"


def draft(name="", subject="Clinic report 2026-10"):
    recipient = Recipient.model_construct(address=TO, role="manager", name=name)
    return compose.Draft(recipient, subject, "text\n", "<p>text", "report.xlsx", b"PK")


def clinic(sender_name=""):
    mail = Mail.model_construct(sender=FROM, sender_name=sender_name)
    return Config.model_construct(mail=mail)


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


@pytest.mark.parametrize(
    "line",
    [
        f'sender_name = "{CODED}"',
        f'subject = "{CODED}"',
        'sender = "=?utf-8?q?a=0d=0abcc?=@clinic.example"',
        f'user = "{CODED}"',
    ],
)
def test_encoded_words_are_refused_in_the_settings(tmp_path, line):
    (tmp_path / "clinic.toml").write_text(f"[mail]\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"=\?"):
        load(None, tmp_path)


def test_the_clinic_and_a_recipient_have_none_either(tmp_path):
    place = tmp_path / "clinic.toml"
    for text in (
        f'name = "{CODED}"\n{SETTINGS.replace("name =", "#")}',
        f'{SETTINGS}name = "{CODED}"',
    ):
        place.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=r"=\?"):
            load(None, tmp_path)


def test_where_one_gets_through_it_is_taken_literally():
    content = compose.draft_bytes(draft(CODED, CODED), clinic(CODED))
    message = read(content)
    assert message["Bcc"] is None
    assert message["Subject"] == CODED.replace("=?", "= ?")
    assert [one.addr_spec for one in message["To"].addresses] == [TO]
    assert b"\nBcc" not in content


LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"), codec="utf-8"), max_size=120
)


@settings(max_examples=30, deadline=None)
@given(LINES, LINES, LINES)
def test_whatever_the_names_one_recipient_and_the_usual_headers(name, sender_name, subject):
    message = read(compose.draft_bytes(draft(name, subject), clinic(sender_name)))
    assert {key.lower().encode() for key in message} <= compose.HEADERS
    assert [one.addr_spec for one in message["To"].addresses] == [TO]
    assert [one.addr_spec for one in message["From"].addresses] == [FROM]
    shown = message["To"].addresses[0].display_name
    assert shown.split() in ([], compose.literal(name).split())


@pytest.mark.parametrize(
    "head",
    [
        "To: office@clinic.example\r\nFrom: reports@clinic.example\r\nBcc: e@evil.example",
        "To: office@clinic.example, e@evil.example\r\nFrom: reports@clinic.example",
        "To: office@clinic.example\r\nTo: e@evil.example\r\nFrom: reports@clinic.example",
        "To: office@clinic.example\r\nFrom: reports@clinic.example\nCc: e@evil.example",
        "To: office@clinic.example\r\nFrom: e@evil.example",
    ],
)
def test_a_finished_message_that_is_not_as_meant_is_not_kept(head):
    with pytest.raises(compose.NotSound):
        compose.sound(f"{head}\r\n\r\ntext".encode(), TO, FROM)


def test_beside_a_draft_lies_its_text_to_paste(tmp_path, monkeypatch):
    make_fast(monkeypatch)
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    (eml,) = folder.outbox.glob("*.eml")
    text = eml.with_suffix(".txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfTo:      office@clinic.example\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    said = text.decode("utf-8-sig")
    assert f"Attach:  {eml.stem}.xlsx" in said
    assert eml.with_suffix(".xlsx").is_file()
    plain = read(eml.read_bytes()).get_body(("plain",)).get_content()
    assert said.split("\r\n\r\n", 2)[2].split() == plain.split()
    drop(folder, "october.csv", log(scores=(7, 6, 2)))
    run(folder)
    assert [path.suffix for path in sorted((folder.outbox / "replaced").glob("*-1.*"))] == [
        ".eml",
        ".txt",
        ".xlsx",
    ]
