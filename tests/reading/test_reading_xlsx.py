"""xlsx: values with their addresses, and what the parser alone would not tell."""

from __future__ import annotations

import datetime as dt
import io
import math

import openpyxl
import pytest
import xlsxwriter
from workbooks import (
    MAIN,
    RELATIONS,
    TYPES,
    archive,
    cell,
    row,
    sheet_xml,
    workbook_xml,
    xlsx,
)

from clinicreport.reading import RefusedError
from clinicreport.reading.cellstyle import CellStyle, NumberFormat
from clinicreport.reading.exact_cells import look
from clinicreport.reading.ooxml_styles import BookParts
from clinicreport.reading.seen import CellLink
from clinicreport.reading.sheetxml import look_thoroughly
from clinicreport.reading.spreadsheet import CellError, Percent, Sheet, Spreadsheet, Uncached
from clinicreport.reading.worker import read


def log(rows: str, **more: str) -> Sheet:
    [sheet] = read(xlsx(sheet_xml(rows, **more))).sheets
    return sheet


def one(content: str) -> object:
    """The value of A1 with this content inside ``<c …>``."""
    sheet = log(row(1, f'<c r="A1" {content}', cell("B1", "kept", "str")))
    assert sheet.value(1, 2) == "kept"
    return sheet.value(1, 1)


def cells(sheet: Sheet) -> list[list[object]]:
    """All values, row by row, and each value stands somewhere."""
    for column in sheet.columns:
        assert sorted(set(column.codes)) == list(range(len(column.values)))
    return [
        [sheet.value(number, column) for column in range(1, len(sheet.columns) + 1)]
        for number in range(1, sheet.rows + 1)
    ]


def same(value: object, expected: object) -> bool:
    return value == expected and type(value) is type(expected)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("><v>7.5</v></c>", 7.5),
        ("><v>27.000000000000004</v></c>", 27.0),
        ("><v>1e400</v></c>", math.inf),
        ("><v>-inf</v></c>", -math.inf),
        ('t="b"><v>1</v></c>', True),
        ('t="b"><v>0</v></c>', False),
        ('t="str"><v>007</v></c>', "007"),
        ('t="str"><v xml:space="preserve"> 7 </v></c>', " 7 "),
        ('t="inlineStr"><is><t>a</t></is></c>', "a"),
        ('t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        ('t="d"><v>2026-03-05</v></c>', dt.date(2026, 3, 5)),
        ('s="1"><v>46086</v></c>', dt.date(2026, 3, 5)),
        ('s="1"><v>46086.5</v></c>', dt.datetime(2026, 3, 5, 12)),
        ('t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('t="str"><v>#REF!</v></c>', CellError("#REF!")),
        ('t="str"><v>#3 of 5</v></c>', "#3 of 5"),
        ("><f>A2+1</f></c>", Uncached("A2+1")),
        ("><f>A2+1</f><v/></c>", Uncached("A2+1")),
        ("><f>A2+1</f><v></v></c>", Uncached("A2+1")),
        ('><f t="shared" si="0"/></c>', Uncached("")),
        ("><f>A2+1</f><v>0</v></c>", 0.0),
        ('t="str"><f>B2</f><v></v></c>', ""),
        ('t="str"><f>B2</f><v>ok</v></c>', "ok"),
        ('s="2"><v>0.7</v></c>', Percent(0.7)),
        ('s="3"><v>0.7</v></c>', Percent(0.7)),
        ('s="4"><v>70</v></c>', Percent(0.7)),
        ('s="2"><v>1</v></c>', Percent(1.0)),
        ('s="2"><v>0</v></c>', Percent(0.0)),
        ('s="1"/>', ""),
    ],
)
def test_a_cell(content: str, expected: object):
    assert same(one(content), expected)


def test_not_a_number():
    value = one("><v>nan</v></c>")
    assert isinstance(value, float)
    assert math.isnan(value)


