"""A clock that was wrong for a run mends itself: what was left out as future is looked at again."""

import pytest
from clinic_folders import drop, facts, log, make_folder, rows, run

from clinicreport.folder import examine

pytestmark = pytest.mark.usefixtures("fast")

BOTH = log("2026-10") + b"".join(log("2026-11").splitlines(keepends=True)[1:])


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "clinic")


def counted(folder):
    """Visits in force, by file and month."""
    found = rows(folder, "SELECT name, months, rows FROM files WHERE state = 'archived'")
    return [(row["name"], row["rows"], row["months"]) for row in found]


def test_a_slow_clock_leaves_out_only_until_it_is_right(folder):
    drop(folder, "both.csv", BOTH)
    run(folder, today="2026-10-20")
    assert counted(folder) == [("both.csv", 6, '{"2026-10": 6}')]
    done = run(folder)
    assert counted(folder) == [("both.csv", 12, '{"2026-10": 6, "2026-11": 6}')]
    assert {one["month"] for one in done.reports} >= {"2026-11"}
    assert not run(folder, today="2026-11-25").anything  # no row is ahead any more


def test_it_comes_to_what_a_right_clock_comes_to(folder, tmp_path):
    drop(folder, "both.csv", BOTH)
    run(folder, today="2026-10-20")
    run(folder)
    other = make_folder(tmp_path / "other")
    drop(other, "both.csv", BOTH)
    run(other)
    assert counted(folder) == counted(other)
    for place in (folder, other):
        report = place.reports / "2026-11" / "clinic-report-2026-11.xlsx"
        assert '"patient": ["P-1", "P-2"]' in facts(report)["courses"]


def test_a_clock_of_2001_rejects_until_it_is_right(folder):
    drop(folder, "october.csv", log("2026-10"))
    (one,) = run(folder, today="2001-01-01").rejected
    assert "clock right?" in one["reason"]
    assert not run(folder, today="2001-01-02").anything  # it is not rejected every day anew
    assert [done["file"] for done in run(folder).archived] == ["october.csv"]
    assert not (folder.rejected / "october.csv.reason.txt").exists()


def test_files_without_such_rows_are_not_read_again(folder, monkeypatch):
    drop(folder, "october.csv", log("2026-10"))
    run(folder)
    asked = []
    check = examine.check_logs
    monkeypatch.setattr(
        examine, "check_logs", lambda paths, given: asked.extend(paths) or check(paths, given)
    )
    run(folder, today="2026-11-25")
    assert asked == []


def with_a_mistyped_year():
    """The log of October and a visit of March 2049."""
    last = log("2049-03", patients=("P-1",), scores=(2,)).splitlines(keepends=True)[1]
    return log("2026-10") + last


def test_a_clock_of_2050_counts_nothing_for_long(folder, tmp_path):
    drop(folder, "october.csv", with_a_mistyped_year())
    run(folder, today="2050-01-01")
    assert counted(folder) == [("october.csv", 7, '{"2026-10": 6, "2049-03": 1}')]
    done = run(folder)
    assert counted(folder) == [("october.csv", 6, '{"2026-10": 6}')]
    (said,) = done.problems
    assert "the report of 2049-03 was made while the clock was ahead" in said
    assert not run(folder).anything
    other = make_folder(tmp_path / "other")
    drop(other, "october.csv", with_a_mistyped_year())
    run(other)
    assert counted(folder) == counted(other)
    (now, then) = (
        facts(place.reports / "2026-10" / "clinic-report-2026-10.xlsx") for place in (folder, other)
    )
    assert (now["courses"], now["run_day"]) == (then["courses"], then["run_day"])


def test_a_log_that_lies_in_the_future_as_a_whole_counts_again_in_its_time(folder):
    drop(folder, "later.csv", log("2049-03"))
    run(folder, today="2050-01-01")
    drop(folder, "october.csv", log("2026-10"))
    run(folder)
    assert counted(folder) == [("later.csv", 0, "{}"), ("october.csv", 6, '{"2026-10": 6}')]
    run(folder, today="2049-04-01")
    assert counted(folder)[0] == ("later.csv", 6, '{"2049-03": 6}')
