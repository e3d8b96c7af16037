"""The quick writer against XlsxWriter's own: the same workbook, cell by cell and part by part."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from report_data import HOSTILE, VARIANTS

from clinicreport.books.report import report_workbook, size_limits
from clinicreport.workbook import packed_text, row_blocks, whole_rows
from clinicreport.workbook.page import Cell, Formula, Link, Page
from clinicreport.workbook.styles import Styles
from clinicreport.workbook.table import Column, place, this_row
from clinicreport.workbook.theme import Theme

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(content: bytes) -> dict[str, bytes]:
    """Each part, without what ours says on purpose otherwise (see test_package_parts)."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: OWN.sub(b"", archive.read(name)) for name in archive.namelist()}


OWN = re.compile(rb"<calcPr [^>]*/>|<dc:language>[^<]*</dc:language>")


def looks(styles: bytes) -> list[Any]:
    """For each style number everything that it says, other numbers followed up."""
    root = ET.fromstring(styles)
    held = {
        name: [ET.tostring(each) for each in root.iterfind(f"{MAIN}{name}/*")]
        for name in ("fonts", "fills", "borders")
    }
    formats = {each.get("numFmtId"): each.get("formatCode") for each in root.iter(f"{MAIN}numFmt")}
    found = []
    for xf in root.iterfind(f"{MAIN}cellXfs/*"):
        said = {key: value for key, value in xf.items() if not key.endswith("Id")}
        aligned = [ET.tostring(each) for each in xf]
        number = xf.get("numFmtId") or ""
        found.append(
            (
                held["fonts"][int(xf.get("fontId") or 0)],
                held["fills"][int(xf.get("fillId") or 0)],
                held["borders"][int(xf.get("borderId") or 0)],
                formats.get(number, number),
                said,
                aligned,
            )
        )
    return found


