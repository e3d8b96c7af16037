"""The verdict on top of the first page: a sentence a line, which follow a corrected score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.books.report.edited_mark import literal
from clinicreport.books.report.once_edited import LATER_AS_MADE, SAID_AS_MADE, if_any, once_edited
from clinicreport.books.report.patient_formulas import shown_points, shown_share
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import WORSE_SINCE
from clinicreport.ground.rounding import points, share
from clinicreport.workbook.page import Cell, Formula
from clinicreport.workbook.words import ABOUT, about, count

if TYPE_CHECKING:
    from clinicreport.outcomes.figures import ClinicFigures

ABOUT_FROM = 5  # evaluable patients; of fewer a share is no "half"


def verdict_lines(book: ReportBook) -> list[Cell]:
    """How much better, how sure, who got worse, did it last. None where nobody started."""
    clinic = book.analysis.clinic
    if not clinic.started:
        return []
    if not clinic.evaluable:
        return [NOBODY]
    return [_pain(clinic), _responders(clinic), _worse(book), _lasting(book)]


NOBODY = (
    "Whether it helped cannot be said: nobody has a score above 0 at the start and a later one."
)


def _pain(clinic: ClinicFigures) -> Cell:
    start, end, mean = clinic.mean_baseline, clinic.mean_latest, clinic.mean_reduction
    assert start is not None  # somebody is evaluable
    assert end is not None
    assert mean is not None
    ci = clinic.mean_reduction_ci
    way, more = ("rose", "more") if mean < 0 else ("fell", "less")
    how = f"95 % {points(ci[0])} to {points(ci[1])}" if ci else "no interval"
    low, high = (shown_points(f"mean_reduction_{part}") for part in ("low", "high"))
    text = (
        f"Mean pain {way} from {points(start)} to {points(end)} of 10 by the end of the course:"
        f" {points(abs(mean))} {more} ({how})."
    )
    formula = (
        '"Mean pain "&IF(mean_reduction<0,"rose","fell")&" from "'
        f'&{shown_points("mean_baseline")}&" to "&{shown_points("mean_latest")}'
        f'&" of 10 by the end of the course: "&{shown_points("ABS(mean_reduction)")}'
        '&IF(mean_reduction<0," more"," less")&" ("&IF(ISNUMBER(mean_reduction_low),"95 % "&'
        f'{low}&" to "&{high},"no interval")&")."'
    )
    return Formula(f"={if_any(formula, NOBODY)}", text)


def _responders(clinic: ClinicFigures) -> Cell:
    rate, n = clinic.responder_30, clinic.evaluable
    assert rate.observed is not None  # somebody is evaluable
    assert rate.observed_ci is not None
    low, high = (share(end) for end in rate.observed_ci)
    own, least, most = (
        shown_share(f"responder_30_{part}")
        for part in ("observed", "observed_low", "observed_high")
    )
    begins = f"{about(rate.observed)} had at" if n >= ABOUT_FROM else "At"
    text = (
        f"{begins} least 30 % less pain: {rate.count} of {n} ({share(rate.observed)}; 95 %"
        f" {low} to {high})."
    )
    steps = ",".join(str(least) for least, _ in ABOUT)
    words = ",".join(f'"{word}"' for _, word in ABOUT)
    formula = (
        f'IF(evaluable<{ABOUT_FROM},"At",LOOKUP(responder_30_observed,{{{steps}}},'
        f'{{{words}}})&" had at")&" least 30 % less pain: "&{HITS}&" of "&evaluable&" ("&{own}'
        f'&"; 95 % "&{least}&" to "&{most}&")."'
    )
    return Formula(f"={if_any(formula)}", text)


HITS = 'COUNTIF(patients[30 % less],"yes")'
WORSE_ONES = 'COUNTIF(patients[Response],"worse")'


def worse_since(book: ReportBook) -> int:
    """How many were not worse at the end of the course, and are at their last follow-up."""
    return sum(WORSE_SINCE in patient.attention for patient in book.roster.patients)


def _worse(book: ReportBook) -> Cell:
    clinic = book.analysis.clinic
    since = worse_since(book)
    later = f", {since} more since the course" if since else ""
    told = f"{literal(later)}&{SAID_AS_MADE}&" if since else f"{LATER_AS_MADE}&"
    number = clinic.worse.count or "Nobody"
    left = clinic.started - clinic.evaluable
    text = (
        f"{number} got worse by 2 points or more{later};"
        f" {left} of {count(clinic.started, 'patient')} cannot be evaluated."
    )
    formula = (
        f'=IF({WORSE_ONES}=0,"Nobody",{WORSE_ONES})&" got worse by 2 points or more"&{told}"; "'
        '&(started-evaluable)&" of "&FIXED(started,0)&IF(started=1," patient"," patients")'
        '&" cannot be evaluated."'
    )
    return Formula(formula, text)


def _lasting(book: ReportBook) -> Cell:
    """As made: who lasts is judged by follow-ups, which no formula does."""
    hits, found = book.analysis.clinic.responder_30.count, book.analysis.clinic.durability
    text = (
        f"Of {hits} who improved by 30 %, {found['sustained']} still are at follow-up,"
        f" {found['relapsed']} relapsed, {found['not-known']} not known."
    )
    return once_edited(book, text if hits else NONE_LASTS)


NONE_LASTS = "Nobody improved by 30 %, so there is nothing that could last."
