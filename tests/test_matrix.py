"""Every kind of log through every command: no exit status 70, and the same rows everywhere.

A crash that only one command has is seen only where every kind of log goes through all of them.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clinic_folders import NoPool, fast_workbook
from kinds_of_logs import KINDS, Kind

from clinicreport.commands.cli import main

pytestmark = pytest.mark.once

TODAY = "2026-11-24"
DONE, FOUND, USAGE, UNREAD = 0, 1, 2, 3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Files are read in this process; the current folder is an empty one."""
    from clinicreport.reading import files

    monkeypatch.setattr(files, "Pool", NoPool)


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def put(kind: Kind, place: Path) -> list[str]:
    """The kind's files in a folder; the options that reading them needs."""
    place.mkdir(parents=True, exist_ok=True)
    for name, content in kind.files.items():
        (place / name).write_bytes(content)
    options = ["--today", TODAY]
    if kind.password:
        Path("password.txt").write_text(kind.password, encoding="utf-8")
        options += ["--password-file", "password.txt"]
    if kind.settings:
        Path("settings.toml").write_text(kind.settings, encoding="utf-8")
        options += ["--config", "settings.toml"]
    return options


def run(*words: str, allowed: tuple[int, ...] = (DONE,)) -> Result:
    """One command: it ends as it may, and no unforeseen error is told."""
    result = CliRunner().invoke(main, list(words))
    said = f"clinicreport {' '.join(words)}: {result.exit_code}\n{result.output}"
    assert result.exit_code in allowed, said
    for words_ in ("should not have happened", "unexpected error", " failed: ", "Traceback"):
        assert words_ not in result.output, said
    if result.exit_code == UNREAD:
        assert "clinicreport: " in result.stderr or "unreadable" in result.output, said
    return result


def object_of(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rows(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What is said of each input: all rows, used ones and those set aside."""
    counted = [
        (e["file"], e["sheet"], e["rows"], e["used"], e["set_aside"], e["status"])
        for e in found["inputs"]
    ]
    assert all(one[2] == one[3] + one[4] for one in counted)
    return counted


def statuses(kind: Kind) -> tuple[int, ...]:
    """How a command may end that needs a log it can read."""
    return (UNREAD,) if kind.unread else (DONE, UNREAD) if kind.blank else (DONE,)


def looked_at(options: list[str], kind: Kind) -> dict[str, Any]:
    allowed = (UNREAD,) if kind.unread else (DONE, FOUND, UNREAD) if kind.blank else (DONE, FOUND)
    return object_of(run("check", "logs", *options, "--json", allowed=allowed))


def a_month(found: dict[str, Any]) -> str:
    """The month of the last visit; without one, the run's."""
    return str(found["as_of"] or TODAY)[:7]


def test_check_and_report(kind: Kind) -> None:
    options = put(kind, Path("logs"))
    found = looked_at(options, kind)
    run("check", "logs", *options, "--marked-copy", "marked", allowed=(DONE, FOUND, UNREAD))
    if not kind.unread:
        copies = {path.name for path in Path("marked").iterdir()}
        assert len(copies) == len(kind.files)
    allowed = statuses(kind)
    whole = run("report", "logs", *options, "--json", "-o", "whole.xlsx", allowed=allowed)
    told = object_of(whole)
    assert rows(told) == rows(found)
    assert told["findings"] == found["findings"]
    assert Path("whole.xlsx").exists() == (whole.exit_code == DONE)
    if whole.exit_code != DONE:
        return
    Path("before.json").write_text(whole.stdout, encoding="utf-8")
    month = run(
        "report",
        "logs",
        *options,
        "--json",
        "-o",
        "month.xlsx",
        "--period",
        a_month(found),
        "--previous",
        "before.json",
        allowed=(DONE, USAGE) if kind.blank else (DONE,),
    )
    if month.exit_code == DONE:
        assert rows(object_of(month)) == rows(found)
    run("report", "logs", *options, "--share", "-o", "share.xlsx")


def test_patients(kind: Kind) -> None:
    options = put(kind, Path("logs"))
    allowed = statuses(kind)
    run("patient", "--all", "pages", "logs", *options, allowed=(*allowed, USAGE))
    if kind.unread:
        return
    told = object_of(run("report", "logs", *options, "--json", "--dry-run", allowed=allowed))
    for course in told["courses"][:1]:
        site = ["--clinic", course["clinic"]] if course["clinic"] else []
        run("patient", *site, "-o", "one.xlsx", *options, "--", course["patient"], "logs")
    people = {(course["patient"], course["clinic"]) for course in told["courses"]}
    if people:
        assert len(list(Path("pages").glob("*.xlsx"))) >= len(people)
    run("patient", "nobody at all", "logs", *options, allowed=(USAGE, UNREAD))


def test_network(kind: Kind) -> None:
    options = put(kind, Path("sites/one"))
    allowed = statuses(kind)
    asked = ["network", "sites", *options, "--json", "-o", "network.xlsx"]
    found = run(*asked, "--no-clinic-reports", allowed=allowed)
    if found.exit_code == DONE:
        told = object_of(run("report", "sites/one", *options, "--json", "--dry-run"))
        several = object_of(found)
        assert several["overall"]["started"] == told["clinic"]["started"]
        assert sum(one["used"] for one in several["inputs"]) == sum(one[3] for one in rows(told))


def test_a_clinic_folder(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinicreport.books.report.report_workbook.content", fast_workbook)
    run("init", "clinic")
    settings = Path("clinic/clinic.toml")
    quick_ones = "\n[folder]\nsettle_polls = 1\nsettle_seconds = 0.0\n"
    own = "".join(
        line
        for line in settings.read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith("[folder]")
    )
    settings.write_text(f"{kind.settings}{own}{quick_ones}", encoding="utf-8")
    options = put(kind, Path("clinic/inbox"))
    options = [word for word in options if word not in ("--config", "settings.toml")]
    bad = kind.unread or kind.blank
    first = run("run", "clinic", *options, "--json", allowed=(FOUND,) if bad else (DONE,))
    done = object_of(first)
    assert len(done["rejected" if bad else "archived"]) == len(kind.files)
    assert bool(done["reports"]) != bad
    second = object_of(run("run", "clinic", *options, "--json"))
    assert not any(second[name] for name in ("archived", "rejected", "reports", "problems"))
    run("status", "clinic", *options, allowed=(DONE, FOUND))
    if not bad:
        used = sum(entry["used"] for entry in looked_at_again(kind, options)["inputs"])
        assert sum(one["visits"] for one in done["archived"]) == used


def looked_at_again(kind: Kind, options: list[str]) -> dict[str, Any]:
    return looked_at([*put(kind, Path("logs")), *options[2:]], kind)
