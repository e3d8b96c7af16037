"""No line of a patient's chart goes over a time nobody came."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import report_data as data
from test_report import table

from clinicreport.books.patient.facts import Facts, gather
from clinicreport.books.patient.joined_visits import joined, joined_points
from clinicreport.books.patient.patient_page import content
from clinicreport.books.report import report_workbook
from clinicreport.workbook.theme import Theme

# A pause of 24 days, a missing score, and a follow-up 40 days after the last treatment.
ROWS = [
    data.visit("P", 0, 8),
    data.visit("P", 3, 7),
    data.visit("P", 27, 6),
    data.visit("P", 29, None),
    data.visit("P", 31, 5),
    data.visit("P", 34, 4),
    data.visit("P", 74, 6, visit_type="follow-up"),
]


@pytest.fixture(scope="module")
def whole() -> tuple[Facts, Any]:
    checked = data.judged_rows(ROWS, today="2027-01-31")
    analysis = data.counted(checked).analysis
    (facts,) = gather(checked, analysis)
    return facts, analysis


def scores(visits: Any) -> list[float]:
    return [float(visit["nrs_before"]) for visit in visits]


def test_lines_end_where_nobody_came(whole: tuple[Facts, Any]) -> None:
    found = joined(whole[0], 14)
    assert [scores(run) for run in found.runs] == [[8, 7], [5, 4]]
    assert [scores(pair) for pair in found.over] == [[4, 6]]
    run = [point[1] for point in joined_points(whole[0], 14)]
    assert run == [8, 7, None, 5, 4, None, None, None, None]


def test_the_page_draws_these_lines(whole: tuple[Facts, Any]) -> None:
    facts, analysis = whole
    with ZipFile(BytesIO(content(analysis, facts, Theme.load()))) as parts:
        xml = parts.read("xl/charts/chart1.xml").decode()
    assert xml.count("no treatment in between") == 1
    assert "<c:legendEntry>" in xml  # the lines have no name of their own


def test_the_sheet_of_the_report_joins_each_stretch_alone() -> None:
    made = report_workbook.content(data.from_rows(ROWS, today="2027-01-31"))
    points = table(made, "Patient", "patient_points")
    assert [point["Stretch"] for point in points] == [1, 1, 2, 2, 2, 2, 3]
    assert [point["Line 1"] for point in points] == [8, 7] + ["#N/A"] * 5
    assert [point["Line 2"] for point in points] == ["#N/A"] * 2 + [6, "#N/A", 5, 4, "#N/A"]
    assert [point["Follow-up"] for point in points] == ["#N/A"] * 6 + [6]
