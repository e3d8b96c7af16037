"""The usual script: what many people would write for this task, and a yardstick for it.

    python benchmarks/usual.py OUTPUT LOG...

pandas and openpyxl for reading and writing, one row loop a rule, ``groupby.apply`` for the
patients, ``to_excel``, then a loop over the cells for the look, and a chart. It has no other
headings, no dates in other orders, no guard, no formulas and a third of the rules: it does less
than the program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

DATE, ID, BEFORE, AFTER = "Date", "Patient ID", "Pain before", "Pain after"
MINUTES, EVENT = "Duration (min)", "Adverse event"
PRECAUTIONS = ("Eye protection", "Safe distance", "Skin clean")
Row = Any


def read(paths: list[str]) -> pd.DataFrame:
    """All logs, one below the other."""
    parts = []
    for path in paths:
        part = pd.read_excel(path, engine="openpyxl")
        part["File"] = path
        part["Row"] = range(2, len(part) + 2)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def score(value: Any) -> float | None:
    """A number, or none."""
    number = pd.to_numeric(value, errors="coerce")
    return None if pd.isna(number) else float(number)


def wrong_dose(row: Row) -> bool:
    """Whether the dose differs from irradiance times minutes."""
    dose = row["Irradiance (mW/cm²)"] * row[MINUTES] * 60 / 1000
    return bool(abs(row["Fluence (J/cm²)"] - dose) > 0.05 * dose)


RULES: dict[str, Callable[[Row], bool]] = {
    "patient missing": lambda row: pd.isna(row[ID]),
    "date missing": lambda row: pd.isna(row[DATE]),
    "score missing or no number": lambda row: score(row[BEFORE]) is None,
    "score out of range": lambda row: not 0 <= (score(row[BEFORE]) or 0) <= 10,
    "session too short": lambda row: row[MINUTES] < 10,
    "session too long": lambda row: row[MINUTES] > 20,
    "precaution not documented": lambda row: any(pd.isna(row[name]) for name in PRECAUTIONS),
    "precaution not taken": lambda row: any(row[name] == "No" for name in PRECAUTIONS),
    "adverse event not documented": lambda row: pd.isna(row[EVENT]),
    "adverse event": lambda row: not pd.isna(row[EVENT]) and row[EVENT] != "none",
    "dose does not match": wrong_dose,
}


def check(visits: pd.DataFrame) -> pd.DataFrame:
    """The findings: rule by rule, row by row."""
    found = []
    for name, hit in RULES.items():
        for _, row in visits.iterrows():
            if hit(row):
                found.append((row["File"], row["Row"], row[ID], name))
    for (patient, week), days in visits.assign(
        Week=pd.to_datetime(visits[DATE]).dt.isocalendar().week
    ).groupby([ID, "Week"]):
        if len(days) not in (3, 4, 5):
            found.append((days["File"].iloc[0], 0, patient, f"week {week}: {len(days)} sessions"))
    return pd.DataFrame(found, columns=["File", "Row", "Patient", "Finding"])


def outcome(visits: pd.DataFrame) -> pd.Series[Any]:
    """One patient's outcome."""
    visits = visits.sort_values(DATE)
    scores = pd.to_numeric(visits[BEFORE], errors="coerce").dropna()
    first = scores.iloc[0] if len(scores) else None
    last = scores.iloc[-1] if len(scores) > 1 else None
    share = 100 * (first - last) / first if first and last is not None else None
    weeks = (pd.to_datetime(visits[DATE]) - pd.to_datetime(visits[DATE]).min()).dt.days // 7
    return pd.Series(
        {
            "Sessions": len(visits),
            "Baseline": first,
            "Latest": last,
            "Percent": share,
            "30% less": share is not None and share >= 30,
            "50% less": share is not None and share >= 50,
            "Weeks in band": sum(3 <= count <= 5 for count in weeks.value_counts()),
        }
    )


def dress(sheet: Any) -> None:
    """Headings, borders, widths: cell by cell."""
    side = Side(style="thin", color="D3DAE3")
    for row in sheet.iter_rows():
        for cell in row:
            cell.border = Border(bottom=side)
            cell.alignment = Alignment(vertical="center")
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="17506E")
    for number, column in enumerate(sheet.columns, 1):
        width = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(width + 2, 60)
    sheet.freeze_panes = "A2"


def main() -> None:
    """Read, check, count, write."""
    output, *paths = sys.argv[1:]
    visits = read(paths)
    findings = check(visits)
    patients = visits.groupby(ID).apply(outcome).reset_index()
    known = patients[patients["Percent"].notna()]
    summary = pd.DataFrame(
        [
            ("Patients", len(patients)),
            ("Evaluable", len(known)),
            ("Mean reduction", (known["Baseline"] - known["Latest"]).mean()),
            ("30% less", known["30% less"].mean()),
            ("50% less", known["50% less"].mean()),
        ],
        columns=["Figure", "Value"],
    )
    frames = {"Summary": summary, "Patients": patients, "Findings": findings, "Sessions": visits}
    with pd.ExcelWriter(output, engine="openpyxl") as writer:
        for name, frame in frames.items():
            frame.to_excel(writer, sheet_name=name, index=False)
            dress(writer.sheets[name])
        chart, sheet = BarChart(), writer.sheets["Summary"]
        chart.add_data(Reference(sheet, min_col=2, min_row=5, max_row=6))
        sheet.add_chart(chart, "D2")


if __name__ == "__main__":
    main()
