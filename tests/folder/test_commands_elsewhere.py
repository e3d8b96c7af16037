"""Every command of a clinic folder where Windows, a Mac's share, a scanner or an open file is in its
way: what only delays changes nothing; what is held is named, and made good by the next run."""

import re
import shutil
import sqlite3
import stat
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from clinic_folders import (
    SETTINGS,
    TODAY,
    drop,
    end_state,
    faulty,
    log,
    make_fast,
    make_folder,
    rows,
)
from windows_fakes import (
    Held,
    done_and_said_to_fail,
    every_third_fails,
    in_any_case,
    no_locks,
    open_files_stay,
    read_only_stays,
    scanned,
    stream,
    windows_lock,
)

from clinicreport.commands.cli import main
from clinicreport.commands.streams import Steady
from clinicreport.folder import places, rounds

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the fakes stand on what Linux does"
)
BY_MAIL = SETTINGS.replace(
    "[mail]\n",
    '[mail]\nserver = "localhost"\nsecurity = "none"\nlogin = "none"\nsender = "a@clinic.example"\n',
)
LAST = "SELECT month, state FROM messages ORDER BY id"
NAMED = {"acknowledged.csv", "clinicreport.log", "archive/index.csv", "inbox/november.csv"}
DRAFT = "2026-10-manager-office-1.eml"
OCTOBER = "reports/2026-10/clinic-report-2026-10.xlsx"


class Taken:
    """A mail server that takes everything."""

    messages: list

    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def send(self, address, content, at_the_end):
        at_the_end()
        self.messages.append(address)
        return "250 taken"


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    make_fast(monkeypatch)
    stand_ins(monkeypatch)


def stand_ins(patch):
    """A server that takes everything, and a watch that ends after its first round."""

    def ends(_):
        raise KeyboardInterrupt

    patch.setattr(Taken, "messages", [], raising=False)
    patch.setattr("clinicreport.folder.postman.Connection", Taken)
    patch.setattr(rounds.Watcher.__init__, "__defaults__", (ends, 0.0))


