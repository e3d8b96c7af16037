"""Files: what was read for each clinic, and what could not be."""

from __future__ import annotations

from clinicreport.books.network.network_book import NetworkBook
from clinicreport.log.inputs import Input
from clinicreport.workbook.table import Column, place

Found = tuple[str, Input]
LEAD = ["Every log that was read: rows in = rows used + rows set aside."]


def write(book: NetworkBook) -> None:
    """The sheet; its table is ``files``."""
    page = book.page("Files")
    top = page.head("Files", LEAD)
    if not book.network.inputs:
        page.put(top, 0, "No log was read.")
        return
    columns = [
        Column[Found]("Clinic", lambda found: found[0], "cell_strong", 24),
        Column[Found]("File", lambda found: found[1].file, "cell", 32),
        Column[Found]("Sheet", lambda found: found[1].sheet or "–", "cell", 16),
        Column[Found]("Read", lambda found: found[1].reason or "read", "cell_wrap", 40),
        Column[Found]("Rows", lambda found: found[1].rows, "cell_count", 10),
        Column[Found]("Used", lambda found: found[1].used, "cell_count", 10),
        Column[Found]("Set aside", lambda found: found[1].set_aside, "cell_count", 10),
        Column[Found]("Checksum (SHA-256)", lambda found: found[1].sha256[:16], "cell", 19),
    ]
    book.add(place(page, top, columns, book.network.inputs, "files", filtered=True))
    page.sheet.freeze_panes(top + 1, 1)
    book.print_setup(page, repeat=top)
