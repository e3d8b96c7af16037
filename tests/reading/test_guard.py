"""A hostile archive is refused by a look at it, before any parser sees it."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from workbooks import MAIN, SHEET, archive, cell, row, sheet_xml, xlsx

from clinicreport.reading import RefusedError, exact_cells, guard
from clinicreport.reading.ooxml_styles import BookParts
from clinicreport.reading.worker import read

BLANKS = f"<worksheet><sheetData>{' ' * 30_000_000}</sheetData></worksheet>"
PLAIN = sheet_xml(row(1, cell("A1", 1)))


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        read(data)
    return str(refused.value)


def declaring(data: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size written in its directory."""
    entry = data.rfind(name.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    return data[: entry + 24] + struct.pack("<I", size) + data[entry + 28 :]


def test_an_honest_workbook_passes():
    assert read(xlsx(PLAIN)).sheets[0].value(1, 1) == 1


def test_a_part_packed_too_densely():
    data = xlsx(BLANKS)
    assert len(data) < 100_000
    assert refusal(data).startswith(f"{SHEET} would unpack to 30 MB, ")


def test_what_is_not_read_may_be_packed_as_densely_as_it_likes():
    data = xlsx(
        PLAIN,
        xl__media__image1_dot_emf=bytes(30_000_000),
        xl__drawings__drawing1_dot_xml="<x>" + '<a b="1"/>' * 100_000 + "</x>",
    )
    assert read(data).sheets[0].value(1, 1) == 1


def test_one_text_many_times_is_no_bomb():
    strings = f'<sst xmlns="{MAIN}">' + "<si><t>the same text again</t></si>" * 200_000 + "</sst>"
    data = xlsx(sheet_xml(row(1, cell("A1", 7, "s"))), xl__sharedStrings_dot_xml=strings)
    assert read(data).sheets[0].value(1, 1) == "the same text again"


def test_pictures_over_the_total_are_refused():
    data = xlsx(
        PLAIN, xl__media__a_dot_emf=bytes(150_000_000), xl__media__b_dot_emf=bytes(60_000_000)
    )
    assert "(limit 200 MB)" in refusal(data)


def test_a_part_over_the_total_names_its_size_and_the_limit():
    data = declaring(xlsx(BLANKS), SHEET, 3_000_000_000)
    assert f"{SHEET} would unpack to 3.0 GB (limit 200 MB)" in refusal(data)


def test_many_parts_over_the_total_together():
    entry = zipfile.ZipInfo("part.xml")
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.file_size, entry.compress_size = 97_000, 1_200  # each alone is small enough
    guard._judge([entry] * 2000)
    with pytest.raises(RefusedError, match=r"would unpack to 213 MB \(limit 200 MB\)"):
        guard._judge([entry] * 2200)


def test_a_large_log_with_an_honest_ratio_passes():
    entry = zipfile.ZipInfo(SHEET)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.file_size, entry.compress_size = 500_000_000, 62_000_000
    guard._judge([entry])
    entry.file_size, entry.compress_size = 2_100_000_000, 300_000_000
    with pytest.raises(RefusedError, match=r"2\.1 GB \(limit 2\.0 GB\)"):
        guard._judge([entry])


def test_too_many_parts():
    data = archive({f"part{number}": "" for number in range(guard.MOST_PARTS + 1)})
    assert "holds 10,001 parts (limit 10,000)" in refusal(data)


def test_a_part_larger_than_it_says():
    data = declaring(xlsx(PLAIN), SHEET, 10)
    assert f"{SHEET} unpacks to more than it says" in refusal(data)


def test_a_part_larger_than_it_says_that_no_reader_asks_for():
    data = declaring(xlsx(PLAIN, xl__media__scan_dot_bin=b"x" * 5000), "xl/media/scan.bin", 10)
    assert "xl/media/scan.bin unpacks to more than it says" in refusal(data)


def test_a_part_shorter_than_it_says():
    assert "does not match its checksum" in refusal(declaring(xlsx(PLAIN), SHEET, 5000))


def test_a_wrong_checksum():
    data = bytearray(xlsx(PLAIN))
    entry = data.rfind(SHEET.encode()) - 46
    data[entry + 16] ^= 0xFF
    assert "does not match its checksum" in refusal(bytes(data))


@pytest.mark.parametrize("kept", [30, 200, 900])
def test_a_truncated_archive(kept: int):
    assert "is damaged" in refusal(xlsx(PLAIN)[:kept])


def test_two_parts_of_one_name():
    data = xlsx(PLAIN, xl__Styles_dot_xml="<styleSheet/>")
    assert "two parts of the same name" in refusal(data)


def test_an_archive_with_a_password():
    data = bytearray(xlsx(PLAIN))
    entry = data.rfind(SHEET.encode()) - 46
    data[entry + 8] |= 1
    assert "archive with a password" in refusal(bytes(data))


def test_an_unusual_packing():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("[Content_Types].xml", "x")
    assert "packed in a way" in refusal(packed.getvalue())


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "before", ["", "<?xml version='1.0'?>\n", "<?a?> <!-- <!DOCTYPE> -->", "<!--" + "-" * 9 + "-->"]
)
def test_a_document_type_is_refused_in_any_encoding(before: str, encoding: str):
    xml = f"{before}{LAUGHS}{PLAIN}".encode(encoding)
    assert "declares its own XML entities" in refusal(xlsx(xml))


