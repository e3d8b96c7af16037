"""Do all rules over 100,000 visits cost less than reading the file does?

Prints the seconds of reading a generated workbook, of every rule, and their ratio; the medians of
interleaved runs. ``python benchmarks/rules.py [VISITS] [RUNS]``.
"""

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

from clinicreport import rules
from clinicreport.log.courses import find_courses
from clinicreport.log.visits import read_sessions
from clinicreport.protocol import in_force
from clinicreport.reading.files import read_books
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request, reading

HEADINGS = (
    "Patient ID",
    "Date",
    "Start time",
    "Visit type",
    "NRS before",
    "NRS after",
    "Duration (min)",
    "Irradiance",
    "Fluence",
    "Eye protection",
    "Safe distance",
    "Skin clean",
    "Contraindications",
    "Adverse event",
    "Therapist",
    "Waiver",
)
A_WEEK = (0, 2, 4)


def write(path: Path, visits: int, odd: float) -> None:
    """A log of twelve visits a patient; about the share ``odd`` of the cells is a deviation."""
    rng = random.Random(visits)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Sessions")
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    for row in range(visits):
        patient, nth = divmod(row, 12)
        day = dt.date(2024, 1, 1) + dt.timedelta(patient % 600 + 7 * (nth // 3) + A_WEEK[nth % 3])
        score = max(0, 8 - nth // 2)
        minutes = 6 if rng.random() < odd else 15
        yes = [rng.choice(("no", "")) if rng.random() < odd else "yes" for _ in range(3)]
        event = rng.choice(("redness", "")) if rng.random() < odd else "none"
        sheet.write(row + 1, 0, f"P{patient:06d}")
        sheet.write_datetime(row + 1, 1, dt.datetime.combine(day, dt.time()), day_format)
        sheet.write_row(
            row + 1,
            2,
            (
                "09:30",
                "treatment",
                score,
                max(0, score - 1),
                minutes,
                34.7,
                round(34.7 * minutes * 0.06, 2),
                *yes,
                "none",
                event,
                rng.choice(("Ada", "Ben")),
                "",
            ),
        )
    book.close()


def measure(path: Path) -> tuple[float, float, int]:
    """Seconds of reading and of the rules, and how many findings there were."""
    start = time.perf_counter()
    books = list(read_books([path]))
    read = time.perf_counter() - start
    request = Request(in_force.load(), Config(), dt.date(2026, 11, 24))
    log = read_sessions(books, reading(request))
    courses = find_courses(log, request.protocol, None)
    start = time.perf_counter()
    found = rules.check(rules.Case(log, courses, request.protocol))
    return read, time.perf_counter() - start, len(found)


def main(visits: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for odd in (0.001, 0.02, 0.2):
            path = Path(folder) / f"log-{odd}.xlsx"
            write(path, visits, odd)
            measured = [measure(path) for _ in range(runs)]
            read = statistics.median(run[0] for run in measured)
            ruled = statistics.median(run[1] for run in measured)
            print(
                f"{visits:,} visits, {measured[0][2]:,} findings: reading {read:.2f} s, "
                f"{len(rules.RULES)} rules {ruled:.2f} s, ratio {ruled / read:.2f}"
            )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [100_000, 3][len(numbers) :]))
