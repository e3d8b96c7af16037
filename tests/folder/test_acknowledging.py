"""``clinicreport acknowledge``: one line for one finding, whatever the file looks like."""

import csv
import shutil

import pytest
from click.testing import CliRunner
from clinic_folders import (
    TODAY,
    drop,
    end_state,
    faulty,
    log,
    make_folder,
    memory_place,
    rows,
    run,
)

from clinicreport.commands.cli import main
from clinicreport.folder import gate, places, steps
from clinicreport.folder.acknowledging import acknowledge, meant
from clinicreport.folder.open_folder import opened

pytestmark = pytest.mark.usefixtures("fast")

HEAD = places.ACKNOWLEDGED_HEAD.strip()


@pytest.fixture
def folder(tmp_path):
    """A folder whose mail is held by one finding."""
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)
    return folder


def names(folder):
    return [row["finding"] for row in rows(folder, "SELECT DISTINCT finding FROM errors")]


def call(folder, name, *more, who="M. Example", why="asked the patient"):
    words = ["acknowledge", name, str(folder.root), "--who", who, "--why", why, "--today", TODAY]
    return CliRunner().invoke(main, [*words, *more])


def states(folder):
    return [row["state"] for row in rows(folder, "SELECT state FROM messages ORDER BY id")]


@pytest.mark.parametrize("short", [False, True])
def test_a_finding_is_acknowledged_by_its_id_and_the_draft_appears(folder, short):
    (name,) = names(folder)
    ran = call(folder, name.partition("-")[0] if short else name)
    assert ran.exit_code == 0, ran.output
    assert "bad-score" in ran.output
    assert states(folder) == ["drafted"]
    assert gate.acknowledged(folder.acknowledged).findings == {name}
    (event,) = rows(folder, "SELECT text FROM events WHERE kind = 'acknowledged'")
    assert event["text"] == f"{name} (bad-score), by M. Example: asked the patient"
    log_text = folder.log.read_text(encoding="utf-8")
    assert "P-7" not in log_text
    assert "Example" not in log_text


def test_the_same_again_writes_nothing(folder):
    (name,) = names(folder)
    call(folder, name)
    before = folder.acknowledged.read_bytes()
    ran = call(folder, name, who="Somebody else")
    assert (ran.exit_code, folder.acknowledged.read_bytes()) == (0, before)
    assert "already" in ran.output


def test_dry_run_says_which_and_writes_nothing(folder):
    before = folder.acknowledged.read_bytes() if folder.acknowledged.exists() else None
    ran = call(folder, names(folder)[0], "--dry-run")
    assert "bad-score" in ran.output
    now = folder.acknowledged.read_bytes() if folder.acknowledged.exists() else None
    assert now == before
    assert states(folder) == ["held"]


@pytest.mark.parametrize(
    ("name", "who", "why"),
    [("f0123456789abcde", "M.", "x"), ("", "M.", "x"), (None, " ", "x"), (None, "M.", "y" * 501)],
)
def test_what_names_no_finding_or_no_reason_is_refused(folder, name, who, why):
    ran = call(folder, names(folder)[0] if name is None else name, who=who, why=why)
    assert ran.exit_code == 2
    assert states(folder) == ["held"]


def test_it_lapses_when_the_cell_changes_and_stays_while_it_does_not(folder):
    call(folder, names(folder)[0])
    drop(folder, "october.csv", faulty() + log("2026-10", patients=("P-8",)).split(b"\r\n", 1)[1])
    run(folder)
    assert states(folder) == ["replaced", "drafted"]
    changed = faulty().replace(b"6-7", b"7-8")
    drop(folder, "october.csv", changed)
    run(folder)
    assert states(folder)[-1] == "held"


def test_one_without_a_day_holds_for_its_file_and_cell_alone(tmp_path):
    """September's acknowledged bad date releases none of October's."""
    folder = make_folder(tmp_path / "clinic")
    bad = b"P-1,soon,7,3,12,B. Example\r\n"
    drop(folder, "september.csv", log("2026-09") + bad)
    run(folder)
    (name,) = names(folder)
    call(folder, name)
    assert states(folder) == ["drafted"]
    drop(folder, "october.csv", log("2026-10") + bad)
    run(folder)
    assert states(folder) == ["drafted", "held"]
    row = "in the logs: correct them"  # nobody has answered for October's before
    assert row in rows(folder, "SELECT reason FROM messages ORDER BY id")[-1]["reason"]
    (other,) = rows(folder, "SELECT finding FROM errors WHERE place LIKE 'october.csv%'")
    call(
        folder, other["finding"]
    )  # September's stays answered, whatever its number among those alike
    assert states(folder) == ["drafted", "drafted"]


def test_one_without_a_day_frees_none_like_it_in_the_same_file(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log("2026-10") + 2 * b"P-1,soon,7,3,12,B. Example\r\n")
    run(folder)
    first, second = names(folder)
    call(folder, first)
    assert states(folder) == ["held"]
    call(folder, second)
    assert states(folder) == ["drafted"]


