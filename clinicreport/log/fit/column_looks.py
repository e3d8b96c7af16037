"""What a column looks like: what its filled cells hold, and so which field it may be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from clinicreport.ground.rounding import written
from clinicreport.log.cells import NO, YES, Words, plain, read_visit_type, shown, unaccented
from clinicreport.log.dates import DateColumn, DateStyle, read_dates
from clinicreport.reading.spreadsheet import CellError, Value

MOST = 0.8  # the share of filled cells that makes a column one of a kind
PAIR = re.compile(
    r"\s*\d{1,2}(?:[.,]\d+)?\s*(->|→|=>|>|/|\\|;|\||–|—|-|to|a|à|bis)\s*\d{1,2}(?:[.,]\d+)?\s*"
)
NO_YEAR = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\.?")
WEEK = re.compile(
    r"(?:week|wk|woche|semaine|semana|w|t|visit|v)\s*[-#.]?\s*-?\d{1,2}|\d{1,2}\s*(?:weeks?|wochen?)"
)
NAME = re.compile(r"[^\W\d_][^\d_]{0,40}")
CODE = re.compile(r"[\w./#-]{1,24}")
MISSING_CODES = frozenset(
    {-99.0, -9.0, -1.0, 77.0, 88.0, 99.0, 777.0, 888.0, 999.0, 9999.0, -999.0}
)


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """What the cells of one column hold. Counts are of filled cells.

    ``examples``: two cells as the sheet shows them, for the screen only.
    """

    rows: int
    filled: int
    distinct: int
    examples: tuple[str, ...]
    numbers: Mapping[float, int]  # each number with how often it stands there
    dates: int = 0  # in any form
    unsettled: bool = False  # text dates whose order nothing settles
    days_without_year: int = 0
    pairs: Mapping[str, int] | None = None  # "8 -> 6": separator -> how often
    yes_no: int = 0
    attendance: int = 0
    weeks: int = 0
    names: int = 0
    codes: int = 0
    with_time: int = 0

    @property
    def scores(self) -> dict[float, int]:
        """The numbers without the codes that often stand for "not known"."""
        usual = [x for x in self.numbers if x not in MISSING_CODES]
        end = next((end for end in (10, 100) if max(usual, default=0) <= end), float("inf"))
        return {x: n for x, n in self.numbers.items() if x not in MISSING_CODES or 0 <= x <= end}

    @property
    def codes_for_missing(self) -> list[float]:
        """Numbers that stand far outside the others and are usual codes for "not known"."""
        return sorted(x for x in self.numbers if x not in self.scores)

    def mostly(self, count: int) -> bool:
        """Whether so many cells make the column one of a kind."""
        return self.filled > 0 and count >= MOST * self.filled

    @property
    def number_cells(self) -> int:
        """How many cells hold a number."""
        return sum(self.numbers.values())

    @property
    def may_be_date(self) -> bool:
        """Whether the column can hold the day of a visit."""
        return self.mostly(self.dates + self.days_without_year)

    @property
    def lacks_year(self) -> bool:
        """Whether its days come without a year."""
        return (
            self.mostly(self.dates + self.days_without_year) and self.days_without_year > self.dates
        )

    @property
    def may_be_score(self) -> bool:
        """Whether the column can hold pain scores: numbers of one scale, not all alike."""
        scores = self.scores
        if not self.mostly(self.number_cells) or len(scores) < 3 or self.may_be_date:
            return False
        return min(scores) >= 0 and max(scores) <= 100

    @property
    def above_ten(self) -> bool:
        """Whether its numbers are of another scale than 0 to 10."""
        scores = self.scores
        high = sum(n for x, n in scores.items() if x > 10)
        return high >= 3 and 5 * high >= sum(scores.values())

    @property
    def separator(self) -> str:
        """What stands between two scores in a cell; empty where the column holds no pairs."""
        found = Counter(self.pairs or {})
        if not found or self.may_be_date or self.days_without_year > found.total() / 2:
            return ""
        by, count = found.most_common(1)[0]
        singles = self.number_cells
        return by if count >= 3 and self.mostly(count + singles) else ""

    @property
    def may_be_patient(self) -> bool:
        """Whether the column can tell patients apart: short codes, names or whole numbers."""
        whole = all(x == int(x) and x >= 0 for x in self.numbers)
        kinds = self.codes + self.names + (self.number_cells if whole else 0)
        many = self.distinct >= 2 and not self.mostly(self.yes_no)
        return many and whole and self.mostly(kinds) and not self.may_be_date

    @property
    def words(self) -> str:
        """What the column looks like, in a few words."""
        if not self.filled:
            return "empty"
        if self.lacks_year:
            return "days without a year"
        if self.may_be_date:
            return "dates" + (" as text, order not settled" if self.unsettled else "")
        if self.separator:
            return f"two numbers with “{self.separator}” between"
        if self.mostly(self.attendance):
            return "whether somebody came"
        if self.mostly(self.number_cells):
            return self._number_words()
        for count, said in (
            (self.yes_no, "yes or no"),
            (self.weeks, "weeks or visits by name"),
            (self.codes, f"{self.distinct} different codes"),
            (self.names, f"{self.distinct} different names or words"),
        ):
            if self.mostly(count):
                return said
        return "free text"

    def _number_words(self) -> str:
        scores = self.scores or dict(self.numbers)
        ends = f"{written(min(scores))} to {written(max(scores))}"
        whole = "whole numbers" if all(x == int(x) for x in scores) else "numbers"
        return f"{whole}, {ends}"


def column_look(
    cells: Iterable[tuple[Value, int]], rows: int, style: DateStyle, today: date
) -> ColumnLook:
    """A column's look from its distinct values, each with how often it stands in the table.

    ``rows``: how many rows the table has, blank cells counted.
    """
    found = [(value, count) for value, count in cells if count and not _is_blank(value)]
    counts: Counter[str] = Counter()
    numbers: Counter[float] = Counter()
    pairs: Counter[str] = Counter()
    for value, count in found:
        _count(value, count, counts, numbers, pairs)
    dates, unsettled = _dates(found, style, today)
    examples = tuple(str(shown(value)) for value, _ in found[:2])
    return ColumnLook(
        rows=rows,
        filled=sum(count for _, count in found),
        distinct=len(found),
        examples=examples,
        numbers=dict(numbers),
        dates=dates,
        unsettled=unsettled,
        pairs=dict(pairs),
        **counts,
    )


def _is_blank(value: Value) -> bool:
    return (isinstance(value, str) and not value.strip()) or isinstance(value, CellError)


def _dates(found: list[tuple[Value, int]], style: DateStyle, today: date) -> tuple[int, bool]:
    """How many cells hold a date in some form, and whether text dates' order is not settled."""
    column = DateColumn([value for value, _ in found], [count for _, count in found])
    reads, _ = read_dates(column, style, today, Words(), visit=False)
    pairs = list(zip(reads, found, strict=True))
    certain = sum(n for read, (_, n) in pairs if read.value is not None)
    ambiguous = sum(n for read, (_, n) in pairs if read.rule == "ambiguous-date")
    return certain + ambiguous, ambiguous > 0


