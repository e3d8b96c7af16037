"""Small literal logs for the rules: rows in, (rule, cell, severity) out."""

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from helpers import address, book_of, log_rows, register_rows, sheet_of

from clinicreport.ground.period import Period
from clinicreport.outcomes.analysis import Checked
from clinicreport.path import check_logs
from clinicreport.protocol import in_force
from clinicreport.reading.spreadsheet import Spreadsheet
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

FIELDS = (
    "patient_id",
    "date",
    "start_time",
    "visit_type",
    "nrs_before",
    "nrs_after",
    "duration",
    "course_id",
    "condition",
    "irradiance",
    "fluence",
    "eye_protection",
    "safe_distance",
    "skin_clean",
    "contraindications",
    "clearance",
    "adverse_event",
    "therapist",
    "waiver",
    "birth_year",
)
MONDAY = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 12, 1)
IN_ORDER = {
    "nrs_before": 4,
    "duration": 15,
    "eye_protection": "yes",
    "safe_distance": "yes",
    "skin_clean": "yes",
    "contraindications": "none",
    "adverse_event": "none",
}

Row = dict[str, Any]
Expected = tuple[str, str, int, str]  # rule, field, row (from 0), severity


def visit(day: int, patient: str = "P1", **cells: Any) -> Row:
    """A treatment row about which no rule has anything to say, but for the cells given."""
    return {"patient_id": patient, "date": MONDAY + dt.timedelta(day)} | IN_ORDER | cells


def other(day: int, kind: str, patient: str = "P1", **cells: Any) -> Row:
    """A row that is no treatment."""
    day_ = MONDAY + dt.timedelta(day)
    return {"patient_id": patient, "date": day_, "visit_type": kind, "nrs_before": 4} | cells


def days(
    *numbers: int, patient: str = "P1", change: Mapping[int, Row] | None = None, **cells: Any
) -> list[Row]:
    """Treatments on these days of the course; ``change``: cells of the row of a day."""
    changes = change or {}
    return [visit(n, patient, **(cells | changes.get(n, {}))) for n in numbers]


def own_protocol(text: str) -> in_force.Protocol:
    """The default protocol with a clinic's lines over it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "protocol.toml"
        path.write_text(text, encoding="utf-8")
        return in_force.load(path)


def check_books(
    books: Sequence[Spreadsheet], own: str = "", period: Period | None = None
) -> Checked:
    """The findings of books made in memory."""

    class Given(list[Spreadsheet]):
        skipped: tuple[str, ...] = ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clinicreport.reading.files.expand", lambda paths: paths)
        patch.setattr("clinicreport.reading.files.read_books", lambda *_a, **_k: Given(books))
        request = Request(own_protocol(own), Config(), TODAY, period)
        return check_logs(["log.xlsx"], request)


def check(
    rows: Sequence[Row],
    own: str = "",
    *,
    fields: Sequence[str] = FIELDS,
    register: Mapping[str, Row] | None = None,
    period: Period | None = None,
) -> Checked:
    """The findings on a log."""
    sheets = [sheet_of(log_rows(rows, fields))]
    if register:
        sheets.append(sheet_of(register_rows(register), "Patients"))
    return check_books([book_of(*sheets)], own, period)


def places(checked: Checked) -> Counter[tuple[str, str, str]]:
    """What was found: rule, cell and severity."""
    return Counter((f.rule, f.cell, f.severity) for f in checked.findings)


def wanted(*expected: Expected, fields: Sequence[str] = FIELDS) -> Counter[tuple[str, str, str]]:
    """The same from rules, fields and row numbers."""
    return Counter(
        (rule, address(fields, field, row), severity) for rule, field, row, severity in expected
    )


def messages(checked: Checked, rule: str) -> list[str]:
    """The messages of one rule."""
    return [f.message for f in checked.findings if f.rule == rule]
