"""How to read: what the columns mean, how the funnel is made, what it cannot tell."""

from __future__ import annotations

from clinicreport import __version__
from clinicreport.books.network.network_book import NetworkBook
from clinicreport.ground.rounding import score
from clinicreport.outcomes.network.funnel import FEWEST
from clinicreport.outcomes.network.network_result import STRATUM
from clinicreport.workbook.terms import place_terms
from clinicreport.workbook.words import ONE_RATING

LEAD = ["What the figures mean, how the funnel is made, and what neither can tell."]
WIDTHS = (30, 100)


def write(book: NetworkBook) -> None:
    """The sheet: terms and their meaning, nothing else."""
    page = book.page("How to read")
    page.widths(WIDTHS)
    row = page.head("How to read", LEAD)
    for title, entries in (
        ("The funnel", _FUNNEL),
        ("The columns", _columns(book)),
        ("What this cannot tell", _caveats(book)),
        ("How it was made", _made(book)),
    ):
        row = place_terms(page, row, title, entries, WIDTHS)
    page.sheet.print_area(0, 0, row - 1, 1)
    book.print_setup(page, landscape=False, pages_high=1)


Entries = list[tuple[str, str]]

_FUNNEL: Entries = [
    ("Across", "The number of evaluable patients of a clinic: the more, the surer its rate."),
    ("Up", "The share of them whose pain is down by 30 % or more."),
    (
        "The limits",
        "If all clinics shared the network's rate, about 19 of 20 would lie within the"
        " 95 % limits and all but 2 of 1,000 within the 99.8 % limits. Exact binomial limits around"
        " the network's rate, interpolated (Spiegelhalter, Statistics in Medicine 2005, 24:1185): 1 in"
        " 20 clinics lies outside the inner ones by chance.",
    ),
    (
        "Outside 95 %",
        "Worth a look at the data, the case mix and the way scores are taken. Among 40"
        " clinics two are there by chance.",
    ),
    (
        "Outside 99.8 %",
        "Hardly chance. It still says that something differs, not what, and not that"
        " the treatment is better or worse there.",
    ),
    (
        "Small clinics",
        f"A clinic with fewer than {FEWEST} evaluable patients is in the table, with"
        " its interval, and is not judged: its limits would span nearly everything. It counts in the"
        " network's rate.",
    ),
    (
        "More outside than expected",
        "Where clinics differ in whom they treat, more of them lie"
        f" outside than chance puts there. φ, the mean of z² over the clinics with {FEWEST}"
        " evaluable patients or more, is 1 by chance alone. Where it is over 1, z-limits widened by"
        " √φ are drawn beside the exact ones; a clinic is named by the exact ones.",
    ),
]


_COLUMNS: Entries = [
    (
        "Evaluable",
        "Patients by their latest course with a score above 0 at the start and a later one.",
    ),
    (
        "Pain down by 30 % (50 %)",
        "Share of the evaluable patients, compared before any rounding"
        " (IMMPACT, Dworkin 2008), with the 95 % Wilson interval.",
    ),
    (
        "Mean reduction",
        "Score at the start minus latest score, in points of 10, with the 95 % t interval.",
    ),
    (
        "Scored at start and later",
        "Share of the patients who started. The lower, the less is"
        " known about those who stayed away.",
    ),
    (
        "Followed up",
        "Share of the patients who started with a score {days} days or more"
        " after the last treatment.",
    ),
    (
        "Low baseline",
        "Share of the evaluable patients who started under {limit} of 10: 2"
        " points less are hard to reach for them.",
    ),
    (
        "Weeks in the band",
        "Full weeks with the protocol's number of treatment days, over all"
        " full weeks; cannot see the weeks after a drop-out.",
    ),
    (
        "Dropped out",
        "Of the courses that ended, as of the clinic's own latest visit (or the"
        " last day of the period).",
    ),
    (
        "Expected by its mix",
        "The network's rate of each condition and height of pain, weighed"
        f" by the clinic's patients. Conditions with fewer than {STRATUM} evaluable patients are"
        " put together.",
    ),
]


def _columns(book: NetworkBook) -> Entries:
    """What each means, by the limits of the protocol in force."""
    protocol = book.network.request.protocol
    limit, days = score(protocol.outcome.low_baseline), protocol.course.follow_up_days
    return [(name, meaning.format(limit=limit, days=days)) for name, meaning in _COLUMNS]


def _caveats(book: NetworkBook) -> Entries:
    protocol = book.network.request.protocol
    return [
        ("No comparison group", protocol.caveat),
        ("What trials found", protocol.evidence_note),
        ("How pain was asked", ONE_RATING),
        (
            "No ranking",
            "Clinics stand by name. The order of their rates would change with the next"
            " few patients; the intervals say how much.",
        ),
        (
            "Patients seen twice",
            "A patient who changes clinic counts in both: ids are the clinics' own.",
        ),
        (
            "Small numbers",
            "Rows of small clinics can point at single patients. Keep this report"
            " where the clinics' own reports are kept.",
        ),
    ]


def _made(book: NetworkBook) -> Entries:
    network = book.network
    protocol = network.request.protocol
    own = (
        "The protocol in force is the network's for all clinics; headings and date order are each"
        " clinic's own, where its folder has a clinic.toml."
    )
    return [
        ("Report on", book.covers),
        ("Protocol", f"{protocol.name}, version {protocol.version}"),
        ("Settings of the clinics", own),
        (
            "Exact sums",
            "Clinics are added up from counts and exact sums of their scores: the same"
            " result on any number of processes or machines.",
        ),
        ("Program", f"clinicreport {__version__}"),
    ]
