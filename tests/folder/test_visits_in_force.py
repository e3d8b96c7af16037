"""What one run knows of the logs in force: each is read once, however many new ones there are."""

from datetime import date

import pytest
from clinic_folders import drop, log, make_fast, make_folder, run

from clinicreport.folder import examine
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.visits_in_force import InForce

DAY = date(2026, 10, 5)
ONE, TWO, THREE = (("", patient, DAY) for patient in ("P-1", "P-2", "P-3"))


def known(*logs):
    """An index of logs: number, name and visits."""
    made = InForce()
    for number, name, visits in logs:
        made.put(number, f"content {number}", name, frozenset(visits))
    return made


def test_the_logs_that_hold_most_of_the_visits_come_first():
    index = known((1, "a", [ONE]), (2, "b", [ONE, TWO]), (3, "c", [TWO]), (4, "d", [THREE]))
    assert index.shared([ONE, TWO]) == [(2, 2), (1, 1), (3, 1)]
    assert index.shared([ONE, ONE]) == [(1, 2), (2, 2)]  # two rows of one day are two
    assert index.shared([]) == []


def test_names_are_the_same_as_people_take_them():
    index = known((1, "März.csv", []), (2, "MA\u0308RZ.CSV", []), (3, "april.csv", []))
    assert index.named("märz.CSV") == [2, 1]
    index.drop(2)
    assert index.named("märz.CSV") == [1]


def test_the_share_that_is_kept():
    index = known((1, "a", [ONE, TWO]), (2, "b", []))
    index.put(3, "content", "c")
    assert index.share_kept(1, frozenset([ONE, THREE])) == 0.5
    assert index.share_kept(2, frozenset([ONE])) == 1.0
    assert index.share_kept(3, frozenset([ONE])) == 0.0  # nothing is known of it


A, B = ("content 1", "a"), ("content 2", "b")


@pytest.mark.parametrize(
    ("files", "marks", "left", "months"),
    [
        ({1: A, 2: B}, {}, [(1, 1), (2, 1)], {"2026-10"}),
        ({2: B}, {}, [(2, 1)], {"2026-10"}),
        ({1: ("purged", "a"), 2: B}, {}, [(2, 1)], set()),
        ({1: A, 2: B}, {"date_order": "x"}, [], set()),
    ],
    ids=["same", "gone", "other content", "read otherwise"],
)
def test_it_keeps_step_with_the_ledger(files, marks, left, months):
    index = known((1, "a", [ONE]), (2, "b", [ONE]))
    index.months.add("2026-10")
    index.keep_step(files, marks)
    assert index.shared([ONE]) == left
    assert index.months == months


def test_the_mark_is_of_what_is_in_force_whatever_the_order():
    one = known((1, "a", []), (2, "b", []))
    other = known((2, "b", []), (3, "c", []), (1, "a", []))
    assert one.mark != other.mark
    other.drop(3)
    assert one.mark == other.mark


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Names of the files that are read to be judged, and a clinic folder."""
    make_fast(monkeypatch)
    names = []
    check_logs = examine.check_logs

    def counted(paths, request):
        names.extend(path.name for path in paths)
        return check_logs(paths, request)

    monkeypatch.setattr(examine, "check_logs", counted)
    monkeypatch.setattr("clinicreport.folder.month_reports.make_due", lambda _: None)
    return make_folder(tmp_path / "clinic"), names


MANY = examine.AT_ONCE + 2


def test_each_of_many_files_is_read_once(read):
    folder, names = read
    for number in range(MANY):
        drop(folder, f"log {number}.csv", log(patients=(f"P-{number}",)))
    assert len(run(folder).archived) == MANY
    assert len(names) == len(set(names)) == MANY
    names.clear()
    drop(folder, "one more.csv", log(patients=("P-99",)))
    drop(folder, "another month.csv", log("2026-09", patients=("P-99",)))
    run(folder)
    assert len(names) == len(set(names)) == MANY + 2


def test_many_corrections_are_each_compared_with_one_log_and_asked_about_once(read):
    folder, names = read
    for number in range(MANY):
        drop(folder, f"log {number:02}.csv", log(patients=(f"P-{number}",)))
    run(folder)
    names.clear()
    for number in range(MANY):
        drop(folder, f"log {number:02} b.csv", log(patients=(f"P-{number}",), scores=(7, 5, 4)))
    done = run(folder)
    assert [one["old"] for one in done.held] == [f"log {number:02}.csv" for number in range(MANY)]
    assert len(names) == MANY + MANY + 2 * MANY  # in force, new, and the two beside each other
    names.clear()
    assert len(run(folder).held) == MANY
    assert names == []


def test_an_answer_given_by_name_counts_in_the_same_run(read):
    folder, _ = read
    drop(folder, "october.csv", log())
    run(folder)
    better = log(scores=(7, 5, 4))
    drop(folder, "better.csv", better)
    assert len(run(folder).held) == 1
    drop(folder, "october.csv", better)
    done = run(folder)
    assert [one["replaces"] for one in done.archived] == ["october.csv"]
    assert list(folder.inbox.iterdir()) == []
    assert done.held == []


def test_logs_that_share_a_visit_are_looked_up_no_more_often_than_others(tmp_path, monkeypatch):
    make_fast(monkeypatch)
    looked_up, look_up = [], Ledger.file

    def counted(ledger, number):
        looked_up.append(number)
        return look_up(ledger, number)

    monkeypatch.setattr(Ledger, "file", counted)
    times = []
    for name, everywhere in (("apart", ()), ("beside", ("P-0",))):
        folder = make_folder(tmp_path / name)
        for number in range(1, MANY):
            own = tuple(f"P-{number}-{at}" for at in range(4))
            drop(folder, f"log {number}.csv", log(patients=own + everywhere, scores=(7,)))
        looked_up.clear()
        assert len(run(folder).archived) == MANY - 1
        times.append(len(looked_up))
    assert times[0] == times[1]
