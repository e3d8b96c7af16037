"""Paths that are too long for the system: listed by their folder, and not to be found.

Windows finds no path of 260 characters or more unless it was set up for that. A file on its way
into the archive lies in folders whose names add some 35 characters to the clinic folder's.
"""

from __future__ import annotations

from pathlib import Path

LONGEST = 259  # characters of a path on Windows


def unreachable(path: Path, kept: Path | None = None) -> str:
    """The rest of a sentence about a file that its folder lists and that cannot be taken since its
    path is too long, or that of where it would be ``kept``; empty where it was taken away."""
    try:
        if all(one.name != path.name for one in path.parent.iterdir()):
            return ""
    except OSError:
        return ""
    longest = max(len(str(one)) for one in (path, kept or path))
    return (
        f"cannot be taken: with its folders its name has up to {longest} characters, and Windows "
        f"finds no more than {LONGEST}. Give the file a shorter name, or move the clinic folder to "
        "a shorter place"
    )
