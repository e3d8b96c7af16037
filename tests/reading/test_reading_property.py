"""What is written comes back with its address; what is damaged comes back with a reason."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import random
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import SHEET, row, sheet_xml

from clinicreport.reading.cellstyle import CellStyle, NumberFormat, RichText
from clinicreport.reading.errortexts import is_error_text
from clinicreport.reading.exact_cells import look
from clinicreport.reading.isolation import Child
from clinicreport.reading.ooxml_styles import BookParts
from clinicreport.reading.sheetxml import look_thoroughly
from clinicreport.reading.spreadsheet import Sheet
from clinicreport.reading.worker import read

PLACES = st.tuples(st.integers(0, 40), st.integers(0, 30))
# Text that a workbook can hold: no control characters, and no lone surrogate.
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
TEXTS = st.text(LETTERS, min_size=1, max_size=12).filter(
    lambda text: not is_error_text(text) and "_x" not in text
)
# Both writers cut numbers after 16 digits.
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(
    lambda number: float(f"{number:.15g}")
).filter(math.isfinite) | st.integers(-(10**9), 10**9)
DATES = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
GRIDS = st.dictionaries(PLACES, TEXTS | NUMBERS | st.booleans() | DATES, max_size=40)


def check(sheet: Sheet, grid: dict) -> None:
    """The sheet holds just this grid, whose places count from 0."""
    assert sheet.rows == max((place[0] + 1 for place in grid), default=0)
    assert len(sheet.columns) == max((place[1] + 1 for place in grid), default=0)
    assert {len(column.codes) for column in sheet.columns} <= {sheet.rows}
    found = {
        (number - 1, column - 1): sheet.value(number, column)
        for number in range(1, sheet.rows + 1)
        for column in range(1, len(sheet.columns) + 1)
        if sheet.value(number, column) != ""
    }
    assert found == grid
    assert all(isinstance(found[place], bool) == isinstance(grid[place], bool) for place in grid)


@given(GRIDS)
@settings(max_examples=60, deadline=None)
def test_round_trip_through_xlsxwriter(grid: dict):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for (number, column), value in grid.items():
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, date)
            else:
                sheet.write_number(number, column, value)
    check(read(target.getvalue()).sheets[0], grid)


@given(GRIDS)
@settings(max_examples=40, deadline=None)
def test_round_trip_through_openpyxl(grid: dict):
    target = io.BytesIO()
    workbook = openpyxl.Workbook()
    for (number, column), value in grid.items():
        written = workbook.active.cell(number + 1, column + 1)
        written.value = value
        if isinstance(value, str):
            written.data_type = "s"
    workbook.save(target)
    check(read(target.getvalue()).sheets[0], grid)


CSV_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff\x1a", exclude_categories=("Cc",))
    | st.sampled_from("\n,;\"' "),
    max_size=8,
).filter(lambda text: not is_error_text(text) and not text.lstrip().startswith("<"))


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(CSV_TEXTS, min_size=width, max_size=width), min_size=2, max_size=12
        )
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=150, deadline=None)
def test_round_trip_through_csv(records: list[list[str]], delimiter: str, encoding: str):
    records = [["sep", *["h"] * (len(records[0]) - 1)], *records]
    target = io.StringIO()
    target.write(f"sep={delimiter}\r\n")
    csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(records)
    [sheet] = read(target.getvalue().encode(encoding)).sheets
    assert [
        [sheet.value(number, column) for column in range(1, len(sheet.columns) + 1)]
        for number in range(1, sheet.rows + 1)
    ] == records


CELLS = st.builds(
    lambda column, content: f'<c r="{chr(65 + column)}@"{content}',
    st.integers(0, 3),
    st.sampled_from(
        [
            "><v>1</v></c>",
            ' t="e"><v>#N/A</v></c>',
            "><f>A1</f></c>",
            "><f>A1</f><v>2</v></c>",
            ' t="e"><f>A1</f><v>#REF!</v></c>',
            ' t="str"><f>A1</f><v></v></c>',
            ' s="2"/>',
            ' s="2"><v>0.5</v></c>',
            ' s="2" t="str"><v>x</v></c>',
            "><f/></c>",
            ' t="inlineStr"><is><t>it\'s f="e" hidden="1"</t></is></c>',
            "><f>'S 1'!A1</f><v>1</v></c>",
            "><f>'S &amp; 1'!$A$1</f><v>0</v></c>",
            '><f t="shared" ref="A1:D1" si="0">+A$9</f><v>0</v></c>',
            '><f t="shared" si="0"/><v>0</v></c>',
            ' t="s"><v>1</v></c>',
            ' t="inlineStr"><is><r><rPr><strike/></rPr><t>8</t></r><r><t>7</t></r></is></c>',
        ]
    ),
)
PERCENT = BookParts({2: CellStyle(NumberFormat(percent=0.01))}, {1: RichText("7")})
SOME_CELLS = st.lists(CELLS, max_size=4, unique_by=lambda content: content[:8])
ROWS = st.lists(st.tuples(SOME_CELLS, st.sampled_from(["", ' hidden="1"'])), max_size=5)


@given(ROWS)
@settings(max_examples=200, deadline=None)
def test_the_quick_look_sees_what_the_thorough_one_sees(rows: list):
    xml = sheet_xml(
        "".join(
            row(number, *(content.replace("@", str(number)) for content in contents), more=more)
            for number, (contents, more) in enumerate(rows, 1)
        )
    ).encode()
    quick, thorough = look(xml, PERCENT), look_thoroughly(xml, PERCENT)
    assert quick.styled.keys() >= thorough.styled.keys()  # blank cells with a style do no harm
    quick.styled = thorough.styled
    assert quick == thorough


def sample() -> bytes:
    """A workbook with a little of everything."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Log")
        percent = workbook.add_format({"num_format": "0%"})
        for number in range(30):
            sheet.write_row(number, 1, [f"P-{number:03}", number, "yes", ""])
            sheet.write_number(number, 6, number / 40, percent)
            sheet.write_formula(number, 7, "=C1", None, number)
        sheet.merge_range(40, 0, 41, 2, "note")
        workbook.add_worksheet("Old").hide()
    return target.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, or a stretch removed or doubled."""
    content = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(content))
        stretch = slice(at, at + chance.randrange(1, 40))
        kind = chance.randrange(4)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            content[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del content[stretch]
        else:
            content[stretch] = content[stretch] * 2
        if not content:
            return b"x"
    return bytes(content)


def damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """One part damaged and packed again, so that the archive itself is whole."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as result:
        names = source.namelist()
        chosen = chance.choice([*names, SHEET, SHEET, SHEET])
        for name in names:
            content = source.read(name)
            result.writestr(name, damaged(content, chance) if name == chosen else content)
    return target.getvalue()


@pytest.mark.parametrize("damage", [damaged, damaged_inside])
def test_a_damaged_workbook_gives_a_book_or_a_reason(damage):
    chance = random.Random(20260305)
    data = sample()
    child = Child()
    refused = 0
    start = time.monotonic()
    for _ in range(350):
        book = child.read(damage(data, chance), None)
        assert bool(book.reason) != bool(book.sheets)
        assert "\n" not in book.reason
        refused += bool(book.reason)
        for sheet in book.sheets:
            assert {len(column.codes) for column in sheet.columns} <= {sheet.rows}
    child.close()
    assert 20 < refused < 350
    assert time.monotonic() - start < 30


def test_damaged_text_gives_a_book_or_a_reason():
    chance = random.Random(1)
    data = b'id;date;pain\r\n"1";5.1.2026;7,5\r\n2;"a\nb";6\r\n' * 5
    child = Child()
    books = [child.read(damaged(data, chance), None) for _ in range(300)]
    child.close()
    assert all(bool(book.reason) != bool(book.sheets) for book in books)
    assert {book.kind for book in books} == {"csv", ""}
