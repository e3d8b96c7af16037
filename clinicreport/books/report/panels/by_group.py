"""Responders of each condition, and of each clinic of a log: bars on their side, with n."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from clinicreport.books.report.panels import AXIS, ENDS, number, numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import share
from clinicreport.outcomes.figures import ConditionFigures
from clinicreport.outcomes.trend import JUDGED_FROM
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Page

MOST = 10  # conditions, or clinics, that are shown
LABEL, LINES = 34, 3  # characters of a line beside a bar, and lines; the table has all of it
SHARES = ("30 % less", "50 % less")
SAY = (
    "The share of the evaluable patients of each {what} (n), with its 95 % interval; none"
    " where nobody can be evaluated."
)
CLINICS = (
    " Clinics differ in whom they treat: a difference within the intervals is none. For limits and"
    " case mix take the logs apart and run clinicreport network."
)


def condition_say(book: ReportBook) -> str:
    """What to know when looking at it."""
    more = len(book.analysis.clinic.by_condition) - MOST
    text = SAY.format(what="condition")
    return f"{text} {more} rarer conditions are not shown." if more > 0 else text


def clinic_say(book: ReportBook) -> str:
    """What to know when looking at it."""
    more = len(book.analysis.by_clinic) - MOST
    text = SAY.format(what="clinic") + CLINICS
    return f"{text} {more} smaller clinics are not shown." if more > 0 else text


def condition_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``by_condition``."""
    _panel(book, page, row, "Condition", conditions(book))


def clinic_panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``by_clinic``."""
    _panel(book, page, row, "Clinic", clinics(book))


def conditions(book: ReportBook) -> Sequence[ConditionFigures]:
    """Those that are drawn."""
    return book.analysis.clinic.by_condition[:MOST]


def clinics(book: ReportBook) -> Sequence[ConditionFigures]:
    """Those that are drawn."""
    return book.analysis.by_clinic[:MOST]


def condition_chart(book: ReportBook) -> Chart:
    """Two bars a condition, with error bars."""
    return _chart(book, "condition", conditions(book))


def clinic_chart(book: ReportBook) -> Chart:
    """Two bars a clinic, with error bars."""
    return _chart(book, "clinic", clinics(book))


def _panel(
    book: ReportBook, page: Page, row: int, what: str, groups: Sequence[ConditionFigures]
) -> None:
    columns = [
        (what, "cell_strong_wrap"),
        ("Started", "cell_count"),
        ("Evaluable", "cell_count"),
        ("Mean reduction", "cell_mean"),
    ]
    for name in SHARES:
        columns += [(name, "cell_share"), *((f"{name}: {end}", "cell_share") for end in ENDS[:2])]
    helpers = [AXIS, *(f"{name}: {end}" for name in SHARES for end in ENDS[2:])]
    numbers(book, page, row, f"by_{what.lower()}", columns, _rows(what, groups), helpers)


def _rows(what: str, groups: Sequence[ConditionFigures]) -> list[dict[str, Cell]]:
    rows = []
    for entry in groups:
        name, mean = entry.condition or "not written", entry.mean_reduction
        row: dict[str, Cell] = {
            what: name,
            AXIS: f"{label(name)}\nn = {entry.evaluable}",
            "Started": entry.started,
            "Evaluable": entry.evaluable,
            "Mean reduction": "nobody" if mean is None else mean,
        }
        for heading, rate in zip(SHARES, (entry.responder_30, entry.responder_50), strict=True):
            value, ci = rate.observed, rate.observed_ci
            if value is None or ci is None:
                row |= {f"{heading}: from": "nobody", f"{heading}: to": "nobody"}
                continue
            ends = (*ci, value - ci[0], ci[1] - value)
            row[heading] = value
            row |= {f"{heading}: {end}": at for end, at in zip(ENDS, ends, strict=True)}
        rows.append(row)
    return rows


def label(name: str) -> str:
    """A name in lines that fit beside a bar; a longer one ends in dots."""
    return "\n".join(wrap(name, LABEL, max_lines=LINES, placeholder=" …"))


def _title(what: str, groups: Sequence[ConditionFigures]) -> str:
    """What is seen: between which shares the groups lie that are large enough to say so."""
    rates = [e.responder_30.observed for e in groups if e.evaluable >= JUDGED_FROM]
    known = sorted(rate for rate in rates if rate is not None)
    if len(known) < 2:
        return f"Responders by {what} (95 % interval)"
    low, high = share(known[0]), share(known[-1])
    return f"30 % less pain: {low} to {high} by {what}, where {JUDGED_FROM} or more (95 % interval)"


def _chart(book: ReportBook, what: str, groups: Sequence[ConditionFigures]) -> Chart:
    made = book.chart(_title(what, groups), "bar")
    table, helper = book.tables[f"by_{what}"], book.tables[f"by_{what}_chart"]
    rows = _rows(what.capitalize(), groups)
    for heading, colour in zip(SHARES, ("primary_mid", "primary_light"), strict=True):
        data = [[number(row.get(f"{heading}: {end}")) for row in rows] for end in ENDS[2:]]
        made.columns(
            table,
            helper.ref(AXIS),
            heading,
            colour,
            gap=50,
            border={"color": made.colour("primary")},
            y_error_bars=made.bars(
                helper, f"{heading}: below", f"{heading}: above", (data[0], data[1])
            ),
        )
    made.bars_lie()
    made.legend()
    return made
