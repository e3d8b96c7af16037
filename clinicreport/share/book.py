"""The workbook for sharing: Summary, Charts, Method, and nothing that came out of a log's text."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.report.output import refuse, save
from clinicreport.report.page import Styles
from clinicreport.report.theme import Theme
from clinicreport.share import charts, method, summary
from clinicreport.share.aggregates import aggregate
from clinicreport.share.sheet import SharedBook

if TYPE_CHECKING:
    from clinicreport.analysis import Analysis


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
    sheets = {"Summary": summary.write, "Charts": charts.write, "Method": method.write}
    for name in sheets:
        workbook.add_worksheet(name)
    for name, write_sheet in sheets.items():
        write_sheet(book, book.page(name))
    workbook.close()
    return buffer.getvalue()
