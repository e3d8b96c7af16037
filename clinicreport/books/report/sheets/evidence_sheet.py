"""Evidence: what the article claims, what the clinic's log says to it, and what trials found."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any

from clinicreport.books.report.evidence_sentences import why
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import percent, points
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, keyed, place
from clinicreport.workbook.words import NO_PATIENT

if TYPE_CHECKING:
    from clinicreport.outcomes.evidence import Answer

LEAD = [
    "What is claimed for the treatment, what this clinic's log says to it, and what trials found.",
    "A log has no comparison group: it can be consistent with a claim or not, but it cannot show"
    " that the light is the cause.",
]
WIDTHS = (34, 18, 48, 44, 48)
SYMBOLS = {
    "consistent": "✔ consistent",
    "not consistent": "✖ not consistent",
    "cannot tell": "? cannot tell",
}
STYLES = {"consistent": "cell_note", "not consistent": "cell_error", "cannot tell": "cell_muted"}


def write(book: ReportBook) -> None:
    """The sheet; its tables are ``claims`` and ``trial``."""
    page = book.page("Evidence")
    page.widths(WIDTHS)
    row = page.head("Evidence", LEAD)
    row = page.section(row, "The claims, one by one", len(WIDTHS))
    row = _claims(book, page, row)
    row = page.section(
        row + 1, "The trial that the protocol rests on, and this clinic", len(WIDTHS)
    )
    row = _trial(book, page, row)
    row = page.section(row + 1, "Other evidence", len(WIDTHS))
    width = sum(WIDTHS) * 0.9
    for text in (book.analysis.protocol.evidence_note, book.analysis.protocol.caveat):
        row = page.prose(row, text, width, "text")
    book.print_setup(page)


def _claims(book: ReportBook, page: Page, row: int) -> int:
    from clinicreport.outcomes.evidence import answers

    columns: list[Column[Answer]] = [
        Column("Claim", lambda a: a.claim.claim, "cell_strong_wrap", WIDTHS[0]),
        Column("This clinic's log", lambda a: SYMBOLS[a.found.verdict], _style, WIDTHS[1]),
        Column("Why", why, "cell_wrap", WIDTHS[2]),
        Column("Source of the claim", lambda a: a.claim.source, "cell_wrap", WIDTHS[3]),
        Column("What speaks against it", lambda a: a.claim.contrary, "cell_wrap", WIDTHS[4]),
    ]
    listed = answers(book.analysis)
    return book.add(place(page, row, columns, listed, "claims", widths=False)).below


def _style(answer: Answer) -> str:
    return STYLES[answer.found.verdict]


def _trial(book: ReportBook, page: Page, row: int) -> int:
    headings = ("Group", "Patients", "Mean pain, start to end", "Source")
    styles = ("cell_strong", "cell_count", "cell", "cell_wrap")
    columns = [keyed(*column) for column in zip(headings, styles, WIDTHS, strict=False)]
    rows = [_arm(arm) for arm in book.analysis.protocol.reference] + [_own(book)]
    return book.add(place(page, row, columns, rows, "trial", widths=False)).below


def _arm(arm: Any) -> dict[str, Cell]:
    return {
        "Group": arm.name,
        "Patients": arm.n,
        "Mean pain, start to end": _fall(arm.start, arm.end),
        "Source": f"{arm.source}; {arm.weeks} weekly visits",
    }


def _own(book: ReportBook) -> dict[str, Cell]:
    """The clinic's own patients of the trial's population, who differ from the trial's in much."""
    own = [
        patient
        for patient in book.roster.patients
        if patient.evaluable and patient["in_reference_population"]
    ]
    ends = [fmean(patient[name] for patient in own) for name in _ENDS] if own else []
    return {
        "Group": "This clinic, same population",
        "Patients": len(own),
        "Mean pain, start to end": _fall(*ends) if ends else NO_PATIENT,
        "Source": "sheet Patients; each as long as the course lasted, no comparison group",
    }


_ENDS = ("baseline", "latest")


def _fall(start: float, end: float) -> str:
    """As in "6.9 to 3.0: 3.9 points, 56.5 % less (ratio of means)"."""
    less = f"{points(start - end)} points, {percent(100 * (start - end) / start)} less"
    return f"{points(start)} to {points(end)}: {less} (ratio of means)"
