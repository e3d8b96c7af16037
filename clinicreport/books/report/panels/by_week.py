"""Mean pain by week of the course, with both arms of the trial as markers at their ends."""

from __future__ import annotations

from typing import Any

from clinicreport.books.report.chosen_points import NONE, quiet
from clinicreport.books.report.panels import number, numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.sheets.weeks_sheet import SAME, shown_weeks, week_heading
from clinicreport.outcomes.series import FEW, SAME_WEEKS
from clinicreport.protocol.limits import NaturalCourse
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.words import missing, plain, too_few

SAY = (
    "Mean pain before the sessions of each week, with its 95 % interval (drawn within 0 to 10) and"
    f" the number of patients (n); hollow, and without an interval: under {FEW}. Only patients still"
    " attending count in a week, so later weeks are of fewer, and other, patients; the dotted line is"
    " of the same patients throughout, those with a score in each of the first three weeks."
)
TRIAL = (
    "The trial's two arms are shown at their start and end only; nothing is known in between."
    " They compare only with this clinic's patients of the same population (dashed line). The two"
    " thin lines are the band of {name}, straight between its two known ends ({source})."
)
MATCHED = "Like the trial: mean"
MATCHED_N = "Like the trial: n"
SAME_MEAN, SAME_N = "Same patients: mean", "Same patients: n"
# Headings and styles of the clinic's own columns.
OWN = (
    ("Week", "cell_strong"),
    ("Patients", "cell_count"),
    ("Mean", "cell_mean"),
    ("From", "cell_mean"),
    ("To", "cell_mean"),
)
BAND = ("Natural course: low", "Natural course: high")


def say(book: ReportBook) -> str:
    """What to know when looking at it."""
    course = book.analysis.protocol.natural_course
    trial = TRIAL.format(name=course.name, source=course.source)
    return f"{SAY} {trial}" if has_reference(book) else SAY


def panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``by_week``; the chart is drawn by :func:`chart`."""
    columns = list(OWN)
    if has_reference(book):
        columns += [(MATCHED_N, "cell_count"), (MATCHED, "cell_mean")]
        columns += [(arm.name, "cell_mean") for arm in book.analysis.protocol.reference]
    same = [SAME_N, SAME_MEAN] if _has_same(book) else []
    band = list(BAND) if has_reference(book) else []
    helpers = ("Below", "Above", "Few", "Axis label", *same, *band)
    numbers(book, page, row, "by_week", columns, rows(book), helpers)
    quiet(page, book.tables["by_week_chart"].area("Few"))


def has_reference(book: ReportBook) -> bool:
    """Whether there are patients of the trial's population."""
    groups = book.analysis.by_week["group"].tolist()
    return "reference" in groups and bool(book.analysis.protocol.reference)


def _has_same(book: ReportBook) -> bool:
    """Whether somebody has a score in each of the first weeks."""
    return "same" in book.analysis.by_week["group"].tolist()


def rows(book: ReportBook) -> list[dict[str, Cell]]:
    """A row a week, with what only the chart needs."""
    figures = {(row["group"], int(row["week"])): row for row in book.analysis.by_week.rows()}
    weeks = shown_weeks(book)
    reference = has_reference(book)
    arms = book.analysis.protocol.reference if reference else []
    course = book.analysis.protocol.natural_course
    last = max([weeks[-1], *(arm.weeks for arm in arms), course.weeks if reference else 0])
    same = SAME_WEEKS[-1] if _has_same(book) else -1
    found = []
    for week in range(last + 1):
        heading = week_heading(week)
        own = figures.get(("attending", week)) if week in weeks else None
        row: dict[str, Cell] = {"Week": heading, **_own(heading, own)}
        if week <= same:
            row |= _same(heading, figures[("same", week)])
        if reference:
            row |= _band(course, week)
            row |= _matched(heading, figures.get(("reference", week)) if own else None)
            for arm in arms:
                row[arm.name] = {0: arm.start, arm.weeks: arm.end}.get(week)
        found.append(row)
    return found


