"""The sample files are what their script writes, and what their README says."""

import csv
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

SAMPLES = Path(__file__).parents[1] / "samples"
MONTHS = ("2026-07", "2026-08", "2026-09")
FILES = (
    *(f"three-months/{month}.xlsx" for month in MONTHS),
    "one-patient.xlsx",
    "faults.xlsx",
    "semicolon-decimal-comma.csv",
)
# Month, cell and value of what is planted; more is in definitions than in these cells.
PLANTED = (
    ("2026-07", "H57", 20),  # second session of a course: over 15 minutes
    ("2026-07", "H101", 6),
    ("2026-07", "H187", 28),
    ("2026-07", "K99", 14.4),  # irradiance and minutes give 41.6
    ("2026-07", "L157", "No"),
    ("2026-07", "N221", "No"),
    ("2026-07", "F61", None),  # first session without a score, no screening visit
    ("2026-08", "H133", 25),
    ("2026-08", "U133", "Longer by agreement: two areas treated"),
    ("2026-08", "A117", "H-014"),  # first visit after a pause of 23 days
    ("2026-08", "A158", "H-022"),  # after 17 days, with a waiver
    ("2026-08", "U158", "Away for a family visit"),
    ("2026-08", "K176", 312.3),
    ("2026-08", "M151", "No"),
    ("2026-08", "O187", None),  # nothing recorded about contraindications
    ("2026-09", "F74", "6-7"),
    ("2026-09", "O26", "Recent burns"),
    ("2026-09", "P26", None),  # and nobody cleared them
)


@cache
def table(path, sheet="Sessions"):
    """The rows under the heading row as dicts, with their row number as "row"."""
    rows = list(load_workbook(SAMPLES / path)[sheet].iter_rows(values_only=True))
    top = next(k for k, row in enumerate(rows) if row[0] == "Patient ID")
    lines = enumerate(rows[top + 1 :], top + 2)
    return [dict(zip(rows[top], line, strict=True), row=number) for number, line in lines]


def three_months():
    return [visit for month in MONTHS for visit in table(f"three-months/{month}.xlsx")]


def treatments():
    """Treatment rows by patient."""
    found = defaultdict(list)
    for visit in three_months():
        if visit["Visit type"] == "Treatment":
            found[visit["Patient ID"]].append(visit)
    return found


def number(value):
    return value if isinstance(value, int | float) else None


