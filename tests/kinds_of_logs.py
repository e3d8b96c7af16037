"""Every kind of log that clinics keep, each small: layouts, odd months, file formats.

``LAYOUTS`` are sheets of raw cells, for tests of reading; ``KINDS`` are the same and more as
files, for tests of whole commands (``test_matrix.py``).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlwt
from helpers import book_of, sheet_of
from msoffcrypto.format.ooxml import OOXMLFile
from odd_workbooks import ods, ods_cell, ods_row, typed, wide, xlsb, xlsb_cell, xlsb_row

from clinicreport.reading.spreadsheet import Sheet, Spreadsheet

D = dt.date
Rows = Sequence[Sequence[Any]]
EPOCH = D(1899, 12, 30)  # day 0 of a spreadsheet's days


@dataclass(frozen=True)
class Page:
    """One sheet: rows of raw cells; ``merged``: top, left, bottom, right, counted from 1."""

    rows: Rows
    name: str = "Sessions"
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def sheet(self) -> Sheet:
        """As the reader gives it."""
        sheet = sheet_of(self.rows, self.name)
        sheet.merged = list(self.merged)
        return sheet


@dataclass(frozen=True)
class Kind:
    """Files of one kind by name, and what a run on them needs.

    ``unread``: the program cannot read it and says so (3); ``blank``: headings without visits.
    """

    files: Mapping[str, bytes]
    settings: str = ""  # lines of clinic.toml
    password: str = ""
    unread: bool = False
    blank: bool = False


LAYOUTS: dict[str, tuple[Page, ...]] = {
    "title and gaps": (
        Page(
            [
                ["Harbour Pain Clinic"],
                [],
                [None, "Date", None, "Pain before", "Patient ID", "Pain after"],
                [None, D(2026, 9, 1), None, 7.0, "P-1", 5.0],
                [],
                [None, D(2026, 9, 2), None, 6.0, "P-2", None],
            ]
        ),
    ),
    "two heading rows": (
        Page(
            [
                ["Patient", "Date", "Pain", None, "Minutes"],
                [None, None, "Before", "After", None],
                ["P-1", D(2026, 9, 1), 7.0, 5.0, 12.0],
                ["P-2", D(2026, 9, 2), 6.0, None, 12.0],
            ],
            merged=((1, 3, 1, 4), (1, 1, 2, 1)),
        ),
    ),
    "groups above": (
        Page(
            [
                [None, None, "Pain", None, "Safety", None],
                ["Patient", "Date", "Before", "After", "Goggles", "Skin clean"],
                ["P-1", D(2026, 9, 1), 7.0, 5.0, "yes", "no"],
                ["P-2", D(2026, 9, 2), 6.0, None, "yes", "yes"],
            ],
            merged=((1, 3, 1, 4), (1, 5, 1, 6)),
        ),
    ),
    "below each other": (
        Page(
            [
                ["Patient", "Date", "NRS before", "NRS after"],
                ["P-1", D(2026, 9, 1), 7.0, 5.0],
                ["Total", None, 7.0, 5.0],
                [],
                ["Date", "Patient", "NRS before"],
                [D(2026, 9, 2), "P-2", 6.0],
            ]
        ),
    ),
    "side by side": (
        Page(
            [
                ["Patient", "Date", "Before", "After", None, "Patient", "Date", "Before"],
                ["P-1", D(2026, 9, 1), 7.0, 5.0, None, "P-2", D(2026, 9, 2), 6.0],
            ]
        ),
    ),
    "a sheet a patient": (
        Page([["Date", "Pain before", "Pain after"], [D(2026, 9, 1), 7.0, 5.0]], "P-1"),
        Page([["Date", "Pain before", "Pain after"], [D(2026, 9, 2), 6.0, None]], "P-2"),
    ),
    "patient above": (
        Page(
            [
                ["Patient: P-1"],
                [],
                ["Date", "NRS before", "NRS after"],
                [D(2026, 9, 1), 7.0, 5.0],
            ]
        ),
    ),
    "weeks with a start date": (
        Page(
            [
                ["Patient", "Start date", "Week", "NRS before"],
                ["P-1", D(2026, 9, 1), 0.0, 7.0],
                ["P-1", D(2026, 9, 1), 2.0, 5.0],
            ]
        ),
    ),
    "wide by week": (
        Page(
            [
                ["Patient", "Start date", "Baseline", "Wk 1", "Wk 2", "Condition"],
                ["P-1", D(2026, 9, 1), 7.0, 6.0, None, "neck pain"],
                ["P-2", D(2026, 9, 2), 6.0, "6-7", 3.0, None],
                ["Average", None, 6.5, 6.0, 3.0, None],
            ]
        ),
    ),
    "wide by week, no start date": (Page([["Patient", "Baseline", "Wk 1"], ["P-1", 7.0, 6.0]]),),
    "wide by date": (
        Page(
            [
                ["Patient ID", D(2026, 9, 1), D(2026, 9, 3)],
                ["P-1", 7.0, 5.0],
                ["P-2", None, 6.0],
            ]
        ),
    ),
    "wide by visit": (
        Page(
            [
                ["Patient", "Visit 1", None, None, "Visit 2", None, None],
                [None, "Date", "Before", "After", "Date", "Before", "After"],
                ["P-1", D(2026, 9, 1), 7.0, 5.0, D(2026, 9, 3), 6.0, 4.0],
                ["P-2", D(2026, 9, 2), 6.0, None, None, None, None],
            ],
            merged=((1, 2, 1, 4), (1, 5, 1, 7)),
        ),
    ),
    "wide with suffixes": (
        Page(
            [
                [
                    "Patient",
                    "Start date",
                    "Pain before week 0",
                    "Pain after week 0",
                    "Pain before week 1",
                ],
                ["P-1", D(2026, 9, 1), 7.0, 5.0, 4.0],
            ]
        ),
    ),
}


def layout(name: str) -> list[Sheet]:
    """The sheets of a layout as the reader gives them."""
    return [page.sheet() for page in LAYOUTS[name]]


def layout_book(name: str) -> Spreadsheet:
    """The same as a book."""
    return book_of(*layout(name))


# ------------------------------------------------------------------------------- files


def xlsx(*pages: Page) -> bytes:
    """A workbook as a person would leave it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for row in page.rows:
            sheet.append(list(row))
        for top, left, bottom, right in page.merged:
            sheet.merge_cells(None, top, left, bottom, right)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A text file."""
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def _xls(rows: Rows) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sessions")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, D):
                sheet.write(at, column, value, day)
            elif value is not None:
                sheet.write(at, column, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _ods(rows: Rows) -> bytes:
    def cell(value: Any) -> str:
        if value is None:
            return ods_cell("")
        if isinstance(value, D):
            return ods_cell(typed("date", "date-value", value.isoformat()), value.isoformat())
        if isinstance(value, str):
            return ods_cell('office:value-type="string"', value)
        return ods_cell(typed("float", "value", str(value)), str(value))

    return ods("".join(ods_row(*map(cell, row)) for row in rows))


def _xlsb(rows: Rows) -> bytes:
    parts = b""
    for at, row in enumerate(rows):
        parts += xlsb_row(at)
        for column, value in enumerate(row):
            if isinstance(value, str):
                parts += xlsb_cell(6, column, wide(value))
            elif value is not None:
                parts += xlsb_cell(5, column, struct.pack("<d", float(value)))
    return xlsb(parts)


def _encrypted(content: bytes, password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()


def _one(*pages: Page, **more: Any) -> Kind:
    return Kind({"log.xlsx": xlsx(*pages)}, **more)


# ------------------------------------------------------------------------------- odd months

HEAD = ["Patient ID", "Date", "NRS before"]
KIND = [*HEAD, "Visit type"]
LONG = "P-" + "1234567890" * 20
ODD = ["P/1", "=1+1", "Zoë Ø", "'P", 'P"1"', "a<b>&c", "../P", "P\u00a05", "*?~", "CON", "ﷺ"]
DAY = D(2026, 9, 1)


def on(day: int) -> D:
    """A day of September 2026 and on, from 0."""
    return DAY + dt.timedelta(day)


def course(patient: str, *scores: float | None, step: int = 2, **more: Any) -> list[list[Any]]:
    """Treatments every other day, with these scores."""
    return [[patient, on(step * at), score, *more.values()] for at, score in enumerate(scores)]


def months(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> Page:
    """A flat log."""
    return Page([list(head), *rows])


THREE_WEEKS = [[p, on(d), 7.0 - d // 7] for p in ("P-1", "P-2") for d in (0, 2, 4, 7, 9, 11, 14)]
ALL_FIELDS: dict[str, Any] = {
    "Patient ID": "P-1",
    "Date": DAY,
    "Start time": "09:30",
    "Visit type": "treatment",
    "NRS before": 7.0,
    "NRS after": 5.0,
    "Minutes": 12.0,
    "Clinic": "North",
    "Course": "A",
    "Condition": "chronic low back pain",
    "Years of pain": 3.0,
    "Wavelength (nm)": 850.0,
    "Irradiance (mW/cm²)": 34.7,
    "Fluence (J/cm²)": 25.0,
    "Eye protection": "yes",
    "Safe distance": "yes",
    "Skin clean": "no",
    "Contraindications": "pregnancy",
    "Clearance": "Dr Example",
    "Adverse event": "redness",
    "Medication": "10 mg",
    "Mobility (cm)": 11.0,
    "Therapist": "AB",
    "Waiver": "=cmd",
    "Notes": "none",
}
FULL = [
    list({**ALL_FIELDS, "Date": on(day), "NRS before": score, "Patient ID": who}.values())
    for who in ("P-1", "P-2")
    for day, score in ((0, 7.0), (2, 5.0), (30, 3.0))
]
TWO_A_DAY = [
    ["P-1", on(day), time, score]
    for day in (0, 2, 4)
    for time, score in (("09:00", 7.0), ("15:00", 5.0))
]
SEVERAL = [
    [who, on(2 * at), score, site, therapist]
    for who, site, therapist in (
        ("P-1", "North", "AB"),
        ("P-1", "South", "CD"),
        ("P-2", None, None),
    )
    for at, score in enumerate((8.0, 6.0, 3.0))
]
REGISTER = Page(
    [
        ["Patient ID", "Name", "Condition", "Discharged", "Contraindications"],
        ["P-1", "Anna Example", "neck pain", on(40), "pregnancy"],
        ["P-9", "Ben Example", "menstrual", None, "none"],
    ],
    "Patients",
)
OTHER_REGISTER = Page(
    [
        ["Patient ID", "Condition", "Discharged"],
        ["P-1", "menstrual", on(30)],
        ["P-2", "x", "soon"],
    ],
    "Patients",
)
FORMATS = [HEAD, *([p, d.isoformat(), s] for p, d, s in THREE_WEEKS)]
NATIVE = [HEAD, *THREE_WEEKS]

ODD_MONTHS: dict[str, Kind] = {
    "headings but no rows": _one(months(), blank=True),
    "nobody evaluable": _one(months(["P-1", on(0), None], ["P-2", on(0), 5.0])),
    "all rows set aside": _one(months(["P-1", "soon", 5.0], [None, on(0), 5.0]), blank=True),
    "one visit": _one(months(["P-1", on(0), 5.0])),
    "one patient": _one(months(*course("P-1", 7.0, 6.0, 4.0, 3.0))),
    "one patient in three weeks": _one(months(*THREE_WEEKS[:7])),
    "only screening": _one(months(["P-1", on(0), 5.0, "screening"], head=KIND)),
    "only follow-up": _one(months(["P-1", on(0), 5.0, "follow-up"], head=KIND)),
    "only not attended": _one(months(["P-1", on(0), None, "not-attended"], head=KIND)),
    "all alike": _one(months(*[row for n in range(12) for row in course(f"P-{n}", 6.0, 4.0)])),
    "zero baselines": _one(months(*course("P-1", 0.0, 0.0), *course("P-2", 0.0, 4.0))),
    "several clinics and therapists": _one(months(*SEVERAL, head=[*HEAD, "Clinic", "Therapist"])),
    "all optional columns": _one(Page([list(ALL_FIELDS), *FULL]), REGISTER),
    "registers that disagree": Kind(
        {
            "a.xlsx": xlsx(months(*THREE_WEEKS), REGISTER),
            "b.xlsx": xlsx(months(*course("P-3", 5.0, 5.0)), OTHER_REGISTER),
        }
    ),
    "waivers": _one(
        months(
            *course("P-1", 7.0, 6.0, 3.0, minutes=45.0, waiver="machine in repair", who="AB"),
            head=[*HEAD, "Minutes", "Waiver", "Therapist"],
        )
    ),
    "two sessions a day": _one(
        months(*([p, d, s, t] for p, d, t, s in TWO_A_DAY), head=[*HEAD, "Start time"])
    ),
    "future rows": _one(months(["P-1", D(2027, 5, 1), 5.0], *THREE_WEEKS)),
    "only future rows": _one(months(["P-1", D(2027, 5, 1), 5.0]), blank=True),
    "long ids": _one(months(*course(LONG, 7.0, 4.0), *course(f"{LONG}1", 7.0, 4.0))),
    "odd ids": _one(months(*[row for name in ODD for row in course(name, 7.0, 4.0)])),
    "long pause": _one(months(["P-1", on(0), 7.0], ["P-1", on(20), 5.0], ["P-1", on(90), 3.0])),
    "three months": _one(
        months(*[[f"P-{n}", on(15 * n + 3 * d), 8.0 - d] for n in range(6) for d in range(5)])
    ),
    "follow-up a year later": _one(
        months(
            *([*row, "treatment"] for row in course("P-1", 8.0, 3.0)),
            ["P-1", D(2026, 10, 20), 3.0, "follow-up"],
            ["P-1", D(2026, 11, 20), 7.0, "follow-up"],
            head=KIND,
        )
    ),
    "weeks for eight weeks": _one(
        Page(
            [
                ["Patient", "Start date", "Baseline", *(f"Wk {week}" for week in range(1, 9))],
                ["P-1", D(2026, 7, 1), 7.0, 6.0, 6.0, 5.0, 5.0, 4.0, 4.0, 3.0, None],
                ["P-2", D(2026, 7, 2), None, 6.0, 6.0, 5.0, 5.0, 4.0, 4.0, 3.0, 3.0],
                ["P-3", D(2026, 7, 2), *[None] * 9],
            ]
        )
    ),
    "weeks that are none": _one(
        Page(
            [
                ["Patient", "Start date", "Week", "NRS before"],
                *(
                    ["P-1", D(2026, 7, 1), week, 5.0]
                    for week in (0.0, "abc", None, 1e11, -9e6, 1.5, 3.0)
                ),
            ]
        )
    ),
    "weeks and days": Kind(
        {
            "days.xlsx": xlsx(months(*course("P-1", 7.0, 4.0))),
            "weeks.xlsx": xlsx(*LAYOUTS["weeks with a start date"]),
        }
    ),
    "numbered weeks, start date in clinic.toml": _one(
        Page([["id", "Week", "pain"], [1.0, 0.0, 7.0], [1.0, 4.0, 3.0]]),
        settings="start_date = 2026-03-02\n",
    ),
    "wide, start date in clinic.toml": _one(
        Page([["Patient", "Baseline", "Wk 4"], ["1", 7.0, 3.0], ["2", None, 3.0]]),
        settings="start_date = 2026-03-02\n",
    ),
    "no table": _one(Page([["Shopping"], ["Milk", 2.0]]), unread=True),
    "no score column": _one(Page([["Patient", "Date"], ["P-1", DAY]]), unread=True),
    "damaged": Kind({"log.xlsx": b"PK\x03\x04 damaged"}, unread=True),
}

FILES: dict[str, Kind] = {
    "csv": Kind({"log.csv": text(FORMATS)}),
    "csv with semicolons": Kind({"log.csv": text(FORMATS, ";", "utf-16")}),
    "tsv": Kind({"log.tsv": text(FORMATS, "\t")}),
    "xls": Kind({"log.xls": _xls(NATIVE)}),
    "ods": Kind({"log.ods": _ods(NATIVE)}),
    "xlsb": Kind({"log.xlsb": _xlsb(FORMATS)}),
    "encrypted": Kind(
        {"log.xlsx": _encrypted(xlsx(Page(NATIVE)), "Schlüssel 1")}, password="Schlüssel 1"
    ),
    "encrypted without its password": Kind(
        {"log.xlsx": _encrypted(xlsx(Page(NATIVE)), "Schlüssel 1")}, unread=True
    ),
}

KINDS: dict[str, Kind] = {
    **{
        f"layout: {name}": _one(*pages, unread=name == "wide by week, no start date")
        for name, pages in LAYOUTS.items()
    },
    **ODD_MONTHS,
    **{f"file: {name}": kind for name, kind in FILES.items()},
}
