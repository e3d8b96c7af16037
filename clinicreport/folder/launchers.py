"""What a double-click starts: a file in the clinic folder that calls the very Python which made it.

Of the file's two kinds each is put together as its system reads it, whatever stands in the path.
"""

from __future__ import annotations

import re
import sys

from clinicreport.ground.own_python import own_python
from clinicreport.ground.resources import resource

LAUNCHERS = {"win32": "make-report.cmd", "darwin": "make-report.command"}
_PYTHON = "PYTHON"  # stands for its path in the templates


def launcher() -> tuple[str, bytes] | None:
    """The name and the content of this system's launcher; None where there is none."""
    name = LAUNCHERS.get(sys.platform)
    if name is None:
        return None
    text = resource(f"templates/launchers/{name}").read_text("utf-8")
    if name.endswith(".cmd"):
        return name, _filled(text, own_python().replace("%", "%%")).replace("\n", "\r\n").encode()
    return name, _filled(text, re.sub(r'(["$`\\])', r"\\\1", own_python())).encode()


def _filled(text: str, python: str) -> str:
    return text.replace(f'"{_PYTHON}"', f'"{python}"')
