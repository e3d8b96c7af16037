"""What somebody chose on a marked copy's sheet Headings, taken into the folder's ``clinic.toml``."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.ground.errors import UsageError
from clinicreport.log.chosen_headings import TITLE
from clinicreport.reading.files import read_books
from clinicreport.settings.chosen_lines import chosen_lines
from clinicreport.settings.own_lines import shown_line, with_lines, write_lines

_LOOKED = 4_000_000  # bytes of a part in which the sheet's title is looked for


def take(clinic: OpenFolder, rows: Sequence[FileRow]) -> None:
    """Put the choices in these files into ``clinic.toml``, before the files are read with it."""
    for row in rows:
        path = clinic.folder.root / row.path
        if not _may_hold_choices(path):
            continue
        books = list(read_books([path], password=clinic.request.password))
        try:
            lines = chosen_lines(books, clinic.request)
            if not lines:
                continue
            config = with_lines(clinic.request.config, lines)
            write_lines(clinic.folder.root / "clinic.toml", lines)
        except (OSError, UsageError) as error:
            clinic.problem(
                f"{row.name}: what was chosen on its sheet Headings is not taken: {error}"
            )
            continue
        clinic.request = clinic.request._replace(config=config)
        said = "; ".join(shown_line(key, value) for key, value in lines.items())
        clinic.log.info("file %s: choices of its headings were taken into clinic.toml", row.id)
        with clinic.ledger.change() as change:
            change.note("chosen", f"{row.name}: clinic.toml now says {said}", file=row.id)


def _may_hold_choices(path: Path) -> bool:
    """Whether the title of a sheet Headings stands somewhere in a workbook."""
    title = TITLE.encode()
    try:
        with ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith(".xml") and entry.file_size:
                    with archive.open(entry) as part:
                        if title in part.read(_LOOKED):
                            return True
    except (OSError, BadZipFile, RuntimeError, EOFError, zlib.error):
        return False  # damaged, encrypted or packed in another way: reading says so
    return False
