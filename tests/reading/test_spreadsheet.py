"""Paths to books: what a caller of ``clinicreport.reading.spreadsheet`` sees."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from workbooks import cell, row, sheet_xml, xlsx

from clinicreport.ground.errors import UsageError
from clinicreport.reading.files import expand, read_books
from clinicreport.reading.spreadsheet import Sheet, column_letters


def log(value: object) -> bytes:
    return xlsx(sheet_xml(row(1, cell("B2", value))))


def test_books_come_in_the_order_of_their_paths(tmp_path: Path):
    paths = []
    for number in range(12):
        paths.append(tmp_path / f"{99 - number}.xlsx")
        paths[-1].write_bytes(log(number))
    for jobs in (1, 3):
        books = list(read_books(paths, jobs=jobs))
        assert [book.name for book in books] == [path.name for path in paths]
        assert [book.sheets[0].value(2, 2) for book in books] == list(range(12))
        assert [book.path for book in books] == [str(path) for path in paths]
    assert books[3].sha256 == hashlib.sha256(paths[3].read_bytes()).hexdigest()


def test_the_content_decides_and_not_the_name(tmp_path: Path):
    (tmp_path / "a.xls").write_bytes(log(7))
    (tmp_path / "b.xlsx").write_text("id;pain\n1;7\n")
    (tmp_path / "c.pdf").write_bytes(log(8))
    (tmp_path / "d.csv").write_bytes(b"%PDF-1.7")
    paths = sorted(tmp_path.iterdir())
    books = list(read_books(paths))
    assert [book.kind for book in books] == ["xlsx", "csv", "xlsx", ""]
    assert [bool(book.reason) for book in books] == [False, False, False, True]


def test_a_reason_is_a_sentence_that_begins_with_the_file(tmp_path: Path):
    for name, content in (("empty.xlsx", b""), ("cut.xlsx", log(7)[:300]), ("scan.xlsx", b"%PDF")):
        path = tmp_path / name
        path.write_bytes(content)
        [book] = read_books([path])
        assert book.reason.startswith(f"{name}: ")
        assert len(book.reason.split(": ")) >= 3  # file: what is wrong: what to do
        assert not book.sheets
        assert book.sha256 == hashlib.sha256(content).hexdigest()


def test_what_cannot_be_opened_is_a_reason_too(tmp_path: Path):
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "good.xlsx").write_bytes(log(7))
    paths = [tmp_path / "gone.xlsx", tmp_path / "folder.xlsx", tmp_path / "good.xlsx", "\0.xlsx"]
    books = list(read_books(paths))
    assert [
        "not there any more" in books[0].reason,
        "is not a file" in books[1].reason,
        books[2].reason,
        "could not be opened" in books[3].reason,
    ] == [True, True, "", True]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_file_without_permission(tmp_path: Path):
    path = tmp_path / "log.xlsx"
    path.write_bytes(log(7))
    path.chmod(0)
    [book] = read_books([path])
    assert "may not be opened" in book.reason


def test_a_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("clinicreport.reading.files.LARGEST", 100)
    path = tmp_path / "log.xlsx"
    path.write_bytes(log(7))
    [book] = read_books([path])
    assert "is larger than" in book.reason


def test_the_same_content_is_given_once(tmp_path: Path):
    for name, value in (("a", 1), ("b", 2), ("c", 1), ("d", 1)):
        (tmp_path / f"{name}.xlsx").write_bytes(log(value))
    books = read_books(expand([tmp_path]))
    assert [book.name for book in books] == ["a.xlsx", "b.xlsx"]
    assert [(skipped.name, skipped.same_as) for skipped in books.skipped] == [
        ("c.xlsx", "a.xlsx"),
        ("d.xlsx", "a.xlsx"),
    ]


def test_standard_input(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(log(7))))
    [book] = read_books(["-"])
    assert (book.name, book.path, book.sheets[0].value(2, 2)) == ("standard input", "-", 7)


def test_progress_names_each_file(tmp_path: Path):
    (tmp_path / "a.csv").write_text("x\n")
    (tmp_path / "b.csv").write_text("y\n")
    told: list[str] = []
    for book in read_books(expand([tmp_path]), progress=told.append):
        assert told[-1] == book.name
    assert told == ["a.csv", "b.csv"]


def test_no_paths():
    assert list(read_books([])) == []


def test_a_folder_gives_its_spreadsheets_by_name(tmp_path: Path):
    wanted = ["A.XLSX", "b.csv", "c.ods", "d.tsv", "e.txt", "f.xls", "g.xlsb", "h.xlsm"]
    ignored = [
        "~$A.xlsx",
        ".~lock.b.csv#",
        ".hidden.xlsx",
        "x.xlsx.part",
        "y.tmp",
        "Thumbs.db",
        ".DS_Store",
        "notes.docx",
    ]
    for name in (*wanted[::-1], *ignored):
        (tmp_path / name).touch()
    (tmp_path / "older.xlsx").mkdir()
    (tmp_path / "older.xlsx" / "in.xlsx").touch()
    assert [path.name for path in expand([tmp_path])] == wanted
    single = tmp_path / "notes.docx"
    assert expand(["-", single, tmp_path])[:2] == [Path("-"), single]


def test_paths_that_are_not_there(tmp_path: Path):
    with pytest.raises(UsageError, match=r"nowhere\.xlsx: there is no such file or folder"):
        expand([tmp_path / "nowhere.xlsx"])
    with pytest.raises(UsageError, match="there is no spreadsheet in this folder"):
        expand([tmp_path])


@pytest.mark.parametrize(
    ("column", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_column_letters(column: int, letters: str):
    assert column_letters(column) == letters


def test_a_value_outside_of_the_sheet_is_blank():
    empty = Sheet("x", [], 0)
    assert [empty.value(*place) for place in ((0, 1), (1, 0), (1, 1), (99, 99))] == [""] * 4


@pytest.mark.parametrize(
    "code",
    [
        "import clinicreport.reading.spreadsheet",
        "from clinicreport.reading import worker; worker.read(open(sys.argv[1], 'rb').read())",
    ],
    ids=["the module", "the child"],
)
def test_no_heavy_package_is_needed(code: str, tmp_path: Path):
    path = tmp_path / "log.xlsx"
    path.write_bytes(log(7))
    heavy = {"pandas", "numpy", "openpyxl", "xlsxwriter", "pydantic", "scipy", "msoffcrypto"}
    script = f"import sys; {code}; print(sorted({heavy!r} & set(sys.modules)))"
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.stdout.strip() == "[]"
