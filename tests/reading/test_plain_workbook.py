"""What the parser gets of a sheet."""

from __future__ import annotations

import io

import pytest
from python_calamine import load_workbook
from workbooks import cell, row, sheet_xml, xlsx

from clinicreport.reading.plain_workbook import none_merged, plain_workbook, stored
from clinicreport.reading.worker import read

MERGED = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
SHEET = sheet_xml(row(1, cell("A1", 1)) + row(2, cell("B2", 2)), after=MERGED)


def test_the_parser_is_told_of_no_merged_cells() -> None:
    book = plain_workbook([stored(*none_merged(SHEET.encode()))], None, None, dates_1904=False)
    sheet = load_workbook(io.BytesIO(b"".join(book))).get_sheet_by_index(0)
    assert sheet.merged_cell_ranges == []
    assert sheet.to_python() == [[1, ""], ["", 2]]


def test_they_are_seen_all_the_same() -> None:
    assert read(xlsx(SHEET)).sheets[0].merged == [(1, 1, 2, 2)]


@pytest.mark.parametrize(
    "xml", [b"", b"<worksheet/>", b"<x:worksheet><x:sheetData/></x:worksheet>"]
)
def test_a_sheet_without_plain_cells_is_left_alone(xml: bytes) -> None:
    assert none_merged(xml) == (xml,)
    assert stored(*none_merged(xml)).size == len(xml)
