"""The workbook recalculated by LibreOffice: every formula gives its cached value, and follows."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_data as data
from report_data import VARIANTS
from test_report import figures, table

from clinicreport.books.report import report_workbook
from clinicreport.ground.resources import resource
from clinicreport.outcomes.analysis import Analysis
from clinicreport.path import report
from clinicreport.settings.request import make_request

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""

CHANGED = ("P-004", 1.0)  # the patient whose latest score is corrected, and the new score


def corrected(rows: list[dict[str, Any]]) -> int:
    """Which row holds the latest score of the patient that is corrected."""
    own = [
        at
        for at, row in enumerate(rows)
        if row["patient_id"] == CHANGED[0]
        and row["nrs_before"] is not None
        and row.get("visit_type") != "follow-up"
    ]
    return own[-1]


def edited(content: bytes) -> bytes:
    """The workbook as a clinic edits it: one score, or one more patient chosen, saved again."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["Sessions"]
    area = sheet[sheet.tables["sessions"].ref]
    heads = [cell.value for cell in area[0]]
    own = [
        row
        for row in area[1:]
        if row[heads.index("Patient")].value == CHANGED[0]
        and row[heads.index("NRS before")].value is not None
        and row[heads.index("Visit")].value == "treatment"
    ]
    own[-1][heads.index("NRS before")].value = CHANGED[1]
    serial = own[0][heads.index("No.")].value
    choice = next(
        cell
        for row in book["Patient"].iter_rows(max_row=8)
        for cell in row
        if " · " in str(cell.value)
    )
    choice.value = f"{serial} · {CHANGED[0]}"
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def emptied() -> bytes:
    """A small clinic whose scores were all deleted."""
    rows = [
        data.visit(name, day, 8.0 - at, condition="knee")
        for at, name in enumerate("ABC")
        for day in (-90, -83, -76)
    ]
    rows += [data.visit(name, -10, 3.0, visit_type="follow-up") for name in "AB"]
    book = openpyxl.load_workbook(BytesIO(report_workbook.content(data.from_rows(rows))))
    sheet = book["Sessions"]
    heads, *lines = sheet[sheet.tables["sessions"].ref]
    column = next(at for at, head in enumerate(heads) if head.value == "NRS before")
    for line in lines:
        line[column].value = None
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def samples() -> Analysis:
    """The samples by the whole path, so that its figures and the formulas are compared."""
    request = make_request(today="2026-11-02")
    return report([resource("samples/three-months")], request).analysis


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """Name -> (as written, as LibreOffice saves it after recalculating), in one run of it."""
    folder = tmp_path_factory.mktemp("live")
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(RECALCULATE)
    made = {
        name.replace(" ", "-"): report_workbook.content(make()) for name, make in VARIANTS.items()
    }
    made["samples"] = report_workbook.content(samples())
    made["edited"] = edited(made["clinic"])
    made["emptied"] = emptied()
    for name, content in made.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    out = folder / "out"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            *(str(folder / f"{name}.xlsx") for name in made),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {name: (made[name], Path(out / f"{name}.xlsx").read_bytes()) for name in made}


@pytest.mark.parametrize("name", [*(name.replace(" ", "-") for name in VARIANTS), "samples"])
def test_every_formula_gives_its_cached_value(
    books: dict[str, tuple[bytes, bytes]], name: str
) -> None:
    written, recalculated = books[name]
    formulas = openpyxl.load_workbook(BytesIO(written))
    cached, live = (
        openpyxl.load_workbook(BytesIO(content), data_only=True)
        for content in (written, recalculated)
    )
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                compared += 1
                old = cached[sheet.title][cell.coordinate].value or ""
                new = live[sheet.title][cell.coordinate].value or ""
                if isinstance(old, int | float) and not isinstance(old, bool):
                    assert new == pytest.approx(old, rel=1e-9, abs=1e-9), (sheet.title, cell)
                else:
                    assert new == old, (sheet.title, cell, cell.value)
    assert compared > {"empty": -1, "clinic": 1000, "samples": 1000}.get(name, 100)


