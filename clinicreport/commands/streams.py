"""Standard output and error that never fail: for no character, closed or not.

What a screen or a redirected file cannot show is written as an escape (``\\u2192``). Where there is
no stream, or nobody reads it any more, what is said goes nowhere, and the work goes on.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any, TextIO, cast

ESCAPED = "backslashreplace"
_NAMES = ("stdout", "stderr")


def open_streams() -> None:
    """Replace the streams of this process by ones that do not fail, before anything else."""
    _fill_closed()
    for name in _NAMES:
        setattr(sys, name, cast("TextIO", Steady(getattr(sys, name))))
    if sys.stdin is None:  # a question is then answered by nobody
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115


def lost() -> str:
    """Why standard output is not whole: a full disk, say. Empty where it is, and where nobody
    reads it: that is the reader's choice."""
    error = getattr(sys.stdout, "error", None)
    return "" if error is None or isinstance(error, BrokenPipeError) else str(error.strerror)


def _fill_closed() -> None:
    """Give closed descriptors a file, so that none that is opened later takes their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)


class Steady:
    """A text stream over another one, which may be None."""

    def __init__(self, stream: TextIO | None) -> None:
        self.error: OSError | None = None  # the first one that was met
        self._stream = stream if stream is not None else open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        if isinstance(self._stream, io.TextIOWrapper):
            self._stream.reconfigure(errors=ESCAPED)

    def write(self, text: str) -> int:
        """Write, whatever the text holds; what cannot be written goes nowhere."""
        if not isinstance(text, str):
            raise TypeError("a text is written here")
        try:
            self._stream.write(text)
        except (OSError, ValueError) as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Hand on what is written."""
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._give_up(error)

    def writelines(self, lines: Any) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def isatty(self) -> bool:
        """Whether it is a screen."""
        with contextlib.suppress(OSError, ValueError):
            return self._stream.isatty()
        return False

    def _give_up(self, error: Exception) -> None:
        """From now on write into nothing; so does what waits in the stream's own memory."""
        if self.error is None and isinstance(error, OSError):
            self.error = error
        with contextlib.suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # bytes would go around it
            raise AttributeError(name)
        return getattr(self._stream, name)
