"""A sheet under construction: the one place that knows how a value becomes a cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from clinicreport.ground.rounding import PERCENT
from clinicreport.workbook.cell_text import cell_text, footer_text
from clinicreport.workbook.column_names import ColumnNames
from clinicreport.workbook.formula_column import FormulaColumn
from clinicreport.workbook.percents import FOLLOWED

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from clinicreport.workbook.styles import Styles

A4 = 9
FIRST_ROWS = 20  # of a list for the screen: its one printed page
BEFORE_DAY_1 = date(1899, 12, 30).toordinal()  # workbooks count days from 1900
CHARACTERS = 1.22  # of ordinary text in the width of one digit
LINE = 13.0  # height of a line in points
ROW_PIXELS = 20  # of a row whose height is not set
# What stays possible in a locked sheet besides selecting; objects: charts can be copied.
LOCKED = dict.fromkeys(
    ("objects", "scenarios", "format_columns", "format_rows", "autofilter"), True
)
FILE_NAME = "&F"  # as a footer: whatever the file is called


@dataclass(frozen=True, slots=True)
class Formula:
    """An Excel formula and its value, which every reader shows that does not recalculate.

    ``array``: to be entered as an array formula (Excel 2016 has no dynamic arrays).
    """

    text: str
    value: str | float | int | date
    array: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A jump to a cell of the workbook; a formula, since a sheet takes only 65,530 links."""

    target: str  # as in "Sessions!$F$12"
    text: str


Area = tuple[int, int, int, int]  # first row and column, last row and column
Margins = tuple[float, float, float, float]  # left, right, top, bottom, in inches
Cell = str | float | int | bool | date | datetime | time | Formula | Link | None
Cells = Sequence[Cell] | FormulaColumn


def shown_value(cell: Cell) -> Cell:
    """What a cell shows: a formula's value, a link's text."""
    if isinstance(cell, Formula):
        return cell.value
    return cell.text if isinstance(cell, Link) else cell


def day_number(day: date) -> int:
    """A date as a workbook counts days."""
    return day.toordinal() - BEFORE_DAY_1


def cached(value: Any) -> str | float:
    """A formula's value as the file holds it: a date is a day number, nothing is empty text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return float(day_number(value))
    return _formula_text(value) if isinstance(value, str) else float(value)


_formula_text = lru_cache(cell_text)  # formulas give few texts, many times


def told(value: Cell) -> tuple[str, Any]:
    """What a value is as a cell (blank, text, number, date, formula), and what the cell holds.

    What a formula cell holds is the formula and its value.
    """
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 (NaN)
        return "blank", None
    if isinstance(value, str):
        return "text", cell_text(value)
    if isinstance(value, Formula):
        return "formula", (value.text, cached(value.value))
    if isinstance(value, Link):
        text = cell_text(value.text)
        quoted = text.replace('"', '""')
        return "formula", (f'=HYPERLINK("#{value.target}","{quoted}")', text)
    if isinstance(value, bool):
        return "text", "yes" if value else "no"
    if isinstance(value, (date, datetime, time)):
        return "date", value
    return "number", value


def _broken(text: str, fits: int) -> int:
    """How many lines a text makes, broken at blanks; a longer word is cut."""
    lines, at = 1, 0
    while len(text) - at > fits:
        blank = text.rfind(" ", at, at + fits + 1)
        at = blank + 1 if blank > at else at + fits
        lines += 1
    return lines


def _cells(column: Cells) -> Iterator[Cell]:
    """A column's cells one by one."""
    if not isinstance(column, FormulaColumn):
        yield from column
        return
    for row, value in enumerate(column.values):
        text = column.text(row)
        yield Formula(text, value) if text else None


class Printing(TypedDict, total=False):
    """How a sheet is printed: across unless said otherwise, and as wide as the page.

    ``pages_high``: at most so many, 0 for any number. ``scale``: per cent, instead of as wide as
    the page. ``repeat``: the row of headings, on every page.
    """

    landscape: bool
    margins: Margins
    pages_high: int
    scale: int
    repeat: int


