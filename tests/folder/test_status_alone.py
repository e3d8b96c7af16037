"""A new user has STATUS.html alone: each way out that stands there is done as written, and works."""

import html
import re
import shlex
import shutil

import pytest
from click.testing import CliRunner
from clinic_folders import SETTINGS, TODAY, drop, faulty, log, make_fast, make_folder, rows, run
from mail_server import PASSWORD, settings

from clinicreport.commands import showing
from clinicreport.commands.cli import main
from clinicreport.folder import places

pytestmark = pytest.mark.usefixtures("fast")

COMMAND = re.compile(r"""clinicreport (?:run|mail|status)(?: "[^"]+"| '[^']+'| [\w./@=-]*\w)+""")
TWO = log(patients=("P-1", "P-2", "P-3"))
CORRECTED = TWO.replace(b"P-3,2026-10-07,6", b"P-3,2026-10-07,5")


def look(folder):
    """What the page says is to be looked at, in its words, without the advice on how to type."""
    page = folder.status_page.read_text(encoding="utf-8")
    part = page.partition("Please look at")[2].partition("<h2>How to do it")[0]
    return html.unescape(re.sub(r"<[^>]+>", "", part))


def commands(folder):
    return [found.rstrip(".") for found in COMMAND.findall(look(folder))]


@pytest.fixture
def typed(monkeypatch):
    """Type a line of the page in the clinic folder; its exit status."""

    def do(folder, line, answer="y\n"):
        monkeypatch.chdir(folder.root)
        words = shlex.split(line)[1:] + ([] if " mail " in line else ["--today", TODAY])
        return CliRunner().invoke(main, words, input=answer, catch_exceptions=False).exit_code

    return do


def changed(folder, old, new, name="clinic.toml"):
    path = folder.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def sending(place, server, *, password=PASSWORD, recipients=("office",)):
    folder = make_folder(place / "clinic", settings(server, recipients=recipients))
    if password:
        (folder.root / "smtp-password.txt").write_text(password, encoding="utf-8")
    drop(folder, "october.csv", log())
    return folder


def states(folder):
    return [row["state"] for row in rows(folder, "SELECT state FROM messages ORDER BY id")]


# ------------------------------------------------------------ a correction under another name


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A folder in which a correction is held, to be copied."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = make_folder(tmp_path_factory.mktemp("held") / "clinic")
        drop(folder, "october.csv", TWO)
        run(folder)
        drop(folder, "october corrected.csv", CORRECTED)
        run(folder)
    return folder


@pytest.fixture
def correction(held, tmp_path):
    shutil.copytree(held.root, tmp_path / "clinic")
    return places.find(tmp_path / "clinic")


def test_a_held_correction_is_understood_and_its_draft_waits_too(correction):
    text = look(correction)
    assert "8 of its 9 visits stand in october.csv as they are, 1 differs (C9)" in text
    assert "nothing from 2026-10 on is mailed" in text
    (question,) = correction.outbox.glob("question-*.eml")
    assert f"The manager is asked by a draft, to be sent by hand: outbox/{question.name}" in text
    assert ".eml. Do not send it yet: a log is held that may be a correction" in text


@pytest.mark.parametrize(
    ("way", "counts", "visits"),
    [
        ("drop", ["october corrected.csv"], 9),
        ("replaces", ["october corrected.csv"], 9),
        ("both", ["october corrected.csv", "october.csv"], 18),
        ("copy", ["october.csv"], 9),
    ],
)
def test_each_way_out_of_a_correction(correction, typed, way, counts, visits):
    text, lines = look(correction), commands(correction)
    if way == "drop":
        assert "put it into the inbox again under the name october.csv" in text
        drop(correction, "october.csv", CORRECTED)
        run(correction)
    elif way == "both":
        line = re.search(r"under \[folder\]: (both = \[\[.*?\]\])", text)[1]
        changed(correction, "[folder]", f"[folder]\n{line}")
        run(correction)
    else:
        replace, copy = (line for line in lines if "--replaces" in line)
        assert typed(correction, replace if way == "replaces" else copy) == 0
    found = rows(
        correction,
        "SELECT name, rows FROM files WHERE state = 'archived' AND superseded_by IS NULL "
        "ORDER BY name",
    )
    assert [row["name"] for row in found] == counts
    assert sum(row["rows"] for row in found) == visits
    assert "Held" not in look(correction)
    assert "Do not send it yet" not in look(correction)


