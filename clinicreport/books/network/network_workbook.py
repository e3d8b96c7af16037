"""The network's report: sheets from a finished :class:`~clinicreport.outcomes.network.network_result.Network`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from io import BytesIO

from clinicreport.books.network import (
    casemix_sheet,
    clinics_sheet,
    files_sheet,
    how_to_read_sheet,
    overview_sheet,
    points_sheet,
)
from clinicreport.books.network.network_book import NetworkBook
from clinicreport.outcomes.network.network_result import Network
from clinicreport.workbook.page import Styles
from clinicreport.workbook.theme import Theme
from clinicreport.workbook.whole_rows import new_workbook

# The table of contents. A sheet is written after the sheets it refers to.
CONTENTS: dict[str, Callable[[NetworkBook], None]] = {
    "Network": overview_sheet.write,
    "Clinics": clinics_sheet.write,
    "Case mix": casemix_sheet.write,
    "Funnel": points_sheet.write,
    "Files": files_sheet.write,
    "How to read": how_to_read_sheet.write,
}


def content(network: Network) -> bytes:
    """The workbook's bytes: the same network gives the same bytes."""
    buffer = BytesIO()
    workbook = new_workbook(buffer)
    book = NetworkBook(workbook, Styles(workbook, Theme.load()), network)
    made = datetime.combine(network.as_of or network.request.today, time())
    workbook.set_properties({"title": f"{book.title}: outcomes", "created": made})
    workbook.set_size(2400, 1600)
    for name in CONTENTS:
        workbook.add_worksheet(name)
    for name in reversed(CONTENTS):
        CONTENTS[name](book)
    workbook.close()
    return buffer.getvalue()
