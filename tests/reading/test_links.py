"""Formulas that are no more than a link: one to an empty cell is blank, and not 0."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from odd_workbooks import ods, ods_cell, ods_row, typed
from workbooks import MAIN, OFFICE, PACKAGE, cell, row, sheet_xml, xlsx

from clinicreport.reading.links import link
from clinicreport.reading.spreadsheet import Percent
from clinicreport.reading.worker import read

xlwt = pytest.importorskip("xlwt")
NAMES = {"last_score": "Slip!$B$3"}


@pytest.mark.parametrize(
    ("formula", "sheet", "place"),
    [
        ("B3", "", (3, 2)),
        ("=B3", "", (3, 2)),
        ("+$B$3", "", (3, 2)),
        ("=+Sheet2!C4", "Sheet2", (4, 3)),
        ("(Slip!B3)", "Slip", (3, 2)),
        ("'Slip 2'!$B$3", "Slip 2", (3, 2)),
        ("'O''Neill'!AA10", "O'Neill", (10, 27)),
        ("Bögen!B3", "Bögen", (3, 2)),
        ("Last_Score", "Slip", (3, 2)),
    ],
)
def test_a_link(formula, sheet, place):
    assert link(formula, NAMES) == (sheet, place)


@pytest.mark.parametrize(
    "formula",
    [
        "B3+0",
        "-B3",
        "B3*1",
        "SUM(B3)",
        "IF(B3=0,0,B3)",
        "B3:B4",
        "(A1)+(B2)",
        "A1-Slip!B3",
        "0",
        "[1]Slip!B3",
        "'[other.xlsx]Slip'!B3",
        "other_name",
        "B3%",
        "N(B3)",
    ],
)
def test_no_link(formula):
    assert link(formula, NAMES) is None


def test_a_copied_link_moves():
    assert link("Slip!B3", {}, (2, 1)) == ("Slip", (5, 3))
    assert link("$B3", {}, (2, 1)) == ("", (5, 2))
    assert link("B$3", {}, (2, 1)) == ("", (3, 3))


def test_links_in_xlsx():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet, slip = workbook.add_worksheet("Log"), workbook.add_worksheet("Slip 2")
        slip.hide()
        workbook.define_name("Score", "='Slip 2'!$A$9")
        slip.write(0, 0, 0)
        slip.write_formula(1, 0, "=A7", None, 0)  # leads on to an empty cell
        slip.write_formula(2, 0, "=A1", None, 0)  # leads on to a 0
        slip.write_formula(3, 0, '=""', None, "")
        formulas = [
            "='Slip 2'!A1",
            "='slip 2'!$A$2",
            "='Slip 2'!A3",
            "='Slip 2'!A8",
            "=Score",
            "='Slip 2'!A8*1",
            "='Slip 2'!A4",
            "=H9",
            "=Gone!A1",
        ]
        for at, formula in enumerate(formulas):
            sheet.write_formula(0, at, formula, None, 0)
    [read_sheet, _] = read(target.getvalue()).sheets
    values = [read_sheet.value(1, column) for column in range(1, 10)]
    assert values == [0, "", 0, "", "", 0, 0, "", 0]


def test_shared_and_plainly_or_oddly_written_links():
    rows = row(1, '<c r="A1"><f t="shared" ref="A1:A3" si="0">C1</f><v>0</v></c>', cell("C1", 5))
    rows += row(2, '<c r="A2"><f t="shared" si="0"/><v>0</v></c>')
    rows += row(3, '<c r="A3"><f t="shared" si="0"/><v>0</v></c>', cell("C3", 0))
    for written in (rows, rows.replace("<c r=", "<c\n r=")):
        [sheet] = read(xlsx(sheet_xml(written))).sheets
        assert [sheet.value(number, 1) for number in (1, 2, 3)] == [0, "", 0]


def two_logs(first: str, second: str) -> bytes:
    """A workbook of two sheets that have one name."""
    names = "".join(f'<sheet name="Log" sheetId="{at}" r:id="s{at}"/>' for at in (1, 2))
    kept = [
        f'<Relationship Id="s{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in (1, 2)
    ]
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(kept)}</Relationships>'
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
    parts = {
        "xl/_rels/workbook.xml.rels": relations,
        "xl/worksheets/sheet2.xml": sheet_xml(second),
    }
    return xlsx(sheet_xml(first), workbook, **parts)


def test_links_of_two_sheets_of_one_name_lead_to_their_own_cells():
    linked = '<c r="A1"><f>C1</f><v>0</v></c>'
    filled, empty = row(1, linked, cell("C1", 0)), row(1, linked, cell("D1", 0))
    for rows, expected in (((filled, empty), [0, ""]), ((empty, filled), ["", 0])):
        assert [sheet.value(1, 1) for sheet in read(two_logs(*rows)).sheets] == expected


def test_links_and_styles_in_a_workbook_in_utf_16():
    rows = row(1, '<c r="A1"><f>C1</f><v>0</v></c>', cell("B1", 0.7, style="2"))
    declared = '<?xml version="1.0" encoding="UTF-16"?>'
    data = xlsx((declared + sheet_xml(rows)).encode("utf-16"))
    [sheet] = read(data).sheets
    assert [sheet.value(1, column) for column in (1, 2)] == ["", Percent(0.7)]


def test_a_shared_formula_that_links_and_one_that_moves():
    rows = row(1, '<c r="A1"><f t="shared" ref="A1:A2" si="0">D1</f><v>0</v></c>')
    rows += row(2, '<c r="A2"><f t="shared" si="0"/><v>0</v></c>', cell("D2", 0))
    rows += row(3, '<c r="A3"><f t="shared" ref="A3:A4" si="1">TODAY()</f><v>46301</v></c>')
    rows += row(4, '<c r="A4"><f t="shared" si="1"/><v>46301</v></c>')
    for written in (rows, rows.replace("<c r=", "<c\n r=")):
        [sheet] = read(xlsx(sheet_xml(written))).sheets
        assert [sheet.value(number, 1) for number in (1, 2)] == ["", 0]
        assert sheet.moving == {(3, 1), (4, 1)}


def test_links_in_ods():
    def linked(formula: str) -> str:
        return ods_cell(typed("float", "value", "0") + f' table:formula="{formula}"', "0")

    zero = ods_cell(typed("float", "value", "0"), "0")
    rows = ods_row(
        linked("of:=[$'Slip 2'.A1]"), linked("of:=[$'Slip 2'.$A$2]"), linked("of:=[.B9]")
    )
    rows += ods_row(linked("of:=[.B9]+0"), linked("of:=[.A2]"))
    slip = f'<table:table table:name="Slip 2">{ods_row(zero)}</table:table>'
    sheet = read(ods(rows, more=slip)).sheets[0]
    assert [sheet.value(1, column) for column in (1, 2, 3)] == [0, "", ""]
    assert [sheet.value(2, column) for column in (1, 2)] == [0, 0]


def test_links_in_xls():
    workbook = xlwt.Workbook()
    sheet, slip = workbook.add_sheet("Log"), workbook.add_sheet("Slip 2")
    slip.write(0, 0, 0)
    for at, formula in enumerate(("'Slip 2'!A1", "'Slip 2'!A2", "B9", "B9*1")):
        sheet.write(0, at, xlwt.Formula(formula))
    target = io.BytesIO()
    workbook.save(target)
    read_sheet = read(target.getvalue()).sheets[0]
    assert [read_sheet.value(1, column) == "" for column in (1, 2, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]
