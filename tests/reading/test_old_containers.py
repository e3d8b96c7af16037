"""Old and encrypted containers: names in any letters, ends that are missing, ways to encrypt."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import struct
import warnings
import zipfile

import olefile
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from workbooks import archive, cell, row, sheet_xml, workbook_xml, xlsx

from clinicreport.reading import RefusedError
from clinicreport.reading.isolation import Child
from clinicreport.reading.ole import old_workbook, plain_container
from clinicreport.reading.password import OLD_WAY
from clinicreport.reading.spreadsheet import CellError
from clinicreport.reading.worker import read

xlwt = pytest.importorskip("xlwt")

VISITS = 276
NAME = "Workbook".encode("utf-16-le")


def old_log(visits: int = VISITS) -> bytes:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Log")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, heading in enumerate(("Patient ID", "Date", "Pain before")):
        sheet.write(0, column, heading)
    for at in range(visits):
        sheet.write(at + 1, 0, f"P-{at // 6:03}")
        sheet.write(at + 1, 1, dt.date(2026, 9, 1 + at % 6 * 2), day)
        sheet.write(at + 1, 2, 8 - at % 6)
    sheet.row(visits + 1).set_cell_error(2, 0x2A)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


OLD = old_log()


def refusal(data: bytes, password: str | None = None) -> str:
    with pytest.raises(RefusedError) as refused:
        read(data, password)
    return str(refused.value)


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "workbook", "WorkBook"])
def test_the_stream_in_any_letters(name: str):
    [sheet] = read(OLD.replace(NAME, name.encode("utf-16-le"))).sheets
    assert sheet.rows == VISITS + 2
    assert sheet.value(VISITS + 1, 1) == f"P-{(VISITS - 1) // 6:03}"


@pytest.mark.parametrize("code", [0x2B, 0x2C, 0x99])
def test_an_error_of_a_newer_code(code: int):
    at = OLD.index(struct.pack("<HH", 0x205, 8)) + 10
    [sheet] = read(OLD[:at] + bytes([code]) + OLD[at + 1 :]).sheets
    assert isinstance(sheet.value(VISITS + 2, 3), CellError)
    assert sheet.value(2, 3) == 8


@pytest.mark.parametrize("size", [512, 1024])
def test_a_stretch_of_zeros_is_damage_wherever_it_lies(size: int):
    """Each sector in turn; where the file is read, not one cell is another."""
    child, honest, refused = Child(), read(OLD).sheets, 0
    for start in range(0, len(OLD), 512):
        damaged = OLD[:start] + bytes(size) + OLD[start + size :]
        if len(damaged) > len(OLD) or damaged == OLD:
            continue
        book = child.read(damaged, None)
        refused += bool(book.reason)
        assert book.reason or book.sheets == honest, start
    child.close()
    assert refused > 30


@pytest.mark.parametrize("missing", [1, 200, 512, 1000, 5000, 15_000, 21_000])
def test_an_end_that_is_missing(missing: int):
    assert "is damaged" in refusal(OLD[:-missing])


def test_an_end_of_the_last_stream_that_is_no_sector_is_not_missing():
    stream = old_workbook(OLD).stream
    assert read(plain_container(stream, "Workbook")).sheets[0].rows == VISITS + 2


def test_a_sheet_whose_records_stop():
    stream = old_workbook(OLD).stream
    assert "a part of its cells is lost" in refusal(
        plain_container(stream[: stream.rindex(b"\x0a\0\0\0")], "Workbook")
    )


@pytest.mark.parametrize("size", [1, 4096, 4097, 4_190_000, 9_000_000])
def test_a_plain_container_holds_its_stream(size: int):
    stream = bytes(range(256)) * (size // 256) + bytes(size % 256)
    data = plain_container(stream, "Workbook")
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as container:
        found = container.openstream("Workbook").read()
    assert found.rstrip(b"\0") == stream.rstrip(b"\0")


def test_a_table_of_sectors_that_leads_round_and_round():
    stream = old_workbook(OLD).stream
    data, sectors = plain_container(stream, "Workbook"), -(-len(stream) // 4096)
    for at in range(sectors - 1):
        place = 4096 * (sectors + 3) + 4 * at  # behind the header, the stream and two more sectors
        looped = data[:place] + struct.pack("<I", at) + data[place + 4 :]
        assert "is damaged" in refusal(looped)


def test_every_part_in_utf16_and_days_from_1904():
    properties = '<workbookPr date1904="1"/>'
    plain = xlsx(sheet_xml(row(1, cell("A1", 44624, style="1"))), workbook_xml(properties))
    with zipfile.ZipFile(io.BytesIO(plain)) as source:
        parts = {name: source.read(name).decode().encode("utf-16") for name in source.namelist()}
    assert read(archive(parts)).sheets[0].value(1, 1) == dt.date(2026, 3, 5)


# ------------------------------------------------------------------------------- encrypted

OPEN = xlsx(
    sheet_xml(row(1, cell("A1", 7))), xl__media__scan_dot_bin=random.Random(1).randbytes(9000)
)


def encrypted(monkeypatch: pytest.MonkeyPatch, **settings: object) -> bytes:
    """OPEN with the password "right", by other parameters than the package's own."""
    from msoffcrypto.method import ecma376_agile

    made = ecma376_agile.ECMA376AgileCipherParams.__init__

    def changed(self: object) -> None:
        made(self)
        for name, value in settings.items():
            setattr(self, name, value)

    monkeypatch.setattr(ecma376_agile.ECMA376AgileCipherParams, "__init__", changed)
    whole = ecma376_agile._encrypt_aes_cbc  # which does not fill a digest up to a block
    monkeypatch.setattr(
        ecma376_agile,
        "_encrypt_aes_cbc",
        lambda data, key, iv: whole(data + bytes(-len(data) % 16), key, iv),
    )
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(OPEN)).encrypt("right", target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "bits", "size"), [("SHA1", 128, 20), ("SHA256", 256, 32), ("SHA384", 256, 48)]
)
def test_other_digests(monkeypatch: pytest.MonkeyPatch, name: str, bits: int, size: int):
    data = encrypted(monkeypatch, hashName=name, keyBits=bits, hashSize=size)
    assert read(data, "right").sheets[0].value(1, 1) == 7
    assert "another password than the one given" in refusal(data, "wrong")
    assert "is protected by a password: give it" in refusal(data)


