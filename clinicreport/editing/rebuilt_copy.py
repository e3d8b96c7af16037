"""A new workbook from the raw cells of a file that is no xlsx: same values, same addresses."""

from __future__ import annotations

import io
import math
import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from clinicreport.editing.package import Archive
from clinicreport.reading.spreadsheet import (
    CellError,
    Percent,
    Sheet,
    ShownFraction,
    Spreadsheet,
    SymbolText,
    Uncached,
    Value,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TEXT_SHEET = "Log"  # the sheet of a text file, which has no name
_FORMATS = {
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "time": "hh:mm:ss",
    "timedelta": "[h]:mm:ss",
    "Percent": "0.######%",
    "ShownFraction": "# ??/??",
}
_FIRST_DAY = date(1900, 3, 1)  # before it, programs disagree about the number of a day
_LONGEST = 32_767
_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_WIDEST, _NARROWEST = 48, 8
_OUTLINE = (
    ("pictures", re.compile(r"(?:^|/)(?:media|pictures)/", re.IGNORECASE)),
    ("charts and objects", re.compile(r"(?:^|/)charts?/chart|^object ?\d+/content", re.IGNORECASE)),
    ("drawings", re.compile(r"(?:^|/)drawings/drawing", re.IGNORECASE)),
    ("comments", re.compile(r"(?:^|/)comments", re.IGNORECASE)),
    ("macros", re.compile(r"vbaproject\.bin$|^basic/", re.IGNORECASE)),
)


def rebuild(book: Spreadsheet, day: date) -> tuple[bytes, dict[str, str]]:
    """The workbook's bytes, and the sheets that got another name (old to new)."""
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": datetime.combine(day, time())})
    formats = {kind: workbook.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    formats |= {font: workbook.add_format({"font_name": font}) for font in _symbol_fonts(book)}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for sheet in book.sheets:
        name = _sheet_name(sheet.name, taken)
        if name != sheet.name:
            names[sheet.name] = name
        target = workbook.add_worksheet(name)
        if sheet.visible:
            _fill(target, sheet, formats)
        else:
            target.hide()
    _show_first(workbook.worksheets(), book)
    workbook.close()
    return buffer.getvalue(), names


def _symbol_fonts(book: Spreadsheet) -> set[str]:
    """The symbol fonts that stand in the book."""
    values = (value for sheet in book.sheets for column in sheet.columns for value in column.values)
    return {value.font for value in values if isinstance(value, SymbolText)}


def lost(book: Spreadsheet, data: bytes) -> list[str]:
    """What a rebuilt copy does not hold, in sentences."""
    said = ["This copy is a new workbook with the values of the original at the same addresses."]
    if book.kind == "csv":
        return said
    also = _contents(data)
    said.append(
        "Not in this copy: formulas (their values are), colours, widths, drop-downs and other "
        f"formatting{', and ' + ', '.join(also) if also else ', charts, pictures and comments'}."
    )
    hidden = [sheet.name for sheet in book.sheets if not sheet.visible]
    if hidden:
        said.append(f"Hidden sheets are empty here: {', '.join(hidden)}.")
    if any(sheet.hidden_rows or sheet.hidden_columns for sheet in book.sheets):
        said.append("Rows and columns that were hidden are shown.")
    return said


def _contents(data: bytes) -> list[str]:
    """Which things that cannot be carried over lie in the archive."""
    if not data.startswith(b"PK"):
        return []
    names = Archive(data).names()
    return [word for word, pattern in _OUTLINE if any(pattern.search(name) for name in names)]


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook takes, unlike those before it."""
    base = re.sub(r"[\[\]:*?/\\]", "-", _NOT_XML.sub("", name)).strip("'")[:31] or TEXT_SHEET
    base = "History-" if base.casefold() == "history" else base
    made, number = base, 1
    while made.casefold() in taken:
        number += 1
        made = f"{base[: 28 - len(str(number))]} ({number})"
    taken.add(made.casefold())
    return made


def _show_first(sheets: list[Worksheet], book: Spreadsheet) -> None:
    for target, sheet in zip(sheets, book.sheets, strict=True):
        if sheet.visible:
            target.activate()
            target.set_first_sheet()
            return
    sheets[0].hidden = 0  # a workbook shows one sheet at least


def _fill(target: Worksheet, sheet: Sheet, formats: dict[str, Any]) -> None:
    from xlsxwriter.exceptions import OverlappingRange

    for top, left, bottom, right in sheet.merged:
        if (top, left) != (bottom, right):
            with suppress(OverlappingRange):
                target.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
    for at, column in enumerate(sheet.columns):
        kinds = [_writer(target, value, formats) for value in column.values]
        for row, code in enumerate(column.codes):
            if kinds[code]:
                kinds[code](row, at)
        target.set_column(at, at, _width(column.values))
    if sheet.rows and sheet.columns:  # no green corners: the originals were texts
        area = f"A1:XFD{sheet.rows}"
        target.ignore_errors({"number_stored_as_text": area})


def _width(values: list[Value]) -> int:
    longest = max((len(str(value)) for value in values), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2))


def _writer(target: Worksheet, value: Value, formats: dict[str, Any]) -> Any:
    """What writes one value into a cell; none for a blank."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, bool):
        return lambda row, at: target.write_boolean(row, at, value)
    if isinstance(value, Uncached):  # any formula will do: what counts is that it has no value
        return lambda row, at: target.write_formula(row, at, "=NA()", None, "")
    if isinstance(value, Percent | ShownFraction):
        form = formats[type(value).__name__]
        return lambda row, at: target.write_number(row, at, value.number, form)
    if isinstance(value, SymbolText):
        return lambda row, at: target.write_string(row, at, value.text, formats[value.font])
    if isinstance(value, int | float) and math.isfinite(value):
        return lambda row, at: target.write_number(row, at, value)
    if isinstance(value, date | time | timedelta) and _has_number(value):
        form = formats[type(value).__name__]
        return lambda row, at: target.write_datetime(row, at, value, form)
    text = value.text if isinstance(value, CellError) else str(value)
    text = _NOT_XML.sub("", text)[:_LONGEST]
    return lambda row, at: target.write_string(row, at, text)


def _has_number(value: date | time | timedelta) -> bool:
    if isinstance(value, timedelta):
        return value >= timedelta()
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value) >= _FIRST_DAY
    return True
