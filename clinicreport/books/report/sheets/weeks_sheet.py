"""Weeks: each patient's mean pain in each week of the course, as numbers in a heat map."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import Any

from clinicreport.books.report import patient_formulas, size_limits
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.outcomes.series import SAME_WEEKS
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Column, Table, place
from clinicreport.workbook.words import ON_SCREEN

SAME = "Same patients"
MOST = 26  # weeks shown; half a year

LEAD = [
    "Mean pain before the sessions of each week (0 to 10); the darker, the more pain. Start is the"
    " baseline, which enters no week's mean.",
    "Evaluable patients only, as far as the latest score. Empty: no score in that week. Same"
    " patients: a score in each of the first three weeks.",
]


def week_heading(week: int) -> str:
    """The heading of a week's column."""
    return f"Week {week}" if week else "Start"


def shown_weeks(book: ReportBook) -> list[int]:
    """The weeks of the chart, without gaps, half a year at most."""
    weeks = book.analysis.by_week["week"]
    last = int(weeks.max()) if len(weeks) else 0
    return list(range(min(last, MOST) + 1))


def write(book: ReportBook) -> None:
    """The sheet; its table is ``weeks``."""
    page = book.page("Weeks")
    top = page.head("Pain week by week", [*LEAD, ON_SCREEN])
    if not any(patient.evaluable for patient in book.roster.patients):
        page.put(top, 0, "No patient can be evaluated, so there are no weeks to show.")
        book.print_setup(page)
        return
    if not book.live:
        page.put(top, 0, f"Left out: over {size_limits.LIVE:,} visits.")
        book.print_setup(page)
        return
    weeks = shown_weeks(book)
    means = _means(book)
    columns: list[Column[Patient]] = [
        Column("No.", lambda p: p.serial, "cell_count", 5),
        Column("Patient", lambda p: p.label, "cell_strong_wrap", book.roster.label_width),
        Column("Reference group", _reference, "cell_centre", 11),
    ]
    if has_same_weeks(weeks):
        columns.append(Column(SAME, lambda patient: _same(patient, means), "cell_centre", 11))
    treated = _treated(book)
    columns += [_week(book, week, means, treated) for week in weeks]
    table = book.add(place(page, top, columns, book.roster.patients, "weeks", filtered=True))
    _heat(page, table, weeks)
    page.sheet.freeze_panes(top + 1, 2)
    page.first_rows(top, table.below, len(columns))
    book.print_setup(page, pages_high=1)


def has_same_weeks(weeks: list[int]) -> bool:
    """Whether there are enough weeks to tell the same patients by."""
    return weeks[-1] >= SAME_WEEKS[-1]


def _same(patient: Patient, means: dict[tuple[int, int], float]) -> Cell:
    """Whether a patient has a score in each of the first weeks."""
    own = all((patient.serial, week) in means for week in SAME_WEEKS)
    cells = ",".join(f"weeks[[#This Row],[{week_heading(week)}]]" for week in SAME_WEEKS)
    text = f'=IF(COUNT({cells})={len(SAME_WEEKS)},"yes","no")'
    return Formula(text, "yes" if own and patient.evaluable else "no")


def _reference(patient: Patient) -> str:
    return "yes" if patient["in_reference_population"] else "no"


def _week(
    book: ReportBook,
    week: int,
    means: dict[tuple[int, int], float],
    treated: dict[tuple[int, int], list[int]],
) -> Column[Patient]:
    sessions, patients = book.tables["sessions"], book.tables["patients"]
    row_of = {patient.serial: at for at, patient in enumerate(book.roster.by_attention)}

    def cell(patient: Patient) -> Cell:
        at = row_of[patient.serial]
        evaluable = patients.at("Evaluable", at)
        if not week:
            start = patient_formulas.if_evaluable(evaluable, patients.at("Baseline", at))
            return Formula(start, patient["baseline"] if patient.evaluable else "")
        if (patient.serial, week) not in treated:
            return None
        visits = treated[patient.serial, week]
        text = patient_formulas.week_mean(sessions, visits, week, evaluable)
        mean = means.get((patient.serial, week), "")
        return Formula(text, mean if patient.evaluable else "")

    return Column(week_heading(week), cell, "cell_mean", 8)


def _treated(book: ReportBook) -> dict[tuple[int, int], list[int]]:
    """(serial, week) -> the visits whose scores may enter that week's mean."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    pairs = zip(book.roster.values("serial"), book.roster.chart_weeks(), strict=True)
    for at, (serial, week) in enumerate(pairs):
        if week:
            found[serial, week].append(at)
    return found


def _means(book: ReportBook) -> dict[tuple[int, int], float]:
    """The formulas' values: (serial, week) -> mean."""
    found: dict[tuple[int, int], list[float]] = defaultdict(list)
    values, weeks = book.roster.values, book.roster.chart_weeks()
    for serial, week, score in zip(values("serial"), weeks, values("nrs_before"), strict=True):
        if week is not None and score is not None:
            found[serial, week].append(score)
    return {key: fmean(values) for key, values in found.items()}


def _heat(page: Page, table: Table, weeks: list[int]) -> None:
    colour = page.styles.theme.colour
    scale: dict[str, Any] = {
        "type": "2_color_scale",
        "min_type": "num",
        "min_value": 0,
        "min_color": colour("white"),
        "max_type": "num",
        "max_value": 10,
        "max_color": colour("heat"),
    }
    page.sheet.conditional_format(
        *table.area(week_heading(weeks[0]), week_heading(weeks[-1])), scale
    )
