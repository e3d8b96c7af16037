"""Sessions: every visit as it was read, with its file, its sheet and the cell of its score."""

from __future__ import annotations

from clinicreport.books.report import size_limits
from clinicreport.books.report.ordered_visits import days
from clinicreport.books.report.report_book import ReportBook
from clinicreport.workbook.table import Column, place

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
    "Every visit used, one a row, sorted by patient, course and day; each says which file and"
    " sheet it came from, and the cell of its score before the session. An empty cell was empty"
    " there. Columns after Row are not printed.",
    "Correct a score in column NRS before and the figures of the patient, the first page and"
    " its charts follow. Filter as you like, but do not sort: other sheets refer to these"
    " cells.",
]


def write(book: ReportBook) -> None:
    """The sheet; its table is ``sessions``."""
    page = book.page("Sessions")
    visits = book.roster.visits
    top = page.head("Sessions", LEAD)
    if not len(visits):
        page.put(top, 0, "No visit could be used, so there is nothing to list.")
        book.print_setup(page)
        return
    if not book.live:
        page.put(top, 0, f"Over {size_limits.LIVE:,} visits, so they are not listed; see the logs.")
        book.print_setup(page)
        return
    lines = range(len(visits))
    table = book.add(place(page, top, _columns(book), lines, "sessions", filtered=True))
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


def _columns(book: ReportBook) -> list[Column[int]]:
    values, count = book.roster.values, len(book.roster.visits)
    several, started = book.roster.several_sites, len(book.roster.patients)
    scores = values("nrs_before")
    serials = [serial if serial <= started else None for serial in values("serial")]
    return [
        Column("Line", range(1, count + 1), "cell_count", 7),
        Column("No.", serials, "cell_count", 6),
        Column("Patient", values("patient_id"), "cell_strong", 12),
        *([Column("Clinic", values("clinic"), "cell", 14)] if several else []),
        Column("Course", values("course"), "cell_count", 8),
        Column("Date", days(book.roster.visits["date"]), "cell_date", 12),
        Column("Visit", values("visit_type"), "cell", 12),
        Column("NRS before", scores, "cell_score", 9),
        Column("NRS after", values("nrs_after"), "cell_score", 9),
        *_optional(book, PRINTED),
        Column("Counted", values("counted"), "cell", 17),
        Column("File", values("file"), "cell", 22),
        Column("Sheet", [sheet or "–" for sheet in values("sheet")], "cell", 12),
        *_optional(book, (("cell", "Cell", "cell_centre", 8),)),
        Column(LAST_PRINTED, values("row"), "cell_count", 7),
        *(_optional(book, OTHERS) if size_limits.whole(len(book.analysis.sessions)) else []),
        Column("Event", values("event"), "cell", 14),
        Column("Day", values("day"), "cell_count", 7),
        Column("Chart week", book.roster.chart_weeks(), "cell_count", 8),
        Column("As made", scores, "cell_score", 9),
    ]


def _optional(
    book: ReportBook, fields: tuple[tuple[str, str, str, float], ...]
) -> list[Column[int]]:
    """The fields that the logs have."""
    frame = book.roster.visits
    return [
        Column(heading, book.roster.values(field), style, width)
        for field, heading, style, width in fields
        if field in frame and frame[field].notna().any()
    ]
