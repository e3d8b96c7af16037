"""The password of encrypted workbooks: from a file, never from the command line."""

from __future__ import annotations

from pathlib import Path

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of
from clinicreport.ground.small_text import decoded


def read_password(path: Path | None) -> str | None:
    """The first line of the password file; None without one. Raises UsageError."""
    if path is None:
        return None
    try:
        lines = decoded(bytes_of(path)).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the password file cannot be read") from error
    if not lines or not lines[0]:
        raise UsageError(f"{path}: the password file is empty")
    return lines[0]
