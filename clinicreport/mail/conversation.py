"""A conversation with a server, whatever it speaks: opened and logged in, with an end to waiting,
and with an error of which nothing repeats a secret.

:mod:`~clinicreport.mail.smtp` and :mod:`~clinicreport.mail.mailbox` say the rest.
"""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self, TypeVar

from clinicreport.mail import refusals
from clinicreport.mail.login import Credentials, NoToken, credentials
from clinicreport.mail.passwords import NoPassword
from clinicreport.mail.reaching import (
    GOODBYE,
    Deadline,
    message_seconds,
    opening_seconds,
    tls_context,
    untrusted,
)
from clinicreport.mail.secrets_hidden import Secrets
from clinicreport.settings.config import Mail

Answer = TypeVar("Answer")


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


class Conversation(ABC):
    """Open and logged in, as a context manager. Raises Stopped."""

    errors: ClassVar[tuple[type[Exception], ...]]  # what is the line's or the server's fault

    def __init__(self, mail: Mail, folder: Path, host: str, named: str) -> None:
        """``host``: the server; ``named``: the same as sentences about it begin."""
        self._mail = mail
        self._folder = folder
        self._host = host
        self._named = named
        self._secrets = Secrets()
        self._deadline: Deadline | None = None

    def __enter__(self) -> Self:
        try:
            self._asked(self._begin)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @abstractmethod
    def _open(self, context: ssl.SSLContext, deadline: Deadline, who: Credentials | None) -> None:
        """Connect, with TLS where the settings want it, and log in."""

    @abstractmethod
    def _farewell(self) -> None:
        """What is said at the end; nothing where there is no connection."""

    @abstractmethod
    def _refusal(self, error: Exception) -> Stopped | None:
        """What an answer of the server means; None where ``error`` is none."""

    def _begin(self) -> None:
        context = tls_context(self._mail, self._folder)
        who = credentials(self._mail, self._folder)
        if who:
            who.hide_in(self._secrets)
        self._deadline = Deadline(opening_seconds(self._mail))
        self._open(context, self._deadline, who)

    def _end(self) -> None:
        self._time(GOODBYE)
        with suppress(*self.errors):
            self._farewell()
        if self._deadline is not None:
            self._deadline.stop()

    def _time(self, seconds: float) -> None:
        """For the next part of the conversation."""
        if self._deadline is not None:
            self._deadline.renew(seconds)

    def _time_for(self, content: bytes) -> None:
        """For one message, by its size."""
        self._time(message_seconds(self._mail, len(content)))

    def _asked(self, work: Callable[[], Answer]) -> Answer:
        """What the server answers. Raises Stopped, in whose chain nothing of a secret is."""
        try:
            return work()
        except ssl.SSLCertVerificationError as error:
            stop = Stopped(untrusted(self._host, error), alarm=True)
        except (NoPassword, NoToken) as error:
            stop = Stopped(str(error), alarm=True)
        except self.errors as error:
            stop = self._refusal(error) or Stopped(
                f"{self._named} cannot be reached ({self._short(error)})", alarm=False
            )
        raise stop

    def _explained(self, code: int, reply: bytes | str) -> str:
        """What a refusal means, with the server's words blanked of secrets."""
        return refusals.explain(code, self._secrets.hide(reply))

    def _answer(self, reply: bytes | str) -> str:
        """The server's words on one line, blanked of secrets."""
        return refusals.answer_text(self._secrets.hide(reply))

    def _short(self, error: Exception) -> str:
        """An error in few words; an answer that it carries is blanked of secrets."""
        if isinstance(error, TimeoutError) or (self._deadline and self._deadline.passed):
            return "no answer in time"
        first = error.args[0] if error.args else ""
        said = getattr(error, "strerror", None) or (first if isinstance(first, bytes) else error)
        return self._answer(said if isinstance(said, bytes) else str(said)) or type(error).__name__
