"""The report as a whole: its sheets in order, as bytes and as a file."""

from __future__ import annotations

from collections.abc import Callable

from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import roster
from clinicreport.books.report.sheets import (
    adherence_sheet,
    charts_sheet,
    evidence_sheet,
    figures_sheet,
    findings_sheet,
    method_sheet,
    patient_sheet,
    patients_sheet,
    sessions_sheet,
    summary_sheet,
    todo_sheet,
    weeks_sheet,
)
from clinicreport.outcomes.analysis import Analysis
from clinicreport.workbook.canvas import LARGE

CONTENTS: dict[str, Callable[[ReportBook], None]] = {
    "Summary": summary_sheet.write,
    "Figures": figures_sheet.write,
    "Charts": charts_sheet.write,
    "Patients": patients_sheet.write,
    "Patient": patient_sheet.write,
    "To do": todo_sheet.write,
    "Weeks": weeks_sheet.write,
    "Adherence and safety": adherence_sheet.write,
    "Findings": findings_sheet.write,
    "Evidence": evidence_sheet.write,
    "Sessions": sessions_sheet.write,
    "Method": method_sheet.write,
}

# Sheets refer to these two; besides, each only to sheets that stand behind it.
FIRST = ("Sessions", "Patients")


def content(analysis: Analysis) -> bytes:
    """The workbook's bytes."""
    book = ReportBook(analysis, roster(analysis))
    order = (*FIRST, *(name for name in reversed(CONTENTS) if name not in FIRST))
    made = analysis.as_of or analysis.run_day
    return book.finish(CONTENTS, f"{book.heading}, {book.covers}", made, order=order, window=LARGE)