@dataclass(slots=True)
class Page:
    """One sheet: writes cells by row and column (both from 0) in named styles."""

    name: str
    sheet: Worksheet
    styles: Styles
    live: bool = True  # formulas and links, not only their values
    columns: ColumnNames = field(default_factory=ColumnNames)
    follows: bool = field(init=False, default=False)  # whether a formula stands on it

    def told(self, value: Cell) -> tuple[str, Any]:
        """What a value is as a cell of this sheet, see :func:`told`."""
        if not self.live and isinstance(value, (Formula, Link)):
            return told(value.value if isinstance(value, Formula) else value.text)
        if isinstance(value, Formula):
            self.follows = True
            return "formula", (self.columns.written(value.text), cached(value.value))
        return told(value)

    def put(self, row: int, column: int, value: Cell, style: str = "text") -> None:
        """Write one cell; text is always text, whatever it looks like."""
        self._put(row, column, value, style)
        self._follow((row, column, row, column), style, [value])

    def _put(self, row: int, column: int, value: Cell, style: str) -> None:
        form = self.styles.shown(style, value)
        value = self.styles.steady(style, value)
        kind, held = self.told(value)
        if kind == "blank":
            self.sheet.write_blank(row, column, None, form)
        elif kind == "text":
            self.sheet.write_string(row, column, held, form)
        elif kind == "date":
            self.sheet.write_datetime(row, column, held, form)
        elif kind == "number":
            self.sheet.write_number(row, column, held, form)
        elif isinstance(value, Formula) and value.array:
            self.sheet.write_array_formula(row, column, row, column, held[0], form, held[1])
        else:
            self.sheet.write_formula(row, column, held[0], form, held[1])

    def put_columns(
        self, top: int, left: int, columns: Sequence[tuple[Cells, str | list[str]]]
    ) -> None:
        """Write columns of values, each in one style or with a style for each value."""
        quick = hasattr(self.sheet, "add_columns")
        if quick:
            self.sheet.add_columns(top, left, [self._styled(*c) for c in columns], self.told)
        for column, (values, style) in enumerate(columns, start=left):
            if isinstance(style, str):
                self._follow((top, column, top + len(values) - 1, column), style, values)
            if not quick:
                names = style if isinstance(style, list) else [style] * len(values)
                cells = zip(_cells(values), names, strict=True)
                for row, (value, name) in enumerate(cells, start=top):
                    self._put(row, column, value, name)

    def _styled(self, cells: Cells, style: str | list[str]) -> tuple[Cells, Format | list[Format]]:
        """A column's values with their style, or with one of each."""
        values = cells.values if isinstance(cells, FormulaColumn) else cells
        if not self.live:
            values = [shown_value(value) for value in values]
        form: Format | list[Format]
        if isinstance(style, str) and self.styles.kind(style) is None:
            form = self.styles[style]
        else:
            names = [style] * len(values) if isinstance(style, str) else style
            form = [self.styles.shown(*pair) for pair in zip(names, values, strict=True)]
            values = [self.styles.steady(*pair) for pair in zip(names, values, strict=True)]
        if isinstance(cells, FormulaColumn) and self.live:
            self.follows = True
            return replace(cells, values=[cached(value) for value in values]), form
        return values, form

    def _follow(self, area: Area, style: str, cells: Cells) -> None:
        """Let the decimals of percentages follow where a formula's value changes."""
        kind = self.styles.kind(style)
        if kind is None or not self.live:
            return
        values = cells.values if isinstance(cells, FormulaColumn) else cells
        if values is cells and not any(isinstance(value, Formula) for value in values):
            return
        from xlsxwriter.utility import xl_rowcol_to_cell

        cell = xl_rowcol_to_cell(area[0], area[1])
        rules = [(kind.crosses(cell, digits - 1), digits) for digits in FOLLOWED]
        if any(self.styles.shown(style, value) is not self.styles[style] for value in values):
            rules.append((f"=ISNUMBER({cell})", PERCENT))
        for test, digits in rules:
            look = {"criteria": test, "format": self.styles.decimals(kind, digits)}
            self.sheet.conditional_format(*area, {"type": "formula"} | look)

    def open(self, style: str) -> str:
        """A style whose cells may be typed into where the sheet is locked."""
        return self.styles.laid(style, locked=False)

    def lock(self) -> None:
        """Lock every cell that is not open, without a password: no formula is lost by accident.

        Filters, widths, drop-downs, printing and copying of charts work as before; rows can be
        neither sorted nor added.
        """
        self.sheet.protect("", LOCKED)

    def heights(self, heights: dict[int, float]) -> None:
        """Row -> height in points."""
        if hasattr(self.sheet, "set_heights"):
            self.sheet.set_heights(heights)
            return
        for row, height in heights.items():
            self.sheet.set_row(row, height)

    def pixels(self, first: int, below: int) -> int:
        """How high the rows from ``first`` to that above ``below`` are, as far as it is written."""
        own = self.sheet.row_sizes
        return sum(own[row][0] if row in own else ROW_PIXELS for row in range(first, below))

    @staticmethod
    def fits(width: float) -> int:
        """How many characters of ordinary text a line of that width holds."""
        return max(1, int(width * CHARACTERS))

    @staticmethod
    def lines(value: Cell, width: float) -> int:
        """How many lines a wrapped text needs; no program works it out before it is opened."""
        text = str(value.value if isinstance(value, Formula) else "" if value is None else value)
        fits = Page.fits(width)
        if len(text) <= fits and "\n" not in text:
            return 1
        return sum(_broken(part, fits) for part in text.split("\n"))

    @staticmethod
    def height(lines: int) -> float:
        """The height of a row of so many lines, in points."""
        return lines * LINE + 4

    def prose(self, row: int, text: str, width: float, style: str = "lead") -> int:
        """A text in lines that flow over empty cells to the right; the row for what follows."""
        for line in wrap(text.replace(" %", "\0%"), int(width * CHARACTERS)):
            self.put(row, 0, line.replace("\0", " "), style)
            row += 1
        return row

    def fill(self, row: int, columns: Iterable[int], style: str) -> None:
        """Blank cells in a style: a band of colour, a rule."""
        for column in columns:
            self.sheet.write_blank(row, column, None, self.styles[style])

    def head(self, title: Cell, lead: Sequence[Cell]) -> int:
        """Title in A1, what the sheet holds below it; the row for what follows."""
        self.put(0, 0, title, "title")
        self.sheet.set_row(0, 32)
        for row, line in enumerate(lead, start=1):
            self.put(row, 0, line, "lead")
        return len(lead) + 2

    def section(self, row: int, title: str, columns: int) -> int:
        """A heading with a rule over so many columns; the row for what follows."""
        self.fill(row, range(columns), "section")
        self.put(row, 0, title, "section")
        self.sheet.set_row(row, 22)
        return row + 1

    def widths(self, widths: Sequence[float]) -> None:
        """Column widths in characters, from column A."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def first_rows(self, top: int, below: int, columns: int) -> None:
        """Print the first rows of a table that goes from ``top`` to ``below``: the sheet is for
        the screen, and says so."""
        self.sheet.print_area(0, 0, min(top + FIRST_ROWS, below) - 1, columns - 1)

    def print_setup(self, header: str, footer: str, **how: Unpack[Printing]) -> None:
        """A4 with page numbers; without grid lines, on the screen too."""
        self.sheet.set_paper(A4)
        if how.get("landscape", True):
            self.sheet.set_landscape()
        self.sheet.set_margins(*how.get("margins", (0.45, 0.45, 0.55, 0.65)))
        if "scale" in how:
            self.sheet.set_print_scale(how["scale"])
        else:
            self.sheet.fit_to_pages(1, how.get("pages_high", 0))
        font = f'&"{self.styles.theme.font}"&8'
        if header:
            self.sheet.set_header(f"&R{font}{footer_text(header)}")
        left = footer if footer == FILE_NAME else footer_text(footer)
        self.sheet.set_footer(f"&L{font}{left}&R{font}Page &P of &N")
        if (repeat := how.get("repeat")) is not None:
            self.sheet.repeat_rows(repeat)
        self.sheet.hide_gridlines(2)
