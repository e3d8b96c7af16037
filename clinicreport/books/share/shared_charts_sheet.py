"""Charts: each beside the table of its numbers. What is hidden is missing in both."""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.books.share.shared_book import SharedBook
from clinicreport.books.share.shared_figures import Row
from clinicreport.ground.rounding import points, share
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Page
from clinicreport.workbook.table import Table, keyed, place

CHART_COLUMNS, CHART_WIDTH = 8, 9.6
LEFT = CHART_COLUMNS + 1
WIDTHS = (25.0, *[13.0] * 7)
ASIDE = LEFT + len(WIDTHS) + 1
SIZE = (575, 320)
ROWS = 17
A_PAGE = 2  # charts
SAY = [
    "Each chart with its numbers. A bar or a point is left out where its count is hidden.",
    "Means and shares are rounded to the digits shown.",
]


NO_CLINICS = (
    "The logs name several clinics. They are not told apart here: counts of each could be taken"
    " from those of all. For each clinic its own version, or clinicreport network --share."
)
WITHHELD = (
    "Not drawn, since it would tell counts that are hidden or because there are no such numbers:"
    " {titles}."
)
NO_BARS = "No chart: the shares of every condition are hidden, see the sheet Method."
CLASSES = "Response of the evaluable patients"
CONDITIONS = "Responders by condition"
WEEKS = "Mean pain by week of course, patients still attending"
MONTHS = "Month by month, as each month was reported"
TEXT_WIDTH = 150
WITH_N = "Axis label"  # a month and of how many patients


def write(book: SharedBook) -> None:
    """The sheet; a chart without a number is left out, and the sheet says so."""
    page = book.page("Charts")
    page.widths([CHART_WIDTH] * CHART_COLUMNS + [3] + list(WIDTHS))
    row = page.head("Charts", SAY)
    if book.aggregates.several_clinics:
        page.put(row - 1, 0, NO_CLINICS, "lead")
        row += 1
    top, starts, withheld = row, [row], list[str]()
    for title, part in PARTS.items():
        began = row
        row = part(book, page, row)
        if row == began:
            withheld.append(title)
        else:
            starts.append(row)
    page.sheet.set_h_pagebreaks(starts[A_PAGE:-1:A_PAGE])
    if row == top:
        page.put(row, 0, "Too few patients for a chart.")
    elif withheld:
        row = page.prose(row, WITHHELD.format(titles="; ".join(withheld)), TEXT_WIDTH) + 1
    page.sheet.print_area(0, 0, max(row, top + 1) - 1, LEFT + len(WIDTHS) - 1)
    book.print_setup(page)


def _table(
    page: Page,
    row: int,
    name: str,
    columns: Sequence[tuple[str, str]],
    rows: list[Row],
    left: int = LEFT,
) -> Table:
    placed = [keyed(heading, style) for heading, style in columns]
    return place(page, row, placed, rows, name, left=left, widths=False)


def _insert(page: Page, row: int, chart: Chart, alt: str, table: Table) -> int:
    chart.insert(page, row, 0, alt, SIZE, left=4)
    return max(row + ROWS, table.below) + 2


def _told(title: str, rows: Sequence[Row], name: str, heading: str) -> str:
    """A chart in words: what its table shows, hidden numbers as hidden there."""
    shown = share if heading.startswith("30 %") else points
    told = (
        f"{each[name]} {shown(value) if isinstance(value := each[heading], float) else value}"
        for each in rows
    )
    return f"{title}: {'; '.join(told)}."


def _ends(rows: Sequence[Row]) -> list[Row]:
    """The first and the last."""
    return [rows[0], rows[-1]]


def _classes(book: SharedBook, page: Page, row: int) -> int:
    rows = book.aggregates.classes
    if not any(line["Drawn"] for line in rows):
        return row
    row = page.section(row, CLASSES, ASIDE - 1)
    table = _table(page, row, "classes", (("Response", "cell_strong"), ("Patients", "cell")), rows)
    drawn = _table(
        page, row, "classes_drawn", (("Response", "cell"), ("Drawn", "cell_count")), rows, ASIDE
    )
    chart = book.chart("Patients by response", "column")
    chart.columns(
        drawn,
        "Response",
        "Drawn",
        "primary",
        gap=60,
        data_labels={"value": True},
        values_data=[line["Drawn"] for line in rows],
    )
    chart.x_axis()
    chart.y_axis("patients", min=0, num_format="0")
    return _insert(
        page, row, chart, _told("Patients by response", rows, "Response", "Patients"), table
    )


