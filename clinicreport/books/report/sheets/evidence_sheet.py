"""Evidence: what is claimed, what the clinic's log says to it, what studies found, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING

from clinicreport.books.report.evidence_sentences import why
from clinicreport.books.report.once_edited import once_edited
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import percent, points
from clinicreport.outcomes.evidence.claims import load
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, keyed, place
from clinicreport.workbook.words import NO_PATIENT, ONE_RATING, count

if TYPE_CHECKING:
    from clinicreport.outcomes.evidence import Answer
    from clinicreport.protocol.limits import Reference

LEAD = [
    "What is claimed for the treatment, what this clinic's log says to it, and what studies found,"
    " for it and against it.",
    "A log has no comparison group: it can support a claim or speak against it, each only where the"
    " whole 95 % interval does, but it cannot show that the light is the cause.",
    "What else was found, and the sources, stand below and are not printed.",
]
WIDTHS = (24, 23, 42, 22, 46, 54)
ACROSS = sum(WIDTHS) * 0.9  # the room of a sentence that goes over all columns
SYMBOLS = {
    "supported": "✔ supported by this log",
    "against": "✖ against it",
    "cannot tell": "? cannot tell",
}
STYLES = {"supported": "cell_note", "against": "cell_error", "cannot tell": "cell_muted"}
NO_NUMBER_NEEDED = (
    "No number needed to treat is given: it is one over the difference of two groups' shares of"
    " responders, and a log without a control group has one group."
)


def write(book: ReportBook) -> None:
    """The sheet; its tables are ``claims`` and ``trial``."""
    page = book.page("Evidence")
    page.widths(WIDTHS)
    row = page.head(once_edited(book, "Evidence"), LEAD)
    row = page.section(row, "The claims, one by one", len(WIDTHS))
    row = _claims(book, page, row)
    row = page.section(
        row + 1, "The trial that the protocol rests on, and this clinic", len(WIDTHS)
    )
    row = _trial(book, page, row)
    row = page.section(row + 1, "What to keep in mind", len(WIDTHS))
    protocol = book.analysis.protocol
    for text in (protocol.evidence_note, protocol.caveat, NO_NUMBER_NEEDED, ONE_RATING):
        row = page.prose(row, text, ACROSS, "text")
    page.sheet.print_area(0, 0, row - 1, len(WIDTHS) - 1)
    row = _topics(page, row + 1)
    _studies(page, row)
    book.print_setup(page, pages_high=2)


def _claims(book: ReportBook, page: Page, row: int) -> int:
    from clinicreport.outcomes.evidence import answers

    columns: list[Column[Answer]] = [
        Column("Claim", lambda a: a.claim.claim, "cell_strong_wrap", WIDTHS[0]),
        Column("This clinic's log", lambda a: SYMBOLS[a.found.verdict], _style, WIDTHS[1]),
        Column("Why", why, "cell_wrap", WIDTHS[2]),
        Column("Source of the claim", lambda a: a.claim.source, "cell_wrap", WIDTHS[3]),
        Column("What speaks for it", lambda a: a.limits.in_favour(a.claim), "cell_wrap", WIDTHS[4]),
        Column(
            "What speaks against it", lambda a: a.limits.contrary(a.claim), "cell_wrap", WIDTHS[5]
        ),
    ]
    listed = answers(book.analysis)
    return book.add(place(page, row, columns, listed, "claims", widths=False)).below


def _topics(page: Page, row: int) -> int:
    """What else studies found that bears on a clinic's figures."""
    evidence = load()
    row = page.section(row, "What else was found", len(WIDTHS))
    for topic in evidence.topic:
        page.put(row, 0, topic.title, "strong")
        row += 1
        for line in evidence.told(topic).split("\n"):
            row = page.prose(row, line, ACROSS, "text")
    return row + 1


def _studies(page: Page, row: int) -> int:
    """Each source once, with what was read of it."""
    row = page.section(row, "The sources, and what was read of each", len(WIDTHS))
    for study in load().study:
        row = page.prose(row, study.described, ACROSS, "text")
    return row


def _style(answer: Answer) -> str:
    return STYLES[answer.found.verdict]


def _trial(book: ReportBook, page: Page, row: int) -> int:
    headings = ("Group", "Patients", "Mean pain, start to end", "Source")
    styles = ("cell_strong", "cell_count", "cell", "cell_wrap")
    columns = [keyed(*column) for column in zip(headings, styles, WIDTHS, strict=False)]
    arms = book.analysis.protocol.reference
    rows = [*(_arm(arm) for arm in arms), *_apart(arms), _own(book)]
    return book.add(place(page, row, columns, rows, "trial", widths=False)).below


def _arm(arm: Reference) -> dict[str, Cell]:
    return {
        "Group": arm.name,
        "Patients": arm.n,
        "Mean pain, start to end": _fall(arm.start, arm.end),
        "Source": f"{arm.source}; over {count(arm.weeks, 'week')}",
    }


def _apart(arms: Sequence[Reference]) -> list[dict[str, Cell]]:
    """By how much more the first arm fell than the second; nothing where there are no two."""
    if len(arms) != 2:
        return []
    more = (arms[0].start - arms[0].end) - (arms[1].start - arms[1].end)
    return [
        {
            "Group": "The two apart",
            "Patients": arms[0].n + arms[1].n,
            "Mean pain, start to end": f"{points(more)} points more in the first than in the"
            " second",
            "Source": "calculated from the means; without an interval",
        }
    ]


def _own(book: ReportBook) -> dict[str, Cell]:
    """The clinic's own patients of the trial's population, who differ from the trial's in much."""
    own = [
        patient
        for patient in book.roster.patients
        if patient.evaluable and patient.course["in_reference_population"]
    ]
    ends = (
        [fsum(patient.course[name] for patient in own) / len(own) for name in _ENDS] if own else []
    )
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
