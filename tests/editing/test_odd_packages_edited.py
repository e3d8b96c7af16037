"""Workbooks that are odd inside: the marked copy and the purge work, or say why not."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from workbooks import OFFICE, archive

from clinicreport.editing.marked_workbook import mark
from clinicreport.editing.redact import redact
from clinicreport.editing.splice import NotEditableError
from clinicreport.editing.to_fix_sheet import About
from clinicreport.log.headings import Aliases
from clinicreport.reading.worker import read

SHEET, BOOK, WHERE = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET_TARGET = 'Target="/xl/worksheets/sheet1.xml"'
SECOND = f'<sheet xmlns:r="{OFFICE}" name="{{}}" sheetId="7" {{}}/></sheets>'


def parts() -> dict[str, str]:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Log"
    for at in range(1, 6):
        workbook.active.append([f"P-{at}", dt.date(2026, 9, at), at])
    target = io.BytesIO()
    workbook.save(target)
    with zipfile.ZipFile(target) as source:
        return {name: source.read(name).decode() for name in source.namelist()}


PARTS = parts()
assert SHEET_TARGET in PARTS[WHERE]


def changed(name: str, before: str, after: str) -> bytes:
    assert before in PARTS[name]
    return archive({**PARTS, name: PARTS[name].replace(before, after)})


def in_utf16(name: str) -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + PARTS[name].partition("?>")[2]
    return archive({**PARTS, name: (text if "?>" in PARTS[name] else PARTS[name]).encode("utf-16")})


EDITABLE = {
    "size": changed(SHEET, 'ref="A1:C5"', 'ref="1:5"'),
    "error": changed(SHEET, '<c r="C3" t="n"><v>3</v></c>', '<c r="C3" t="e"><v>#SPILL!</v></c>'),
    "merged": changed(
        SHEET,
        "</sheetData>",
        '</sheetData><mergeCells count="1"><mergeCell ref="F:F"/></mergeCells>',
    ),
    "percent": changed(WHERE, SHEET_TARGET, 'Target="/xl/worksheets/sheet%31.xml"'),
    "dots": changed(WHERE, SHEET_TARGET, 'Target="./worksheets/../worksheets/sheet1.xml"'),
    "utf-16": in_utf16(SHEET),
}


def values(data: bytes, at: int = 0) -> list[list[object]]:
    sheet = read(data).sheets[at]
    return [[sheet.value(row, column) for column in (1, 2, 3)] for row in range(1, 6)]


@pytest.fixture(params=EDITABLE)
def odd(request: pytest.FixtureRequest) -> bytes:
    return EDITABLE[request.param]


def about() -> About:
    return About("log.xlsx", dt.date(2026, 11, 24), Aliases({}))


def test_a_marked_copy_holds_the_same_cells(odd: bytes):
    assert values(mark(odd, [], about()), 1) == values(odd)


def test_a_purged_row_is_gone_and_all_others_stay(odd: bytes):
    before, after = values(odd), values(redact(odd, "xlsx", {"Log": frozenset({2})}))
    assert after[1] == ["", "", ""]
    assert after[0] == before[0]
    assert after[2:] == before[2:]


@pytest.mark.parametrize(
    ("name", "relation", "words"),
    [
        ("Other", "", "lists a sheet that it does not hold"),
        ("Log", 'r:id="rId1"', "two of its sheets have the same name"),
    ],
)
def test_what_cannot_be_changed_surely_is_said(name: str, relation: str, words: str):
    data = changed(BOOK, "</sheets>", SECOND.format(name, relation))
    assert values(data) == values(archive(PARTS))
    with pytest.raises(NotEditableError, match=words):
        mark(data, [], about())
    with pytest.raises(NotEditableError, match=words):
        redact(data, "xlsx", {"Log": frozenset({2})})
