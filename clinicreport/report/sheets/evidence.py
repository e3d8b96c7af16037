"""Evidence: what trials found, so that the clinic's figures are read beside them."""

from __future__ import annotations

from typing import Any

from clinicreport.report.book import Book
from clinicreport.report.page import Cell, Page
from clinicreport.report.table import Column, place
from clinicreport.report.words import NO_PATIENT

LEAD = [
    "What trials found. A clinic's own figures have no comparison group: they cannot show that the"
    " light is the cause.",
]
WIDTHS = (44, 12, 12, 12, 14, 16, 12, 50)
TEXT = 150


def write(book: Book) -> None:
    """The sheet; its table is ``evidence``."""
    page = book.page("Evidence")
    page.widths(WIDTHS)
    row = page.head("Evidence", LEAD)
    protocol = book.analysis.protocol
    row = page.section(row, "The trial that the protocol rests on, and this clinic", len(WIDTHS))
    columns: list[Column[dict[str, Cell]]] = [
        Column(heading, lambda r, heading=heading: r[heading], style)  # type: ignore[misc]
        for heading, style in (
            ("Group", "cell_strong"), ("Patients", "cell_count"), ("Start", "cell_mean"),
            ("End", "cell_mean"), ("Reduction", "cell_mean"), ("Ratio of means", "cell_percent"),
            ("Weeks", "cell_count"), ("Source", "cell"),
        )
    ]  # fmt: skip
    rows = [_arm(arm) for arm in protocol.reference] + [_own(book)]
    table = book.add(place(page, row, columns, rows, "evidence", widths=False))
    row = page.section(table.below + 1, "Other evidence", len(WIDTHS))
    row = _prose(page, row, protocol.evidence_note)
    row = page.section(row + 1, "How to read the clinic's figures", len(WIDTHS))
    _prose(page, row, protocol.caveat)
    book.print_setup(page)


def _prose(page: Page, row: int, text: str) -> int:
    return page.prose(row, text, TEXT, "text")


def _arm(arm: Any) -> dict[str, Cell]:
    return {
        "Group": arm.name, "Patients": arm.n, "Start": arm.start, "End": arm.end,
        "Reduction": round(arm.start - arm.end, 9),
        "Ratio of means": 100 * (arm.start - arm.end) / arm.start, "Weeks": arm.weeks,
        "Source": arm.source,
    }  # fmt: skip


def _own(book: Book) -> dict[str, Cell]:
    """The clinic's own patients of the trial's population, who differ from the trial's in much."""
    own = [
        patient for patient in book.roster.patients
        if patient.evaluable and patient["in_reference_population"]
    ]  # fmt: skip
    row: dict[str, Cell] = {
        "Group": "This clinic, same population", "Patients": len(own), "Weeks": "as they came",
        "Source": "sheet Patients; no comparison group",
    }  # fmt: skip
    if not own:
        return row | dict.fromkeys(("Start", "End", "Reduction", "Ratio of means"), NO_PATIENT)
    start, end = (
        sum(patient[name] for patient in own) / len(own) for name in ("baseline", "latest")
    )
    return row | {
        "Start": start, "End": end, "Reduction": start - end,
        "Ratio of means": 100 * (start - end) / start,
    }  # fmt: skip
