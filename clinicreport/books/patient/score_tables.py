"""The chart of a patient's scores, and the tables it is drawn from, below the printed page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clinicreport.books.patient.facts import Facts, Row
from clinicreport.books.patient.joined_visits import OVER, RUN, Point, joined_points
from clinicreport.books.patient.patient_book import PatientBook
from clinicreport.ground.rounding import score
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Page, cached
from clinicreport.workbook.table import Column, Table, place
from clinicreport.workbook.words import missing, plain

KINDS = {
    "treatment": "session",
    "screening": "screening",
    "follow-up": "follow-up",
    "not-attended": "missed",
}
PAUSE_AT = 0.35  # where the line of a pause lies, just above the foot
LINES = (("Baseline", 1.0, "solid"), ("30 % less", 0.7, "dash"), ("50 % less", 0.5, "round_dot"))
MOST_TICKS = 9
STEPS = (1, 2, 4, 8, 13, 26, 52, 10_000)  # weeks a tick


@dataclass(frozen=True, slots=True)
class Drawn:
    """The tables behind the chart, where they are needed."""

    visits: Table
    joined: Table | None  # see ``joined_visits``
    lines: Table | None
    pauses: Table | None
    below: int


def event(visit: Row) -> str | None:
    """The adverse event written for a visit; None where there is none, or nothing is written."""
    text = plain(visit["adverse_event"])
    return None if text in (None, "none") else str(text)


def place_tables(book: PatientBook, page: Page, row: int) -> Drawn:
    """The tables ``visits``, ``joined``, ``lines`` and ``pauses``, one below the other."""
    facts = book.facts
    columns: list[Column[Row]] = [
        Column("Date", lambda v: v["date"].date(), "cell_date"),
        Column("Kind", lambda v: KINDS.get(v["visit_type"], v["visit_type"])),
        Column("Day", lambda v: None if missing(v["course"]) else int(v["day"]), "cell_count"),
        Column("NRS before", MARKED["NRS before"], "cell_score"),
        Column("NRS after", MARKED["NRS after"], "cell_score"),
        Column("Follow-up", MARKED["Follow-up"], "cell_score"),
        Column("Minutes", lambda v: plain(v["duration"]), "cell_score"),
        Column("Event at", MARKED["Event at"], "cell_score"),
        Column("Adverse event", lambda v: plain(v["adverse_event"])),
    ]
    visits = place(page, row, columns, facts.visits, "visits", widths=False)
    below, lines, pauses = visits.below + 1, None, None
    days = book.analysis.protocol.course.interruption_days
    joined = _joined(page, below, facts, days)
    if joined is not None:
        below = joined.below + 1
    start = None if facts.course is None else plain(facts.course["baseline"])
    if start is not None:
        lines = _lines(page, below, facts, start)
        below = lines.below + 1
    gaps = facts.pauses(days)
    if gaps:
        pauses = _pauses(page, below, gaps)
        below = pauses.below + 1
    return Drawn(visits, joined, lines, pauses, below)


def _event_at(visit: Row) -> Cell:
    """The height of an event's mark: the score of the visit, the foot where it has none."""
    if event(visit) is None:
        return None
    scores = [plain(visit[name]) for name in ("nrs_before", "nrs_after")]
    return next((value for value in scores if value is not None), 0)


def _follow_up(visit: Row) -> Cell:
    """The score of a follow-up, which has a mark of its own."""
    score: Cell = plain(visit["nrs_before"])
    return score if visit["visit_type"] == "follow-up" else None


def _joined(page: Page, row: int, facts: Facts, days: int) -> Table | None:
    """The table ``joined``, where there is something to join: an empty score ends each line."""
    points = joined_points(facts, days)
    if not points:
        return None
    columns: list[Column[Point]] = [
        Column("Joined from, to", lambda p: p[0], "cell_date"),
        Column(RUN, lambda p: p[1], "cell_score"),
        Column(OVER, lambda p: p[2], "cell_score"),
    ]
    return place(page, row, columns, points, "joined", widths=False)


def _lines(page: Page, row: int, facts: Facts, start: float) -> Table:
    """Baseline, 30 % and 50 % less over the whole chart."""
    columns: list[Column[date]] = [Column("From, to", lambda day: day, "cell_date")]
    for name, factor, _ in LINES:
        columns.append(Column(name, lambda _, f=factor: round(start * f, 9), "cell_score"))  # type: ignore[misc]
    return place(page, row, columns, axis(facts)[:2], "lines", widths=False)


