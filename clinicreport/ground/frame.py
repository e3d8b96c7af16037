"""Columns of one length, by name: what the log, the courses and their outcomes are held in.

Each column is a numpy array: numbers as float (NaN where nothing is known) or int, days as
datetime64, flags as bool, everything else as object, None where nothing is known. Rows have no
names of their own; where a row is to be found again, a column says which one it is. pandas would
hold the same, but takes longer to load than a month's report to make; where tables are joined and
grouped in many ways, :meth:`Frame.to_pandas` gives what it can work with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

CLOSE = 4  # times as many numbers as there are may lie between the least and the largest
FARTHEST = 2**62  # from one to another: their difference is a number, too

Value = TypeVar("Value", bound=np.generic)
Column = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Frame:
    """Columns of one length, by name.

    Of a frame that was taken from another one, a column is made when it is asked for: most of the
    log's sixty are never asked of the few visits that something is about.
    """

    __slots__ = ("_at", "_columns", "_size", "_source")

    def __init__(self, columns: Mapping[str, Any] | None = None) -> None:
        """From arrays or lists of one length. Raises ValueError where their lengths differ."""
        found = {name: _shared(as_column(values)) for name, values in (columns or {}).items()}
        sizes = {len(values) for values in found.values()}
        if len(sizes) > 1:
            raise ValueError(f"columns of different lengths: {sorted(sizes)}")
        self._columns: dict[str, Column | None] = {**found}  # None: the source has it
        self._size = sizes.pop() if sizes else 0
        self._source: Frame | None = None
        self._at: Ints | slice = slice(None)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._size

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> Column:
        column = self._columns[name]
        if column is None:
            assert self._source is not None
            column = self._columns[name] = _shared(self._source[name][self._at])
        return column

    def __setitem__(self, name: str, values: Any) -> None:
        """Add a column, or put another in its place."""
        column = _shared(as_column(values))
        if self._columns and len(column) != self._size:
            raise ValueError(f"{name}: {len(column)} values for {self._size} rows")
        self._columns = {**self._columns, name: column}  # what was taken keeps what was there
        self._size = len(column)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(self._columns)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row by column name, values as Python has them (days as datetime)."""
        names = self.names
        lists = [self[name].tolist() for name in names]
        return (dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True))

    def take(self, at: Ints | Sequence[int] | slice) -> Frame:
        """The rows at these positions, in their order; where that is all of them in theirs, no
        column is made anew."""
        if not isinstance(at, slice):
            at = np.array(at, dtype=np.intp)
            if len(at) == self._size and (at == np.arange(self._size)).all():
                return self._same()
        made = Frame()
        made._columns = dict.fromkeys(self._columns)
        made._source, made._at = self._same(), at
        made._size = len(range(*at.indices(self._size)) if isinstance(at, slice) else at)
        return made

    def where(self, of: Bools) -> Frame:
        """The rows for which ``of`` holds, in the same order. Raises ValueError where it is not one
        answer a row."""
        if len(of) != self._size:
            raise ValueError(f"{len(of)} answers for {self._size} rows")
        return self.take(np.flatnonzero(of))

    def select(self, *names: str) -> Frame:
        """These columns alone."""
        return Frame({name: self[name] for name in names})

    def assign(self, **columns: Any) -> Frame:
        """A frame with these columns beside (or in place of) its own."""
        made = self._same()
        for name, values in columns.items():
            made[name] = values
        return made

    def to_pandas(self) -> pd.DataFrame:
        """The same as pandas has it."""
        import pandas as pd

        return pd.DataFrame(
            {
                name: pd.Series(self[name], dtype=object)
                if self[name].dtype == object
                else self[name]
                for name in self._columns
            }
        )

    def _same(self) -> Frame:
        """Another frame with the columns that this one has now."""
        made = Frame()
        made._columns, made._size = self._columns, self._size
        made._source, made._at = self._source, self._at
        return made


def _shared(column: Column) -> Column:
    """A column that cannot be changed in place: several frames may have it."""
    view = column.view()
    view.flags.writeable = False
    return view


def as_column(values: Any) -> Column:
    """Values as a column holds them: an array as it is, texts and mixed values as objects, among
    which None stands for NaN."""
    if isinstance(values, np.ndarray):
        return values.astype(object) if values.dtype.kind in "US" else values
    listed = list(values)
    kinds = set(map(type, listed))
    if kinds and any(kinds <= alike for alike in ({bool}, {int}, {int, float})):
        return np.array(listed)
    column = np.empty(len(listed), dtype=object)
    mixed = any(issubclass(kind, float) for kind in kinds)
    column[:] = [None if value != value else value for value in listed] if mixed else listed  # noqa: PLR0124
    return column


