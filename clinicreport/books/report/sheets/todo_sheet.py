"""To do: what the clinic can do about its patients now: today's list, then what is overdue and what
is coming up."""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.books.report import size_limits
from clinicreport.books.report.finding_lines import compared
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.tasks import (
    COMING,
    NOW,
    OVERDUE,
    SOON,
    TODAY,
    URGENCY,
    Task,
    beside_today,
    tasks,
)
from clinicreport.workbook.page import Cell, Link, Page
from clinicreport.workbook.table import Column, Table, fitting, place
from clinicreport.workbook.words import as_made

LEAD = "Today's list, the most urgent first, from the visits up to the last day of the report."
NOTHING = "Nothing is due today."
# What stands below today's list: the table's name, its heading.
LISTS = {
    OVERDUE: ("todo_overdue", "Follow-up scores overdue, the longest first"),
    COMING: ("todo_coming", "Coming up"),
}
A_PAGE = 20  # tasks that are on one page, with the headings of their lists
_STYLES = {NOW: "cell_error", SOON: "cell_warning", OVERDUE: "cell_note", COMING: "cell_note"}


def write(book: ReportBook) -> None:
    """The sheet; its tables are ``todo`` (today's list), ``todo_overdue`` and ``todo_coming``."""
    page = book.page("To do")
    found = tasks(book)
    below = beside_today([task for task in found if task.urgency not in TODAY])
    lead = [LEAD, f"Below it: {below}."] if below else [LEAD]
    top = page.head(as_made("To do"), [*lead, *(f"Findings: {line}" for line in compared(book))])
    if len(found) > size_limits.LISTED:
        said = f"The first {size_limits.LISTED:,} of {len(found):,} are listed."
        page.put(top - 1, 0, said, "lead")
        top, found = top + 1, found[: size_limits.LISTED]
    columns = _columns(book, found)
    today = [task for task in found if task.urgency in TODAY]
    if today:
        row = _place(book, page, top, columns, today, "todo").below + 1
        page.sheet.freeze_panes(top + 1, 0)
        book.print_setup(page, repeat=top)
    else:
        page.put(top, 0, NOTHING, "strong")
        row = top + 2
        book.print_setup(page)
    breaks: list[int] = []
    for urgency, (name, heading) in LISTS.items():
        if listed := [task for task in found if task.urgency == urgency]:
            if today and not breaks and len(found) > A_PAGE:
                breaks.append(row)  # today's list is a page of its own
            row = page.section(row, heading, len(columns))
            row = _place(book, page, row, columns, listed, name).below + 1
    page.sheet.set_h_pagebreaks(breaks)


def _place(
    book: ReportBook,
    page: Page,
    row: int,
    columns: Sequence[Column[Task]],
    listed: Sequence[Task],
    name: str,
) -> Table:
    return book.add(place(page, row, columns, listed, name, filtered=name == "todo"))


def _columns(book: ReportBook, found: Sequence[Task]) -> list[Column[Task]]:
    rows, patients = book.roster.attention_rows, book.tables.get("patients")
    names = patients.cells("Patient") if patients else None

    def link(task: Task) -> Cell:
        if task.patient is None:
            return Link("Findings!A1", "the logs")
        assert names is not None  # whoever has something to do stands on that sheet
        return Link(names.at(rows[task.patient.serial]), task.patient.label)

    labels = [task.patient.label for task in found if task.patient is not None]
    return [
        Column("Urgency", lambda t: URGENCY[t.urgency], lambda t: _STYLES[t.urgency], 16),
        Column("What to do", lambda t: t.what, "cell_strong_wrap", 44),
        Column("Patient", link, "cell_link", fitting(labels, 14, 50)),
        Column("Due", lambda t: t.due or "–", "cell_date", 14),
        Column("Why", lambda t: t.why, "cell_wrap", 60),
    ]
