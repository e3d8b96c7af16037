"""File names made from ids: one name an id, also where a file system ignores case.

>>> safe_name("P-07")
'P-07'
>>> safe_name("../../x")
'x~9cdf6a50100a'
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from clinicreport.ground.errors import OutputError

LONGEST = 40  # characters of an id that may stand as it is
_KEPT = 24  # of an id that is cleaned, beside its hash
_PLAIN = re.compile(r"[A-Z0-9_-]+")
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)", re.IGNORECASE)


def safe_name(text: str) -> str:
    """The id itself where it is plain, else a cleaned form, ``~`` and a short hash of the id.

    Plain: up to 40 of A-Z, 0-9, ``_`` and ``-``, and no name that Windows keeps for itself. An id
    with small letters gets a hash too: "p-07" and "P-07" are two patients, and one file where the
    file system ignores case. ``~`` stands in no plain id, so the two forms never meet.
    """
    if len(text) <= LONGEST and _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    cleaned = re.sub(r"[^A-Za-z0-9-]+", "_", letters)[:_KEPT].strip("_-")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{cleaned or 'id'}~{digest}"


def inside(folder: Path, name: str) -> Path:
    """The path of a file directly in a folder.

    Raises OutputError where the name would lead anywhere else.
    """
    path = folder / name
    if path.resolve().parent != folder.resolve():
        raise OutputError(f"{name!r} cannot be the name of a file in {folder}")
    return path
