"""The two charts of the first page: how pain went, and how many had which result.

Their titles say what is seen, and follow the figures.
"""

from __future__ import annotations

from typing import NamedTuple

from clinicreport.books.report.once_edited import WEEK_AS_MADE, if_any
from clinicreport.books.report.panels.distribution import GROUPS
from clinicreport.books.report.patient_formulas import shown_points
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.sheets.weeks_sheet import shown_weeks
from clinicreport.books.report.verdict_lines import HITS, WORSE_ONES
from clinicreport.ground.frame import sorted_by
from clinicreport.ground.rounding import points
from clinicreport.outcomes.series import FEW
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Column, Table, place
from clinicreport.workbook.words import RESPONSES, missing

RESULT = "Result at the end of the course"
MOST_NAMED = 6  # weeks that have room for their names side by side


class Result(NamedTuple):
    """A result, how many had it, and the colour of its bar."""

    label: str
    patients: Cell
    colour: str


def results(book: ReportBook) -> list[Result]:
    """Every patient who started, by result, the best first."""
    live = bool(book.roster.patients)
    found = [patient.course["response"] for patient in book.roster.patients]

    def counted(code: str) -> Cell:
        number = found.count(code)
        formula = f'=COUNTIF(patients[Response],"{RESPONSES[code]}")'
        return Formula(formula, number) if live else number

    labels = {
        "substantial": (f"{GROUPS[2][0]} less", "primary"),
        "moderate": (f"{GROUPS[1][0]} less", "primary_mid"),
        "little-or-none": (f"{GROUPS[0][0]} less", "primary_light"),
        "worse": ("worse by 2 points or more", "accent"),
        "not-evaluable": ("not evaluable", "rule"),
    }
    return [Result(label, counted(code), colour) for code, (label, colour) in labels.items()]


def place_results(page: Page, row: int, book: ReportBook) -> Table:
    """The table ``results``."""
    columns: list[Column[Result]] = [
        Column(RESULT, lambda each: each.label, "figure"),
        Column("Patients", lambda each: each.patients, "figure_count"),
    ]
    return book.add(place(page, row, columns, results(book), "results", widths=False))


def titles(book: ReportBook) -> tuple[Cell, Cell]:
    """What the two charts show, in words; where somebody is evaluable."""
    return pain_by_week(book), _responders(book)


def pain_by_week(book: ReportBook) -> Cell:
    """Pain at the start, and in the last week with enough patients."""
    table, last = book.tables["by_week"], chart_weeks(book)[-1]
    start, end, n = (
        table.at(*where) for where in (("Mean", 0), ("Mean", last.week), ("Patients", last.week))
    )
    formula = f'"Pain "&{shown_points(start)}&" at the start"'
    if last.week:
        formula += f'&", "&{shown_points(end)}&" in week {last.week} (n = "&{n}&")"'
    return Formula(f"={if_any(f'{formula}&{WEEK_AS_MADE}')}", said_by_week(book))


def said_by_week(book: ReportBook) -> str:
    """The same as made, in words alone."""
    weeks = chart_weeks(book)
    first, last = weeks[0], weeks[-1]
    text = f"Pain {points(first.mean)} at the start"
    return f"{text}, {points(last.mean)} in week {last.week} (n = {last.n})" if last.week else text


def _responders(book: ReportBook) -> Cell:
    of = f'{HITS}&" of "&evaluable&" had 30 % less pain, "&{WORSE_ONES}&" got worse"'
    return Formula(f"={if_any(of)}", said_of_results(book))


def said_of_results(book: ReportBook) -> str:
    """How many had less pain and how many got worse, as made."""
    clinic = book.analysis.clinic
    return (
        f"{clinic.responder_30.count} of {clinic.evaluable} had 30 % less pain,"
        f" {clinic.worse.count} got worse"
    )


class ChartWeek(NamedTuple):
    """A week of the course: its mean, how far its interval reaches, and its patients."""

    week: int
    mean: float
    reach: float
    n: int


def chart_weeks(book: ReportBook) -> list[ChartWeek]:
    """The weeks from the start on while enough patients attend (all, where few started)."""
    frame = book.analysis.by_week
    own = frame.where(frame["group"] == "attending")
    own = own.take(sorted_by(own["week"]))
    columns = (own[name].tolist() for name in ("week", "mean", "high", "n"))
    shown = shown_weeks(book)
    found: list[ChartWeek] = []
    for week, mean, high, n in zip(*columns, strict=True):
        if week != len(found) or week not in shown or (week and n < min(FEW, found[0].n)):
            break
        reach = 0.0 if n < FEW or missing(high) else float(high - mean)
        found.append(ChartWeek(int(week), float(mean), reach, int(n)))
    return found


def by_week(book: ReportBook, title: str) -> Chart:
    """Mean pain by week, with its interval, while at least 5 patients attend."""
    weeks = chart_weeks(book)
    table, helper = (
        book.tables[name]._replace(rows=len(weeks)) for name in ("by_week", "by_week_chart")
    )
    made = book.chart("", "line")
    below, above = (
        [min(week.mean, week.reach) for week in weeks],
        [min(10 - week.mean, week.reach) for week in weeks],
    )
    made.line(
        table,
        helper.ref("Axis label"),
        "Mean",
        "primary",
        "mean pain",
        marker=made.marker("circle", "primary", size=6),
        y_error_bars=made.bars(helper, "Below", "Above", (below, above)),
    )
    made.x_axis(interval_unit=1 if len(weeks) <= MOST_NAMED else 2)
    made.y_axis("pain, 0 to 10", min=0, max=10, major_unit=2)
    made.title_in(title, 10)
    return made


def by_result(book: ReportBook, title: str) -> Chart:
    """A bar a result, with its number; who got worse in the colour of what needs attention."""
    table = book.tables["results"]
    made = book.chart("", "bar")
    looks = [
        {"fill": {"color": made.colour(each.colour)}, "border": {"color": made.colour("muted")}}
        for each in results(book)
    ]
    made.columns(
        table,
        RESULT,
        "Patients",
        "primary",
        "patients; orange: who got worse",
        gap=40,
        points=looks,
        data_labels={"value": True, "font": made.font(9, bold=True)},
    )
    made.y_axis(reverse=True, major_gridlines={"visible": False})
    made.x_axis(min=0, label_position="none", line={"none": True})
    made.title_in(title, 10)
    return made
