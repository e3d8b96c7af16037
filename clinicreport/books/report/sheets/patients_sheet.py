"""Patients: one row each, by the latest course, those who need attention first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinicreport.books.report import patient_formulas, size_limits
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.books.report.score_cells import ScoreCells
from clinicreport.ground.rounding import score
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Column, Table, place
from clinicreport.workbook.words import (
    DAYS_UNKNOWN,
    DURABILITY,
    REASONS,
    RESPONSES,
    STATUSES,
    attention,
    completed,
)

LEAD = [
    "One row a patient, by the latest course; who needs attention stands first. Scores: a blue"
    " column for each visit, from 0 (no pain) to 10; the dark one is the last; a gap is a missing score.",
    "Baseline and Latest find their scores on the Sessions sheet; reduction, percent and response"
    " follow them. Columns from Course on are not printed.",
]
SPARK_TOP = 11  # a little air above a score of 10
FLAGS = {"responder_30": "30 % less", "responder_50": "50 % less", "mcid": "2 points less"}
NOT_PRINTED = "Course"  # the first column that is left out on paper


def write(book: ReportBook) -> None:
    """The sheet; its table is ``patients``."""
    page = book.page("Patients")
    top = page.head("Patients", LEAD)
    patients = book.roster.by_attention
    if not book.live and len(patients) > size_limits.LISTED:
        top += 1
        page.put(
            top - 2, 0, f"The first {size_limits.LISTED:,} of {len(patients):,} patients.", "lead"
        )
        patients = patients[: size_limits.LISTED]
    if not patients:
        page.put(top, 0, "No patient started treatment in these visits.")
        book.print_setup(page)
        return
    table = book.add(place(page, top, columns(book), patients, "patients", filtered=True))
    _sparklines(book, page, table, patients)
    _marks(page, table)
    page.sheet.freeze_panes(top + 1, table.headings.index("Patient") + 1)
    last = table.area("No.", NOT_PRINTED)
    page.sheet.print_area(0, 0, last[2], last[3] - 1)
    book.print_setup(page, repeat=top)


def columns(book: ReportBook) -> list[Column[Patient]]:
    """Every column: who and why, the figures, then details."""
    cells = score_cells(book)
    return [
        Column("No.", lambda p: p.serial, "cell_count", 5),
        Column("Patient", lambda p: p.label, "cell_strong_wrap", book.roster.label_width),
        Column("Needs attention", lambda p: _attention(book, p), "cell_wrap", 36, as_made=True),
        *_outcome(cells),
        Column("Condition", lambda p: p.course["condition"] or "not written", "cell_wrap", 21),
        Column("Status", lambda p: status(book, p), "cell", 15),
        Column("Sessions", lambda p: p.course["sessions"], "cell_count", 9),
        Column("In the weekly band", _band, "cell_centre", 12),
        Column(
            "After the course",
            lambda p: DURABILITY[p.course["durability"]],
            "cell",
            20,
            as_made=True,
        ),
        *_details(book, cells),
    ]


def _outcome(cells: ScoreCells | None) -> list[Column[Patient]]:
    """The figures that follow the Sessions sheet."""

    def otherwise(p: Patient) -> str:
        single = cells.rows(p).single_day if cells else p.course["not_evaluable"] == "single-day"
        return REASONS["single-day" if single else "no-later-score"]

    return [
        Column(
            "Baseline",
            _known("baseline", patient_formulas.NOT_KNOWN),
            "cell_centre",
            9,
            formula=cells.baseline if cells else None,
        ),
        Column(
            "Latest",
            _known("latest", patient_formulas.NOT_KNOWN),
            "cell_centre",
            9,
            formula=cells.latest if cells else None,
        ),
        Column("Scores", lambda _: None, "cell", 17),
        Column(
            "Reduction",
            _known("reduction", patient_formulas.NOT_KNOWN),
            "cell_score",
            10,
            formula=patient_formulas.reduction(),
        ),
        Column("Percent", _percent, "cell_percent", 10, formula=patient_formulas.percent()),
        Column(
            "Response",
            lambda p: RESPONSES[p.course["response"]],
            "cell_centre",
            13,
            formula=patient_formulas.response(),
        ),
        Column(
            "Evaluable",
            evaluable,
            "cell_wrap",
            19,
            formula=lambda p: patient_formulas.evaluable(otherwise(p)),
        ),
    ]


def _known(name: str, instead: str) -> Callable[[Patient], Cell]:
    """A patient's value, or what stands there without one."""
    return lambda p: instead if p.course[name] is None else p.course[name]


def score_cells(book: ReportBook) -> ScoreCells | None:
    """What finds the scores on the Sessions sheet; none where the visits are not listed."""
    sessions = book.tables.get("sessions")
    return None if sessions is None else ScoreCells(book, sessions)


