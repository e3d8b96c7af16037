"""Workbooks of Excel 97 to 2003, written by xlwt."""

from __future__ import annotations

import datetime as dt
import io
import random
import struct

import pytest

from clinicreport.reading import RefusedError
from clinicreport.reading.isolation import Child
from clinicreport.reading.spreadsheet import CellError, Percent, Uncached
from clinicreport.reading.worker import read

xlwt = pytest.importorskip("xlwt")


def refusal(data: bytes, password: str | None) -> str:
    with pytest.raises(RefusedError) as refused:
        read(data, password)
    return str(refused.value)


def xls(fill, *, dates_1904: bool = False) -> bytes:
    workbook = xlwt.Workbook()
    workbook.dates_1904 = dates_1904
    fill(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def fill_old(workbook) -> None:
    sheet = workbook.add_sheet("Log")
    style = {form: xlwt.easyxf(num_format_str=form) for form in ("yyyy-mm-dd", "0%", '0"%"')}
    sheet.write(2, 1, "007")
    sheet.write(2, 2, dt.date(2026, 3, 5), style["yyyy-mm-dd"])
    sheet.write(2, 3, 0.7, style["0%"])
    sheet.write(2, 4, 25, style['0"%"'])
    sheet.write(3, 1, 7.5)
    sheet.write(3, 2, True)
    sheet.row(3).set_cell_error(3, 0x2A)
    sheet.row(3).set_cell_error(9, 0x07)
    for number in (2, 8):
        sheet.row(number).hidden = True
    sheet.col(1).hidden = True
    sheet.write_merge(5, 6, 1, 2, "merged")
    for name, visibility in (("Hidden", 1), ("Deep", 2)):
        other = workbook.add_sheet(name)
        other.write(0, 0, "secret")
        other.visibility = visibility


def test_xls():
    book = read(xls(fill_old))
    log, *others = book.sheets
    assert (book.kind, book.active_content) == ("xls", [])
    assert [log.value(3, column) for column in range(1, 6)] == [
        "",
        "007",
        dt.date(2026, 3, 5),
        Percent(0.7),
        Percent(0.25),
    ]
    assert [log.value(4, column) for column in (2, 3, 4, 10)] == [
        7.5,
        True,
        CellError("#N/A"),
        CellError("#DIV/0!"),
    ]
    assert type(log.value(4, 3)) is bool
    assert (log.rows, len(log.columns)) == (6, 10)
    assert (log.hidden_rows, log.hidden_columns) == (1, 1)
    assert log.merged == [(6, 2, 7, 3)]
    assert [(sheet.name, sheet.visible, sheet.columns) for sheet in others] == [
        ("Hidden", False, []),
        ("Deep", False, []),
    ]


def test_xls_with_the_other_date_system():
    def fill(workbook):
        style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
        workbook.add_sheet("Log").write(0, 0, 44624, style)

    assert read(xls(fill)).sheets[0].value(1, 1) == dt.date(2022, 3, 4)
    assert read(xls(fill, dates_1904=True)).sheets[0].value(1, 1) == dt.date(2026, 3, 5)


def test_xls_with_row_of_percentages():
    def fill(workbook):
        sheet = workbook.add_sheet("Log")
        style = xlwt.easyxf(num_format_str="0.0%")
        for column, value in enumerate((0.5, 0.25, 1, 3)):
            sheet.write(0, column, value, style)

    [sheet] = read(xls(fill)).sheets
    values = [sheet.value(1, column) for column in range(1, 5)]
    assert values == [Percent(0.5), Percent(0.25), Percent(1.0), Percent(3.0)]


def test_formulas_of_xlwt_have_no_value():
    def fill(workbook):
        sheet = workbook.add_sheet("Log")
        sheet.write(0, 0, 5)
        sheet.write(0, 1, xlwt.Formula("A1+1"))

    book = read(xls(fill))
    assert not book.calculated
    assert book.sheets[0].value(1, 2) == Uncached()


@pytest.mark.parametrize("kept", [600, 2000, 5000])
def test_a_truncated_xls(kept: int):
    data = xls(fill_old)
    assert kept < len(data)
    child = Child()
    assert child.read(data[:kept], None).reason
    child.close()


def test_an_encrypted_xls():
    workbook = xlwt.Workbook()
    workbook.add_sheet("Log").write(0, 0, 7)
    records = workbook.get_biff_data()
    first = 4 + struct.unpack_from("<H", records, 2)[0]
    lock = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + random.Random(1).randbytes(48)
    target = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(target, records[:first] + lock + records[first:])
    data = target.getvalue()
    assert "is protected by a password: give it" in refusal(data, None)
    assert "another password than the one given" in refusal(data, "wrong")
    assert "the one given is empty" in refusal(data, "")
