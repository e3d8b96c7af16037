"""The password of encrypted workbooks: from a file, never from the command line."""

from __future__ import annotations

from pathlib import Path

from clinicreport.ground.errors import UsageError


def read_password(path: Path | None) -> str | None:
    """The first line of the password file; None without one. Raises UsageError."""
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the password file cannot be read") from error
    if not lines or not lines[0]:
        raise UsageError(f"{path}: the password file is empty")
    return lines[0]