@pytest.mark.parametrize(
    ("name", "way"), [("b=c.csv", 0), ("b=c.csv", 1), ("$HOME! `x`.csv", 0), ("it's.csv", 2)]
)
def test_whatever_stands_in_a_files_name_what_is_written_works(tmp_path, typed, name, way):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "a=b.csv", TWO)
    run(folder)
    drop(folder, name, CORRECTED)
    run(folder)
    if way < 2:
        assert typed(folder, commands(folder)[way]) == 0
    else:
        changed(folder, "[folder]", f"[folder]\n{re.search(r'both = .*?]]', look(folder))[0]}")
        assert run(folder).problems == []
    assert "Held" not in look(folder)
    counts = rows(
        folder, "SELECT name FROM files WHERE state = 'archived' AND superseded_by IS NULL"
    )
    assert (
        sorted(row["name"] for row in counts)
        == [[name], ["a=b.csv"], sorted([name, "a=b.csv"])][way]
    )


# ------------------------------------------------------------- protocol, address, settings


@pytest.mark.parametrize("way", ["typed", "always"])
def test_a_changed_protocol(tmp_path, typed, way):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    (folder.root / "protocol.toml").write_text("[session]\nminutes = { min = 5, max = 30 }\n")
    run(folder)
    assert "2026-10: its report was made before protocol.toml changed" in look(folder)
    if way == "typed":
        assert typed(folder, commands(folder)[0]) == 0
    else:
        line = re.search(
            r'or write (remake = "always") in clinic.toml, under \[folder\]', look(folder)
        )
        changed(folder, "[folder]", f"[folder]\n{line[1]}")
        run(folder)
    assert "protocol.toml" not in look(folder)
    assert [row["version"] for row in rows(folder, "SELECT version FROM reports")] == [1, 2]


