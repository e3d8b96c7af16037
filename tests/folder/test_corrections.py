"""A correction under another name is held, said, and counted once, whatever stops the program."""

import random

import pytest
from click.testing import CliRunner
from clinic_folders import (
    SETTINGS,
    TODAY,
    copied,
    drop,
    end_state,
    facts,
    log,
    make_fast,
    make_folder,
    rows,
    run,
    run_undisturbed,
    sha,
)
from killed import killed_after, killed_at, needs_a_server

from clinicreport.commands.cli import main
from clinicreport.ground.errors import UsageError

pytestmark = pytest.mark.usefixtures("fast")

ONE = log()  # P-1 and P-2, three visits each
TWO = log(scores=(7, 6, 3))  # the third score of each is another


@pytest.fixture
def folder(tmp_path):
    """A folder with October's log, and a correction of it that came under another name."""
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "october corrected.csv", TWO)
    return folder


def counted(folder):
    return sorted(
        row["name"]
        for row in rows(
            folder, "SELECT name FROM files WHERE state = 'archived' AND superseded_by IS NULL"
        )
    )


def inputs(folder):
    book = facts(folder.reports / "2026-10" / "clinic-report-2026-10.xlsx")
    return sorted(sha256 for _, sha256 in book["inputs"])


def mail_of(folder):
    return [(row["state"], row["report"]) for row in rows(folder, "SELECT * FROM messages")]


def test_it_is_held_counted_nowhere_and_said(folder):
    done = run(folder)
    assert not done.archived + done.reports + done.messages + done.rejected
    (held,) = done.held
    assert (held["file"], held["old"], held["months"]) == (
        "october corrected.csv",
        "october.csv",
        ["2026-10"],
    )
    assert held["why"] == ("4 of its 6 visits stand in october.csv as they are, 2 differ (C4, C7)")
    assert counted(folder) == ["october.csv"]
    assert inputs(folder) == [sha(ONE)]
    assert not list(folder.inbox.iterdir())
    assert run(folder).held == [held]  # said by every run


def test_the_status_page_alone_says_what_to_do(folder):
    run(folder)
    page = folder.status_page.read_text(encoding="utf-8")
    look = page[page.index("Please look at") : page.index("<h2>Reports")]
    assert "Held: perhaps a correction" in look
    assert "october corrected.csv" in look
    assert "2 differ (C4, C7)" in look
    assert "inbox again under the name october.csv" in look
    assert "--replaces" in look
    assert "both = [[" in look
    assert "nothing from 2026-10 on is mailed" in look


def test_the_manager_is_asked_once_and_the_mail_names_no_file(folder):
    run(folder)
    (draft,) = folder.outbox.glob("question-*.eml")
    text = draft.read_text(encoding="utf-8")
    assert "To: office@clinic.example" in text
    assert "4 of its 6 visits" in text
    for name in ("october.csv", "corrected", "C4", "P-1"):
        assert name not in text
    draft.unlink()
    run(folder)
    assert not list(folder.outbox.glob("question-*.eml"))


def test_no_question_is_drafted_where_mail_is_off(tmp_path):
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[mail]", '[mail]\nmode = "off"'))
    drop(folder, "october.csv", ONE)
    drop(folder, "october b.csv", TWO)
    assert run(folder).held
    assert not list(folder.outbox.glob("*.eml"))


def test_nothing_of_the_month_or_later_is_mailed_meanwhile(folder):
    run(folder)
    drop(folder, "november.csv", log("2026-11", patients=("P-5",)))
    drop(folder, "september.csv", log("2026-09", patients=("P-6",)))
    run(folder)
    found = rows(folder, "SELECT month, state, reason FROM messages ORDER BY month, report")
    states = [(row["month"], row["state"]) for row in found]
    assert states == [
        ("2026-09", "drafted"),
        ("2026-10", "replaced"),
        ("2026-10", "held"),
        ("2026-11", "held"),
    ]
    assert "a log is held that may be a correction" in found[-1]["reason"]
    run(folder, replaces=["october corrected.csv=october.csv"])
    states = rows(folder, "SELECT month, state FROM messages WHERE state != 'replaced'")
    assert {(row["month"], row["state"]) for row in states} == {
        ("2026-09", "drafted"),
        ("2026-10", "drafted"),
        ("2026-11", "drafted"),
    }
    assert not list(folder.outbox.glob("question-*.eml"))


def test_replaces_uses_the_held_log_without_dropping_it_again(folder):
    run(folder)
    done = run(folder, replaces=["october corrected.csv=october.csv"])
    assert [(one["file"], one["replaces"]) for one in done.archived] == [
        ("october corrected.csv", "october.csv")
    ]
    assert done.held == []
    assert counted(folder) == ["october corrected.csv"]
    assert inputs(folder) == [sha(TWO)]
    assert mail_of(folder) == [("replaced", 1), ("drafted", 2)]
    assert rows(folder, "SELECT * FROM held") == rows(folder, "SELECT * FROM wishes") == []


