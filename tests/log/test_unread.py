"""Nothing that looks like a visit is dropped in silence: rows, sheets, columns; what to write."""

import datetime as dt
import tomllib
from typing import Any

import pytest
from helpers import TODAY, book_of, sheet_of

from clinicreport.log.declared import Declared
from clinicreport.log.findings import Finding
from clinicreport.outcomes.analysis import Checked
from clinicreport.path import judged, typed
from clinicreport.protocol import in_force
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

PROTOCOL = in_force.load()
HEAD = ["Patient ID", "Date", "NRS before", "NRS after"]
DAYS = [dt.date(2026, 3, day) for day in range(2, 14, 2)]
ROWS: list[list[Any]] = [["P-001", day, 8.0 - at, 4.0] for at, day in enumerate(DAYS)]


def checked(*sheets: Any, **settings: Any) -> Checked:
    """Sheets as ``(name, rows)``, or rows alone."""
    pages = [page if isinstance(page, tuple) else ("Log", page) for page in sheets]
    request = Request(PROTOCOL, Config(**settings), TODAY)
    book = book_of(*(sheet_of(rows, name) for name, rows in pages))
    return judged(typed([book], request), request)


def found(result: Checked, rule: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule == rule]


def counts(result: Checked) -> tuple[int, int]:
    return sum(i.rows for i in result.inputs), sum(i.used for i in result.inputs)


def reason(result: Checked) -> str:
    return next((entry.reason for entry in result.inputs if entry.reason), "")


# ------------------------------------------------------------------ rows that are no headings


@pytest.mark.parametrize(
    "row",
    [
        ["Pat", dt.date(2026, 3, 2), 7.0, "before"],
        ["Pat", "2.3.2026", "7", "Termin"],
    ],
)
def test_a_row_of_data_is_no_heading_row(row: list[Any]) -> None:
    result = checked([[*HEAD[:3], "Notes"], *([r[0], r[1], r[2], ""] for r in ROWS), row])
    assert counts(result)[0] == len(ROWS) + 1
    assert not reason(result)


@pytest.mark.parametrize("blank", [None, 5.0, dt.date(2026, 9, 1)])
def test_days_in_a_body_are_no_visits_side_by_side(blank: Any) -> None:
    days = [dt.date(2026, 9, 2), dt.date(2026, 9, 9)]
    rows = [
        ["Klient", "Vorname", "Eins", "Zwei"],
        ["K1", "Ann", 5.0 if blank is None else blank, 4.0],
    ]
    assert reason(checked([*rows, ["K2", "Pat", *days], ["K3", "Max", 5.0, 7.0]]))


def test_a_year_beside_the_headings_is_allowed() -> None:
    result = checked([[*HEAD, 2026.0], *ROWS])
    assert counts(result) == (6, 6)


# ------------------------------------------------------------------ rows above, sheets beside


def test_rows_above_the_headings_are_said() -> None:
    result = checked([*ROWS[:2], HEAD, *ROWS[2:]])
    (finding,) = found(result, "unread-rows")
    assert (finding.severity, finding.cell, finding.sheet) == ("warning", "", "Log")
    assert "2 rows" in finding.message
    assert "row 3" in finding.message
    assert counts(result) == (4, 4)


@pytest.mark.parametrize(
    "above",
    [
        [["Pain clinic"], ["Printed", dt.date(2026, 3, 1)], []],
        [["Patients:", 12.0], ["Contact", "desk", "room 4"], []],
        [["From", dt.date(2026, 3, 1), "to", dt.date(2026, 3, 31)]],
    ],
)
def test_a_title_is_no_row(above: list[Any]) -> None:
    assert not found(checked([*above, HEAD, *ROWS]), "unread-rows")


BEN = [["Who", "When", "How bad"], *([f"P-10{at}", day, 5.0] for at, day in enumerate(DAYS))]


