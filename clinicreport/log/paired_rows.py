"""Two rows a visit, where the clinic declares it: the score before in one, the score after in the
next.

Of a patient's rows of one day the first of each pair gives the visit, the second its score after.
A column's words (before, after) or the time decide which is which, else the order of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from clinicreport.log.cells import plain, unaccented
from clinicreport.log.fields import SESSION_FIELDS, as_written
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Log
from clinicreport.reading.spreadsheet import Value

BEFORE = frozenset(
    [
        "before",
        "pre",
        "arrival",
        "arriving",
        "arrived",
        "in",
        "start",
        "vorher",
        "vor",
        "ankunft",
        "beginn",
        "eingang",
        "avant",
        "arrivee",
        "debut",
        "entree",
        "antes",
        "llegada",
        "inicio",
        "entrada",
        "previo",
        "voor",
        "vooraf",
        "aankomst",
        "chegada",
        "prima",
        "arrivo",
        "ingresso",
    ]
)
AFTER = frozenset(
    [
        "after",
        "post",
        "leaving",
        "left",
        "departure",
        "out",
        "end",
        "nachher",
        "nach",
        "ende",
        "ausgang",
        "abgang",
        "apres",
        "depart",
        "fin",
        "sortie",
        "despues",
        "salida",
        "posterior",
        "nadien",
        "achteraf",
        "vertrek",
        "depois",
        "apos",
        "saida",
        "dopo",
        "uscita",
    ]
)
_DUTCH_AFTER = "na"  # after, beside its word for before; alone it is "not available"
_DUTCH = frozenset({"voor", "vooraf"})
SAID = 0.8  # of the filled cells of a column that says which row is which
_OF_THE_PAIR = frozenset({"patient_id", "date", "clinic", "visit_type", "start_time"})
Part = dict[str, npt.NDArray[Any]]


@dataclass(slots=True)
class Pairs:
    """Visits of two rows. ``second``: row -> the visit's other row; ``elsewhere``: (field, row) ->
    (field, row) where a value of the visit really stands. Rows as in the sheet."""

    part: Part
    second: dict[int, int] = field(default_factory=dict)
    elsewhere: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)


def side(text: str, *, dutch: bool = False) -> str:
    """Which score the words name, "before" or "after"; nothing for neither, or for both."""
    words = _words(text)
    before, after = bool(words & BEFORE), bool(words & AFTER)
    if dutch and not before and _DUTCH_AFTER in words:
        return "after"
    return "" if before == after else "before" if before else "after"


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z]+", unaccented(plain(text))))


def _is_dutch(values: Iterable[Value]) -> bool:
    """Whether one of a column's cells says before in Dutch."""
    return any(isinstance(value, str) and _words(value) & _DUTCH for value in values)


def side_column(table: LogTable) -> int | None:
    """The column whose words say which row is which; None where no column does."""
    for number, column in enumerate(table.sheet.columns, 1):
        values = column.values
        codes, counts = np.unique(table.codes(number), return_counts=True)
        dutch = _is_dutch(values)
        said = {"before": 0, "after": 0, "": 0}
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            value = values[code]
            if not (isinstance(value, str) and not value.strip()):
                said[_side_of(value, dutch=dutch)] += count
        known = said["before"] + said["after"]
        if min(said["before"], said["after"]) and known >= SAID * (known + said[""]):
            return number
    return None


def _side_of(value: Value, *, dutch: bool) -> str:
    return side(value, dutch=dutch) if isinstance(value, str) else ""


def _sides(table: LogTable, rows: list[int]) -> list[str]:
    """Which score each row holds, by the words of the column that says so."""
    if not table.sides:
        return [""] * len(rows)
    dutch = _is_dutch(table.sheet.columns[table.sides - 1].values)
    return [_side_of(table.sheet.value(row, table.sides), dutch=dutch) for row in rows]


def paired(table: LogTable, part: Part) -> Pairs:
    """The used rows of a table (``part``: their values by field) as visits of two rows each.

    A row without another is a visit without a score after; one that its words call "after" has no
    score before. What the first row leaves blank the second gives, an adverse event always.
    """
    rows = part["row"].tolist()
    sides = _sides(table, rows)
    times = part["start_time"].tolist() if "start_time" in part else [np.nan] * len(rows)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for at, who in enumerate(zip(*_keys(part, len(rows)), strict=True)):
        groups.setdefault(who, []).append(at)
    couples: list[tuple[int, int | None]] = []
    for group in groups.values():
        if all(times[at] == times[at] for at in group):
            group.sort(key=lambda at: (times[at], at))
        couples += _couples(group, sides)
    couples.sort(key=lambda couple: couple[0])
    return _visits(part, couples, sides)


