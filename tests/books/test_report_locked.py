"""Locked sheets: no formula is lost by accident, and everything that is meant to be used works."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
import report_data as data
from openpyxl.worksheet.worksheet import Worksheet

from clinicreport.books.report import report_workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def made(scores: tuple[float, ...] = (7.0, 6.0, 4.0)) -> openpyxl.Workbook:
    rows = [
        data.visit(name, day, score, duration=12.0, adverse_event="none")
        for name in "ABC"
        for day, score in enumerate(scores, start=1)
    ]
    return openpyxl.load_workbook(BytesIO(report_workbook.content(data.from_rows(rows))))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return made()


def follows(sheet: Worksheet) -> list[Any]:
    """The cells whose formula is more than a jump to another sheet."""
    return [
        cell
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and not str(cell.value).startswith("=HYPERLINK")
    ]


def test_sheets_with_formulas_are_locked_without_a_password(book: openpyxl.Workbook) -> None:
    locked = {sheet.title for sheet in book if sheet.protection.sheet}
    assert locked == {sheet.title for sheet in book if follows(sheet)}
    assert {"Summary", "Figures", "Charts", "Patients", "Patient", "Sessions"} <= locked
    assert "To do" not in locked  # a list to sort and fold as one likes
    assert all(sheet.protection.password is None for sheet in book)


def test_every_formula_is_locked(book: openpyxl.Workbook) -> None:
    open_ones = [cell for sheet in book for cell in follows(sheet) if not cell.protection.locked]
    assert open_ones == []


def test_a_locked_sheet_can_be_filtered_and_widened_and_its_charts_copied(
    book: openpyxl.Workbook,
) -> None:
    for sheet in book:
        kept = sheet.protection
        if kept.sheet:  # true: not allowed
            allowed = (kept.autoFilter, kept.formatColumns, kept.formatRows)
            assert allowed == (False, False, False), sheet.title
            assert (kept.selectLockedCells, kept.selectUnlockedCells) == (False, False)
            assert (kept.objects, kept.scenarios) == (False, False)
            assert (kept.sort, kept.insertRows, kept.deleteRows) == (True, True, True)


def test_what_the_logs_hold_is_open(book: openpyxl.Workbook) -> None:
    sheet = book["Sessions"]
    heads, first, *_ = sheet[sheet.tables["sessions"].ref]
    unlocked = {
        head.value for head, cell in zip(heads, first, strict=True) if not cell.protection.locked
    }
    assert {"Date", "Visit", "NRS before", "NRS after", "Minutes", "Adverse event"} <= unlocked
    assert not unlocked & {"Line", "No.", "Patient", "Counted", "Event", "Day", "As made"}
    choice = next(
        cell for row in book["Patient"].iter_rows() for cell in row if " · " in str(cell.value)
    )
    assert not choice.protection.locked
    assert any(choice.coordinate in rule.sqref for rule in _rules(book["Patient"]))


@pytest.mark.parametrize(
    ("scores", "kind", "said"),
    [
        ((7.0, 6.0, 4.0), "whole", "Enter one whole number from 0 to 10."),
        ((7.0, 6.5, 4.0), "decimal", "Enter one number from 0 to 10."),
    ],
)
def test_a_score_is_typed_as_into_the_blank_log(
    scores: tuple[float, ...], kind: str, said: str
) -> None:
    sheet = made(scores)["Sessions"]
    heads, *_ = sheet[sheet.tables["sessions"].ref]
    rule = _rules(sheet)[0]
    column = next(head.column_letter for head in heads if head.value == "NRS before")
    assert str(rule.sqref).startswith(f"{column}{heads[0].row + 1}:{column}")
    assert (rule.type, rule.formula1, rule.formula2, rule.error) == (kind, "0", "10", said)
    assert (rule.errorStyle, rule.allow_blank, rule.showErrorMessage) == (None, True, True)


def _rules(sheet: Worksheet) -> list[Any]:
    return list(sheet.data_validations.dataValidation)
