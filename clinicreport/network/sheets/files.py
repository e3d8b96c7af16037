"""Files: what was read for each clinic, and what could not be."""

from __future__ import annotations

from clinicreport.analysis import Input
from clinicreport.network.workbook import NetworkBook
from clinicreport.report.table import Column, place

LEAD = ["Every log that was read: rows in = rows used + rows set aside."]


def write(book: NetworkBook) -> None:
    """The sheet; its table is ``files``."""
    page = book.page("Files")
    top = page.head("Files", LEAD)
    if not book.network.inputs:
        page.put(top, 0, "No log was read.")
        return
    columns = [
        Column[Input]("File", lambda i: i.file, "cell_strong", 32),
        Column[Input]("Sheet", lambda i: i.sheet or "–", "cell", 16),
        Column[Input]("Read", lambda i: i.reason or "read", "cell_wrap", 40),
        Column[Input]("Rows", lambda i: i.rows, "cell_count", 10),
        Column[Input]("Used", lambda i: i.used, "cell_count", 10),
        Column[Input]("Set aside", lambda i: i.set_aside, "cell_count", 10),
        Column[Input]("Checksum (SHA-256)", lambda i: i.sha256[:16], "cell", 19),
    ]
    book.add(place(page, top, columns, book.network.inputs, "files", filtered=True))
    page.sheet.freeze_panes(top + 1, 1)
    book.print_setup(page, repeat=top)
