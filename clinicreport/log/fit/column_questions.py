"""Which column holds a needed field that no heading names: patient, day, score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from clinicreport.ground.strict_toml import packaged_toml
from clinicreport.log.cells import plain, unaccented
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.fit.candidates import Candidate, SeenColumn
from clinicreport.log.fit.learnt import Choice, Learnt, Proposal, Question

MOST_CHOICES = 6
PARTS = (("day", 1, 31), ("month", 1, 12), ("year", 0, 2100))  # of a date in three columns
BEFORE = "Which column is the pain before the session?"
MANY_NAMES = 3  # different words of a column that may be names without a heading that says so
FEW_ROWS = 8  # of which each may be another patient


@cache
def _words() -> dict[str, frozenset[str]]:
    """Field -> words of headings that speak for it, without accents."""
    table = packaged_toml("templates/fit-words.toml")
    return {name: frozenset(unaccented(word) for word in words) for name, words in table.items()}


def speaks_for(name: str, heading: str) -> int:
    """How many of a field's words stand in a heading."""
    parts = set(re.findall(r"[^\W\d_]+", unaccented(plain(heading))))
    known = _words()[name]
    return sum(
        part in known or any(len(word) > 3 and part.startswith(word) for word in known)
        for part in parts
    )


def patient_question(table: Candidate, learnt: Learnt) -> None:
    """Who the patient is, where no heading says it, or where each row would be another patient."""
    if "patient_id" in table.by_layout:
        return
    mapped = table.of("patient_id")
    if mapped and not _numbers_the_rows(mapped, table):
        return
    found = [column for column in table.free if _may_tell_patients(column)]
    if mapped:  # each row another patient: something that comes again may be meant
        found = [column for column in found if 2 * column.look.distinct <= column.look.filled]
        found = [column for column in found if speaks_for("patient_id", column.heading)]
    ranked = sorted(found, key=lambda column: _patient_rank(column, table), reverse=True)
    names = _names(table)
    choices = [_alias("patient_id", column) for column in ranked if column not in names[:2]]
    if len(names) > 1 and not mapped:
        together = [names[0].heading, names[1].heading]
        words = f"“{together[0]}” and “{together[1]}” together"
        named = Choice("reading.patient_from", together, words)
        sure = bool(ranked) and ranked[0] not in names and _patient_rank(ranked[0], table)[0]
        choices.insert(1 if sure else 0, named)
        choices += [_alias("patient_id", column) for column in names[:2]]
    if table.wide and not mapped:
        words = "each row is a patient without an id (the row's number is taken)"
        choices.append(Choice("reading.patient_from", "row", words))
    if not choices:
        return
    why = (
        f"“{mapped.heading}” is another one in every row: it may number the records."
        if mapped
        else "No heading names the patient; this one repeats as patients do."
    )
    keep = (Choice("", None, f"“{mapped.heading}”, as it is read now"),) if mapped else ()
    learnt.ask(
        Question(
            cell=mapped.cell if mapped else "",
            heading=mapped.heading if mapped else "",
            question="Which column tells the patients apart?",
            choices=(*choices[:MOST_CHOICES], *keep),
            why=why,
        )
    )


def _may_tell_patients(column: SeenColumn) -> bool:
    """Codes, names or numbers that are no scores and no minutes."""
    look, heading = column.look, column.heading
    if not look.may_be_patient or look.mostly(look.attendance):
        return False
    if speaks_for("patient_id", heading) or speaks_for("name", heading):
        return True
    return not look.may_be_score and not any(
        speaks_for(name, heading) for name in ("pain", "duration", "nrs_before", "nrs_after")
    )


def _numbers_the_rows(column: SeenColumn, table: Candidate) -> bool:
    look = column.look
    return not table.wide and look.filled > FEW_ROWS and look.distinct == look.filled


def _patient_rank(column: SeenColumn, table: Candidate) -> tuple[int, int, int]:
    look = column.look
    hints = speaks_for("patient_id", column.heading)
    again = 2 * look.distinct <= look.filled if not table.wide else look.distinct == look.filled
    scores_like = look.may_be_score and not hints
    return (hints, int(again) - int(scores_like), look.codes + look.names)


def _names(table: Candidate) -> list[SeenColumn]:
    """Two neighbours that hold names, each several and again and again; else none."""
    named = [
        column
        for column in table.free
        if column.look.mostly(column.look.names)
        and not column.look.mostly(column.look.yes_no)
        and not column.look.mostly(column.look.attendance)
        and (column.look.distinct > MANY_NAMES or speaks_for("name", column.heading))
    ]
    for one, other in pairwise(named):
        if other.number == one.number + 1 and abs(one.look.distinct - other.look.distinct) <= 3:
            return [one, other]
    return []


