"""Method: what the words mean, how counts are hidden, the protocol in force. No input is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clinicreport import __version__
from clinicreport.books.report.sheets.method_sheet import DEFINITIONS
from clinicreport.books.share.shared_book import SharedBook
from clinicreport.protocol.limits import limit_text
from clinicreport.workbook.terms import place_terms

if TYPE_CHECKING:
    from clinicreport.protocol.in_force import Protocol

WIDTHS = (46, 94)
LIMITS = ("session", "schedule", "course", "dose", "outcome")
HIDDEN = (
    ("<5", "A count of 1 to 4. 0 and counts of 5 or more are shown."),
    (
        "not shown",
        "A count of 5 or more, or a rate or mean, from which a count of 1 to 4 could be"
        " worked out: by subtracting from a total, from a percentage, or from other counts.",
    ),
    (
        "Rates, intervals, means",
        "Given only where every count they are made of is shown. Means need"
        " 5 patients, the median 10. All are rounded.",
    ),
    ("Patients in a week", "In steps of five, since weeks differ by single patients."),
    (
        "Conditions",
        "Only those of a fixed list are named; all others, and those with fewer than 5"
        " evaluable patients, are in Other.",
    ),
    ("Left out", "Patients, visits, therapists, notes, names of files, sheets and clinics."),
)


def write(book: SharedBook) -> None:
    """The sheet, from top to bottom."""
    page = book.page("Method")
    page.widths(WIDTHS)
    row = page.head("Method", ["What each figure means, what is hidden, and the limits in force."])
    row = place_terms(page, row, "What the words mean", DEFINITIONS, WIDTHS)
    row = place_terms(page, row, "What is hidden", HIDDEN, WIDTHS)
    protocol = book.protocol
    reading = (
        ("No comparison group", protocol.caveat),
        ("What trials found", protocol.evidence_note),
    )
    row = place_terms(page, row, "How to read the results", reading, WIDTHS)
    row = place_terms(page, row, "Protocol in force", _limits(protocol), WIDTHS)
    page.sheet.print_area(0, 0, row - 2, len(WIDTHS) - 1)
    book.print_setup(page, landscape=False)


def _limits(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Name, version, and every limit that is a number, in words."""
    yield "Protocol", f"{protocol.name}, version {protocol.version}"
    yield "Made with", f"clinicreport {__version__}"
    for section in LIMITS:
        part = getattr(protocol, section)
        for name, field in type(part).model_fields.items():
            if field.description:
                text = limit_text(getattr(part, name))
                yield field.description[:1].upper() + field.description[1:], text