def test_a_corrected_score_changes_what_follows_from_it(
    books: dict[str, tuple[bytes, bytes]],
) -> None:
    rows = data.visits(40)
    rows[corrected(rows)]["nrs_before"] = CHANGED[1]
    expected = data.from_rows(rows)
    before, after = (figures(content) for content in (books["clinic"][0], books["edited"][1]))
    moved = 0
    for name in (
        "mean_latest",
        "mean_reduction",
        "median_percent_reduction",
        "ratio_of_means",
        "standardised_mean_change",
    ):
        assert after[name] == pytest.approx(getattr(expected.clinic, name), abs=1e-9), name
        moved += before[name] != after[name]
    assert after["worse_observed"] == pytest.approx(expected.clinic.worse.observed)
    for name in ("responder_30", "responder_50", "mcid"):
        rate = getattr(expected.clinic, name)
        assert after[f"{name}_observed"] == pytest.approx(rate.observed)
    for name, interval in (
        ("mean_reduction", expected.clinic.mean_reduction_ci),
        ("median_percent_reduction", expected.clinic.median_percent_reduction_ci),
        ("standardised_mean_change", expected.clinic.standardised_mean_change_ci),
        ("worse_observed", expected.clinic.worse.observed_ci),
        ("dropout_rate", expected.clinic.dropout_rate_ci),
    ):
        ends = [after[f"{name}_low"], after[f"{name}_high"]]
        assert ends == pytest.approx(interval, abs=1e-9), name
    assert moved >= 4
    course = next(row for row in expected.courses.rows() if row["patient"] == CHANGED[0])
    shown = {row["Patient"]: row for row in table(books["edited"][1], "Patients", "patients")}
    assert shown[CHANGED[0]]["Latest"] == CHANGED[1]
    assert shown[CHANGED[0]]["Percent"] == pytest.approx(course["percent_reduction"])
    assert shown[CHANGED[0]]["Response"] == "50 % or more"


def test_chart_numbers_follow_a_corrected_score(books: dict[str, tuple[bytes, bytes]]) -> None:
    rows = data.visits(40)
    rows[corrected(rows)]["nrs_before"] = CHANGED[1]
    weekly = data.from_rows(rows).by_week
    expected, same = (
        {row["week"]: row for row in weekly.rows() if row["group"] == group}
        for group in ("attending", "same")
    )
    points = table(books["edited"][1], "Charts", "by_week")
    helper = table(books["edited"][1], "Charts", "by_week_chart")
    for week in range(4):
        assert helper[week]["Same patients: mean"] == pytest.approx(same[week]["mean"], abs=1e-9)
        assert helper[week]["Same patients: n"] == same[week]["n"]
    for week, row in expected.items():
        assert points[week]["Mean"] == pytest.approx(row["mean"], abs=1e-9)
        assert points[week]["Patients"] == row["n"]
    bars = table(books["edited"][1], "Charts", "distribution")
    counted = sum(value or 0 for bar in bars for value in list(bar.values())[1:])
    assert counted == figures(books["edited"][1])["evaluable"]


def test_an_edited_workbook_says_so(books: dict[str, tuple[bytes, bytes]]) -> None:
    said = [
        openpyxl.load_workbook(BytesIO(content), data_only=True)["Summary"]["A3"].value
        for content in (books["clinic"][1], books["edited"][1])
    ]
    assert said[0] == "As made: no score has been changed since."
    assert said[1].startswith("EDITED since made: 1 score")


DRAWN = ("Patient", "Charts")  # their tables are what charts are drawn from


def test_where_corrections_leave_nobody_there_are_words_and_no_errors(
    books: dict[str, tuple[bytes, bytes]],
) -> None:
    book = openpyxl.load_workbook(BytesIO(books["emptied"][1]), data_only=True)
    shown = {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    }
    errors = {where: text for where, text in shown.items() if text.startswith("#")}
    assert {text for (sheet, _), text in errors.items() if sheet not in DRAWN} == set()
    assert set(errors.values()) <= {"#N/A"}  # what a chart leaves out
    page = [text for (sheet, _), text in shown.items() if sheet == "Summary"]
    assert (
        "Whether it helped cannot be said: nobody has a score above 0 at the start and a later one."
        in page
    )
    assert page.count("not known") >= 3


def test_the_first_page_says_which_of_its_parts_are_as_made(
    books: dict[str, tuple[bytes, bytes]],
) -> None:
    before, after = (
        [
            str(cell.value)
            for row in openpyxl.load_workbook(BytesIO(content), data_only=True)[
                "Summary"
            ].iter_rows()
            for cell in row
        ]
        for content in (books["clinic"][1], books["edited"][1])
    )
    # A chart below the first page that never follows says so in its heading from the start.
    assert [text for text in before if "as made" in text] == ["Month by month (as made)"]
    marked = [text.removesuffix(" (as made)") for text in after if text.endswith(" (as made)")]
    assert set(marked) <= set(before)
    assert "Did it last?" in marked
    assert any(text.startswith("To do") for text in marked)
    assert any(text.endswith("not known.") for text in marked)
    assert any(text.startswith("Not followed: sheets To do, Findings") for text in after)


def test_the_chosen_patient_is_shown(books: dict[str, tuple[bytes, bytes]]) -> None:
    content = books["edited"][1]
    page = openpyxl.load_workbook(BytesIO(content), data_only=True)["Patient"]
    texts = [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]
    rows = data.visits(40)
    own = [row for row in rows if row["patient_id"] == CHANGED[0]]
    start = next(row["nrs_before"] for row in own)
    assert any(str(text).startswith(f"From {start:g} to {CHANGED[1]:g} of 10:") for text in texts)
    visits = [row for row in table(content, "Patient", "patient_visits") if row["Visit"]]
    assert len(visits) == len(own)
    assert visits[-1]["NRS before"] in {CHANGED[1], own[-1]["nrs_before"]}