def described(head: bytes) -> bytes:
    """A container that says this of its encryption."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        target = io.BytesIO()
        ECMA376Encrypted(bytes(6000), head).write_to(target)
    return target.getvalue()


OLD_WAYS = {
    name: struct.pack("<HHI", 4, 4, 64)
    + b'<encryption><keyData cipherAlgorithm="%s"/></encryption>' % name.encode()
    for name in ("DES", "3DES", "RC2", "DESX", "3DES_112")
} | {
    "RC4": struct.pack("<HHIIIII", 4, 2, 4, 32, 4, 0, 0x6801) + bytes(80),
    "extensible": struct.pack("<HHI", 3, 3, 0x10) + bytes(80),
}


@pytest.mark.parametrize("head", OLD_WAYS.values(), ids=OLD_WAYS.keys())
@pytest.mark.parametrize("password", [None, "right"])
def test_an_old_way_is_said(head: bytes, password: str | None):
    assert refusal(described(head), password) == OLD_WAY
    assert re.search("encrypted in an old way", OLD_WAY)


def test_an_old_workbook_encrypted_in_an_unknown_way():
    stream = old_workbook(OLD).stream
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    lock = struct.pack("<HHHHH", 0x2F, 54, 1, 9, 9) + bytes(48)
    data = plain_container(stream[:first] + lock + stream[first:], "Workbook")
    assert refusal(data, "right") == OLD_WAY


def test_an_excel_of_1995_with_a_password_is_called_so():
    """Its stream is called Book; nothing opens its lock, but it is not damaged."""
    begin = struct.pack("<HHHHHH", 0x809, 8, 0x500, 5, 0, 0)
    lock = struct.pack("<HHHH", 0x2F, 4, 0x1234, 0x5678)
    stream = begin + lock + struct.pack("<HH", 0x0A, 0) + bytes(6000)
    assert refusal(plain_container(stream, "Book"), "secret") == OLD_WAY