def axis(facts: Facts) -> tuple[date, date, int]:
    """First and last day of the chart, whole weeks from the first visit, and days a tick."""
    days = [visit["date"].date() for visit in facts.visits]
    first, weeks = min(days), (max(days) - min(days)).days // 7 + 1
    step = next(n for n in STEPS if weeks <= n * MOST_TICKS)
    return first, first + timedelta(days=7 * step * -(-weeks // step)), 7 * step


def _pauses(page: Page, row: int, gaps: list[tuple[Row, Row]]) -> Table:
    """First and last day of each pause; the empty line between two keeps them apart."""
    points: list[tuple[date, float | None]] = []
    for before, after in gaps:
        first, last = before["date"].date(), after["date"].date()
        points += [(first, PAUSE_AT), (last, PAUSE_AT), (last, None)]
    columns: list[Column[tuple[date, float | None]]] = [
        Column("Pause from, to", lambda p: p[0], "cell_date"),
        Column("Height", lambda p: p[1], "cell_score"),
    ]
    return place(page, row, columns, points, "pauses", widths=False)


# What is marked at each visit, and how: column -> the value of a visit.
MARKED: dict[str, Callable[[Row], Cell]] = {
    "NRS before": lambda visit: plain(visit["nrs_before"]),
    "NRS after": lambda visit: plain(visit["nrs_after"]),
    "Follow-up": _follow_up,
    "Event at": _event_at,
}
MARKS = (
    ("NRS before", "primary", "before the session", "circle", 7),
    ("NRS after", "primary_mid", "after the session", "diamond", 8),
    ("Follow-up", "primary", "follow-up", "square", 11),
    ("Event at", "accent", "adverse event", "x", 11),
)


def chart(book: PatientBook, drawn: Drawn) -> Chart | None:
    """Scores by day, in the look of the clinic's report; None where no score was written.

    ``values_data`` is what the file holds for programs that do not read the cells: without it a
    missing score would stand there as 0.
    """
    facts = book.facts
    made = book.chart("Pain before and after each session", "scatter", "straight_with_markers")
    if drawn.lines is not None:
        _reference_lines(made, drawn.lines, facts)
    visits = drawn.visits
    days = book.analysis.protocol.course.interruption_days
    unnamed: list[int] = []
    if drawn.joined is not None:
        unnamed = _joining_lines(made, drawn.joined, joined_points(facts, days))
    for heading, colour, told, kind, size in MARKS:
        held = [MARKED[heading](visit) for visit in facts.visits]
        if any(value is not None for value in held):
            mark = (kind, size)
            made.points(visits, "Date", heading, colour, told, mark=mark, values_data=held)
    if drawn.pauses is not None:
        _pause_lines(made, drawn.pauses, days)
    if not made.native.series:
        return None
    made.x_axis(**_dates(facts))
    made.y_axis("pain, 0 to 10", min=0, max=10, major_unit=2, label_position="low")
    made.legend(hide=unnamed)
    return made


def _joining_lines(made: Chart, table: Table, points: list[Point]) -> list[int]:
    """Lines where visits follow each other, dots to a follow-up; the series that need no name."""
    unnamed: list[int] = []
    colour = made.colour("primary")
    looks = (
        (RUN, "", {"color": colour, "width": 2.25}),
        (OVER, "no treatment in between", {"color": colour, "width": 1, "dash_type": "round_dot"}),
    )
    for at, (heading, told, line) in enumerate(looks, start=1):
        held = [point[at] for point in points]
        if all(value is None for value in held):
            continue
        if not told:
            unnamed.append(len(made.native.series))
        day = "Joined from, to"
        made.line(table, day, heading, "primary", told, line=line, values_data=held)
    return unnamed


def pause_told(days: int) -> str:
    """What the line of a pause means."""
    return f"pause of {days} days or more"


def _pause_lines(made: Chart, pauses: Table, days: int) -> None:
    made.line(
        pauses,
        "Pause from, to",
        "Height",
        "error",
        pause_told(days),
        line={"color": made.colour("error"), "width": 3, "dash_type": "square_dot"},
        marker=made.marker("square", "error", size=5),
        values_data=[PAUSE_AT, PAUSE_AT, None] * (pauses.rows // 3),
    )


def _reference_lines(made: Chart, lines: Table, facts: Facts) -> None:
    assert facts.course is not None
    start = facts.course["baseline"]
    for name, factor, style in LINES if start else LINES[:1]:
        made.line(
            lines,
            "From, to",
            name,
            "muted",
            f"{name.lower()}: {score(start * factor)}",
            line={"color": made.colour("muted"), "width": 1.25, "dash_type": style},
        )


def _dates(facts: Facts) -> dict[str, Any]:
    """The axis of days."""
    first, last, step = axis(facts)
    return {
        "min": cached(first),
        "max": cached(last),
        "major_unit": step,
        "crossing": "min",
        "num_format": "d mmm" if step < 50 else "mmm yyyy",
    }
