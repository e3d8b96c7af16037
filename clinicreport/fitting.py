"""The path with what a person answers: a log read, asked about, read again with the answers.

``clinicreport fit`` and the clinic's page both ask through a :class:`Fitting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from clinicreport.ground.errors import UsageError
from clinicreport.reading.spreadsheet import Spreadsheet
from clinicreport.settings.chosen_lines import chosen_answers, chosen_lines, layouts
from clinicreport.settings.own_forms import composed
from clinicreport.settings.own_lines import with_lines
from clinicreport.settings.request import Request

if TYPE_CHECKING:
    from clinicreport.log.fit.candidates import Candidate
    from clinicreport.log.fit.learnt import Learnt, Question
    from clinicreport.log.session_log import Log
    from clinicreport.outcomes.analysis import Checked


@dataclass(slots=True)
class Round:
    """What one reading gave: the tables, and what was learnt of them."""

    tables: list[Candidate]
    learnt: Learnt


@dataclass
class Fitting:
    """``answers``: what is known by now, as (table, dotted key, value). ``left``: questions not
    answered.

    ``sheet``, ``heading_row``: where a person said that the log stands. Raises UsageError where
    no book has such a sheet or row.
    """

    books: Sequence[Spreadsheet]
    request: Request
    sheet: str | None = None
    heading_row: int | None = None
    answers: list[tuple[int, str, Any]] = field(default_factory=list)
    left: int = 0

    def __post_init__(self) -> None:
        names = [sheet.name for book in self.books for sheet in book.sheets]
        if self.sheet and self.sheet.strip() not in (name.strip() for name in names):
            raise UsageError(f"there is no sheet “{self.sheet}”; the sheets are {_listed(names)}")

    @cached_property
    def first(self) -> Round:
        """What the columns say, before anything is answered but on a marked copy's Headings."""
        chosen = chosen_lines(self.books, self.request)
        config = with_lines(self.request.config, chosen)
        return self._round(self.request._replace(config=config))

    @property
    def tables(self) -> list[Candidate]:
        """The tables as they stand."""
        return self.first.tables

    @property
    def learnt(self) -> Learnt:
        """What was learnt of them."""
        return self.first.learnt

    @property
    def lines(self) -> dict[str, Any]:
        """What is to be written, dotted key -> value."""
        return self.lines_with(())

    def lines_with(self, more: Sequence[tuple[int, str, Any]]) -> dict[str, Any]:
        """What would be written with further answers."""
        answers = [*self.answers, *more]
        known = layouts(self.learnt.tables, answers, self.request)
        return composed(self.request.config, known, answers)

    @property
    def in_force(self) -> Request:
        """The request with what was answered."""
        return self.request._replace(config=with_lines(self.request.config, self.lines))

    @property
    def log(self) -> Log:
        """The log as it would be read now."""
        return self._checked.log

    @property
    def _checked(self) -> Checked:
        from clinicreport import path

        known = self.__dict__.get("_known")
        if known is None or known[0] != self.answers:
            request = self.in_force
            found = path.judged(path.typed(self.books, request), request)
            known = self.__dict__["_known"] = (list(self.answers), found)
        return known[1]

    def _round(self, request: Request) -> Round:
        from clinicreport.log.fit.candidates import candidates
        from clinicreport.log.fit.learning import learn
        from clinicreport.settings.request import reading

        how = reading(request)
        whole = [book for book in self.books if not book.reason]
        tables = candidates(whole, how, sheet=self.sheet, heading_row=self.heading_row)
        learnt = learn(tables, how, sheet=self.sheet)
        return Round(tables, learnt)

    @property
    def certain(self) -> list[tuple[int, str, Any]]:
        """The answers that need no asking: what only one column can be, and what was chosen on a
        marked copy's sheet Headings."""
        sure = [one for one in self.learnt.proposals if one.certain]
        chosen = chosen_answers(self.books, self.learnt.tables, self.request)
        taken = {key for _, key, _ in chosen}
        return [
            *chosen,
            *((one.layout, one.key, one.value) for one in sure if one.key not in taken),
        ]

    def take_certain(self) -> None:
        """Take what is certain, and let the findings of the log as it is then read ask the rest."""
        from clinicreport.log.fit.finding_questions import finding_questions

        self.answers = self.certain
        finding_questions(self._checked.findings, self.learnt)
        self.left = len(self.learnt.questions)

    def next_questions(self, asked: Sequence[Question]) -> list[Question]:
        """The questions that the log as it is read now leaves open, but for those asked already."""
        from clinicreport.log.fit.finding_questions import finding_questions

        found = self._round(self.in_force)
        finding_questions(self._checked.findings, found.learnt)
        known = {(one.layout, one.cell, one.question) for one in asked}
        keys = {
            (one.layout, choice.key) for one in asked for choice in one.choices if not one.names
        }
        return [
            one
            for one in found.learnt.questions
            if (one.layout, one.cell, one.question) not in known
            and (one.names or not keys & {(one.layout, choice.key) for choice in one.choices})
        ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in dict.fromkeys(names) if name) or "without a name"