def sheet(made: dict[str, bytes], name: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Cells (address -> formula, type, value, look), rows (number -> attributes), all the rest."""
    root = ET.fromstring(made[name])
    strings = [
        "".join(text.text or "" for text in each.iter(f"{MAIN}t"))
        for each in ET.fromstring(made["xl/sharedStrings.xml"])
    ]
    look = looks(made["xl/styles.xml"])
    body = root.find(f"{MAIN}sheetData")
    cells, lines = {}, {}
    for row in body if body is not None else ():
        lines[row.get("r")] = {key: value for key, value in row.items() if key != "spans"}
        order = [cell.get("r") for cell in row]
        assert order == sorted(order, key=lambda at: (len(re.sub(r"\d", "", at)), at))
        for cell in row:
            value, formula = cell.findtext(f"{MAIN}v"), cell.find(f"{MAIN}f")
            kind = cell.get("t")
            if kind == "s":
                value = strings[int(value or 0)]
            text = None if formula is None else (formula.text, sorted(formula.items()))
            cells[cell.get("r") or ""] = (text, kind, value, look[int(cell.get("s") or 0)])
    if body is not None:
        root.remove(body)
    return cells, lines, ET.tostring(root)


def compare(quick: bytes, stock: bytes) -> int:
    """How many cells were compared."""
    one, other = parts(quick), parts(stock)
    assert list(one) == list(other)
    compared = 0
    for name in one:
        if name.startswith("xl/worksheets/sheet"):
            for found, expected in zip(sheet(one, name), sheet(other, name), strict=True):
                assert found == expected, name
            compared += len(sheet(one, name)[0])
        elif name == "xl/sharedStrings.xml":
            texts = [
                sorted(re.findall(b"<si>.*?</si>", each[name], re.DOTALL)) for each in (one, other)
            ]
            assert texts[0] == texts[1]
            counts = [re.findall(rb'ount="\d+"', each[name]) for each in (one, other)]
            assert counts[0] == counts[1]
        elif name != "xl/styles.xml":
            assert one[name] == other[name], name
    return compared


@pytest.mark.parametrize("make", VARIANTS.values(), ids=VARIANTS)
def test_the_same_report(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert whole_rows.FAST, "the quick way is off: this version of XlsxWriter was not tried"
    quick = report_workbook.content(make())
    monkeypatch.setattr(whole_rows, "FAST", False)
    assert compare(quick, report_workbook.content(make())) > 100


def test_the_same_report_without_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limits, "LIVE", 0)
    quick = report_workbook.content(VARIANTS["clinic"]())
    monkeypatch.setattr(whole_rows, "FAST", False)
    assert compare(quick, report_workbook.content(VARIANTS["clinic"]())) > 100
    assert b"<f>" not in b"".join(parts(quick).values())


VALUES: list[Cell] = [
    *HOSTILE,
    "",
    " blank at the ends ",
    "a\nb",
    "<&>\"'",
    "é😀",
    "x" * 40_000,
    "True",
    "1",
    0,
    1,
    -1,
    7.0,
    0.1 + 0.2,
    1e-7,
    1e20,
    123456789.123456789,
    10**15,
    math.nan,
    True,
    False,
    None,
    date(2026, 10, 31),
    datetime(2026, 10, 31, 12, 30),
    time(9, 15),
    date(1999, 12, 31),
    Formula("=1+1", 2),
    Formula('=A1&"<b>"', "<b>"),
    Formula("=NA()", "#N/A"),
    Formula('=""', ""),
    Formula("=1=1", "#not an error"),
    Formula("=DATE(2026,1,1)", date(2026, 1, 1)),
    Link("Sheet1!$A$1", 'say "this" & that'),
    Link("Sheet1!$A$1", "=1+1"),
]


# What formulas give: every kind of value but links and other formulas.
GIVEN = [value for value in VALUES if not isinstance(value, Formula | Link | time)]
GIVEN = (GIVEN * 2)[: len(VALUES)]
PERCENTS: list[Cell] = ([29.999, 50, 12.5, None, "#N/A", "none"] * len(VALUES))[: len(VALUES)]
SAME: list[Cell] = [True, None, 1.5, "a\x07", "same", time(9, 15), Formula("=1+1", 2)]
OWN_ROW = this_row("first", "One")


def workbook(*, wide: bool, early: bool = False) -> bytes:
    """Every kind of cell in blocks: alone in their rows, beside each other, beside single cells."""
    buffer = BytesIO()
    book = whole_rows.new_workbook(buffer)
    book.set_properties({"created": datetime(2026, 1, 1)})  # or two runs may differ by a second
    sheet = book.add_worksheet("Sheet1")
    page = Page("Sheet1", sheet, Styles(book, Theme.load()))
    page.put(0, 0, "above")

    def few(value: Cell) -> str:
        return "=1" if VALUES.index(value) % 2 else ""

    columns: list[Column[Cell]] = [
        Column("One", lambda value: value, "cell_wrap", 12),
        Column("Other", VALUES, lambda value: "cell_error" if value == 1 else "cell"),
        Column("Dates", [date(2026, 1, 1)] * len(VALUES), "cell_date"),
        Column("Alike", PERCENTS, "cell_percent", formula=f'={this_row("first", "Other")}&"<b>"'),
        Column("Own", GIVEN, formula=lambda value: f'=1<{OWN_ROW}&"{type(value)}"'),
        Column("Numbers", range(len(VALUES)), "cell_count"),
        Column("Larger", [10**15 - 3 + number for number in range(len(VALUES))]),
        Column("Texts", [f"<{number}> &" for number in range(len(VALUES))]),
        Column("Odd texts", [f"{number}\x07" for number in range(len(VALUES))]),
        *(Column(f"Same {at}", [value] * len(VALUES)) for at, value in enumerate(SAME)),
        Column("Few", ([None, 1] * len(VALUES))[: len(VALUES)], formula=few),
    ]
    place(page, 2, columns, VALUES, "first")
    place(page, 4, columns[:1], VALUES[:9], "second", left=22, widths=False)
    if wide:
        place(page, 5, columns[:1], VALUES[:3], "third", left=700, widths=False)
        page.put(6, 21, "between")
        page.put(9, 30, "beside")
        page.put(200, 0, "below")
        sheet.set_row(300, 40)
    chart = book.add_chart({"type": "line"})
    chart.add_series(
        {"values": ["Sheet1", 3, 1, 3 + len(VALUES) - 1, 1], "categories": ["Sheet1", 3, 2, 9, 2]}
    )
    sheet.insert_chart(50, 11, chart)
    if early:
        book.write_early("Sheet1")
        with pytest.raises(ValueError, match="row 21 of sheet Sheet1 is written already"):
            page.put(20, 40, "late")
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize("wide", [True, False])
def test_every_kind_of_cell(*, wide: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = workbook(wide=wide)
    monkeypatch.setattr(whole_rows, "FAST", False)
    assert compare(quick, workbook(wide=wide)) >= 3 * len(VALUES)


def test_blocks_longer_than_what_is_joined_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = workbook(wide=True)
    for chunk in (1, 3):
        monkeypatch.setattr(row_blocks, "CHUNK", chunk)
        monkeypatch.setattr(packed_text, "TOGETHER", 500)
        assert compare(workbook(wide=True), whole) > 0


@pytest.mark.parametrize("wide", [True, False])
def test_rows_written_before_what_stands_around_them(
    *, wide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = workbook(wide=wide)
    monkeypatch.setattr(whole_rows, "SMALL", 3)
    assert parts(workbook(wide=wide, early=True)) == parts(whole)


def test_a_long_report_has_the_same_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report_workbook.content(VARIANTS["clinic"]())
    with ZipFile(BytesIO(whole)) as archive:
        order = archive.namelist()
    monkeypatch.setattr(whole_rows, "SMALL", 2)
    early = report_workbook.content(VARIANTS["clinic"]())
    assert parts(early) == parts(whole)
    assert list(parts(early)) == order


def test_another_version_writes_its_own_way() -> None:
    code = (
        "import xlsxwriter.worksheet; xlsxwriter.__version__ = '4.0.0'\n"
        "del xlsxwriter.worksheet.RowInfo  # a name of its own that it need not keep\n"
        "from io import BytesIO; from clinicreport.workbook.whole_rows import new_workbook\n"
        "print(type(new_workbook(BytesIO())).__name__)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "Workbook"
