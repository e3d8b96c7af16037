"""The network's workbook for sharing: Network, Clinics, Case mix, Method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinicreport import __version__
from clinicreport.books.network_share.network_share_figures import (
    ClinicLine,
    NetworkAggregates,
    StratumLine,
    network_aggregates,
)
from clinicreport.books.network_share.network_version import NetworkVersion
from clinicreport.books.share.shared_lines import HeadlineLine
from clinicreport.books.share.sharing_canvas import SharingCanvas
from clinicreport.workbook.cards import caveat_band
from clinicreport.workbook.table import Column, place
from clinicreport.workbook.terms import place_terms

TITLE = "Network of clinics, for sharing"
WIDTHS = (42, 16, 20, 46)
HOW = (
    "Aggregates only. “<5” stands for a count of 1 to 4; “not shown” where a figure would give"
    " such a count, or a clinic that is too small, away."
)
NO_CLINIC = "No clinic is large enough to be shown."
ORDER = (
    "By name and not by result: between most clinics chance alone explains the order. Intervals are"
    " 95 %: Wilson for shares, t for means."
)
NO_STRATUM = (
    "No condition is shown: none has enough evaluable patients, or beside a version shared before"
    " its row would tell of few."
)
MIX = "All clinics together, by condition (of a fixed list) and pain at the start."
METHOD = (
    (
        "Clinics",
        "A clinic with fewer than 5 patients started or evaluable has no figure and no name. A count"
        " of another clinic, or of all, is hidden where it would tell one of a small clinic.",
    ),
    ("<5", "A count of 1 to 4. 0 and counts of 5 or more are shown."),
    (
        "not shown",
        "A count, rate or mean from which a hidden count could be worked out: by subtracting clinics"
        " from all, from a percentage, or from other counts.",
    ),
    (
        "Rates, intervals, means",
        "Given only where every count they are made of is shown. All are rounded.",
    ),
    (
        "Left out",
        "Funnel and expected rates, which would tell hidden counts; files, sheets, patients, notes.",
    ),
)


@dataclass(slots=True)
class SharedNetworkBook(SharingCanvas):
    """The canvas, and the figures that may be shown."""

    aggregates: NetworkAggregates


def _overview(book: SharedNetworkBook) -> None:
    page = book.page("Network")
    page.widths(WIDTHS)
    covers = book.aggregates.covers
    row = page.head(TITLE, [f"{covers[0].upper()}{covers[1:]}.", HOW])
    row = caveat_band(page, row, [book.caveat], len(WIDTHS)) + 1
    columns: list[Column[HeadlineLine]] = [
        Column("Figure", lambda line: line.label, "figure"),
        Column("Value", lambda line: line.value, "cell_strong"),
        Column("95 % interval", lambda line: line.interval, "cell"),
        Column("Out of", lambda line: line.out_of, "cell_muted"),
    ]
    row = place(page, row, columns, book.aggregates.figures, widths=False).below + 1
    for line in book.aggregates.said:
        row = page.prose(row, line, sum(WIDTHS))
    page.sheet.print_area(0, 0, row - 1, len(WIDTHS) - 1)
    book.print_setup(page, landscape=False, pages_high=1)


def _rate_columns(at: int, heading: str) -> list[Column[ClinicLine]]:
    return [
        Column(heading, lambda clinic: clinic.rates[at].value, "cell", 12),
        Column(f"{heading}: interval", lambda clinic: clinic.rates[at].interval, "cell", 17),
        Column(
            f"{heading}: of", lambda clinic: clinic.rates[at].out_of.split(" eva")[0], "cell", 21
        ),
    ]


def _clinics(book: SharedNetworkBook) -> None:
    rows = book.aggregates.clinics
    if not rows:
        book.empty("Clinics", ORDER, NO_CLINIC)
        return
    columns: list[Column[ClinicLine]] = [
        Column("Clinic", lambda clinic: clinic.name, "cell_strong_wrap", 24),
        Column("Started", lambda clinic: clinic.started, "cell"),
        Column("Evaluable", lambda clinic: clinic.evaluable, "cell"),
        *_rate_columns(0, "Pain down by 30 %"),
        *_rate_columns(1, "Pain down by 50 %"),
        *_rate_columns(2, "Worse by 2 points"),
        Column("Mean reduction", lambda clinic: clinic.reduction.value, "cell", 12),
        Column("Mean reduction: interval", lambda clinic: clinic.reduction.interval, "cell", 15),
        Column("Sessions", lambda clinic: clinic.sessions, "cell"),
        Column("Events per 100 sessions", lambda clinic: clinic.events.value, "cell", 12),
        Column("Events: interval", lambda clinic: clinic.events.interval, "cell", 15),
        Column("Latest visit", lambda clinic: clinic.latest, "cell_date", 13),
    ]
    book.listed("Clinics", ORDER, columns, rows)


def _case_mix(book: SharedNetworkBook) -> None:
    rows = book.aggregates.strata
    if not rows:
        book.empty("Case mix", MIX, NO_STRATUM)
        return
    columns: list[Column[StratumLine]] = [
        Column("Condition", lambda line: line.condition, "cell_strong", 30),
        Column("Pain at the start", lambda line: line.start, "cell", 18),
        Column("Pain down by 30 %", lambda line: line.responders.value, "cell"),
        Column("95 % interval", lambda line: line.responders.interval, "cell", 17),
        Column("Out of", lambda line: line.responders.out_of, "cell_muted", 34),
    ]
    book.listed("Case mix", MIX, columns, rows)


def _method(book: SharedNetworkBook) -> None:
    page = book.page("Method")
    widths = (34, 94)
    page.widths(widths)
    row = page.head("Method", ["What is hidden, and what it was made with."])
    row = place_terms(page, row, "What is hidden", METHOD, widths)
    protocol = book.protocol
    made = (
        ("No comparison group", protocol.caveat),
        ("Protocol", f"{protocol.name}, version {protocol.version}"),
        ("Made with", f"clinicreport {__version__}"),
    )
    row = place_terms(page, row, "How to read the results", made, widths)
    page.sheet.print_area(0, 0, row - 2, 1)
    book.print_setup(page, landscape=False)


CONTENTS: dict[str, Callable[[SharedNetworkBook], None]] = {
    "Network": _overview,
    "Clinics": _clinics,
    "Case mix": _case_mix,
    "Method": _method,
}


def content(version: NetworkVersion) -> bytes:
    """The workbook's bytes; the same version gives the same bytes."""
    network = version.network
    aggregates = network_aggregates(network, version.counts)
    protocol = network.request.protocol
    book = SharedNetworkBook(TITLE, aggregates.covers, protocol, aggregates)
    return book.finish(CONTENTS, TITLE, aggregates.as_of or network.request.today)