ODD_FILES = [
    HEAD.encode() + b"\r\n",
    HEAD.encode(),  # no line end
    b"\xef\xbb\xbf" + HEAD.encode() + b"\r\nbad-score,P-1,2026-01-01,M\xc3\xbcller,seen\r\n",
    HEAD.replace(",", ";").encode("cp1252") + b"\r\nbad-score;P-1;1.1.2026;M\xfcller;gesehen\r\n",
    (HEAD + "\r\n").replace(",", "\t").encode("utf-16"),
    b"rule,patient,date,who,why\r\n",  # the first lines of an older version
    HEAD.encode() + b'\r\nbad-score,"P-1,2026-01-01,M. Example,seen\r\n',  # an open quotation mark
    b"",
]


@pytest.mark.parametrize("content", ODD_FILES)
def test_a_line_is_added_to_a_file_as_programs_leave_it(folder, content):
    folder.acknowledged.write_bytes(content)
    (name,) = names(folder)
    why = 'said; "by phone", twice'
    ran = call(folder, name, why=why)
    assert ran.exit_code == (4 if b'"P-1' in content else 0), ran.output  # its fault is told
    now = folder.acknowledged.read_bytes()
    assert now.startswith(content)
    assert gate.acknowledged(folder.acknowledged).findings == {name}
    assert states(folder) == ["drafted"]


def test_a_first_line_that_has_no_room_is_refused(folder):
    folder.acknowledged.write_text("rule,who,patient,date,why\n", encoding="utf-8")
    ran = call(folder, names(folder)[0])
    assert ran.exit_code == 2
    assert "its first line must be" in ran.output


# -------------------------------------------------------------------- mistakes, line by line

MISTAKES = [
    ("bad-score,P-7,2026-10-07,,seen", "who missing"),
    ("bad-score,P-7,soon,M.,seen", "is no date"),
    ("bad-score,P-7,99999999999999999999/1/1,M.,seen", "is no date"),
    (f"bad-score,P-7,{'9' * 5000}/1/1,M.,seen", "is no date"),
    ("bad-score,P-7,2026-13-45,M.,seen", "is no date"),
    ('bad-score,"P-7,2026-10-07,M.,seen', "quotation mark"),
    ('bad-score,"P"-7,2026-10-07,M.,seen', "quotation mark"),
    ("bad-score,P-7,,M.,seen", "names no finding"),
    ("bad-score,P-7,2026-10-07,M.,seen,,,F7", "no finding's name"),
]


@pytest.mark.parametrize(("line", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_line_and_takes_no_other_with_it(tmp_path, line, said):
    path = tmp_path / "acknowledged.csv"
    good = "bad-date,P-1,2026-10-05,M.,seen"
    after = 'bad-date,P-2,2026-10-06,M.,"seen\r\ntwice"'
    last = "bad-date,P-3,2026-10-07,M.,seen"
    lines = [HEAD, good, "", line, after, last]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    found = gate.acknowledged(path)
    (fault,) = found.faults
    assert fault.startswith("acknowledged.csv, line 4: ")
    assert said in fault
    assert {entry[1] for entry in found.entries if entry[2]} == {"P-1", "P-2", "P-3"}
    assert not found.findings


def test_a_mistake_in_the_file_stops_no_other_line(folder):
    (name,) = names(folder)
    line = gate.line_of(gate.ErrorFinding("bad-score", "P-7", "", "", "", name), "M.", "seen")
    folder.acknowledged.write_text(
        f'{HEAD}\nbad-score,"P-9,1.1.2026,M.,open\n{",".join(line)}\n', encoding="utf-8"
    )
    done = run(folder)
    assert states(folder) == ["drafted"]
    assert any("line 2" in text for text in done.mail_problems)


# ------------------------------------------------------------------------------------ killed


class Killed(BaseException):
    """What a test throws in place of the end of the process: nothing catches it."""


def test_stopped_at_any_point_the_next_call_comes_to_the_same_end(monkeypatch):
    with memory_place() as place:
        before = make_folder(place / "before")
        drop(before, "october.csv", faulty())
        run(before)
        (name,) = names(before)

        def once(folder, hook):
            monkeypatch.setattr(steps, "hook", hook)
            with opened(folder, _request(folder)) as clinic:
                acknowledge(clinic, meant(clinic, name), "M. Example", "seen")

        def copied(to):
            shutil.copytree(before.root, place / to)
            return places.find(place / to)

        passed = []
        whole = copied("whole")
        once(whole, passed.append)
        monkeypatch.setattr(steps, "hook", lambda _: None)
        run(whole)
        assert len(passed) >= 3
        end = end_state(whole)
        for stop in range(len(passed)):
            folder = copied(f"{stop}")
            _killed(once, folder, stop)
            once(folder, lambda _: None)
            run(folder)
            assert end_state(folder) == end, passed[stop]
            with folder.acknowledged.open(encoding="utf-8-sig", newline="") as file:
                assert len(list(csv.reader(file))) == 2
            assert len(rows(folder, "SELECT * FROM events WHERE kind = 'acknowledged'")) == 1


def _killed(once, folder, stop):
    seen = []

    def hook(name):
        seen.append(name)
        if len(seen) == stop + 1:
            raise Killed

    with pytest.raises(Killed):
        once(folder, hook)


def _request(folder):
    from clinic_folders import request

    return request(folder)
