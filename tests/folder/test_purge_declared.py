"""Purging a patient from a log whose rows rest on one another, as the clinic declares."""

from pathlib import Path

import pytest

from clinicreport.folder.patients_rows import without_patient
from clinicreport.ground.errors import OutputError
from clinicreport.settings.request import make_request


def purged(tmp_path: Path, log: str, settings: str, patient: str) -> str | None:
    (tmp_path / "log.csv").write_text(log, "utf-8")
    (tmp_path / "own.toml").write_text(f"[reading]\n{settings}\n", "utf-8")
    request = make_request(config_file=tmp_path / "own.toml", today="2026-11-24")
    made = without_patient(tmp_path / "log.csv", patient, request)
    return None if made is None else made.decode("utf-8")


def test_both_rows_of_a_visit_and_names_in_two_columns_go(tmp_path: Path) -> None:
    log = (
        "First name,Last name,Date,Pain\nBerta,Muster,2026-10-05,8\nBerta,Muster,2026-10-05,6\n"
        "Karl,Beispiel,2026-10-05,7\nBerta,Muster,soon,5\n"
    )
    settings = 'rows = "before-and-after"\npatient_from = ["First name", "Last name"]'
    made = purged(tmp_path, log, settings, "Berta Muster")
    assert made is not None
    assert "Berta" not in made
    assert "Karl,Beispiel,2026-10-05,7" in made


def test_a_row_that_holds_the_day_of_others_is_not_emptied(tmp_path: Path) -> None:
    log = "Patient,Date,Pain\nP-1,2026-10-05,8\nP-2,,7\nP-1,2026-10-07,6\n"
    with pytest.raises(OutputError, match="row 2 holds what stands blank in row 3"):
        purged(tmp_path, log, 'fill_down = ["date"]', "P-1")
    made = purged(tmp_path, log, 'fill_down = ["date"]', "P-2")
    assert made is not None
    assert "P-2" not in made
