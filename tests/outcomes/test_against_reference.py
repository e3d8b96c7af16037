"""The program against the second, independent implementation of the definitions."""

import datetime as dt
import json
from collections import Counter
from typing import Any

import pytest
import reference
import strategies
from helpers import address, book_of, log_rows, register_rows, sheet_of
from hypothesis import HealthCheck, Phase, given, settings

from clinicreport.books.json_report import report_object
from clinicreport.ground.period import Period
from clinicreport.outcomes.analysis import evaluate
from clinicreport.path import check_logs
from clinicreport.protocol import in_force
from clinicreport.rules import RULES
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

PROTOCOL = in_force.load()


def run(clinic: strategies.Clinic, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The program's JSON object for a made-up clinic."""
    fields = columns_of(clinic)
    sheets = [sheet_of(log_rows(clinic.rows, fields))]
    if clinic.register:
        sheets.append(sheet_of(register_rows(clinic.register), "Patients"))

    class Books(list[Any]):
        skipped: tuple[str, ...] = ()

    monkeypatch.setattr("clinicreport.reading.files.expand", lambda paths: paths)
    monkeypatch.setattr(
        "clinicreport.reading.files.read_books", lambda *_a, **_k: Books([book_of(*sheets)])
    )
    period = Period(*clinic.period, "period") if clinic.period else None
    request = Request(PROTOCOL, Config(), clinic.run_day, period)
    checked = check_logs(["log.xlsx"], request)
    text = json.dumps(report_object(checked, evaluate(checked)), allow_nan=False)
    result: dict[str, Any] = json.loads(text)
    return result


def columns_of(clinic: strategies.Clinic) -> list[str]:
    """The log's columns; a log that tells weeks has these in place of the date."""
    fields = [field for field in strategies.FIELDS if field in clinic.columns]
    if clinic.rows and all("week" in row for row in clinic.rows):
        at = fields.index("date")
        fields[at : at + 1] = ["start_date", "week"]
    return fields


# Rules on who is who and on visits that stand twice: tests/rules/test_people.py and test_rules.py.
ELSEWHERE = {
    "same-day-scores",
    "visit-in-two-files",
    "one-id-two-people",
    "swapped-columns",
    "column-out-of-place",
}


def compare(expected: Any, actual: Any, where: str = "") -> None:
    """Every figure to 1e-9; the program may give more keys."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in actual, f"{where}.{key}"
            compare(value, actual[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert actual is not None, where
        assert len(expected) == len(actual), where
        for number, (one, other) in enumerate(zip(expected, actual, strict=True)):
            compare(one, other, f"{where}[{number}]")
    elif isinstance(expected, float) and not isinstance(actual, bool | None):
        assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9), where
    else:
        assert actual == expected, where


def cells(clinic: strategies.Clinic, found: list[reference.Finding]) -> Counter[Any]:
    """The reference's findings with their addresses."""
    fields = columns_of(clinic)
    register_fields = (register_rows(clinic.register)[0] if clinic.register else [])[1:]
    patients = list(clinic.register)
    result: Counter[Any] = Counter()
    for rule, where, field, severity in found:
        if isinstance(where, tuple):
            cell = address(["patient_id", *register_fields], field, patients.index(where[1]))
            result[rule, "Patients", cell, severity] += 1
        else:
            column = "start_date" if field == "date" and field not in fields else field
            result[rule, "Sessions", address(fields, column, where), severity] += 1
    return result


def check(clinic: strategies.Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, register, columns, period, run_day = clinic
    actual = run(clinic, monkeypatch)
    expected = reference.courses_and_clinic(rows, register, columns, period)
    for found in (expected, actual):
        found["courses"].sort(key=lambda c: (c.get("clinic") or "", c["patient"], c["course"]))
    compare(expected, {key: actual[key] for key in ("as_of", "courses", "clinic")})
    wanted = cells(clinic, reference.findings(rows, register, columns, period, run_day))
    got = Counter(
        (f["rule"], f["sheet"], f["cell"], f["severity"])
        for f in actual["findings"]
        if f["rule"] in {*RULES, "score-decimal"} - ELSEWHERE
    )
    assert got == wanted, (got - wanted, wanted - got)


@given(clinic=strategies.clinics())
@settings(
    max_examples=150,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
def test_nasty_clinics(clinic: strategies.Clinic) -> None:
    with pytest.MonkeyPatch.context() as patch:
        check(clinic, patch)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("with_period", [False, True])
def test_believable_clinics(seed: int, with_period: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = strategies.random_clinic(seed, patients=40, period=with_period)
    assert any(row["date"] > dt.date(2020, 1, 1) for row in clinic.rows)
    check(clinic, monkeypatch)


@given(clinic=strategies.clinics())
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
def test_clinics_that_write_weeks(clinic: strategies.Clinic) -> None:
    with pytest.MonkeyPatch.context() as patch:
        check(by_weeks(clinic), patch)


def by_weeks(clinic: strategies.Clinic) -> strategies.Clinic:
    """The same visits in a log that tells each one's week since the patient's first visit."""
    first: dict[str, dt.date] = {}
    for row in clinic.rows:
        who = row["patient_id"]
        first[who] = min(first.get(who, row["date"]), row["date"])
    rows = []
    for row in clinic.rows:
        start = first[row["patient_id"]]
        week = (row["date"] - start).days // 7
        rows.append(
            row
            | {
                "start_date": start,
                "week": float(week),
                "day_known": False,
                "date": start + dt.timedelta(days=7 * week),
            }
        )
    return clinic._replace(rows=rows)
