"""Sessions: every visit as it was read, with its file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clinicreport.report.book import Book
from clinicreport.report.roster import Patient, Roster
from clinicreport.report.table import Column, place
from clinicreport.report.words import missing, plain

Visit = dict[str, Any]

NO_EVENT = {"none", "no", "nil", "0"}

# Fields shown only where the log has them: printed ones, and others that stand last.
PRINTED: tuple[tuple[str, str, str, float], ...] = (
    ("duration", "Minutes", "cell_score", 9),
    ("condition", "Condition", "cell", 22),
    ("adverse_event", "Adverse event", "cell", 18),
    ("therapist", "Therapist", "cell", 11),
)
OTHERS: tuple[tuple[str, str, str, float], ...] = (
    ("eye_protection", "Eye protection", "cell_centre", 11),
    ("safe_distance", "Safe distance", "cell_centre", 10),
    ("skin_clean", "Skin clean", "cell_centre", 9),
    ("contraindications", "Contraindications", "cell", 20),
    ("clearance", "Clearance", "cell", 18),
    ("medication", "Medication", "cell", 16),
    ("wavelength", "Wavelength (nm)", "cell_score", 12),
    ("irradiance", "Irradiance (mW/cm²)", "cell_score", 12),
    ("fluence", "Fluence (J/cm²)", "cell_score", 11),
    ("mobility", "Trunk flexion (cm)", "cell_score", 11),
    ("pain_years", "Years of pain", "cell_score", 9),
    ("course_id", "Course label", "cell", 12),
    ("waiver", "Waiver", "cell", 20),
    ("notes", "Notes", "cell", 30),
)
LAST_PRINTED = "Row"

LEAD = [
    "Every visit used, one a row, sorted by patient, course and day; each says which file,"
    " sheet and row it came from. An empty cell was empty there. Columns after Row are not"
    " printed.",
    "Correct a score in column NRS before and the figures of the patient, the first page and"
    " its charts follow. Filter as you like, but do not sort: other sheets refer to these"
    " cells.",
]


MOST_WHOLE = 60_000  # visits up to which every column is written


def left_out(book: Book) -> str | None:
    """What the sheet leaves out, in words: a log that large must still open."""
    if len(book.roster.visits) <= MOST_WHOLE:
        return None
    return f"over {MOST_WHOLE:,} visits: sheet Sessions leaves out precautions, doses and notes"


def write(book: Book) -> None:
    """The sheet; its table is ``sessions``."""
    page = book.page("Sessions")
    visits = _visits(book)
    top = page.head("Sessions", LEAD)
    if not visits:
        page.put(top, 0, "No visit could be used, so there is nothing to list.")
        book.print_setup(page)
        return
    table = book.add(place(page, top, _columns(book), visits, "sessions", filtered=True))
    edited = f"{table.at('NRS before', 0)}<>{table.at('As made', 0)}".replace("Sessions!", "")
    page.sheet.conditional_format(
        *table.area("NRS before"),
        {
            "type": "formula",
            "criteria": "=" + edited.replace("$" + str(table.top + 2), str(table.top + 2)),
            "format": page.styles["mark_edited"],
        },
    )
    page.sheet.freeze_panes(top + 1, table.headings.index("NRS before") + 1)
    bottom, right = table.area("Line", LAST_PRINTED)[2:]
    page.sheet.print_area(0, 0, bottom, right)
    book.print_setup(page, repeat=top)


def _columns(book: Book) -> list[Column[Visit]]:
    columns: list[Column[Visit]] = [
        Column("Line", lambda v: v["line"], "cell_count", 7),
        Column("No.", lambda v: v["serial"], "cell_count", 6),
        Column("Patient", lambda v: v["patient_id"], "cell_strong", 12),
    ]
    if book.roster.several_sites:
        columns.append(Column("Clinic", lambda v: plain(v["clinic"]), "cell", 14))
    columns += [
        Column("Course", lambda v: plain(v["course"]), "cell_count", 8),
        Column("Date", lambda v: v["date"], "cell_date", 12),
        Column("Visit", lambda v: plain(v["visit_type"]), "cell", 12),
        Column("NRS before", lambda v: plain(v["nrs_before"]), "cell_score", 9),
        Column("NRS after", lambda v: plain(v["nrs_after"]), "cell_score", 9),
    ]
    return [
        *columns,
        *_optional(book, PRINTED),
        Column("Counted", lambda v: v["counted"], "cell", 17),
        Column("File", lambda v: v["file"], "cell", 22),
        Column("Sheet", lambda v: v["sheet"] or "–", "cell", 12),
        Column(LAST_PRINTED, lambda v: v["row"], "cell_count", 7),
        *([] if left_out(book) else _optional(book, OTHERS)),
        Column("Event", lambda v: v["event"], "cell", 14),
        Column("Day", lambda v: plain(v["day"]), "cell_count", 7),
        Column("Chart week", lambda v: v["chart_week"], "cell_count", 8),
        Column("As made", lambda v: plain(v["nrs_before"]), "cell_score", 9),
    ]


def _optional(book: Book, fields: tuple[tuple[str, str, str, float], ...]) -> list[Column[Visit]]:
    frame = book.roster.visits
    return [
        Column(heading, lambda v, field=field: plain(v[field]), style, width)  # type: ignore[misc]
        for field, heading, style, width in fields
        if field in frame and frame[field].notna().any()
    ]


def _visits(book: Book) -> list[Visit]:
    """The visits in the roster's order, with what only this sheet shows."""
    visits = [
        {str(name): value for name, value in row.items()}
        for row in book.roster.visits.to_dict("records")
    ]
    for line, visit in enumerate(visits, start=1):
        started = visit["serial"] <= len(book.roster.patients)
        visit |= {
            "line": line,
            "serial": visit["serial"] if started else None,
            "counted": counted(visit),
            "event": event(visit),
            "chart_week": None,
        }
    for patient in book.roster.patients:
        for at, week in chart_weeks(book.roster, patient):
            visits[at]["chart_week"] = week
    return visits


def chart_weeks(roster: Roster, patient: Patient) -> Iterator[tuple[int, int]]:
    """(visit, week) of the scores that enter the means by week.

    Week 0 is the baseline, then the weeks of the treatments after the first.
    """
    if not patient.evaluable:
        return
    kinds, weeks = roster.visits["visit_type"], roster.visits["week"]
    treated = [at for at in patient.visits if kinds[at] == "treatment"]
    if patient.baseline_at is not None:
        yield patient.baseline_at, 0
    for at in treated[1:]:
        yield at, int(weeks[at]) + 1


def counted(visit: Visit) -> str:
    """Whether a visit is a session of the figures, and if not, why."""
    if visit["visit_type"] == "not-attended":
        return "no: not attended"
    if missing(visit["course"]):
        return "no: in no course"
    if not visit["in_scope"]:
        return "no: before the period"
    return "yes" if visit["visit_type"] == "treatment" else "score only"


def event(visit: Visit) -> str:
    """What a treatment row says about adverse events; blank is never "none"."""
    if visit["visit_type"] != "treatment":
        return "not a session"
    if missing(visit["adverse_event"]):
        return "not documented"
    return "none" if visit["adverse_event"].strip().casefold() in NO_EVENT else "event"
