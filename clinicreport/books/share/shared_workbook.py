"""The workbook for sharing: Summary, Charts, Method, and nothing that came out of a log's text."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.books.share import (
    shared_charts_sheet,
    shared_method_sheet,
    shared_summary_sheet,
)
from clinicreport.books.share.shared_book import SharedBook
from clinicreport.books.share.shared_figures import aggregate
from clinicreport.workbook.output import refuse, save
from clinicreport.workbook.page import Styles
from clinicreport.workbook.theme import Theme

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis


def write(analysis: Analysis, path: Path, *, force: bool = False) -> None:
    """Write the report for sharing. Raises OutputError where it cannot be written."""
    refuse(path, force=force)
    save(content(analysis), path, force=force)


def content(analysis: Analysis) -> bytes:
    """The workbook's bytes; the same analysis gives the same bytes."""
    import xlsxwriter

    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    styles = Styles(workbook, Theme.load())
    book = SharedBook(workbook, styles, aggregate(analysis), analysis.protocol)
    made = datetime.combine(analysis.as_of or analysis.run_day, time())
    workbook.set_properties({"title": "Outcome report for sharing", "created": made})
    sheets = {
        "Summary": shared_summary_sheet.write,
        "Charts": shared_charts_sheet.write,
        "Method": shared_method_sheet.write,
    }
    for name in sheets:
        workbook.add_worksheet(name)
    for name, write_sheet in sheets.items():
        write_sheet(book, book.page(name))
    workbook.close()
    return buffer.getvalue()
