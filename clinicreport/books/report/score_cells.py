"""Baseline and latest score as formulas that find their own cell on the Sessions sheet.

Which visits may hold them rests on dates and kinds of visit, which stay as made; which of these
holds a usable score is looked up, as a run would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from clinicreport.books.report import patient_formulas
from clinicreport.books.report.patient_formulas import NOT_KNOWN, usable
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import SCORED, Patient
from clinicreport.workbook.table import Table, this_row

SCREENING = ("screening",)
FOLLOW_UP = "follow-up"  # a treatment is none, however late
REMEMBERED = 1000  # patients: more than rows that are written together


class ScoreRows(NamedTuple):
    """Visits that may hold a patient's scores, as positions in ``Roster.visits``, in order."""

    first: int | None  # the first treatment
    screened: list[int]
    later: list[int]  # treatments and follow-ups after day 0, as far as the latest score may be
    single_day: bool  # no treatment or follow-up after day 0
    begun: list[int]  # treatments and follow-ups of day 0
    followed: list[int]  # follow-ups after those
    last_day: int  # of the last treatment


@dataclass
class ScoreCells:
    """The formulas of one report's patients, made when their rows are written."""

    book: ReportBook
    sessions: Table
    _rows: dict[int, ScoreRows] = field(default_factory=dict)  # by serial number

    def __post_init__(self) -> None:
        self._scores, self._after, self._visit = (
            self.sessions.cells(name) for name in ("NRS before", "NRS after", "Visit")
        )
        self._shown = {name: self.sessions.cells(name) for name in ("NRS before", "Date", "Day")}

    @cached_property
    def _kinds(self) -> list[Any]:
        return self.book.roster.values("visit_type")

    @cached_property
    def _days(self) -> list[Any]:
        return self.book.roster.values("day")

    def rows(self, patient: Patient) -> ScoreRows:
        """The visits of the patient's course that may hold scores."""
        if patient.serial not in self._rows:
            if len(self._rows) >= REMEMBERED:
                self._rows.clear()
            self._rows[patient.serial] = self._found(patient)
        return self._rows[patient.serial]

    def _found(self, patient: Patient) -> ScoreRows:
        kinds, days = self._kinds, self._days
        treated = [at for at in patient.visits if kinds[at] == "treatment"]
        last = days[treated[-1]] if treated else 0
        far = last + self.book.analysis.protocol.course.follow_up_days
        screened, later, followed, begun = list[int](), list[int](), list[int](), list[int]()
        for at in patient.visits:
            if kinds[at] in SCREENING:
                screened.append(at)
            elif kinds[at] in SCORED:
                own = begun if days[at] <= 0 else later if days[at] < far else followed
                own.append(at)
        first, single = treated[0] if treated else None, not later and not followed
        return ScoreRows(first, screened, later, single, begun, followed, last)

    def baseline(self, patient: Patient) -> str:
        """The first treatment's score, else the last screening's."""
        rows = self.rows(patient)
        otherwise = self._last(rows.screened, SCREENING, _quoted(NOT_KNOWN))
        if rows.first is None:
            return f"={otherwise}"
        return f"={self._one(rows.first, otherwise)}"

    def latest(self, patient: Patient) -> str:
        """The last usable score after day 0, up to the follow-ups."""
        return f"={self._last(self.rows(patient).later, SCORED, _quoted(NOT_KNOWN))}"

    def latest_day(self, patient: Patient) -> str:
        """The day of that score."""
        return f"={self._last(self.rows(patient).later, SCORED, _quoted('–'), 'Date')}"

    def now(self, patient: Patient) -> str:
        """The last usable score of all, follow-ups included."""
        return f"={self._last_of_all(patient, 'Latest', NOT_KNOWN, 'NRS before')}"

    def now_day(self, patient: Patient) -> str:
        """The day of that score."""
        return f"={self._last_of_all(patient, 'Latest score on', '–', 'Date')}"

    def _last_of_all(self, patient: Patient, latest: str, instead: str, shown: str) -> str:
        rows, own = self.rows(patient), this_row("patients", "Latest")
        begun = self._last(rows.begun, SCORED, _quoted(instead), shown)
        course = f"IF(ISNUMBER({own}),{this_row('patients', latest)},{begun})"
        return self._last(rows.followed, SCORED, course, shown) if rows.followed else course

    def follow_up_day(self, patient: Patient) -> str | None:
        """Days from the last treatment to the last usable score of a follow-up; None where there
        was no follow-up."""
        if all(self._kinds[at] != FOLLOW_UP for at in patient.visits):
            return None
        rows = self.rows(patient)
        if not rows.followed:
            return None
        day = self._last(rows.followed, SCORED, _quoted("none"), "Day")
        return f'=IF(ISNUMBER({day}),{day}-{rows.last_day},"none")'

    def relief(self, patient: Patient) -> str:
        """The mean fall within a session."""
        if not patient.visits:
            return f"={_quoted(patient_formulas.NO_RELIEF)}"
        first, last = patient.visits[0], patient.visits[-1]
        columns = (self._scores, self._after, self._visit)
        return patient_formulas.relief(*(cells.span(first, last) for cells in columns))

    def _one(self, at: int, otherwise: str, shown: str = "NRS before") -> str:
        tests = usable(self._scores.at(at))
        return f"IF(COUNTIFS({tests}),{self._shown[shown].at(at)},{otherwise})"

    def _last(
        self,
        visits: Sequence[int],
        kinds: Sequence[str],
        instead: str,
        shown: str = "NRS before",
    ) -> str:
        """The last of these visits with a usable score, or ``instead``, a formula; text is greater
        than any number."""
        if not visits:
            return instead
        if len(visits) == 1:
            return self._one(visits[0], instead, shown)
        first, last = visits[0], visits[-1]
        scores = self._scores.span(first, last)
        tests = f'({scores}<>"")*({scores}>=0)*({scores}<=10)'
        if len(visits) <= last - first:  # others stand between them
            kind = self._visit.span(first, last)
            tests += f"*({'+'.join(f'({kind}={_quoted(name)})' for name in kinds)})"
        cells = self._shown[shown].span(first, last)
        return f"IFERROR(LOOKUP(2,1/({tests}),{cells}),{instead})"


def _quoted(text: str) -> str:
    return f'"{text}"'
