"""The least that each step costs: parser and writer alone. ``python benchmarks/floors.py STEP …``

read LOG...              python-calamine reads every row
write REPORT OUTPUT      XlsxWriter writes the values that a report's cells hold
resave LOG OUTPUT        openpyxl loads a log and saves it
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any


def read(paths: list[str]) -> None:
    """Every row of every log, and nothing done with it."""
    import python_calamine

    for path in paths:
        data = io.BytesIO(Path(path).read_bytes())
        python_calamine.load_workbook(data).get_sheet_by_index(0).to_python()


def write(report: str, output: str) -> None:
    """The same cells as plain values. What was read is timed by ``cells``, to be taken off."""
    import xlsxwriter

    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        for name, rows in cells(report):
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(at, column, value)
                    elif isinstance(value, (int, float)):
                        sheet.write_number(at, column, value)
                    else:
                        sheet.write_datetime(at, column, value)


def cells(report: str) -> list[tuple[str, list[list[Any]]]]:
    """Each sheet's values."""
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(Path(report).read_bytes()))
    return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def main() -> None:
    """One step."""
    step, *words = sys.argv[1:]
    if step == "read":
        read(words)
    elif step == "cells":
        cells(words[0])
    elif step == "write":
        write(words[0], words[1])
    elif step == "resave":
        import openpyxl

        openpyxl.load_workbook(words[0]).save(words[1])


if __name__ == "__main__":
    main()
