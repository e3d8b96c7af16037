"""What became of findings: lines on top of sheets; on *Findings* a column and the mended ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinicreport.books.report import size_limits
from clinicreport.books.report.report_book import ReportBook
from clinicreport.log.findings import Finding
from clinicreport.workbook.life_words import months_line, quality_line, state_words, whose_line
from clinicreport.workbook.page import Page
from clinicreport.workbook.table import Column, place
from clinicreport.workbook.words import count

NONE = "–"


def compared(book: ReportBook) -> list[str]:
    """The one line with the numbers; none where there is nothing to compare with."""
    life = book.analysis.life
    if life is None:
        return []
    line = quality_line(life, book.analysis.period)
    return [f"{line[:1].upper()}{line[1:]}."]


def lead(book: ReportBook) -> list[str]:
    """Lines for the top of the sheet; none where there is nothing to compare with."""
    life = book.analysis.life
    if life is None:
        return []
    return [text for text in (*compared(book), whose_line(life), months_line(life)) if text]


def state_columns(book: ReportBook) -> list[Column[Finding]]:
    """The column *State*; none where there is nothing to compare with."""
    life = book.analysis.life
    if life is None:
        return []
    at = {id(finding): at for at, finding in enumerate(book.analysis.findings)}
    return [Column[Finding]("State", lambda f: state_words(life, at[id(f)]), "cell_wrap", 24)]


def mended(book: ReportBook, page: Page, top: int) -> None:
    """The earlier report's findings that are gone, below the others; nothing where none is.

    Their severity is not told again: whoever counts the sheet's errors counts what is open.
    """
    life = book.analysis.life
    if life is None or not life.mended:
        return
    found = life.mended[: size_limits.LISTED]
    columns: list[Column[Mapping[str, Any]]] = [
        Column("State", lambda _: "✔ mended", "cell"),
        Column("What it was", lambda entry: str(entry.get("message") or NONE), "cell_wrap", 62),
        Column("Patient", lambda entry: str(entry.get("patient") or NONE), "cell_strong"),
    ]
    place(page, top, columns, found, widths=False)
    if len(life.mended) > len(found):
        rest = count(len(life.mended) - len(found), "more", "more")
        page.put(top + 1 + len(found), 0, f"and {rest}", "cell")
