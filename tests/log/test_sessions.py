"""Sheets in, sessions out: every row accounted for, every value on its cell."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from helpers import TODAY, book_of, sheet_of
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.ground.frame import missing
from clinicreport.log.cells import Words
from clinicreport.log.headings import Aliases
from clinicreport.log.reporter import Reporter
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.visits import read_sessions
from clinicreport.protocol import in_force
from clinicreport.reading.spreadsheet import CellError, Sheet, Spreadsheet, Uncached

D = dt.date
READING = Reading(Reporter(in_force.load()), TODAY)
HEAD = ["Patient", "Date", "Pain before", "Pain after", "Minutes"]
ROWS = [["P-1", D(2026, 9, 1), 7.0, 5.0, 10.0], ["P-2", D(2026, 9, 2), 6.0, 4.0, 12.0]]


def read(*sheets: Sheet, reading: Reading = READING, **more: Any) -> Log:
    return read_sessions([book_of(*sheets, **more)], reading)


def visits(log: Log) -> list[tuple[Any, ...]]:
    frame = log.visits
    days = frame["date"].astype("datetime64[D]").tolist()
    return list(zip(frame["patient_id"].tolist(), days, frame["nrs_before"].tolist(), strict=True))


def found(log: Log, *rules: str) -> list[tuple[str, str]]:
    """Rule and cell of the findings, of all rules or of some."""
    return [
        (item.finding.rule, item.finding.cell)
        for item in log.located
        if not rules or item.finding.rule in rules
    ]


def counts(log: Log) -> list[tuple[int, int]]:
    """Rows and used rows of each source."""
    return [(source.rows, source.used) for source in log.sources]


def below(head: Sequence[Any], *rows: Sequence[Any]) -> Sheet:
    return sheet_of([head, *rows])


# ------------------------------------------------------------------ where the table stands


@pytest.mark.parametrize("above", [0, 1, 6, 30])
@pytest.mark.parametrize("left", [0, 1, 4])
def test_the_heading_row_stands_anywhere(above: int, left: int) -> None:
    pad = [None] * left
    title = [["Harbour Pain Clinic, September"]] * min(above, 1) + [[]] * max(above - 1, 0)
    log = read(sheet_of([*title, [*pad, *HEAD], *([*pad, *row] for row in ROWS)]))
    assert visits(log) == [("P-1", D(2026, 9, 1), 7), ("P-2", D(2026, 9, 2), 6)]
    column = "ABCDEFGHI"[left + 2]
    assert log.spot(1, "nrs_before").cell == f"{column}{above + 3}"
    assert found(log) == []


def test_columns_in_any_order_with_blank_ones_between() -> None:
    log = read(
        below(
            ["Minutes", "", "Date", "Pain before", "", "Patient"],
            [10.0, "", D(2026, 9, 1), 7.0, "", "P-1"],
        )
    )
    assert visits(log) == [("P-1", D(2026, 9, 1), 7)]
    assert log.spot(0, "patient_id").cell == "F2"
    assert log.spot(0, "nrs_after").cell == ""


def test_several_sheets_of_a_book() -> None:
    log = read(
        sheet_of([HEAD, ROWS[0]], "July"),
        sheet_of([["About this log"]], "Read me"),
        sheet_of([HEAD, ROWS[1]], "August"),
    )
    assert visits(log) == [("P-1", D(2026, 9, 1), 7), ("P-2", D(2026, 9, 2), 6)]
    assert [source.sheet for source in log.sources] == ["July", "August"]
    assert counts(log) == [(1, 1), (1, 1)]


def test_two_tables_on_one_sheet() -> None:
    log = read(sheet_of([HEAD, ROWS[0], [], HEAD, ROWS[1]]))
    assert visits(log) == [("P-1", D(2026, 9, 1), 7), ("P-2", D(2026, 9, 2), 6)]
    assert log.spot(1, "nrs_before").cell == "C5"
    assert (counts(log), found(log)) == ([(2, 2)], [("summary-row", "")])


def test_several_books_in_their_order() -> None:
    books = [
        book_of(below(HEAD, row), name=f"{name}.xlsx")
        for name, row in (("b", ROWS[0]), ("a", ROWS[1]))
    ]
    log = read_sessions(books, READING)
    assert [source.file for source in log.sources] == ["b.xlsx", "a.xlsx"]
    assert visits(log) == [("P-1", D(2026, 9, 1), 7), ("P-2", D(2026, 9, 2), 6)]
    assert log.spot(1, "date").file == "a.xlsx"


def test_hidden_sheets_are_not_read_hidden_rows_are_and_both_are_said() -> None:
    shown, hidden = below(HEAD, *ROWS), sheet_of([HEAD, ROWS[0]], "Old")
    shown.hidden_rows, hidden.visible = 1, False
    log = read(shown, hidden)
    assert len(log.visits) == 2
    messages = [item.finding.message for item in log.located]
    assert [item.finding.rule for item in log.located] == ["hidden-rows", "hidden-rows"]
    assert "1 row" in messages[0]
    assert "not read" in messages[1]
    assert [item.finding.sheet for item in log.located] == ["Sessions", "Old"]


# ------------------------------------------------------------------ what cannot be read


def test_a_book_that_cannot_be_read() -> None:
    log = read_sessions(
        [Spreadsheet("bad.xlsx", "bad.xlsx", "0" * 64, reason="bad.xlsx: is damaged")], READING
    )
    assert found(log) == [("unreadable-file", "")]
    assert [(s.file, s.sheet, s.rows, s.used, s.reason) for s in log.sources] == [
        ("bad.xlsx", "", 0, 0, "bad.xlsx: is damaged")
    ]
    assert len(log.visits) == 0


@pytest.mark.parametrize("rows", [[], [["Shopping list"]], [["Patient", "Colour"], ["P-1", "red"]]])
def test_a_book_without_a_session_table(rows: list[list[Any]]) -> None:
    log = read(sheet_of(rows))
    assert found(log) == [("no-session-table", "")]
    assert "no row holds headings" in (log.sources[0].reason or "")


@pytest.mark.parametrize(
    ("heading", "field", "label"),
    [
        ("Patient", "patient_id", "Patient"),
        ("Date", "date", "Date"),
        ("Pain before", "nrs_before", "NRS before"),
    ],
)
def test_a_needed_column_that_is_not_there(heading: str, field: str, label: str) -> None:
    head = [name for name in HEAD if name != heading]
    log = read(
        below(head, *([v for h, v in zip(HEAD, row, strict=True) if h != heading] for row in ROWS))
    )
    finding = log.located[0].finding
    assert (finding.rule, finding.cell, finding.field) == ("missing-column", "", field)
    assert finding.sheet == "Sessions"
    assert len(log.located) == 1
    assert label in (log.sources[0].reason or "")
    assert len(log.visits) == 0


def test_a_file_with_one_bad_sheet_counts_as_not_read() -> None:
    log = read(
        sheet_of([HEAD, ROWS[0]], "Good"),
        sheet_of([["Patient", "Date"], ["P-2", D(2026, 9, 2)]], "Bad"),
    )
    assert ("missing-column", "") in found(log)
    assert len(log.visits) == 0
    assert [source.reason is not None for source in log.sources] == [True]


def test_headings_only_is_no_error() -> None:
    log = read(below(HEAD))
    assert found(log) == []
    assert counts(log) == [(0, 0)]
    assert log.sources[0].reason is None


# ------------------------------------------------------------------ headings


def test_unknown_and_repeated_headings_stand_on_their_cells() -> None:
    log = read(below([*HEAD, "Therapst", "NRS"], [*ROWS[0], "AB", 3.0]))
    assert found(log) == [("unknown-column", "F1"), ("duplicate-column", "G1")]
    assert visits(log) == [("P-1", D(2026, 9, 1), 7)]
    assert 'therapist = ["Therapst"]' in log.located[0].finding.message


def test_a_clinics_own_headings() -> None:
    reading = Reading(READING.reporter, TODAY, aliases=Aliases({"nrs_before": ["Ache-o-meter"]}))
    log = read(
        below(["Patient", "Date", "ACHE O METER"], ["P-1", D(2026, 9, 1), 7.0]), reading=reading
    )
    assert visits(log) == [("P-1", D(2026, 9, 1), 7)]


# ------------------------------------------------------------------ rows in = used + set aside


def test_rows_are_used_set_aside_or_no_visits() -> None:
    log = read(
        below(
            HEAD,
            ["P-1", D(2026, 9, 1), 7.0, 5.0, 10.0],
            [],
            [None, D(2026, 9, 2), 6.0],
            ["P-1", None, 6.0],
            ["P-1", "soon", 6.0],
            ["P-1", "03/04/2026", 6.0],
            ["P-1", D(2027, 1, 1), 6.0],
            ["P-1", D(1999, 12, 31), 6.0],
            ["P-1", CellError("#REF!"), 6.0],
            ["P-1", Uncached("=B2+1"), 6.0],
            [CellError("#N/A"), D(2026, 9, 2), 6.0],
            ["P-1", D(2026, 9, 3), "severe", 11.0, "a while"],
            ["Total", None, 61.0],
            [None, None, None, None, "NRS = numeric rating scale"],
        )
    )
    assert counts(log) == [(11, 2)]
    assert visits(log)[0] == ("P-1", D(2026, 9, 1), 7)
    assert found(log) == [
        ("summary-row", ""),
        ("summary-row", ""),
        ("missing-patient", "A4"),
        ("missing-date", "B5"),
        ("error-cell", "A12"),
        ("bad-date", "B6"),
        ("ambiguous-date", "B7"),
        ("future-date", "B8"),
        ("bad-date", "B9"),
        ("error-cell", "B10"),
        ("uncached-formula", "B11"),
        ("bad-score", "C13"),
        ("score-out-of-range", "D13"),
        ("bad-value", "E13"),
    ]
    rows = [item.finding.row for item in log.located if item.finding.rule == "summary-row"]
    assert rows == [14, 15]


@pytest.mark.parametrize(
    "word",
    [
        "Total",
        "TOTAL:",
        "Totals",
        "Mean",
        "Average",
        "Sum",
        "Count",
        "Median",
        "n",
        "n = 14",
        "Grand total",
        "Mean NRS",
        "Average of September",
        "Summe",
        "Mittelwert",
        "Moyenne",
        "Promedio",
        "Total 12",
    ],
)
def test_summary_rows(word: str) -> None:
    log = read(below(HEAD, ROWS[0], [word, None, 6.5, 4.5, 22.0]))
    assert counts(log) == [(1, 1)]
    assert found(log) == [("summary-row", "")]


@pytest.mark.parametrize("word", ["P-Total", "Mean-01", "Meanwell", "N-14", "Sumner"])
def test_a_patient_without_a_date_is_no_summary_row(word: str) -> None:
    log = read(below(HEAD, ROWS[0], [word, None, 6.0]))
    assert counts(log) == [(2, 1)]
    assert found(log) == [("missing-date", "B3")]


def test_a_total_with_a_date_is_no_visit() -> None:
    log = read(below(HEAD, ["Total", D(2026, 9, 1), 6.0]))
    assert counts(log) == [(0, 0)]


# ------------------------------------------------------------------ cells


def test_a_bad_value_becomes_missing_and_the_row_stays() -> None:
    head = [*HEAD, "Eye protection", "Wavelength (nm)", "Visit type", "Start time"]
    log = read(
        below(head, ["P-1", D(2026, 9, 1), "6-7", -1.0, "long", "perhaps", "red", "chat", "noon"])
    )
    assert found(log) == [
        ("bad-score", "C2"),
        ("score-out-of-range", "D2"),
        ("bad-value", "E2"),
        ("bad-value", "F2"),
        ("bad-value", "G2"),
        ("bad-value", "H2"),
        ("bad-value", "I2"),
    ]
    unread = ("nrs_before", "nrs_after", "duration", "eye_protection", "wavelength", "start_time")
    assert all(missing(log.visits[name])[0] for name in unread)
    assert log.visits["visit_type"].tolist() == ["treatment"]
    finding = log.located[0].finding
    assert (finding.value, finding.patient, finding.field, finding.row) == (
        "6-7",
        "P-1",
        "nrs_before",
        2,
    )


def test_a_date_in_a_score_cell_gets_the_sentence_about_excel() -> None:
    log = read(below(HEAD, ["P-1", D(2026, 9, 1), dt.datetime(2026, 10, 7)]))
    assert found(log) == [("bad-score", "C2")]
    assert "Excel turns a typed 7/10" in log.located[0].finding.message


def test_a_blank_visit_type_is_a_treatment() -> None:
    log = read(below([*HEAD, "Visit type"], [*ROWS[0], None], [*ROWS[1], "screening"]))
    assert log.visits["visit_type"].tolist() == ["treatment", "screening"]


def test_ids_are_text_whatever_the_cell_is() -> None:
    day = D(2026, 9, 1)
    log = read(
        below(HEAD, ["007", day, 1.0], [7.0, day, 1.0], [" 7 ", day, 1.0], ["N-A", day, 1.0])
    )
    assert log.visits["patient_id"].tolist() == ["007", "7", "7", "N-A"]


def test_confirmed_pairs_of_ids_are_one_patient() -> None:
    reading = Reading(READING.reporter, TODAY, same={"p1": "P-1"})
    log = read(
        below(HEAD, ["P-1", D(2026, 9, 1), 7.0], ["p1", D(2026, 9, 2), 6.0]), reading=reading
    )
    assert log.visits["patient_id"].tolist() == ["P-1", "P-1"]


def test_text_that_hides_something_is_noted_on_its_cell() -> None:
    log = read(below([*HEAD, "Notes"], [*ROWS[0], "well\u202etxet"], [*ROWS[1], "fine 🙂"]))
    assert found(log) == [("unsafe-text", "F2")]


def test_codes_for_missing_of_the_clinic() -> None:
    reading = Reading(READING.reporter, TODAY, words=Words(frozenset({"99"})))
    log = read(below(HEAD, ["P-1", D(2026, 9, 1), 99.0, 5.0, 10.0]), reading=reading)
    assert found(log) == []
    assert missing(log.visits["nrs_before"]).tolist() == [True]


def test_formulas_of_a_file_that_nobody_calculated() -> None:
    sheet = below(HEAD, *ROWS)
    sheet.formulas = {(2, 3), (3, 1), (3, 5)}
    log = read(sheet)
    assert found(log) == [("never-calculated", "C2"), ("never-calculated", "E3")]


def test_active_content_is_noted() -> None:
    log = read(below(HEAD, *ROWS), active_content=["macros", "external links"])
    assert found(log) == [("active-content", "")]
    assert "macros and external links" in log.located[0].finding.message


# ------------------------------------------------------------------ the register


def register(*rows: Sequence[Any], name: str = "Patients") -> Sheet:
    return sheet_of([["Patient", "Condition", "Contraindications", "Discharged"], *rows], name)


def test_a_register_beside_the_log() -> None:
    log = read(
        below(HEAD, *ROWS), register(["P-1", "Chronic low back pain", "none", D(2026, 9, 20)])
    )
    entry = log.register.entry(None, "P-1", "condition")
    assert entry is not None
    assert (entry.value, entry.spot.cell, entry.spot.sheet) == (
        "Chronic low back pain",
        "B2",
        "Patients",
    )
    assert log.register.entry(None, "P-2", "condition") is None
    assert found(log) == []


def test_a_register_before_the_log_in_another_file_and_the_later_file_holds() -> None:
    books = [
        book_of(below(HEAD, ROWS[0]), register(["P-1", "Back pain", None, None]), name="a.xlsx"),
        book_of(below(HEAD, ROWS[1]), register(["P-1", "Neck pain", None, None]), name="b.xlsx"),
    ]
    log = read_sessions(books, READING)
    entry = log.register.entry(None, "P-1", "condition")
    assert entry is not None
    assert (entry.value, entry.spot.file) == ("Neck pain", "b.xlsx")


def test_a_blank_in_a_later_register_takes_nothing_away() -> None:
    books = [
        book_of(below(HEAD, ROWS[0]), register(["P-1", "Back pain", None, None]), name="a.xlsx"),
        book_of(below(HEAD, ROWS[1]), register(["P-1", None, None, None]), name="b.xlsx"),
    ]
    entry = read_sessions(books, READING).register.entry(None, "P-1", "condition")
    assert entry is not None
    assert entry.value == "Back pain"


def test_a_bad_register_cell_is_found_on_its_cell() -> None:
    log = read(
        below(HEAD, *ROWS),
        register(["P-1", None, None, "soon"], ["P-2", None, CellError("#N/A"), None]),
    )
    assert sorted(found(log)) == [("bad-value", "D2"), ("error-cell", "C3")]
    assert {item.finding.sheet for item in log.located} == {"Patients"}


def test_a_register_is_no_visit() -> None:
    log = read(below(HEAD, *ROWS), register(["P-9", "Back pain", None, None]))
    assert counts(log) == [(2, 2)]
    assert "P-9" not in log.visits["patient_id"].tolist()


# ------------------------------------------------------------------ whatever stands there

CELL = st.one_of(
    st.none(),
    st.sampled_from(["P-1", "007", "Total", "6-7", "n/a", "03/04/2026", "14.09.2026", "x", "=1"]),
    st.integers(-3, 12).map(float),
    st.dates(D(1990, 1, 1), D(2030, 1, 1)),
    st.booleans(),
    st.just(CellError("#N/A")),
    st.text(max_size=4),
)


@given(rows=st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=12))
def test_rows_in_are_rows_used_and_set_aside_whatever_stands_there(rows: list[list[Any]]) -> None:
    log = read(below(HEAD, *rows))
    if log.sources[0].reason:  # a cell of the rows reads like a heading
        return
    filled = sum(
        any(not (v is None or (isinstance(v, str) and not v.strip())) for v in row) for row in rows
    )
    total = sum(source.rows for source in log.sources)
    used = sum(source.used for source in log.sources)
    assert used == len(log.visits)
    assert total + len(found(log, "summary-row")) == filled
    assert not missing(log.visits["patient_id"]).any()
    assert not missing(log.visits["date"]).any()
    set_aside = {
        item.finding.row
        for item in log.located
        if item.finding.rule
        in {
            "missing-patient",
            "bad-patient",
            "missing-date",
            "bad-date",
            "ambiguous-date",
            "future-date",
            "error-cell",
        }
        and item.finding.field in ("patient_id", "date")
    }
    assert total - used == len(set_aside)


@pytest.mark.parametrize(
    ("others", "used"),
    [
        (["08.09.2026", "15.09.2026"], 4),  # a further sheet of the form settles the order
        (["08.09.2026", "05.09.2026"], 0),
        (["08/31/2026", "15.09.2026"], 2),  # two orders there: nothing is settled here
    ],
)
def test_sheets_of_one_form_settle_the_order_of_dates_together(others, used):
    def week(days):
        rows = [[f"P-{at}", day, 7] for at, day in enumerate(days)]
        return [["Patient", "Date", "Pain"], *rows]

    log = read(sheet_of(week(["01.09.2026", "02.09.2026"]), "1"), sheet_of(week(others), "2"))
    assert sum(source.used for source in log.sources) == used
