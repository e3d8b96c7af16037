"""The network's report: sheets from a finished :class:`~clinicreport.network.result.Network`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from io import BytesIO

from clinicreport.network.book import NetworkBook
from clinicreport.network.result import Network
from clinicreport.network.sheets import casemix, clinics, files, overview, points, reading
from clinicreport.report.page import Styles
from clinicreport.report.rows import new_workbook
from clinicreport.report.theme import Theme

# The table of contents. A sheet is written after the sheets it refers to.
CONTENTS: dict[str, Callable[[NetworkBook], None]] = {
    "Network": overview.write,
    "Clinics": clinics.write,
    "Case mix": casemix.write,
    "Funnel": points.write,
    "Files": files.write,
    "How to read": reading.write,
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
