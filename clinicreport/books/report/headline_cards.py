"""The four figures on top of the first page, as live text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.books.report.patient_formulas import shown_points, shown_share
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import per_100, points, share
from clinicreport.workbook.cards import Card
from clinicreport.workbook.page import Formula
from clinicreport.workbook.words import ALIKE, completed, count, too_few

if TYPE_CHECKING:
    from clinicreport.outcomes.figures import ClinicFigures
    from clinicreport.protocol.in_force import Protocol


def cards(book: ReportBook) -> list[Card]:
    """Mean pain, responders, adverse events, patients."""
    clinic = book.analysis.clinic
    if clinic.evaluable:
        outcome = [_pain(clinic), _responders(clinic)]
    else:
        nobody = "nobody has a score above 0 at the start and a later one"
        labels = ("Mean pain, start → latest", "At least 30 % less pain")
        outcome = [Card(label, "not known", nobody) for label in labels]
    return [*outcome, _events(clinic), _patients(clinic, book.analysis.protocol)]


def _pain(clinic: ClinicFigures) -> Card:
    mean, ci, n = clinic.mean_reduction, clinic.mean_reduction_ci, clinic.evaluable
    start, latest = clinic.mean_baseline, clinic.mean_latest
    assert mean is not None  # n > 0
    assert start is not None
    assert latest is not None
    why = too_few(n) if n < 2 else ALIKE
    low, high = (shown_points(f"mean_reduction_{end}") for end in ("low", "high"))
    interval = f"95 % interval {points(ci[0])} to {points(ci[1])}" if ci else f"no interval: {why}"
    return Card(
        "Mean pain, start → latest",
        Formula(
            f'={shown_points("mean_baseline")}&" → "&{shown_points("mean_latest")}',
            f"{points(start)} → {points(latest)}",
        ),
        Formula(
            f'=IF(mean_reduction<0,"up ","down ")&{shown_points("ABS(mean_reduction)")}'
            f'&" points of 10; "&IF(ISNUMBER(mean_reduction_low),"95 % interval "&{low}&" to "'
            f'&{high},"no interval: "&mean_reduction_low)&"; n = "&evaluable',
            f"{'up' if mean < 0 else 'down'} {points(abs(mean))} points of 10; {interval}; n = {n}",
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
        "At least 30 % less pain",
        Formula(f"={own}", share(rate.observed)),
        Formula(
            f'="of "&evaluable&" evaluable; 95 % interval "&{least}&" to "&{most}&"; "'
            f'&{all_of}&" of all "&started&" started"',
            f"of {n} evaluable; 95 % interval {low} to {high};"
            f" {share(rate.all_started)} of all {clinic.started} started",
        ),
    )


def _events(clinic: ClinicFigures) -> Card:
    events = clinic.adverse_events
    noted, hit = events.sessions_completed, events.sessions_with_event
    label = "Adverse events per 100"
    if events.per_100 is None:
        return Card(label, "not known", "no session has the field filled in; blank is not “none”")
    text = f"{count(hit, 'event')} in {noted:,} sessions with the field filled in"
    text += f" ({share(noted / clinic.sessions)} of all)"
    if events.upper_bound_per_100 is not None:
        text += f"; could be up to {per_100(events.upper_bound_per_100)}"
    return Card(label, per_100(events.per_100), text)


def _patients(clinic: ClinicFigures, protocol: Protocol) -> Card:
    parts = (
        f"{clinic.completed} {completed(protocol)} or were discharged,"
        f" {clinic.in_progress} in progress, {clinic.dropouts} dropped out;"
        f" {clinic.evaluable} can be evaluated"
    )
    return Card("Patients treated", f"{clinic.started:,}", parts)
