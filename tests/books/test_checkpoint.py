"""The week of the checkpoint and of a full course: the protocol's numbers, in every text."""

import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from clinic_folders import log, make_folder, run
from kinds_of_logs import Page as Sheet
from kinds_of_logs import on, xlsx
from openpyxl import load_workbook

from clinicreport.protocol import in_force
from docs import make_pages as docs_pages

Cli = Callable[..., Result]
OWN = 'name = "Own"\n[course]\ncheckpoint_week = 6\ncomplete_weeks = 5\n'
FOUR = re.compile(r"week[- ]4\b|weeks? four|four weeks|\b3 weeks", re.IGNORECASE)


@pytest.fixture
def own(folder: Path) -> Path:
    """A log of slow progress for nine weeks, and of a patient who has just begun."""
    slow = [["P-1", on(day), 7.0] for day in range(0, 64, 3)]
    new = [["P-2", on(day), 7.0] for day in (57, 60, 63)]
    head = ["Patient ID", "Date", "NRS before"]
    (folder / "log.xlsx").write_bytes(xlsx(Sheet([head, *slow, *new])))
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    return folder


def texts(path: str) -> dict[str, list[str]]:
    """The texts of each sheet of a workbook."""
    book = load_workbook(path, data_only=True)
    return {
        sheet.title: [
            cell
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if isinstance(cell, str)
        ]
        for sheet in book.worksheets
    }


def report(cli: Cli, *more: str) -> dict[str, list[str]]:
    result = cli(
        "report", "log.xlsx", "--protocol", "own.toml", "-o", "r.xlsx", *more, today="2026-11-04"
    )
    assert result.exit_code == 0, result.output
    return texts("r.xlsx")


def test_every_sheet_names_the_protocols_week(own: Path, cli: Cli) -> None:
    found = report(cli)
    assert any("little change by week 6" in text for text in found["Summary"])
    assert "under 30 % at week 6" in found["Patients"]
    assert {
        "Decide whether to go on: little change by week 6",
        "Check the response at week 6",
        "under 30 % at week 6",
    } <= set(found["To do"])
    assert any("By week 6 the pain was 7" in text for text in found["Findings"])
    assert any("reached 5 weeks" in text for text in found["Summary"])
    assert "reached 5 weeks" in found["Patients"]


def test_no_sheet_names_another_week(own: Path, cli: Cli) -> None:
    """But for the rule's name, the clinic's evidence, and the week numbers of a course."""
    for sheet, said in report(cli).items():
        if sheet in ("Evidence", "Weeks", "Charts"):
            continue
        named = [t for t in said if FOUR.search(t.replace("no-response-by-week-4", ""))]
        assert [t for t in named if t != "Week 4" and "full benefit" not in t] == [], sheet


def test_the_patients_page_agrees(own: Path, cli: Cli) -> None:
    result = cli(
        "patient", "--all", "pages", "log.xlsx", "--protocol", "own.toml", "--today", "2026-11-04"
    )
    assert result.exit_code == 0, result.output
    slow, new = (" ".join(chain(*texts(f"pages/patient-P-{n}.xlsx").values())) for n in (1, 2))
    assert "Under 30 % less pain by week 6" in slow
    assert "reached 5 weeks" in slow
    assert "week-6 check of the response" in new
    assert not FOUR.search(slow + new)


def test_the_shared_version_agrees(own: Path, cli: Cli) -> None:
    found = report(cli, "--share")
    assert any("Reached 5 weeks, or discharged" in text for text in chain(*found.values()))


def test_the_protocols_own_page_and_the_rules_page_agree(own: Path, cli: Cli) -> None:
    said = cli("protocol", "--protocol", "own.toml", today=None).output
    assert "course.checkpoint_week: 6" in said
    assert not FOUR.search(said.replace("no-response-by-week-4", "").replace("3 to 4 weeks", ""))
    page = docs_pages.rules_page(in_force.load(own / "own.toml"))
    assert "course.checkpoint_week: 6" in page
    assert not FOUR.search(re.sub(r"no-response-by-week-4|3 to 4 weeks|- Example:.*", "", page))


def test_the_mail_agrees(tmp_path: Path) -> None:
    clinic = make_folder(tmp_path / "clinic")
    (clinic.root / "protocol.toml").write_text(OWN, encoding="utf-8")
    (clinic.inbox / "log.csv").write_bytes(log(scores=(7, 7, 7, 7, 7)))
    assert run(clinic).problems == []
    for message in clinic.outbox.rglob("*.eml"):
        assert not FOUR.search(message.read_text(encoding="utf-8"))


def test_the_default_is_week_4(own: Path, cli: Cli) -> None:
    assert own == Path.cwd()
    assert cli("report", "log.xlsx", "-o", "r.xlsx", today="2026-11-04").exit_code == 0
    found = texts("r.xlsx")
    assert "under 30 % at week 4" in found["Patients"]
    assert any("reached 3 weeks" in text for text in found["Summary"])


def test_a_waiver_is_known_by_a_flag_and_not_by_its_words(
    from_books: Callable[..., dict[str, Any]],
) -> None:
    """The JSON keeps to the contract's keys; what the program needs beside them stays within."""
    from helpers import book_of, sheet_of

    rows = [
        ["Patient ID", "Date", "NRS before", "Minutes", "Waiver"],
        ["P-1", on(0), 7.0, 45.0, "Waived: “by the owner”"],
    ]
    found = from_books(book_of(sheet_of(rows)))["findings"]
    (note,) = [f for f in found if f["rule"] == "ramp-up-too-long"]
    assert note["severity"] == "note"
    assert not {"said", "advice", "waived"} & set(note)
