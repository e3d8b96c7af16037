"""Every field through everything that derives from it; and one that is added as the docs say."""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
from operator import attrgetter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from helpers import book_of, sheet_of
from openpyxl.worksheet.worksheet import Worksheet
from rule_log import check_books

from clinicreport.books.restatement import _IDENTITY, _REST
from clinicreport.books.template.blank_log import HEADING, template
from clinicreport.books.template.entry_columns import session_entries
from clinicreport.commands.cli import main
from clinicreport.log.cells import Read, Words, reader
from clinicreport.log.field import NUMERIC_KINDS, Field
from clinicreport.log.fields import REGISTER_FIELDS, SCORES, SESSION_FIELDS, sessions_columns
from clinicreport.log.headings import Aliases, key, packaged_aliases
from clinicreport.log.units import UNITS
from clinicreport.protocol.in_force import load
from docs.fields_page import fields_page

ROOT = Path(__file__).resolve().parents[2]
USUAL = Aliases()
PROTOCOL = load()
EVERY = [*SESSION_FIELDS.values(), *REGISTER_FIELDS.values()]
WITH_UNIT = [field for field in EVERY if field.unit]
NUMBERS = [field for field in WITH_UNIT if field.kind in NUMERIC_KINDS]
ONE_OF_EACH: dict[str, Any] = {
    "id": "7",
    "date": dt.datetime(2026, 9, 1),
    "score": 6,
    "minutes": 15,
    "number": 101,
    "yes_no": "yes",
    "visit_type": "treatment",
    "time": dt.time(9, 30),
    "text": "as written",
    "contraindications": "none",
    "event": "none",
    "medication": "tramadol 50 mg",
    "given": "Dr B, 1 Sep 2026",
    "clearance": "Dr B, 1 Sep 2026",
    "label": "7",
    "severity": "mild",
    "relation": "unclear",
}


def foreign(field: Field) -> list[str]:
    """Every word of every other unit, as it may stand in brackets."""
    own = {key(word) for word in spelled(field.unit)}
    return [word for name in UNITS for word in spelled(name) if key(word) not in own]


def spelled(unit: str) -> list[str]:
    return [unit, *UNITS[unit].words]


# ------------------------------------------------------------------------------------ headings


@pytest.mark.parametrize("field", WITH_UNIT, ids=attrgetter("name"))
def test_a_heading_is_known_with_its_unit_however_it_is_written(field: Field) -> None:
    for word in (*spelled(field.unit), *UNITS[field.unit].in_headings):
        for text in (f"{field.label} ({word})", f"{field.label.upper()} [{word.upper()}]"):
            assert USUAL.field(text) == field.name, text
    for language in ("patient_id", field.name):  # the name itself is a heading
        assert USUAL.field(language) == language


@pytest.mark.parametrize("field", WITH_UNIT, ids=attrgetter("name"))
def test_a_heading_with_another_unit_is_refused_with_its_sentence(field: Field) -> None:
    for word in foreign(field):
        heading = f"{field.label} ({word})"
        if key(heading) in USUAL.table:  # Medication(s)
            continue
        assert USUAL.field(heading) is None, heading
        assert USUAL.suggestion(heading).startswith("Its unit is another one"), heading


@pytest.mark.parametrize(
    "heading",
    [
        "Duration (in seconds)",
        "Duration (time, h)",
        "Pain duration (since onset, months)",
        "Wavelength (min 800 µm)",
        "Irradiance (max 2 W/cm²)",
        "Mobility (mm/cm)",
    ],
)
def test_another_unit_among_other_words_is_refused(heading: str) -> None:
    assert USUAL.field(heading) is None
    assert "unit" in USUAL.suggestion(heading)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Duration (planned)", "duration"),
        ("Duration (in minutes)", "duration"),
        ("Irradiance (mW/cm² at 5 cm)", "irradiance"),
        ("Irradiance (at 5 cm)", "irradiance"),
        ("Therapist(s)", "therapist"),
        ("Start time (h)", "start_time"),
        ("Medication (mg)", "medication"),
        ("Sex (F)", "sex"),
    ],
)
def test_other_words_in_brackets_do_no_harm(heading: str, field: str) -> None:
    assert USUAL.field(heading) == field


@pytest.mark.parametrize("heading", ["Duration sec", "Duration in seconds", "Mobility, mm"])
def test_no_alias_is_offered_for_another_unit_without_brackets(heading: str) -> None:
    assert USUAL.field(heading) is None
    assert USUAL.suggestion(heading).startswith("Its unit is another one")