def _count(
    value: Value,
    count: int,
    counts: Counter[str],
    numbers: Counter[float],
    pairs: Counter[str],
) -> None:
    """One distinct value, added to what it may be."""
    if isinstance(value, bool):
        counts["yes_no"] += count
        return
    if isinstance(value, datetime | date | time):
        counts["with_time"] += count * (isinstance(value, datetime) and value.time() != time())
        return
    if isinstance(value, int | float):
        numbers[float(value)] += count
        counts["yes_no"] += count * (value in (0, 1))
        return
    if isinstance(value, str):
        _count_text(value, count, counts, numbers, pairs)


def _count_text(
    value: str, count: int, counts: Counter[str], numbers: Counter[float], pairs: Counter[str]
) -> None:
    text = plain(value)
    number = _number(text)
    if number is not None:
        numbers[number] += count
    elif NO_YEAR.fullmatch(text):
        counts["days_without_year"] += count
    pair = PAIR.fullmatch(text)
    if pair:
        pairs[pair.group(1)] += count
    counts["with_time"] += count * (":" in text and any(c.isdigit() for c in text))
    bare = unaccented(text)
    counts["yes_no"] += count * (text in YES or text in NO)
    counts["attendance"] += count * (read_visit_type(value, Words()).value is not None)
    counts["weeks"] += count * bool(WEEK.fullmatch(bare))
    if number is None and NAME.fullmatch(value.strip()) and len(value.split()) <= 4:
        counts["names"] += count
    elif number is None and CODE.fullmatch(value.strip()):
        counts["codes"] += count


def _number(text: str) -> float | None:
    """A number with point or comma, or with "%" behind."""
    bare = text.removesuffix("%").strip().replace(",", ".")
    try:
        found = float(bare)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None


def is_visit_name(heading: str) -> bool:
    """Whether a heading names a visit: "Week 2", "W -1", "T3"."""
    return bool(WEEK.fullmatch(unaccented(plain(heading))))
