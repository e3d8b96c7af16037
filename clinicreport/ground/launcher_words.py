"""Words of a command put into the files that systems start programs by, whatever stands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence


def for_sh(words: Iterable[str]) -> str:
    """Words as a shell takes them."""
    return shlex.join(words)


def for_cmd(word: str) -> str:
    """A word inside the quotes of a ``set "NAME=word"`` in a batch file."""
    return word.replace("%", "%%")


def for_desktop(words: Sequence[str]) -> str:
    """Words as the line ``Exec`` of a .desktop file takes them.

    Its first word may hold no "=", and is looked for as it is written: "%%" is two there.
    """
    if re.search("[%=]", words[0]):
        words = ["/bin/sh", "-c", 'exec "$0" "$@"', *words]
    return " ".join(desktop_text(_desktop_word(word)) for word in words)


def _desktop_word(word: str) -> str:
    escaped = re.sub(r'(["`$\\])', r"\\\1", word.replace("%", "%%"))
    return f'"{escaped}"'


def desktop_text(text: str) -> str:
    """A value of a .desktop file: one line, a backslash written twice."""
    return text.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r").replace("\t", r"\t")
