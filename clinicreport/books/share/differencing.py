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
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from clinicreport.books.share.suppression import FEWEST, small
from clinicreport.books.share.told import VIEWS, Told, Whole, view_of
from clinicreport.ground.frame import distinct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MOST_ROWS = 3000  # of versions given that are looked at, the latest ones
MOST_OF_THREE, MOST_OF_FOUR = (
    60,
    20,
)  # rows given, of which sums of so many are looked at one by one
MOST_SUMMED, MOST_GROUPS = 300, 1200  # that sums of any number of rows are looked for among
MOST_THREES = 60  # groups that are looked at three at a time
MOST_TRIED, MOST_TIMES = 30, 60  # such groups; how often a row may stand in a sum
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
    """Fingerprints in groups of those that stand in the same rows as often: how often, a line a
    row; and how many fingerprints they are."""
    import numpy as np

    places: dict[str, list[tuple[int, int]]] = {}
    for at, people in enumerate(rows):
        for person, times in people.items():
            places.setdefault(person, []).append((at, times))
    found = Counter(map(tuple, places.values()))
    table = np.zeros((len(rows), len(found)))
    for column, group in enumerate(found):
        for at, times in group:
            table[at, column] = times
    return table, np.array(list(found.values()), dtype=float)


def _sums(table: Floats, prints: Floats, first_new: int) -> set[int]:
    """Of how many patients sums with a new and an old row are about, where they may be few."""
    import numpy as np

    table, group = np.unique(table, axis=1, return_inverse=True)
    prints = np.bincount(group.ravel(), prints, table.shape[1]).astype(float)
    there = table.any(axis=0)
    table, prints = table[:, there], prints[there]
    new = np.unique(table[first_new:], axis=0)
    known = {row.tobytes() for row in new}
    apart = {row.tobytes(): row for row in table[:first_new][::-1] if row.tobytes() not in known}
    if not apart or not len(prints):
        return set()
    old = np.array(list(apart.values()))  # the latest first
    found = _pairs(old, new, prints)
    if not any(map(small, found)):
        found |= _threes_and_fours(old, new, prints)
    if not any(map(small, found)):
        found.add(_longer(old[: MOST_SUMMED - len(new)], new, prints))
    return found


def _pairs(old: Floats, new: Floats, prints: Floats) -> set[int]:
    """How many patients each old row differs from each new one by."""
    import numpy as np

    rows, people = _one_by_one(np.vstack([old, new]), prints)
    old, new = rows[: len(old)], rows[len(old) :]
    both = (new * people) @ old.T
    more = (new @ people)[:, None] - both
    less = (old @ people)[None, :] - both
    return {int(number) for number in distinct(np.maximum(more, less))}


def _one_by_one(table: Floats, prints: Floats) -> tuple[Floats, Floats]:
    """The same rows as 1 and 0, and of how many patients each column is: what stands in a row twice
    and in another once is the same patient once."""
    import numpy as np

    columns, people = [table > 0], [np.where(table.max(axis=0) > 1, 0, prints)]
    for column in np.flatnonzero(table.max(axis=0) > 1):
        ends = distinct(table[:, column][table[:, column] > 0])
        columns.append(table[:, [column]] >= ends)
        people.append(prints[column] * np.diff(ends, prepend=0))
    return np.hstack(columns).astype(float), np.concatenate(people)


def _threes_and_fours(old: Floats, new: Floats, prints: Floats) -> set[int]:
    """How many patients are left of sums of three rows, and of four, that are few."""
    import numpy as np

    found: set[int] = set()
    for at, most in ((2, MOST_OF_THREE), (3, MOST_OF_FOUR)):
        for one in range(len(new)):
            others = np.vstack([old[:most], np.delete(new, one, axis=0)])
            chosen = np.array(list(combinations(range(len(others)), at)), dtype=int)
            if not len(chosen):
                continue
            chosen = chosen[chosen[:, 0] < min(len(old), most)]  # with one that was given
            for signs in product((1.0, -1.0), repeat=at):
                left = new[one] + sum(
                    sign * others[chosen[:, place]] for place, sign in enumerate(signs)
                )
                whom = np.maximum(left.clip(min=0) @ prints, (-left).clip(min=0) @ prints)
                found |= {int(number) for number in distinct(whom[whom < FEWEST])}
    return found


def _longer(old: Floats, new: Floats, prints: Floats) -> int:
    """How few patients are left of a sum of any number of rows: of one group alike, two, or three;
    0 for no few."""
    import numpy as np

    few = np.flatnonzero(prints < FEWEST)
    if not len(few) or len(old) + len(new) > MOST_SUMMED or len(prints) > MOST_GROUPS:
        return 0
    rows = np.vstack([old, new])
    hidden = [_out_of_reach(part, few) for part in (rows, old, new)]
    for size in (1, 2, 3):
        if size == 3 and len(few) > MOST_THREES:
            break
        chosen = np.array(list(combinations(range(len(few)), size)), dtype=int).reshape(-1, size)
        reached, before, within = (_reached(gap, chosen) for gap in hidden)
        for at in chosen[reached & ~before & ~within][:MOST_TRIED]:
            left = _left(hidden[0][np.ix_(at, at)], rows, few[at], prints)
            if small(left):
                return left
    return 0


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


def _left(gap: Floats, rows: Floats, groups: npt.NDArray[Any], prints: Floats) -> int:
    """Of how many patients a sum over these groups alone is: those added and those taken away are
    the same ones, changed."""
    import numpy as np

    if rows[:, groups].max() > 1:
        return _least_left(rows, groups, prints)
    _, vectors = np.linalg.eigh(gap)
    times, own = vectors[:, 0], prints[groups]
    return int(max(own[times > EXACT].sum(), own[times < -EXACT].sum()))


def _least_left(rows: Floats, groups: npt.NDArray[Any], prints: Floats) -> int:
    """The same where some patients are alike: the fewest of a sum in whole numbers; 0 for none."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    others = np.delete(np.arange(len(prints)), groups)
    size, many, own = len(groups), len(rows), rows[:, groups]
    cost = np.concatenate([np.zeros(many), np.tile(prints[groups], 2)])
    none = np.hstack([rows[:, others].T, np.zeros((len(others), 2 * size))])
    left = np.hstack([own.T, -np.eye(size), np.eye(size)])  # what is added, what is taken away
    sums = [LinearConstraint(part, 0, 0) for part in (none, left) if len(part)]
    low = np.concatenate([np.full(many, -MOST_TIMES), np.zeros(2 * size)])
    high = np.concatenate([np.full(many, MOST_TIMES), np.full(2 * size, np.inf)])
    found = []
    for at in range(size):
        some = LinearConstraint(np.concatenate([own[:, at], np.zeros(2 * size)]), 1, np.inf)
        whole = np.ones(len(low), dtype=np.int64)
        best: Any = milp(
            cost, integrality=whole, bounds=Bounds(low, high), constraints=[*sums, some]
        )
        if best.x is not None:
            two = np.rint(best.x[many:]).reshape(2, size) * prints[groups]
            found.append(int(two.sum(axis=1).max()))
    return min(found, default=0)
