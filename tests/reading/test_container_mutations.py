"""A container that was cut, flipped, reordered or robbed of a part: the same cells, or a reason.

Bits of values that no checksum guards (those of an old workbook's cells) are not flipped here:
nothing could tell.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from itertools import permutations

import openpyxl
import pytest
import xlsxwriter
from odd_workbooks import ods, ods_cell, ods_row, typed
from test_old_containers import OLD

from clinicreport.reading.isolation import Child
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet

VISITS = [(f"P-{at // 4}", dt.date(2026, 9, 1 + at), 8 - at % 4, 0.25) for at in range(28)]


def written_by_xlsxwriter() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Log")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        percent = workbook.add_format({"num_format": "0%"})
        for row, (patient, date, score, share) in enumerate(VISITS):
            sheet.write_string(row, 0, patient)
            sheet.write_datetime(row, 1, date, day)
            sheet.write_number(row, 2, score)
            sheet.write_number(row, 3, share, percent)
    return target.getvalue()


def written_by_openpyxl() -> bytes:
    workbook = openpyxl.Workbook()
    for visit in VISITS:
        workbook.active.append(visit)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def written_as_ods() -> bytes:
    rows = (
        ods_row(
            ods_cell('office:value-type="string"', patient),
            ods_cell(typed("date", "date-value", date.isoformat()), "x"),
            ods_cell(typed("float", "value", str(score)), str(score)),
        )
        for patient, date, score, _ in VISITS
    )
    return ods("".join(rows), **{"META-INF__manifest.xml": "<manifest/>"})


NEW = {"xlsxwriter": written_by_xlsxwriter(), "openpyxl": written_by_openpyxl()}
ZIPPED = {**NEW, "ods": written_as_ods()}


def cells(sheets: list[Sheet]) -> list[list[object]]:
    return [
        [sheet.value(row, column) for row in range(1, sheet.rows + 1)]
        for sheet in sheets
        for column in range(1, len(sheet.columns) + 1)
    ]


class Judge:
    """Reads in a child, and compares with what the whole file holds."""

    def __init__(self, honest: bytes) -> None:
        self._child = Child()
        self._honest = cells(self._child.read(honest, None).sheets)
        self.refused = self.read = 0
        assert self._honest

    def check(self, data: bytes, what: object) -> Spreadsheet:
        book = self._child.read(data, None)
        found = cells(book.sheets)
        assert "\n" not in book.reason
        # A book without cells is said later: no session table.
        assert book.reason or not found or found == self._honest, what
        self.refused += bool(book.reason)
        self.read += bool(found)
        return book

    def close(self) -> None:
        self._child.close()


@pytest.fixture(params=ZIPPED)
def zipped(request: pytest.FixtureRequest):
    judge = Judge(ZIPPED[request.param])
    yield ZIPPED[request.param], judge
    judge.close()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_cut_anywhere(zipped):
    data, judge = zipped
    chance = random.Random(7)
    cuts = {1, 2, 21, 22, 23, *(chance.randrange(1, len(data)) for _ in range(40))}
    for missing in cuts:
        assert judge.check(data[:-missing], missing).reason


def test_flipped_anywhere(zipped):
    data, judge = zipped
    chance = random.Random(8)
    for _ in range(250):
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        judge.check(data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :], (at, bit))
    assert judge.refused > 50


def test_zeros_anywhere(zipped):
    data, judge = zipped
    for start in range(0, len(data), 150):
        judge.check(data[:start] + bytes(min(150, len(data) - start)) + data[start + 150 :], start)
    assert judge.refused


def test_a_part_dropped_emptied_or_cut(zipped):
    data, judge = zipped
    parts = parts_of(data)
    for name, content in parts.items():
        judge.check(packed({key: each for key, each in parts.items() if key != name}), name)
        for less in (b"", content[: len(content) // 2], content[:-1]):
            judge.check(packed({**parts, name: less}), (name, len(less)))
    assert judge.refused
    assert judge.read


def test_two_parts_changed_places(zipped):
    data, judge = zipped
    parts = parts_of(data)
    for one, other in permutations(parts, 2):
        if one < other:
            judge.check(packed({**parts, one: parts[other], other: parts[one]}), (one, other))
    assert judge.refused


def test_parts_in_another_order_or_packing_are_read(zipped):
    data, judge = zipped
    parts = parts_of(data)
    for order in (sorted(parts), sorted(parts, reverse=True)):
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            assert not judge.check(
                packed({name: parts[name] for name in order}, method), order
            ).reason


@pytest.mark.parametrize(
    "filled", [b"", b"\xff", b"another file's text "], ids=["lost", "ff", "text"]
)
def test_an_old_workbook_that_lost_a_stretch(filled: bytes):
    judge = Judge(OLD)
    for start in range(512, len(OLD) - 512, 512):
        stretch = (filled * 512)[:512]
        judge.check(OLD[:start] + stretch + OLD[start + 512 :], start)
    judge.close()
    assert judge.refused > 20
