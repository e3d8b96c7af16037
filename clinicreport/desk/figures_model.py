"""A month's figures as the page shows them: the report's first page, the months, one patient.

The month is computed as its report was; no figure and no word is made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from clinicreport.desk.month_page import looked_over
from clinicreport.desk.prepared import prepared
from clinicreport.workbook.life_words import months_table, quality_line, whose_line

if TYPE_CHECKING:
    from clinicreport.books.patient import Facts
    from clinicreport.books.patient.shown_patient import ShownPatient
    from clinicreport.books.report.first_page import FirstPage
    from clinicreport.desk.desk_state import Desk
    from clinicreport.folder.month_again import MonthAgain
    from clinicreport.outcomes.analysis import Analysis

Kind = Literal["page", "letter"]


@dataclass(frozen=True)
class FiguresPage:
    """One month: as computed, and its first page; ``key``: what it rests on."""

    name: str
    key: str
    again: MonthAgain
    first: FirstPage

    @property
    def analysis(self) -> Analysis:
        """The month's figures."""
        return self.again.month.analysis

    @property
    def life(self) -> list[str]:
        """What became of findings, in sentences."""
        life = self.again.month.life
        told = quality_line(life, self.analysis.period)
        return [f"{told[:1].upper()}{told[1:]}.", *filter(None, [whose_line(life)])]

    @property
    def life_by_month(self) -> list[list[str]]:
        """Headings, then a row a month."""
        return months_table(self.again.month.life, self.name)

    @cached_property
    def everyone(self) -> list[Facts]:
        """The month's patients, for the first of them that is asked for."""
        from clinicreport.books.patient import gather

        return gather(self.again.month.checked, self.analysis)

    def named(self, patient: str, clinic: str | None = None) -> list[Facts]:
        """The patients with an id: several where several clinics have it. Raises UsageError."""
        from clinicreport.books.patient import named

        return named(self.everyone, patient, clinic)


def months(desk: Desk) -> list[str]:
    """The months that have a report, by month. Raises UserError."""
    with looked_over(desk.place(), desk.request()) as clinic:
        return list(clinic.ledger.newest_reports())


def figures(desk: Desk, month: str) -> FiguresPage | None:
    """A month's page; None while it is being made. Raises what the making raised.

    It is kept in memory alone, for as long as nothing changes of what it rests on.
    """
    from clinicreport.folder.month_again import rests_on

    name = f"figures-{month}"
    with looked_over(desk.place(), desk.request()) as clinic:
        key = rests_on(clinic, month)
    ended = desk.jobs.result(name)
    if ended is not None and ended.value is not None and ended.value.key != key:
        desk.jobs.forget(name)
    return prepared(desk.jobs, name, lambda: _made(desk, month))


def _made(desk: Desk, month: str) -> FiguresPage:
    from clinicreport.books.report.first_page import first_page
    from clinicreport.folder.month_again import again, rests_on
    from clinicreport.ground.errors import UsageError

    with looked_over(desk.place(), desk.request()) as clinic:
        key, found = rests_on(clinic, month), again(clinic, month)
    if found is None:
        raise UsageError(f"{month}: no log that is counted has visits of this month")
    return FiguresPage(month, key, found, first_page(found.month.analysis))


# ------------------------------------------------------------------------------- one patient


def handle(desk: Desk, month: str, patient: str, clinic: str) -> str:
    """What a patient is called in an address: the month, and a hash that only this start makes."""
    return f"{month}-{desk.handle(chr(0).join((month, patient, clinic)))}"


def month_of(patient_handle: str) -> str:
    """The month in a handle."""
    return patient_handle.rpartition("-")[0]


def find_patient(desk: Desk, page: FiguresPage, patient_handle: str) -> Facts | None:
    """Whom a handle means; None where it means nobody (any more)."""
    there = (one for one in page.everyone if _called(desk, page, one) == patient_handle)
    return next(there, None)


def _called(desk: Desk, page: FiguresPage, facts: Facts) -> str:
    return handle(desk, page.name, facts.patient, facts.clinic)


def shown(page: FiguresPage, facts: Facts) -> ShownPatient:
    """The patient's page in words and shapes."""
    from clinicreport.books.patient.shown_patient import shown_patient

    return shown_patient(page.analysis, facts)


def document(page: FiguresPage, facts: Facts, kind: Kind) -> tuple[bytes, str]:
    """The patient's page or letter as a file, and a name for it that tells no patient."""
    from clinicreport.books.patient import letter, patient_page
    from clinicreport.books.patient.patient_files import LETTER, PAGE
    from clinicreport.workbook.theme import Theme

    maker, ending = (letter, LETTER) if kind == "letter" else (patient_page, PAGE)
    return maker.content(page.analysis, facts, Theme.load()), f"patient-{kind}{ending}"