def test_the_new_name_can_be_left_out_where_one_log_alone_is_held(folder):
    run(folder)
    run(folder, replaces=["october.csv"])
    assert counted(folder) == ["october corrected.csv"]


def test_dropped_again_under_the_old_name_it_is_the_correction(folder):
    run(folder)
    drop(folder, "October.csv", TWO)
    done = run(folder)
    assert [one["replaces"] for one in done.archived] == ["october.csv"]
    assert inputs(folder) == [sha(TWO)]
    assert not list(folder.inbox.iterdir())


def test_dropped_again_under_its_own_name_it_stays_held(folder):
    run(folder)
    drop(folder, "october corrected.csv", TWO)
    done = run(folder)
    assert done.repeated == ["october corrected.csv"]
    assert len(done.held) == 1
    assert not list(folder.inbox.iterdir())


@pytest.mark.parametrize("turned", [False, True])
def test_both_count_where_the_clinic_says_so(folder, turned):
    run(folder)
    pair = ["october corrected.csv", "October.csv"][:: -1 if turned else 1]
    said = f'[folder]\nboth = [["{pair[0]}", "{pair[1]}"]]'
    text = (folder.root / "clinic.toml").read_text(encoding="utf-8")
    (folder.root / "clinic.toml").write_text(text.replace("[folder]", said), encoding="utf-8")
    done = run(folder)
    assert (done.held, [one["replaces"] for one in done.archived]) == ([], [None])
    assert inputs(folder) == sorted([sha(ONE), sha(TWO)])


def test_a_copy_is_left_out_on_request_and_stays_out(folder):
    run(folder)
    done = run(folder, replaces=["october.csv=october corrected.csv"])
    assert (done.held, done.reports) == ([], [])
    assert counted(folder) == ["october.csv"]
    assert (folder.archive / "2026-10" / "october corrected.csv").read_bytes() == TWO
    assert not run(folder).anything
    run(folder, rebuild=True)
    assert counted(folder) == ["october.csv"]


def test_a_wish_for_a_log_that_is_not_there_is_refused(folder):
    run(folder)
    with pytest.raises(UsageError, match=r"no log september\.csv is counted"):
        run(folder, replaces=["october corrected.csv=september.csv"])
    with pytest.raises(UsageError, match=r"no other\.csv in the inbox"):
        run(folder, replaces=["other.csv=october.csv"])


@pytest.mark.parametrize(
    ("new", "held"),
    [
        (log(patients=("P-1",), scores=(7, 6, 4)), True),  # 3 of 3
        (log(patients=("P-1",), scores=(7, 6)), False),  # 2 of 2: too few to tell
        (log(patients=("P-1", "P-8")), True),  # 3 of 6: half
        (log(patients=("P-1", "P-8", "P-9"), scores=(7, 6, 4)), False),  # 3 of 9
        (log(patients=("P-8", "P-9")), False),
        (log("2026-09"), False),
    ],
)
def test_mostly_the_same_is_half_of_the_new_logs_treatments_and_three(tmp_path, new, held):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", ONE)
    run(folder)
    drop(folder, "another.csv", new + b"\r\n" * (new == ONE))
    assert bool(run(folder).held) is held


MONTHS = ("2026-07", "2026-08", "2026-09")


def joined(*logs):
    """Several logs as one."""
    head, *_ = logs[0].splitlines()
    return b"\r\n".join([head, *(line for one in logs for line in one.splitlines()[1:]), b""])


QUARTER = joined(*map(log, MONTHS))


@pytest.fixture
def quarter(tmp_path):
    """A folder with three monthly logs in force, and all three as one that came then."""
    folder = make_folder(tmp_path / "clinic")
    for month in MONTHS:
        drop(folder, f"{month}.csv", log(month))
    run(folder)
    drop(folder, "quarter.csv", QUARTER)
    return folder


def test_a_quarter_over_three_monthly_logs_counts_no_visit_twice(quarter):
    """It is mostly none of them, and most of it stands in all three together."""
    (held,) = run(quarter).held
    assert held["why"] == (
        "18 of its 18 visits stand in 2026-07.csv and 2026-08.csv and 2026-09.csv as they are"
    )
    assert counted(quarter) == [f"{month}.csv" for month in MONTHS]
    for month in MONTHS:
        assert f'--replaces "quarter.csv={month}.csv"' in held["do"]
    assert "put it into the inbox again" not in held["do"]  # under which of the names?
    (draft,) = quarter.outbox.glob("question-*.eml")
    assert "3 logs that are counted" in draft.read_text(encoding="utf-8").replace("=\n", "")


def test_a_quarter_replaces_all_that_it_is_said_to(quarter):
    run(quarter)
    done = run(quarter, replaces=[f"quarter.csv={month}.csv" for month in MONTHS])
    assert (done.held, counted(quarter)) == ([], ["quarter.csv"])
    assert [one["replaces"] for one in done.archived] == ["2026-09.csv, 2026-08.csv, 2026-07.csv"]
    run(quarter, rebuild=True)
    assert counted(quarter) == ["quarter.csv"]


