"""The Python that runs the program: for child processes, and for launchers that call it again."""

from __future__ import annotations

import sys
from pathlib import Path


def own_python() -> str:
    """Its path; on Windows that of the one with streams, where it runs without (pythonw.exe)."""
    path = Path(sys.executable)
    plain = path.with_name(path.name.lower().replace("pythonw", "python"))
    return str(plain) if path.name.lower().startswith("pythonw") and plain.is_file() else str(path)


def own_program(*, window: bool = True) -> list[str]:
    """The words that start the program again, from its own environment; a frozen one is its own.

    ``window``: with the window of a terminal; without one only where Windows has the Python for it.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable]
    path = Path(own_python())
    without = path.with_name(path.name.lower().replace("python", "pythonw"))
    quiet = not window and path.suffix.lower() == ".exe" and without.is_file()
    return [str(without if quiet else path), "-P", "-m", "clinicreport"]
