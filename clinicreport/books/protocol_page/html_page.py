"""The protocol's page as one HTML file that needs nothing else: made for A4 and the staff room."""

from __future__ import annotations

from clinicreport import __version__
from clinicreport.books.protocol_page.page_content import Content
from clinicreport.ground import pages
from clinicreport.log.findings import SYMBOLS
from clinicreport.workbook.theme import Theme


def html(page: Content) -> str:
    """The whole file. Every text of the protocol is escaped; there is no script and no link."""
    theme = Theme.load()
    words = {
        "page": page,
        "font": theme.font,
        "colours": {name: theme.colour(name) for name in theme.colours},
        "symbols": SYMBOLS,
        "version": __version__,
    }
    return pages.page("pages/protocol.html", words)
