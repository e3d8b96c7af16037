"""Versions for sharing that a person makes are held beside those given before, and remembered."""

import csv
import io
import os
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Barrier, Thread

import pytest
from clinic_folders import SETTINGS, drop, make_folder, request, run

from clinicreport.books.share.told import VIEWS, Told, Whole, cell_of
from clinicreport.commands import sharing
from clinicreport.folder.lock import locked
from clinicreport.folder.open_folder import opened
from clinicreport.folder.shared_memory import NAME, FileMemory, keep_by_hand, marks_of, memory_at
from clinicreport.ground.errors import OutputError
from clinicreport.outcomes.person import Person

HEAD = ("Patient ID", "Date", "Pain before", "Condition", "Adverse event", "Clinic")
MANY = tuple(range(24))


def log(patients=MANY, ends=None, clinic="", condition="Neck pain", month="2026-09", event="none"):
    """Two visits of each; the last score is their number's last digit, or as ``ends`` says."""
    rows = []
    for number in patients:
        end = (ends or {}).get(number, number % 8)
        for day, score in ((1 + number % 9, 8), (11 + number % 9, end)):
            name = f"Anna Miller {number}"
            rows.append((name, f"{month}-{day:02}", score, condition, event, clinic))
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode()


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """What may be given is asked here: neither the solver nor the workbook."""

    def hidden(counts):
        """A small clinic, and another behind which it hides."""
        behind = ("clinic 0:", "small:") if counts.forced else ("none",)
        return {
            name: "withheld" if name in counts.forced or name.startswith(behind) else "shown"
            for name in counts.values
        }

    monkeypatch.setattr("clinicreport.books.share.shared_version.suppress", hidden)
    monkeypatch.setattr("clinicreport.books.network_share.network_share_counts.suppress", hidden)
    for book in ("share.shared_workbook", "network_share.network_share_workbook"):
        monkeypatch.setattr(f"clinicreport.books.{book}.content", lambda _: b"PK")


@pytest.fixture
def share(cli, folder):
    """Shares what lies at the paths; the sentence of the held one, or "" where it was written."""

    def shared(*paths, command="report", name="", code=None):
        target = folder / "out.xlsx"
        target.unlink(missing_ok=True)
        release = ("--release", name) if name else ()
        ran = cli(command, *paths, "--share", "-o", "out.xlsx", *release)
        assert ran.exit_code == (code if code is not None else 0 if target.exists() else 5)
        return "" if target.exists() else ran.output

    return shared


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("second", "few"),
    [
        (log(), 0),
        (log((*MANY, 24)), 1),
        (log(MANY[1:]), 1),
        (log(ends=dict.fromkeys(range(4), 9)), 4),
        (log(ends=dict.fromkeys(range(5), 9)), 0),
        (log(range(29)), 0),
    ],
)
def test_a_second_version_of_a_report_is_held_where_few_patients_differ(share, folder, second, few):
    write(folder / "logs" / "log.csv", log())
    assert not share("logs")
    write(folder / "logs" / "log.csv", second)
    said = share("logs/log.csv")
    assert bool(said) == bool(few)
    assert f"by {few} patient" in said or not few


def test_it_is_released_by_its_name_alone(share, folder):
    write(folder / "log.csv", log())
    share("log.csv")
    write(folder / "log.csv", log((*MANY, 24)))
    said = share("log.csv")
    name = said.partition("--release ")[2].split()[0]
    assert share("log.csv", name="0" * 16)
    assert not share("log.csv", name=name)
    assert not share("log.csv")  # it was given: again it tells nothing new
    write(folder / "log.csv", log((*MANY, 24, 25)))
    assert share("log.csv", name=name)


def test_nothing_is_written_and_nothing_remembered_of_a_held_one_or_a_dry_run(cli, share, folder):
    write(folder / "log.csv", log())
    assert cli("report", "log.csv", "--share", "--dry-run").exit_code == 0
    assert not (folder / NAME).exists()
    share("log.csv")
    before = (folder / NAME).read_bytes()
    write(folder / "log.csv", log((*MANY, 24)))
    assert share("log.csv")
    assert (folder / NAME).read_bytes() == before


def test_a_period_one_day_later_leaves_one_patient_out(cli, folder):
    """Of all others nothing changed: what differs is about that patient."""
    write(folder / "log.csv", log(range(9)))
    words = ("report", "log.csv", "--share", "-o", "out.xlsx", "--force", "--period")
    assert cli(*words, "2026-09-11..2026-09-30").exit_code == 0
    ran = cli(*words, "2026-09-12..2026-09-30")
    assert (ran.exit_code, "by 1 patient" in ran.output) == (5, True)


