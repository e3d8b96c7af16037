"""A log without one patient: their cells are empty, everything else is byte for byte as it was."""

import datetime as dt
import io
import json
import re
import zipfile

import pytest
import xlsxwriter
import xlwt
from click.testing import CliRunner
from clinic_folders import drop, make_folder, rows, sha
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import load_workbook
from workbooks import MAIN, cell, row, sheet_xml, xlsx

from clinicreport.commands.cli import main
from clinicreport.editing.chart_caches import without_points
from clinicreport.editing.emptied_rows import EmptiedSheet
from clinicreport.editing.proof import prove, traces_of
from clinicreport.editing.redact import redact
from clinicreport.editing.redact_text import redact_text
from clinicreport.editing.splice import NotEditableError
from clinicreport.editing.traces import telling
from clinicreport.folder import patients_rows as month_redact
from clinicreport.ground.errors import OutputError
from clinicreport.settings.request import make_request

PATIENTS = ("H-011", "H-012", "H-013", "H-014", "H-015", "H-016")
GONE = "H-014"
HEAD = (
    "Patient ID",
    "Date",
    "Pain before",
    "Pain after",
    "Minutes",
    "Therapist",
    "Notes",
    "Change",
)
SECRET = "told of her divorce"
TODAY = "2026-11-24"


