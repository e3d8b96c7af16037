"""Whole rows as XML text: XlsxWriter with a quicker way for the cells of tables.

A column is one text for each distinct value, a row is those texts joined, some rows at a time, when
they are written, and each part of the file is compressed while it is written (``packed_text``), the
rows of a long table as soon as its sheet is drawn. Everything else is XlsxWriter's own.

It rests on private methods of XlsxWriter, so it is for the versions it was tried with; with any
other one, or with ``FAST = False``, XlsxWriter writes its own way. A test compares every cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from html import unescape
from itertools import count, pairwise, repeat
from operator import is_
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from clinicreport.workbook.cell_text import all_fit
from clinicreport.workbook.formula_column import FormulaColumn, formula_ends
from clinicreport.workbook.package_parts import PartPackager
from clinicreport.workbook.packed_text import PackedArchive, PackedText
from clinicreport.workbook.row_blocks import (
    EXACT,
    Block,
    CellEnds,
    Ends,
    MadeEnds,
    PlainEnds,
    SameEnds,
    Told,
    ValueEnds,
    seldom,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format

FAST = xlsxwriter.__version__.startswith("3.3.")
LEVEL = 5  # of compression; 6, the usual one, takes twice the time for 4 % less
SMALL, SMALL_LEVEL = 5000, 7  # rows of the longest sheet up to which a file is made smaller still
LATER = {int, float, str, type(None)}  # kinds of values whose cells are made when they are written


def new_workbook(target: IO[bytes]) -> Workbook:
    """An empty workbook, written to ``target`` when it is closed."""
    return (RowWorkbook if FAST else Workbook)(target, {"in_memory": True})


class RowSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes blocks of cells beside single ones."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.early: dict[range, PackedText] = {}  # rows whose text is made already

    def add_columns(
        self,
        top: int,
        left: int,
        columns: Sequence[tuple[Sequence[Any] | FormulaColumn, Format | list[Format]]],
        told: Told,
    ) -> None:
        """Place columns of values, each in one style or with a style for each value."""
        placed = list[CellEnds]()
        for at, (values, forms) in enumerate(columns, start=left + 1):
            then = "" if at == left + len(columns) else f'<c r="{xl_col_to_name(at)}'
            if isinstance(values, FormulaColumn):
                placed.append(formula_ends(values, forms, then))
            else:
                placed.append(self._ends(values, forms, told, then))
        block = Block(top, left, top + len(columns[0][0]), placed)
        self.blocks.append(block)
        self._check_dimensions(top, left)
        self._check_dimensions(block.below - 1, block.right - 1)

    def _ends(
        self, values: Sequence[Any], forms: Format | list[Format], told: Told, then: str
    ) -> CellEnds:
        """The cells of a column; its texts are numbered now, in the order of their sheets."""
        if not isinstance(forms, list) and all(map(is_, values, repeat(values[0]))):
            return self._alike(values, Ends(self, forms, told, then), told)
        kinds = {*map(type, values)}
        if bool in kinds:  # True and 1 are one key of a dict
            values = [told(value)[1] if isinstance(value, bool) else value for value in values]
            kinds = kinds - {bool} | {str}
        if str in kinds:
            alone = len(kinds) == 1
            self.str_table.count += len(values) if alone else Counter(map(type, values))[str]
        if isinstance(forms, list):
            made = {form: Ends(self, form, told, then) for form in dict.fromkeys(forms)}
            pairs = zip(forms, values, strict=True)
            return MadeEnds([made[form][value] for form, value in pairs])
        ends = Ends(self, forms, told, then)
        if not kinds <= LATER:
            return MadeEnds([*map(ends.__getitem__, values)])
        return self._later(values, kinds, ends)

    def _alike(self, values: Sequence[Any], ends: Ends, told: Told) -> CellEnds:
        """The cells of a column that says the same in every row."""
        if told(values[0])[0] == "text":
            self.str_table.count += len(values)
        return SameEnds(ends[values[0]])

    def _later(self, values: Sequence[Any], kinds: set[type], ends: Ends) -> CellEnds:
        """The cells of a column of numbers and texts, made when they are written."""
        plain = len(kinds) == 1 and seldom(values)
        if str in kinds:
            texts = [value for value in dict.fromkeys(values) if isinstance(value, str)]
            fit = all_fit(texts)
            self._number(texts if fit else dict.fromkeys(map(ends.held, texts)))
            plain = plain and fit
        elif plain:
            plain = kinds == {int} and min(values) > -EXACT and max(values) < EXACT
        return PlainEnds(values, ends) if plain else ValueEnds(values, ends)

    def _number(self, texts: Iterable[str]) -> None:
        """Number those of these texts that have no number among the workbook's yet."""
        table = self.str_table
        new = [text for text in texts if text not in table.string_table]
        table.string_table.update(zip(new, count(table.unique_count), strict=False))
        table.unique_count += len(new)

    def write_early(self, archive: PackedArchive) -> Iterator[None]:
        """Make the text of long rows, some at a step, now that everything stands on the sheet: rows
        of nothing but one block, whatever else is written above and below them later."""
        for first, last, blocks in self._stretches() if self.blocks else ():
            if last - first > SMALL and len(blocks) == 1:
                self.early[range(first, last)] = text = PackedText(archive, LEVEL)
                for rows in blocks[0].rows(first, last, self.row_info):
                    text.write_all(rows)
                    yield
                text.end()

    def _check_dimensions(self, row: int, *more: Any, **how: Any) -> int:
        """Whatever is placed on a sheet passes here first."""
        if any(row in rows for rows in self.early):
            message = f"row {row + 1} of sheet {self.name} is written already"
            raise ValueError(message)
        return int(super()._check_dimensions(row, *more, **how))

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
                ends = [block.columns[at].part(rows.start, rows.stop) for at in columns]
                return [self._held(end) for row in zip(*ends, strict=True) for end in row]
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
            if range(first, last) in self.early:
                self.fh.take(self.early.pop(range(first, last)))
                continue
            if len(blocks) == 1 and not self.table.get(first):
                for rows in blocks[0].rows(first, last, self.row_info):
                    self.fh.write_all(rows)
                continue
            for row in range(first, last):
                if blocks or self.table.get(row) or row in self.row_info:
                    self._write_mixed(row, blocks)
        self.blocks.clear()  # nothing asks for them any more

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

    def _level(self) -> int:
        """How hard the parts are pressed: of a month's book it costs 20 ms to save a twentieth."""
        longest = max(sheet.dim_rowmax or 0 for sheet in self.worksheets())
        return LEVEL if longest > SMALL else SMALL_LEVEL

    def _prepare_texts(self) -> None:
        """As XlsxWriter does, but the numbers are asked for until the last row is written, and the
        texts stand in their order already."""
        self.str_table.string_array = list(self.str_table.string_table)

    @cached_property
    def _archive(self) -> PackedArchive:
        return PackedArchive()

    @cached_property
    def _steps(self) -> list[Iterator[None]]:
        """The sheets whose long rows become text, as far as that is not done."""
        return []

    def write_early(self, name: str) -> None:
        """Make the text of a sheet's long rows: it is packed while the other sheets are drawn."""
        self._steps.append(self.get_worksheet_by_name(name).write_early(self._archive))
        self._go_on(lambda: self._archive.busy)

    def _go_on(self, stop: Callable[[], bool]) -> None:
        """Make early text until there is none left, or a reason to stop."""
        while self._steps:
            for _ in self._steps[0]:
                if stop():
                    return
            del self._steps[0]

    def _store_workbook(self) -> None:
        first = self.worksheets_objs[0]
        if self.worksheet_meta.activesheet == 0:
            first.selected, first.hidden = 1, 0
        for sheet in self.worksheets():
            sheet.active = int(sheet.index == self.worksheet_meta.activesheet)
        for prepare in (
            self._prepare_texts,
            self._prepare_vml,
            self._prepare_defined_names,
            self._prepare_drawings,
            self._add_chart_data,
            self._prepare_tables,
            self._prepare_metadata,
        ):
            prepare()
        try:
            self._go_on(lambda: False)
            PartPackager(self, self._archive, self._level()).write()
            self.filename.write(self._archive.content())
        finally:
            self._archive.close()
