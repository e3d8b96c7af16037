"""Sessions against the plan: the weeks of the course side by side."""

from __future__ import annotations

from clinicreport.books.patient.facts import Row
from clinicreport.books.patient.patient_book import PatientBook
from clinicreport.workbook.page import Page

LABEL = 2  # columns of the labels
COLUMNS = 12
MOST_WEEKS = COLUMNS - LABEL
ROWS = ("Week", "Treatment days", "Plan", "As planned")


def plan(book: PatientBook, page: Page, row: int) -> int:
    """A strip of weeks, the latest ten; the row for what follows."""
    weeks = book.facts.weeks
    if not weeks:
        return row
    shown = weeks[-MOST_WEEKS:]
    more = len(weeks) - len(shown)
    title = "Treatment days, week by week"
    row = page.section(row, f"{title} (the latest {len(shown)})" if more else title, COLUMNS)
    for offset, label in enumerate(ROWS):
        style = "heading" if not offset else "cell"
        page.fill(row + offset, range(COLUMNS), style)
        page.put(row + offset, 0, label, style)
    for column, week in enumerate(shown, start=LABEL):
        page.put(row, column, str(int(week["week"]) + 1), "heading_centre")
        page.put(row + 1, column, str(int(week["days"])), "cell_centre")
        page.put(row + 2, column, f"{int(week['low'])}–{int(week['high'])}", "cell_centre")
        page.put(row + 3, column, _kept(week), "cell_centre")
    page.sheet.set_row(row + len(ROWS), 7)
    return row + len(ROWS) + 1


def _kept(week: Row) -> str:
    """In words, so that nothing rests on a symbol alone."""
    if not week["judged"]:
        return "not full"
    if week["in_band"]:
        return "✓ yes"
    return "✖ fewer" if week["days"] < week["low"] else "✖ more"
