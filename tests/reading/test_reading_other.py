"""Old, binary and OpenDocument workbooks, and encrypted ones."""

from __future__ import annotations

import datetime as dt
import io
import random
import struct

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from odd_workbooks import (
    ODS_TYPE,
    ods,
    ods_cell,
    ods_row,
    typed,
    wide,
    xlsb,
    xlsb_cell,
    xlsb_row,
)
from workbooks import archive, cell, row, sheet_xml, xlsx

from clinicreport.reading import RefusedError
from clinicreport.reading.ole import plain_container
from clinicreport.reading.spreadsheet import CellError, Percent, Sheet, Uncached
from clinicreport.reading.worker import read


def refusal(data: bytes, password: str | None = None) -> str:
    with pytest.raises(RefusedError) as refused:
        read(data, password)
    return str(refused.value)


# --- the container of old workbooks -----------------------------------------------------------


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ("WordDocument", "Word document"),
        ("PowerPoint Document", "presentation"),
        ("Contents", "is not a spreadsheet"),
    ],
)
def test_other_documents_in_the_same_container(stream: str, words: str):
    assert words in refusal(plain_container(bytes(600), stream))


def test_a_very_old_workbook():
    assert "very old Excel" in refusal(b"\x09\x04\x06\x00\x00\x00\x10\x00")


# --- encrypted ---------------------------------------------------------------------------------

# Larger than a sector of the container, as any workbook of Excel is.
OPEN = xlsx(
    sheet_xml(row(1, cell("A1", 7))), xl__media__scan_dot_bin=random.Random(1).randbytes(9000)
)


def encrypted(password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(OPEN)).encrypt(password, target)
    return target.getvalue()


def test_an_encrypted_workbook_with_its_password():
    assert read(encrypted("Schlüssel 1"), "Schlüssel 1").sheets[0].value(1, 1) == 7


def test_an_encrypted_workbook_without_or_with_another_password():
    data = encrypted("right")
    assert "is protected by a password: give it with --password-file" in refusal(data)
    assert "the one given is empty" in refusal(data, "")
    assert "another password than the one given" in refusal(data, "wrong")


def test_an_empty_password_is_refused_even_where_it_fits():
    assert "the one given is empty" in refusal(encrypted(""), "")


def test_a_workbook_that_excel_opens_without_asking():
    data = encrypted("VelvetSweatshop")
    for password in (None, "another"):
        assert read(data, password).sheets[0].value(1, 1) == 7


def test_a_password_for_a_file_that_needs_none():
    assert read(OPEN, "").sheets[0].value(1, 1) == 7


def test_without_the_package_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "msoffcrypto", None)
    assert "msoffcrypto-tool is not installed" in refusal(encrypted("x"), "x")


def test_a_damaged_encrypted_workbook():
    data = encrypted("right")
    assert msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted()
    broken = data.replace(b"encryptedKeyValue", b"encryptedKeyVolue")
    assert broken != data
    with pytest.raises(Exception, match=r".") as error:
        read(broken, "right")
    assert not isinstance(error.value, MemoryError)


# --- ods ---------------------------------------------------------------------------------------


def ods_log(*rows: str, before: str = "") -> Sheet:
    [sheet] = read(ods("".join(rows), before)).sheets
    return sheet


@pytest.mark.parametrize(
    ("attributes", "shown", "expected"),
    [
        (typed("float", "value", "7.5"), "8", 7.5),
        (typed("currency", "value", "7"), "7 €", 7.0),
        (typed("percentage", "value", "0.7"), "70%", Percent(0.7)),
        (typed("percentage", "value", "1"), "100%", Percent(1.0)),
        (typed("boolean", "boolean-value", "true"), "TRUE", True),
        (typed("boolean", "boolean-value", "false"), "FALSE", False),
        (typed("date", "date-value", "2026-03-05"), "5.3.", dt.date(2026, 3, 5)),
        (typed("date", "date-value", "2026-03-05T14:30:00"), "x", dt.datetime(2026, 3, 5, 14, 30)),
        (typed("date", "date-value", "soon"), "x", "soon"),
        (typed("time", "time-value", "PT14H30M00S"), "14:30", dt.time(14, 30)),
        (typed("time", "time-value", "PT36H00M00S"), "36:00", dt.timedelta(hours=36)),
        ('office:value-type="string"', "007", "007"),
        (typed("string", "string-value", "whole"), "shown", "whole"),
        (
            'office:value-type="string" calcext:value-type="error" table:formula="of:=1/0"',
            "#DIV/0!",
            CellError("#DIV/0!"),
        ),
        ('office:value-type="string"', "#N/A", CellError("#N/A")),
        ('table:formula="of:=A1"', "", Uncached("of:=A1")),
        (typed("float", "value", "3") + ' table:formula="of:=A1"', "3", 3.0),
        ('office:value-type="string"', '<text:s text:c="2"/>a <text:s/>b', "  a  b"),
        ('office:value-type="string"', "a</text:p><text:p>b", "a\nb"),
        ('office:value-type="string"', "\n  a \n  <text:span>b</text:span>", "a b"),
    ],
)
def test_ods_cell(attributes: str, shown: str, expected: object):
    value = ods_log(ods_row(ods_cell(attributes, shown))).value(1, 1)
    assert value == expected
    assert type(value) is type(expected)


