"""A column of formulas: made when the rows are written, with the addresses of their own row."""

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest

from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.formula_column import MARKS, OWN, FormulaColumn, filled, formula_value
from clinicreport.workbook.row_blocks import CHUNK
from clinicreport.workbook.table import Column, Table, place, this_row

ROWS = range(2 * CHUNK + 5)
NUMBER = this_row("numbers", "Number")
MARKED = [f'=IF({NUMBER}<$A${MARKS[1]},$A${MARKS[0]},"<")', f"=$A${MARKS[0]}&{NUMBER}"]
COLUMNS: list[Column[int]] = [
    Column("Number", lambda row: row),
    Column("Double", lambda row: 2 * row, formula=f"=2*{this_row('numbers', 'Number')}"),
    Column("All", lambda row: sum(ROWS), formula="=SUM(numbers[Number])"),
    Column("Odd", lambda row: row % 2 or None, formula=lambda row: "=1" if row % 2 else ""),
    Column(
        "Below",
        lambda row: row + 1,
        formula=lambda row: f"={this_row('numbers', 'Number')}+1",
    ),
    Column(
        "Others",
        lambda row: "<" if row % 2 else ">",
        formula=lambda row: (MARKED[row % 2], (row + 7, 10 * row)),
    ),
]


class OneTable(Canvas):
    """A book with one table."""

    table: Table

    def write(self) -> None:
        self.table = self.add(place(self.page("Sheet"), 2, COLUMNS, ROWS, "numbers"))


class AsMade(OneTable):
    """The same without formulas."""

    @property
    def live(self) -> bool:
        return False


def cells(book: OneTable) -> dict[str, tuple[str, str]]:
    """Address -> (formula, value) of every cell under the headings."""
    content = book.finish({"Sheet": OneTable.write}, "A book", date(2026, 10, 15))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(
        r'<c r="(\w+)" s="\d+"(?: t="str")?(?:/>|>(?:<f>(.*?)</f>)?<v>(.*?)</v></c>)', sheet
    )
    return {at: (unescape(formula), value) for at, formula, value in found}


def test_every_row_has_its_own_addresses() -> None:
    found = cells(OneTable())
    for row in ROWS:
        number = row + 4
        assert found[f"A{number}"] == ("", f"{row}")
        assert found[f"B{number}"] == (f"2*$A${number}", f"{2 * row}.0")
        assert found[f"C{number}"] == ("SUM(numbers_number)", f"{sum(ROWS)}.0")
        assert found[f"D{number}"] == (("1", "1.0") if row % 2 else ("", ""))
        assert found[f"E{number}"] == (f"$A${number}+1", f"{row + 1}.0")
        text = f'IF($A${number}<$A${10 * row},$A${row + 7},"<")'
        given = (f"$A${row + 7}&$A${number}", "&lt;") if row % 2 else (text, "&gt;")
        assert found[f"F{number}"] == given


def test_a_formula_alone_has_its_numbers_too() -> None:
    column = FormulaColumn(5, lambda row: (f"=A{OWN}+B{MARKS[1]}*B{MARKS[0]}", (row, 11)), [1, 2])
    assert [column.text(row) for row in (0, 1)] == ["=A5+B11*B0", "=A6+B11*B1"]
    assert filled("=1+1", (1, 2)) == "=1+1"
    assert filled(f"=A{MARKS[0]}*5%&{MARKS[0]}&OWN{OWN}", (7,), 3) == "=A7*5%&7&OWN3"


def test_a_value_of_nothing_has_no_sign() -> None:
    assert formula_value(-0.0) == formula_value(0.0) == ("", "<v>0.0</v></c>")


def test_values_alone_where_no_formula_is_written() -> None:
    found = cells(AsMade())
    assert [found[f"{column}7"] for column in "ABCDE"] == [
        ("", f"{value}") for value in (3, 6, sum(ROWS), 1, 4)
    ]
    assert found["D8"] == ("", "")


def test_addresses_of_a_column() -> None:
    table = Table("My sheet", "numbers", 2, 25, ("Number", "Double"), 9)
    cells_of = table.cells("Double")
    assert cells_of.at(0) == table.at("Double", 0) == "'My sheet'!$AA$4"
    assert cells_of.span(1, 8) == table.span("Double", 1, 8) == "'My sheet'!$AA$5:$AA$12"


def test_a_column_cannot_be_named_so_late() -> None:
    def late(book: Canvas) -> None:
        named = Column[int]("Number", lambda row: row, formula=lambda _: "=SUM(numbers[Number])")
        place(book.page("Sheet"), 2, [named], range(3), "numbers")

    with pytest.raises(ValueError, match="named"):
        Canvas().finish({"Sheet": late}, "A book", date(2026, 10, 15))
