"""Sessions: every visit as it was read, with its file, its sheet and the cell of its score."""

from __future__ import annotations

from clinicreport.books.report import edited_mark, size_limits
from clinicreport.books.report.ordered_visits import days
from clinicreport.books.report.patient_formulas import AS_MADE
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.sheets.weeks_sheet import shown_weeks
from clinicreport.books.template.entry_columns import score_rule
from clinicreport.ground.frame import missing, repeated
from clinicreport.log.field import Field, Kind
from clinicreport.log.fields import SCORES, SESSION_FIELDS, as_written, sessions_columns
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, Table, address, fitting, place
from clinicreport.workbook.words import ON_SCREEN

_STYLES: dict[Kind, str] = {
    "score": "cell_score",
    "minutes": "cell_score",
    "number": "cell_score",
    "date": "cell_date",
    "time": "cell_time",
    "yes_no": "cell_centre",
}
MINUTES_A_DAY = 24 * 60
LAST_PRINTED = "Row"

LEAD = [
    "Every visit used, one a row, sorted by patient, course and day; each says which file and"
    " sheet it came from, and the cell of its score before the session. An empty cell was empty"
    " there.",
    "Correct a score in column NRS before and the figures of the patient, the first page and"
    " its charts follow. Filter as you like. What the logs hold is open; the rest is locked,"
    " without a password: rows can be neither sorted nor added, since other sheets refer to these"
    " cells. For that correct the log and run again.",
]


def write(book: ReportBook) -> None:
    """The sheet; its table is ``sessions``."""
    page = book.page("Sessions")
    visits = book.roster.visits
    listed = bool(len(visits)) and book.live
    top = page.head("Sessions", [*LEAD, ON_SCREEN, *([AS_MADE] if listed else [])])
    if not len(visits):
        page.put(top, 0, "No visit could be used, so there is nothing to list.")
        book.print_setup(page)
        return
    if not book.live:
        page.put(top, 0, f"Over {size_limits.LIVE:,} visits, so they are not listed; see the logs.")
        book.print_setup(page)
        return
    lines = range(len(visits))
    columns = _columns(book)
    table = book.add(place(page, top, columns, lines, "sessions", filtered=True))
    _mark(book, page, table, columns)
    edited = f"{table.at('NRS before', 0)}<>{table.at('As made', 0)}".replace("Sessions!", "")
    page.sheet.conditional_format(
        *table.area("NRS before"),
        {
            "type": "formula",
            "criteria": "=" + edited.replace("$" + str(table.top + 2), str(table.top + 2)),
            "format": page.styles["mark_edited"],
        },
    )
    _rules(book, page, table)
    page.sheet.freeze_panes(top + 1, table.headings.index("NRS before") + 1)
    page.first_rows(top, table.below, table.headings.index(LAST_PRINTED) + 1)
    book.print_setup(page, pages_high=1)


def _rules(book: ReportBook, page: Page, table: Table) -> None:
    """A score is typed as into the blank log."""
    for name in SCORES:
        field = SESSION_FIELDS[name]
        scores = {*book.roster.values(name)} - {None}
        rule = score_rule(field, whole=all(score == int(score) for score in scores))
        page.sheet.data_validation(*table.area(field.sessions_heading), rule)


def _mark(book: ReportBook, page: Page, table: Table, columns: list[Column[int]]) -> None:
    """The line that says whether the sheet is as made, and the marks above the columns."""
    edited_mark.place_marks(page, table, {c.heading: c.values(range(table.rows)) for c in columns})
    visits = book.roster.visits
    line = edited_mark.line(
        table,
        evaluable=bool(book.analysis.clinic.evaluable),
        weeks=shown_weeks(book)[-1],
        wide=bool(repeated(*(visits[name] for name in ("file", "sheet", "row"))).any()),
    )
    page.put(table.top - 2, 0, line, "lead")
    at = address(page.name, table.top - 2, 0)
    book.workbook.define_name(edited_mark.MARK, f"={at}")


def _columns(book: ReportBook) -> list[Column[int]]:
    values, count = book.roster.values, len(book.roster.visits)
    several, started = book.roster.several_sites, len(book.roster.patients)
    scores, ids = values("nrs_before"), values("patient_id")
    serials = [serial if serial <= started else None for serial in values("serial")]
    return [
        Column("Line", range(1, count + 1), "cell_count", 7),
        Column("No.", serials, "cell_count", 6),
        Column("Patient", ids, "cell_strong", fitting(ids, 12)),
        *([Column("Clinic", values("clinic"), "cell", 14)] if several else []),
        Column("Course", values("course"), "cell_count", 8),
        Column("Date", days(book.roster.visits["date"]), "cell_date", 12, open=True),
        Column("Visit", values("visit_type"), "cell", 12, open=True),
        Column("NRS before", scores, "cell_score", 9, open=True),
        Column("NRS after", values("nrs_after"), "cell_score", 9, open=True),
        *_as_written(book),
        *_optional(book, printed=True),
        Column("Counted", values("counted"), "cell", 17),
        Column("File", values("file"), "cell", 22),
        Column("Sheet", [sheet or "–" for sheet in values("sheet")], "cell", 12),
        Column("Cell", values("cell"), "cell_centre", 8),
        Column(LAST_PRINTED, values("row"), "cell_count", 7),
        *(_optional(book, printed=False) if size_limits.whole(len(book.analysis.sessions)) else []),
        Column("Event", values("event"), "cell", 14),
        Column("Day", values("day"), "cell_count", 7),
        Column("Chart week", book.roster.chart_weeks(), "cell_count", 8),
        Column("As made", scores, "cell_score", 9),
    ]


def _as_written(book: ReportBook) -> list[Column[int]]:
    """What the cells hold of scores whose scale the clinic has declared, beside the scores."""
    frame = book.roster.visits
    return [
        Column(
            f"{SESSION_FIELDS[name].label} as written",
            book.roster.values(as_written(name)),
            "cell_score",
            10,
        )
        for name in SCORES
        if as_written(name) in frame
    ]


def _optional(book: ReportBook, *, printed: bool) -> list[Column[int]]:
    """The fields that the logs have."""
    frame = book.roster.visits
    return [
        Column(
            field.sessions_heading,
            _shown(book, field),
            _STYLES.get(field.kind, "cell"),
            own.width,
            open=True,
        )
        for field, own in sessions_columns(printed=printed)
        if field.name in frame and not missing(frame[field.name]).all()
    ]


def _shown(book: ReportBook, field: Field) -> list[Cell]:
    """A field's values as cells hold them: a date or a time of day is no plain number there."""
    values = book.roster.values(field.name)
    if field.kind == "date":
        return [None if value is None else value.date() for value in values]
    if field.kind == "time":
        return [None if value is None else value / MINUTES_A_DAY for value in values]
    return values
