"""What a therapist gets names no file and no sheet of anybody else: it may be called after them."""

import io

import openpyxl
from clinic_folders import log

from clinicreport.folder.roles import own_patients
from clinicreport.path import report
from clinicreport.settings.request import make_request

NAMES = ("Anna Miller.csv", "Bob Third.csv", "Carl Other.csv")


def test_a_therapists_report_names_no_file(tmp_path):
    own = log(patients=("P-1",), therapist="B. Example")
    others = log(patients=("P-2",), therapist="C. Example").split(b"\r\n", 1)[1]
    contents = (
        own + others,
        log("2026-08", scores=(7, "6-7", 4), patients=("P-1",), therapist="B. Example"),
        log("2026-09", patients=("P-9",), therapist="C. Example"),
    )
    for name, content in zip(NAMES, contents, strict=True):
        (tmp_path / name).write_bytes(content)
    made = report([tmp_path], make_request(today="2026-11-24"))
    theirs = own_patients(made.checked, "B. Example")
    assert [entry.file for entry in theirs.analysis.inputs] == ["Log 1", "Log 2"]
    assert {finding.file for finding in theirs.analysis.findings} == {"Log 1", "Log 2"}
    book = openpyxl.load_workbook(io.BytesIO(theirs.workbook()))
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "Log 1" in texts
    assert not [text for text in texts if any(name in text for name in NAMES)]
    assert {entry.file for entry in made.checked.inputs} == set(NAMES)  # the clinic's own has them
