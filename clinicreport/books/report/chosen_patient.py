"""The chosen patient: the drop-down, and what its formulas show for the patient chosen first.

Every cell is a formula over ``patients``, ``sessions`` and ``attendance``; its value is what the
formula gives for that patient, so that the page is right before anything recalculates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinicreport.books.report.chosen_points import MOST_VISITS, NONE, quiet
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient
from clinicreport.books.report.sheets import patients_sheet
from clinicreport.ground.rounding import percent, score
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.outcomes.course_now import followed_up
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Column, Table, address, place
from clinicreport.workbook.words import RESPONSES

MOST_WEEKS = 60


def label(patient: Patient) -> str:
    """How a patient stands in the drop-down: the serial number makes it unique."""
    return f"{patient.serial} · {patient.label}"


def sentence(patient: Patient) -> str:
    """From baseline to now in words."""
    if not patient.evaluable:
        return f"Cannot be evaluated: {patients_sheet.evaluable(patient)}."
    change = patient.course["percent_reduction"]
    scores = f"From {score(patient.course['baseline'])} to {score(patient.course['latest'])} of 10"
    less = f"{percent(abs(change))} {'more' if change < 0 else 'less'} pain"
    last = followed_up(patient.course)
    now = f"; now {score(last.score)}, {last.days} days after" if last else ""
    return f"{scores}: {less} ({RESPONSES[patient.course['response']]}){now}."


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
    top = address("Patient", row, 0).partition("!")[2]

    def own(name: str, at: int) -> Any:
        position = shown.visits[at] if at < len(shown.visits) else None
        return "" if position is None else book.roster.values(name)[position]

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
    quiet(page, table.area("Week", "To"))
    return table