def test_a_document_type_in_a_part_that_no_reader_asks_for():
    data = xlsx(PLAIN, docProps__custom_dot_xml=LAUGHS + "<x/>")
    assert "declares its own XML entities" in refusal(data)


def test_a_prologue_without_end():
    xml = f"<!--{'x' * 1_100_000}{LAUGHS}"
    with pytest.raises(RefusedError, match="declares its own"):
        guard.check_prologue(xml[: guard.PROLOGUE].encode(), len(xml))


def test_what_looks_like_a_document_type_is_not_always_one():
    text = row(1, '<c r="A1" t="inlineStr"><is><t>a &lt;!DOCTYPE b</t></is></c>')
    picture = LAUGHS + "<svg/>"
    data = xlsx("<!-- <!DOCTYPE x> -->" + sheet_xml(text), xl__media__logo_dot_svg=picture)
    assert read(data).sheets[0].value(1, 1) == "a <!DOCTYPE b"


def test_two_cells_at_the_ends_of_the_sheet():
    data = xlsx(sheet_xml(row(1, cell("A1", 1)) + row(1048576, cell("XFD1048576", 2))))
    assert len(data) < 2500
    assert "has cells in A1 and XFD1048576 only" in refusal(data)


@pytest.mark.parametrize(
    "sheet",
    [
        '<x:worksheet xmlns:x="u"><x:sheetData><x:row r="1"><x:c r="B2"><x:v>1</x:v></x:c></x:row>'
        "<x:row r=\"9\"><x:c r = 'XFD1048576'><x:v>1</x:v></x:c></x:row></x:sheetData>"
        "</x:worksheet>",
        sheet_xml(row(1, cell("B2", 1)) + "<row><c  s='1' r='XFD1048576'><v>1</v></c></row>"),
        sheet_xml(
            row(1, cell("B2", 1)) + "<!-- --><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
        ),
    ],
    ids=["prefix", "quotes", "comment"],
)
def test_stray_cells_however_the_sheet_is_written(sheet: str):
    assert "has cells in B2 and XFD1048576 only" in refusal(xlsx(sheet))


def test_addresses_outside_of_any_spreadsheet():
    for address in ("A99999999999", "ZZZZZZZZZ1", "XFE1", "A1048577"):
        rows = row(1, cell("XFD1048576", 1)) + row(2, cell(address, 1))
        assert "outside of what a spreadsheet can hold" in refusal(xlsx(sheet_xml(rows)))


def test_a_declared_size_is_ignored():
    for declared in ("A1:XFD1048576", "A1:A1"):
        sheet = sheet_xml(row(1, cell("A1", 1), cell("B1", 2)), f'<dimension ref="{declared}"/>')
        [log] = read(xlsx(sheet)).sheets
        assert (log.rows, len(log.columns)) == (1, 2)


def test_a_million_formatted_rows_cost_as_many_as_are_filled():
    rows = "".join(row(number, cell(f"A{number}", number)) for number in range(1, 11))
    rows += '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    [log] = read(xlsx(sheet_xml(rows))).sheets
    assert (log.rows, len(log.columns)) == (10, 1)


def test_a_wide_and_a_long_sheet_of_honest_cells_pass_the_look():
    wide = row(1, *(cell(f"{letters}1", 1) for letters in ("A", "Z", "AA", "ZZ", "XFD")))
    assert exact_cells.look(sheet_xml(wide).encode(), BookParts()).filled
    long = row(1_048_576, cell("A1048576", 1), cell("B1048576", 1))
    assert exact_cells.look(sheet_xml(long).encode(), BookParts()).filled