def test_a_changed_address_gets_the_draft_and_nothing_else_is_asked(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    changed(folder, "office@", "new@")
    done = run(folder)
    assert done.stale == []
    assert states(folder) == ["replaced", "drafted"]
    assert "to new@clinic.example (manager): draft" in look(folder)


def test_a_changed_address_after_it_was_sent(tmp_path, server, office, typed):
    folder = sending(tmp_path, server)
    run(folder)
    changed(folder, "office@", "new@")
    run(folder)
    assert len(office.arrived) == 1
    (line,) = commands(folder)
    assert typed(folder, line) == 0
    assert [one.envelope_to[0] for one in office.arrived][1:] == ["new@clinic.example"]
    assert look(folder) == ""


def test_settings_that_cannot_be_read_stand_on_the_page(tmp_path, typed, monkeypatch):
    opened = []
    monkeypatch.setattr(showing, "show", opened.append)
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    changed(folder, SETTINGS, f'remake = "always"\n{SETTINGS}')
    assert typed(folder, "clinicreport run --retry") == 2
    assert typed(folder, "clinicreport run --show") == 2
    assert opened == [folder.status_page]
    assert "clinic.toml: remake: unknown key" in look(folder)
    assert "It stands below the line [folder]" in look(folder)
    changed(folder, 'remake = "always"\n', "")
    before = folder.status_page.read_bytes()
    assert typed(folder, "clinicreport run --remake october") == 2
    assert typed(folder, "clinicreport run --protocol none.toml") == 2
    assert b"unknown key" not in folder.status_page.read_bytes()
    assert before != folder.status_page.read_bytes()


# --------------------------------------------------------------------- the gate


def test_an_acknowledgement_that_lapsed_says_so(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)

    def answer():
        lines = (folder.reports / "2026-10" / "to-acknowledge.csv").read_text("utf-8-sig")
        filled = lines.replace("2026-10-07,,,", "2026-10-07,M. Example,asked,")
        folder.acknowledged.write_text(filled, encoding="utf-8")

    assert "acknowledged before" not in look(folder)
    answer()
    run(folder)
    assert states(folder) == ["drafted"]
    drop(folder, "october.csv", faulty().replace(b"6-7", b"5-9"))
    run(folder)
    assert "1 error finding (1 acknowledged before, for a cell that is no longer the same)" in look(
        folder
    )
    assert "reports/2026-10/to-acknowledge.csv" in look(folder)
    answer()
    run(folder)
    assert states(folder) == ["replaced", "drafted"]


# ----------------------------------------------------------------------- sending


def test_a_password_file_that_is_missing(tmp_path, server, office, typed):
    folder = sending(tmp_path, server, password="")
    for _ in range(2):  # the second run only waits, and says the same
        assert run(folder).mail_problems
        assert "there is no file smtp-password.txt: make it, with the password on its" in look(
            folder
        )
    (line,) = commands(folder)
    (folder.root / "smtp-password.txt").write_text(PASSWORD, encoding="utf-8")
    assert typed(folder, line) == 0
    assert (states(folder), len(office.arrived)) == (["sent"], 1)


def test_a_refused_login(tmp_path, server, office, typed):
    folder = sending(tmp_path, server, password="not that one")
    run(folder)
    run(folder)
    text = look(folder)
    assert text.count("check mail.user and the password file") == 1  # said once on the page
    assert re.search(r"Not tried again before \d{4}-\d\d-\d\d \d\d:\d\d; at once: ", text)
    (folder.root / "smtp-password.txt").write_text(PASSWORD, encoding="utf-8")
    (line,) = commands(folder)
    assert typed(folder, line) == 0
    assert (states(folder), look(folder)) == (["sent"], "")


@pytest.mark.parametrize("way", ["--to office@clinic.example --send", "--settled", "address"])
def test_a_recipient_that_the_server_does_not_know(tmp_path, server, office, typed, way):
    office.rcpt["office@clinic.example"] = ["550 5.1.1 User unknown"]
    folder = sending(tmp_path, server)
    run(folder)
    assert states(folder) == ["failed"]
    if way == "address":
        changed(folder, "office@", "new@")
        run(folder)
        assert [one.envelope_to for one in office.arrived] == [["new@clinic.example"]]
    else:
        (line,) = (line for line in commands(folder) if line.endswith(way))
        assert typed(folder, line) == 0
        assert states(folder) == ["not-sent" if way == "--settled" else "sent"]
    assert (run(folder).mail_problems, look(folder)) == ([], "")


@pytest.mark.parametrize(("way", "arrived"), [("--arrived", 1), ("--retry-unsure", 2)])
def test_an_answer_that_was_lost(tmp_path, server, office, typed, way, arrived):
    office.end = ["drop"]
    folder = sending(tmp_path, server)
    run(folder)
    assert "Ask whether it came. If it did: clinicreport mail --arrived" in look(folder)
    (line,) = (line for line in commands(folder) if line.endswith(way))
    assert typed(folder, line) == 0
    assert (states(folder), look(folder)) == (["sent"], "")
    assert list(office.ids().values()) == [arrived]


def test_what_waits_though_the_clinic_wants_drafts_now_can_be_sent(tmp_path, server, office, typed):
    office.rcpt["office@clinic.example"] = ["451 later"]
    folder = sending(tmp_path, server)
    run(folder)
    changed(folder, 'mode = "send"', 'mode = "drafts"')
    run(folder)
    (line,) = commands(folder)
    assert typed(folder, line) == 0
    assert (states(folder), look(folder)) == (["sent"], "")
