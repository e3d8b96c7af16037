"""Findings: what somebody should look at, the gravest first, each with its cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinicreport.books.report import finding_lines, size_limits
from clinicreport.books.report.once_edited import once_edited
from clinicreport.books.report.report_book import ReportBook
from clinicreport.log.findings import SEVERITIES, SYMBOLS, Finding, verdict
from clinicreport.workbook.page import Cell, Link
from clinicreport.workbook.table import Column, ColumnCells, place
from clinicreport.workbook.words import ON_SCREEN, missing

LEAD = [
    "What somebody should look at, the gravest first. An error needs correcting in the clinic's"
    " file, a warning needs a look, a note is only said.",
]


def write(book: ReportBook) -> None:
    """The sheet; its table is ``findings``."""
    page = book.page("Findings")
    findings = sorted(book.analysis.findings, key=_order)
    told = [*LEAD, f"In all: {verdict(findings)}.", *finding_lines.lead(book), ON_SCREEN]
    top = page.head(once_edited(book, "Findings"), told)
    if not findings:
        page.put(top, 0, "Nothing to report: every cell could be used, no rule was broken.")
        finding_lines.mended(book, page, top + 2)
        book.print_setup(page)
        return
    if len(findings) > size_limits.LISTED:
        said = f"The first {size_limits.LISTED:,} are listed; clinicreport check lists all of them."
        page.put(top - 1, 0, said, "lead")
        top, findings = top + 1, findings[: size_limits.LISTED]
    lines = _lines(book) if book.live else {}
    sessions = book.tables.get("sessions")
    scores = sessions.cells("NRS before") if sessions else None
    columns = [
        Column[Finding]("Severity", lambda f: f"{SYMBOLS[f.severity]} {f.severity}", _style, 12),
        Column[Finding]("Message", lambda f: f.message, "cell_wrap", 62),
        Column[Finding]("Patient", lambda f: f.patient or "–", "cell_strong_wrap", 12),
        Column[Finding]("Value", lambda f: _value(f.value), "cell_wrap", 14),
        Column[Finding]("Cell", lambda f: f.cell or "–", "cell_centre", 8),
        Column[Finding]("Sheet", lambda f: f.sheet or "–", "cell", 14),
        Column[Finding]("File", lambda f: f.file, "cell", 26),
        Column[Finding]("Rule", lambda f: f.rule, "cell_muted", 26),
        Column[Finding]("Visit", lambda f: _visit(scores, lines, f), _link_style(lines), 12),
    ]
    columns[2:2] = finding_lines.state_columns(book)
    table = book.add(place(page, top, columns, findings, "findings", filtered=True))
    finding_lines.mended(book, page, table.below + 1)
    page.sheet.freeze_panes(top + 1, 1)
    page.first_rows(top, table.below, len(columns))
    book.print_setup(page, pages_high=1)


def _order(finding: Finding) -> tuple[Any, ...]:
    return (
        SEVERITIES.index(finding.severity),
        finding.rule,
        finding.file,
        finding.sheet,
        finding.row or 0,
        finding.cell,
    )


def _style(finding: Finding) -> str:
    return f"cell_{finding.severity}"


def _value(value: Any) -> str:
    """What stood in the cell, as text: a finding's value is never taken for a number."""
    return "–" if missing(value) else str(value)


def _lines(book: ReportBook) -> dict[tuple[str, str, int], int]:
    """(file, sheet, row) -> position on the Sessions sheet, of rows with findings on them."""
    rows = {finding.row for finding in book.analysis.findings}
    where = zip(*(book.roster.values(name) for name in ("file", "sheet", "row")), strict=True)
    return {
        (file, sheet or "", row): position
        for position, (file, sheet, row) in enumerate(where)
        if row in rows
    }


def _link_style(lines: dict[tuple[str, str, int], int]) -> Callable[[Finding], str]:
    return lambda f: "cell_link" if (f.file, f.sheet, f.row or 0) in lines else "cell"


def _visit(
    scores: ColumnCells | None, lines: dict[tuple[str, str, int], int], finding: Finding
) -> Cell:
    position = lines.get((finding.file, finding.sheet, finding.row or 0))
    if position is None or scores is None:
        return "–"
    return Link(scores.at(position), f"line {position + 1:,}")
