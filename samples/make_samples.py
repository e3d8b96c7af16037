"""Write the sample files beside this script, or into the folder named as first argument.

``python samples/make_samples.py``

All of it is synthetic. The same files come out at every run, byte for byte.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

import xlsxwriter
from simulated_clinic import Cell, Clinic, Patient, Visit, day, dose, harbour_pain_clinic
from xlsxwriter.utility import xl_range

CREATED = datetime(2026, 10, 1)  # else the moment of the run would stand in every workbook


class Column(NamedTuple):
    """How a field is written: its heading, the column's width and the cells' format."""

    heading: str
    width: int
    style: str = "text"


COLUMNS = {
    "patient_id": Column("Patient ID", 10),
    "date": Column("Date", 11, "date"),
    "start_time": Column("Start time", 10, "time"),
    "visit_type": Column("Visit type", 11),
    "course_id": Column("Course", 7, "centred"),
    "nrs_before": Column("Pain before (NRS)", 10, "centred"),
    "nrs_after": Column("Pain after (NRS)", 10, "centred"),
    "duration": Column("Minutes", 8, "centred"),
    "wavelength": Column("Wavelength (nm)", 11, "centred"),
    "irradiance": Column("Irradiance (mW/cm²)", 11, "decimal"),
    "fluence": Column("Fluence (J/cm²)", 9, "decimal"),
    "eye_protection": Column("Eye protection", 10, "centred"),
    "safe_distance": Column("Safe distance", 9, "centred"),
    "skin_clean": Column("Skin clean", 7, "centred"),
    "contraindications": Column("Contraindications", 24),
    "clearance": Column("Clearance", 29),
    "adverse_event": Column("Adverse event", 33),
    "medication": Column("Medication", 17),
    "therapist": Column("Therapist", 9, "centred"),
    "condition": Column("Condition", 22),
    "waiver": Column("Waiver", 36),
    "notes": Column("Notes", 22),
}
REGISTER = {
    "patient_id": Column("Patient ID", 10),
    "name": Column("Name", 20),
    "sex": Column("Sex", 6, "centred"),
    "birth_year": Column("Birth year", 10, "centred"),
    "condition": Column("Condition", 22),
    "pain_years": Column("Years of pain", 12, "centred"),
    "contraindications": Column("Contraindications", 24),
    "clearance": Column("Clearance", 29),
    "discharged": Column("Discharged", 11, "date"),
}
STYLES = {
    "title": {"bold": True, "font_size": 14},
    "subtitle": {"italic": True, "font_color": "#595959"},
    "heading": {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": "#DCE9F2",
        "bottom": 1,
    },
    "text": {},
    "centred": {"align": "center"},
    "decimal": {"align": "center", "num_format": "0.0"},
    "date": {"align": "center", "num_format": "dd/mm/yyyy"},
    "time": {"align": "center", "num_format": "hh:mm"},
}


class Workbook:
    """A workbook whose sheets are tables under a title, with a frozen heading."""

    def __init__(self, path: Path, title: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book = xlsxwriter.Workbook(path)
        self.book.set_properties({"title": title, "created": CREATED})
        self.styles = {name: self.book.add_format(style) for name, style in STYLES.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.book.close()

    def add_table(
        self, name: str, titles: list[str], columns: dict[str, Column], rows: list[Visit]
    ) -> None:
        """A sheet: title lines and a blank one if there are titles, headings, one line a row."""
        sheet = self.book.add_worksheet(name)
        for line, title in enumerate(titles):
            sheet.write_string(line, 0, title, self.styles["subtitle" if line else "title"])
        top = len(titles) + 1 if titles else 0
        sheet.set_row(top, 32)
        sheet.freeze_panes(top + 1, 1)
        for x, (field, column) in enumerate(columns.items()):
            sheet.set_column(x, x, column.width)
            sheet.write_string(top, x, column.heading, self.styles["heading"])
            for y, row in enumerate(rows, top + 1):
                write_cell(sheet, y, x, row.get(field), self.styles[column.style])
        cells = xl_range(top + 1, 0, top + len(rows), len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": cells})  # no green corner on "007"
        landscape(sheet, top)


def write_cell(sheet: Any, y: int, x: int, value: Cell, style: Any) -> None:
    """Text stays text, whatever it looks like; only ``#N/A`` becomes the error it stands for."""
    if value == "#N/A":
        sheet.write_formula(y, x, "=NA()", style, "#N/A")
    elif isinstance(value, str) and value:
        sheet.write_string(y, x, value, style)
    elif isinstance(value, date | time):
        sheet.write_datetime(y, x, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(y, x, value, style)


def landscape(sheet: Any, top: int) -> None:
    """Printed across the page, the heading on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def three_months(folder: Path) -> None:
    """One clinic's log and register, month by month."""
    clinic = harbour_pain_clinic()
    for month in (7, 8, 9):
        end = date(2026, month + 1, 1) - timedelta(1)
        visits = [visit for visit in clinic.visits if day(visit).month == month]
        known = [person for person in clinic.patients if clinic.first_visit(person) <= end]
        title = f"Harbour Pain Clinic: session log {end:%m/%Y}"
        with Workbook(folder / f"three-months/2026-{month:02d}.xlsx", title) as book:
            lines = ["Harbour Pain Clinic", f"Near-infrared light, session log {end:%m/%Y}"]
            book.add_table("Sessions", lines, COLUMNS, visits)
            lines = ["Harbour Pain Clinic", f"Patients as of {end:%d/%m/%Y}"]
            register = [register_line(person, clinic, end) for person in known]
            book.add_table("Patients", lines, REGISTER, register)


def register_line(patient: Patient, clinic: Clinic, today: date) -> Visit:
    """What the register says about a patient on a day."""
    discharged = clinic.discharged.get(patient.patient_id)
    return {
        "patient_id": patient.patient_id,
        "name": f"Sample Patient {patient.number:02d}",
        "sex": patient.sex,
        "birth_year": patient.birth_year,
        "condition": patient.condition,
        "pain_years": patient.pain_years,
        "contraindications": patient.contraindications,
        "clearance": patient.clearance,
        "discharged": discharged if discharged and discharged <= today else None,
    }


def one_patient(folder: Path) -> None:
    """Four weeks of four sessions and a follow-up five weeks later, everything in order."""
    first, weekdays = date(2026, 7, 6), (0, 1, 3, 4)
    before = (7, 7, 6, 6, 6, 5, 6, 5, 5, 4, 5, 4, 4, 3, 4, 3)
    after = (6, 6, 6, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 3, 2)
    minutes = (10, 12, *[15] * 14)
    rows = [small_row("P-01", first - timedelta(4), "Screening", 7, None, None)]
    for k, scores in enumerate(zip(before, after, minutes, strict=True)):
        week, visit = divmod(k, len(weekdays))
        when = first + timedelta(7 * week + weekdays[visit])
        rows.append(small_row("P-01", when, "Treatment", *scores))
    rows.append(small_row("P-01", date(2026, 9, 4), "Follow-up", 3, None, None))
    rows[0]["contraindications"] = rows[1]["contraindications"] = "None"
    left_out = {"course_id", "clearance", "medication", "waiver", "notes"}
    columns = {field: column for field, column in COLUMNS.items() if field not in left_out}
    with Workbook(folder / "one-patient.xlsx", "One patient, one course") as book:
        book.add_table("Sessions", [], columns, rows)


def small_row(
    patient: str, when: date, kind: str, before: Cell, after: Cell, minutes: int | None
) -> Visit:
    """A visit of the small logs; with minutes it is a session and has all that goes with one."""
    row: Visit = {
        "patient_id": patient,
        "date": when,
        "start_time": time(9, 30),
        "visit_type": kind,
        "nrs_before": before,
        "nrs_after": after,
        "therapist": "T1",
        "condition": "Chronic low back pain",
    }
    if minutes is None:
        return row
    return row | {
        "duration": minutes,
        "wavelength": 890,
        "irradiance": 24.0,
        "fluence": dose(24.0, minutes),
        "eye_protection": "Yes",
        "safe_distance": "Yes",
        "skin_clean": "Yes",
        "adverse_event": "None",
    }


FAULTS: tuple[tuple[str, dict[str, Cell]], ...] = (  # what is wrong, in which cells
    ("Nothing wrong here. But the heading 'Therapst' above is misspelt", {}),
    ("Two numbers typed as the score before", {"nrs_before": "6-7"}),
    ("A word typed as the score before", {"nrs_before": "severe"}),
    ("Score before is above 10", {"nrs_before": 65}),
    ("Score before is below 0", {"nrs_before": -4}),
    ("Score before with a decimal: used as it is", {"nrs_before": 6.5}),
    ("Score before typed as 7/10: read as 7", {"nrs_before": "7/10"}),
    ("Score before left blank", {"nrs_before": None}),
    ("An error value where the score before should be", {"nrs_before": "#N/A"}),
    ("Date left blank: the row cannot be used", {"date": None}),
    ("Month misspelt in the date", {"date": "6 Jully 2026"}),
    ("Date typed as text: 3 April or 4 March?", {"date": "03/04/2026"}),
    ("Year mistyped, 2062 for 2026", {"date": date(2062, 7, 6)}),
    ("Year mistyped, 1926 for 2026", {"date": date(1926, 7, 6)}),
    ("Patient left blank: the row cannot be used", {"patient_id": None}),
    ("The same patient as 'F-01' above, but the id is typed 'f-01'", {"patient_id": "f-01"}),
    ("Visit type misspelt", {"visit_type": "Treatmnt"}),
    ("A word typed as the minutes", {"duration": "twelve"}),
    ("Minutes typed without the decimal point, 125 for 12.5", {"duration": 125, "fluence": 180.0}),
    ("Fluence ten times what irradiance and minutes give", {"fluence": 172.8}),
    ("Eye protection is neither yes nor no", {"eye_protection": "perhaps"}),
    ("A question mark typed as adverse event: not documented", {"adverse_event": "?"}),
    ("This row and the next are the same visit typed twice", {}),
)


def faults(folder: Path) -> None:
    """One of each common typing fault; the Notes column says which."""
    rows: list[Visit] = []
    for number, (note, wrong) in enumerate(FAULTS, 1):
        right = small_row(f"F-{number:02d}", date(2026, 7, 6), "Treatment", 6, 5, 12)
        rows.append(right | {"notes": note} | wrong)
    rows.append(rows[-1] | {"notes": "The row above, typed once more"})
    summary = "A summary line, not a visit"
    rows.append({"patient_id": "Average", "nrs_before": 6.0, "nrs_after": 5.0, "notes": summary})
    shown = "patient_id date start_time visit_type nrs_before nrs_after duration irradiance fluence"
    shown += " eye_protection adverse_event therapist notes"
    columns = {field: COLUMNS[field] for field in shown.split()}
    columns["therapist"] = Column("Therapst", 10, "centred")
    columns["notes"] = Column("Notes", 60)
    with Workbook(folder / "faults.xlsx", "Common typing faults") as book:
        book.add_table("Sessions", ["Common typing faults, one in a row"], columns, rows)


def semicolon_decimal_comma(folder: Path) -> None:
    """A text file as spreadsheet programs write it in much of Europe."""
    headings = "Patient ID;Date;Pain before (NRS);Pain after (NRS);Minutes;Irradiance (mW/cm²)"
    lines = [headings + ";Fluence (J/cm²);Adverse event;Notes"]
    courses = {"M-1": (7.5, 7, 6.5, 6, 5.5, 5, 5, 4.5, 4), "M-2": (6, 6, 5.5, 6, 5.5, 5, 5.5, 5, 5)}
    for patient, scores in courses.items():
        for visit, before in enumerate(scores):
            when = date(2026, 9, 7) + timedelta(7 * (visit // 3) + 2 * (visit % 3))
            minutes = (10, 12.5)[visit] if visit < 2 else 17.5
            after = max(0, before - (1, 0.5)[visit % 2])
            numbers = (before, after, minutes, 34.7, dose(34.7, minutes))
            texts = [f"{number:g}".replace(".", ",") for number in numbers]
            event = "Slight warmth, 1,5 h" if (patient, visit) == ("M-2", 1) else "none"
            note = "Übungen für zu Hause gezeigt" if visit == 2 else ""
            lines.append(";".join([patient, f"{when:%d.%m.%Y}", *texts, event, note]))
    text = "".join(f"{line}\r\n" for line in lines)
    (folder / "semicolon-decimal-comma.csv").write_bytes(text.encode("cp1252"))


def main(folder: Path) -> None:
    """Write every sample file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    three_months(folder)
    one_patient(folder)
    faults(folder)
    semicolon_decimal_comma(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
