"""The blank session log: every heading is understood, and what is filled in gives no finding."""

import datetime as dt
import io
from functools import partial
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from clinicreport.books.template.blank_log import HEADING, READY, template
from clinicreport.commands.cli import main
from clinicreport.log.fields import REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.log.headings import Aliases, map_row
from clinicreport.path import check_logs
from clinicreport.protocol.in_force import Protocol, load
from clinicreport.settings.request import make_request

FORMAT_RULES = {
    "unreadable-file",
    "no-session-table",
    "missing-column",
    "unknown-column",
    "duplicate-column",
    "missing-patient",
    "missing-date",
    "bad-date",
    "ambiguous-date",
    "future-date",
    "bad-score",
    "score-out-of-range",
    "score-decimal",
    "bad-value",
    "error-cell",
    "uncached-formula",
    "never-calculated",
    "summary-row",
    "hidden-rows",
    "active-content",
    "unsafe-text",
    "similar-patient-id",
    "duplicate-row",
    "missing-score",
}


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def headings(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[HEADING + 1]]


def rule(sheet: Worksheet, heading: str) -> DataValidation:
    column = headings(sheet).index(heading) + 1
    cell = sheet.cell(HEADING + 2, column).coordinate
    found = [each for each in sheet.data_validations.dataValidation if cell in each.sqref]
    assert len(found) == 1
    return found[0]


def words(book: openpyxl.Workbook, sheet: Worksheet, heading: str) -> list[str]:
    """What a drop-down offers."""
    formula = rule(sheet, heading).formula1
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    name, area = formula.lstrip("=").split("!")
    return [row[0].value for row in book[name][area.replace("$", "")]]


def protocol_with(tmp_path: Path, text: str) -> Protocol:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_every_heading_means_its_field() -> None:
    book = opened(template(load()))
    for name, fields in (("Sessions", SESSION_FIELDS), ("Patients", REGISTER_FIELDS)):
        found = map_row(headings(book[name]), Aliases(), fields)
        assert set(found.columns) == set(fields)
        assert not found.unknown
        assert not found.duplicates


@pytest.mark.parametrize(
    "own",
    [
        {"nrs_before": ["Schmerz jetzt"], "patient_id": ["Kennung"], "therapist": ["Wer"]},
        {"notes": ["Date", "Duration (min)"], "duration": ["Zeit"]},  # takes labels away
    ],
)
def test_the_clinics_own_headings_are_used_and_understood(own: dict[str, list[str]]) -> None:
    shown = headings(opened(template(load(), own))["Sessions"])
    found = map_row(shown, Aliases(own), SESSION_FIELDS)
    assert set(found.columns) == set(SESSION_FIELDS)
    assert not found.duplicates
    for field, given in own.items():
        assert shown[found.columns[field] - 1] == given[0]


def test_an_untouched_log_is_read_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(template(load()))
    checked = check_logs([path], make_request(today="2026-11-24"))
    assert [finding.rule for finding in checked.findings] == []
    assert [(entry.rows, entry.status) for entry in checked.inputs] == [(0, "read")]
    assert checked.inputs[0].sheet == "Sessions"
    assert CliRunner().invoke(main, ["check", str(path)]).exit_code == 0


def choice(offered: list[str], i: int) -> str:
    return offered[i % len(offered)]


