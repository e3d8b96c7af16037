"""An icon on the desktop that opens the desk, from the very environment that makes it.

Windows: a shortcut, and one in "Send to" that reports on files, made by its own PowerShell; Linux: a
.desktop file; macOS: a .command file. Nothing that is there is overwritten.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from clinicreport.folder.whole_files import kept_name, write_whole
from clinicreport.ground.errors import OutputError
from clinicreport.ground.launcher_words import desktop_text, for_desktop, for_sh
from clinicreport.ground.own_python import own_program
from clinicreport.ground.resources import resource

WITHOUT = "Clinic reports"  # the icon's name where no clinic folder is named
SECONDS = 60  # that PowerShell may take
_THERE = 'an icon named "{name}" is there already: delete it, and make it once more'


def make_shortcut(folder: Path | None, name: str) -> str:
    """Put the icon there; a sentence that says where. ``name``: of the clinic.

    Raises OutputError.
    """
    title = name.strip() or (folder.name if folder else WITHOUT)
    words = ["desk", *([str(folder)] if folder else [])]
    if sys.platform == "win32":
        return _on_windows(title, words, folder)
    try:
        return _written(title, words)
    except OSError as error:
        raise OutputError(f"the icon cannot be written ({error.strerror})") from error


def _written(title: str, words: Sequence[str]) -> str:
    """The icon as a file that the system starts."""
    mac = sys.platform == "darwin"
    place = Path.home() / "Desktop" if mac else _linux_desktop()
    path = place / (kept_name(title) + (".command" if mac else ".desktop"))
    if path.exists():
        raise OutputError(f"{path}: " + _THERE.format(name=title))
    place.mkdir(parents=True, exist_ok=True)
    text = _command_file(words) if mac else _desktop_file(title, words)
    write_whole(path, text.encode())
    path.chmod(0o755)
    return f"The icon: {path}"


def _command_file(words: Sequence[str]) -> str:
    return f"#!/bin/sh\nexec {for_sh([*own_program(), *words])}\n"


def _desktop_file(title: str, words: Sequence[str]) -> str:
    icon = resource("templates/desk/static/icon.svg")
    return (
        "[Desktop Entry]\nType=Application\n"
        f"Name={desktop_text(title)}\n"
        f"Exec={for_desktop([*own_program(), *words])}\n"
        f"Icon={desktop_text(str(icon))}\n"
        "Terminal=false\nCategories=Office;\n"
    )


def _linux_desktop() -> Path:
    """The desktop, whatever it is called; without one the menu's own place."""
    home = Path.home()
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    told = settings.read_text("utf-8", "replace") if settings.is_file() else ""
    found = re.search(r'(?m)^XDG_DESKTOP_DIR="(.*)"', told)
    named = found[1].replace("$HOME", str(home)) if found else ""
    for place in (Path(named) if named else home / "Desktop", home / "Desktop"):
        if place.is_absolute() and place.is_dir() and place != home:
            return place
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "applications"


def windows_values(title: str, words: Sequence[str], folder: Path | None) -> dict[str, str]:
    """What PowerShell is told, each by an environment variable of this name."""
    target, *more = own_program(window=False)
    told = {
        "CLINICREPORT_LINK_NAME": kept_name(title),
        "CLINICREPORT_LINK_PLACE": str(folder or Path.home()),
        "CLINICREPORT_LINK_DESK": target,
        "CLINICREPORT_LINK_DESK_WORDS": subprocess.list2cmdline([*more, *words]),
    }
    if folder:
        target, *more = own_program()
        send = subprocess.list2cmdline([*more, "dropped", "--wait", str(folder)])
        told |= {"CLINICREPORT_LINK_DROPPED": target, "CLINICREPORT_LINK_DROPPED_WORDS": send}
    return told


def _on_windows(title: str, words: Sequence[str], folder: Path | None) -> str:
    script = resource("templates/launchers/shortcut.ps1").read_text("ascii")
    system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
    shell = system / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    told = windows_values(title, words, folder)
    try:
        done = subprocess.run(  # noqa: S603 (Windows' own, by its whole path)
            [str(shell), "-NoProfile", "-NonInteractive", "-Command", script],
            env=os.environ | told,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutputError(f"PowerShell did not make the icon ({type(error).__name__})") from error
    if done.returncode == 5:
        raise OutputError(_THERE.format(name=title))
    if done.returncode:
        letters = done.returncode == 6
        why = "it cannot keep the letters of a path" if letters else "it refused"
        raise OutputError(
            f"PowerShell did not make the icon: {why}. Make a shortcut by hand, whose target is: "
            f"{told['CLINICREPORT_LINK_DESK']} {told['CLINICREPORT_LINK_DESK_WORDS']}"
        )
    also = ' A log that is sent to it ("Send to") is reported on.' if folder else ""
    return f'The icon "{title}" is on the desktop.{also}'
