"""The chart of a patient's scores as a list of shapes: what the page's native chart shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from clinicreport.books.patient.joined_visits import joined
from clinicreport.books.patient.score_tables import (
    LINES,
    MARKED,
    PAUSE_AT,
    axis,
    pause_told,
)
from clinicreport.books.patient.sentences import change_and_now
from clinicreport.ground.rounding import score
from clinicreport.outcomes.course_now import followed_up
from clinicreport.workbook.shapes import Drawing, Lettering, Mark, MarkKind, Shape, Stroke
from clinicreport.workbook.words import plain, short_day

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts, Row

WIDTH, HEIGHT = 482.0, 208.0
LEFT, RIGHT, TOP, FOOT = 22.0, 84.0, 22.0, 20.0
BESIDE = 44.0  # room that a figure needs beside its mark
LINE_HEIGHT = 10.0  # of lettering beside lines
DASHES: dict[str, tuple[float, ...]] = {"solid": (), "dash": (6, 4), "round_dot": (1.5, 3)}
# What is marked: heading of the table, kind, colour, size, and what it is.
MARKS: tuple[tuple[str, MarkKind, str, float, str], ...] = (
    ("NRS after", "diamond", "primary_mid", 6, "after the session"),
    ("NRS before", "circle", "primary", 5, "before the session"),
    ("Follow-up", "square", "primary", 8, "follow-up"),
    ("Event at", "x", "accent", 8, "adverse event"),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """Where days and scores lie, and the theme's colours."""

    first: date
    last: date
    step: int
    colour: Callable[[str], str]

    def x(self, day: date) -> float:
        """Where a day lies."""
        share = (day - self.first) / (self.last - self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, points: float) -> float:
        """Where a score lies."""
        return TOP + (10 - points) / 10 * (HEIGHT - TOP - FOOT)


def drawing(facts: Facts, colour: Callable[[str], str], pause_days: int) -> Drawing | None:
    """The scores by day with start, 30 % and 50 % less, events, pauses, end of the course and now.

    None where no score is written. ``colour``: a name of the theme as "#RRGGBB".
    """
    if all(plain(visit[name]) is None for visit in facts.visits for name in _SCORES):
        return None
    plot = Plot(*axis(facts), colour)
    shapes: list[Shape] = [
        *_frame(plot),
        *_reference(plot, facts),
        *_pauses(plot, facts, pause_days),
        *_joined(plot, facts, pause_days),
        *_marks(plot, facts),
        *_ends(plot, facts),
        *_legend(plot, facts, pause_days),
    ]
    days = [visit["date"].date() for visit in facts.visits]
    span = f"{short_day(min(days))} to {short_day(max(days))}"
    alt = f"Pain before and after each session by day, {span}. {change_and_now(facts)}"
    return Drawing(WIDTH, HEIGHT, tuple(shapes), alt)


_SCORES = ("nrs_before", "nrs_after")


def _frame(plot: Plot) -> Iterator[Shape]:
    """Grid, the scale of pain and the days."""
    muted, rule = plot.colour("muted"), plot.colour("rule")
    for points in range(0, 11, 2):
        y = plot.y(points)
        yield Stroke(((LEFT, y), (WIDTH - RIGHT, y)), rule, 0.6)
        yield Lettering((LEFT - 5, y + 3), str(points), muted, anchor="end")
    day = plot.first
    while day <= plot.last:
        x = plot.x(day)
        yield Stroke(((x, HEIGHT - FOOT), (x, HEIGHT - FOOT + 3)), muted, 0.6)
        told = f"{day.day} {day:%b}" if plot.step < 50 else f"{day:%b %Y}"
        yield Lettering((x, HEIGHT - FOOT + 13), told, muted, anchor="middle")
        day += timedelta(days=plot.step)


