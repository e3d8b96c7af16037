"""Frames: the same as pandas gives, for every kind of column."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.ground.frame import (
    Frame,
    as_column,
    codes,
    distinct,
    ends,
    first_alike,
    firsts,
    groups,
    holds,
    known,
    lasts,
    means,
    median,
    missing,
    repeated,
    sorted_by,
)

DAYS = np.array(["2026-01-05", "NaT", "2026-01-03", "2026-01-05"], dtype="datetime64[s]")
COLUMNS = [
    as_column(["b", None, "a", "b"]),
    np.array([2.0, np.nan, 1.5, 2.0]),
    np.array([7, 3, 3, 7]),
    np.array([7, 3, 3, 7], dtype=np.int32),
    np.array([2**63 - 1, -(2**63), 0, 2**63 - 1]),
    np.array([2**40, 0, 2**41, 2**40]),
    DAYS,
    np.array(["2026-01-05T09:30:01", "1900-01-03", "2026-01-05T09:30"], dtype="datetime64[s]"),
    as_column([]),
    np.array([], dtype=float),
]
texts = st.lists(st.sampled_from([None, "a", "b", "é", "B"]), max_size=12).map(as_column)
numbers = st.lists(st.sampled_from([np.nan, 1.0, 2.5, -3.0]), max_size=12).map(
    lambda values: np.array(values, dtype=float)
)
whole = st.sampled_from([1, 7, 86_400, 2**50]).flatmap(
    lambda step: st.lists(st.integers(-9, 9).map(lambda number: step * number), max_size=12).map(
        lambda values: np.array(values, dtype=np.int64)
    )
)


def of_four() -> Frame:
    """Four rows."""
    return Frame({"who": ["b", None, "a", "b"], "score": [2, 3, 1, 2], "day": DAYS})


def test_kinds_of_columns() -> None:
    frame = of_four()
    assert len(frame) == 4
    assert frame.names == ("who", "score", "day")
    assert "who" in frame
    assert "what" not in frame
    assert [frame[name].dtype.kind for name in frame.names] == ["O", "i", "M"]
    assert as_column(np.array(["a", "b"])).dtype == object
    assert as_column([True, False]).dtype == bool
    assert as_column([True, None]).tolist() == [True, None]
    assert as_column([1, 2.5]).dtype == float
    assert as_column([(1, 2), (3, 4)]).tolist() == [(1, 2), (3, 4)]
    assert as_column([date(2026, 1, 5)]).tolist() == [date(2026, 1, 5)]


def test_rows_are_taken_and_chosen() -> None:
    frame = of_four()
    assert frame.take([2, 0])["who"].tolist() == ["a", "b"]
    assert frame.take(slice(1, 3))["score"].tolist() == [3, 1]
    assert frame.take([])["who"].tolist() == []
    assert frame.where(frame["score"] == 2)["who"].tolist() == ["b", "b"]
    assert frame.select("score").names == ("score",)
    assert next(frame.rows())["who"] == "b"


def test_a_column_more_leaves_the_frame_as_it_was() -> None:
    frame = of_four()
    more = frame.assign(week=[0, 1, 2, 3], who=["x"] * 4)
    assert more.names == ("who", "score", "day", "week")
    assert frame.names == ("who", "score", "day")
    assert frame["who"].tolist()[0] == "b"
    frame["week"] = np.arange(4)
    assert frame["week"].tolist() == [0, 1, 2, 3]


def test_frames_share_their_columns_and_nobody_changes_them() -> None:
    frame = of_four()
    everybody = frame.where(np.ones(4, dtype=bool))
    assert everybody["who"] is frame["who"]
    assert frame.take([0, 1, 2, 3])["day"] is frame["day"]
    assert frame.take([1, 0, 2, 3])["score"].tolist() == [3, 2, 1, 2]
    everybody["score"] = [0, 0, 0, 0]
    assert frame["score"].tolist() == [2, 3, 1, 2]
    for column in (frame["who"], frame.take([2])["score"], everybody["score"]):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = None


def test_what_was_taken_stays_what_it_was() -> None:
    frame = of_four()
    part, few = frame.take([3, 0]), frame.where(frame["score"] < 3).select("score", "who")
    again = part.take([1])
    frame["score"] = [9, 9, 9, 9]
    frame["week"] = [0, 1, 2, 3]
    part["score"] = [8, 8]
    assert part.names == ("who", "score", "day")
    assert (part["who"].tolist(), part["score"].tolist()) == (["b", "b"], [8, 8])
    assert (few["score"].tolist(), again["score"].tolist()) == ([2, 1, 2], [2])
    assert few.names == ("score", "who")
    assert [len(part), len(few), len(again)] == [2, 3, 1]
    with pytest.raises(KeyError, match="week"):
        part["week"]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        Frame({"a": [1], "b": [1, 2]})
    with pytest.raises(ValueError, match="week: 3 values for 4 rows"):
        of_four()["week"] = [1, 2, 3]
    with pytest.raises(ValueError, match="3 answers for 4 rows"):
        of_four().where(np.array([True, False, True]))


@pytest.mark.parametrize("column", COLUMNS)
def test_missing_known_and_codes_are_pandas_own(column: Any) -> None:
    assert missing(column).tolist() == pd.isna(column).tolist()
    assert len(known(column)) == int(pd.notna(column).sum())
    found, distinct = codes(column)
    theirs, values = pd.factorize(column)
    assert found.tolist() == theirs.tolist()
    assert distinct == np.asarray(values).tolist()


@pytest.mark.parametrize(
    "values",
    [
        np.array([3, 1, 3, 2], dtype=np.uint32),
        np.array([2.0, np.nan, -0.5, np.nan, 2.0]),
        np.array([[3, 1], [1, 2]]),
        np.array([True, False, True]),
        np.array([], dtype=int),
        DAYS,
    ],
    ids=["codes", "numbers", "a table", "flags", "none", "days"],
)
def test_distinct_values_are_numpys_own(values: Any) -> None:
    assert str(distinct(values)) == str(np.unique(values))
    assert distinct(values).dtype == values.dtype


def test_a_text_that_is_not_a_number_is_not_missing() -> None:
    assert missing(as_column(["nan", "", np.nan, None])).tolist() == [False, False, True, True]


def test_only_true_holds() -> None:
    assert holds(as_column([True, False, None])).tolist() == [True, False, False]
    assert holds(np.array([True, False])).tolist() == [True, False]
    assert holds(as_column([])).tolist() == []


@given(texts, numbers | whole)
def test_firsts_lasts_repeated_and_order_are_pandas_own(text: Any, number: Any) -> None:
    size = min(len(text), len(number))
    one, two = text[:size], number[:size]
    theirs = pd.DataFrame({"one": pd.Series(one, dtype=object), "two": two})
    for keys in ([one], [two], [one, two]):
        own = theirs[["one", "two"][:2] if len(keys) == 2 else ["one" if keys[0] is one else "two"]]
        assert firsts(*keys).tolist() == (~own.duplicated()).tolist()
        assert lasts(*keys).tolist() == (~own.duplicated(keep="last")).tolist()
        assert repeated(*keys).tolist() == own.duplicated(keep=False).tolist()
        alike = own.groupby(list(own.columns), dropna=False, sort=False).ngroup()
        heads = np.flatnonzero(~own.duplicated())
        assert first_alike(*keys).tolist() == heads[alike.to_numpy()].tolist()
    order = theirs.sort_values(["one", "two"], kind="stable").index.tolist()
    assert sorted_by(one, two).tolist() == order


@given(numbers)
def test_groups_and_means_are_pandas_own(values: Any) -> None:
    keys = np.arange(len(values)) % 3
    theirs = pd.Series(values).groupby(keys)
    assert [at.tolist() for _, at in groups(keys)] == [own.index.tolist() for _, own in theirs]
    expected = theirs.mean().reindex(range(4)).to_numpy()
    assert means(values, keys, 4) == pytest.approx(expected, abs=1e-15, nan_ok=True)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_the_median_is_numpys_own(values: list[float]) -> None:
    assert median(np.array(values)) == np.median(values)


def test_pandas_has_the_same() -> None:
    theirs = of_four().to_pandas()
    assert theirs["who"].tolist() == ["b", None, "a", "b"]
    assert theirs["day"].dt.year.tolist()[2] == 2026


def test_ends_of_groups() -> None:
    found = ends(np.array([10, 20, 30, 40]), np.array([2, 0, 2, 2]), 4)
    assert [part.tolist() for part in found] == [[20, 0, 10, 0], [20, 0, 40, 0], [1, 0, 3, 0]]
    none = np.zeros(0, dtype=np.int64)
    assert [part.tolist() for part in ends(none, none, 0)] == [[], [], []]
