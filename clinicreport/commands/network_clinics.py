"""One unit read, checked and added up: a plain function from picklable to picklable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.commands.network_units import NetworkUnit
from clinicreport.ground.frame import Column, Frame, groups, known, missing
from clinicreport.ground.safe_names import safe_name
from clinicreport.log.findings import tally
from clinicreport.outcomes.analysis import Analysis, Checked
from clinicreport.outcomes.network.network_figures import CHANGED, EVENT_COLUMNS
from clinicreport.outcomes.network.sums import (
    Aggregate,
    ClinicResult,
    Counts,
    Moments,
    MonthSums,
    UnitResult,
)

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log
    from clinicreport.outcomes.figures import ClinicFigures
    from clinicreport.path import Report

PART = ".part"  # ending of a report that waits to be put in its place
RATES = ("responder_30", "responder_50", "mcid")
FEW = 3  # clinics that are named one by one


def read_units(units: Sequence[NetworkUnit]) -> list[UnitResult]:
    """Read some units' logs and reduce each clinic in them to its sums.

    One child process reads them all, ahead of the counting. Writes the clinics' own reports where
    asked for, under names that end in ``.part``.
    """
    from clinicreport.path import check_logs, judged, typed
    from clinicreport.reading.files import read_books

    owner = {path: at for at, unit in enumerate(units) for path in unit.paths}
    books = read_books(list(owner), password=units[0].request.password)
    results: dict[int, UnitResult] = {}
    for at, own in groupby(books, key=lambda book: owner[book.path]):
        request = units[at].request
        checked = judged(typed(own, request), request)
        if not any(owner[skipped.path] == at for skipped in books.skipped):
            results[at] = _reduced(units[at], checked)
    for at, unit in enumerate(units):
        if at not in results:  # a file whose content came before, perhaps in another unit
            results[at] = _reduced(unit, check_logs(unit.paths, unit.request))
    return [results[at] for at in range(len(units))]


def _reduced(unit: NetworkUnit, checked: Checked) -> UnitResult:
    """A unit's clinics, each reduced to its sums."""
    from clinicreport.books.share.shared_people import people_of
    from clinicreport.ground.period import months_of
    from clinicreport.path import counted

    parts = list(_clinics(unit, checked))
    clinics = []
    for name, own in parts:
        report = counted(own)
        result = report.analysis
        alike = sum(name.casefold() == other.casefold() for other, _ in parts) > 1
        path = _write(unit, file_name(name, alike=alike), report) if unit.beside else None
        findings = tuple(tally(own.findings).items())
        people = people_of(result) if unit.share else ()
        sums = aggregate(own, result)
        clinics.append(ClinicResult(name, result.as_of, sums, findings, path, people))
    period, dates = checked.request.period, checked.log.visits["date"]
    return UnitResult(
        _names(clinics) or unit.name,
        tuple(clinics),
        checked.inputs,
        months_of(dates),
        period is None or period.holds(dates),
    )


def _names(clinics: Sequence[ClinicResult]) -> str:
    """The clinics of a unit in words."""
    if len(clinics) > FEW:
        return f"{len(clinics)} clinics"
    return ", ".join(clinic.name for clinic in clinics)


def _clinics(unit: NetworkUnit, checked: Checked) -> Iterator[tuple[str, Checked]]:
    """Each clinic of a unit with its part of what was checked."""
    clinics = checked.log.visits["clinic"]
    named = sorted(set(known(clinics).tolist()))
    rest = bool(missing(clinics).any())
    if len(named) + rest < 2:
        name = unit.name if unit.fixed or not named else named[0]
        config = unit.request.config.model_copy(update={"name": name})
        yield name, checked._replace(request=checked.request._replace(config=config))
        return
    for site in [*named, *([None] if rest else [])]:
        name = site or "clinic not written"
        if unit.fixed:
            name = f"{unit.name}: {name}"
        yield name, _part(checked, site, name)


def _part(checked: Checked, site: str | None, name: str) -> Checked:
    """What was checked, of one clinic alone: the same path over its visits."""
    from clinicreport.path import judged

    config = checked.request.config.model_copy(update={"name": name})
    log = log_of(checked.log, site)
    part = judged(log, checked.request._replace(config=config))
    return part._replace(repeated=checked.repeated)


def log_of(log: Log, site: str | None) -> Log:
    """The log with the visits and the findings of one clinic.

    Rows that were set aside belong to no visit: they are counted where their clinic was read, and
    in the network's list of inputs.
    """
    clinics = log.visits["clinic"]
    here = missing(clinics) if site is None else clinics == site
    return log.only(here, lambda finding: site is not None and finding.clinic == site)


def file_name(name: str, *, alike: bool) -> str:
    """What a clinic's own report is called: one name a clinic. ``alike``: another clinic's name
    differs in case only, which many file systems cannot tell apart."""
    if re.fullmatch(r"[A-Za-z0-9 -]{1,60}", name) and not alike:
        return name.replace(" ", "_")
    return safe_name(name)


def _write(unit: NetworkUnit, name: str, report: Report) -> str:
    """The clinic's own report; its path without ``.part``. Raises OutputError."""
    from clinicreport.workbook.output import refuse, save

    path = Path(f"{unit.beside}-{name}.xlsx")
    refuse(path, force=unit.force)
    if not unit.dry_run:
        save(report.workbook(), path.with_name(path.name + PART), force=True)
    return str(path)


