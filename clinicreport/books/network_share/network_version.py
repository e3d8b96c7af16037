"""A network's version for sharing, computed once: its workbook, and what it tells of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.books.network_share.network_share_counts import (
    ALL,
    NetworkCounts,
    of,
    of_clinic,
    of_stratum,
    tallied,
)
from clinicreport.books.share.told import Told, Whole, cell_of, together
from clinicreport.outcomes.network.network_result import Network, conditions_as_shown

if TYPE_CHECKING:
    from clinicreport.outcomes.person import Person

SAME = {"responder_50": "substantial"}  # what one clinic's version calls it


@dataclass(frozen=True, slots=True)
class NetworkVersion:
    """The version for sharing of a network."""

    network: Network
    counts: NetworkCounts

    @property
    def told(self) -> Told:
        """What it tells, of whom: of all, of each clinic and of each stratum that has a row."""
        members: dict[tuple[int, int], list[Person]] = {}
        place = self._strata()
        for at, clinic in enumerate(self.network.clinics):
            for person in clinic.people:
                key = (at, place.get((person.condition, person.low), -1))
                members.setdefault(key, []).append(person)
        order = sorted(members)
        wholes = [Whole(tuple(range(len(order))), self._tells(of(ALL, "")))]
        for at in self.counts.clinics:
            cells = (i for i, (clinic, _) in enumerate(order) if clinic == at)
            wholes.append(Whole(tuple(cells), self._tells(of_clinic(at, ""))))
        for at in self.counts.strata:
            cells = (i for i, (_, stratum) in enumerate(order) if stratum == at)
            wholes.append(Whole(tuple(cells), self._tells(of_stratum(at, ""))))
        return Told("network", tuple(cell_of(members[key]) for key in order), tuple(wholes))

    def told_to(self, unit: int) -> Told:
        """What of it a clinic may remember beside its own logs: of its own patients, and of all."""
        own = [at for at, clinic in enumerate(self.network.clinics) if clinic.unit == unit]
        cells = [cell_of(clinic.people) for clinic in self.network.clinics]
        rest = together([cell for at, cell in enumerate(cells) if at not in own])
        rows = [
            Whole((place,), self._tells(of_clinic(at, "")))
            for place, at in enumerate(own)
            if at in self.counts.clinics
        ]
        every = Whole(tuple(range(len(own) + 1)), self._tells(of(ALL, "")))
        kept = (*(cells[at] for at in own), rest)
        return Told("network", kept, (every, *rows), part_of=self.told.name)

    def _strata(self) -> dict[tuple[str, bool], int]:
        """Condition by its name on the list, and whether the score at the start is low -> the
        stratum's place."""
        sizes = Counter(one.condition for clinic in self.network.clinics for one in clinic.people)
        shown = conditions_as_shown(sizes)
        places = {(one.condition, one.baseline): at for at, one in enumerate(self.network.strata)}
        keys = ((name, low) for name in sizes if name for low in (True, False))
        return {
            (name, low): places[shown[name], "low" if low else "other"]
            for name, low in keys
            if (shown[name], "low" if low else "other") in places
        }

    def _tells(self, prefix: str) -> frozenset[str]:
        names = (name for name in self.counts.made.values if name.startswith(prefix))
        told = {name.removeprefix(prefix) for name in names if self.counts.shown.all(name)}
        return frozenset(SAME.get(name, name) for name in told)

    def workbook(self) -> bytes:
        """The workbook's bytes; the same version gives the same bytes."""
        from clinicreport.books.network_share import network_share_workbook

        return network_share_workbook.content(self)


def version(network: Network, *, by_condition: bool = True) -> NetworkVersion:
    """The version for sharing, with a row for each stratum or without."""
    return NetworkVersion(network, tallied(network, by_condition=by_condition))


def versions(network: Network) -> Iterator[NetworkVersion]:
    """The version for sharing, and one that tells less."""
    full = version(network)
    yield full
    if full.counts.strata:
        yield version(network, by_condition=False)