def visits(month=10):
    """Six patients, six visits each, in turn."""
    for at in range(36):
        patient = PATIENTS[at % 6]
        day = dt.date(2026, month, 1) + dt.timedelta(days=at // 6 * 3)
        notes = SECRET if patient == GONE else f"fine & {at}" if at % 4 else ""
        yield patient, day, 8 - at // 6 % 3, 5 - at // 12, 12, "B. Example", notes


def workbook(path, *, vba=b""):
    """What a clinic's own log holds: formulas with values, charts, sparklines, remarks, links."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Sessions")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEAD)
    for at, (patient, date, before, after, minutes, therapist, notes) in enumerate(visits(), 1):
        sheet.write(at, 0, patient)
        serial = (date - dt.date(1899, 12, 30)).days
        sheet.write_formula(at, 1, f"=DATE({date.year},{date.month},{date.day})", day, serial)
        sheet.write_formula(at, 2, f"={before}+0", None, before)
        sheet.write_row(at, 3, (after, minutes, therapist, notes))
        sheet.write_formula(at, 7, f"=C{at + 1}-D{at + 1}", None, before - after)
        sheet.add_sparkline(at, 9, {"range": f"Sessions!C{at + 1}:D{at + 1}"})
        if patient == GONE:
            sheet.write_comment(at, 2, f"{SECRET} twice")
            sheet.write_url(at, 8, "https://clinic.example/her-file", string="her file")
        elif at % 5 == 0:
            sheet.write_comment(at, 2, f"remark {at}")
            sheet.write_url(at, 8, f"https://clinic.example/{at}")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"categories": "=Sessions!$A$2:$A$37", "values": "=Sessions!$D$2:$D$37"})
    sheet.insert_chart("L2", chart)
    sheet.conditional_format("C2:C37", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("F2:F99", {"validate": "list", "source": ["B. Example", "C. Example"]})
    if vba:
        book.add_vba_project(io.BytesIO(vba), is_stream=True)
    second = book.add_worksheet("Totals")
    second.write("A1", "Mean")
    second.write_formula("B1", "=AVERAGE(Sessions!C2:C37)", None, 6.75)
    register = book.add_worksheet("Patients")
    register.write_row(0, 0, ("Patient ID", "Condition"))
    for at, patient in enumerate(PATIENTS, 1):
        register.write_row(at, 0, (patient, f"condition of {patient}"))
    book.close()
    return path


def text_log(delimiter, ending="\r\n"):
    """A text log whose notes hold line breaks, quotation marks and delimiters."""
    lines = [delimiter.join(HEAD[:7])]
    for patient, day, before, after, minutes, therapist, notes in visits():
        quoted = f'"Grüße {delimiter} ""{notes}""\r\nsecond line"'
        cells = (patient, day.isoformat(), before, after, minutes, therapist, quoted)
        lines.append(delimiter.join(map(str, cells)))
    return ending.join(lines) + ending


def ods_log(path):
    book = OpenDocumentSpreadsheet()
    style = Style(name="wide", family="table-cell")
    book.automaticstyles.addElement(style)
    table = Table(name="Sessions")
    for values in [HEAD[:7], *visits()]:
        line = TableRow()
        for value in values:
            if isinstance(value, dt.date):
                made = TableCell(valuetype="date", datevalue=value.isoformat(), stylename=style)
            elif isinstance(value, int):
                made = TableCell(valuetype="float", value=value, formula=f"of:={value}+0")
            else:
                made = TableCell(valuetype="string")
            made.addElement(P(text=str(value)))
            line.addElement(made)
        line.addElement(TableCell(numbercolumnsrepeated=3))
        table.addElement(line)
    table.addElement(TableRow(numberrowsrepeated=1000))
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def call(*args, status=0):
    result = CliRunner().invoke(main, [*map(str, args)])
    assert result.exit_code == status, result.output + repr(result.exception)
    return result.output


def purge(folder, status=0, patient=GONE):
    return call(
        "purge",
        folder.root,
        "--patient",
        patient,
        "--who",
        "M. Example",
        "--why",
        "asked",
        "--yes",
        "--today",
        TODAY,
        status=status,
    )


def others(path):
    """The JSON of a report on the archived file, for everybody else."""
    asked = ["report", str(path), "--json", "--today", TODAY, "--dry-run"]
    made = json.loads(CliRunner().invoke(main, asked).stdout)
    return [each for each in made["courses"] if each["patient"] != GONE], [
        each for each in made["findings"] if each["patient"] not in (GONE, None)
    ]


MAKERS = {
    "october.xlsx": lambda path: workbook(path).read_bytes(),
    "october.xlsm": lambda path: workbook(path, vba=b"macros").read_bytes(),
    "october.csv": lambda _: text_log(";").encode("utf-8-sig"),
    "october.tsv": lambda _: text_log("\t", "\n").encode("utf-16"),
    "october.txt": lambda _: text_log(",").encode("cp1252"),
    "november.txt": lambda _: text_log(";").encode("utf-16-be"),
    "november.csv": lambda _: text_log(",", "\r").encode("mac_roman"),
    "december.csv": lambda _: text_log("|").encode("utf-32"),
    "october.ods": lambda path: ods_log(path).read_bytes(),
}


@pytest.mark.parametrize("name", MAKERS)
def test_five_patients_of_six_are_as_they_were(name, tmp_path, monkeypatch):
    from clinic_folders import fast_workbook

    monkeypatch.setattr("clinicreport.books.report.report_workbook.content", fast_workbook)
    folder = make_folder(tmp_path / "clinic")
    original = MAKERS[name](tmp_path / name)
    drop(folder, name, original)
    call("run", folder.root, "--today", TODAY)
    path = folder.archive / "2026-10" / name
    before = others(path)
    assert len(before[0]) == 5
    purge(folder)
    new = path.read_bytes()
    assert others(path) == before
    assert GONE not in call("report", path, "--json", "--today", TODAY, "--dry-run")
    held = parts(new) if new.startswith(b"PK") else {"": new}
    for word in (GONE, SECRET, "her-file", "her file"):
        for codec in ("utf-8", "utf-16-le"):
            assert [each for each, data in held.items() if word.encode(codec) in data] == []
    stored = rows(folder, "SELECT sha256, rows FROM files WHERE state = 'archived'")
    assert stored == [{"sha256": sha(new), "rows": 30}]


def test_a_workbook_keeps_every_byte_that_is_not_the_patients(tmp_path):
    original = workbook(tmp_path / "a.xlsm", vba=b"macros").read_bytes()
    request = make_request(today=TODAY)
    old, new = (
        parts(original),
        parts(month_redact.without_patient(tmp_path / "a.xlsm", GONE, request)),
    )
    assert {name for name in old if old[name] != new.get(name)} == {
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet3.xml",
        "xl/sharedStrings.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/charts/chart1.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
    }
    assert old.keys() == new.keys()
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"):
        lines = (re.findall(rb"<row .*?</row>", part[name]) for part in (old, new))
        for at, (before, after) in enumerate(zip(*lines, strict=True)):
            mine = (at % 6 == 4 and at > 0) if "1" in name else at == 4
            assert (before == after) != mine
            assert not mine or not re.search(rb"<[vfi]", after)
        tails = [part[name].partition(b"</sheetData>")[2] for part in (old, new)]
        assert tails[0].partition(b"<hyperlinks>")[0] == tails[1].partition(b"<hyperlinks>")[0]
        assert tails[0].partition(b"</hyperlinks>")[2] == tails[1].partition(b"</hyperlinks>")[2]
    assert old["xl/sharedStrings.xml"].count(b"<si>") == new["xl/sharedStrings.xml"].count(b"<si>")
    kept = [
        re.findall(rb"<c:pt idx=\"(\d+)\">", part["xl/charts/chart1.xml"]) for part in (old, new)
    ]
    assert [int(at) for at in kept[0] if int(at) % 6 != 3] == [int(at) for at in kept[1]]


def test_a_text_log_loses_the_records_alone():
    data = text_log(";").encode("utf-8-sig")
    gone = frozenset(range(5, 38, 6))
    lines = redact_text(data, gone).split(b"\r\n")
    old = data.split(b"\r\n")
    made = iter(lines)
    assert next(made) == old[0]
    for number in range(2, 38):
        if number in gone:
            assert next(made) == b";;;;;;"
        else:
            assert [next(made), next(made)] == old[2 * number - 3 : 2 * number - 1]
    assert list(made) == [b""]


@pytest.mark.parametrize(
    ("data", "gone", "left"),
    [
        (b"a,b\n1,2\n3,4", {3}, b"a,b\n1,2\n,"),
        (b"sep=;\r\na;b\r\n1;2\r\n", {2}, b"sep=;\r\na;b\r\n;\r\n"),
        (b"a,b\r1,2\r3,4\r", {2}, b"a,b\r,\r3,4\r"),
        (b"a,b\n\n1,2\n", {3}, b"a,b\n\n,\n"),
        (b"one\ntwo\nthree\n", {2}, b"one\n\nthree\n"),
        (b'"a,b"\n"1,2"\n"3,4"\n', {2}, b'"a,b"\n\n"3,4"\n'),
        (b'a,b,c\n1,"x \\"y, z\\"",2\n3,4,5\n', {2}, b"a,b,c\n,,\n3,4,5\n"),
        (b'a,b,c\n1, "x, y",2\n3,4,5\n', {2}, b"a,b,c\n,,\n3,4,5\n"),
        (b'a,b\n="007",2\n3,4\x1a', {2}, b"a,b\n,\n3,4\x1a"),
        ("a,b\n1,痛み\n2,痛み".encode("cp932"), {2}, "a,b\n,\n2,痛み".encode("cp932")),
        ("a,b\n1,2\n3,ü".encode()[:-1], {2}, b"a,b\n,\n3,\xc3"),
        ("a,ü\n1,2\n3,ü".encode()[:-1], {2}, "a,ü\n,\n3,ü".encode()[:-1]),
    ],
)
def test_records_emptied(data, gone, left):
    assert redact_text(data, frozenset(gone)) == left


# -------------------------------------------------------------------------------- formulas


def shared(address, text="", ref="", si="0", value="1"):
    attributes = f' ref="{ref}"' if ref else ""
    return f'<c r="{address}"><f t="shared"{attributes} si="{si}">{text}</f><v>{value}</v></c>'


GROUP = sheet_xml(
    row(1, cell("A1", 5), shared("C1", "A1*2+SUM($A$1:A1)", "C1:C4", value="15"))
    + row(2, cell("A2", 6), shared("C2", value="23"))
    + row(3, cell("A3", 7), shared("C3", value="32"))
    + row(4, cell("A4", 8), shared("C4", value="42"))
)


def formulas(data):
    sheet = load_workbook(io.BytesIO(data))["Log"]
    return {
        cell.coordinate: cell.value
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, str)
    }


@pytest.mark.parametrize(
    ("gone", "changed"),
    [
        ({1}, b'<c r="C2"><f ref="C2:C4" t="shared" si="0">A2*2+SUM($A$1:A2)</f><v>23</v></c>'),
        ({1, 2, 3}, b'<c r="C4"><f ref="C4" t="shared" si="0">A4*2+SUM($A$1:A4)</f><v>42</v></c>'),
        ({2}, b'<c r="C1"><f t="shared" ref="C1:C4" si="0">A1*2+SUM($A$1:A1)</f><v>15</v></c>'),
    ],
)
def test_a_shared_formula_moves_to_the_next_row(gone, changed):
    original = xlsx(GROUP)
    made = redact(original, "xlsx", {"Log": frozenset(gone)})
    prove(original, made, {"Log": frozenset(gone)})
    assert changed in parts(made)["xl/worksheets/sheet1.xml"]
    before = formulas(original)
    assert formulas(made) == {at: text for at, text in before.items() if int(at[1:]) not in gone}


def test_a_shared_formula_that_makes_no_rectangle_is_written_out():
    sheet = sheet_xml(
        row(1, shared("B1", "A9+1", "B1:C2"), shared("C1"))
        + row(2, cell("A2", 1), shared("C2"))
        + row(3, shared("B3"), shared("C3"))
    )
    original = xlsx(sheet)
    made = redact(original, "xlsx", {"Log": frozenset({1})})
    prove(original, made, {"Log": frozenset({1})})
    text = parts(made)["xl/worksheets/sheet1.xml"].decode()
    assert "<f>B10+1</f>" in text
    assert "<f>A11+1</f>" in text
    assert "shared" not in text


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (
            row(1, '<c r="B1"><f t="array" ref="B1:B3">A1:A3</f><v>1</v></c>')
            + row(2, cell("B2", 2)),
            "B1 fills B1:B3",
        ),
        (
            row(1, shared("B1", "A1", "B1:B9"))
            + row(2, shared("B2"))
            + row(3, shared("B3", "A7", "B3:B4")),
            "shared in an unusual way",
        ),
        (row(1, shared("B1", "Other!A1:", "B1:B9")) + row(2, shared("B2", "")), None),
    ],
)
def test_formulas_that_reach_into_other_rows(sheet, why):
    if why is None:
        redact(xlsx(sheet_xml(sheet)), "xlsx", {"Log": frozenset({2})})
        return
    with pytest.raises(NotEditableError, match=why):
        redact(xlsx(sheet_xml(sheet)), "xlsx", {"Log": frozenset({1})})


def test_a_cell_without_an_address_and_an_inline_text():
    xml = sheet_xml(
        '<row><c t="inlineStr"><is><t>Jo</t></is></c><c s="2"><v>4</v></c></row>'
        '<row><c><v>5</v></c><c t="b"/></row>'
    )
    assert EmptiedSheet(xml.encode(), frozenset({1})).part.result().decode() == sheet_xml(
        '<row><c/><c s="2"/></row><row><c><v>5</v></c><c t="b"/></row>'
    )
    assert b'<c t="b"/>' not in EmptiedSheet(xml.encode(), frozenset({2})).part.result()


def test_the_order_of_calculation_goes_with_an_emptied_formula():
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="a/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r9" Type="a/calcChain" Target="calcChain.xml"/></Relationships>'
    )
    chain = f'<calcChain xmlns="{MAIN}"><c r="C1" i="1"/><c r="C2"/></calcChain>'
    original = xlsx(
        GROUP, xl___rels__workbook_dot_xml_dot_rels=relation, xl__calcChain_dot_xml=chain
    )
    made = parts(redact(original, "xlsx", {"Log": frozenset({2})}))
    assert "xl/calcChain.xml" not in made
    assert b"calcChain" not in made["xl/_rels/workbook.xml.rels"]


# ------------------------------------------------------------------------ what cannot be done


def log_rows():
    """A small log as XML, with the id as an inline text."""

    def text(address, content):
        return f'<c r="{address}" t="inlineStr"><is><t>{content}</t></is></c>'

    heading = row(1, *(text(f"{at}1", name) for at, name in zip("ABC", HEAD, strict=False)))
    lines = (
        row(
            at + 2,
            text(f"A{at + 2}", patient),
            cell(f"B{at + 2}", 46296 + at, style="1"),
            cell(f"C{at + 2}", 7),
        )
        for at, patient in enumerate(PATIENTS)
    )
    return heading + "".join(lines)


LEFT = {
    "pivot": (
        {
            "xl__pivotCache__pivotCacheDefinition1_dot_xml": f'<pivotCacheDefinition xmlns="{MAIN}"><cacheSource type="worksheet"><worksheetSource '
            'ref="A1:C7" sheet="Log"/></cacheSource></pivotCacheDefinition>'
        },
        "a pivot table keeps the rows too",
    ),
    "text box": (
        {"xl__drawings__drawing1_dot_xml": "<d><p><r><t>H-</t></r><r><t>014</t></r></p></d>"},
        "a text box, picture or drawing",
    ),
    "filter": (
        {"xl__tables__table1_dot_xml": f'<table xmlns="{MAIN}"><filter val="{GONE}"/></table>'},
        "a table's heading or filter",
    ),
    "link": (
        {"xl__externalLinks__externalLink1_dot_xml": f"<e><cell><v>{GONE}</v></cell></e>"},
        "a link to another workbook",
    ),
    "title": ({"docProps__core_dot_xml": f"<c><title>{GONE}</title></c>"}, "the properties"),
}


@pytest.mark.parametrize("what", LEFT)
def test_an_id_that_stands_elsewhere_refuses(what, tmp_path):
    more, words = LEFT[what]
    path = tmp_path / "log.xlsx"
    path.write_bytes(xlsx(sheet_xml(log_rows()), **more))
    before = path.read_bytes()
    with pytest.raises(OutputError, match=f"log.xlsx: the patient is still in it.*{words}"):
        month_redact.without_patient(path, GONE, make_request(today=TODAY))
    assert path.read_bytes() == before
    month_redact.without_patient(
        path, "H-015", make_request(today=TODAY)
    ) if what != "pivot" else None


def test_another_row_that_holds_the_id_refuses(tmp_path):
    path = tmp_path / "log.xlsx"
    stray = row(20, f'<c r="H20" t="inlineStr"><is><t>{GONE}</t></is></c>')
    path.write_bytes(xlsx(sheet_xml(log_rows() + stray)))
    with pytest.raises(OutputError, match="cell H20 of the sheet “Log” holds the patient's id"):
        month_redact.without_patient(path, GONE, make_request(today=TODAY))


def test_a_longer_text_with_the_id_is_said(tmp_path):
    path = tmp_path / "log.xlsx"
    name = f'<definedNames><definedName name="x">IF(A1="{GONE}",1)</definedName></definedNames>'
    from workbooks import workbook_xml

    path.write_bytes(xlsx(sheet_xml(log_rows()), workbook_xml(tail=name)))
    said = []
    assert month_redact.without_patient(
        path, GONE, make_request(today=TODAY), "a/log.xlsx", said.append
    )
    assert len(said) == 1
    assert said[0].startswith(
        "a/log.xlsx: a sheet's name or a defined name (xl/workbook.xml) still"
    )
    assert GONE not in said[0]


@pytest.mark.parametrize(
    ("id_", "alone"),
    [("H-014", True), ("7", False), ("2.5", False), ("A", False), ("P1", True), ("Jones", False)],
)
def test_ids_that_mean_a_patient_wherever_they_stand(id_, alone):
    assert telling(id_) is alone


def test_what_is_no_longer_the_same_is_refused():
    original = xlsx(sheet_xml(log_rows()))
    good = redact(original, "xlsx", {"Log": frozenset({5})})
    prove(original, good, {"Log": frozenset({5})}, [GONE])
    with pytest.raises(OutputError, match="row 5 of the sheet “Log” would not be empty"):
        prove(original, original, {"Log": frozenset({5})})
    changed = redact(
        xlsx(sheet_xml(log_rows().replace("<v>7</v>", "<v>6</v>", 1))),
        "xlsx",
        {"Log": frozenset({5})},
    )
    with pytest.raises(OutputError, match="cell C2 of the sheet “Log” would not be the same"):
        prove(original, changed, {"Log": frozenset({5})})
    assert traces_of(good, "xlsx", [GONE]) == []


def xls_log(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sessions")
    for at, values in enumerate([HEAD[:7], *visits()]):
        for column, value in enumerate(values):
            text = value.isoformat() if isinstance(value, dt.date) else value
            sheet.write(at, column, text)
    book.save(str(path))
    return path.read_bytes()


def test_an_old_workbook_is_left_to_the_user_and_then_recorded(tmp_path, monkeypatch):
    """The sentence can be followed: the file is changed by hand where it lies, then purged again."""
    from clinic_folders import make_fast

    make_fast(monkeypatch)
    folder = make_folder(tmp_path / "clinic")
    original = xls_log(tmp_path / "october.xls")
    drop(folder, "october.xls", original)
    call("run", folder.root, "--today", TODAY)
    path = folder.archive / "2026-10" / "october.xls"
    said = purge(folder, status=5)
    assert "archive/2026-10/october.xls: the patient is still in it, since xls cannot" in said
    assert "Nothing of that" not in said
    assert path.read_bytes() == original
    by_hand = xlwt.Workbook()
    sheet = by_hand.add_sheet("Sessions")
    kept = [HEAD[:7], *(each for each in visits() if each[0] != GONE)]
    for at, values in enumerate(kept):
        for column, value in enumerate(values):
            sheet.write(at, column, value.isoformat() if isinstance(value, dt.date) else value)
    by_hand.save(str(path))
    said = purge(folder)
    assert "october.xls (changed by hand: kept as it is now)" in said
    assert rows(folder, "SELECT sha256, rows FROM files") == [
        {"sha256": sha(path.read_bytes()), "rows": 30}
    ]
    call("run", folder.root, "--today", TODAY)
    drop(folder, "october.xls", original)
    assert "removed on purpose" in call("run", folder.root, "--today", TODAY, status=1)


def test_a_hidden_sheet_is_never_taken_for_clean(tmp_path):
    """Its rows are not read, so that the id there is all that tells."""
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    for hidden in (False, True):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD[:3])
        for number, (patient, day, score, *_) in enumerate(visits(), 1):
            if hidden or patient != GONE:
                sheet.write_row(number, 0, (patient, day.isoformat(), score))
        if hidden:
            sheet.hide()
    book.close()
    request = make_request(today=TODAY)
    for patient, where in ((GONE, "A5"), ("H-015", "A6")):
        with pytest.raises(OutputError, match=f"the sheet “Sheet2”, cell {where} holds"):
            month_redact.without_patient(path, patient, request)
    assert month_redact.without_patient(path, "H-099", request) is None


def test_threads_of_comments_go_with_their_row():
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="a/threadedComment" Target="../threadedComments/t1.xml"/>'
        "</Relationships>"
    )
    threads = (
        '<ThreadedComments><threadedComment ref="C5" id="1"><text>of her</text></threadedComment>'
        '<threadedComment ref="C6" id="2"><text>of him</text></threadedComment></ThreadedComments>'
    )
    original = xlsx(
        sheet_xml(log_rows()),
        xl__worksheets___rels__sheet1_dot_xml_dot_rels=relation,
        xl__threadedComments__t1_dot_xml=threads,
    )
    made = redact(original, "xlsx", {"Log": frozenset({5})})
    prove(original, made, {"Log": frozenset({5})}, [GONE])
    text = parts(made)["xl/threadedComments/t1.xml"]
    assert b"of her" not in text
    assert b"of him" in text


def with_parts(data, more):
    """An ods with further parts, the first one stored as the format asks for."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (parts(data) | more).items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(name, content, method)
    return packed.getvalue()


def test_an_ods_loses_its_preview_and_keeps_its_first_part_stored(tmp_path):
    preview = "Thumbnails/thumbnail.png"
    manifest = parts(ods_log(tmp_path / "a.ods").read_bytes())["META-INF/manifest.xml"]
    entry = f'<manifest:file-entry manifest:full-path="{preview}" manifest:media-type=""/>'.encode()
    end = b"</manifest:manifest>"
    more = {preview: b"rows", "META-INF/manifest.xml": manifest.replace(end, entry + end)}
    original = with_parts((tmp_path / "a.ods").read_bytes(), more)
    made = redact(original, "ods", {"Sessions": frozenset({5})})
    prove(original, made, {"Sessions": frozenset({5})})
    assert preview not in parts(made)
    assert parts(made)["META-INF/manifest.xml"] == manifest
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        assert book.infolist()[0].filename == "mimetype"
        assert book.infolist()[0].compress_type == zipfile.ZIP_STORED


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("Sessions.D2:Sessions.D37", True),
        ("$Sessions.$D$6:.$D$9", False),
        ("Other.A1:Other.A9", False),
    ],
)
def test_a_chart_of_an_ods_that_keeps_the_rows_refuses(address, kept, tmp_path):
    chart = f'<c:plot xmlns:c="c" xmlns:t="t" t:cell-range-address="{address}"/>'
    data = with_parts(ods_log(tmp_path / "a.ods").read_bytes(), {"Object 1/content.xml": chart})
    if kept:
        with pytest.raises(NotEditableError, match="a chart keeps values of the rows"):
            redact(data, "ods", {"Sessions": frozenset({5})})
    else:
        assert redact(data, "ods", {"Sessions": frozenset({5})})


