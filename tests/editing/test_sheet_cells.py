"""The cells to be marked are found by a look at some rows as they are by a look at all of them."""

from itertools import combinations

import pytest

from clinicreport.editing import sheet_cells
from clinicreport.editing.sheet_cells import SheetEdits, stretches
from clinicreport.editing.splice import NotEditableError

HEAD = '<?xml version="1.0"?>\n<worksheet><cols><col min="2" max="2" style="5" width="9"/></cols>'
TAIL = '<pageMargins left="1"/><legacyDrawing r:id="rId1"/><extLst/></worksheet>'
ROWS = (
    '<row r="2" spans="1:2"><c r="A2" s="1"/><c r="B2"><v>7</v></c></row>\r\n'
    '<row r=\'4\' s="3" customFormat="1"><c r="B4"/></row>\r'
    '<row r="5"/><row  spans="1:3"  r="9"><c r="C9" t="inlineStr"><is><t> r="6" </t></is></c></row>'
)
SHEETS = {
    "rows": f"{HEAD}<sheetData>{ROWS}</sheetData>{TAIL}",
    "one row": f'{HEAD}<sheetData><row r="3"><c r="A3"/></row></sheetData>{TAIL}',
    "no rows": f"{HEAD}<sheetData/>{TAIL}",
    "unnumbered": f"{HEAD}<sheetData>{ROWS}<row><c/></row></sheetData>{TAIL}",
    "disordered": f'{HEAD}<sheetData>{ROWS}<row r="3"/></sheetData>{TAIL}',
    "in a comment": f'{HEAD}<sheetData><!--<row r="1">-->{ROWS}</sheetData>{TAIL}',
    "prefixed": f"{HEAD}<sheetData>{ROWS}</sheetData>{TAIL}".replace("</", "</x:")
    .replace("<", "<x:")
    .replace("<x:/x:", "</x:")
    .replace("<x:?", "<?"),
}
CELLS = [(1, 1), (2, 2), (2, 3), (4, 1), (4, 2), (6, 2), (9, 3), (12, 2)]


def edits(xml: bytes, cells: list[tuple[int, int]]) -> tuple[object, ...]:
    made = SheetEdits(xml, cells, lambda at, style: 100 * at[0] + 10 * at[1] + style)
    made.add_legacy("rId9", "urn:r")
    return made.part.result(), made.widths, made.legacy


@pytest.mark.parametrize("xml", [text.encode() for text in SHEETS.values()], ids=SHEETS)
def test_some_rows_looked_at_give_what_all_of_them_give(xml: bytes, monkeypatch):
    chosen = [list(some) for size in (0, 1, 2, 8) for some in combinations(CELLS, size)]
    some = [edits(xml, cells) for cells in chosen]
    monkeypatch.setattr(sheet_cells, "stretches", lambda xml, _: [(0, len(xml), True)])
    assert some == [edits(xml, cells) for cells in chosen]
    assert len({made[0] for made in some}) == len(chosen)


@pytest.mark.parametrize("name", SHEETS)
def test_the_stretches_are_the_whole_part(name: str):
    xml = SHEETS[name].encode()
    found = list(stretches(xml, [2, 6]))
    assert b"".join(xml[start:end] for start, end, _ in found) == xml
    skipped = b"".join(xml[start:end] for start, end, wanted in found if not wanted)
    assert (b'="4"' in skipped or b"='4'" in skipped) == (name in ("rows", "prefixed"))
    assert not any(word in skipped for word in (b'r="2"', b'r="9"', b"cols", b"extLst"))


def test_a_fault_in_a_row_that_nobody_looks_at_is_seen():
    broken = SHEETS["rows"].replace('<row r="5"/>', '<row r="5"><c></row>')
    with pytest.raises(NotEditableError, match="well formed"):
        edits(broken.encode(), [(9, 3)])
