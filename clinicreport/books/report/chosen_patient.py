"""The chosen patient: the drop-down, and what its formulas show for the patient chosen first.

Every cell is a formula over ``patients``, ``sessions`` and ``attendance``; its value is what the
formula gives for that patient, so that the page is right before anything recalculates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinicreport.books.report.ordered_visits import listed
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.books.report.sheets import patients_sheet
from clinicreport.ground.rounding import percent, score
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.outcomes.course_now import followed_up
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Column, Table, address, place
from clinicreport.workbook.words import RESPONSES, plain

MOST_VISITS = 150
MOST_WEEKS = 60
NONE = "#N/A"  # what a chart leaves out


def label(patient: Patient) -> str:
    """How a patient stands in the drop-down: the serial number makes it unique."""
    return f"{patient.serial} · {patient.label}"


def sentence(patient: Patient) -> str:
    """From baseline to now in words."""
    if not patient.evaluable:
        return f"Cannot be evaluated: {patients_sheet.evaluable(patient)}."
    change = patient["percent_reduction"]
    scores = f"From {score(patient['baseline'])} to {score(patient['latest'])} of 10"
    less = f"{percent(abs(change))} {'more' if change < 0 else 'less'} pain"
    last = followed_up(patient.course)
    now = f"; now {score(last.score)}, {last.days} days after" if last else ""
    return f"{scores}: {less} ({RESPONSES[patient['response']]}){now}."


def shown_value(book: ReportBook, patient: Patient, heading: str) -> Any:
    """What the Patients sheet shows of a patient under a heading."""
    column = next(c for c in patients_sheet.columns(book) if c.heading == heading)
    (cell,) = column.values([patient])
    return cell.value if isinstance(cell, Formula) else cell


def place_choice(book: ReportBook, page: Page, row: int, aside: int) -> None:
    """The drop-down, and beside the page its list and where the patient's rows start."""
    from xlsxwriter.utility import xl_range_abs

    shown = book.roster.by_attention[0]
    page.put(row, 0, "Patient", "strong")
    page.put(row, 2, label(shown), page.open("input"))
    everyone: list[Column[Patient]] = [Column("Patients to choose from", label, "cell", 24)]
    listed = place(page, row, everyone, book.roster.patients, "patient_names", left=aside + 18)
    first, column, last, _ = listed.area("Patients to choose from")
    source = f"=Patient!{xl_range_abs(first, column, last, column)}"
    page.sheet.data_validation(
        row,
        2,
        row,
        2,
        {
            "validate": "list",
            "source": source,
            "error_title": "Not in the list",
            "error_message": "Choose a patient from the list.",
        },
    )
    chosen = address("Patient", row, 2)
    at = book.roster.by_attention.index(shown) + 1
    names: Sequence[tuple[str, str, int]] = (
        ("patient_serial", f'VALUE(LEFT({chosen},FIND(" ",{chosen})-1))', shown.serial),
        ("patient_row", "MATCH(patient_serial,patients[No.],0)", at),
        ("patient_first", "INDEX(patients[First line],patient_row)", shown.visits[0] + 1),
        ("patient_lines", "INDEX(patients[Lines],patient_row)", len(shown.visits)),
        ("patient_first_week", "INDEX(patients[First week],patient_row)", shown.first_week + 1),
        ("patient_week_count", "INDEX(patients[Weeks],patient_row)", len(shown.weeks)),
    )
    for offset, (name, formula, value) in enumerate(names):
        page.put(row + offset, aside + 14, name, "muted")
        page.put(row + offset, aside + 16, Formula(f"={formula}", value))
        book.workbook.define_name(name, f"={address('Patient', row + offset, aside + 16)}")


def place_visits(book: ReportBook, page: Page, row: int, shown: Patient) -> Table:
    """The visits of the course; empty below the last one."""
    lines = min(book.roster.longest, MOST_VISITS)
    visits = book.roster.visits
    top = address("Patient", row, 0).partition("!")[2]

    def own(name: str, at: int) -> Any:
        position = shown.visits[at] if at < len(shown.visits) else None
        return "" if position is None else plain(visits[name].iloc[position])

    def number(at: int) -> Cell:
        inside = f"ROW()-ROW({top})<=patient_lines"
        value = at + 1 if at < len(shown.visits) else ""
        return Formula(f'=IF({inside},ROW()-ROW({top}),"")', value)

    def field(heading: str, name: str, style: str = "cell") -> Column[int]:
        cell = f"INDEX(sessions[{heading}],patient_first+patient_visits[[#This Row],[Visit]]-1)"
        formula = f'=IF(patient_visits[[#This Row],[Visit]]="","",IF({cell}="","",{cell}))'
        return Column(heading, lambda at: Formula(formula, own(name, at)), style)

    columns: list[Column[int]] = [
        Column("Visit", number, "cell_count"),
        field("Date", "date", "cell_date"),
        Column("Kind", field("Visit", "visit_type").value, "cell"),
        field("Day", "day", "cell_count"),
        field("NRS before", "nrs_before", "cell_score"),
        field("NRS after", "nrs_after", "cell_score"),
    ]
    listed = book.tables["sessions"].headings
    for name, style in (("duration", "cell_score"), ("adverse_event", "cell")):
        heading = SESSION_FIELDS[name].sessions_heading
        if heading in listed:
            columns.append(field(heading, name, style))
    return place(page, row, columns, range(lines), "patient_visits", widths=False)


