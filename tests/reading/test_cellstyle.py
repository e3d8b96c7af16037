"""Cells whose format or font says something about their value, in every format that shows it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlsxwriter
from odd_workbooks import ods, ods_cell, ods_row, typed
from workbooks import cell, row, sheet_xml, xlsx

from clinicreport.reading.cellstyle import (
    SUBSCRIPT,
    SUPERSCRIPT,
    USUAL_FORMAT,
    CellFont,
    NumberFormat,
    number_format,
    rich_text,
)
from clinicreport.reading.spreadsheet import Percent, Sheet, ShownFraction, SymbolText, Value
from clinicreport.reading.worker import read

xlwt = pytest.importorskip("xlwt")

# kind of cell -> (value, number format, font), and what is read
CELLS: dict[str, tuple[object, dict[str, object], Value]] = {
    "seven tenths": (0.7, {"num_format": "# ?/10"}, ShownFraction(0.7, "7/10")),
    "two thirds": (2 / 3, {"num_format": "# ?/?"}, ShownFraction(0.666666666666667, "2/3")),
    "one and a half": (1.5, {"num_format": "# ??/??"}, ShownFraction(1.5, "1 1/2")),
    "ten tenths": (1, {"num_format": "# ?/?"}, ShownFraction(1, "1")),
    "no whole part": (1.5, {"num_format": "?/2"}, ShownFraction(1.5, "3/2")),
    "hundred per cent": (1, {"num_format": "0%"}, Percent(1)),
    "none per cent": (0, {"num_format": "0.00%"}, Percent(0)),
    "over hundred": (7, {"num_format": "0.0 %;[Red]-0.0 %"}, Percent(7)),
    "per cent in words": (65, {"num_format": '0" %"'}, Percent(0.65)),
    "raised": (7, {"font_script": 1}, "⁷"),
    "lowered": (10, {"font_script": 2}, "₁₀"),
    "raised text": ("7", {"font_script": 1}, "⁷"),
    "raised words": ("see 2", {"font_script": 1}, "see 2"),
    "number in Wingdings": (6, {"font_name": "Wingdings"}, SymbolText("6", "Wingdings")),
    "tick": ("ü", {"font_name": "Wingdings"}, "✓"),
    "ticked box": ("þ", {"font_name": "Wingdings"}, "✓"),
    "cross": ("û", {"font_name": "Wingdings"}, "✗"),
    "private tick": ("\uf0fc", {"font_name": "Wingdings"}, "✓"),
    "crossed box": ("ý", {"font_name": "Wingdings"}, SymbolText("ý", "Wingdings")),
    "empty box": ("¨", {"font_name": "Wingdings"}, SymbolText("¨", "Wingdings")),
    "tick 2": ("P", {"font_name": "Wingdings 2"}, "✓"),
    "cross 2": ("O", {"font_name": "Wingdings 2"}, "✗"),
    "arrow": ("P", {"font_name": "Wingdings 3"}, SymbolText("P", "Wingdings 3")),
    "tick in Webdings": ("a", {"font_name": "Webdings"}, "✓"),
    "digit in Webdings": ("7", {"font_name": "Webdings"}, SymbolText("7", "Webdings")),
    "word in Webdings": ("yes", {"font_name": "Webdings"}, SymbolText("yes", "Webdings")),
    "usual": (7, {"num_format": "0.0"}, 7.0),
    "noise": (8.1 - 5, {}, 3.1),
    "unit": (7, {"num_format": '0" min"'}, 7.0),
}
CASES = pytest.mark.parametrize(("value", "style", "expected"), CELLS.values(), ids=CELLS.keys())


def same(value: Value, expected: Value) -> bool:
    """Whether both are one; whether a number is an int or a float does not matter."""
    return value == expected and isinstance(value, str) == isinstance(expected, str)


@CASES
def test_xlsx(value, style, expected):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Log")
        sheet.write(0, 0, value, workbook.add_format(style))
        sheet.write(0, 1, value)
    [read_sheet] = read(target.getvalue()).sheets
    assert same(read_sheet.value(1, 1), expected)
    assert read_sheet.value(1, 2) in (value, 3.1, 0.666666666666667)


@CASES
def test_xls(value, style, expected):
    made = xlwt.XFStyle()
    made.num_format_str = style.get("num_format", "General")
    made.font.name = style.get("font_name", "Calibri")
    made.font.escapement = style.get("font_script", 0)
    [sheet] = read(xls(lambda sheet: sheet.write(2, 1, value, made))).sheets
    assert same(sheet.value(3, 2), expected)


def xls(fill: Callable) -> bytes:
    workbook = xlwt.Workbook()
    fill(workbook.add_sheet("Log"))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


STYLES = (
    '<office:styles><number:number-style style:name="N1"><number:fraction '
    'number:min-integer-digits="0" number:denominator-value="10"/></number:number-style>'
    '<style:style style:name="base" style:family="table-cell"><style:text-properties '
    'style:font-name="Wingdings"/></style:style>'
    '<style:style style:name="frac" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="child" style:family="table-cell" style:parent-style-name="base"/>'
    '<style:style style:name="up" style:family="table-cell"><style:text-properties '
    'style:text-position="super 58%"/></style:style>'
    '<style:style style:name="gone" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="T1" style:family="text"><style:text-properties '
    'style:text-position="33% 58%"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style></office:styles>'
)


def ods_sheet(rows: str, before: str = "") -> Sheet:
    styles = f'<office:document-styles xmlns:office="o" xmlns:style="s" xmlns:number="n">{STYLES}'
    [sheet, *_] = read(
        ods(rows, before, **{"styles.xml": styles + "</office:document-styles>"})
    ).sheets
    return sheet


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            ods_cell(typed("float", "value", "0.7") + ' table:style-name="frac"', "7/10"),
            ShownFraction(0.7, "7/10"),
        ),
        (ods_cell(typed("percentage", "value", "0"), "0%"), Percent(0)),
        (ods_cell('office:value-type="string" table:style-name="child"', "ü"), "✓"),
        (
            ods_cell(typed("float", "value", "7") + ' table:style-name="base"', "7"),
            SymbolText("7", "Wingdings"),
        ),
        (ods_cell(typed("float", "value", "7") + ' table:style-name="up"', "7"), "⁷"),
        (
            ods_cell(
                'office:value-type="string"', '1<text:span text:style-name="T1">0</text:span>'
            ),
            "1⁰",
        ),
        (
            ods_cell(
                'office:value-type="string"', '<text:span text:style-name="T2">8</text:span>7'
            ),
            "7",
        ),
        (ods_cell(typed("float", "value", "3.0999999999999996"), "3.1"), 3.1),
    ],
)
def test_ods(content, expected):
    assert same(ods_sheet(ods_row(content)).value(1, 1), expected)


def test_ods_columns_give_their_cells_a_style():
    columns = (
        '<table:table-column/><table:table-column table:number-columns-repeated="2" '
        'table:default-cell-style-name="base"/>'
    )
    text = ods_cell('office:value-type="string"', "ü")
    sheet = ods_sheet(ods_row(text, text, text, text), columns)
    assert [sheet.value(1, column) for column in (1, 2, 3, 4)] == ["ü", "✓", "✓", "ü"]


def test_cells_struck_through_are_known():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Log")
        struck = workbook.add_format({"font_strikeout": True})
        sheet.write(1, 0, "P-1", struck)
        sheet.write_blank(1, 1, None, struck)
        sheet.write_rich_string(2, 0, struck, "8", struck, " or 9")
        sheet.write_rich_string(3, 0, struck, "8", "7 ")
    [read_sheet] = read(target.getvalue()).sheets
    assert read_sheet.struck == {(2, 1), (3, 1)}
    assert [read_sheet.value(number, 1) for number in (2, 3, 4)] == ["P-1", "8 or 9", "7 "]

    made = xlwt.XFStyle()
    made.font.struck_out = True
    [old] = read(xls(lambda sheet: sheet.write(0, 0, 7, made))).sheets
    assert (old.struck, old.value(1, 1)) == ({(1, 1)}, 7)
    text = ods_cell(typed("float", "value", "7") + ' table:style-name="gone"', "7")
    assert ods_sheet(ods_row(text)).struck == {(1, 1)}


def test_pieces_of_a_text_in_xls():
    up, gone = xlwt.Font(), xlwt.Font()
    up.escapement, gone.struck_out = 1, True

    def fill(sheet):
        sheet.write(0, 0, "plain" * 2000)
        sheet.write(1, 0, "plain" * 1000)
        sheet.write_rich_text(2, 0, ["1", ("0", up)])
        sheet.write_rich_text(3, 0, [("8 ", gone), "7 – ä"])

    [sheet] = read(xls(fill)).sheets
    assert [sheet.value(number, 1) for number in (3, 4)] == ["1⁰", "7 – ä"]


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([("1", CellFont()), ("0", CellFont(SUPERSCRIPT))], ("1⁰", False)),
        ([("0", CellFont()), ("1", CellFont(SUBSCRIPT))], ("0₁", False)),
        ([("mW/cm", CellFont()), ("2", CellFont(SUPERSCRIPT))], ("mW/cm²", False)),
        (
            [("5", CellFont()), ("th", CellFont(SUPERSCRIPT)), (" Oct", CellFont())],
            ("5th Oct", False),
        ),
        ([("8", CellFont(struck=True)), ("7", CellFont())], ("7", False)),
        ([("8", CellFont(struck=True)), (" ", CellFont())], ("8 ", True)),
        ([("ü", CellFont(symbols="Wingdings")), (" ", CellFont())], ("✓ ", False)),
        (
            [("7", CellFont(symbols="Webdings")), ("!", CellFont())],
            (SymbolText("7!", "Webdings"), False),
        ),
        ([("7", CellFont()), (" ", CellFont(struck=True))], None),
    ],
)
def test_pieces_of_a_text(runs, said):
    assert rich_text(runs) == said


@pytest.mark.parametrize(
    ("code", "built_in", "expected"),
    [
        ("General", 0, USUAL_FORMAT),
        ("", 9, NumberFormat(percent=0.01)),
        ("", 12, NumberFormat(denominator="?", whole=True)),
        ("dd/mm/yyyy", None, USUAL_FORMAT),
        ("[$-407]d. mmm", None, USUAL_FORMAT),
        ("0.0", None, USUAL_FORMAT),
        ('0"/10"', None, USUAL_FORMAT),
        ("#,##0 [$€-407]", None, USUAL_FORMAT),
        ("@", None, USUAL_FORMAT),
        ("# ??/16", None, NumberFormat(denominator="16", whole=True)),
        (r"0\%", None, NumberFormat(percent=1.0)),
    ],
)
def test_number_formats(code, built_in, expected):
    assert number_format(code, built_in) == expected


def test_common_texts_and_texts_of_a_cell():
    strings = (
        "<sst><si><t>plain</t></si><si><r><t>1</t></r><r><rPr><vertAlign val='superscript'/></rPr>"
        "<t>0</t></r><rPh sb='0' eb='1'><t>9</t></rPh></si></sst>"
    )
    inline = "<is><r><rPr><rFont val='Webdings'/></rPr><t>r</t></r></is>"
    rows = row(1, cell("A1", 1, "s"), cell("B1", 0, "s"), f'<c r="C1" t="inlineStr">{inline}</c>')
    for written in (rows, rows.replace("<c r=", "<c\n r=")):
        [sheet] = read(xlsx(sheet_xml(written), xl__sharedStrings_dot_xml=strings)).sheets
        assert [sheet.value(1, column) for column in (1, 2, 3)] == ["1⁰", "plain", "✗"]
