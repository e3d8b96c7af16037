"""How many patients had which percent reduction."""

from __future__ import annotations

from bisect import bisect_left

from clinicreport.books.report.panels import numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import minus
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page

SAY = (
    "Each evaluable patient counts once. A column holds its lower number, not its upper one"
    " (the last holds 100). 30 % is a moderate, 50 % a substantial reduction."
)
STEP, FIRST, LAST = 10, -20, 90
GROUPS = (("Under 30 %", -1000, 30), ("30 to under 50\u00a0%", 30, 50), ("50 % or more", 50, 1000))


def say(_: ReportBook) -> str:
    """What to know when looking at it."""
    return SAY


def panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``distribution``."""
    columns = [("Percent reduction", "cell_strong"), *((name, "cell_count") for name, *_ in GROUPS)]
    numbers(book, page, row, "distribution", columns, _rows(book))


def _rows(book: ReportBook) -> list[dict[str, Cell]]:
    percents = sorted(
        round(patient.course["percent_reduction"], 9)
        for patient in book.roster.patients
        if patient.evaluable
    )
    bins: list[tuple[str, int | None, int | None]] = [(f"under {minus(str(FIRST))}", None, FIRST)]
    for start in range(FIRST, LAST + STEP, STEP):
        label = f"{minus(str(start))} to {minus(str(start + STEP))}"
        bins.append((label, start, start + STEP if start < LAST else None))
    rows: list[dict[str, Cell]] = []
    for label, low, high in bins:
        tests = [f'patients[Percent],">={low}"'] if low is not None else []
        tests += [f'patients[Percent],"<{high}"'] if high is not None else []
        under = len(percents) if high is None else bisect_left(percents, high)
        inside = under - (0 if low is None else bisect_left(percents, low))
        at = FIRST - 1 if low is None else low
        group = next(name for name, least, most in GROUPS if least <= at < most)
        count = Formula(f"=COUNTIFS({','.join(tests)})", inside)
        rows.append({"Percent reduction": label, group: count})
    return rows


def chart(book: ReportBook) -> Chart:
    """Columns in three looks: light, hatched, solid; they keep apart in grey print."""
    table = book.tables["distribution"]
    made = book.chart("Patients by percent reduction of pain", "column", "stacked")
    ink = made.colour("primary")
    made.columns(
        table,
        "Percent reduction",
        "Under 30 %",
        "trial",
        gap=25,
        fill={"color": made.colour("rule")},
        border={"color": made.colour("muted")},
    )
    made.columns(
        table,
        "Percent reduction",
        "30 to under 50\u00a0%",
        "primary_mid",
        border={"color": ink},
        pattern={
            "pattern": "wide_upward_diagonal",
            "fg_color": ink,
            "bg_color": made.colour("primary_light"),
        },
        fill=None,
    )
    made.columns(table, "Percent reduction", "50 % or more", "primary", border={"color": ink})
    made.x_axis("percent reduction (negative: worse)", num_font=made.font(8) | {"rotation": -45})
    made.y_axis("patients", min=0, num_format="0")
    made.legend()
    return made
