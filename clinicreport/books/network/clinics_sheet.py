"""Clinics: a row each, by name; every rate with its interval and what it rests on."""

from __future__ import annotations

from pathlib import Path

from clinicreport.books.network.network_book import NetworkBook
from clinicreport.books.network.network_words import (
    figure,
    verdict,
    verdict_style,
    with_interval,
)
from clinicreport.outcomes.figures import Rate, share
from clinicreport.outcomes.intervals import Interval
from clinicreport.outcomes.network.network_result import NetworkClinic
from clinicreport.workbook.table import Column, place

LEAD = [
    "One row a clinic, sorted by name and not by result: between most clinics chance alone explains"
    " the order. Read a rate with its interval, and with the shares of patients it rests on.",
    "Intervals are 95 %: Wilson for shares, t for means. Sheet How to read says what each column"
    " means. Columns after the mean reduction are not printed.",
]
LAST_PRINTED = "95 % interval, points"


def write(book: NetworkBook) -> None:
    """The sheet; its table is ``clinics``."""
    page = book.page("Clinics")
    top = page.head("Clinics", LEAD)
    if not book.network.clinics:
        page.put(top, 0, "No log could be read.")
        return
    table = book.add(
        place(page, top, _columns(book), book.network.clinics, "clinics", filtered=True)
    )
    page.sheet.freeze_panes(top + 1, 1)
    page.sheet.print_area(0, 0, *table.area("Clinic", LAST_PRINTED)[2:])
    book.print_setup(page, repeat=top)


def _seen(rate: Rate) -> tuple[float | None, Interval | None]:
    return rate.observed, rate.observed_ci


def _columns(book: NetworkBook) -> list[Column[NetworkClinic]]:
    beside = any(clinic.report for clinic in book.network.clinics)
    own = [Column[NetworkClinic]("Own report", _own_report, "cell", 34)] if beside else []
    return [
        Column("Clinic", lambda c: c.name, "cell_strong_wrap", 24),
        figure("Started", lambda f: f.started, "cell_count", 9),
        figure("Evaluable", lambda f: f.evaluable, "cell_count", 10),
        *with_interval(
            "Pain down by 30 %", lambda f: _seen(f.responder_30), "95 % interval", "cell_share"
        ),
        Column("In the funnel", verdict, verdict_style, 23),
        figure(
            "Scored at start and later",
            lambda f: f.completeness["baseline_and_latest"],
            "cell_share",
            12,
        ),
        figure("Followed up", lambda f: f.followed_up, "cell_share", 10),
        *with_interval(
            "Pain down by 50 %",
            lambda f: _seen(f.responder_50),
            "95 % interval of it",
            "cell_share",
        ),
        *with_interval(
            "Mean reduction",
            lambda f: (f.mean_reduction, f.mean_reduction_ci),
            "95 % interval, points",
            "cell_mean",
        ),
        figure("Mean baseline", lambda f: f.mean_baseline, "cell_mean"),
        figure("Low baseline", lambda f: share(f.low_baseline, f.evaluable), "cell_share"),
        figure("Weeks in the band", lambda f: f.adherence, "cell_share"),
        figure("Dropped out", lambda f: f.dropout_rate, "cell_share"),
        figure("Events per 100 sessions", lambda f: f.adverse_events.per_100, "cell_mean2", 11),
        figure("Event field filled", lambda f: f.completeness["adverse_event"], "cell_share"),
        figure("Sessions", lambda f: f.sessions, "cell_count"),
        Column("Latest visit", lambda c: c.as_of, "cell_date", 13),
        Column("Errors", lambda c: c.findings.get("error", 0), "cell_count", 8),
        Column("Warnings", lambda c: c.findings.get("warning", 0), "cell_count", 10),
        *own,
    ]


def _own_report(clinic: NetworkClinic) -> str:
    return Path(clinic.report).name if clinic.report else "–"
