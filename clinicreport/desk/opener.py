"""A file opened in the program that the system has for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from clinicreport.ground.errors import OutputError


def open_file(path: Path) -> None:
    """Open it. Raises OutputError where the system cannot."""
    try:
        if sys.platform == "win32":
            import os

            os.startfile(path)  # noqa: S606
            return
        program = "open" if sys.platform == "darwin" else "xdg-open"
        subprocess.Popen(  # noqa: S603
            [program, path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OutputError(
            f"{path.name} cannot be opened from here ({error.strerror}). It lies in the clinic "
            f"folder under {path.parent.parent.name}/{path.parent.name}"
        ) from error
