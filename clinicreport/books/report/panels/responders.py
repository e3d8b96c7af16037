"""Responders with their intervals, over both denominators."""

from __future__ import annotations

from clinicreport.books.report.panels import AXIS, ENDS, number, numbers, share_labels
from clinicreport.books.report.report_book import ReportBook
from clinicreport.outcomes.intervals import Interval
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page

SAY = (
    "The share of patients whose pain fell by so much, with its 95 % interval. Of all who started,"
    " a patient who cannot be evaluated counts as not reached."
)
KINDS = ("Evaluable", "All started")


def say(_: ReportBook) -> str:
    """What to know when looking at it."""
    return SAY


def panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``responders``; its cells are the first page's figures."""
    columns = [("Pain", "cell_strong")]
    for name in KINDS:
        columns += [(name, "cell_share"), *((f"{name}: {end}", "cell_share") for end in ENDS[:2])]
    helpers = [AXIS, *_helpers(list(KINDS))]
    numbers(book, page, row, "responders", columns, _rows(book), helpers)


def _helpers(names: list[str]) -> list[str]:
    return [f"{name}: {end}" for name in names for end in ENDS[2:]]


def _rows(book: ReportBook) -> list[dict[str, Cell]]:
    clinic = book.analysis.clinic
    return [
        _named(book, label)
        | _ends("Evaluable", f"{name}_observed", rate.observed, rate.observed_ci)
        | _ends("All started", f"{name}_all_started", rate.all_started, rate.all_started_ci)
        for label, name, rate in (
            ("30 % less", "responder_30", clinic.responder_30),
            ("50 % less", "responder_50", clinic.responder_50),
            ("2 points less", "mcid", clinic.mcid),
        )
    ]


def _named(book: ReportBook, label: str) -> dict[str, Cell]:
    """A measure, and beside it the numbers of patients of its two columns."""
    clinic = book.analysis.clinic
    text = f'="{label}"&CHAR(10)&"n = "&evaluable&" and "&started'
    with_n = Formula(text, f"{label}\nn = {clinic.evaluable} and {clinic.started}")
    return {"Pain": label, AXIS: with_n}


def _ends(heading: str, figure: str, value: float | None, ci: Interval | None) -> dict[str, Cell]:
    assert value is not None  # somebody is evaluable: see charts_sheet.PANELS
    assert ci is not None
    return {
        heading: Formula(f"={figure}", value),
        f"{heading}: from": Formula(f"={figure}_low", ci[0]),
        f"{heading}: to": Formula(f"={figure}_high", ci[1]),
        f"{heading}: below": Formula(f"=IFERROR({figure}-{figure}_low,0)", value - ci[0]),
        f"{heading}: above": Formula(f"=IFERROR({figure}_high-{figure},0)", ci[1] - value),
    }


def chart(book: ReportBook) -> Chart:
    """Two columns a measure, with error bars."""
    made = book.chart("Patients with less pain (95 % interval)", "column")
    rows, helper = _rows(book), book.tables["responders_chart"]
    # In both looks the whiskers can be seen.
    for heading, colour in zip(KINDS, ("primary_mid", "primary_light"), strict=True):
        data = [[number(row.get(f"{heading}: {end}")) for row in rows] for end in ENDS[2:]]
        made.columns(
            book.tables["responders"],
            helper.ref(AXIS),
            heading,
            colour,
            gap=60,
            overlap=-5,
            border={"color": made.colour("primary")},
            y_error_bars=made.bars(
                helper, f"{heading}: below", f"{heading}: above", (data[0], data[1])
            ),
            data_labels={
                "value": True,
                "position": "inside_base",
                "num_format": share_labels(*(row[heading] for row in rows)),
                "font": made.font(9, bold=True),
            },
        )
    made.x_axis()
    made.y_axis("share of patients", min=0, max=1, num_format='0" "%', major_unit=0.2)
    made.legend()
    return made
