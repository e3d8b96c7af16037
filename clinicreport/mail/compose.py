"""A whole message, ready for a server, or a draft that a person opens and sends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from clinicreport.ground.errors import UserError
from clinicreport.settings.config import CODED, Config, Recipient

HEADERS = frozenset(
    (
        *(b"from", b"to", b"subject", b"date", b"message-id"),
        *(b"x-unsent", b"auto-submitted", b"mime-version", b"content-type"),
    )
)
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")

UNSENT = b"X-Unsent: 1"


class NotSound(UserError):  # noqa: N818 (a sentence for people)
    """A message that is not as it was meant; it is not kept."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a message."""

    recipient: Recipient
    subject: str
    text: str
    html: str
    attachment_name: str
    attachment: bytes


def new_message_id(config: Config) -> str:
    """An identity that a message keeps however often it has to be sent."""
    domain = config.mail.sender.rpartition("@")[2] or "clinicreport.invalid"
    return f"<{secrets.token_hex(12)}@{domain}>"  # short, so that its line need not be folded


def subject(config: Config, month: str, version: int) -> str:
    """The subject: the month and the clinic, never a patient."""
    text = config.mail.subject.format(month=month, clinic=config.name, version=version)
    return (
        f"{text} (version {version})"
        if version > 1 and "{version}" not in config.mail.subject
        else text
    )


def draft_bytes(draft: Draft, config: Config) -> bytes:
    """An .eml that Outlook opens ready to send: no date, no identity, no hidden recipients.

    Raises NotSound.
    """
    message = _message(draft, config)
    message["X-Unsent"] = "1"
    return sound(message.as_bytes(), draft.recipient.address, config.mail.sender)


def draft_text(draft: Draft, beside: str) -> bytes:
    """The draft to paste, for mail programs that open an .eml only to read; ``beside``: the name of
    the file to attach."""
    lines = [
        f"To:      {draft.recipient.address}",
        f"Subject: {draft.subject}",
        f"Attach:  {beside} (in this folder)",
        "",
        "Text:",
        "",
        *draft.text.splitlines(),
        "",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")


def message_bytes(draft: Draft, config: Config, message_id: str, moment: datetime) -> bytes:
    """A message as it goes to the server. Raises NotSound."""
    message = _message(draft, config)
    message["Date"] = format_datetime(moment.astimezone())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    return sound(message.as_bytes(), draft.recipient.address, config.mail.sender)


def mailbox_bytes(draft: bytes, message_id: str, moment: datetime) -> bytes:
    """A stored draft as it lies in a mailbox: with its identity and a day, ready to send."""
    head, end, rest = draft.partition(b"\r\n\r\n")
    own = f"Date: {format_datetime(moment.astimezone())}\r\nMessage-ID: {message_id}".encode()
    lines = [own if line == UNSENT else line for line in head.split(b"\r\n")]
    return b"\r\n".join(lines) + end + rest


def _message(draft: Draft, config: Config) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    mail = config.mail
    if mail.sender:
        message["From"] = _address(mail.sender_name, mail.sender)
    message["To"] = _address(draft.recipient.name, draft.recipient.address)
    message["Subject"] = literal(draft.subject)
    message.set_content(draft.text)
    message.add_alternative(draft.html, subtype="html")
    message.add_attachment(
        draft.attachment, maintype=XLSX[0], subtype=XLSX[1], filename=literal(draft.attachment_name)
    )
    return message


def literal(text: str) -> str:
    """Text in which nothing begins an encoded word, which the email package would decode."""
    return text.replace(CODED, "= ?")


def _address(name: str, address: str) -> Address:
    """Nothing but one plain address can come out of this. A name that would not be read back as it
    stands is left out."""
    local, _, domain = address.rpartition("@")
    bare = Address(username=local, domain=domain)
    try:
        named = Address(literal(name), local, domain)
        message = EmailMessage(policy=policy.SMTP)
        message["To"] = named
        (read,) = message_from_bytes(message.as_bytes(), policy=policy.default)["To"].addresses
    except (ValueError, IndexError, MessageError):
        return bare
    same = read.display_name.split() == literal(name).split() and read.addr_spec == address
    return named if same else bare


def sound(content: bytes, to: str, sender: str) -> bytes:
    """A finished message, looked at once more as a server will read it: the headers that stand here
    and no others, each once, to one recipient. Raises NotSound."""
    head = content.partition(b"\r\n\r\n")[0]
    lines = head.split(b"\r\n")
    names = [line.partition(b":")[0].lower() for line in lines if line[:1] not in (b" ", b"\t")]
    read = message_from_bytes(head + b"\r\n\r\n", policy=policy.default)
    whole = (
        set(names) <= HEADERS
        and len(names) == len(set(names))
        and not any(b"\r" in line or b"\n" in line for line in lines)
        and [one.addr_spec for one in read["To"].addresses] == [to]
        and [one.addr_spec for one in (read["From"].addresses if sender else ())]
        == ([sender] if sender else [])
    )
    if not whole:
        raise NotSound(
            "the message would not have exactly one recipient and the usual headers: look at "
            "sender_name, subject and the names in clinic.toml"
        )
    return content
