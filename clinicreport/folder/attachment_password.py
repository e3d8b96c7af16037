"""A password for attachments, set by somebody who has no editor for files: into the file that
``clinic.toml`` names, or into one beside it that is named there then."""

from __future__ import annotations

from pathlib import Path

from clinicreport.folder.places import Folder
from clinicreport.folder.private import private
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of, remove
from clinicreport.mail.passwords import usable
from clinicreport.settings.config import Mail, Recipient
from clinicreport.settings.own_lines import write_lines

USUAL = "attachment-password.txt"
KEY = "mail.attachment_password_file"


def place_for(recipient: Recipient, mail: Mail, folder: Folder) -> Path | None:
    """The file that the recipient's password would stand in; None where somebody has to put it
    there by hand: outside of the clinic folder, or over something."""
    path = folder.root / (recipient.password_file or mail.attachment_password_file or USUAL)
    own = not path.is_symlink() and path.parent.resolve() == folder.root.resolve()
    return path if own and _is_blank(path) else None


def _is_blank(path: Path) -> bool:
    try:
        return not path.exists() or (path.is_file() and not bytes_of(path).strip())
    except OSError:
        return False


def set_password(folder: Folder, recipient: Recipient, mail: Mail, password: str) -> None:
    """Write it, for the owner of the folder alone.

    Raises UsageError where it may not be written or clinic.toml cannot name it, NoPassword for one
    that cannot be used, OSError.
    """
    path = place_for(recipient, mail, folder)
    if path is None:
        raise UsageError("the password's file cannot be written from here")
    with private():
        write_whole(path, f"{usable(password, 'Password')}\n".encode(), "password")
    if recipient.password_file or mail.attachment_password_file:
        return
    try:
        write_lines(folder.root / "clinic.toml", {KEY: path.name})
    except (UsageError, OSError):
        remove(path)  # nothing names it, and it would stand in the way of the next
        raise
