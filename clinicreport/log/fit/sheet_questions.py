"""Which of the sheets are logs, and which are to be left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from clinicreport.ground.frame import distinct
from clinicreport.log.cells import plain
from clinicreport.log.fields import SCORES, SESSION_FIELDS
from clinicreport.log.fit.candidates import Candidate
from clinicreport.log.fit.learnt import Choice, Learnt, Question
from clinicreport.log.session_log import Reading

OTHER_HEADINGS = "It has visits under other headings than the log: appointments, a summary?"
NO_SCORE = "It has the headings of the log and not one score."


def logs_among(
    tables: Sequence[Candidate], learnt: Learnt, reading: Reading, wanted: str | None = None
) -> list[Candidate]:
    """The tables that are learnt: the ``wanted`` sheet's, else the likeliest of each file. Of other
    sheets it is asked whether they are to be left out."""
    ignored = {name.strip().casefold() for name in reading.declared.ignore}
    kept = [table for table in tables if table.sheet.name.strip().casefold() not in ignored]
    files: dict[str, list[Candidate]] = {}
    for table in kept:
        files.setdefault(table.book.path, []).append(table)
    chosen = []
    for own in files.values():
        first, *others = sorted(
            own, key=lambda table: (_is_sheet(table, wanted), _likeness(table)), reverse=True
        )
        chosen.append(first)
        for sheet in _without_scores(first):
            learnt.ask(_leave_out(sheet, NO_SCORE))
        for table in others:
            if _likeness(table) >= len(_parts(table)):  # it would be read, or nearly
                for one in table.sheets:
                    learnt.ask(_leave_out(one.name, OTHER_HEADINGS))
    return chosen


def _is_sheet(table: Candidate, wanted: str | None) -> bool:
    """Whether one of a table's sheets is the one that a person has chosen."""
    return bool(wanted) and any(plain(sheet.name) == plain(wanted or "") for sheet in table.sheets)


def _leave_out(sheet: str, why: str) -> Question:
    return Question(
        cell="",
        heading=sheet,
        question=f'Is the sheet "{sheet}" a log?',
        choices=(
            Choice("reading.ignore", [sheet], f'no: ignore = ["{sheet}"]'),
            Choice("", None, "yes, its rows are visits"),
        ),
        why=why,
    )


def _parts(table: Candidate) -> tuple[bool, bool, bool]:
    """Whether a patient, a date and a score are there, or some column may hold them."""
    columns = table.columns
    return (
        "patient_id" in table.by_layout
        or any(c.field == "patient_id" or (not c.field and c.look.may_be_patient) for c in columns),
        table.wide or "date" in table.by_layout or any(c.look.may_be_date for c in columns),
        table.wide
        or any(c.field in SCORES for c in columns)
        or any(c.look.separator or (not c.field and c.look.may_be_score) for c in columns),
    )


def _likeness(table: Candidate) -> float:
    """How much a table is like a log: 3 where it has all that is needed; then its known headings,
    then its rows, decide between two."""
    known = sum(column.field in SESSION_FIELDS for column in table.columns)
    return sum(_parts(table)) + min(known, 20) / 100 + min(table.rows, 10_000) / 10_000_000


def _without_scores(table: Candidate) -> Iterator[str]:
    """Sheets with the headings of others and no score in any row."""
    score = next((column for column in table.columns if column.field in SCORES), None)
    if not score or len(table.sheets) < 2:
        return
    for sheet in table.sheets:
        raw = sheet.columns[score.number - 1]
        codes = np.frombuffer(raw.codes, dtype=np.uint32)[table.first - 1 :]
        below = [raw.values[code] for code in distinct(codes).tolist()]
        if all(isinstance(value, str) and not value.strip() for value in below):
            yield sheet.name
