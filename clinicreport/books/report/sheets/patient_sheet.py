"""Patient: one patient on one page, whom a drop-down picks. Everything else follows by formulas."""

from __future__ import annotations

from clinicreport.books.report import (
    chosen_patient,
    chosen_points,
    patient_formulas,
    size_limits,
)
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Table
from clinicreport.workbook.words import attention

LEAD = ["Choose a patient in the yellow cell; the figures, the charts and the visits follow."]
WIDTHS = (8, 13, 15, 8, 10, 10, 10, 26)
ASIDE = len(WIDTHS) + 1  # what the charts and the drop-down need, hidden beside the page
HELPERS = 12  # columns of the drop-down's list and names, to the right of the weeks at most
# They name nobody and no score, since the chart follows the choice.
ALT_SCORES = (
    "The chosen patient's pain before and after each session by day. The sentence above it tells"
    " start, end of the course and now."
)
ALT_WEEKS = (
    "The chosen patient's treatment days in each week, with the band. How many weeks lie in it"
    " stands above as In the weekly band."
)
LABEL, VALUE, SECOND, SECOND_VALUE = 0, 2, 4, 7
CHART_ROWS = 15
SIZE = (718, 285)
SMALL = (718, 200)
BAND_STEP = 18  # of a mark as wide as a column
SMALL_ROWS = 11
ONE_PAGE = 40  # visits that can still be read on one page

ATTENTION = "Needs attention"
# Columns of the Patients sheet, two side by side.
FIGURES = (
    ("Baseline", "cell_left"),
    ("Latest", "cell_left"),
    ("Now", "cell_left"),
    ("Now: score of", "cell_left_date"),
    ("Reduction", "cell_left"),
    ("Percent", "cell_left_percent"),
    ("Response", "cell_left"),
    ("Evaluable", "cell_left"),
    ("Condition", "cell_left"),
    ("Status", "cell_left"),
    ("Sessions", "cell_left"),
    ("In the weekly band", "cell_left"),
    ("After the course", "cell_left"),
    ("Adverse events", "cell_left"),
    ("First treatment", "cell_left_date"),
    ("Last treatment", "cell_left_date"),
)


def write(book: ReportBook) -> None:
    """The sheet; its tables are ``patient_visits`` and ``patient_weeks``."""
    page = book.page("Patient")
    top = page.head("Patient", LEAD)
    if not book.roster.patients or "sessions" not in book.tables:
        why = "No patient started treatment in these visits."
        page.put(top, 0, why if book.live else f"Left out: over {size_limits.LIVE:,} visits.")
        book.print_setup(page, landscape=False)
        return
    page.widths(WIDTHS)
    shown = book.roster.by_attention[0]
    chosen_patient.place_choice(book, page, top, ASIDE)
    row = _figures(book, page, top + 2, shown)
    scores, weeks = row, row + CHART_ROWS + 1
    visits = chosen_patient.place_visits(book, page, weeks + SMALL_ROWS + 1, shown)
    helper = chosen_points.place_points(book, page, visits, ASIDE, shown)
    lines = chosen_points.place_lines(book, page, top, ASIDE, shown)
    _scores(book, helper, lines).insert(page, scores, 0, ALT_SCORES, SIZE)
    table = chosen_patient.place_weeks(book, page, visits.top, helper.right + 1, shown)
    _weeks(book, table).insert(page, weeks, 0, ALT_WEEKS, SMALL)
    page.sheet.set_column(ASIDE, table.right + HELPERS, None, None, {"hidden": True})
    page.sheet.print_area(0, 0, visits.below, len(WIDTHS) - 1)
    one_page = visits.rows <= ONE_PAGE
    book.print_setup(page, landscape=False, pages_high=1 if one_page else 0)


