"""The sheets' tables as they would be learnt: heading row, columns, what each looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clinicreport.log.cells import plain
from clinicreport.log.chosen_headings import is_list
from clinicreport.log.fields import (
    COLUMN_FIELDS,
    LAYOUT_FIELDS,
    REGISTER_FIELDS,
    SESSION_FIELDS,
)
from clinicreport.log.fit.column_looks import ColumnLook, column_look, is_visit_name
from clinicreport.log.forms import reading_for
from clinicreport.log.heading_rows import row_of
from clinicreport.log.headings import LONGEST, is_heading, key
from clinicreport.log.layout import LogTable
from clinicreport.log.session_log import Reading
from clinicreport.log.wide_layout import AT_LEAST, session_tables
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet, Value, column_letters

AS_FAR = 30  # rows in which headings are looked for
VISIT = "visit"  # the field of a column that is a visit, in a table with a row a patient
NOT_READ = "not read"
FEWEST = 3  # headings that make a row of them


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """One column of a table, with the field it is read as (None for none)."""

    number: int
    cell: str  # the heading's
    heading: str
    field: str | None
    look: ColumnLook
    filled_rows: npt.NDArray[np.bool_]  # of the table's rows that hold anything


@dataclass(frozen=True, slots=True)
class Candidate:
    """A table as it would be learnt, of one sheet or of several with the same headings.

    ``by_layout``: needed fields that the layout gives (a sheet's name, a cell above, headings that
    are visits). ``complete``: it can be read as it is.
    """

    book: Spreadsheet
    sheets: tuple[Sheet, ...]
    heading_row: int
    first: int
    columns: tuple[SeenColumn, ...]
    rows: int
    by_layout: frozenset[str] = frozenset()
    complete: bool = False
    wide: bool = False
    has_start: bool = True  # False: visits are weeks, and no start date stands anywhere
    files: frozenset[str] = frozenset()  # names of the further files that have such a sheet

    @property
    def sheet(self) -> Sheet:
        """The first of its sheets."""
        return self.sheets[0]

    def of(self, field: str) -> SeenColumn | None:
        """The column that is read as a field."""
        return next((column for column in self.columns if column.field == field), None)

    def holds(self, file: str, sheet: str) -> bool:
        """Whether a sheet of a file is one of its sheets."""
        of_file = file == self.book.name or file in self.files
        return of_file and any(one.name == sheet for one in self.sheets)

    @property
    def free(self) -> list[SeenColumn]:
        """Columns that nothing is read from, that hold something and can be named."""
        free = (column for column in self.columns if not column.field and column.look.filled)
        return [one for one in free if is_heading(one.heading)]


def field_words(name: str | None) -> str:
    """What a column is read as, in words."""
    if name == VISIT:
        return "a visit"
    fields = {**COLUMN_FIELDS, **REGISTER_FIELDS, **LAYOUT_FIELDS}
    return fields[name].label if name in fields else NOT_READ


def candidates(
    books: Iterable[Spreadsheet],
    reading: Reading,
    *,
    sheet: str | None = None,
    heading_row: int | None = None,
) -> list[Candidate]:
    """Every sheet that may hold a log, in order; sheets with the same headings together.

    ``sheet``, ``heading_row``: where a person said that the headings stand.
    """
    found: dict[tuple[str, tuple[str, ...]], list[Candidate]] = {}
    for book in books:
        for one in book.sheets:
            if not one.visible or is_list(one):
                continue
            here = not sheet or plain(one.name) == plain(sheet)
            how = reading_for(one, reading)
            table = _candidate(book, one, how, heading_row if here else None)
            if table:
                headings = tuple(key(column.heading) for column in table.columns)
                found.setdefault((book.kind, headings), []).append(table)
    return [_together(own, reading_for(own[0].sheet, reading)) for own in found.values()]


def _candidate(
    book: Spreadsheet, sheet: Sheet, reading: Reading, heading_row: int | None
) -> Candidate | None:
    """The table of one sheet; None where no row looks like headings."""
    tables = session_tables(
        book, sheet, reading.aliases, reading.start, reading.declared, reading.dates
    )
    if heading_row:
        tables = [table for table in tables if table.heading_row == heading_row]
    if tables:
        return _of_tables(book, sheet, tables, reading)
    row = heading_row or _heading_row(sheet)
    if not row or row >= sheet.rows:
        return None
    visits = {
        number: VISIT
        for number, heading in enumerate(row_of(sheet, row), 1)
        if isinstance(heading, str) and is_visit_name(heading)
    }
    wide = len(visits) >= AT_LEAST
    columns = _columns(sheet, row, row + 1, visits if wide else {}, reading)
    rows = int(rows_with_anything(sheet, row + 1).sum())
    start = any(column.look.may_be_date for column in columns)
    layout = frozenset({"nrs_before"} if wide else ())
    return Candidate(
        book,
        (sheet,),
        row,
        row + 1,
        columns,
        rows,
        by_layout=layout,
        wide=wide,
        has_start=start or not wide,
    )


def _of_tables(
    book: Spreadsheet, sheet: Sheet, tables: list[LogTable], reading: Reading
) -> Candidate:
    first = tables[0]
    fields = {at: name for table in tables for name, at in table.columns.items()}
    for table in tables:
        if table.week_column:
            fields[table.week_column] = "week"
    own = any(table.own for table in tables)
    layout = set().union(*(table.fixed for table in tables))
    if own:
        layout |= {"nrs_before"}
    no_start = any("date" in table.missing for table in tables) and (
        own or any(table.week_column for table in tables)
    )
    return Candidate(
        book,
        (sheet,),
        first.heading_row,
        first.first,
        _columns(sheet, first.heading_row, first.first, fields, reading),
        int(rows_with_anything(sheet, first.first).sum()),
        by_layout=frozenset(layout),
        complete=not any(table.missing for table in tables),
        wide=own,
        has_start=not no_start,
    )


def _heading_row(sheet: Sheet) -> int | None:
    """The first of the rows with the most texts, among the first rows, that has rows below it."""
    best, most = None, FEWEST - 1
    for row in range(1, min(sheet.rows, AS_FAR) + 1):
        cells = row_of(sheet, row)
        texts = sum(_is_heading(cell) for cell in cells)
        others = sum(not _is_heading(cell) and not _may_stand_beside(cell) for cell in cells)
        if texts > most and others == 0:
            best, most = row, texts
    return best


def _is_heading(cell: Value) -> bool:
    text = cell.strip() if isinstance(cell, str) else ""
    return bool(key(text)) and len(text) <= LONGEST and not _is_number(text)


def _may_stand_beside(cell: Value) -> bool:
    """Whether a cell that is no heading may stand among headings: a blank, a whole question."""
    return isinstance(cell, str) and not _is_number(cell)


def _is_number(text: str) -> bool:
    return text.strip().replace(",", "").replace(".", "").isnumeric()


def _columns(
    sheet: Sheet, row: int, first: int, fields: Mapping[int, str], reading: Reading
) -> tuple[SeenColumn, ...]:
    anything = rows_with_anything(sheet, first)
    found = []
    for number, raw in enumerate(sheet.columns, 1):
        heading = sheet.value(row, number)
        codes = cell_codes(sheet, number, first)
        counts = np.bincount(codes[anything], minlength=len(raw.values)).tolist()
        cells = zip(raw.values, counts, strict=True)
        look = column_look(cells, int(anything.sum()), reading.dates, reading.today)
        text = heading.strip() if isinstance(heading, str) else ""
        if not text and not look.filled:
            continue
        found.append(
            SeenColumn(
                number,
                f"{column_letters(number)}{row}",
                text,
                fields.get(number) or _known(text, fields, reading),
                look,
                _filled(sheet, number, first)[anything],
            )
        )
    return tuple(found)


def _known(heading: str, fields: Mapping[int, str], reading: Reading) -> str | None:
    """The field of a heading that is known, where no other column has it."""
    name = reading.aliases.field(heading)
    known = name in SESSION_FIELDS or name in LAYOUT_FIELDS
    return name if known and name not in fields.values() else None


def cell_codes(sheet: Sheet, number: int, first: int) -> npt.NDArray[np.uint32]:
    """The codes of a column's cells, from a row on."""
    return np.frombuffer(sheet.columns[number - 1].codes, dtype=np.uint32)[first - 1 :]


