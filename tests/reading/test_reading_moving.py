"""Formulas whose value is another one on another day are seen in every format that tells them."""

import io
import struct
from typing import Any

import pytest
from odd_workbooks import ods, ods_row, xlsb, xlsb_cell, xlsb_row
from workbooks import row, sheet_xml, xlsx

from clinicreport.reading.worker import read


def moving(data: bytes) -> list[Any]:
    (sheet,) = read(data, None).sheets
    return sorted(sheet.moving)


def in_rows(*cells: str) -> bytes:
    return xlsx(sheet_xml("".join(row(at, cell) for at, cell in enumerate(cells, 1))))


@pytest.mark.parametrize(
    ("formula", "moves"),
    [
        ("TODAY()", True),
        ("NOW()-1", True),
        ("IF(B1=1,today( ),C1)", True),
        ("DATE(2026,10,5)", False),
        ("TODAYS(1)", False),
        ("B1+KNOW(2)", False),
    ],
)
@pytest.mark.parametrize("quote", ['"', "'"])  # the second is read by the XML parser
def test_new_workbooks(formula: str, moves: bool, quote: str) -> None:
    cells = '<c r="A1"><v>1</v></c>', f'<c r="A2"><f>{formula}</f><v>46301</v></c>'
    data = in_rows(*(cell.replace('"', quote) for cell in cells))
    assert moving(data) == ([(2, 1)] if moves else [])


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_formula_that_several_cells_share(quote: str) -> None:
    cells = (
        '<c r="A1"><f t="shared" ref="A1:A2" si="0">TODAY()</f><v>46301</v></c>',
        '<c r="A2"><f t="shared" si="0"/><v>46301</v></c>',
        '<c r="A3"><f t="shared" ref="A3:A4" si="1">B1+1</f><v>46301</v></c>',
        '<c r="A4"><f t="shared" si="1"/><v>46301</v></c>',
    )
    assert moving(in_rows(*(cell.replace('"', quote) for cell in cells))) == [(1, 1), (2, 1)]


def test_open_document() -> None:
    day = 'table:formula="of:={}" office:value-type="date" office:date-value="2026-10-05"'
    cells = (f"<table:table-cell {day.format(text)}/>" for text in ("TODAY()", "[.B1]+1"))
    assert moving(ods("".join(ods_row(cell) for cell in cells))) == [(1, 1)]


def test_old_workbooks() -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Log")
    for at, text in enumerate(("TODAY()", "NOW()-1", "DATE(2026,10,5)", "65+74+221")):
        sheet.write(at, 0, xlwt.Formula(text))
    target = io.BytesIO()
    book.save(target)
    assert moving(target.getvalue()) == [(1, 1), (2, 1)]


def test_binary_workbooks() -> None:
    def formula(tokens: bytes) -> bytes:
        return struct.pack("<dHI", 46301.0, 0, len(tokens)) + tokens + struct.pack("<I", 0)

    rows = (b"\x41\xdd\x00", b"\x41\x4a\x00", b"\x1e\x05\x00")
    cells = b"".join(
        xlsb_row(at) + xlsb_cell(9, 1, formula(tokens)) for at, tokens in enumerate(rows, 1)
    )
    assert len(moving(xlsb(cells))) == 2
