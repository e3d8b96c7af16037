"""Wide logs: a row a patient, visits side by side ("Baseline, Wk 1, Wk 2 …", or by date).

Each visit becomes a table of its own that shares the sheet's rows, so that every score still knows
its cell. Week k is start + 7k days; without a start date the date is a missing column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from clinicreport.log.cells import Words, plain, unaccented
from clinicreport.log.dates import DateColumn, DateStyle, read_dates
from clinicreport.log.declared import Declared
from clinicreport.log.fields import COLUMN_FIELDS, OF_A_VISIT, SESSION_FIELDS
from clinicreport.log.heading_rows import heading_rows, row_of
from clinicreport.log.headings import Aliases, HeadingRow, key, map_row
from clinicreport.log.layout import (
    UNDECLARED,
    Fixed,
    LogTable,
    long_tables,
    spread_headings,
)
from clinicreport.log.raw_kinds import is_date, is_filled, is_number
from clinicreport.log.scales import named_scale
from clinicreport.log.week_labels import BASELINES, WEEK_WORDS, Label, Labels, simple
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters

_DAY_WORDS = ["day", "d", "tag", "jour", "dia", "giorno", "dag"]
_OTHERS = [
    "visit",
    "v",
    "session",
    "besuch",
    "visite",
    "visita",
    "sitzung",
    "seance",
    "sesion",
    "sessao",
    "seduta",
    "bezoek",
    "month",
    "monat",
    "mois",
    "mes",
    "mese",
    "maand",
]
_VISIT_ONLY = (
    rf"(?P<kind>{'|'.join([*BASELINES, *WEEK_WORDS, *_DAY_WORDS, *_OTHERS])})"
    r"\s*[-_.#]?\s*(?P<number>\d{1,3})?(?!\d)[\s:,;.)_-]*"
)
_VISIT = rf"{_VISIT_ONLY}(?P<rest>.*)"
_SOME_VISIT = (
    rf"(?<![^\W\d_])(?:{'|'.join([*BASELINES, *WEEK_WORDS, *_DAY_WORDS, *_OTHERS])})\s*[-_.#]?\s*\d"
)
_DAYS = dict.fromkeys(WEEK_WORDS, 7) | dict.fromkeys(_DAY_WORDS, 1) | dict.fromkeys(BASELINES, 0)
PLAIN = DateStyle()
AT_LEAST = 2  # visits side by side that make a wide log
AS_FAR = 20  # rows with a patient heading that are looked at


@dataclass(slots=True)
class Visit:
    """One visit of a wide log: its label, its columns by field, and where its date is from."""

    label: str
    columns: dict[str, int] = field(default_factory=dict)
    day: date | None = None  # from the heading
    cell: str = ""  # the heading's
    offset: int | None = None  # days after the start date
    days_known: bool = True
    planned: bool = False  # a visit that the clinic has named
    baseline: bool = False  # it took place even where no score was written


def session_tables(
    book: Spreadsheet,
    sheet: Sheet,
    aliases: Aliases,
    start: date | None = None,
    declared: Declared = UNDECLARED,
    style: DateStyle = PLAIN,
) -> list[LogTable]:
    """The session tables of a sheet: long ones, else a wide log's, a visit each.

    A table that lacks a needed column is given too, so that it can be said. ``start``: the day
    that weeks are counted from where the log has no start date; ``declared`` and ``style``: what
    the clinic says of its visits and dates.
    """
    long = long_tables(book, sheet, aliases, start, declared)
    whole = [table for table in long if not table.missing]
    if whole and not any(table.headings.duplicates and table.fixed for table in whole):
        return [table for table in long if table.needed_headings >= 2 or not table.missing]
    return wide_tables(book, sheet, Marks(aliases, declared, style), start) or [
        table for table in long if table.needed_headings >= 2
    ]


class Marks(NamedTuple):
    """What a heading may mean: the headings known, and what the clinic says of visits and dates."""

    aliases: Aliases
    declared: Declared = UNDECLARED
    style: DateStyle = PLAIN


def wide_tables(
    book: Spreadsheet, sheet: Sheet, marks: Marks, day: date | None = None
) -> list[LogTable]:
    """The visits of the sheet's wide log as tables; none where there is no wide log."""
    aliases = marks.aliases
    row_is_patient = marks.declared.patient_from == "row"
    patient_rows = heading_rows(sheet, aliases, ("patient_id",), 1, dated=True)[:AS_FAR]
    if row_is_patient and not patient_rows:
        patient_rows = list(range(1, min(sheet.rows, AS_FAR) + 1))
    for row in sorted({at for found in patient_rows for at in (found - 1, found) if at}):
        for cells, first in _heading_readings(sheet, row):
            headings = map_row(cells, aliases, COLUMN_FIELDS)
            if "patient_id" not in headings.columns and not row_is_patient:
                continue
            visits = _visits(cells, row, headings, marks)
            if _in_a_body(sheet, row, visits):
                continue
            if len(visits) >= AT_LEAST and any("nrs_before" in v.columns for v in visits):
                start = _start_column(cells, aliases)
                base = LogTable(book, sheet, row, first, sheet.rows, {})
                return _tables(base, headings, visits, start or day)
    return []