def _details(book: ReportBook, cells: ScoreCells | None) -> list[Column[Patient]]:
    """Columns for looking things up; not printed."""
    limit = score(book.analysis.protocol.outcome.low_baseline)

    def follow_up_day(p: Patient) -> Cell:
        value = "none" if p.course["follow_up_days"] is None else p.course["follow_up_days"]
        text = cells.follow_up_day(p) if cells else None
        return Formula(text, value) if text else value

    def flag(text: str, name: str) -> Column[Patient]:
        return Column(FLAGS[name], lambda p: _yes(p.course[name]), "cell_centre", 10, formula=text)

    return [
        Column("Course", lambda p: p.course["course"], "cell_count", 8),
        Column("First treatment", lambda p: p.course["day_0"], "cell_date", 13),
        Column("Last treatment", lambda p: p.course["last_treatment"], "cell_date", 13),
        Column(
            "Latest score on",
            _known("latest_date", "–"),
            "cell_date",
            13,
            formula=cells.latest_day if cells else None,
        ),
        Column(
            "Now",
            _known("last_score", patient_formulas.NOT_KNOWN),
            "cell_centre",
            9,
            formula=cells.now if cells else None,
        ),
        Column(
            "Now: score of",
            _known("last_score_date", "–"),
            "cell_date",
            13,
            formula=cells.now_day if cells else None,
        ),
        flag(patient_formulas.at_least(3, 10), "responder_30"),
        flag(patient_formulas.at_least(1, 2), "responder_50"),
        flag(patient_formulas.important(), "mcid"),
        Column(
            "Low baseline",
            lambda p: _yes(p.course["low_baseline"], patient_formulas.NOT_KNOWN),
            "cell_centre",
            10,
            formula=patient_formulas.low(limit),
        ),
        Column(
            "Relief in a session",
            _known("immediate_relief", patient_formulas.NO_RELIEF),
            "cell_mean",
            12,
            formula=cells.relief if cells else None,
        ),
        Column(
            "Days to 30 %", lambda p: _days(p.course["days_to_30"]), "cell_count", 10, as_made=True
        ),
        Column(
            "Days to 50 %", lambda p: _days(p.course["days_to_50"]), "cell_count", 10, as_made=True
        ),
        Column("Follow-up day", follow_up_day, "cell_count", 10),
        *_ADHERENCE,
    ]


def _attention(book: ReportBook, patient: Patient) -> str:
    return attention(patient.attention, book.analysis.protocol) or "–"


def evaluable(patient: Patient) -> str:
    """The word yes, or the reason why not in words."""
    return REASONS.get(patient.course["not_evaluable"], "yes")


def status(book: ReportBook, patient: Patient) -> str:
    """Where the course stands; a completed one says why it counts as that."""
    enough = book.analysis.protocol.course.complete_weeks
    if patient.course["status"] == "completed":
        reached = patient.days_known and patient.course["weeks_attended"] >= enough
        return completed(book.analysis.protocol) if reached else "discharged"
    return STATUSES[patient.course["status"]]


def _percent(patient: Patient) -> str | float:
    if patient.course["percent_reduction"] is not None:
        return float(patient.course["percent_reduction"])
    return patient_formulas.NOT_KNOWN if patient.course["reduction"] is None else "undefined"


def _yes(value: Any, unknown: str = "not evaluable") -> str:
    return unknown if value is None else "yes" if value else "no"


def _days(value: float | None) -> str | int:
    return "not reached" if value is None else int(value)


def _weeks_in_band(patient: Patient) -> int:
    return round(float(patient.course["adherence"] or 0) * int(patient.course["weeks_judged"]))


def _band(patient: Patient) -> str:
    judged = patient.course["weeks_judged"]
    if not patient.days_known:
        return DAYS_UNKNOWN
    return f"{_weeks_in_band(patient)} of {judged}" if judged else "no full week"


def _sparklines(book: ReportBook, page: Page, table: Table, patients: list[Patient]) -> None:
    """The scores of the course, on one scale from 0 to 10; a missing score is a gap."""
    sessions = book.tables.get("sessions")
    seen = [(at, patient) for at, patient in enumerate(patients) if patient.visits]
    if not seen or sessions is None:
        return
    colour = page.styles.theme.colour
    row, column, *_ = table.area("Scores")
    places, scores = table.cells("Scores"), sessions.cells("NRS before")
    options = {
        "location": [places.at(at).rpartition("!")[2] for at, _ in seen],
        "range": [scores.span(patient.visits[0], patient.visits[-1]) for _, patient in seen],
        "type": "column",
        "min": 0,
        "max": SPARK_TOP,
        "empty_cells": "gaps",
        "show_hidden": True,
        "series_color": colour("primary_mid"),
        "last_point": True,
        "last_color": colour("ink"),
    }
    page.sheet.add_sparkline(row, column, options)


def _marks(page: Page, table: Table) -> None:
    """Colour beside the words, never instead of them."""
    for code, style in (
        ("worse", "mark_worse"),
        ("substantial", "mark_substantial"),
        ("moderate", "mark_moderate"),
        ("not-evaluable", "mark_none"),
    ):
        rule = {"type": "cell", "criteria": "==", "value": f'"{RESPONSES[code]}"'}
        page.sheet.conditional_format(
            *table.area("Response"), rule | {"format": page.styles[style]}
        )
    area = table.area("Needs attention")
    noted = {
        "type": "cell",
        "criteria": "!=",
        "value": '"–"',
        "format": page.styles["mark_low"],
    }
    page.sheet.conditional_format(*area, noted)


# What other sheets look up: adherence, follow-up, and where the rows of a patient stand.
_ADHERENCE: list[Column[Patient]] = [
    Column(
        "Weeks attended",
        lambda p: p.course["weeks_attended"] if p.days_known else DAYS_UNKNOWN,
        "cell_count",
        10,
    ),
    Column("Weeks judged", lambda p: p.course["weeks_judged"], "cell_count", 10),
    Column("Weeks in band", _weeks_in_band, "cell_count", 10),
    Column("Adverse events", lambda p: p.course["adverse_events"], "cell_count", 10),
    Column(
        "Reference group",
        lambda p: _yes(p.course["in_reference_population"], "no"),
        "cell_centre",
        11,
    ),
    Column("First line", lambda p: p.visits[0] + 1 if p.visits else 0, "cell_count", 9),
    Column("Lines", lambda p: len(p.visits), "cell_count", 8),
    Column("First week", lambda p: p.first_week + 1, "cell_count", 9),
    Column("Weeks", lambda p: len(p.weeks), "cell_count", 8),
]