def test_by_condition_goes_first_where_only_its_rows_would_tell(share, folder, monkeypatch):
    """Five late patients, each with a condition of its own: all together they may be told."""
    names = ("Neck pain", "Headache", "Fibromyalgia", "Lumbago", "Sciatica")
    made = []
    monkeypatch.setattr(
        "clinicreport.books.share.shared_workbook.content",
        lambda version: made.append(version.made.conditions) or b"PK",
    )

    def whole(size):
        parts = [
            log(range(40 * at, 40 * at + size), condition=name) for at, name in enumerate(names)
        ]
        return parts[0] + b"".join(part.split(b"\r\n", 1)[1] for part in parts[1:])

    write(folder / "log.csv", whole(7))
    assert not share("log.csv")
    write(folder / "log.csv", whole(8))
    assert not share("log.csv")
    assert [len(conditions) for conditions in made] == [5, 0]


def test_a_network_beside_a_network(share, folder):
    """A clinic that joins; a patient who moves; one who is late."""
    north, south = (folder / "clinics" / name / "log.csv" for name in ("North", "South"))
    write(north, log())
    write(south, log(range(40, 60)))
    assert not share("clinics", command="network")
    write(south, log(range(40, 61)))
    assert "by 1 patient" in share("clinics", command="network")
    assert "by 1 patient" in share("clinics/North", "clinics/South", command="network")
    write(south, log((*range(40, 60), 0)))
    write(north, log(MANY[1:]))
    assert "by 1 patient" in share("clinics", command="network")
    write(south, log(range(40, 60)))
    write(north, log())
    write(folder / "clinics" / "Lake" / "log.csv", log(range(70, 73)))
    assert "by 3 patients" in share("clinics", command="network")
    write(folder / "clinics" / "Lake" / "log.csv", log(range(70, 75)))
    assert not share("clinics", command="network")


def test_a_clinics_own_version_beside_a_network_and_the_other_way_round(share, folder):
    north, south = (folder / "clinics" / name / "log.csv" for name in ("North", "South"))
    write(north, log())
    write(south, log(range(40, 60)))
    assert not share("clinics", command="network")
    assert not share("clinics/North")  # the network's row tells the same
    write(north, log((*MANY, 24)))
    assert "by 1 patient" in share("clinics/North")
    write(folder / "others" / "East" / "log.csv", log())
    write(folder / "others" / "West" / "log.csv", log(range(40, 60)))
    write(folder / "others" / "Lake" / "log.csv", log(range(70, 73)))
    for name in ("East", "West"):
        assert not share(f"others/{name}")
    assert "by 3 patients" in share("others", command="network")


def test_a_clinic_folder_remembers_both_its_mail_and_what_a_person_shares(share, tmp_path, folder):
    settings = SETTINGS.replace('role = "manager"', 'role = "outside"')
    clinic = make_folder(folder / "clinic", settings)
    drop(clinic, "Anna Miller.csv", log())
    run(clinic)
    assert not share("clinic", "--period", "2026-09")
    drop(clinic, "Anna Miller.csv", log((*MANY, 24)))
    run(clinic)
    with closing(sqlite3.connect(clinic.ledger)) as ledger:
        states = [row[0] for row in ledger.execute("SELECT state FROM messages ORDER BY id")]
        assert states == ["replaced", "held"]
        kept = str(ledger.execute("SELECT marks FROM marks").fetchall())
    assert "Miller" not in kept
    assert "by 1 patient" in share("clinic", "--period", "2026-09")
    assert not list((folder / "clinic").rglob(NAME))  # it lies in the ledger


def test_what_is_remembered_is_for_its_owner_and_holds_nothing_of_anybody(share, folder):
    write(folder / "Anna Miller.csv", log(clinic="Miller Road"))
    share("Anna Miller.csv")
    kept = folder / NAME
    if sys.platform != "win32":
        assert kept.stat().st_mode & 0o777 == 0o600
    for word in ("Miller", "2026", "Neck", "csv", "Road"):
        assert word not in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"given": ["x"]}', b"\xff"])
def test_a_damaged_memory_is_said_and_nothing_is_shared(share, folder, content):
    write(folder / "log.csv", log())
    write(folder / NAME, content)
    assert "is damaged" in share("log.csv", code=2)


def test_where_nothing_can_be_remembered_it_is_said(cli, folder, monkeypatch):
    write(folder / "log.csv", log())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("clinicreport.folder.shared_memory.write_whole", full)
    ran = cli("report", "log.csv", "--share")
    assert (ran.exit_code, "not remembered" in ran.output) == (0, True)
    ran = cli("report", "-", "--share", "-o", "x.xlsx", input=log().decode())
    assert (ran.exit_code, "not remembered" in ran.output) == (0, True)


