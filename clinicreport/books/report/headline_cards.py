"""The four figures on top of the first page, as live text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.books.report.edited_mark import literal
from clinicreport.books.report.once_edited import (
    LATER_AS_MADE,
    SAID_AS_MADE,
    if_any,
    once_edited,
)
from clinicreport.books.report.patient_formulas import NOT_KNOWN, shown_points, shown_share
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.verdict_lines import WORSE_ONES, worse_since
from clinicreport.ground.rounding import per_100, points, share
from clinicreport.outcomes.period_counts import period_counts
from clinicreport.workbook.cards import Card
from clinicreport.workbook.page import Formula
from clinicreport.workbook.words import ALIKE, completed, count, too_few

if TYPE_CHECKING:
    from clinicreport.outcomes.figures import ClinicFigures
    from clinicreport.protocol.in_force import Protocol


def cards(book: ReportBook) -> list[Card]:
    """Mean pain, responders, who got worse and events, whether it lasted."""
    clinic = book.analysis.clinic
    if clinic.evaluable:
        return [_pain(clinic), _responders(clinic), _worse(book), _lasting(book)]
    unknown = [Card(label, NOT_KNOWN, NOBODY) for label in LABELS[:2]]
    lasts = Card(LABELS[3], NOT_KNOWN, "nobody can be evaluated")
    return [*unknown, Card(LABELS[2], NOT_KNOWN, _events(book)), lasts]


NOBODY = "nobody has a score above 0 at the start and a later one"


LABELS = ("Pain, start → end", "At least 30 % less pain", "Worse by 2 points", "Did it last?")


def _pain(clinic: ClinicFigures) -> Card:
    mean, ci, n = clinic.mean_reduction, clinic.mean_reduction_ci, clinic.evaluable
    start, latest = clinic.mean_baseline, clinic.mean_latest
    assert mean is not None  # n > 0
    assert start is not None
    assert latest is not None
    why = too_few(n) if n < 2 else ALIKE
    low, high = (shown_points(f"mean_reduction_{end}") for end in ("low", "high"))
    later = clinic.follow_up
    now = "" if later.mean is None else f"; at follow-up {points(later.mean)} (n = {later.n})"
    later_on = f"&{literal(now)}&{SAID_AS_MADE}" if now else ""
    interval = f"95 % interval {points(ci[0])} to {points(ci[1])}" if ci else f"no interval: {why}"
    return Card(
        LABELS[0],
        Formula(
            _known(f'{shown_points("mean_baseline")}&" → "&{shown_points("mean_latest")}'),
            f"{points(start)} → {points(latest)}",
        ),
        Formula(
            _noted(
                f'IF(mean_reduction<0,"up ","down ")&{shown_points("ABS(mean_reduction)")}'
                f'&" points of 10; "&IF(ISNUMBER(mean_reduction_low),"95 % interval "&{low}&" to "'
                f'&{high},"no interval: "&mean_reduction_low)&"; n = "&evaluable{later_on}'
            ),
            f"{'up' if mean < 0 else 'down'} {points(abs(mean))} points of 10; {interval};"
            f" n = {n}{now}",
        ),
    )


def _responders(clinic: ClinicFigures) -> Card:
    rate, n = clinic.responder_30, clinic.evaluable
    assert rate.observed is not None  # n > 0
    assert rate.observed_ci is not None
    assert rate.all_started is not None
    low, high = (share(end) for end in rate.observed_ci)
    own, least, most, all_of = (
        shown_share(f"responder_30_{end}")
        for end in ("observed", "observed_low", "observed_high", "all_started")
    )
    return Card(
        LABELS[1],
        Formula(_known(own), share(rate.observed)),
        Formula(
            _noted(
                f'"of "&evaluable&" evaluable; 95 % interval "&{least}&" to "&{most}&"; "'
                f'&{all_of}&" of all "&started&" started"'
            ),
            f"of {n} evaluable; 95 % interval {low} to {high};"
            f" {share(rate.all_started)} of all {clinic.started} started",
        ),
    )


def _worse(book: ReportBook) -> Card:
    clinic = book.analysis.clinic
    since = worse_since(book)
    begins, ends = "at the end of the course", f". {_events(book)}"
    later = f"{begins}; {since} more at a follow-up" if since else begins
    made = SAID_AS_MADE if since else LATER_AS_MADE
    note = Formula(f"={literal(later)}&{made}&{literal(ends)}", f"{later}{ends}")
    return Card(
        LABELS[2],
        Formula(
            _known(f'{WORSE_ONES}&" of "&evaluable'), f"{clinic.worse.count} of {clinic.evaluable}"
        ),
        note,
    )


def _events(book: ReportBook) -> str:
    """Events of the period beside those of the whole courses."""
    events, period = book.analysis.clinic.adverse_events, period_counts(book.analysis)
    noted, hit = events.sessions_completed, events.sessions_with_event
    if events.per_100 is None:
        return "Adverse events: not documented; blank is not “none”"
    rate = f"{per_100(events.per_100)} per 100"
    if events.upper_bound_per_100 is not None:
        rate = f"could be up to {per_100(events.upper_bound_per_100)} per 100"
    told = f"{count(hit, 'event')} in {noted:,} documented sessions ({rate})"
    if period is None:
        return f"Adverse: {told}"
    return f"Adverse: {count(period.with_event, 'event')} in the period; whole courses {told}"


def _lasting(book: ReportBook) -> Card:
    """As made: who lasts is judged by follow-ups, which no formula does."""
    found = book.analysis.clinic.durability
    seen = found["sustained"] + found["relapsed"]
    return Card(
        once_edited(book, LABELS[3]),
        f"{found['sustained']} of {seen}" if seen else NOT_KNOWN,
        f"responders with a follow-up are still down by 30 %; {found['relapsed']} relapsed;"
        f" {found['not-known']} had none",
    )


def _known(formula: str) -> str:
    """A card's figure, as a new run has it where nobody can be evaluated."""
    return f"={if_any(formula, NOT_KNOWN)}"


def _noted(formula: str) -> str:
    """What stands below it."""
    return f"={if_any(formula, NOBODY)}"


def courses_line(clinic: ClinicFigures, protocol: Protocol) -> str:
    """How the patients' courses stand."""
    return (
        f"{count(clinic.started, 'patient')}: {clinic.completed} {completed(protocol)} or were"
        f" discharged, {clinic.in_progress} in progress, {clinic.dropouts} dropped out"
    )
