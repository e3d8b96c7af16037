"""Who may open a place on Windows: rights come from the folder, as ``icacls`` tells them.

Groups are known by their numbers, which are the same in every language of Windows.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

# Groups that hold everybody who can log in, or more: as icacls writes them, short or in full.
WIDE = {
    "WD": "Everyone",
    "S-1-1-0": "Everyone",
    "AU": "Authenticated Users",
    "S-1-5-11": "Authenticated Users",
    "BU": "Users",
    "S-1-5-32-545": "Users",
    "IU": "Interactive",
    "S-1-5-4": "Interactive",
    "DU": "Domain Users",
    "BG": "Guests",
    "S-1-5-32-546": "Guests",
    "AN": "Anonymous",
    "S-1-5-7": "Anonymous",
}
_ALLOWED = re.compile(r"\((?:A|OA|XA);[^;)]*;[^;)]*;[^;)]*;[^;)]*;([^;)]+)")
_DOMAIN_USERS = re.compile(r"S-1-5-21-[\d-]+-513")
SYSTEM, ADMINISTRATORS = "*S-1-5-18", "*S-1-5-32-544"
SECONDS = 20  # for icacls, on a slow share too


def open_to(path: Path) -> list[str] | None:
    """The groups of everybody that may open the place, by name; None where that cannot be told."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        told = Path(place) / "rights"
        tool = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "icacls.exe"
        try:
            subprocess.run(  # noqa: S603 (a tool of Windows by its full path)
                [tool, path, "/save", told],
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            return wide_groups(told.read_bytes().decode("utf-16-le", "replace"))
        except (OSError, subprocess.SubprocessError):
            return None


def wide_groups(saved: str) -> list[str] | None:
    """The groups of everybody in what ``icacls /save`` wrote; None where it holds no rights."""
    if "D:" not in saved:
        return None
    found = []
    for who in _ALLOWED.findall(saved):
        name = "Domain Users" if _DOMAIN_USERS.fullmatch(who) else WIDE.get(who)
        if name and name not in found:
            found.append(name)
    return found


def closing_commands(folder: Path) -> list[str]:
    """What gives a folder to its owner, the staff and the task's account alone, to be pasted."""
    owner = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
    rights = [f'"{who}:(OI)(CI)F"' for who in (owner or "OWNER", SYSTEM, ADMINISTRATORS)]
    return [
        f'icacls "{folder}" /inheritance:r /grant:r {" ".join(rights)}',
        f'icacls "{folder}" /grant "STAFF:(OI)(CI)M" "TASK-ACCOUNT:(OI)(CI)M"',
    ]


def sentence(folder: Path, groups: list[str] | None) -> str:
    """Who may open the folder and what to do; empty where nothing is to be done."""
    if groups is not None and not groups:
        return ""
    now = (
        f"Windows lets others open the folder ({', '.join(groups)})"
        if groups
        else "Windows did not tell who may open the folder"
    )
    first, second = closing_commands(folder)
    return (
        f"{now}. In a Command Prompt, to keep it for its owner, the system and administrators: "
        f"{first}  Then for those who work in it, with the names of their group or accounts: "
        f"{second}"
    )
