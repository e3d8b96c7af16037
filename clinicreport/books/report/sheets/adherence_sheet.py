"""Adherence and safety: sessions a week against the band, by therapist; events; how scores come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np

from clinicreport.books.report import score_taking_block, size_limits
from clinicreport.books.report.once_edited import once_edited
from clinicreport.books.report.ordered_visits import listed
from clinicreport.books.report.report_book import ReportBook
from clinicreport.books.report.roster import Patient, Week
from clinicreport.ground.frame import Frame
from clinicreport.log.fields import PRECAUTIONS
from clinicreport.workbook.page import Cell, Formula, Link, Page
from clinicreport.workbook.table import Column, Table, keyed, place
from clinicreport.workbook.words import as_made, count

LEAD = [
    "How often patients came, who treated them, which adverse events were written down, and"
    " whether the precautions were. Blank is never taken for “none” or “yes”."
]
WIDTHS = (24, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12)
MOST_CALENDAR_WEEKS = 13
EVENT_FIELDS = ("patient_id", "date", "day", "line", "adverse_event")
SHOWN = (
    "patient_id",
    "date",
    "day",
    "day_known",
    "therapist",
    "event",
    "adverse_event",
)  # of visits
MOST_REASONS = 5  # of a therapist's waivers
SIZE = (560, 300)
CHART_LEFT = 5
CHART_ROWS = 16

Record = dict[str, Any]


def write(book: ReportBook) -> None:
    """The sheet; its tables are ``week_counts``, ``precautions``, ``events``, ``attendance`` …"""
    page = book.page("Adherence and safety")
    row = page.head(once_edited(book, "Adherence and safety"), LEAD)
    page.widths(WIDTHS)
    if not book.roster.patients:
        page.put(row, 0, "No patient started treatment in these visits.")
        book.print_setup(page)
        return
    sessions = _sessions(book)
    # The longest table stands last, but the first one counts its rows.
    room = _week_counts_rows(book)
    start = row + max(CHART_ROWS, len(room) + 4) + 3
    end = _therapists(book, page, start, sessions)
    end = _precautions(book, page, end, sessions)
    end = _waivers(book, page, end)
    end = _events(book, page, end, sessions)
    end = score_taking_block.write(book, page, end, WIDTHS)
    _attendance(book, page, end)
    _week_counts(book, page, row, room)
    page.sheet.print_area(0, 0, end - 1, len(WIDTHS) - 1)
    book.print_setup(page)


def _sessions(book: ReportBook) -> Frame:
    """The treatment rows in scope, each with its ``line`` on the Sessions sheet."""
    visits = book.roster.visits
    lines = np.flatnonzero(visits["counted"] == "yes")
    return visits.select(*SHOWN, *PRECAUTIONS).take(lines).assign(line=lines)


def _week_counts_rows(book: ReportBook) -> list[Record]:
    judged = [week for patient in book.roster.patients for week in patient.weeks if week.judged]
    counts = Counter((week.days, week.in_band) for week in judged)
    most = max([5, *(days for days, _ in counts)])
    rows = []
    for days in range(most + 1):
        row: Record = {"Treatment days": days}
        for heading, kept in (("In the band", True), ("Outside the band", False)):
            test = f'attendance[Days],{days},attendance[In band],"{"yes" if kept else "no"}"'
            row[heading] = Formula(f"=COUNTIFS({test})", counts[days, kept])
        rows.append(row)
    return rows


def _week_counts(book: ReportBook, page: Page, row: int, rows: list[Record]) -> None:
    """Full weeks of the latest courses by the number of treatment days."""
    row = page.section(row, "Treatment days in a week, over all full weeks", len(WIDTHS))
    columns = [keyed("Treatment days", "cell_count")]
    columns += [keyed(name, "cell_count") for name in ("In the band", "Outside the band")]
    table = book.add(place(page, row, columns, rows, "week_counts", widths=False))
    chart = book.chart("Full weeks by number of treatment days", "column", "stacked")
    chart.columns(table, "Treatment days", "In the band", "primary", gap=40)
    chart.columns(
        table,
        "Treatment days",
        "Outside the band",
        "accent_light",
        border={"color": chart.colour("accent")},
        fill=None,
        pattern={
            "pattern": "wide_upward_diagonal",
            "fg_color": chart.colour("accent"),
            "bg_color": chart.colour("white"),
        },
    )
    chart.x_axis("treatment days in the week")
    chart.y_axis("weeks", min=0, num_format="0")
    chart.legend()
    inside, outside = (
        sum(int(each[name].value) for each in rows) for name in ("In the band", "Outside the band")
    )
    alt = f"Full weeks by number of treatment days: {inside} of {inside + outside} lie in the band."
    chart.insert(page, row, CHART_LEFT, alt, SIZE)


def _therapists(book: ReportBook, page: Page, row: int, sessions: Frame) -> int:
    """Sessions of each therapist in each calendar week, as made."""
    vague = int((~sessions["day_known"]).sum())
    title = as_made("Sessions by therapist and calendar week")
    if vague:
        title += f"; {count(vague, 'session')} left out: the log tells weeks, not days"
    row = page.section(row, title, len(WIDTHS))
    named = [name or "not written" for name in listed(sessions["therapist"])]
    if all(name == "not written" for name in named):
        page.put(row, 0, "The logs do not say who treated.")
        return row + 2
    if vague == len(sessions):
        page.put(row, 0, "No session can be put into its calendar week.")
        return row + 2
    days = sessions["date"].astype("datetime64[D]")
    first_days = np.busday_offset(days, 0, roll="backward", weekmask="Mon").tolist()
    known = sessions["day_known"].tolist()
    weeks = list(compress(zip(named, first_days, strict=True), known))
    mondays = sorted({monday for _, monday in weeks})[-MOST_CALENDAR_WEEKS:]
    counts = Counter(weeks)
    headings = [f"{monday.day} {monday:%b %Y}" for monday in mondays]
    rows: list[Record] = [
        {"Week from": name}
        | {heading: counts[name, monday] for heading, monday in zip(headings, mondays, strict=True)}
        for name in sorted({name for name, _ in weeks})
    ]
    columns = [keyed("Week from", "cell_strong"), *(keyed(h, "cell_count") for h in headings)]
    table = book.add(place(page, row, columns, rows, "therapists", widths=False))
    _heat(page, table, headings)
    return table.below + 1


def _heat(page: Page, table: Table, headings: Sequence[str]) -> None:
    colour = page.styles.theme.colour
    scale = {
        "type": "2_color_scale",
        "min_type": "num",
        "min_value": 0,
        "min_color": colour("white"),
        "max_color": colour("heat"),
    }
    page.sheet.conditional_format(*table.area(headings[0], headings[-1]), scale)


def _precautions(book: ReportBook, page: Page, row: int, sessions: Frame) -> int:
    row = page.section(row, as_made("Precautions, by session"), len(WIDTHS))
    rows = []
    for field, heading in PRECAUTIONS.items():
        told = Counter(sessions[field].tolist())
        known = told["yes"] + told["no"]
        share: Cell = told["yes"] / known if known else "not documented"
        rows.append(
            {
                "Precaution": heading,
                "Yes": told["yes"],
                "No": told["no"],
                "Not documented": len(sessions) - known,
                "Kept": share,
            }
        )
    columns = [keyed("Precaution", "cell_strong")]
    columns += [keyed(name, "cell_count") for name in ("Yes", "No", "Not documented")]
    columns.append(keyed("Kept", "cell_share"))
    return book.add(place(page, row, columns, rows, "precautions", widths=False)).below + 1


def _events(book: ReportBook, page: Page, row: int, sessions: Frame) -> int:
    row = page.section(row, "Adverse events, each with its visit", len(WIDTHS))
    found = sessions.where(sessions["event"] == "event")
    events = [
        dict(zip(EVENT_FIELDS, values, strict=True))
        for values in zip(*(listed(found[name]) for name in EVENT_FIELDS), strict=True)
    ]
    page.put(row, 0, _rate(book, events), "lead")
    if not events:
        page.put(row + 1, 0, "No adverse event is written down.")
        return row + 3
    if len(events) > size_limits.LISTED:
        row += 1
        page.put(row, 0, f"The first {size_limits.LISTED:,} are listed.", "lead")
    sessions_table = book.tables.get("sessions")
    columns: list[Column[Record]] = [
        Column("Patient", lambda r: r["patient_id"], "cell_strong"),
        Column("Date", lambda r: r["date"], "cell_date"),
        Column("Day of course", lambda r: r["day"], "cell_count"),
        Column("Visit", lambda r: _line(sessions_table, r["line"]), "cell_link"),
        Column("What happened", lambda r: r["adverse_event"], "cell"),
    ]
    first = events[: size_limits.LISTED]
    return book.add(place(page, row + 1, columns, first, "events", widths=False)).below + 1


def _waivers(book: ReportBook, page: Page, row: int) -> int:
    """Who departed from the protocol on purpose, how often and why."""
    row = page.section(row, as_made("Waivers: deliberate deviations, by therapist"), len(WIDTHS))
    rows = [
        {
            "Therapist": entry.therapist,
            "Sessions": entry.sessions,
            "Patients": entry.patients,
            "Reasons": _reasons(entry.reasons),
        }
        for entry in book.analysis.clinic.waivers
    ]
    if not rows:
        page.put(row, 0, "No session carries a waiver.")
        return row + 2
    columns = [keyed("Therapist", "cell_strong")]
    columns += [keyed(name, "cell_count") for name in ("Sessions", "Patients")]
    columns.append(keyed("Reasons", "cell"))
    return book.add(place(page, row, columns, rows, "waivers", widths=False)).below + 1


def _reasons(counts: dict[str, int]) -> str:
    """As in "patient travelled (3), machine in repair (1)"."""
    told = [f"{reason} ({number})" for reason, number in list(counts.items())[:MOST_REASONS]]
    rest = len(counts) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest else "")


def _line(sessions: Table | None, line: int) -> Cell:
    return Link(sessions.at("NRS before", line), f"line {line + 1:,}") if sessions else "–"


def _rate(book: ReportBook, events: list[Record]) -> str:
    """Over the whole courses in scope, and of these in the period."""
    clinic, period = book.analysis.clinic, book.analysis.period
    totals = clinic.adverse_events
    text = (
        f"{totals.sessions_with_event} in {totals.sessions_completed:,} sessions with the"
        f" field filled in, of {clinic.sessions:,}"
    )
    if period is not None:
        within = sum(period.first <= record["date"].date() <= period.last for record in events)
        text += f" over the whole courses; {within} of these in the period itself"
    return text + ". Events of one patient often belong together."


def _attendance(book: ReportBook, page: Page, row: int) -> None:
    if not book.live:
        return
    row = page.section(row, "Every week of every latest course (not printed)", len(WIDTHS))
    weeks = [(patient, week) for patient in book.roster.patients for week in patient.weeks]
    columns: list[Column[tuple[Patient, Week]]] = [
        Column("Patient", lambda w: w[0].label, "cell_strong"),
        Column("No.", lambda w: w[0].serial, "cell_count"),
        Column("Week", lambda w: w[1].week + 1, "cell_count"),
        Column("Days", lambda w: w[1].days, "cell_count"),
        Column("From", lambda w: w[1].low, "cell_count"),
        Column("To", lambda w: w[1].high, "cell_count"),
        Column("In band", lambda w: _verdict(w[1]), "cell_centre"),
    ]
    book.add(place(page, row, columns, weeks, "attendance", widths=False))


def _verdict(week: Week) -> str:
    if not week.judged:
        return "not full"
    return "yes" if week.in_band else "no"
