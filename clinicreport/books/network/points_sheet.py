"""Funnel: the points and the limits that the chart on the first sheet draws."""

from __future__ import annotations

from clinicreport.books.network.network_book import NetworkBook
from clinicreport.books.network.network_words import verdict
from clinicreport.outcomes.network.network_result import NetworkClinic
from clinicreport.workbook.page import Cell
from clinicreport.workbook.table import Column, keyed, place

LEAD = [
    "The numbers behind the funnel on the first sheet. Limits: exact binomial around the network's"
    " rate, interpolated (Spiegelhalter 2005): y = (r − (P(R ≤ r) − a) / P(R = r)) / n, a = 0.001,"
    " 0.025, 0.975, 0.999. Widened: z-limits times √φ, only where φ is over 1.",
]
OUTCOMES = {
    "Within": ("within",),
    "Outside 95 %": ("above 95", "below 95"),
    "Outside 99.8 %": ("above 99.8", "below 99.8"),
}
LIMITS = {
    "Evaluable": "n",
    "Network": "rate",
    "Low 95 %": "low 95",
    "High 95 %": "high 95",
    "Low 99.8 %": "low 99.8",
    "High 99.8 %": "high 99.8",
}
WIDE = {
    f"{heading}, widened": f"{name} wide"
    for heading, name in LIMITS.items()
    if name not in ("n", "rate")
}

NAMES = ("below", "above", "left")  # where a clinic's name stands beside its point
MOST_NAMES = 12  # clinics named in the chart


def is_wide(book: NetworkBook) -> bool:
    """Whether clinics vary by more than chance, so that there are widened limits."""
    return book.network.phi is not None and book.network.phi > 1


def judged(book: NetworkBook) -> list[NetworkClinic]:
    """The clinics that are drawn."""
    return [clinic for clinic in book.network.clinics if clinic.verdict != "not judged"]


def named(book: NetworkBook) -> dict[str, str]:
    """The clinics to name in the chart, and where: those outside the 95 % limits, or the 99.8 %
    limits where these are many. Neighbours stand differently, and the largest to the left."""
    shown = judged(book)
    for ending in ("95", "99.8"):
        far = [clinic for clinic in shown if clinic.verdict.endswith((ending, "99.8"))]
        if len(far) <= MOST_NAMES:
            break
    else:
        return {}
    most = max(clinic.figures.evaluable for clinic in shown)
    far.sort(key=lambda clinic: (clinic.figures.evaluable, clinic.name))
    return {
        clinic.name: "left" if clinic.figures.evaluable > 0.75 * most else NAMES[at % 2]
        for at, clinic in enumerate(far)
    }


def write(book: NetworkBook) -> None:
    """The sheet; its tables are ``funnel_points`` and ``funnel_limits``."""
    page = book.page("Funnel")
    top = page.head("Funnel", LEAD)
    if not book.network.funnel:
        page.put(top, 0, "Fewer than two clinics are large enough: nobody is judged.")
        return
    points = [
        Column[NetworkClinic]("Clinic", lambda c: c.name, "cell_strong_wrap", 26),
        Column[NetworkClinic]("Evaluable", lambda c: c.figures.evaluable, "cell_count", 11),
        *(_outcome(heading, kinds) for heading, kinds in OUTCOMES.items()),
        Column[NetworkClinic]("In the funnel", verdict, "cell", 24),
    ]
    table = book.add(place(page, top, points, judged(book), "funnel_points"))
    limits = [
        keyed(heading, "cell_count" if name == "n" else "cell_share", 11, name)
        for heading, name in (LIMITS | (WIDE if is_wide(book) else {})).items()
    ]
    drawn = book.add(
        place(page, top, limits, book.network.funnel, "funnel_limits", left=table.right + 1)
    )
    names = [_name(book, where) for where in NAMES]
    book.add(place(page, top, names, judged(book), "funnel_names", left=drawn.right + 1))
    page.sheet.print_area(0, 0, max(table.below, drawn.below) - 1, drawn.right - 1)
    page.sheet.freeze_panes(top + 1, 1)
    book.print_setup(page, repeat=top)


def _name(book: NetworkBook, where: str) -> Column[NetworkClinic]:
    """Where the chart puts a name. Not hidden: a chart leaves out what is hidden."""
    places = named(book)

    def cell(clinic: NetworkClinic) -> Cell:
        there = places.get(clinic.name) == where
        return clinic.figures.responder_30.observed if there else None

    return Column(f"Name {where}", cell, "cell_share", 12)


def _outcome(heading: str, kinds: tuple[str, ...]) -> Column[NetworkClinic]:
    def cell(clinic: NetworkClinic) -> Cell:
        return clinic.figures.responder_30.observed if clinic.verdict in kinds else None

    return Column(heading, cell, "cell_share", 12)