def missing(values: Column) -> Bools:
    """Where nothing is known: NaN, no date, None."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "M":
        return np.isnat(values)
    if values.dtype != object:
        return np.zeros(len(values), dtype=bool)
    return np.asarray(values == None, dtype=bool)  # noqa: E711


def known(values: Column) -> Column:
    """The values without those that are missing."""
    return values[~missing(values)]


def holds(values: Column) -> Bools:
    """Where a column of True, False and None is True."""
    if values.dtype == bool:
        return values
    return np.asarray(values == True, dtype=bool)  # noqa: E712


def distinct(values: npt.NDArray[Value]) -> npt.NDArray[Value]:
    """The distinct values in order, as ``np.unique`` gives them: asked for the values alone, that
    loads numpy.ma, and takes longer than where it counts them."""
    ordered: npt.NDArray[Value] = np.unique(values, return_counts=True)[0]
    return ordered


def codes(values: Column) -> tuple[Ints, list[Any]]:
    """For each row the number of its value, -1 where it is missing; and the distinct values in the
    order in which they come."""
    if values.dtype != object:
        return _codes_of_numbers(values)
    number = defaultdict[Any, int]()
    number.default_factory = number.__len__  # a new value gets the next number
    found = np.fromiter(map(number.__getitem__, values.tolist()), np.int64, len(values))
    distinct = list(number)
    gone = missing(as_column(distinct)) if distinct else np.zeros(0, dtype=bool)
    if not gone.any():
        return found, distinct
    renumbered = np.where(gone, -1, np.cumsum(~gone) - 1)
    return renumbered[found], [value for value, no in zip(distinct, gone, strict=True) if not no]


def _codes_of_numbers(values: Column) -> tuple[Ints, list[Any]]:
    gone = missing(values)
    there = values[~gone]
    first, each = _numbered(there)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    found = np.full(len(values), -1, dtype=np.int64)
    found[~gone] = rank[each]
    return found, there[first[order]].tolist()


def _numbered(values: Column) -> tuple[Ints, Ints]:
    """Of numbers or days, none missing: where each distinct one stands first, in their order; for
    each row the number of its own. Whole numbers that lie close together are counted, not sorted,
    and so are days, however fine their unit is."""
    if values.dtype.kind in "iM" and len(values):
        numbers = values.astype(np.int64)
        low, high = int(numbers.min()), int(numbers.max())
        close = CLOSE * len(numbers)
        step = 1 if high - low < close or high - low > FARTHEST else np.gcd.reduce(numbers - low)
        if (high - low) // int(step) < close:
            at = (numbers - low) // step
            first = np.full(at.max() + 1, len(at))
            first[at[::-1]] = np.arange(len(at))[::-1]
            there = first < len(at)
            return first[there], (np.cumsum(there) - 1)[at]
    _, first, each = np.unique(values, return_index=True, return_inverse=True)
    return first, each.ravel()


def firsts(*keys: Column) -> Bools:
    """Which rows are the first with their values in these columns; missing ones are alike."""
    found = np.zeros(len(keys[0]), dtype=bool)
    found[_numbered(_together(keys))[0]] = True
    return found


def lasts(*keys: Column) -> Bools:
    """Which rows are the last with their values in these columns; missing ones are alike."""
    return firsts(*(values[::-1] for values in keys))[::-1]


def repeated(*keys: Column) -> Bools:
    """Which rows have values in these columns that another row has too; missing ones are alike."""
    each = _numbered(_together(keys))[1]
    return np.asarray(np.bincount(each)[each] > 1, dtype=bool)


def first_alike(*keys: Column) -> Ints:
    """For each row the position of the first one with its values in these columns; missing ones
    are alike."""
    first, each = _numbered(_together(keys))
    return first[each]


def _together(keys: Sequence[Column]) -> Ints:
    """A number for each row, the same for rows with the same values."""
    each, *more = (codes(values)[0] for values in keys)
    for other in more:
        pair = each * (len(other) + 1) + other
        each = _numbered(pair)[1]
    return each


def groups(keys: Ints) -> Iterator[tuple[int, Ints]]:
    """Each distinct number in order, with the positions of its rows, in their order."""
    at = np.argsort(keys, kind="stable")
    own = keys[at]
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]]) if len(own) else at
    for place, positions in zip(starts.tolist(), np.split(at, starts[1:]), strict=False):
        yield int(own[place]), positions


def ends(rows: Ints, of: Ints, count: int) -> tuple[Ints, Ints, Ints]:
    """For each of ``count`` groups (``of``: each row's, from 0) its first row and its last one, and
    how many it has; 0 for a group without one."""
    first, last = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    first[of[::-1]] = rows[::-1]  # of several the last one stays
    last[of] = rows
    return first, last, np.bincount(of, minlength=count)


def means(values: Floats, of: Ints, count: int) -> Floats:
    """The mean of the known values of each of ``count`` groups (``of``: each row's, from 0),
    rounded once; NaN for a group without one."""
    there = ~np.isnan(values)
    own = of[there]
    listed = values[there][np.argsort(own, kind="stable")].tolist()
    sizes = np.bincount(own, minlength=count)
    ends = zip(sizes.tolist(), np.cumsum(sizes).tolist(), strict=True)
    sums = np.array([fsum(listed[end - size : end]) for size, end in ends])
    return sums / np.where(sizes > 0, sizes, np.nan)


def median(values: Floats) -> float:
    """The middle one, or the mean of the two in the middle, of at least one known value; numpy's
    own loads numpy.ma."""
    ordered, middle = np.sort(values), len(values) // 2
    return float((ordered[middle] + ordered[-1 - middle]) / 2)


def sorted_by(*columns: Column) -> Ints:
    """The positions of the rows sorted by these columns, the first of them first; missing values
    come last, and rows that are alike stay as they are."""
    return np.lexsort([_ranks(values) for values in reversed(columns)])


def _ranks(values: Column) -> Ints:
    """For each value its place among the distinct ones in order; missing ones come last."""
    if values.dtype != object:
        there = ~missing(values)
        found = np.full(len(values), len(values))
        found[there] = _numbered(values[there])[1]
        return found
    each, distinct = codes(values)
    rank = {value: place for place, value in enumerate(sorted(distinct))}
    return np.array([*(rank[value] for value in distinct), len(distinct)], dtype=np.int64)[each]
