"""Weeks: each patient's mean pain in each week of the course, as numbers in a heat map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import fsum
from typing import Any

from clinicreport.books.report import patient_formulas, size_limits
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.outcomes.series import SAME_WEEKS
from clinicreport.workbook.formula_column import MARKS, Numbered
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, Table, place, this_row
from clinicreport.workbook.words import ON_SCREEN

Means = dict[int, dict[int, float]]  # week -> serial number -> mean score

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
    treated = _treated(book)
    means = _means(book, treated)
    columns: list[Column[Patient]] = [
        Column("No.", lambda p: p.serial, "cell_count", 5),
        Column("Patient", lambda p: p.label, "cell_strong_wrap", book.roster.label_width),
        Column("Reference group", _reference, "cell_centre", 11),
    ]
    if has_same_weeks(weeks):
        columns.append(_same(means))
    columns += [
        _start(book),
        *(_week(book, week, treated[week], means[week]) for week in weeks[1:]),
    ]
    table = book.add(place(page, top, columns, book.roster.patients, "weeks", filtered=True))
    _heat(page, table, weeks)
    page.sheet.freeze_panes(top + 1, 2)
    page.first_rows(top, table.below, len(columns))
    book.print_setup(page, pages_high=1)


def has_same_weeks(weeks: list[int]) -> bool:
    """Whether there are enough weeks to tell the same patients by."""
    return weeks[-1] >= SAME_WEEKS[-1]


def _same(means: Means) -> Column[Patient]:
    """Whether a patient has a score in each of the first weeks."""

    def value(patient: Patient) -> Cell:
        own = all(patient.serial in means[week] for week in SAME_WEEKS)
        return "yes" if own and patient.evaluable else "no"

    cells = ",".join(this_row("weeks", week_heading(week)) for week in SAME_WEEKS)
    formula = f'=IF(COUNT({cells})={len(SAME_WEEKS)},"yes","no")'
    return Column(SAME, value, "cell_centre", 11, formula=formula)


def _reference(patient: Patient) -> str:
    return "yes" if patient.course["in_reference_population"] else "no"


def _start(book: ReportBook) -> Column[Patient]:
    """The baseline of who is evaluable."""
    patients, row_of = book.tables["patients"], book.roster.attention_rows
    evaluable, baseline = patients.cells("Evaluable"), patients.cells("Baseline")

    text = patient_formulas.if_evaluable(evaluable.marked(MARKS[0]), baseline.marked(MARKS[0]))

    def formula(patient: Patient) -> Numbered:
        return text, (evaluable.number(row_of[patient.serial]),)

    def value(patient: Patient) -> Cell:
        return patient.course["baseline"] if patient.evaluable else ""

    return Column(week_heading(0), value, "cell_mean", 8, formula=formula)


def _week(
    book: ReportBook, week: int, treated: Mapping[int, list[int]], means: Mapping[int, float]
) -> Column[Patient]:
    """A week's means. By serial number: the visits whose scores may enter one, and what it is."""
    sessions, row_of = book.tables["sessions"], book.roster.attention_rows
    scores, weeks = sessions.cells("NRS before"), sessions.cells("Chart week")
    evaluable = book.tables["patients"].cells("Evaluable")
    held, shown = scores.marked_span(*MARKS[:2]), evaluable.marked(MARKS[2])
    alone = patient_formulas.week_mean(held, shown)
    mixed = patient_formulas.week_mean(held, shown, (weeks.marked_span(*MARKS[:2]), week))

    def formula(patient: Patient) -> str | Numbered:
        visits = treated.get(patient.serial)
        if not visits:
            return ""
        first, last = scores.number(visits[0]), scores.number(visits[-1])
        own = evaluable.number(row_of[patient.serial])
        return alone if last - first < len(visits) else mixed, (first, last, own)

    def value(patient: Patient) -> Cell:
        return means.get(patient.serial, "") if patient.evaluable else ""

    return Column(week_heading(week), value, "cell_mean", 8, formula=formula)


def _treated(book: ReportBook) -> dict[int, dict[int, list[int]]]:
    """Week -> serial number -> the visits whose scores may enter that week's mean."""
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, (serial, week) in enumerate(
        zip(book.roster.values("serial"), book.roster.chart_weeks(), strict=True)
    ):
        if week:
            found[week][serial].append(at)
    return found


def _means(book: ReportBook, treated: Mapping[int, Mapping[int, list[int]]]) -> Means:
    """The formulas' values: week -> serial number -> mean."""
    scores = book.roster.values("nrs_before")
    means: Means = defaultdict(dict)
    for week, visits_of in treated.items():
        for serial, visits in visits_of.items():
            held = [scores[at] for at in visits if scores[at] is not None]
            if held:
                means[week][serial] = fsum(held) / len(held)
    return means


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
