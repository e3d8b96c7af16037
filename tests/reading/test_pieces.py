"""A sheet read in pieces gives what it gives as a whole, also where it cannot be cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workbooks import MAIN, cell, row, sheet_xml, xlsx

from clinicreport.reading import ooxml, pieces
from clinicreport.reading.spreadsheet import Spreadsheet
from clinicreport.reading.worker import answer

NUMBERS = [row(n, cell(f"A{n}", n), cell(f"C{n}", 0.5)) for n in range(1, 9)]
IN_PIECES = {
    "a log": NUMBERS,
    "lines": [f"{each}\r\n  " for each in NUMBERS],
    "two rows in a wrong order": [*NUMBERS[:1], *NUMBERS[1:3][::-1], *NUMBERS[3:]],
    "one row's number twice": [*NUMBERS[:2], *NUMBERS[1:]],
    "the lower rows further right, and wider": [
        *NUMBERS[:4],
        *(row(n, cell(f"E{n}", n)) for n in range(20, 26)),
    ],
    "the lower rows further left": [row(n, cell(f"{'BA'[n > 4]}{n}", n)) for n in range(1, 9)],
    "one and true": [row(n, cell(f"A{n}", n % 2, "b" if n > 3 else "n")) for n in range(1, 9)],
    "cells without addresses": [row(n, f"<c><v>{n}</v></c><c><v>0</v></c>") for n in range(1, 9)],
    "rows without numbers between": [
        *NUMBERS[:2],
        '<row><c r="A3"><v>3</v></c></row><row spans="1:1"><c><v>4</v></c></row>',
        *NUMBERS[4:],
    ],
    "formulas that share": [
        row(n, f'<c r="A{n}"><f t="shared" si="0"{more}</f><v>{n}</v></c>')
        for n, more in enumerate([' ref="A1:A8">B1+1', *">>>>>>>"], 1)
    ],
    "errors, and formulas without a value": [
        row(n, cell(f"A{n}", "#N/A", "e"), f'<c r="B{n}"><f>1+1</f></c>') for n in range(1, 9)
    ],
    "blank rows without numbers": [*NUMBERS[:2], *["<row></row>"] * 40, *NUMBERS[4:5]],
}
AS_A_WHOLE = {
    "rows from the end": NUMBERS[::-1],
    "rows in a wrong order": [NUMBERS[0], *NUMBERS[5:], *NUMBERS[1:5]],
    "blank rows where it is cut": [*NUMBERS[:3], *(f'<row r="{n}"></row>' for n in range(4, 12))],
    "nothing in the upper rows": [
        *(f'<row r="{n}" spans="1:3"></row>' for n in range(1, 20)),
        *NUMBERS[-2:],
    ],
    "rows without numbers": [f"<row><c><v>{n}</v></c></row>" for n in range(1, 9)],
    "rows without numbers, cells with an address": [
        *NUMBERS[:2],
        *(f'<row spans="1:1"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 9)),
    ],
    "a row without a number before all": ["<row><c><v>1</v></c></row>", *NUMBERS[1:]],
    "a comment with rows": [*NUMBERS[:4], f"<!-- {''.join(NUMBERS[4:]) * 9} -->", *NUMBERS[6:]],
    "rows in character data": [f"<![CDATA[{''.join(NUMBERS) * 9}]]>", *NUMBERS],
    "rows in an instruction": [*NUMBERS[:2], f"<?x {''.join(NUMBERS) * 9} ?>", *NUMBERS[6:]],
    "rows within quotes": [
        row(1, f'<c r="A1" x="{"".join(NUMBERS).replace(chr(34), chr(39)) * 9}"><v>1</v></c>'),
        *NUMBERS[1:],
    ],
    "rows with their own quotes within quotes": [
        row(1, f"<c r=\"A1\" x='{''.join(NUMBERS) * 9}'><v>1</v></c>"),
        *NUMBERS[1:],
    ],
    "rows within a text": [
        row(1, f'<c r="A1" t="inlineStr"><is><t>a{"".join(NUMBERS) * 9}</t></is></c>'),
        *NUMBERS[1:],
    ],
    "an end before the end": [*NUMBERS[:3], "</sheetData >", *NUMBERS[3:]],
    "a cell that is torn": [*NUMBERS[:6], '<row r="7"><c r="A7"><v>7</c></row>', *NUMBERS[7:]],
    "one row": NUMBERS[:1],
}
SHEETS = {
    **{name: sheet_xml("".join(rows)) for name, rows in (IN_PIECES | AS_A_WHOLE).items()},
    "a size that is wrong": sheet_xml("".join(NUMBERS), '<dimension ref="A1:B2"/>'),
    "cells that are merged": sheet_xml(
        "".join(NUMBERS), after='<mergeCells count="1"><mergeCell ref="A1:B8"/></mergeCells>'
    ),
    "cells far away": sheet_xml("".join(NUMBERS) + row(1_048_576, cell("XFD1048576", 1))),
    "a prefix": sheet_xml("".join(NUMBERS))
    .replace("<", "<x:")
    .replace("<x:/", "</x:")
    .replace("xmlns", "xmlns:x"),
    "two tables of cells": sheet_xml("".join(NUMBERS), f"<sheetData>{NUMBERS[0]}</sheetData>"),
    "two tables, the first empty": sheet_xml("".join(NUMBERS), "<sheetData/>"),
    "another table below": sheet_xml("".join(NUMBERS), after=f"<sheetData>{row(9)}</sheetData>"),
    "a document type": f'<!DOCTYPE worksheet [<!ENTITY e "1">]>{sheet_xml("".join(NUMBERS))}',
    "UTF-16": f'<?xml version="1.0" encoding="UTF-16"?>{sheet_xml("".join(NUMBERS))}'.encode(
        "utf-16"
    ),
    "Latin-1": b'<?xml version="1.0" encoding="ISO-8859-1"?>'
    + sheet_xml("".join(row(n, cell(f"A{n}", "é" * n, "str")) for n in range(1, 9))).encode(
        "latin-1"
    ),
    "a byte order mark": "\ufeff" + sheet_xml("".join(NUMBERS)),
    **{
        f"a damaged tag in row {n}": sheet_xml("".join(NUMBERS)).replace(f"<v>{n}<", f"v>{n}<")
        for n in (1, 4, 8)
    },
    "a row's end within a value": sheet_xml("".join(NUMBERS)).replace("<v>4", "<v></row>4"),
    "an end that is another": sheet_xml("".join(NUMBERS), after="<a></b>"),
    "no end": f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(NUMBERS)}',
}


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], tuple[Spreadsheet, bool]]:
    """Reads a workbook as if its sheets were large; says whether one was read in pieces."""

    def read(data: bytes) -> tuple[Spreadsheet, bool]:
        grids = []

        def noted(*words: pieces.Cut) -> object:
            grids.append(pieces.read_pieces(*words))  # type: ignore[arg-type]
            return grids[-1]

        monkeypatch.setattr(pieces, "LARGE", 1)
        monkeypatch.setattr(pieces, "PIECES", 4)
        monkeypatch.setattr(ooxml, "read_pieces", noted)
        return answer(data, None)[0], any(grids)

    return read


@pytest.mark.parametrize("name", SHEETS)
def test_pieces_are_the_whole(
    name: str, in_pieces: Callable[[bytes], tuple[Spreadsheet, bool]]
) -> None:
    data = xlsx(SHEETS[name])
    whole = answer(data, None)[0]
    found, cut = in_pieces(data)
    assert found == whole
    if name in IN_PIECES | AS_A_WHOLE:
        assert cut == (name in IN_PIECES)


@pytest.mark.parametrize("name", [name for name in SHEETS if "damaged" in name])
def test_a_damaged_sheet_is_refused(
    name: str, in_pieces: Callable[[bytes], tuple[Spreadsheet, bool]]
) -> None:
    assert "is damaged" in in_pieces(xlsx(SHEETS[name]))[0].reason


def test_a_sheet_is_cut_between_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sheet_xml("".join(NUMBERS)).encode()
    assert pieces.cut(whole) is None  # too small
    monkeypatch.setattr(pieces, "LARGE", 1)
    monkeypatch.setattr(pieces, "PIECES", 4)
    found = pieces.cut(whole)
    assert found
    lanes = [[b"".join(sheet.packed) for sheet in found.sheets(lane)] for lane in (0, 1)]
    assert [[sheet.count(b"<row ") for sheet in lane] for lane in lanes] == [[3, 2], [2, 1]]
    assert all(
        sheet.endswith(b"</row></sheetData></worksheet>") for sheet in [*lanes[0], *lanes[1]]
    )


def test_a_file_in_pieces_is_read_to_its_end() -> None:
    file = pieces.ConsecutiveFile([b"ab", b"", memoryview(b"cdefg"), b"h"])
    assert [file.read(3) for _ in range(6)] == [b"ab", b"cde", b"fg", b"h", b"", b""]
    assert file.seek(0) == 0
    assert [file.read() for _ in range(4)] == [b"ab", b"cdefg", b"h", b""]
    with pytest.raises(OSError, match="seek"):
        file.seek(1)


@pytest.mark.parametrize("bound", ["ORDINARY", "SHARED"])
def test_a_large_workbooks_sheets_are_handed_over_as_they_are_packed(
    in_pieces: Callable[[bytes], tuple[Spreadsheet, bool]],
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
) -> None:
    data = xlsx(SHEETS["cells that are merged"])
    whole, _ = in_pieces(data)
    monkeypatch.setattr(ooxml, bound, -1)
    assert in_pieces(data) == (whole, False)


def test_where_no_thread_is_to_be_had_it_is_read_as_a_whole(
    in_pieces: Callable[[bytes], tuple[Spreadsheet, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = xlsx(sheet_xml("".join(NUMBERS)))
    whole = answer(data, None)[0]

    def no_thread(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", no_thread)
    assert in_pieces(data) == (whole, False)
