"""The notes on how scores are taken: on Adherence and safety, and in no shared version."""

from io import BytesIO

import openpyxl
from rule_log import Row, check, visit

from clinicreport.books.report import report_workbook
from clinicreport.books.share import shared_workbook
from clinicreport.outcomes.analysis import Analysis, evaluate

SHEET = "Adherence and safety"


def log(therapist: str = "Doctor Grey") -> list[Row]:
    """One takes two off each time, one goes from one off to three, one is as people are."""
    rows = []
    for at in range(40):
        score = (8, 7, 5, 6, 9)[at % 5]
        rows += [
            visit(at, "P1", nrs_before=score, nrs_after=score - 2, therapist=therapist),
            visit(
                at,
                "P2",
                nrs_before=score,
                nrs_after=score - (1 if at < 20 else 3) - at % 2,
                therapist="White",
            ),
            visit(at, "P3", nrs_before=score, nrs_after=score - at % 4, therapist="Black"),
        ]
    return rows


def texts(content: bytes) -> dict[str, list[str]]:
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    return {
        sheet.title: [
            cell
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if isinstance(cell, str)
        ]
        for sheet in book.worksheets
    }


def made(rows: list[Row]) -> Analysis:
    return evaluate(check(rows))


def test_the_notes() -> None:
    said = " ".join(texts(report_workbook.content(made(log())))[SHEET])
    assert "How scores are taken" in said
    assert (
        "Doctor Grey: nearly always exactly 2 points less right after (40 of 40 sessions)." in said
    )
    assert "White: the mean relief right after went from 1.5 points" in said
    assert "to 3.5 in the second" in said
    assert "Black:" not in said
    assert "120 scores before a session; 0 with decimals." in said
    assert "0 of 3 courses with 5 scores or more have the same score before every session." in said


def test_a_log_without_scores_and_one_without_scores_after() -> None:
    nothing = texts(report_workbook.content(made([visit(0, nrs_before=None)])))[SHEET]
    assert "No session has a score before it." in nothing
    rows = [visit(day, nrs_before=5) for day in range(6)]
    said = texts(report_workbook.content(made(rows)))[SHEET]
    assert "No session has a score before and after." in said
    assert any(text.startswith("1 of 1 course with 5 scores or more has the same") for text in said)


def test_they_are_notes_and_no_findings() -> None:
    analysis = made(log())
    assert not [f for f in analysis.findings if "relief" in f.message or "always" in f.message]


def test_the_shared_version_names_nobody() -> None:
    for said in texts(shared_workbook.content(made(log()))).values():
        assert not [t for t in said if "Grey" in t or "White" in t or "scores are taken" in t]
