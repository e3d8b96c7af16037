"""What the first page says in lines: what it is about, what to do today, what the figures rest on.

The sheet *Summary* places them; a page that is no workbook shows the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clinicreport.books.report import headline_cards, size_limits
from clinicreport.books.report.finding_lines import compared
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.tasks import TODAY, URGENCY, Task, beside_today, tasks
from clinicreport.ground.rounding import points, share
from clinicreport.log.findings import verdict
from clinicreport.outcomes.figures import MonthFigures
from clinicreport.outcomes.period_counts import period_counts
from clinicreport.workbook.words import ASKED, count, month

NOTHING_USABLE = "The logs hold no usable visit, so there is nothing to report yet."
TO_DO_TODAY = f"To do today: {', '.join(URGENCY[each] for each in TODAY)}"
THE_LOGS = "the logs"  # whose a task is that is no patient's
NOTHING_DUE = "Nothing is due today."
REST_ON = "What the figures rest on"
LISTED = 6  # tasks named on the first page
RESTATED = 4  # lines on what differs from an earlier report

Line = tuple[str, str]  # a label, empty where the line goes on, and words


def counted(book: ReportBook) -> str:
    """Which days the report is about, with the sessions and patients of these days."""
    month_of = period_counts(book.analysis)
    covers = f"{book.covers[:1].upper()}{book.covers[1:]}"
    if month_of is None:
        return f"{covers}: {_whole(book)}."
    inside = count(month_of.sessions, "session")
    return f"{covers}: {inside} of {count(month_of.patients, 'patient')}."


def asked(book: ReportBook) -> str:
    """That figures are of whole courses, and how pain was asked for."""
    whole = "Figures are of whole courses"
    if period_counts(book.analysis) is not None:
        whole = f"{whole}: {_whole(book)}"
    return f"{whole}. Pain: {ASKED}, 0 to 10."


def _whole(book: ReportBook) -> str:
    clinic = book.analysis.clinic
    return f"{count(clinic.sessions, 'session')} of {count(clinic.started, 'patient')}"


class Today(NamedTuple):
    """The most urgent tasks, what else there is in words (empty for nothing), and those tasks."""

    first: Sequence[Task]
    rest: str
    others: Sequence[Task]


def today(book: ReportBook) -> Today:
    """What is due today, and what is beside it."""
    found = tasks(book)
    first = [task for task in found if task.urgency in TODAY][:LISTED]
    named = set(map(id, first))
    others = [task for task in found if id(task) not in named]
    return Today(first, beside_today(found, len(first)), others)


def task_words(task: Task) -> str:
    """How urgent it is, what to do and why."""
    return f"{URGENCY[task.urgency][0]} {task.what} ({task.why})"


def rests_on(book: ReportBook) -> list[Line]:
    """Courses, rows, findings, months, what differs from an earlier report, what is left out."""
    analysis = book.analysis
    rows, used, aside = (
        sum(getattr(entry, name) for entry in analysis.inputs)
        for name in ("rows", "used", "set_aside")
    )
    return [
        ("Courses", headline_cards.courses_line(analysis.clinic, analysis.protocol)),
        ("Rows in the files", f"{rows:,} = {used:,} used + {aside:,} set aside (see Findings)"),
        (
            "Findings",
            " ".join([f"{verdict(analysis.findings)} (sheet Findings).", *compared(book)]),
        ),
        *_months(book),
        *_restated(book),
        *(
            ("Left out for size", text)
            for text in size_limits.left_out(analysis, len(book.roster.patients))
        ),
    ]


def _months(book: ReportBook) -> list[Line]:
    """The last month, and what the own report of the month before it says."""
    trend, label = book.analysis.clinic.trend, "Month by month"
    if not any(entry.n for entry in trend):
        return [(label, "no evaluable patient yet")]
    now, last = trend[-1], trend[-2] if len(trend) > 1 else None
    told = f"{month(now.month)}: {_month(now)}"
    if last is None:
        return [(label, f"{told}; no earlier month to compare")]
    return [(label, f"{told};"), ("", f"the own report of {month(last.month)}: {_month(last)}")]


def _month(entry: MonthFigures) -> str:
    """A month's mean reduction, share of responders and patients in words."""
    if entry.mean_reduction is None or entry.responder_30 is None:
        return "nobody evaluable"
    down = f"{share(entry.responder_30)} down by 30 %"
    mean = entry.mean_reduction
    change = f"{points(abs(mean))} points {'more' if mean < 0 else 'less'}"
    return f"{change}, {down}, n = {entry.n:,}"


def _restated(book: ReportBook) -> list[Line]:
    """What differs from an earlier report: the first sentences; all stand on sheet Method."""
    told = book.analysis.restated
    first = told if len(told) <= RESTATED else told[: RESTATED - 1]
    lines = [("Restated" if not at else "", text) for at, text in enumerate(first)]
    if len(told) > len(first):
        lines.append(("", f"and {len(told) - len(first)} more (sheet Method)"))
    return lines
