"""Styles of binary workbooks that say something about a value."""

from __future__ import annotations

import struct

from odd_workbooks import record, wide, xlsb, xlsb_row

from clinicreport.reading.spreadsheet import Percent, SymbolText
from clinicreport.reading.worker import read


def test_styles_of_xlsb() -> None:
    fonts = [
        record(43, struct.pack("<HHHHBBBB", 220, grbit, 400, script, 0, 2, 0, 0) + bytes(9) + name)
        for grbit, script, name in (
            (0, 0, wide("Calibri")),
            (8, 0, wide("Calibri")),
            (0, 1, wide("Calibri")),
            (0, 0, wide("Webdings")),
        )
    ]
    cells = [
        record(47, struct.pack("<HHH", 0, form, font) + bytes(10))
        for form, font in ((0, 0), (9, 0), (0, 1), (0, 2), (0, 3), (164, 0))
    ]
    code = record(44, struct.pack("<H", 164) + wide("0.0%"))
    formats = record(615, struct.pack("<I", 1)) + code + record(616)
    begin = record(617, struct.pack("<I", len(cells)))
    styles = formats + b"".join(fonts) + record(47, bytes(16)) + begin + b"".join(cells)
    row = xlsb_row(0)
    for column in range(6):
        row += record(5, struct.pack("<IId", column, column, 7.0))
    [sheet] = read(xlsb(row, styles + record(618))).sheets
    values = [sheet.value(1, column) for column in range(1, 7)]
    assert values == [7, Percent(7), 7, "⁷", SymbolText("7", "Webdings"), Percent(7)]
    assert sheet.struck == {(1, 3)}
