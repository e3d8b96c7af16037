"""Logging in at a mail server: by password, or by XOAUTH2 with a token from a command.

User and password go over the line as UTF-8 (SASL PLAIN, LOGIN), whatever letters they have.
"""

from __future__ import annotations

import smtplib
import subprocess
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from clinicreport.ground.errors import UserError
from clinicreport.ground.small_text import decoded
from clinicreport.mail.passwords import NoPassword, smtp_password
from clinicreport.mail.secrets_hidden import Secrets
from clinicreport.settings.config import Mail

SECONDS = 60
TAKEN, GO_ON, ALREADY = 235, 334, 503
NO_WAY = (
    "user or password has letters outside ASCII, and the server offers no way to log in that takes "
    "them (PLAIN or LOGIN): give the mailbox a password of plain letters"
)


class NoToken(UserError):  # noqa: N818 (a sentence for people, like the others)
    """The token command gave no token."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in, and with what; the secret stands in no text about it."""

    user: str
    secret: str = field(repr=False)
    by_token: bool

    @property
    def plain_letters(self) -> bool:
        """Whether all of it is ASCII."""
        return self.user.isascii() and self.secret.isascii()

    def plain(self) -> bytes:
        """What SASL PLAIN says."""
        return f"\0{self.user}\0{self.secret}".encode()

    def xoauth2(self) -> bytes:
        """What XOAUTH2 says."""
        return f"user={self.user}\x01auth=Bearer {self.secret}\x01\x01".encode()

    def hide_in(self, secrets: Secrets) -> None:
        """From here on the server's words are blanked of it."""
        secrets.add(self.secret)
        secrets.add(self.xoauth2() if self.by_token else self.plain())


def credentials(mail: Mail, folder: Path) -> Credentials | None:
    """As clinic.toml says; None for no login. Raises NoPassword or NoToken."""
    if mail.login == "none":
        return None
    if mail.login == "password":
        return Credentials(mail.user, smtp_password(mail, folder), by_token=False)
    return Credentials(mail.user, access_token(mail.token_command, folder), by_token=True)


def log_in(connection: smtplib.SMTP, who: Credentials) -> None:
    """Log in. Raises SMTPException or NoPassword."""
    if not who.by_token and who.plain_letters:
        connection.login(who.user, who.secret)
        return
    code, reply = _said(connection, who)
    if code not in (TAKEN, ALREADY):
        raise smtplib.SMTPAuthenticationError(code, reply)


def _said(connection: smtplib.SMTP, who: Credentials) -> tuple[int, bytes]:
    """The server's last answer to what smtplib cannot say."""
    if who.by_token:
        code, reply = connection.docmd("AUTH", f"XOAUTH2 {_coded(who.xoauth2())}")
        # a question here is the server's refusal, answered by an empty line
        return connection.docmd("") if code == GO_ON else (code, reply)
    ways = connection.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        return connection.docmd("AUTH", f"PLAIN {_coded(who.plain())}")
    if "LOGIN" not in ways:
        raise NoPassword(NO_WAY)
    code, reply = connection.docmd("AUTH", "LOGIN")
    for each in (who.user, who.secret):
        if code == GO_ON:
            code, reply = connection.docmd(_coded(each.encode()))
    return code, reply


def _coded(data: bytes) -> str:
    return b64encode(data).decode()


def access_token(command: list[str], folder: Path) -> str:
    """The first line that the command prints. Raises NoToken; neither the token nor what else the
    command says is ever shown."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603 (the clinic's own command, without a shell)
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # in whatever letters: nobody reads it
            timeout=SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except FileNotFoundError as error:
        raise NoToken(f"there is no token command {name}: check mail.token_command") from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        kind = type(error).__name__
        raise NoToken(f"the token command {name} did not finish ({kind})") from None
    try:
        lines = decoded(done.stdout).strip().splitlines()
    except UnicodeDecodeError:
        raise NoToken(f"what the token command {name} prints is no token: {_BY_HAND}") from None
    if done.returncode or not lines:
        raise NoToken(
            f"the token command {name} ended with status {done.returncode} and "
            f"{'no token' if not lines else 'an error'}: {_BY_HAND}"
        )
    token = lines[0].strip()
    if not token.isascii() or not token.isprintable() or " " in token:
        raise NoToken(
            f"the first line that the token command {name} prints is no token (it has blanks, or "
            f"letters outside ASCII): {_BY_HAND}"
        )
    return token


_BY_HAND = "run it by hand to see why"
