"""Visits that a clinic calls by names of its own ("T1", "Visit 2"): on which day each one is."""

from __future__ import annotations

import re

from clinicreport.ground.frame import distinct
from clinicreport.log.fit.candidates import Candidate, SeenColumn, cell_codes
from clinicreport.log.fit.column_questions import speaks_for
from clinicreport.log.fit.learnt import Choice, Learnt, Question
from clinicreport.log.session_log import Reading
from clinicreport.log.week_labels import Labels, simple

MOST_NAMES = 14  # more different words are no visits of a course
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_IN_HEADING = re.compile(
    r"(?<![^\W_])(?:t|v|fu|tp|visit|visite|visita|besuch|bezoek|session|sitzung)\s*[-_.#]?\s*\d{1,2}"
    r"(?!\d)",
    re.IGNORECASE,
)


def visit_names(table: Candidate) -> tuple[list[str], SeenColumn | None]:
    """The names of visits whose day nothing tells, and the column that they stand in.

    In a table with a row a patient they stand in its headings, and the column is None. No names
    where a column of days says when each visit was.
    """
    if table.wide:
        return _names_in_headings(table), None
    if table.of("date") or "date" in table.by_layout:
        return [], None
    for column in table.columns:
        if column.field in (None, "week") and _may_name_visits(column):
            names = _distinct(table, column)
            if 2 <= len(names) <= MOST_NAMES and any(_unknown(name) for name in names):
                return names, column
    return [], None


def _names_in_headings(table: Candidate) -> list[str]:
    found: dict[str, str] = {}
    for column in table.columns:
        if column.look.may_be_date and not column.look.may_be_score:
            continue
        named = _IN_HEADING.search(column.heading)
        if named and Labels([], {}).week(simple(column.heading)) is None:
            found.setdefault(simple(named.group()), named.group())
    return list(found.values()) if len(found) > 1 else []


def _may_name_visits(column: SeenColumn) -> bool:
    look = column.look
    if look.may_be_date or look.mostly(look.number_cells):
        return False
    by_heading = speaks_for("visit", column.heading) and look.distinct <= MOST_NAMES
    return look.mostly(look.weeks) or bool(by_heading and look.mostly(look.codes + look.names))


def _unknown(name: str) -> bool:
    return Labels([], {}).cell(name) is None


def _distinct(table: Candidate, column: SeenColumn) -> list[str]:
    """The different texts of a column, those with numbers in their order."""
    found: dict[str, str] = {}
    for sheet in table.sheets:
        values = sheet.columns[column.number - 1].values
        for code in distinct(cell_codes(sheet, column.number, table.first)).tolist():
            text = str(values[code]).strip()
            if text:
                found.setdefault(simple(text), text)
    return sorted(found.values(), key=lambda name: (_number(name) is not None, _number(name) or 0))


def _number(name: str) -> int | None:
    found = _NUMBER.search(name)
    return int(found.group()) if found else None


def _likely_days(names: list[str]) -> list[int]:
    """A week for each step of the names' numbers; the first visit, or one without a number, is 0."""
    numbers = [number for name in names if (number := _number(name)) is not None]
    first = min(numbers, default=0)
    if len(numbers) < len(names):
        first = min(first, 0)
    return [7 * (number - first) if (number := _number(name)) is not None else 0 for name in names]


def visit_question(table: Candidate, learnt: Learnt, reading: Reading) -> None:
    """On which day after the start each of the named visits is; nothing where a column that
    nothing is read from may hold the day."""
    if any(column.look.may_be_date for column in table.free):
        return
    names, column = visit_names(table)
    known = {simple(name) for name in reading.declared.visits}
    names = [name for name in names if simple(name) not in known]
    if not names:
        return
    days = _likely_days(names)
    shown = ", ".join(map(str, days))
    learnt.ask(
        Question(
            cell=column.cell if column else "",
            heading=column.heading if column else "",
            question=f"How many days after the start are {', '.join(names)}?",
            choices=(
                Choice("reading.visits", dict(zip(names, days, strict=True)), f"{shown}"),
                Choice("", None, "they are no visits"),
            ),
            why="Its visits have names and no day; type their days in this order, as 0, 21, 42.",
            typed="reading.visits",
            names=tuple(names),
        )
    )
