"""Case mix: who a clinic treats explains part of its rate."""

from __future__ import annotations

from clinicreport.books.network.network_book import NetworkBook
from clinicreport.books.network.network_words import NONE, figure, share_interval, with_interval
from clinicreport.ground.rounding import score
from clinicreport.outcomes.figures import share
from clinicreport.outcomes.network.network_result import NetworkClinic, Stratum
from clinicreport.workbook.table import Column, place

LEAD = [
    "Patients with another condition, or with little pain at the start, respond at another rate"
    " whoever treats them. Compare clinics only with that in mind.",
]
WIDTHS = (30, 18, 11, 11, 11, 17, 15, 12)


def write(book: NetworkBook) -> None:
    """The sheet; its tables are ``strata`` and ``expected``."""
    page = book.page("Case mix")
    row = page.head("Case mix", LEAD)
    page.widths(WIDTHS)
    if not book.network.strata:
        page.put(row, 0, "No patient is evaluable, so there is nothing to compare.")
        return
    row = page.section(row, "The whole network by condition and pain at the start", len(WIDTHS))
    limit = score(book.network.request.protocol.outcome.low_baseline)
    starts = {"low": f"under {limit} of 10", "other": f"{limit} or more"}
    strata = [
        Column[Stratum]("Condition", lambda s: s.condition, "cell_strong"),
        Column[Stratum]("Pain at the start", lambda s: starts[s.baseline], "cell"),
        Column[Stratum]("Clinics", lambda s: s.clinics, "cell_count"),
        Column[Stratum]("Evaluable", lambda s: s.evaluable, "cell_count"),
        Column[Stratum]("Pain down by 30 %", lambda s: s.responders.observed, "cell_share"),
        Column[Stratum]("95 % interval", _interval, "cell_centre"),
    ]
    table = book.add(place(page, row, strata, book.network.strata, "strata", widths=False))
    row = page.section(table.below + 1, "Each clinic against its own mix, by name", len(WIDTHS))
    row = page.prose(row, _EXPECTED, sum(WIDTHS) - WIDTHS[-1])
    clinics = [clinic for clinic in book.network.clinics if clinic.expected is not None]
    table = book.add(place(page, row, _columns(), clinics, "expected", widths=False))
    page.sheet.print_area(0, 0, table.below - 1, len(WIDTHS) - 1)
    book.print_setup(page, landscape=False)


_EXPECTED = (
    "Expected: the rate if each of the clinic's patients responded as patients of the same"
    " condition and height of pain do in the whole network. What remains may still be chance: see"
    " the interval."
)


def _interval(stratum: Stratum) -> str:
    return share_interval(stratum.responders.observed_ci)


def _difference(clinic: NetworkClinic) -> float | str:
    seen = clinic.figures.responder_30.observed
    if clinic.expected is None or seen is None:
        return NONE
    return 100 * (float(seen) - clinic.expected)


def _columns() -> list[Column[NetworkClinic]]:
    seen = with_interval(
        "Pain down by 30 %",
        lambda f: (f.responder_30.observed, f.responder_30.observed_ci),
        "95 % interval",
        "cell_share",
    )
    return [
        Column("Clinic", lambda c: c.name, "cell_strong"),
        Column("Judged in the funnel", _judged, "cell"),
        figure("Evaluable", lambda f: f.evaluable, "cell_count"),
        figure("Low baseline", lambda f: share(f.low_baseline, f.evaluable), "cell_share"),
        *seen,
        Column("Expected by its mix", lambda c: c.expected, "cell_share"),
        Column("Difference, % points", _difference, "cell_mean"),
    ]


def _judged(clinic: NetworkClinic) -> str:
    return "no" if clinic.verdict == "not judged" else "yes"
