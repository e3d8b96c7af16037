"""The chart of the chosen patient: its points and lines as formulas over the visits shown.

Every cell's value is what its formula gives for the patient chosen first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clinicreport.books.report.ordered_visits import listed
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Column, Table, address, place

MOST_VISITS = 150
NONE = "#N/A"  # what a chart leaves out
STRETCHES = range(1, 6)  # of visits without a pause that a line joins; later ones have marks only
HEADINGS = ("Day", "Before", "After", "Event", "Pause", "Follow-up", "Stretch")
PAUSE_AT = 0.3  # how high the mark of a pause lies

Point = dict[str, Any]


def stretch(number: int) -> str:
    """The heading of the scores that one line joins."""
    return f"Line {number}"


class _Points(NamedTuple):
    """The points' formulas. Below the last visit the last point repeats, so that nothing shows."""

    points: list[Point]
    visits: Table
    aside: int
    pause: int

    def cell(self, heading: str, at: int) -> str:
        """The address of a point's cell."""
        return address("Patient", self.visits.top + 1 + at, self.aside + HEADINGS.index(heading))

    def of(self, heading: str, before: int = 0) -> str:
        """The visit's cell, or that of a visit before it."""
        row = f"ROW()-ROW({address('Patient', self.visits.top, 0).partition('!')[2]})"
        return f"INDEX(patient_visits[{heading}],{row}{-before or ''})"

    def told(self, heading: str, at: int, formula: str, instead: str = "") -> Cell:
        """The formula of a visit; below the last visit ``instead``, or what stands above."""
        value = self.points[at][heading]
        if not at:
            return Formula(f"={formula}", value)
        other = instead or self.cell(heading, at - 1)
        return Formula(f'=IF({self.of("Visit")}="",{other},{formula})', value)

    def day(self, at: int) -> Cell:
        """The day of the course."""
        return self.told("Day", at, self.of("Day"))

    def before(self, at: int) -> Cell:
        """The score before the session."""
        return self.told("Before", at, self._score("NRS before"))

    def after(self, at: int) -> Cell:
        """The score after it."""
        return self.told("After", at, self._score("NRS after"))

    def _score(self, heading: str) -> str:
        score = self.of(heading)  # a text or 11 typed in is none
        return f"IF(ISNUMBER({score}),IF(ABS({score}-5)<=5,{score},NA()),NA())"

    def event(self, at: int) -> Cell:
        """The height of an adverse event's mark."""
        event = f"INDEX(sessions[Event],patient_first+{self.of('Visit')}-1)"
        formula = f'IF({event}="event",N({self.of("NRS before")}),NA())'
        return self.told("Event", at, formula, "NA()")

    def gap(self, at: int) -> Cell:
        """The mark of a treatment after an interruption, where the days are known."""
        known = "ISNUMBER(INDEX(patients[Weeks attended],patient_row))"
        since = "FALSE"
        if at:
            since = f"{known},{self.of('Day')}-{self.cell('Day', at - 1)}>={self.pause}"
        formula = f'IF(AND({self.of("Kind")}="treatment",{since}),{PAUSE_AT},NA())'
        return self.told("Pause", at, formula, "NA()")

    def later(self, at: int) -> Cell:
        """The score of a follow-up, which has a mark of its own."""
        formula = f"IF({_follows(self.of('Kind'))},{self._score('NRS before')},NA())"
        return self.told("Follow-up", at, formula)

    def stretch(self, at: int) -> Cell:
        """Counts the stretches: each pause begins one, and a follow-up stands for itself."""
        if not at:
            return Formula("=1", self.points[0]["Stretch"])
        tests = f"{_follows(self.of('Kind'))},{_follows(self.of('Kind', 1))}"
        new = f"OR({tests},ISNUMBER({self.cell('Pause', at)}))"
        return self.told("Stretch", at, f"{self.cell('Stretch', at - 1)}+IF({new},1,0)")

    def line(self, number: int) -> Column[int]:
        """The scores of one stretch."""

        def joined(at: int) -> Cell:
            own = f"{self.cell('Stretch', at)}={number}"
            value = self.points[at]["Before"] if self.points[at]["Stretch"] == number else NONE
            return Formula(f"=IF({own},{self.cell('Before', at)},NA())", value)

        return Column(stretch(number), joined, "cell_score")


