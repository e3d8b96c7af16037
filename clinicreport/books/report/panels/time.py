"""How long a response lasts after the course."""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.books.report.panels import aside, numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.outcomes.after_course import AfterCourse
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.words import missing

AT_RISK = "At risk"
MOST_COUNTS = 8  # of patients still followed that are written into the chart
FEW = 10  # at risk; under this the curve is dotted
LASTING = (
    "Of the patients down by 30 % or more who came back after the course, the share still"
    " down by 30 % (Kaplan–Meier, with its 95 % interval, thin). Drawn from day {begin}: before it"
    " nobody can be seen to relapse. At its foot: how many were still followed. Dotted: under {few}"
    " still followed. Patients who come back may differ from those who do not."
)


def lasting_say(book: ReportBook) -> str:
    """What to know when looking at it."""
    begin = book.analysis.protocol.course.follow_up_days
    return f"{LASTING.format(begin=begin, few=FEW)} {_by_day(book.analysis.after_course)}"


def _by_day(steps: Sequence[AfterCourse]) -> str:
    """What had become of everybody by some of the days, the last one among them."""
    if not steps:
        return ""
    every, total = -(-len(steps) // MOST_COUNTS), steps[0].at_risk
    told: list[str] = []
    relapsed = last_seen = 0
    for at, step in enumerate(steps, start=1):
        relapsed, last_seen = relapsed + step.relapsed, last_seen + step.censored
        if (len(steps) - at) % every == 0:
            still = total - relapsed - last_seen
            told.append(f"day {step.day}: {still}/{relapsed}/{last_seen}")
    return f"Of {total}, still followed/relapsed/last seen by {'; '.join(told)}."


def lasting_wanted(book: ReportBook) -> bool:
    """Where responders came back."""
    return bool(book.analysis.after_course)


def lasting_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``lasting``: the steps, each with the number still followed before it."""
    columns = [
        ("Days after the course", "cell_count"),
        ("Still followed", "cell_count"),
        ("Relapsed", "cell_count"),
        ("Last seen", "cell_count"),
        ("Still 30 % less", "cell_share"),
        ("From", "cell_share"),
        ("To", "cell_share"),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "Days after the course": step.day,
            "Still followed": step.at_risk,
            "Relapsed": step.relapsed,
            "Last seen": step.censored,
            "Still 30 % less": step.sustained,
            "From": step.sustained_ci[0] if step.sustained_ci else "none",
            "To": step.sustained_ci[1] if step.sustained_ci else "none",
        }
        for step in book.analysis.after_course
    ]
    numbers(book, page, row, "lasting", columns, rows)
    helpers = ("Day", "Share", "Share of few", "Low", "High", AT_RISK)
    aside(book, page, row, "lasting", helpers, _stairs(book))


def _stairs(book: ReportBook) -> list[dict[str, Cell]]:
    """The corners of the staircase; those of a stretch of few patients stand apart."""
    day, before = book.analysis.protocol.course.follow_up_days, AfterCourse(0, 0, 0, 0, 1.0, None)
    corners: list[dict[str, Cell]] = []
    for step in book.analysis.after_course:
        series = "Share of few" if step.at_risk < FEW else "Share"
        if corners:
            corners[-1][series] = before.sustained  # where one look begins the other ends
        else:
            corners.append({"Day": day, series: 1.0})
        for level in (before, step):
            corner: dict[str, Cell] = {"Day": step.day, series: level.sustained}
            if level.sustained_ci:
                corner |= dict(zip(("Low", "High"), level.sustained_ci, strict=True))
            corners.append(corner)
        corners[-1][AT_RISK] = 0
        before = step
    return corners


def lasting_chart(book: ReportBook) -> Chart:
    """A falling staircase, with the staircases of its interval."""
    chart = book.chart("Share still down by 30 % after the course", "scatter", "straight")
    table = book.tables["lasting_chart"]
    corners = _stairs(book)
    looks = (
        ("Share", "still down by 30 %", {"width": 2.25}),
        ("Share of few", f"under {FEW} still followed", {"width": 2.25, "dash_type": "round_dot"}),
        ("Low", "95 % interval", {"width": 0.75}),
        ("High", "95 % interval, upper", {"width": 0.75}),
    )
    for heading, name, line in looks:
        if any(not missing(corner.get(heading)) for corner in corners):
            chart.line(
                table,
                "Day",
                heading,
                "primary",
                name,
                line=line | {"color": chart.colour("primary")},
            )
    _counts_at_risk(book, chart)
    begin = book.analysis.protocol.course.follow_up_days
    chart.x_axis("days after the last treatment", min=begin)
    chart.y_axis("share of patients", min=0, max=1, num_format='0" "%', major_unit=0.2)
    chart.legend()
    return chart


def _counts_at_risk(book: ReportBook, chart: Chart) -> None:
    """At the foot, how many were still followed on some of the days."""
    steps = book.analysis.after_course
    every = -(-len(steps) // MOST_COUNTS)
    told = iter(
        {"delete": True} if at % every else {"value": str(step.at_risk)}
        for at, step in enumerate(steps)
    )
    labels = [
        {"delete": True} if missing(corner.get(AT_RISK)) else next(told) for corner in _stairs(book)
    ]
    chart.points(
        book.tables["lasting_chart"],
        "Day",
        AT_RISK,
        "muted",
        "still followed",
        mark=("short_dash", 3),
        data_labels={"value": True, "custom": labels, "position": "above", "font": chart.font(8)},
    )
