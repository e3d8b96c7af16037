"""Workbooks that are odd inside but open in Excel: read as they stand, or refused with a sentence."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from odd_workbooks import NAMESPACES, ods_cell, ods_row, typed
from workbooks import (
    MAIN,
    OFFICE,
    PACKAGE,
    RELATIONS,
    ROOT,
    STYLES,
    TYPES,
    archive,
    cell,
    row,
    sheet_xml,
    workbook_xml,
    xlsx,
)

from clinicreport.reading import RefusedError
from clinicreport.reading.errortexts import is_error_text
from clinicreport.reading.spreadsheet import CellError, Spreadsheet
from clinicreport.reading.worker import answer, read

SCORES = (8, 7, 6, 5)
STRICT = "http://purl.oclc.org/ooxml"


def text(address: str, content: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{content}</t></is></c>'


ROWS = row(1, text("A1", "Patient ID"), text("B1", "Date"), text("C1", "Pain")) + "".join(
    row(at, text(f"A{at}", "P-001"), cell(f"B{at}", 46298 + at, style="1"), cell(f"C{at}", score))
    for at, score in enumerate(SCORES, 2)
)
SHEET = sheet_xml(ROWS)


def holds_the_log(book: Spreadsheet, at: int = 0) -> bool:
    sheet = book.sheets[at]
    return [[sheet.value(number, column) for column in (1, 2, 3)] for number in range(2, 6)] == [
        ["P-001", dt.date(2026, 10, 3 + at), score] for at, score in enumerate(SCORES, 2)
    ]


def relation(id_: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def relations(*entries: str) -> str:
    inside = "".join(entries)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


LOG = relation("r1", "worksheet", "worksheets/sheet1.xml") + relation("r2", "styles", "styles.xml")
LISTED = '<sheet name="Log" sheetId="1" r:id="r1"/>'


def listing(sheets: str, *more: str, **parts: str) -> bytes:
    """A workbook that lists these sheets and has these further relations."""
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    return xlsx(
        SHEET, workbook, xl___rels__workbook_dot_xml_dot_rels=relations(LOG, *more), **parts
    )


def related(*entries: str) -> bytes:
    return xlsx(SHEET, xl___rels__workbook_dot_xml_dot_rels=relations(*entries))


def prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


def strict(xml: str) -> str:
    return xml.replace(MAIN, f"{STRICT}/spreadsheetml/main").replace(
        OFFICE, f"{STRICT}/officeDocument/relationships"
    )


def test_the_plain_one():
    assert holds_the_log(read(xlsx(SHEET)))


SIZES = [
    "1:5",
    "A:D",
    "A:A",
    "1:1048576",
    "A1:XFD1048576",
    "A1",
    "Z99",
    "D5:A1",
    "$A$1:$C$5",
    "#REF!",
    "R1C1",
]


@pytest.mark.parametrize("size", [*SIZES, "", "A1:B2 D4", "what?"])
def test_whatever_size_the_sheet_gives(size: str):
    assert holds_the_log(read(xlsx(sheet_xml(ROWS, f'<dimension ref="{size}"/>'))))


@pytest.mark.parametrize("tag", ["<dimension/>", "<dimension ref='1:5'></dimension>"])
def test_a_size_in_another_writing(tag: str):
    assert holds_the_log(read(xlsx(sheet_xml(ROWS, tag))))


CODES = [
    "#SPILL!",
    "#FIELD!",
    "#CALC!",
    "#GETTING_DATA",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#BUSY!",
    "#EXTERNAL!",
    "#PYTHON!",
    "#ERROR!",
    "#n/a",
    "#spill!",
    "#ÜBERLAUF!",
    "#NV",
    "#¡DESBORDAMIENTO!",
    "15",
    "odd",
]


@pytest.mark.parametrize("code", [*CODES, "#VALUE! "])
@pytest.mark.parametrize(
    "written", ['t="e"><v>{}</v></c>', "t='e'><f>1/0</f><v>{}</v></c>"], ids=["value", "formula"]
)
def test_an_error_of_any_code(code: str, written: str):
    rows = ROWS + row(6, '<c r="C6" ' + written.format(code), cell("D6", code.strip(), "str"))
    book = read(xlsx(sheet_xml(rows)))
    assert holds_the_log(book)
    assert book.sheets[0].value(6, 3) == CellError(code.strip())


def test_numbers_and_texts_beside_an_error_stay_what_they_are():
    rows = row(1, cell("A1", 15), cell("B1", 15, "e"), text("C1", 'a t="e"'), cell("D1", 1, "b"))
    [sheet] = read(xlsx(sheet_xml(rows))).sheets
    found = [sheet.value(1, column) for column in (1, 2, 3, 4)]
    assert found == [15, CellError("15"), 'a t="e"', True]


@pytest.mark.parametrize("state", ["", ' state="hidden"'])
def test_an_error_on_another_sheet(state: str):
    other = sheet_xml(row(1, cell("A1", "#FIELD!", "e")))
    data = listing(
        f'<sheet name="Scratch" sheetId="2" r:id="r9"{state}/>{LISTED}',
        relation("r9", "worksheet", "worksheets/sheet2.xml"),
        xl__worksheets__sheet2_dot_xml=other,
    )
    assert holds_the_log(read(data), 1)


@pytest.mark.parametrize(
    "shown", ["#PROPAGATION!", "#¡BLOQUEADO!", "#UNBEKANNT!", "#timeout!", "#ФИО!", " #SPILL! "]
)
def test_a_newer_error_as_text(shown: str):
    assert is_error_text(shown)


@pytest.mark.parametrize("shown", ["#1!", "#better!", "#3", "P#1", "#", "#Great!", "# NO!"])
def test_a_text_that_is_no_error(shown: str):
    assert not is_error_text(shown)


@pytest.mark.parametrize("merged", ["F:F", "9:9", "#REF!", "F:H", ""])
def test_whole_columns_and_rows_merged(merged: str):
    after = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
    assert holds_the_log(read(xlsx(sheet_xml(ROWS, after=after))))


def test_sheets_without_cells_beside_the_log():
    other = '<sheet name="Other" sheetId="2" {}/>'
    macro = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    sheet = f'<Relationship Id="r9" Type="{macro}" Target="macrosheets/sheet1.xml"/>'
    book = read(
        listing(LISTED + other.format('r:id="r9"'), sheet, xl__macrosheets__sheet1_dot_xml="<m/>")
    )
    assert holds_the_log(book)
    assert book.active_content == ["macros"]
    for kind in ("chartsheet", "dialogsheet"):
        sheet = relation("r9", kind, "other.xml")
        assert holds_the_log(
            read(listing(other.format('r:id="r9"') + LISTED, sheet, xl__other_dot_xml="<x/>"))
        )
    assert holds_the_log(read(listing(other.format("") + LISTED)), 1)


def test_a_sheet_that_is_lost():
    other = '<sheet name="March" sheetId="2" r:id="r9"/>'
    for data in (
        listing(LISTED + other),
        listing(LISTED + other, relation("r9", "worksheet", "worksheets/sheet9.xml")),
        listing('<sheet name="March" sheetId="2"/>' + LISTED, xl__worksheets__sheet7_dot_xml=SHEET),
    ):
        with pytest.raises(RefusedError, match=r"is damaged \(its sheet March is missing inside\)"):
            read(data)


def test_two_sheets_of_one_name_are_two_sheets():
    second = '<sheet name="Log" sheetId="2" r:id="r9"/>'
    where = relation("r9", "worksheet", "worksheets/sheet2.xml")
    other = sheet_xml(row(1, cell("A1", 7)))
    book = read(listing(second + LISTED, where, xl__worksheets__sheet2_dot_xml=other))
    assert book.sheets[0].value(1, 1) == 7
    assert holds_the_log(book, 1)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "iso-8859-1", "utf-8-sig", "cp1252"])
def test_parts_in_another_encoding(codec: str):
    declared = codec.removesuffix("-sig").removesuffix("-be")
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    sheet = head + sheet_xml(ROWS + row(6, text("A6", "Käthe")))
    book = read(xlsx(sheet.encode(codec), (head + workbook_xml()).encode(codec)))
    assert holds_the_log(book)
    assert book.sheets[0].value(6, 1) == "Käthe"


@pytest.mark.parametrize(
    "target",
    [
        "/xl/worksheets/sheet1.xml",
        "./worksheets/../worksheets/sheet1.xml",
        "worksheets\\sheet1.xml",
        "Worksheets/Sheet1.XML",
        "worksheets/sheet%31.xml",
    ],
)
def test_ways_to_say_where_the_sheet_is(target: str):
    styles = relation("r2", "styles", "styles.xml")
    assert holds_the_log(read(related(relation("r1", "worksheet", target), styles)))


ELSEWHERE = {
    "[Content_Types].xml": TYPES.replace("/xl/", "/book/"),
    "_rels/.rels": ROOT.replace("xl/", "book/"),
    "book/workbook.xml": workbook_xml(),
    "book/_rels/workbook.xml.rels": RELATIONS,
    "book/styles.xml": STYLES,
    "book/worksheets/sheet1.xml": SHEET,
}


@pytest.mark.parametrize(
    "data",
    [
        archive(ELSEWHERE),
        xlsx(prefixed(SHEET), prefixed(workbook_xml())),
        xlsx(SHEET, workbook_xml().replace("r:id", "q:id").replace("xmlns:r", "xmlns:q")),
        xlsx(
            strict(SHEET),
            strict(workbook_xml()),
            _rels___dot_rels=strict(ROOT),
            xl___rels__workbook_dot_xml_dot_rels=strict(RELATIONS),
        ),
        xlsx(re.sub(r'<(c|row) r="\w+"', r"<\1", SHEET)),
        xlsx(SHEET, workbook_xml().replace('name="Log"', 'name="Log" state="Visible"')),
        xlsx(SHEET, _rels___dot_rels=""),
        xlsx(SHEET) + bytes(100),
        xlsx(SHEET, **{"[Content_Types]_dot_xml": f'<Types xmlns="{PACKAGE}/content-types"/>'}),
    ],
    ids=[
        "elsewhere",
        "prefix",
        "other-prefix",
        "strict",
        "no-addresses",
        "state",
        "no-root",
        "tail",
        "types",
    ],
)
def test_other_ways_to_write_a_workbook(data: bytes):
    assert holds_the_log(read(data))


def test_styles_and_strings_that_stand_elsewhere():
    data = xlsx(
        sheet_xml(ROWS + row(6, cell("A6", 0, "s"))),
        xl___rels__workbook_dot_xml_dot_rels=relations(
            relation("r1", "worksheet", "worksheets/sheet1.xml"),
            relation("r2", "styles", "look/all.xml"),
            relation("r3", "sharedStrings", "words/all.xml"),
        ),
        xl__styles_dot_xml="",
        xl__look__all_dot_xml=STYLES,
        xl__words__all_dot_xml=f'<sst xmlns="{MAIN}"><si><t>P-002</t></si></sst>',
    )
    book = read(data)
    assert holds_the_log(book)
    assert book.sheets[0].value(6, 1) == "P-002"


def test_lost_styles_and_strings():
    with pytest.raises(RefusedError, match=r"is damaged \(xl/styles.xml is missing inside\)"):
        read(xlsx(SHEET, xl__styles_dot_xml=""))
    book, _ = answer(xlsx(sheet_xml(row(1, cell("A1", 0, "s")))), None)
    assert book.reason.startswith("is damaged")


CONTENT = (
    f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet><table:table "
    'table:name="Log">' + ods_row(ods_cell(typed("float", "value", "7"))) + "</table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="/" '
    f'manifest:media-type="{KIND}"/></manifest:manifest>'
)


@pytest.mark.parametrize(
    "parts",
    [
        {"META-INF/manifest.xml": MANIFEST, "content.xml": CONTENT},
        {"META-INF/manifest.xml": MANIFEST.encode("utf-16"), "content.xml": CONTENT},
        {"content.xml": CONTENT, "mimetype": f"{KIND}\n"},
        {"mimetype": f"{KIND}-template", "content.xml": CONTENT.encode("utf-16")},
        {"content.xml": CONTENT},
    ],
    ids=["no mimetype", "utf-16 manifest", "last and packed", "utf-16 content", "content alone"],
)
def test_opendocument_whatever_says_what_it_is(parts: dict):
    book = read(archive(parts))
    assert (book.kind, book.sheets[0].value(1, 1)) == ("ods", 7)


def test_opendocument_with_other_prefixes():
    cells = ods_cell(typed("float", "value", "7") + ' table:number-columns-repeated="3"', "7")
    wrong = 'office:value-type="string" calcext:value-type="error"'
    data = CONTENT.replace(
        "<table:table-row", f"{ods_row(cells, ods_cell(wrong, '#X'))}<table:table-row", 1
    )
    for usual, other in (("table", "t"), ("office", "o"), ("text", "table"), ("calcext", "c")):
        data = re.sub(rf"(?<![\w:-]){usual}:(?!\w*:)", f"{other}:", data)
        data = data.replace(f"xmlns:{usual}=", f"xmlns:{other}=")
    [sheet] = read(archive({"mimetype": KIND, "content.xml": data})).sheets
    found = [sheet.value(1, column) for column in (1, 2, 3, 4)]
    assert found == [7, 7, 7, CellError("#X")]


def test_another_document_without_a_mimetype():
    manifest = MANIFEST.replace("spreadsheet", "text")
    with pytest.raises(RefusedError, match="is a text document"):
        read(archive({"META-INF/manifest.xml": manifest, "content.xml": CONTENT}))
