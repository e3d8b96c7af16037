"""Secrets: from a file that ``clinic.toml`` names, or from the environment. Never from the command
line, never from ``clinic.toml``, never into the log."""

from __future__ import annotations

import os
from pathlib import Path

from clinicreport.ground.errors import UserError
from clinicreport.settings.config import Mail, Recipient

SMTP = "CLINICREPORT_SMTP_PASSWORD"
ATTACHMENT = "CLINICREPORT_ATTACHMENT_PASSWORD"
SHORTEST = 8


class NoPassword(UserError):  # noqa: N818 (a sentence for people, like the others)
    """A password is needed and there is none that can be used."""


def smtp_password(mail: Mail, folder: Path) -> str:
    """The server's password. Raises NoPassword."""
    if mail.password_file:
        return _first_line(folder / mail.password_file, "mail.password_file")
    if os.environ.get(SMTP):
        return os.environ[SMTP]
    raise NoPassword(
        f"the mail server wants a password: put it into a file and name that in clinic.toml "
        f"([mail] password_file), or set the variable {SMTP}"
    )


def attachment_password(recipient: Recipient, mail: Mail, folder: Path) -> str:
    """The password that a recipient's workbook is encrypted with. Raises NoPassword."""
    if recipient.password_file:
        found = _first_line(folder / recipient.password_file, "recipients.password_file")
    elif mail.attachment_password_file:
        found = _first_line(folder / mail.attachment_password_file, "mail.attachment_password_file")
    else:
        found = os.environ.get(ATTACHMENT, "")
    if not found.strip():
        raise NoPassword(
            "pages on patients leave only encrypted, and there is no password for it: put one into "
            "a file and name that in clinic.toml ([mail] attachment_password_file), or set the "
            f"variable {ATTACHMENT}"
        )
    if len(found) < SHORTEST:
        raise NoPassword(f"the attachment password is shorter than {SHORTEST} characters")
    return found


def _first_line(path: Path, key: str) -> str:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NoPassword(f"{key}: {path.name} cannot be read") from error
    if not lines or not lines[0].strip():
        raise NoPassword(f"{key}: {path.name} is empty; write the password on its first line")
    return lines[0]