def test_words_of_two_units_are_never_alike() -> None:
    seen: dict[str, str] = {}
    for unit in UNITS.values():
        for word in (*spelled(unit.name), *unit.in_headings):
            assert seen.setdefault(key(word), unit.name) == unit.name, word


# --------------------------------------------------------------------------------------- cells


@pytest.mark.parametrize("field", NUMBERS, ids=attrgetter("name"))
def test_a_cell_is_read_with_its_unit_and_without(field: Field) -> None:
    read = reader(field)
    for word in (*spelled(field.unit), *UNITS[field.unit].in_cells):
        for text in (f"12.5 {word}", f"12,5{word}", f"12.5 {word.upper()}."):
            assert read(text, Words()) == Read(12.5), text
    assert read("12.5", Words()) == read(12.5, Words()) == Read(12.5)


@pytest.mark.parametrize("field", NUMBERS, ids=attrgetter("name"))
def test_a_cell_with_another_unit_is_a_bad_value(field: Field) -> None:
    own = {word.casefold() for word in (*spelled(field.unit), *UNITS[field.unit].in_cells)}
    for word in foreign(field):
        if word.casefold() not in own:
            read = reader(field)(f"12.5 {word}", Words())
            assert (read.value, read.rule) == (None, "bad-value"), word


@pytest.mark.parametrize("field", [f for f in EVERY if f.kind == "number"], ids=attrgetter("name"))
def test_negative_numbers_are_read_where_the_bounds_are_negative(field: Field) -> None:
    assert (reader(field)(-1, Words()).value == -1) is (field.bounds[0] < 0)


# ----------------------------------------------------------------------------------- blank log


def log_sheet() -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(template(PROTOCOL)))["Sessions"]


def width(sheet: Worksheet, column: int) -> float:
    return next(d.width for d in sheet.column_dimensions.values() if d.min <= column <= d.max)


def test_the_blank_log_has_every_field_with_its_hint_and_width() -> None:
    sheet = log_sheet()
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    entries = session_entries(PROTOCOL, {})
    assert {entry.field.name for entry in entries} == set(SESSION_FIELDS)
    for column, entry in enumerate(entries, 1):
        cell = sheet.cell(HEADING + 1, column)
        rule = rules[sheet.cell(HEADING + 2, column).coordinate]
        assert cell.value == entry.field.heading
        assert USUAL.field(cell.value) == entry.field.name
        assert rule.promptTitle == entry.field.label
        assert rule.prompt
        assert entry.what.startswith(rule.prompt.rstrip("…"))
        assert width(sheet, column) == pytest.approx(entry.field.width, abs=1)
        if entry.field.kind == "number":
            assert (float(rule.formula1), float(rule.formula2)) == entry.field.bounds


def filled_in() -> tuple[list[str], list[Any]]:
    """The blank log's headings, and one visit with a value in every column."""
    entries = session_entries(PROTOCOL, {})
    return [entry.heading for entry in entries], [ONE_OF_EACH[e.field.kind] for e in entries]


def test_the_filled_in_blank_log_reads_back_without_a_finding() -> None:
    headings, values = filled_in()
    checked = check_books(
        [book_of(sheet_of([headings, values]))], "rules.dose-mismatch.severity='off'"
    )
    assert [finding.message for finding in checked.findings] == []
    visit = next(checked.log.visits.rows())
    for name, field in SESSION_FIELDS.items():
        expected = 570 if field.kind == "time" else ONE_OF_EACH[field.kind]
        assert visit[name] == expected, name


# ------------------------------------------------------------------------------- report and docs


def test_sessions_shows_every_field_that_the_log_has(tmp_path: Path) -> None:
    headings, values = filled_in()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(headings)
    for day in range(3):
        sheet.append([v + dt.timedelta(day) if isinstance(v, dt.datetime) else v for v in values])
    book.save(tmp_path / "log.xlsx")
    done = CliRunner().invoke(
        main, ["report", str(tmp_path / "log.xlsx"), "-o", str(tmp_path / "r.xlsx")]
    )
    assert done.exit_code in (0, 1), done.output
    shown = sheet_values(tmp_path / "r.xlsx", "Sessions")
    columns = [pair for printed in (True, False) for pair in sessions_columns(printed=printed)]
    assert {field.name for field, _ in columns} == {
        field.name for field in SESSION_FIELDS.values() if field.sessions
    }
    for field, _ in columns:
        assert shown[field.sessions_heading] == ONE_OF_EACH[field.kind], field.name
    assert len({field.sessions_heading for field, _ in columns}) == len(columns)


