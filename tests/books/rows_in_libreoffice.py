"""Moves rows of the Sessions sheet about in LibreOffice, each in the workbook as it was made.

Run by the Python that has LibreOffice's ``uno``: ``python3 rows_in_libreoffice.py BOOK PROFILE``.
Prints a JSON object: the edit -> the line of the first page, or "refused".
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno
from com.sun.star.connection import NoConnectException
from com.sun.star.uno import RuntimeException

PIPE = f"clinicreport{time.time_ns()}"
LOCKED = {"a row inserted in the locked sheet", "a row deleted in the locked sheet"}


def value(name: str, held: Any) -> Any:
    """A property, as LibreOffice takes it."""
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, held
    return made


def copied(sheet: Any, first: int, last: int, to: int) -> None:
    """Whole rows copied over others."""
    source = sheet.getCellRangeByPosition(0, first, 30, last).RangeAddress
    sheet.copyRange(sheet.getCellByPosition(0, to).CellAddress, source)


def moved(sheet: Any, first: int, last: int, to: int) -> None:
    """Whole rows cut and pasted elsewhere."""
    source = sheet.getCellRangeByPosition(0, first, 30, last).RangeAddress
    sheet.moveRange(sheet.getCellByPosition(0, to).CellAddress, source)


def backwards(sheet: Any, first: int, last: int) -> None:
    """Sorted by day, the last one first."""
    field = uno.createUnoStruct("com.sun.star.table.TableSortField")
    field.Field, field.IsAscending = 4, False
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    area = sheet.getCellRangeByPosition(0, first, 30, last)
    uno.invoke(area, "sort", ((value("SortFields", fields), value("ContainsHeader", False)),))


def edits(top: int, below: int) -> dict[str, Callable[[Any], object]]:
    """What is done to a sheet whose visits stand from row ``top`` to above ``below``."""
    return {
        "a row inserted in the locked sheet": lambda s: s.Rows.insertByIndex(top + 3, 1),
        "a row deleted in the locked sheet": lambda s: s.Rows.removeByIndex(top + 3, 1),
        "a row inserted": lambda s: s.Rows.insertByIndex(top + 3, 1),
        "a row inserted first": lambda s: s.Rows.insertByIndex(top, 1),
        "a row deleted": lambda s: s.Rows.removeByIndex(top + 3, 1),
        "the first row deleted": lambda s: s.Rows.removeByIndex(top, 1),
        "the last row deleted": lambda s: s.Rows.removeByIndex(below - 1, 1),
        "rows pasted over others": lambda s: copied(s, top, top + 2, top + 9),
        "rows pasted below": lambda s: copied(s, top, top + 2, below),
        "rows pasted far below": lambda s: copied(s, top, top + 2, below + 60),
        "rows cut and pasted": lambda s: moved(s, top, top + 2, top + 9),
        "rows sorted": lambda s: backwards(s, top, below - 1),
        "the scores deleted": lambda s: s.Columns.removeByIndex(6, 1),
        "another column deleted": lambda s: s.Columns.removeByIndex(7, 1),
    }


def line(desk: Any, book: str, name: str, top: int, below: int) -> str:
    """What the first page says after an edit."""
    hidden = (value("Hidden", True),)
    document = desk.loadComponentFromURL(Path(book).as_uri(), "_blank", 0, hidden)
    try:
        sheet = document.Sheets.getByName("Sessions")
        if name not in LOCKED:
            sheet.unprotect("")
        try:
            edits(top, below)[name](sheet)
        except RuntimeException:
            return "refused"
        document.calculateAll()
        return str(document.Sheets.getByName("Summary").getCellRangeByName("A3").String)
    finally:
        document.close(True)


def main(book: str, profile: str, top: int, below: int) -> None:
    """Every edit, in one run of LibreOffice."""
    command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
    with subprocess.Popen([*command, f"--accept=pipe,name={PIPE};urp;"]):
        context = uno.getComponentContext()
        create = context.ServiceManager.createInstanceWithContext
        resolver = create("com.sun.star.bridge.UnoUrlResolver", context)
        there = reached(resolver)
        desk = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        try:
            said = {name: line(desk, book, name, top, below) for name in edits(top, below)}
        finally:
            desk.terminate()
    print(json.dumps(said))


def reached(resolver: Any) -> Any:
    """LibreOffice, once it has started."""
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not start")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