def _keys(part: Part, size: int) -> Iterable[list[Any]]:
    """Who came, when and for what: the columns that the rows of a pair share."""
    for name in ("patient_id", "clinic", "date", "visit_type"):
        values = part.get(name)
        listed = [None] * size if values is None else values.tolist()
        if name == "visit_type":  # a row that did not take place has no other one
            attended = [value != "not-attended" for value in listed]
            yield [value or "treatment" for value in listed]
            yield [None if came else at for at, came in enumerate(attended)]
        else:
            yield listed


def _couples(group: list[int], sides: list[str]) -> list[tuple[int, int | None]]:
    """The rows of one day, in their order, as (first, second or None)."""
    before = [at for at in group if sides[at] == "before"]
    after = [at for at in group if sides[at] == "after"]
    if len(before) + len(after) < len(group) or not group:
        pairs = [group[at : at + 2] for at in range(0, len(group), 2)]
        return [(pair[0], pair[1] if pair[1:] else None) for pair in pairs]
    if len(before) == len(after):
        return list(zip(before, after, strict=True))
    couples: list[tuple[int, int | None]] = []
    waiting: int | None = None
    for at in group:
        if sides[at] == "after":
            couples.append((at, None) if waiting is None else (waiting, at))
            waiting = None
        else:
            couples += [] if waiting is None else [(waiting, None)]
            waiting = at
    return couples if waiting is None else [*couples, (waiting, None)]


def _visits(part: Part, couples: list[tuple[int, int | None]], sides: list[str]) -> Pairs:
    rows = part["row"].tolist()
    first = np.array([one for one, _ in couples], dtype=np.intp)
    result = Pairs({name: values[first].copy() for name, values in part.items()})
    result.part.setdefault("nrs_after", np.full(len(first), np.nan))
    for at, (one, other) in enumerate(couples):
        if other is not None:
            result.second[rows[one]] = rows[other]
            _after(result, part, at, (one, other))
            _rest(result, part, at, (one, other))
        elif sides[one] == "after":
            result.part["nrs_after"][at] = part["nrs_before"][one]
            result.part["nrs_before"][at] = np.nan
            result.elsewhere["nrs_after", rows[one]] = ("nrs_before", rows[one])
    return result


def _after(result: Pairs, part: Part, at: int, couple: tuple[int, int]) -> None:
    """The second row's score is the visit's after."""
    one, other = couple
    rows = part["row"]
    name = "nrs_before"
    if np.isnan(part[name][other]) and "nrs_after" in part:
        name = "nrs_after"
    result.part["nrs_after"][at] = part[name][other]
    result.elsewhere["nrs_after", int(rows[one])] = (name, int(rows[other]))
    own, own_after = as_written(name), as_written("nrs_after")
    if own in part:
        result.part.setdefault(own_after, np.full(len(result.part["row"]), None, dtype=object))
        result.part[own_after][at] = part[own][other]


def _rest(result: Pairs, part: Part, at: int, couple: tuple[int, int]) -> None:
    """What the first row leaves blank the second gives; an adverse event is never lost."""
    one, other = couple
    for name in SESSION_FIELDS.keys() & part.keys():
        if name in _OF_THE_PAIR or SESSION_FIELDS[name].kind == "score":
            continue
        mine, theirs = part[name][one], part[name][other]
        event = SESSION_FIELDS[name].kind == "event" and theirs not in ("none", mine)
        if _gone(theirs) or not (_gone(mine) or event):
            continue
        both = event and not _gone(mine) and mine != "none"
        result.part[name][at] = f"{mine}; {theirs}" if both else theirs
        result.elsewhere[name, int(part["row"][one])] = (name, int(part["row"][other]))


def _gone(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 (not a number is not itself)


def in_pairs(
    table: LogTable, part: dict[str, npt.NDArray[Any]], source: int, log: Log
) -> dict[str, npt.NDArray[Any]]:
    """The rows of a table as visits of two rows; the source knows where their values stand."""
    pairs = paired(table, part)
    log.sources[source] = replace(
        log.sources[source], second=pairs.second, elsewhere=pairs.elsewhere
    )
    for (name, row), (stands_as, at) in pairs.elsewhere.items():
        if (source, at) in log.unusable.get(stands_as, ()):
            log.unusable.setdefault(name, set()).add((source, row))
    part = pairs.part
    part["source"] = np.full(len(part["row"]), source)
    part["day_known"] = np.full(len(part["row"]), table.days_known)
    return part
