"""Weeks: each patient's mean pain in each week of the course, as numbers in a heat map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from clinicreport.books.report import patient_formulas, size_limits
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.ground.frame import codes, ends, means
from clinicreport.outcomes.series import SAME_WEEKS
from clinicreport.workbook.formula_column import MARKS, Numbered
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, Table, place, this_row
from clinicreport.workbook.words import ON_SCREEN


class WeekScores(NamedTuple):
    """A patient's visits whose scores may enter a week's mean, as positions in ``Roster.visits``;
    the mean is NaN where none of them has a score."""

    first: int
    last: int
    visits: int
    mean: float


Weeks = dict[int, dict[int, WeekScores]]  # week -> serial number

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
    held = _held(book)
    columns: list[Column[Patient]] = [
        Column("No.", lambda p: p.serial, "cell_count", 5),
        Column("Patient", lambda p: p.label, "cell_strong_wrap", book.roster.label_width),
        Column("Reference group", _reference, "cell_centre", 11),
    ]
    if has_same_weeks(weeks):
        columns.append(_same(held))
    columns += [
        _start(book),
        *(_week(book, week, held.get(week, {})) for week in weeks[1:]),
    ]
    table = book.add(place(page, top, columns, book.roster.patients, "weeks", filtered=True))
    _heat(page, table, weeks)
    page.sheet.freeze_panes(top + 1, 2)
    page.first_rows(top, table.below, len(columns))
    book.print_setup(page, pages_high=1)


def has_same_weeks(weeks: list[int]) -> bool:
    """Whether there are enough weeks to tell the same patients by."""
    return weeks[-1] >= SAME_WEEKS[-1]


def _same(held: Weeks) -> Column[Patient]:
    """Whether a patient has a score in each of the first weeks."""
    scored = [
        {serial for serial, own in held.get(week, {}).items() if not isnan(own.mean)}
        for week in SAME_WEEKS
    ]
    everywhere = set.intersection(*scored)

    def value(patient: Patient) -> Cell:
        return "yes" if patient.serial in everywhere and patient.evaluable else "no"

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


def _week(book: ReportBook, week: int, held: Mapping[int, WeekScores]) -> Column[Patient]:
    """A week's means; ``held``: by serial number."""
    sessions, row_of = book.tables["sessions"], book.roster.attention_rows
    scores, weeks = sessions.cells("NRS before"), sessions.cells("Chart week")
    evaluable = book.tables["patients"].cells("Evaluable")
    cells, shown = scores.marked_span(*MARKS[:2]), evaluable.marked(MARKS[2])
    alone = patient_formulas.week_mean(cells, shown)
    mixed = patient_formulas.week_mean(cells, shown, (weeks.marked_span(*MARKS[:2]), week))

    def formula(patient: Patient) -> str | Numbered:
        own = held.get(patient.serial)
        if not own:
            return ""
        rows = scores.number(own.first), scores.number(own.last)
        text = alone if own.last - own.first < own.visits else mixed
        return text, (*rows, evaluable.number(row_of[patient.serial]))

    def value(patient: Patient) -> Cell:
        own = held.get(patient.serial)
        return own.mean if own and patient.evaluable and not isnan(own.mean) else ""

    return Column(week_heading(week), value, "cell_mean", 8, formula=formula)


def _held(book: ReportBook) -> Weeks:
    """The visits of each week and patient, and the formulas' values."""
    weeks = np.array([week or 0 for week in book.roster.chart_weeks()], dtype=np.int64)
    at, visits = np.flatnonzero(weeks), book.roster.visits
    longest = int(weeks.max(initial=0)) + 1
    each, keys = codes(visits["serial"][at] * longest + weeks[at])
    columns = (*ends(at, each, len(keys)), means(visits["nrs_before"][at], each, len(keys)))
    found: Weeks = defaultdict(dict)
    rows = map(WeekScores, *(column.tolist() for column in columns))
    for key, own in zip(keys, rows, strict=True):
        serial, week = divmod(key, longest)
        found[week][serial] = own
    return found


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
