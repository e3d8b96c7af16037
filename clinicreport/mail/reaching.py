"""What the ways to a server share: an end to waiting, certificates, and this computer's name."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from clinicreport.mail.passwords import NoPassword
from clinicreport.settings.config import Mail

TICK = 0.1  # seconds between two looks at the clock
GOODBYE = 5.0  # seconds for a farewell that nobody needs
SLOWEST = 20_000  # bytes a second that a line is expected to carry


class Deadline:
    """Cuts a connection when its time is over, however many lines the server still drips.

    A limit between two bytes is no limit of a conversation. ``passed``: it was cut.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._end = time.monotonic() + seconds
        self._connection: Any = None
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True, name="mail-deadline").start()

    def watch(self, connection: object) -> None:
        """The connection, whose ``sock`` is its line once there is one."""
        self._connection = connection

    def renew(self, seconds: float) -> None:
        """So many seconds from now for the next part of the conversation."""
        self._end = time.monotonic() + seconds

    def stop(self) -> None:
        """Nothing is cut any more."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(TICK):
            if self.passed or time.monotonic() >= self._end:
                self.passed = True
                self._cut()

    def _cut(self) -> None:
        line = getattr(self._connection, "sock", None)
        if isinstance(line, socket.socket):
            with suppress(OSError):  # past TLS: whoever reads there sees the end of the line
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def opening_seconds(mail: Mail) -> float:
    """For connecting, TLS and login together."""
    return 2 * mail.timeout_seconds


def message_seconds(mail: Mail, size: int) -> float:
    """For one message of so many bytes, from its first line to the server's answer."""
    return 2 * mail.timeout_seconds + size / SLOWEST


def tls_context(mail: Mail, folder: Path) -> ssl.SSLContext:
    """Whose certificates are trusted. Raises NoPassword for a ca_file that is none."""
    try:
        return ssl.create_default_context(
            cafile=str(folder / mail.ca_file) if mail.ca_file else None
        )
    except (OSError, ValueError):
        name = Path(mail.ca_file).name
        raise NoPassword(f"mail.ca_file: {name} cannot be read as a certificate") from None


def untrusted(server: str, error: ssl.SSLCertVerificationError) -> str:
    """What a certificate that cannot be trusted means."""
    return (
        f"the certificate of {server} is not to be trusted ({error.verify_message}); check the "
        "server's name, or set mail.ca_file for your own authority. Nothing was sent"
    )


def own_name() -> str:
    """The name to greet a server with: this computer's in ASCII letters, else an address."""
    try:
        name = socket.getfqdn()
    except (OSError, UnicodeError):
        name = ""
    plain = re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name)
    return name if plain else "[127.0.0.1]"