@pytest.mark.parametrize(
    ("formula", "count", "left"),
    [
        ("Log!$C$2:$C$4", 3, [0, 2]),
        ("'Log'!$C$2:$C$4", 2, []),
        ("Log!$C$4:$C$6", 3, [0, 1, 2]),
        ("scores", 3, []),
        ("Other!$C$2:$C$4", 3, [0, 1, 2]),
        ("[1]Log!$C$2:$C$4", 3, [0, 1, 2]),
    ],
)
def test_a_chart_keeps_the_values_of_the_others(formula, count, left):
    points = "".join(f'<c:pt idx="{at}"><c:v>{at}</c:v></c:pt>' for at in range(3))
    xml = (
        f'<c:chartSpace xmlns:c="c"><c:numRef><c:f>{formula}</c:f><c:numCache><c:ptCount '
        f'val="{count}"/>{points}</c:numCache></c:numRef></c:chartSpace>'
    )
    made = without_points(xml.encode(), {"Log": frozenset({3})}).decode()
    assert [int(at) for at in re.findall('idx="(.)"', made)] == left


# ------------------------------------------------------------------------------ any workbook

VALUES = st.one_of(
    st.none(),
    st.integers(-3, 12),
    st.sampled_from(["H-011", "H-014", "a & <b>", "", "x"]),
    st.booleans(),
    st.floats(0, 10).map(lambda number: round(number, 2)),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=8),
    st.sets(st.integers(1, 9), min_size=1, max_size=8),
    st.sets(st.integers(1, 8), max_size=8),
)
def test_any_workbook_keeps_its_other_rows(table, gone, with_formulas):
    from clinicreport.reading.worker import read

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for name in ("One", "Two"):
        sheet = book.add_worksheet(name)
        for at, values in enumerate(table):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(at, column, value)
            if at + 1 in with_formulas:
                sheet.write_formula(at, 6, f'=A{at + 1}&"x"', None, f"{at}x")
            sheet.write(at, 7, at)
    book.close()
    original = buffer.getvalue()
    made = redact(original, "xlsx", {"One": frozenset(gone)})
    before, after = read(original), read(made)
    for old, new in zip(before.sheets, after.sheets, strict=True):
        for at in range(1, len(table) + 1):
            mine = old.name == "One" and at in gone
            for column in range(1, 9):
                wanted = "" if mine else old.value(at, column)
                assert repr(new.value(at, column)) == repr(wanted)
    left = {name for name, part in parts(made).items() if part != parts(original)[name]}
    assert left <= {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}
