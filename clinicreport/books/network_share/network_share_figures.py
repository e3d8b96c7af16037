"""What the network's version for sharing shows, as text, rounded; words where a figure is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clinicreport.books.network_share.network_share_counts import (
    ALL,
    NetworkCounts,
    of,
    of_stratum,
    tallied,
)
from clinicreport.books.share.shared_lines import (
    HIDDEN,
    HeadlineLine,
    Shown,
    count_line,
    shown_ends,
)
from clinicreport.books.share.suppression import FEWEST
from clinicreport.ground.rounding import per_100, points, score
from clinicreport.outcomes.harms import per_100_interval
from clinicreport.outcomes.network.network_figures import NetworkFigures
from clinicreport.outcomes.network.network_result import Network
from clinicreport.workbook.words import count, covers

RATES = (
    ("Pain down by 30 % or more", "responder_30"),
    ("Pain down by 50 % or more", "responder_50"),
    ("Worse by 2 points or more", "worse"),
)


@dataclass(frozen=True, slots=True)
class ClinicLine:
    """A clinic's row: each figure as text; ``rates`` and ``events`` with interval and count."""

    name: str
    started: str
    evaluable: str
    rates: tuple[HeadlineLine, ...]
    reduction: HeadlineLine
    sessions: str
    events: HeadlineLine
    latest: date | None


@dataclass(frozen=True, slots=True)
class StratumLine:
    """A stratum's row."""

    condition: str
    start: str
    responders: HeadlineLine


@dataclass(frozen=True, slots=True)
class NetworkAggregates:
    """All that the network's version for sharing shows."""

    as_of: date | None
    covers: str
    said: tuple[str, ...]
    figures: list[HeadlineLine]
    clinics: list[ClinicLine]
    strata: list[StratumLine]


def network_aggregates(network: Network, counts: NetworkCounts | None = None) -> NetworkAggregates:
    """Everything that may leave. The last day is that of a clinic that may be shown."""
    counts = counts or tallied(network)
    days = [network.clinics[at].as_of for at in counts.clinics]
    as_of = max((day for day in days if day), default=None)
    return NetworkAggregates(
        as_of=as_of,
        covers=covers(as_of, network.request.period),
        said=_said(counts),
        figures=_figures(network, counts),
        clinics=_clinics(network, counts),
        strata=_strata(network, counts),
    )


def _said(counts: NetworkCounts) -> tuple[str, ...]:
    """How many clinics there are, and how many of them have no figure."""
    every = count(len(counts.clinics) + counts.small, "clinic")
    if not counts.small:
        return (f"{every}, each with figures of its own on sheet Clinics.",)
    rest = (
        f"{count(counts.small, 'clinic')} with fewer than {FEWEST} patients started or evaluable"
        f" {'has' if counts.small == 1 else 'have'} no figure and no name here"
    )
    return (f"{every}: {rest}; they are counted in the figures of all that are shown.",)


def _figures(network: Network, counts: NetworkCounts) -> list[HeadlineLine]:
    shown, total = counts.shown, network.total
    return [
        HeadlineLine(
            "Started treatment", shown.text(of(ALL, "started")), "–", "patients of all clinics"
        ),
        HeadlineLine("Evaluable", shown.text(of(ALL, "evaluable")), "–", "patients of all clinics"),
        *(_rate(shown, ALL, label, measure) for label, measure in RATES),
        _reduction(counts, ALL, total),
        _events(shown, ALL, total),
        count_line(
            shown,
            "Sessions with an adverse event",
            of(ALL, "events"),
            of(ALL, "documented"),
            "sessions with the field filled in",
        ),
        HeadlineLine("Sessions", shown.text(of(ALL, "sessions")), "–", "of all clinics"),
    ]


def _rate(shown: Shown, whole: str, label: str, measure: str) -> HeadlineLine:
    return shown.rate_line(label, of(whole, measure), of(whole, "evaluable"), "evaluable patients")


def _reduction(counts: NetworkCounts, whole: str, figures: NetworkFigures) -> HeadlineLine:
    """The mean, where its number of patients is shown: then the clinics without one of their own
    have nobody, or enough for a mean."""
    fine = counts.shown.all(of(whole, "evaluable")) and figures.evaluable >= FEWEST
    mean = figures.mean_reduction
    return HeadlineLine(
        "Mean reduction",
        f"{points(mean)} points" if fine and mean is not None else HIDDEN,
        shown_ends(figures.mean_reduction_ci if fine else None),
        f"{counts.shown.text(of(whole, 'evaluable'))} evaluable patients",
    )


def _events(shown: Shown, whole: str, figures: NetworkFigures) -> HeadlineLine:
    """Adverse events per 100 sessions with the field filled in."""
    known = shown.all(of(whole, "events"), of(whole, "documented"))
    events = figures.adverse_events
    ends = (
        per_100_interval(events.sessions_with_event, events.sessions_completed) if known else None
    )
    rate = events.per_100
    value = HIDDEN if not known else "not documented" if rate is None else per_100(rate)
    return HeadlineLine(
        "Adverse events per 100 sessions",
        value,
        " to ".join(map(per_100, ends)) if ends else "–",
        f"{shown.text(of(whole, 'events'))} in {shown.text(of(whole, 'documented'))} sessions",
    )


def _clinics(network: Network, counts: NetworkCounts) -> list[ClinicLine]:
    lines = []
    for at in counts.clinics:
        clinic, whole = network.clinics[at], f"clinic {at}"
        lines.append(_line(counts, whole, clinic.name, clinic.figures, clinic.as_of))
    return lines


def _line(
    counts: NetworkCounts, whole: str, name: str, figures: NetworkFigures, latest: date | None
) -> ClinicLine:
    shown = counts.shown
    return ClinicLine(
        name,
        shown.text(of(whole, "started")),
        shown.text(of(whole, "evaluable")),
        tuple(_rate(shown, whole, label, measure) for label, measure in RATES),
        _reduction(counts, whole, figures),
        shown.text(of(whole, "sessions")),
        _events(shown, whole, figures),
        latest,
    )


def _strata(network: Network, counts: NetworkCounts) -> list[StratumLine]:
    limit = score(network.request.protocol.outcome.low_baseline)
    starts = {"low": f"under {limit} of 10", "other": f"{limit} or more"}
    return [
        StratumLine(
            network.strata[at].condition,
            starts[network.strata[at].baseline],
            counts.shown.rate_line(
                "Pain down by 30 % or more",
                of_stratum(at, "responder_30"),
                of_stratum(at, "evaluable"),
                "evaluable patients",
            ),
        )
        for at in counts.strata
    ]
