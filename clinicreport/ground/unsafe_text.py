"""Characters in clinic text: which a workbook cannot hold or hide text, and text without them."""

from __future__ import annotations

import re

WIDEST = 40  # characters of a heading on a screen
# Control characters, lone surrogates, non-characters, and the marks that turn writing direction.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def is_unsafe(text: str) -> bool:
    """Whether the text holds a character that a workbook cannot hold or that hides text."""
    return not text.isprintable() and _UNSAFE.search(text) is not None


def clean(text: str) -> str:
    """The text without such characters."""
    return text if text.isprintable() else _UNSAFE.sub("", text)


def on_screen(text: str, longest: int = WIDEST) -> str:
    """A text of the clinic's on one line, not too long."""
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