def sheet_values(path: Path, name: str) -> dict[str, Any]:
    """The first row of a sheet's table, by heading."""
    sheet = openpyxl.load_workbook(path)[name]
    rows = list(sheet.iter_rows(values_only=True))
    at = next(at for at, row in enumerate(rows) if "NRS before" in row or "Patient" in row)
    return {str(heading): value for heading, value in zip(rows[at], rows[at + 1], strict=True)}


def test_the_docs_name_every_field_with_its_unit_and_headings() -> None:
    page = fields_page()
    for field in EVERY:
        assert f"\n### {field.label}\n" in page
        assert f"`{field.name}`" in page
        section = page.split(f"`{field.name}`\n")[1].split("\n### ")[0]
        listed = re.split(r", |: |\n", section)
        assert set(packaged_aliases()[field.name]) <= set(listed)
        assert not field.unit or f"- Unit: {field.unit}" in page


def test_a_unit_is_one_that_is_known() -> None:
    assert {field.unit for field in EVERY} - {""} <= set(UNITS)


def test_earlier_fingerprints_stay_what_they_were() -> None:
    assert len(_REST) == 19
    assert {*_IDENTITY, *SCORES, *_REST} == set(SESSION_FIELDS) & {*_IDENTITY, *SCORES, *_REST}


# ------------------------------------------------------------------------ a field that is added

PATCHED = """
import json, sys
from click.testing import CliRunner
from clinicreport.commands.cli import main
from docs.fields_page import fields_page
from docs.make_pages import rules_page
from clinicreport.protocol.in_force import load
from clinicreport.log.cells import Words, reader
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.headings import Aliases

def run(*arguments):
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code in (0, 1), (arguments, done.output, done.exception)
    return done.stdout

field, aliases = SESSION_FIELDS["room_temperature"], Aliases()
cells = ["28 °C", "28", 28, "28C", "28 Grad Celsius", "28º C", "28,0 ℃"]
wrong = ["86 °F", "86F", "86 ℉", "301 K", "28 cm", -3, "28 °"]
known = ["Room temperature", "Room temperature (°C)", "ROOM TEMP. [C]", "Raumtemperatur (° C)",
    "Raumtemperatur", "Temperature (degrees Celsius)", "Room temperature (approx.)"]
other = ["Room temperature (°F)", "Room temp [F]", "Raumtemperatur (Fahrenheit)", "Temperature (K)",
    "Room temperature (in °F)", "Room temperature (deg F)", "Room temperature (°C/°F)",
    "Room temperature °F", "Room temperature, F", "Raumtemperatur in Fahrenheit",
    "Temperature of the room (min)"]
read = reader(field)
run("template", "-o", "template.xlsx")
run("protocol", "-o", "protocol.html")
run("report", "log.xlsx", "-o", "report.xlsx")
print(json.dumps({
    "cells": [read(cell, Words()).value for cell in cells],
    "wrong": [read(cell, Words()).rule for cell in wrong],
    "known": [aliases.field(heading) for heading in known],
    "other": [aliases.field(heading) for heading in other],
    "said": [aliases.suggestion(heading) for heading in other],
    "check": json.loads(run("check", "log.xlsx", "--json")),
    "fahrenheit": json.loads(run("check", "fahrenheit.xlsx", "--json")),
    "own": json.loads(run("check", "log.xlsx", "--json", "--protocol", "own.toml")),
    "plain": json.loads(run("report", "plain.xlsx", "--json"))["clinic"]["reported"],
    "fields": fields_page(),
    "rules": rules_page(load()),
}))
"""


def pieces(section: str) -> list[str]:
    """The code in a section of the page on adding things."""
    text = (ROOT / "docs" / "adding-a-rule.md").read_text(encoding="utf-8")
    part = re.split(r"(?m)^# (?=Adding)", text)
    own = next(body for body in part if body.startswith(f"{section}\n"))
    return re.findall(r"```\w+\n(.*?)```", own, re.DOTALL)


