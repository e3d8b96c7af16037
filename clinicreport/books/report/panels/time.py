"""Results over time: month by month, and how long a response lasts after the course."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from clinicreport.books.report.panels import aside, numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.outcomes.figures import SustainedStep, TrendLimits
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.words import month

SHIFT = 7  # months in a row on one side of the mean, or rising, or falling
LASTING = (
    "As made: of the patients down by 30 % or more who came back after the course, the share still"
    " down by 30 % (Kaplan–Meier). Patients who come back may differ from those who do not."
)


def trend_say(book: ReportBook) -> str:
    """What to know when looking at it."""
    limits = _limits(book)
    text = (
        "As made: mean reduction of the courses whose latest score falls in the month. Within the"
        f" limits ({limits.kind}) months differ by chance alone; a signal is a month outside"
        f" them, or {SHIFT} in a row on one side of the mean, rising or falling."
    )
    if limits.kind == "trial limits":
        text += " Fewer than 12 months: take the limits as provisional."
    return text


def trend_wanted(book: ReportBook) -> bool:
    """Two months or more."""
    return book.analysis.clinic.trend_limits is not None


def trend_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``months``."""
    clinic = book.analysis.clinic
    limits = _limits(book)
    found = signals([entry.mean_reduction for entry in clinic.trend], limits)
    rows: list[dict[str, Cell]] = []
    for entry, signal in zip(clinic.trend, found, strict=True):
        rows.append(
            {
                "Month": month(entry.month),
                "Patients": entry.n,
                "Mean reduction": entry.mean_reduction,
                "30 % less": entry.responder_30,
                "Mean": limits.mean,
                "Lower limit": limits.low,
                "Upper limit": limits.high,
                "Signal": signal or "none",
                "Signal at": entry.mean_reduction if signal else None,
            }
        )
    columns = [
        ("Month", "cell_strong"),
        ("Patients", "cell_count"),
        ("Mean reduction", "cell_mean"),
        ("30 % less", "cell_share"),
        ("Mean", "cell_mean"),
        ("Lower limit", "cell_mean"),
        ("Upper limit", "cell_mean"),
        ("Signal", "cell"),
    ]
    numbers(book, page, row, "months", columns, rows, ("Signal at",))


def _limits(book: ReportBook) -> TrendLimits:
    limits = book.analysis.clinic.trend_limits
    assert limits is not None  # see trend_wanted
    return limits


def signals(values: Sequence[float], limits: TrendLimits) -> list[str]:
    """For each month, the rule that marks it, or "" (NHS England, Making Data Count).

    >>> signals([1, 1, 9], TrendLimits(mean=2, low=0, high=4, kind="trial limits"))
    ['', '', 'above the limits']
    """
    found = [
        "above the limits"
        if value > limits.high
        else "below the limits"
        if value < limits.low
        else ""
        for value in values
    ]
    sides = [(value > limits.mean) - (value < limits.mean) for value in values]
    steps = [0] + [(b > a) - (b < a) for a, b in pairwise(values)]
    for name, run in (("side of the mean", sides), ("in a row", steps)):
        length = 0
        for at, sign in enumerate(run):
            length = length + 1 if sign and at and sign == run[at - 1] else int(bool(sign))
            needed = SHIFT if run is sides else SHIFT - 1  # seven points make six steps
            if length >= needed:
                for back in range(at - needed + 1, at + 1):
                    found[back] = (
                        found[back] or f"{SHIFT} {'on one ' if run is sides else ''}{name}"
                    )
    return found


def trend_chart(book: ReportBook) -> Chart:
    """The months with their mean and limits; signals carry another marker."""
    chart = book.chart("Mean reduction by month", "line")
    table = book.tables["months"]
    for name, style in (("Mean", "solid"), ("Lower limit", "dash"), ("Upper limit", "dash")):
        line = {"color": chart.colour("muted"), "width": 1.25, "dash_type": style}
        chart.line(table, "Month", name, "muted", name.lower(), line=line)
    chart.line(
        table,
        "Month",
        "Mean reduction",
        "primary",
        "mean reduction",
        marker=chart.marker("circle", "primary", size=6),
    )
    signals, months = book.tables["months_chart"], table.ref("Month")
    chart.points(signals, months, "Signal at", "accent", "signal", mark=("square", 9))
    chart.x_axis()
    chart.y_axis("points less pain")
    chart.legend()
    return chart


def lasting_say(_: ReportBook) -> str:
    """What to know when looking at it."""
    return LASTING


def lasting_wanted(book: ReportBook) -> bool:
    """Where responders came back."""
    return bool(book.analysis.clinic.sustained_response)


def lasting_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``lasting``: the steps, each with the number still at risk."""
    steps = book.analysis.clinic.sustained_response
    if steps[0].day > 0:
        steps = (SustainedStep(0, steps[0].at_risk, 1.0), *steps)
    rows: list[dict[str, Cell]] = []
    corners: list[dict[str, Cell]] = []  # of the staircase
    before = 1.0
    for step in steps:
        common: dict[str, Cell] = {
            "Days after the course": step.day,
            "Still followed": step.at_risk,
            "Still 30 % less": step.probability,
        }
        corners += [
            {"Day": step.day, "Share": before},
            {"Day": step.day, "Share": step.probability},
        ]
        rows.append(common)
        before = step.probability
    columns = [
        ("Days after the course", "cell_count"),
        ("Still followed", "cell_count"),
        ("Still 30 % less", "cell_share"),
    ]
    numbers(book, page, row, "lasting", columns, rows)
    aside(book, page, row, "lasting", ("Day", "Share"), corners)


def lasting_chart(book: ReportBook) -> Chart:
    """A falling staircase."""
    chart = book.chart("Share still down by 30 % after the course", "scatter", "straight")
    chart.line(book.tables["lasting_chart"], "Day", "Share", "primary")
    chart.x_axis("days after the last treatment", min=0)
    chart.y_axis("share of patients", min=0, max=1, num_format='0" "%', major_unit=0.2)
    return chart
