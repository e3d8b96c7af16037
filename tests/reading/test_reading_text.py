"""Text files: encoding, delimiter, quotation marks, and rows counted as Excel counts them."""

from __future__ import annotations

import pytest

from clinicreport.reading import RefusedError, code_pages, records, text_files
from clinicreport.reading.spreadsheet import CellError
from clinicreport.reading.worker import read


def rows(data: bytes | str) -> list[list[object]]:
    """All cells of a text file."""
    book = read(data if isinstance(data, bytes) else data.encode())
    [sheet] = book.sheets
    assert (book.kind, sheet.name) == ("csv", "")
    return [
        [sheet.value(row, column) for column in range(1, len(sheet.columns) + 1)]
        for row in range(1, sheet.rows + 1)
    ]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("id,date,pain\n1,2026-01-05,7\n2,2026-01-06,5\n", ","),
        ("id;date;pain\n1;5.1.2026;7,5\n2;6.1.2026;5,5\n", ";"),
        ("id;pain\n1;7,5\n2;5,5\n", ";"),
        ("id\tdate\tpain\n1\t5.1.2026\t7,5\n", "\t"),
        ("id|date|pain\n1|x, y, z|7\n", "|"),
        ("Pain clinic; north, March\n\nid,date,pain\n1,2,3\n4,5,6\n7,8,9\n", ","),
        ('id;notes\n1;"a, b; c, d"\n2;"e, f"\n3;g\n', ";"),
        ("id,notes\n1,a;b\n2,c;d\n3,e\n", ","),
        ("one column\n1\n2\n", ","),
        ("Name;Text\n1;a|b\n2;c|d\n", ";"),
    ],
)
def test_delimiter(content: str, delimiter: str):
    assert records.find_delimiter(content) == delimiter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encoding(encoding: str):
    content = "id;Größe\r\n1;süß\r\n"
    assert rows(content.encode(encoding)) == [["id", "Größe"], ["1", "süß"]]


def test_bytes_that_no_code_page_knows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(code_pages, "CODE_PAGES", ())
    assert rows(b"id;x\n\x81;\xe9\n") == [["id", "x"], ["\x81", "é"]]


def test_every_cell_is_text_as_it_stands():
    assert rows("id,date,pain\n007, 7 ,TRUE\n") == [["id", "date", "pain"], ["007", " 7 ", "TRUE"]]


def test_a_row_is_a_record():
    content = 'id,notes\n\n1,"two\nlines"\n2,x\n'
    assert rows(content) == [["id", "notes"], ["", ""], ["1", "two\nlines"], ["2", "x"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str):
    assert rows(end.join(["a,b", "1,2", ""])) == [["a", "b"], ["1", "2"]]


def test_records_of_different_length():
    assert rows("a;b\n1;2;3;\n4\n") == [["a", "b", "", ""], ["1", "2", "3", ""], ["4", "", "", ""]]


def test_a_late_longer_record_widens_all():
    content = "a,b\n" * 2500 + "1,2,3\n"
    table = rows(content)
    assert table[0] == ["a", "b", ""]
    assert table[-1] == ["1", "2", "3"]
    assert len(table) == 2501


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;\r"])
def test_the_line_that_names_the_delimiter_is_no_row(first: str):
    assert rows(f"{first}\na,b;c\n1,2;3\n") == [["a,b", "c"], ["1,2", "3"]]


@pytest.mark.parametrize(
    "error",
    [
        "#N/A",
        "#DIV/0!",
        "#¡DIV/0!",
        "#NV",
        "#WERT!",
        "#BEZUG!",
        "#REF!",
        " #n/a ",
        "#VALEUR!",
        "Err:502",
        "#####",
    ],
)
def test_error_texts(error: str):
    assert rows(f"a;b\n1;{error}\n")[1] == ["1", CellError(error.strip())]


@pytest.mark.parametrize("plain", ["#", "#1", "# of sessions", "##", "Errand", "error", "-", "N/A"])
def test_what_is_no_error_text(plain: str):
    assert rows(f"a;b\n1;{plain}\n")[1] == ["1", plain]


def test_equal_error_texts_have_one_code():
    [_, column] = read(b"a;b\n1;#N/A\n2; #N/A\n3;#N/A\n").sheets[0].columns
    assert list(column.codes) == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('a,b\n1,"never closed\n2,x\n3,y\n', "quotation mark in line 2 that is never closed"),
        ('a,b\n1,2\n3,"' + "x\n" * 600_000, "quotation mark"),
        (b"a,b\n1,\x00\x00\n", "not a spreadsheet"),
        (bytes(range(1, 32)) * 20, "not a spreadsheet"),
        (b"", "is empty"),
        (b"%PDF-1.7\n%", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"{\\rtf1 x}", "text document"),
        ("<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("\ufeff\n<!DOCTYPE html><p>x", "web page"),
        ("<table border=1><tr><td>x", "web page"),
        (
            '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML spreadsheet of Excel 2003",
        ),
        ('<?xml version="1.0"?><data/>', "XML file"),
        ("," * 20_000 + "\n", "a line of 20,001 cells"),
        ("," * 16_000 + "\n" + "\n" * 500_000, "its records reach to WQK"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_refused(content: bytes | str, words: str):
    with pytest.raises(RefusedError, match=words):
        rows(content)


def test_a_quotation_mark_inside_a_cell_is_no_harm():
    assert rows('a,b\n1,5" scar\n2,"x" y\n') == [["a", "b"], ["1", '5" scar'], ["2", "x y"]]


def test_a_last_record_of_two_lines_that_is_closed():
    assert rows('a,b\n1,"x\ny"')[1] == ["1", "x\ny"]


def test_too_large(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text_files, "LARGEST", 10)
    with pytest.raises(RefusedError, match="is larger than"):
        rows("a,b\n1,2\n3,4\n")