def test_a_column_is_its_distinct_values_and_a_code_a_row():
    cells = ["5", "nan", "5.0", "nan", "6"]
    [column] = log("".join(row(n, cell(f"A{n}", v)) for n, v in enumerate(cells, 1))).columns
    assert list(column.codes) == [0, 1, 0, 1, 2]
    assert column.codes.typecode == "I"
    assert column.values[0::2] == [5.0, 6.0]


def test_true_and_one_stay_apart():
    sheet = log(
        row(1, cell("A1", 1))
        + row(2, cell("A2", 1, "b"))
        + row(3, cell("A3", 0, "b"))
        + row(4, cell("A4", 0))
    )
    values = [sheet.value(number, 1) for number in (1, 2, 3, 4)]
    assert [type(value) for value in values] == [float, bool, bool, float]
    assert values == [1, True, False, 0]


def test_blank_rows_and_columns_before_the_table_keep_their_place():
    sheet = log(row(3, cell("C3", "id", "str"), cell("D3", 5)))
    assert (sheet.rows, len(sheet.columns)) == (3, 4)
    assert sheet.value(3, 3) == "id"
    assert sheet.value(3, 4) == 5
    assert {sheet.value(r, c) for r in (1, 2) for c in (1, 2, 3, 4)} == {""}


def test_an_error_outside_of_all_values_still_has_its_place():
    sheet = log(row(1, cell("A1", 1)) + row(4, cell("C4", "#N/A", "e")))
    assert (sheet.rows, len(sheet.columns)) == (4, 3)
    assert sheet.value(4, 3) == CellError("#N/A")
    assert len({len(column.codes) for column in sheet.columns}) == 1


def test_cells_without_addresses():
    [sheet] = read(
        xlsx(
            sheet_xml(
                '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c><f>A1</f></c></row>'
            )
        )
    ).sheets
    assert sheet.value(1, 1) == 1
    assert sheet.value(1, 2) == CellError("#N/A")
    assert sheet.value(2, 1) == Uncached("A1")


PERCENT = BookParts({2: CellStyle(NumberFormat(percent=0.01))})
MIXED = (
    row(1, cell("A1", "#N/A", "e"), '<c r="B1"><f>A1</f></c>', cell("C1", "0.5", style="2"))
    + row(2, cell("A2", "1"), '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', more=' hidden="1"')
    + row(3, '<c r="A3"><f>1+1</f><v>2</v></c>', more=' hidden="true"')
    + row(4, '<c r="A4" s="1"/>', more=' hidden="1"')
    + '<row r="5" hidden="1"/><row r="6" hidden="0"><c r="A6"><v>1</v></c></row>'
)
AROUND = {
    "before": '<cols><col min="2" max="3" hidden="1"/><col min="4" max="9"/></cols>',
    "after": '<mergeCells count="1"><mergeCell ref="A8:C9"/></mergeCells>',
}


def test_both_ways_of_looking_see_the_same():
    plain = sheet_xml(MIXED, **AROUND).encode()
    seen = look(plain, PERCENT)
    assert seen == look_thoroughly(plain, PERCENT)
    assert not seen.truths
    assert seen.replace == {
        (1, 1): CellError("#N/A"),
        (1, 2): Uncached("A1"),
        (2, 2): CellError("#DIV/0!"),
    }
    assert seen.formulas == {(3, 1)}
    assert seen.styled == {(1, 3): PERCENT.styles[2]}
    assert seen.links == {(1, 2): CellLink("", (1, 1))}
    assert seen.hidden_rows == 2
    assert seen.hidden_columns == [(2, 3)]
    assert seen.merged == [(8, 1, 9, 3)]


def prefixed(xml: str) -> str:
    for name in (
        "worksheet",
        "sheetData",
        "row",
        "cols",
        "col",
        "mergeCells",
        "mergeCell",
        "c",
        "v",
        "f",
        "is",
        "t",
    ):
        for end in (" ", ">", "/"):
            xml = xml.replace(f"<{name}{end}", f"<x:{name}{end}")
        xml = xml.replace(f"</{name}>", f"</x:{name}>")
    return xml.replace("xmlns=", "xmlns:x=")


