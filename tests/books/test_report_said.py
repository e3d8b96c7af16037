"""What the report says beside its figures: what is left out, what changed, who departed and why."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest
import report_data as data
from helpers import png
from report_data import VARIANTS
from test_report import cells, figures, sheet, table

from clinicreport.books.report import chosen_points, report_workbook, size_limits
from clinicreport.books.report.ordered_visits import ordered
from clinicreport.books.report.sheets import weeks_sheet
from clinicreport.ground.errors import UsageError
from clinicreport.ground.frame import Frame, holds, missing
from clinicreport.log.visit_table import Visits, in_order
from clinicreport.outcomes.figures import MonthFigures
from clinicreport.settings.request import make_request
from clinicreport.workbook import logo
from clinicreport.workbook.output import save

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def rests_on(content: bytes) -> list[tuple[str, str]]:
    """The lines of "What the figures rest on"."""
    rows = sheet(content, "Summary")
    start = next(at for at, row in enumerate(rows) if row[0] == "What the figures rest on")
    stop = next(at for at, row in enumerate(rows) if row[0] == "Behind the figures")
    return [(row[0] or "", row[1]) for row in rows[start + 1 : stop] if row[1]]


# Size ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large() -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size_limits, "LIVE", 100)
        patch.setattr(size_limits, "LISTED", 15)
        return report_workbook.content(data.analysis(40))


def test_a_large_report_holds_values_only(large: bytes) -> None:
    assert not [text for text in cells(large, values=False).values() if str(text)[:1] == "="]
    expected = data.analysis(40).clinic
    shown = figures(large)
    for name in ("mean_reduction", "median_percent_reduction", "ratio_of_means", "adherence"):
        assert shown[name] == pytest.approx(getattr(expected, name), abs=1e-12)
    assert shown["responder_30_observed"] == pytest.approx(expected.responder_30.observed)
    book = openpyxl.load_workbook(BytesIO(large))
    assert book.sheetnames == list(report_workbook.CONTENTS)
    assert "sessions" not in book["Sessions"].tables
    for name in ("Sessions", "Weeks", "Patient"):
        assert "ver 100 visits" in str(sheet(large, name)), name


def test_a_large_report_lists_the_gravest(large: bytes) -> None:
    patients = table(large, "Patients", "patients")
    assert len(patients) == 15
    assert patients[0]["Response"] == "worse"
    assert patients[0]["Baseline"] - patients[0]["Latest"] == patients[0]["Reduction"]
    found = table(large, "Findings", "findings")
    assert len(found) == 15
    assert found[0]["Severity"] == "✖ error"
    assert len(table(large, "To do", "todo")) == 15
    for name in ("Patients", "Findings", "To do"):
        assert "he first 15" in str(sheet(large, name)), name


def test_summary_says_what_a_large_report_leaves_out(large: bytes) -> None:
    said = [text for label, text in rests_on(large) if label == "Left out for size"]
    assert len(said) == 3
    assert "over 100: visits are not listed" in said[0]
    assert "sheet Patients: patients 15 of 40 are listed" in said[1]
    assert "sheet Findings: findings 15 of" in said[2]


def test_a_report_of_ordinary_size_leaves_out_nothing() -> None:
    content = report_workbook.content(data.analysis(40))
    assert not [text for label, text in rests_on(content) if label == "Left out for size"]
    assert "Eye protection" in table(content, "Sessions", "sessions")[0]


def test_columns_and_the_sorted_chart_are_left_out_and_said(monkeypatch: Any) -> None:
    monkeypatch.setattr(size_limits, "WHOLE", 100)
    monkeypatch.setattr(size_limits, "ORDERED", 10)
    content = report_workbook.content(data.analysis(40))
    said = [text for label, text in rests_on(content) if label == "Left out for size"]
    assert len(said) == 2
    assert "leaves out precautions" in said[0]
    assert "no column for each" in said[1]
    assert "Eye protection" not in table(content, "Sessions", "sessions")[0]
    assert "ordered" not in openpyxl.load_workbook(BytesIO(content))["Charts"].tables
    assert any("Left out: over" in str(value) for value in cells(content).values())


def test_charts_that_cannot_be_drawn_say_why() -> None:
    content = report_workbook.content(data.one_patient())
    said = {value for (name, _), value in cells(content).items() if name == "Charts"}
    assert "Not known: it takes two months with scores." in said
    assert "Not known: nobody who responded came back for a follow-up." in said
    nobody = report_workbook.content(data.nobody_evaluable())
    with ZipFile(BytesIO(nobody)) as archive:
        charts = [name for name in archive.namelist() if "charts/chart" in name]
    assert len(charts) == 3  # the patient's two, and the weeks


# Who is counted --------------------------------------------------------------------------------


def test_the_same_figures_over_other_patients() -> None:
    analysis = data.analysis(150)
    rows = {
        row["Counted"]: row for row in table(report_workbook.content(analysis), "Charts", "choices")
    }
    courses = analysis.courses
    good = courses.where(missing(courses["not_evaluable"]))
    groups = {
        "Evaluable patients (headline)": good,
        "Without those who started under 4": good.where(good["baseline"] >= 4),
        "Only those who started under 4": good.where(good["baseline"] < 4),
        "Ended courses": good.where(good["status"] != "in-progress"),
        "Not yet due: courses in progress": good.where(good["status"] == "in-progress"),
    }
    for label, group in groups.items():
        assert rows[label]["Patients"] == len(group) > 0, label
        assert rows[label]["30 % less"] == pytest.approx(holds(group["responder_30"]).mean())
    carried = rows["Nobody left out: a missing later score taken as no change"]
    started = courses.where(courses["baseline"] > 0)
    assert carried["Patients"] == len(started)
    hits = holds(good["responder_30"]).sum()
    assert carried["30 % less"] == pytest.approx(hits / len(started))


def test_each_session_names_its_cell() -> None:
    analysis = data.analysis(12)
    rows = table(report_workbook.content(analysis), "Sessions", "sessions")
    told = {(row["File"], row["Sheet"], row["Row"]): row["Cell"] for row in rows}
    assert len(told) == len(analysis.sessions)
    for visit in analysis.sessions.frame.rows():
        assert told[visit["file"], visit["sheet"], visit["row"]] == visit["cell"]


def test_waivers_are_listed() -> None:
    rows = table(report_workbook.content(data.analysis(40)), "Adherence and safety", "waivers")
    assert rows == [
        {"Therapist": "KB", "Sessions": 4, "Patients": 2, "Reasons": "travelled (3), =1+1 (1)"}
    ]
    assert (
        "No session carries a waiver."
        in cells(report_workbook.content(data.one_patient())).values()
    )


# What changed ----------------------------------------------------------------------------------

MONTH = MonthFigures("2026-10", n=30, mean_reduction=2.25, responder_30=0.6)
BEFORE = MonthFigures("2026-09", n=1, mean_reduction=-0.5, responder_30=0.0)
NOBODY = MonthFigures("2026-09", n=0, mean_reduction=None, responder_30=None)


@pytest.mark.parametrize(
    ("trend", "said"),
    [
        (
            [BEFORE, MONTH],
            "Oct 2026: 2.3 points less, 60.0 % down by 30 %, n = 30; the own report of Sep 2026:"
            " 0.5 points more, 0.0 % down by 30 %, n = 1",
        ),
        (
            [MONTH],
            "Oct 2026: 2.3 points less, 60.0 % down by 30 %, n = 30; no earlier month to compare",
        ),
        (
            [NOBODY, MONTH],
            "Oct 2026: 2.3 points less, 60.0 % down by 30 %, n = 30; the own report of Sep 2026:"
            " nobody evaluable",
        ),
        ([NOBODY], "no evaluable patient yet"),
        ([], "no evaluable patient yet"),
    ],
)
def test_what_changed_since_last_month(trend: list[MonthFigures], said: str) -> None:
    analysis = data.one_patient()
    content = report_workbook.content(
        analysis._replace(clinic=replace(analysis.clinic, trend=trend))
    )
    lines = rests_on(content)
    first = [label for label, _ in lines].index("Month by month")
    assert said in " ".join(text for _, text in lines[first:])


@pytest.mark.parametrize(("number", "lines"), [(0, 0), (1, 1), (4, 4), (5, 4)])
def test_restated_figures_stand_on_the_first_page(number: int, lines: int) -> None:
    told = tuple(f"September 2026: sentence {at}" for at in range(number))
    content = report_workbook.content(data.one_patient()._replace(restated=told))
    shown = [text for _, text in rests_on(content) if "sentence" in text or "more (sheet" in text]
    assert len(shown) == lines
    assert [label for label, _ in rests_on(content)].count("Restated") == bool(number)
    if number == 5:
        assert shown == [*told[:3], "and 2 more (sheet Method)"]
    method = [value for (name, _), value in cells(content).items() if name == "Method"]
    assert [text for text in told if text in method] == list(told)


# Words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", VARIANTS.values(), ids=VARIANTS)
def test_percent_is_written_in_one_way(make: Any) -> None:
    """30 %, with a space, in texts, in number formats and in charts."""
    content = report_workbook.content(make())
    close = re.compile(r'[\d0]"?%')
    for where, value in cells(content).items():
        assert not close.search(str(value)), (where, value)
    for where, text in cells(content, values=False).items():
        assert not close.search(str(text)), (where, text)
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if "charts/chart" in name or name.endswith("styles.xml"):
                text = archive.read(name).decode().replace("&quot;", '"')
                shown = re.findall(r'formatCode="(.*?)"(?= |/|>)|<a:t>(.*?)</a:t>', text)
                assert not [pair for pair in shown if close.search("".join(pair))], name


@pytest.mark.parametrize(
    ("name", "title"),
    [("", "Clinic report"), ("Harbour Pain Clinic", "Harbour Pain Clinic: clinic report")],
)
def test_the_title_names_the_clinic(name: str, title: str) -> None:
    content = report_workbook.content(data.one_patient()._replace(clinic_name=name))
    book = openpyxl.load_workbook(BytesIO(content))
    assert book["Summary"]["A1"].value == title
    assert book.properties.title == f"{title}, all visits up to 19 October 2026"


# Logo ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(400, 100), (100, 400), (3000, 20), (8, 8)])
def test_the_logo_fits_the_head_of_the_first_page(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(width, height))
    made = logo.load(path)
    assert made.width <= logo.WIDTH + 1e-9
    assert made.height <= logo.HEIGHT + 1e-9
    assert made.width / made.height == pytest.approx(width / height)
    content = report_workbook.content(data.one_patient()._replace(logo=path))
    with ZipFile(BytesIO(content)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    anchor = next(a for a in drawing.split("</xdr:twoCellAnchor>") if "<xdr:pic>" in a)
    assert re.findall(r"<xdr:col>(\d+)</xdr:col>", anchor)[-1] == "3"
    assert re.findall(r"<xdr:row>(\d+)</xdr:row>", anchor) == ["0", "0"]
    assert 'descr="Logo of Harbour Pain Clinic"' in anchor
    with ZipFile(BytesIO(content)) as archive:
        assert archive.read("xl/media/image1.png") == path.read_bytes()
    assert content == report_workbook.content(data.one_patient()._replace(logo=path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is not there"),
        (b"GIF89a....", "PNG or JPEG"),
        (b"", "PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff\xe0", "damaged"),
        (png(0, 5), "damaged"),
    ],
)
def test_a_logo_of_no_use_is_said(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "logo.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        save(
            report_workbook.content(data.one_patient()._replace(logo=path)),
            tmp_path / "report.xlsx",
        )
    assert 'logo = "logo.png"' in str(caught.value)
    assert not (tmp_path / "report.xlsx").exists()


def test_the_logo_is_looked_for_in_the_clinic_folder(tmp_path: Path) -> None:
    from clinicreport.path import report

    (tmp_path / "clinic.toml").write_text('name = "Harbour"\nlogo = "looks/logo.png"\n')
    (tmp_path / "log.csv").write_text(
        "Patient ID,Date,NRS before\n1,2026-10-05,7\n1,2026-10-07,5\n"
    )
    request = make_request(folder=tmp_path, today="2026-11-02")
    assert report([tmp_path / "log.csv"], request).analysis.logo == tmp_path / "looks" / "logo.png"
    request = make_request(config_file=tmp_path / "clinic.toml", today="2026-11-02")
    assert report([tmp_path / "log.csv"], request).analysis.logo == tmp_path / "looks" / "logo.png"
    assert report([tmp_path / "log.csv"], make_request(today="2026-11-02")).analysis.logo is None


def test_the_manual_gives_the_limits_in_force() -> None:
    text = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    for number, what in (
        (size_limits.WHOLE, "visits | precautions"),
        (size_limits.LIVE, "visits | no formulas"),
        (size_limits.LISTED, "| the gravest"),
        (size_limits.ORDERED, "evaluable patients | that chart"),
        (chosen_points.MOST_VISITS, "| the first"),
        (weeks_sheet.MOST, "| the first half year"),
    ):
        assert f"| {number:,} {what}".replace("  ", " ") in text, what
    for picture in re.findall(r"\]\((pictures/.*?)\)", text):
        assert (Path(__file__).parents[2] / "docs" / picture).stat().st_size <= 150_000


def test_visits_of_two_people_with_one_id_stand_apart_before_any_course() -> None:
    days = ["2026-03-01", "2026-03-02", "2026-03-03"]
    entered = Frame(
        {
            "patient_id": ["A", "A", "A"],
            "clinic": ["North", "South", "North"],
            "date": np.array(days, dtype="datetime64[s]"),
            "start_time": np.full(3, np.nan),
            "visit_type": ["screening"] * 3,
        }
    )
    known = {"course": [None] * 3, "in_scope": [False] * 3, "adverse_event": [None] * 3}
    placed = ordered(Visits(in_order(entered, None).assign(**known)), {})
    assert placed["clinic"].tolist() == ["North", "North", "South"]
