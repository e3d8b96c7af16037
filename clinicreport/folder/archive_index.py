"""``archive/index.csv``: what came when, under which name, and what it replaces.

Written anew from the ledger whenever something is archived. People read it, and the rebuild uses
it; without it the rebuild goes by the archive's folders.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from clinicreport.folder.ledger import Ledger
from clinicreport.folder.places import Folder
from clinicreport.folder.text_table import table_bytes
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.held_files import bytes_of

HEAD = ("number", "received", "name", "path", "sha256", "replaced_by")


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One archived file."""

    number: int
    received: str
    name: str
    path: str
    sha256: str
    replaced_by: int | None


def write(folder: Folder, ledger: Ledger) -> None:
    """Bring the index up to date, where it is not."""
    rows = [
        (row.id, row.local, row.name, row.path, row.sha256, row.superseded_by or "")
        for row in ledger.archived_files()
    ]
    content = table_bytes([HEAD, *rows])
    if not folder.index.exists() and not rows:
        return
    if not folder.index.exists() or bytes_of(folder.index) != content:
        write_whole(folder.index, content, "index")


def read(folder: Folder) -> list[ArchiveEntry]:
    """The entries by number; none where the index is not there or was damaged."""
    try:
        text = bytes_of(folder.index).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        return [
            ArchiveEntry(
                int(row["number"]),
                row["received"],
                row["name"],
                row["path"],
                row["sha256"],
                int(row["replaced_by"]) if row["replaced_by"] else None,
            )
            for row in rows
        ]
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError, csv.Error):
        return []
