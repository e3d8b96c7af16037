"""A valid log, mutated as people and programs do: the right figures, or an error or warning that
names the place. Never other figures without a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from helpers import book_of, sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicreport.log.findings import Finding
from clinicreport.outcomes.analysis import evaluate
from clinicreport.path import judged, typed
from clinicreport.protocol import in_force
from clinicreport.reading.spreadsheet import Percent, Spreadsheet
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

pytestmark = pytest.mark.once

TODAY = dt.date(2026, 11, 24)
HEAD = ["Patient", "Date", "NRS before", "NRS after", "Duration", "Side effects"]
PATIENT, DATE, BEFORE, AFTER, MINUTES, EVENT = range(6)
PATIENTS = ("H-101", "H-102", "H-103", "H-104")
REQUEST = Request(in_force.load(), Config(), TODAY)
Rows = list[list[Any]]
Books = list[Spreadsheet]
# What happened in treatment: no word about how the sheet was read.
CLINICAL = {
    *("session-too-short", "session-too-long", "ramp-up-too-long", "too-few-sessions"),
    *("too-many-sessions", "no-response-by-week-4", "pain-rise", "adverse-event"),
}


def valid(chance: Random) -> Rows:
    """Four patients, three sessions a week for four weeks, day after day, pain falling."""
    rows: Rows = []
    start = dt.datetime(2026, 8, 17) + dt.timedelta(days=7 * chance.randrange(6))
    level = {patient: chance.randint(6, 10) for patient in PATIENTS}
    for visit in range(12):
        day = start + dt.timedelta(days=7 * (visit // 3) + 2 * (visit % 3))
        for patient in PATIENTS:
            level[patient] = max(1, min(10, level[patient] - chance.choice([0, 0, 1, 1, -1])))
            before = level[patient]
            after = max(0, before - chance.randint(1, 2))
            minutes = 12 if visit < 2 else chance.randint(12, 18)
            rows.append([patient, day, float(before), float(after), float(minutes), "none"])
    return rows


def one(rows: Rows, name: str = "log.xlsx") -> Books:
    return [book_of(sheet_of([HEAD, *rows], "Log"), name=name)]


def outcome(books: Books) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Courses by patient, None where no file was read; and the findings about the reading."""
    checked = judged(typed(books, REQUEST), REQUEST)
    said = [
        finding
        for finding in checked.findings
        if finding.severity != "note" and finding.rule not in CLINICAL
    ]
    if any(entry.reason for entry in checked.inputs):
        return None, said
    courses = evaluate(checked).courses
    names = ["day_0", "last_treatment", "sessions", "baseline", "latest", "immediate_relief"]
    figures = {
        (row["patient"], row["course"]): [str(row[name]) for name in names]
        for row in courses.rows()
    }
    return figures, said


# ---------------------------------------------------------------------- mutations
# Each gets rows and a chance, and gives books. ``place``: what a finding has to name.


def some(rows: Rows, chance: Random) -> int:
    """A row that is not its patient's first or last, so that figures rest on others too."""
    return chance.randrange(len(PATIENTS), len(rows) - len(PATIENTS))


def each(rows: Rows, column: int, change: Callable[[Any], Any]) -> Rows:
    return [[change(c) if at == column else c for at, c in enumerate(row)] for row in rows]


def cell(column: int, change: Callable[[Any, Random], Any]) -> Callable[[Rows, Random], Books]:
    """One cell of a column, of the first row of a patient or of any."""

    def mutate(rows: Rows, chance: Random) -> Books:
        at = chance.choice([0, len(rows) - 1, some(rows, chance)])
        rows[at][column] = change(rows[at][column], chance)
        return one(rows)

    return mutate


def column(number: int, change: Callable[[Any], Any]) -> Callable[[Rows, Random], Books]:
    def mutate(rows: Rows, chance: Random) -> Books:
        return one(each(rows, number, change))

    return mutate


def heading(number: int, words: str) -> Callable[[Rows, Random], Books]:
    def mutate(rows: Rows, chance: Random) -> Books:
        head = [words if at == number else text for at, text in enumerate(HEAD)]
        return [book_of(sheet_of([head, *rows], "Log"))]

    return mutate


