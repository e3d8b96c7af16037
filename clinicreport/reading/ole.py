"""The container of old and of encrypted workbooks: the streams inside, and a plain one again.

A stream's name counts in any letters (``WORKBOOK``), as for Excel. A file whose end is missing is
told by the places where its streams should lie.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Any

from clinicreport.reading import RefusedError

DAMAGED = "is damaged: open it in Excel and save it as .xlsx, or ask for it again"
_CUT = "is damaged (a part of it is missing): ask for it again"
_STREAM, _ROOT = 2, 5  # kinds of entries in the container's directory
_CUTOFF = 4096  # bytes: shorter streams lie together in one of their own
_WORKBOOKS = ("workbook", "book")  # of Excel 97 and newer, of Excel 5 and 95


@dataclass(frozen=True, slots=True)
class OldWorkbook:
    """What an old workbook's container holds."""

    stream: bytes  # the records of the workbook
    name: str  # of the stream, as the parser knows it: "Workbook" or "Book"
    macros: bool


def stream_names(data: bytes) -> set[str]:
    """The streams and folders at the container's top, in small letters. Raises RefusedError."""
    with _opened(data) as container:
        try:
            return {path[0].lower() for path in container.listdir(storages=True)}
        except (OSError, ValueError, struct.error, IndexError, TypeError):
            raise RefusedError(DAMAGED) from None


def old_workbook(data: bytes) -> OldWorkbook:
    """The workbook inside. Raises RefusedError where a part of the file is missing."""
    with _opened(data) as container:
        try:
            names = {path[0].lower(): path[0] for path in container.listdir(streams=True)}
            found = next((name for name in _WORKBOOKS if name in names), None)
            if found is None:
                raise RefusedError(DAMAGED)
            if not _is_whole(container, len(data)):
                raise RefusedError(_CUT)
            stream: bytes = container.openstream(names[found]).read()
        except (OSError, ValueError, struct.error, IndexError, TypeError):
            raise RefusedError(DAMAGED) from None
        return OldWorkbook(stream, found.capitalize(), "_vba_project_cur" in names)


def encryption_info(data: bytes) -> bytes:
    """How a new workbook is encrypted; empty where it does not say. Raises RefusedError."""
    with _opened(data) as container:
        try:
            if not container.exists("EncryptionInfo"):
                return b""
            told: bytes = container.openstream("EncryptionInfo").read()
        except (OSError, ValueError, struct.error, IndexError, TypeError):
            raise RefusedError(DAMAGED) from None
        return told


def _opened(data: bytes) -> Any:
    """The container. Raises RefusedError where there is none."""
    import olefile  # type: ignore[import-untyped]

    try:
        return olefile.OleFileIO(io.BytesIO(data))
    except (OSError, ValueError, struct.error, IndexError, TypeError, MemoryError):
        raise RefusedError(DAMAGED) from None


def _is_whole(container: Any, length: int) -> bool:
    """Whether a file of this length holds all of its streams and tables."""
    size = container.sectorsize
    ends = set()
    for entry in container.direntries:
        if entry is None or entry.entry_type not in (_STREAM, _ROOT) or entry.size == 0:
            continue
        if entry.entry_type == _STREAM and entry.size < _CUTOFF:
            continue  # short ones lie in the root's own stream
        sectors = _chain(container.fat, entry.isectStart, -(-entry.size // size))
        last = entry.size - (len(sectors) - 1) * size  # bytes in the last sector
        if (
            not sectors
            or last > size
            or any((sector + 1) * size + size > length for sector in sectors[:-1])
        ):
            return False
        if (sectors[-1] + 1) * size + last > length:
            return False
        ends.add(sectors[-1])
    # What stands in a last sector that is not full may be the end of a stream, or nothing.
    cut = length // size - 1
    used = cut < len(container.fat) and container.fat[cut] != _FREE
    return length % size == 0 or not used or cut in ends


def _chain(table: Any, sector: int, count: int) -> list[int]:
    """At most so many sectors of a stream in their order, as far as the table leads."""
    found: list[int] = []
    while len(found) < count and 0 <= sector < len(table):
        found.append(sector)
        sector = table[sector]
    return found


# ------------------------------------------------------------------------- a plain one again

_SECTOR = 4096
_ENTRY_SIZE = 128
_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_FIRST_TABLES = 109  # places of tables in the header: enough for 450 MB
_HEADER = struct.Struct("<8s16s5H6xIIIIIIIII")


def plain_container(stream: bytes, name: str) -> bytes:
    """A container with this one stream, under 400 MB, as the parser wants it."""
    stream = stream.ljust(_CUTOFF, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    a_table = _SECTOR // 4
    tables = -(-(sectors + 2) // (a_table - 1))  # which have their own places in them
    chain = [*range(1, sectors), _END, _END, _END, *[_TABLE] * tables]
    chain += [_FREE] * (tables * a_table - len(chain))
    header = _HEADER.pack(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        *(0x3E, 4, 0xFFFE, 12, 6),
        *(1, tables, sectors, 0, _CUTOFF, _END, 0, _END, 0),
    )
    places = [sectors + 2 + at for at in range(tables)]
    header += struct.pack("<109I", *places, *[_NONE] * (_FIRST_TABLES - tables))
    entries = _entry("Root Entry", _ROOT, child=1, start=sectors + 1, size=64)
    entries += _entry(name, _STREAM, child=_NONE, start=0, size=len(stream))
    body = stream.ljust(sectors * _SECTOR, b"\0")
    entries = entries.ljust(2 * _SECTOR, b"\0")  # and a sector for short streams, of which is none
    table = struct.pack(f"<{len(chain)}I", *chain)
    return b"".join([header.ljust(_SECTOR, b"\0"), body, entries, table])


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    """One entry of the container's directory."""
    wide = name.encode("utf-16-le") + b"\0\0"
    head = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
    return head + struct.pack("<III36xIQ", _NONE, _NONE, child, start, size)
