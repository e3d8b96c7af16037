"""The hand-built floor: what the bare script does, with as little as it takes. No library but the
parser, every sheet a string.

    python benchmarks/by_hand.py OUTPUT LOG...

It trusts its input: headings as they are generated, a date in every row, nothing that a clinic
would write otherwise.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from pathlib import Path
from statistics import fmean
from typing import Any

import python_calamine

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.plain_book import HEAD, MAIN, parts

Row = Sequence[Any]
EPOCH = date(1899, 12, 30).toordinal()
PRECAUTIONS = ("Eye protection", "Safe distance", "Skin clean")


def read(paths: list[str]) -> tuple[Row, list[Row]]:
    """The heading and the visits of all logs."""
    heading: Row = ()
    visits: list[Row] = []
    for path in paths:
        data = io.BytesIO(Path(path).read_bytes())
        heading, *rows = python_calamine.load_workbook(data).get_sheet_by_index(0).to_python()
        visits += rows
    return heading, visits


def findings(heading: Row, visits: list[Row]) -> Iterator[Row]:
    """Row, rule, patient."""
    at = {str(name): number for number, name in enumerate(heading)}
    who, when, before = at["Patient ID"], at["Date"], at["Pain before"]
    minutes, event = at["Duration (min)"], at["Adverse event"]
    irradiance, fluence = at["Irradiance (mW/cm²)"], at["Fluence (J/cm²)"]
    taken = [at[name] for name in PRECAUTIONS]
    for number, row in enumerate(visits, 2):
        dose = row[irradiance] * row[minutes] * 60 / 1000
        answers = [row[column] for column in taken]
        wrong = {
            "patient missing": row[who] == "",
            "date missing": row[when] == "",
            "score missing or no number": not isinstance(row[before], float),
            "score out of range": isinstance(row[before], float) and not 0 <= row[before] <= 10,
            "session too short": row[minutes] < 10,
            "session too long": row[minutes] > 20,
            "precaution not documented": "" in answers,
            "precaution not taken": "No" in answers,
            "adverse event not documented": row[event] == "",
            "adverse event": row[event] not in ("", "none"),
            "dose does not match": abs(row[fluence] - dose) > 0.05 * dose,
        }
        yield from ((number, rule, row[who]) for rule, so in wrong.items() if so)


def outcomes(heading: Row, visits: list[Row]) -> list[Row]:
    """Patient, visits, first and last score, reduction in percent, whether 30 and 50."""
    who, when = heading.index("Patient ID"), heading.index("Date")
    before = heading.index("Pain before")
    series: dict[Any, list[Row]] = defaultdict(list)
    for row in visits:
        if isinstance(row[before], float):
            series[row[who]].append((row[when], row[before]))
    found = []
    for patient, pairs in sorted(series.items()):
        pairs.sort()
        first, last = pairs[0][1], pairs[-1][1]
        percent = 100 * (first - last) / first if first else 0.0
        found.append((patient, len(pairs), first, last, percent, percent >= 30, percent >= 50))
    return found


def cell(value: Any) -> str:
    """One cell."""
    if value == "":
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value, quote=False)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, date):
        return f'<c s="1"><v>{value.toordinal() - EPOCH}</v></c>'
    return f"<c><v>{value:.16g}</v></c>"


def sheet(rows: Iterable[Row]) -> str:
    """One sheet."""
    data = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'


def write(output: str, sheets: dict[str, Iterable[Row]]) -> None:
    """The workbook."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts(sheets, shared_strings=False).items():
            book.writestr(name, content)
        for number, rows in enumerate(sheets.values(), 1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", sheet(rows))


def main() -> None:
    """Read, check, count, write."""
    output, *paths = sys.argv[1:]
    heading, visits = read(paths)
    patients = outcomes(heading, visits)
    means = [fmean(float(row[column]) for row in patients) for column in (4, 5, 6)]
    names = ("mean percent", "mean 30% less", "mean 50% less")
    write(
        output,
        {
            "Summary": zip(names, means, strict=True),
            "Patients": patients,
            "Findings": findings(heading, visits),
            "Sessions": [heading, *visits],
        },
    )


if __name__ == "__main__":
    main()