@pytest.mark.parametrize(
    "written",
    [
        prefixed,
        lambda xml: xml.replace('"', "'"),
        lambda xml: xml.replace("<c r=", "<c\n r ="),
        lambda xml: xml.replace("><", ">\n  <"),
        lambda xml: xml.replace("<row", "<!-- <c r='Z9'> --><row"),
    ],
    ids=["prefix", "single quotes", "spaces", "indented", "comments"],
)
def test_unusual_spelling_gives_the_same(written):
    usual = sheet_xml(MIXED, **AROUND)
    unusual = written(usual)
    assert unusual != usual
    [sheet], [expected] = read(xlsx(unusual)).sheets, read(xlsx(usual)).sheets
    assert cells(sheet) == cells(expected)
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == (2, 2, [(8, 1, 9, 3)])


def test_both_date_systems():
    rows = row(1, cell("A1", "44624", style="1"))
    for properties, expected in (
        ("", dt.date(2022, 3, 4)),
        ('<workbookPr date1904="1"/>', dt.date(2026, 3, 5)),
    ):
        [sheet] = read(xlsx(sheet_xml(rows), workbook_xml(properties))).sheets
        assert sheet.value(1, 1) == expected


def test_shared_strings():
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>007</t></si><si><t xml:space="preserve"> b </t></si>'
        "<si><r><t>c</t></r><r><t>d</t></r></si><si><t/></si></sst>"
    )
    rows = row(
        1, *(cell(f"{letter}1", index, "s") for index, letter in enumerate("ABCD")), cell("E1", 5)
    )
    [sheet] = read(xlsx(sheet_xml(rows), xl__sharedStrings_dot_xml=strings)).sheets
    assert [sheet.value(1, column) for column in range(1, 6)] == ["007", " b ", "cd", "", 5]


