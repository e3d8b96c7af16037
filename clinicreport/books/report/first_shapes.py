"""The first page's charts and the months as lists of shapes: what the native charts show, from the
same rows, for a page that is no workbook.

Lettering is large enough to be read where a narrow screen makes the whole picture smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from clinicreport.books.report import first_charts
from clinicreport.books.report.panels import AXIS, Rows, by_month, by_week
from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import points, score
from clinicreport.outcomes.trend import JUDGED_FROM
from clinicreport.workbook.page import Cell, shown_value
from clinicreport.workbook.shapes import Box, Drawing, Lettering, Mark, Point, Shape, Stroke

WIDTH, HEIGHT = 360.0, 220.0
LEFT, RIGHT, TOP, FOOT = 26.0, 10.0, 24.0, 32.0
SIZE = 10.5  # of lettering
LETTER = 5.4  # points that a letter is wide, or a little less
BAR, NAMES, GAP = 22.0, 152.0, 12.0  # height of a bar, width of its name, room between two
ENDS = ("Below", "Above")
DASHED = (5.0, 4.0)
STEPS = (0.5, 1.0, 2.0, 5.0)  # of the scale of a reduction
MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class ScaledArea:
    """Where values from ``low`` to ``high`` lie, and places of which there are ``count``."""

    book: ReportBook
    low: float
    high: float
    count: int

    def y(self, value: float) -> float:
        """Where a value lies."""
        return TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - FOOT)

    def x(self, at: int) -> float:
        """Where a place lies, counted from 0."""
        return LEFT + (at + 0.5) * (WIDTH - LEFT - RIGHT) / self.count

    def colour(self, name: str) -> str:
        """A colour of the theme."""
        return self.book.theme.colour(name)

    def scale(self, step: float, name: str) -> Iterator[Shape]:
        """Lines across with their values, and what they are at the top."""
        muted = self.colour("muted")
        value = self.low
        while value <= self.high:
            y = self.y(value)
            yield Stroke(((LEFT, y), (WIDTH - RIGHT, y)), self.colour("rule"), 0.75)
            yield Lettering((LEFT - 5, y + 3.5), score(value), muted, SIZE, "end")
            value += step
        yield Lettering((0, SIZE), name, muted, SIZE)

    def names(self, labels: Sequence[str]) -> Iterator[Shape]:
        """What stands below the places, in lines; as many of them as have room, the last for certain."""
        longest = max(len(line) for label in labels for line in label.split("\n"))
        needed = LETTER * (longest + 1) * self.count
        every = int(-(-needed // (WIDTH - LEFT - RIGHT)))
        for at, label in enumerate(labels):
            if (self.count - 1 - at) % every:
                continue
            for line, text in enumerate(label.split("\n")):
                y = HEIGHT - FOOT + 14 + 13 * line
                yield Lettering((self.x(at), y), text, self.colour("muted"), SIZE, "middle")

    def line(self, values: Sequence[float | None], colour: str, width: float) -> Iterator[Stroke]:
        """A line through the values; where one is missing it has a gap."""
        for known, run in groupby(enumerate(values), lambda entry: entry[1] is not None):
            placed = tuple(self.point(*entry) for entry in run if entry[1] is not None)
            if known and len(placed) > 1:
                yield Stroke(placed, self.colour(colour), width)

    def point(self, at: int, value: float | None) -> Point:
        """Where the value of a place lies."""
        assert value is not None
        return self.x(at), self.y(value)


# -------------------------------------------------------------------- the first page's two charts


def weeks_drawing(book: ReportBook) -> Drawing:
    """Mean pain by week with its interval; where somebody is evaluable."""
    weeks = first_charts.chart_weeks(book)
    area = ScaledArea(book, 0, 10, len(weeks))
    labels = [str(shown_value(row[AXIS])) for row in by_week.rows(book)[: len(weeks)]]
    shapes: list[Shape] = [*area.scale(2, "pain, 0 to 10"), *area.names(labels)]
    for week in weeks:
        low, high = (min(10.0, max(0.0, week.mean + side * week.reach)) for side in (-1, 1))
        if week.reach:
            shapes += _whisker(area, week.week, low, high)
    shapes += area.line([week.mean for week in weeks], "primary", 2.25)
    for week in weeks:
        shapes.append(Mark(area.point(week.week, week.mean), "circle", area.colour("primary"), 6))
    for week in {weeks[0].week: weeks[0], weeks[-1].week: weeks[-1]}.values():
        x, y = area.point(week.week, week.mean)
        shapes.append(_figure(area, (x + 6, y - 5), points(week.mean)))
    return Drawing(WIDTH, HEIGHT, tuple(shapes), f"{first_charts.said_by_week(book)}.")


def _whisker(area: ScaledArea, at: int, low: float, high: float) -> Iterator[Stroke]:
    """An interval with its ends."""
    x, ink = area.x(at), area.colour("ink")
    yield Stroke(((x, area.y(low)), (x, area.y(high))), ink, 1)
    for end in (low, high):
        yield Stroke(((x - 3, area.y(end)), (x + 3, area.y(end))), ink, 1)


def _figure(area: ScaledArea, at: Point, text: str) -> Lettering:
    return Lettering(at, text, area.colour("ink"), SIZE, halo=True)


def results_drawing(book: ReportBook) -> Drawing:
    """A bar a result with its number, the best first."""
    found = first_charts.results(book)
    counts = [float(str(shown_value(each.patients))) for each in found]
    colour, shapes = book.theme.colour, list[Shape]()
    room = WIDTH - NAMES - 40
    for at, (each, number) in enumerate(zip(found, counts, strict=True)):
        top = GAP + at * (BAR + GAP)
        base, wide = top + BAR / 2 + 4, room * number / max(1.0, *counts)
        shapes.append(Lettering((NAMES - 6, base), each.label, colour("ink"), SIZE, "end"))
        if number:
            shapes.append(Box((NAMES, top), wide, BAR, colour(each.colour), edge=colour("muted")))
        told = f"{int(number):,}"
        shapes.append(Lettering((NAMES + wide + 6, base), told, colour("ink"), SIZE))
    height = GAP + len(found) * (BAR + GAP)
    foot = ((NAMES, GAP / 2), (NAMES, height - GAP / 2))
    shapes.append(Stroke(foot, colour("muted"), 0.75))
    return Drawing(WIDTH, height, tuple(shapes), f"{first_charts.said_of_results(book)}.")


# ------------------------------------------------------------------------------------- the months


def months_drawing(book: ReportBook) -> Drawing:
    """Each month's mean reduction with limits, signals and changes; where ``by_month.wanted``."""
    rows = by_month.rows(book)
    held = [
        value
        for row in rows
        for name in ("Mean reduction", *by_month.LIMITS)
        if (value := _number(row.get(name))) is not None
    ]
    step = _step(min(0.0, *held), max(1.0, *held))
    low, high = step * (min(0.0, *held) // step), -step * (-max(1.0, *held) // step)
    area = ScaledArea(book, low, high, len(rows))
    shapes: list[Shape] = [
        *area.scale(step, "points less pain"),
        *area.names([str(row[AXIS]) for row in rows]),
        *_changes(area, rows),
        *_limits(area, rows),
        *area.line([_number(row["Mean reduction"]) for row in rows], "primary", 2.25),
        *_months(area, rows),
    ]
    return Drawing(WIDTH, HEIGHT, tuple(shapes), f"{by_month.title(book)}.")


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _step(low: float, high: float) -> float:
    """The smallest step of which few make the scale."""
    return next((step for step in STEPS if (high - low) / step <= MOST_STEPS), STEPS[-1])


def _changes(area: ScaledArea, rows: Rows) -> Iterator[Shape]:
    for at, row in enumerate(rows):
        if row.get("Changed"):
            ends = (area.x(at), TOP), (area.x(at), HEIGHT - FOOT)
            yield Stroke(ends, area.colour("muted"), 1, DASHED)


def _limits(area: ScaledArea, rows: Rows) -> Iterator[Shape]:
    """The mean and its limits, each as a step where they begin anew."""
    for name in by_month.LIMITS:
        values = [_number(row.get(name)) for row in rows]
        for value, run in groupby(enumerate(values), lambda entry: entry[1]):
            places = [at for at, _ in run]
            if value is None:
                continue
            half = area.x(1) - area.x(0) if area.count > 1 else 0.0
            ends = (area.x(places[0]) - half / 2, area.x(places[-1]) + half / 2)
            line = tuple((x, area.y(value)) for x in ends)
            dash = () if name == by_month.LIMITS[0] else DASHED
            yield Stroke(line, area.colour("muted"), 1.25, dash)


def _months(area: ScaledArea, rows: Rows) -> Iterator[Shape]:
    """A mark a month, and what the marks mean: those that are there."""
    looks = {
        "Judged": ("judged month", _judged),
        "Few": (f"under {JUDGED_FROM} patients", _few),
        "Signal at": ("signal", _signal),
    }
    told = 118.0
    for name, (words, draw) in looks.items():
        placed = [
            area.point(at, value)
            for at, row in enumerate(rows)
            if (value := _number(row.get(name))) is not None
        ]
        for point in placed:
            yield from draw(area, point)
        if placed:
            yield from draw(area, (told, SIZE - 3.5))
            yield Lettering((told + 8, SIZE), words, area.colour("muted"), SIZE)
            told += 28 + LETTER * len(words)


def _judged(area: ScaledArea, at: Point) -> Iterator[Shape]:
    yield Mark(at, "circle", area.colour("primary"), 6)


def _few(area: ScaledArea, at: Point) -> Iterator[Shape]:
    yield Mark(at, "circle", area.colour("primary"), 7)
    yield Mark(at, "circle", area.colour("white"), 4)


def _signal(area: ScaledArea, at: Point) -> Iterator[Shape]:
    yield Mark(at, "square", area.colour("accent"), 9)
