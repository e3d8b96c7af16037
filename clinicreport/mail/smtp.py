"""One connection to the mail server, and one message to one recipient over it.

The end of a message is sent apart from the rest, so that the moment from which on the server may
have taken it is known: a break before that is a message not sent, a break after it is "unsure".
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from clinicreport.mail import refusals
from clinicreport.mail.login import NoToken, log_in
from clinicreport.mail.passwords import NoPassword
from clinicreport.settings.config import Mail


class Refused(Exception):  # noqa: N818 (an answer of the server, no fault of the program)
    """The server refused this one message. ``later``: it may be tried again."""

    def __init__(self, text: str, *, later: bool) -> None:
        super().__init__(text)
        self.later = later


class Stopped(Exception):  # noqa: N818 (likewise)
    """Nothing can be sent now. ``alarm``: trying again soon would not help."""

    def __init__(self, text: str, *, alarm: bool) -> None:
        super().__init__(text)
        self.alarm = alarm


class Unsure(Exception):  # noqa: N818 (likewise)
    """The server's answer to a whole message was lost."""


class Connection:
    """A connection that is open and logged in, as a context manager. Raises Stopped."""

    def __init__(self, mail: Mail, folder: Path) -> None:
        self._mail = mail
        self._folder = folder
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._smtp = self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None

    def _open(self) -> smtplib.SMTP:
        mail = self._mail
        try:
            return self._logged_in()
        except smtplib.SMTPAuthenticationError as error:
            text = refusals.explain(error.smtp_code, error.smtp_error)
            raise Stopped(f"login refused: {text}", alarm=error.smtp_code >= 500) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Stopped(
                f"{mail.server} does not offer what clinic.toml asks for ({error}); check "
                "security, port and login",
                alarm=True,
            ) from error
        except smtplib.SMTPResponseException as error:
            text = refusals.explain(error.smtp_code, error.smtp_error)
            raise Stopped(text, alarm=error.smtp_code >= 500) from error
        except ssl.SSLCertVerificationError as error:
            raise Stopped(
                f"the certificate of {mail.server} is not to be trusted "
                f"({error.verify_message}); check mail.server, or set mail.ca_file for your own "
                "authority. Nothing was sent",
                alarm=True,
            ) from error
        except (NoPassword, NoToken) as error:
            raise Stopped(str(error), alarm=True) from error
        except (OSError, smtplib.SMTPException) as error:
            text = f"{mail.server} cannot be reached ({_short(error)})"
            raise Stopped(text, alarm=False) from error

    def _logged_in(self) -> smtplib.SMTP:
        mail = self._mail
        context = ssl.create_default_context(
            cafile=str(self._folder / mail.ca_file) if mail.ca_file else None
        )
        if mail.security == "tls":
            self._smtp = smtplib.SMTP_SSL(
                mail.server, mail.server_port, timeout=mail.timeout_seconds, context=context
            )
        else:
            self._smtp = smtplib.SMTP(mail.server, mail.server_port, timeout=mail.timeout_seconds)
        if mail.security == "starttls":
            self._smtp.ehlo()
            self._smtp.starttls(context=context)
        self._smtp.ehlo()
        log_in(self._smtp, mail, self._folder)
        return self._smtp

    def send(self, address: str, content: bytes, at_the_end: Callable[[], None]) -> str:
        """Send one message to one recipient; the server's answer. ``at_the_end`` is called before
        the message is ended: from then on the server may have it.

        Raises Refused, Unsure, or Stopped.
        """
        assert self._smtp is not None
        smtp = self._smtp
        try:
            self._envelope(smtp, address, len(content))
            code, reply = smtp.docmd("DATA")
            if code != 354:
                raise _refused(code, reply)
            smtp.send(dotted(content))
        except (OSError, smtplib.SMTPException) as error:
            raise Stopped(
                f"the connection broke ({_short(error)}); nothing was sent", alarm=False
            ) from error
        at_the_end()
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unsure(f"the server's answer was lost ({_short(error)})") from error
        if code == -1:
            raise Unsure("the server's answer was lost")
        if code // 100 != 2:
            raise _refused(code, reply)
        return refusals.answer_text(reply)

    def _envelope(self, smtp: smtplib.SMTP, address: str, size: int) -> None:
        """Sender and recipient."""
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            text = f"the message is too large: {size:,} bytes, the server takes {int(limit):,}"
            raise Refused(f"{text}; hand the report over another way", later=False)
        options = [f"SIZE={size}"] if smtp.has_extn("size") else []
        code, reply = smtp.mail(self._mail.sender, options)
        if code // 100 != 2:
            raise Stopped(refusals.explain(code, reply), alarm=code >= 500)
        code, reply = smtp.rcpt(address)
        if code // 100 != 2:
            with suppress(OSError, smtplib.SMTPException):
                smtp.rset()
            if code == 421:
                raise Stopped(refusals.explain(code, reply), alarm=False)
            raise _refused(code, reply)


def _refused(code: int, reply: bytes) -> Refused | Stopped:
    if code == 421:
        return Stopped(refusals.explain(code, reply), alarm=False)
    return Refused(refusals.explain(code, reply), later=code < 500)


def dotted(content: bytes) -> bytes:
    """A message as it goes over the line: CRLF, leading dots doubled, a line end at the end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _short(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return refusals.answer_text(getattr(error, "strerror", None) or str(error)) or (
        type(error).__name__
    )
