"""Responders with their intervals: over both denominators, and by condition."""

from __future__ import annotations

from clinicreport.books.report.panels import number, numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.outcomes.intervals import Interval
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page

SAY = (
    "The share of patients whose pain fell by so much, with its 95 % interval. Of all who started,"
    " a patient who cannot be evaluated counts as not reached."
)
KINDS = ("Evaluable", "All started")
MOST_CONDITIONS = 10
BY_CONDITION = (
    "As made: the share of the evaluable patients of each condition, with its 95 % interval; none"
    " where nobody can be evaluated."
)


def say(_: ReportBook) -> str:
    """What to know when looking at it."""
    return SAY


def panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``responders``; its cells are the first page's figures."""
    columns = [("Pain", "cell_strong")]
    for name in KINDS:
        columns += [(name, "cell_share"), *((f"{name}: {end}", "cell_share") for end in _ENDS[:2])]
    helpers = _helpers(list(KINDS))
    numbers(book, page, row, "responders", columns, _rows(book), helpers)


_ENDS = ("from", "to", "below", "above")


def _helpers(names: list[str]) -> list[str]:
    return [f"{name}: {end}" for name in names for end in _ENDS[2:]]


def _rows(book: ReportBook) -> list[dict[str, Cell]]:
    clinic = book.analysis.clinic
    return [
        {"Pain": label}
        | _ends("Evaluable", f"{name}_observed", rate.observed, rate.observed_ci)
        | _ends("All started", f"{name}_all_started", rate.all_started, rate.all_started_ci)
        for label, name, rate in (
            ("30 % less", "responder_30", clinic.responder_30),
            ("50 % less", "responder_50", clinic.responder_50),
            ("2 points less", "mcid", clinic.mcid),
        )
    ]


def _ends(heading: str, figure: str, value: float | None, ci: Interval | None) -> dict[str, Cell]:
    assert value is not None  # somebody is evaluable: see charts_sheet.PANELS
    assert ci is not None
    return {
        heading: Formula(f"={figure}", value),
        f"{heading}: from": Formula(f"={figure}_low", ci[0]),
        f"{heading}: to": Formula(f"={figure}_high", ci[1]),
        f"{heading}: below": Formula(f"={figure}-{figure}_low", value - ci[0]),
        f"{heading}: above": Formula(f"={figure}_high-{figure}", ci[1] - value),
    }


def chart(book: ReportBook) -> Chart:
    """Two columns a measure, with error bars."""
    return _bars(
        book,
        "Patients with less pain (95 % interval)",
        "responders",
        "Pain",
        _rows(book),
        list(KINDS),
    )


def condition_say(book: ReportBook) -> str:
    """What to know when looking at it."""
    more = len(book.analysis.clinic.by_condition) - MOST_CONDITIONS
    return f"{BY_CONDITION} {more} rarer conditions are not shown." if more > 0 else BY_CONDITION


def condition_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``by_condition``."""
    columns = [
        ("Condition", "cell_strong"),
        ("Started", "cell_count"),
        ("Evaluable", "cell_count"),
        ("Mean reduction", "cell_mean"),
    ]
    for name in ("30 % less", "50 % less"):
        columns += [(name, "cell_share"), *((f"{name}: {end}", "cell_share") for end in _ENDS[:2])]
    helpers = _helpers(["30 % less", "50 % less"])
    numbers(book, page, row, "by_condition", columns, _condition_rows(book), helpers)


def _condition_rows(book: ReportBook) -> list[dict[str, Cell]]:
    rows = []
    for entry in book.analysis.clinic.by_condition[:MOST_CONDITIONS]:
        mean = entry.mean_reduction
        row: dict[str, Cell] = {
            "Condition": entry.condition or "not written",
            "Started": entry.started,
            "Evaluable": entry.evaluable,
            "Mean reduction": "nobody" if mean is None else mean,
        }
        for heading, rate in (("30 % less", entry.responder_30), ("50 % less", entry.responder_50)):
            value, ci = rate.observed, rate.observed_ci
            if value is None or ci is None:
                row |= {f"{heading}: from": "nobody", f"{heading}: to": "nobody"}
                continue
            row |= {
                heading: value,
                f"{heading}: from": ci[0],
                f"{heading}: to": ci[1],
                f"{heading}: below": value - ci[0],
                f"{heading}: above": ci[1] - value,
            }
        rows.append(row)
    return rows


def condition_chart(book: ReportBook) -> Chart:
    """Two columns a condition, with error bars."""
    return _bars(
        book,
        "Responders by condition (evaluable patients, 95 % interval)",
        "by_condition",
        "Condition",
        _condition_rows(book),
        ["30 % less", "50 % less"],
    )


def _bars(
    book: ReportBook, title: str, name: str, x: str, rows: list[dict[str, Cell]], series: list[str]
) -> Chart:
    made = book.chart(title, "column")
    looks = ("primary", "primary_light")
    helper = book.tables[f"{name}_chart"]
    for heading, colour in zip(series, looks, strict=True):
        data = [[number(row.get(f"{heading}: {end}")) for row in rows] for end in _ENDS[2:]]
        made.columns(
            book.tables[name],
            x,
            heading,
            colour,
            gap=60,
            overlap=-5,
            border={"color": made.colour("primary")},
            y_error_bars=made.bars(
                helper, f"{heading}: below", f"{heading}: above", (data[0], data[1])
            ),
        )
    made.x_axis()
    made.y_axis("share of patients", min=0, max=1, num_format='0" "%', major_unit=0.2)
    made.legend()
    return made
