"""A log without one patient: every row of theirs is emptied, everything else stays where it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.cells import Words, read_id
from clinicreport.errors import OutputError
from clinicreport.spreadsheet import Book, Sheet, read_books

if TYPE_CHECKING:
    from clinicreport.analysis import Checked, Request

Rows = dict[str, set[int]]  # sheet -> rows


def without_patient(path: Path, patient: str, request: Request) -> bytes | None:
    """The file's new content; None where the patient is not in it.

    Raises OutputError where it cannot be told, or cannot be done here.
    """
    from clinicreport import analysis

    book = next(iter(read_books([path], password=request.password)))
    if book.reason:
        raise OutputError(f"{book.reason} So look yourself whether the patient is in it")
    checked = analysis.check([path], request)
    rows = _rows(book, checked, patient, request)
    if not any(rows.values()):
        return None
    data = path.read_bytes()
    if book.kind in {"xlsx", "xlsm"} and data.startswith(b"PK"):
        return _emptied(data, rows)
    if data.startswith(b"\xd0\xcf") and book.kind != "xls":
        raise OutputError(f"{path.name} is encrypted: remove the patient's rows in it by hand")
    return _rebuilt(book, rows, request)


def _rows(book: Book, checked: Checked, patient: str, request: Request) -> Rows:
    """The rows of each sheet that are about the patient."""
    log = checked.log
    rows: Rows = {sheet.name: set() for sheet in book.sheets}
    columns: dict[str, set[int]] = {sheet.name: set() for sheet in book.sheets}
    for source in log.sources:
        if source.sheet in columns and "patient_id" in source.columns:
            columns[source.sheet].add(source.columns["patient_id"])
    mine = log.visits[log.visits["patient_id"] == patient]
    for source, row in zip(mine["source"], mine["row"], strict=True):
        rows[log.sources[source].sheet].add(int(row))
    for (_, id_), entries in log.register.patients.items():
        spots = [entry.spot for entry in entries.values() if id_ == patient]
        for spot in spots:
            if spot.row is not None:
                rows[spot.sheet].add(spot.row)
    same = {other for group in request.config.ids.same if group[0] == patient for other in group}
    for sheet in book.sheets:
        wanted = {patient, *same}
        columns[sheet.name] |= set(_id_columns(sheet, rows[sheet.name], wanted))
        for column in columns[sheet.name]:
            rows[sheet.name] |= {row for row in range(1, sheet.rows + 1)
                                 if _id(sheet, row, column) in wanted}  # fmt: skip
    return rows


def _id_columns(sheet: Sheet, rows: set[int], wanted: set[str]) -> Iterator[int]:
    """The columns in which known rows of the patient hold the id, as text or as a number."""
    for row in rows:
        for column in range(1, len(sheet.columns) + 1):
            if _id(sheet, row, column) in wanted:
                yield column
                break  # the first such column: a score may look like an id


def _id(sheet: Sheet, row: int, column: int) -> str | None:
    found = read_id(sheet.value(row, column), Words()).value
    return None if found is None else str(found)


def _emptied(data: bytes, rows: Rows) -> bytes:
    """The workbook with the rows' cells and remarks emptied."""
    from openpyxl import load_workbook
    from openpyxl.cell import MergedCell

    book = load_workbook(io.BytesIO(data), keep_vba=b"vbaProject.bin" in data)
    for name, numbers in rows.items():
        for number in sorted(numbers):
            for cell in book[name][number]:
                if not isinstance(cell, MergedCell):
                    cell.value = None
                    cell.comment = None
                    cell.hyperlink = None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rebuilt(book: Book, rows: Rows, request: Request) -> bytes:
    """A new workbook from the cells of a file that is no xlsx, without the rows."""
    from clinicreport.markup.rebuilt import rebuild

    for sheet in book.sheets:
        for column in sheet.columns:
            column.values.append("")
            for number in rows[sheet.name]:
                column.codes[number - 1] = len(column.values) - 1
    return rebuild(book, request.today)[0]
