"""The layouts that clinics use: each gives the sessions of its clean twin, every row on its cell."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from helpers import TODAY, book_of, sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds_of_logs import layout

from clinicreport.log.headings import Aliases
from clinicreport.log.reporter import Reporter
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.visits import read_sessions
from clinicreport.protocol import in_force

D = dt.date
START = D(2026, 3, 2)
READING = Reading(Reporter(in_force.load()), TODAY)
Visit = tuple[str, dt.date, float | None, float | None]


def read(*sheets: Any) -> Log:
    return read_sessions([book_of(*sheets)], READING)


def visits(log: Log) -> list[Visit]:
    """Patient, date, before, after."""
    columns = ("patient_id", "date", "nrs_before", "nrs_after")
    return [
        (p, d.date(), None if b != b else b, None if a != a else a)
        for p, d, b, a in zip(*(log.visits[name].tolist() for name in columns), strict=True)
    ]


def cells(log: Log, name: str = "nrs_before") -> list[str]:
    """The address of a field's cell for each visit."""
    return [log.spot(i, name).cell for i in range(len(log.visits))]


def rules(log: Log) -> list[tuple[str, str]]:
    return [(item.finding.rule, item.finding.cell) for item in log.located]


CLEAN: list[Visit] = [("P-1", D(2026, 9, 1), 7, 5), ("P-2", D(2026, 9, 2), 6, None)]


def test_headings_below_a_title_and_blank_rows_and_columns() -> None:
    log = read(*layout("title and gaps"))
    assert visits(log) == CLEAN
    assert cells(log) == ["D4", "D6"]
    assert rules(log) == []


def test_two_heading_rows_with_merged_groups() -> None:
    log = read(*layout("two heading rows"))
    assert visits(log) == CLEAN
    assert cells(log, "nrs_after") == ["D3", "D4"]
    assert rules(log) == []


def test_group_headings_above_the_heading_row() -> None:
    log = read(*layout("groups above"))
    assert visits(log) == CLEAN
    assert log.visits["skin_clean"].tolist() == ["no", "yes"]
    assert rules(log) == []


def test_tables_below_each_other() -> None:
    log = read(*layout("below each other"))
    assert visits(log) == CLEAN
    assert cells(log) == ["C2", "C6"]
    assert rules(log) == [("summary-row", "")]


def test_tables_side_by_side() -> None:
    log = read(*layout("side by side"))
    assert visits(log) == CLEAN
    assert cells(log) == ["C2", "H2"]
    assert rules(log) == []


def test_a_sheet_a_patient_named_by_its_id() -> None:
    log = read(*layout("a sheet a patient"))
    assert visits(log) == CLEAN
    assert cells(log, "patient_id") == ["", ""]
    assert rules(log) == []


@pytest.mark.parametrize(
    "above", [["Patient: P-1"], ["Patient ID", "P-1"], [None, "Patient", "P-1"]]
)
def test_the_patient_in_a_cell_above(above: list[Any]) -> None:
    log = read(
        sheet_of([above, [], ["Date", "NRS before", "NRS after"], [D(2026, 9, 1), 7.0, 5.0]])
    )
    assert visits(log) == CLEAN[:1]
    assert cells(log, "patient_id")[0] in {"A1", "B1", "C1"}
    assert log.visits["row"].tolist() == [4]


@pytest.mark.parametrize("name", ["Sheet1", "Sessions", "October 2026", "Week 3", "Log"])
def test_any_sheets_name_is_no_patient(name: str) -> None:
    log = read(sheet_of([["Date", "NRS before"], [D(2026, 9, 1), 7.0]], name))
    assert [rule for rule, _ in rules(log)] == ["missing-column"]
    assert log.sources[0].reason is not None


def test_a_week_column_with_a_start_date() -> None:
    log = read(*layout("weeks with a start date"))
    assert visits(log) == [("P-1", D(2026, 9, 1), 7, None), ("P-1", D(2026, 9, 15), 5, None)]
    assert log.visits["day_known"].tolist() == [False, False]


def test_a_wide_log_by_week() -> None:
    log = read(*layout("wide by week"))
    assert sorted(visits(log)) == [
        ("P-1", D(2026, 9, 1), 7, None),
        ("P-1", D(2026, 9, 8), 6, None),
        ("P-2", D(2026, 9, 2), 6, None),
        ("P-2", D(2026, 9, 9), None, None),
        ("P-2", D(2026, 9, 16), 3, None),
    ]
    assert sorted(cells(log)) == ["C2", "C3", "D2", "D3", "E3"]
    assert sorted(rules(log)) == [("bad-score", "D3"), ("summary-row", "")]
    assert sum(source.rows for source in log.sources) == 5
    assert set(log.visits["condition"]) == {"neck pain", None}


def test_a_wide_log_by_week_without_a_start_date() -> None:
    log = read(*layout("wide by week, no start date"))
    assert [item.finding.rule for item in log.located] == ["missing-column"]
    assert log.located[0].finding.field == "date"


