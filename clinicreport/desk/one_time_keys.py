"""Keys that open the desk once, within a minute.

Whoever knows the start's secret can make one: the running desk, and a second start that read the
secret in its user's own state folder.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field

SECONDS = 60


def new_key(secret: str, now: float | None = None) -> str:
    """A key: when it was made, something random, and the proof that its maker knows the secret."""
    moment = int(time.time() if now is None else now)
    said = f"{moment}.{secrets.token_hex(16)}"
    return f"{said}.{proof(secret, said)}"


def proof(secret: str, said: str) -> str:
    """What only those who know the secret can say of a text."""
    return hmac.new(secret.encode(), said.encode(), "sha256").hexdigest()


@dataclass(slots=True, repr=False)
class OneTimeKeys:
    """The secret of one start, and the keys that were used."""

    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    _used: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def use(self, key: str, now: float | None = None) -> bool:
        """Whether the key opens; it does so once, and for a minute."""
        said, _, signed = key.rpartition(".")
        if not hmac.compare_digest(proof(self.secret, said).encode(), signed.encode()):
            return False
        age = (time.time() if now is None else now) - int(said.partition(".")[0])
        with self._lock:  # two that come at once are still two
            if not -5 <= age <= SECONDS or key in self._used:
                return False
            self._used.add(key)
        return True
