"""The Python that runs the program: for child processes, and for launchers that call it again."""

from __future__ import annotations

import sys
from pathlib import Path


def own_python() -> str:
    """Its path; on Windows that of the one with streams, where it runs without (pythonw.exe)."""
    path = Path(sys.executable)
    plain = path.with_name(path.name.lower().replace("pythonw", "python"))
    return str(plain) if path.name.lower().startswith("pythonw") and plain.is_file() else str(path)