def _follows(kind: str) -> str:
    return f'{kind}="follow-up"'


def place_points(book: ReportBook, page: Page, visits: Table, aside: int, shown: Patient) -> Table:
    """The chart's points, a row a visit, and the scores that a line joins."""
    pause = book.analysis.protocol.course.interruption_days
    made = _Points(_points(book, shown, pause), visits, aside, pause)
    shows = (made.day, made.before, made.after, made.event, made.gap, made.later, made.stretch)
    columns: list[Column[int]] = [
        Column(heading, show, "cell_score") for heading, show in zip(HEADINGS, shows, strict=True)
    ]
    columns += [made.line(number) for number in STRETCHES]
    rows = range(visits.rows)
    table = place(page, visits.top, columns, rows, "patient_points", left=aside, widths=False)
    quiet(page, table.area(HEADINGS[0], columns[-1].heading))
    return table


def place_lines(book: ReportBook, page: Page, row: int, aside: int, shown: Patient) -> Table:
    """Baseline, 30 % and 50 % less, from the first to the last day of the chart."""
    days = [point["Day"] for point in _points(book, shown, 0)]
    before = "INDEX(patients[Baseline],patient_row)"
    start = shown.course["baseline"]

    def end(last: bool) -> Cell:  # noqa: FBT001 (first or last day)
        name = "MAX" if last else "MIN"
        value = max(days) if last else min(days)
        return Formula(f"={name}(patient_points[Day])", value)

    def line(share: float) -> Cell:
        value = NONE if start is None else start * share
        return Formula(f"=IF(ISNUMBER({before}),{before}*{share},NA())", value)

    columns: list[Column[bool]] = [
        Column("Day", end, "cell_score"),
        Column("Baseline", lambda _: line(1), "cell_score"),
        Column("30 % less", lambda _: line(0.7), "cell_score"),
        Column("50 % less", lambda _: line(0.5), "cell_score"),
    ]
    table = place(
        page, row, columns, (False, True), "patient_lines_drawn", left=aside, widths=False
    )
    quiet(page, table.area("Day", "50 % less"))
    return table


def quiet(page: Page, area: tuple[int, int, int, int]) -> None:
    """#N/A is what makes a chart leave a point out; it need not shout."""
    page.sheet.conditional_format(*area, {"type": "errors", "format": page.styles["mark_quiet"]})


def _points(book: ReportBook, shown: Patient, pause: int) -> list[Point]:
    """The points of the patient shown first."""
    visits, own = book.roster.visits, list(shown.visits)
    points: list[Point] = []
    followed = False  # whether the visit before was a follow-up
    names = ("day", "nrs_before", "nrs_after", "visit_type", "event")
    for day, before, after, kind, event in zip(
        *(listed(visits[name][own]) for name in names), strict=True
    ):
        at = float(day or 0)
        late = shown.days_known and bool(points) and at - points[-1]["Day"] >= pause
        late, later = late and kind == "treatment", kind == "follow-up"
        number = points[-1]["Stretch"] if points else 1
        number += bool(points) and (late or later or followed)
        followed = later
        score = NONE if before is None else before
        points.append(
            {
                "Day": at,
                "Before": score,
                "After": NONE if after is None else after,
                "Event": (before or 0) if event == "event" else NONE,
                "Pause": PAUSE_AT if late else NONE,
                "Follow-up": score if later else NONE,
                "Stretch": number,
            }
        )
    rest = points[-1] | {"Event": NONE, "Pause": NONE}
    return points + [rest] * (min(book.roster.longest, MOST_VISITS) - len(points))
