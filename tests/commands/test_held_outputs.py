"""Every command that writes a file, where Windows, a scanner or a share is in the way of it: the file
is as it was or as it should be, that is said, every other one is written, and nothing is left over."""

import stat
import sys

import pytest
from click.testing import CliRunner
from clinic_folders import fast_workbook, log
from windows_fakes import (
    FullAtClose,
    Held,
    done_and_said_to_fail,
    every_third_fails,
    in_any_case,
    only_in_the_cloud,
    open_files_stay,
    read_only_stays,
    scanned,
)

from clinicreport.commands.cli import main
from clinicreport.settings.password_file import read_password

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the fakes stand on what Linux does"
)
OLD = b"as it was"
# A command, and the files that it writes.
COMMANDS = {
    "report logs -o out.xlsx": ["out.xlsx"],
    "patient P-1 logs -o out.xlsx": ["out.xlsx"],
    "patient --all pages logs": ["pages/patient-P-1.xlsx", "pages/patient-P-2.xlsx"],
    "network logs -o out.xlsx": ["out.xlsx", "out-logs.xlsx"],
    "protocol -o out.xlsx": ["out.xlsx"],
    "template -o out.xlsx": ["out.xlsx"],
    "check logs --marked-copy pages": ["pages/a-marked.xlsx", "pages/b-marked.xlsx"],
}
each_command = pytest.mark.parametrize("words", COMMANDS)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with two logs; the books are stand-ins where another test looks at them."""
    for name in ("logs", "pages"):
        (tmp_path / name).mkdir()
    (tmp_path / "logs" / "a.csv").write_bytes(log(patients=("P-1",)))
    (tmp_path / "logs" / "b.csv").write_bytes(log(patients=("P-2",)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("clinicreport.books.report.report_workbook.content", fast_workbook)
    return tmp_path


def call(words, *more):
    done = CliRunner().invoke(main, [*words.split(), "--force", *more])
    assert done.exit_code in {0, 1, 2, 3, 5}, done.output
    return done.exit_code, done.output.replace("\n", " ")


def nothing_left_over(here):
    assert [path for path in here.rglob("*") if path.name.startswith(".clinicreport-")] == []
    assert list(here.rglob("*.part")) == []


def written(here, words):
    return [name for name in COMMANDS[words] if (here / name).read_bytes() != OLD]


def there_already(here, words):
    for name in COMMANDS[words]:
        (here / name).write_bytes(OLD)
    return [here / name for name in COMMANDS[words]]


@each_command
def test_a_file_that_is_open_elsewhere_is_named_and_the_others_are_written(
    here, words, monkeypatch
):
    held, *others = there_already(here, words)
    Held(monkeypatch).names = {held.name}
    status, said = call(words)
    monkeypatch.undo()
    assert status == 5
    assert held.name in said
    assert "close it" in said
    assert held.read_bytes() == OLD
    if words.startswith(("patient", "check")):
        assert written(here, words) == [str(path.relative_to(here)) for path in others]
    nothing_left_over(here)


PASSING = (every_third_fails, done_and_said_to_fail, scanned, open_files_stay)


@pytest.mark.parametrize("words", [words for words in COMMANDS if "logs" in words])
@pytest.mark.parametrize("fake", [*PASSING, read_only_stays])
def test_what_passes_or_only_seems_so_changes_nothing(here, words, fake, monkeypatch):
    for path in there_already(here, words):
        path.chmod(stat.S_IREAD | (0 if fake is read_only_stays else stat.S_IWRITE))
    fake(monkeypatch)
    assert call(words)[0] == 0
    monkeypatch.undo()
    assert written(here, words) == COMMANDS[words]
    nothing_left_over(here)


@each_command
def test_a_disk_that_is_full_at_the_end_leaves_what_was_there(here, words, monkeypatch):
    there_already(here, words)
    full = FullAtClose(monkeypatch, ".clinicreport-")
    status, said = call(words)
    assert full.refused
    assert status == 5
    assert "the disk is full" in said
    assert written(here, words) == []
    nothing_left_over(here)


@pytest.mark.parametrize(
    "words",
    ["report logs -o LOGS/A.CSV", "network logs -o LOGS/A.xlsx", "patient P-1 logs -o LOGS/A.xlsx"],
)
def test_a_log_under_another_name_is_not_written_over(here, words, monkeypatch):
    """In capitals, as Windows finds it, and through a second name of the same file."""
    (here / "logs" / "a.xlsx").hardlink_to(here / "logs" / "a.csv")
    before = (here / "logs" / "a.csv").read_bytes()
    in_any_case(monkeypatch, here)
    monkeypatch.chdir(here)
    status, said = call(words.replace("LOGS", str(here / "LOGS")))
    assert status == 2
    assert "is one of the logs" in said
    assert (here / "logs" / "a.csv").read_bytes() == before


def test_a_networks_report_is_not_put_among_the_logs_in_other_letters(here, monkeypatch):
    in_any_case(monkeypatch, here)
    status, said = call(f"network logs -o {here / 'LOGS' / 'out.xlsx'}")
    assert status == 2
    assert "it would be read as a log the next time" in said


def test_a_marked_copy_takes_no_logs_place(here):
    (here / "logs" / "a-marked.xlsx").write_bytes(log(patients=("P-3",)))
    status, said = call("check logs --marked-copy logs")
    assert status == 2
    assert "is one of the logs" in said
    assert sorted(path.name for path in (here / "logs").iterdir()) == [
        "a-marked.xlsx",
        "a.csv",
        "b.csv",
    ]


def test_a_log_that_is_only_in_the_cloud_is_named_and_the_rest_reported(here, monkeypatch):
    only_in_the_cloud(monkeypatch, {"a.csv"})
    status, said = call("report logs -o out.xlsx --skip-unreadable")
    assert status == 3
    assert "a.csv: could not be opened (The cloud file provider is not running)" in said
    assert (here / "out.xlsx").exists()


def test_what_fit_could_not_write_takes_no_earlier_version_away(here, monkeypatch):
    """Four tries while the file is open elsewhere; then it is written once, and taken back."""
    settings = here / "clinic.toml"
    settings.write_text('name = "A"\n', encoding="utf-8")
    (here / "logs" / "c.csv").write_bytes(log().replace(b"Pain before", b"Smerte"))
    held = Held(monkeypatch, readable=True)
    for held.names in [{"clinic.toml"}] * 3 + [{"clinic.toml.before-1"}, set()]:
        done = CliRunner().invoke(main, ["fit", "logs/c.csv", "--yes"])
        assert (done.exit_code == 5) is bool(held.names), done.output
        assert not held.names or "cannot be written" in done.output
        if not held.names:
            assert "nrs_before" in settings.read_text(encoding="utf-8")
    assert CliRunner().invoke(main, ["fit", "--undo"]).exit_code == 0
    assert settings.read_text(encoding="utf-8") == 'name = "A"\n'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_what_powershell_wrote_is_read(here, encoding):
    """``clinicreport report --json > old.json`` and ``"word" > password.txt``."""
    old = CliRunner().invoke(main, ["check", "logs", "--json", "--fail-on", "never"]).stdout
    (here / "old.json").write_text(old, encoding=encoding)
    assert call("check logs --previous old.json")[0] == 0
    (here / "password.txt").write_text("a word\r\n", encoding=encoding)
    assert read_password(here / "password.txt") == "a word"
