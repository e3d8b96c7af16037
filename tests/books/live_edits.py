"""Edits of the Sessions sheet, each made in the report and in the log that its row came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from io import BytesIO
from random import Random
from typing import Any

import openpyxl
from live_clinics import CLINICS, Logs
from openpyxl.cell import Cell

from clinicreport.books.report import report_workbook
from clinicreport.log.fields import SESSION_FIELDS

SCORES = (None, None, "n/a", "6-7", 11, -1, 0, *range(1, 11), 2.5)
# Columns whose edits no figure follows; the page says to run again. Field -> another value.
OTHERS = {
    "date": lambda old: old + timedelta(17),
    "visit_type": lambda old: "follow-up" if old == "treatment" else "treatment",
    "adverse_event": lambda old: "none" if old == "redness" else "burn",
    "duration": lambda _: 44,
    "eye_protection": lambda old: "no" if old == "yes" else "yes",
    "nrs_after": lambda old: 1 if old != 1 else 3,
    "condition": lambda old: "menstrual" if old != "menstrual" else "neck pain",
    "start_time": lambda old: time(7, 15) if old is None else None,
    "patient_id": lambda old: f"{old}x",
}


@dataclass
class Edit:
    """One edit: the report with it, and the logs with the same change."""

    clinic: str
    what: str
    content: bytes
    logs: Logs
    scores_only: bool


@lru_cache(maxsize=64)
def made(kind: int, seed: int) -> tuple[Logs, bytes]:
    """A clinic and its report."""
    logs = CLINICS[kind](Random(seed))
    return logs, report_workbook.content(logs.analysis())


def edit(seed: int) -> Edit:
    """One to three cells changed, in one of a few clinics of each kind."""
    random = Random(seed)
    kind = seed % len(CLINICS)
    logs, content = made(kind, seed // len(CLINICS) // 4)
    book = openpyxl.load_workbook(BytesIO(content))
    lines = _lines(book)
    scores_only = random.random() < 0.75 or "wide.xlsx" in logs.grids
    told = []
    for line in random.sample(lines, min(len(lines), random.choice((1, 1, 1, 2, 3)))):
        field = "nrs_before" if scores_only else _another(random, line)
        cell = line[SESSION_FIELDS[field].sessions_heading]
        old = cell.value
        new = random.choice(SCORES) if field == "nrs_before" else OTHERS[field](old)
        logs = _in_log(logs, line, field, new)
        cell.value = new
        told.append(f"{line['Patient'].value} {field} {cell.coordinate}: {old} -> {new}")
    saved = BytesIO()
    book.save(saved)
    return Edit(CLINICS[kind].__name__, "; ".join(told), saved.getvalue(), logs, scores_only)


def _lines(book: openpyxl.Workbook) -> list[dict[str, Cell]]:
    sheet = book["Sessions"]
    if "sessions" not in sheet.tables:
        return []
    heads, *rows = sheet[sheet.tables["sessions"].ref]
    return [{str(head.value): cell for head, cell in zip(heads, row, strict=True)} for row in rows]


def _another(random: Random, line: dict[str, Cell]) -> str:
    """A field of the row, other than the score."""
    return random.choice([name for name in OTHERS if SESSION_FIELDS[name].sessions_heading in line])


def _in_log(logs: Logs, line: dict[str, Cell], field: str, value: Any) -> Logs:
    file = str(line["File"].value)
    if field == "nrs_before":
        number = isinstance(value, int | float)
        return logs.changed(file, str(line["Cell"].value), value * logs.factor if number else value)
    at, row = logs.column(file, field), line["Row"].value
    return logs.changed(file, f"{openpyxl.utils.get_column_letter(at + 1)}{row}", value)
