"""How much the headline depends on who is counted: the same figures over other patients."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

from clinicreport.books.report.headline_figures import GOOD
from clinicreport.books.report.panels import AXIS, numbers, share_labels
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.ground.rounding import score
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Formula, Page

CARRIED = "Nobody left out: a missing later score taken as no change"
SAY = (
    "The same figures over other patients. Who is still in treatment may yet respond, so courses"
    " in progress stand apart from those that ended. In the last row nobody with a score above 0"
    " at the start is left out: whoever has no later score counts as unchanged."
)


def say(_: ReportBook) -> str:
    """What to know when looking at it."""
    return SAY


def panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``choices``."""
    columns = [
        ("Counted", "cell_wrap"),
        ("Patients", "cell_count"),
        ("Mean reduction", "cell_mean"),
        ("30 % less", "cell_share"),
        ("50 % less", "cell_share"),
    ]
    numbers(book, page, row, "choices", columns, _rows(book), (AXIS,))


def _rows(book: ReportBook) -> list[dict[str, Cell]]:
    limit = score(book.analysis.protocol.outcome.low_baseline)
    going = '"in progress"'
    return [
        _row(book, "Evaluable patients (headline)", "", lambda _: True),
        _row(
            book,
            f"Without those who started under {limit}",
            ',patients[Low baseline],"no"',
            lambda p: not p.course["low_baseline"],
        ),
        _row(
            book,
            f"Only those who started under {limit}",
            ',patients[Low baseline],"yes"',
            lambda p: bool(p.course["low_baseline"]),
        ),
        _row(
            book,
            "Ended courses",
            f",patients[Status],{_not(going)}",
            lambda p: p.course["status"] != "in-progress",
        ),
        _row(
            book,
            "Not yet due: courses in progress",
            f",patients[Status],{going}",
            lambda p: p.course["status"] == "in-progress",
        ),
        _carried(book),
    ]


def _not(quoted: str) -> str:
    return '"<>' + quoted[1:]


def _row(
    book: ReportBook, label: str, test: str, chosen: Callable[[Patient], bool]
) -> dict[str, Cell]:
    group = [patient for patient in book.roster.patients if patient.evaluable and chosen(patient)]
    n = f"COUNTIFS({GOOD}{test})"
    row: dict[str, Cell] = {"Counted": label, "Patients": Formula(f"={n}", len(group))}
    row[AXIS] = _with_n(label, n, len(group))
    mean = _mean([patient.course["reduction"] for patient in group])
    row["Mean reduction"] = Formula(
        f'=IF({n}=0,"nobody",AVERAGEIFS(patients[Reduction],{GOOD}{test}))', mean
    )
    for heading, name in _RATES:
        hits = f'COUNTIFS({GOOD}{test},patients[{heading}],"yes")'
        share = _mean([float(patient.course[name]) for patient in group])
        row[heading] = Formula(f'=IF({n}=0,"nobody",{hits}/MAX(1,{n}))', share)
    return row


_RATES = (("30 % less", "responder_30"), ("50 % less", "responder_50"))


def _carried(book: ReportBook) -> dict[str, Cell]:
    """Baseline carried forward: no later score counts as no change."""
    group = [patient for patient in book.roster.patients if (patient.course["baseline"] or 0) > 0]
    n = 'COUNTIF(patients[Baseline],">0")'
    mean = _mean([patient.course["reduction"] or 0 for patient in group])
    row: dict[str, Cell] = {
        "Counted": CARRIED,
        "Patients": Formula(f"={n}", len(group)),
        AXIS: _with_n(CARRIED, n, len(group)),
        "Mean reduction": Formula(
            f'=IF({n}=0,"nobody",SUMIFS(patients[Reduction],{GOOD})/MAX(1,{n}))', mean
        ),
    }
    for heading, name in _RATES:
        share = _mean([float(patient.course[name] or 0) for patient in group])
        hits = f'COUNTIFS({GOOD},patients[{heading}],"yes")'
        row[heading] = Formula(f'=IF({n}=0,"nobody",{hits}/MAX(1,{n}))', share)
    return row


def _with_n(label: str, n: str, patients: int) -> Formula:
    """A bar's name with the number of its patients."""
    return Formula(f'="{label} (n = "&{n}&")"', f"{label} (n = {patients})")


def _mean(values: list[float]) -> float | str:
    return fsum(values) / len(values) if values else "nobody"


def chart(book: ReportBook) -> Chart:
    """Two bars a choice."""
    made = book.chart("Responders, by who is counted", "bar")
    rows = _rows(book)
    for heading, colour in (("30 % less", "primary_mid"), ("50 % less", "primary_light")):
        made.columns(
            book.tables["choices"],
            book.tables["choices_chart"].ref(AXIS),
            heading,
            colour,
            gap=50,
            border={"color": made.colour("primary")},
            data_labels={
                "value": True,
                "num_format": share_labels(*(row[heading] for row in rows)),
                "font": made.font(8),
            },
        )
    # A bar chart lies on its side: its vertical axis holds the categories.
    made.y_axis(reverse=True, num_font=made.font(8), major_gridlines={"visible": False})
    made.x_axis(min=0, max=1, label_position="none", line={"none": True})
    made.legend()
    return made
