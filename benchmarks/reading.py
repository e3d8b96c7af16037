"""How long reading takes, as a ratio to what the parser alone needs for the same file.

    python benchmarks/reading.py [rows]

Writes a log of 100,000 visits and 15 columns (seeded, the same each time) into a temporary
folder, then reads it in turns: the parser's ``to_python()`` alone, ``read_books`` with its child
process from a cold start, and a child that is already running. Prints the median of each as a
ratio to the first.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

from clinicreport.reading.files import read_books
from clinicreport.reading.isolation import Child

RUNS = 7
HEADINGS = (
    "Patient ID",
    "Date",
    "Pain before",
    "Pain after",
    "Duration (min)",
    "Visit type",
    "Condition",
    "Irradiance",
    "Fluence",
    "Eye protection",
    "Safe distance",
    "Skin clean",
    "Adverse event",
    "Therapist",
    "Notes",
)
CONDITIONS = ("chronic low back pain", "menstrual", "postoperative")


def write_log(path: Path, rows: int) -> None:
    """A log of so many visits below its headings."""
    chance = random.Random(1)
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Sessions")
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS)
        for row in range(1, rows + 1):
            day = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(900))
            note = f"note {chance.randrange(100_000)}" if chance.random() < 0.3 else ""
            sheet.write_string(row, 0, f"P-{chance.randrange(5000):05}")
            sheet.write_datetime(row, 1, day, date)
            sheet.write_row(
                row,
                2,
                [
                    chance.randrange(11),
                    chance.randrange(11),
                    chance.choice((10, 12, 15, 18, 20)),
                    "treatment",
                    chance.choice(CONDITIONS),
                    round(chance.uniform(30, 40), 1),
                    round(chance.uniform(20, 80), 1),
                    "yes",
                    "yes",
                    "yes",
                    "none",
                    chance.choice("ABCD"),
                    note,
                ],
            )


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    """Write the log, read it in turns, print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.xlsx"
        write_log(path, rows)
        data = path.read_bytes()
        child = Child()
        ways: dict[str, Callable[[], object]] = {
            "to_python() of the parser": lambda: (
                python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
            ),
            "read_books, cold": lambda: list(read_books([path])),
            "a running child": lambda: child.read(data, None),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(RUNS):
            for name, way in ways.items():
                taken[name].append(seconds(way))
        child.close()
    base = statistics.median(taken["to_python() of the parser"])
    print(f"{rows:,} rows x {len(HEADINGS)} columns, {len(data) / 1e6:.1f} MB")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:28} {median:6.2f} s {median / base:6.2f}")


if __name__ == "__main__":
    main()
