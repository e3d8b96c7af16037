"""A dropped file's bytes on their way: straight into ``looking/``, never into the system's folder
for temporary files."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import IO

from flask import Request, current_app, g

from clinicreport.desk.desk_state import Desk
from clinicreport.desk.kept import arriving
from clinicreport.ground.held_files import remove

LARGEST = 60_000_000  # bytes of a request that is kept
LONGEST_FIELD = 200_000  # bytes of one text of a form


class DeskRequest(Request):
    """A request whose files are written where the clinic's files lie."""

    max_form_memory_size = LONGEST_FIELD

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        desk: Desk = current_app.extensions["desk"]
        if desk.folder is None:
            return io.BytesIO()  # at most what the server lets in
        path, file = arriving(desk.folder, shared=desk.shared)
        _on_their_way().append((path, file))
        return file


def arrived(file: IO[bytes]) -> Path:
    """Where the bytes of a form's file lie, written out and closed."""
    path = Path(file.name)
    file.close()
    return path


def drop_the_rest() -> None:
    """Delete what came with this request and was not kept; Windows deletes no file that is open."""
    for path, file in _on_their_way():
        with suppress(OSError):
            file.close()
        with suppress(OSError):
            remove(path, missing_ok=True)


def _on_their_way() -> list[tuple[Path, IO[bytes]]]:
    if "on_their_way" not in g:
        g.on_their_way = []
    files: list[tuple[Path, IO[bytes]]] = g.on_their_way
    return files