def _reference(plot: Plot, facts: Facts) -> Iterator[Shape]:
    """The start's height, 30 % and 50 % less, each named at its end."""
    start = None if facts.course is None else plain(facts.course["baseline"])
    if start is None:
        return
    shown = [line for line in LINES if start or line[1] == 1]
    muted, right = plot.colour("muted"), WIDTH - RIGHT
    spread = apart([plot.y(start * factor) for _, factor, _ in shown])
    for (name, factor, style), at in zip(shown, spread, strict=True):
        y = plot.y(start * factor)
        yield Stroke(((LEFT, y), (right, y)), muted, 1, DASHES[style])
        told = "start" if factor == 1 else name
        yield Lettering((right + 5, at + 3), f"{told}: {score(start * factor)}", muted)


def apart(heights: list[float]) -> list[float]:
    """Heights from the top down, moved so that lettering at them does not overlap."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + LINE_HEIGHT) if placed else height)
    lowest = HEIGHT - FOOT
    over = max(0.0, placed[-1] - lowest) if placed else 0.0
    return [height - over for height in placed]


def _pauses(plot: Plot, facts: Facts, days: int) -> Iterator[Shape]:
    for before, after in facts.pauses(days):
        ends = tuple((plot.x(v["date"].date()), plot.y(PAUSE_AT)) for v in (before, after))
        yield Stroke(ends, plot.colour("error"), 2.5, (3, 3))


def _joined(plot: Plot, facts: Facts, days: int) -> Iterator[Shape]:
    """Lines through the scores before a session; to a follow-up dotted: nobody was treated
    between."""
    found, ink = joined(facts, days), plot.colour("primary")

    def at(visit: Row) -> tuple[float, float]:
        return plot.x(visit["date"].date()), plot.y(float(visit["nrs_before"]))

    for pair in found.over:
        yield Stroke(tuple(map(at, pair)), ink, 1, (1.5, 3))
    for run in found.runs:
        yield Stroke(tuple(map(at, run)), ink, 1.75)


def _marked(facts: Facts) -> Iterator[tuple[Row, float, MarkKind, str, float]]:
    """Each mark's visit, height, kind, colour and size; the later ones on top."""
    for heading, kind, colour, size, _ in MARKS:
        for visit in facts.visits:
            height = MARKED[heading](visit)
            if isinstance(height, int | float):
                yield visit, float(height), kind, colour, size


def _marks(plot: Plot, facts: Facts) -> Iterator[Shape]:
    for visit, height, kind, colour, size in _marked(facts):
        at = plot.x(visit["date"].date()), plot.y(height)
        yield Mark(at, kind, plot.colour(colour), size)


def _ends(plot: Plot, facts: Facts) -> Iterator[Shape]:
    """The end of the course and now as figures beside their marks."""
    course = facts.course
    if course is None:
        return
    last, latest = followed_up(course), plain(course["latest"])
    ink, size = plot.colour("ink"), 9.0
    after = None if last is None else plot.x(last.day)
    if latest is not None:
        told = f"{'latest' if last is None else 'end'} {score(latest)}"
        x, y = plot.x(course["latest_date"].date()), plot.y(latest)
        if min(WIDTH - RIGHT, after or WIDTH) - x > BESIDE:
            yield Lettering((x + 7, y + 3), told, ink, size, halo=True)
        else:
            yield Lettering((x, y - 7), told, ink, size, "middle", halo=True)
    if last is not None and after is not None:
        near = after - plot.x(course["last_treatment"].date()) < BESIDE
        y = plot.y(last.score) + (16 if near and last.score > 1 else -8)
        yield Lettering((after, y), f"now {score(last.score)}", ink, size, "middle", halo=True)


def _legend(plot: Plot, facts: Facts, days: int) -> Iterator[Shape]:
    """What the marks mean, in one row above the plot: those that are there."""
    muted = plot.colour("muted")
    yield Lettering((0, 8), "Pain, 0 to 10", muted)
    x = 78.0
    there = {kind for _, _, kind, _, _ in _marked(facts)}
    for _, kind, colour, size, told in MARKS:
        if kind in there:
            yield Mark((x, 5.5), kind, plot.colour(colour), size)
            yield Lettering((x + 8, 8), told, muted)
            x += 24 + 3.9 * len(told)
    if facts.pauses(days):
        yield Stroke(((x - 4, 5.5), (x + 8, 5.5)), plot.colour("error"), 2.5, (3, 3))
        yield Lettering((x + 12, 8), pause_told(days), muted)
