"""Wide logs: a row a patient, visits side by side ("Baseline, Wk 1, Wk 2 …", or by date).

Each visit becomes a table of its own that shares the sheet's rows, so that every score still knows
its cell. Week k is start + 7k days; without a start date the date is a missing column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from clinicreport.log.cells import plain, unaccented
from clinicreport.log.dates import settled_order
from clinicreport.log.fields import OF_A_VISIT, SESSION_FIELDS
from clinicreport.log.headings import Aliases, HeadingRow, key, map_row
from clinicreport.log.layout import (
    Fixed,
    LogTable,
    heading_rows,
    long_tables,
    row_of,
    spread_headings,
)
from clinicreport.log.scales import named_scale
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters

_VISIT = re.compile(
    r"(?P<kind>baseline|base|week|wk|w|woche|semaine|semana|visit|v|session|day|d|tag|jour|dia|"
    r"besuch|visite|visita|sitzung|seance|sesion|month|monat|mois|mes)"
    r"\s*[-_.#]?\s*(?P<number>\d{1,3})?(?!\d)[\s:,;.)_-]*(?P<rest>.*)"
)
_VISIT_ONLY = re.compile(_VISIT.pattern[: -len("(?P<rest>.*)")])
_DAYS = {
    "week": 7,
    "wk": 7,
    "w": 7,
    "woche": 7,
    "semaine": 7,
    "semana": 7,
    "day": 1,
    "d": 1,
    "tag": 1,
    "jour": 1,
    "dia": 1,
    "baseline": 0,
    "base": 0,
}
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
    baseline: bool = False  # it took place even where no score was written


def session_tables(
    book: Spreadsheet,
    sheet: Sheet,
    aliases: Aliases,
    start: date | None = None,
    *,
    row_is_patient: bool = False,
) -> list[LogTable]:
    """The session tables of a sheet: long ones, else a wide log's, a visit each.

    A table that lacks a needed column is given too, so that it can be said. ``start``: the day
    that weeks are counted from where the log has no start date. ``row_is_patient``: the clinic says
    that a wide log without ids has a patient a row.
    """
    long = long_tables(book, sheet, aliases, start)
    whole = [table for table in long if not table.missing]
    if whole and not any(table.headings.duplicates and table.fixed for table in whole):
        return [table for table in long if table.needed_headings >= 2 or not table.missing]
    wide = wide_tables(book, sheet, aliases, start, row_is_patient=row_is_patient)
    return wide or [table for table in long if table.needed_headings >= 2]


def wide_tables(
    book: Spreadsheet,
    sheet: Sheet,
    aliases: Aliases,
    day: date | None = None,
    *,
    row_is_patient: bool = False,
) -> list[LogTable]:
    """The visits of the sheet's wide log as tables; none where there is no wide log."""
    patient_rows = heading_rows(sheet, aliases, ("patient_id",), 1)[:AS_FAR]
    if row_is_patient and not patient_rows:
        patient_rows = list(range(1, min(sheet.rows, AS_FAR) + 1))
    for row in sorted({at for found in patient_rows for at in (found - 1, found) if at}):
        for cells, first in _heading_readings(sheet, row):
            headings = map_row(cells, aliases, SESSION_FIELDS)
            if "patient_id" not in headings.columns and not row_is_patient:
                continue
            visits = _visits(cells, row, headings, aliases)
            if len(visits) >= AT_LEAST and any("nrs_before" in v.columns for v in visits):
                start = _start_column(cells, aliases)
                base = LogTable(book, sheet, row, first, sheet.rows, {})
                return _tables(base, headings, visits, start or day)
    return []


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


def _visits(cells: list[Value], row: int, headings: HeadingRow, aliases: Aliases) -> list[Visit]:
    """The visits that the headings name, in the order of their columns."""
    taken = {at for name, at in headings.columns.items() if name not in OF_A_VISIT}
    order = settled_order(unaccented(plain(c)) for c in cells if isinstance(c, str))
    visits: dict[object, Visit] = {}
    for column, cell in enumerate(cells, 1):
        if column in taken or (isinstance(cell, str) and not cell.strip()):
            continue
        found = _dated(cell, order) or _named(cell, aliases)
        if found is None:
            continue
        label, name, visit = found
        own = visits.setdefault(label, visit)
        own.cell = own.cell or f"{column_letters(column)}{row}"
        own.columns.setdefault(name, column)
    return list(visits.values())


def _dated(cell: Value, order: str | None) -> tuple[object, str, Visit] | None:
    """A heading that is a day: the column holds the scores of that day."""
    from clinicreport.log.cells import Words
    from clinicreport.log.dates import DateStyle, read_dates

    if not isinstance(cell, str | date | datetime):
        return None
    style = DateStyle(order if order in ("dmy", "mdy") else None)  # type: ignore[arg-type]
    read = read_dates([cell], style, date.max, Words())[0][0]
    if read.value is None:
        return None
    return read.value, "nrs_before", Visit(str(read.value), day=read.value)


def _named(cell: Value, aliases: Aliases) -> tuple[object, str, Visit] | None:
    """A heading such as "Week 3", "Wk 3 after", "Baseline", "Pain week 3", "Visit 2 date"."""
    if not isinstance(cell, str):
        return None
    text = unaccented(plain(cell)).strip()
    match = _VISIT.fullmatch(text)
    rest = match.group("rest") if match else ""
    if match is None:
        tail = re.fullmatch(
            rf"(?P<rest>.+?)[\s:,;(_-]+(?P<visit>{_VISIT.pattern[: -len('(?P<rest>.*)')]})[\s)]*",
            text,
        )
        if tail is None:
            return None
        match, rest = tail, tail.group("rest")
    kind, number = match.group("kind"), match.group("number")
    if number is None and not kind.startswith("base"):
        return None
    name = _field_of(cell, rest, aliases)
    if name is None:
        return None
    offset = _DAYS[kind] * int(number or 0) if kind in _DAYS else None
    label = ("offset", offset) if offset is not None else (kind[0], number)
    known = kind in ("day", "d", "tag", "jour", "dia")
    first = kind.startswith("base")
    return label, name, Visit(cell.strip(), offset=offset, days_known=known, baseline=first)


def _field_of(heading: str, rest: str, aliases: Aliases) -> str | None:
    """The field of a visit's column, from what its heading says beside the visit. A heading that
    names nothing but the visit is its score, or what the clinic says that it is."""
    named = named_scale(heading)
    if named and not key(_VISIT_ONLY.sub(" ", named.rest)):
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
        table.notes = (f"a wide log: {visit.label} is a visit",)
        tables.append(table)
    twice = [(column, name) for column, name in headings.duplicates if column not in begun]
    astray = [
        at for name, at in headings.columns.items() if name in OF_A_VISIT and at not in begun
    ] + [column for column, name in twice if name in OF_A_VISIT]
    twice = [(column, name) for column, name in twice if name not in OF_A_VISIT]
    tables[0].headings = HeadingRow(headings.columns, unknown, twice, tuple(astray), headings.texts)
    return tables


def _start_column(cells: list[Value], aliases: Aliases) -> int | None:
    """The column of the start date; a plain date column of a wide log is one."""
    named = {aliases.field(cell): at for at, cell in reversed(list(enumerate(cells, 1)))}
    return named.get("start_date") or named.get("date")
