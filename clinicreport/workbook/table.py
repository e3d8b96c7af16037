"""A table is placed once, and then answers where its cells are. No other place knows addresses.

>>> table = place(page, top=4, left=0, name="patients", columns=COLUMNS, rows=patients)
>>> table.ref("Reduction")      # for a chart
['Patients', 5, 6, 64, 6]
>>> table.column("Reduction")   # for a formula
'patients[Reduction]'
>>> table.at("Reduction", 0)
'Patients!$G$6'
>>> table.below                 # the first free row
66
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from clinicreport.workbook.column_names import THIS_ROW, own_cells
from clinicreport.workbook.formula_column import OWN, FormulaColumn, Numbered
from clinicreport.workbook.page import Cell, Cells, Formula, Page
from clinicreport.workbook.words import as_made

Row = TypeVar("Row")

HEADING_HEIGHT = 31  # two lines


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of a table: its heading, what a row shows in it, style and width.

    ``value``: a function of the row, or the values themselves, one a row. ``style`` may depend on
    the row; ``head`` is the style of the heading. ``open``: its cells may be typed into where the
    sheet is locked. ``as_made``: its figures do not follow corrections, which its heading says.
    ``formula``: what gives the values, in every row alike or a function of the row, with marks and
    their numbers where the texts of many rows are alike; it may name cells of its own row, and where
    it is empty, so is the cell.
    """

    heading: str
    value: Callable[[Row], Cell] | Sequence[Cell]
    style: str | Callable[[Row], str] = "cell"
    width: float = 12
    hidden: bool = False
    open: bool = False
    as_made: bool = False
    formula: str | Callable[[Row], str | Numbered] | None = None

    @property
    def shown(self) -> str:
        """The heading as it stands in the workbook; formulas go by the heading alone."""
        return as_made(self.heading) if self.as_made else self.heading

    def values(self, rows: Sequence[Row]) -> Sequence[Cell]:
        """What each row shows."""
        return [self.value(row) for row in rows] if callable(self.value) else self.value

    def styles(self, rows: Sequence[Row]) -> str | list[str]:
        """The style of all rows, or of each."""
        return self.style if isinstance(self.style, str) else [self.style(row) for row in rows]

    @property
    def wraps(self) -> bool:
        """Whether its cells may need more than one line."""
        return isinstance(self.style, str) and self.style.endswith("wrap")

    @property
    def head(self) -> str:
        """Headings stand as their numbers do."""
        right = ("score", "count", "mean", "mean2", "percent", "share", "date", "time")
        if isinstance(self.style, str) and self.style.removeprefix("cell_") in right:
            return "heading_right"
        return "heading_centre" if self.style == "cell_centre" else "heading"


def fitting(texts: Iterable[Any], least: float, most: float = 30) -> float:
    """A width in which names are not cut, as long as they are no longer than ``most``."""
    lengths = {len(str(text)) for text in set(texts)}
    return min(most, max(least, *(length * 1.1 + 2 for length in lengths), 0))


def keyed(
    heading: str, style: str = "cell", width: float = 12, key: str = ""
) -> Column[Mapping[str, Any]]:
    """What rows hold under a key, which is the heading unless said otherwise; else nothing."""
    return Column(heading, lambda row: row.get(key or heading), style, width)


def empty_column() -> Column[Any]:
    """Nothing, under no heading: where a table is as wide as the page."""
    return Column("", lambda _: None)


class ColumnCells(NamedTuple):
    """The cells of one column, asked for many addresses. Rows count from 0 below the heading."""

    sheet: str  # as formulas want it
    column: str  # in letters
    first: int  # number of the first row

    def at(self, row: int) -> str:
        """The address of one cell, sheet included: ``Patients!$G$6``."""
        return self.marked(str(self.number(row)))

    def span(self, first: int, last: int) -> str:
        """The address of the cells from row ``first`` to ``last``, both included."""
        return self.marked_span(str(self.number(first)), str(self.number(last)))

    def number(self, row: int) -> int:
        """A row's number, as addresses have it."""
        return self.first + row

    def marked(self, row: str) -> str:
        """The address of one cell by its row's number, or a mark for it in a formula's text."""
        return f"{self.sheet}!${self.column}${row}"

    def marked_span(self, first: str, last: str) -> str:
        """The address of the cells between two rows' numbers, or marks for them."""
        return f"{self.marked(first)}:${self.column}${last}"