def _in_a_body(sheet: Sheet, row: int, visits: list[Visit]) -> bool:
    """Whether the days stand among others of their columns, or below numbers of them: then the
    row is a patient's, not the headings'. Above a blank row there is another table, or a title."""
    dated = [visit.columns["nrs_before"] for visit in visits if visit.day is not None]
    above = row - 1
    while above and any(map(is_filled, row_of(sheet, above))):
        if any(is_number(v) or is_date(v) for v in (sheet.value(above, at) for at in dated)):
            return True
        above -= 1
    return False


def _heading_readings(sheet: Sheet, row: int) -> list[tuple[list[Value], int]]:
    """A row as headings: with the row above as groups, with the row below, and alone."""
    cells = row_of(sheet, row)
    readings: list[tuple[list[Value], int]] = []
    if row < sheet.rows:
        below = row_of(sheet, row + 1)
        groups = spread_headings(sheet, row, cells, below)
        joined = [
            _both(group, lower) or cell
            for group, lower, cell in zip(groups, below, cells, strict=True)
        ]
        if any(groups) and all(isinstance(value, str) for value in below) and joined != cells:
            readings.append((joined, row + 2))
    return [*readings, (cells, row + 1)]


def _both(group: str, lower: Value) -> str:
    text = lower.strip() if isinstance(lower, str) else ""
    return f"{group} {text}".strip() if text else ""


def _visits(cells: list[Value], row: int, headings: HeadingRow, marks: Marks) -> list[Visit]:
    """The visits that the headings name, in the order of their columns."""
    taken = {at for name, at in headings.columns.items() if name not in OF_A_VISIT}
    others = {
        column: cell
        for column, cell in enumerate(cells, 1)
        if column not in taken and not (isinstance(cell, str) and not cell.strip())
    }
    days = _days_of(list(others.values()), marks.style)
    labels = Labels(others.values(), marks.declared.visits)
    visits: dict[object, Visit] = {}
    for (column, cell), day in zip(others.items(), days, strict=True):
        found = _dated(day) or _named(cell, marks.aliases, labels)
        if found is None:
            continue
        label, name, visit = found
        own = visits.setdefault(label, visit)
        own.cell = own.cell or f"{column_letters(column)}{row}"
        own.columns.setdefault(name, column)
    return list(visits.values())


def _days_of(cells: list[Value], style: DateStyle) -> list[date | None]:
    """For each heading the day that it is, by the order of all of them together."""
    held = [cell if isinstance(cell, str | date | datetime) else "" for cell in cells]
    reads, _ = read_dates(DateColumn(held), style, date.max, Words())
    return [read.value for read in reads]


def _dated(day: date | None) -> tuple[object, str, Visit] | None:
    """A heading that is a day: the column holds the scores of that day."""
    return None if day is None else (day, "nrs_before", Visit(str(day), day=day))


def _named(cell: Value, aliases: Aliases, labels: Labels) -> tuple[object, str, Visit] | None:
    """A heading such as "Week 3", "Wk 3 after", "Baseline", "Pain week 3", "Visit 2 date"."""
    if not isinstance(cell, str):
        return None
    text = simple(cell)
    own = labels.name(text)
    if own:
        return _labelled(cell, own, aliases)
    week = labels.week(text)
    if week:
        return _labelled(cell, week, aliases)
    match = re.fullmatch(_VISIT, text)
    rest = match.group("rest") if match else ""
    if match is None:
        tail = re.fullmatch(
            rf"(?P<rest>.+?)[\s:,;(_-]+(?P<visit>{_VISIT_ONLY})[\s)]*",
            text,
        )
        if tail is None:
            return None
        match, rest = tail, tail.group("rest")
    kind, number = match.group("kind"), match.group("number")
    if number is None and kind not in BASELINES:
        return None
    name = _field_of(cell, rest, aliases)
    if name is None:
        return None
    offset = _DAYS[kind] * int(number or 0) if kind in _DAYS else None
    label = ("offset", offset) if offset is not None else (kind[0], number)
    known = kind in _DAY_WORDS
    return (
        label,
        name,
        Visit(cell.strip(), offset=offset, days_known=known, baseline=kind in BASELINES),
    )


