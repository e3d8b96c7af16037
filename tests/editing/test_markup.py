"""The marked copy: every finding on its cell, everything else as it was, and it reads the same."""

import datetime as dt
import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.dom import minidom

import numpy as np
import openpyxl
import pytest
import xlsxwriter
import xlwt
from click.testing import CliRunner
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from clinicreport.commands.cli import main
from clinicreport.editing import marked_copies
from clinicreport.editing.marked_styles import LINES, PATTERNS
from clinicreport.editing.to_fix_sheet import COLUMNS, advice
from clinicreport.ground.errors import OutputError
from clinicreport.log.fields import LAYOUT_FIELDS, SESSION_FIELDS
from clinicreport.log.findings import SEVERITIES, SYMBOLS
from clinicreport.log.headings import Aliases
from clinicreport.outcomes.analysis import Checked
from clinicreport.path import check_logs
from clinicreport.reading.files import read_books
from clinicreport.settings.request import make_request

SAMPLES = Path(__file__).parents[2] / "samples"
HEADINGS = [
    "Patient ID",
    "Date",
    "NRS before",
    "NRS after",
    "Minutes",
    "Eye protection",
    "Adverse event",
    "Colour of socks",
]
TEXT = {"cell": "A1", "value": "Our log & more"}


def rows(count: int = 12) -> Iterator[list[Any]]:
    """Visits with faults in every column."""
    for i in range(count):
        day = dt.date(2026, 9, 1) + dt.timedelta(days=2 * (i // 3))
        yield [
            f"P-{i % 3:02}",
            day,
            [7, "bad", 12 if i < 4 else 6, None][i % 4],
            3,
            [12, 45, 5][i % 3],
            ["yes", "no", None][i % 3],
            [None, "none", "Rash & <itch>"][i % 3],
            "blue",
        ]


def by_openpyxl(path: Path) -> None:
    """Titles, comments, a white font on a dark fill, formulas, drop-downs, names, two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ward's log & so"
    sheet["A1"] = TEXT["value"]
    for column, heading in enumerate(HEADINGS, 1):
        cell = sheet.cell(3, column, heading)
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1B2A41")
    for row in rows():
        sheet.append(row)
    sheet["C5"].comment = Comment("the clinic's own note", "Nurse")
    sheet["A1"].comment = Comment("on a title", "Nurse")
    sheet["D7"], sheet["C9"] = "=1+2", "=2+3"
    offered = DataValidation(type="list", formula1='"yes,no"')
    offered.add("F4:F40")
    sheet.add_data_validation(offered)
    sheet.print_title_rows = "3:3"
    second = book.create_sheet("Second")
    second["A1"] = "nothing here"
    second.print_area = "A1:B2"
    book.active = 1
    book.save(path)


def by_xlsxwriter(path: Path, *, blanks: bool = False) -> None:
    """What openpyxl would drop: sparklines, text boxes; and comments, tables, charts, names."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Sessions")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.set_column("G:G", 20, book.add_format({"italic": True}))
    sheet.set_row(8, 30, book.add_format({"bold": True}))
    for row, values in enumerate([HEADINGS, *rows()]):
        for column, value in enumerate(values):
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, day)
            elif value is not None or blanks:
                sheet.write(row, column, value, day if value is None else None)
    sheet.add_table("A1:H13", {"columns": [{"header": heading} for heading in HEADINGS]})
    sheet.write_formula("D4", "=1+1", None, 2)
    sheet.write_comment("C3", "own comment")
    sheet.write_comment("J1", "outside")
    sheet.add_sparkline("K2", {"range": "Sessions!C2:D2"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Sessions!$D$2:$D$13"})
    sheet.insert_chart("L4", chart)
    sheet.insert_textbox("L20", "text box")
    sheet.insert_button("L25", {"caption": "Go"})
    sheet.conditional_format("C2:C13", {"type": "data_bar", "data_bar_2010": True})
    book.add_worksheet("Hidden one").hide()
    book.define_name("Sessions!local", "=Sessions!$A$1")
    book.close()


def changed(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The same archive with parts changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def prefixed(name: str, part: bytes) -> bytes:
    """Parts as other programs write them: every element with a prefix."""
    if name not in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        return part
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", part.decode())
    return text.replace('xmlns="http://schemas', 'xmlns:x="http://schemas', 1).encode()


def without_addresses(name: str, part: bytes) -> bytes:
    """Cells and rows that carry no address."""
    return re.sub(rb' r="[A-Z]*[0-9]+"', b"", part) if name.endswith("sheet1.xml") else part


def with_macros(name: str, part: bytes) -> bytes:
    main_type = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    if name == "[Content_Types].xml":
        part = part.replace(main_type, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        entry = (
            b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vba"/>'
        )
        return part.replace(b"</Types>", entry + b"</Types>")
    if name == "xl/_rels/workbook.xml.rels":
        kind = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        entry = b'<Relationship Id="rIdV" Type="' + kind + b'" Target="vbaProject.bin"/>'
        return part.replace(b"</Relationships>", entry + b"</Relationships>")
    return part


def check(path: Path, **more: Any) -> Checked:
    return check_logs([path], make_request(today="2026-11-24", **more))


def mark(path: Path, folder: Path, **more: Any) -> Path:
    made = marked_copies(check(path, **more), [path], folder)
    assert len(made) == 1
    return made[0]


def said(checked: Checked) -> list[tuple[Any, ...]]:
    """Everything that findings say but the names of file and sheet."""
    return [
        (
            f.rule,
            f.severity,
            re.sub(r"stands in .*? row", "row", advice(f)),
            f.cell,
            f.row,
            f.field,
            f.patient,
            f.value,
        )
        for f in checked.findings
    ]


def assert_reads_the_same(
    path: Path, copy: Path, without: tuple[str, ...] = (), **more: Any
) -> None:
    original, again = check(path, **more), check(copy, **more)
    wanted = [finding for finding in said(original) if finding[0] not in without]
    assert said(again) == wanted
    assert [(e.rows, e.used, e.status) for e in again.inputs] == [
        (e.rows, e.used, e.status) for e in original.inputs
    ]
    visits, those = original.log.visits, again.log.visits
    assert those.names == visits.names
    for name in set(visits.names) - {"source"}:
        assert those[name].dtype == visits[name].dtype
        np.testing.assert_array_equal(those[name], visits[name])


def assert_sound(copy: Path) -> None:
    """Well-formed parts, each said what it is, relations that lead somewhere, no tab twice."""
    with zipfile.ZipFile(copy) as archive:
        names = archive.namelist()
        assert len(names) == len({name.lower() for name in names})
        types = archive.read("[Content_Types].xml").decode()
        for name in re.findall(r'PartName="/([^"]+)"', types):
            assert name in names
        for name in names:
            if name.endswith((".xml", ".rels", ".vml")):
                minidom.parseString(archive.read(name))
            if name.endswith(".rels"):
                text = archive.read(name).decode()
                assert len(ids := re.findall(r'\bId="([^"]+)"', text)) == len(set(ids))
        sheets = [name for name in names if re.match(r"xl/(work|chart)sheets/[^/]+\.xml", name)]
        chosen = [name for name in sheets if b'tabSelected="1"' in archive.read(name)]
        assert len(chosen) == 1
        for name in sheets:
            assert_order(archive.read(name).decode())


def assert_order(xml: str) -> None:
    """Cells and rows in order, and what stands behind the cells as the format asks for."""
    numbers = [int(n) for n in re.findall(r'<(?:\w+:)?row [^>]*?r="(\d+)"', xml)]
    assert numbers == sorted(set(numbers))
    for row in re.findall(r"<(?:\w+:)?row .*?</(?:\w+:)?row>", xml):
        cells = re.findall(r'<(?:\w+:)?c [^>]*?r="([A-Z]+)\d+"', row)
        assert cells == sorted(set(cells), key=lambda letters: (len(letters), letters))
    order = [
        "sheetData",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "drawing",
        "legacyDrawing",
        "tableParts",
        "extLst",
    ]
    root = minidom.parseString(xml.encode()).documentElement
    found = [each.localName for each in root.childNodes if each.localName in order]
    assert found == sorted(found, key=order.index)
    assert found.count("legacyDrawing") <= 1


MAKERS: dict[str, Callable[[Path], Any]] = {
    "openpyxl.xlsx": by_openpyxl,
    "xlsxwriter.xlsx": by_xlsxwriter,
    "styled-blanks.xlsx": lambda path: by_xlsxwriter(path, blanks=True),
    "prefixed.xlsx": lambda path: (
        by_openpyxl(path.with_suffix(".tmp")),
        changed(path.with_suffix(".tmp"), path, prefixed),
    ),
    "no-addresses.xlsx": lambda path: (
        by_xlsxwriter(path.with_suffix(".tmp"), blanks=True),
        changed(path.with_suffix(".tmp"), path, without_addresses),
    ),
}


@pytest.fixture(params=MAKERS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    MAKERS[request.param](path)
    return path


def test_a_copy_checked_again_says_the_same(made: Path, tmp_path: Path) -> None:
    copy = mark(made, tmp_path / "out")
    assert copy.name == f"{made.stem}-marked.xlsx"
    assert_sound(copy)
    assert_reads_the_same(made, copy)


@pytest.mark.parametrize(
    "name",
    ["faults.xlsx", "one-patient.xlsx", "semicolon-decimal-comma.csv", "three-months/2026-08.xlsx"],
)
def test_samples_checked_again_say_the_same(name: str, tmp_path: Path) -> None:
    copy = mark(SAMPLES / name, tmp_path)
    assert_sound(copy)
    assert_reads_the_same(SAMPLES / name, copy, without=("guessed-encoding",))


def test_every_finding_is_on_its_cell(made: Path, tmp_path: Path) -> None:
    checked = check(made)
    book = openpyxl.load_workbook(mark(made, tmp_path / "out"))
    by_cell: dict[tuple[str, str], list[Any]] = {}
    for finding in checked.findings:
        if finding.cell:
            by_cell.setdefault((finding.sheet, finding.cell), []).append(finding)
    assert len(by_cell) > 20
    assert any(len(own) > 1 for own in by_cell.values())
    for (sheet, address), own in by_cell.items():
        cell = book[sheet][address]
        worst = min((f.severity for f in own), key=SEVERITIES.index)
        assert cell.fill.fill_type == PATTERNS[worst]
        assert cell.border.left.style == LINES[worst]
        assert cell.font.color.rgb == "FF1B2A41"
        lines = cell.comment.text.split("\n")
        for finding in own:
            start = f"{SYMBOLS[finding.severity]} {finding.severity} ({finding.rule}): "
            assert any(line.startswith(start) and advice(finding) in line for line in lines)
    marked = {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows()
        for cell in row
        if cell.border.left.style in LINES.values()
    }
    assert marked == set(by_cell)


def test_the_rest_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_xlsxwriter(path)
    copy = mark(path, tmp_path / "out")
    touched = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy) as new:
        for name in set(old.namelist()) - touched:
            assert new.read(name) == old.read(name), name
        sheet = new.read("xl/worksheets/sheet1.xml").decode()
        for kept in ("sparkline", "<tableParts", "<f>1+1</f><v>2</v>", "<dataBar", "<drawing "):
            assert kept in sheet
        kept_shapes = new.read("xl/drawings/vmlDrawing1.vml")
        assert old.read("xl/drawings/vmlDrawing1.vml").count(b"<v:shape ") == 3
        assert b'ObjectType="Button"' in kept_shapes
        ids = re.findall(rb'<v:shape [^>]*?id="([^"]+)"', kept_shapes)
        assert len(ids) == len(set(ids))
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(copy)
    assert after.sheetnames == ["To fix", *before.sheetnames, "Headings"]
    assert after.active.title == "To fix"
    assert after["Hidden one"].sheet_state == "hidden"
    assert "local" in after["Sessions"].defined_names
    for row in before["Sessions"].iter_rows():
        for cell in row:
            twin = after["Sessions"][cell.coordinate]
            assert twin.value == cell.value
            assert twin.number_format == cell.number_format
            assert cell.value is None or twin.font.i == cell.font.i


def test_own_comments_names_and_lists_stay(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_openpyxl(path)
    book = openpyxl.load_workbook(mark(path, tmp_path / "out"))
    sheet = book["Ward's log & so"]
    text = sheet["C5"].comment.text
    assert text.startswith("the clinic's own note\n✖ error (bad-score): ")
    assert sheet["A1"].comment.text == "on a title"
    assert sheet["A1"].value == TEXT["value"]
    assert sheet.print_title_rows == "$3:$3"
    assert "$A$1:$B$2" in book["Second"].print_area
    assert book["To fix"].print_title_rows
    assert str(sheet.data_validations.dataValidation[0].sqref) == "F4:F40"
    assert not book["Second"].sheet_view.tabSelected
    assert sheet["D7"].value == "=1+2"


def test_missing_rows_and_cells_are_made_in_order(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_xlsxwriter(path)
    with zipfile.ZipFile(path) as archive:
        assert b'r="C5"' not in archive.read("xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(mark(path, tmp_path / "out"))["Sessions"]
    assert sheet["C5"].fill.fill_type == PATTERNS["warning"]  # missing-score
    assert sheet["C9"].font.b  # the style of its row
    assert sheet["G2"].font.i  # the style of its column


def to_fix(copy: Path) -> tuple[Any, list[list[Any]]]:
    """The first sheet, and the rows of its table."""
    sheet = openpyxl.load_workbook(copy).worksheets[0]
    table = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=len(COLUMNS))]
    at = table.index([name for name, _ in COLUMNS])
    assert sheet.freeze_panes == f"A{at + 2}"
    assert sheet.print_title_rows == f"${at + 1}:${at + 1}"
    return sheet, table[at + 1 :]


def test_the_list_holds_everything_errors_first(tmp_path: Path) -> None:
    path = SAMPLES / "faults.xlsx"
    checked = check(path)
    sheet, table = to_fix(mark(path, tmp_path))
    assert sheet["A1"].value == "To fix: faults.xlsx"
    assert sheet["A2"].value.startswith("A copy of faults.xlsx, checked on 24 November 2026: ")
    assert len(table) == len(checked.findings)
    order = [SEVERITIES.index(str(row[0]).split()[1]) for row in table]
    assert order == sorted(order)
    listed = {(row[0], row[2], row[4]) for row in table}
    for finding in checked.findings:
        head = f"{SYMBOLS[finding.severity]} {finding.severity}"
        assert (head, advice(finding), finding.rule) in listed
    links = {cell.value: cell.hyperlink.location for cell in sheet["B"] if cell.hyperlink}
    assert links["Sessions!E5"] == "'Sessions'!E5"
    assert links["sheet Sessions, row 28"] == "'Sessions'!A28"  # a finding without a cell
    shown = {row[1]: row[3] for row in table}
    assert (shown["Sessions!E7"], shown["Sessions!E5"]) == (65, "6-7")


def test_a_missing_column_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Patient;Date\nA-1;2026-09-01\n", encoding="utf-8")
    _, table = to_fix(mark(path, tmp_path / "out"))
    assert [row[4] for row in table] == ["missing-column"]
    assert table[0][1] == "sheet Log, row 1"
    assert "NRS before" in table[0][2]


def test_the_list_is_never_taken_for_a_log(tmp_path: Path) -> None:
    aliases = Aliases()
    for name, _ in COLUMNS:
        assert aliases.field(name) not in {*SESSION_FIELDS, *LAYOUT_FIELDS}
    path = tmp_path / "log.xlsx"  # findings whose values are headings themselves
    book = openpyxl.Workbook()
    book.active.title = "Patients"
    book.active.append(["Patient", "Date", "Pain", "Patient ID", "Pain before", "Visit date"])
    book.active.append(["A-1", dt.date(2026, 9, 1), 7, "A-1", 7, dt.date(2026, 9, 1)])
    book.save(path)
    copy = mark(path, tmp_path / "out")
    assert [finding[0] for finding in said(check(path))].count("duplicate-column") == 3
    assert_reads_the_same(path, copy)
    assert "the text “Pain before”" in [row[3] for row in to_fix(copy)[1]]


def test_fix_save_drop_again(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_openpyxl(path)
    copy = mark(path, tmp_path / "out")
    book = openpyxl.load_workbook(copy)
    book["Ward's log & so"]["C5"] = 6
    fixed = tmp_path / "fixed.xlsx"
    book.save(fixed)
    gone = ("bad-score", "C5")
    before = [(f[0], f[3]) for f in said(check(path))]
    assert gone in before
    assert [(f[0], f[3]) for f in said(check(fixed))] == [each for each in before if each != gone]


def test_a_copy_marked_again_has_one_list_and_no_stale_comment(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_xlsxwriter(path)
    first = mark(path, tmp_path / "one")
    book = openpyxl.load_workbook(first)
    book["Sessions"]["C4"] = 6
    fixed = tmp_path / "log2.xlsx"
    book.save(fixed)
    second = mark(fixed, tmp_path / "two")
    assert_sound(second)
    assert_reads_the_same(fixed, second)
    again = openpyxl.load_workbook(second)
    assert again.sheetnames[:2] == ["To fix", "Sessions"]
    assert again.sheetnames.count("To fix") == 1
    assert again["Sessions"]["C4"].comment is None
    assert again["Sessions"]["C7"].comment.text.count("✖ error (bad-score)") == 1
    assert again["To fix"]["A1"].value == "To fix: log2.xlsx"
    names = zipfile.ZipFile(second).read("xl/workbook.xml")
    assert names.count(b'name="clinicreport_to_fix"') == 1


def test_a_sheet_of_the_clinics_with_that_name_stays(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_openpyxl(path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("to fix")["A1"] = "the lamp"
    book.save(path)
    again = openpyxl.load_workbook(mark(path, tmp_path / "out"))
    assert again.sheetnames[0] == "To fix (2)"
    assert again["to fix"]["A1"].value == "the lamp"


def test_macros_are_left_out_and_it_is_said(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.xlsx", tmp_path / "log.xlsm"
    by_xlsxwriter(plain)
    changed(plain, path, with_macros)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macros")
    copy = mark(path, tmp_path / "out")
    assert copy.name == "log-marked.xlsx"
    assert_sound(copy)
    with zipfile.ZipFile(copy) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")
        assert b"vba" not in archive.read("xl/_rels/workbook.xml.rels")
    assert_reads_the_same(path, copy, without=("active-content",))
    lead = [cell.value for cell in to_fix(copy)[0]["A"]]
    assert any(str(line).startswith("Not in this copy: the macros") for line in lead)


def test_threads_of_comments_are_left_alone(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.xlsx", tmp_path / "log.xlsx"
    by_xlsxwriter(plain)
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = f'<ThreadedComments xmlns="{space}"><threadedComment ref="C3"/></ThreadedComments>'

    def with_thread(name: str, part: bytes) -> bytes:
        kind = b"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
        entry = (
            b'<Relationship Id="rIdT" Type="' + kind + b'" Target="../threadedComments/t1.xml"/>'
        )
        if name.endswith("sheet1.xml.rels"):
            return part.replace(b"</Relationships>", entry + b"</Relationships>")
        return part

    changed(plain, path, with_thread)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/threadedComments/t1.xml", thread)
    book = openpyxl.load_workbook(mark(path, tmp_path / "out"))
    assert book["Sessions"]["C3"].comment.text == "own comment"
    assert book["Sessions"]["C3"].fill.fill_type == PATTERNS["error"]
    assert any("thread of comments" in str(cell.value) for cell in book["To fix"]["A"])


# ------------------------------------------------------------------------- other formats


def test_old_workbooks_become_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "log.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("Visits", cell_overwrite_ok=True)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for row, values in enumerate([["A title"], [], HEADINGS, *rows()]):
        for column, value in enumerate(values):
            if value is not None:
                sheet.write(
                    row, column, value, day if isinstance(value, dt.date) else xlwt.XFStyle()
                )
    sheet.write(12, 3, True)
    sheet.write(13, 3, 0.7, xlwt.easyxf(num_format_str="0%"))
    book.save(path)
    copy = mark(path, tmp_path / "out")
    assert_sound(copy)
    assert_reads_the_same(path, copy)
    lead = " ".join(str(cell.value) for cell in to_fix(copy)[0]["A"])
    assert "new workbook with the values of the original at the same addresses" in lead
    assert "Not in this copy: formulas" in lead


def test_odd_texts_survive_in_a_copy_of_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "Patient;Date;NRS before;Notes\n=1+1;1.2.2026;#N/A;http://x.y\n007;31.1.2026;7,5;'q\n"
        " A\u202eB ;14.2.2026;6-7;\x07bell 🙂\n@x;;{=1};" + "long " * 400 + "\n",
        encoding="utf-8",
    )
    copy = mark(path, tmp_path / "out")
    assert_sound(copy)
    assert_reads_the_same(path, copy)
    sheet = openpyxl.load_workbook(copy)["Log"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["A3"].value == "007"


@pytest.mark.once
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice(tmp_path: Path) -> None:
    """Workbooks that it made, and that it opens and keeps what was marked."""
    source = tmp_path / "log.xlsx"
    by_xlsxwriter(source)

    def convert(ending: str, path: Path) -> Path:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                str(tmp_path / "lo"),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return tmp_path / "lo" / f"{path.stem}.{ending}"

    for ending in ("xlsx", "ods"):
        path = convert(ending, source)
        copy = mark(path, tmp_path / ending)
        assert_sound(copy)
        assert_reads_the_same(path, copy)
    copy = mark(source, tmp_path / "out")
    flat = convert("fods", copy).read_text(encoding="utf-8")
    commented = {f.cell for f in check(source).findings if f.cell}
    assert flat.count("<office:annotation ") == len(commented | {"J1"})
    assert flat.index('table:name="To fix"') < flat.index('table:name="Sessions"')
    saved = convert("xlsx", copy)  # and calculated
    wanted = [(f[0], f[3]) for f in said(check(source)) if f[0] != "never-calculated"]
    assert [(f[0], f[3]) for f in said(check(saved))] == wanted
    again = openpyxl.load_workbook(mark(saved, tmp_path / "again"))
    assert [name for name in again.sheetnames if name.startswith("To fix")] == ["To fix"]


def test_a_strict_workbook_is_rebuilt_and_it_is_said(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.xlsx", tmp_path / "log.xlsx"
    by_xlsxwriter(plain)

    def strict(name: str, part: bytes) -> bytes:
        for old, new in (
            (
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
            (
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        ):
            part = part.replace(old, new)
        return part

    copy = mark(changed(plain, path, strict), tmp_path / "out")
    assert_sound(copy)
    assert_reads_the_same(path, copy, without=("never-calculated",))
    lead = " ".join(str(cell.value) for cell in to_fix(copy)[0]["A"])
    assert "could not be changed in place: it is Strict Open XML." in lead
    assert "drawings" in lead


# ------------------------------------------------------------------------- passwords, refusals


def locked(path: Path, target: Path, password: str) -> None:
    with path.open("rb") as source, target.open("wb") as sink:
        OOXMLFile(source).encrypt(password, sink)


def test_a_copy_of_an_encrypted_workbook_is_encrypted(tmp_path: Path) -> None:
    plain, path, key = tmp_path / "plain.xlsx", tmp_path / "log.xlsx", tmp_path / "key"
    by_openpyxl(plain)
    locked(plain, path, "swordfish")
    key.write_text("swordfish\n", encoding="utf-8")
    copy = mark(path, tmp_path / "out", password_file=key)
    data = copy.read_bytes()
    assert data.startswith(b"\xd0\xcf\x11\xe0")
    assert not zipfile.is_zipfile(io.BytesIO(data))
    assert_reads_the_same(path, copy, password_file=key)
    assert check(copy).inputs[0].status == "unreadable"  # without the password
    assert len(said(check(copy, password_file=key))) > 20


def test_what_has_no_copy_is_said(tmp_path: Path) -> None:
    broken, good = tmp_path / "broken.xlsx", tmp_path / "good.xlsx"
    broken.write_bytes(b"PK\x03\x04 not really")
    by_openpyxl(good)
    paths = [str(broken), str(good), "-"]
    run = CliRunner().invoke(
        main, ["check", *paths, "--marked-copy", str(tmp_path / "out")], input="Patient;Date\n"
    )
    assert run.exit_code == 3
    assert "broken.xlsx: no marked copy: " in run.output
    assert "standard input: there is no marked copy of it" in run.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good-marked.xlsx"]


def test_a_file_that_changed_meanwhile_has_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    by_openpyxl(path)
    checked = check(path)
    by_xlsxwriter(path)
    told: list[str] = []
    assert marked_copies(checked, [path], tmp_path / "out", say=told.append) == []
    assert "changed since" in told[0]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_in_memory_is_not_read_again(ending: str, tmp_path: Path, monkeypatch) -> None:
    path, folders = tmp_path / f"log.{ending}", (tmp_path / "again", tmp_path / "kept")
    path.write_text("Patient;Date;NRS;Socks\nA;2026-09-01;77;blue\n", encoding="utf-8")
    if ending == "xlsx":
        by_openpyxl(path)
    request = make_request(today="2026-11-24")
    books = read_books([path], keep=True)
    checked = check_logs([path], request, books)
    [again] = marked_copies(checked, [path], folders[0])
    monkeypatch.delattr("clinicreport.reading.files.Pool")
    [kept] = marked_copies(checked, [path], folders[1], books=books.kept)
    assert kept.read_bytes() == again.read_bytes()


def test_nothing_is_overwritten_and_nothing_half_done(tmp_path: Path) -> None:
    one, two, out = tmp_path / "one.xlsx", tmp_path / "two.csv", tmp_path / "out"
    by_openpyxl(one)
    two.write_text("Patient;Date;NRS\nA;2026-09-01;77\n", encoding="utf-8")
    out.mkdir()
    (out / "two-marked.xlsx").write_text("mine", encoding="utf-8")
    checked = check_logs([one, two], make_request(today="2026-11-24"))
    with pytest.raises(OutputError, match=r"two-marked\.xlsx is there already"):
        marked_copies(checked, [one, two], out)
    assert [path.name for path in out.iterdir()] == ["two-marked.xlsx"]
    assert (out / "two-marked.xlsx").read_text(encoding="utf-8") == "mine"
    assert len(marked_copies(checked, [one, two], out, force=True)) == 2
    assert zipfile.is_zipfile(out / "two-marked.xlsx")
    assert sorted(path.name for path in out.iterdir()) == ["one-marked.xlsx", "two-marked.xlsx"]


def test_names_that_would_collide(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("log.csv", "log.txt", "b/log.csv"):
        text = f"Patient;Date;NRS\n{name};2026-09-01;77\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    pair = [tmp_path / "log.csv", tmp_path / "log.txt"]
    made = marked_copies(check_logs(pair, make_request(today="2026-11-24")), pair, tmp_path)
    assert [path.name for path in made] == ["log-csv-marked.xlsx", "log-txt-marked.xlsx"]
    twins = [tmp_path / "log.csv", tmp_path / "b/log.csv"]
    checked = check_logs(twins, make_request(today="2026-11-24"))
    with pytest.raises(OutputError, match=r"two inputs are called log\.csv"):
        marked_copies(checked, twins, tmp_path / "out")


def test_command(tmp_path: Path) -> None:
    out = tmp_path / "out"
    args = [
        "check",
        str(SAMPLES / "faults.xlsx"),
        "--today",
        "2026-11-24",
        "--marked-copy",
        str(out),
    ]
    run = CliRunner().invoke
    dry = run(main, [*args, "--dry-run"])
    assert "Would write" in dry.output
    assert not out.exists()
    done = run(main, args)
    assert (done.exit_code, "Marked copy: " in done.output) == (1, True)
    assert run(main, args).exit_code == 5
    assert run(main, [*args, "--force"]).exit_code == 1
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert run(main, [*args[:-1], str(blocked)]).exit_code == 5


def test_ten_thousand_visits_are_marked_in_good_time(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Sessions")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["Patient", "Date", "NRS before", "NRS after", "Minutes", "Therapist"])
    for i in range(10_000):
        visit = dt.date(2026, 1, 1) + dt.timedelta(days=2 * (i % 100))
        sheet.write_string(i + 1, 0, f"P-{i // 100:03}")
        sheet.write_datetime(i + 1, 1, visit, day)
        sheet.write_row(i + 1, 2, ["severe" if i % 5 == 0 else 6, 5, 12, "T1"])
    book.close()
    checked = check(path)
    assert len(checked.findings) >= 2_000
    start = time.perf_counter()
    made = marked_copies(checked, [path], tmp_path / "out")
    assert time.perf_counter() - start < 6  # a machine under load; alone it takes half a second
    assert_reads_the_same(path, made[0])