@pytest.fixture(scope="module")
def before(ground):
    """After a first run: a month whose draft waits for an answer, one drafted, one dropped since."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        made = make_folder(ground / "before", BY_MAIL)
        drop(made, "september.csv", faulty("2026-09"))
        drop(made, "october.csv", log("2026-10"))
        assert call("run", made.root)[0] == 0
        drop(made, "november.csv", log("2026-11", patients=("P-9",)))
    return made


@pytest.fixture
def folder(before, ground, request):
    root = ground / re.sub(r"\W+", "-", request.node.name)[-60:] / "clinic"
    return places.find(shutil.copytree(before.root, root))


def call(command, root, *more):
    """The command line as a clinic calls it: its exit status and all that it said."""
    where = ("--folder", str(root)) if command == "mail" else (str(root),)
    result = CliRunner().invoke(main, [command, *more, *where, "--today", TODAY])
    assert result.exit_code in {0, 1, 4, 5}, result.output
    return result.exit_code, result.output


def commands(folder, october=OCTOBER):
    """Each command once, as a clinic would; what they said."""
    root = folder.root
    (finding,) = rows(folder, "SELECT finding FROM errors")
    ask = ("acknowledge", root, finding["finding"], "--who", "A. B.", "--why", "as written")
    report = str(root / october)
    return [
        call("status", root),
        call("status", root, "--doctor"),
        call(*ask),
        call("mail", root, report),
        call("mail", root, report, "--send", "--again", "--yes"),
        call("watch", root),
        call("purge", root, "--patient", "P-9", "--who", "A", "--why", "B", "--yes"),
    ]


@pytest.fixture(scope="module")
def undisturbed(before, ground):
    """What the commands say and leave where nothing is in their way."""
    with pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        stand_ins(patch)
        made = places.find(shutil.copytree(before.root, ground / "undisturbed" / "clinic"))
        said = commands(made)
        assert Taken.messages == ["office@clinic.example"]
        yield [status for status, _ in said], end_state(made)


def marked_read_only(patch, folder):
    for path in folder.root.rglob("*"):
        if path.is_file() and "ledger" not in path.name:
            path.chmod(stat.S_IREAD)
    read_only_stays(patch)
    windows_lock(patch)


def in_capitals(patch, folder):
    folder.inbox.rename(folder.root / "INBOX")
    in_any_case(patch, folder.root)


def on_a_scanned_share(patch, _):
    scanned(patch)
    open_files_stay(patch)
    no_locks(patch)


@pytest.mark.parametrize(
    "fake",
    [
        marked_read_only,
        in_capitals,
        on_a_scanned_share,
        lambda patch, _: every_third_fails(patch),
        lambda patch, _: done_and_said_to_fail(patch),
    ],
    ids=["read-only", "capitals", "scanned share", "every third", "done and said to fail"],
)
def test_what_only_delays_changes_nothing(folder, undisturbed, monkeypatch, fake):
    fake(monkeypatch, folder)
    said = commands(folder, OCTOBER.upper() if fake is in_capitals else OCTOBER)
    assert [status for status, _ in said] == undisturbed[0], said
    assert Taken.messages == ["office@clinic.example"]
    monkeypatch.undo()
    if fake is in_capitals:
        (folder.root / "INBOX").rename(folder.inbox)
    assert end_state(folder) == undisturbed[1]


@pytest.mark.parametrize(
    ("names", "readable"),
    [
        ({"acknowledged.csv", "clinicreport.log"}, True),
        ({"archive/index.csv", "STATUS.html", "to-acknowledge.csv", DRAFT}, False),
        ({"clinic-report-2026-11.xlsx", "inbox/november.csv"}, False),
    ],
    ids=["acknowledged", "beside", "log and report"],
)
def test_what_is_held_is_named_and_made_good_later(folder, monkeypatch, names, readable):
    held = Held(monkeypatch, readable=readable)
    held.names = names
    said = "".join(words for _, words in commands(folder))
    held.names = set()
    page = folder.status_page.read_text("utf-8")
    assert [name for name in NAMED & names if name.rpartition("/")[2] not in said + page] == []
    said = [words for _, words in commands(folder)]
    assert "cannot" not in "".join(said[2:])
    assert list(folder.inbox.iterdir()) == []
    last = {row["month"]: row["state"] for row in rows(folder, LAST)}
    assert (last["2026-09"], last["2026-10"]) == ("drafted", "sent")


@pytest.mark.parametrize("why", ["unable to open database file", "database is locked"])
def test_a_ledger_that_is_held_is_said_by_every_command_and_on_the_page(folder, monkeypatch, why):
    def refuse(*_, **__):
        raise sqlite3.OperationalError(why)

    monkeypatch.setattr("clinicreport.folder.ledger.sqlite3.connect", refuse)
    for command in ("run", "status", "mail"):
        status, said = call(command, folder.root)
        assert status == 5
        assert f"ledger.sqlite: cannot be opened or written ({why})" in said
    assert call("watch", folder.root)[0] == 0
    status, said = call("status", folder.root, "--doctor")
    assert status == 1
    assert why in said
    assert why in folder.status_page.read_text("utf-8")
    assert [path.name for path in folder.inbox.iterdir()] == ["november.csv"]
    monkeypatch.undo()
    assert "archived" in call("run", folder.root)[1]
    assert why not in folder.status_page.read_text("utf-8")


@pytest.mark.parametrize("encodings", [("cp1252", "cp850"), (None, None)])
def test_no_command_fails_for_where_it_speaks(folder, undisturbed, monkeypatch, encodings):
    """A code page without the names that a clinic has, or no console at all (``pythonw``)."""
    text = (folder.root / "clinic.toml").read_text("utf-8").replace("Hill", "Łódź → 😀")
    (folder.root / "clinic.toml").write_text(text, encoding="utf-8")
    (folder.inbox / "november.csv").rename(folder.inbox / "Łódź → 😀.csv")
    heard = [stream(encoding) if encoding else None for encoding in encodings]

    class Runner(CliRunner):
        def invoke(self, cli, words, **_):
            monkeypatch.setattr("sys.stdout", Steady(heard[0]))
            monkeypatch.setattr("sys.stderr", Steady(heard[1]))
            monkeypatch.setattr("sys.stdin", None)
            with pytest.raises(SystemExit) as ended:
                cli(words)
            return SimpleNamespace(exit_code=ended.value.code or 0, output="")

    monkeypatch.setattr(f"{__name__}.CliRunner", Runner)
    assert [status for status, _ in commands(folder)] == undisturbed[0]
    assert Runner().invoke(main, ["init", str(folder.root.with_name("→"))]).exit_code == 0
    if encodings[0]:
        sys.stdout.flush()
        assert "\\u2192" in heard[0].buffer.getvalue().decode(encodings[0])
