"""The usual script: what most people would write for this task, and a yardstick for it.

    python benchmarks/usual.py OUTPUT LOG...

pandas with its default engine for workbooks, row loops, ``groupby.apply``, ``to_excel``. It reads
the logs, checks a dozen rules, works out each patient's baseline, latest score and response, the
clinic's figures, and writes four sheets. It has no courses, no dates in other orders, no aliases
and no guard: it does less than the program.
"""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd

DATE, ID, BEFORE, AFTER = "Date", "Patient ID", "Pain before", "Pain after"
MINUTES, TYPE = "Duration (min)", "Visit type"
PRECAUTIONS = ("Eye protection", "Safe distance", "Skin clean")


def read(paths: list[str]) -> pd.DataFrame:
    """All logs, one below the other."""
    parts = []
    for path in paths:
        part = pd.read_excel(path, engine="openpyxl")
        part["File"] = path
        part["Row"] = range(2, len(part) + 2)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def check(visits: pd.DataFrame) -> pd.DataFrame:  # noqa: C901 (as such scripts are)
    """The findings, row by row."""
    found = []
    for _, row in visits.iterrows():
        where = {"File": row["File"], "Row": row["Row"], "Patient": row[ID]}
        score = pd.to_numeric(row[BEFORE], errors="coerce")
        if pd.isna(score):
            found.append({**where, "Finding": "score missing or not a number"})
        elif not 0 <= score <= 10:
            found.append({**where, "Finding": "score out of range"})
        if pd.notna(row[MINUTES]) and row[MINUTES] < 10:
            found.append({**where, "Finding": "session too short"})
        if pd.notna(row[MINUTES]) and row[MINUTES] > 20:
            found.append({**where, "Finding": "session too long"})
        for name in PRECAUTIONS:
            if pd.isna(row[name]):
                found.append({**where, "Finding": f"{name} not documented"})
            elif str(row[name]).lower() == "no":
                found.append({**where, "Finding": f"{name}: no"})
        event = row["Adverse event"]
        if pd.isna(event):
            found.append({**where, "Finding": "adverse event not documented"})
        elif event != "none":
            found.append({**where, "Finding": f"adverse event: {event}"})
        dose = row["Irradiance (mW/cm²)"] * row[MINUTES] * 60 / 1000
        if abs(row["Fluence (J/cm²)"] - dose) > 0.05 * dose:
            found.append({**where, "Finding": "dose does not match"})
    return pd.DataFrame(found)


def outcome(visits: pd.DataFrame) -> pd.Series[Any]:
    """One patient's outcome."""
    visits = visits.sort_values(DATE)
    scores = pd.to_numeric(visits[BEFORE], errors="coerce").dropna()
    first = scores.iloc[0] if len(scores) else None
    last = scores.iloc[-1] if len(scores) > 1 else None
    share = 100 * (first - last) / first if first and last is not None else None
    weeks = (pd.to_datetime(visits[DATE]) - pd.to_datetime(visits[DATE]).min()).dt.days // 7
    return pd.Series({
        "Sessions": len(visits), "Baseline": first, "Latest": last, "Percent": share,
        "30% less": share is not None and share >= 30,
        "50% less": share is not None and share >= 50,
        "Weeks in band": sum(3 <= count <= 5 for count in weeks.value_counts()),
    })  # fmt: skip


def main() -> None:
    """Read, check, count, write."""
    output, *paths = sys.argv[1:]
    visits = read(paths)
    findings = check(visits)
    patients = visits.groupby(ID).apply(outcome).reset_index()
    known = patients[patients["Percent"].notna()]
    summary = pd.DataFrame([
        ("Patients", len(patients)), ("Evaluable", len(known)),
        ("Mean reduction", (known["Baseline"] - known["Latest"]).mean()),
        ("30% less", known["30% less"].mean()), ("50% less", known["50% less"].mean()),
    ], columns=["Figure", "Value"])  # fmt: skip
    with pd.ExcelWriter(output) as writer:
        summary.to_excel(writer, sheet_name="Summary", index=False)
        patients.to_excel(writer, sheet_name="Patients", index=False)
        findings.to_excel(writer, sheet_name="Findings", index=False)
        visits.to_excel(writer, sheet_name="Sessions", index=False)


if __name__ == "__main__":
    main()
