"""The parser's values of one sheet, as a grid that starts at A1."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.grid import Grid
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

    from clinicreport.reading.seen import Look


class Workbook:
    """A workbook in the parser's hands."""

    def __init__(self, data: bytes) -> None:
        import python_calamine

        self._visible = python_calamine.SheetVisibleEnum.Visible
        # From memory: given a path, the parser would trust the file's ending.
        self._workbook: CalamineWorkbook = python_calamine.load_workbook(io.BytesIO(data))
        self.listed: list[SheetMetadata] = self._workbook.sheets_metadata

    def add_sheet(
        self,
        index: int,
        seen: Look,
        book: Spreadsheet,
        name: str | None = None,
        *,
        visible: bool | None = None,
    ) -> None:
        """Read one sheet into the book; a hidden one is listed without its cells.

        ``name``, ``visible``: where the caller knows better than the parser.
        """
        told = self.listed[index]
        name = told.name if name is None else name
        visible = told.visible == self._visible if visible is None else visible
        if not visible:
            book.sheets.append(Sheet(name, [], 0, visible=False))
            return
        source = self._workbook.get_sheet_by_index(index)
        grid = Grid()
        if source.start:  # rows are counted from the first, columns from the first filled one
            grid = Grid(source.start[1])
            grid.extend(source.iter_rows(), truths=seen.truths)
        book.sheets.append(finish(name, grid, seen))


def finish(name: str, grid: Grid, seen: Look) -> Sheet:
    """The sheet from the parser's grid and what was seen beside it. Raises RefusedError."""
    for (row, column), instead in seen.replace.items():
        grid.put(row, column, instead)
    for row, column in seen.blank:
        grid.put(row, column, "")
    for (row, column), text in seen.rich.items():
        grid.put(row, column, text.value)
    struck = grid.show(seen.styled)
    struck |= {place for place, text in seen.rich.items() if text.struck}
    if seen.filled and not grid.rows:
        raise RefusedError(
            f"has a sheet, {name}, that is written in an unusual way: open it in Excel "
            "and save it as a new .xlsx file"
        )
    hidden = {
        column
        for first, last in seen.hidden_columns
        for column in range(first, min(last, grid.width) + 1)
    }
    columns = grid.columns()
    return Sheet(
        name,
        columns,
        grid.rows,
        hidden_rows=seen.hidden_rows,
        hidden_columns=sum(set(columns[number - 1].values) != {""} for number in hidden),
        formulas=seen.formulas,
        merged=seen.merged,
        struck=struck,
        moving=seen.moving,
    )


def check_any(book: Spreadsheet) -> None:
    """Refuse a workbook without a single sheet of cells."""
    if not book.sheets:
        raise RefusedError("holds no sheet with cells: open it in Excel and look what it shows")