def _labelled(cell: str, label: Label, aliases: Aliases) -> tuple[object, str, Visit] | None:
    """The visit and the field of a heading with a week or a visit that the clinic has named.

    "Pain after 3 weeks" may be a score after a session, or three weeks later: it is none.
    """
    name = _field_of(cell, label.rest, aliases)
    if name is None or (label.behind and name == "nrs_after"):
        return None
    visit = Visit(
        cell.strip(),
        offset=label.days,
        days_known=label.named,
        planned=label.named,
        baseline=label.named and label.days == 0,
    )
    return ("offset", label.days), name, visit


def names_visit(heading: str) -> bool:
    """Whether a heading seems to name one visit of several: "Pain week 3", "V2 pain"."""
    return re.search(_SOME_VISIT, unaccented(plain(heading))) is not None


def _field_of(heading: str, rest: str, aliases: Aliases) -> str | None:
    """The field of a visit's column, from what its heading says beside the visit. A heading that
    names nothing but the visit is its score, or what the clinic says that it is."""
    named = named_scale(heading)
    if named and not key(re.sub(_VISIT_ONLY, " ", named.rest)):
        rest = ""  # "Week 3 (0-5)"
    if key(rest):
        name = aliases.field(rest)
        return name if name in SESSION_FIELDS else None
    own = aliases.field(heading)
    return own if own in OF_A_VISIT and own != "date" else "nrs_before"


def _tables(
    base: LogTable, headings: HeadingRow, visits: list[Visit], start: int | date | None
) -> list[LogTable]:
    """One table a visit; the patient's own columns are in each."""
    shared = {name: at for name, at in headings.columns.items() if name not in OF_A_VISIT}
    every = {column for visit in visits for column in visit.columns.values()}
    begun = every | ({start} if isinstance(start, int) else set())
    unknown = [column for column in headings.unknown if column not in begun]
    dated = tuple(visit.columns["date"] for visit in visits if "date" in visit.columns)
    tables = []
    for visit in visits:
        texts = HeadingRow({}, [], [], texts=headings.texts)
        table = replace(base, columns={**shared, **visit.columns}, fixed={}, headings=texts)
        table.own = tuple(visit.columns.values())
        table.filled_by = tuple(begun) if visit.baseline else table.own
        if visit.day is not None:
            table.fixed["date"] = Fixed(visit.day, visit.cell)
        elif "date" not in visit.columns and visit.offset is not None and start:
            if isinstance(start, date):
                table.fixed["date"] = Fixed(start)
            else:
                table.columns["date"] = start
            table.offset, table.days_known = visit.offset, visit.days_known
            table.planned = visit.planned
        table.weeks = visit.offset is not None
        table.date_columns = dated
        table.notes = (f"a wide log: {visit.label} is a visit{_declared_day(visit)}",)
        tables.append(table)
    twice = [(column, name) for column, name in headings.duplicates if column not in begun]
    astray = [
        at for name, at in headings.columns.items() if name in OF_A_VISIT and at not in begun
    ] + [column for column, name in twice if name in OF_A_VISIT]
    twice = [(column, name) for column, name in twice if name not in OF_A_VISIT]
    tables[0].headings = HeadingRow(headings.columns, unknown, twice, tuple(astray), headings.texts)
    return tables


def _declared_day(visit: Visit) -> str:
    """On which day the clinic's settings say that a visit is, in words."""
    return f" on day {visit.offset} (reading.visits)" if visit.planned else ""


def _start_column(cells: list[Value], aliases: Aliases) -> int | None:
    """The column of the start date; a plain date column of a wide log is one."""
    named = {aliases.field(cell): at for at, cell in reversed(list(enumerate(cells, 1)))}
    return named.get("start_date") or named.get("date")
