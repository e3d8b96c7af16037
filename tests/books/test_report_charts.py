"""The Charts sheet in odd clinics: many groups, long names, and pages that cut no chart."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import report_data as data

from clinicreport.books.report import report_workbook
from clinicreport.books.report.panels.by_group import LABEL, LINES, label
from clinicreport.outcomes.analysis import Analysis
from clinicreport.workbook.page import FIRST_ROWS

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

NAMES = [f"Harbour clinic {number} at the long road by the old river" for number in range(8)]


def clinics(of: int = 8) -> Analysis:
    """Clinic 0 has twelve patients, nine of whom have 30 % less pain; the others one each."""
    rows: list[dict[str, Any]] = []
    for at in range(12 + of - 1):
        site = NAMES[max(0, at - 11)]
        for day, score in ((1, 8), (3, 4 if at < 9 else 8)):
            rows.append(data.visit(f"P-{at:02}", day, score, clinic=site))
    return data.from_rows(rows)


def rows_of(content: bytes, name: str) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(BytesIO(content), data_only=True)["Charts"]
    area = sheet[sheet.tables[name].ref]
    heads = [cell.value for cell in area[0]]
    return [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in area[1:]]


def charts(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as parts:
        return [
            parts.read(name).decode()
            for name in parts.namelist()
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name)
        ]


def test_the_clinics_of_one_log_stand_side_by_side() -> None:
    found = rows_of(report_workbook.content(clinics()), "by_clinic")
    assert [row["Clinic"] for row in found] == NAMES
    assert [row["Started"] for row in found] == [12] + [1] * 7
    first, second = found[:2]
    assert first["30 % less"] == 0.75
    assert first["Mean reduction"] == 3
    # Wilson, 9 of 12
    assert first["30 % less: from"] == pytest.approx(0.4677, abs=1e-4)
    assert first["30 % less: to"] == pytest.approx(0.9111, abs=1e-4)
    assert second["30 % less"] == 0


@pytest.mark.parametrize("make", [lambda: clinics(1), lambda: data.analysis(6)])
def test_one_clinic_is_not_broken_down(make: Any) -> None:
    sheet = openpyxl.load_workbook(BytesIO(report_workbook.content(make())))["Charts"]
    assert "by_clinic" not in sheet.tables


def test_a_range_is_said_only_of_groups_that_are_large_enough() -> None:
    made = charts(report_workbook.content(clinics()))
    assert any("Responders by clinic (95 % interval)" in text for text in made)
    assert not any("to 75.0 % by clinic" in text for text in made)


@pytest.mark.parametrize(
    "name", ["neck", "n" * 500, "chronic widespread pain of the neck " * 5, "ألم أسفل الظهر المزمن"]
)
def test_a_name_fits_beside_its_bar(name: str) -> None:
    lines = label(name).split("\n")
    assert 0 < len(lines) <= LINES
    assert all(0 < len(line) <= LABEL for line in lines)


def test_no_page_ends_within_a_chart() -> None:
    content = report_workbook.content(clinics())
    sheet = openpyxl.load_workbook(BytesIO(content))["Charts"]
    breaks = [found.id for found in sheet.row_breaks.brk]
    assert breaks
    spans = [(drawn.anchor._from.row, drawn.anchor.to.row) for drawn in sheet._charts]
    assert len(spans) > len(breaks)
    ends = [0, *breaks, 10**6]
    for first, last in spans:
        assert not any(first < at <= last for at in breaks)
    for begin, end in pairwise(ends):
        assert [1 for first, _ in spans if begin <= first < end], "an empty page"
    # What is printed is the charts alone, side by side with nothing.
    last = re.search(r"\$A\$1:\$H\$(\d+)", sheet.print_area)
    assert last is not None
    assert int(last[1]) > max(end for _, end in spans)


def test_the_front_pages_cut_no_chart_and_are_few() -> None:
    sheet = openpyxl.load_workbook(BytesIO(report_workbook.content(data.analysis(40))))["Summary"]
    breaks = [found.id for found in sheet.row_breaks.brk]
    assert 2 <= len(breaks) <= 4
    spans = [(drawn.anchor._from.row, drawn.anchor.to.row) for drawn in sheet._charts]
    assert sum(last < breaks[0] for _, last in spans) == 2, "the first page has two"
    assert not any(first < at <= last for at in breaks for first, last in spans)
    for begin, end in pairwise([*breaks, 10**6]):
        assert [1 for first, _ in spans if begin <= first < end], "an empty page"
    assert int(re.findall(r"\d+", sheet.print_area)[-1]) > max(last for _, last in spans)


def test_where_nobody_can_be_evaluated_the_first_page_is_all() -> None:
    made = report_workbook.content(data.from_rows([data.visit("P", 0, 8)]))
    sheet = openpyxl.load_workbook(BytesIO(made))["Summary"]
    assert not sheet._charts
    assert not sheet.row_breaks.brk


def test_a_long_first_page_is_printed_smaller_and_stays_one_page() -> None:
    told = [f"Figure {number} was another before. " * 4 for number in range(4)]
    rows = [data.visit(f"P{at}", day, score) for at in range(9) for day, score in ((0, 4), (3, 7))]
    for row in rows:
        row["adverse_event"] = "a long story of what happened " * 6
    made = report_workbook.content(data.from_rows(rows, restated=told))
    sheet = openpyxl.load_workbook(BytesIO(made))["Summary"]
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert 60 < sheet.page_setup.scale < 100


def test_why_a_chart_is_missing_has_no_page_alone() -> None:
    sheet = openpyxl.load_workbook(BytesIO(report_workbook.content(clinics())))["Charts"]
    reason = "Not known: nobody who responded"
    said = [cell.row for cell in sheet["A"] if str(cell.value).startswith(reason)]
    last = max(drawn.anchor._from.row for drawn in sheet._charts)
    assert said
    assert not any(last < found.id < said[0] for found in sheet.row_breaks.brk)


def test_sheets_for_the_screen_print_one_page_that_is_not_empty() -> None:
    book = openpyxl.load_workbook(BytesIO(report_workbook.content(clinics())))
    for name in ("Weeks", "Findings", "Sessions"):
        sheet = book[name]
        assert sheet.page_setup.fitToHeight in {None, 1}, name  # left out, it is 1
        table = next(iter(sheet.tables.values()))
        first, last = (int(re.findall(r"\d+", end)[0]) for end in table.ref.split(":"))
        end = int(re.findall(r"\d+", sheet.print_area)[-1])
        assert end == min(last, first - 1 + FIRST_ROWS), name
    assert book["Method"].page_setup.fitToHeight in {None, 1}
    assert book["Evidence"].page_setup.fitToHeight == 2


def test_tables_do_not_meet() -> None:
    sheet = openpyxl.load_workbook(BytesIO(report_workbook.content(clinics())))["Charts"]
    taken: set[tuple[int, int]] = set()
    for table in sheet.tables.values():
        left, top, right, bottom = openpyxl.utils.range_boundaries(table.ref)
        own = {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
        assert not own & taken, table.name
        taken |= own