def aggregate(checked: Checked, result: Analysis) -> Aggregate:
    """A clinic's sums.

    ``counts``: ``started``, ``evaluable``, the reasons of who is not, the responses, ``worse``,
    ``low_baseline`` (of the evaluable), ``followed_up``, the statuses, ``weeks_judged``,
    ``weeks_in_band``, ``sessions``, ``events``, ``events_completed``, and for each field
    ``filled:field`` and ``expected:field``; and what :func:`_beside` adds.
    """
    evaluable = result.evaluable
    baseline, last = _exact(evaluable["baseline"]), _exact(evaluable["latest"])
    reduction = [first - second for first, second in zip(baseline, last, strict=True)]
    percents = Counter(100 * r / b for r, b in zip(reduction, baseline, strict=True))
    return Aggregate(
        Counts.of(_counts(checked, result.clinic, result.latest) | _beside(result)),
        Counts.of(_strata(evaluable)),
        Counts.of(percents),
        Moments.of(baseline),
        Moments.of(last),
        Moments.of(reduction),
        Moments.of(_exact(known(evaluable["follow_up_score"]))),
        Moments.of(_exact(known(result.latest["change_before"]))),
        _months(result),
    )


def _months(result: Analysis) -> MonthSums:
    """What each month's own report says, as sums: every month of the clinic's trend."""
    counted = result.month_courses.where(result.month_courses["evaluable"])
    by_month = {month: counted.take(at) for month, at in groups(counted["month"])}
    items = []
    for entry in result.clinic.trend:
        year, number = map(int, entry.month.split("-"))
        month = (year - 1970) * 12 + number - 1
        own = by_month.get(month)
        if own is None:
            items.append((month, Moments(), 0))
        else:
            items.append(
                (month, Moments.of(_exact(own["reduction"])), int(own["responder_30"].sum()))
            )
    return MonthSums(tuple(items))


def _exact(scores: Column) -> list[Fraction]:
    from clinicreport.log.exact import fraction

    return [fraction(score) for score in scores.tolist()]


def _counts(checked: Checked, clinic: ClinicFigures, latest: Frame) -> dict[str, int]:
    from clinicreport.outcomes.clinic_figures import filled

    visits = checked.courses.visits
    fields = filled(checked.log, visits.only(visits.flags("in_scope")), latest)
    return {
        "started": clinic.started,
        "evaluable": clinic.evaluable,
        "worse": clinic.worse.count,
        "important": clinic.important_by_baseline.count,
        "low_baseline": clinic.low_baseline,
        "sessions": clinic.sessions,
        "dropouts": clinic.dropouts,
        "completed": clinic.completed,
        "in_progress": clinic.in_progress,
        "weeks_judged": clinic.weeks_judged,
        "weeks_in_band": clinic.weeks_in_band,
        "responder_30": clinic.responder_30.count,
        "responder_50": clinic.responder_50.count,
        "mcid": clinic.mcid.count,
        **clinic.not_evaluable,
        "followed_up": len(known(latest["follow_up_days"])),
        "events": clinic.adverse_events.sessions_with_event,
        "events_completed": clinic.adverse_events.sessions_completed,
        **{f"filled:{name}": found[0] for name, found in fields.items() if found},
        **{f"expected:{name}": found[1] for name, found in fields.items() if found},
    }


def _beside(result: Analysis) -> dict[str, int]:
    """``confirmed:`` each rate, ``mdc:`` each minimal detectable change, ``changed:`` how patients
    changed by it, the words of durability, ``patients_with_event``, and for each column on events
    that the logs have (``has:column``) its answers (``column:answer``)."""
    from clinicreport.outcomes.beside_headline import mdcs

    clinic, events = result.clinic, result.clinic.adverse_events
    told = {f"confirmed:{name}": getattr(clinic, name).confirmed for name in RATES}
    told |= {
        f"mdc:{size}": n for size, n in Counter(mdcs(result.evaluable, result.protocol)).items()
    }
    told |= {f"changed:{name}": getattr(clinic.measurement_error, name) for name in CHANGED}
    told |= clinic.durability | {"patients_with_event": events.patients}
    stopped = None if events.stopped is None else {"yes": events.stopped}
    for column, found in zip(
        EVENT_COLUMNS, (events.by_severity, events.related, stopped), strict=True
    ):
        if found is not None:
            told |= {f"has:{column}": 1} | {f"{column}:{word}": n for word, n in found.items()}
    return told


def _strata(evaluable: Frame) -> Counter[tuple[str, str, str]]:
    """Evaluable patients and responders by condition and height of the baseline."""
    from clinicreport.books.share.conditions import known as by_name

    counts: Counter[tuple[str, str, str]] = Counter()
    columns = (evaluable[name].tolist() for name in ("condition", "low_baseline", "responder_30"))
    for condition, low, responder in zip(*columns, strict=True):
        key = by_name(condition), "low" if low else "other"
        counts[(*key, "evaluable")] += 1
        counts[(*key, "responder_30")] += bool(responder)
    return counts
