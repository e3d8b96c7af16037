"""The report as a whole: its sheets in order, as bytes and as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from clinicreport.analysis import Analysis
from clinicreport.report.book import Book
from clinicreport.report.output import refuse, save
from clinicreport.report.page import Styles
from clinicreport.report.roster import roster
from clinicreport.report.sheets import (
    adherence,
    charts,
    evidence,
    findings,
    method,
    patient,
    patients,
    sessions,
    summary,
    todo,
    weeks,
)
from clinicreport.report.theme import Theme

CONTENTS: dict[str, Callable[[Book], None]] = {
    "Summary": summary.write,
    "Charts": charts.write,
    "Patients": patients.write,
    "Patient": patient.write,
    "To do": todo.write,
    "Weeks": weeks.write,
    "Adherence and safety": adherence.write,
    "Findings": findings.write,
    "Evidence": evidence.write,
    "Sessions": sessions.write,
    "Method": method.write,
}

# Sheets refer to these two; besides, each only to sheets that stand behind it.
FIRST = ("Sessions", "Patients")


def write(analysis: Analysis, path: Path, *, force: bool = False) -> None:
    """Write the report; the same analysis gives the same bytes.

    Raises OutputError where it cannot be written; then nothing is left behind.
    """
    refuse(path, force=force)
    save(content(analysis), path, force=force)


def content(analysis: Analysis) -> bytes:
    """The workbook's bytes."""
    from clinicreport.report.rows import new_workbook

    buffer = BytesIO()
    workbook = new_workbook(buffer)
    book = Book(workbook, Styles(workbook, Theme.load()), analysis, roster(analysis))
    made = datetime.combine(analysis.as_of or analysis.run_day, time())
    workbook.set_properties({"title": book.heading, "created": made})
    workbook.set_size(2400, 1600)
    for name in CONTENTS:
        workbook.add_worksheet(name)
    for name in (*FIRST, *(name for name in reversed(CONTENTS) if name not in FIRST)):
        CONTENTS[name](book)
    workbook.close()
    return buffer.getvalue()
