"""The whole of a small workbook as text: what changes in a report shows in a diff.

Renew with ``UPDATE_GOLDEN=1 pytest tests/test_report_golden.py`` and read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import report_data as data

from clinicreport.books.report import report_workbook
from clinicreport.books.report.sheets import evidence_sheet
from clinicreport.outcomes.evidence import Answer
from clinicreport.outcomes.evidence.answers import TooFew
from clinicreport.outcomes.evidence.claims import Claim, load

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
    return report_workbook.content(data.from_rows(rows))


def dump(content: bytes) -> Iterator[str]:
    """Sheet, cell, value or formula with its value, number format; then each chart's cells."""
    formulas = openpyxl.load_workbook(BytesIO(content))
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                shown = values[sheet.title][cell.coordinate].value
                text = getattr(cell.value, "text", cell.value)
                formula = f" <- {text}" if cell.data_type == "f" else ""
                form = "" if cell.number_format == "General" else f" [{cell.number_format}]"
                yield f"{sheet.title}!{cell.coordinate}: {shown!r}{formula}{form}"
        for name, ref in sheet.tables.items():
            yield f"{sheet.title}: table {name} {ref}"
    for name, defined in sorted(formulas.defined_names.items()):
        yield f"name {name}: {defined.attr_text}"
    with ZipFile(BytesIO(content)) as archive:
        charts = [n for n in archive.namelist() if re.search(r"charts/chart\d+\.xml$", n)]
        for chart in sorted(charts, key=lambda name: int(re.findall(r"\d+", name)[0])):
            for ref in re.findall(r"<c:f>([^<]+)</c:f>", archive.read(chart).decode()):
                yield f"{Path(chart).stem}: {ref}"


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_small_workbook_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    # What belongs to others and changes there.
    monkeypatch.setattr("clinicreport.books.report.sheets.method_sheet.__version__", "0")
    claim = Claim(
        id="one", claim="A claim", test="drop", source="A source", contrary="What is against it"
    )
    answer = Answer(claim, TooFew("cannot tell", 1), load())
    monkeypatch.setattr(evidence_sheet, "why", lambda _: "Too few.")
    monkeypatch.setattr("clinicreport.outcomes.evidence.answers", lambda _: [answer])
    text = "\n".join(dump(small())) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