def shifted_right(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    rows[at].insert(chance.choice([0, 1, 2]), None)
    return one(rows)


def shifted_left(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    del rows[at][chance.choice([0, 1])]
    return one(rows)


def dropped_column(rows: Rows, chance: Random) -> Books:
    gone = chance.choice([PATIENT, DATE, BEFORE])
    kept = [at for at in range(len(HEAD)) if at != gone]
    whole = [[row[at] for at in kept] for row in [HEAD, *rows]]
    return [book_of(sheet_of(whole, "Log"))]


def sorted_alone(rows: Rows, chance: Random) -> Books:
    """In a log patient by patient: in one day by day a slow rise of all scores is no fault."""
    rows.sort(key=lambda row: row[PATIENT])
    scores = sorted(row[BEFORE] for row in rows)
    if chance.random() < 0.5:
        scores.reverse()
    for row, score in zip(rows, scores, strict=True):
        row[BEFORE] = score
    return one(rows)


def scores_swapped_from(rows: Rows, chance: Random) -> Books:
    for row in rows[chance.randrange(12, len(rows) - 12) :]:
        row[BEFORE], row[AFTER] = row[AFTER], row[BEFORE]
    return one(rows)


def header_among_rows(rows: Rows, chance: Random) -> Books:
    rows.insert(some(rows, chance), list(HEAD))
    return one(rows)


def sorted_with_headings(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    return [book_of(sheet_of([*rows[:at], list(HEAD), *rows[at:]], "Log"))]


def totals(rows: Rows, chance: Random) -> Books:
    word = chance.choice(["Total", "Mean", "Mittelwert", "Moyenne", "Media", "Average NRS", "Ø"])
    mean = sum(row[BEFORE] for row in rows) / len(rows)
    return one([*rows, [word, chance.choice([None, rows[-1][DATE]]), mean, None, None, None]])


def blank_rows(rows: Rows, chance: Random) -> Books:
    for _ in range(3):
        rows.insert(chance.randrange(len(rows)), [None] * len(HEAD))
    return one(rows)


def legend(rows: Rows, chance: Random) -> Books:
    return one([*rows, [None] * 6, ["NRS: 0 is no pain, 10 is the worst pain there can be"]])


def same_file_renamed(rows: Rows, chance: Random) -> Books:
    return [*one([list(row) for row in rows]), *one(rows, "log (conflicted copy).xlsx")]


def corrected_copy(rows: Rows, chance: Random) -> Books:
    other = [list(row) for row in rows]
    other[some(rows, chance)][BEFORE] = 0.0
    return [*one(rows), *one(other, "log corrected.xlsx")]


def row_twice(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    rows.insert(at, list(rows[at]))
    return one(rows)


def corrected_below(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    again = list(rows[at])
    again[BEFORE] = (again[BEFORE] + 3) % 11
    rows.insert(at + 1, again)
    return one(rows)


def two_rows_a_visit(rows: Rows, chance: Random) -> Books:
    split = []
    for patient, day, before, after, minutes, event in rows:
        split += [[patient, day, before, None, minutes, event], [patient, day, after] + [None] * 3]
    return one(split)


def half_converted(rows: Rows, chance: Random) -> Books:
    def mangled(day: dt.datetime) -> Any:
        return day.replace(day=day.month, month=day.day) if day.day <= 12 else f"{day:%d/%m/%Y}"

    return one(each(rows, DATE, mangled))


def year_wrong(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    rows[at][DATE] = rows[at][DATE].replace(year=rows[at][DATE].year - 1)
    return one(rows)


def ids_once(rows: Rows, chance: Random) -> Books:
    rows.sort(key=lambda row: row[PATIENT])
    before = None
    for row in rows:
        row[PATIENT], before = (None if row[PATIENT] == before else row[PATIENT]), row[PATIENT]
    return one(rows)


def looks_alike(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    name = rows[at][PATIENT]
    alike = [name.lower(), name.replace("0", "O"), name.replace("1", "l"), f"{name} (new)"]
    rows[at][PATIENT] = chance.choice([*alike, name.replace("-", "–"), f" {name}"])
    return one(rows)


def invisible(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    rows[at][PATIENT] += chance.choice([" ", "\u200b", "\u00ad", "\ufeff", "\u00a0"])
    return one(rows)


def absent(rows: Rows, chance: Random) -> Books:
    """Rows of visits that did not take place, under a heading that nothing maps to."""
    missed = [some(rows, chance) for _ in range(9)]
    whole = [[*row, "DNA" if at in missed else "attended"] for at, row in enumerate(rows)]
    return [book_of(sheet_of([[*HEAD, "How it went"], *whole], "Log"))]


def other_headings(rows: Rows, chance: Random) -> Books:
    half = len(rows) // 2
    strange = [["Who", "When", "Start", "End", "Length", "Remarks"], *rows[half:]]
    return [book_of(sheet_of([HEAD, *rows[:half]], "Log"), sheet_of(strange, "Ben"))]


def per_cent(rows: Rows, chance: Random) -> Books:
    at = some(rows, chance)
    rows[at][BEFORE] = Percent(rows[at][BEFORE] / 10)
    return one(rows)


MUTATIONS: dict[str, Callable[[Rows, Random], Books]] = {
    "nothing": lambda rows, _: one(rows),
    "a row shifted right": shifted_right,
    "a row shifted left": shifted_left,
    "a needed column dropped": dropped_column,
    "a score column sorted alone": sorted_alone,
    "before and after swapped from a row on": scores_swapped_from,
    "the headings again": header_among_rows,
    "sorted together with the headings": sorted_with_headings,
    "a row of totals": totals,
    "blank rows": blank_rows,
    "a legend below": legend,
    "the file again under another name": same_file_renamed,
    "a corrected copy": corrected_copy,
    "a row twice": row_twice,
    "a corrected row below": corrected_below,
    "two rows a visit": two_rows_a_visit,
    "dates half converted": half_converted,
    "a year typed wrong": year_wrong,
    "ids on the first row only": ids_once,
    "an id that looks alike": looks_alike,
    "an invisible character in an id": invisible,
    "absent ones under an unknown heading": absent,
    "a second sheet with other headings": other_headings,
    "a score in per cent": per_cent,
    "scores from 0 to 100": column(BEFORE, lambda score: 10 * score),
    "scores from 0 to 5": heading(BEFORE, "Pain before (0-5)"),
    "scores in mm": heading(BEFORE, "VAS before (mm)"),
    "a heading that nobody knows": heading(BEFORE, "How is it?"),
    "minutes in seconds": heading(MINUTES, "Duration (s)"),
    "before and after in one cell": cell(BEFORE, lambda score, _: f"{score:g} -> 3"),
    "a range": cell(BEFORE, lambda score, _: f"{score:g}-{score + 1:g}"),
    "a word": cell(BEFORE, lambda *_: "severe"),
    "of ten": cell(BEFORE, lambda score, _: f"{score:g}/10"),
    "a decimal comma": column(BEFORE, lambda score: f"{score:g},0"),
    "numbers as text": column(AFTER, lambda score: f" {score:g} "),
    "a score that became a date": cell(BEFORE, lambda *_: dt.datetime(2026, 10, 7)),
    "a score of eleven": cell(BEFORE, lambda *_: 11.0),
    "a negative score": cell(BEFORE, lambda score, _: -score),
    "a score left out": cell(BEFORE, lambda *_: None),
    "a code for missing": cell(BEFORE, lambda *_: 99.0),
    "a placeholder": cell(BEFORE, lambda *_: "n/a"),
    "an id that became a date": cell(PATIENT, lambda *_: dt.datetime(2026, 3, 1)),
    "an id in scientific notation": cell(PATIENT, lambda *_: "4.90123E+11"),
    "an id left out": cell(PATIENT, lambda *_: None),
    "a date left out": cell(DATE, lambda *_: None),
    "a date that is none": cell(DATE, lambda *_: "last Monday"),
    "a date in the future": cell(DATE, lambda day, _: day.replace(year=2027)),
    "dates as text": column(DATE, lambda day: f"{day:%d.%m.%Y}"),
    "dates with words": column(DATE, lambda day: f"{day:%d %B %Y}"),
    "dates with two digits of the year": column(DATE, lambda day: f"{day:%d/%m/%y}"),
    "dates without a year": column(DATE, lambda day: f"{day:%d.%m.}"),
    "ISO times with an offset": column(DATE, lambda day: f"{day:%Y-%m-%d}T09:30:00+02:00"),
    "midnight in another time zone": column(DATE, lambda day: day - dt.timedelta(hours=2)),
    "ids in capitals and small letters": looks_alike,
}


@pytest.mark.parametrize("name", MUTATIONS)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_right_or_said(name: str, seed: int) -> None:
    chance = Random(seed)
    rows = valid(chance)
    truth, before = outcome(one([list(row) for row in rows]))
    assert not before, "a valid log has no finding about its reading"
    figures, said = outcome(MUTATIONS[name]([list(row) for row in rows], chance))
    if figures is None:
        assert said, "a file that is not read is said"
    elif figures != truth:
        assert said, f"other figures and not a word: {changes(truth, figures)}"
        assert all(finding.cell or finding.row or finding.sheet or finding.file for finding in said)


def changes(truth: dict[str, Any] | None, figures: dict[str, Any]) -> list[Any]:
    assert truth is not None
    keys = truth.keys() | figures.keys()
    return [
        (key, truth.get(key), figures.get(key))
        for key in keys
        if truth.get(key) != figures.get(key)
    ]