def test_ods_addresses_and_repeats():
    number = typed("float", "value", "5")
    sheet = ods_log(
        ods_row(
            ods_cell('table:number-columns-repeated="16384"'), more='table:number-rows-repeated="2"'
        ),
        ods_row(
            ods_cell(""),
            ods_cell(f'{number} table:number-columns-repeated="2"', "5"),
            ods_cell('table:number-columns-repeated="16381"'),
            more='table:number-rows-repeated="3"',
        ),
        ods_row(
            ods_cell('table:number-columns-repeated="16384"'),
            more='table:number-rows-repeated="1048571"',
        ),
    )
    assert (sheet.rows, len(sheet.columns)) == (5, 3)
    filled = [(r, c) for r in range(1, 6) for c in range(1, 4) if sheet.value(r, c) == 5]
    assert filled == [(r, c) for r in (3, 4, 5) for c in (2, 3)]


def test_ods_comment_is_no_text():
    inside = (
        "<office:annotation><text:p>a comment</text:p></office:annotation><text:p>value</text:p>"
    )
    cells = f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    assert ods_log(ods_row(cells)).value(1, 1) == "value"


def test_ods_hidden_and_merged():
    text = 'office:value-type="string"'
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse" '
        'table:number-columns-repeated="100"/>'
    )
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    rows = (
        ods_row(ods_cell(text, "a"), ods_cell(text, "b"), ods_cell(text, "c")),
        ods_row(ods_cell(text, "a"), more='table:visibility="filter"'),
        ods_row(more='table:visibility="collapse"'),
        ods_row(ods_cell(f"{text} {spans}", "m")),
    )
    gone = '<table:table table:name="Old" table:style-name="gone">' + rows[0] + "</table:table>"
    log, old = read(ods("".join(rows), columns, gone)).sheets
    assert (log.hidden_rows, log.hidden_columns, log.merged) == (1, 1, [(4, 1, 5, 2)])
    assert (old.name, old.visible, old.columns) == ("Old", False, [])


def test_ods_hostile():
    number = typed("float", "value", "5")
    million = ods_row(
        ods_cell(number + ' table:number-columns-repeated="16000"', "5"),
        more='table:number-rows-repeated="1000000"',
    )
    assert "few filled cells, and they reach to WQJ1000000" in refusal(ods(million))
    outside = ods_row(ods_cell(number + ' table:number-columns-repeated="20000"', "5"))
    assert "outside of what a spreadsheet can hold" in refusal(ods(outside))
    with_type = archive({"mimetype": ODS_TYPE, "content.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"})
    assert "declares its own XML entities" in refusal(with_type)


def test_ods_protected_and_active():
    manifest = "<manifest><encryption-data/></manifest>"
    assert "protected by a password" in refusal(ods("", **{"META-INF__manifest.xml": manifest}))
    library = '<!DOCTYPE library PUBLIC "-//OpenOffice.org//DTD" "library.dtd"><x/>'
    assert read(ods("", **{"Basic__script-lc.xml": library})).active_content == ["macros"]
    source = '<table:table-source table:filter-name="other.ods"/>'
    assert read(ods("", source)).active_content == ["external links"]


def test_a_text_document():
    data = archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})
    assert "is a text document" in refusal(data)


# --- xlsb --------------------------------------------------------------------------------------


def test_xlsb():
    sheet = (
        xlsb_row(1)
        + xlsb_cell(5, 1, struct.pack("<d", 7.5))
        + xlsb_cell(3, 2, b"\x2a")
        + xlsb_row(2, hidden=True)
        + xlsb_cell(6, 1, wide("007"))
        + xlsb_cell(4, 3, b"\x01")
        + xlsb_row(3, hidden=True)
        + xlsb_cell(1, 1, b"")
    )
    book = read(xlsb(sheet))
    [log] = book.sheets
    assert book.kind == "xlsb"
    assert [log.value(2, column) for column in (1, 2, 3)] == ["", 7.5, CellError("#N/A")]
    assert [log.value(3, column) for column in (2, 4)] == ["007", True]
    assert log.hidden_rows == 1


def test_xlsb_with_stray_cells():
    one = struct.pack("<d", 1)
    sheet = xlsb_row(0) + xlsb_cell(5, 0, one) + xlsb_row(1_048_575) + xlsb_cell(5, 16_383, one)
    assert "has cells in A1 and XFD1048576 only" in refusal(xlsb(sheet))


# --- names -------------------------------------------------------------------------------------


def test_openpyxl_needs_no_part_in_reading():
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    assert read(target.getvalue()).kind == "xlsx"
