"""Method: what each figure means, the rules in force, what was read and with what settings."""

from __future__ import annotations

import re
from typing import Any

from clinicreport import __version__
from clinicreport.books.report.report_book import ReportBook
from clinicreport.log.inputs import Input
from clinicreport.workbook.page import Page
from clinicreport.workbook.table import Column, Table, place
from clinicreport.workbook.terms import place_terms
from clinicreport.workbook.words import ON_SCREEN, ONE_RATING, day

LEAD = ["What each figure means, which rules were in force, and what was read."]
WIDTHS = (29, 74, 12, 46, 9, 9, 10)
TEXT = WIDTHS[1]  # the column that holds sentences

DEFINITIONS = (
    (
        "NRS",
        "Numeric rating scale: pain now, from 0 (none) to 10 (the worst imaginable), as the"
        " patient says it before a session.",
    ),
    (
        "Course",
        "One stretch of treatment of one patient. A long pause, or a new course label,"
        " starts a new one. Figures of the clinic use each patient's latest course.",
    ),
    (
        "Baseline",
        "The score before the first treatment; where it is missing, the last score of a"
        " screening. A later score never stands in for it.",
    ),
    (
        "Latest",
        "The last score before a session after the first day, as long as it is no"
        " follow-up long after the last treatment.",
    ),
    ("Reduction", "Baseline minus latest, in points. Positive means less pain."),
    (
        "Percent reduction",
        "The reduction as a share of the baseline. Undefined from a baseline of"
        " 0; negative when pain rose; never cut off.",
    ),
    (
        "Evaluable",
        "A baseline above 0 and a later score are known. Who is not is counted with the"
        " one reason why.",
    ),
    (
        "Responder",
        "Pain fell by 30 % or more (moderate) or 50 % or more (substantial), compared"
        " before any rounding (IMMPACT, Dworkin 2008, provisional). 2 points or more is clinically"
        f" important (Farrar 2001; Ostelo 2008), but can be chance in one patient. {ONE_RATING}",
    ),
    ("Worse", "Pain rose by 2 points or more."),
    (
        "Of the evaluable, of all who started",
        "Responders are given over both. Of all who started,"
        " a patient who cannot be evaluated counts as not having responded.",
    ),
    (
        "95 % interval",
        "The range in which the true figure plausibly lies; the fewer patients, the"
        " wider. Shares: Wilson. Means: t. None where there are too few patients.",
    ),
    (
        "Median and ratio of means",
        "The median is the middle one of the patients' percentages; the"
        " ratio of means is the fall of the mean score as a share of the mean at the start. They"
        " differ, so both are given.",
    ),
    (
        "Standardised mean change",
        "The mean reduction over the standard deviation of the baseline"
        " scores, with the correction for small samples. Which deviation published changes are"
        " over is not always known, so the two are not strictly comparable.",
    ),
    (
        "Adverse events",
        "Sessions with an event per 100 sessions that have the field filled in."
        " Blank is never taken for “none”. With no event, the figure could still be as high as the"
        " upper bound given.",
    ),
    (
        "Adherence",
        "Full weeks whose number of treatment days lies in the protocol's band, over all"
        " full weeks up to the last treatment. A log that tells weeks and no days has none.",
    ),
    (
        "Dropped out",
        "No treatment for a long time before enough weeks were reached, over all"
        " courses that ended. Where a log tells weeks and no days, a course has ended only when its"
        " patient was discharged.",
    ),
    (
        "After the course",
        "What follow-up scores long after the last treatment say about patients"
        " who had responded: sustained, relapsed, or not known where there is no follow-up.",
    ),
)


def write(book: ReportBook) -> None:
    """The sheet; its tables are ``definitions``, ``inputs``, ``settings`` and ``rules``."""
    page = book.page("Method")
    page.widths(WIDTHS)
    row = page.head("Method", [*LEAD, ON_SCREEN])
    row = place_terms(page, row, "What the words mean", DEFINITIONS, WIDTHS)
    page.sheet.print_area(0, 0, row - 1, len(WIDTHS) - 1)
    row = _evidence(book, page, row)
    row = _restated(book, page, row)
    row = _inputs(book, page, row)
    row = _settings(book, page, row)
    _rules(book, page, row)
    book.print_setup(page, pages_high=1)