def _own(heading: str, figure: dict[str, Any] | None) -> dict[str, Cell]:
    """One week of all evaluable patients."""
    label = f"{heading}\nn = {figure['n'] if figure else 0}"
    if figure is None:
        return {"Patients": 0, "From": "no patient", "To": "no patient", "Axis label": label}
    cells = f"weeks[{heading}]"
    n, mean = f"COUNT({cells})", f"AVERAGE({cells})"
    half = f"TINV(0.05,{n}-1)*STDEV({cells})/SQRT({n})"
    why = (
        f'IF({n}=0,"no patient",IF({n}<{FEW},"too few (n = "&{n}&")",'
        f'IF(MAX({cells})=MIN({cells}),"all alike",'
    )
    instead = too_few(figure["n"]) if figure["n"] < FEW else "all alike"
    low, high = (
        instead if figure["n"] < FEW or missing(figure[end]) else figure[end]
        for end in ("low", "high")
    )
    half_width = 0.0 if isinstance(high, str) else high - figure["mean"]
    error = f"IF({n}<{FEW},0,IF(MAX({cells})=MIN({cells}),0,{half}))"
    shown = Formula(f'=IF({n}=0,"no patient",{mean})', figure["mean"])
    return {
        "Patients": Formula(f"={n}", figure["n"]),
        "Mean": shown,
        "Few": Formula(
            f"=IF(AND({n}>0,{n}<{FEW}),{mean},NA())", figure["mean"] if figure["n"] < FEW else NONE
        ),
        "From": Formula(f"={why}{mean}-{half})))", low),
        "To": Formula(f"={why}{mean}+{half})))", high),
        "Below": Formula(f"=IF({n}=0,0,MIN({mean},{error}))", min(figure["mean"], half_width)),
        "Above": Formula(
            f"=IF({n}=0,0,MIN(10-{mean},{error}))", min(10 - figure["mean"], half_width)
        ),
        "Axis label": Formula(f'="{heading}"&CHAR(10)&"n = "&{n}', label),
    }


def _same(heading: str, figure: dict[str, Any]) -> dict[str, Cell]:
    """One of the first weeks, of the same patients throughout."""
    own = f'weeks[{SAME}],"yes"'
    cells = f"weeks[{heading}]"
    return {
        SAME_N: Formula(f"=COUNTIFS({own})", figure["n"]),
        SAME_MEAN: Formula(f'=IFERROR(AVERAGEIFS({cells},{own}),"nobody")', plain(figure["mean"])),
    }


def _band(course: NaturalCourse, week: int) -> dict[str, Cell]:
    """Where the natural course lies, as far as it is known; straight between its ends."""
    if week > course.weeks:
        return {}
    part = week / course.weeks
    ends = zip(BAND, course.start, course.end, strict=True)
    return {name: start + (end - start) * part for name, start, end in ends}


def _matched(heading: str, figure: dict[str, Any] | None) -> dict[str, Cell]:
    if figure is None:
        return {MATCHED_N: 0}
    cells = f"weeks[{heading}]"
    return {
        MATCHED_N: Formula(f'=COUNTIFS(weeks[Reference group],"yes",{cells},">=0")', figure["n"]),
        MATCHED: Formula(
            f'=IFERROR(AVERAGEIFS({cells},weeks[Reference group],"yes"),"no patient")',
            plain(figure["mean"]),
        ),
    }


def chart(book: ReportBook) -> Chart:
    """Mean NRS by week from the table ``by_week``."""
    table, helper = book.tables["by_week"], book.tables["by_week_chart"]
    labels = helper.ref("Axis label")
    made = book.chart("Mean pain by week of course, patients still attending", "line")
    data = [[number(row.get(name)) for row in rows(book)] for name in ("Below", "Above")]
    made.line(
        table,
        labels,
        "Mean",
        "primary",
        "this clinic: all evaluable",
        marker=made.marker("circle", "primary", size=6),
        y_error_bars=made.bars(helper, "Below", "Above", (data[0], data[1])),
    )
    made.points(
        helper,
        labels,
        "Few",
        "primary",
        f"under {FEW} patients",
        mark=("circle", 6),
        marker=made.pale_marker("primary"),
    )
    if _has_same(book):
        line = {"color": made.colour("primary"), "width": 1.5, "dash_type": "round_dot"}
        made.line(helper, labels, SAME_MEAN, "primary", "the same patients", line=line)
    hidden = []
    if has_reference(book):
        thin = {"color": made.colour("muted"), "width": 0.75}
        for heading in BAND:
            made.line(helper, labels, heading, "muted", "natural course (cohorts)", line=thin)
        hidden = [3 if _has_same(book) else 2]
        if not _everyone(book):
            made.line(
                table,
                labels,
                MATCHED,
                "primary_mid",
                "this clinic: like the trial's patients",
                line={"color": made.colour("primary_mid"), "width": 1.5, "dash_type": "dash"},
            )
        shapes = ("diamond", "triangle", "square")
        for shape, arm in zip(shapes, book.analysis.protocol.reference, strict=False):
            told = f"{arm.name} (n = {arm.n})"
            made.points(table, labels, arm.name, "trial", told, mark=(shape, 9))
    made.x_axis()
    made.y_axis("pain, 0 to 10", min=0, max=10, major_unit=2)
    made.legend(hide=hidden)
    return made


def _everyone(book: ReportBook) -> bool:
    groups = book.analysis.by_week
    own = groups.where(groups["week"] == 0)
    start = dict(zip(own["group"].tolist(), own["n"].tolist(), strict=True))
    return start.get("attending") == start.get("reference")