class Table(NamedTuple):
    """A table in its place. Rows count from 0 below the heading row."""

    sheet: str
    name: str
    top: int
    left: int
    headings: tuple[str, ...]
    rows: int
    shown: tuple[str, ...] = ()  # the headings as they stand in the workbook, where they differ

    def label(self, heading: str) -> str:
        """A heading as it stands in the workbook."""
        return dict(zip(self.headings, self.shown or self.headings, strict=True))[heading]

    def ref(self, heading: str) -> list[str | int]:
        """The column's cells for a chart series: [sheet, row, column, row, column]."""
        column = self._column(heading)
        return [self.sheet, self.top + 1, column, self.top + self.rows, column]

    def column(self, heading: str) -> str:
        """The column's cells for a formula, as in ``patients[Reduction]``."""
        self._column(heading)
        return f"{self.name}[{heading}]"

    def at(self, heading: str, row: int) -> str:
        """The address of one cell, sheet included."""
        return self.cells(heading).at(row)

    def span(self, heading: str, first: int, last: int) -> str:
        """The address of a column's cells from row ``first`` to ``last``, both included."""
        return self.cells(heading).span(first, last)

    def cells(self, heading: str) -> ColumnCells:
        """A column's cells."""
        return ColumnCells(quoted(self.sheet), _letters(self._column(heading)), self.top + 2)

    def area(self, heading: str, last_heading: str | None = None) -> tuple[int, int, int, int]:
        """(first row, first column, last row, last column) of one column or several."""
        last = self._column(last_heading or heading)
        return self.top + 1, self._column(heading), self.top + self.rows, last

    def in_row(self, text: str, row: int) -> str:
        """A formula with the addresses of its own row's cells."""
        return str(self.top + 2 + row).join(self._cut(text)) if THIS_ROW in text else text

    def in_any_row(self, text: str) -> str:
        """A formula with the addresses of its own row's cells, and a mark for the row's number."""
        return OWN.join(self._cut(text)) if THIS_ROW in text else text

    def _cut(self, text: str) -> list[str]:
        """A formula cut where the number of its own row belongs."""
        parts = own_cells(text)
        cells = [f"${_letters(self._column(heading))}$" for heading in parts[1::2]]
        return [*map("".join, zip(parts[::2], cells, strict=False)), parts[-1]]

    @property
    def below(self) -> int:
        """The first free row under the table."""
        return self.top + self.rows + 1

    @property
    def right(self) -> int:
        """The first free column beside the table."""
        return self.left + len(self.headings)

    def _column(self, heading: str) -> int:
        return self.left + self.headings.index(heading)


def address(sheet: str, row: int, column: int) -> str:
    """A cell's address, sheet included: ``address("Patients", 5, 6)`` is ``Patients!$G$6``."""
    return f"{quoted(sheet)}!${_letters(column)}${row + 1}"


def span(sheet: str, column: int, first: int, last: int) -> str:
    """The address of a column's cells from row ``first`` to ``last``, both included."""
    return f"{address(sheet, first, column)}:{address(sheet, last, column).rpartition('!')[2]}"


@lru_cache
def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def this_row(table: str, heading: str) -> str:
    """The cell of the same row in a formula of the table; :func:`place` puts its address there."""
    return f"{table}[{THIS_ROW},[{heading}]]"


@lru_cache
def quoted(sheet: str) -> str:
    """A sheet's name as formulas want it."""
    return sheet if sheet.isidentifier() else "'" + sheet.replace("'", "''") + "'"


