"""Hide counts of 1 to 4, and as many others as it takes that nobody can work them out.

A count is *primary* where it is 1 to 4; it is shown as "<5". A *secondary* count is 5 or more and
hidden all the same, since it would give a primary one away. What may stay shown is not left to a
rule of thumb: for every primary count an alternative is looked for that makes it 1, and one that
makes it 4, keeps all sums, and agrees with both marks; whatever differs in one of these is hidden.
So everything shown is the same in all alternatives, and none of them can be ruled out. Of several
alternatives the one that costs least is taken. Where the marks alone leave only one value, all
counts connected with it are withheld, zeros too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

FEWEST = 5  # the smallest count that is shown, beside 0
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
    """Counts by name, the sums between them, and how much each would be missed (default 1)."""

    values: Mapping[str, int]
    sums: Sequence[Sum]
    worth: Mapping[str, float]


def small(value: int) -> bool:
    """Whether a count is too small to be shown."""
    return 0 < value < FEWEST


def suppress(counts: LinkedCounts) -> Marks:
    """Each count's mark; only what is "shown" may be read by anybody."""
    marks: Marks = {
        name: "primary" if small(value) else "shown" for name, value in counts.values.items()
    }
    for group in _connected(counts.sums):
        _protect(counts, group, marks)
    return marks


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
    small_ones = sorted(
        (name for name in model.names if marks[name] == "primary"),
        key=lambda name: (-counts.values[name], name),
    )
    for name in small_ones:
        value = counts.values[name]
        below = model.alternative(name, range(1, value), marks)
        above = model.alternative(name, range(FEWEST - 1, value, -1), marks)
        if below is None and above is None:
            marks |= dict.fromkeys(model.names, "withheld")
            return
        for other in (below or []) + (above or []):
            marks[other] = "primary" if small(counts.values[other]) else "secondary"


class _Model:
    """The sums of one group as equations."""

    def __init__(self, counts: LinkedCounts, group: list[Sum]) -> None:
        import numpy as np

        self.names = list(dict.fromkeys(cell for entry in group for cell in entry.cells))
        self._worth = counts.worth
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
        for target in targets:
            found = self._solve(self.names.index(name), target, marks)
            if found is not None:
                return found
        return None

    def _solve(self, at: int, target: int, marks: Marks) -> list[str] | None:
        """Least cost over (up, down): how far each count moves from its true value."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        true, size = self._values, len(self.names)
        tiny, none = (true > 0) & (true < FEWEST), true == 0
        low = np.where(tiny, 1, np.where(none, 0, FEWEST))
        high = np.where(tiny, FEWEST - 1, np.where(none, 0, self._most))
        limits = np.concatenate([high - true, true - low])
        fixed = np.zeros(2 * size)
        step = target - true[at]
        limits[[at, size + at]] = max(step, 0), max(-step, 0)
        fixed[[at, size + at]] = limits[[at, size + at]]
        cost = [
            0.001 if marks[name] != "shown" else 1 + self._worth.get(name, 1) for name in self.names
        ]
        sums = LinearConstraint(np.hstack([self._matrix, -self._matrix]), 0, 0)
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
        return [name for name, differs in zip(self.names, moved, strict=True) if differs]
