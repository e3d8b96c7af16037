"""The workbooks stand up to a second opinion on the file format."""

from collections.abc import Callable
from pathlib import Path

import pytest
import report_data
from openxml_audit import OpenXmlValidator

from clinicreport.books.report import report_workbook
from clinicreport.books.share import shared_workbook
from clinicreport.outcomes.analysis import Analysis


@pytest.mark.parametrize("content", [report_workbook.content, shared_workbook.content])
def test_no_error_is_found(tmp_path: Path, content: Callable[[Analysis], bytes]) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content(report_data.analysis(12)))
    found = OpenXmlValidator().validate(path)
    assert [str(error) for error in found.errors] == []
