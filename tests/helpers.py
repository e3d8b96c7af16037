"""Logs made in memory, so that thousands of them can be tried."""

import datetime as dt
import hashlib
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from clinicreport.reading.spreadsheet import RawColumn, Sheet, Spreadsheet, column_letters


def sheet_of(rows: Sequence[Sequence[Any]], name: str = "Sessions") -> Sheet:
    """A sheet of raw cells; None is blank."""
    width = max((len(row) for row in rows), default=0)
    columns = []
    for at in range(width):
        values: list[Any] = [""]
        codes = array("I")
        for row in rows:
            value = row[at] if at < len(row) and row[at] is not None else ""
            code = next(
                (i for i, v in enumerate(values) if type(v) is type(value) and v == value), None
            )
            if code is None:
                code = len(values)
                values.append(value)
            codes.append(code)
        columns.append(RawColumn(values, codes))
    return Sheet(name, columns, len(rows))


def book_of(*sheets: Sheet, name: str = "log.xlsx", **more: Any) -> Spreadsheet:
    """A book of sheets."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Spreadsheet(name, name, digest, "xlsx", list(sheets), **more)


def log_rows(
    rows: Sequence[Mapping[str, Any]], fields: Sequence[str], headings: Mapping[str, str] = {}
) -> list[list[Any]]:
    """Visits as raw cells below a heading row."""
    return [
        [headings.get(field, field) for field in fields],
        *([row.get(field) for field in fields] for row in rows),
    ]


def register_rows(register: Mapping[str, Mapping[str, Any]]) -> list[list[Any]]:
    """A register as raw cells."""
    fields = list(dict.fromkeys(key for entry in register.values() for key in entry))
    fields = [field for field in fields if field != "patient_id"]
    return [
        ["Patient ID", *fields],
        *(
            [patient, *(entry.get(field) for field in fields)]
            for patient, entry in register.items()
        ),
    ]


def address(fields: Sequence[str], field: str, index: int) -> str:
    """The cell of a field in a log of :func:`log_rows`."""
    return f"{column_letters(list(fields).index(field) + 1)}{index + 2}"


TODAY = dt.date(2026, 11, 24)


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress(b"".join(b"\0" + b"\x17\x50\x6e" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
