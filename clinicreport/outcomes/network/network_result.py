"""The network's figures, finished: what the sheets and the JSON show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product

from clinicreport.log.inputs import Input
from clinicreport.outcomes.figures import Proportion
from clinicreport.outcomes.network.funnel import (
    FunnelLimits,
    limits_of,
    lines,
    overdispersion,
    verdicts,
)
from clinicreport.outcomes.network.network_figures import NetworkFigures, figures
from clinicreport.outcomes.network.sums import ClinicResult, UnitResult, merged
from clinicreport.outcomes.person import Person
from clinicreport.settings.request import Request

STRATUM = 30  # evaluable patients of the network; smaller conditions are put together
TOGETHER = "Other conditions"


@dataclass(frozen=True, slots=True)
class NetworkClinic:
    """A row of the report. ``expected``: the responder rate that the network's rates would give for
    this clinic's mix of patients; ``verdict``: where it lies in the funnel; ``limits``: None where
    nobody is evaluable."""

    name: str
    as_of: date | None
    figures: NetworkFigures
    verdict: str
    limits: FunnelLimits | None
    expected: float | None
    findings: dict[str, int]
    report: str | None
    people: tuple[Person, ...] = ()  # for sharing alone
    unit: int = 0  # the place of what it was read from among all that was read


@dataclass(frozen=True, slots=True)
class Stratum:
    """Patients of one condition with a low baseline, or with another one."""

    condition: str
    baseline: str  # "low" or "other"
    clinics: int
    evaluable: int
    responders: Proportion


@dataclass(frozen=True, slots=True)
class Network:
    """The network's report: clinics by name, inputs in the order of the clinics."""

    request: Request
    as_of: date | None
    clinics: tuple[NetworkClinic, ...]
    total: NetworkFigures
    strata: tuple[Stratum, ...]
    phi: float | None  # overdispersion of the clinics' responder rates; 1 is chance alone
    funnel: tuple[dict[str, float], ...]  # points of the limits; none where nobody is judged
    inputs: tuple[tuple[str, Input], ...]  # each with the clinics it is about
    not_judged: int

    @property
    def reports(self) -> list[str]:
        """Paths of the clinics' own reports."""
        return [clinic.report for clinic in self.clinics if clinic.report]

    @property
    def refused(self) -> list[Input]:
        """Inputs that could not be read."""
        return [entry for _, entry in self.inputs if entry.reason]


def network(results: list[UnitResult], request: Request) -> Network:
    """The figures of the units' clinics, and of all together."""
    read = [(at, clinic) for at, result in enumerate(results) for clinic in result.clinics]
    units, found = zip(*sorted(read, key=_by_name), strict=True) if read else ((), ())
    total = merged(clinic.aggregate for clinic in found)
    shown = _shown_conditions(found)
    strata = _strata(found, shown)
    counts = [(c.aggregate.count("responder_30"), c.aggregate.count("evaluable")) for c in found]
    share = figures(total).responder_30.observed
    places, phi = verdicts(counts, share), overdispersion(counts, share)
    judged = [n for (_, n), place in zip(counts, places, strict=True) if place != "not judged"]
    clinics = tuple(
        NetworkClinic(
            each.name,
            each.as_of,
            figures(each.aggregate),
            place,
            limits_of(each.aggregate.count("evaluable"), share, phi),
            _expected(each, shown, strata),
            {str(name): number for name, number in each.findings},
            each.report,
            each.people,
            unit,
        )
        for each, place, unit in zip(found, places, units, strict=True)
    )
    return Network(
        request=request,
        as_of=max((each.as_of for each in found if each.as_of), default=None),
        clinics=clinics,
        total=figures(total),
        strata=tuple(strata.values()),
        phi=phi,
        funnel=tuple(lines(max(judged), share, phi)) if judged and share is not None else (),
        inputs=tuple((result.name, entry) for result in results for entry in result.inputs),
        not_judged=len(found) - len(judged),
    )


def _by_name(read: tuple[int, ClinicResult]) -> tuple[str, str]:
    _, clinic = read
    return clinic.name.casefold(), clinic.name


def _shown_conditions(found: Sequence[ClinicResult]) -> dict[str, str]:
    sizes: Counter[str] = Counter()
    for each in found:
        for (condition, _, what), number in each.aggregate.strata.items:
            sizes[condition] += number if what == "evaluable" else 0
    return conditions_as_shown(sizes)


def conditions_as_shown(sizes: Counter[str]) -> dict[str, str]:
    """Condition as counted -> as shown, the largest first; small ones are put together.

    ``sizes``: its evaluable patients.
    """
    order = sorted(sizes, key=lambda name: (sizes[name] < STRATUM, -sizes[name], name))
    return {name: name if sizes[name] >= STRATUM else TOGETHER for name in order}


def _strata(found: Sequence[ClinicResult], shown: dict[str, str]) -> dict[tuple[str, str], Stratum]:
    """(condition as shown, baseline) -> its patients in the whole network."""
    counts: Counter[tuple[str, str, str]] = Counter()
    clinics: Counter[tuple[str, str]] = Counter()
    for each in found:
        own: set[tuple[str, str]] = set()
        for (condition, baseline, what), number in each.aggregate.strata.items:
            counts[(shown[condition], baseline, what)] += number
            own.add((shown[condition], baseline))
        clinics.update(own)
    made = {}
    for key in product(dict.fromkeys(shown.values()), ("low", "other")):
        if n := counts[(*key, "evaluable")]:
            responders = Proportion.of_evaluable(counts[(*key, "responder_30")], n)
            made[key] = Stratum(*key, clinics[key], n, responders)
    return made


def _expected(
    clinic: ClinicResult, shown: dict[str, str], strata: dict[tuple[str, str], Stratum]
) -> float | None:
    """Indirect standardisation: the network's rate of each stratum, weighed by the clinic's mix."""
    total, size = Fraction(0), 0
    for (condition, baseline, what), number in clinic.aggregate.strata.items:
        if what == "evaluable":
            stratum = strata[shown[condition], baseline]
            total += Fraction(number * stratum.responders.count, stratum.evaluable)
            size += number
    return float(total / size) if size else None
