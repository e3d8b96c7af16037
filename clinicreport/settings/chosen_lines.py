"""What was chosen in a marked copy's sheet Headings, as lines of ``clinic.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinicreport.log.chosen_headings import ChosenHeading, chosen_headings
from clinicreport.log.forms import reading_for
from clinicreport.log.headings import is_heading
from clinicreport.settings.own_forms import Layout, composed
from clinicreport.settings.request import Request, reading

if TYPE_CHECKING:
    from clinicreport.log.fit.candidates import Candidate
    from clinicreport.reading.spreadsheet import Spreadsheet

Answers = list[tuple[int, str, Any]]  # table, dotted key, value


def chosen_answers(
    books: Sequence[Spreadsheet], tables: Sequence[Candidate], request: Request
) -> Answers:
    """The choices that the settings do not have yet."""
    how = reading(request)
    answers: Answers = []
    for choice in (each for book in books for each in chosen_headings(book)):
        at = _table(choice, tables)
        aliases = reading_for(tables[at].sheet, how).aliases if at >= 0 else how.aliases
        known = aliases.field(choice.heading) == choice.field and aliases.is_own(choice.heading)
        if not known and is_heading(choice.heading):
            answers.append((at, f"aliases.{choice.field}", [choice.heading]))
    return answers


def _table(choice: ChosenHeading, tables: Sequence[Candidate]) -> int:
    there = (at for at, table in enumerate(tables) if table.holds(choice.file, choice.sheet))
    return next(there, 0 if len(tables) == 1 else -1)


def layouts(tables: Sequence[Candidate], answers: Answers, request: Request) -> list[Layout]:
    """The tables' layouts, as far as forms are told by them."""
    from clinicreport.log.fit.layouts import told_by

    how = reading(request)
    found = []
    for at, table in enumerate(tables):
        own = [(key, value) for index, key, value in answers if index == at]
        headings = tuple(one.heading for one in table.columns if is_heading(one.heading))
        name = table.sheet.name.strip() or Path(table.book.name).stem
        form = reading_for(table.sheet, how).form
        found.append(Layout(name, headings, told_by(table, own), form))
    return found


def chosen_lines(books: Sequence[Spreadsheet], request: Request) -> dict[str, Any]:
    """The lines that the choices in these books make; none where there is nothing new."""
    from clinicreport.log.fit.candidates import candidates

    if not any(True for book in books for _ in chosen_headings(book)):
        return {}
    tables = candidates(books, reading(request))
    answers = chosen_answers(books, tables, request)
    return composed(request.config, layouts(tables, answers, request), answers)