def remake(folder):
    script = SAMPLES / "make_samples.py"
    subprocess.run([sys.executable, "-B", script, folder], check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return remake(tmp_path_factory.mktemp("samples"))


def parts(path):
    """A file's bytes, a workbook's part by part: how they are compressed is the zlib's affair."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return {info.filename: (info.date_time, book.read(info)) for info in book.infolist()}


@pytest.mark.parametrize("name", FILES)
def test_samples_are_what_the_script_writes(made, name):
    assert parts(made / name) == parts(SAMPLES / name)


def test_two_runs_write_the_same_bytes(made, tmp_path):
    again = remake(tmp_path)
    assert [(made / name).read_bytes() for name in FILES] == [
        (again / name).read_bytes() for name in FILES
    ]


def test_nothing_else_is_written_and_all_of_it_is_small(made):
    written = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert written == set(FILES)
    assert sum((SAMPLES / name).stat().st_size for name in FILES) < 400_000
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in FILES if Path(name).name not in readme] == []


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".xlsx")])
def test_workbooks_name_no_author(name):
    properties = load_workbook(SAMPLES / name).properties
    assert (properties.creator or "", properties.lastModifiedBy or "") == ("", "")


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_has_its_own_visits_in_order(month):
    visits = table(f"three-months/{month}.xlsx")
    assert 250 <= len(visits) <= 400
    assert {f"{visit['Date']:%Y-%m}" for visit in visits} == {month}
    times = [(visit["Date"], visit["Start time"]) for visit in visits]
    assert times == sorted(times)


def test_patients_and_kinds_of_visit():
    kinds = Counter(visit["Visit type"] for visit in three_months())
    assert set(kinds) == {"Treatment", "Screening", "Follow-up", "No-show", "Cancelled"}
    assert kinds["Follow-up"] >= 20
    assert 55 <= len(treatments()) <= 65
    second = {v["Patient ID"] for v in three_months() if v["Course"] == "2"}
    assert 2 <= len(second) <= 5
    ids = {visit["Patient ID"] for visit in three_months()}
    assert {name for name in ids if name.isdigit()} == {"007", "023", "041"}


def test_outcome_is_modest():
    pairs = []
    for visits in treatments().values():
        course = [visit for visit in visits if visit["Course"] == visits[-1]["Course"]]
        scores = [number(visit["Pain before (NRS)"]) for visit in course]
        later = [score for score in scores[1:] if score is not None]
        if scores[0] and later:
            pairs.append((scores[0], later[-1]))
    reductions = [first - last for first, last in pairs]
    assert 1.6 <= sum(reductions) / len(pairs) <= 2.4
    assert 0.45 <= sum(10 * (b - e) >= 3 * b for b, e in pairs) / len(pairs) <= 0.55
    assert any(reduction <= -2 for reduction in reductions)
    baselines = [visits[0]["Pain before (NRS)"] for visits in treatments().values()]
    assert baselines.count(0) == 1
    assert sum(0 < (number(score) or 0) < 4 for score in baselines) == 2


def test_scores_are_possible():
    odd = [
        visit[heading]
        for visit in three_months()
        for heading in ("Pain before (NRS)", "Pain after (NRS)")
        if visit[heading] is not None and visit[heading] not in range(11)
    ]
    assert odd == ["6-7"]
    missing = [v for vs in treatments().values() for v in vs if v["Pain before (NRS)"] is None]
    assert 3 <= len(missing) <= 20


def test_no_week_has_more_than_five_treatment_days_and_no_day_two_but_the_duplicate():
    days = Counter((name, v["Date"].date()) for name, vs in treatments().items() for v in vs)
    assert [key for key, count in days.items() if count > 1] == [("H-028", date(2026, 8, 11))]
    weeks = Counter((name, day - timedelta(day.weekday())) for name, day in days)
    assert max(weeks.values()) <= 5
    assert all(day.weekday() < 5 for _, day in days)


def test_duplicate_row_repeats_the_one_above():
    above, below = (v for v in table("three-months/2026-08.xlsx") if v["row"] in {111, 112})
    assert {key for key in above if above[key] != below[key]} == {"row"}


def test_follow_ups_come_four_to_ten_weeks_after_the_last_treatment():
    given = {name: [v["Date"] for v in visits] for name, visits in treatments().items()}
    for visit in three_months():
        if visit["Visit type"] == "Follow-up":
            last = max(day for day in given[visit["Patient ID"]] if day < visit["Date"])
            assert 28 <= (visit["Date"] - last).days <= 70


def test_doses_are_irradiance_times_time_but_for_two():
    wrong = [
        visit["row"]
        for visits in treatments().values()
        for visit in visits
        if abs(visit["Fluence (J/cm²)"] - visit["Irradiance (mW/cm²)"] * visit["Minutes"] * 0.06)
        > 0.06
    ]
    assert sorted(wrong) == [99, 176]


def test_adverse_events_are_few_and_mostly_documented():
    events = [v["Adverse event"] for visits in treatments().values() for v in visits]
    assert 3 <= len([event for event in events if event not in {None, "None"}]) <= 12
    assert events.count("None") > 0.9 * len(events)


@pytest.mark.parametrize(("month", "cell", "value"), PLANTED)
def test_planted(month, cell, value):
    assert sheet_of(month)[cell].value == value


@cache
def sheet_of(month):
    return load_workbook(SAMPLES / f"three-months/{month}.xlsx")["Sessions"]


def test_register_grows_and_knows_every_patient_of_the_log():
    known = set()
    for month in MONTHS:
        register = table(f"three-months/{month}.xlsx", "Patients")
        ids = {line["Patient ID"] for line in register}
        assert known < ids
        assert {visit["Patient ID"] for visit in table(f"three-months/{month}.xlsx")} <= ids
        assert all(line["Name"].startswith("Sample Patient ") for line in register)
        dated = [f"{line['Discharged']:%Y-%m}" for line in register if line["Discharged"]]
        assert all(left <= month for left in dated)
        known = ids


def test_one_patient_is_one_whole_course():
    visits = table("one-patient.xlsx")
    kinds = Counter(visit["Visit type"] for visit in visits)
    assert kinds == {"Screening": 1, "Treatment": 16, "Follow-up": 1}
    assert {visit["Patient ID"] for visit in visits} == {"P-01"}
    assert (visits[-1]["Date"] - visits[-2]["Date"]).days == 35


def test_each_fault_is_described():
    rows = table("faults.xlsx")
    assert len(rows) == 25
    assert all(row["Notes"] for row in rows)


def test_csv_needs_its_own_reading():
    text = (SAMPLES / "semicolon-decimal-comma.csv").read_bytes().decode("cp1252")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert {len(row) for row in rows} == {9}
    assert rows[1][:4] == ["M-1", "07.09.2026", "7,5", "6,5"]
    assert any("Ü" in row[8] for row in rows)
