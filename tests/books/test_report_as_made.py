"""What does not follow a corrected score says "as made", and nothing else does."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import report_data as data

from clinicreport.books.report import edited_mark, report_workbook, size_limits

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
MARK = " (as made)"


def rows() -> list[dict[str, Any]]:
    """Three patients over two months, each with a follow-up."""
    found = []
    for name in "ABC":
        found += [
            data.visit(name, day - 90, 8.0 - day / 7, condition="knee") for day in (0, 7, 14, 35)
        ]
        found.append(data.visit(name, -10, 3.0, visit_type="follow-up"))
    return found


@pytest.fixture(scope="module")
def content() -> bytes:
    return report_workbook.content(data.from_rows(rows()))


@pytest.fixture(scope="module")
def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def test_columns_of_patients_that_do_not_follow_say_so(book: openpyxl.Workbook) -> None:
    sheet = book["Patients"]
    heads = [str(cell.value) for cell in sheet[sheet.tables["patients"].ref][0]]
    assert {head.removesuffix(MARK) for head in heads if head.endswith(MARK)} == {
        "Needs attention",
        "After the course",
        "Days to 30 %",
        "Days to 50 %",
    }


def test_what_rests_on_scores_and_says_nothing_follows(book: openpyxl.Workbook) -> None:
    sheet = book["Patients"]
    heads, first, *_ = sheet[sheet.tables["patients"].ref]
    shown = dict(zip((head.value for head in heads), first, strict=True))
    for heading in (
        "Baseline",
        "Latest",
        "Latest score on",
        "Now",
        "Now: score of",
        "Follow-up day",
    ):
        assert "Sessions!" in str(shown[heading].value), heading


def test_charts_without_formulas_say_so_in_their_headings(
    book: openpyxl.Workbook, content: bytes
) -> None:
    sheet = book["Charts"]
    told: dict[str, bool] = {}
    for table in sheet.tables.values():
        name, area = table.name, sheet[table.ref]
        if name.endswith("_chart"):
            continue
        above = str(sheet.cell(area[0][0].row - 1, area[0][0].column).value)
        follows = any(cell.data_type == "f" for line in area[1:] for cell in line)
        assert above.endswith(MARK) is not follows, name
        told[above] = follows
    assert sorted(told.values()) == [False] * 4 + [True] * 5
    sections = [str(cell.value) for (cell,) in sheet.iter_rows(max_col=1)]
    assert set(told) <= set(sections)
    with ZipFile(BytesIO(content)) as archive:
        titles = {
            "".join(
                re.findall("<a:t>([^<]*)</a:t>", archive.read(name).decode().split("</c:title>")[0])
            )
            for name in archive.namelist()
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name)
        }
    assert sum(title.endswith(MARK) for title in titles) == 4  # some are drawn on paper too


def test_a_chosen_patients_page_says_so(book: openpyxl.Workbook) -> None:
    texts = {str(cell.value) for line in book["Patient"].iter_rows() for cell in line if cell.value}
    assert f"After the course{MARK}" in texts
    assert {"Now", "Latest", "Baseline"} <= texts
    assert any(text.startswith(f'="Needs attention{MARK}: "&') for text in texts)


def test_to_do_says_so(book: openpyxl.Workbook) -> None:
    assert book["To do"]["A1"].value == f"To do{MARK}"


def test_sheets_that_are_named_as_not_following_hold_no_formula_on_scores(
    book: openpyxl.Workbook,
) -> None:
    for sheet in book:
        texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        texts = [text for text in texts if not text.startswith("=HYPERLINK")]
        rests = any(re.search("Sessions!|sessions_|patients_|weeks_|evaluable", t) for t in texts)
        static = sheet.title in {*edited_mark.STATIC, "Method"}  # Method rests on no score
        assert rests is not static, sheet.title


def test_above_the_size_of_formulas_the_first_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limits, "LIVE", 5)
    large = openpyxl.load_workbook(BytesIO(report_workbook.content(data.from_rows(rows()))))
    assert large["Summary"]["A3"].value == "Figures as made; correct the log and run again."
    assert not [
        c for sheet in large for row in sheet.iter_rows() for c in row if c.data_type == "f"
    ]
