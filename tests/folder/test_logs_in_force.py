"""A clinic folder as a PATH: its logs in force, its settings, for every command that reads logs."""

import json
import os
from pathlib import Path

import pytest
from clinic_folders import log, make_folder
from conftest import Cli

from clinicreport.folder.ledger import Ledger
from clinicreport.folder.logs_in_force import logs_in_force, named_logs
from clinicreport.folder.places import Folder
from clinicreport.ground.errors import UsageError

INDEX = "number,received,name,path,sha256,replaced_by\r\n"
OLD, NEW, LATER = "archive/2026-09/old.csv", "archive/2026-09/new.csv", "archive/2026-10/later.csv"


@pytest.fixture
def clinic(folder: Path) -> Path:
    """A clinic folder with an archive of three logs, one of them replaced, and things that are no
    logs. Its own word for the score must be known, or nothing can be read."""
    made = make_folder(folder / "hill", 'name = "Hill"\n[aliases]\nnrs_before = ["Ouch"]\n')
    (made.root / "acknowledged.csv").write_text("rule,patient,date,who,why,place\r\n")
    contents = {
        OLD: log("2026-09", patients=("OLD",)),
        NEW: log("2026-09", patients=("P-1", "P-2")),
        LATER: log("2026-10", patients=("P-3",)),
    }
    for path, content in contents.items():
        (made.root / path).parent.mkdir(exist_ok=True)
        (made.root / path).write_bytes(content.replace(b"Pain before", b"Ouch"))
    made.index.write_text(
        f"{INDEX}1,2026-10-01,september.csv,{OLD},aa,2\r\n"
        f"2,2026-10-02,september.csv,{NEW},bb,\r\n"
        f"3,2026-10-03,august.csv,{LATER},cc,\r\n"
    )
    return made.root


def files(told: str) -> list[str]:
    return [entry["file"] for entry in json.loads(told)["inputs"]]


@pytest.mark.parametrize("path", ["hill", "hill/archive", "hill/."])
@pytest.mark.parametrize("command", ["report", "check", "network"])
def test_the_logs_in_force_with_the_folders_settings(cli: Cli, clinic: Path, path, command) -> None:
    options = ["--json", *(["--no-clinic-reports"] if command == "network" else [])]
    result = cli(command, *options, *(["-o", "x.xlsx"] if command != "check" else []), path)
    assert result.exit_code == 0, result.output
    assert files(result.stdout) == ["later.csv", "new.csv"]  # by the names they came under


def test_one_month_of_the_archive(cli: Cli, clinic: Path) -> None:
    assert files(cli("check", "--json", "hill/archive/2026-09").stdout) == ["new.csv"]


def test_inside_the_folder(cli: Cli, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clinic)
    assert files(cli("check", "--json", ".").stdout) == ["later.csv", "new.csv"]


@pytest.mark.parametrize("path", ["hill", "hill/archive"])
def test_a_patient_of_a_clinic_folder(cli: Cli, clinic: Path, folder: Path, path) -> None:
    assert cli("patient", "P-3", path).exit_code == 0
    assert (folder / "patient-P-3.xlsx").is_file()
    assert 'no patient "OLD" among the 3 patients' in cli("patient", "OLD", path).stderr


@pytest.mark.parametrize(
    ("path", "learnt"),
    [("hill", ["waits.csv", "later.csv", "new.csv"]), ("hill/archive", ["later.csv", "new.csv"])],
)
def test_what_is_learnt(cli: Cli, clinic: Path, path, learnt) -> None:
    (clinic / "inbox" / "waits.csv").write_bytes(log("2026-11", patients=("P-9",)))
    told = json.loads(cli("fit", "--json", "--dry-run", path).stdout)
    assert list(dict.fromkeys(entry["file"] for entry in told["inputs"])) == learnt


def test_the_ledger_goes_before_the_index(clinic: Path) -> None:
    ledger = Ledger(clinic / "ledger.sqlite")
    with ledger.change() as change:
        for at, place in enumerate(("2026-09/b.csv", "2026-09/A.csv", "2026-09/1/b.csv")):
            change.adopt_archived(f"{at}", 1, f"archive/{place}", "2026-09", {"2026-09": 1})
    ledger.close()
    found = [path.relative_to(clinic).as_posix() for path in logs_in_force(Folder(clinic))]
    assert found == ["archive/2026-09/A.csv", "archive/2026-09/1/b.csv"]


def test_what_cannot_be_known_or_is_not_there(cli: Cli, clinic: Path, folder: Path) -> None:
    (clinic / "archive" / "index.csv").unlink()
    assert "run --rebuild" in cli("check", "hill").stderr
    make_folder(folder / "new")
    result = cli("check", "new")
    assert result.exit_code == 2
    assert "nothing is in this clinic folder's archive yet" in result.stderr


def test_two_clinic_folders_are_not_mixed(clinic: Path) -> None:
    other = make_folder(clinic.parent / "other", 'name = "Other"\n')
    (other.archive / "index.csv").write_text(f"{INDEX}1,2026-10-01,a.csv,archive/a.csv,aa,\r\n")
    with pytest.raises(UsageError, match="use network"):
        named_logs([str(clinic), str(other.root)])
    both = named_logs([str(clinic), "more.csv", str(clinic)])
    assert (len(both.paths), both.folder) == (5, Path(os.path.realpath(clinic)))


def test_other_folders_stay_what_they_are(folder: Path) -> None:
    (folder / "logs" / "archive").mkdir(parents=True)
    assert named_logs(["logs", "-", "logs/archive", "none"]).paths == (
        "logs",
        "-",
        "logs/archive",
        "none",
    )