def test_a_sheet_with_other_headings_is_said_and_the_lines_mend_it() -> None:
    result = checked([HEAD, *ROWS], ("Ben", BEN))
    (finding,) = found(result, "unread-sheet")
    assert (finding.severity, finding.sheet, finding.cell) == ("warning", "Ben", "")
    assert 'ignore = ["Ben"]' in finding.message
    assert "Who | When | How bad" in finding.message
    lines = finding.message.partition("under [aliases]:")[2].partition(" [log.")[0]
    mended = checked([HEAD, *ROWS], ("Ben", BEN), aliases=tomllib.loads(lines))
    assert counts(mended) == (12, 12)


@pytest.mark.parametrize(
    "rows",
    [
        [["Opening hours"], ["Mon to Fri", "8 to 17"], ["One session", 30.0]],
        [["Item", "Stock"], *([f"Lamp {at}", 3.0] for at in "abcdef")],
        [["Row Labels", "Average of NRS before"], *([f"P-00{at}", 6.5] for at in range(6))],
        [["No", "Name"], *([float(at), f"P-00{at}"] for at in range(1, 8))],
    ],
)
def test_a_sheet_that_is_no_log_causes_no_finding(rows: list[Any]) -> None:
    result = checked([HEAD, *ROWS], ("Info", rows))
    assert [f.rule for f in result.findings if f.severity != "note"] == []


APPOINTMENTS = ("Appointments ", [["Patient ID", "Date"], ["P-002", DAYS[0]]])


def test_a_sheet_without_scores_is_refused_with_the_line_to_write() -> None:
    result = checked([HEAD, *ROWS], APPOINTMENTS)
    assert 'ignore = ["Appointments "]' in reason(result)
    declared = Declared(ignore=["appointments"])
    assert counts(checked([HEAD, *ROWS], APPOINTMENTS, reading=declared)) == (6, 6)


def test_an_empty_template_fails_no_file() -> None:
    result = checked([HEAD, *ROWS], ("Template", [["Patient ID", "Date"]]))
    assert (reason(result), counts(result)) == ("", (6, 6))


# ------------------------------------------------------------------ who came


def attendance(words: list[Any], heading: str = "Showed?", **settings: Any) -> Checked:
    rows = [[*row, word] for row, word in zip(ROWS, words, strict=True)]
    return checked([[*HEAD, heading], *rows], **settings)


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        (["attended", "attended", "DNA", "cancelled", "attended", "x"], "Showed?"),
        ([None, None, None, None, None, "no vino"], "Lo que pasó"),
        (["nicht erschienen", "", "", "abgesagt", "", ""], "Bemerkung zum Besuch"),
        (["ja", "ja", "nein", "ja", "ja", "ja"], "Erschienen"),
        (["", "", "non venu", "annulé", "", ""], "Présence au rdv"),
        (["Cancelled (ill)", "", "", "", "No-show", ""], "Outcome"),
    ],
)
def test_an_attendance_column_that_is_not_read(words: list[Any], heading: str) -> None:
    result = attendance(words, heading)
    (finding,) = found(result, "unread-attendance")
    assert (finding.severity, finding.cell) == ("error", "E1")
    assert f'visit_type = ["{heading}"]' in finding.message
    assert not found(result, "unknown-column")


def test_its_line_makes_the_missed_visits_no_treatments() -> None:
    mended = attendance(
        ["attended", "attended", "DNA", "attended", "no-show", ""],
        aliases={"visit_type": ["Showed?"]},
    )
    kinds = mended.log.visits["visit_type"].tolist()
    assert kinds.count("not-attended") == 2
    assert not [f for f in mended.findings if f.rule in ("bad-value", "unread-attendance")]


@pytest.mark.parametrize(
    "words",
    [
        ["new", "old", "old", "old", "old", "old"],
        ["yes"] * 6,
        ["yes", "no", "yes", "no", "yes", "no"],
        ["attended"] * 6,
        ["fine", "fine", "better", "worse", "same", "cancelled"],
    ],
)
def test_a_column_that_does_not_say_who_came(words: list[str]) -> None:
    assert not found(attendance(words, "State"), "unread-attendance")


