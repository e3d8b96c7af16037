"""Hide counts of 1 to 4, and as many others as it takes that nobody can work them out.

A count is *primary* where it is 1 to 4; it is shown as "<5". A *secondary* count is 5 or more and
hidden all the same, since it would give a primary one away. What may stay shown is not left to a
rule of thumb: for every primary count an alternative is looked for that makes it 1, and one that
makes it 4, keeps all sums, and agrees with both marks; whatever differs in one of these is hidden.
So everything shown is the same in all alternatives, and none of them can be ruled out. Of several
alternatives the one that costs least is taken. Where the marks alone leave only one value, all
counts connected with it are withheld, zeros too.

A count that is *forced* is withheld whatever it is: a whole clinic's, or a stratum's, that is too
small. No mark stands there, and each is kept from being worked out, large ones too, and zeros but
where those shown leave nothing else (nobody of all had an event).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

FEWEST = 5  # the smallest count that is shown, beside 0
NEAR = 8  # parts that are looked at together, before all are
Mark = Literal["shown", "primary", "secondary", "withheld"]
Marks = dict[str, Mark]


class Sum(NamedTuple):
    """A total and the parts that add up to it."""

    total: str
    parts: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """All of them."""
        return (self.total, *self.parts)


@dataclass(frozen=True, slots=True)
class LinkedCounts:
    """Counts by name, the sums between them, and how much each would be missed (default 1).

    ``forced``: those withheld whatever they are. ``parts``: which clinic a count is of; of very many
    some suffice to hide one behind.
    """

    values: Mapping[str, int]
    sums: Sequence[Sum]
    worth: Mapping[str, float]
    forced: frozenset[str] = frozenset()
    parts: Mapping[str, int] = field(default_factory=dict)


def small(value: int) -> bool:
    """Whether a count is too small to be shown."""
    return 0 < value < FEWEST


def suppress(counts: LinkedCounts) -> Marks:
    """Each count's mark; only what is "shown" may be read by anybody."""
    marks: Marks = {name: _own_mark(counts, name) for name in counts.values}
    for group in _connected(counts.sums):
        _protect(counts, group, marks)
    return marks


def _own_mark(counts: LinkedCounts, name: str) -> Mark:
    if name in counts.forced:
        return "withheld"
    return "primary" if small(counts.values[name]) else "shown"


def _connected(sums: Sequence[Sum]) -> list[list[Sum]]:
    """The sums in groups that share no count: each can be looked at alone."""
    groups: list[tuple[set[str], list[Sum]]] = []
    for entry in sums:
        cells, own = set(entry.cells), [entry]
        apart = []
        for group in groups:
            if group[0] & cells:
                cells |= group[0]
                own = [*group[1], *own]
            else:
                apart.append(group)
        groups = [*apart, (cells, own)]
    return [own for _, own in groups]


def _protect(counts: LinkedCounts, group: list[Sum], marks: Marks) -> None:
    """Hide what differs in the alternatives of every primary count of the group."""
    model = _Model(counts, group)
    kept = sorted(
        (name for name in model.names if marks[name] in ("primary", "withheld")),
        key=lambda name: (-counts.values[name], name),
    )
    for name in kept:
        lower, higher = _targets(counts.values[name], forced=name in counts.forced)
        below = model.alternative(name, lower, marks)
        above = model.alternative(name, higher, marks)
        if below is None and above is None:
            if not counts.values[name]:
                continue  # it is 0 since others that are shown are 0, as of everybody
            marks |= dict.fromkeys(model.names, "withheld")
            return
        for other in (below or []) + (above or []):
            if marks[other] == "shown":
                marks[other] = "secondary"


def _targets(value: int, *, forced: bool) -> tuple[Sequence[int], Sequence[int]]:
    """What a count might be as well, the farthest first: lower, and higher."""
    if forced and value >= FEWEST:
        return range(value // 2, value), ()
    return range(0 if forced else 1, value), range(FEWEST - 1, value, -1)


class _Model:
    """The sums of one group as equations."""

    def __init__(self, counts: LinkedCounts, group: list[Sum]) -> None:
        import numpy as np

        self.names = list(dict.fromkeys(cell for entry in group for cell in entry.cells))
        self._counts = counts
        self._values = np.array([counts.values[name] for name in self.names], dtype=float)
        at = {name: index for index, name in enumerate(self.names)}
        self._matrix = np.zeros((len(group), len(self.names)))
        for row, entry in enumerate(group):
            self._matrix[row, at[entry.total]] -= 1
            for part in entry.parts:
                self._matrix[row, at[part]] += 1
        self._most = 4 * (float(self._values.sum()) + FEWEST)

    def alternative(self, name: str, targets: Sequence[int], marks: Marks) -> list[str] | None:
        """The counts that differ in the cheapest alternative with this count at the first of the
        targets that can be; None where none can."""
        for columns in self._widening(name, marks):
            for target in targets:
                found = self._solve(self.names.index(name), target, marks, columns)
                if found is not None:
                    return found
        return None

    def _widening(self, name: str, marks: Marks) -> list[list[int]]:
        """Which counts may differ: those of a few parts, then all."""
        parts, everything = self._counts.parts, list(range(len(self.names)))
        hidden = Counter(parts[cell] for cell in self.names if cell in parts)
        if len(hidden) <= NEAR:
            return [everything]
        hidden = Counter(
            parts[cell] for cell in self.names if cell in parts and marks[cell] != "shown"
        )
        near = {parts.get(name, -1), *(part for part, _ in hidden.most_common(NEAR))}
        few = [at for at in everything if parts.get(self.names[at], -1) in {-1, *near}]
        return [few, everything]

    def _solve(
        self, at: int, target: int, marks: Marks, columns: Sequence[int]
    ) -> list[str] | None:
        """Least cost over (up, down): how far each of these counts moves from its true value."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        true, size = self._values[columns], len(columns)
        low, high = self._ends(columns)
        limits = np.concatenate([high - true, true - low])
        fixed = np.zeros(2 * size)
        step, here = target - self._values[at], columns.index(at)
        limits[[here, size + here]] = max(step, 0), max(-step, 0)
        fixed[[here, size + here]] = limits[[here, size + here]]
        names = [self.names[column] for column in columns]
        cost = [
            0.001 if marks[name] != "shown" else 1 + self._counts.worth.get(name, 1)
            for name in names
        ]
        matrix = self._matrix[:, columns]
        matrix = matrix[matrix.any(axis=1)]
        sums = LinearConstraint(np.hstack([matrix, -matrix]), 0, 0)
        whole = np.ones(2 * size, dtype=np.int64)
        result: Any = milp(
            np.array([*cost, *cost]),
            integrality=whole,
            bounds=Bounds(fixed, limits),
            constraints=sums,
        )
        if result.x is None:
            return None
        moved = np.rint(result.x[:size] - result.x[size:]) != 0
        return [name for name, differs in zip(names, moved, strict=True) if differs]

    def _ends(self, columns: Sequence[int]) -> tuple[Any, Any]:
        """What each of these counts may be as far as its mark tells; without one, 0 and more."""
        import numpy as np

        true = self._values[columns]
        forced = np.array([self.names[at] in self._counts.forced for at in columns])
        tiny, none = (true < FEWEST) & (forced | (true > 0)), (true == 0) & ~forced
        low = np.where(forced | none, 0, np.where(tiny, 1, FEWEST))
        high = np.where(none, 0, np.where(tiny, FEWEST - 1, self._most))
        return low, high