def _evidence(book: ReportBook, page: Page, row: int) -> int:
    protocol = book.analysis.protocol
    entries = (
        ("No comparison group", protocol.caveat),
        ("What trials found", protocol.evidence_note),
    )
    return place_terms(page, row, "How to read the results", entries, WIDTHS)


def _restated(book: ReportBook, page: Page, row: int) -> int:
    """What differs from an earlier report; nothing where nothing does."""
    if not book.analysis.restated:
        return row
    entries = [("" if at else "Restated", text) for at, text in enumerate(book.analysis.restated)]
    return place_terms(page, row, "What differs from an earlier report", entries, WIDTHS)


def _inputs(book: ReportBook, page: Page, row: int) -> int:
    row = page.section(row, "What was read", len(WIDTHS))
    inputs = book.analysis.inputs
    if not inputs:
        page.put(row, 0, "No file was read.")
        return row + 2
    columns = [
        Column[Input]("File", lambda i: i.file, "cell_strong", WIDTHS[0]),
        Column[Input]("How it was read", _how, "cell_wrap", TEXT),
        Column[Input]("Sheet", lambda i: i.sheet or "–", "cell"),
        Column[Input]("Checksum (SHA-256)", lambda i: i.sha256, "cell_wrap", 40),
        Column[Input]("Rows", lambda i: i.rows, "cell_count"),
        Column[Input]("Used", lambda i: i.used, "cell_count"),
        Column[Input]("Set aside", lambda i: i.set_aside, "cell_count"),
    ]
    return _placed(book, page, row, columns, inputs, "inputs").below + 1


def _how(entry: Input) -> str:
    return entry.reason or "; ".join(entry.assumptions) or entry.status


def _settings(book: ReportBook, page: Page, row: int) -> int:
    analysis = book.analysis
    row = page.section(row, "Settings", len(WIDTHS))
    protocol = analysis.protocol
    settings = [
        ("Report on", book.covers),
        ("Day of the run", day(analysis.run_day)),
        ("Made with", f"clinicreport {__version__}"),
        ("Protocol in force", f"{protocol.name}, version {protocol.version}: {protocol.source}"),
        *analysis.settings,
    ]
    columns = [
        Column[tuple[str, str]]("Setting", lambda s: s[0], "cell_strong"),
        Column[tuple[str, str]]("Value", lambda s: s[1], "cell_wrap", TEXT),
    ]
    return _placed(book, page, row, columns, settings, "settings").below + 1


def _rules(book: ReportBook, page: Page, row: int) -> int:
    row = page.section(row, "Rules in force", len(WIDTHS))
    rules = list(book.analysis.protocol.rules.items())
    columns = [
        Column[tuple[str, Any]]("Rule", lambda r: r[0], "cell_strong"),
        Column[tuple[str, Any]]("What it says", _says, "cell_wrap", TEXT),
        Column[tuple[str, Any]]("Severity", lambda r: r[1].severity, "cell"),
        Column[tuple[str, Any]]("Source", lambda r: r[1].source, "cell_wrap", WIDTHS[3]),
    ]
    return _placed(book, page, row, columns, rules, "rules").below


def _says(rule: tuple[str, Any]) -> str:
    """The rule's message; what a finding fills in is left open."""
    name, entry = rule
    message = re.sub(r"\{\w+\}", "…", entry.message)
    if not message.strip("… ."):
        message = name.replace("-", " ").capitalize()
    return f"{message} [{entry.clause}]" if entry.clause else message


def _placed(
    book: ReportBook, page: Page, row: int, columns: list[Column[Any]], rows: Any, name: str
) -> Table:
    return book.add(place(page, row, columns, rows, name, widths=False))
