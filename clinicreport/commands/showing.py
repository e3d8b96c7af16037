"""A page shown in the program that the system opens it with."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def show(path: Path) -> None:
    """Open the file as a double-click would; where that cannot be, nothing happens."""
    if not path.is_file():
        return
    with suppress(OSError):
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606 (a page of the program's own)
        elif sys.platform == "darwin":
            subprocess.run(["/usr/bin/open", path], check=False)  # noqa: S603
        else:
            import webbrowser

            webbrowser.open(path.as_uri())
