"""``run --dry-run`` says what a run then does, and leaves everything as it is."""

import hashlib

import pytest
from clinic_folders import drop, faulty, log, make_fast, make_folder, request, run

from clinicreport.folder.foreseen import foreseen

BETTER = log(scores=(7, 5, 4))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    make_fast(monkeypatch)
    made = make_folder(tmp_path / "clinic")
    drop(made, "october.csv", log())
    return made


def lines(folder):
    """What is said; nothing of the folder is different afterwards."""
    before = _contents(folder)
    said = foreseen(folder, request(folder))["lines"]
    assert _contents(folder) == before
    return said


def _contents(folder):
    files = [path for path in folder.root.rglob("*") if path.is_file()]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_before_the_first_run_a_correction_beside_another_file_is_foreseen(folder):
    drop(folder, "october corrected.csv", BETTER)
    drop(folder, "twin.csv", BETTER)
    said = lines(folder)
    assert said == [
        "october corrected.csv: 6 visits, would go under 2026-10",
        "october.csv: would be held: it holds mostly the visits of october corrected.csv and may "
        "be a correction; the mail of 2026-10 and later months would wait",
        "twin.csv: the same content as another file here",
    ]
    assert [one["file"] for one in run(folder).held] == ["october.csv"]


def test_what_replaces_what_is_repeated_or_is_held_beside_logs_in_force(folder):
    run(folder)
    drop(folder, "OCTOBER.csv", BETTER)
    drop(folder, "again.csv", log())
    drop(folder, "other.csv", log(scores=(7, 6, 3)))
    said = dict(line.split(": ", 1) for line in lines(folder))
    assert said["again.csv"] == "the same content as october.csv; already processed"
    assert "6 visits, would go under 2026-10 and replace october.csv of 20" in said["OCTOBER.csv"]
    assert said["other.csv"].startswith("would be held: it holds mostly the visits of OCTOBER.csv")
    done = run(folder)
    assert [one["replaces"] for one in done.archived] == ["october.csv"]
    assert [one["old"] for one in done.held] == ["OCTOBER.csv"]
    drop(folder, "once more.csv", log(scores=(7, 6, 3)))
    (held,) = lines(folder)
    assert held.endswith("the same content as other.csv; held until somebody answers")


def test_both_that_count_are_not_held(folder):
    run(folder)
    text = (folder.root / "clinic.toml").read_text("utf-8")
    both = '[folder]\nboth = [["two.csv", "october.csv"]]'
    (folder.root / "clinic.toml").write_text(text.replace("[folder]", both), encoding="utf-8")
    drop(folder, "two.csv", BETTER)
    assert lines(folder) == ["two.csv: 6 visits, would go under 2026-10"]


def test_error_findings_that_would_hold_the_mail_back(folder):
    drop(folder, "faulty.csv", faulty("2026-09"))
    (said,) = (line for line in lines(folder) if line.startswith("faulty"))
    assert "its mail would be held back for 1 error finding, unless" in said
    assert "held" in {one["state"] for one in run(folder).messages if one["month"] == "2026-09"}


def test_what_was_purged_would_be_rejected(folder, monkeypatch):
    run(folder)
    monkeypatch.setattr("clinicreport.folder.ledger.Ledger.was_purged", lambda *_: True)
    drop(folder, "september.csv", log("2026-09"))
    (said,) = lines(folder)
    assert said.startswith("would reject: september.csv: it was removed on purpose")