def place(
    page: Page,
    top: int,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    name: str = "",
    *,
    left: int = 0,
    filtered: bool = False,
    widths: bool = True,
) -> Table:
    """Write the rows as an Excel table at ``top``, ``left`` (from 0). Without rows it has a blank
    one, as every Excel table. Without a name it is no Excel table: headings of one line, and cells.

    ``widths``: set the sheet's column widths, too (not where several tables share columns).
    """
    headings, shown = zip(*((column.heading, column.shown) for column in columns), strict=True)
    table = Table(page.name, name, top, left, headings, max(len(rows), 1), shown)
    for index, column in enumerate(columns, start=left):
        if widths:
            page.sheet.set_column(index, index, column.width, None, {"hidden": column.hidden})
    if name:
        _object(page, table, columns, filtered=filtered)
    else:
        for index, column in enumerate(columns, start=left):
            page.put(top, index, column.shown or None, column.head)
    values = [column.values(rows) for column in columns]
    if name:
        for heading in headings:
            page.columns.areas[name, heading] = table.span(heading, 0, table.rows - 1)
    if rows:
        cells = [
            (_cells(page, table, column, rows, own), _styles(page, column, rows))
            for column, own in zip(columns, values, strict=True)
        ]
        page.put_columns(top + 1, left, cells)
    _heights(page, top + 1, columns, values)
    return table


def _cells(
    page: Page, table: Table, column: Column[Row], rows: Sequence[Row], values: Sequence[Cell]
) -> Cells:
    """What each row shows, formulas with the addresses of their own row's cells."""
    if column.formula is not None:
        return FormulaColumn(table.top + 2, _formulas(page, table, column.formula, rows), values)
    if not callable(column.value) or Formula not in {*map(type, values)}:
        return values
    return [
        replace(value, text=table.in_row(value.text, row))
        if isinstance(value, Formula) and THIS_ROW in value.text
        else value
        for row, value in enumerate(values)
    ]


def _formulas(
    page: Page, table: Table, formula: str | Callable[[Row], str | Numbered], rows: Sequence[Row]
) -> str | Callable[[int], Numbered]:
    """The formula's text, or for each row, in which marks stand for the numbers of rows."""
    if isinstance(formula, str):
        return table.in_any_row(page.columns.written(formula) if page.live else formula)
    placed = dict[str, str]()

    def of_row(row: int) -> Numbered:
        found = formula(rows[row])
        text, numbers = (found, ()) if isinstance(found, str) else found
        if text not in placed:
            placed[text] = table.in_any_row(text)
        return placed[text], numbers

    return of_row


def _styles(page: Page, column: Column[Row], rows: Sequence[Row]) -> str | list[str]:
    """The style of all rows, or of each; where the column is open, as one that is not locked."""
    styles = column.styles(rows)
    if not column.open:
        return styles
    return page.open(styles) if isinstance(styles, str) else [page.open(name) for name in styles]


def _heights(
    page: Page, top: int, columns: Sequence[Column[Row]], cells: Sequence[Sequence[Cell]]
) -> None:
    """Rows as high as their wrapped texts need."""
    lines: dict[int, int] = {}
    for column, values in zip(columns, cells, strict=True):
        if column.wraps:
            fits = page.fits(column.width)
            for row, value in enumerate(values, start=top):
                if isinstance(value, str) and len(value) <= fits and "\n" not in value:
                    continue  # as most do
                if (needed := page.lines(value, column.width)) > lines.get(row, 1):
                    lines[row] = needed
    page.heights({row: page.height(needed) for row, needed in lines.items()})


def _object(page: Page, table: Table, columns: Sequence[Column[Any]], *, filtered: bool) -> None:
    heads = [
        {"header": column.shown, "header_format": page.styles[column.head]} for column in columns
    ]
    bottom, right = table.top + table.rows, table.right - 1
    options = {"name": table.name, "columns": heads, "style": None, "autofilter": filtered}
    if page.sheet.add_table(table.top, table.left, bottom, right, options):
        message = f"table {table.name} cannot be placed on sheet {page.name}"
        raise ValueError(message)
    page.sheet.set_row(table.top, HEADING_HEIGHT)
