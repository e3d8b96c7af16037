"""What reading gives: the log of all visits, where each came from, and its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from clinicreport.log.cells import Words
from clinicreport.log.dates import DateStyle
from clinicreport.log.declared import Declared
from clinicreport.log.findings import Finding
from clinicreport.log.headings import Aliases
from clinicreport.log.register import Register
from clinicreport.log.reporter import Reporter, Spot
from clinicreport.reading.spreadsheet import column_letters

if TYPE_CHECKING:
    from clinicreport.ground.frame import Frame
    from clinicreport.log.forms import KnownForm

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an input is to be read: everything that the clinic or the command line can say."""

    reporter: Reporter
    today: date
    aliases: Aliases = field(default_factory=Aliases)
    words: Words = field(default_factory=Words)
    dates: DateStyle = field(default_factory=DateStyle)
    start: date | None = None  # that weeks are counted from where a log has no start date
    declared: Declared = field(default_factory=Declared)
    same: Mapping[str, str] = field(default_factory=dict)  # id -> the id it is counted under
    different: frozenset[frozenset[str]] = frozenset()  # pairs of ids that are two people
    form: str = ""  # the clinic's name of the form that is read so
    forms: tuple[KnownForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One session table as read, or one unreadable file (then ``reason`` says why)."""

    file: str
    sha256: str
    sheet: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)  # field -> cell that holds for all rows
    heading_row: int = 0
    headings: Mapping[str, str] = field(default_factory=dict)  # of patient, day and scores
    by_weeks: bool = False  # a row's day is that of its week, which others may share
    rows: int = 0
    used: int = 0
    reason: str | None = None
    passing: bool = False  # the reason is no fault of the file
    assumptions: tuple[str, ...] = ()
    second: Mapping[int, int] = field(default_factory=dict)  # row -> its visit's other row
    taken: Mapping[int, frozenset[int]] = field(default_factory=dict)  # row -> rows whose values
    # it takes, where blank cells are filled down
    elsewhere: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)

    def standing(self, name: str, row: int) -> tuple[str, int]:
        """The field and row where a visit's value really stands: its own, or its second row's."""
        return self.elsewhere.get((name, row), (name, row))

    def cell(self, name: str, row: int) -> str:
        """The address of a field's cell in a row; empty where there is no such column."""
        name, row = self.standing(name, row)
        column = self.columns.get(name)
        return f"{column_letters(column)}{row}" if column else self.fixed.get(name, "")


class Located(NamedTuple):
    """A finding about a row, with the source and row that decide whether it is in scope."""

    finding: Finding
    source: int | None = None
    row: int | None = None


@dataclass(slots=True)
class Log:
    """All sessions of a run.

    ``visits``: one row a used visit in input order: a row's number is the visit's place. Columns are the session log's fields (dates as
    datetime64, numbers as float, start times as minutes since midnight, other fields as text or
    None) and ``source`` (index into ``sources``), ``row`` (in the sheet, from 1), ``day_known``
    (False where the layout tells the week only) and ``planned`` (the day of a visit that the
    clinic has named: no pause starts a course).
    """

    visits: Frame
    sources: list[Source]
    register: Register
    located: list[Located]
    unusable: dict[str, set[tuple[int, int]]]  # field -> (source, row) of cells with a finding
    different: frozenset[frozenset[str]] = frozenset()
    two_sessions_a_day: bool = False  # the clinic says that several a day are meant

    def settled(self, one: str, other: str) -> bool:
        """Whether a person has said that the two ids are two people."""
        return frozenset((one, other)) in self.different

    def spot(self, index: int, name: str) -> Spot:
        """The place of a field's cell in a used visit."""
        visit = self.visits
        source = self.sources[int(visit["source"][index])]
        row = int(visit["row"][index])
        return Spot(
            file=source.file,
            sheet=source.sheet,
            cell=source.cell(name, row),
            row=source.standing(name, row)[1],
            field=name,
            patient=visit["patient_id"][index],
            clinic=visit["clinic"][index],
        )

    def only(self, of: Bools, about: Callable[[Finding], bool]) -> Log:
        """The log with the visits for which ``of`` holds, as if nothing else had been read.

        Findings of these visits' rows and of whole files stay; one of a row that was set aside,
        and so belongs to no visit, stays where it is ``about`` them. Each source counts the rows
        that are left.
        """
        visits = self.visits.where(of)
        places = self.places(visits)
        located = [
            item
            for item in self.located
            if item.row is None or (item.source, item.row) in places or about(item.finding)
        ]
        used = Counter(source for source, _ in places)
        sources = [
            replace(source, rows=used[at], used=used[at]) for at, source in enumerate(self.sources)
        ]
        return replace(self, visits=visits, located=located, sources=sources)

    def places(self, visits: Frame) -> set[tuple[int, int]]:
        """The rows that the visits stand in, as (source, row): of each its one row, or its two."""
        rows = set(zip(visits["source"].tolist(), visits["row"].tolist(), strict=True))
        pairs = [(at, source.second) for at, source in enumerate(self.sources) if source.second]
        return rows.union(
            (at, other)
            for at, second in pairs
            for row, other in second.items()
            if (at, row) in rows
        )

    def has_column(self, name: str) -> Bools:
        """For each visit, whether its table has a column for the field."""
        there = np.array([name in source.columns for source in self.sources], dtype=bool)
        return there[self.visits["source"]] if len(self.visits) else np.zeros(0, bool)
