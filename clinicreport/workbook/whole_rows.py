"""Whole rows as XML text: XlsxWriter with a quicker way for the cells of tables.

A column is one text for each distinct value, a row is those texts joined, and each part of the
file is compressed while it is written (``parts``). Everything else is XlsxWriter's own.

It rests on private methods of XlsxWriter, so it is for the versions it was tried with; with any
other one, or with ``FAST = False``, XlsxWriter writes its own way. A test compares every cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import pairwise, repeat
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from clinicreport.workbook.package_parts import PartArchive, PartPackager

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import RowInfo

FAST = xlsxwriter.__version__.startswith("3.3.")
LEVEL = 5  # of compression; 6, the usual one, takes twice the time for 4 % less
SMALL, SMALL_LEVEL = 5000, 7  # rows of the longest sheet up to which a file is made smaller still
CHUNK = 200  # rows joined at a time
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")

# What a value is as a cell, and what the cell holds: blank, text, number, date or formula; a
# formula is its text and its value.
Told = Callable[[Any], tuple[str, Any]]


def new_workbook(target: IO[bytes]) -> Workbook:
    """An empty workbook, written to ``target`` when it is closed."""
    return (RowWorkbook if FAST else Workbook)(target, {"in_memory": True})


@dataclass(slots=True)
class Block:
    """Cells of several rows and columns: for each column, how each cell's XML ends."""

    top: int
    left: int
    columns: list[list[str]]

    @property
    def below(self) -> int:
        """The first row below."""
        return self.top + len(self.columns[0])

    @property
    def right(self) -> int:
        """The first column beside it."""
        return self.left + len(self.columns)

    @property
    def start(self) -> str:
        """What stands before the row number of a row's first cell."""
        return f'<c r="{xl_col_to_name(self.left)}'

    def cells(self, row: int) -> str:
        """The XML of one row's cells: the row's number stands between the ends."""
        return str(row + 1).join([self.start, *(ends[row - self.top] for ends in self.columns)])

    def rows(self, first: int, last: int, heights: dict[int, RowInfo]) -> Iterator[str]:
        """The XML of whole rows, from ``first`` up to ``last``, some at a time."""
        plain = f'">{self.start}'
        for at in range(first, last, CHUNK):
            upto = min(at + CHUNK, last)
            tags = (
                [_tag(heights.get(row)) + self.start for row in range(at, upto)]
                if heights
                else repeat(plain)
            )
            own = [ends[at - self.top : upto - self.top] for ends in self.columns]
            cells = zip(repeat(""), tags, *own, strict=False)
            numbers = map(str, range(at + 1, upto + 1))
            rows = [number.join(row) for number, row in zip(numbers, cells, strict=True)]
            yield '<row r="' + '</row><row r="'.join(rows) + "</row>"


def _tag(info: RowInfo | None) -> str:
    """How a row's tag ends."""
    return f'" ht="{info.height * 0.75:.16g}" customHeight="1">' if info else '">'


class Ends(dict[Any, str]):
    """Value -> how the XML of its cell ends, worked out once."""

    def __init__(self, sheet: RowSheet, form: Format, told: Told, then: str) -> None:
        super().__init__()
        self._sheet, self._told, self._then = sheet, told, then
        self._look = f'" s="{form._get_xf_index()}"'  # noqa: SLF001

    def __missing__(self, value: Any) -> str:
        kind, held = self._told(value)
        text = self[value] = self._look + self._end(kind, held) + self._then
        return text

    def _end(self, kind: str, held: Any) -> str:
        if kind == "blank":
            return "/>"
        if kind == "text":
            return f' t="s"><v>{self._sheet.string_index(held)}</v></c>'
        if kind == "formula":
            return _formula(*held)
        number = self._sheet._convert_date_time(held) if kind == "date" else held  # noqa: SLF001
        return f"><v>{number:.16G}</v></c>"


def _formula(text: str, value: str | float) -> str:
    kind = ""
    if isinstance(value, str):
        kind = "" if not value else ' t="e"' if value in ERRORS else ' t="str"'
        value = escape(value, quote=False)
    return f"{kind}><f>{escape(text.removeprefix('='), quote=False)}</f><v>{value}</v></c>"


class RowSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes blocks of cells beside single ones."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []

    def add_columns(
        self,
        top: int,
        left: int,
        columns: Sequence[tuple[list[Any], Format | list[Format]]],
        told: Told,
    ) -> None:
        """Place columns of values, each in one style or with a style for each value."""
        placed = []
        for at, (values, forms) in enumerate(columns, start=left + 1):
            then = "" if at == left + len(columns) else f'<c r="{xl_col_to_name(at)}'
            kinds, keys = list(map(type, values)), values
            if bool in kinds:  # True and 1 are one key of a dict
                keys = [told(key)[1] if isinstance(key, bool) else key for key in values]
            if isinstance(forms, list):
                made = {form: Ends(self, form, told, then) for form in dict.fromkeys(forms)}
                pairs = zip(forms, keys, strict=True)
                placed.append([made[form][key] for form, key in pairs])
            else:
                placed.append([*map(Ends(self, forms, told, then).__getitem__, keys)])
            self.str_table.count += kinds.count(str) + kinds.count(bool)
        block = Block(top, left, placed)
        self.blocks.append(block)
        self._check_dimensions(top, left)
        self._check_dimensions(block.below - 1, block.right - 1)

    def string_index(self, text: str) -> int:
        """The number of a text among the workbook's; not counted as used."""
        index = int(self.str_table._get_shared_string_index(text))  # noqa: SLF001
        self.str_table.count -= 1
        return index

    def set_heights(self, heights: dict[int, float]) -> None:
        """Row -> height in points."""
        from xlsxwriter.worksheet import RowInfo

        pixels = {height: int(height * 4 / 3 + 0.5) for height in set(heights.values())}
        made = {height: RowInfo(height=pixels[height]) for height in pixels}
        for row, height in heights.items():
            self.row_info[row] = made[height]
            self.row_sizes[row] = [pixels[height], False]

    def add_table(self, top: int, left: int, bottom: int, right: int, options: Any) -> int:
        """As XlsxWriter's, which remembers every cell of a table, but for the first row only."""
        failed = int(super().add_table(top, left, top + 1, right, options))
        if not failed:
            table = self.tables[-1]
            table["range"] = table["a_range"] = xl_range(top, left, bottom, right)
            if "autofilter" in table:
                table["autofilter"] = table["range"]
        return failed

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        """A formula as written: none here names a function that needs a prefix in the file, for
        which XlsxWriter looks a hundred times."""
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _get_range_data(self, row: int, column: int, last_row: int, last_column: int) -> Any:
        """What a chart keeps of its cells."""
        for block in self.blocks:
            if block.top <= row < block.below and block.left <= column < block.right:
                rows = range(row - block.top, last_row - block.top + 1)
                columns = range(column - block.left, last_column - block.left + 1)
                return [self._held(block.columns[at][row]) for row in rows for at in columns]
        return super()._get_range_data(row, column, last_row, last_column)

    def _held(self, end: str) -> str:
        start = end.find("<v>")
        if start < 0:
            return ""
        text = end[start + 3 : end.index("</v>", start)]
        if ' t="s"' in end[:start]:
            return str(self.str_table._get_shared_string(int(text)))  # noqa: SLF001
        return unescape(text) if "<f>" in end else text.lower()  # 1e-07, not 1E-07

    def _write_rows(self) -> None:
        """Rows of nothing but one block are joined, others written cell by cell."""
        for first, last, blocks in self._stretches():
            if len(blocks) == 1 and not self.table.get(first):
                for text in blocks[0].rows(first, last, self.row_info):
                    self.fh.write(text)
                continue
            for row in range(first, last):
                if blocks or self.table.get(row) or row in self.row_info:
                    self._write_mixed(row, blocks)

    def _stretches(self) -> Iterator[tuple[int, int, list[Block]]]:
        """(first row, row below, blocks), cut at each block and around each row of single cells."""
        edges = {self.dim_rowmin, self.dim_rowmax + 1}
        for block in self.blocks:
            edges |= {block.top, block.below}
        for row in [row for row, cells in self.table.items() if cells]:
            edges |= {row, row + 1}
        cuts = sorted(edges)
        inside: list[list[Block]] = [[] for _ in cuts]
        for block in self.blocks:
            for at in range(bisect_left(cuts, block.top), bisect_left(cuts, block.below)):
                inside[at].append(block)
        for (first, last), blocks in zip(pairwise(cuts), inside, strict=False):
            yield first, last, blocks

    def _write_mixed(self, row: int, blocks: list[Block]) -> None:
        parts: list[tuple[int, Any]] = list(self.table.get(row, {}).items())
        parts += [(block.left, block) for block in blocks]
        self._write_row(row, None, self.row_info.get(row), empty_row=not parts)
        for column, part in sorted(parts, key=lambda part: part[0]):
            if isinstance(part, Block):
                self.fh.write(part.cells(row))
            else:
                self._write_cell(row, column, part)
        if parts:
            self._xml_end_tag("row")


EXCEL_OF_TODAY = 191029  # what Excel 2019 to 365 write: it recalculates what older ones wrote


class RowWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of such sheets, whose parts are never held as a whole."""

    worksheet_class = RowSheet

    def _write_calc_pr(self) -> None:
        """Every cell holds its value: Excel need not calculate on opening, which would make it ask
        on closing whether to save."""
        self.calc_on_load, self.calc_id = False, EXCEL_OF_TODAY
        super()._write_calc_pr()

    def _small(self) -> bool:
        longest = max(sheet.dim_rowmax or 0 for sheet in self.worksheets())
        return bool(longest <= SMALL)

    def _store_workbook(self) -> None:
        first = self.worksheets_objs[0]
        if self.worksheet_meta.activesheet == 0:
            first.selected, first.hidden = 1, 0
        for sheet in self.worksheets():
            sheet.active = int(sheet.index == self.worksheet_meta.activesheet)
        for prepare in (
            self._prepare_sst_string_data,
            self._prepare_vml,
            self._prepare_defined_names,
            self._prepare_drawings,
            self._add_chart_data,
            self._prepare_tables,
            self._prepare_metadata,
        ):
            prepare()
        small = self._small()  # of a month's book it costs 20 ms to save a twentieth
        level = SMALL_LEVEL if small else LEVEL
        with (
            ZipFile(self.filename, "w", ZIP_DEFLATED, compresslevel=level) as file,
            PartArchive(file, beside=not small) as archive,
        ):
            packager = PartPackager(archive)
            packager._add_workbook(self)  # noqa: SLF001
            packager._set_in_memory(in_memory=True)  # noqa: SLF001
            pictures = packager._create_package()  # noqa: SLF001
            packager.finish()
            for picture, name, _ in pictures:
                archive.add(name, picture.getvalue(), last=True)
            archive.finish()
