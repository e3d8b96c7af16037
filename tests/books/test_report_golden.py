"""The whole of a small workbook as text: what changes in a report shows in a diff.

Renew with ``UPDATE_GOLDEN=1 pytest tests/books/test_report_golden.py`` and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import report_data as data
from named_cells import dump

from clinicreport.books.report import report_workbook
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.books.report.sheets import evidence_sheet, patients_sheet
from clinicreport.outcomes.evidence import Answer
from clinicreport.outcomes.evidence.answers import TooFew
from clinicreport.outcomes.evidence.claims import Claim, load
from clinicreport.workbook.table import Column

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

GOLDEN = Path(__file__).with_suffix(".txt")


def small() -> bytes:
    """Three patients: a responder with a follow-up, one who got worse, one without a later score."""
    rows = [
        *(
            data.visit(
                "001",
                day,
                score,
                nrs_after=score - 1,
                duration=15.0,
                therapist="KB",
                condition="chronic low back pain",
                adverse_event="none",
                eye_protection="yes",
            )
            for day, score in (
                (0, 7.0),
                (2, 6.0),
                (4, 6.5),
                (7, 5.0),
                (9, 4.0),
                (11, 4.0),
                (14, 3.0),
            )
        ),
        data.visit("001", 47, 2.0, visit_type="follow-up"),
        data.visit("=1+1", 0, 3.0, condition="menstrual", adverse_event="skin redness"),
        data.visit("=1+1", 3, None, condition="menstrual"),
        data.visit("=1+1", 5, 6.0, condition="menstrual", eye_protection="no"),
        data.visit("B", 30, 6.0),
    ]
    return report_workbook.content(data.from_rows(rows, today="2026-11-24"))


def test_small_workbook_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    # What belongs to others and changes there.
    monkeypatch.setattr("clinicreport.books.report.sheets.method_sheet.__version__", "0")
    whole = load()
    claim = Claim(
        id="one",
        claim="A claim",
        test="drop",
        source="A source",
        favour=["huang-2015.pain"],
        against=["guimaraes-2021.pain"],
    )
    assert whole.in_favour(claim)  # the facts of all studies stay known when one is shown
    evidence = whole.model_copy(update={"topic": whole.topic[:1], "study": whole.study[:1]})
    answer = Answer(claim, TooFew("cannot tell", 1), evidence)
    monkeypatch.setattr(evidence_sheet, "load", lambda: evidence)
    monkeypatch.setattr(evidence_sheet, "why", lambda _: "Too few.")
    monkeypatch.setattr("clinicreport.outcomes.evidence.answers", lambda _: [answer])
    text = "\n".join(dump(small())) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_a_new_column_adds_its_own_lines_and_leaves_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = list(dump(small()))
    columns = patients_sheet.columns

    def more(book: ReportBook) -> list[Column[Patient]]:
        made = columns(book)
        made.insert(3, Column("New", lambda _: "x", "cell", 8))
        return made

    monkeypatch.setattr(patients_sheet, "columns", more)
    after = list(dump(small()))
    added = [line for line in after if "patients[New]" in line]
    assert added == [
        "Patients!patients[New] heading: 'New'",
        *(f"Patients!patients[New] {number}: 'x'" for number in (2, 3, 1)),
    ]
    assert [line for line in after if line not in added] == before
