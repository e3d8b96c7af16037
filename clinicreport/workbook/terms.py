"""Terms and their meaning, a row each under a heading: for sheets that explain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clinicreport.workbook.page import Page


def place_terms(
    page: Page,
    row: int,
    title: str,
    entries: Iterable[tuple[str | None, str]],
    widths: Sequence[float],
) -> int:
    """The entries in the first two columns, as high as they need; the row for what follows.

    ``widths``: of the sheet's columns; the heading's rule goes over all of them.
    """
    row = page.section(row, title, len(widths))
    for term, text in entries:
        page.put(row, 0, term, "cell" if term is None else "figure")
        page.put(row, 1, text, "cell_wrap")
        lines = max(page.lines(term, widths[0]), page.lines(text, widths[1]))
        page.sheet.set_row(row, page.height(lines))
        row += 1
    return row + 1
