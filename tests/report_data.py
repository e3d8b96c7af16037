"""Analyses for the tests of the report: seeded logs, taken through the program's own path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from helpers import book_of, log_rows, sheet_of

from clinicreport.outcomes.analysis import Analysis, Checked
from clinicreport.path import counted, judged, typed
from clinicreport.reading.spreadsheet import Spreadsheet
from clinicreport.settings.request import make_request

AS_OF = date(2026, 10, 31)
NEEDED = ("patient_id", "date", "visit_type", "nrs_before")
CONDITIONS = (
    "chronic low back pain",
    "musculoskeletal injury",
    "menstrual",
    "postoperative",
    "inflammation",
)


@dataclass
class Plan:
    """How one synthetic patient fares."""

    start: int
    slope: float
    weeks: int
    days: tuple[int, ...]
    condition: str


def analysis(patients: int = 60, seed: int = 7, **changes: Any) -> Analysis:
    """A clinic of so many patients, with some of everything that a report must show."""
    return from_rows(visits(patients, seed), **changes)


def visits(patients: int, seed: int = 7) -> list[dict[str, Any]]:
    """The rows of such a clinic, to change one before :func:`from_rows`."""
    rows = [
        row for number in range(patients) for row in _visits(number, Random(seed * 1000 + number))
    ]
    _waive(rows)
    return rows


def _waive(rows: list[dict[str, Any]]) -> None:
    """One therapist leaves a limit aside in the first four sessions, of two patients."""
    own = [row for row in rows if row.get("therapist") == "KB"]
    first = own[:3]
    other = next(row for row in own if row["patient_id"] != first[0]["patient_id"])
    for row, reason in zip([*first, other], [*["travelled"] * 3, "=1+1"], strict=True):
        row["waiver"] = reason


def from_rows(rows: list[dict[str, Any]], today: str = "2026-11-02", **changes: Any) -> Analysis:
    """An analysis of these visits, in one log a month; a log holds the fields that any row has."""
    whole = counted(judged_rows(rows, today)).analysis
    return whole._replace(**{"clinic_name": "Harbour Pain Clinic"} | changes)


def judged_rows(rows: list[dict[str, Any]], today: str = "2026-11-02") -> Checked:
    """These visits as :func:`from_rows` has them, read and checked."""
    fields = list(dict.fromkeys([*NEEDED, *(name for row in rows for name in row)]))
    months = sorted({f"{row['date']:%Y-%m}" for row in rows}) or ["2026-10"]
    books = [
        _log(month, [row for row in rows if f"{row['date']:%Y-%m}" == month], fields)
        for month in months
    ]
    request = make_request(today=today)
    return judged(typed(books, request), request)


def _log(month: str, rows: list[dict[str, Any]], fields: list[str]) -> Spreadsheet:
    told = [{"visit_type": "treatment"} | row for row in rows]
    return book_of(sheet_of(log_rows(told, [*fields, "Mood"])), name=f"log-{month}.xlsx")


def visit(patient: str, day: date | int, before: float | None, **fields: Any) -> dict[str, Any]:
    """One row of a session log; ``day`` may count from 5 October 2026."""
    when = day if isinstance(day, date) else date(2026, 10, 5) + timedelta(day)
    return {"patient_id": patient, "date": when, "nrs_before": before, **fields}


def _visits(number: int, random: Random) -> list[dict[str, Any]]:
    plan = Plan(
        start=random.randint(3, 9),
        slope=random.choice((0.2, 0.7, 1.0, 1.4, -0.5)),
        weeks=random.randint(1, 8),
        days=random.choice(((0, 2, 4), (0, 1, 3, 4), (0, 3))),
        condition=random.choices(CONDITIONS, (6, 3, 1, 1, 1))[0],
    )
    first = date(2026, 8, 3) + timedelta(7 * random.randint(0, 8))
    rows = []
    for week in range(plan.weeks):
        for day in plan.days:
            when = first + timedelta(7 * week + day)
            pain = plan.start - plan.slope * week - 0.3 * (day > 0) + random.choice((-1, 0, 0, 1))
            before = min(10, max(0, round(pain)))
            if when > AS_OF:
                continue
            missed = random.random()
            rows.append(
                visit(
                    f"P-{number + 1:03}",
                    when,
                    None if missed < 0.03 else before,
                    nrs_after=max(0.0, before - random.choice((0, 1, 1, 2))),
                    duration=float(random.choice((12, 15, 20))),
                    condition=plan.condition,
                    therapist=random.choice(("KB", "MS")),
                    irradiance=34.7,
                    wavelength=850.0,
                    eye_protection="yes" if missed < 0.98 else "no",
                    adverse_event="skin redness"
                    if missed > 0.99
                    else "none"
                    if missed < 0.9
                    else None,
                )
            )
    if plan.slope > 0.9 and rows and first + timedelta(7 * plan.weeks + 35) <= AS_OF:
        when = first + timedelta(7 * plan.weeks + 33)
        rows.append(visit(rows[0]["patient_id"], when, 2.0, visit_type="follow-up"))
    return rows


def empty() -> Analysis:
    """Headings, no row."""
    return from_rows([])


def one_patient() -> Analysis:
    """From 7 to 3 in three weeks."""
    scores = {0: 7, 2: 6, 4: 6, 7: 5, 9: 5, 11: 4, 14: 3}
    return from_rows([visit("001", day, float(score)) for day, score in scores.items()])


def nobody_evaluable() -> Analysis:
    """One of each reason."""
    rows = [
        visit("A", 0, None),
        visit("A", 2, 5.0),
        visit("A", 4, 3.0),
        visit("B", 0, 0.0),
        visit("B", 2, 3.0),
        visit("C", 0, 6.0),
        visit("D", 0, 6.0),
        visit("D", 2, None),
    ]
    return from_rows(rows)


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "http://x",
    "file://x",
    "internal:Summary!A1",
    "mailto:a@b.c",
    "a\ud800b",
    "a\x00\x07b",
    "a\u202eb",
    "_x0041_",
    "ok\nnext",
    "&G",
    "'quoted",
]

VARIANTS = {
    "clinic": lambda: analysis(40),
    "empty": empty,
    "one patient": one_patient,
    "nobody evaluable": nobody_evaluable,
    "all alike": lambda: from_rows(
        [visit(name, day, 5.0) for name in "ABC" for day in (0, 2, 4, 7, 9)]
    ),
}
