"""Text logs as programs and people spoil them: the right figures, or an error or warning at the
place. Never other figures without a word."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clinicreport.log.reporter import Reporter
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.visits import read_sessions
from clinicreport.protocol import in_force
from clinicreport.reading import RefusedError
from clinicreport.reading.worker import read

pytestmark = pytest.mark.once

HEAD = ["patient_id", "date", "notes", "nrs_before", "nrs_after", "duration"]
TODAY = dt.date(2026, 11, 24)
NOTES = st.sampled_from(
    [
        "",
        "fine",
        "neck, left",
        "neck; left",
        'said "better"',
        "größer",
        "two\nlines",
        "x|y",
        "don’t",
    ]
)
VISITS = st.lists(
    st.tuples(
        st.sampled_from(["P-1", "007", "Ü-2"]),
        st.integers(0, 40).map(lambda day: (dt.date(2026, 9, 1) + dt.timedelta(day)).isoformat()),
        NOTES,
        st.integers(0, 10).map(str),
        st.integers(0, 10).map(str),
        st.integers(10, 20).map(str),
    ).map(list),
    min_size=2,
    max_size=6,
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "cp1252", "mac_roman"]
END = st.sampled_from(["\n", "\r\n", "\r"])


def written(
    rows: list[list[str]], delimiter: str, end: str, quoting: int = csv.QUOTE_MINIMAL
) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return target.getvalue()


def log_of(data: bytes) -> Log | None:
    """The log in these bytes; None where the file is refused."""
    try:
        book = read(data)
    except RefusedError:
        return None
    book.name = "log.csv"
    return read_sessions([book], Reading(Reporter(in_force.load()), TODAY))


def figures(log: Log) -> list[tuple]:
    """Each used visit's row, patient, day and numbers."""
    names = ["row", "patient_id", "date", "nrs_before", "nrs_after", "duration"]
    visits = log.visits.select(*names).rows()
    return [
        (row, id_, str(day)[:10], *numbers)
        for row, id_, day, *numbers in (visit.values() for visit in visits)
    ]


def expected(rows: list[list[str]]) -> list[tuple]:
    return [
        (at, id_, day, float(before), float(after), float(minutes))
        for at, (id_, day, _, before, after, minutes) in enumerate(rows, 2)
    ]


def said(log: Log) -> set[int | None]:
    """The rows that an error or warning names; None is the file as a whole."""
    told = {each.finding.row for each in log.located if each.finding.severity != "note"}
    return told | ({None} if any(source.reason for source in log.sources) else set())


def nothing_is_silently_wrong(data: bytes, rows: list[list[str]]) -> None:
    log = log_of(data)
    if log is None or any(source.reason for source in log.sources):
        return
    wrong = {visit[0] for visit in set(figures(log)) ^ set(expected(rows))}
    assert wrong <= said(log), (wrong, said(log))


@given(VISITS, st.sampled_from(",;\t|"), END, st.sampled_from(ENCODINGS))
@settings(max_examples=150, deadline=None)
def test_any_encoding_delimiter_and_line_end(rows, delimiter, end, encoding):
    # csv's writer leaves a line break bare where records end otherwise.
    text = written(
        [HEAD, *rows], delimiter, end, csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL
    )
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    log = log_of(data)
    assert log is not None
    read_as = [(visit[0], visit[2:]) for visit in figures(log)]
    assert read_as == [(visit[0], visit[2:]) for visit in expected(rows)]
    if encoding.startswith("utf"):
        assert figures(log) == expected(rows)
        assert not [f for f in log.located if f.finding.severity != "note"]
    elif not text.isascii():
        assert "guessed-encoding" in {each.finding.rule for each in log.located}


@given(VISITS, st.sampled_from(",;\t"), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_cut_off_anywhere_in_the_last_record_but_its_last_cell(rows, delimiter, left):
    text = written([HEAD, *rows], delimiter, "\n")
    last = written(rows[-1:], delimiter, "\n")
    behind = len(rows[-1][-1]) + 1  # the last cell's own characters cannot be missed
    at = len(text) - min(max(left, behind + 1), len(last) - 1)
    log = log_of(text[:at].encode())
    if log is not None:
        assert figures(log) == expected(rows[:-1])
        assert len(rows) + 1 in said(log)


@given(VISITS, st.sampled_from(",;"), st.data())
@settings(max_examples=150, deadline=None)
def test_a_delimiter_within_an_unquoted_cell(rows, delimiter, data):
    notes = st.sampled_from(["neck# 3", "neck# 3 years# 7", "#", "x#5#4#15", "7#6#5", "fine", ""])
    for row in rows:
        row[2] = data.draw(notes).replace("#", delimiter)
    plain = [delimiter.join(row) for row in [HEAD, *rows]]
    nothing_is_silently_wrong("\n".join([*plain, ""]).encode(), rows)


@given(VISITS, st.sampled_from(",;\t|"), st.integers(0, 400), st.sampled_from("\x00\r\n\u2028"))
@settings(max_examples=150, deadline=None)
def test_a_stray_character(rows, delimiter, at, stray):
    text = written([HEAD, *rows], delimiter, "\n")
    at %= len(text)
    log = log_of((text[:at] + stray + text[at:]).encode())
    if log is None or any(source.reason for source in log.sources):
        return
    # A record more moves the rows below it: what is left is told by days and numbers.
    found, wanted = ([visit[2:] for visit in each] for each in (figures(log), expected(rows)))
    assert found == wanted or said(log) or "missing" in str(found).replace("nan", "missing")


@given(VISITS, st.sampled_from(",;\t|"), st.data())
@settings(max_examples=150, deadline=None)
def test_a_mark_that_is_missing(rows, delimiter, data):
    text = written([HEAD, *rows], delimiter, "\n", csv.QUOTE_ALL)
    marks = [at for at, char in enumerate(text) if char == '"']
    gone = data.draw(st.sampled_from(marks[2 * len(HEAD) :]))
    log = log_of((text[:gone] + text[gone + 1 :]).encode())
    if log is None or any(source.reason for source in log.sources):
        return
    found, wanted = ([visit[2:] for visit in each] for each in (figures(log), expected(rows)))
    assert found == wanted or said(log)