def place_points(book: ReportBook, page: Page, visits: Table, aside: int, shown: Patient) -> Table:
    """The chart's points. Below the last visit the last point repeats, so that nothing shows."""
    pause = book.analysis.protocol.course.interruption_days
    points = _points(book, shown, pause)

    def before(heading: str, at: int) -> str:
        return address("Patient", visits.top + at, aside + _POINTS.index(heading))

    row = f"ROW()-ROW({address('Patient', visits.top, 0).partition('!')[2]})"

    def of(heading: str) -> str:
        return f"INDEX(patient_visits[{heading}],{row})"

    def past(heading: str, at: int, formula: str, instead: str | None = None) -> Formula:
        if not at:
            return Formula(f"={formula}", points[at][heading])
        other = instead or before(heading, at)
        return Formula(f'=IF({of("Visit")}="",{other},{formula})', points[at][heading])

    def score_of(heading: str) -> str:
        return f'IF({of(heading)}="",NA(),{of(heading)})'

    known = "ISNUMBER(INDEX(patients[Weeks attended],patient_row))"
    event = f"INDEX(sessions[Event],patient_first+{of('Visit')}-1)"

    def harm(at: int) -> Cell:
        return past("Event", at, f'IF({event}="event",N({of("NRS before")}),NA())', "NA()")

    def gap(at: int) -> Cell:
        since = f"{known},{of('Day')}-{before('Day', at)}>={pause}" if at else "FALSE"
        return past("Pause", at, f'IF(AND({of("Kind")}="treatment",{since}),0.3,NA())', "NA()")

    columns: list[Column[int]] = [
        Column("Day", lambda at: past("Day", at, of("Day")), "cell_score"),
        Column("Before", lambda at: past("Before", at, score_of("NRS before")), "cell_score"),
        Column("After", lambda at: past("After", at, score_of("NRS after")), "cell_score"),
        Column("Event", harm, "cell_score"),
        Column("Pause", gap, "cell_score"),
    ]
    rows = range(visits.rows)
    table = place(page, visits.top, columns, rows, "patient_points", left=aside, widths=False)
    _quiet(page, table.area("Day", "Pause"))
    return table


def place_lines(book: ReportBook, page: Page, row: int, aside: int, shown: Patient) -> Table:
    """Baseline, 30 % and 50 % less, from the first to the last day of the chart."""
    days = [point["Day"] for point in _points(book, shown, 0)]
    before = "INDEX(patients[Baseline],patient_row)"
    start = shown["baseline"]

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
    _quiet(page, table.area("Day", "50 % less"))
    return table


def place_weeks(book: ReportBook, page: Page, row: int, aside: int, shown: Patient) -> Table:
    """Treatment days of each week with the band in force for the patient."""
    most = max(len(patient.weeks) for patient in book.roster.patients)  # 0: no days are known
    week = "patient_weeks[[#This Row],[Week]]"

    def field(heading: str, name: str, instead: str) -> Column[int]:
        formula = (
            f'=IF({week}="",{instead},INDEX(attendance[{heading}],patient_first_week+{week}-1))'
        )
        empty = NONE if instead == "NA()" else ""

        def cell(at: int) -> Cell:
            inside = at < len(shown.weeks)
            return Formula(formula, float(getattr(shown.weeks[at], name)) if inside else empty)

        return Column(heading, cell, "cell_score")

    columns: list[Column[int]] = [
        Column(
            "Week",
            lambda at: Formula(
                f'=IF({at + 1}<=patient_week_count,{at + 1},"")',
                at + 1 if at < len(shown.weeks) else "",
            ),
            "cell_score",
        ),
        field("Days", "days", '""'),
        field("From", "low", "NA()"),
        field("To", "high", "NA()"),
    ]
    rows = range(max(1, min(most, MOST_WEEKS)))
    table = place(page, row, columns, rows, "patient_weeks", left=aside, widths=False)
    _quiet(page, table.area("Week", "To"))
    return table


def _quiet(page: Page, area: tuple[int, int, int, int]) -> None:
    """#N/A is what makes a chart leave a point out; it need not shout."""
    page.sheet.conditional_format(*area, {"type": "errors", "format": page.styles["mark_quiet"]})


_POINTS = ("Day", "Before", "After", "Event", "Pause")


def _points(book: ReportBook, shown: Patient, pause: int) -> list[dict[str, Any]]:
    """The points of the patient shown first."""
    frame = book.roster.visits.iloc[list(shown.visits)]
    points: list[dict[str, Any]] = []
    names = ("day", "nrs_before", "nrs_after", "visit_type", "event")
    for day, before, after, kind, event in zip(
        *(listed(frame[name]) for name in names), strict=True
    ):
        at = float(day or 0)
        late = shown.days_known and bool(points) and at - points[-1]["Day"] >= pause
        points.append(
            {
                "Day": at,
                "Before": NONE if before is None else before,
                "After": NONE if after is None else after,
                "Event": (before or 0) if event == "event" else NONE,
                "Pause": 0.3 if late and kind == "treatment" else NONE,
            }
        )
    rest = points[-1] | {"Event": NONE, "Pause": NONE}
    return points + [rest] * (min(book.roster.longest, MOST_VISITS) - len(points))
