"""A whole message, ready for a server, or a draft that a person opens and sends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from clinicreport.settings.config import Config, Recipient

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


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
    """An .eml that Outlook opens ready to send: no date, no identity, no hidden recipients."""
    message = _message(draft, config)
    message["X-Unsent"] = "1"
    return message.as_bytes()


def message_bytes(draft: Draft, config: Config, message_id: str, moment: datetime) -> bytes:
    """A message as it goes to the server."""
    message = _message(draft, config)
    message["Date"] = format_datetime(moment.astimezone())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    return message.as_bytes()


def _message(draft: Draft, config: Config) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    mail = config.mail
    if mail.sender:
        message["From"] = _address(mail.sender_name, mail.sender)
    message["To"] = _address(draft.recipient.name, draft.recipient.address)
    message["Subject"] = draft.subject
    message.set_content(draft.text)
    message.add_alternative(draft.html, subtype="html")
    message.add_attachment(
        draft.attachment, maintype=XLSX[0], subtype=XLSX[1], filename=draft.attachment_name
    )
    return message


def _address(name: str, address: str) -> Address:
    """Checked once more here: nothing but one plain address can come out of this."""
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)
