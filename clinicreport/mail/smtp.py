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
from clinicreport.mail.login import NoToken, credentials, log_in
from clinicreport.mail.passwords import NoPassword
from clinicreport.mail.reaching import (
    GOODBYE,
    Deadline,
    message_seconds,
    opening_seconds,
    own_name,
    tls_context,
    untrusted,
)
from clinicreport.mail.secrets_hidden import Secrets
from clinicreport.settings.config import Mail

NOT_NOW = 421  # the server is about to leave


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


class _WatchedSmtp(smtplib.SMTP):
    """A connection that its deadline knows from the server's first line on."""

    def __init__(self, mail: Mail, deadline: Deadline) -> None:
        deadline.watch(self)
        super().__init__(mail.server, mail.server_port, own_name(), timeout=mail.timeout_seconds)


class _WatchedSmtpOverTls(smtplib.SMTP_SSL):
    """The same with TLS from the start."""

    def __init__(self, mail: Mail, deadline: Deadline, context: ssl.SSLContext) -> None:
        deadline.watch(self)
        super().__init__(
            mail.server,
            mail.server_port,
            own_name(),
            timeout=mail.timeout_seconds,
            context=context,
        )


class Connection:
    """A connection that is open and logged in, as a context manager. Raises Stopped."""

    def __init__(self, mail: Mail, folder: Path) -> None:
        self._mail = mail
        self._folder = folder
        self._smtp: smtplib.SMTP | None = None
        self._secrets = Secrets()
        self._deadline: Deadline | None = None

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
            self._time(GOODBYE)
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None
        if self._deadline is not None:
            self._deadline.stop()

    def _time(self, seconds: float) -> None:
        """For the next part of the conversation."""
        if self._deadline is not None:
            self._deadline.renew(seconds)

    def _open(self) -> smtplib.SMTP:
        """Raises Stopped; what the server repeated of a secret is in no exception's chain."""
        mail = self._mail
        try:
            return self._logged_in()
        except smtplib.SMTPAuthenticationError as error:
            text = self._explained(error.smtp_code, error.smtp_error)
            stop = Stopped(f"login refused: {text}", alarm=error.smtp_code >= 500)
        except smtplib.SMTPNotSupportedError as error:
            stop = Stopped(
                f"{mail.server} does not offer what clinic.toml asks for ({self._short(error)}); "
                "check security, port and login",
                alarm=True,
            )
        except smtplib.SMTPResponseException as error:
            text = self._explained(error.smtp_code, error.smtp_error)
            stop = Stopped(text, alarm=error.smtp_code >= 500)
        except ssl.SSLCertVerificationError as error:
            stop = Stopped(untrusted(mail.server, error), alarm=True)
        except (NoPassword, NoToken) as error:
            stop = Stopped(str(error), alarm=True)
        except (OSError, smtplib.SMTPException) as error:
            text = f"{mail.server} cannot be reached ({self._short(error)})"
            stop = Stopped(text, alarm=False)
        raise stop

    def _logged_in(self) -> smtplib.SMTP:
        mail = self._mail
        context = tls_context(mail, self._folder)
        who = credentials(mail, self._folder)
        if who:
            who.hide_in(self._secrets)
        self._deadline = Deadline(opening_seconds(mail))
        if mail.security == "tls":
            self._smtp = _WatchedSmtpOverTls(mail, self._deadline, context)
        else:
            self._smtp = _WatchedSmtp(mail, self._deadline)
        if mail.security == "starttls":
            self._smtp.ehlo()
            self._smtp.starttls(context=context)
        self._smtp.ehlo()
        if who:
            log_in(self._smtp, who)
        return self._smtp

    def _explained(self, code: int, reply: bytes | str) -> str:
        """What a refusal means, with the server's words blanked of secrets."""
        return refusals.explain(code, self._secrets.hide(reply))

    def _refused(self, code: int, reply: bytes) -> Refused | Stopped:
        if code == NOT_NOW:
            return Stopped(self._explained(code, reply), alarm=False)
        return Refused(self._explained(code, reply), later=code < 500)

    def _short(self, error: Exception) -> str:
        if isinstance(error, TimeoutError) or (self._deadline and self._deadline.passed):
            return "no answer in time"
        said = self._secrets.hide(getattr(error, "strerror", None) or str(error))
        return refusals.answer_text(said) or type(error).__name__

    def send(self, address: str, content: bytes, at_the_end: Callable[[], None]) -> str:
        """Send one message to one recipient; the server's answer. ``at_the_end`` is called before
        the message is ended: from then on the server may have it.

        Raises Refused, Unsure, or Stopped.
        """
        assert self._smtp is not None
        smtp = self._smtp
        self._time(message_seconds(self._mail, len(content)))
        try:
            self._envelope(smtp, address, len(content))
            code, reply = smtp.docmd("DATA")
            if code != 354:
                raise self._refused(code, reply)
            smtp.send(dotted(content))
        except (OSError, smtplib.SMTPException) as error:
            raise Stopped(
                f"the connection broke ({self._short(error)}); nothing was sent", alarm=False
            ) from None
        at_the_end()
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unsure(f"the server's answer was lost ({self._short(error)})") from None
        if code == -1:
            raise Unsure("the server's answer was lost")
        if code // 100 != 2:
            raise self._refused(code, reply)
        return refusals.answer_text(self._secrets.hide(reply))

    def _envelope(self, smtp: smtplib.SMTP, address: str, size: int) -> None:
        """Sender and recipient."""
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            text = f"the message is too large: {size:,} bytes, the server takes {int(limit):,}"
            raise Refused(f"{text}; hand the report over another way", later=False)
        options = [f"SIZE={size}"] if smtp.has_extn("size") else []
        code, reply = smtp.mail(self._mail.sender, options)
        if code // 100 != 2:
            raise Stopped(self._explained(code, reply), alarm=code >= 500)
        code, reply = smtp.rcpt(address)
        if code // 100 != 2:
            with suppress(OSError, smtplib.SMTPException):
                smtp.rset()
            if code == NOT_NOW:
                raise Stopped(self._explained(code, reply), alarm=False)
            raise self._refused(code, reply)


def dotted(content: bytes) -> bytes:
    """A message as it goes over the line: CRLF, leading dots doubled, a line end at the end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