# ------------------------------------------------------------------------- two at the same time


def version(patients):
    """What a version of these patients tells."""
    people = [Person(*[f"{number}"] * len(VIEWS), "", low=False) for number in patients]
    told = Told("report", (cell_of(people),), (Whole((0,), frozenset({"started"})),))
    return Given(told)


@dataclass(frozen=True)
class Given:
    told: Told


@pytest.fixture
def meanwhile(monkeypatch):
    """Does something in each command after it compared, and before it remembers."""

    def do(work):
        compare = sharing.held_beside

        def compared(*words):
            monkeypatch.setattr(sharing, "held_beside", compare)
            found = compare(*words)
            work()
            return found

        monkeypatch.setattr(sharing, "held_beside", compared)
        monkeypatch.setattr("clinicreport.commands.network_sharing.held_beside", compared)

    return do


def given(folder):
    return len(memory_at(folder).given())


def test_of_two_reports_at_the_same_time_the_second_is_held(cli, share, folder, meanwhile):
    write(folder / "log.csv", log((*MANY, 24)))
    write(folder / "other.csv", log())
    meanwhile(lambda: cli("report", "other.csv", "--share", "-o", "first.xlsx"))
    assert "by 1 patient" in share("log.csv")
    assert ((folder / "first.xlsx").exists(), given(folder)) == (True, 1)


def test_of_two_networks_at_the_same_time_the_second_is_held(cli, share, folder, meanwhile):
    north, south = (folder / "clinics" / name / "log.csv" for name in ("North", "South"))
    write(north, log())
    write(south, log(range(40, 60)))

    def shared_first():
        write(north, log((*MANY, 24)))
        cli("report", "clinics/North", "--share", "-o", "first.xlsx")

    meanwhile(shared_first)
    assert "by 1 patient" in share("clinics", command="network")
    assert given(folder / "clinics") == 0
    assert given(folder / "clinics" / "North") == 1


def test_in_a_clinic_folder_what_was_given_meanwhile_holds_it(share, folder, meanwhile):
    clinic = make_folder(folder / "clinic")
    drop(clinic, "log.csv", log())
    run(clinic)
    write(folder / "other" / "log.csv", log((*MANY, 24)))
    share("other")
    (other,) = memory_at(folder / "other").given()

    def on_the_desk():
        with opened(clinic, request(clinic)) as there:
            keep_by_hand(there, marks_of(other))

    meanwhile(on_the_desk)
    assert "by 1 patient" in share("clinic", "--period", "2026-09")
    assert memory_at(clinic.root).given() == [other]


def test_of_many_at_once_one_alone_is_remembered(folder):
    """Each differs from each other by one patient; whoever finds another at work does nothing."""
    versions = [version((*range(20), 100 + number)) for number in range(6)]
    start, passed = Barrier(len(versions)), []

    def work(one):
        start.wait()
        with suppress(OutputError):
            memory = FileMemory(folder)
            sharing.remember([(memory, one.told)], one, None)
            passed.append(one)

    threads = [Thread(target=work, args=(one,)) for one in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.told for one in passed] == FileMemory(folder).given()
    assert len(passed) == 1


def test_while_another_remembers_there_nothing_is_given(share, folder):
    write(folder / "log.csv", log())
    with locked(folder):
        assert "at work" in share("log.csv")
    assert not share("log.csv")


def test_two_units_in_one_place_take_its_lock_once(folder):
    one = version(range(20))
    again = FileMemory(folder / "." / ".." / folder.name)
    said = sharing.remember([(FileMemory(folder), one.told), (again, one.told)], one, None)
    assert "It is remembered" in said
    assert FileMemory(folder).given() == [one.told]


def test_beside_logs_where_nothing_can_be_written_it_is_shared_and_said(cli, folder, monkeypatch):
    write(folder / "logs" / "log.csv", log())
    plain_open = os.open

    def refused(path, flags, *more, **named):
        if str(path).startswith(str(folder / "logs")) and flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied", str(path))
        return plain_open(path, flags, *more, **named)

    monkeypatch.setattr("os.open", refused)
    ran = cli("report", "logs/log.csv", "--share", "-o", "out.xlsx")
    assert (ran.exit_code, "not remembered" in ran.output) == (0, True), ran.output
    assert (folder / "out.xlsx").exists()
    assert [path.name for path in (folder / "logs").iterdir()] == ["log.csv"]
