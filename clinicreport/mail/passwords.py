"""Secrets: from a file that ``clinic.toml`` names, or from the environment. Never from the command
line, never from ``clinic.toml``, never into the log."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import bytes_of
from clinicreport.ground.small_text import decoded
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
        return _typed(os.environ[SMTP], SMTP)
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
    return _long_enough(found)


def usable(password: str, where: str) -> str:
    """A password for attachments that somebody types into ``where``. Raises NoPassword."""
    if password != password.strip():
        raise NoPassword(f"{where}: it begins or ends with a blank, which nobody sees")
    return _long_enough(_typed(password, where))


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST:
        raise NoPassword(f"the attachment password is shorter than {SHORTEST} characters")
    return password


def _first_line(path: Path, key: str) -> str:
    try:
        lines = decoded(bytes_of(path)).splitlines()
    except FileNotFoundError:
        raise NoPassword(
            f"{key}: there is no file {path.name}: make it, with the password on its first line"
        ) from None
    except OSError as error:
        raise NoPassword(f"{key}: {path.name} cannot be read") from error
    except UnicodeDecodeError:  # whose own words would hold the password
        raise NoPassword(
            f"{key}: {path.name} cannot be read: its letters are neither UTF-8 nor UTF-16. Save it "
            "in the editor as UTF-8"
        ) from None
    if not lines or not lines[0].strip():
        raise NoPassword(f"{key}: {path.name} is empty; write the password on its first line")
    return _typed(lines[0], f"{key}: {path.name}")


def _typed(password: str, where: str) -> str:
    """The password. Raises NoPassword for characters that nobody types."""
    if any(unicodedata.category(char).startswith("C") for char in password):
        raise NoPassword(f"{where}: its first line holds a character that is none of a password")
    return password
