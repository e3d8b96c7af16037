"""The headline figures: each once, with its formula, its interval and what it is out of.

A figure with a name is a defined name of the workbook, so that other sheets and other workbooks
can use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from clinicreport.books.report.interval_formulas import (
    CellInterval,
    change_interval,
    few,
    median_interval,
    t_interval,
    wilson,
)
from clinicreport.books.report.patient_formulas import shown_percent, shown_points, shown_share
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import per_100, percent, points, score, share
from clinicreport.workbook.page import Cell, Formula
from clinicreport.workbook.words import NO_PATIENT, REASONS, STATUSES, count, too_few

GOOD = 'patients[Evaluable],"yes"'


class Figure(NamedTuple):
    """One headline figure. ``out_of`` says over whom, in words."""

    name: str
    label: str
    value: Cell
    style: str
    out_of: Cell
    interval: CellInterval | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is a share from 0 to 1, shown in per cent."""
        return self.style == "figure_share"


def figures(book: ReportBook) -> list[Figure]:
    """All of them, in the order of the first page."""
    return [*_pain(book), *_responders(book), *_safety(book), *_course(book)]


def counts(book: ReportBook) -> list[Figure]:
    """Who is counted: started = evaluable + each reason why not."""
    clinic = book.analysis.clinic
    live = bool(book.roster.patients)

    def cell(formula: str, value: int) -> Cell:
        return Formula(formula, value) if live else value

    return [
        Figure(
            "started",
            "Started treatment",
            cell("=ROWS(patients[No.])", clinic.started),
            "figure_count",
            "at least one treatment; = evaluable + the four reasons",
        ),
        Figure(
            "evaluable",
            "Evaluable",
            cell(f"=COUNTIF({GOOD})", clinic.evaluable),
            "figure_count",
            "a score above 0 at the start, and a later one",
        ),
        *(
            Figure(
                reason.replace("-", "_"),
                f"Not evaluable: {words}",
                cell(f'=COUNTIF(patients[Evaluable],"{words}")', clinic.not_evaluable[reason]),
                "figure_count",
                _EXPLAINED[reason],
            )
            for reason, words in REASONS.items()
        ),
    ]


_EXPLAINED = {
    "no-baseline": "no score on the first day, nor at a screening",
    "zero-baseline": "no pain to reduce: a percentage is undefined",
    "single-day": "no visit after the first day",
    "no-later-score": "visits, but no score after the first day",
}


def _pain(book: ReportBook) -> Iterator[Figure]:
    clinic = book.analysis.clinic
    n = clinic.evaluable

    def mean(heading: str, value: float | None) -> Cell:
        return _over(_if_any(f"AVERAGEIFS(patients[{heading}],{GOOD})"), value, n)

    start, now = mean("Baseline", clinic.mean_baseline), mean("Latest", clinic.mean_latest)
    yield Figure(
        "mean_baseline",
        "Mean pain at the start",
        start,
        "figure_mean",
        "of 10; all evaluable patients",
    )
    yield Figure(
        "mean_latest", "Mean pain, latest score", now, "figure_mean", "of 10; the same patients"
    )
    yield Figure(
        "mean_reduction",
        "Mean reduction",
        mean("Reduction", clinic.mean_reduction),
        "figure_points",
        _people("", "evaluable", "evaluable patient", n),
        t_interval(clinic.mean_reduction_ci, n),
    )
    yield Figure(
        "median_percent_reduction",
        "Median of the patients' percentages",
        _over(_if_any("MEDIAN(patients[Percent])"), clinic.median_percent_reduction, n),
        "figure_percent",
        "half of the patients had a larger reduction, half a smaller one",
        median_interval(clinic.median_percent_reduction_ci, n),
    )
    yield Figure(
        "ratio_of_means",
        "Ratio of the means",
        _over(_if_any("100*(mean_baseline-mean_latest)/mean_baseline"), clinic.ratio_of_means, n),
        "figure_percent",
        "fall of the mean score, as a share of the mean at the start",
    )
    yield _standardised(
        clinic.standardised_mean_change, n, change_interval(clinic.standardised_mean_change_ci, n)
    )


def _standardised(value: float | None, n: int, interval: CellInterval | None) -> Figure:
    """The mean reduction over the SD at the start; in words where there is no such figure."""
    spread = 'STDEV(IF(patients[Evaluable]="yes",patients[Baseline]))'
    formula = (
        f'IF(evaluable<3,{few()},IF({spread}=0,"all started alike",'
        f"mean_reduction/{spread}*(1-3/(4*(evaluable-1)-1))))"
    )
    instead = too_few(n) if n < 3 else "all started alike"
    return Figure(
        "standardised_mean_change",
        "Standardised mean change",
        _over(formula, value, n, instead=instead, array=True),
        "figure_mean2",
        "over the SD at the start; about 1 is usual (sheet Evidence)",
        interval,
    )


_STARTED = " who started (not evaluable = not reached)"


