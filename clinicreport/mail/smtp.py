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

from clinicreport.mail.conversation import Conversation, Refused, Stopped
from clinicreport.mail.login import Credentials, log_in
from clinicreport.mail.reaching import Deadline, own_name
from clinicreport.settings.config import Mail

NOT_NOW = 421  # the server is about to leave
PERMANENT = 500  # from here on it will say the same next time


class Unsure(Exception):  # noqa: N818 (an answer that never came)
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


class Connection(Conversation):
    """A connection over which messages go, as a context manager. Raises Stopped."""

    errors = (OSError, smtplib.SMTPException)

    def __init__(self, mail: Mail, folder: Path) -> None:
        super().__init__(mail, folder, mail.server, mail.server)
        self._smtp: smtplib.SMTP | None = None

    def _open(self, context: ssl.SSLContext, deadline: Deadline, who: Credentials | None) -> None:
        mail = self._mail
        if mail.security == "tls":
            self._smtp = _WatchedSmtpOverTls(mail, deadline, context)
        else:
            self._smtp = _WatchedSmtp(mail, deadline)
        if mail.security == "starttls":
            self._smtp.ehlo()
            self._smtp.starttls(context=context)
        self._smtp.ehlo()
        if who:
            log_in(self._smtp, who)

    def _farewell(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            finally:
                smtp.close()

    def _refusal(self, error: Exception) -> Stopped | None:
        if isinstance(error, smtplib.SMTPNotSupportedError):
            text = f"{self._host} does not offer what clinic.toml asks for ({self._short(error)})"
            return Stopped(f"{text}; check security, port and login", alarm=True)
        if not isinstance(error, smtplib.SMTPResponseException):
            return None
        about = "login refused: " if isinstance(error, smtplib.SMTPAuthenticationError) else ""
        text = self._explained(error.smtp_code, error.smtp_error)
        return Stopped(f"{about}{text}", alarm=error.smtp_code >= PERMANENT)

    def _refused(self, code: int, reply: bytes) -> Refused | Stopped:
        if code == NOT_NOW:
            return Stopped(self._explained(code, reply), alarm=False)
        return Refused(self._explained(code, reply), later=code < PERMANENT)

    def send(self, address: str, content: bytes, at_the_end: Callable[[], None]) -> str:
        """Send one message to one recipient; the server's answer. ``at_the_end`` is called before
        the message is ended: from then on the server may have it.

        Raises Refused, Unsure, or Stopped.
        """
        assert self._smtp is not None
        smtp = self._smtp
        self._time_for(content)
        try:
            self._envelope(smtp, address, len(content))
            code, reply = smtp.docmd("DATA")
            if code != 354:
                raise self._refused(code, reply)
            smtp.send(dotted(content))
        except self.errors as error:
            raise Stopped(
                f"the connection broke ({self._short(error)}); nothing was sent", alarm=False
            ) from None
        at_the_end()
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except self.errors as error:
            raise Unsure(f"the server's answer was lost ({self._short(error)})") from None
        if code == -1:
            raise Unsure("the server's answer was lost")
        if code // 100 != 2:
            raise self._refused(code, reply)
        return self._answer(reply)

    def _envelope(self, smtp: smtplib.SMTP, address: str, size: int) -> None:
        """Sender and recipient."""
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            text = f"the message is too large: {size:,} bytes, the server takes {int(limit):,}"
            raise Refused(f"{text}; hand the report over another way", later=False)
        options = [f"SIZE={size}"] if smtp.has_extn("size") else []
        code, reply = smtp.mail(self._mail.sender, options)
        if code // 100 != 2:
            raise Stopped(self._explained(code, reply), alarm=code >= PERMANENT)
        code, reply = smtp.rcpt(address)
        if code // 100 != 2:
            with suppress(*self.errors):
                smtp.rset()
            if code == NOT_NOW:
                raise Stopped(self._explained(code, reply), alarm=False)
            raise self._refused(code, reply)


def dotted(content: bytes) -> bytes:
    """A message as it goes over the line: CRLF, leading dots doubled, a line end at the end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
