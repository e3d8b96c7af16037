"""Rows of Sessions inserted, deleted, pasted, sorted in a program: the first page says so."""

from __future__ import annotations

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import report_data as data
from openpyxl.utils import range_boundaries

from clinicreport.books.report import report_workbook

SCRIPT = Path(__file__).with_name("rows_in_libreoffice.py")
PYTHON = "/usr/bin/python3"  # a Linux system's own, which its LibreOffice brings a module to


@pytest.mark.once
def test_rows_moved_about_are_said(tmp_path: Path) -> None:
    if shutil.which("soffice") is None or not has_uno():
        pytest.skip("LibreOffice, or its module for Python, is not installed")
    content = report_workbook.content(data.analysis(8))
    (tmp_path / "report.xlsx").write_bytes(content)
    area = openpyxl.load_workbook(BytesIO(content))["Sessions"].tables["sessions"].ref
    _, head, _, last = range_boundaries(area)
    places = (tmp_path / "report.xlsx", tmp_path / "profile", head, last)
    command = [PYTHON, str(SCRIPT), *map(str, places)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    said: dict[str, str] = json.loads(done.stdout)
    refused = {name for name, line in said.items() if line == "refused"}
    assert refused == {name for name in said if name.endswith("in the locked sheet")}
    assert len(said) > 10
    for name in said.keys() - refused:
        assert said[name].startswith("EDITED since made: "), name
        assert said[name].endswith("correct the log and run again."), name


def has_uno() -> bool:
    """Whether that Python can steer LibreOffice."""
    if not Path(PYTHON).exists():
        return False
    asked = subprocess.run([PYTHON, "-c", "import uno"], check=False, capture_output=True)
    return asked.returncode == 0
