"""The report in other programs: each shows what it was written with, or computes the same.

Each test runs where its program is installed: Gnumeric's ``ssconvert``, ``formualizer``, and for
SheetJS and exceljs node with its packages ``xlsx`` and ``exceljs`` (NODE_PATH says where).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_data as data
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter

from clinicreport.books.report import report_workbook
from clinicreport.outcomes.analysis import Analysis

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

Shown = dict[tuple[str, str], Any]  # (sheet, cell) -> value

NODE = {
    "xlsx": """
const book = require('xlsx').readFile(process.argv[1]), shown = {};
for (const name of book.SheetNames) {
  shown[name] = {};
  for (const cell of Object.keys(book.Sheets[name]))
    if (cell[0] !== '!') {
      const {t, v, w} = book.Sheets[name][cell];
      shown[name][cell] = t === 'e' ? w : v;
    }
}
console.log(JSON.stringify(shown));""",
    "exceljs": """
const Excel = require('exceljs'), book = new Excel.Workbook(), shown = {};
book.xlsx.readFile(process.argv[1]).then(() => {
  book.eachSheet(sheet => {
    shown[sheet.name] = {};
    sheet.eachRow(row => row.eachCell(cell => {
      if (cell.type === Excel.ValueType.Formula) shown[sheet.name][cell.address] = cell.result;
    }));
  });
  console.log(JSON.stringify(shown));
});""",
}


@pytest.fixture(scope="module", params=["clinic", "nobody evaluable"])
def made(request: pytest.FixtureRequest) -> tuple[Analysis, bytes]:
    """A report of some patients, and one in which nobody can be evaluated."""
    analysis = data.analysis(8) if request.param == "clinic" else data.nobody_evaluable()
    return analysis, report_workbook.content(analysis)


@pytest.fixture(scope="module")
def written(made: tuple[Analysis, bytes]) -> Shown:
    """The cells that hold a formula, each with the value that stands in the file."""
    values = openpyxl.load_workbook(BytesIO(made[1]), data_only=True)
    found = {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in openpyxl.load_workbook(BytesIO(made[1]))
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert len(found) > 200
    return found


@pytest.fixture(scope="module")
def undated(made: tuple[Analysis, bytes], written: Shown) -> Shown:
    """The same without cells shown as dates: every program hands these over in its own way, and
    exceljs takes a text there for a date, too."""
    book = openpyxl.load_workbook(BytesIO(made[1]), data_only=True)
    return {
        (sheet, cell): value
        for (sheet, cell), value in written.items()
        if not is_date_format(book[sheet][cell].number_format)
    }


def assert_same(written: Shown, shown: Shown) -> None:
    """Numbers to 1e-9, and every text as it is."""
    for where, value in written.items():
        there = shown.get(where)
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert there == pytest.approx(value, rel=1e-9, abs=1e-9), where
        else:
            assert (there or "") == (value or ""), where


def values_of(content: bytes) -> Shown:
    """Every cell's value, as openpyxl sees it."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    }


def test_gnumeric_computes_every_formula_alike(
    made: tuple[Analysis, bytes], written: Shown, tmp_path: Path
) -> None:
    if shutil.which("ssconvert") is None:
        pytest.skip("Gnumeric is not installed")
    source, target = tmp_path / "report.xlsx", tmp_path / "again.xlsx"
    source.write_bytes(made[1])
    command = ["ssconvert", "--recalc", str(source), str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert_same(written, values_of(target.read_bytes()))


def test_formualizer_computes_every_formula_alike(
    made: tuple[Analysis, bytes], written: Shown, tmp_path: Path
) -> None:
    engine = pytest.importorskip("formualizer", reason="formualizer is not installed")
    source, target = tmp_path / "report.xlsx", tmp_path / "again.xlsx"
    source.write_bytes(emptied(made[1]))
    engine.recalculate_xlsx_file(str(source), str(target))
    assert_same(written, values_of(target.read_bytes()))


def emptied(content: bytes) -> bytes:
    """The workbook without stored values, so that none can be repeated, and without its tables, of
    which the engine takes small ones only."""
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet in book:
        for name in list(sheet.tables):
            del sheet.tables[name]
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("package", NODE)
def test_programs_of_node_show_what_was_written(
    made: tuple[Analysis, bytes], undated: Shown, tmp_path: Path, package: str
) -> None:
    node = shutil.which("node") or pytest.skip("node is not installed")
    asked = [node, "-e", f"require('{package}')"]
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip(f"node's {package} is not installed")
    source = tmp_path / "report.xlsx"
    source.write_bytes(made[1])
    command = [node, "-e", NODE[package], str(source)]
    told = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    shown = {
        (sheet, cell): value.get("error") if isinstance(value, dict) else value
        for sheet, cells in json.loads(told).items()
        for cell, value in cells.items()
    }
    assert_same(undated, shown)


def test_calamine_shows_what_was_written(made: tuple[Analysis, bytes], undated: Shown) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(made[1]))
    shown = {
        (name, f"{get_column_letter(at + 1)}{row + 1}"): value
        for name in book.sheet_names
        for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for at, value in enumerate(values)
    }
    assert_same({at: value for at, value in undated.items() if value != "#N/A"}, shown)


def test_openpyxl_shows_the_figures_by_their_names(made: tuple[Analysis, bytes]) -> None:
    analysis, content = made
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    for name in ("evaluable", "started", "mean_reduction", "median_percent_reduction"):
        sheet, _, cell = book.defined_names[name].attr_text.partition("!")
        figure = getattr(analysis.clinic, name)
        shown = book[sheet][cell.replace("$", "")].value
        assert shown == ("no evaluable patient" if figure is None else pytest.approx(figure)), name
