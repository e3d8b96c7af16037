"""A clock that is behind stops the work before anything moves; pauses and old faults stop nothing."""

from datetime import date, datetime

import pytest
from click.testing import CliRunner
from clinic_folders import drop, log, make_folder, request, rows, run, tree

from clinicreport.commands.cli import main
from clinicreport.folder import clock, doctor
from clinicreport.folder.rounds import run_once

pytestmark = pytest.mark.usefixtures("fast")


@pytest.fixture
def at(monkeypatch, tmp_path):
    """A run at a day of the clock; the folder was last worked in on 24 November 2026."""
    folder = make_folder(tmp_path / "clinic")

    def at(day):
        monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(f"{day}T12:00Z"))
        asked = request(folder)._replace(today=date.fromisoformat(day), day_given=False)
        return run_once(folder, asked), asked

    drop(folder, "october.csv", log("2026-10"))
    assert not at("2026-11-24")[0].problems
    return folder, at


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2001-01-01", "most visits of a log that is counted are of 2026-10"),
        ("2026-09-30", "most visits of a log that is counted are of 2026-10"),
        ("2026-11-10", "the last work in this folder was on 2026-11-24"),
    ],
)
def test_a_clock_that_is_behind_moves_nothing(at, day, known):
    folder, run_at = at
    drop(folder, "november.csv", log("2026-11"))
    before = tree(folder), rows(folder, "SELECT * FROM events")
    done, asked = run_at(day)
    (said,) = done.problems
    assert known in said
    assert f"run --today {day}" in said
    assert (tree(folder), rows(folder, "SELECT * FROM events")) == before
    assert known in folder.status_page.read_text(encoding="utf-8")
    assert known in "".join(one.text for one in doctor.look(folder, asked) if not one.well)
    assert [one["file"] for one in run_at("2026-11-25")[0].archived] == ["november.csv"]


def test_neither_a_day_back_nor_a_long_pause_stops_the_work(at):
    folder, run_at = at
    for day, patient in (("2026-11-22", "P-3"), ("2027-09-01", "P-4")):
        drop(folder, f"{day}.csv", log("2026-11", patients=(patient,)))
        done, _ = run_at(day)
        assert (done.problems, len(done.archived)) == ([], 1)


def test_a_clock_that_was_far_ahead_does_not_stop_a_right_one(at):
    folder, run_at = at
    drop(folder, "november.csv", log("2026-11"))
    done, _ = run_at("2050-01-01")
    assert not done.problems
    done, asked = run_at("2026-11-26")
    assert not done.problems
    assert "one of the two was wrong" in "".join(
        one.text for one in doctor.look(folder, asked) if not one.well
    )


def test_the_doctor_asks_about_a_clock_far_ahead(at):
    folder, _ = at
    asked = request(folder)._replace(today=date(2050, 1, 1))
    (said,) = [one.text for one in doctor.look(folder, asked) if not one.well]
    assert said.startswith("The clock says 2050-01-01, long after the last work")


def test_a_day_that_is_named_is_believed(at):
    folder, _ = at
    assert not run(folder, today="2026-11-10").problems


def test_a_purge_waits_for_a_right_clock(at, monkeypatch):
    folder, _ = at
    slow = request(folder)._replace(today=date(2001, 1, 1), day_given=False)
    monkeypatch.setattr("clinicreport.settings.request.make_request", lambda **_: slow)
    asked = ["--patient", "P-1", "--who", "M. Example", "--why", "asked", "--yes"]
    ran = CliRunner().invoke(main, ["purge", str(folder.root), *asked])
    assert ran.exit_code == 5
    assert b"P-1" in next(folder.archive.rglob("october.csv")).read_bytes()
