"""Sentences of the first page that follow only in part: they say so once Sessions was edited."""

from __future__ import annotations

from clinicreport.books.report.edited_mark import EDITED, literal
from clinicreport.books.report.report_book import ReportBook
from clinicreport.workbook.page import Cell, Formula
from clinicreport.workbook.words import AS_MADE, as_made

DASH = "–"


def also(text: str) -> str:
    """A text of a formula that stands there only once something was edited."""
    return f'IF({EDITED},{literal(text)},"")'


MARKED = also(as_made(""))
SAID_AS_MADE = also(f" {AS_MADE}")
LATER_AS_MADE = also(f", follow-ups {AS_MADE}")
WEEK_AS_MADE = also(f" (week {AS_MADE})")


def once_edited(book: ReportBook, text: str) -> Cell:
    """A text of what does not follow: with "(as made)" behind it once something was edited."""
    return Formula(f"={literal(text)}&{MARKED}", text) if "sessions" in book.tables else text


def if_any(formula: str, instead: str = DASH) -> str:
    """A formula over the evaluable patients, a dash or words once corrections leave none."""
    return f"IF(evaluable=0,{literal(instead)},{formula})"