def _filled(sheet: Sheet, number: int, first: int) -> npt.NDArray[np.bool_]:
    """For each row from ``first`` on, whether the column holds something."""
    values = sheet.columns[number - 1].values
    something = np.array([not (isinstance(v, str) and not v.strip()) for v in values], dtype=bool)
    return np.asarray(something[cell_codes(sheet, number, first)])


def rows_with_anything(sheet: Sheet, first: int) -> npt.NDArray[np.bool_]:
    """Rows that hold anything."""
    result = np.zeros(max(sheet.rows - first + 1, 0), dtype=bool)
    for number in range(1, len(sheet.columns) + 1):
        result |= _filled(sheet, number, first)
    return result


def _together(tables: list[Candidate], reading: Reading) -> Candidate:
    """Tables with the same headings as one: their looks over all of them."""
    if len(tables) == 1:
        return tables[0]
    first = tables[0]
    columns = tuple(
        _merged([table.columns[at] for table in tables], tables, reading)
        for at in range(len(first.columns))
    )
    return Candidate(
        first.book,
        tuple(table.sheet for table in tables),
        first.heading_row,
        first.first,
        columns,
        sum(table.rows for table in tables),
        by_layout=first.by_layout,
        complete=all(table.complete for table in tables),
        wide=first.wide,
        has_start=first.has_start,
        files=frozenset(table.book.name for table in tables),
    )


def _merged(columns: list[SeenColumn], tables: list[Candidate], reading: Reading) -> SeenColumn:
    counts: Counter[tuple[type, Value]] = Counter()
    for column, table in zip(columns, tables, strict=True):
        raw = table.sheet.columns[column.number - 1].values
        codes = cell_codes(table.sheet, column.number, table.first)
        for value, count in zip(raw, np.bincount(codes, minlength=len(raw)).tolist(), strict=True):
            if count:
                counts[type(value), value] += count
    cells = ((value, count) for (_, value), count in counts.items())
    rows = sum(table.rows for table in tables)
    look = column_look(cells, rows, reading.dates, reading.today)
    filled = np.concatenate([column.filled_rows for column in columns])
    first = columns[0]
    return SeenColumn(first.number, first.cell, first.heading, first.field, look, filled)
