"""Records of text files: too many cells, a missing end, odd quotation marks, ids that were kept."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinicreport.commands.cli import main

TODAY = dt.date(2026, 11, 24)
HEAD = "patient_id,date,nrs_before,nrs_after,duration"
THREE = ("P-001,2026-10-05,8,7,12", "P-001,2026-10-07,7,6,12", "P-001,2026-10-09,6,5,12")


def checked(tmp_path: Path, data: str | bytes, status: int | None = None) -> dict:
    """The JSON of a report on this log."""
    path = tmp_path / "log.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    asked = ["report", str(path), "--json", "--dry-run", "--today", TODAY.isoformat()]
    result = CliRunner().invoke(main, asked)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert status is None or result.exit_code == status
    return json.loads(result.stdout)


def found(made: dict, *rules: str) -> list[tuple]:
    return [
        (f["rule"], f["cell"], f["row"], f["severity"])
        for f in made["findings"]
        if f["rule"] in rules or not rules
    ]


def rows(made: dict) -> tuple[int, int, int]:
    [entry] = made["inputs"]
    return entry["rows"], entry["used"], entry["set_aside"]


def log(*lines: str, end: str = "\n") -> str:
    return "\n".join(lines) + end


RAGGED = {
    "a comma in the condition": (
        log(
            "patient_id,date,condition,nrs_before,nrs_after,duration",
            "P-001,2026-10-05,low back pain,8,7,12",
            "P-002,2026-10-05,neck, 3 years,8,7,12",
            "P-002,2026-10-07,neck, 3,9,2,12",
        ),
        [3, 4],
    ),
    "a comma, and a blank before it": (
        log(
            "patient_id,date,condition,nrs_before,nrs_after,duration",
            "P-001,2026-10-05,low back pain,8,7,12",
            "P-002,2026-10-07,neck, 3,9,,12",
        ),
        [3],
    ),
    "a semicolon in a remark": (
        "Patientennummer;Datum;Schmerz vorher;Schmerz nachher;Dauer (min);Bemerkung\r\n"
        "P-041;13.10.2026;7;6;12;\r\nP-041;müde; 17.10.2026;6;5;12;ok\r\n",
        [3],
    ),
    "a tab in French": (
        log(
            "Patient\tDate\tMotif\tDouleur avant\tDouleur après",
            "P-1\t05/10/2026\tlombalgie\t8\t7",
            "P-1\t17/10/2026\tdos\tbas\t6\t5",
        ),
        [3],
    ),
    "a wide log": (
        log(
            "Patient ID,Start date,Baseline,Week 1,Week 2",
            "P-001,2026-10-05,8,7,6",
            "P-002,2026-10-05,8,7,5,6,5",
        ),
        [3],
    ),
    "below a title": (
        log("Session log October", "", HEAD, THREE[0], "P-001,2026-10-07,7,5,6,5,12"),
        [5],
    ),
}


@pytest.mark.parametrize("name", RAGGED)
def test_a_record_with_more_cells_than_headings(name: str, tmp_path: Path):
    content, at = RAGGED[name]
    made = checked(tmp_path, content)
    assert found(made, "ragged-row") == [("ragged-row", "", row, "error") for row in at]
    assert rows(made)[2] >= len(at)
    assert not [f for f in made["findings"] if f["row"] in at and f["rule"] != "ragged-row"]


def test_decimal_commas_without_quotation_marks(tmp_path: Path):
    made = checked(
        tmp_path, log(HEAD, "P-001,2026-10-05,7,5,6,5,12", "P-001,2026-10-07,6,5,5,5,12")
    )
    assert found(made, "ragged-row") == [("ragged-row", "", n, "error") for n in (2, 3)]
    assert (made["courses"], rows(made)) == ([], (2, 0, 2))


@pytest.mark.parametrize(
    "content",
    [
        log("patient_id;date;nrs_before;;;", "P-1;2026-10-05;8;;;", "P-1;2026-10-07;7;;;;;;"),
        log(HEAD, THREE[0] + ",", THREE[1] + ",,,"),
        log(HEAD + ",notes", *THREE, end=",fine"),
        log(HEAD, *THREE, end=""),
        log(",patient_id,date,nrs_before", "0,P-1,2026-10-05,8", "1,P-1,2026-10-07,7"),
        log("Log of October 2026,,,,,,,note", HEAD, *THREE),
        log("sep=,", HEAD, *THREE),
        log(HEAD, *THREE) + "\x1a",
        log(HEAD, *(f'"{line}"' for line in THREE)),
        log(*(f'"{line}"' for line in (HEAD, *THREE))),
        log(*(f'"{line}";;;' for line in (HEAD, *THREE))),
        log(HEAD, *THREE).replace("\n", "\r\n", 2),
        log(HEAD, *THREE).replace("\n", "\r"),
    ],
)
def test_honest_files_cause_no_finding(content: str, tmp_path: Path):
    made = checked(tmp_path, content, 0)
    assert [f for f in found(made) if f[3] != "note"] == []
    assert rows(made)[2] == 0
    assert rows(made)[0] >= 2


CUT = {
    "in a score": (log(HEAD, *THREE[:2], end="\nP-001,2026-10-09,1"), 4),
    "behind a score": ("\r\n".join((HEAD, *THREE, "P-2,2026-10-09,3")).replace(",", "\t"), 5),
    "in an id": (log(HEAD, *THREE, end="\nP-0"), 5),
    "in quotation marks": (
        log(
            '"patient_id","date","nrs_before"',
            '"P-1","2026-10-05","8"',
            end='\n"P-1","2026-10-07","1',
        ),
        3,
    ),
    "below a title": (log("October", HEAD, *THREE, end="\nP-0"), 6),
    "in a letter": (log(HEAD + ",notes", *(f"{line},größer" for line in THREE)).encode()[:-4], 4),
    "in UTF-16": (log(HEAD, *THREE, end="\nP-001,2026-10-11,1").encode("utf-16"), 5),
}


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_was_cut_off(name: str, tmp_path: Path):
    content, row = CUT[name]
    made = checked(tmp_path, content)
    assert found(made, "cut-file") == [("cut-file", "", row, "error")]
    assert rows(made)[2] == 1


@pytest.mark.parametrize(
    "ids",
    [
        ('="007"', '"=""007"""', "007"),
        ("'007", "007", '"\'007"'),
        ("'007'", '="007"', " '007"),
    ],
)
def test_ids_that_were_to_survive_excel(ids: tuple, tmp_path: Path):
    lines = [f"{id_},2026-10-0{day},{day}" for day, id_ in enumerate(ids, 5)]
    made = checked(tmp_path, log("patient_id,date,nrs_before", *lines), 0)
    assert [(c["patient"], c["sessions"]) for c in made["courses"]] == [("007", 3)]