def date_question(table: Candidate, learnt: Learnt, *, named_visits: bool = False) -> None:
    """Which column holds the day of the visit.

    ``named_visits``: visits have names, so that a day may be the one on which all of them began.
    """
    if table.of("date") or "date" in table.by_layout or table.wide:
        return
    found = [column for column in table.free if column.look.may_be_date]
    if not found and (parts := day_parts(table)):
        headings = [column.heading for column in parts]
        value = Choice("reading.date_from", headings, f"day, month and year: {', '.join(headings)}")
        learnt.ask(
            Question(
                cell=parts[0].cell,
                heading=parts[0].heading,
                question="Do three columns make the day of the visit?",
                choices=(value, Choice("", None, "no")),
                why="They hold days, months and years, and no column holds whole dates.",
            )
        )
        return
    if named_visits and len(found) == 1:
        _day_or_start(found[0], learnt)
        return
    _one_of(
        "date",
        sorted(found, key=_date_rank, reverse=True),
        "Which column is the day of the visit?",
        learnt,
    )


def _day_or_start(column: SeenColumn, learnt: Learnt) -> None:
    """Beside visits with names: whether the only column of days is the visit's, or the start's."""
    starts = Choice("aliases.start_date", [column.heading], "the day on which treatment began")
    learnt.ask(
        Question(
            cell=column.cell,
            heading=column.heading,
            question=f"Which day is “{column.heading}”?",
            choices=(starts, _alias("date", column), Choice("", None, "neither")),
            why="Visits have names here; a day beside them may be each one's or the first's.",
        )
    )


def _date_rank(column: SeenColumn) -> tuple[int, bool, int]:
    look = column.look
    return (speaks_for("date", column.heading), not look.with_time, look.filled)


def score_question(table: Candidate, learnt: Learnt) -> None:
    """Which columns hold pain before and after, or both in one cell."""
    if split := next((column for column in table.columns if column.look.separator), None):
        by = split.look.separator
        value = {"column": split.heading, "by": by}
        words = (
            f'before and after in one cell: split = {{ column = "{split.heading}", by = "{by}" }}'
        )
        learnt.ask(
            Question(
                cell=split.cell,
                heading=split.heading,
                question="Two scores stand in one cell. Before and after?",
                choices=(Choice("reading.split", value, words), Choice("", None, "no")),
                why=f"Most of its cells hold two numbers with “{by}” between.",
            )
        )
        return
    if table.wide or "nrs_before" in table.by_layout:
        return
    found = [column for column in table.free if column.look.may_be_score]
    ranked = sorted(found, key=_score_rank, reverse=True)
    mapped = table.of("nrs_before")
    if not mapped:
        _one_of("nrs_before", ranked, BEFORE, learnt)
    elif other := [c for c in ranked if speaks_for("pain", c.heading) and not _is_after(c)]:
        learnt.ask(
            Question(
                cell=mapped.cell,
                heading=mapped.heading,
                question=BEFORE,
                choices=tuple(_alias("nrs_before", c) for c in (mapped, *other[:MOST_CHOICES])),
                why=f"“{mapped.heading}” is read as it; other columns look like pain too.",
            )
        )
    if table.of("nrs_after"):
        return
    after = [column for column in ranked if speaks_for("nrs_after", column.heading)]
    after.sort(key=lambda column: speaks_for("nrs_before", column.heading))
    if after:
        choices = [_alias("nrs_after", column) for column in after[:MOST_CHOICES]]
        learnt.ask(
            Question(
                cell=after[0].cell,
                heading=after[0].heading,
                question="Which column is the pain after the session?",
                choices=(*choices, Choice("", None, "none")),
                why="Its heading has a word for after.",
            )
        )


def _is_after(column: SeenColumn) -> bool:
    heading = column.heading
    return speaks_for("nrs_after", heading) > speaks_for("nrs_before", heading)


def _score_rank(column: SeenColumn) -> tuple[int, int, bool]:
    heading = column.heading
    before = speaks_for("nrs_before", heading) - speaks_for("nrs_after", heading)
    return (before, speaks_for("pain", heading), not column.look.above_ten)


def _one_of(name: str, found: Sequence[SeenColumn], question: str, learnt: Learnt) -> None:
    """Propose the only column; ask where there are several, or where it may be none."""
    if not found:
        return
    first = found[0]
    if len(found) == 1 and first.heading and not first.look.above_ten:
        why = f"It is the only column that can be it: {first.look.words}."
        learnt.propose(Proposal(f"aliases.{name}", [first.heading], certain=True, why=why))
        return
    choices = [_alias(name, column) for column in found[:MOST_CHOICES]]
    words = first.look.words
    learnt.ask(
        Question(
            cell=first.cell,
            heading=first.heading,
            question=question,
            choices=tuple(choices),
            why=f"{len(found)} columns can be it; this one holds {words}.",
        )
    )


def _alias(name: str, column: SeenColumn) -> Choice:
    field = SESSION_FIELDS[name]
    words = f"“{column.heading}” ({column.cell}: {column.look.words}) is {field.label}"
    return Choice(f"aliases.{name}", [column.heading], words)


def day_parts(table: Candidate) -> list[SeenColumn]:
    """Three columns that together are a date: day, month and year, in this order; else none."""
    found = []
    for name, low, high in PARTS:
        parts = [
            column
            for column in table.free
            if column.look.mostly(column.look.number_cells)
            and speaks_for(name, column.heading)
            and low <= min(column.look.numbers) <= max(column.look.numbers) <= high
        ]
        found += parts[:1]
    return found if len(found) == len(PARTS) and len({c.number for c in found}) == 3 else []
