"""Whether a version for sharing would give few patients away beside those given before.

Whoever has two tables can subtract; whoever has several can add and subtract them. What is left of
such a sum is about the patients whose part in it does not cancel out: where these are fewer than the
limit, the sum tells what became of them. Patients are known by fingerprints, so somebody whose
scores were corrected is another one afterwards; both together count once.

Sums within one version are no matter of this module: there the counts are hidden that it takes
(:mod:`clinicreport.books.share.suppression`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from clinicreport.books.share.suppression import FEWEST, small
from clinicreport.books.share.told import VIEWS, Told, Whole, view_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MOST_ROWS = 3000  # of versions given that are looked at, the latest ones
MOST_SUMMED, MOST_GROUPS = 300, 1200  # that sums of more than two rows are looked for among
MOST_THREES = 60  # groups that are looked at three at a time
EXACT = 1e-7
Row = tuple[Counter[str], frozenset[str]]  # who it is about, which counts it shows


def differing(one: Counter[str], other: Counter[str]) -> int:
    """How many patients at least differ: changed, only here, or only there."""
    return max((one - other).total(), (other - one).total())


def given_away(given: Sequence[Told], new: Told) -> int:
    """Of how many patients the new version would tell beside those given; 0 where of no few.

    Versions of the same kind are compared as wholes by all visits in the logs, whatever they show;
    rows of any two by the counts that they show. One that was given already tells nothing new.
    """
    if new in given:
        return 0
    everybody = new.people(new.wholes[0], "log")
    found = {
        differing(old.people(old.wholes[0], "log"), everybody)
        for old in given
        if old.kind == new.kind and not old.part_of
    }
    for view in VIEWS:
        old_rows = [row for old in given for row in _rows(old, view)]
        found |= _by_rows(old_rows, _rows(new, view))
    return min(filter(small, found), default=0)


def _rows(told: Told, view: str) -> list[Row]:
    rows = [(whole, _shown(whole, view)) for whole in told.wholes]
    return [(told.people(whole, view), shown) for whole, shown in rows if shown]


def _shown(whole: Whole, view: str) -> frozenset[str]:
    return frozenset(name for name in whole.tells if view_of(name) == view)


def _by_rows(old: Sequence[Row], new: Sequence[Row]) -> set[int]:
    """For each set of rows that show the same count, what sums of them are about."""
    rows = [*old[-MOST_ROWS:], *new]
    first_new = len(rows) - len(new)
    table, people = _groups([whom for whom, _ in rows])
    found: set[int] = set()
    seen: set[tuple[int, ...]] = set()
    for measure in sorted(set().union(*(shown for _, shown in new))):
        own = tuple(at for at, (_, shown) in enumerate(rows) if measure in shown)
        if own not in seen:
            seen.add(own)
            found |= _sums(table[list(own)], people, sum(at < first_new for at in own))
    return found


def _groups(rows: Sequence[Counter[str]]) -> tuple[Floats, Floats]:
    """Patients in groups of those who stand in the same rows: a line of 1 and 0 a row; and how many
    they are."""
    import numpy as np

    places: dict[str, list[tuple[int, int]]] = {}
    for at, people in enumerate(rows):
        for person, times in people.items():
            places.setdefault(person, []).append((times, at))
    found: Counter[tuple[int, ...]] = Counter()
    for own in places.values():  # of several alike, some may stand in fewer rows
        own.sort()
        below = 0
        for rank, (times, _) in enumerate(own):
            if times > below:
                found[tuple(sorted(at for _, at in own[rank:]))] += times - below
                below = times
    table = np.zeros((len(rows), len(found)))
    for column, group in enumerate(found):
        table[list(group), column] = 1
    return table, np.array(list(found.values()), dtype=float)


def _sums(table: Floats, people: Floats, first_new: int) -> set[int]:
    """Of how many patients sums with a new and an old row are about, where they may be few."""
    import numpy as np

    table, group = np.unique(table, axis=1, return_inverse=True)
    people = np.bincount(group.ravel(), people, table.shape[1]).astype(float)
    there = table.any(axis=0)
    table, people = table[:, there], people[there]
    new = np.unique(table[first_new:], axis=0)
    known = {row.tobytes() for row in new}
    apart = {row.tobytes(): row for row in table[:first_new][::-1] if row.tobytes() not in known}
    if not apart or not len(people):
        return set()
    old = np.array(list(apart.values()))  # the latest first
    return _pairs(old, new, people) | _longer(old[: MOST_SUMMED - len(new)], new, people)


def _pairs(old: Floats, new: Floats, people: Floats) -> set[int]:
    """How many patients each old row differs from each new one by."""
    import numpy as np

    both = (new * people) @ old.T
    more = (new @ people)[:, None] - both
    less = (old @ people)[None, :] - both
    return {int(number) for number in np.unique(np.maximum(more, less))}


def _longer(old: Floats, new: Floats, people: Floats) -> set[int]:
    """How many patients are left of sums of any number of rows: of one group alike, two, three."""
    import numpy as np

    few = np.flatnonzero(people < FEWEST)
    if not len(few) or len(old) + len(new) > MOST_SUMMED or len(people) > MOST_GROUPS:
        return set()
    hidden = [_out_of_reach(rows, few) for rows in (np.vstack([old, new]), old, new)]
    found: set[int] = set()
    for size in (1, 2, 3):
        if size == 3 and len(few) > MOST_THREES:
            break
        chosen = np.array(list(combinations(range(len(few)), size)), dtype=int).reshape(-1, size)
        reached, before, within = (_reached(gap, chosen) for gap in hidden)
        for at in chosen[reached & ~before & ~within]:
            found.add(_left(hidden[0], at, people[few]))
    return found


def _out_of_reach(rows: Floats, few: npt.NDArray[Any]) -> Floats:
    """What of the few groups no sum of the rows can single out: a group's own number, and what two
    have in common, as scalar products."""
    import numpy as np

    _, sizes, turned = np.linalg.svd(rows, full_matrices=False)
    base = turned[sizes > EXACT * sizes[0]][:, few]
    gap: Floats = np.eye(len(few)) - base.T @ base
    return gap


def _reached(gap: Floats, chosen: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether some sum is about these groups alone."""
    import numpy as np

    parts = gap[chosen[:, :, None], chosen[:, None, :]]
    return np.asarray(np.linalg.eigvalsh(parts)[:, 0] < EXACT)


def _left(gap: Floats, at: npt.NDArray[Any], people: Floats) -> int:
    """Of how many patients the sum over these groups is: added ones and those taken away are the
    same ones, changed."""
    import numpy as np

    _, vectors = np.linalg.eigh(gap[np.ix_(at, at)])
    times, own = vectors[:, 0], people[at]
    plus, minus = own[times > EXACT].sum(), own[times < -EXACT].sum()
    return int(max(plus, minus))