def _figures(book: ReportBook, page: Page, row: int, shown: Patient) -> int:
    """Baseline to now in words, then the figures of the patient's row, two by two."""
    page.put(row, 0, _sentence(shown), "sentence")
    page.sheet.set_row(row, 26)
    label = book.tables["patients"].label
    why = attention(shown.attention, book.analysis.protocol) or "–"
    page.put(
        row + 1,
        0,
        _follows(ATTENTION, f"{label(ATTENTION)}: {why}", f'"{label(ATTENTION)}: "&'),
        "lead",
    )
    row += 3
    half = (len(FIGURES) + 1) // 2
    for index, (heading, style) in enumerate(FIGURES):
        at = row + index % half
        left, value = (LABEL, VALUE) if index < half else (SECOND, SECOND_VALUE)
        page.fill(at, range(left, value), "cell")
        page.put(at, left, label(heading), "cell_muted")
        page.put(
            at, value, _follows(heading, chosen_patient.shown_value(book, shown, heading)), style
        )
    return row + half + 1


def _follows(heading: str, value: str | float, before: str = "") -> Formula:
    """The chosen patient's cell of a column of the Patients sheet."""
    return Formula(f"={before}INDEX(patients[{heading}],patient_row)", value)


def _sentence(shown: Patient) -> Cell:
    """As in "From 7 to 3 of 10: 57.1 % less pain (50 % or more); now 5, 40 days after."."""
    own = {
        name: f"INDEX(patients[{name}],patient_row)"
        for name in (
            *("Baseline", "Latest", "Percent", "Response", "Evaluable"),
            *("Now", "Follow-up day"),
        )
    }
    pct = own["Percent"]
    less = f'{patient_formulas.shown_percent(f"ABS({pct})")}&IF({pct}<0," more"," less")'
    formula = (
        f'=IF({own["Evaluable"]}="yes","From "&{own["Baseline"]}&" to "&{own["Latest"]}'
        f'&" of 10: "&{less}&" pain ("&{own["Response"]}&")"'
        f'&IF(ISNUMBER({own["Follow-up day"]}),"; now "&{own["Now"]}&", "&{own["Follow-up day"]}'
        '&" days after","")&".",'
        f'"Cannot be evaluated: "&{own["Evaluable"]}&".")'
    )
    return Formula(formula, chosen_patient.sentence(shown))


def _scores(book: ReportBook, points: Table, lines: Table) -> Chart:
    chart = book.chart("Pain by day of the course", "scatter", "straight_with_markers")
    colour = chart.colour
    x = points.ref("Day")
    for name, style in (("Baseline", "solid"), ("30 % less", "dash"), ("50 % less", "round_dot")):
        chart.line(
            lines,
            "Day",
            name,
            "muted",
            f"{name} line" if name != "Baseline" else "baseline",
            line={"color": colour("muted"), "width": 1, "dash_type": style},
        )
    for number in chosen_points.STRETCHES:  # none is drawn across a time nobody came
        chart.line(points, x, chosen_points.stretch(number), "primary")
    for heading, shade, told, mark in (
        ("Before", "primary", "before the session", ("circle", 6)),
        ("After", "primary_mid", "after the session", ("diamond", 7)),
        ("Follow-up", "primary", "follow-up", ("square", 10)),
        ("Event", "accent", "adverse event", ("x", 10)),
        ("Pause", "error", "after an interruption", ("triangle", 8)),
    ):
        chart.points(points, x, heading, shade, told, mark=mark)
    chart.x_axis("day of the course", crossing="min")
    chart.y_axis("pain, 0 to 10", min=0, max=10, major_unit=2, label_position="low")
    chart.native.show_hidden_data()
    chart.legend(hide=[3 + at for at, _ in enumerate(chosen_points.STRETCHES)])
    return chart


def _weeks(book: ReportBook, table: Table) -> Chart:
    chart = book.chart("Treatment days in each week, with the band", "column")
    chart.columns(table, "Week", "Days", "primary_mid", "treatment days", gap=60)
    band = book.chart("", "line")
    for name in ("From", "To"):  # a step a week: between weeks there is no band
        told = f"band: {name.lower()}"
        band.points(table, table.ref("Week"), name, "ink", told, mark=("long_dash", BAND_STEP))
    chart.native.combine(band.native)
    chart.native.show_hidden_data()
    chart.x_axis("week of the course")
    chart.y_axis("days", min=0, max=7, major_unit=1)
    chart.legend()
    return chart