# ------------------------------------------------------------------ what to write


@pytest.mark.parametrize(
    ("heads", "line"),
    [
        (["Patient ID", "Date", "How bad is it?"], 'nrs_before = ["How bad is it?"]'),
        (["Wer", "Datum", "Schmerz"], 'patient_id = ["Wer"]'),
        (["Paciente", "Cuándo", "Dolor antes"], 'date = ["Cuándo"]'),
        (["grp/patient_id", "grp/date", "pain/nrs_before"], 'date = ["grp/date"]'),
    ],
)
def test_what_was_seen_and_what_to_write(heads: list[str], line: str) -> None:
    result = checked([heads, *(row[:3] for row in ROWS)])
    assert line in reason(result)
    assert all(head in reason(result) for head in heads)
    assert "clinicreport fit" in reason(result)
    aliases = tomllib.loads(reason(result).partition("under [aliases]:")[2])
    assert counts(checked([heads, *(row[:3] for row in ROWS)], aliases=aliases)) == (6, 6)


def test_who_came_is_never_called_a_date_or_a_patient() -> None:
    rows = [["DNA", day, 5.0] for day in DAYS]
    assert "patient_id =" not in reason(checked([["Attendance", "Date", "Pain"], *rows]))
    words = [["P-1", "attended", 5.0], ["P-2", "DNA", 6.0]]
    assert "date =" not in reason(checked([["Patient", "Attendance dates", "Pain"], *words]))


# ------------------------------------------------------------------ no row that can be used


def test_a_log_none_of_whose_rows_can_be_used_is_unreadable() -> None:
    result = checked([HEAD, *(["P-001", "last week", 8.0, 4.0] for _ in DAYS)])
    assert "none of its 6 rows can be used (6 bad-date)" in reason(result)
    assert [f.cell for f in found(result, "bad-date")] == [f"B{row}" for row in range(2, 8)]
    assert len(result.log.visits) == 0


def test_headings_without_rows_are_read() -> None:
    assert not reason(checked([HEAD]))


# ------------------------------------------------------------------ totals, pages, legends


@pytest.mark.parametrize(
    "row",
    [
        ["P-001 Average", DAYS[5], 6.5, 5.5],
        ["P-001 Max", DAYS[5], 6.5, 5.5],
        ["Grand Max", None, 8.0, 7.0],
        ["Gesamtergebnis", None, 8.0, 7.0],
        ["P-001 Ergebnis", DAYS[5], 8.0, 7.0],
        ["Total général", None, 8.0, 7.0],
        ["Promedio general", DAYS[5], 8.0, 7.0],
        ["Gemiddelde P-001", None, 8.0, 7.0],
        ["Média geral", None, 8.0, 7.0],
        ["Totale complessivo", None, 8.0, 7.0],
        ["Ø P-001", DAYS[5], 8.0, 7.0],
        ["Seite 2", None, None, None],
        ["Page 1 of 3", None, None, None],
        ["0 = no pain, 10 = the worst pain", None, None, None],
        HEAD,
    ],
)
def test_rows_that_are_no_visits(row: list[Any]) -> None:
    result = checked([HEAD, *ROWS[:3], row, *ROWS[3:]])
    (finding,) = found(result, "summary-row")
    assert (finding.row, finding.cell, finding.severity) == (5, "", "note")
    assert counts(result) == (6, 6)


@pytest.mark.parametrize("name", ["Max Muster", "SUM-01", "Maxi", "Minh", "Sumi", "Grandma", "Max"])
def test_patients_whose_names_are_like_such_words(name: str) -> None:
    result = checked([HEAD, *ROWS, [name, DAYS[0], 6.0, 5.0]])
    assert (found(result, "summary-row"), counts(result)) == ([], (7, 7))


def test_a_diagnosis_in_the_first_column_is_no_total() -> None:
    rows = [["Total knee replacement", *row] for row in ROWS]
    assert counts(checked([["Operation", *HEAD], *rows])) == (6, 6)
