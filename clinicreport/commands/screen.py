"""What people read on a terminal: tables of findings and of headline figures, as text."""

from __future__ import annotations

import shutil
import textwrap

from clinicreport.ground.errors import UsageError
from clinicreport.ground.period import months_of, no_visit_in
from clinicreport.ground.rounding import bare_share, points, share
from clinicreport.log.findings import SYMBOLS, Finding, verdict
from clinicreport.log.inputs import counted_rows
from clinicreport.outcomes.analysis import Analysis, Checked
from clinicreport.outcomes.figures import AdverseEvents, ClinicFigures, Rate
from clinicreport.workbook.words import count


def terminal_width() -> int:
    """Columns of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def findings_table(checked: Checked, width: int) -> str:
    """The findings, a block a file, and the rows in, used and set aside."""
    lines: list[str] = []
    for entry in checked.inputs:
        if not entry.reason:
            sheet = f", sheet {entry.sheet}" if entry.sheet else ""
            lines.append(f"{entry.file}{sheet}: {counted_rows([entry]).said}")
            lines += _indented(f"Read as: {'; '.join(dict.fromkeys(entry.assumptions))}.", width, 2)
    lines += [f"{name}: the same content was read already" for name in checked.repeated]
    file = None
    for finding in checked.findings:
        if finding.file != file:
            file = finding.file
            lines += ["", file]
        lines += _finding(finding, width)
    counts = counted_rows(checked.inputs)
    lines += ["", f"Checked: {_how_much(checked)}; {counts.said}."]
    lines.append(f"Findings: {verdict(checked.findings)}.")
    if not checked.findings and counts.used:
        lines.append("NOTHING TO MEND.")
    lines.append(counts.warning)
    return "\n".join(lines).rstrip()


def _how_much(checked: Checked) -> str:
    """How much was looked at: visits, patients, rules."""
    patients = len(set(checked.log.visits["patient_id"].tolist()))
    rules = sum(rule.severity != "off" for rule in checked.request.protocol.rules.values())
    visits = count(len(checked.log.visits), "visit")
    return f"{visits} of {count(patients, 'patient')} by {count(rules, 'rule')}"


def refuse_empty_period(checked: Checked) -> None:
    """Raises UsageError where the logs hold visits, but none in the period that is asked for."""
    period, dates = checked.request.period, checked.log.visits["date"]
    if period is None or not len(dates):
        return
    if not period.holds(dates):
        raise UsageError(no_visit_in(period, months_of(dates)))


def _finding(finding: Finding, width: int) -> list[str]:
    head = f"  {SYMBOLS[finding.severity]} {finding.severity:<7} {finding.rule}"
    return [head, *_indented(finding.message, width, 6)]


def _indented(text: str, width: int, by: int) -> list[str]:
    indent = " " * by
    return textwrap.wrap(text, max(40, width), initial_indent=indent, subsequent_indent=indent)


def report_summary(result: Analysis, checked: Checked) -> str:
    """The headline figures, each with what it rests on."""
    clinic = result.clinic
    rows = [
        ("As of", result.as_of.isoformat() if result.as_of else "no visits"),
        ("Patients started", str(clinic.started)),
        ("Evaluable", _evaluable(clinic)),
        ("Mean NRS", _means(clinic)),
        ("30 % responders", _responders(clinic.responder_30, clinic)),
        ("50 % responders", _responders(clinic.responder_50, clinic)),
        ("Adverse events", _events(clinic.adverse_events)),
        ("Findings", verdict(checked.findings)),
        ("Rows", counted_rows(checked.inputs).said),
    ]
    rows += [("Read already", name) for name in checked.repeated]
    return "\n".join(f"{name + ':':<18} {text}" for name, text in rows)


def _evaluable(clinic: ClinicFigures) -> str:
    out = [f"{count} {reason}" for reason, count in clinic.not_evaluable.items() if count]
    return f"{clinic.evaluable}" + (f" (not: {', '.join(out)})" if out else "")


def _means(clinic: ClinicFigures) -> str:
    start, latest, mean = clinic.mean_baseline, clinic.mean_latest, clinic.mean_reduction
    if start is None or latest is None or mean is None:
        return "cannot tell: nobody is evaluable"
    text = f"{points(start)} -> {points(latest)}, reduction {points(mean)}"
    interval = clinic.mean_reduction_ci
    return text + (f" (95 % {points(interval[0])} to {points(interval[1])})" if interval else "")


def _responders(rate: Rate, clinic: ClinicFigures) -> str:
    if rate.observed is None or rate.observed_ci is None or rate.all_started is None:
        return "cannot tell: nobody is evaluable"
    low, high = rate.observed_ci
    return (
        f"{rate.count} of {clinic.evaluable} evaluable = {share(rate.observed)} "
        f"(95 % {bare_share(low)} to {bare_share(high)}); "
        f"{share(rate.all_started)} of all {clinic.started} started"
    )


def _events(events: AdverseEvents) -> str:
    if not events.sessions_completed:
        return "cannot tell: not documented"
    return (
        f"{events.sessions_with_event} in {events.sessions_completed} sessions with the "
        f"field completed, {events.patients} patients"
    )
