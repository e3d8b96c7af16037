"""Stopped at any moment, the next run comes to the end that an undisturbed one comes to."""

import random
from collections import Counter

import pytest
from clinic_folders import (
    contents,
    copied,
    drop,
    end_state,
    facts,
    faulty,
    log,
    make_fast,
    make_folder,
    rows,
    run,
    run_undisturbed,
    sha,
)
from killed import killed_after, killed_at, needs_a_server

pytestmark = [pytest.mark.once, needs_a_server, pytest.mark.usefixtures("fast")]
BROKEN = b"PK\x03\x04 not a workbook"
DROPPED = {
    "october.csv": log("2026-10", scores=(7, 6, 3)),  # replaces the one that is there
    "twin.csv": log("2026-11", patients=("P-9",)),
    "september.csv": faulty("2026-09"),
    "twin again.csv": log("2026-11", patients=("P-9",)),
    "broken.xlsx": BROKEN,
}


@pytest.fixture(scope="module")
def before(ground):
    """A folder with a month behind it and a full inbox."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = make_folder(ground / "before" / "clinic")
        drop(folder, "october.csv", log("2026-10"))
        run(folder)
        for name, content in DROPPED.items():
            drop(folder, name, content)
    return folder


@pytest.fixture(scope="module")
def undisturbed(before, ground):
    """The end of a run that nothing stopped, and every point it went through."""
    return run_undisturbed(before, ground)


def nothing_lost(folder):
    """Every original is in the inbox, the archive or rejected/; every report there is whole."""
    everything = {sha(content) for content in DROPPED.values()} | {sha(log("2026-10"))}
    assert everything <= contents(folder)
    for path in folder.reports.glob("*/clinic-report-*.xlsx"):
        assert facts(path)


def test_the_undisturbed_end_is_the_right_one(undisturbed):
    end, passed = undisturbed
    states = Counter((row["name"], row["state"]) for row in end["files"])
    assert states == {
        ("october.csv", "archived"): 2,
        ("twin again.csv", "archived"): 1,
        ("september.csv", "archived"): 1,
        ("broken.xlsx", "rejected"): 1,
    }
    assert [(row["month"], row["version"]) for row in end["reports"]] == [
        ("2026-09", 1),
        ("2026-10", 1),
        ("2026-10", 2),
        ("2026-11", 1),
    ]
    assert Counter(row["state"] for row in end["messages"]) == {
        "held": 1,
        "drafted": 2,
        "replaced": 1,
    }
    assert end["due"] == []
    assert not [name for name in end["tree"] if name.startswith("inbox/")]
    assert len(set(passed)) >= 25


def test_killed_at_every_point(before, undisturbed, ground):
    end, passed = undisturbed
    points = [(name, 1) for name in dict.fromkeys(passed)]
    counts = Counter(passed)
    again = ("archive: ", "report: ", "clear: ", "file: ")  # for a later file, a later month
    points += [(name, 2) for name in counts if name.startswith(again) and counts[name] > 1]
    for number, (name, nth) in enumerate(points):
        folder = copied(before, ground / f"at {number}")
        assert killed_at(folder, name, nth), name
        nothing_lost(folder)
        run(folder)
        assert end_state(folder) == end, (name, nth)


def test_killed_at_random_times(before, undisturbed, ground):
    chance = random.Random(6)  # the moments differ all the same, with the speed of the machine
    end, _ = undisturbed
    latest, kills = 0.6, 0
    for number in range(8):
        folder = copied(before, ground / f"random {number}")
        for _ in range(4):
            if not killed_after(folder, chance.uniform(0.01, latest)):
                latest *= 0.7  # it was through already: a quick machine
                break
            kills += 1
            nothing_lost(folder)
        run(folder)
        assert end_state(folder) == end
    assert kills >= 6


def test_another_day_does_not_take_a_stopped_run_for_a_change_by_hand(before, ground):
    """The report says the day of the run, so its bytes are different the day after."""
    folder = copied(before, ground / "another day")
    assert killed_at(folder, "report: renamed", 2)
    run(folder, today="2026-11-25")
    assert not list(folder.reports.rglob("*changed-by-hand*"))
    assert len(list((folder.reports / "2026-10").glob("clinic-report-*.xlsx"))) == 2


def test_the_points_can_fail(before, ground):
    """A run that is not repeated does not come to that end: the comparison can fail."""
    folder = copied(before, ground / "once")
    assert killed_at(folder, "archive: moved")
    assert rows(folder, "SELECT * FROM files WHERE state = 'received'")