def test_values_that_were_to_survive_excel(tmp_path: Path):
    made = checked(
        tmp_path,
        log(
            "patient_id,date,nrs_before,notes",
            'P-1,="2026-10-05",="8",\'twas',
            "P-1,'2026-10-07,'7,=1+1",
        ),
        0,
    )
    [course] = made["courses"]
    assert (course["day_0"], course["baseline"], course["latest"]) == ("2026-10-05", 8, 7)


@pytest.mark.parametrize(
    "notes",
    [
        r'"said \"much better, thanks\", then left"',
        ' "neck, left"',
        '"two\nlines, and more"',
        '"5"" scar, old"',
        '"C:\\"',
    ],
)
def test_quotation_marks_as_programs_write_them(notes: str, tmp_path: Path):
    head = "patient_id,date,notes,nrs_before"
    made = checked(tmp_path, log(head, f"P-1,2026-10-05,{notes},8", f"P-1,2026-10-07,{notes},6"), 0)
    assert found(made) == []
    [course] = made["courses"]
    assert (course["baseline"], course["latest"]) == (8, 6)


def test_a_mark_that_is_never_closed_swallows_no_record_in_silence(tmp_path: Path):
    made = checked(
        tmp_path,
        log(
            "patient_id,date,nrs_before,notes",
            'P-1,2026-10-05,8,"never closed',
            "P-1,2026-10-07,7,fine",
            'P-1,2026-10-09,6,"good"',
        ),
        3,
    )
    assert "quotation mark in line 2 that is never closed" in made["inputs"][0]["reason"]


def test_an_encoding_that_was_guessed_is_said(tmp_path: Path):
    content = log("Patient;Datum;Schmerz vorher;Bemerkung", "P-1;2026-10-05;8;müde")
    made = checked(tmp_path, content.encode("mac_roman"), 0)
    assert found(made, "guessed-encoding") == [("guessed-encoding", "", None, "warning")]
    assert "encoding: Mac Roman, a guess" in made["inputs"][0]["assumptions"]


def test_lines_in_two_encodings_are_not_read(tmp_path: Path):
    made = checked(
        tmp_path, b"Patient;Datum;Schmerz vorher\nM\xc3\xbc;2026-10-05;8\nM\xfc;2026-10-07;7\n", 3
    )
    assert found(made) == [("guessed-encoding", "", None, "error")]
