"""The counts of a network for sharing, of each clinic and of all, and which add up to which.

A clinic with fewer than 5 patients started or evaluable is *small*: all its counts are withheld,
and so are those of all small ones together where they are still fewer than 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clinicreport.books.share.shared_counts import UNSHOWN, SharedCounts
from clinicreport.books.share.shared_lines import Shown
from clinicreport.books.share.suppression import FEWEST, suppress
from clinicreport.outcomes.network.network_figures import NetworkFigures
from clinicreport.outcomes.network.network_result import Network, Stratum

ALL, SMALL_ONES = "all", "small"
MEASURES = {  # counted of each clinic; how much the total would be missed
    "started": 100.0,
    "evaluable": 1000.0,
    "responder_30": 400.0,
    "responder_50": 300.0,
    "worse": 200.0,
    "sessions": 200.0,
    "documented": 100.0,
    "events": 150.0,
}
RESTS = (  # a total, its counted part, and the rest that anybody can work out
    ("started", "evaluable", "not evaluable"),
    ("evaluable", "responder_30", "under 30"),
    ("evaluable", "responder_50", "under 50"),
    ("evaluable", "worse", "not worse"),
    ("responder_30", "responder_50", "moderate"),
    ("under 30", "worse", "little or none"),
    ("sessions", "documented", "not documented"),
    ("documented", "events", "no event"),
)
CLINIC, STRATUM = 20.0, 10.0  # what a clinic's count, or a stratum's, is worth


@dataclass(frozen=True, slots=True)
class NetworkCounts:
    """What may be read. ``clinics``, ``strata``: places in the network's lists of those large enough."""

    made: SharedCounts
    shown: Shown
    clinics: tuple[int, ...]
    strata: tuple[int, ...]
    small: int  # clinics without a figure


def of_clinic(at: int, measure: str) -> str:
    """The name of a clinic's count."""
    return f"clinic {at}: {measure}"


def of_stratum(at: int, measure: str) -> str:
    """The name of a stratum's count."""
    return f"stratum {at}: {measure}"


def of(whole: str, measure: str) -> str:
    """The name of a count of all, or of the small ones together."""
    return f"{whole}: {measure}"


def tallied(network: Network, *, by_condition: bool = True) -> NetworkCounts:
    """Every count of the network, and what of it may be read; ``by_condition``: strata too."""
    made = SharedCounts(worth={})
    parts: dict[str, int] = {}
    _add(made, ALL, _counted(network.total), 1.0)
    small = [at for at, clinic in enumerate(network.clinics) if _few(clinic.figures)]
    for at, clinic in enumerate(network.clinics):
        before = set(made.values)
        _add(made, f"clinic {at}", _counted(clinic.figures), CLINIC / 1000)
        parts |= dict.fromkeys(set(made.values) - before, at)
    together = _together(made, network, small)
    strata = network.strata if by_condition else ()
    _strata(made, strata)
    hidden = {f"clinic {at}" for at in small} | together
    hidden |= {f"stratum {at}" for at, one in enumerate(strata) if one.evaluable < FEWEST}
    hidden |= {ALL} if _few(network.total) else set()
    forced = frozenset(name for name in made.values if name.partition(":")[0] in hidden)
    counts = replace(made.counts, forced=forced, parts=parts)
    return NetworkCounts(
        made,
        Shown(made, suppress(counts)),
        tuple(at for at in range(len(network.clinics)) if at not in set(small)),
        tuple(at for at, one in enumerate(strata) if one.evaluable >= FEWEST),
        len(small),
    )


def _few(figures: NetworkFigures) -> bool:
    return min(figures.started, figures.evaluable) < FEWEST


def _counted(figures: NetworkFigures) -> dict[str, int]:
    events = figures.adverse_events
    return {
        "started": figures.started,
        "evaluable": figures.evaluable,
        "responder_30": figures.responder_30.count,
        "responder_50": figures.responder_50.count,
        "worse": figures.worse.count,
        "sessions": figures.sessions,
        "documented": events.sessions_completed,
        "events": events.sessions_with_event,
    }


def _add(made: SharedCounts, whole: str, counted: Mapping[str, int], times: float) -> None:
    """The counts of one whole, with what follows from them."""
    for measure, value in counted.items():
        made.add({of(whole, measure): value}, MEASURES[measure] * times)
    for total, part, rest in RESTS:
        made.sum(of(whole, total), of(whole, part), of(whole, rest))


def _together(made: SharedCounts, network: Network, small: list[int]) -> set[str]:
    """All is the large clinics and the small ones together; these, where they are too few."""
    large = [at for at in range(len(network.clinics)) if at not in set(small)]
    if small:
        counted = {
            measure: sum(made.values[of_clinic(at, measure)] for at in small)
            for measure in MEASURES
        }
        _add(made, SMALL_ONES, counted, CLINIC / 2000)
    for measure in MEASURES:
        rest = [of(SMALL_ONES, measure)] if small else []
        ones = [of_clinic(at, measure) for at in large]
        if ones or rest:
            made.sum(of(ALL, measure), *ones, *rest)
        if small:
            made.sum(of(SMALL_ONES, measure), *(of_clinic(at, measure) for at in small))
    if not small:
        return set()
    least = min(made.values[of(SMALL_ONES, name)] for name in ("started", "evaluable"))
    return {SMALL_ONES} if least < FEWEST else set()


def _strata(made: SharedCounts, strata: tuple[Stratum, ...]) -> None:
    """Evaluable patients and responders of each condition and height of the baseline."""
    for at, one in enumerate(strata):
        n, hits = of_stratum(at, "evaluable"), of_stratum(at, "responder_30")
        made.add({n: one.evaluable, hits: one.responders.count}, STRATUM)
        made.add({of_stratum(at, "under 30"): one.evaluable - one.responders.count}, UNSHOWN)
        made.sum(n, hits, of_stratum(at, "under 30"))
    for measure in ("evaluable", "responder_30") if strata else ():
        made.sum(of(ALL, measure), *(of_stratum(at, measure) for at in range(len(strata))))