def put(path: Path, before: str, piece: str, indent: str = "") -> None:
    """A piece of code before the first such line of a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    lines = "".join(f"{indent}{line}\n" for line in piece.rstrip().split("\n"))
    path.write_text(text.replace(before, lines + before, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the pieces of the page put in where it says."""
    home = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "clinicreport", home / "clinicreport", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "templates", home / "templates")
    (home / "docs").mkdir()
    for name in ("make_pages.py", "fields_page.py"):
        shutil.copy(ROOT / "docs" / name, home / "docs")
    entry, headings, function, stanza = pieces("Adding a field")
    english, german = re.findall(r"(?m)^room_temperature = .*$", headings)
    put(
        home / "clinicreport/log/fields.py",
        '        Field("wavelength"',
        f"{entry.strip()},",
        " " * 8,
    )
    put(home / "templates/headings.toml", "\n\n[de]", english)
    put(home / "templates/headings.toml", "\n\n[fr]", german)
    session = home / "clinicreport/rules/session.py"
    session.write_text(f"{session.read_text(encoding='utf-8')}\n\n{function}", encoding="utf-8")
    protocol = home / "templates/protocol.toml"
    protocol.write_text(f"{protocol.read_text(encoding='utf-8')}\n{stanza}", encoding="utf-8")
    (column,) = pieces("Adding a report column")
    sheets = home / "clinicreport/books/report/sheets"
    put(sheets / "patients_sheet.py", '    Column("Lines"', f"{column.strip()},", " " * 4)
    return home


@pytest.fixture(scope="module")
def found(copied: Path) -> dict[str, Any]:
    """What the copy says about logs with a room's temperature."""
    for name, heading in (("log", "Raumtemperatur (°C)"), ("fahrenheit", "Room temperature (°F)")):
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(["Patient", "Date", "NRS before", heading])
        for day, cell in enumerate(["28 °C", 30, "30.5", "86 °F", None], 1):
            sheet.append(["007", dt.datetime(2026, 9, day), 6, cell])
        book.save(copied / f"{name}.xlsx")
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Patient", "Date", "NRS before", "Notes"])
    for day in (1, 2, 3):
        book.worksheets[0].append(["007", dt.datetime(2026, 9, day), 6, "well"])
    book.save(copied / "plain.xlsx")
    (copied / "own.toml").write_text("rules.room-too-warm.limit = 29\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PATCHED],
        cwd=copied,
        env=os.environ | {"PYTHONPATH": str(copied), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def told(checked: dict[str, Any], rule: str) -> list[tuple[str, str]]:
    return [(f["cell"], f["message"]) for f in checked["findings"] if f["rule"] == rule]


def test_an_added_fields_cells_are_never_misread(found: dict[str, Any]) -> None:
    assert found["cells"] == [28.0] * 7
    assert found["wrong"] == ["bad-value"] * 7


def test_an_added_fields_headings_are_never_misread(found: dict[str, Any]) -> None:
    assert found["known"] == ["room_temperature"] * 7
    assert found["other"] == [None] * 11
    assert {said.split(";")[0] for said in found["said"]} == {
        "Its unit is another one than is expected there"
    }


def test_an_added_rule_finds_what_is_over_its_own_limit(found: dict[str, Any]) -> None:
    warm = told(found["check"], "room-too-warm")
    assert warm == [("D4", "Sheet!D4: 30.5 °C is over 30 °C. [rules.room-too-warm.limit: 30]")]
    assert [cell for cell, _ in told(found["check"], "bad-value")] == ["D5"]
    assert [cell for cell, _ in told(found["own"], "room-too-warm")] == ["D3", "D4"]
    assert told(found["check"], "unknown-column") == []
    assert [cell for cell, _ in told(found["fahrenheit"], "unknown-column")] == ["D1"]
    assert told(found["fahrenheit"], "room-too-warm") == []


def test_an_added_field_corrects_no_row_of_an_earlier_report(
    found: dict[str, Any], copied: Path
) -> None:
    done = CliRunner().invoke(main, ["report", str(copied / "plain.xlsx"), "--json"])
    assert found["plain"] == json.loads(done.stdout)["clinic"]["reported"]
    assert found["plain"]["rows"]


def test_an_added_field_is_in_report_template_and_pages(
    found: dict[str, Any], copied: Path
) -> None:
    assert sheet_values(copied / "report.xlsx", "Sessions")["Room temperature (°C)"] == 28
    assert sheet_values(copied / "report.xlsx", "Patients")["Visits listed"] == 5
    blank = openpyxl.load_workbook(copied / "template.xlsx")["Sessions"]
    assert "Room temperature (°C)" in [cell.value for cell in blank[HEADING + 1]]
    rules = [rule for rule in blank.data_validations.dataValidation if rule.formula2 == "50"]
    assert [rule.promptTitle for rule in rules] == ["Room temperature"]
    assert "### Room temperature\n\nRoom temperature in °C, a number." in found["fields"]
    assert "raumtemperatur" in found["fields"]
    assert "### room-too-warm\n\nA treatment in a room" in found["rules"]
    assert "31 °C is over 30 °C. [rules.room-too-warm.limit: 30]" in found["rules"]
    assert "room-too-warm" in (copied / "protocol.html").read_text(encoding="utf-8")
