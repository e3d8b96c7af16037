"""What a report shows, each figure under a key that a later report has too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

Key = tuple[str, ...]
Areas = dict[str, dict[str, str]]  # sheet -> table -> cells
FOLLOWED = ("Summary", "Figures", "Charts", "Patients", "Patient", "Weeks")
AS_MADE = "as made"
WEEK_AS_MADE = "(week as made)"  # which week a title names, not what the chart draws


def tables(book: openpyxl.Workbook) -> Areas:
    """Where the tables of each sheet are."""
    return {sheet.title: dict(sheet.tables.items()) for sheet in book}


def shown(content: bytes, areas: Areas | None = None) -> dict[Key, Any]:
    """Every named figure, every table and every line of the sheets that follow an edit, but what
    says "as made"; ``areas``: where the tables are, for a workbook that has lost them."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    found: dict[Key, Any] = {("line",): book["Summary"]["A3"].value}
    for name, defined in book.defined_names.items():
        where, _, address = defined.attr_text.partition("!")
        if where == "Figures":
            found["name", name] = book[where][address.replace("$", "")].value
    for title in FOLLOWED:
        for name, area in (areas or tables(book))[title].items():
            found |= dict(_table(book[title], name, area))
    return found | dict(_figures(book["Figures"])) | dict(_first_page(book["Summary"]))


def chosen(content: bytes) -> str:
    """The patient whose page is shown."""
    cell = choice(openpyxl.load_workbook(BytesIO(content), data_only=True))
    return "" if cell is None else str(cell.value)


def choice(book: openpyxl.Workbook) -> Any:
    """The cell of the drop-down; None where there is no patient."""
    cells = (cell for row in book["Patient"].iter_rows(max_row=8) for cell in row)
    return next((cell for cell in cells if " · " in str(cell.value)), None)


def _table(sheet: Worksheet, name: str, area: str) -> Iterator[tuple[Key, Any]]:
    heads, *rows = sheet[area]
    if sheet.title == "Charts" and _told_as_made(sheet, area):
        return
    at = next((at for at, head in enumerate(heads) if head.value == "Patient"), 0)
    by_row = name.endswith("_chart") or name.startswith("patient_")
    for number, row in enumerate(rows):
        key = str(number if by_row else row[at].value)
        for head, cell in zip(heads, row, strict=True):
            if AS_MADE not in str(head.value):
                yield (name, key, str(head.value)), cell.value


def _told_as_made(sheet: Worksheet, area: str) -> bool:
    """Whether the chart of a table says so: in its heading, or in the words below it."""
    _, top, _, _ = range_boundaries(area)
    titles = [str(cell.value) for cell in sheet[top - 1] if cell.value is not None]
    if any(AS_MADE in title.replace(WEEK_AS_MADE, "") for title in titles):
        return True
    for (cell,) in sheet.iter_rows(max_col=1, max_row=top):
        if cell.value in titles:
            said = (sheet.cell(cell.row + below, 1).value for below in (1, 2))
            return any(str(text).startswith("As made") for text in said)
    return False


def _figures(sheet: Worksheet) -> Iterator[tuple[Key, Any]]:
    seen = Counter[str]()
    made = False
    for row in sheet.iter_rows(max_col=4):
        label = str(row[0].value)
        if row[0].value is None and row[1].value is None:  # a part ends
            made = False
        made = made or AS_MADE in label
        seen[label] += 1
        if not made:
            for cell in row[1:]:
                yield (sheet.title, label, str(seen[label]), cell.column_letter), cell.value


def _first_page(sheet: Worksheet) -> Iterator[tuple[Key, Any]]:
    made: dict[str, int] = {}  # column -> the last row of a card whose label says "as made"
    for row in sheet.iter_rows(min_row=5):
        if str(row[0].value).startswith("To do"):
            return
        for cell in row:
            if AS_MADE in str(cell.value):
                made[cell.column_letter] = cell.row + 2
            if cell.value is not None:
                told = cell.row <= made.get(cell.column_letter, 0)
                yield (
                    (sheet.title, cell.coordinate),
                    f"{cell.value} ({AS_MADE})" if told else cell.value,
                )