def written(fill) -> Spreadsheet:
    """A workbook by XlsxWriter, read."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        fill(workbook)
    return read(target.getvalue())


def test_hidden_sheets_are_listed_and_not_read():
    def fill(workbook):
        workbook.add_worksheet("Log").write(0, 0, 1)
        for name, hide in (("Hidden", "hide"), ("Deep", "very_hidden")):
            sheet = workbook.add_worksheet(name)
            sheet.write(0, 0, "secret")
            getattr(sheet, hide)()

    sheets = written(fill).sheets
    assert [(sheet.name, sheet.visible, len(sheet.columns)) for sheet in sheets] == [
        ("Log", True, 1),
        ("Hidden", False, 0),
        ("Deep", False, 0),
    ]


def test_chart_sheets_are_skipped():
    def fill(workbook):
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=Log!$A$1:$A$2"})
        workbook.add_chartsheet("Chart").set_chart(chart)
        workbook.add_worksheet("Log").write(0, 0, 5)

    [sheet] = written(fill).sheets
    assert (sheet.name, sheet.value(1, 1)) == ("Log", 5)


def test_hidden_rows_and_columns_count_where_they_hold_a_value():
    def fill(workbook):
        sheet = workbook.add_worksheet("Log")
        for number in range(6):
            sheet.write_row(number, 0, [number, "x"])
        for number in (2, 3, 50):
            sheet.set_row(number, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(5, 9, None, None, {"hidden": True})

    [sheet] = written(fill).sheets
    assert (sheet.hidden_rows, sheet.hidden_columns) == (2, 1)
    assert sheet.value(3, 1) == 2  # read all the same


def test_merged_cells():
    def fill(workbook):
        workbook.add_worksheet("Log").merge_range(0, 1, 1, 3, "Visit 1")

    [sheet] = written(fill).sheets
    assert sheet.merged == [(1, 2, 2, 4)]
    assert sheet.value(1, 2) == "Visit 1"


def test_formulas_of_a_workbook_that_nobody_calculated():
    def fill(workbook):
        sheet = workbook.add_worksheet("Log")
        sheet.write_formula(1, 2, "=A1", None, 7)
        sheet.write_formula(2, 2, "=A1*1")

    book = written(fill)
    assert not book.calculated
    assert book.sheets[0].formulas == {(2, 3), (3, 3)}
    assert book.sheets[0].value(3, 3) == 0


def test_formulas_of_openpyxl_have_no_value():
    target = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "=1+1"
    workbook.save(target)
    book = read(target.getvalue())
    assert not book.calculated
    assert book.sheets[0].value(2, 2) == Uncached("1+1")


@pytest.mark.parametrize(
    ("tail", "program", "calculated"),
    [
        ("", "", True),
        ("", "Microsoft Excel", True),
        ("", "LibreOffice/24.2", True),
        ("", "SheetJS", False),
        ('<calcPr calcId="1" fullCalcOnLoad="1"/>', "Microsoft Excel", False),
        ('<calcPr calcId="1" fullCalcOnLoad="0"/>', "Microsoft Excel", True),
    ],
)
def test_who_calculated(tail: str, program: str, calculated: bool):
    sheet = sheet_xml(row(1, '<c r="A1"><f>1+1</f><v>2</v></c>'))
    app = f"<Properties><Application>{program}</Application></Properties>"
    book = read(xlsx(sheet, workbook_xml(tail=tail), docProps__app_dot_xml=app if program else ""))
    assert book.calculated is calculated
    assert book.sheets[0].formulas == (set() if calculated else {(1, 1)})


def test_active_content_is_named():
    sheet = sheet_xml(row(1, cell("A1", 1)))
    assert read(xlsx(sheet)).active_content == []
    book = read(xlsx(sheet, xl__vbaProject_dot_bin="x", xl__externalLinks__link1_dot_xml="<x/>"))
    assert book.active_content == ["macros", "external links"]


def test_macro_workbook_by_its_content():
    types = TYPES.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
        "application/vnd.ms-excel.sheet.macroEnabled.main",
    )
    data = xlsx(sheet_xml(row(1, cell("A1", 1))), **{"[Content_Types]_dot_xml": types})
    assert read(data).kind == "xlsm"


def test_strict_workbook():
    def strict(xml: str) -> str:
        return xml.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")

    sheet = sheet_xml(row(1, cell("A1", "2026-03-05", "d", "1"), cell("B1", "#N/A", "e")))
    relations = strict(RELATIONS)
    data = xlsx(
        strict(sheet), strict(workbook_xml()), xl___rels__workbook_dot_xml_dot_rels=relations
    )
    [read_sheet] = read(data).sheets
    assert read_sheet.value(1, 1) == dt.date(2026, 3, 5)
    assert read_sheet.value(1, 2) == CellError("#N/A")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (xlsx("<worksheet><sheetData><row><c><v>1</v></c>"), "is damaged inside"),
        (xlsx(sheet_xml(""), "<workbook/>"), "holds no sheet with cells"),
        (xlsx(""), r"is damaged \(its sheet Log is missing inside\)"),
        (archive({"[Content_Types].xml": "<Types>wordprocessingml</Types>"}), "a Word document"),
        (archive({"[Content_Types].xml": "<Types>presentationml</Types>"}), "a presentation"),
        (archive({"[Content_Types].xml": "<Types/>"}), "holds no workbook"),
        (archive({"photos/one.jpg": "x"}), "is a zip archive, not a spreadsheet"),
        (archive({"Index/Document.iwa": "x"}), "is a Numbers document"),
    ],
    ids=[
        "truncated",
        "no sheets",
        "sheet missing",
        "docx",
        "pptx",
        "other",
        "zip",
        "numbers",
    ],
)
def test_refused(data: bytes, words: str):
    with pytest.raises(RefusedError, match=words):
        read(data)


def test_an_empty_sheet_is_no_error():
    [sheet] = read(xlsx(sheet_xml(""))).sheets
    assert (sheet.rows, sheet.columns) == (0, [])
