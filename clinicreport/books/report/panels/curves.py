"""Every patient's result: the cumulative responder curve, and the results in order."""

from __future__ import annotations

from clinicreport.books.report import size_limits
from clinicreport.books.report.once_edited import if_any
from clinicreport.books.report.panels import numbers, share_labels
from clinicreport.books.report.report_book import ReportBook
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page

CUMULATIVE = (
    "Read at any reduction: the share of the evaluable patients who reached it or more. 30 % and"
    " 50 %, the usual thresholds, are marked."
)
REACHED = "Share of patients"
STEPS = range(0, 101, 10)
MARKED = (30, 50)
FLOOR = -100  # per cent; the axis ends here, and cut columns are marked
OUTLINED = 80  # columns wide enough for an outline


def cumulative_say(_: ReportBook) -> str:
    """What to know when looking at it."""
    return CUMULATIVE


def cumulative_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``cumulative``."""
    rows = _steps(book)
    columns = [("Reduction of at least", "cell_strong"), (REACHED, "cell_share")]
    numbers(book, page, row, "cumulative", columns, rows, ("Threshold",))


def _steps(book: ReportBook) -> list[dict[str, Cell]]:
    percents = _percents(book)
    rows: list[dict[str, Cell]] = []
    for step in STEPS:
        share = sum(value >= step for value in percents) / len(percents)
        hits = f'COUNTIF(patients[Percent],">={step}")'
        reached = Formula(f"={if_any(f'{hits}/evaluable')}", share)
        rows.append({"Reduction of at least": f"{step} %", REACHED: reached})
        if step in MARKED:
            rows[-1]["Threshold"] = reached
    return rows


def cumulative_chart(book: ReportBook) -> Chart:
    """A falling line; the thresholds carry their value."""
    chart = book.chart("Share of patients who reached a reduction or more", "line")
    table = book.tables["cumulative"]
    x = table.ref("Reduction of at least")
    marked = share_labels(*(row.get("Threshold") for row in _steps(book)))
    chart.line(table, x, REACHED, "primary", marker=chart.marker("circle", "primary", size=5))
    chart.points(
        book.tables["cumulative_chart"],
        x,
        "Threshold",
        "primary",
        mark=("diamond", 10),
        data_labels={
            "value": True,
            "position": "above",
            "num_format": marked,
            "font": chart.font(10, bold=True),
        },
    )
    chart.x_axis("reduction of at least")
    # Room above, for the labels of thresholds that all reached.
    chart.y_axis("share of evaluable patients", min=0, max=1.15, num_format='0" "%', major_unit=0.2)
    return chart


def _percents(book: ReportBook) -> list[float]:
    """The evaluable patients' percent reductions, largest first."""
    found = [
        round(float(patient.course["percent_reduction"]), 9)
        for patient in book.roster.patients
        if patient.evaluable
    ]
    return sorted(found, reverse=True)


def ordered_say(book: ReportBook) -> str:
    """What to know when looking at it."""
    cut = sum(value < FLOOR for value in _percents(book))
    text = (
        "Each evaluable patient is one column, the largest reduction first; columns under"
        " the line are patients whose pain rose."
    )
    if cut:
        text += f" The axis ends at −100 %: {cut} marked by a cross reach further."
    return text


def ordered_wanted(book: ReportBook) -> bool:
    """Whether the columns can still be told apart."""
    return 0 < int(book.analysis.clinic.evaluable) <= size_limits.ORDERED


_GROUPS = (("50 % or more", 50, 1000), ("30 to under 50\u00a0%", 30, 50), ("Under 30 %", -1e9, 30))


def ordered_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``ordered``."""
    patients = [patient for patient in book.roster.patients if patient.evaluable]
    patients.sort(key=lambda patient: (-patient.course["percent_reduction"], patient.serial))
    rows: list[dict[str, Cell]] = []
    for patient in patients:
        value = float(patient.course["percent_reduction"])
        line: dict[str, Cell] = {"Patient": patient.label, "No.": patient.serial, "Percent": value}
        name = next(name for name, low, high in _GROUPS if low <= round(value, 9) < high)
        line[name] = max(value, FLOOR)
        if value < FLOOR:
            line["Cut"] = FLOOR
        rows.append(line)
    columns = [("Patient", "cell_strong"), ("No.", "cell_count"), ("Percent", "cell_percent")]
    helpers = [name for name, *_ in _GROUPS] + ["Cut"]
    numbers(book, page, row, "ordered", columns, rows, helpers)


def ordered_chart(book: ReportBook) -> Chart:
    """Columns in the looks of the distribution: solid, hatched, light."""
    title = "Every patient's percent reduction, in order"
    chart = book.chart(title, "column", "stacked")
    table, x = book.tables["ordered_chart"], book.tables["ordered"].ref("No.")
    many = book.tables["ordered"].rows > OUTLINED  # outlines would hide the fill
    ink = chart.colour("primary")
    outline = {"none": True} if many else {"color": ink}
    chart.columns(table, x, "50 % or more", "primary", gap=0 if many else 15, border=outline)
    chart.columns(
        table,
        x,
        "30 to under 50\u00a0%",
        "primary_mid",
        border=outline,
        fill=None,
        pattern={
            "pattern": "wide_upward_diagonal",
            "fg_color": ink,
            "bg_color": chart.colour("primary_light"),
        },
    )
    chart.columns(
        table,
        x,
        "Under 30 %",
        "grey" if many else "rule",
        border={"none": True} if many else {"color": chart.colour("muted")},
    )
    if any(value < FLOOR for value in _percents(book)):
        cut = book.chart("", "line")
        cut.points(table, x, "Cut", "error", "goes on below −100 %", mark=("x", 8))
        chart.native.combine(cut.native)
    rows = book.tables["ordered"].rows
    chart.x_axis(f"each column is one patient (n = {rows:,})", label_position="none")
    chart.y_axis("percent reduction", min=FLOOR, max=100, major_unit=50, num_format='0" %"')
    chart.legend()
    return chart
