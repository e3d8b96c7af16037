"""To do: what the clinic can do about its patients now, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.books.report import size_limits
from clinicreport.books.report.finding_lines import compared
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.tasks import LATER, NOW, SOON, URGENCY, Task, tasks
from clinicreport.workbook.page import Cell, Link
from clinicreport.workbook.table import Column, place

LEAD = [
    "What can be done now, the most urgent first; as made, from the visits up to the last day of"
    " the report.",
]


def write(book: ReportBook) -> None:
    """The sheet; its table is ``todo``."""
    page = book.page("To do")
    top = page.head("To do", [*LEAD, *(f"Findings: {line}" for line in compared(book))])
    found = tasks(book)
    if not found:
        page.put(top, 0, "Nothing is due.")
        book.print_setup(page)
        return
    if len(found) > size_limits.LISTED:
        said = f"The first {size_limits.LISTED:,} of {len(found):,} are listed."
        page.put(top - 1, 0, said, "lead")
        top, found = top + 1, found[: size_limits.LISTED]
    order = {patient.serial: at for at, patient in enumerate(book.roster.by_attention)}

    def link(task: Task) -> Cell:
        if task.patient is None:
            return Link("Findings!A1", "the logs")
        at = order[task.patient.serial]
        return Link(book.tables["patients"].at("Patient", at), task.patient.label)

    columns: list[Column[Task]] = [
        Column("Urgency", lambda t: URGENCY[t.urgency], lambda t: _STYLES[t.urgency], 19),
        Column("What to do", lambda t: t.what, "cell_strong_wrap", 44),
        Column("Patient", link, "cell_link", _label_width(found)),
        Column("Due", lambda t: t.due or "–", "cell_date", 14),
        Column("Why", lambda t: t.why, "cell_wrap", 60),
    ]
    table = book.add(place(page, top, columns, found, "todo", filtered=True))
    page.sheet.freeze_panes(top + 1, 0)
    book.print_setup(page, repeat=table.top)


def _label_width(found: Sequence[Task]) -> int:
    """So many characters that a clinic's name beside the id is whole, within reason."""
    labels = (task.patient.label for task in found if task.patient is not None)
    return min(max([14, *(len(label) + 1 for label in labels)]), 50)


_STYLES = {NOW: "cell_error", SOON: "cell_warning", LATER: "cell_note"}
