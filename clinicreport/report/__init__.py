"""The workbook: an :class:`~clinicreport.analysis.Analysis` in, a formatted .xlsx out.

=================  ==========================================================================
``theme``          fonts, colours and named styles, from ``templates/theme.toml``
``page``           one sheet under construction: how a value becomes a cell
``rows``           XlsxWriter with a quicker way for the cells of tables; ``parts``, for the file
``table``          a placed table, which answers where its cells are
``charts``         native charts in the theme's look
``visits``         the visits in order, and what each counts as
``roster``         the patients in order, and the visits their figures come from
``formulas``       the formulas of a patient's row
``figures``        the headline figures: formula, value, interval, what they are out of; the
                   four on top of the first page in ``cards``
``panels``         the pictures of the Charts sheet, each with the table of its numbers
``choice``         the patient chosen on the Patient sheet
``sheets``         one module a sheet
``logo``           the clinic's picture
``size``           what a large report leaves out
``output``         bytes to a file, whole or not at all
=================  ==========================================================================

Nothing is computed while writing: every cell holds a finished figure, most of them with the Excel
formula that gives the same one, so that the report follows a corrected score.
"""

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
