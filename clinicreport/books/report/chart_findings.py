"""What each chart shows, in words: its title, and what it says to who cannot see it.

The words of a chart that follows the Sessions sheet follow it too; the others are as made.
"""

from __future__ import annotations

from clinicreport.books.report import first_charts
from clinicreport.books.report.once_edited import if_any
from clinicreport.books.report.patient_formulas import shown_percent, shown_share
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.verdict_lines import HITS
from clinicreport.ground.rounding import percent, share
from clinicreport.workbook.page import Cell, Formula

HALVED = 'COUNTIF(patients[50 % less],"yes")'


def by_week(book: ReportBook) -> Cell:
    """From the start to the last week with enough patients."""
    return first_charts.pain_by_week(book)


def spread(book: ReportBook) -> Cell:
    """How many had which reduction."""
    clinic = book.analysis.clinic
    half, third, n = clinic.responder_50.count, clinic.responder_30.count, clinic.evaluable
    words = (
        " of ",
        " had at least 50 % less pain, ",
        " had 30 to under 50 %, ",
        " had under 30 %",
    )
    counts = (half, n, third - half, n - third)
    text = "".join(f"{number}{told}" for number, told in zip(counts, words, strict=True))
    own = (HALVED, "evaluable", f"({HITS}-{HALVED})", f"(evaluable-{HITS})")
    parts = (f'{formula}&"{told}"' for formula, told in zip(own, words, strict=True))
    return Formula(f"={if_any('&'.join(parts))}", text)


def responders(book: ReportBook) -> Cell:
    """Over both denominators."""
    rate = book.analysis.clinic.responder_30
    assert rate.observed is not None  # somebody is evaluable
    assert rate.all_started is not None
    text = (
        f"At least 30 % less pain: {share(rate.observed)} of the evaluable,"
        f" {share(rate.all_started)} of all who started"
    )
    own, of_all = (shown_share(f"responder_30_{kind}") for kind in ("observed", "all_started"))
    formula = (
        f'"At least 30 % less pain: "&{own}&" of the evaluable, "&{of_all}&" of all who started"'
    )
    return Formula(f"={if_any(formula)}", text)


def cumulative(book: ReportBook) -> Cell:
    """The middle of the patients' percentages."""
    middle = book.analysis.clinic.median_percent_reduction
    assert middle is not None  # somebody is evaluable
    way = "more" if middle < 0 else "less"
    own = "median_percent_reduction"
    formula = (
        f'"Median of the percentages: "&{shown_percent(f"ABS({own})")}'
        f'&IF({own}<0," more"," less")&" pain"'
    )
    return Formula(
        f"={if_any(formula)}", f"Median of the percentages: {percent(abs(middle))} {way} pain"
    )


def choices(book: ReportBook) -> Cell:
    """The headline beside that with nobody left out."""
    table = book.tables["choices"]
    clinic = book.analysis.clinic
    known = sum((patient.course["baseline"] or 0) > 0 for patient in book.roster.patients)
    first, last = (table.at("30 % less", at) for at in (0, table.rows - 1))
    text = (
        f"At least 30 % less pain: {share(clinic.responder_30.count / clinic.evaluable)} of the"
        f" evaluable, {share(clinic.responder_30.count / known)} with nobody left out"
    )
    formula = (
        f'"At least 30 % less pain: "&{shown_share(first)}&" of the evaluable, "'
        f'&{shown_share(last)}&" with nobody left out"'
    )
    return Formula(f"={if_any(formula)}", text)


def lasting(book: ReportBook) -> Cell:
    """Of those who were seen again, how many relapsed."""
    found = book.analysis.clinic.durability
    seen = found["sustained"] + found["relapsed"]
    return f"After the course {found['relapsed']} of {seen} responders seen again relapsed"


def ordered(book: ReportBook) -> Cell:
    """How many had less, the same, more pain."""
    changes = [patient.course["reduction"] for patient in book.roster.patients if patient.evaluable]
    less, more = sum(each > 0 for each in changes), sum(each < 0 for each in changes)
    same = len(changes) - less - more
    return f"{less} of {len(changes)} had less pain, {same} the same, {more} more"
