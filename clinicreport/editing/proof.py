"""What was redacted, read back: the rows are empty, and everything else is as it was."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from clinicreport.editing.compared_parts import check_formulas, check_parts, sheet_names
from clinicreport.editing.emptied_rows import Rows
from clinicreport.editing.package import Archive
from clinicreport.editing.splice import NotEditableError
from clinicreport.editing.traces import Trace, telling, traces, traces_in_text
from clinicreport.ground.errors import OutputError
from clinicreport.log.cells import shown
from clinicreport.reading.encodings import decode
from clinicreport.reading.files import read_contents
from clinicreport.reading.spreadsheet import RawColumn, Sheet, Uncached, Value, column_letters


def prove(original: bytes, new: bytes, rows: Rows, ids: Iterable[str] = ()) -> None:
    """Compare a redacted file with its original, as the program reads both.

    Raises OutputError, with sheet and row, where another row differs, one of the rows is not
    empty, a part was changed that holds none of them, or an id still stands somewhere by itself.
    """
    before, after = read_contents([original, new])
    if before.reason or after.reason:
        raise OutputError(f"without the patient's rows it {before.reason or after.reason}")
    if [_named(sheet) for sheet in before.sheets] != [_named(sheet) for sheet in after.sheets]:
        raise OutputError("its sheets would not be the same")
    for old, made in zip(before.sheets, after.sheets, strict=True):
        _check_sheet(old, made, rows.get(old.name, frozenset()))
        _check_ids(made, ids)
    if before.kind == "csv":
        return
    try:
        check_parts(original, new, before.kind, rows)
        if before.kind != "ods":
            check_formulas(original, new, rows)
        left = traces_of(new, before.kind, ids)
    except NotEditableError as error:
        raise OutputError(f"it could not be compared: {error}") from None
    for trace in left:
        if trace.alone:
            raise OutputError(f"{trace.where} holds the patient's id too")


def traces_of(data: bytes, kind: str, ids: Iterable[str]) -> list[Trace]:
    """Places where an id stands in a file. Raises NotEditableError."""
    if kind == "csv":
        return traces_in_text(decode(data).text, ids)
    return traces(data, ids, sheet_names(Archive(data), kind))


def _named(sheet: Sheet) -> str:
    kind = "sheet" if sheet.visible else "hidden sheet"
    return f"the {kind} “{sheet.name}”" if sheet.name else "the file"


def _check_sheet(before: Sheet, after: Sheet, rows: frozenset[int]) -> None:
    """Raises OutputError where another row differs, or one of these is not empty."""
    count = max(before.rows, after.rows)
    for number in range(1, max(len(before.columns), len(after.columns)) + 1):
        old, new = _column(before, number, count), _column(after, number, count)
        pairs = set(zip(old.codes, new.codes, strict=True))
        odd = {(a, b) for a, b in pairs if not _same(old.values[a], new.values[b])}
        for row, pair in enumerate(zip(old.codes, new.codes, strict=True), 1):
            if row in rows and new.values[pair[1]] != "":
                raise OutputError(f"row {row} of {_named(before)} would not be empty")
            if row not in rows and pair in odd:
                cell = f"{column_letters(number)}{row}"
                raise OutputError(f"cell {cell} of {_named(before)} would not be the same")
    if after.merged != before.merged:
        raise OutputError(f"merged cells of {_named(before)} would not be the same")
    if after.formulas != {where for where in before.formulas if where[0] not in rows}:
        raise OutputError(f"formulas of {_named(before)} would not be the same")


def _column(sheet: Sheet, number: int, count: int) -> RawColumn:
    """A column with as many rows as asked for, filled up with blanks."""
    if number > len(sheet.columns):
        return RawColumn([""], array("I", [0]) * count)
    column = sheet.columns[number - 1]
    if len(column.codes) == count:
        return column
    blanks = array("I", [len(column.values)]) * (count - len(column.codes))
    return RawColumn([*column.values, ""], column.codes + blanks)


def _same(before: Value, after: Value) -> bool:
    """Whether two values are one, NaN included. A formula's text is compared elsewhere."""
    if isinstance(before, Uncached) and isinstance(after, Uncached):
        return True
    return type(before) is type(after) and repr(before) == repr(after)


def _check_ids(sheet: Sheet, ids: Iterable[str]) -> None:
    """Raises OutputError where a cell of another row is one of the ids."""
    wanted = {id_ for id_ in ids if telling(id_)}
    for number, column in enumerate(sheet.columns, 1):
        texts = (str(shown(value)).strip() for value in column.values)
        codes = {at for at, text in enumerate(texts) if text in wanted}
        row = next((row for row, code in enumerate(column.codes, 1) if code in codes), None)
        if row:
            cell = f"{column_letters(number)}{row}"
            raise OutputError(f"cell {cell} of {_named(sheet)} holds the patient's id too")
