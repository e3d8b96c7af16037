"""Passwords and tokens in what a server says: blanked out before anybody sees or keeps it."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

from clinicreport.mail.refusals import one_line_of

BLANK = "•••"
SHORTEST = 3  # of what is looked for whole
PIECE = 12  # characters of a long secret that tell it already


class Secrets:
    """What must not be repeated, in every form in which it goes over the line."""

    def __init__(self) -> None:
        self._forms: set[str] = set()

    def add(self, secret: str | bytes) -> None:
        """One more: a password, a token, or a whole answer that holds one."""
        data = secret.encode("utf-8", "replace") if isinstance(secret, str) else secret
        text = one_line_of(secret)
        forms = {text, base64.b64encode(data).decode(), quote(text)}
        self._forms |= {form for form in forms if len(form) >= SHORTEST}

    def hide(self, said: bytes | str) -> str:
        """What a server said, on one line, with a blank for each secret and each long piece of it."""
        text = one_line_of(said)
        for form in sorted(self._forms, key=len, reverse=True):
            text = re.sub(re.escape(form), BLANK, text, flags=re.IGNORECASE)
        return self._without_pieces(text)

    def _without_pieces(self, text: str) -> str:
        pieces = {
            form[at : at + PIECE].lower()
            for form in self._forms
            if len(form) >= 2 * PIECE
            for at in range(len(form) - PIECE + 1)
        }
        shown = list(text)
        for at in range(len(text) - PIECE + 1):
            if text[at : at + PIECE].lower() in pieces:
                shown[at : at + PIECE] = [""] * PIECE
                shown[at] = BLANK
        return re.sub(f"(?:{BLANK})+", BLANK, "".join(shown))
