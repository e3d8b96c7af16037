"""Merged cells: what is written once beside several visits holds for each of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from helpers import TODAY, book_of, sheet_of

from clinicreport.ground.frame import missing
from clinicreport.log.declared import Declared, Split
from clinicreport.log.reporter import Reporter
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.visits import read_sessions
from clinicreport.protocol import in_force

READING = Reading(Reporter(in_force.load()), TODAY)
D = dt.date
HEAD = ["Patient ID", "Date", "NRS before", "NRS after"]
Merged = tuple[int, int, int, int]


def read(*rows: list[Any], merged: list[Merged]) -> Log:
    sheet = sheet_of([HEAD, *rows])
    sheet.merged = merged
    return read_sessions([book_of(sheet)], READING)


def visits(log: Log) -> list[tuple[Any, ...]]:
    columns = ("patient_id", "date", "nrs_before")
    lists = (log.visits[name].tolist() for name in columns)
    return [(patient, day.day, before) for patient, day, before in zip(*lists, strict=True)]


def rules(log: Log) -> list[tuple[str, str]]:
    return [(item.finding.rule, item.finding.cell) for item in log.located]


def test_ids_merged_down_hold_for_each_row():
    log = read(
        ["P-1", D(2026, 9, 1), 8, 7],
        ["", D(2026, 9, 3), 7, 6],
        ["", D(2026, 9, 5), 6, 5],
        ["P-2", D(2026, 9, 1), 5, 4],
        ["", D(2026, 9, 3), 4, 3],
        merged=[(2, 1, 4, 1), (5, 1, 6, 1)],
    )
    assert visits(log) == [
        ("P-1", 1, 8),
        ("P-1", 3, 7),
        ("P-1", 5, 6),
        ("P-2", 1, 5),
        ("P-2", 3, 4),
    ]
    assert rules(log) == []
    assert (log.sources[0].rows, log.sources[0].used) == (5, 5)


def test_dates_merged_down_hold_for_each_patient():
    log = read(
        ["P-1", D(2026, 9, 1), 8, 7],
        ["P-2", "", 7, 6],
        ["P-3", "", 6, 5],
        merged=[(2, 2, 4, 2)],
    )
    assert visits(log) == [("P-1", 1, 8), ("P-2", 1, 7), ("P-3", 1, 6)]


def test_rows_with_nothing_of_their_own_are_no_visits():
    log = read(
        ["P-1", "", None, None],
        ["", D(2026, 9, 1), 8, 7],
        ["", "", None, None],
        merged=[(2, 1, 4, 1)],
    )
    assert visits(log) == [("P-1", 1, 8)]
    assert (log.sources[0].rows, rules(log)) == (1, [])


def test_a_visit_in_two_sheet_rows_is_one():
    log = read(
        ["P-1", D(2026, 9, 1), 8, 7],
        ["", "", None, None],
        merged=[(2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 3, 4)],
    )
    assert visits(log) == [("P-1", 1, 8)]


def test_a_merged_heading_a_title_and_a_legend_are_no_data():
    sheet = sheet_of(
        [
            ["Log of the pain clinic in autumn"],
            HEAD,
            ["", "", "", ""],
            ["P-1", D(2026, 9, 1), 8, 7],
            ["Scores are from 0 (no pain) to 10", "", "", ""],
            ["", "", "", ""],
        ]
    )
    sheet.merged = [(1, 1, 1, 4), *((2, at, 3, at) for at in (1, 2, 3, 4)), (5, 1, 6, 4)]
    log = read_sessions([book_of(sheet)], READING)
    assert visits(log) == [("P-1", 1, 8)]


def test_what_lies_hidden_under_a_merged_cell_is_not_there():
    log = read(
        ["P-1", D(2026, 9, 1), 8, 3],
        ["P-9", D(2026, 9, 3), 7, 6],
        merged=[(2, 3, 2, 4), (2, 1, 3, 1)],
    )
    assert visits(log) == [("P-1", 1, 8), ("P-1", 3, 7)]
    assert missing(log.visits["nrs_after"]).tolist() == [True, False]


def test_rows_and_scores_struck_through_are_said_and_kept():
    sheet = sheet_of([HEAD, *(["P-1", D(2026, 9, day), 8, 7] for day in (1, 3, 5, 7))])
    sheet.struck = {(2, 1), (2, 2), (2, 3), (2, 4), (3, 4), (4, 2), (1, 1)}
    log = read_sessions([book_of(sheet)], READING)
    assert rules(log) == [("struck-row", "A2"), ("struck-row", "D3"), ("struck-row", "A4")]
    assert len(log.visits) == 4


def test_a_struck_cell_with_both_scores_is_said_once():
    sheet = sheet_of([["Patient ID", "Date", "NRS before"], ["P-1", D(2026, 9, 1), "8 -> 6"]])
    sheet.struck = {(2, 3)}
    split = replace(READING, declared=Declared(split=Split(column="NRS before", by="->")))
    log = read_sessions([book_of(sheet)], split)
    assert rules(log) == [("struck-row", "C2")]


def test_merged_ids_and_ids_that_are_filled_down_together():
    rows = [["P-1", D(2026, 9, 1), 8, 7], ["", D(2026, 9, 3), 7, 6], ["", D(2026, 9, 5), 6, 5]]
    sheet = sheet_of([HEAD, *rows, ["", D(2026, 9, 7), 5, 4]])
    sheet.merged = [(2, 1, 3, 1)]
    filled = replace(READING, declared=Declared(fill_down=["patient_id"]))
    log = read_sessions([book_of(sheet)], filled)
    assert visits(log) == [("P-1", 1, 8), ("P-1", 3, 7), ("P-1", 5, 6), ("P-1", 7, 5)]
    assert rules(log) == []
