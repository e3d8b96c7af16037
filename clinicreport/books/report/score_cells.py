"""Baseline and latest score as formulas that find their own cell on the Sessions sheet.

Which visits may hold them rests on dates and kinds of visit, which stay as made; which of these
holds a usable score is looked up, as a run would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from clinicreport.books.report import patient_formulas
from clinicreport.books.report.patient_formulas import NOT_KNOWN, usable
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import SCORED, Patient
from clinicreport.books.report.score_rows import (
    MIXED,
    NONE,
    ONE,
    SCREENING,
    ScoreRows,
    Stretch,
    score_rows,
)
from clinicreport.workbook.formula_column import MARKS, Numbered, filled
from clinicreport.workbook.table import Table, this_row

FOLLOW_UP = "follow-up"  # a treatment is none, however late
FIRST, SECOND = MARKS[:2], MARKS[2:]  # for the rows of one stretch, and of another


@dataclass
class ScoreCells:
    """The formulas of one report's patients, made when their rows are written."""

    book: ReportBook
    sessions: Table
    _texts: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._scores, self._after, self._visit = (
            self.sessions.cells(name) for name in ("NRS before", "NRS after", "Visit")
        )
        self._shown = {name: self.sessions.cells(name) for name in ("NRS before", "Date", "Day")}
        columns = (self._scores, self._after, self._visit)
        self._relief = patient_formulas.relief(*(cells.marked_span(*FIRST) for cells in columns))

    @cached_property
    def _rows(self) -> dict[int, ScoreRows]:
        limits = self.book.analysis.protocol.course
        return score_rows(self.book.roster, limits.follow_up_days, self._scores)

    @cached_property
    def _kinds(self) -> list[Any]:
        return self.book.roster.values("visit_type")

    def rows(self, patient: Patient) -> ScoreRows:
        """The visits of the patient's course that may hold scores."""
        return self._rows[patient.serial]

    def baseline(self, patient: Patient) -> Numbered:
        """The first treatment's score, else the last screening's."""
        rows = self.rows(patient)
        kind = ("baseline", rows.screened.shape, rows.first.shape)
        if kind not in self._texts:
            otherwise = self._last(rows.screened, FIRST, SCREENING, _quoted(NOT_KNOWN))
            self._texts[kind] = f"={self._last(rows.first, SECOND, (), otherwise)}"
        return self._texts[kind], (*rows.screened[1:], *rows.first[1:])

    def latest(self, patient: Patient) -> Numbered:
        """The last usable score after day 0, up to the follow-ups."""
        return self._latest(patient, NOT_KNOWN, "NRS before")

    def latest_day(self, patient: Patient) -> Numbered:
        """The day of that score."""
        return self._latest(patient, "–", "Date")

    def _latest(self, patient: Patient, instead: str, shown: str) -> Numbered:
        later = self.rows(patient).later
        kind = ("latest", shown, later.shape)
        if kind not in self._texts:
            self._texts[kind] = f"={self._last(later, FIRST, SCORED, _quoted(instead), shown)}"
        return self._texts[kind], later[1:]

    def now(self, patient: Patient) -> Numbered:
        """The last usable score of all, follow-ups included."""
        return self._last_of_all(patient, "Latest", NOT_KNOWN, "NRS before")

    def now_day(self, patient: Patient) -> Numbered:
        """The day of that score."""
        return self._last_of_all(patient, "Latest score on", "–", "Date")

    def _last_of_all(self, patient: Patient, latest: str, instead: str, shown: str) -> Numbered:
        rows = self.rows(patient)
        kind = ("now", shown, rows.begun.shape, rows.followed.shape)
        if kind not in self._texts:
            own, course = (this_row("patients", heading) for heading in ("Latest", latest))
            begun = self._last(rows.begun, FIRST, SCORED, _quoted(instead), shown)
            course = f"IF(ISNUMBER({own}),{course},{begun})"
            self._texts[kind] = f"={self._last(rows.followed, SECOND, SCORED, course, shown)}"
        return self._texts[kind], (*rows.begun[1:], *rows.followed[1:])

    def follow_up_day(self, patient: Patient) -> str | None:
        """Days from the last treatment to the last usable score of a follow-up; None where there
        was no follow-up."""
        if FOLLOW_UP not in self._kinds[patient.visits.start : patient.visits.stop]:
            return None
        rows = self.rows(patient)
        if rows.followed.shape == NONE:
            return None
        text = self._last(rows.followed, FIRST, SCORED, _quoted("none"), "Day")
        day = filled(text, rows.followed[1:])
        return f'=IF(ISNUMBER({day}),{day}-{rows.last_day},"none")'

    def relief(self, patient: Patient) -> Numbered:
        """The mean fall within a session."""
        if not patient.visits:
            return f"={_quoted(patient_formulas.NO_RELIEF)}", ()
        return self._relief, tuple(self._scores.number(patient.visits[at]) for at in (0, -1))

    def _last(
        self,
        visits: Stretch,
        marks: str,
        kinds: Sequence[str],
        instead: str,
        shown: str = "NRS before",
    ) -> str:
        """The last of such visits with a usable score, or ``instead``, a formula, with marks for
        their rows; text is greater than any number."""
        if visits.shape == NONE:
            return instead
        if visits.shape == ONE:
            tests = usable(self._scores.marked(marks[0]))
            return f"IF(COUNTIFS({tests}),{self._shown[shown].marked(marks[0])},{instead})"
        scores = self._scores.marked_span(*marks)
        tests = f'({scores}<>"")*({scores}>=0)*({scores}<=10)'
        if visits.shape == MIXED:
            kind = self._visit.marked_span(*marks)
            tests += f"*({'+'.join(f'({kind}={_quoted(name)})' for name in kinds)})"
        cells = self._shown[shown].marked_span(*marks)
        return f"IFERROR(LOOKUP(2,1/({tests}),{cells}),{instead})"


def _quoted(text: str) -> str:
    return f'"{text}"'