def fill(book: openpyxl.Workbook, visits: int = 30) -> None:
    """Visits as somebody would type them, every choice of every drop-down among them."""
    sheet, register = book["Sessions"], book["Patients"]
    names = headings(sheet)
    values = {
        "Patient": lambda i: f"{i % 3 + 1:03}",
        "Date": lambda i: dt.datetime(2026, 9, 1) + dt.timedelta(days=2 * (i // 3)),
        "Start time": lambda i: dt.time(9, 30),
        "NRS before": lambda i: max(0, 8 - i // 6),
        "NRS after": lambda i: max(0, 6 - i // 6),
        "Duration (min)": lambda i: 10 + i // 6,
        "Wavelength (nm)": lambda i: 850,
        "Irradiance (mW/cm²)": lambda i: 24,
        "Years of pain": lambda i: 7.5,
        "Mobility (cm)": lambda i: 31,
        "Clinic": lambda i: "North",
        "Course label": lambda i: "1",
        "Therapist": lambda i: "T1",
    }
    for heading in names:
        if rule(sheet, heading).type == "list":
            values[heading] = partial(choice, words(book, sheet, heading))
    for i in range(visits):
        for column, heading in enumerate(names, 1):
            if heading in values:
                sheet.cell(HEADING + 2 + i, column).value = values[heading](i)
    for i in range(3):
        row = [
            f"{i + 1:03}",
            "North",
            "A. Name",
            "female",
            1961,
            "inflammation",
            4,
            "none",
            "Dr B, 1 Sep 2026",
            dt.datetime(2026, 10, 1),
        ]
        for column, value in enumerate(row, 1):
            register.cell(HEADING + 2 + i, column).value = value


def test_a_filled_in_log_has_no_finding_about_its_form(tmp_path: Path) -> None:
    book = opened(template(load()))
    fill(book)
    path = tmp_path / "2026-09.xlsx"
    book.save(path)
    checked = check_logs([path], make_request(today="2026-11-24"))
    assert [f.message for f in checked.findings if f.rule in FORMAT_RULES] == []
    entry = checked.inputs[0]
    assert (entry.rows, entry.used, entry.status) == (30, 30, "read")
    visits = checked.log.visits
    assert visits["patient_id"].tolist()[:3] == ["001", "002", "003"]
    assert set(visits["visit_type"]) == {"treatment", "screening", "follow-up", "not-attended"}
    assert visits["nrs_before"].tolist()[0] == 8
    assert visits["date"][29] == np.datetime64("2026-09-19")
    assert checked.log.register.entry("North", "001", "birth_year").value == 1961


def test_limits_come_from_the_protocol(tmp_path: Path) -> None:
    own = protocol_with(
        tmp_path,
        "[session]\nminutes = { min = 6, max = 12.5 }\nramp_up_max_minutes = 9\n"
        '[[safety.contraindications]]\nname = "pacemaker"\nterms = ["pacemaker"]\n',
    )
    book = opened(template(own))
    minutes = rule(book["Sessions"], "Duration (min)")
    assert (minutes.type, float(minutes.formula1), minutes.formula2) == ("decimal", 6, "12.5")
    assert minutes.errorStyle == "warning"  # asked, and allowed
    assert "6 to 12.5 minutes" in minutes.prompt
    assert "9 minutes at most" in minutes.prompt
    offered = words(book, book["Sessions"], "Contraindications")
    others = [entry.name for entry in load().safety.to_ask]
    assert offered == ["none", "pacemaker", *others, "photosensitive medication"]
    told = " ".join(str(cell.value) for row in book["Instructions"].iter_rows() for cell in row)
    assert "6 to 12.5 minutes." in told
    assert template(own) != template(load())


def test_what_a_cell_takes() -> None:
    book = opened(template(load()))
    sheet = book["Sessions"]
    score = rule(sheet, "NRS before")
    assert (score.type, score.formula1, score.formula2) == ("whole", "0", "10")
    assert (score.errorStyle or "stop") == "stop"
    assert score.error
    assert score.allow_blank
    date = rule(sheet, "Date")
    assert (date.type, date.formula1, date.formula2) == ("date", "36526", "TODAY()+366")
    assert words(book, sheet, "Visit type") == [
        "treatment",
        "screening",
        "follow-up",
        "not-attended",
    ]
    assert words(book, sheet, "Eye protection") == ["yes", "no"]
    assert words(book, sheet, "Adverse event") == ["none"]
    assert not rule(sheet, "Adverse event").showErrorMessage  # any other text is fine
    for heading in headings(sheet):
        each = rule(sheet, heading)
        assert 0 < len(each.prompt) <= 255
        assert str(HEADING + 1 + READY) in str(each.sqref)


def test_sheets_as_they_should_be() -> None:
    book = opened(template(load()))
    assert book.sheetnames == ["Sessions", "Patients", "Instructions"]
    assert all(sheet.sheet_state == "visible" for sheet in book)
    for name in ("Sessions", "Patients"):
        sheet = book[name]
        assert sheet.freeze_panes == f"B{HEADING + 2}"
        assert sheet.print_title_rows == f"${HEADING + 1}:${HEADING + 1}"
        assert sheet["A1"].value
        assert sheet["A2"].value
        first, last = sheet.cell(HEADING + 2, 1), sheet.cell(HEADING + 1 + READY, 1)
        assert first.number_format == last.number_format == "@"  # 007 stays 007
        hidden = [key for key, size in sheet.column_dimensions.items() if size.hidden]
        assert hidden == []
    assert book["Sessions"].cell(HEADING + 2, 2).number_format == "d mmm yyyy"
    assert book["Sessions"].cell(HEADING + 2, 3).number_format == "hh:mm"


def test_the_same_protocol_gives_the_same_bytes() -> None:
    assert template(load()) == template(load())


def test_hostile_names_in_a_protocol_stay_words(tmp_path: Path) -> None:
    own = protocol_with(
        tmp_path,
        'name = "=1+1"\n[[safety.contraindications]]\nname = "a, \\"b\\" & <c>"\nterms = ["abc"]\n'
        + "".join(
            f'[[safety.contraindications]]\nname = "{i} {"long " * 30}"\nterms = ["t{i}"]\n'
            for i in range(9)
        ),
    )
    book = opened(template(own))
    offered = words(book, book["Sessions"], "Contraindications")
    assert offered[1] == 'a, "b" & <c>'
    own_names, more = 10, len(load().safety.to_ask)
    assert len(offered) == own_names + more + len(["none", "photosensitive medication"])
    assert len(rule(book["Sessions"], "Contraindications").prompt) <= 255
    formulas = [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(main, ["template", "--dry-run"]).exit_code == 0
    assert list(tmp_path.iterdir()) == []
    done = run(main, ["template"])
    assert (done.exit_code, done.output) == (0, "Written: session-log.xlsx\n")
    before = Path("session-log.xlsx").read_bytes()
    refused = run(main, ["template"])
    assert refused.exit_code == 5
    assert "--force" in refused.output
    Path("own.toml").write_text("[session]\nramp_up_max_minutes = 11\n", encoding="utf-8")
    Path("clinic.toml").write_text('[aliases]\nnotes = ["Anmerkung"]\n', encoding="utf-8")
    assert run(main, ["template", "--force", "--protocol", "own.toml"]).exit_code == 0
    assert Path("session-log.xlsx").read_bytes() != before
    assert "Anmerkung" in headings(opened(Path("session-log.xlsx").read_bytes())["Sessions"])
    assert run(main, ["template", "-o", "log.xls"]).exit_code == 2
    assert run(main, ["template", "-o", "no/such/log.xlsx"]).exit_code == 5
