"""The bare script: the least that anybody would write with pandas and openpyxl, a second yardstick.

    python benchmarks/bare.py OUTPUT LOG...

No loop over rows or cells, no formatting, no chart: whole columns are compared, the patients are
one ``groupby``, and ``to_excel`` writes what comes out. It finds a third of what the program finds.
"""

from __future__ import annotations

import sys

import pandas as pd

ID, DATE, BEFORE, MINUTES, EVENT = (
    "Patient ID",
    "Date",
    "Pain before",
    "Duration (min)",
    "Adverse event",
)
PRECAUTIONS = ["Eye protection", "Safe distance", "Skin clean"]


def check(visits: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """The findings, a comparison of whole columns each."""
    dose = visits["Irradiance (mW/cm²)"] * visits[MINUTES] * 60 / 1000
    rules = {
        "patient missing": visits[ID].isna(),
        "date missing": visits[DATE].isna(),
        "score missing or no number": scores.isna(),
        "score out of range": ~scores.between(0, 10) & scores.notna(),
        "session too short": visits[MINUTES] < 10,
        "session too long": visits[MINUTES] > 20,
        "precaution not documented": visits[PRECAUTIONS].isna().any(axis=1),
        "precaution not taken": (visits[PRECAUTIONS] == "No").any(axis=1),
        "adverse event not documented": visits[EVENT].isna(),
        "adverse event": visits[EVENT].notna() & (visits[EVENT] != "none"),
        "dose does not match": (visits["Fluence (J/cm²)"] - dose).abs() > 0.05 * dose,
    }
    found = [
        pd.DataFrame({"Row": visits.index[hit] + 2, "Rule": rule, ID: visits.loc[hit, ID]})
        for rule, hit in rules.items()
    ]
    return pd.concat(found, ignore_index=True)


def outcomes(visits: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """A row a patient."""
    ordered = visits.assign(score=scores).sort_values([ID, DATE])
    patients = ordered.groupby(ID)["score"].agg(["size", "count", "first", "last"])
    patients["percent"] = 100 * (patients["first"] - patients["last"]) / patients["first"]
    patients["30% less"] = patients["percent"] >= 30
    patients["50% less"] = patients["percent"] >= 50
    return patients.reset_index()


def main() -> None:
    """Read, check, count, write."""
    output, *paths = sys.argv[1:]
    visits = pd.concat([pd.read_excel(path, engine="openpyxl") for path in paths])
    visits = visits.reset_index(drop=True)
    scores = pd.to_numeric(visits[BEFORE], errors="coerce")
    patients = outcomes(visits, scores)
    summary = patients[["percent", "30% less", "50% less"]].mean().rename("mean").reset_index()
    with pd.ExcelWriter(output, engine="openpyxl") as writer:
        summary.to_excel(writer, sheet_name="Summary", index=False)
        patients.to_excel(writer, sheet_name="Patients", index=False)
        check(visits, scores).to_excel(writer, sheet_name="Findings", index=False)
        visits.to_excel(writer, sheet_name="Sessions", index=False)


if __name__ == "__main__":
    main()
