"""What a double-click starts, or a file dropped on it: a file in the clinic folder that calls the
program from its own environment.

Each of its kinds is put together as its system reads it, whatever stands in the paths.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clinicreport.ground.launcher_words import for_cmd, for_desktop, for_sh
from clinicreport.ground.own_python import own_program
from clinicreport.ground.resources import resource

LAUNCHERS = {
    "win32": "make-report.cmd",
    "darwin": "make-report.command",
    "linux": "make-report.desktop",
}
EXECUTABLE = (".command", ".desktop")  # what is started only where it may be


def launcher(root: Path) -> tuple[str, bytes] | None:
    """The name and the content of this system's launcher for a clinic folder; None where there is
    none."""
    name = LAUNCHERS.get(sys.platform)
    if name is None:
        return None
    text = resource(f"templates/launchers/{name}").read_text("utf-8")
    program = own_program()
    if name.endswith(".cmd"):
        first, *more = program
        text = text.replace("{first}", for_cmd(first)).replace("{more}", " ".join(more))
        return name, text.replace("\n", "\r\n").encode()
    if name.endswith(".command"):
        return name, text.replace("{program}", for_sh(program)).encode()
    words = for_desktop([*program, "dropped", "--wait", str(root.absolute())])
    return name, text.replace("{program}", words).encode()
