"""Seeded session logs: the same each time, synthetic patients only.

A log has 15 columns, courses of about four weeks, and a few faults in a hundred rows. The
workbook is written as Excel writes one (shared strings, addresses, one style for dates), straight
as XML, because a million visits would keep a workbook library busy for minutes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from benchmarks.plain_book import HEAD, MAIN, parts

HEADINGS = (
    "Patient ID",
    "Date",
    "Pain before",
    "Pain after",
    "Duration (min)",
    "Visit type",
    "Condition",
    "Irradiance (mW/cm²)",
    "Fluence (J/cm²)",
    "Eye protection",
    "Safe distance",
    "Skin clean",
    "Adverse event",
    "Therapist",
    "Notes",
)
CONDITIONS = ("Chronic low back pain", "Neck pain", "Postoperative", "Menstrual pain")
EVENTS = ("Warmth at the site, gone in an hour", "Mild headache", "Slight redness of the skin")
DAY_0 = date(1899, 12, 30)  # of a workbook
FIRST_DAY = 45_536  # 1 September 2024, as a workbook counts days
VISITS = 12.5  # of a patient, on average
PART = 20_000  # rows of XML written at a time

Cell = str | float
Row = tuple[Cell, ...]


def rows(visits: int, seed: int, *, days: int | None = None) -> Iterator[Row]:
    """So many visits, ordered by patient and day. ``days``: over how many the courses begin."""
    chance = Random(seed)
    spread = days if days is not None else max(7, min(700, visits // 40))
    left, number = visits, 0
    while left:
        number += 1
        for row in _course(chance, f"P-{seed % 10_000:04}-{number:06}", chance.randrange(spread)):
            yield row
            left -= 1
            if not left:
                return


def _course(chance: Random, patient: str, start: int) -> Iterator[Row]:
    """One patient's visits: three or four a week, the pain falling a little or not at all."""
    condition = chance.choice(CONDITIONS)
    pain = chance.randrange(3, 10)
    change = chance.choice((-3, -2, -2, -1, -1, 0, 0, 1))
    count = round(chance.gauss(VISITS, 3))
    weekdays = chance.choice(((0, 2, 4), (0, 1, 3, 4)))
    irradiance = chance.choice((24.0, 34.7))
    monday = FIRST_DAY + 1 + 7 * (start // 7)
    for nth in range(max(1, count)):
        week, place = divmod(nth, len(weekdays))
        before = min(10, max(0, round(pain + change * nth / 12 + chance.uniform(-0.9, 0.9))))
        after = max(0, before - chance.choice((0, 1, 1, 2)))
        minutes = chance.choice((10, 12, 15) if nth < 2 else (12, 15, 15, 18, 20))
        yield _faulty(
            chance,
            [
                patient,
                monday + 7 * week + weekdays[place],
                before,
                after,
                minutes,
                "Treatment",
                condition,
                irradiance,
                round(irradiance * minutes * 60 / 1000, 1),
                "Yes",
                "Yes",
                "Yes",
                "none",
                chance.choice(("AK", "BM", "CS", "DW")),
                f"note {chance.randrange(100_000)}" if chance.random() < 0.3 else "",
            ],
        )


def _faulty(chance: Random, row: list[Cell]) -> Row:
    """The row, in about four of a hundred cases with something to find."""
    what = chance.random()
    if what < 0.01:
        row[9 + chance.randrange(3)] = ""
    elif what < 0.02:
        row[4] = 25
    elif what < 0.025:
        row[2] = "6-7"
    elif what < 0.03:
        row[12] = chance.choice(EVENTS)
    elif what < 0.035:
        row[12] = ""
    elif what < 0.04:
        row[3] = ""
    return tuple(row)


def write_log(path: Path, visits: int, seed: int = 1, *, days: int | None = None) -> Path:
    """A workbook of so many visits and 15 columns below its headings."""
    return _write(path, rows(visits, seed, days=days))


def monthly_log(path: Path, first: date, seed: int, visits: int = 100) -> Path:
    """A workbook of at most so many visits, all of the month that begins on the day."""
    begin = (first - DAY_0).days
    end = ((first + timedelta(31)).replace(day=1) - DAY_0).days
    shifted = (
        (row[0], float(row[1]) - FIRST_DAY + begin, *row[2:])
        for row in rows(2 * visits, seed, days=14)
    )
    inside = (row for row in shifted if begin <= float(row[1]) < end)
    return _write(path, islice(inside, visits))


def _write(path: Path, visits: Iterable[Row]) -> Path:
    """A workbook of these rows below the headings."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts(["Sessions"], shared_strings=True).items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>\n'.encode())
            lines = [_line(1, HEADINGS, strings)]
            for number, row in enumerate(visits, 2):
                lines.append(_line(number, row, strings))
                if len(lines) == PART:
                    part.write("".join(lines).encode())
                    lines.clear()
            part.write(("".join(lines) + "</sheetData></worksheet>").encode())
        texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        archive.writestr(
            "xl/sharedStrings.xml",
            f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(strings)}">{texts}</sst>',
        )
    return path


def _line(number: int, row: Row, strings: dict[str, int]) -> str:
    cells = []
    for letter, value in zip("ABCDEFGHIJKLMNO", row, strict=True):
        if isinstance(value, str):
            if value:
                code = strings.setdefault(value, len(strings))
                cells.append(f'<c r="{letter}{number}" t="s"><v>{code}</v></c>')
        else:
            style = ' s="1"' if letter == "B" else ""
            cells.append(f'<c r="{letter}{number}"{style}><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>\n'


def busy_clinic(folder: Path, files: int = 12, visits: int = 5_000) -> Path:
    """A year of a busy clinic: one log a month."""
    folder.mkdir(parents=True, exist_ok=True)
    for month in range(files):
        write_log(folder / f"month-{month + 1:02}.xlsx", visits, 100 + month, days=28)
    return folder


def network(folder: Path, files: int, visits: int = 1_000, *, in_folders: bool = False) -> Path:
    """One log a clinic; ``in_folders``: each in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        name = f"clinic-{number + 1:04}"
        place = folder / name if in_folders else folder
        place.mkdir(exist_ok=True)
        write_log(place / f"{name}.xlsx", visits, 1_000 + number, days=120)
    return folder
