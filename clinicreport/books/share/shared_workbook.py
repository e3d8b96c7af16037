"""The workbook for sharing: Summary, Charts, Method, and nothing that came out of a log's text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from clinicreport.books.share import (
    shared_charts_sheet,
    shared_method_sheet,
    shared_summary_sheet,
)
from clinicreport.books.share.shared_book import TITLE, SharedBook
from clinicreport.books.share.shared_figures import aggregate
from clinicreport.books.share.shared_version import SharedVersion, version

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis


CONTENTS: dict[str, Callable[[SharedBook], None]] = {
    "Summary": shared_summary_sheet.write,
    "Charts": shared_charts_sheet.write,
    "Method": shared_method_sheet.write,
}


def content(shared: Analysis | SharedVersion) -> bytes:
    """The workbook's bytes; the same version, or the full one of an analysis, gives the same."""
    made = shared if isinstance(shared, SharedVersion) else version(shared)
    analysis = made.analysis
    aggregates = aggregate(made)
    book = SharedBook(TITLE, aggregates.covers, analysis.protocol, aggregates)
    return book.finish(CONTENTS, TITLE, analysis.as_of or analysis.run_day)
