"""The network's report: sheets from a finished :class:`~clinicreport.outcomes.network.network_result.Network`."""

from __future__ import annotations

from collections.abc import Callable

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
from clinicreport.workbook.canvas import LARGE

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
    book = NetworkBook(network)
    title, made = f"{book.title}: outcomes", network.as_of or network.request.today
    return book.finish(CONTENTS, title, made, order=reversed(CONTENTS), window=LARGE)