def test_a_quarter_that_replaces_one_month_waits_for_the_others(quarter):
    run(quarter)
    (held,) = run(quarter, replaces=["quarter.csv=2026-07.csv"]).held
    assert "stand in 2026-08.csv and 2026-09.csv" in held["why"]
    assert counted(quarter) == [f"{month}.csv" for month in MONTHS]


def test_a_log_that_holds_all_of_another_sends_that_one_again(tmp_path):
    """A third of it, but every visit of the log in force."""
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "july.csv", log(MONTHS[0]))
    run(folder)
    drop(folder, "quarter.csv", QUARTER)
    (held,) = run(folder).held
    assert held["why"] == "6 of its 18 visits stand in july.csv as they are, 12 are new"
    done = run(folder, replaces=["quarter.csv=july.csv"])
    assert (done.held, counted(folder)) == ([], ["quarter.csv"])


def test_logs_of_different_people_on_the_same_days_are_all_counted(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    for number in range(3):
        drop(folder, f"{number}.csv", log(patients=(f"P-{number}", f"P-{number}0")))
    done = run(folder)
    assert (done.held, len(done.archived)) == ([], 3)


def test_follow_ups_do_not_make_it_the_same(tmp_path):
    """Only treatments are counted: five follow-ups of the same days are another log."""
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", ONE)
    run(folder)
    head, *lines = ONE.decode().splitlines()
    text = [f"{head},Visit type", *(f"{line},follow-up" for line in lines)]
    drop(folder, "another.csv", "\r\n".join([*text, ""]).encode())
    done = run(folder)
    assert (done.held, len(done.archived)) == ([], 1)


def test_conflict_copies_are_held_each(folder):
    drop(folder, "october (1).csv", log(scores=(7, 5, 4)))
    drop(folder, "october-conflict.csv", log(scores=(7, 5, 2)))
    assert len(run(folder).held) == 3
    assert counted(folder) == ["october.csv"]


def test_it_is_asked_again_where_the_log_in_force_was_replaced(folder):
    run(folder)
    drop(folder, "october.csv", log(patients=("P-7", "P-8")))  # it held somebody else's visits
    done = run(folder)
    assert done.held == []
    assert counted(folder) == ["october corrected.csv", "october.csv"]


def test_a_held_log_is_looked_at_again_only_when_something_changed(folder, monkeypatch):
    run(folder)
    calls = []
    monkeypatch.setattr("clinicreport.folder.intake.examine", lambda *a: calls.append(a) or {})
    assert len(run(folder).held) == 1
    assert [paths for paths, _ in calls if paths] == []


def test_run_and_status_say_it_on_the_screen(folder):
    asked = ["--today", TODAY]
    ran = CliRunner().invoke(main, ["run", str(folder.root), *asked])
    assert ran.exit_code == 0
    assert "held: october corrected.csv (2026-10): 4 of its 6 visits" in ran.stderr
    said = CliRunner().invoke(main, ["status", str(folder.root), *asked]).stdout
    assert "Held: perhaps a correction" in said


def test_a_purge_reaches_a_held_log(folder):
    run(folder)
    words = ["--patient", "P-1", "--who", "M. Example", "--why", "asked", "--yes"]
    ran = CliRunner().invoke(main, ["purge", str(folder.root), *words])
    assert ran.exit_code == 0, ran.output
    (held,) = folder.staging.rglob("*.csv")
    assert b"P-1" not in held.read_bytes()
    assert b"P-2" in held.read_bytes()
    assert len(run(folder).held) == 1


# ------------------------------------------------------------------------------------ killed


@pytest.fixture(scope="module")
def before(ground):
    """A held log, its answer in the inbox, and another one that is to be held."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = make_folder(ground / "before" / "clinic")
        drop(folder, "october.csv", ONE)
        drop(folder, "september.csv", log("2026-09"))
        run(folder)
        drop(folder, "october corrected.csv", TWO)
        run(folder)
        drop(folder, "october.csv", TWO)
        drop(folder, "september (1).csv", log("2026-09", scores=(8, 6, 4)))
    return folder


@pytest.fixture(scope="module")
def undisturbed(before, ground):
    return run_undisturbed(before, ground)


@pytest.mark.once
@needs_a_server
def test_killed_at_every_point_around_a_correction(before, undisturbed, ground):
    end, passed = undisturbed
    assert [row["name"] for row in end["files"] if row["state"] == "received"] == [
        "september (1).csv"
    ]
    for number, name in enumerate(dict.fromkeys(passed)):
        folder = copied(before, ground / f"at {number}")
        assert killed_at(folder, name), name
        run(folder)
        assert end_state(folder) == end, name


@pytest.mark.once
@needs_a_server
def test_killed_at_random_times_around_a_correction(before, undisturbed, ground):
    chance = random.Random(20)
    end, _ = undisturbed
    latest, kills = 0.5, 0
    for number in range(6):
        folder = copied(before, ground / f"random {number}")
        for _ in range(3):
            if not killed_after(folder, chance.uniform(0.01, latest)):
                latest *= 0.7
                break
            kills += 1
        run(folder)
        assert end_state(folder) == end
    assert kills >= 4