def _conditions(book: SharedBook, page: Page, row: int) -> int:
    rows = book.aggregates.conditions
    if not rows:
        return row
    row = page.section(row, CONDITIONS, ASIDE - 1)
    columns = (
        ("Condition", "cell_strong"),
        ("Evaluable", "cell"),
        ("Mean reduction", "cell_mean"),
        ("Interval", "cell"),
        ("30 % less", "cell_share"),
        ("30 % less, interval", "cell"),
        ("50 % less", "cell_share"),
        ("50 % less, interval", "cell"),
    )
    table = _table(page, row, "by_condition", columns, rows)
    headings = ("30 % less drawn", "50 % less drawn")
    if not any(line[heading] is not None for line in rows for heading in headings):
        page.put(row, 0, NO_BARS, "lead")
        return table.below + 2
    drawn = _table(
        page,
        row,
        "by_condition_drawn",
        [("Condition", "cell")] + [(heading, "cell_share") for heading in headings],
        rows,
        ASIDE,
    )
    chart = _condition_chart(book, drawn, rows, headings)
    return _insert(
        page,
        row,
        chart,
        _told("30 % less pain by condition", rows, "Condition", "30 % less"),
        table,
    )


def _condition_chart(
    book: SharedBook, drawn: Table, rows: list[Row], headings: Sequence[str]
) -> Chart:
    chart = book.chart("Share of evaluable patients who responded", "bar")
    for heading, colour in zip(headings, ("primary_mid", "primary_light"), strict=True):
        chart.columns(
            drawn,
            "Condition",
            heading,
            colour,
            heading.removesuffix(" drawn"),
            gap=60,
            border={"color": chart.colour("primary")},
            values_data=[line[heading] for line in rows],
        )
    chart.bars_lie()
    chart.legend()
    return chart


def _weeks(book: SharedBook, page: Page, row: int) -> int:
    rows = book.aggregates.weeks
    if len(rows) < 2:
        return row
    row = page.section(row, WEEKS, ASIDE - 1)
    columns = (
        ("Week", "cell_strong"),
        ("Patients", "cell"),
        ("Mean", "cell_mean"),
        ("From", "cell_mean"),
        ("To", "cell_mean"),
    )
    table = _table(page, row, "by_week", columns, rows)
    chart = book.chart("Mean pain by week of course", "line")
    for heading in ("From", "To"):
        dashed = {"color": chart.colour("primary_mid"), "width": 1, "dash_type": "dash"}
        name = f"95 % interval: {heading.lower()}"
        chart.line(
            table,
            "Week",
            heading,
            "primary_mid",
            name,
            line=dashed,
            values_data=[line[heading] for line in rows],
        )
    chart.line(
        table, "Week", "Mean", "primary", "mean", marker=chart.marker("circle", "primary", size=6)
    )
    chart.x_axis()
    chart.y_axis("pain, 0 to 10", min=0, max=10, major_unit=2)
    chart.legend()
    return _insert(page, row, chart, _told("Mean pain by week", _ends(rows), "Week", "Mean"), table)


def _months(book: SharedBook, page: Page, row: int) -> int:
    rows = book.aggregates.months
    if sum(line["Drawn"] is not None for line in rows) < 2:
        return row
    row = page.section(row, MONTHS, ASIDE - 1)
    columns = (
        ("Month", "cell_strong"),
        ("Patients", "cell"),
        ("Mean reduction", "cell_mean"),
    )
    table = _table(page, row, "months", columns, rows)
    named = [each | {WITH_N: f"{each['Month']}\nn: {each['Patients']}"} for each in rows]
    drawn = _table(
        page, row, "months_drawn", ((WITH_N, "cell"), ("Drawn", "cell_mean")), named, ASIDE
    )
    chart = book.chart("Mean reduction by month", "line")
    chart.line(
        drawn,
        WITH_N,
        "Drawn",
        "primary",
        "mean reduction",
        values_data=[line["Drawn"] for line in rows],
        marker=chart.marker("circle", "primary", size=6),
    )
    chart.x_axis()
    chart.y_axis("points less pain")
    return _insert(
        page, row, chart, _told("Points less pain", _ends(rows), "Month", "Mean reduction"), table
    )


PARTS = {CLASSES: _classes, CONDITIONS: _conditions, WEEKS: _weeks, MONTHS: _months}
