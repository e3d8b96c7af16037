"""A short message without figures and without an attachment, as a draft that a person sends."""

from __future__ import annotations

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.settings.request import Request


def note_bytes(address: str, subject: str, text: str, request: Request) -> bytes:
    """An .eml to one plain address; the subject is the program's own, never a value."""
    message = EmailMessage(policy=policy.SMTP)
    sender = request.config.mail.sender
    if sender:
        message["From"] = _plain(sender)
    message["To"] = _plain(address)
    message["Subject"] = subject
    message.set_content(text)
    message["X-Unsent"] = "1"
    return message.as_bytes()


def _plain(address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(username=local, domain=domain)