def test_numbered_weeks_with_the_clinic_files_start_date() -> None:
    reading = replace(READING, start=START, aliases=Aliases({"week": ["time"]}))
    long = sheet_of([["id", "time", "pain"], [1.0, 0.0, 7.0], [1.0, 4.0, 3.0]])
    wide = sheet_of([["Patient", "Baseline", "Wk 4"], ["1", 7.0, 3.0]])
    wanted = [("1", START, 7, None), ("1", START + dt.timedelta(days=28), 3, None)]
    for sheet in (long, wide):
        log = read_sessions([book_of(sheet)], reading)
        assert visits(log) == wanted
        assert rules(log) == []


def test_a_wide_log_by_date() -> None:
    log = read(*layout("wide by date"))
    assert sorted(visits(log)) == [
        ("P-1", D(2026, 9, 1), 7, None),
        ("P-1", D(2026, 9, 3), 5, None),
        ("P-2", D(2026, 9, 3), 6, None),
    ]
    assert log.visits["day_known"].all()
    assert cells(log, "date") == ["B1", "C1", "C1"]


def test_a_wide_log_with_two_heading_rows() -> None:
    log = read(*layout("wide by visit"))
    assert sorted(visits(log)) == sorted([*CLEAN, ("P-1", D(2026, 9, 3), 6, 4)])
    assert sorted(cells(log)) == ["C3", "C4", "F3"]


def test_a_wide_log_with_suffixed_headings() -> None:
    log = read(*layout("wide with suffixes"))
    assert visits(log) == [("P-1", D(2026, 9, 1), 7, 5), ("P-1", D(2026, 9, 8), 4, None)]
    assert cells(log) == ["C2", "E2"]


# ------------------------------------------------- random logs in random layouts read back equal

Scores = st.one_of(st.integers(0, 10).map(float), st.sampled_from([2.5, 6.9]))
Clinic = dict[str, list[tuple[int, float, float | None]]]


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    """Patients with visits: day after the start, before, after; no two on one day."""
    patients = draw(
        st.lists(st.integers(1, 99).map(lambda n: f"P-{n}"), min_size=1, max_size=4, unique=True)
    )
    return {
        patient: [
            (day, draw(Scores), draw(st.none() | Scores))
            for day in sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=5)))
        ]
        for patient in patients
    }


def expected(clinic: Clinic, step: int = 1, *, after: bool = True) -> list[Visit]:
    return sorted(
        (patient, START + dt.timedelta(days=step * day), before, after_ if after else None)
        for patient, seen in clinic.items()
        for day, before, after_ in seen
    )


def check(log: Log, wanted: list[Visit], sheets: list[Any]) -> None:
    """The visits are those, and each score stands in the cell that the log says."""
    assert sorted(visits(log), key=str) == sorted(wanted, key=str)
    by_name = {sheet.name: sheet for sheet in sheets}
    for index, before in enumerate(log.visits["nrs_before"]):
        spot = log.spot(index, "nrs_before")
        column = 0
        for letter in spot.cell.rstrip("0123456789"):
            column = column * 26 + ord(letter) - 64
        assert by_name[spot.sheet].value(spot.row, column) == before
    assert {rule for rule, _ in rules(log)} <= {"score-decimal"}


@given(
    clinic=clinics(),
    order=st.permutations(["Patient ID", "Date", "Pain before", "Pain after"]),
    titles=st.integers(0, 3),
    gap=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_long_log(clinic: Clinic, order: list[str], titles: int, gap: bool) -> None:
    head = [*order[:2], *([None] if gap else []), *order[2:]]
    body = [
        {"Patient ID": p, "Date": START + dt.timedelta(days=d), "Pain before": b, "Pain after": a}
        for p, seen in clinic.items()
        for d, b, a in seen
    ]
    rows = [["A clinic"]] * titles + [head] + [[row.get(h or "") for h in head] for row in body]
    sheets = [sheet_of(rows)]
    check(read(*sheets), expected(clinic), sheets)


@given(clinic=clinics())
@settings(max_examples=40, deadline=None)
def test_any_log_with_a_sheet_a_patient(clinic: Clinic) -> None:
    sheets = [
        sheet_of(
            [["Date", "After", "Before"]]
            + [[START + dt.timedelta(days=d), a, b] for d, b, a in seen],
            patient,
        )
        for patient, seen in clinic.items()
    ]
    check(read(*sheets), expected(clinic), sheets)


@given(clinic=clinics(), by_date=st.booleans(), shift=st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_any_wide_log(clinic: Clinic, by_date: bool, shift: int) -> None:
    days = list(range(7))
    names = [START + dt.timedelta(days=d) if by_date else f"Week {d}" for d in days]
    rows: list[list[Any]] = [[]] * shift + [["Patient", "Start date", *names]]
    for patient, seen in clinic.items():
        scores = {day: before for day, before, _ in seen}
        rows.append([patient, START, *(scores.get(day) for day in days)])
    sheets = [sheet_of(rows)]
    check(read(*sheets), expected(clinic, 1 if by_date else 7, after=False), sheets)
