"""A version for sharing that gives few patients away, beside one given before, is held."""

import pytest
from click.testing import CliRunner
from clinic_folders import SETTINGS, drop, log, make_fast, make_folder, rows, run

from clinicreport.commands.cli import main

OUTSIDE = SETTINGS.replace('role = "manager"', 'role = "outside"')
MANY = tuple(f"P-{number}" for number in range(1, 13))


def clinic_log(month="2026-10", patients=MANY, changed=(), score=5):
    """A log in which the patients differ from each other; those changed have another last score."""
    parts = []
    for number, patient in enumerate(patients):
        last = score if patient in changed else number % 4
        parts.append(log(month, patients=(patient,), scores=(8, 6, last)))
    head = parts[0].split(b"\r\n", 1)[0]
    return b"\r\n".join([head, *(part.split(b"\r\n", 1)[1].rstrip() for part in parts), b""])


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    make_fast(monkeypatch)
    monkeypatch.setattr("clinicreport.books.share.shared_workbook.content", lambda _: b"PK shared")


@pytest.fixture
def folder(tmp_path):
    """October's shared version is drafted, and so given."""
    folder = make_folder(tmp_path / "clinic", OUTSIDE)
    drop(folder, "october.csv", clinic_log())
    run(folder)
    assert states(folder) == ["drafted"]
    return folder


def states(folder):
    return [row["state"] for row in rows(folder, "SELECT state FROM messages ORDER BY id")]


def reason(folder):
    return rows(folder, "SELECT reason FROM messages ORDER BY id DESC LIMIT 1")[0]["reason"]


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (clinic_log(patients=(*MANY, "P-13")), "held"),  # one patient more
        (clinic_log(patients=MANY[:-1]), "held"),  # one less
        (clinic_log(changed=MANY[:4], score=9), "held"),
        (clinic_log(changed=MANY[:5], score=9), "drafted"),
        (clinic_log().replace(b"B. Example", b"C. Example"), "drafted"),  # nobody's figures
    ],
)
def test_a_second_version_is_held_where_fewer_than_five_patients_differ(folder, content, state):
    drop(folder, "october.csv", content)
    run(folder)
    assert states(folder) == ["replaced", state]
    assert (state == "held") == ("fewer than 5" in reason(folder))


def test_it_is_said_and_can_be_released_knowing_that(folder):
    drop(folder, "october.csv", clinic_log(patients=(*MANY, "P-13")))
    run(folder)
    assert "by 1 patient, fewer than 5" in reason(folder)
    assert "acknowledge f" in folder.status_page.read_text(encoding="utf-8")
    name = reason(folder).partition("acknowledge ")[2].split()[0]
    words = ["acknowledge", name, str(folder.root), "--who", "M. Example", "--why", "agreed"]
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0, ran.output
    assert states(folder) == ["replaced", "drafted"]
    drop(folder, "october.csv", clinic_log(patients=(*MANY, "P-13", "P-14")))
    run(folder)
    assert states(folder)[-1] == "held"  # the release was for that version alone


def test_a_held_version_was_not_given_and_small_steps_add_up(folder):
    """Three late patients, then three more: six since the version that was given."""
    drop(folder, "october.csv", clinic_log(patients=(*MANY, "P-13", "P-14", "P-15")))
    run(folder)
    late = tuple(f"P-{number}" for number in range(13, 19))
    drop(folder, "october.csv", clinic_log(patients=(*MANY, *late)))
    run(folder)
    assert states(folder) == ["replaced", "replaced", "drafted"]


@pytest.mark.parametrize(("active", "state"), [(2, "held"), (6, "drafted")])
def test_the_next_month_is_compared_too(folder, active, state):
    drop(folder, "november.csv", clinic_log("2026-11", patients=MANY[:active]))
    run(folder)
    assert states(folder) == ["drafted", state]


def test_a_held_one_is_not_computed_again_by_every_run(folder, monkeypatch):
    drop(folder, "october.csv", clinic_log(patients=(*MANY, "P-13")))
    run(folder)
    called = []
    monkeypatch.setattr("clinicreport.folder.month_reports.compute", called.append)
    run(folder)
    assert (states(folder), called) == (["replaced", "held"], [])


def test_no_id_stands_in_what_is_kept(folder):
    (kept,) = rows(folder, "SELECT marks FROM marks WHERE kind = 'shared'")
    assert "P-" not in kept["marks"]


# -------------------------------------------------------------------- a ledger made anew


def given(folder):
    kept = rows(folder, "SELECT marks FROM marks WHERE kind IN ('shared', 'shared-by-hand')")
    return sorted(row["marks"] for row in kept)


@pytest.mark.parametrize("times", [1, 2])
def test_a_ledger_made_anew_keeps_what_was_given(folder, times):
    before = given(folder)
    for _ in range(times):
        done = run(folder, rebuild=True)
        assert done.problems == []
    assert given(folder) == before
    drop(folder, "october.csv", clinic_log(patients=(*MANY, "P-13")))
    run(folder)
    assert states(folder)[-1] == "held"


def test_a_run_that_ended_after_it_set_the_ledger_aside_loses_nothing(folder):
    before = given(folder)
    folder.ledger.rename(folder.root / "old-ledger.sqlite")
    run(folder, rebuild=True)
    assert given(folder) == before


@pytest.mark.parametrize("content", [b"no ledger " * 500, None])
def test_where_what_was_given_cannot_be_known_it_is_said(folder, content):
    folder.ledger.unlink()
    if content:
        folder.ledger.write_bytes(content)
    done = run(folder, rebuild=True)
    (said,) = done.problems
    assert "what was shared before" in said
    assert ("old-ledger.sqlite" in said) == bool(content)
    assert said in folder.status_page.read_text(encoding="utf-8")
    assert run(folder).problems == []


def test_an_unfinished_change_stays_with_the_ledger_that_is_set_aside(folder):
    for number in range(2):
        journal = folder.ledger.with_name("ledger.sqlite-journal")
        if number:
            journal.write_bytes(b"unfinished")
        run(folder, rebuild=True)
    assert not (folder.root / "old-ledger.sqlite-journal").exists()
