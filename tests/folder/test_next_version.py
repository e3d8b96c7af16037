"""What a next version of a month's report says about the one before, and why."""

import pytest
from clinic_folders import drop, facts, log, make_folder, run

pytestmark = pytest.mark.usefixtures("fast")
LATE_ONLY = log(patients=(), scores=()) + b"P-9,2026-10-28,7,,12,B. Example\r\n"
LATE = b"P-9,2026-10-28,7,,12,B. Example\r\n"  # one visit: started, and not evaluable


def restated(place, *versions):
    """What October's last report says is different, where its log came in these versions."""
    folder = make_folder(place / "clinic")
    for content in versions:
        drop(folder, "october.csv", content)
        run(folder)
    return folder, facts(folder.reports / "2026-10" / "clinic-report-2026-10.xlsx")["restated"]


def test_a_corrected_score_is_named_as_the_cause(tmp_path):
    second = log().replace(b"P-2,2026-10-09,4", b"P-2,2026-10-09,6")
    _, said = restated(tmp_path, log() + LATE, second + LATE)
    assert said == [
        "Restated since the report as of 31 October 2026. Since then: 1 corrected score.",
        "October 2026: 30 % responders 100.0 % → 50.0 % (2 of 2 → 1 of 2); "
        "mean reduction 3.0 → 2.0: 1 corrected score.",
    ]


def test_a_late_row_is_named_as_the_cause(tmp_path):
    _, said = restated(tmp_path, log(), log() + LATE)
    assert said[1] == "October 2026: started 2 → 3: 1 late row."


def test_nobody_is_said_to_have_started_since_where_nobody_is_evaluable(tmp_path):
    _, said = restated(tmp_path, LATE_ONLY, LATE_ONLY.replace(b"B. Example", b"C. Example"))
    assert said == [
        "No month of the report as of 31 October 2026 is different now. "
        "Since then: 1 other corrected value."
    ]


def test_where_a_log_of_the_version_before_is_gone_no_cause_is_told(tmp_path):
    folder, _ = restated(tmp_path, log() + LATE)
    (archived,) = (path for path in folder.archive.rglob("october*.csv"))
    drop(folder, "october.csv", log().replace(b"P-2,2026-10-09,4", b"P-2,2026-10-09,6") + LATE)
    archived.unlink()
    run(folder)
    said = facts(folder.reports / "2026-10" / "clinic-report-2026-10.xlsx")["restated"]
    assert said[1].endswith("mean reduction 3.0 → 2.0: cause not known.")
    assert "started" not in said[1]
