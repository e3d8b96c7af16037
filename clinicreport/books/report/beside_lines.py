"""What stands beside the headline, a line each in words: as made, not followed by formulas."""

from __future__ import annotations

from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import bare_share, points, score, share
from clinicreport.outcomes.figures import (
    ClinicFigures,
    MeasurementError,
    Proportion,
    Rate,
)
from clinicreport.outcomes.intervals import Interval

NNT = "none: a log without a comparison group tells none (sheet Evidence)"


def beside_lines(book: ReportBook) -> list[tuple[str, str]]:
    """Label and text of each line; none where nobody is evaluable."""
    clinic = book.analysis.clinic
    if not clinic.evaluable:
        return []
    rates = (
        ("30 %", clinic.responder_30),
        ("50 %", clinic.responder_50),
        ("2 points", clinic.mcid),
    )
    return [
        ("Confirmed", "; ".join(_confirmed(name, rate, clinic.evaluable) for name, rate in rates)),
        ("", "on two visit days running, of the evaluable patients"),
        ("Worst and best case", "; ".join(_ends(name, rate) for name, rate in rates)),
        ("", "of all who started: nobody, or everybody, who is not evaluable responded"),
        ("A score's own error", error_text(clinic.measurement_error)),
        ("Important by baseline", _important(book)),
        ("Before treatment", before_text(clinic)),
        ("After the course", _after(clinic)),
        ("Events, where graded", graded_text(clinic)),
        ("Number needed to treat", NNT),
    ]


def _confirmed(name: str, rate: Rate, n: int) -> str:
    return f"{name}: {rate.confirmed} of {n}{in_brackets(rate.confirmed_observed_ci)}"


def in_brackets(ends: Interval | None) -> str:
    """An interval of a share as in " (95 % 36.5 to 75.5 %)"."""
    return f" (95 % {bare_share(ends[0])} to {bare_share(ends[1])} %)" if ends else ""


def _ends(name: str, rate: Rate) -> str:
    assert rate.all_started is not None  # somebody started
    assert rate.best_case is not None
    return f"{name}: {bare_share(rate.all_started)} to {share(rate.best_case)}"


def error_text(error: MeasurementError) -> str:
    """How many changed by more than the minimal detectable change."""
    size = "each by its condition" if error.mdc is None else f"{score(error.mdc)} points"
    return (
        f"minimal detectable change {size}: {error.improved} improved by it, {error.within} not"
        f" told apart from chance, {error.worse} worse by it"
    )


def _important(book: ReportBook) -> str:
    clinic, steps = book.analysis.clinic, book.analysis.protocol.outcome.important_by_baseline
    least = ", ".join(f"{score(step.points)} from up to {score(step.up_to)}" for step in steps)
    return f"{of_evaluable(clinic.important_by_baseline, clinic.evaluable)}; points less: {least}"


def of_evaluable(found: Proportion, n: int) -> str:
    """A count of the evaluable with its share's interval."""
    return f"{found.count} of {n}{in_brackets(found.observed_ci)}"


def before_text(clinic: ClinicFigures) -> str:
    """The change from screening to the first treatment."""
    before = clinic.before_treatment
    if before is None:
        return "not known: fewer than 5 patients with a screening and a first score"
    ends = before.mean_ci
    within = f" (95 % {points(ends[0])} to {points(ends[1])})" if ends else ""
    way = "rose" if before.mean < 0 else "fell"
    return (
        f"pain {way} by {points(abs(before.mean))} points{within} from the last screening to the"
        f" first treatment, n = {before.n}: no effect of the treatment"
    )


def _after(clinic: ClinicFigures) -> str:
    lasting, later = clinic.durability, clinic.follow_up
    text = (
        f"of {clinic.responder_30.count} responders {lasting['sustained']} sustained,"
        f" {lasting['relapsed']} relapsed, {lasting['not-known']} without a follow-up"
    )
    return (
        text
        if later.mean is None
        else f"{text}; last follow-up {points(later.mean)} of 10, n = {later.n}"
    )


def graded_text(clinic: ClinicFigures) -> str:
    """How grave the events were, where a log has the columns."""
    events = clinic.adverse_events
    told = [
        ", ".join(f"{word} {count}" for word, count in found.items())
        for found in (events.by_severity, events.related)
        if found is not None
    ]
    if events.related is not None:
        told[-1] = f"related: {told[-1]}"
    if events.stopped is not None:
        told.append(f"treatment ended after {events.stopped}")
    return "; ".join(told) or "the logs have no column on how grave they were"
