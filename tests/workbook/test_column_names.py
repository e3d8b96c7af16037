"""Columns in formulas: defined names, and the addresses of a row's own cells."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.column_names import ColumnNames, column_name, own_cells
from clinicreport.workbook.page import Formula
from clinicreport.workbook.table import Column, place, this_row


@pytest.mark.parametrize(
    ("heading", "name"),
    [("No.", "t_no"), ("30 % less", "t_30_less"), ("Relief in a session", "t_relief_in_a_session")],
)
def test_a_heading_as_a_name(heading: str, name: str) -> None:
    assert column_name("t", heading) == name


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("=SUM(t[A])", ("=SUM(t[A])",)),
        ("=t_1+t_own[[#This Row],[30 % less]]", ("=t_1+", "30 % less", "")),
        ("=IF(t[[#This Row],[A]],t[[#This Row],[B c]],t[A])", ("=IF(", "A", ",", "B c", ",t[A])")),
    ],
)
def test_a_formula_cut_at_the_cells_of_its_row(text: str, cut: tuple[str, ...]) -> None:
    assert own_cells(text) == cut


def test_two_columns_of_one_name_are_refused() -> None:
    names = ColumnNames()
    names.written("=SUM(t[30 % less])")
    with pytest.raises(ValueError, match="t_30_less"):
        names.written("=SUM(t[30 less])")


def test_a_column_that_is_nowhere_is_refused() -> None:
    names = ColumnNames()
    names.written("=SUM(t[Nowhere])")
    with pytest.raises(KeyError):
        list(names.defined())


def test_no_table_reference_stands_in_the_file() -> None:
    def write(book: Canvas) -> None:
        page = book.page("Numbers")
        double = f"=2*{this_row('numbers', 'One')}"
        columns: list[Column[int]] = [
            Column("One", lambda row: row),
            Column("Two", lambda row: Formula(double, 2 * row)),
        ]
        place(page, 2, columns, [5, 7], "numbers")
        page.put(0, 0, Formula("=SUM(numbers[Two])", 24))

    content = Canvas().finish({"Numbers": write}, "Numbers", date(2026, 10, 15))
    book = openpyxl.load_workbook(BytesIO(content))
    assert book["Numbers"]["A1"].value == "=SUM(numbers_two)"
    assert [book["Numbers"][f"B{row}"].value for row in (4, 5)] == ["=2*$A$4", "=2*$A$5"]
    assert book.defined_names["numbers_two"].attr_text == "Numbers!$B$4:$B$5"