def _responders(book: ReportBook) -> Iterator[Figure]:
    clinic = book.analysis.clinic
    seen, all_of = ("evaluable", "evaluable patient", ""), ("started", "patient", _STARTED)
    again = "  the same, of all who started"
    for name, rate, heading, label in (
        ("responder_30", clinic.responder_30, "30 % less", "Pain down by 30 % or more"),
        ("responder_50", clinic.responder_50, "50 % less", "Pain down by 50 % or more"),
        ("mcid", clinic.mcid, "2 points less", "Pain down by 2 points or more"),
    ):
        hits = f'COUNTIF(patients[{heading}],"yes")'
        for kind, title, value, ends, n, (total, whom, after) in (
            ("observed", label, rate.observed, rate.observed_ci, clinic.evaluable, seen),
            ("all_started", again, rate.all_started, rate.all_started_ci, clinic.started, all_of),
        ):
            yield Figure(
                f"{name}_{kind}",
                title,
                _over(
                    _if_any(f"{hits}/{total}") if total == "evaluable" else f"{hits}/{total}",
                    value,
                    n,
                ),
                "figure_share",
                _people(f'{hits}&" of "&', total, whom, n, f"{rate.count} of ", after),
                wilson(f"{name}_{kind}", total, ends, n),
            )
    n = clinic.evaluable
    limit = score(book.analysis.protocol.outcome.low_baseline)
    yield Figure(
        "worse_observed",
        "Worse by 2 points or more",
        _over(_if_any('COUNTIF(patients[Response],"worse")/evaluable'), clinic.worse.observed, n),
        "figure_share",
        _people(
            'COUNTIF(patients[Response],"worse")&" of "&',
            "evaluable",
            "evaluable patient",
            n,
            f"{clinic.worse.count} of ",
        ),
        wilson("worse_observed", "evaluable", clinic.worse.observed_ci, n),
    )
    yield Figure(
        "low_baseline",
        f"Started under {limit} of 10",
        _over(f'COUNTIFS(patients[Low baseline],"yes",{GOOD})', clinic.low_baseline, n),
        "figure_count",
        "evaluable patients for whom 2 points less are hard to reach",
    )


def _safety(book: ReportBook) -> Iterator[Figure]:
    clinic, events = book.analysis.clinic, book.analysis.clinic.adverse_events
    noted, hit = events.sessions_completed, events.sessions_with_event
    counted = 'sessions[Counted],"yes",sessions[Event]'
    formula = f'COUNTIFS({counted},"event")'
    total = f'({formula}+COUNTIFS({counted},"none"))'
    bound = events.upper_bound_per_100
    ends = events.per_100_ci if bound is None else (0.0, bound)
    yield Figure(
        "adverse_events_per_100",
        "Adverse events per 100 sessions",
        _over(f"100*{formula}/{total}", events.per_100, noted, "not documented"),
        "figure_mean2",
        f"{count(hit, 'event')} in {noted:,} sessions with the field filled in, of"
        f" {clinic.sessions:,}",
        ends,
    )
    yield Figure(
        "patients_with_event",
        "Patients with an adverse event",
        events.patients,
        "figure_count",
        "events of one patient often belong together",
    )


def _course(book: ReportBook) -> Iterator[Figure]:
    clinic = book.analysis.clinic
    live = bool(book.roster.patients)
    judged = sum(int(patient.course["weeks_judged"] or 0) for patient in book.roster.patients)
    yield Figure(
        "adherence",
        "Weeks with the planned number of sessions",
        _over(
            "SUM(patients[Weeks in band])/SUM(patients[Weeks judged])",
            clinic.adherence,
            judged,
            "no full week yet",
        ),
        "figure_share",
        f"of {judged:,} full weeks; cannot see the weeks after a drop-out",
    )
    ended = clinic.dropouts + clinic.completed
    out, going = (f'COUNTIF(patients[Status],"{words}")' for words in STATUSES.values())
    yield Figure(
        "dropout_rate",
        "Dropped out",
        _over(f"{out}/(started-{going})", clinic.dropout_rate, ended, "no course has ended"),
        "figure_share",
        f"{clinic.dropouts} of {ended} ended courses; {clinic.in_progress} in progress",
        wilson("dropout_rate", f"(started-{going})", clinic.dropout_rate_ci, ended),
    )
    share = clinic.completeness.get("baseline_and_latest")
    known = 'patients[Baseline],">=0",patients[Latest],">=0"'
    yield Figure(
        "scored_share",
        "Score at the start and a later one",
        _over(f"COUNTIFS({known})/started", share, clinic.started if live else 0),
        "figure_share",
        "completeness: share of the patients who started",
    )


def _if_any(formula: str) -> str:
    """A formula over the evaluable patients, in words once corrections leave none."""
    return f'IF(evaluable=0,"{NO_PATIENT}",{formula})'


def _over(
    formula: str, value: Any, n: int, instead: str = NO_PATIENT, *, array: bool = False
) -> Cell:
    """A formula over a group, or in words why there is none."""
    if not n:
        return instead
    return Formula(f"={formula}", instead if value is None else value, array=array)


def _people(formula: str, total: str, noun: str, n: int, before: str = "", after: str = "") -> Cell:
    """As in "25 of 58 evaluable patients"; static where there is nobody to count."""
    value = f"{before}{count(n, noun)}{after}"
    if not n:
        return value
    plural = f'FIXED({total},0)&IF({total}=1," {noun}"," {noun}s")'
    return Formula(f'={formula}{plural}&"{after}"', value)


def _words_of(figure: Figure) -> tuple[Callable[[str], str], Callable[[float], str]]:
    """How an end is worded, by a formula and here."""
    if figure.is_share:
        return shown_share, share
    if figure.style == "figure_percent":
        return shown_percent, percent
    return shown_points, points


def interval_text(figure: Figure, low: str, high: str) -> Cell:
    """The interval in words, from the cells of its ends."""
    assert figure.interval is not None
    ends = [end.value if isinstance(end, Formula) else end for end in figure.interval]
    shown, words = _words_of(figure)
    if figure.name == "adverse_events_per_100":
        least, most = (float(end) for end in ends)  # type: ignore[arg-type]
        if not least:
            return f"up to {per_100(most)}: no event so far"
        return f"{per_100(least)} to {per_100(most)}"
    formula = f'=IF(ISNUMBER({low}),{shown(low)}&" to "&{shown(high)},{low})'
    if isinstance(ends[0], str):
        return Formula(formula, ends[0])
    return Formula(formula, " to ".join(words(float(end)) for end in ends))  # type: ignore[arg-type]
