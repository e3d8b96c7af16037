"""Dates that carry a late time of day all alike: midnight that a program moved by hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

import numpy as np

from clinicreport.ground.frame import distinct
from clinicreport.log.cells import plain
from clinicreport.log.reporter import Spot
from clinicreport.log.session_log import Bools
from clinicreport.log.table_findings import TableReport, add_finding
from clinicreport.log.typed_columns import TypedColumn
from clinicreport.reading.spreadsheet import Value, column_letters

LATE = time(22)
_BESIDE = {time(23), time(0)}  # winter and summer, west of the meridian's clock
_MOST = 2  # different times of day: summer and winter
_CLOCK = r"[t ,](\d{1,2}):(\d{2})(?::(\d{2}))?"


def report_shifted(report: TableReport, typed: Mapping[str, TypedColumn], counted: Bools) -> None:
    """The columns of dates whose times say that a time zone or rounding may have moved them."""
    table = report.table
    for name, column in typed.items():
        at = table.columns.get(name)
        if column.field.kind != "date" or at is None or table.date_parts:
            continue
        times = _times(table.sheet.columns[at - 1].values, table.codes(at)[counted])
        if not is_shifted(times):
            continue
        cell = f"{column_letters(at)}{table.heading_row}"
        spot = Spot(table.book.name, table.sheet.name, cell, table.heading_row, name)
        heading = table.sheet.value(table.heading_row, at)
        said = " or ".join(f"{one:%H:%M:%S}".removesuffix(":00") for one in sorted(times))
        finding = report.reading.reporter.finding("shifted-dates", spot, heading, detail=said)
        add_finding(report.log, finding)


def is_shifted(times: set[time]) -> bool:
    """Whether the times of day of all dates of a column are late, and two at most."""
    if not times or len(times) > _MOST:
        return False
    return all(one >= LATE for one in times) or times == _BESIDE


def _times(values: list[Value], codes: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> set[time]:
    """The times of day that the dates of a column carry; midnight where one carries none."""
    found = set()
    for code in distinct(codes).tolist():
        value = values[code]
        if isinstance(value, datetime):
            found.add(value.time().replace(microsecond=0))
        elif isinstance(value, date):
            found.add(time())
        elif isinstance(value, str) and any(char.isdigit() for char in value):
            found.add(_time_in(plain(value)))
        if len(found) > _MOST:
            break
    return found


def _time_in(text: str) -> time:
    clock = re.search(_CLOCK, text)
    if not clock or not (int(clock[1]) < 24 and int(clock[2]) < 60 and int(clock[3] or 0) < 60):
        return time()
    hour = int(clock[1])
    if "pm" in text and hour < 12:
        hour += 12
    return time(hour, int(clock[2]), int(clock[3] or 0))
