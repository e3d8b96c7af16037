"""Logging in at the mail server: by password, or by XOAUTH2 with a token from a command."""

from __future__ import annotations

import smtplib
import subprocess
from pathlib import Path

from clinicreport.ground.errors import UserError
from clinicreport.mail.passwords import smtp_password
from clinicreport.settings.config import Mail

SECONDS = 60


class NoToken(UserError):  # noqa: N818 (a sentence for people, like the others)
    """The token command gave no token."""


def log_in(connection: smtplib.SMTP, mail: Mail, folder: Path) -> None:
    """Log in as clinic.toml says. Raises SMTPException, NoPassword or NoToken."""
    if mail.login == "password":
        connection.login(mail.user, smtp_password(mail, folder))
    elif mail.login == "xoauth2":
        token = access_token(mail.token_command, folder)
        words = f"user={mail.user}\x01auth=Bearer {token}\x01\x01"
        asked = 0

        def answer(_challenge: bytes | None = None) -> str:
            nonlocal asked
            asked += 1  # a second question is the server's refusal, answered by an empty line
            return words if asked == 1 else ""

        connection.ehlo_or_helo_if_needed()
        connection.auth("XOAUTH2", answer)


def access_token(command: list[str], folder: Path) -> str:
    """The first line that the command prints. Raises NoToken; the token is never shown."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603 (the clinic's own command, without a shell)
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise NoToken(f"there is no token command {name}: check mail.token_command") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        kind = type(error).__name__
        raise NoToken(f"the token command {name} did not finish ({kind})") from error
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise NoToken(
            f"the token command {name} ended with status {done.returncode} and "
            f"{'no token' if not lines else 'an error'}: run it by hand to see why"
        )
    return lines[0].strip()
