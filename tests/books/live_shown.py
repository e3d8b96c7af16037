"""What a report shows, each figure under a key that a later report has too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Key = tuple[str, ...]
Areas = dict[str, dict[str, str]]  # sheet -> table -> cells
FOLLOWED = ("Summary", "Figures", "Charts", "Patients", "Patient", "Weeks")


def shown(content: bytes, areas: Areas | None = None) -> dict[Key, Any]:
    """Every named figure, every table and every line of the pages that follow an edit; ``areas``:
    where the tables are, for a workbook that has lost them."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    found: dict[Key, Any] = {("line",): book["Summary"]["A3"].value}
    for name, defined in book.defined_names.items():
        where, _, address = defined.attr_text.partition("!")
        if where == "Figures":
            found["name", name] = book[where][address.replace("$", "")].value
    for title in FOLLOWED:
        for name, area in (areas or tables(book))[title].items():
            found |= _table(book[title], name, area)
    found |= dict(_lines(book["Figures"]))
    found |= dict(_first_page(book["Summary"]))
    return found


def tables(book: openpyxl.Workbook) -> Areas:
    """Where the tables of each sheet are."""
    return {sheet.title: dict(sheet.tables.items()) for sheet in book}  # name -> cells


def _table(sheet: Worksheet, name: str, area: str) -> dict[Key, Any]:
    heads, *rows = sheet[area]
    found = {}
    at = next((at for at, head in enumerate(heads) if head.value == "Patient"), 0)
    by_row = name.endswith("_chart") or name.startswith("patient_")
    for number, row in enumerate(rows):
        key = str(number if by_row else row[at].value)
        for head, cell in zip(heads, row, strict=True):
            found[name, key, str(head.value)] = cell.value
    return found


def _lines(sheet: Worksheet) -> Iterator[tuple[Key, Any]]:
    seen = Counter[str]()
    for row in sheet.iter_rows(max_col=4):
        label = str(row[0].value)
        seen[label] += 1
        for cell in row[1:]:
            yield (sheet.title, label, str(seen[label]), cell.column_letter), cell.value


def _first_page(sheet: Worksheet) -> Iterator[tuple[Key, Any]]:
    for row in sheet.iter_rows(min_row=5):
        if str(row[0].value).startswith("To do"):
            return
        for cell in row:
            if cell.value is not None:
                yield (sheet.title, cell.coordinate), cell.value
