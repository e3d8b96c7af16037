"""One small workbook of every kind that the program writes, made once for the tests that look at all."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import report_data as data
from click.testing import CliRunner
from conftest import ReadHere

from clinicreport.commands.cli import main
from clinicreport.reading import isolation

FAULTS = Path(__file__).parents[1] / "samples" / "faults.xlsx"
TODAY = ("--today", "2026-11-02", "-q")
KINDS = ("report", "share", "network", "patient", "every patient", "template", "protocol", "marked")
FIELDS = ("clinic", "patient_id", "date", "visit_type", "nrs_before", "nrs_after", "condition")
FEW = 24  # patients


@cache
def written() -> Mapping[str, bytes]:
    """Kind -> the workbook's bytes; of every patient's pages the last one."""
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(isolation, "Child", ReadHere)
        folder = Path(place)
        log = _log(folder / "clinics.csv")
        run("report", log, "-o", folder / "report.xlsx", *TODAY)
        run("report", log, "--share", "-o", folder / "share.xlsx", *TODAY)
        run("network", log, "--no-clinic-reports", "-o", folder / "network.xlsx", *TODAY)
        run("patient", "P-001", log, "-o", folder / "patient.xlsx", *TODAY)
        run("patient", log, "--all", folder / "every patient", *TODAY)
        run("template", "-o", folder / "template.xlsx", "-q")
        run("protocol", "-o", folder / "protocol.xlsx", "-q")
        run("check", FAULTS, "--marked-copy", folder / "marked", *TODAY)
        found = {kind: folder / f"{kind}.xlsx" for kind in KINDS}
        found["every patient"] = max((folder / "every patient").iterdir())
        (found["marked"],) = (folder / "marked").iterdir()
        return {kind: path.read_bytes() for kind, path in found.items()}


def run(*words: object) -> None:
    """A command, which may have findings."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code in {0, 1}, result.output


def _log(path: Path) -> Path:
    """Two clinics of some patients each."""
    rows = data.visits(FEW)
    headings = [
        "Clinic",
        "Patient ID",
        "Date",
        "Visit type",
        "Pain before",
        "Pain after",
        "Condition",
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for row in rows:
            first = int(row["patient_id"][2:]) <= FEW // 2
            own = row | {"clinic": "Harbour" if first else "Hill", "visit_type": "treatment"}
            writer.writerow([own.get(name) for name in FIELDS])
    return path
