"""A workbook as lines of text whose cells are named, not addressed, so that one new column adds its
own lines and leaves all others as they are.

A cell of a table is ``table[heading] key``, with the key from the table's first column, or the
row's number where that is a figure. Any other is its defined name, or its section, how far below
the section's title it stands, and the heading in the title's row or the column's letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

REFERENCE = re.compile(
    r"(?:(?P<sheet>'[^']+'|[A-Za-z_]\w*)!)?\$(?P<left>[A-Z]+)\$(?P<top>\d+)"
    r"(?::\$(?P<right>[A-Z]+)\$(?P<bottom>\d+))?"
)
LONGEST = 40  # characters of a key or a section's title
Place = tuple[int, int]  # row and column, from 1


@dataclass
class SheetNames:
    """The names of one sheet's cells, and where its tables stand."""

    cells: dict[Place, str] = field(default_factory=dict)
    rows_of: dict[str, int] = field(default_factory=dict)  # table -> rows below its headings


def dump(content: bytes) -> Iterator[str]:
    """Sheet, cell, value or formula with its value, number format; then each chart's cells."""
    formulas = openpyxl.load_workbook(BytesIO(content))
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    names = {sheet.title: _named(formulas, sheet) for sheet in formulas}
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                shown = values[sheet.title][cell.coordinate].value
                text = str(getattr(cell.value, "text", cell.value))
                formula = (
                    f" <- {_with_names(text, names, sheet.title)}" if cell.data_type == "f" else ""
                )
                form = "" if cell.number_format == "General" else f" [{cell.number_format}]"
                name = _name(names, sheet.title, (cell.row, cell.column))
                yield f"{name}: {shown!r}{formula}{form}"
        for table, rows in names[sheet.title].rows_of.items():
            yield f"{sheet.title}: table {table} of {rows} rows"
    for name, defined in sorted(formulas.defined_names.items()):
        yield f"name {name}: {_with_names(defined.attr_text, names)}"
    with ZipFile(BytesIO(content)) as archive:
        charts = [n for n in archive.namelist() if re.search(r"charts/chart\d+\.xml$", n)]
        for chart in sorted(charts, key=lambda name: int(re.findall(r"\d+", name)[0])):
            for ref in re.findall(r"<c:f>([^<]+)</c:f>", archive.read(chart).decode()):
                yield f"{Path(chart).stem}: {_with_names(ref, names)}"


def _named(book: Workbook, sheet: Worksheet) -> SheetNames:
    found = SheetNames()
    for name, ref in sheet.tables.items():
        _name_table(sheet, name, ref, found)
    inside = set(found.cells)
    for name, defined in book.defined_names.items():
        at = REFERENCE.fullmatch(defined.attr_text)
        if at and at["sheet"].strip("'") == sheet.title and not at["right"]:
            found.cells[int(at["top"]), column_index_from_string(at["left"])] = name
    _name_sections(sheet, inside, found)
    return found


def _name_table(sheet: Worksheet, name: str, ref: str, found: SheetNames) -> None:
    left, top, right, bottom = range_boundaries(ref)
    heads = [sheet.cell(top, at).value for at in range(left, right + 1)]
    seen: dict[str, int] = {}
    for row in range(top, bottom + 1):
        cell = sheet.cell(row, left)
        key = "heading" if row == top else _words(cell) or f"#{row - top}"
        seen[key] = seen.get(key, 0) + 1
        again = f" ({seen[key]})" if seen[key] > 1 else ""
        for at, head in enumerate(heads):
            found.cells[row, left + at] = f"{name}[{head}] {key}{again}"
    found.rows_of[name] = bottom - top


def _name_sections(sheet: Worksheet, inside: set[Place], found: SheetNames) -> None:
    """Cells outside tables; a section begins where column A goes on after a gap."""
    title, start, gap = sheet.title, 1, True
    titles: list[str] = []
    for row in sheet.iter_rows():
        first = row[0]
        blank = first.value is None or (first.row, 1) in inside
        if gap and not blank:
            title, start = _words(first) or f"row {first.row}", first.row
            titles.append(title)
            title += f" ({titles.count(title)})" if titles.count(title) > 1 else ""
        gap = blank
        for cell in row:
            if (cell.row, cell.column) not in found.cells:
                head = (
                    start < cell.row and cell.column > 1 and _words(sheet.cell(start, cell.column))
                )
                column = head or get_column_letter(cell.column)
                found.cells[cell.row, cell.column] = f"{title} +{cell.row - start} {column}"


def _words(cell: Cell | MergedCell) -> str:
    """What a cell can be called after; empty for a figure, which may change."""
    if cell.data_type == "f" or not isinstance(cell.value, str | int):
        return ""
    return str(cell.value).partition("\n")[0][:LONGEST]


def _name(names: dict[str, SheetNames], sheet: str, place: Place) -> str:
    row, column = place
    return f"{sheet}!{names[sheet].cells.get(place, f'{get_column_letter(column)}{row}')}"


def _with_names(text: str, names: dict[str, SheetNames], own: str = "") -> str:
    """A formula whose addresses are names; ``own``: the sheet it stands on."""

    def name(match: re.Match[str]) -> str:
        sheet = (match["sheet"] or own).strip("'")
        if sheet not in names:
            return match[0]
        told = _name(names, sheet, (int(match["top"]), column_index_from_string(match["left"])))
        if not match["right"]:
            return told
        end = int(match["bottom"]), column_index_from_string(match["right"])
        return f"{told} … {_name(names, sheet, end).partition('!')[2]}"

    return REFERENCE.sub(name, text)
